"""Scenario files of other negotiation platforms: NegMAS (YAML) and GENIUS (XML).

Formats only: none of these programs is needed, and none is imported.
"""

from sim.interop.exchange import PLATFORMS, export_scenario, import_scenario, save_scenario

__all__ = ["PLATFORMS", "export_scenario", "import_scenario", "save_scenario"]

"""What the parties of a scenario could agree on before they talk, as a table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import with_a_ballot
from sim.play.model import BargainingModel
from sim.play.prenegotiation import bargain


def ground_rules(
    scenario: Given = "connecticut-2011",
    *,
    set: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """What the parties could agree on before they talk: one row an option.

    `rule` and `rounds` say what it is, `governor` and `coalition` what utility each side expects of the
    talks under it; the option is `chosen` or not, and is what a side `wanted` or not. The first option
    holds if nothing is agreed.

    Args:
        scenario: one with a ballot, or its name, path or document; its table `ground_rules` is read
            whether or not it is on.
        set: parameters to change.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a parameter is wrong.

    """
    case = scenario_of(scenario)
    bargained = bargain(with_values(with_a_ballot(case), set or {}), BargainingModel)
    columns = {
        "rule": [option.rule for option in bargained.options],
        "rounds": [option.rounds for option in bargained.options],
        "governor": bargained.to_governor,
        "coalition": bargained.to_coalition,
    }
    for name in ("chosen", "governor_wanted", "coalition_wanted"):
        columns[name] = [option == getattr(bargained, name) for option in bargained.options]
    return pd.DataFrame(columns)

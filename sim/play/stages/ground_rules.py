"""The rules of the talks were agreed before them (see `play.prenegotiation`)."""

from typing import Any

import numpy as np

from sim.arrays.axes import Array
from sim.cases.schema.information import SECRECY_RULES
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import facts


class GroundRulesStage(Stage):
    """The rules of the talks were agreed before; this stage only tells of them."""

    def columns(self, world: World) -> dict[str, Any]:
        """What was chosen, and what each side wanted: the rule, whether it is closed doors, the deadline.

        A rule is told by its place among `SECRECY_RULES`.
        """
        bargained = world.ground_rules
        worlds = world.batch.worlds
        columns = {"deadline": _spread([each.chosen.rounds for each in bargained], worlds)}
        for name, each_option in (
            ("secrecy_rule", [each.chosen for each in bargained]),
            ("governor_wanted", [each.governor_wanted for each in bargained]),
            ("coalition_wanted", [each.coalition_wanted for each in bargained]),
        ):
            rules = _spread([RULES.index(option.rule) for option in each_option], worlds)
            columns[name] = rules
            columns[CLOSED[name]] = facts(rules == RULES.index("closed_door"))
        return columns


RULES = list(SECRECY_RULES)
CLOSED = {
    "secrecy_rule": "closed_doors",
    "governor_wanted": "governor_wanted_closed",
    "coalition_wanted": "coalition_wanted_closed",
}


def _spread(values: list[Any], worlds: int) -> Array:
    """One value for all worlds, or one for each, as one for each."""
    return np.broadcast_to(np.array(values), worlds)

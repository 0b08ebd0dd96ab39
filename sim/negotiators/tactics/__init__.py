"""How far to give way next: the value of `governor.tactic` and `coalition.tactic`.

A tactic looks at a side's situation and says what it aspires to: the least utility that it asks for
at this turn. Those of `clock` look at nothing but the time, those of `imitation` at what the other
side has given, that of `risk` at what each side would lose, that of `learning` at what its offers
tell of what it needs, that of `equilibrium` ahead to the deadline, and those of `attrition` hold out
until it is time to give in.
"""

from sim.negotiators.tactics.attrition import (
    audience_standoff,
    commitment,
    deadline_chicken,
    on_strike,
    optimistic,
    sits_out_a_strike,
    war_of_attrition,
)
from sim.negotiators.tactics.clock import exponential, obstinate, resource_dependent, time_dependent
from sim.negotiators.tactics.equilibrium import subgame_perfect
from sim.negotiators.tactics.imitation import (
    absolute_tit_for_tat,
    averaged_tit_for_tat,
    relative_tit_for_tat,
)
from sim.negotiators.tactics.learning import bayesian
from sim.negotiators.tactics.mixture import mixed
from sim.negotiators.tactics.patience import discounted
from sim.negotiators.tactics.risk import zeuthen

__all__ = [
    "absolute_tit_for_tat",
    "audience_standoff",
    "averaged_tit_for_tat",
    "bayesian",
    "commitment",
    "deadline_chicken",
    "discounted",
    "exponential",
    "mixed",
    "obstinate",
    "on_strike",
    "optimistic",
    "relative_tit_for_tat",
    "resource_dependent",
    "sits_out_a_strike",
    "subgame_perfect",
    "time_dependent",
    "war_of_attrition",
    "zeuthen",
]

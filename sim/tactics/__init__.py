"""How far to give way next: the value of `governor.tactic` and `coalition.tactic`.

A tactic looks at a side's situation and says what it aspires to: the least utility that it asks for
at this turn. Those of `clock` look at nothing but the time.
"""

from sim.tactics.clock import exponential, time_dependent
from sim.tactics.patience import discounted

__all__ = ["discounted", "exponential", "time_dependent"]

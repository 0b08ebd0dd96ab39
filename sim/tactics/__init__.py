"""How far to give way next: the value of `governor.tactic` and `coalition.tactic`.

A tactic looks at a side's situation and says what it aspires to: the least utility that it asks for
at this turn. Those of `clock` look at nothing but the time.
"""

from sim.tactics.clock import exponential, time_dependent

__all__ = ["exponential", "time_dependent"]

"""What the case of 2011 had besides one table and one ballot: a room for each mechanism.

A room holds the table of the scenario file that switches the mechanism on (`on = true`), with its
parameters; its rules, arrays in and arrays out; and one class that says what it changes (see
`mechanism.py`). What happens when, if more happens than votes, is a stage in `play/stages`. Off, which
is the default, a mechanism changes nothing, to the last bit. Those of textbook games, which have points,
are a list of their own.
"""

from sim.mechanisms.alliance import Alliance
from sim.mechanisms.arbitration import Arbitration
from sim.mechanisms.contract import Contract
from sim.mechanisms.delay import Delay, Strike
from sim.mechanisms.fatigue import Fatigue
from sim.mechanisms.ground_rules import GroundRules
from sim.mechanisms.holding_out import HoldingOut
from sim.mechanisms.ideas import Ideas
from sim.mechanisms.legislature import Legislature
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.mediation import Mediation
from sim.mechanisms.plan_b import PlanB
from sim.mechanisms.public import Public
from sim.mechanisms.recommendation import Recommendation
from sim.mechanisms.reputation import Reputation
from sim.mechanisms.rumours import Rumours
from sim.mechanisms.seniority import Seniority
from sim.mechanisms.turnout import Turnout
from sim.mechanisms.unit_ballot import UnitBallot

OF_TEXTBOOK_GAMES: tuple[type[Mechanism], ...] = (Delay, Strike)

# In the order in which their tables stand in a scenario and what they change adds up.
MECHANISMS: tuple[type[Mechanism], ...] = (
    Fatigue,
    HoldingOut,
    Reputation,
    PlanB,
    Legislature,
    UnitBallot,
    Contract,
    Public,
    Alliance,
    Ideas,
    GroundRules,
    Mediation,
    Arbitration,
    Recommendation,
    Rumours,
    Turnout,
    Seniority,
)

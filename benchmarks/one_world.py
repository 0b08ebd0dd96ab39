"""One world at a time: through `sim.negotiate`, as a Mesa model, and beside NegMAS."""

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType

from made import BASE, FULL, ROOT, of_packages, rows_of
from turns import Case, Panel

import sim
from sim.negotiators.agents import Coalition, Governor
from sim.play.outcome import play

TIMES = 20
BATCH = 4096
ROUNDS = 20  # each party may offer so often
RULES = ROOT / "tests" / "oracles" / "with_negmas" / "conftest.py"


def models_of(scenario: str, times: int) -> Callable[[], Callable[[], object]]:
    """Make a Mesa model for each world and run it to its end."""

    def ready() -> Callable[[], object]:
        case = sim.load_scenario(scenario)
        play(sim.BargainingModel(case, rng=1))

        def run() -> None:
            for world in range(times):
                sim.BargainingModel(case, rng=1, first_world=world).run_model()

        return run

    return ready


@cache
def _rules() -> ModuleType:
    """NegMAS's rules at our table, as the tests compare them with NegMAS offer by offer."""
    spec = importlib.util.spec_from_file_location("negmas_rules", RULES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["negmas_rules"] = module
    spec.loader.exec_module(module)
    return module


def _game() -> tuple[object, dict[str, type]]:
    """10,000 packages with drawn points; both sides give way as NegMAS's Boulware does."""
    rules = _rules()
    seats = {
        "governor": rules.time_based(Governor, "boulware"),
        "coalition": rules.time_based(Coalition, "boulware"),
    }
    return of_packages(4, 10, rounds=2 * ROUNDS - 1), seats


def theirs() -> Callable[[], object]:
    """Talk at NegMAS's table, after it was seen that the offers are those of ours."""
    from negmas.sao import BoulwareTBNegotiator, SAOMechanism

    rules, (game, seats) = _rules(), _game()
    here = rules.play_here(game, ROUNDS, *seats.values())
    if here != rules.play_there(game, ROUNDS, BoulwareTBNegotiator(), BoulwareTBNegotiator()):
        raise AssertionError("the talks at NegMAS's table and at ours are not the same")
    space, worths = rules.in_negmas(game)

    def run() -> None:
        for _ in range(TIMES):
            mechanism = SAOMechanism(outcome_space=space, n_steps=ROUNDS)
            for worth in worths:
                mechanism.add(BoulwareTBNegotiator(), ufun=worth)
            mechanism.run()

    return run


def ours(worlds: int, times: int) -> Callable[[], object]:
    """The same talks at our table; worlds of a batch differ in who opens, and share their tables."""
    game, seats = _game()
    first = {} if worlds == 1 else {"talks.first_proposer": "random"}

    def run() -> None:
        for _ in range(times):
            play(sim.BargainingModel(game, worlds, set=first, rng=1, **seats))

    return run


PANELS = [
    Panel(
        "one world with its row, by sim.negotiate",
        "ms a world",
        [
            Case("base case", rows_of(BASE, 1, times=TIMES), TIMES),
            Case("full case", rows_of(FULL, 1, times=TIMES), TIMES),
            Case("mini-ct, a textbook game", rows_of("mini-ct", 1, times=TIMES), TIMES),
        ],
    ),
    Panel(
        "base case: worlds of a batch, and a Mesa model for each",
        "us a world",
        [
            Case("in a batch", rows_of(BASE, BATCH), BATCH),
            Case("a Mesa model for each", models_of(BASE, TIMES), TIMES),
        ],
        beside_first=True,
    ),
    Panel(
        "10,000 packages, Boulware: the same talks at NegMAS's table and at ours",
        "us a world",
        [
            Case("ours, in a batch (tables shared, opener drawn)", lambda: ours(BATCH, 1), BATCH),
            Case("ours, one by one", lambda: ours(1, TIMES), TIMES),
            Case("NegMAS, one by one", theirs, TIMES),
        ],
        beside_first=True,
    ),
]

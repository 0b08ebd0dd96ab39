"""How time grows: with rounds for every rule, with unions, with packages, and with rounds to 1,000."""

from functools import partial
from typing import get_args

from made import BASE, of_packages, rows_of, with_unions
from turns import Case, Panel

from sim.cases.schema import TwoLevelGame
from sim.inputs.parameter import parameters

WORLDS = 128
ROUNDS = (12, 60, 200)
NEEDED = {"exponential": {"governor.first_concession": 0.05}}  # what a rule cannot do without


def _choices(parameter: str) -> list[str]:
    return [str(name) for name in get_args(parameters(TwoLevelGame)[parameter].annotation)]


def _by_rounds(
    parameter: str, rule: str | bool, rounds: tuple[int, ...] = ROUNDS, worlds: int = WORLDS
) -> Panel:
    values = {parameter: rule} | NEEDED.get(rule, {})
    cases = [
        Case(f"{n} rounds", rows_of(BASE, worlds, values | {"calendar.rounds": n}), worlds, size=n)
        for n in rounds
    ]
    return Panel(f"{parameter} = {rule}, {worlds} worlds", "us a world", cases)


PANELS = [
    *(
        _by_rounds(parameter, rule)
        for parameter in ("governor.tactic", "talks.selection", "talks.acceptance")
        for rule in _choices(parameter)
    ),
    _by_rounds("talks.rejection_commits", True),
    *(
        _by_rounds(parameter, rule, (12, 60, 200, 1000), 16)
        for parameter, rule in (
            ("talks.selection", "tradeoff"),
            ("talks.selection", "learned"),
            ("governor.tactic", "bayesian"),
        )
    ),
    Panel(
        "unions, 1,024 worlds",
        "us a world",
        [
            Case(f"{n} unions", rows_of(partial(with_unions, n), 1024), 1024, size=n)
            for n in (1, 10, 100, 1000)
        ],
    ),
    Panel(
        "packages, 128 worlds of a game with points",
        "us a world",
        [
            Case(
                f"{levels**issues:,} packages",
                rows_of(partial(of_packages, issues, levels), WORLDS),
                WORLDS,
                size=levels**issues,
            )
            for issues, levels in ((2, 6), (3, 10), (4, 10), (5, 10), (6, 10))
        ],
    ),
]

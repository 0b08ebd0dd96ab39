"""Points times replications, to disk by the command line in one process; and batches in memory."""

from made import BASE, EXPERIMENT, FULL, rows_of, run_of, sample
from turns import Case, Panel

REPLICATIONS = (1, 4, 12, 13, 50)
BATCH, SAMPLE = 32_768, 4096


def _points(scenario: str, points: int) -> list[Case]:
    return [
        Case(
            f"{points} points x {n}",
            lambda n=n: run_of(sample(scenario, points, n), "--workers", "1"),
            size=n,
        )
        for n in REPLICATIONS
    ]


PANELS = [
    Panel("points x replications, base case, all included", "s", _points(BASE, 256)),
    Panel(
        "points x replications, full case without ground rules, all included",
        "s",
        _points(FULL, 32),
    ),
    Panel(
        "a batch of worlds that share a scenario, with the table of outcomes",
        "us a world",
        [
            Case("base case, both ballots", rows_of(BASE, BATCH), BATCH),
            Case("full case, every mechanism on", rows_of(FULL, BATCH), BATCH),
        ],
        beside_first=True,
    ),
    Panel(
        "leaders of 15 unlike unions, full case, 256 worlds",
        "us a world",
        [
            Case(rule, rows_of(FULL, 256, {"coalition.aggregation": rule}), 256)
            for rule in ("mean", "median", "pivot", "min")
        ],
        beside_first=True,
    ),
    Panel(
        "worlds that all differ: a Sobol' sample of 20 parameters, one world a point, to disk",
        "ms a world",
        [
            Case(
                f"{SAMPLE:,} points",
                lambda: run_of(sample(BASE, SAMPLE, 1), "--workers", "1"),
                SAMPLE,
            )
        ],
    ),
    Panel(
        "worlds that share a scenario, to disk",
        "us a world",
        [
            Case(
                f"{worlds:,} worlds",
                lambda n=worlds: run_of(
                    EXPERIMENT.format(scenario=BASE, replications=n), "--workers", "1"
                ),
                worlds,
                size=worlds,
            )
            for worlds in (100_000, 1_000_000)
        ],
    ),
]

"""The record beside the model, moment by moment: what the model says would have happened, and how often.

One year happened once. So what is held against it is not the mean of many worlds but how single worlds
spread: a record within 90 % of them is no surprise to the model, which is less than saying that it is
right.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.loading import load_scenario, with_values
from sim.cases.record import Record, own_record
from sim.cases.schema import Scenario
from sim.inputs.documents import read_file, text_of
from sim.inputs.machine import hold_memory, hold_time, tell_if_large
from sim.inputs.problems import InputError
from sim.inputs.sizes import bounded, in_number
from sim.play.outcome import Outcome, negotiate
from sim.worlds.size import FEWER, kept_of, row_of, seconds_of

LOW, HIGH = 0.05, 0.95
CLOSE = (
    0.1  # of a scale: what hardly varies between worlds need not hit the record to the last digit
)
YES_NO_SCALE = 0.08  # share of yes of one union that counts as one unit off (assumption)


@dataclass(frozen=True)
class Comparison:
    """A table, one row a moment, and what it cannot tell.

    `mean`, `low` and `high` are of single worlds (5 % and 95 %), `rank` the share of worlds below the
    record (ties count half), `inside` whether the record lies within low and high, or no further out than
    a tenth of its scale. Moments that the
    scenario does not have are missing.
    """

    record: Record
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Comparison with the record of {self.record.case}: {len(self.table)} moments>"


def worlds_beside(
    scenario: str | Path = "connecticut-2011",
    record: str | None = None,
    worlds: int = 4000,
    *,
    seed: int = 0,
    draws: Path | None = None,
    set: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """What worlds of a scenario say of every moment of its record; `draws` (CSV) are played in turn.

    Raises:
        sim.inputs.problems.InputError: when the scenario or the draws are wrong, the record is not the
            scenario's own, or so many worlds would not go into memory.
    """
    base = load_scenario(scenario)
    known = own_record(base, record)
    rows = [{}] if draws is None else read_file(draws, _drawn)
    each = -(-worlds // len(rows))
    _hold(base, worlds, len(rows))
    observations = []
    for i, row in enumerate(rows):
        try:
            played = with_values(base, {**(set or {}), **row})
        except InputError as error:
            where = "" if draws is None else f"{draws}: row {i + 1}: "
            raise InputError(f"{where}{problem}" for problem in error.problems) from None
        observations.append(
            observed(negotiate(played, each, seed=seed, first_world=i * each), known)
        )
    return pd.concat(observations).iloc[:worlds]


def _hold(base: Scenario, worlds: int, draws: int) -> None:
    """Refuse worlds that would not go into memory: those of one draw, and what all of them say."""
    each, asked = -(-worlds // draws), f"worlds = {in_number(worlds)}"
    votes = 16 * (len(base.union) + sum(map(len, base.lists.values())))
    observed = bounded(worlds) * (row_of(base) + 8 * votes)
    hold_memory(kept_of(base, each) + observed, asked, FEWER)
    seconds = draws * seconds_of(base, each)
    hold_time(seconds, asked, FEWER)
    tell_if_large(asked, seconds)


def _drawn(content: bytes) -> list[dict]:
    """The rows of a table of draws."""
    try:
        table = pd.read_csv(io.StringIO(text_of(content)))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"cannot be read as a table of draws ({error})") from None
    nameless = table.columns[:1].str.startswith("Unnamed: ").any()  # the numbers of the rows
    if nameless and table.iloc[:, 0].tolist() == list(range(len(table))):
        table = table.iloc[:, 1:]
    if table.empty:
        raise ValueError("has no draws; write a row for each below the names of the parameters")
    return table.to_dict("records")


def observed(outcome: Outcome, record: Record) -> pd.DataFrame:
    """What each world says of every moment of a record; one row a world, missing where it cannot."""
    worlds = outcome.frame()
    found = from_columns(worlds, outcome.scenario.calendar.rounds, record)
    shares = _shares(outcome)
    votes = {vote.name: shares.get((vote.voters, str(vote.ballot)), np.nan) for vote in record.vote}
    return found.assign(**votes).astype(float)


def from_columns(worlds: pd.DataFrame, rounds: int, record: Record) -> pd.DataFrame:
    """The part of `observed` that the columns of worlds tell; the votes of single unions are missing."""
    known = {
        "time": worlds["round"].astype(float) / rounds,
        "ratified_first": (worlds["status"] == "ratified_first").astype(float),
        **{name: worlds[name] for name in worlds if name not in ("status", "proposer")},
    }
    found = {m.name: known.get(m.name, np.nan) for m in record.moment}
    found |= {vote.name: np.nan for vote in record.vote}
    return pd.DataFrame(found, index=worlds.index).astype(float)


def compare(worlds: pd.DataFrame, record: Record) -> Comparison:
    """Hold what worlds say (see `observed`) against a record."""
    rows = [_row(worlds[asked[0]], *asked) for asked in _asked(record)]
    return Comparison(record, pd.DataFrame(rows))


def out_of_sample(worlds: pd.DataFrame, record: Record, ballot: int) -> pd.DataFrame:
    """Score what worlds say of every count of one ballot, held out of a fit, beside two simple baselines.

    One row a count, and their mean: the record, the median of the `worlds` that have it, and the
    continuous ranked probability score (Gneiting and Raftery 2007; in shares of yes, the smaller the
    better) of the worlds, of `persists`, the same voters' result on the other ballot, and of `mean`, the
    result of all voters there. A baseline is one number, so that its score is how far off it is; where
    the other result was not counted, `persists` is the mean too.
    """
    other = {1: 2, 2: 1}[ballot]
    shares = {m.name: m.value for m in record.moment if m.name.startswith("yes_share_")}
    counts: dict[tuple[str, int | str], float]
    counts = {(v.voters, v.ballot): v.yes_share for v in record.vote}
    counts |= {("all members", n): shares[f"yes_share_{n}"] for n in (1, 2)}
    of_all = counts["all members", other]
    rows = []
    for (voters, held), seen in counts.items():
        if held != ballot:
            continue
        simulated = worlds[_name(voters, ballot)].dropna().to_numpy()
        rows.append(
            {
                "voters": voters,
                "record": seen,
                "worlds": len(simulated),
                "median": np.median(simulated) if len(simulated) else np.nan,
                "model": crps(simulated, seen) if len(simulated) else np.nan,
                "persists": abs(counts.get((voters, other), of_all) - seen),
                "mean": abs(of_all - seen),
            }
        )
    table = pd.DataFrame(rows)
    scores = table[["model", "persists", "mean"]].mean().to_dict()
    return pd.concat([table, pd.DataFrame([{"voters": "mean score", **scores}])], ignore_index=True)


def _name(voters: str, ballot: int) -> str:
    return f"yes_share_{ballot}" if voters == "all members" else f"{voters} on ballot {ballot}"


def crps(draws: Float[Array, " draws"], seen: float) -> float:
    """The continuous ranked probability score of draws: mean distance to what is seen, less half of theirs.

    Source: Gneiting and Raftery (2007), equation 21.
    """
    ordered, n = np.sort(draws), len(draws)
    apart = 2 * (ordered * (2 * np.arange(1, n + 1) - n - 1)).sum() / n**2
    return float(np.abs(draws - seen).mean() - apart / 2)


def targets(record: Record) -> dict[str, tuple[float, float]]:
    """The value and scale of every moment and vote, by name."""
    moments = {m.name: (m.value, m.scale) for m in record.moment}
    return moments | {vote.name: (vote.yes_share, YES_NO_SCALE) for vote in record.vote}


def _asked(record: Record) -> Iterable[tuple[str, str, float, float, bool]]:
    for moment in record.moment:
        yield moment.name, moment.title, moment.value, moment.scale, moment.fitted
    for vote in record.vote:
        yield vote.name, f"{vote.name}: yes", vote.yes_share, YES_NO_SCALE, False


def _row(
    worlds: pd.Series, name: str, title: str, value: float, scale: float, fitted: bool
) -> dict:
    simulated = worlds.dropna()
    row = {
        "moment": name,
        "title": title,
        "record": value,
        "fitted": fitted,
        "worlds": len(simulated),
    }
    if simulated.empty:
        return row | dict.fromkeys(("mean", "low", "high", "rank"), np.nan) | {"inside": None}
    low, high = simulated.quantile([LOW, HIGH])
    rank = (simulated < value).mean() + (simulated == value).mean() / 2
    room = CLOSE * scale
    inside = bool(low - room <= value <= high + room)
    return row | {
        "mean": simulated.mean(),
        "low": low,
        "high": high,
        "rank": rank,
        "inside": inside,
    }


def _shares(outcome: Outcome) -> pd.DataFrame:
    """The yes share of every union, or unit, on each ballot; one row a world."""
    unions = outcome.ballots().rename(columns={"union": "voters"})
    units = outcome.units().rename(columns={"unit": "voters"})
    on_wages = units["question"] == "wages"
    units["ballot"] = units["ballot"].astype(str).mask(on_wages, "wages")
    columns = ["world", "voters", "ballot", "yes_share"]
    shares = pd.concat([unions[columns].astype({"ballot": str}), units[columns]])
    shares = shares.drop_duplicates(columns[:3])  # a union that is one unit stands twice
    return shares.pivot_table(index="world", columns=["voters", "ballot"], values="yes_share")

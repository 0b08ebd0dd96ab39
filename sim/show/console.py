"""How things look on a terminal: progress and tables. Progress goes to standard error."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from sim.cases.ledger import documented
from sim.cases.schema.ledger import DERIVED, GAP
from sim.experiments.statistics.summary import span
from sim.inputs.problems import few
from sim.outputs.text import paragraph, plain, say, to_stderr
from sim.play.measures import dollars, millions
from sim.show.counts import FEW_IN_WORDS, FEW_MARK, counts
from sim.show.summary_table import Column, Shown, columns_that_fit, in_pieces, summarised

if TYPE_CHECKING:  # what is printed is there already; a summary needs none of the rest
    from sim.experiments.running.calibration import Posterior
    from sim.experiments.running.results import Results
    from sim.play.fit import Comparison
    from sim.worlds.solution import Solution

SECONDS_BETWEEN_LINES = 5.0
WIDE = 160  # columns of a page that is not a terminal
POINTS_SHOWN = 60
LEFT_OUT_NAMED = 4  # of the measures that have no room


class _Page(Console):
    """A terminal as wide as it is or as COLUMNS says, or a wide page.

    It takes nothing for markup, and leaves a broken pipe to who called.
    """

    def __init__(self) -> None:
        known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
        wide = None if known else WIDE
        super().__init__(width=wide, markup=False, emoji=False, highlight=False)

    def on_broken_pipe(self) -> None:
        """Nobody reads on."""
        raise BrokenPipeError


class _Words(Table):
    """A table of texts as they are."""

    def add_row(self, *cells: Any, **look: Any) -> None:
        """Add a row of what a person or the program wrote."""
        super().add_row(*map(plain, cells), **look)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} worlds/s" if task.speed else "starting")


@contextmanager
def bar(worlds: int) -> Iterator[Callable[[int], None]]:
    """A progress bar with the rate and the time left."""
    columns = (TextColumn("worlds"), BarColumn(), MofNCompleteColumn(), _Rate())
    console = Console(stderr=True)
    with Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("worlds", total=worlds)
        yield lambda done: progress.advance(task, done)


@contextmanager
def lines(worlds: int) -> Iterator[Callable[[int], None]]:
    """Plain lines, a few seconds apart, for logs and pipes."""
    started = last = time.monotonic()
    total = 0

    def progress(done: int) -> None:
        nonlocal total, last
        total += done
        now = time.monotonic()
        if total < worlds and now - last < SECONDS_BETWEEN_LINES:
            return
        last = now
        rate = total / max(now - started, 1e-9)
        left = (worlds - total) / rate if rate else 0
        to_stderr(f"{total:,} of {worlds:,} worlds, {rate:,.0f} a second, {left:,.0f} s left")

    yield progress


def print_summary(results: "Results") -> None:
    """Print rates and means with 95 % intervals, one row a design point, as wide as the terminal allows.

    The points of a sample are too many and too alike to read one by one: of them the spread is printed.
    """
    if results.experiment.file.sample is not None:
        _print_spread(results)
        return
    summary, console = results.summary, _Page()
    top = summary.head(POINTS_SHOWN)
    keys = [column for column in results.points if column != "point"]
    labels = [Column("point", [str(number) for number in top["point"]], words=True)]
    labels += [
        Column(key.replace(".", ".\n"), [_label(x) for x in top[key]], words=True) for key in keys
    ]
    shown = columns_that_fit(top, labels, console.width)
    table = _open(_caption(summary, shown))
    for column in shown.columns:
        table.add_column(
            column.title, justify="left" if column.words else "right", no_wrap=not column.words
        )
    for cells in zip(*(column.cells for column in shown.columns), strict=True):
        table.add_row(*cells)
    console.print(table)


def _print_spread(results: "Results") -> None:
    """Print how the means of the points of a sample are spread, a row a measure (and arm)."""
    summary = results.summary
    arms = summary["arm"] if "arm" in summary else pd.Series("", index=summary.index)
    caption = (
        f"{len(summary):,} points x {_fewest(summary)} worlds (replications): how their means are spread; "
        f"worlds: how many of a point have the measure "
        f"(each point is a row of summary.csv{_failed_in_words(summary)})"
    )
    labels = ("arm", "measure") if arms.any() else ("measure",)
    table = _open(caption, labels, ("worlds", "mean", "5 %", "median", "95 %"))
    for arm, points in summary.groupby(arms, sort=False):
        for measure in summarised(points):
            means = points[measure.name]
            spread = [means.mean(), *means.quantile([0.05, 0.5, 0.95])]
            words = measure.short.replace("\n", " ")
            own = span(counts(points, measure.name))
            table.add_row(*([str(arm)] if arm else []), words, own, *measure.unit.in_cells(spread))
    _Page().print(table)


def _open(caption: str, words: Iterable[str] = (), numbers: Iterable[str] = ()) -> Table:
    """A table with columns of words and of numbers."""
    table = _Words(caption=paragraph(caption), caption_justify="left")
    for title in words:
        table.add_column(paragraph(title))
    for title in numbers:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def print_table(frame: pd.DataFrame, caption: str) -> None:
    """Print a table of words and numbers as it is, numbers to four digits.

    One that is wider than the terminal is printed in pieces, each with the words that begin its rows.
    """
    console = _Page()
    columns = {
        name: Column(
            paragraph(name),
            [_plain(x) if isinstance(x, float) else plain(x) for x in frame[name].tolist()],
            words=not pd.api.types.is_numeric_dtype(frame[name]),
        )
        for name in frame
    }
    pieces = in_pieces(list(columns.values()), console.width)
    for number, piece in enumerate(pieces, start=1):
        table = _open(caption if number == len(pieces) else "")
        for column in piece:
            justify: Literal["left", "right"] = "left" if column.words else "right"
            table.add_column(column.title, justify=justify, no_wrap=not column.words)
        for cells in zip(*(column.cells for column in piece), strict=True):
            table.add_row(*cells)
        console.print(table)


def _plain(number: float) -> str:
    if pd.isna(number):
        return "-"
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.0f}"


def print_solution(solution: "Solution") -> None:
    """Print what each concept chooses, how likely it is ratified, and the power of the unions."""
    from sim.worlds.solution import CONCEPTS

    chosen = {name.replace("_", " "): getattr(solution, name) for name in CONCEPTS}
    packages = {choice.number for choice in chosen.values() if choice is not None}
    at_the_ballot = {package: _at_the_ballot(solution, package) for package in packages}
    rows = [
        {
            "concept": name,
            **{issue.replace("_", " "): level for issue, level in choice.words.items()},
            "governor": choice.utilities[0],
            "coalition": choice.utilities[1],
        }
        | at_the_ballot[choice.number]
        for name, choice in chosen.items()
        if choice is not None
    ]
    table = solution.packages
    counts = (
        f"{len(table):,} packages, {table['zopa'].sum():,} in the ZOPA, "
        f"{table['pareto'].sum():,} Pareto-optimal; price of disagreement "
        f"{solution.price_of_disagreement:.1%}"
    )
    if solution.must_agree:
        counts += f"; {_win_sets(solution)}"
    print_table(pd.DataFrame(rows), counts)
    if solution.unions_vote_whole:
        print_table(solution.power, "power of the unions in the first ballot")


def _win_sets(solution: "Solution") -> str:
    """How many packages each who must agree would let pass, and how many all of them."""
    from sim.worlds.solution import LIKELY

    sizes = [
        f"{(solution.consent(who) >= LIKELY).sum():,} in the win-set of {title}"
        for who, title in solution.must_agree.items()
    ]
    return ", ".join(sizes) + (f", {len(solution.win_set):,} in all" if len(sizes) > 1 else "")


def _at_the_ballot(solution: "Solution", package: int) -> dict[str, str]:
    cells = {}
    if solution.unions_vote_whole:
        cells["pivot"] = solution.pivotal_union(package) or "none"
    if solution.must_agree:
        cells["ratified"] = f"{solution.ratification[package]:.0%}"
    return cells


def print_ledger(entries: pd.DataFrame) -> None:
    """Print a ledger by fiscal year: entries, subtotals of entries alike, and what is derived ($M)."""
    table = _open(_documented(entries))
    for title in ("year", "entry", "status"):
        table.add_column(title, no_wrap=title != "entry")
    for title in ("$M", "documented"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("date", no_wrap=True)
    table.add_column("source", overflow="fold")
    for year, of_year in entries.groupby("fiscal_year", sort=True):
        for (kind, status), alike in of_year.groupby(["kind", "status"], sort=False):
            for entry in alike.to_dict("records"):
                table.add_row(*_ledger_cells(entry))
            if subtotal := _subtotal(alike, kind):
                label = f"{kind.replace('_', ' ')} {status}, subtotal"
                table.add_row(year, label, status, *subtotal, "", "", style="bold")
        table.add_section()
    _Page().print(table)


def _ledger_cells(entry: dict) -> list[str]:
    title = f"  of which {entry['title']}" if entry["part_of"] else entry["title"]
    amounts = [_dollars(entry["amount"]), _dollars(entry["documented"])]
    source = f"{entry['source']} ({entry['note']})" if entry["note"] else entry["source"]
    return [entry["fiscal_year"], title, entry["status"], *amounts, entry["date"], source]


def _dollars(amount: float) -> str:
    return "" if pd.isna(amount) else millions(amount, least=1)


def _subtotal(alike: pd.DataFrame, kind: str) -> list[str]:
    """The sums of entries that add up; none for a single one, or for estimates of the same gap."""
    whole = alike[alike["part_of"] == ""]
    if len(whole) < 2 or kind == GAP or (alike["status"] == DERIVED).any():
        return []
    return [_dollars(whole["amount"].sum()), _dollars(whole["documented"].sum(min_count=1))]


def _documented(entries: pd.DataFrame) -> str:
    """How much of the score documents bear out, in a sentence."""
    supported, scored = documented(entries)
    if not scored:
        return "Nothing is scored."
    by = entries["date"][entries["documented"].notna()].max()
    return (
        f"Documents of {by} bear out {dollars(supported, 1)} of the {dollars(scored, 1)} scored, "
        f"{supported / scored:.0%}. What is derived is worked out here and stated nowhere."
    )


def print_verdicts(verdicts: pd.DataFrame) -> None:
    """Print one row a claim: the paired difference, its interval, what was predicted, the verdict."""
    caption = (
        "estimate: mean paired difference of the last point from the first; steps: how many of those "
        "between go the same way"
    )
    numbers = ("estimate", "95 % interval", "pairs", "steps")
    table = _open(caption, ("", "claim", "measure"), numbers)
    table.add_column("predicted")
    table.add_column("verdict")
    for row in verdicts.to_dict("records"):
        table.add_row(*_verdict_cells(row))
    _Page().print(table)


def _verdict_cells(row: dict) -> list[str]:
    from sim.experiments.analysis.verdicts import as_difference

    verdict = [row["predicted"], row["verdict"]]
    if pd.isna(row.get("pairs")):
        return [row["id"], row["claim"], "", "", "", "", "", *verdict]
    estimate, low, high = (as_difference(row[key]) for key in ("estimate", "low", "high"))
    steps = f"{row['steps_agreeing']:.0f}/{row['steps']:.0f}" if row["steps"] > 1 else ""
    numbers = [estimate, f"{low} to {high}", f"{row['pairs']:,.0f}", steps]
    return [row["id"], row["claim"], row["measure"], *numbers, *verdict]


def _caption(summary: pd.DataFrame, shown: Shown) -> str:
    """What the numbers rest on, how to read them, and what is left out."""
    more = len(summary) - POINTS_SHOWN
    parts = [f"n = {_fewest(summary)} worlds (replications) a point{_failed_in_words(summary)}"]
    cells = [cell for column in shown.columns if not column.words for cell in column.cells]
    if any(column.title == "n" for column in shown.columns):
        parts[0] += "; of what not all worlds have, the n beside it"
    reading = [("[", "in brackets: the 95 % interval"), ("±", "± is half the 95 % interval")]
    parts += [words for sign, words in reading if any(sign in cell for cell in cells)]
    parts += [FEW_IN_WORDS] if any(cell.endswith(FEW_MARK) for cell in cells) else []
    parts += [f"{more:,} more points in summary.csv"] if more > 0 else []
    if shown.left_out:
        named = few(shown.left_out, LEFT_OUT_NAMED)
        parts.append(f"no room for: {', '.join(named)} (in summary.csv)")
    return "; ".join(parts)


def _fewest(summary: pd.DataFrame) -> str:
    some = summary["n"][summary["n"] > 0]
    return f"{some.min():,.0f}" if len(some) else "0"


def _failed_in_words(summary: pd.DataFrame) -> str:
    failed = summary["point"][summary["n"] == 0]
    return "".join(
        f"; {words}" for words in few([f"point {p} has none: all failed" for p in failed], 3)
    )


def _label(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else plain(value)


def print_comparison(comparison: "Comparison") -> None:
    """Print the record beside the model, where the model is wrong, and what nobody can tell."""
    moments = comparison.table
    rows = [
        {
            "what": row["title"],
            "record": _plain(row["record"]),
            "model": "not in this scenario" if row["worlds"] == 0 else _plain(row["mean"]),
            "5 to 95 %": ""
            if row["worlds"] == 0
            else f"{_plain(row['low'])} to {_plain(row['high'])}",
            "": _judged(row),
        }
        for row in moments.to_dict("records")
    ]
    print_table(
        pd.DataFrame(rows),
        "model: mean, and the range of nine in ten worlds. fitted: the values were chosen on it",
    )
    wrong = moments[moments["inside"].eq(False)]  # missing is neither
    say("\nWhere the model is wrong (the record lies outside nine in ten of its worlds):")
    for title in wrong["title"]:
        say(f"  {title}")
    if wrong.empty:
        say("  nowhere among these moments, which is not to say that it is right")
    say("\nWhat the record cannot tell:")
    for line in comparison.record.not_identified:
        say(f"  {line}")


def _judged(row: dict) -> str:
    words = [] if row["inside"] is None else ["inside" if row["inside"] else "OUTSIDE"]
    return ", ".join(words + ["fitted"] * bool(row["fitted"]))


def print_posterior(posterior: "Posterior") -> None:
    """Print where a calibration left each parameter, and what it cost."""
    draws = posterior.draws
    table = draws.quantile([0.05, 0.5, 0.95]).T.reset_index()
    table.columns = ["parameter", "5 %", "median", "95 %"]
    played = int(posterior.generations["samples"].sum())
    print_table(
        table,
        f"{len(draws)} equally likely draws, from particles worth {posterior.effective:.0f} of them; "
        f"{played:,} worlds played in {posterior.seconds:.0f} s",
    )

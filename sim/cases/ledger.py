"""The ledger of a scenario as a table: what was stated, and what follows from it by subtraction.

The gap, the taxes, the cuts and the savings are stated, each with its source; every residual is
derived here, so that no number of the budget is taken on trust.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from sim.cases.loading import Given, scenario_of
from sim.cases.schema.ledger import (
    ASKED,
    CUTS,
    DERIVED,
    GAP,
    LABOR,
    PROPOSED,
    SCORE_LINE,
    SCORED,
    TAXES,
    Entry,
)


def ledger(scenario: Given = "connecticut-2011") -> pd.DataFrame:
    """The ledger of a scenario, one row an entry ($M), then what is derived from them.

    Args:
        scenario: a scenario, its name or path, or its document.

    Raises:
        sim.inputs.problems.InputError: when there is no such scenario, or its ledger does not add up.

    """
    loaded = scenario_of(scenario)
    rows = [entry.model_dump() for entry in [*loaded.ledger, *derived(loaded.ledger)]]
    frame = pd.DataFrame(rows, columns=list(Entry.model_fields))
    return frame.astype({"amount": float, "documented": float})


def derived(entries: Sequence[Entry]) -> list[Entry]:
    """All that follows from the entries of a ledger by subtraction."""
    return [
        *_left_by_the_proposal(entries),
        *_missed_by_the_score(entries),
        *_rest_of_the_score(entries),
        *_rests_of_wholes(entries),
    ]


def documented(frame: pd.DataFrame) -> tuple[float, float]:
    """How much of the score documents bear out, and the score ($M), of a ledger as a table."""
    scored = frame[(frame["status"] == SCORED) & (frame["part_of"] == "")]
    lines, totals = (scored[scored["kind"] == kind] for kind in (SCORE_LINE, LABOR))
    return float(lines["documented"].sum()), float(totals["amount"].sum())


def total(entries: Iterable[Entry], **what: str) -> float:
    """The sum of the entries that have these kinds, statuses and years ($M); a part is in its whole."""
    wholes = (entry for entry in entries if not entry.part_of)
    return sum(
        entry.amount
        for entry in wholes
        if all(getattr(entry, key) == value for key, value in what.items())
    )


def _left_by_the_proposal(entries: Sequence[Entry]) -> Iterable[Entry]:
    """What each estimate of the gap leaves after the taxes, cuts and labor savings proposed for its year."""
    for gap in entries:
        if gap.kind != GAP:
            continue
        year = {"fiscal_year": gap.fiscal_year}
        proposed = [total(entries, kind=kind, status=PROPOSED, **year) for kind in (TAXES, CUTS)]
        asked = total(entries, kind=LABOR, status=ASKED, **year)
        yield _difference(
            gap, f"residual_{gap.name}", "Left open by the proposal", (*proposed, asked)
        )


def _missed_by_the_score(entries: Sequence[Entry]) -> Iterable[Entry]:
    """What the scored savings of a year fall short of those asked for it."""
    for request in entries:
        if (request.kind, request.status) != (LABOR, ASKED):
            continue
        year = request.fiscal_year
        scored = total(entries, kind=LABOR, status=SCORED, fiscal_year=year)
        if scored:
            name = f"residual_score_{year.lower()}"
            yield _difference(request, name, "Asked, and not in the agreement", (scored,))


def _rest_of_the_score(entries: Sequence[Entry]) -> Iterable[Entry]:
    """What the lines of the score leave of its total."""
    lines = [entry for entry in entries if entry.kind == SCORE_LINE and not entry.part_of]
    if lines:
        scored = total(entries, kind=LABOR, status=SCORED)
        whole = lines[0].model_copy(update={"amount": scored, "title": "the scored total"})
        amounts = tuple(line.amount for line in lines)
        yield _difference(whole, "residual_score_lines", "Other lines of the score", amounts)


def _rests_of_wholes(entries: Sequence[Entry]) -> Iterable[Entry]:
    """What the parts of an entry leave of it."""
    for whole in entries:
        parts = tuple(entry.amount for entry in entries if entry.part_of == whole.name)
        if parts:
            title = f"{whole.title}, the rest"
            rest = _difference(whole, f"residual_{whole.name}", title, parts)
            yield rest.model_copy(update={"part_of": whole.name})


def _difference(whole: Entry, name: str, title: str, taken: Sequence[float]) -> Entry:
    """An entry for what is left of another, with its arithmetic in place of a source."""
    sums = " - ".join(f"{amount:,.1f}" for amount in (whole.amount, *taken))
    return whole.model_copy(
        update={
            "name": name,
            "title": title,
            "status": DERIVED,
            "amount": round(whole.amount - sum(taken), 6),
            "documented": None,
            "source": f"derived: {sums}",
            "note": f"from {whole.title}",
            "part_of": "",
        }
    )

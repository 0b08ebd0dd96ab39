"""The ledger adds up: residuals are derived from what is stated, and what cannot be is refused."""

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cases.ledger import derived, documented, ledger, total
from sim.cases.loading import InputError, as_document, load_scenario, parse_scenario
from sim.cases.schema.ledger import Entry
from sim.cli import app
from sim.play.outcome import negotiate


def entry(name, kind, status, amount, year="FY12", **more):
    return Entry(
        name=name,
        title=name,
        kind=kind,
        status=status,
        fiscal_year=year,
        amount=amount,
        date="2011",
        source="made up",
        **more,
    )


BOOKS = [
    entry("low", "gap", "estimated", 100.0),
    entry("high", "gap", "estimated", 130.0),
    entry("next", "gap", "estimated", 50.0, "FY13"),
    entry("levy", "taxes", "proposed", 40.0),
    entry("levy_passed", "taxes", "enacted", 30.0),
    entry("savings", "spending_cuts", "proposed", 20.0),
    entry("roads", "spending_cuts", "proposed", 5.0, part_of="savings"),
    entry("asked", "labor_savings", "asked", 35.0),
    entry("scored", "labor_savings", "scored", 28.0),
    entry("freeze", "score_line", "scored", 16.0, documented=12.0),
    entry("care", "score_line", "scored", 10.0),
    entry("doctors", "score_line", "scored", 4.0, part_of="care", documented=3.0),
]


def amounts(entries):
    return {found.name: found.amount for found in derived(entries)}


def test_every_residual_is_what_is_left_after_subtraction():
    assert amounts(BOOKS) == {
        "residual_low": 100 - 40 - 20 - 35,
        "residual_high": 130 - 40 - 20 - 35,
        "residual_next": 50,
        "residual_score_fy12": 35 - 28,
        "residual_score_lines": 28 - 16 - 10,
        "residual_savings": 20 - 5,
        "residual_care": 10 - 4,
    }


def test_what_was_enacted_or_belongs_to_another_year_closes_no_estimate():
    more = [*BOOKS, entry("more", "taxes", "proposed", 7.0, "FY13")]
    assert amounts(more)["residual_low"] == amounts(BOOKS)["residual_low"]
    assert amounts(more)["residual_next"] == 43


def test_a_derived_amount_tells_its_arithmetic():
    (residual,) = (found for found in derived(BOOKS) if found.name == "residual_low")
    assert residual.source == "derived: 100.0 - 40.0 - 20.0 - 35.0"
    assert residual.status == "derived"


def test_a_part_is_not_counted_beside_its_whole():
    assert total(BOOKS, kind="spending_cuts", status="proposed") == 20
    assert total(BOOKS, kind="taxes", fiscal_year="FY12") == 70


# ------------------------------------------------------------------------------- Connecticut 2011


def test_the_conflicting_baselines_of_2011_leave_conflicting_residuals():
    found = ledger().set_index("name")["amount"]
    by_baseline = [found[f"residual_gap_{of}"] for of in ("february", "budget_address")]
    by_baseline += [found[f"residual_gap_{of}"] for of in ("early_march", "late_march")]
    assert by_baseline == [420, -50, 50, 150]


def test_the_agreement_of_2011_misses_400_million_of_the_request():
    found = ledger().set_index("name")["amount"]
    missed = found[["residual_score_fy12", "residual_score_fy13"]]
    assert missed.tolist() == [299.3, 98.8]
    assert missed.sum() == pytest.approx(398.1)
    assert found["residual_score_lines"] == 7.0
    assert found["residual_concessions_2009"] == 450.0


def test_documents_bear_out_64_percent_of_the_score():
    supported, scored = documented(ledger())
    assert supported == pytest.approx(448.4 + 290.5 + 279.8)
    assert scored == pytest.approx(1601.9)
    assert round(supported / scored, 2) == 0.64


def test_documented_parts_are_not_counted_beside_their_whole(edited):
    base = load_scenario("connecticut-2011")
    books = [found.model_dump() for found in BOOKS]
    assert documented(ledger(edited(base, {("ledger",): books}))) == (12.0, 28.0)


def test_the_parameters_of_the_full_case_are_those_of_its_ledger():
    full = load_scenario("connecticut-2011")
    assert total(full.ledger, kind="labor_savings", status="asked") == full.fiscal.gap
    lines = {found.name: found for found in full.ledger}
    layoffs = lines["plan_b_layoffs"].amount / full.threat.layoffs
    assert full.fiscal.saving_per_layoff == pytest.approx(2 * layoffs, rel=0.001)


def test_every_entry_names_its_source():
    for found in load_scenario("connecticut-2011").ledger:
        assert "https://" in found.source or "http://" in found.source or "not kept" in found.source


def test_a_scenario_without_entries_has_an_empty_ledger(sebac):
    assert ledger(sebac).empty
    assert ledger("mini-ct").empty


def test_the_ledger_is_public_by_its_name():
    pd.testing.assert_frame_equal(sim.ledger("connecticut-2011"), ledger())


def test_the_ledger_changes_no_world(sebac, edited, assert_same_bits):
    books = [found.model_dump() for found in BOOKS]
    with_books = edited(sebac, {("ledger",): books})
    assert_same_bits(negotiate(with_books, 7, seed=3).frame(), negotiate(sebac, 7, seed=3).frame())


# ---------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": -1.0}, "ledger.care.amount = -1.0: must be a number from 0"),
        ({"status": "derived"}, 'ledger.care.status = "derived": what follows from other entries'),
        ({"documented": 11.0}, "ledger.care.documented = 11.0: must be at most its amount, 10.0"),
        ({"part_of": "freze"}, 'ledger.care.part_of: no entry is called "freze" (did you mean'),
        ({"amount": 3.0}, "ledger.care.amount = 3.0: its parts add up to 4"),
        ({"amount": 13.0}, "the lines of the score add up to 29, its totals by year to 28"),
        ({"name": "freeze"}, 'the name "freeze" is used 2 times'),
        ({"fiscal_year": "2012"}, "ledger.care.fiscal_year"),
        ({"kind": "gift"}, "ledger.care.kind"),
    ],
)
def test_a_ledger_that_cannot_be_is_refused_in_a_sentence(sebac, change, sentence):
    books = [found.model_dump() for found in BOOKS]
    books[10] |= change
    with pytest.raises(InputError) as refused:
        parse_scenario(as_document(sebac) | {"ledger": books}, "mine")
    assert any(sentence in problem for problem in refused.value.problems), refused.value.problems


def test_the_command_prints_entries_subtotals_and_residuals():
    done = CliRunner().invoke(app, ["ledger", "connecticut-2011"])
    assert done.exit_code == 0
    for told in ("3,670.0", "score line scored, subtotal", "1,594.9", "-50.0", "299.3", "64%"):
        assert told in done.stdout
    assert "has no ledger" in CliRunner().invoke(app, ["ledger", "sebac-2011"]).stdout
    assert CliRunner().invoke(app, ["ledger", "nowhere"]).exit_code == 2

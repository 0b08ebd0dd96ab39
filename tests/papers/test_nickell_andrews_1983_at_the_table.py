"""Nickell and Andrews (1983) in a file: a wage is bargained over, and the firm then chooses employment.

It is the shipped firm with one issue less: its formulas stay, and employment is named as what the firm
demands at a wage. The monopoly union is the case in which the union names the wage alone.
"""

import pytest

import sim
from oracles.union_wages import efficient_bargain, labour_demand, right_to_manage
from sim.cases.loading import as_document, load_scenario

MARKET = (40.0, 0.2, 20.0)
STEP = 0.5  # dollars an hour, from one wage to the next


@pytest.fixture(scope="module")
def manages():
    """The shipped firm, which chooses employment itself."""
    document = as_document(load_scenario("firm-and-union"))
    wage, _ = document["issue"]
    demand = {"employment": "max(first_job - wage, 0) / slope"}
    payoffs = document["payoffs"]
    changed = payoffs | {"let": demand | payoffs["let"]}
    return document | {"name": "right-to-manage", "issue": [wage], "payoffs": changed}


def test_the_bargain_of_equals_is_the_closed_form(manages):
    found = sim.solve(manages).nash
    wage, employment = right_to_manage(*MARKET, 0.5)
    assert found.package == {"wage": wage} == {"wage": 25.0}
    assert employment == 75.0
    assert found.utilities == (0.2 * 75**2 / 2, 5.0 * 75)


@pytest.mark.parametrize("power", [0.1, 0.3, 0.5, 0.75, 0.95])
def test_more_power_of_the_union_means_higher_wages(manages, power):
    found = sim.solve(manages).nash_weighted(1 - power).package["wage"]
    assert found == pytest.approx(right_to_manage(*MARKET, power).wage, abs=STEP)


@pytest.mark.parametrize(("first_job", "elsewhere"), [(38.0, 22.0), (36.0, 20.0), (39.0, 26.0)])
def test_other_markets_come_out_at_it_too(manages, first_job, elsewhere):
    values = {"values.first_job": first_job, "values.elsewhere": elsewhere}
    found = sim.solve(manages, set=values).nash.package["wage"]
    assert found == pytest.approx(right_to_manage(first_job, 0.2, elsewhere, 0.5).wage, abs=STEP)


def test_the_wage_of_an_efficient_bargain_with_fewer_jobs(manages):
    both = sim.solve("firm-and-union").nash
    alone = sim.solve(manages).nash
    assert alone.package["wage"] == both.package["wage"] == efficient_bargain(*MARKET, 0.5).wage
    assert labour_demand(alone.package["wage"], 40.0, 0.2) < both.package["employment"]
    assert sum(alone.utilities) < sum(both.utilities)


def test_the_monopoly_union_names_the_wage(manages):
    packages = sim.solve(manages).packages
    best = packages.loc[packages["coalition"].idxmax(), "wage"]
    assert best == right_to_manage(*MARKET, 1.0).wage == 30.0
    ultimatum = {
        "calendar.rounds": 1,
        "talks.first_proposer": "coalition",
        "coalition.tactic": "subgame_perfect",
        "governor.tactic": "subgame_perfect",
    }
    world = sim.negotiate(manages, set=ultimatum).frame().iloc[0]
    assert (world["wage"], world["round"], world["proposer"]) == (30.0, 1, "coalition")

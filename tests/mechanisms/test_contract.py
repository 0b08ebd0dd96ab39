"""A contract that runs on: holding out costs the unions nothing, and talks need their consent."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sim import negotiate, tell_story
from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.inputs.problems import InputError
from sim.mechanisms.contract import expected_of_talks, inside_option, reopens
from sim.play.model import BargainingModel

WORLDS = 2000


def secure(security, **more):
    return {"contract.on": True, "contract.security": security} | more


@pytest.fixture(scope="module")
def play(sebac):
    """Give a function that plays the flagship case with a contract of some security."""
    known = {}

    def once(security):
        if security not in known:
            known[security] = negotiate(sebac, WORLDS, seed=2011, set=secure(security)).frame()
        return known[security]

    return once


# --------------------------------------------------------------------------------- hand-worked


def test_holding_out_is_worth_no_change_as_far_as_it_is_safe():
    worth = inside_option(np.array([0.25]), np.array([0.6, -0.2, 1.0]))
    assert worth.tolist() == [0.15, 0.0, 0.25]


def test_leaders_reopen_unless_what_they_hold_is_worth_more():
    assert reopens(np.array([0.5, 0.5, 0.5]), np.array([0.4, 0.5, 0.6])).tolist() == [
        True,
        True,
        False,
    ]


def test_leaders_expect_the_package_of_the_largest_product():
    governor = np.array([[1.0, 0.8, 0.5, 0.1, 0.9]])
    coalition = np.array([[0.1, 0.4, 0.6, 0.9, -1.0], [0.2, 0.4, 0.7, 0.9, -2.0]])
    assert expected_of_talks(governor, coalition).tolist() == [0.4, 0.7]


def test_two_losses_are_no_success_and_no_package_good_for_both_is_worth_nothing():
    both = np.array([[-3.0, -1.0, 0.5]])
    assert expected_of_talks(both, np.array([[-3.0, -0.5, -0.1]])).tolist() == [0.0]


def test_the_rule_is_that_of_the_solver(sebac):
    from sim.play.stages.contract import _expected
    from sim.theory.solutions import nash

    model = BargainingModel(sebac, 7, rng=5)
    expected = _expected(model)
    packages = np.arange(len(model.batch.agenda))
    for world in range(7):
        here = np.array([world])
        governor = model.governor.valuation.all_packages(packages, here)[0]
        coalition = model.coalition.valuation.all_packages(packages, here)[0]
        assert expected[world] == coalition[nash(governor, coalition, (0.0, 0.0))]


def test_what_leaders_hold_is_no_change_on_any_issue(sebac):
    model = BargainingModel(sebac, 11, rng=5, set=secure(0.5))
    batch, worlds = model.batch, np.arange(11)
    no_change = batch.agenda.find(job_security=0.0)
    assert not batch.agenda.packages[no_change].any()
    kept = batch.inside_option("coalition")
    assert kept == pytest.approx(0.5 * model.coalition.valuation.of(np.full(11, no_change), worlds))
    assert batch.inside_option("governor").tolist() == [0.0]


# --------------------------------------------------------------------------------------- talks


def test_where_leaders_keep_the_contract_nobody_makes_an_offer(sebac):
    outcome = negotiate(sebac, WORLDS, seed=2011, set=secure(0.95))
    worlds, offers = outcome.frame(), outcome.offers()
    kept = ~worlds["reopened"]
    assert 0.1 < kept.mean() < 0.9
    assert (worlds["status"] == "impasse").equals(kept)
    assert set(offers["world"]) == set(worlds.index[~kept])
    assert worlds.loc[kept, "savings"].isna().all()
    assert (worlds.loc[kept, "layoffs"] == 4742).all()


def test_leaders_at_the_table_take_nothing_worth_less_than_what_they_hold(sebac):
    model = BargainingModel(sebac, 499, rng=2011, set=secure(0.7))
    while model.running:
        model.step()
    agreed = np.flatnonzero(model.agreement >= 0)
    worth = model.coalition.valuation.of(model.agreement[agreed], agreed)
    assert len(agreed) == 499
    assert (worth >= model.batch.inside_option("coalition")[agreed] - 1e-9).all()


@pytest.mark.parametrize(("less", "more"), [(0.0, 0.3), (0.3, 0.6), (0.6, 0.8)])
def test_the_safer_it_is_to_hold_out_the_dearer_are_agreements(play, less, more):
    low, high = play(less), play(more)
    both = low["agreed"] & high["agreed"]
    difference = (high["savings"] - low["savings"])[both]
    assert difference.mean() < -1.96 * difference.std(ddof=1) / np.sqrt(both.sum())


def test_the_safer_it_is_to_hold_out_the_fewer_contracts_are_reopened(play):
    shares = [play(security)["reopened"] for security in (0.8, 0.9, 0.95, 1.0)]
    for low, high in pairwise(shares):
        assert (high <= low).all()
        assert high.mean() < low.mean()


def test_without_security_it_is_as_if_there_were_no_contract(sebac, play, assert_same_bits):
    off = negotiate(sebac, WORLDS, seed=2011).frame()
    assert "reopened" not in off
    assert play(0.0)["reopened"].all()
    assert_same_bits(play(0.0).drop(columns="reopened"), off)


@pytest.mark.slow
def test_a_contract_that_is_off_has_no_security(sebac, assert_same_bits):
    off = negotiate(sebac, 31, seed=7, set=secure(0.9) | {"contract.on": False})
    assert_same_bits(off.frame(), negotiate(sebac, 31, seed=7).frame())
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    del document["contract"]
    without = negotiate(parse_scenario(document, "without"), 31, seed=7)
    assert_same_bits(
        negotiate(full, 31, seed=7, set={"contract.on": False}).frame(), without.frame()
    )


def test_alone_it_moves_savings_beyond_their_interval(play):
    difference = play(0.1)["savings"] - play(0.0)["savings"]
    assert difference.mean() < -1.96 * difference.std(ddof=1) / np.sqrt(WORLDS)


def test_a_world_with_a_table_of_its_own_is_the_same_alone(sebac, assert_same_bits):
    unlike = secure(0.9) | {"coalition.anticipates_ratification": 0.5}
    together = negotiate(sebac, 5, seed=3, set=unlike).frame()
    alone = [negotiate(sebac, seed=3, set=unlike, first_world=w).frame() for w in range(5)]
    assert together["reopened"].nunique() == 2
    assert_same_bits(together, pd.concat(alone))


def test_the_story_says_that_there_were_no_talks(sebac):
    kept = "The leaders keep the contract that runs on, and there are no talks."
    assert kept in tell_story(negotiate(sebac, seed=4, set=secure(1.0)))
    assert kept not in tell_story(negotiate(sebac, seed=4, set=secure(0.0)))


def test_a_contract_needs_a_level_of_no_change_on_every_issue(sebac):
    document = as_document(sebac)
    document["contract"] = {"on": True}
    document["issue"][1]["levels"] = [0.25, 0.5, 1.0]
    with pytest.raises(InputError) as refused:
        parse_scenario(document, "edited")
    assert refused.value.problems == [
        "edited: contract.on = true: issue.health.levels = [0.25, 0.5, 1.0] do not hold 0, no change, "
        "which is what the contract keeps"
    ]
    document["contract"]["on"] = False
    assert parse_scenario(document, "edited").issue[1].levels == [0.25, 0.5, 1.0]

"""A scenario solved exactly: what each concept chooses, what members would ratify, who is pivotal."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.inputs.problems import InputError
from sim.preferences.bylaws import Bylaws, count
from sim.theory import voting
from sim.worlds.batch import TYPICAL
from sim.worlds.solution import CONCEPTS, solve

pytestmark = pytest.mark.slow

OLD, NEW = (14, 0.8), (8, 0.5)
POOLED = {"ratification.weighting": "pooled"}


@pytest.fixture(scope="module")
def connecticut():
    return solve("sebac-2011")


@pytest.fixture(scope="module")
def pooled():
    return solve("sebac-2011", set=POOLED)


@pytest.mark.parametrize(
    ("concept", "levels", "utilities"),
    [
        ("nash", (2, 0, 1, 1), (50, 80)),
        ("kalai_smorodinsky", (2, 1, 1, 1), (65, 60)),
        ("egalitarian", (2, 0, 1, 0), (55, 70)),
        ("utilitarian", (2, 2, 1, 1), (85, 50)),
    ],
)
def test_mini_connecticut_is_solved_in_points(concept, levels, utilities):
    chosen = getattr(solve("mini-ct"), concept)
    assert tuple(chosen.package[name] for name in ISSUES) == levels
    assert chosen.utilities == utilities


ISSUES = ("wages", "health", "job_security", "tax_share")


def test_of_its_36_packages_17_are_in_the_zopa_and_10_efficient():
    solution = solve("mini-ct")
    both = solution.packages["zopa"] & solution.packages["pareto"]
    assert (len(solution.packages), len(solution.zopa), len(solution.pareto)) == (36, 17, 10)
    assert both.sum() == 5
    assert solution.price_of_disagreement == pytest.approx(1 - 60 / 135)


def test_more_power_brings_the_governor_a_better_package():
    solution = solve("mini-ct")
    assert solution.nash_weighted(0.25).package == solution.nash.package
    assert solution.nash_weighted(0.75).utilities == (85, 50)


def test_without_a_zopa_there_is_nothing_to_choose(edited):
    scenario = edited(sim.load_scenario("mini-ct"), {("batna",): [95, 95]})
    assert all(getattr(solve(scenario), concept) is None for concept in CONCEPTS)


def test_connecticut_is_solved_in_the_utilities_of_its_typical_world(connecticut):
    """Deals of worlds without chance are worth to both sides what the solution says they are."""
    world = sim.negotiate("sebac-2011", seed=1, set=TYPICAL).frame().iloc[0]
    assert world["ratified"]
    deal = connecticut.packages.query(
        " and ".join(f"{name} == {world[name]}" for name in connecticut.agenda.names)
    )
    assert deal["governor"].item() == pytest.approx(world["utility_governor"], abs=1e-12)
    assert deal["coalition"].item() == pytest.approx(world["utility_coalition"], abs=1e-12)
    product = deal["governor"] * deal["coalition"]
    assert (product.item() / np.prod(connecticut.nash.utilities)) == pytest.approx(
        world["nash_ratio"], abs=1e-12
    )


@pytest.mark.parametrize(
    ("quota", "share"),
    [(NEW, 0.472), ((10, 2 / 3), 0.342), ((12, 0.8), 0.259), (OLD, 0.185), ((15, 1.0), 0.109)],
)
def test_the_win_set_shrinks_with_the_quota(connecticut, quota, share):
    """The share of packages ratified; an independent prototype with fewer worlds had these."""
    assert connecticut.ratification_under(*quota).mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(("quota", "share"), [(NEW, 0.471), (OLD, 0.055)])
def test_the_win_set_of_pooled_votes_is_smaller_where_much_weight_is_asked(pooled, quota, share):
    assert pooled.ratification_under(*quota).mean() == pytest.approx(share, abs=0.02)


def test_the_chances_of_pooled_votes_are_those_of_counting_each_draw(pooled):
    forecast = pooled._forecast
    bylaws = Bylaws(np.array([8]), np.array([0.6]), np.array(["pooled"]))
    counted = pooled.ratification_under(8, 0.6)
    unsure = np.flatnonzero((counted > 0.1) & (counted < 0.9))[::40]
    assert len(unsure) > 5
    draws = np.zeros(len(forecast.shocks), dtype=int)
    for package in unsure:
        asked = {name: getattr(forecast.ballot, name)[draws] for name in ("belief", "shift")}
        ballot = replace(forecast.ballot, worlds=draws, package=draws + package, **asked)
        each = zip(forecast.members, forecast.shocks.T, strict=True)
        votes = np.stack([ballot.yes_share(member, mild) for member, mild in each], axis=-1)
        passed = count(draws, votes, forecast.weights, bylaws).ratified
        assert counted[package] == pytest.approx(passed.mean(), abs=0.001)


def test_pooled_ballots_pass_as_often_as_foreseen(pooled, put_to_members):
    chances = pooled.ratification_under(*NEW)
    package = int(np.abs(chances - 0.4).argmin())
    quota = {"ratification.unions_required": 8, "ratification.weight_required": 0.5}
    worlds = put_to_members("sebac-2011", np.full(8000, package), POOLED | quota).frame()
    rate = (worlds["status"] == "ratified_first").mean()
    assert rate == pytest.approx(chances[package], abs=0.01 + 3 * np.sqrt(0.24 / 8000))


def test_unions_that_want_different_things_are_pooled_each_by_its_own_wishes(edited):
    """One with nothing to fear from layoffs drags the pooled share down by what it weighs."""
    base = sim.load_scenario("sebac-2011")
    sure = POOLED | {"unions.militancy_sd": 0.0, "unions.common_shock_sd": 0.0}
    sure |= {"ratification.unions_required": 0}
    few = {("issue", i, "levels"): [0.0, 1.0] for i in range(3)}
    one_safe = solve(edited(base, few | {("union", 1, "layoff_exposure"): 0.0}), set=sure)
    forecast, package = one_safe._forecast, one_safe.nash.number
    zero = np.zeros(1)
    shares = [forecast.ballot.yes_shares(member, zero)[package, 0] for member in forecast.members]
    assert shares[1] < shares[0] == shares[2]
    pooled = (np.array(shares) * forecast.weights).sum()
    for weight, passes in ((pooled - 1e-6, 1.0), (pooled + 1e-6, 0.0)):
        assert one_safe.ratification_under(0, weight)[package] == passes


def test_a_package_that_passes_a_higher_quota_passes_a_lower_one(connecticut):
    quotas = [NEW, (10, 2 / 3), (12, 0.8), OLD, (15, 1.0)]
    chances = [connecticut.ratification_under(*quota) for quota in quotas]
    assert all((later <= earlier).all() for earlier, later in itertools.pairwise(chances))
    assert len(connecticut.win_set) == (chances[3] >= 0.5).sum()


def test_dynamic_programming_and_even_draws_agree_on_every_tenth_efficient_package(connecticut):
    packages = connecticut.pareto.index[::10]
    exact = np.array([connecticut.ratification_exactly(package) for package in packages])
    assert connecticut.ratification[packages] == pytest.approx(exact, abs=0.01)
    assert exact.min() < 0.1
    assert exact.max() > 0.9


def test_ballots_pass_as_often_as_the_exact_probability_says(connecticut, put_to_members):
    package = connecticut.egalitarian.number
    worlds = put_to_members("sebac-2011", np.full(8000, package)).frame()
    rate, exact = (
        (worlds["status"] == "ratified_first").mean(),
        connecticut.ratification_exactly(package),
    )
    assert rate == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 8000))


def test_a_milder_union_is_likelier_to_carry_a_package():
    base = sim.load_scenario("sebac-2011")
    milder = {"unions.militancy_sd": 0.0}
    sure = solve(base, set=milder)
    assert set(np.unique(sure.ratification)) != {0.0, 1.0}  # the common shock is still drawn
    never = solve(base, set=milder | {"unions.common_shock_sd": 0.0})
    assert set(np.unique(never.ratification)) == {0.0, 1.0}


def test_afscme_has_a_veto_and_most_of_the_power(connecticut):
    power = connecticut.power.set_index("union")
    assert power.index[power["veto"]].tolist() == ["AFSCME Council 4"]
    assert power["shapley_shubik"].sum() == pytest.approx(1)
    sizes = power["members"].to_numpy()
    assert power["banzhaf"].tolist() == voting.banzhaf(sizes, *OLD).tolist()


def test_how_often_a_union_is_the_pivot_is_its_shapley_shubik_power_where_all_are_alike(
    connecticut,
):
    often = connecticut.pivots(connecticut.nash.number)
    assert often.to_numpy() == pytest.approx(connecticut.power["shapley_shubik"], abs=0.02)
    assert connecticut.pivotal_union(connecticut.nash.number) == "AFSCME Council 4"


def test_games_without_ballots_and_power_without_votes_cast_whole_are_told_in_a_sentence(pooled):
    with pytest.raises(InputError, match="mini-ct: has no unions and no ballot"):
        solve("mini-ct").win_set  # noqa: B018
    assert pooled.must_agree
    assert not pooled.unions_vote_whole
    assert len(pooled.win_set) == (pooled.ratification_under(*OLD) >= 0.5).sum() > 0
    for whole in (pooled.ratification_exactly, pooled.pivots, lambda package: pooled.power):
        with pytest.raises(InputError, match='ratification.weighting = "pooled": no union casts'):
            whole(0)


@pytest.mark.parametrize("weighting", ["unit", "pooled"])
def test_rumours_the_word_of_leaders_and_who_stays_at_home_are_foreseen(put_to_members, weighting):
    """As the ballots themselves do: no leader opposes, and rumours begin as they do in the main."""
    full = sim.load_scenario("connecticut-2011")
    tables = {name: getattr(full, name) for name in ("rumours", "recommendation", "turnout")}
    values = {f"{name}.{key}": told for name, t in tables.items() for key, told in t if key != "on"}
    values |= dict.fromkeys(("rumours.on", "recommendation.on", "turnout.on"), True)
    values |= {"rumours.seed_sd": 0.0, "recommendation.opposing": 0.0}
    values |= {"turnout.supporters_first": 0.7, "turnout.opponents_first": 0.9}
    values |= {"ratification.weighting": weighting, "ratification.weight_required": 0.6}
    solution = solve("sebac-2011", set=values)
    package = int(np.abs(solution.ratification - 0.4).argmin())
    chance = solution.ratification[package]
    worlds = put_to_members("sebac-2011", np.full(8000, package), values).frame()
    rate = (worlds["status"] == "ratified_first").mean()
    assert 0.1 < chance < 0.9
    assert rate == pytest.approx(chance, abs=0.01 + 3 * np.sqrt(0.24 / 8000))

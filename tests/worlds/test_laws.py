"""What must hold exactly in the whole model when a mechanism is off or a rule is changed.

Each law plays the same worlds twice, with one thing changed that should not matter, and compares
every offer, ballot and outcome; beside it stands a case in which the same change does matter.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.play.model import BargainingModel
from sim.play.outcome import negotiate, play
from sim.preferences.agenda import Agenda

pytestmark = pytest.mark.slow

WORLDS = 211
SILENT = {
    "information.misperceived_cost": 0.0,
    "unions.militancy_sd": 0.0,
    "unions.common_shock_sd": 0.0,
    "members.cost_of_rejection": 0.0,
    "members.fairness": 0.0,
    "members.noise": 1e-9,
}


def differ(one, other):
    return not one.ballots().equals(other.ballots()) or not one.offers().equals(other.offers())


def packages_with(agenda, **levels):
    """List the packages that have these levels, in an order that does not depend on them."""
    chosen = np.all([agenda.levels_on(issue) == x for issue, x in levels.items()], axis=0)
    return np.flatnonzero(chosen)


@pytest.fixture(scope="module")
def agenda(sebac):
    return Agenda.of(sebac)


# ------------------------------------------------------------------------- secrecy and beliefs

NOTHING_TO_HIDE = {
    "information.audience_cost_governor": 0.0,
    "information.audience_cost_coalition": 0.0,
    "information.misperceived_cost": 0.0,
    "threat.credibility_members": 0.6,
    "threat.credibility_leaders": 0.6,
}
DOORS = [
    {"information.secrecy": 0.0},
    {"information.secrecy": 0.3},
    {"information.secrecy": 1.0},
    {"information.rule": "open_door"},
    {"information.rule": "leaky"},
]


@pytest.mark.parametrize("doors", DOORS)
def test_secrecy_is_indifferent_without_audiences_misperception_and_a_credibility_gap(
    assert_same_worlds, doors
):
    half_open = negotiate(worlds=WORLDS, set=NOTHING_TO_HIDE | {"information.secrecy": 0.5})
    assert_same_worlds(half_open, negotiate(worlds=WORLDS, set=NOTHING_TO_HIDE | doors))


@pytest.mark.parametrize(
    "something",
    [
        {"information.audience_cost_governor": 0.5},
        {"information.audience_cost_coalition": 0.5},
        {"information.misperceived_cost": 0.04},
        {"threat.credibility_leaders": 0.9},
    ],
)
def test_secrecy_matters_as_soon_as_there_is_something_to_hide(something):
    hidden = NOTHING_TO_HIDE | something
    open_door = negotiate(worlds=WORLDS, set=hidden | {"information.secrecy": 0.0})
    assert differ(open_door, negotiate(worlds=WORLDS, set=hidden | {"information.secrecy": 1.0}))


@pytest.mark.parametrize(
    "no_threat",
    [
        {"threat.credibility_members": 0.0, "threat.credibility_leaders": 0.0},
        {"threat.layoffs": 0, "threat.layoffs_after_rejection": 0},
    ],
)
@pytest.mark.parametrize(
    "change", [{"threat.bumping": 0.0}, {"threat.bumping": 0.7}, {"members.layoff_loss": 0.1}]
)
def test_without_a_threat_bumping_and_the_loss_from_a_layoff_do_not_move_votes(
    agenda, put_to_members, assert_same_bits, no_threat, change
):
    packages = packages_with(agenda, negotiated_layoffs=0.0)
    one = put_to_members("sebac-2011", packages, no_threat)
    other = put_to_members("sebac-2011", packages, no_threat | change)
    assert_same_bits(one.ballots(), other.ballots())
    assert differ(
        put_to_members("sebac-2011", packages), put_to_members("sebac-2011", packages, change)
    )


def test_taxes_on_the_wealthy_move_members_only_through_fairness(
    agenda, put_to_members, assert_same_bits
):
    untaxed, taxed = (packages_with(agenda, tax_share=tax) for tax in (0.0, 0.15))
    off = {"members.fairness": 0.0}
    assert_same_bits(
        put_to_members("sebac-2011", untaxed, off).ballots(),
        put_to_members("sebac-2011", taxed, off).ballots(),
    )
    assert differ(put_to_members("sebac-2011", untaxed), put_to_members("sebac-2011", taxed))


# -------------------------------------------------------------------------- strict seniority


@pytest.mark.parametrize("threat", [0, 2250, 4742, 9000, 22_500, 24_000, 31_500, 45_000])
def test_under_strict_seniority_exactly_those_threatened_vote_yes(
    sebac, agenda, put_to_members, threat
):
    strict = SILENT | {
        "threat.bumping": 0.0,
        "threat.credibility_members": 1.0,
        "threat.layoffs": threat,
    }
    packages = packages_with(agenda, negotiated_layoffs=0.0, job_security=0.0)
    costly = packages[agenda.packages[packages][:, :3].any(-1)]
    votes = put_to_members("sebac-2011", costly, strict).frame()["yes_share_1"]
    expected = threat / sebac.members.workforce
    assert len(votes) == 124 * 4
    assert np.abs(votes - expected).max() <= 0.5 / sebac.members.strata + 1e-12
    assert (votes > 0.5).all() == (threat > sebac.members.workforce / 2)


@pytest.mark.parametrize("threat", [4742, 9000, 31_500])
def test_under_strict_seniority_negotiated_layoffs_lose_the_votes_of_those_who_would_go(
    sebac, agenda, put_to_members, threat
):
    strict = SILENT | {
        "threat.bumping": 0.0,
        "threat.credibility_members": 1.0,
        "threat.layoffs": threat,
    }
    packages = packages_with(agenda, negotiated_layoffs=2500.0, job_security=0.0)
    costly = packages[agenda.packages[packages][:, :3].any(-1)]
    votes = put_to_members("sebac-2011", costly, strict).frame()["yes_share_1"]
    expected = (threat - 2500) / sebac.members.workforce
    assert np.abs(votes - expected).max() <= 1 / sebac.members.strata


# ------------------------------------------------------------------------------- the bylaws

UNIT = {"ratification.amended_weighting": "unit"}


def quota(unions, weight):
    return {"ratification.unions_required": unions, "ratification.weight_required": weight}


@pytest.mark.parametrize("aggregation", ["mean", "median", "min", "pivot"])
def test_unions_of_one_mind_vote_alike_and_every_quota_gives_the_same_outcome(
    assert_same_worlds, aggregation
):
    alike = UNIT | {"unions.militancy_sd": 0.0, "coalition.aggregation": aggregation}
    loose = negotiate(worlds=WORLDS, set=alike | quota(1, 0.0))
    votes = loose.ballots().groupby(["world", "ballot"])["yes_share"]
    assert (votes.max() == votes.min()).all()
    for rule in [(1, 1.0), (8, 0.5), (14, 0.8), (15, 1.0)]:
        assert_same_worlds(loose, negotiate(worlds=WORLDS, set=alike | quota(*rule)))


def test_unions_of_many_minds_make_the_quota_matter():
    loose, strict = (negotiate(worlds=WORLDS, set=UNIT | quota(*q)) for q in [(1, 0.0), (15, 1.0)])
    assert (loose.frame()["status"] != strict.frame()["status"]).any()


SOMETIMES_NO_DEAL = {
    "information.secrecy": 0.25,
    "information.audience_cost_governor": 1.5,
    "information.audience_cost_coalition": 1.5,
    "ratification.amendment_allowed": False,
}


def test_without_a_quota_every_agreement_is_ratified_at_once():
    frame = negotiate(worlds=WORLDS, set=SOMETIMES_NO_DEAL | quota(0, 0.0)).frame()
    assert 0 < frame["agreed"].sum() < WORLDS
    assert (frame["status"] == np.where(frame["agreed"], "ratified_first", "impasse")).all()


@pytest.mark.parametrize("rule", [(16, 0.0), (16, 1.0)])
def test_a_quota_above_the_number_of_unions_ratifies_nothing(rule):
    frame = negotiate(worlds=WORLDS, set=SOMETIMES_NO_DEAL | quota(*rule)).frame()
    assert 0 < frame["agreed"].sum() < WORLDS
    assert (frame["status"] == np.where(frame["agreed"], "rejected", "impasse")).all()


@pytest.mark.parametrize("unions", range(16))
def test_with_unions_of_equal_size_count_and_weight_are_the_same_test(
    sebac, edited, assert_same_worlds, unions
):
    sizes = {("union", j, "members"): 1000 for j in range(15)}
    equal = edited(sebac, sizes | {("coalition", "members"): 15_000})
    by_count = negotiate(equal, 53, set=quota(unions, 0.0))
    for rule in [(0, unions / 15), (unions, unions / 15)]:
        assert_same_worlds(by_count, negotiate(equal, 53, set=quota(*rule)))


@settings(max_examples=15)
@given(
    k=st.tuples(st.integers(0, 16), st.integers(0, 16)),
    q=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    weighting=st.sampled_from(["unit", "pooled"]),
    aggregation=st.sampled_from(["mean", "median", "min"]),
    after_rejection=st.sampled_from([(False, False), (True, False), (True, True)]),
)
def test_a_higher_quota_never_ratifies_what_a_lower_one_did_not(
    k, q, weighting, aggregation, after_rejection
):
    second_vote, amendment = after_rejection
    values = {
        "ratification.weighting": weighting,
        "coalition.aggregation": aggregation,
        "ratification.second_vote": second_vote,
        "ratification.amendment_allowed": amendment,
    }
    low = negotiate(worlds=53, set=values | quota(min(k), min(q)))
    high = negotiate(worlds=53, set=values | quota(max(k), max(q)))
    assert low.offers().equals(high.offers())
    assert (high.frame()["ratified"] <= low.frame()["ratified"]).all()


def test_only_leaders_who_look_ahead_bargain_differently_under_another_quota():
    for aggregation, alike in [("mean", True), ("median", True), ("min", True), ("pivot", False)]:
        leaders = {"coalition.aggregation": aggregation}
        offers = [
            negotiate(worlds=53, set=leaders | quota(*rule)).offers()
            for rule in [(8, 0.5), (15, 1)]
        ]
        assert offers[0].equals(offers[1]) == alike


@pytest.mark.parametrize("aggregation", ["mean", "pivot"])
def test_the_order_in_which_unions_are_listed_does_not_matter(sebac, edited, aggregation):
    worlds = 4000 if aggregation == "mean" else 200
    listed = edited(
        sebac,
        {
            ("union", 0, "offset"): -0.03,
            ("union", 3, "layoff_exposure"): 2.0,
            ("union", 7, "fairness"): 0.9,
        },
    )
    reversed_list = listed.model_copy(update={"union": listed.union[::-1]})
    leaders = {"coalition.aggregation": aggregation}
    one = negotiate(listed, worlds, seed=1, set=leaders).frame()
    other = negotiate(reversed_list, worlds, seed=2, set=leaders).frame()
    for name in ("yes_share_1", "unions_yes_1", "weight_yes_1", "savings", "ratified"):
        x, y = (frame[name].dropna().to_numpy(dtype=float) for frame in (one, other))
        assert min(len(x), len(y)) > worlds / 2
        error = np.sqrt(x.var() / len(x) + y.var() / len(y))
        assert abs(x.mean() - y.mean()) <= 4 * error


@pytest.mark.parametrize("leaders", [0, 13, 14, 15, 16])
def test_the_bylaws_are_amended_where_enough_leaders_see_a_yes_in_their_union(leaders):
    ballots = negotiate(worlds=WORLDS, set={"ratification.leaders_to_amend": leaders}).ballots()
    second = ballots[ballots["ballot"] == 2].groupby("world")
    amended = second["unions_required"].first() == 8
    assert (amended == (second["carried"].sum() >= leaders)).all()
    assert (second["weighting"].first() == np.where(amended, "pooled", "unit")).all()
    assert (second["weight_required"].first() == np.where(amended, 0.5, 0.8)).all()


# -------------------------------------------------------------------------------- the table


def test_a_side_that_can_afford_nothing_offers_nothing():
    # The reservation value is half the bias; the leaders' best package is worth 1, the governor's less.
    offers = {
        bias: negotiate(worlds=7, set={"talks.self_serving_bias": bias}).offers()
        for bias in (1.9, 2.0, 2.1)
    }
    assert set(offers[1.9]["proposer"]) == {"governor", "coalition"}
    assert set(offers[2.0]["proposer"]) == {"coalition"}
    assert len(offers[2.1]) == 0


@pytest.mark.parametrize("aggregation", ["mean", "pivot"])
def test_every_trade_off_is_the_best_for_the_other_side_that_the_own_aspiration_allows(aggregation):
    model = play(BargainingModel(worlds=11, set={"coalition.aggregation": aggregation}, rng=2011))
    rounds, packages = model.batch.rounds, np.arange(len(model.batch.agenda))
    beta = {"governor": 0.1, "coalition": 0.3}
    moves = [(w, t) for w, t in np.ndindex(model.offers.shape) if model.offers[w, t] >= 0]
    assert len(moves) > 11 * 8
    for world, turn in moves:
        governor = model.governor_moves(turn)[world]
        mover, other = (model.governor, model.coalition)[:: 1 if governor else -1]
        own, theirs = (
            side.valuation.all_packages(packages, np.array([world]))[0] for side in (mover, other)
        )
        aspiration = 1 - (turn / rounds) ** (1 / beta[mover.side])  # closed doors: reservation 0
        reach = own >= min(aspiration, own.max()) - 1e-9
        best = theirs[reach].max()
        offer = model.offers[world, turn]
        assert reach[offer]
        assert theirs[offer] >= best - 1e-7
        assert own[offer] >= own[reach & (theirs >= best - 1e-12)].max() - 1e-12


# ---------------------------------------------------------------------------------- chance


def test_the_same_seed_and_settings_give_the_same_bits(assert_same_worlds):
    values = {"talks.selection": "random", "information.rule": "leaky"}
    one, other = (negotiate(worlds=WORLDS, seed=7, set=values) for _ in range(2))
    assert_same_worlds(one, other)


def test_another_seed_gives_other_worlds():
    one, other = (negotiate(worlds=WORLDS, seed=seed) for seed in (7, 8))
    assert not (one.frame()["yes_share_1"] == other.frame()["yes_share_1"]).any()


def test_a_side_that_starts_in_half_of_the_worlds_starts_in_any_that_is_told_to():
    for side, share in [("governor", 1.0), ("coalition", 0.0), ("random", 0.5)]:
        offers = negotiate(worlds=2003, set={"talks.first_proposer": side}).offers()
        first = offers[offers["round"] == 0]
        assert len(first) == 2003
        assert abs((first["proposer"] == "governor").mean() - share) <= (
            0.05 if share == 0.5 else 0
        )

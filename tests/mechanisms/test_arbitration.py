"""An award takes the place of Plan B: any package near the middle, or one of the two last offers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.experiments.statistics.summary import with_derived
from sim.mechanisms.arbitration import Hearing, conventional, final_offer, weights
from sim.negotiators.agents import Coalition
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.show.figures.talks import talks

ONE_BALLOT = {"ratification.second_vote": False}
NEVER = ONE_BALLOT | {"ratification.unions_required": 16}
ON = {"arbitration.on": True}

# Five packages on a frontier, numbered 11 to 19; the governor's last offer is the first of them, the
# coalition's the fourth.
TO_GOVERNOR = np.array([[1.0, 0.8, 0.5, 0.2, 0.0]])
TO_COALITION = np.array([[0.0, 0.4, 0.7, 0.9, 1.0]])


def hearing(weight, governors=0, coalitions=3):
    worlds = len(weight)
    offers = np.broadcast_to([governors, coalitions], (worlds, 2))
    return Hearing(
        packages=np.array([11, 13, 15, 17, 19]),
        to_governor=TO_GOVERNOR,
        to_coalition=TO_COALITION,
        offered=np.array([11, 13, 15, 17, 19])[offers],
        offered_to_governor=TO_GOVERNOR[0][offers],
        offered_to_coalition=TO_COALITION[0][offers],
        weight=np.array(weight),
    )


# ------------------------------------------------------------------------------------ the rules


def test_a_conventional_award_is_nearest_to_the_weighted_mean_of_the_offers():
    # means of (1, 0) and (.2, .9): (1, 0), (.8, .225), (.6, .45), (.4, .675), (.2, .9)
    # the third is .206 from (.8, .4) and .269 from (.5, .7), the fourth .301 from (.2, .9) and .103
    assert conventional(hearing([1.0, 0.75, 0.5, 0.25, 0.0])).tolist() == [11, 13, 13, 15, 17]


def test_the_offer_nearer_to_what_is_fair_wins_whole():
    # fair at even weights is (.5, .7), .36 from the coalition's (.2, .9); (1, 0) is .86 from it, (.8, .4) .42
    assert final_offer(hearing([0.5], governors=0)).tolist() == [17]
    assert final_offer(hearing([0.5], governors=1)).tolist() == [17]
    assert final_offer(hearing([0.5], governors=2)).tolist() == [15]


def test_of_offers_that_are_as_near_the_governors_wins():
    same = replace(hearing([0.5], 2, 2), offered=np.array([[15, 99]]))
    assert final_offer(same).tolist() == [15]


def test_what_is_fair_shares_gains_in_proportion_to_the_weights():
    # at .8 the lesser of .2 x governor and .8 x coalition is 0, .16, .1, .04, 0: fair is (.8, .4)
    assert final_offer(hearing([0.8], governors=0, coalitions=1)).tolist() == [13]
    assert final_offer(hearing([0.8], governors=0, coalitions=3)).tolist() == [11]
    # all weight to one side leaves the other the least it gains by: (.8, .4) or (.2, .9)
    assert final_offer(hearing([1.0, 0.0], governors=1, coalitions=2)).tolist() == [13, 15]
    assert final_offer(hearing([1.0, 0.0], governors=2, coalitions=4)).tolist() == [15, 19]
    assert final_offer(hearing([1.0], governors=0, coalitions=1)).tolist() == [13]
    assert final_offer(hearing([0.0], governors=3, coalitions=4)).tolist() == [17]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_more_weight_for_the_governor_never_makes_an_award_worse_for_him(pair):
    low, high = sorted(pair)
    for award in (conventional, final_offer):
        packages = award(hearing([low, high]))
        utility = TO_GOVERNOR[0][(packages - 11) // 2]
        assert utility[1] >= utility[0]


def test_a_conventional_award_rewards_an_extreme_offer_and_a_final_offer_award_punishes_it():
    """What pays under the one is risky under the other (Farber 1980; Stevens 1966)."""
    moderate, extreme = (hearing([0.5], governors=g) for g in (2, 0))
    gained = [TO_GOVERNOR[0][(conventional(c) - 11) // 2][0] for c in (moderate, extreme)]
    assert gained[1] > gained[0]
    assert final_offer(moderate).tolist() == [15]
    assert final_offer(extreme).tolist() == [17]


def test_arbitrators_weights_are_normal_about_the_mean_and_stay_shares():
    normal = np.array([-9.0, -1.0, 0.0, 2.0, 9.0])
    found = weights(np.array([0.4]), np.array([0.1]), normal)
    assert found == pytest.approx([0.0, 0.3, 0.4, 0.6, 1.0])
    assert weights(np.array([0.4]), np.array([0.0]), normal).tolist() == [0.4] * 5


# -------------------------------------------------------------------------------- in the model


@pytest.mark.slow
def test_off_is_the_scenario_without_the_table(sebac, assert_same_bits):
    values = ONE_BALLOT | {"arbitration.weight": 0.9, "arbitration.rejection": 0.3}
    plain = sim.negotiate(sebac, 211, seed=5, set=ONE_BALLOT)
    off = sim.negotiate(sebac, 211, seed=5, set=values)
    assert_same_bits(plain.frame(), off.frame())
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    del document["arbitration"]
    without = sim.negotiate(parse_scenario(document, "without"), 53, seed=5, set=ONE_BALLOT)
    assert_same_bits(without.frame(), sim.negotiate(full, 53, seed=5, set=ONE_BALLOT).frame())


@pytest.mark.parametrize("kind", ["conventional", "final_offer"])
def test_on_alone_it_moves_layoffs_and_both_utilities_beyond_their_intervals(sebac, kind):
    arms = ({}, ON | {"arbitration.kind": kind})
    off, on = (sim.negotiate(sebac, 2000, seed=2011, set=ONE_BALLOT | s).frame() for s in arms)
    for measure, sign in (("utility_governor", 1), ("utility_coalition", 1), ("layoffs", -1)):
        difference = sign * (on[measure] - off[measure])
        assert difference.mean() > 1.96 * difference.std() / np.sqrt(len(difference)) > 0
    assert on["awarded"].eq(off["status"] == "rejected").all()


def test_an_award_leaves_what_came_before_it_alone(sebac, assert_same_bits):
    off, on = (sim.negotiate(sebac, 53, seed=3, set=ONE_BALLOT | s) for s in ({}, ON))
    assert_same_bits(off.offers(), on.offers())
    assert_same_bits(off.ballots(), on.ballots())
    before = ["agreed", "ratified", "round", "savings", "yes_share_1", "layoffs_threatened"]
    assert_same_bits(off.frame()[before], on.frame()[before])


def test_an_award_is_an_end_of_its_own(sebac):
    frame = sim.negotiate(sebac, 211, seed=3, set=NEVER | ON).frame()
    assert frame["status"].eq("awarded").all()
    assert not frame["ratified"].any()
    assert frame["layoffs"].eq(0).all()
    assert frame["pareto_distance"].abs().max() < 1e-12
    derived = with_derived(frame)
    assert derived["savings_realised"].equals(frame["award_savings"])
    assert not derived["rejected"].any()


def test_a_final_offer_award_is_one_of_the_last_offers(sebac):
    values = NEVER | ON | {"arbitration.kind": "final_offer", "arbitration.error_sd": 0.3}
    outcome = sim.negotiate(sebac, 211, seed=3, set=values)
    last = outcome.offers().groupby(["world", "proposer"])["savings"].last().unstack()
    saved = outcome.frame()["award_savings"]
    governors, coalitions = (saved.eq(last[side]) for side in ("governor", "coalition"))
    assert (governors | coalitions).all()
    assert governors.any()
    assert coalitions.any()


def test_an_arbitrator_who_sides_with_the_governor_awards_him_more(sebac):
    to_governor = [
        sim.negotiate(sebac, 53, seed=3, set=NEVER | ON | {"arbitration.weight": w}).frame()
        for w in (0.1, 0.5, 0.9)
    ]
    means = [frame["utility_governor"].mean() for frame in to_governor]
    assert means[0] < means[1] < means[2]
    costs = [frame["utility_coalition"].mean() for frame in to_governor]
    assert costs[0] > costs[1] > costs[2]


def test_an_award_the_legislature_rejects_leaves_plan_b(sebac):
    values = NEVER | ON | {"arbitration.rejection": 0.3}
    frame = sim.negotiate(sebac, 2000, seed=3, set=values).frame()
    rejected = frame["status"] == "rejected"
    assert rejected.mean() == pytest.approx(0.3, abs=0.035)
    assert frame.loc[rejected, "layoffs"].eq(4742).all()
    assert frame.loc[rejected, ["utility_governor", "utility_coalition"]].eq(0).all(axis=None)
    assert frame.loc[rejected, "award_savings"].isna().all()
    assert frame.loc[~rejected, "status"].eq("awarded").all()


def test_for_a_side_that_made_no_offer_its_best_package_stands(sebac):
    class Silent(Coalition):
        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

        def propose(self, history):
            return np.full(len(history.worlds), NO_OFFER)

    values = ON | {"arbitration.weight": 0.0}
    model = play(BargainingModel(sebac, 5, set=values, rng=3, coalition=Silent))
    frame = Outcome([model]).frame()
    assert frame["awarded"].all()
    assert frame["utility_coalition"].to_numpy() == pytest.approx(np.ones(5))
    assert frame["status"].eq("awarded").all()


def test_a_world_is_the_same_alone_and_among_others(sebac, assert_same_bits):
    own = {"arbitration.kind": "final_offer", "arbitration.error_sd": 0.3}
    values = ONE_BALLOT | ON | own | {"arbitration.rejection": 0.3}
    together = sim.negotiate(sebac, 13, seed=3, set=values, first_world=41).frame()
    for world in (41, 47, 53):
        alone = sim.negotiate(sebac, seed=3, set=values, first_world=world).frame()
        assert_same_bits(together.loc[[world]], alone)


def test_story_and_picture_tell_of_the_award_and_not_of_plan_b(sebac):
    outcome = sim.negotiate(sebac, seed=3, set=NEVER | ON)
    told = sim.tell_story(outcome)
    assert "The arbitrator's award saves $" in told
    assert "Plan B" not in told
    assert "An arbitrator decided, where no agreement had been reached and ratified." in told
    assert "the award saves $" in talks(outcome).get_label()

"""A mediator proposes after an impasse what is best for both over what each can accept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.mechanisms.mediation import NOTHING, proposal
from sim.show.figures.talks import talks
from sim.show.offers import package_in_words

BREAKS = {"talks.breakdown": 0.1}
ON = {"mediation.on": True, "mediation.chance": 1.0}
WORLDS, PACKAGES = 3, 5


def utilities(worlds):
    return arrays.arrays(float, (worlds, PACKAGES), elements=st.floats(-1, 1))


LEAST = arrays.arrays(float, WORLDS, elements=st.floats(-0.5, 0.8))

# ------------------------------------------------------------------------------------ the rule


def test_the_largest_product_of_gains_over_what_each_can_accept_is_proposed():
    governor = np.array([[0.9, 0.6, 0.4, 0.3, 0.0]])
    coalition = np.array([[0.1, 0.4, 0.5, 0.8, 0.9]])
    least_governor, least_coalition = np.array([0.0, 0.35, 0.5]), np.array([0.0, 0.0, 0.3])
    # products: .09 .24 .20 .24* 0; over (.35, 0): .055 .10 .025; over (.5, .3): only the second, .01
    position = proposal(governor, coalition + 0.01, least_governor, least_coalition)
    assert position.tolist() == [1, 1, 1]
    assert proposal(governor, coalition, np.array([0.1]), np.array([0.0])).tolist() == [1]
    assert proposal(governor, coalition, np.array([0.0]), np.array([0.3])).tolist() == [3]


def test_two_losses_are_no_gain_and_without_common_ground_nothing_is_proposed():
    governor, coalition = np.array([[0.1, 0.5]]), np.array([[0.1, 0.45]])
    least = np.array([0.9]), np.array([0.9])
    assert proposal(governor, coalition, *least).tolist() == [NOTHING]
    assert proposal(governor, coalition, np.array([0.5]), np.array([0.45])).tolist() == [1]
    assert proposal(governor, coalition, np.array([0.5]), np.array([0.46])).tolist() == [NOTHING]


@given(utilities(1), utilities(WORLDS), LEAST, LEAST)
def test_a_proposal_is_acceptable_to_both_and_no_acceptable_package_has_more(
    g, c, least_g, least_c
):
    for world, position in enumerate(proposal(g, c, least_g, least_c)):
        gains = g[0] - least_g[world], c[world] - least_c[world]
        products = [a * b for a, b in zip(*gains, strict=True) if a >= 0 and b >= 0]
        assert (position == NOTHING) == (not products)
        if products:
            assert gains[0][position] * gains[1][position] == max(products)
            assert min(gains[0][position], gains[1][position]) >= 0


# -------------------------------------------------------------------------------- in the model


@pytest.mark.slow
def test_off_is_the_scenario_without_the_table(sebac, assert_same_bits):
    plain = sim.negotiate(sebac, 211, seed=5, set=BREAKS)
    off = sim.negotiate(sebac, 211, seed=5, set=BREAKS | {"mediation.chance": 0.9})
    assert_same_bits(plain.frame(), off.frame())
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    del document["mediation"]
    without = sim.negotiate(parse_scenario(document, "without"), 53, seed=5, set=BREAKS)
    assert_same_bits(without.frame(), sim.negotiate(full, 53, seed=5, set=BREAKS).frame())


def test_on_alone_it_moves_agreement_and_ratification_beyond_their_intervals(sebac):
    """The base case never fails at the table, so both arms have talks that may break down."""
    half = {"mediation.on": True, "mediation.chance": 0.5}
    off, on = (sim.negotiate(sebac, 2000, seed=2011, set=BREAKS | s).frame() for s in ({}, half))
    for measure in ("agreed", "ratified", "utility_governor", "utility_coalition"):
        difference = on[measure].astype(float) - off[measure].astype(float)
        assert difference.mean() > 1.96 * difference.std() / np.sqrt(len(difference)) > 0
    failed = ~off["agreed"]
    assert on["mediated"][failed].mean() == pytest.approx(0.5, abs=0.05)
    assert not on["mediated"][~failed].any()


def test_what_the_parties_settle_themselves_is_left_alone(sebac, assert_same_bits):
    off, on = (sim.negotiate(sebac, 53, seed=3, set=BREAKS | s).frame() for s in ({}, ON))
    themselves = off["agreed"].to_numpy()
    shared = off.columns.drop("proposer")
    assert_same_bits(on.loc[themselves, shared], off.loc[themselves, shared])
    assert (on["proposer"] == "mediator").equals(on["mediated"].astype(bool))


def test_a_mediated_agreement_is_the_nash_solution_at_the_deadline_and_goes_to_the_ballot(sebac):
    frame = sim.negotiate(sebac, 53, seed=3, set=BREAKS | ON).frame()
    mediated = frame[frame["mediated"]]
    assert len(mediated) > 10
    assert mediated["round"].eq(12).all()
    assert mediated["yes_share_1"].notna().all()
    assert mediated["nash_ratio"].eq(1).all()


def test_a_mediator_respects_what_the_sides_can_live_with_when_they_are_watched(sebac):
    watched = {"information.rule": "open_door", "information.audience_cost_governor": 1.0}
    both = watched | {"information.audience_cost_coalition": 3.0}
    frame = sim.negotiate(sebac, 101, seed=3, set=ON | both).frame()
    assert 0 < frame["mediated"].sum() < (~frame["agreed"] | frame["mediated"]).sum()
    ratified = frame[frame["mediated"] & frame["ratified"]]
    assert ratified["utility_governor"].ge(0.5).all()
    assert ratified["utility_coalition"].ge(0.75).all()


@pytest.mark.parametrize("commits", [True, False])
def test_offers_once_rejected_bind_a_side_before_a_mediator_too(sebac, commits):
    """A governor who gives way early faces leaders who hold out, until the talks break down."""
    early = {"governor.beta": 5.0, "coalition.beta": 0.05, "talks.breakdown": 0.25}
    values = ON | early | {"talks.rejection_commits": commits}
    outcome = sim.negotiate(sebac, 500, seed=3, set=values)
    frame, offers = outcome.frame(), outcome.offers()
    ended = frame[frame["mediated"] & frame["ratified"]]
    answered = offers[offers.groupby("world").cumcount(ascending=False) > 0]
    rejected = answered[answered["proposer"] == "governor"].groupby("world")["utility_coalition"]
    worse = ended["utility_coalition"] < rejected.max().reindex(ended.index) - 1e-9
    assert worse.any() != commits


def test_a_world_is_the_same_alone_and_among_others(sebac, assert_same_bits):
    values = BREAKS | {"mediation.on": True, "mediation.chance": 0.5}
    together = sim.negotiate(sebac, 13, seed=3, set=values, first_world=41).frame()
    for world in (41, 47, 53):
        alone = sim.negotiate(sebac, seed=3, set=values, first_world=world).frame()
        assert_same_bits(together.loc[[world]], alone)


def test_story_and_picture_tell_of_the_mediator(sebac):
    frame = sim.negotiate(sebac, 53, seed=3, set=BREAKS | ON).frame()
    world = frame.index[frame["mediated"]][0]
    outcome = sim.negotiate(sebac, seed=3, set=BREAKS | ON, first_world=int(world))
    told, found = sim.tell_story(outcome), outcome.frame().iloc[0]
    proposed = package_in_words(sebac, {i.name: float(found[i.name]) for i in sebac.issue})
    assert f"The talks fail. A mediator proposes {proposed} (saves $" in told
    assert "The first ballot" in told
    assert "a mediator brought the sides together at $" in talks(outcome).get_label()

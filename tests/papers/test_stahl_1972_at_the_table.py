"""Ståhl (1972) played: two sides who look ahead to the deadline agree on the first offer.

The shares are those of the textbook but for the rounding to a grid, a less patient side has less
(Rubinstein 1982), and a risk of breakdown counts as impatience does (Binmore, Rubinstein and
Wolinsky 1986). Against whatever the other side offers, one that looks ahead answers as backward
induction from there on tells it to.
"""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.cases.loading import load_scenario, with_values
from sim.negotiators.agents import Coalition
from sim.negotiators.history import NO_OFFER
from sim.negotiators.tactics import subgame_perfect
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation
from sim.theory.alternating_offers import proposer_share_in_rounds
from sim.theory.backward_induction import equilibrium

FORESIGHT = {"governor.tactic": "subgame_perfect", "coalition.tactic": "subgame_perfect"}
ZONE = 1 / 3  # what there is to gain from an agreement on the pie, in the utility of either side
PIECE = 1 / 2000  # of the zone


def talks(scenario, worlds=1, seed=2011, **values):
    return sim.negotiate(scenario, worlds, seed=seed, set=FORESIGHT | values)


def patience(governor, coalition):
    return {"governor.discount_factor": governor, "coalition.discount_factor": coalition}


@pytest.mark.parametrize("rounds", [1, 2, 11, 200])
@pytest.mark.parametrize(("governor", "coalition"), [(0.9, 0.8), (0.8, 0.9), (0.95, 0.95)])
def test_the_pie_is_split_as_in_the_textbook(rounds, governor, coalition):
    outcome = talks("split-the-pie", **{"calendar.rounds": rounds}, **patience(governor, coalition))
    world = outcome.frame().iloc[0]
    share = world["utility_governor"] / ZONE
    reach = PIECE / (1 - governor * coalition)
    textbook = proposer_share_in_rounds(rounds, governor, coalition)
    assert -reach <= share - textbook <= coalition * reach
    assert world["utility_governor"] + world["utility_coalition"] == pytest.approx(ZONE)
    assert (world["round"], world["proposer"]) == (1, "governor")
    assert len(outcome.offers()) == 1


def test_a_less_patient_side_has_less_and_a_more_patient_one_more():
    pie = with_values(load_scenario("split-the-pie"), FORESIGHT)
    for side, other in (("governor", "coalition"), ("coalition", "governor")):
        worlds = [
            with_values(pie, {f"{side}.discount_factor": own, f"{other}.discount_factor": 0.9})
            for own in (0.95, 0.9, 0.8, 0.5, 0.2)
        ]
        outcome = Outcome([play(BargainingModel(worlds, len(worlds), rng=2011))])
        assert (np.diff(outcome.frame()[f"utility_{side}"]) < 0).all()


def test_a_risk_of_breakdown_counts_as_impatience_does():
    risky = talks("split-the-pie", 500, **{"talks.breakdown": 0.2})
    impatient = talks("split-the-pie", **patience(0.8, 0.8))
    assert risky.offers()["share"].unique().tolist() == impatient.offers()["share"].tolist()
    frame = risky.frame()
    assert 0.75 < frame["agreed"].mean() < 0.85
    assert frame.loc[frame["agreed"], "round"].eq(1).all()


def test_who_offers_first_gains_by_it():
    worlds = talks("split-the-pie", 20, **{"talks.first_proposer": "random"}, **patience(0.8, 0.8))
    frame = worlds.frame()
    to_governor = frame.groupby("proposer")["utility_governor"].unique()
    to_coalition = frame.groupby("proposer")["utility_coalition"].unique()
    assert to_governor["governor"] == pytest.approx(to_coalition["coalition"])
    assert to_governor["governor"] == pytest.approx(ZONE / 1.8, abs=ZONE * PIECE * 2)
    assert to_governor["governor"] > to_governor["coalition"]


# -------------------------------------------------------------- against whatever the other side does


@pytest.mark.parametrize("needs", [0.0, 0.1], ids=["plain", "biased"])
@pytest.mark.parametrize("rounds", [7, 8])
@pytest.mark.parametrize("first", ["governor", "coalition"])
def test_every_answer_to_any_offer_is_that_of_backward_induction(first, rounds, needs):
    """Every second governor is less patient; half of a self-serving bias is what a side needs."""
    worlds = 211
    patient = np.where(np.arange(worlds) % 2 == 0, 0.9, 0.5)
    scripted = np.random.default_rng(5).integers(NO_OFFER, 36, size=(worlds, rounds + 1))

    class OffersAnything(Coalition):
        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

        def propose(self, history):
            return scripted[history.worlds, history.turn]

    values = {
        "calendar.rounds": rounds,
        "talks.first_proposer": first,
        "talks.breakdown": 0.05,
        "talks.self_serving_bias": 2 * needs,
    }
    scenario = sim.with_values(sim.load_scenario("mini-ct"), FORESIGHT | values)
    kinds = {x: sim.with_values(scenario, patience(x, 0.7)) for x in (0.9, 0.5)}
    cases = [kinds[x] for x in patient.tolist()]
    model = sim.BargainingModel(cases, worlds, rng=1, coalition=OffersAnything)
    while model.running:
        model.step()
    known = {"governor": (model.batch.governor.table, np.array([needs]), patient)}
    known["coalition"] = (model.batch.coalition.table, np.zeros(1), np.array([0.7]))
    second = "coalition" if first == "governor" else "governor"
    tables, nothing, discount = zip(known[first], known[second], strict=True)
    foreseen = equilibrium(
        *tables,
        disagreement=nothing,
        discount=discount,
        breakdown=np.array([0.05]),
        rounds=rounds,
    )
    accepted = 0
    begins = 0 if first == "governor" else 1
    for turn in range(begins, rounds + 1, 2):
        moves = (model.agreed_round == turn) | (model.offers[:, turn] != NO_OFFER)
        received = scripted[moves, turn - 1] if turn else np.full(worlds, NO_OFFER)
        gain = known["governor"][0][0, received] - needs
        good = (received != NO_OFFER) & (gain >= foreseen.continuation[turn, begins, moves] - 1e-12)
        assert (model.agreed_round[moves] == turn).tolist() == good.tolist()
        accepted += good.sum()
        if turn < rounds:
            offered = model.offers[moves, turn][~good]
            assert offered.tolist() == foreseen.package[turn, moves][~good].tolist()
    assert accepted > worlds / 10


def test_a_side_that_comes_to_need_more_than_it_foresaw_asks_for_that(situation):
    """As after a leak, which is not foreseen: the plan stays, but for what is too little now."""
    points = Valuation.plain(np.array([[1.0, 0.6, 0.2, 0.0]]))
    others = Valuation.plain(np.array([[0.0, 0.2, 0.6, 1.0]]))
    patient = {"governor.discount_factor": 0.5, "coalition.discount_factor": 0.5}
    known = patient | {"talks.breakdown": 0.0}
    nothing_yet = [[NO_OFFER] * 5]
    agenda = Agenda(("pay",), ("",), ("",), ((0.0, 0.2, 0.6, 1.0),), ("squared",), (1.0,))
    before = situation(agenda, points, others, nothing_yet, turn=0, rounds=4, parameters=known)
    later = replace(before, history=replace(before.history, turn=2))
    assert subgame_perfect(later) == subgame_perfect(before) == 0.2
    for needs, asks in [(0.1, 0.2), (0.9, 0.9)]:
        assert subgame_perfect(replace(later, reservation=np.array([needs]))) == asks


# ------------------------------------------------------------------------------- the flagship case


def test_leaders_who_look_ahead_agree_at_once_in_every_world():
    frame = talks("sebac-2011", 300, **patience(0.95, 0.95)).frame()
    assert frame["round"].eq(1).all()
    assert frame["pareto_distance"].max() < 1e-9
    assert frame["utility_coalition"].nunique() > 100


def test_worlds_that_differ_in_patience_and_in_who_begins_play_as_they_would_alone():
    scenario = sim.load_scenario("sebac-2011")
    values = [
        FORESIGHT
        | {
            "governor.discount_factor": factor,
            "talks.first_proposer": "random",
            "talks.breakdown": 0.1,
        }
        for factor in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
    ]
    cases = [sim.with_values(scenario, each) for each in values]
    model = sim.BargainingModel(cases, 7, rng=3)
    while model.running:
        model.step()
    for world, case in enumerate(cases):
        alone = sim.BargainingModel(case, 1, rng=3, first_world=world)
        while alone.running:
            alone.step()
        assert model.offers[world].tolist() == alone.offers[0].tolist()
        assert model.agreed_round[world] == alone.agreed_round[0]
    assert model.batch.governor_first.any()
    assert not model.batch.governor_first.all()

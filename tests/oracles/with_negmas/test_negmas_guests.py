"""A negotiator of NegMAS at our table, and a party of ours at theirs: the talks stay the same."""

import numpy as np
import pytest

from sim.negotiators.agents import Coalition, Governor
from sim.negotiators.history import NO_OFFER, OfferHistory
from sim.negotiators.situation import OTHER_SIDE
from sim.play.model import BargainingModel

ROUNDS = 11
GAMES = range(500, 518)
NEGOTIATORS = ["BoulwareTBNegotiator", "ConcederTBNegotiator", "HybridNegotiator"]
pytestmark = pytest.mark.oracles


@pytest.fixture(scope="module")
def guest_of_ours(negmas_game):
    """Give a function that makes a role of ours in which a negotiator of NegMAS decides."""
    sao = pytest.importorskip("negmas.sao")

    def role(party, kind):
        class Guest(party):
            """Asks its negotiator once a turn, for a yes or for a counter-offer."""

            def accepts(self, history):
                if history.turn < 2:
                    self.sit_down(history)
                done, rounds = history.turn // 2, (history.rounds + 1) // 2
                received = history.received[0]
                offer = None if received == NO_OFFER else self.packages[received]
                state = sao.SAOState(
                    step=done,
                    relative_time=(done + 1) / (rounds + 1),
                    running=True,
                    started=True,
                    current_offer=offer,
                    n_negotiators=2,
                )
                if offer is not None:
                    self.negotiator.on_partner_proposal(state, OTHER_SIDE[self.side], offer)
                self.answer = self.negotiator(state)
                return np.array([self.answer.response == sao.ResponseType.ACCEPT_OFFER])

            def propose(self, history):
                return np.array([self.packages.index(self.answer.outcome)])

            def sit_down(self, history):
                space, worths = negmas_game(self.model.batch.settings.scenario)
                mechanism = sao.SAOMechanism(outcome_space=space, n_steps=(history.rounds + 1) // 2)
                self.negotiator = getattr(sao, kind)()
                mechanism.add(self.negotiator, ufun=worths[self.side == "coalition"])
                self.packages = list(space)

        return Guest

    return role


@pytest.fixture(scope="module")
def guest_of_theirs():
    """Give a function that makes a negotiator of NegMAS in which a role of ours decides."""
    sao = pytest.importorskip("negmas.sao")

    class Guest(sao.SAONegotiator):
        """Keeps the record of the talks as our table shows it, and asks its party."""

        def __init__(self, scenario, rounds, side):
            super().__init__()
            deadline = {"calendar.rounds": 2 * rounds - 1}
            model = BargainingModel(scenario, set=deadline, rng=1)
            self.party, self.second = getattr(model, side), side == "coalition"
            self.packages = [tuple(package) for package in model.batch.agenda.packages.tolist()]
            self.offers = np.full((1, 2 * rounds), NO_OFFER)

        def respond(self, state, source=None):
            history = self.table(state)
            if self.party.accepts(history)[0] and history.received[0] != NO_OFFER:
                return sao.ResponseType.ACCEPT_OFFER
            return sao.ResponseType.REJECT_OFFER

        def propose(self, state, dest=None):
            history = self.table(state)
            offer = self.party.propose(history)[0]
            self.offers[0, history.turn] = offer
            return self.packages[offer]

        def table(self, state):
            turn = 2 * state.step + self.second
            if state.current_offer is not None:
                self.offers[0, turn - 1] = self.packages.index(tuple(state.current_offer))
            rounds = self.offers.shape[1] - 1
            return OfferHistory(turn, rounds, self.offers, np.zeros(1, dtype=int), np.ones(1))

    return Guest


@pytest.mark.slow
@pytest.mark.parametrize("second", NEGOTIATORS)
@pytest.mark.parametrize("first", NEGOTIATORS)
def test_their_negotiators_play_the_same_at_our_table(
    first, second, domains, our_table, their_table, guest_of_ours
):
    sao = pytest.importorskip("negmas.sao")
    for number in GAMES:
        seats = guest_of_ours(Governor, first), guest_of_ours(Coalition, second)
        negotiators = getattr(sao, first)(), getattr(sao, second)()
        here = our_table(domains(number), ROUNDS, *seats)
        assert here == their_table(domains(number), ROUNDS, *negotiators)


@pytest.mark.slow
def test_our_parties_play_the_same_at_their_table(domains, our_table, their_table, guest_of_theirs):
    for number in GAMES:
        scenario = domains(number)
        guests = (guest_of_theirs(scenario, ROUNDS, side) for side in ("governor", "coalition"))
        there = their_table(scenario, ROUNDS, *guests)
        assert there == our_table(scenario, ROUNDS, Governor, Coalition)


@pytest.mark.slow
@pytest.mark.parametrize("kind", NEGOTIATORS)
def test_one_of_theirs_against_one_of_ours_plays_the_same_at_either_table(
    kind, domains, our_table, their_table, guest_of_ours, guest_of_theirs
):
    sao = pytest.importorskip("negmas.sao")
    for number in GAMES:
        scenario = domains(number)
        here = our_table(scenario, ROUNDS, Governor, guest_of_ours(Coalition, kind))
        host = getattr(sao, kind)()
        there = their_table(scenario, ROUNDS, guest_of_theirs(scenario, ROUNDS, "governor"), host)
        assert here == there

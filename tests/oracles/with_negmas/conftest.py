"""NegMAS (Mohammad, Nakadai and Greenwald 2021) put at our table: its clock and its threshold.

Its time-based negotiators offer the cheapest package above the threshold (our `cheapest`) and accept
what reaches it (our `ac_next`). One of its rounds is two of our turns, one for each party in the
order they joined. In round k of N both see the time (k + 1) / (N + 1), which is never 1.
"""

from dataclasses import dataclass

import numpy as np
import pytest

EXPONENTS = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}
SLACK = 1e-4  # how far below its aspiration a time-based negotiator of NegMAS asks
SEED = 2021


@dataclass(frozen=True)
class Talks:
    """What was offered, as levels, and how it ended: the package, its round and who accepted."""

    offers: list[tuple[float, ...]]
    agreement: tuple[float, ...] | None
    round: int | None
    acceptor: str | None


@pytest.fixture(scope="session")
def by_the_rules_of_negmas():
    """Give a function that makes a role decide by NegMAS's time-based rules, with some tactic."""
    return time_based


@pytest.fixture(scope="session")
def our_table():
    """Give a function that plays rounds of NegMAS at our table and tells what happened."""
    return play_here


@pytest.fixture(scope="session")
def their_table():
    """Give a function that plays a scenario in NegMAS; its parties are negotiators of NegMAS."""
    pytest.importorskip("negmas.sao")
    return play_there


@pytest.fixture(scope="session")
def domains():
    """Give a function that draws games without ties: 2 to 4 issues of 2 to 6 values, utility in [0, 1]."""
    from sim.cases.loading import parse_scenario

    def draw(number):
        rng = np.random.default_rng([SEED, number])
        sizes = rng.integers(2, 7, rng.integers(2, 5)).tolist()
        weights = rng.dirichlet(np.ones(len(sizes)), size=2)
        tables = [weights[:, [i]] * rng.uniform(size=(2, size)) for i, size in enumerate(sizes)]
        issues = [
            {"name": f"issue_{i}", "title": f"Issue {i}", "unit": "none"}
            | {"levels": list(range(size))}
            | {"governor": table[0].tolist(), "coalition": table[1].tolist()}
            for i, (size, table) in enumerate(zip(sizes, tables, strict=True))
        ]
        best = sum(table.max(axis=-1) for table in tables)
        document = {
            "name": f"domain-{number}",
            "title": "A drawn game",
            "description": "Points are drawn.",
            "source": "drawn",
            "utility": "points",
            "batna": (best * rng.uniform(0, 0.6, 2)).tolist(),
            "calendar": {"rounds": 9},
            "issue": issues,
            "governor": {"beta": 0.4},
            "coalition": {"beta": 1.5},
            "talks": {"selection": "cheapest"},
        }
        return parse_scenario(document, document["name"])

    return draw


def points(scenario, agenda, side):
    from sim.preferences.payoffs import additive

    return additive(agenda, [getattr(issue, side) for issue in scenario.issue])


def in_negmas(scenario):
    """The outcome space of a scenario and the utility functions of governor and coalition."""
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction

    issues = [make_issue(list(issue.levels), issue.name) for issue in scenario.issue]
    space = make_os(issues)
    worths = [
        LinearAdditiveUtilityFunction(
            values=[
                dict(zip(issue.levels, getattr(issue, side), strict=True))
                for issue in scenario.issue
            ],
            weights=[1.0] * len(issues),
            outcome_space=space,
            reserved_value=scenario.batna[i],
        )
        for i, side in enumerate(("governor", "coalition"))
    ]
    return space, worths


@pytest.fixture(scope="session")
def negmas_game():
    """Give a function that makes an outcome space and two utility functions of a scenario."""
    pytest.importorskip("negmas")
    return in_negmas


def time_based(party, tactic):
    """A role that decides by NegMAS's time-based rules."""
    from sim.preferences.valuation import Valuation

    class TimeBased(party):
        def utility(self):
            scenario, agenda = self.model.batch.settings.scenario, self.model.batch.agenda
            return Valuation.plain(points(scenario, agenda, self.side)[None])

        def aspiration(self, history):
            done, rounds = history.turn // 2, (history.rounds + 1) // 2
            scenario = self.model.batch.settings.scenario
            worth, batna = self.valuation.table[0], scenario.batna[self.side == "coalition"]
            least, most = max(worth.min(), batna), worth.max()
            share = 1 - ((done + 1) / (rounds + 1)) ** EXPONENTS[tactic]
            ask = (most - least) * share + least - SLACK
            return np.array([min(max(ask, least), most)])

    return TimeBased


def play_here(scenario, rounds, governor, coalition):
    """Play rounds of NegMAS at our table, with these roles."""
    from sim.negotiators.history import NO_OFFER
    from sim.play.model import BargainingModel
    from sim.play.outcome import play

    deadline = {"calendar.rounds": 2 * rounds - 1, "talks.first_proposer": "governor"}
    seats = {"governor": governor, "coalition": coalition}
    model = play(BargainingModel(scenario, set=deadline, rng=SEED, **seats))
    packages = [tuple(package) for package in model.batch.agenda.packages.tolist()]
    offers = [packages[offer] for offer in model.offers[0] if offer != NO_OFFER]
    if model.agreement[0] == NO_OFFER:
        return Talks(offers, None, None, None)
    turn = int(model.agreed_round[0])
    acceptor = ("governor", "coalition")[turn % 2]
    return Talks(offers, packages[model.agreement[0]], turn // 2, acceptor)


def play_there(scenario, rounds, governor, coalition):
    """Play a scenario in NegMAS, with negotiators of NegMAS."""
    from negmas.sao import SAOMechanism

    space, worths = in_negmas(scenario)
    mechanism = SAOMechanism(outcome_space=space, n_steps=rounds)
    for negotiator, worth in zip((governor, coalition), worths, strict=True):
        mechanism.add(negotiator, ufun=worth)
    state = mechanism.run()
    offers = [tuple(map(float, offer)) for _, _, offer in mechanism.extended_trace]
    if state.agreement is None:
        return Talks(offers, None, None, None)
    # the last offer is the accepted one, and with two parties the other one accepted it
    acceptor = ("coalition", "governor")[mechanism.extended_trace[-1][1] == coalition.id]
    return Talks(offers, tuple(map(float, state.agreement)), state.step - 1, acceptor)

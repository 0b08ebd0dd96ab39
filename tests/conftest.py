"""What all tests share: checked shapes, a Hypothesis that repeats itself, a few ways to play."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

# Before the first import of any of them: from here on every call is checked against its annotation,
# in which a float may also be given as an int.
install_import_hook(
    ("sim", "oracles"), "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"
)

os.environ.pop("COLUMNS", None)  # which some ways to run tests set, and tables take as their width

# The quick tier plays rules, papers, models, scenarios, mechanisms and worlds, and of each way in to the
# program these; what else there is of them belongs to the full tier.
ONE_OF_EACH_DOOR = {
    "attack": [],
    "cli": [
        "test_a_mean_of_three_worlds_says_so_and_is_marked",
        "test_run_writes_data_figures_and_says_where_and_what_next",
    ],
    "docs": [
        "test_every_link_to_a_file_leads_somewhere",
        "test_nothing_in_the_project_names_where_it_was_made",
        "test_the_table_of_parameters_is_made_from_the_schema",
    ],
    "experiments": [
        "test_all_problems_are_told_at_once",
        "test_every_world_is_a_row_with_its_point_replication_and_labels",
    ],
    "figures": ["test_every_offer_is_drawn"],
    "interop": ["test_a_scenario_comes_back_whole_to_the_last_bit"],
    "notebooks": ["test_answers_are_the_same_by_what_they_say"],
    "oracles": [],
    "report": [
        "test_dollars_keep_three_significant_digits",
        "test_looking_up_imports_nothing_that_plays_or_draws",
        "test_titles_are_told_in_place_of_keys",
    ],
    "teaching": [
        "test_a_number_is_read_however_it_is_written",
        "test_every_sheet_is_there_apart_and_in_one",
        "test_the_nash_solution_scores_full",
    ],
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark as slow what is not of the quick tier."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in ONE_OF_EACH_DOOR and item.originalname not in ONE_OF_EACH_DOOR[folder]:
            item.add_marker(pytest.mark.slow)


settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def sebac():
    """Load the flagship case."""
    from sim.cases.loading import load_scenario

    return load_scenario("sebac-2011")


@pytest.fixture(scope="session")
def edited():
    """Give a function that changes entries of a scenario, such as {("union", 2, "offset"): 0.1}."""
    from sim.cases.loading import as_document, parse_scenario

    def change(scenario, entries):
        document = as_document(scenario)
        for (*place, key), value in entries.items():
            table = document
            for part in place:
                table = table[part]
            table[key] = value
        return parse_scenario(document, "edited")

    return change


@pytest.fixture(scope="session")
def put_to_members():
    """Give a function that has the governor offer packages[w] in world w and be taken up on it."""
    from sim.negotiators.agents import Coalition, Governor
    from sim.negotiators.history import NO_OFFER
    from sim.play.model import BargainingModel
    from sim.play.outcome import Outcome, play

    class TakesAnything(Coalition):
        def accepts(self, history):
            return history.received != NO_OFFER

    def vote(case, packages, values=None, *, seed=2011):
        packages = np.asarray(packages)

        class OffersThem(Governor):
            def propose(self, history):
                return packages[history.worlds]

        model = BargainingModel(
            case,
            len(packages),
            set={"talks.first_proposer": "governor"} | (values or {}),
            rng=seed,
            governor=OffersThem,
            coalition=TakesAnything,
        )
        return Outcome([play(model)])

    return vote


@pytest.fixture(scope="session")
def assert_same_bits():
    """Give a function that compares frames exactly, and their floats bit by bit."""
    return _same_bits


@pytest.fixture(scope="session")
def assert_same_worlds():
    """Give a function that compares two outcomes in every number but the bylaws they name."""

    def same(one, other):
        _same_bits(one.frame(), other.frame())
        _same_bits(one.offers(), other.offers())
        _same_bits(*(outcome.ballots().drop(columns=BYLAWS) for outcome in (one, other)))

    return same


BYLAWS = ["unions_required", "weight_required", "weighting"]


def _same_bits(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    for left, right in zip(_floats(one), _floats(other), strict=True):
        assert left.tobytes() == right.tobytes()


def _floats(frame):
    return (frame[name].to_numpy() for name in frame.select_dtypes("float64"))


@pytest.fixture(scope="session")
def situation():
    """Give a function that puts a side before a table.

    `offers` are package numbers by turn, in rows of worlds, of which the side is to move in `worlds`;
    `parameters` are looked up by full name.
    """
    from sim.negotiators.history import OfferHistory
    from sim.negotiators.situation import Notes, Ranking, Situation
    from sim.preferences.agenda import Agenda

    def numbered(packages):
        levels = tuple(map(float, range(packages)))
        return Agenda(("pie",), ("Pie",), ("",), (levels,), ("absolute",), (1.0,))

    def put(
        agenda,
        own,
        other,
        offers,
        *,
        turn,
        rounds=12,
        side="governor",
        reservation=0.0,
        parameters=None,
        uniform=0.0,
        resolve=0.0,
        worlds=None,
    ):
        agenda = numbered(own.table.shape[-1]) if agenda is None else agenda
        offers = np.atleast_2d(offers)
        worlds = np.arange(len(offers)) if worlds is None else worlds
        secrecy = np.ones(len(worlds))
        known = {name: np.atleast_1d(value) for name, value in (parameters or {}).items()}
        return Situation(
            side=side,
            history=OfferHistory(turn, rounds, offers, worlds, secrecy),
            ranking=Ranking(agenda, own, other),
            reservation=np.atleast_1d(reservation),
            parameter=known.__getitem__,
            uniform=lambda: np.broadcast_to(uniform, worlds.shape),
            resolve=lambda: np.broadcast_to(resolve, worlds.shape),
            notes=Notes(),
            cost_of_turns=lambda side, turns: np.zeros(1),
            turns_on_strike=lambda turns: np.array([turns]),
        )

    return put

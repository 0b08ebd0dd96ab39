"""The model is a Mesa model, and a behaviour is replaced by putting another class in its place."""

import copy
import gc
import inspect
import pickle
import subprocess
import sys
import warnings
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run
from pandas.testing import assert_frame_equal

from sim.inputs.problems import InputError
from sim.negotiators.agents import Coalition, Governor, MemberUnion
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.preferences.bylaws import MAJORITY
from sim.preferences.governor import GovernorUtility
from sim.preferences.valuation import Valuation

WORLDS = 53


@pytest.fixture(scope="module")
def usual():
    return played()


def played(**classes):
    return play(BargainingModel(worlds=WORLDS, rng=2011, **classes))


# ----------------------------------------------------------------------------- a Mesa model


def test_a_model_without_arguments_is_one_world_of_the_flagship_case_and_stops_itself():
    model = BargainingModel()
    assert isinstance(model, mesa.Model)
    assert model.batch.settings.scenario.name == "sebac-2011"
    assert model.batch.worlds == 1
    while model.running:
        model.step()
    assert not model.talking.any()
    assert model.turn <= model.batch.rounds


def test_every_step_is_recorded_as_one_round():
    model = played()
    record = model.datacollector.get_model_vars_dataframe()
    assert record["round"].tolist() == list(range(model.turn + 1))
    assert record.columns.tolist() == list(BargainingModel.reporters)
    assert record["talking"].is_monotonic_decreasing
    assert record["agreed"].is_monotonic_increasing
    assert (record["talking"] + record["agreed"]).tolist() == [1.0] * len(record)
    assert record["ratified"].iloc[:-1].eq(0).all()
    assert record["ratified"].iloc[-1] == Outcome([model]).frame()["ratified"].mean()


def test_the_record_of_a_round_is_about_the_offers_of_that_round():
    model = played()
    offers = Outcome([model]).offers()
    record = model.datacollector.get_model_vars_dataframe().set_index("round")
    by_round = offers.groupby("round")
    for column, name in [
        ("savings", "offer_savings"),
        ("utility_governor", "offer_to_governor"),
        ("utility_coalition", "offer_to_coalition"),
    ]:
        means = by_round[column].mean()
        assert record.loc[means.index, name].to_numpy() == pytest.approx(means.to_numpy())
    first = offers[offers["round"] == 0]
    assert record.loc[0, "governor_moves"] == (first["proposer"] == "governor").mean()


def test_a_step_after_the_end_does_nothing():
    model = played()
    before = Outcome([model])
    frame, offers, ballots = before.frame(), before.offers(), before.ballots()
    recorded = len(model.datacollector.get_model_vars_dataframe())
    for _ in range(3):
        model.step()
    after = Outcome([model])
    assert not model.running
    assert len(model.datacollector.get_model_vars_dataframe()) == recorded
    assert after.frame().equals(frame)
    assert after.offers().equals(offers)
    assert after.ballots().equals(ballots)


def test_a_step_after_the_end_is_not_counted_and_mesas_time_stands_still():
    model = played()
    steps, time = model.steps, getattr(model, "time", None)
    assert steps == model.turn + 1
    for _ in range(3):
        model.step()
    assert (model.steps, getattr(model, "time", None)) == (steps, time)
    model.run_model()
    assert model.steps == steps


def test_a_model_that_is_over_cannot_be_set_running_and_one_that_is_paused_can():
    model = BargainingModel(worlds=7, rng=3)
    model.step()
    model.running = False
    model.run_model()
    assert model.turn == 0
    model.step()  # by hand it still goes on
    assert model.turn == 1
    model.running = True
    model.run_model()
    assert model.over
    with pytest.raises(InputError, match="the talks are over"):
        model.running = True
    assert not model.running
    assert_frame_equal(Outcome([model]).frame(), negotiate(worlds=7, seed=3).frame())


def test_how_worlds_ended_is_not_told_before_they_have():
    model = BargainingModel(worlds=7, rng=3)
    for turn in (-1, 0):
        with pytest.raises(InputError, match=f"the talks are at turn {turn} of 12 and not over"):
            Outcome([model]).frame()
        model.step()


@pytest.mark.parametrize("over", [False, True])
def test_an_agent_of_the_table_is_removed_only_when_the_talks_are_over(over):
    model = BargainingModel(rng=3)
    if over:
        play(model)
        frame = Outcome([model]).frame()
        model.remove_all_agents()
        assert len(model.agents) == 0
        assert_frame_equal(Outcome([model]).frame(), frame)
        return
    seated = list(model.agents)
    for agent in seated:
        with pytest.raises(InputError, match=f"^{type(agent).__name__}: the talks need it"):
            agent.remove()
    with pytest.raises(InputError, match="the talks need it"):
        model.remove_all_agents()
    assert list(model.agents) == seated


def test_an_agent_that_has_no_seat_comes_and_goes():
    class Journalist(mesa.Agent):
        """Nobody at the table."""

    model = BargainingModel(rng=3)
    seated = list(model.agents)
    journalist = Journalist(model)
    assert journalist in model.agents
    journalist.remove()
    assert list(model.agents) == seated


@pytest.mark.parametrize("another", [Governor, Coalition])
def test_a_second_negotiator_is_refused_and_told_where_it_can_sit(another):
    model = BargainingModel(rng=3)
    with pytest.raises(InputError, match=f"^{another.__name__}: all seats are taken"):
        another(model)
    with pytest.raises(InputError, match="^MemberUnion: all seats are taken"):
        MemberUnion(model, "Local 0", 0)


def test_other_draws_are_not_to_be_had_from_the_same_model():
    model = BargainingModel(worlds=7, rng=3)
    for reset in (lambda: model.reset_rng(8), lambda: model.reset_randomizer(8)):
        with pytest.warns(UserWarning, match="the draws of the talks are addressed"):
            reset()
    assert_frame_equal(Outcome([play(model)]).frame(), negotiate(worlds=7, seed=3).frame())


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_in_the_middle_of_the_talks_ends_as_the_model_does(again):
    model = BargainingModel(worlds=7, rng=3)
    for _ in range(3):
        model.step()
    other = again(model)
    for each in (model, other):
        play(each)
    assert_frame_equal(Outcome([other]).frame(), Outcome([model]).frame())
    assert other.governor.model is other
    assert other.steps == model.steps


def test_mesa_runs_it_in_batches():
    seeded = "rng" in inspect.signature(batch_run).parameters
    repeated = {"rng": [1, 2]} if seeded else {"iterations": 2}
    rows = batch_run(
        BargainingModel,
        {"worlds": 7, "case": ["sebac-2011", "mini-ct"]},
        number_processes=1,
        display_progress=False,
        **repeated,
    )
    assert len(rows) == 4
    assert sorted(row["case"] for row in rows) == ["mini-ct"] * 2 + ["sebac-2011"] * 2
    for row in rows:
        assert row["talking"] == 0
        assert row["round"] <= 12


def offers_of(rows):
    return [row["offer_to_governor"] for row in rows]


def test_in_a_batch_one_seed_repeats_itself_and_several_do_not(in_batches):
    stops_early = {"worlds": 2003, "case": "mini-ct", "max_steps": 3}
    same = in_batches({"rng": [5]} | stops_early, 3)
    assert len(set(offers_of(same))) == 1
    several = in_batches({"rng": [5, 6, 7]} | stops_early, 1)
    assert len(set(offers_of(several))) == 3
    drawn = in_batches(stops_early, 5)
    assert len(set(offers_of(drawn))) > 1  # two may open alike as often by chance, and not all five


@pytest.fixture
def in_batches():
    """Give a function that runs a model with each of some parameters, some times, as Mesa 3.3 names that."""

    def run(parameters, times):
        steps = parameters.pop("max_steps")
        repeated = (
            {"rng": [None] * times}
            if "rng" in inspect.signature(batch_run).parameters and "rng" not in parameters
            else {"iterations": times}
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # later versions would have it called otherwise
            return batch_run(
                BargainingModel,
                parameters,
                number_processes=1,
                display_progress=False,
                max_steps=steps,
                **repeated,
            )

    return run


TAKEN_APART = """
import warnings
from mesa.batchrunner import batch_run
from sim import BargainingModel, InputError, load_scenario
for parameters in ({"case": load_scenario("mini-ct")}, {"set": {"threat.layoffs": 7500}}):
    try:
        batch_run(BargainingModel, parameters, display_progress=False)
    except InputError as error:
        print(error)
"""


@pytest.mark.slow  # a process without the types checked, which would speak first
def test_what_mesa_would_take_apart_is_refused_with_what_to_write():
    done = subprocess.run(
        [sys.executable, "-c", TAKEN_APART], capture_output=True, text=True, check=True
    )
    case, values = done.stdout.splitlines()
    assert case.endswith("for Mesa's batch_run put a scenario in a list: [scenario]")
    assert values.endswith("for Mesa's batch_run put them in a list: [{...}]")


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="this Mesa has no run_for")
def test_mesa_runs_it_for_a_time():
    model, stepped = BargainingModel(worlds=7, rng=3), BargainingModel(worlds=7, rng=3)
    model.run_for(40)
    play(stepped)
    assert not model.running
    assert Outcome([model]).frame().equals(Outcome([stepped]).frame())
    assert len(model.datacollector.get_model_vars_dataframe()) == stepped.turn + 1


def test_models_no_longer_used_are_given_back():
    models = [played() for _ in range(3)]
    watched = [weakref.ref(model) for model in models]
    del models
    gc.collect()
    assert [watch() for watch in watched] == [None, None, None]


def test_every_role_is_an_agent():
    model = BargainingModel()
    assert list(model.agents) == [model.governor, model.coalition, *model.unions, model.public]
    assert [union.name for union in model.unions] == [
        union.name for union in model.batch.settings.scenario.union
    ]


def test_a_seed_is_drawn_if_none_is_given_and_kept_if_one_is():
    seeds = {BargainingModel().batch.draws.seed for _ in range(5)}
    assert len(seeds) == 5
    for given in ({"rng": 7}, {"seed": 7}, {"seed": 7.0}, {"rng": np.int64(7)}):
        assert BargainingModel(**given).batch.draws.seed == 7


@pytest.mark.parametrize(
    "made",
    [
        lambda: np.random.default_rng(7),
        lambda: np.random.PCG64(7),
        lambda: np.random.SeedSequence(7),
        lambda: [7, 8],
    ],
)
def test_what_numpy_takes_for_a_seed_names_one(made):
    seeds = [BargainingModel(rng=made()).batch.draws.seed for _ in range(2)]
    assert seeds[0] == seeds[1]
    assert seeds[0] not in (7, 8)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rng": -1}, "rng = -1: the seed must be a whole number"),
        ({"rng": 2**63}, "the seed must be a whole number"),
        ({"seed": 4.5}, "seed = 4.5: the seed must be a whole number"),
        ({"rng": True}, "rng = true: the seed must be"),
        ({"rng": [1, -2]}, "the seed must be a whole number"),
        ({"rng": 1, "seed": 1}, "both name the seed; give one"),
    ],
)
def test_what_is_no_seed_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        BargainingModel(**given)


# ------------------------------------------------------------------------- another union


class HardlyHurt(MemberUnion):
    """A union whose members hardly feel the pension cuts."""

    def utility(self):
        return replace(super().utility(), pension_pain_by_seniority=np.zeros(1))


class VotesByTheBook(MemberUnion):
    """A union that says yes to every package with job security."""

    def ratifies(self, ballot):
        return ballot.agenda.levels_on("job_security", ballot.package)


@pytest.mark.parametrize("another", [HardlyHurt, VotesByTheBook])
@pytest.mark.parametrize("index", [0, 6])
def test_another_class_for_one_union_changes_its_votes_and_nothing_else(
    usual, assert_same_bits, another, index
):
    name = usual.unions[index].name
    model = played(unions={name: another})
    one, other = Outcome([usual]), Outcome([model])
    assert_same_bits(one.offers(), other.offers())
    first = [ballots[ballots["ballot"] == 1] for ballots in (one.ballots(), other.ballots())]
    theirs = [votes.loc[votes["union"] == name, "yes_share"].to_numpy() for votes in first]
    assert (theirs[0] != theirs[1]).all()
    rest = [votes[votes["union"] != name] for votes in first]
    assert_same_bits(*rest)
    # The second ballot is held in other worlds; in those that hold it twice the others vote alike.
    second = [
        ballots[(ballots["ballot"] == 2) & (ballots["union"] != name)].set_index(["world", "union"])
        for ballots in (one.ballots(), other.ballots())
    ]
    both = second[0].index.intersection(second[1].index)
    assert len(both) > WORLDS
    assert_same_bits(*(votes.loc[both, ["yes_share", "carried"]] for votes in second))


def test_a_union_that_votes_by_the_book_votes_by_the_book(usual):
    name = usual.unions[0].name
    votes = Outcome([played(unions={name: VotesByTheBook})]).ballots()
    theirs = votes[votes["union"] == name]
    assert theirs["yes_share"].isin([0.0, 1.0]).all()
    assert (theirs["carried"] == (theirs["yes_share"] > MAJORITY)).all()


def test_a_union_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no union is called 'Local 0'"):
        BargainingModel(unions={"Local 0": VotesByTheBook})
    with pytest.raises(ValueError, match="no union is called"):
        BargainingModel("mini-ct", unions={"AFSCME Council 4": VotesByTheBook})


# ---------------------------------------------------------------------- another negotiator


class GivesWayEarly(Governor):
    """A governor who concedes at a steady pace."""

    def aspiration(self, history):
        return np.array([1 - history.time])


class NeverMindsTaxes(Governor):
    """A governor without a pledge, for whom taxes on the wealthy cost nothing."""

    def utility(self):
        batch = self.model.batch
        costs = {name: np.array([value]) for name, value in FREE_TAXES.items()}
        return Valuation.plain(GovernorUtility(**costs).table(batch.agenda, batch.fiscal))


FREE_TAXES = {
    "cost_of_cuts": 1.0,
    "cost_of_layoffs": 1.2,
    "cost_of_taxes": 0.0,
    "tax_pledge": 0.0,
    "cost_of_job_security": 0.02,
}


class GivesUpNothing(Coalition):
    """Leaders who ask for everything until the end."""

    def aspiration(self, history):
        return np.ones(1)


def by_side(model):
    """Give what each side offered in every world and turn, NO_OFFER where it did not move."""
    turns = np.arange(model.offers.shape[1])
    governors = np.stack([model.governor_moves(turn) for turn in turns], axis=1)
    return {
        "governor": np.where(governors, model.offers, NO_OFFER),
        "coalition": np.where(governors, NO_OFFER, model.offers),
    }


@pytest.mark.parametrize(
    ("side", "another"),
    [("governor", GivesWayEarly), ("governor", NeverMindsTaxes), ("coalition", GivesUpNothing)],
)
def test_another_class_for_one_side_changes_its_offers_and_not_the_other_sides_until_they_agree(
    usual, side, another
):
    model = played(**{side: another})
    other_side = {"governor": "coalition", "coalition": "governor"}[side]
    before, after = by_side(usual), by_side(model)
    made_in_both = (before[other_side] != NO_OFFER) & (after[other_side] != NO_OFFER)
    assert made_in_both.sum() > WORLDS * 3
    assert (before[other_side] == after[other_side])[made_in_both].all()
    own_in_both = (before[side] != NO_OFFER) & (after[side] != NO_OFFER)
    assert (before[side] != after[side])[own_in_both].any()


def test_a_governor_who_gives_way_earlier_agrees_sooner_and_gets_less(usual):
    early = Outcome([played(governor=GivesWayEarly)]).frame()
    late = Outcome([usual]).frame()
    assert early["round"].mean() < late["round"].mean()
    assert early["utility_governor"].mean() < late["utility_governor"].mean()


def test_leaders_may_refuse_to_amend_the_bylaws():
    class KeepsTheBylaws(Coalition):
        def amends(self, yes, worlds):
            return np.zeros(len(worlds), dtype=bool)

    ballots = Outcome([played(coalition=KeepsTheBylaws)]).ballots()
    assert set(ballots["unions_required"]) == {14}


# ------------------------------------------------------------------------------- worlds


def test_a_batch_has_at_least_one_world():
    with pytest.raises(ValueError, match="worlds = 0"):
        BargainingModel(worlds=0)


def test_as_many_scenarios_as_worlds_are_needed(sebac):
    with pytest.raises(ValueError, match="2 scenarios for 3 worlds"):
        BargainingModel([sebac, sebac], worlds=3)

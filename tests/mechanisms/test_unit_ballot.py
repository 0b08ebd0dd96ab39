"""Two ballots: the coalition's binds everybody, and a unit's own buys job security for that unit only."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import negotiate, tell_story
from sim.arrays.streams import Stream, normals
from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.inputs.problems import InputError
from sim.mechanisms.unit_ballot import (
    Unit,
    by_union,
    laid_off,
    savings_in_force,
    spread_within,
)
from sim.negotiators.agents import MemberUnion
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.preferences.agenda import Agenda
from sim.preferences.ballot import Ballot
from sim.preferences.member import MemberUtility
from sim.worlds.batch import make_batch
from sim.worlds.settings import Settings

WORLDS = 2000
ON = {"unit_ballot.on": True}
APART = ON | {"unit_ballot.units_sd": 0.03, "unit_ballot.wages_sd": 0.02}
AGENDA = Agenda(
    names=("wages", "health", "pensions", "job_security"),
    titles=("",) * 4,
    units=("",) * 4,
    levels=((0.0, 1.0), (0.0, 0.5), (0.0, 0.5), (0.0, 1.0)),
    similarity=("squared",) * 4,
    similarity_weights=(1.0,) * 4,
)
TASTES = {
    "wage_pain": 0.04,
    "health_pain": 0.06,
    "pension_pain": 0.02,
    "pension_pain_by_seniority": 0.0,
    "convexity": 0.0,
    "layoff_loss": 0.8,
    "job_security_value": 0.08,
    "job_security_by_seniority": 0.0,
    "cost_of_rejection": 0.03,
    "fairness": 0.5,
    "tolerated_sacrifice": 0.05,
    "shared_tax_excuse": 0.0,
    "noise": 0.065,
    "bumping": 0.0,
    "layoff_exposure": 1.0,
}
JUNIOR, SENIOR = 0, -1


def member(**tastes):
    """Members of five seniorities, of whom the most junior fifth is laid off first."""
    values = {name: np.array([value]) for name, value in (TASTES | tastes).items()}
    return MemberUtility(np.linspace(0.1, 0.9, 5), np.array([45_000.0]), **values)


def asked(question, utility, *, belief=0.5, threat=9000.0, **levels):
    package = np.array([[AGENDA.find(**levels)]])
    return question(utility, AGENDA, package, np.array([belief]), np.array([threat]))[0, 0]


FREEZE = {"wages": 1.0, "health": 0.5, "pensions": 0.5}
OF_ALL, OF_A_UNIT = MemberUtility.gain_on_coalition_ballot, MemberUtility.gain_on_unit_ballot


# --------------------------------------------------------------------------------- hand-worked


def test_a_member_accepts_the_freeze_for_job_security_and_says_so_twice():
    """The whole package hurts .08 and feels unfair by .015; without the freeze it hurts .04.

    A junior who says No risks .5 x .8.
    """
    of_all = asked(OF_ALL, member(), **FREEZE, job_security=1.0)
    of_unit = asked(OF_A_UNIT, member(), **FREEZE, job_security=1.0)
    assert of_all[JUNIOR] == pytest.approx(-0.095 + 0.08 + 0.4 + 0.03)
    assert of_all[SENIOR] == pytest.approx(-0.095 + 0.08 + 0.03)
    assert of_unit[JUNIOR] == pytest.approx(-0.095 + 0.08 + 0.4 + 0.04)
    assert of_unit[SENIOR] == pytest.approx(-0.095 + 0.08 + 0.04)


def test_a_senior_who_will_refuse_the_freeze_votes_on_health_and_pensions_alone():
    of_all = asked(OF_ALL, member(), **FREEZE)
    of_unit = asked(OF_A_UNIT, member(), **FREEZE)
    assert of_all[SENIOR] == pytest.approx(-0.04 + 0.03)
    assert of_unit[SENIOR] == pytest.approx(-0.095 + 0.04)
    assert of_all[JUNIOR] == pytest.approx(-0.095 + 0.4 + 0.03)


def test_what_feels_unfair_without_the_freeze_is_felt_on_both_sides_of_a_units_ballot():
    strict = member(tolerated_sacrifice=0.01)
    assert asked(OF_A_UNIT, strict, **FREEZE)[SENIOR] == pytest.approx(-0.04 - 0.5 * 0.04)


def test_56_of_1100_troopers_are_39_percent_of_their_part_of_the_threat():
    one, other = laid_off(np.array([6500.0]), np.array([0.39]), np.array([1100 / 50_160, 0.0]))
    assert one == pytest.approx(55.6, abs=0.05)
    assert other == 0


def test_units_that_refuse_keep_back_their_part_of_the_savings_on_wages():
    saved = savings_in_force(
        np.array([1602.5, 1000.0]), np.array([590.0, 0.0]), np.array([0.2, 0.5])
    )
    assert saved.tolist() == [1602.5 - 118.0, 1000.0]


def test_a_union_that_is_one_unit_has_no_spread_within():
    drawn = np.array([[1.0, -2.0, 3.0], [0.5, 0.25, -1.0]])
    mild = spread_within(np.array([[0.02]]), drawn, np.array([2, 2, 1]))
    assert mild.tolist() == [[0.02, -0.04, 0.0], [0.01, 0.005, 0.0]]


def test_a_union_without_listed_units_is_a_unit_of_its_own():
    unions = load_scenario("sebac-2011").union[:2]
    listed = [
        Unit(name="a", union=unions[1].name, members=7000, source="made up"),
        Unit(name="b", union=unions[1].name, members=700, source="made up"),
    ]
    (alone,), two = by_union(listed, unions)
    assert (alone.name, alone.union, alone.members) == (
        "AFSCME Council 4",
        "AFSCME Council 4",
        15600,
    )
    assert two == listed


# ---------------------------------------------------------------------------------------- laws

LEVELS = st.fixed_dictionaries(
    {
        name: st.sampled_from(levels)
        for name, levels in zip(AGENDA.names, AGENDA.levels, strict=True)
    }
)
BELIEFS = st.floats(0, 1)


@given(LEVELS, BELIEFS, st.floats(0, 0.3), st.floats(0, 1))
def test_who_accepts_the_freeze_votes_as_on_one_ballot_and_others_as_if_it_were_not_there(
    levels, belief, wage_pain, fairness
):
    who = member(wage_pain=wage_pain, fairness=fairness)
    whole = asked(MemberUtility.gain, who, belief=belief, **levels)
    of_all, of_unit = (
        asked(question, who, belief=belief, **levels) for question in (OF_ALL, OF_A_UNIT)
    )
    accepts = of_unit >= 0
    assert (of_all[accepts] == whole[accepts]).all()
    without = asked(
        MemberUtility.gain, who, belief=0.0, **levels | {"wages": 0.0, "job_security": 0.0}
    )
    assert of_all[~accepts] == pytest.approx(without[~accepts], abs=1e-15)


@given(LEVELS, BELIEFS)
def test_a_unit_likes_job_security_and_raises_and_fears_what_is_threatened(levels, belief):
    def yes(**changed):
        return asked(OF_A_UNIT, member(), **({"belief": belief} | levels | changed))

    assert (yes(job_security=1.0) > yes(job_security=0.0)).all()
    assert (yes(wages=1.0) < yes(wages=0.0)).all()
    assert yes(belief=1.0, threat=9000.0)[JUNIOR] > yes(belief=0.0, threat=9000.0)[JUNIOR]
    assert yes(belief=1.0, threat=0.0)[JUNIOR] == pytest.approx(yes(belief=0.0)[JUNIOR])


@given(LEVELS, BELIEFS)
def test_health_and_pensions_are_no_question_of_a_unit(levels, belief):
    who = member(fairness=0.0)
    kept = asked(OF_A_UNIT, who, belief=belief, **levels)
    others = levels | {"health": 0.0, "pensions": 0.5 - levels["pensions"]}
    assert asked(OF_A_UNIT, who, belief=belief, **others) == pytest.approx(kept, abs=1e-15)


def test_where_all_take_the_freeze_two_ballots_give_the_coalition_the_same_bits(sebac):
    one, two = (negotiate(sebac, 499, seed=1, set=values) for values in ({}, ON))
    shared = one.frame().columns
    assert {"units_yes", "wage_yes_share"} <= set(two.frame().columns) - set(shared)
    pd.testing.assert_frame_equal(one.frame(), two.frame()[shared], check_exact=True)
    pd.testing.assert_frame_equal(one.ballots(), two.ballots(), check_exact=True)


# --------------------------------------------------------------------------------------- units


@pytest.fixture(scope="module")
def listed(sebac):
    """The flagship case with the 34 units, each as its union but for its draws."""
    units = as_document(load_scenario("connecticut-2011"))["unit"]
    plain = [{k: v for k, v in unit.items() if not k.endswith("offset")} for unit in units]
    return parse_scenario(as_document(sebac) | {"unit": plain}, "listed")


def test_there_are_34_units_in_15_unions():
    case = load_scenario("connecticut-2011")
    several = {
        u.name: len(units)
        for u, units in zip(case.union, by_union(case.unit, case.union), strict=True)
    }
    assert len(case.unit) == sum(several.values()) == 34
    assert {name: n for name, n in several.items() if n > 1} == {
        "AFSCME Council 4": 9,
        "1199 New England": 2,
        "AFT Connecticut": 5,
        "CSEA/SEIU Local 2001": 7,
    }


def test_a_unit_is_as_mild_as_its_union_but_for_its_offsets_and_draws():
    case = load_scenario("connecticut-2011")
    numbers = np.arange(40, 53)
    batch = make_batch(Settings([case]), numbers, 5)
    units = [unit for of_union in batch.electorate.units for unit in of_union]
    slot = [unit.name for unit in units].index("NP-4")
    given_units = {unit.name: unit for unit in case.unit}
    within, apart = (
        normals(5, stream, numbers, 34)[:, slot]
        for stream in (Stream.UNIT_MILITANCY, Stream.UNIT_ON_WAGES)
    )
    lean = batch.electorate.mildness[:, 0] + case.unit_ballot.units_sd * within
    corrections, told = units[slot], given_units["NP-4"]
    assert corrections.share == pytest.approx(4800 / 15600)
    assert corrections.mildness == pytest.approx(lean + told.offset)
    on_wages = lean + told.wage_offset + case.unit_ballot.wages_sd * apart
    assert corrections.mildness_on_wages == pytest.approx(on_wages)
    alone = next(unit for unit in units if unit.name == "CEUI")
    assert (alone.mildness == batch.electorate.mildness[:, 3]).all()


def test_rumours_about_health_and_pensions_move_no_vote_on_wages(sebac):
    batch = make_batch(Settings([sebac]), np.arange(7), 5)
    worlds, package = np.array([2, 5, 6]), np.array([1, 11, 100])
    voting = batch.ballots.voting("first", worlds, package, np.ones(3))
    ballot = batch.ballots.ask(voting)
    own = batch.ballots.on_wages(ballot)
    assert (ballot.shift < own.shift).all()
    assert (own.shift == batch.electorate.common_shock[worlds]).all()
    assert (own.belief == ballot.belief).all()


def test_some_worlds_of_a_ballot_are_the_same_ballot_there():
    three, shift = np.array([4, 5, 7]), np.array([0.1, 0.2, 0.3])
    whole = Ballot(
        AGENDA, three, np.array([0, 1, 2]), shift / 2, np.array([5000.0]), shift,
        shifts_by_union=np.array([[0.1], [0.2], [0.3]]), turnout=(np.array([0.8]), shift),
    )  # fmt: skip
    some = whole.among(np.array([0, 2]))
    assert some.worlds.tolist() == [4, 7]
    assert some.package.tolist() == [0, 2]
    assert some.belief.tolist() == [0.05, 0.15]
    assert some.threat.tolist() == [5000.0]
    assert some.shift.tolist() == [0.1, 0.3]
    assert some.shifts_by_union.tolist() == [[0.1], [0.3]]
    assert [share.tolist() for share in some.turnout] == [[0.8], [0.1, 0.3]]
    assert whole.among(np.array([1])).shift_of(0).tolist() == [0.2]


# -------------------------------------------------------------------------------------- worlds


@pytest.fixture(scope="module")
def played(listed):
    """Worlds of the 34 units, each with draws of its own."""
    return negotiate(listed, WORLDS, seed=2011, set=APART | {"unit_ballot.carried_out": 0.39})


def test_the_frame_of_units_holds_each_unit_on_each_ballot(played):
    worlds, units = played.frame(), played.units()
    assert units.groupby(["world", "ballot", "question"]).size().unique().tolist() == [34]
    yes = units.groupby(["question", "ballot", "world"])["carried"].sum()
    for number in (1, 2):
        told = worlds[f"units_yes_{number}"].dropna()
        assert (yes["coalition", number] == told).all()
    told = worlds["units_yes"].dropna()
    assert (yes["wages"].groupby("world").sum() == told).all()
    assert len(told) == worlds["ratified"].sum()


def test_a_union_is_the_average_of_its_units(played):
    units = played.units()
    units = units[units["question"] == "coalition"]
    votes = (units["yes_share"] * units["members"]).groupby(
        [units["world"], units["ballot"], units["union"]]
    )
    ballots = played.ballots().set_index(["world", "ballot", "union"])
    average = votes.sum() / ballots["members"]
    assert average.to_numpy() == pytest.approx(ballots.loc[average.index, "yes_share"].to_numpy())


def test_what_holds_in_the_end_follows_from_who_refused(played):
    worlds, units = played.frame(), played.units()
    own = units[units["question"] == "wages"].set_index("world")
    for_it = own["members"].where(own["carried"], 0).groupby("world").sum() / 50_160
    ratified = worlds.loc[for_it.index]
    secured = for_it * ratified["job_security"]
    assert ratified["members_secured"].to_numpy() == pytest.approx(secured.to_numpy())
    lost = 590 * ratified["wages"] * (1 - for_it)
    assert (ratified["savings"] - ratified["savings_in_force"]).to_numpy() == pytest.approx(
        lost.to_numpy()
    )
    laid = ratified["negotiated_layoffs"] + 0.39 * ratified["layoffs_threatened"] * (1 - for_it)
    assert ratified["layoffs"].to_numpy() == pytest.approx(laid.to_numpy())
    mean = (own["yes_share"] * own["members"]).groupby("world").sum() / 50_160
    assert ratified["wage_yes_share"].to_numpy() == pytest.approx(mean.to_numpy())


class SplitsHairs(MemberUnion):
    """A union whose second unit says Yes to everything, and whose first takes no wage freeze."""

    def unit_ratifies(self, unit, ballot):
        return np.ones(len(ballot.worlds)) if unit == 1 else super().unit_ratifies(unit, ballot)

    def unit_accepts_wages(self, unit, ballot):
        return (
            np.zeros(len(ballot.worlds)) if unit == 0 else super().unit_accepts_wages(unit, ballot)
        )


def test_a_class_of_ones_own_decides_for_the_units_of_its_union_alone(listed, played):
    given = with_values(listed, APART | {"unit_ballot.carried_out": 0.39})
    name = next(u for u, units in played.units().groupby("union") if units["unit"].nunique() > 2)
    model = BargainingModel(given, WORLDS, rng=2011, unions={name: SplitsHairs})
    one, other = played.units(), Outcome([play(model)]).units()
    units = one[one["union"] == name]["unit"].unique().tolist()
    told = other.set_index(["question", "unit"])["yes_share"]
    assert (told["coalition", units[1]] == 1).all()
    assert (told["wages", units[0]] == 0).all()
    keys = ["world", "ballot", "question", "unit"]
    both = one.merge(other, on=keys)
    rest = both[~both["unit"].isin(units[:2])]
    assert len(rest) > 30 * WORLDS
    assert (rest["yes_share_x"] == rest["yes_share_y"]).all()


def test_without_an_agreement_in_force_no_unit_votes(listed):
    lost = negotiate(listed, 11, seed=1, set=APART | {"ratification.second_vote": False})
    worlds = lost.frame()
    rejected = worlds[~worlds["ratified"]]
    assert len(rejected) > 0
    absent = ["units_yes", "units_yes_2", "wage_yes_share", "members_secured", "savings_in_force"]
    assert rejected[absent].isna().all(axis=None)
    assert rejected["units_yes_1"].notna().all()
    assert (rejected["layoffs"] == rejected["layoffs_threatened"]).all()


def test_a_world_of_units_is_the_same_alone(listed, assert_same_bits):
    whole = negotiate(listed, 7, seed=3, set=APART, first_world=11)
    alone = [negotiate(listed, seed=3, set=APART, first_world=11 + w) for w in range(7)]
    assert_same_bits(whole.frame(), pd.concat([one.frame() for one in alone]))
    mine = ["world", "ballot", "question", "unit"]
    units = pd.concat([one.units() for one in alone]).sort_values(mine, ignore_index=True)
    assert_same_bits(whole.units().sort_values(mine, ignore_index=True), units)


@pytest.mark.slow
def test_off_it_changes_nothing(sebac, listed, assert_same_bits):
    assert_same_bits(negotiate(sebac, 31, seed=7).frame(), negotiate(listed, 31, seed=7).frame())
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    del document["unit_ballot"], document["unit"]
    without = negotiate(parse_scenario(document, "without"), 31, seed=7)
    off = negotiate(full, 31, seed=7, set={"unit_ballot.on": False})
    assert_same_bits(off.frame(), without.frame())
    assert len(off.units()) == 0
    assert list(off.units().columns) == list(negotiate(listed, set=ON).units().columns)


def reach(difference):
    return difference.mean(), 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_alone_it_costs_savings_and_jobs(sebac, played, listed):
    before, after = negotiate(sebac, WORLDS, seed=2011).frame(), played.frame()
    both = before["ratified"] & after["ratified"]
    assert both.mean() > 0.9
    lost, interval = reach((after["savings_in_force"] - before["savings"])[both])
    assert lost < -interval
    laid_off_besides, interval = reach((after["layoffs"] - before["layoffs"])[both])
    assert laid_off_besides > interval
    nobody = negotiate(listed, WORLDS, seed=2011, set=APART).frame()
    assert (nobody["layoffs"][both] == before["layoffs"][both]).all()


def test_units_that_differ_more_refuse_more_often(listed, played):
    def refusing(values):
        return 34 - negotiate(listed, WORLDS, seed=2011, set=values).frame()["units_yes"].astype(
            float
        )

    alike = refusing(ON)
    for spread in ("unit_ballot.units_sd", "unit_ballot.wages_sd"):
        more, interval = reach((refusing(ON | {spread: 0.06}) - alike).dropna())
        assert more > interval


def test_state_police_say_yes_to_one_and_no_to_the_other():
    units = negotiate("connecticut-2011", 1000, seed=2011).units()
    troopers = units[units["unit"] == "State Police"].set_index("world")
    last = troopers[troopers["question"] == "coalition"].groupby("world")["carried"].last()
    own = troopers.loc[troopers["question"] == "wages", "carried"]
    assert len(own) > 900
    assert own.mean() < 0.1
    assert last[own.index].mean() > 0.5
    corrections = units[(units["unit"] == "NP-4") & (units["ballot"] == 2)].set_index("world")
    on_wages = corrections.loc[corrections["question"] == "wages", "yes_share"]
    of_all = corrections.loc[corrections["question"] == "coalition", "yes_share"]
    assert (on_wages > of_all.loc[on_wages.index]).mean() > 0.9


def test_the_story_names_the_units_that_refuse(listed):
    militant = with_values(
        listed, APART | {"unit_ballot.wages_sd": 0.1, "unit_ballot.carried_out": 0.5}
    )
    outcome = negotiate(militant, seed=2)
    own = outcome.units()[outcome.units()["question"] == "wages"]
    against = own.loc[~own["carried"], "unit"]
    assert len(against) > 0
    story = tell_story(outcome)
    assert f"{own['carried'].sum()} of 34 units say yes. {against.iloc[0]} (" in story
    assert f"{outcome.frame()['layoffs'].iloc[0]:,.0f} layoffs" in story
    assert "units say yes" not in tell_story(negotiate(listed, seed=2))


# -------------------------------------------------------------------------------------- checks


def refusal(document):
    with pytest.raises(InputError) as refused:
        parse_scenario(document, "edited")
    (sentence,) = refused.value.problems
    return sentence


@pytest.fixture
def document():
    return as_document(load_scenario("connecticut-2011"))


def test_the_units_of_a_union_must_be_its_members(document):
    document["unit"][0]["members"] += 1
    assert refusal(document) == (
        'edited: unit: the 9 units of "AFSCME Council 4" have 15601 members together, and the union 15600; '
        "the two must be equal"
    )


def test_a_unit_must_be_of_a_union(document):
    document["unit"].append(document["unit"][0] | {"name": "new", "union": "A&RR"})
    assert 'unit: "new" is said to be of "A&RR", and no union is called so' in refusal(document)
    assert 'did you mean "A&R"' in refusal(document)


def test_a_name_of_a_unit_is_used_once(document):
    document["unit"][1]["name"] = "NP-3"
    assert 'unit: the name "NP-3" is used 2 times' in refusal(document)


def test_worlds_of_one_batch_share_their_units(sebac, listed):
    with pytest.raises(ValueError, match="must share their units"):
        Settings([sebac, listed])

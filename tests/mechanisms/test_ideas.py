"""Savings that the unions propose themselves: little pain, and dollars that may not come true."""

import numpy as np
import pytest

from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.experiments.statistics.summary import with_derived
from sim.inputs.problems import InputError
from sim.mechanisms.ideas import comes_true, doubted, realised
from sim.play.outcome import negotiate
from sim.preferences.agenda import Agenda
from sim.show.story import tell_story
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

WORLDS = 2000
UNSURE = {"ideas.on": True, "ideas.comes_true_low": 0.0, "ideas.comes_true_high": 0.5}


@pytest.fixture(scope="module")
def with_ideas():
    """The base case with the agenda and the savings of the full case, and nothing else of it."""
    document, full = as_document(load_scenario("sebac-2011")), load_scenario("connecticut-2011")
    document["issue"] = as_document(full)["issue"]
    document["fiscal"]["savings"] = dict(full.fiscal.savings)
    document["members"]["ideas_pain"] = full.members.ideas_pain
    return parse_scenario(document, "with ideas")


def batch_of(scenario, values):
    return Batch(Settings([with_values(scenario, values)]), np.arange(7), seed=0)


# ------------------------------------------------------------------------------------------ rules


def test_what_comes_true_runs_from_low_to_high():
    share = comes_true(np.array([0.2]), np.array([0.6]), np.array([0.0, 0.25, 0.5, 1.0]))
    assert share == pytest.approx([0.2, 0.3, 0.4, 0.6])


def test_who_counts_on_the_mean_doubts_the_rest():
    low, high = np.array([0.2, 1.0, 0.0]), np.array([0.6, 1.0, 0.0])
    assert doubted(low, high) == pytest.approx([0.6, 0.0, 1.0])


def test_what_does_not_come_true_is_missing_of_the_score():
    saved = realised(np.array([1596.0, 1000.0]), np.array([270.0, 0.0]), np.array([0.25, 0.25]))
    assert saved == pytest.approx([1596 - 0.75 * 270, 1000.0])


# -------------------------------------------------------------------------------- the line itself


def test_the_full_case_has_a_line_for_ideas_and_6000_packages():
    full = load_scenario("connecticut-2011")
    agenda = Agenda.of(full)
    assert agenda.names[3] == "ideas"
    assert agenda.levels_of("ideas").tolist() == [0.0, 0.5, 1.0]
    assert len(agenda) == 6000


def test_all_other_issues_are_those_of_the_base_case():
    full, base = load_scenario("connecticut-2011"), load_scenario("sebac-2011")
    others = {issue.name: issue for issue in full.issue if issue.name != "ideas"}
    assert list(others) == [issue.name for issue in base.issue]
    same = [name for name in others if name != "health"]
    assert all(others[issue.name] == issue for issue in base.issue if issue.name in same)
    told_apart = {"title": "Health care and operations"}
    health = next(issue for issue in base.issue if issue.name == "health")
    assert others["health"].model_copy(update=told_apart) == health


def test_the_agreement_of_2011_still_saves_about_what_was_scored():
    batch = batch_of(load_scenario("connecticut-2011"), {})
    deal = batch.agenda.find(wages=1.0, health=0.75, pensions=0.75, ideas=1.0, job_security=1.0)
    saved = batch.fiscal.scored(batch.agenda)[0, deal]
    assert saved == pytest.approx(1596.275)
    assert saved == pytest.approx(700.7 + 901.2, abs=6)
    assert sum(batch.fiscal.savings.values()) == pytest.approx(1841.7)
    assert 0.75 * batch.fiscal.savings["health"][0] == pytest.approx(391.3, abs=0.05)


def test_ideas_hurt_members_by_their_own_parameter_only(with_ideas):
    batch = batch_of(with_ideas, {"members.ideas_pain": 0.012, "members.fairness": 0.0})
    member, worlds = batch.electorate.members[0], np.zeros(1, dtype=int)
    find = batch.agenda.find
    gains = [
        member.gain(batch.agenda, np.array([[find(ideas=level)]]), worlds * 0.0, worlds * 0.0)
        for level in (0.0, 0.5, 1.0)
    ]
    assert (gains[0] - gains[1]).ravel() == pytest.approx(np.full(101, 0.006))
    assert (gains[0] - gains[2]).ravel() == pytest.approx(np.full(101, 0.012))


def test_the_governor_counts_on_the_mean_of_what_may_come_true(with_ideas):
    sure, unsure = batch_of(with_ideas, {}), batch_of(with_ideas, UNSURE)
    deal = sure.agenda.find(wages=1.0, ideas=0.5)
    assert sure.fiscal.counted(sure.agenda)[0, deal] == 590 + 135
    assert unsure.fiscal.counted(sure.agenda)[0, deal] == pytest.approx(590 + 0.25 * 135)
    assert unsure.fiscal.scored(sure.agenda)[0, deal] == 590 + 135
    certain = UNSURE | {"ideas.comes_true_low": 1.0, "ideas.comes_true_high": 1.0}
    tables = [batch_of(with_ideas, v).governor.table for v in ({}, certain)]
    assert tables[0].tobytes() == tables[1].tobytes()


# ------------------------------------------------------------------------------- in the worlds


def test_what_the_package_in_force_saves_is_drawn_by_world(with_ideas):
    values = UNSURE | {"ratification.second_vote": False, "information.misperceived_cost": 0.0}
    frame = negotiate(with_ideas, WORLDS, seed=3, set=values).frame()
    final = frame["ratified"]
    assert frame["savings_realised"].notna().equals(final)
    assert 0 < final.sum() < WORLDS
    with_it = frame[final & (frame["ideas"] > 0)]
    missing = (with_it["savings"] - with_it["savings_realised"]) / (270 * with_it["ideas"])
    assert missing.between(0.5, 1.0).all()
    assert missing.mean() == pytest.approx(0.75, abs=0.02)
    assert missing.max() - missing.min() > 0.45
    without = frame[final & (frame["ideas"] == 0)]
    assert (without["savings_realised"] == without["savings"]).all()


def test_the_summary_measures_what_comes_true_and_0_without_ratification(with_ideas):
    values = UNSURE | {"ratification.second_vote": False, "information.misperceived_cost": 0.0}
    frame = negotiate(with_ideas, 101, seed=3, set=values).frame()
    derived = with_derived(frame)["savings_realised"]
    final = frame["ratified"]
    assert (derived[~final] == 0).all()
    assert (derived[final] == frame["savings_realised"][final]).all()
    plain = negotiate(worlds=11, seed=3).frame()
    assert (with_derived(plain)["savings_realised"] == plain["savings"]).all()


def test_switched_off_the_score_is_taken_for_true(with_ideas, assert_same_bits):
    plain = negotiate(with_ideas, 23, seed=9)
    off = negotiate(with_ideas, 23, seed=9, set=UNSURE | {"ideas.on": False})
    assert_same_bits(plain.frame(), off.frame())
    assert_same_bits(plain.offers(), off.offers())
    assert "savings_realised" not in off.frame()
    assert "come true" not in tell_story(off)
    assert "come true" in tell_story(negotiate(with_ideas, seed=9, set=UNSURE))


@pytest.mark.slow
def test_the_full_case_without_its_tables_is_the_full_case_switched_off(assert_same_bits):
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    tables = ("public", "alliance", "ideas")
    for table in tables:
        del document[table]
    without = negotiate(parse_scenario(document, "without"), 23, seed=9)
    off = negotiate(full, 23, seed=9, set={f"{table}.on": False for table in tables})
    assert_same_bits(without.frame(), off.frame())
    assert_same_bits(without.offers(), off.offers())
    assert_same_bits(without.ballots(), off.ballots())


def paired(measure, scenario, before, after):
    """The mean of the paired differences, and half of its 95 % interval."""
    frames = [negotiate(scenario, WORLDS, seed=2011, set=v).frame() for v in (before, after)]
    first, second = (frame[measure].to_numpy(dtype=float) for frame in frames)
    difference = (second - first)[np.isfinite(second - first)]
    return difference.mean(), 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_on_its_own_doubt_brings_less_money_home(with_ideas):
    frames = [
        with_derived(negotiate(with_ideas, WORLDS, seed=2011, set=v).frame()) for v in ({}, UNSURE)
    ]
    lost = (frames[0]["savings_realised"] - frames[1]["savings_realised"]).to_numpy()
    assert lost.mean() - 1.96 * lost.std(ddof=1) / np.sqrt(WORLDS) > 0


def test_ideas_that_hurt_are_not_agreed(with_ideas):
    mean, half = paired("ideas", with_ideas, {}, {"members.ideas_pain": 0.05})
    assert mean + half < 0


def test_a_line_that_hurts_unbearably_is_as_good_as_none(with_ideas):
    document = as_document(with_ideas)
    document["issue"] = [issue for issue in document["issue"] if issue["name"] != "ideas"]
    del document["fiscal"]["savings"]["ideas"]
    none = negotiate(parse_scenario(document, "none"), WORLDS, seed=2011).frame()
    unbearable = negotiate(with_ideas, WORLDS, seed=2011, set={"members.ideas_pain": 10.0}).frame()
    assert (unbearable["ideas"] == 0).all()
    same = (none["savings"] == unbearable["savings"]).mean()
    assert same > 0.98


def test_a_world_does_not_know_who_else_is_running(with_ideas, assert_same_bits):
    whole = negotiate(with_ideas, 23, seed=3, set=UNSURE).frame()
    parts = [
        negotiate(with_ideas, 1, seed=3, set=UNSURE, first_world=w).frame() for w in (0, 7, 22)
    ]
    for part in parts:
        assert_same_bits(whole.loc[part.index].reset_index(), part.reset_index())


# ----------------------------------------------------------------------------- what is refused


def refusals(document):
    with pytest.raises(InputError) as refused:
        parse_scenario(document, "file")
    return refused.value.problems


def test_uncertain_ideas_need_a_line_on_the_agenda():
    document = as_document(load_scenario("sebac-2011")) | {"ideas": {"on": True}}
    (sentence,) = refusals(document)
    assert "ideas.on = true" in sentence
    assert 'issue called "ideas"' in sentence


def test_ideas_are_not_discounted_twice(with_ideas):
    document = as_document(with_ideas) | {"ideas": {"on": True}}
    document["fiscal"]["soft"] = ["ideas"]
    (sentence,) = refusals(document)
    assert "fiscal.soft" in sentence
    assert "twice" in sentence


def test_a_line_for_ideas_must_say_what_it_saves(with_ideas):
    document = as_document(with_ideas)
    del document["fiscal"]["savings"]["ideas"]
    (sentence,) = refusals(document)
    assert "fiscal.savings.ideas" in sentence

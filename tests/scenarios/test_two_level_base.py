"""The base `two-level`: no state's values; each is neutral, or the file that extends it must state it."""

import tomllib

import pytest

import sim
from sim.cases.checks import FELT
from sim.cases.loading import (
    load_scenario,
    parse_scenario,
    read_document,
    read_layers,
    shipped_bases,
    shipped_scenarios,
    to_be_stated,
)
from sim.cases.origin import inherited
from sim.cases.schema import value_of
from sim.inputs.problems import InputError
from sim.show.starter import starter

NEUTRAL = {  # what is switched off, at the values of the base
    "governor.tax_pledge": 0,
    "governor.cost_of_job_security": 0,
    "members.convexity": 0,
    "members.cost_of_rejection": 0,
    "members.fairness": 0,
    "unions.militancy_sd": 0,
    "unions.common_shock_sd": 0,
    "threat.credibility_members": 1,
    "threat.credibility_leaders": 1,
    "threat.size_doubt": 0,
    "information.misperceived_cost": 0,
    "ratification.second_vote": False,
}


@pytest.fixture
def case():
    """The document of a case that begins with the base: the one that `bargain new` writes."""
    return tomllib.loads(starter("mine", "two-level"))


def test_a_base_is_no_scenario_and_says_in_a_sentence_what_a_file_must_state():
    assert shipped_bases() == ["two-level"]
    assert "two-level" not in shipped_scenarios()
    with pytest.raises(InputError) as refused:
        load_scenario("two-level")
    (sentence,) = refused.value.problems
    assert sentence.startswith("two-level: is a base to be extended, and no case")
    for key in ("calendar.rounds", "fiscal.gap", "union", "threat.layoffs", "members.noise"):
        assert key in sentence


def test_no_value_of_the_base_is_a_fact_of_connecticut(sebac):
    """Of what both state only units, finenesses of counting and what is off in both are alike."""
    base = read_document("two-level")
    alike = {
        f"{table}.{key}"
        for table, values in base.items()
        if isinstance(values, dict)
        for key, value in values.items()
        if getattr(getattr(sebac, table), key) == value
    }
    assert alike == {"governor.cost_of_cuts", "members.strata"}


def test_what_the_base_leaves_out_must_be_stated(case):
    told = to_be_stated(read_document("two-level"))
    for key in (part.strip() for part in told.split("states ")[1].split(";")[0].split(",")):
        table, _, name = key.partition(".")
        without = {k: v for k, v in case.items() if k != table}
        if name:
            without[table] = {k: v for k, v in case[table].items() if k != name}
        with pytest.raises(InputError) as refused:
            load_scenario(without)
        assert any(key in problem for problem in refused.value.problems), key


@pytest.mark.parametrize("issue", ["wages", "pensions", "job_security"])
def test_what_an_issue_on_the_agenda_is_to_a_member_must_be_stated(case, issue):
    case["members"].pop(FELT[issue])
    with pytest.raises(InputError, match=f"members.{FELT[issue]}: is missing; {issue} is on the"):
        load_scenario(case)
    case["issue"] = [each for each in case["issue"] if each["name"] != issue]
    load_scenario(case)  # nothing is asked of what is not on the table


def test_in_a_case_that_begins_with_the_base_nothing_is_on_and_nothing_is_inherited(case, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(starter("mine", "two-level"), "utf-8")
    mine = load_scenario(path)
    assert mine == load_scenario(case)
    assert mine.mechanisms == []
    assert {key: value_of(mine, key) for key in NEUTRAL} == NEUTRAL
    assert inherited(read_layers(path)) == {}


def test_with_the_base_alone_all_worlds_are_alike_but_for_who_offers_first(case):
    worlds = sim.negotiate(parse_scenario(load_scenario(case).document, "mine"), 50, seed=1).frame()
    columns = ["savings", "yes_share_1", "ratified"]
    for _, alike in worlds.groupby("governor_first" if "governor_first" in worlds else "proposer"):
        assert (alike[columns].nunique() == 1).all()

"""The scenarios that come with the package, and scenarios that start from one of them."""

import re
import tomllib
from importlib import resources

import numpy as np
import pytest

from sim.cases.loading import (
    as_document,
    load_scenario,
    parse_scenario,
    shipped_scenarios,
)
from sim.cases.schema import TwoLevelGame, value_of
from sim.cases.schema.information import RULED_BY_NAME
from sim.inputs.parameter import parameters
from sim.play.outcome import negotiate
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive
from sim.theory.solutions import nash
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

SIZES_2011 = [
    15600, 7700, 6800, 4500, 3900, 3200, 2700, 1700, 1100, 900, 800, 750, 250, 200, 60
]  # fmt: skip

OFF_IN_THE_FULL_CASE = {"holding_out.on", "mediation.on", "arbitration.on"}


def text_of(scenario):
    return resources.files("sim.cases.scenarios").joinpath(f"{scenario}.toml").read_text("utf-8")


def comments_of(text):
    """Give each dotted key its comment: on its line and on the lines directly above."""
    table, above, found = "", "", {}
    for line in text.splitlines():
        if line.startswith("#"):
            above += line
            continue
        if header := re.match(r"\[+([a-z_.]+)\]", line):
            table = header[1]
        elif key := re.match(r"([a-z_]+) = [^#]*(#.*)?$", line):
            found[f"{table}.{key[1]}"] = above + (key[2] or "")
        above = ""
    return found


def says_where_it_comes_from(comment, comments, key):
    """Tell whether a comment has a link, owns up to a guess, or names a key with a link."""
    if re.search(r"https?://|assumption|no source found", comment):
        return True
    other = re.search(r"source: as ([a-z_]+)", comment)
    return bool(other) and "http" in comments[f"{key.split('.')[0]}.{other[1]}"]


# ------------------------------------------------------------------------------- all of them


def test_three_scenarios_are_shipped():
    assert {"mini-ct", "sebac-2011", "split-the-pie"} <= set(shipped_scenarios())


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_loads_under_its_own_name_and_introduces_itself(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.source
    assert scenario.description.endswith(".")
    assert "\n" not in scenario.description
    assert all(issue.title and issue.unit and issue.source for issue in scenario.issue)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_scenario_written_out_loads_as_itself(name):
    scenario = load_scenario(name)
    assert parse_scenario(as_document(scenario), "written out") == scenario


# --------------------------------------------------------------------- Connecticut 2011: facts


def test_the_2011_agenda_has_six_issues_and_2000_packages(sebac):
    agenda = Agenda.of(sebac)
    assert agenda.names == (
        "wages",
        "health",
        "pensions",
        "tax_share",
        "negotiated_layoffs",
        "job_security",
    )
    assert len(agenda) == 2000


def test_no_package_promises_both_layoffs_and_job_security(sebac):
    agenda = Agenda.of(sebac)
    both = (agenda.levels_on("negotiated_layoffs") > 0) & (agenda.levels_on("job_security") > 0)
    assert not both.any()


def test_the_15_unions_have_50160_members(sebac):
    assert [union.members for union in sebac.union] == SIZES_2011
    assert sum(SIZES_2011) == sebac.coalition.members == 50160
    assert len({union.name for union in sebac.union}) == 15


def test_every_union_says_where_its_size_comes_from_or_that_nobody_knows(sebac):
    told = [re.search(r"https?://|No source found|not kept", union.source) for union in sebac.union]
    assert all(told)
    unsourced = [union.name for union in sebac.union if "No source found" in union.source]
    assert unsourced == ["A&R", "UConn-AAUP", "4Cs", "Prosecutors", "CASA administrators"]


def test_afscme_alone_can_veto_under_the_old_bylaws_but_not_under_the_new(sebac):
    largest, *others = (union.members for union in sebac.union)
    without_it = sum(others) / sebac.coalition.members
    assert sebac.union[0].name == "AFSCME Council 4"
    assert largest / sebac.coalition.members > 0.2
    assert len(others) == sebac.ratification.unions_required == 14
    assert without_it < sebac.ratification.weight_required == 0.8
    assert without_it > sebac.ratification.amended_weight_required == 0.5


def test_the_full_ask_is_worth_1940_of_the_2000_million(sebac):
    assert sum(sebac.fiscal.savings.values()) == 1940
    assert sebac.fiscal.gap == 2000


def test_the_agreement_of_2011_saves_what_was_scored(sebac):
    batch = Batch(Settings([sebac]), np.arange(1), seed=0)
    deal = batch.agenda.find(wages=1.0, health=0.75, pensions=0.75, job_security=1.0)
    assert batch.agenda.packages[deal].tolist() == [1.0, 0.75, 0.75, 0.0, 0.0, 1.0]
    saved = batch.fiscal.scored(batch.agenda)[0, deal]
    assert saved == 1602.5
    assert saved == pytest.approx(700.7 + 901.2, abs=1)


@pytest.mark.parametrize(
    ("issue", "level", "scored"),
    [
        ("wages", 1.0, 448.4 + 69.316 + 71.198),
        ("health", 0.75, 391.3 + 180 + 90),
        ("pensions", 0.75, 236.991 + 248.252 - 69.316 - 71.198),
    ],
)
def test_each_line_of_savings_is_anchored_in_the_official_score(sebac, issue, level, scored):
    """The score of May 2011: freeze and its pension effect, health and ideas, other pensions."""
    assert sebac.fiscal.savings[issue] * level == pytest.approx(scored, rel=0.011)


def test_a_layoff_saves_what_plan_b_said_it_would(sebac):
    per_year = 455 / sebac.threat.layoffs
    assert sebac.fiscal.saving_per_layoff == pytest.approx(2 * per_year, rel=0.001)


def test_the_doors_of_2011_are_closed_by_rule_so_that_the_rule_can_be_swept(sebac):
    stated = tomllib.loads(text_of("sebac-2011"))["information"]
    assert stated["rule"] == "closed_door"
    assert not set(RULED_BY_NAME) & set(stated)
    assert (sebac.information.secrecy, sebac.information.leak_hazard) == (1.0, 0.0)


# ------------------------------------------------------------- Connecticut 2011: nothing unsaid


def stated():
    """The comment of every parameter that the base case states, or else the full case."""
    return comments_of(text_of("connecticut-2011")) | comments_of(text_of("sebac-2011"))


def test_every_parameter_is_stated_in_one_of_the_two_files():
    comments = stated()
    ruled = {f"information.{name}" for name in RULED_BY_NAME}
    assert set(parameters(TwoLevelGame)) - set(comments) == ruled


@pytest.mark.parametrize(
    "key", [k for k in parameters(TwoLevelGame) if k.split(".")[1] not in RULED_BY_NAME]
)
def test_every_parameter_has_its_source_beside_it(key):
    comments = stated()
    assert says_where_it_comes_from(comments[key], comments, key), (
        f"{key}: the comment on its line or above names no link and owns up to no assumption"
    )


def test_the_full_case_switches_on_every_mechanism_and_the_base_case_none():
    switches = {key for key in parameters(TwoLevelGame) if key.endswith(".on")}
    full, base = load_scenario("connecticut-2011"), load_scenario("sebac-2011")
    assert {key for key in switches if not value_of(full, key)} == OFF_IN_THE_FULL_CASE
    assert not any(value_of(base, key) for key in switches)


def test_every_dollar_of_savings_has_a_link_beside_it(sebac):
    comments = comments_of(text_of("sebac-2011"))
    assert all("https://" in comments[f"fiscal.savings.{issue}"] for issue in sebac.fiscal.savings)


def test_a_comment_is_found_on_the_line_and_above_it_and_nowhere_else():
    text = "# far\n\n# near\n[t]\n# above\na = 1  # beside\nb = 2\n\n# c\n\nc = 3\n"
    assert comments_of(text) == {"t.a": "# above# beside", "t.b": "", "t.c": ""}


# ----------------------------------------------------------------------------- textbook games


def test_mini_ct_has_36_packages_over_four_issues():
    agenda = Agenda.of(load_scenario("mini-ct"))
    assert agenda.names == ("wages", "health", "job_security", "tax_share")
    assert len(agenda) == 36


def test_mini_ct_rewards_trading_issues_over_meeting_in_the_middle():
    scenario = load_scenario("mini-ct")
    agenda = Agenda.of(scenario)
    governor = additive(agenda, [issue.governor for issue in scenario.issue])
    coalition = additive(agenda, [issue.coalition for issue in scenario.issue])
    best = nash(governor, coalition, tuple(scenario.batna))
    middle = agenda.find(wages=1.0, health=1.0, job_security=1.0, tax_share=1.0)
    assert scenario.batna == [25, 35]
    assert agenda.packages[best].tolist() == [2, 0, 1, 1]
    assert (governor[best], coalition[best]) == (50, 80)
    assert governor[middle] < 50
    assert coalition[middle] < 80


def test_the_pie_is_one_issue_and_both_shares_make_the_whole():
    scenario = load_scenario("split-the-pie")
    (share,) = scenario.issue
    assert share.name == "share"
    assert len(Agenda.of(scenario)) == 10001
    assert share.coalition == share.levels
    assert [g + c for g, c in zip(share.governor, share.coalition, strict=True)] == [1.0] * 10001
    assert scenario.batna == [0.4, 0.4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("beta", "round_of_agreement", "share"),
    [(0.2, 965, 0.4995), (1.0, 834, 0.5002), (5.0, 403, 0.5000)],
)
def test_the_pie_is_split_where_the_concessions_cross(beta, round_of_agreement, share):
    """Offers cross at 1.2 ** -beta of the time, at half the pie (after Faratin et al. 1998)."""
    both = {"governor.beta": beta, "coalition.beta": beta}
    ended = negotiate("split-the-pie", set=both).frame().iloc[0]
    assert ended["status"] == "agreed"
    assert ended["round"] == round_of_agreement
    assert ended["share"] == pytest.approx(share, abs=1e-9)
    assert abs(round_of_agreement - 1000 * 1.2**-beta) <= 2

"""Every mechanism can be switched off, and does what it is for when it is on.

Two arms share the draws of 2,000 worlds. The mean of the paired differences must have the sign that
the mechanism is there to produce, and be further from zero than its 95 % interval reaches.
"""

from functools import cache

import numpy as np
import pytest

from sim.cases.loading import load_scenario
from sim.play.outcome import negotiate

pytestmark = pytest.mark.slow

WORLDS = 2000


@pytest.fixture(scope="module")
def play(edited):
    """Give a function that plays the flagship case with some values and some edited entries."""

    @cache
    def once(changes):
        values = {key: value for key, value in changes if isinstance(key, str)}
        entries = {key: value for key, value in changes if not isinstance(key, str)}
        scenario = edited(load_scenario("sebac-2011"), entries)
        return negotiate(scenario, WORLDS, seed=2011, set=values)

    return lambda changes: once(tuple(sorted(changes.items(), key=str)))


# ------------------------------------------------------------------------------ what is measured


def column(name):
    return lambda outcome: outcome.frame()[name].to_numpy(dtype=float, na_value=np.nan)


def distance_from_mean(name):
    def distance(outcome):
        values = column(name)(outcome)
        return np.abs(values - np.nanmean(values))

    return distance


def ratified_first(outcome):
    return (outcome.frame()["status"] == "ratified_first").to_numpy(dtype=float)


def spread_between_unions(outcome):
    ballots = outcome.ballots()
    first = ballots[ballots["ballot"] == 1]
    return first.groupby("world")["yes_share"].std().reindex(range(WORLDS)).to_numpy()


def yes_of_the_largest_union(outcome):
    ballots = outcome.ballots()
    first = ballots[(ballots["ballot"] == 1) & (ballots["members"] == ballots["members"].max())]
    return first.set_index("world")["yes_share"].reindex(range(WORLDS)).to_numpy()


SAVINGS, TAXES, ROUND = column("savings"), column("taxes"), column("round")
YES_1, YES_2, RATIFIED = column("yes_share_1"), column("yes_share_2"), column("ratified")
TO_GOVERNOR, TO_COALITION = column("utility_governor"), column("utility_coalition")
OFF_FRONTIER = column("pareto_distance")

# ------------------------------------------------------------- mechanism, off, on, measure, sign

HALF_OPEN = {"information.secrecy": 0.5}
PLAIN_START = {"governor.first_concession": 0.05, "coalition.first_concession": 0.05}
# At the pledge of the base case taxes are never agreed, so there is nothing to excuse.
TAXES_POSSIBLE = {"governor.tax_pledge": 0.0, "members.fairness": 1.0}
# As unit votes the old bylaws pass most second ballots too; as pooled ones they pass none.
POOLED = {"ratification.weighting": "pooled"}
LARGE_THREAT = {"threat.layoffs": 9000}
COMMITTED = {"governor.tactic": "commitment", "coalition.tactic": "commitment"}
FORESIGHT = {"governor.tactic": "subgame_perfect", "coalition.tactic": "subgame_perfect"}

MECHANISMS = {
    "closed doors leave members in the dark": (
        {"information.secrecy": 0.0}, {"information.secrecy": 1.0}, YES_1, -1,
    ),
    "closed doors spare negotiators their audiences": (
        {"information.secrecy": 0.0}, {"information.secrecy": 1.0}, ROUND, -1,
    ),
    "leaks inform members": (
        {"information.leak_hazard": 0.0}, {"information.leak_hazard": 0.1}, YES_1, +1,
    ),
    "leaks bring the audiences in": (
        {"information.leak_hazard": 0.0}, {"information.leak_hazard": 0.1}, ROUND, +1,
    ),
    "an audience makes the governor tough": (
        HALF_OPEN | {"information.audience_cost_governor": 0.0},
        HALF_OPEN | {"information.audience_cost_governor": 1.0}, TO_GOVERNOR, +1,
    ),
    "an audience makes union leaders tough": (
        HALF_OPEN | {"information.audience_cost_coalition": 0.0},
        HALF_OPEN | {"information.audience_cost_coalition": 1.0}, TO_COALITION, +1,
    ),
    "members who believe less in the threat than their leaders vote no": (
        {"threat.credibility_members": 0.9}, {"threat.credibility_members": 0.5}, YES_1, -1,
    ),
    "leaders who believe in the threat concede": (
        {"threat.credibility_leaders": 0.5}, {"threat.credibility_leaders": 0.9}, SAVINGS, +1,
    ),
    "an imagined cost loses votes": (
        {"information.misperceived_cost": 0.0}, {"information.misperceived_cost": 0.04}, YES_1, -1,
    ),
    "outreach before the first ballot wins votes": (
        {"information.outreach_first": 0.0}, {"information.outreach_first": 0.8}, YES_1, +1,
    ),
    "outreach before the second ballot wins votes": (
        {"information.outreach_second": 0.0}, {"information.outreach_second": 0.8}, YES_2, +1,
    ),
    "notices make the threat believed": (
        {"threat.notices": 0}, {"threat.notices": 3}, YES_2, +1,
    ),
    "a larger threat brings larger concessions": (
        {"threat.layoffs": 0}, {"threat.layoffs": 4742}, SAVINGS, +1,
    ),
    "a larger threat after the rejection wins votes": (
        {"threat.layoffs_after_rejection": 4742}, {"threat.layoffs_after_rejection": 6500}, YES_2, +1,
    ),
    "bumping puts more members at risk": (
        {"threat.bumping": 0.0}, {"threat.bumping": 0.15}, YES_1, +1,
    ),
    # The threat of the base case is about the optimum, so size costs it no belief.
    "a threat that is too large is doubted by leaders": (
        LARGE_THREAT | {"threat.size_doubt": 0.0}, LARGE_THREAT | {"threat.size_doubt": 1.0}, SAVINGS, -1,
    ),
    "a second threat that is too large is doubted by members": (
        {"threat.size_doubt": 0.0}, {"threat.size_doubt": 1.0}, YES_2, -1,
    ),
    "members refuse what is unfair": (
        {"members.fairness": 0.0}, {"members.fairness": 0.15}, YES_1, -1,
    ),
    "taxes on the wealthy excuse sacrifice": (
        TAXES_POSSIBLE | {"members.shared_tax_excuse": 0.0},
        TAXES_POSSIBLE | {"members.shared_tax_excuse": 1.0}, YES_1, +1,
    ),
    "the pledge keeps taxes out of the agreement": (
        {"governor.tax_pledge": 0.0}, {"governor.tax_pledge": 0.6}, TAXES, -1,
    ),
    "job security is worth concessions": (
        {"members.job_security_value": 0.0, "members.job_security_by_seniority": 0.0}, {}, SAVINGS, +1,
    ),
    "a governor who minds giving up layoffs does not": (
        {"governor.cost_of_job_security": 0.02}, {"governor.cost_of_job_security": 0.1},
        column("job_security"), -1,
    ),
    "easy dollars come first": (
        {"members.convexity": 0.0}, {"members.convexity": 0.6}, SAVINGS, +1,
    ),
    "other costs of a no win votes": (
        {"members.cost_of_rejection": 0.0}, {"members.cost_of_rejection": 0.065}, YES_1, +1,
    ),
    "ideas of fairness that differ delay the agreement": (
        {"talks.self_serving_bias": 0.0}, {"talks.self_serving_bias": 0.6}, ROUND, +1,
    ),
    "leaders who overrate what members gain agree to what members like less": (
        {"coalition.leaders_bias": 0.0}, {"coalition.leaders_bias": 0.05}, YES_1, -1,
    ),
    "leaders who err agree to other packages in other worlds": (
        {"coalition.leaders_error_sd": 0.0}, {"coalition.leaders_error_sd": 0.03},
        distance_from_mean("savings"), +1,
    ),
    "leaders for the median are safer from rejection than utilitarian ones": (
        {}, {"coalition.aggregation": "median"}, YES_1, +1,
    ),
    "leaders for the pivot bring home what is ratified at once": (
        {}, {"coalition.aggregation": "pivot"}, ratified_first, +1,
    ),
    "leaders for the worst off concede least": (
        {}, {"coalition.aggregation": "min"}, SAVINGS, -1,
    ),
    "imitating the other side's offers leaves gains on the table": (
        {}, {"talks.selection": "similar"}, OFF_FRONTIER, +1,
    ),
    "offers at random leave gains on the table": (
        {}, {"talks.selection": "random"}, OFF_FRONTIER, +1,
    ),
    "offers that look at oneself only leave gains on the table": (
        {}, {"talks.selection": "cheapest"}, OFF_FRONTIER, +1,
    ),
    "settling for the best offer of late brings the agreement forward": (
        {}, {"talks.acceptance": "ac_combi", "talks.acceptance_from": 0.6}, ROUND, -1,
    ),
    "settling for the average offer of late brings the agreement forward": (
        {}, {"talks.acceptance": "ac_combi_average", "talks.acceptance_from": 0.6}, ROUND, -1,
    ),
    "settling for the best offer so far brings the agreement forward": (
        {}, {"talks.acceptance": "ac_combi_best", "talks.acceptance_from": 0.6}, ROUND, -1,
    ),
    "settling for a constant level brings the agreement forward": (
        {}, {"talks.acceptance": "ac_const", "talks.acceptance_level": 0.4}, ROUND, -1,
    ),
    "settling for anything once it is late brings the agreement forward": (
        {}, {"talks.acceptance": "ac_time", "talks.acceptance_from": 0.6}, ROUND, -1,
    ),
    "sides who scale up what they are offered agree sooner": (
        {"talks.acceptance_scale": 1.0}, {"talks.acceptance_scale": 1.1}, ROUND, -1,
    ),
    "sides who add to what they are offered agree sooner": (
        {"talks.acceptance_shift": 0.0}, {"talks.acceptance_shift": 0.1}, ROUND, -1,
    ),
    "an exponential governor gives way later and gets more": (
        PLAIN_START, PLAIN_START | {"governor.tactic": "exponential"}, TO_GOVERNOR, +1,
    ),
    "an exponential coalition gives way later and gets more": (
        PLAIN_START, PLAIN_START | {"coalition.tactic": "exponential"}, TO_COALITION, +1,
    ),
    "a governor with more to hold out with holds out longer": (
        {"governor.tactic": "resource_dependent", "governor.resource": 2.0},
        {"governor.tactic": "resource_dependent", "governor.resource": 8.0}, ROUND, +1,
    ),
    "an obstinate governor loses the agreement": (
        {}, {"governor.tactic": "obstinate"}, RATIFIED, -1,
    ),
    "a governor who answers in proportion gives way sooner than the clock would have him": (
        {}, {"governor.tactic": "relative_tit_for_tat"}, SAVINGS, -1,
    ),
    "a governor who answers by as much does too": (
        {}, {"governor.tactic": "absolute_tit_for_tat"}, SAVINGS, -1,
    ),
    "a governor who answers several steps together waits for them": (
        {"governor.tactic": "averaged_tit_for_tat", "governor.imitation_window": 1},
        {"governor.tactic": "averaged_tit_for_tat"}, ROUND, +1,
    ),
    "a governor who answers an earlier step answers later": (
        {"governor.tactic": "absolute_tit_for_tat"},
        {"governor.tactic": "absolute_tit_for_tat", "governor.imitation_lag": 2}, ROUND, +1,
    ),
    "a governor who gives something on top of what is imitated gets less": (
        {"governor.tactic": "absolute_tit_for_tat"},
        {"governor.tactic": "absolute_tit_for_tat", "governor.imitation_noise": 0.2}, SAVINGS, -1,
    ),
    "half of the clock is traded for answering in proportion": (
        {"governor.tactic": "mixed"},
        {"governor.tactic": "mixed", "governor.mixed_weight": 0.5}, SAVINGS, -1,
    ),
    "half of the clock is traded for obstinacy": (
        {"governor.tactic": "mixed"},
        {"governor.tactic": "mixed", "governor.mixed_weight": 0.5, "governor.mixed_with": "obstinate"},
        ROUND, +1,
    ),
    "a governor who weighs the risks gives the coalition more than a tough one does": (
        {}, {"governor.tactic": "zeuthen"}, TO_COALITION, +1,
    ),
    "sides who look ahead to the deadline agree at once": (
        {}, FORESIGHT, ROUND, -1,
    ),
    "among sides who look ahead an impatient governor leaves the unions more": (
        FORESIGHT, FORESIGHT | {"governor.discount_factor": 0.8}, TO_COALITION, +1,
    ),
    "of two who demand in public the one whom retreat would cost more gets more": (
        HALF_OPEN | COMMITTED, HALF_OPEN | COMMITTED | {"information.audience_cost_coalition": 1.0},
        TO_COALITION, +1,
    ),
    "a governor who learns what leaders can live with gets more": (
        {}, {"governor.tactic": "bayesian", "governor.assumed_beta": 0.3}, TO_GOVERNOR, +1,
    ),
    "leaders who learn what the governor can live with get more": (
        {}, {"coalition.tactic": "bayesian", "coalition.assumed_beta": 0.1}, TO_COALITION, +1,
    ),
    "weights learned from offers leave gains on the table that known wishes do not": (
        {}, {"talks.selection": "learned"}, OFF_FRONTIER, +1,
    ),
    "offers that are only likely to be good leave gains on the table": (
        {}, {"talks.selection": "logit"}, OFF_FRONTIER, +1,
    ),
    "answers that are only likely to be right bring the agreement forward": (
        {}, {"talks.acceptance": "logit", "talks.precision": 5.0}, ROUND, -1,
    ),
    "a side that starts with a concession agrees sooner": (
        {"governor.first_concession": 0.0}, {"governor.first_concession": 0.2}, ROUND, -1,
    ),
    "unions differ in militancy": (
        {"unions.militancy_sd": 0.0}, {"unions.militancy_sd": 0.05}, spread_between_unions, +1,
    ),
    "a common shock moves all unions together": (
        {"unions.common_shock_sd": 0.0}, {"unions.common_shock_sd": 0.008},
        distance_from_mean("yes_share_1"), +1,
    ),
    "a second ballot gives a second chance": (
        {"ratification.second_vote": False}, {"ratification.second_vote": True}, RATIFIED, +1,
    ),
    "amended bylaws pass what the old ones would not": (
        POOLED | {"ratification.amendment_allowed": False},
        POOLED | {"ratification.amendment_allowed": True}, RATIFIED, +1,
    ),
    "80 percent of members are harder to find than unions that hold 80 percent": (
        {"ratification.weighting": "unit"}, {"ratification.weighting": "pooled"}, ratified_first, -1,
    ),
    "a governor who doubts soft savings asks for less of them": (
        {"fiscal.score_haircut": 0.0}, {"fiscal.score_haircut": 0.5}, column("health"), -1,
    ),
    "a union with a militant offset votes no": (
        {}, {("union", 0, "offset"): -0.05}, yes_of_the_largest_union, -1,
    ),
    "a union more exposed to layoffs brings leaders to concede": (
        {}, {("union", 0, "layoff_exposure"): 2.0}, SAVINGS, +1,
    ),
    "a union that pensions hurt more keeps pensions": (
        {}, {("union", 0, "pension_pain"): 0.06}, column("pensions"), -1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("off", "on", "measure", "sign"), MECHANISMS.values(), ids=MECHANISMS.keys()
)
def test_a_mechanism_that_is_on_does_what_it_is_for(play, off, on, measure, sign):
    difference = measure(play(on)) - measure(play(off))
    paired = difference[~np.isnan(difference)]
    assert len(paired) > WORLDS / 4
    reach = 1.96 * paired.std(ddof=1) / np.sqrt(len(paired))
    assert sign * paired.mean() > reach


# ------------------------------------------------------- what a mechanism that is off leaves alone

NO_SECOND_VOTE = {"ratification.second_vote": False}
NO_AMENDMENT = {"ratification.amendment_allowed": False}
CLOSED = {"information.secrecy": 1.0, "information.leak_hazard": 0.0}

OFF = {
    "leaks": (
        {"information.leak_hazard": 0.0}, {"information.secrecy_after_leak": 0.9},
    ),
    "misperception": (
        {"information.misperceived_cost": 0.0},
        {"information.outreach_first": 0.5, "information.outreach_second": 0.1},
    ),
    "misperception in open talks": (
        {"information.secrecy": 0.0}, {"information.misperceived_cost": 0.1},
    ),
    "audiences behind closed doors": (
        CLOSED,
        {"information.audience_cost_governor": 3.0, "information.audience_cost_coalition": 2.0},
    ),
    "notices": (
        {"threat.notices": 0}, {"threat.bluff_likelihood": 0.1},
    ),
    "the loss from a layoff": (
        {"members.layoff_loss": 0.0}, {"threat.bumping": 0.4, "threat.credibility_members": 0.1},
    ),
    "fairness": (
        {"members.fairness": 0.0},
        {"members.tolerated_sacrifice": 0.0, "members.shared_tax_excuse": 1.0},
    ),
    "the haircut": (
        {"fiscal.score_haircut": 0.0}, {("fiscal", "soft"): ("wages", "pensions")},
    ),
    "the second ballot": (
        NO_SECOND_VOTE,
        {
            "threat.layoffs_after_rejection": 9000,
            "threat.notices": 1,
            "information.outreach_second": 0.1,
            "ratification.amendment_allowed": False,
        },
    ),
    "amendment": (
        NO_AMENDMENT,
        {
            "ratification.leaders_to_amend": 3,
            "ratification.amended_unions_required": 1,
            "ratification.amended_weight_required": 0.1,
            "ratification.amended_weighting": "unit",
        },
    ),
    "learning": (
        {"governor.tactic": "time_dependent", "talks.selection": "tradeoff"},
        {"governor.assumed_beta": 0.3, "governor.learning_error": 0.3, "coalition.assumed_beta": 3.0},
    ),
    "mistakes": (
        {"talks.selection": "tradeoff", "talks.acceptance": "ac_next"}, {"talks.precision": 3.0},
    ),
    "settling late": (
        {"talks.acceptance": "ac_next"},
        {"talks.acceptance_from": 0.3, "talks.acceptance_level": 0.2},
    ),
    "answering in kind": (
        {"governor.tactic": "time_dependent"},
        {
            "governor.imitation_lag": 2,
            "governor.imitation_window": 3,
            "governor.imitation_noise": 0.3,
            "governor.mixed_with": "obstinate",
            "governor.mixed_weight": 0.7,
            "governor.resource": 2.0,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("off", "idle"), OFF.values(), ids=OFF.keys())
def test_a_mechanism_that_is_off_makes_its_other_parameters_idle(
    play, assert_same_worlds, off, idle
):
    assert_same_worlds(play(off), play(off | idle))


AFTER_THE_TALKS = {
    "the imagined cost": {"information.misperceived_cost": 0.0},
    "outreach": {"information.outreach_first": 0.7, "information.outreach_second": 0.1},
    "notices": {"threat.notices": 0},
    "the second threat": {"threat.layoffs_after_rejection": 0},
    "what members believe": {"threat.credibility_members": 0.1},
    "the common shock": {"unions.common_shock_sd": 0.05},
    "the noise of votes": {"members.noise": 0.2},
    "the bylaws": {"ratification.unions_required": 8, "ratification.weight_required": 0.5},
    "the weighting": {"ratification.weighting": "pooled"},
    "the second ballot": NO_SECOND_VOTE,
    "amendment": NO_AMENDMENT,
}


@pytest.mark.parametrize("change", AFTER_THE_TALKS.values(), ids=AFTER_THE_TALKS.keys())
def test_what_comes_after_the_talks_does_not_change_an_offer(play, assert_same_bits, change):
    assert_same_bits(play({}).offers(), play(change).offers())
    talks = ["agreed", "round", "proposer", "savings", "taxes"]
    assert_same_bits(play({}).frame()[talks], play(change).frame()[talks])


@pytest.mark.parametrize(
    "change",
    [
        {"information.outreach_second": 0.1},
        {"threat.notices": 0},
        {"threat.layoffs_after_rejection": 0},
        NO_SECOND_VOTE,
        NO_AMENDMENT,
    ],
    ids=str,
)
def test_what_comes_after_the_first_ballot_does_not_change_it(play, assert_same_bits, change):
    first = ["yes_share_1", "unions_yes_1", "weight_yes_1"]
    assert_same_bits(play({}).frame()[first], play(change).frame()[first])


def test_the_governor_who_carries_out_plan_b_lays_off_as_many_as_he_last_threatened(play):
    never = {"ratification.unions_required": 16, "ratification.amendment_allowed": False}
    for again, layoffs in [(True, 6500), (False, 4742)]:
        frame = play(never | {"ratification.second_vote": again}).frame()
        assert (frame["status"] == "rejected").all()
        assert (frame["layoffs"] == layoffs).all()
        assert (frame["layoffs_threatened"] == layoffs).all()
        assert (frame[["utility_governor", "utility_coalition", "nash_ratio"]] == 0).all(axis=None)
    ratified = play({}).frame()
    assert ratified["layoffs"].eq(0).all()

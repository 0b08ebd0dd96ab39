"""A world does not know who else is running: alone or among thousands it has the same bits."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.cases.schema import TwoLevelGame
from sim.inputs.parameter import parameters
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play

# One value of each choice a scenario has, and one of each mechanism with draws of its own.
CHOICES = {
    "talks.selection": ["tradeoff", "similar", "random"],
    "talks.acceptance": ["ac_next", "ac_combi"],
    "talks.acceptance_from": [0.95, 0.6],
    "talks.first_proposer": ["random", "coalition"],
    "coalition.aggregation": ["mean", "median", "min", "pivot"],
    "coalition.tactic": ["time_dependent", "exponential"],
    "coalition.first_concession": [0.05, 0.2],
    "governor.tactic": ["time_dependent", "exponential"],
    "governor.first_concession": [0.01, 0.1],
    "information.rule": ["closed_door", "leaky", "open_door"],
    "ratification.weighting": ["unit", "pooled"],
    "ratification.second_vote": [True, False],
    "threat.bumping": [0.15, 0.0],
    "threat.size_doubt": [0.0, 0.7],
}
# The exponential tactic starts above zero.
START = {"governor.first_concession": 0.05, "coalition.first_concession": 0.05}
SHARED_BY_A_BATCH = (
    "talks.selection",
    "talks.acceptance",
    "coalition.aggregation",
    "coalition.tactic",
    "governor.tactic",
)
VALUES = st.fixed_dictionaries({}, optional={key: st.sampled_from(v) for key, v in CHOICES.items()})
SEEDS = st.integers(0, 2**63 - 1)
FIRSTS = st.integers(0, 10**9)


def tables(*outcomes):
    """Give outcomes, offers and votes of runs that follow each other, world by world."""
    frame = pd.concat([outcome.frame() for outcome in outcomes])
    offers = pd.concat([outcome.offers() for outcome in outcomes], ignore_index=True)
    ballots = pd.concat([outcome.ballots() for outcome in outcomes])
    ballots = ballots.sort_values(["world", "ballot"], kind="stable", ignore_index=True)
    return frame, offers, ballots


def of_worlds(found, worlds):
    frame, offers, ballots = found
    return (
        frame.loc[worlds],
        offers[offers["world"].isin(worlds)].reset_index(drop=True),
        ballots[ballots["world"].isin(worlds)].reset_index(drop=True),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "cases", [11, pytest.param(67, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_a_batch_cut_anywhere_is_the_same_batch(assert_same_bits, cases):
    @settings(max_examples=cases)
    @given(SEEDS, FIRSTS, st.sets(st.integers(1, 22), max_size=7), VALUES)
    def cut(seed, first, cuts, values):
        values = START | values
        edges = [0, *sorted(cuts), 23]
        whole = negotiate(worlds=23, seed=seed, set=values, first_world=first)
        parts = [
            negotiate(worlds=stop - start, seed=seed, set=values, first_world=first + start)
            for start, stop in pairwise(edges)
        ]
        for one, other in zip(tables(whole), tables(*parts), strict=True):
            assert_same_bits(one, other)

    cut()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "value"), [(key, value) for key, values in CHOICES.items() for value in values]
)
def test_every_world_replays_alone_under_every_choice(assert_same_bits, choice, value):
    values = START | {"talks.acceptance_from": 0.5, choice: value}
    together = negotiate(worlds=7, seed=2011, set=values, first_world=81_233)
    alone = [negotiate(seed=2011, set=values, first_world=world) for world in range(81_233, 81_240)]
    for one, other in zip(tables(together), tables(*alone), strict=True):
        assert_same_bits(one, other)


@pytest.mark.parametrize("values", [{}, {"talks.selection": "random", "information.rule": "leaky"}])
def test_a_world_is_the_same_alone_in_sevens_and_in_thousands(assert_same_bits, values):
    # More than the 4,096 that are stepped at once, and from the middle of nowhere.
    first, worlds = 1009, 4099
    run = tables(negotiate(worlds=worlds, seed=5, set=values, first_world=first))
    for start in (1009, 1009 + 4090, 1009 + 2011):
        sevens = negotiate(worlds=7, seed=5, set=values, first_world=start)
        for one, other in zip(of_worlds(run, range(start, start + 7)), tables(sevens), strict=True):
            assert_same_bits(one, other)
    for world in (1009, 1010, 1009 + 4095, 1009 + 4096, 1009 + 4098):
        alone = negotiate(seed=5, set=values, first_world=world)
        for one, other in zip(of_worlds(run, [world]), tables(alone), strict=True):
            assert_same_bits(one, other)


@pytest.mark.slow
@given(order=st.permutations(range(5)), seed=SEEDS)
@settings(max_examples=3)
def test_parts_run_in_any_order_are_the_same_parts(assert_same_bits, order, seed):
    in_turn = [negotiate(worlds=3, seed=seed, first_world=3 * part) for part in range(5)]
    shuffled = {part: negotiate(worlds=3, seed=seed, first_world=3 * part) for part in order}
    for part in range(5):
        for one, other in zip(tables(in_turn[part]), tables(shuffled[part]), strict=True):
            assert_same_bits(one, other)


@pytest.mark.slow
@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=5), SEEDS)
@settings(max_examples=4)
def test_worlds_of_any_numbers_in_any_order_are_what_each_is_alone(assert_same_bits, numbers, seed):
    numbers = [*numbers, numbers[0], numbers[0] + 1]  # one of them twice, and one with a neighbour
    values = START | {"talks.selection": "random", "information.rule": "leaky"}
    model = play(BargainingModel(worlds=7, set=values, rng=seed, first_world=numbers))
    together = tables(Outcome([model]))
    for position, number in enumerate(numbers):
        alone = negotiate(set=values, seed=seed, first_world=number).frame()
        assert_same_bits(
            together[0].iloc[[position]].reset_index(drop=True), alone.reset_index(drop=True)
        )


@pytest.mark.slow
def test_another_list_of_unions_does_not_change_the_draws_of_the_talks(sebac):
    few = {"union": sebac.union[:3]}
    members = sebac.coalition.model_copy(update={"members": sum(u.members for u in few["union"])})
    small = sebac.model_copy(update=few | {"coalition": members})
    one, other = (BargainingModel(case, 211, rng=3).batch for case in (sebac, small))
    assert one.governor_first.tolist() == other.governor_first.tolist()
    assert one.electorate.common_shock.tolist() == other.electorate.common_shock.tolist()
    assert one.leaders_error.tolist() == other.leaders_error.tolist()


@pytest.mark.slow
def test_the_columns_of_the_ballots_have_the_same_types_whether_or_not_a_second_one_was_held():
    held, not_held = (
        negotiate(set={"ratification.second_vote": again, "ratification.unions_required": 16})
        for again in (True, False)
    )
    assert held.ballots().dtypes.equals(not_held.ballots().dtypes)


# -------------------------------------------------------- a scenario of its own for each world

OWN = {
    "governor.beta": st.floats(0.05, 2),
    "coalition.beta": st.floats(0.05, 2),
    "governor.cost_of_layoffs": st.floats(0.5, 3),
    "governor.tax_pledge": st.floats(0, 1),
    "governor.first_concession": st.floats(0.01, 0.2),
    "coalition.first_concession": st.floats(0.01, 0.2),
    "coalition.leaders_error_sd": st.floats(0, 0.05),
    "fiscal.gap": st.floats(1500, 2500),
    "fiscal.score_haircut": st.floats(0, 0.5),
    "members.layoff_loss": st.floats(0.3, 1.5),
    "members.convexity": st.floats(0, 1),
    "members.noise": st.floats(0.02, 0.2),
    "members.workforce": st.integers(40_000, 50_000),
    "unions.militancy_sd": st.floats(0, 0.1),
    "threat.layoffs": st.floats(0, 12_000),
    "threat.bumping": st.sampled_from([0.0, 0.05, 0.15, 0.4]),
    "threat.credibility_members": st.floats(0, 1),
    "threat.size_doubt": st.floats(0, 2),
    "threat.notices": st.integers(0, 5),
    "information.secrecy": st.floats(0, 1),
    "information.leak_hazard": st.sampled_from([0.0, 0.3]),
    "information.audience_cost_governor": st.floats(0, 2),
    "talks.self_serving_bias": st.floats(0, 0.3),
    "talks.acceptance_from": st.floats(0.3, 1),
    "talks.first_proposer": st.sampled_from(["random", "governor", "coalition"]),
    "ratification.unions_required": st.integers(0, 16),
    "ratification.weighting": st.sampled_from(["unit", "pooled"]),
    "ratification.second_vote": st.booleans(),
    "ratification.amendment_allowed": st.booleans(),
}
OWN_VALUES = st.fixed_dictionaries({}, optional=OWN)
SHARED_VALUES = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(CHOICES[key]) for key in SHARED_BY_A_BATCH}
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cases", [11, pytest.param(67, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_worlds_with_a_scenario_each_are_what_each_is_alone(sebac, assert_same_bits, cases):
    @settings(max_examples=cases)
    @given(st.lists(OWN_VALUES, min_size=5, max_size=5), SHARED_VALUES, SEEDS, FIRSTS)
    def mix(own, shared, seed, first):
        each = [with_values(sebac, START | shared | values) for values in own]
        together = Outcome([play(BargainingModel(each, 5, rng=seed, first_world=first))])
        alone = [negotiate(case, seed=seed, first_world=first + w) for w, case in enumerate(each)]
        for one, other in zip(tables(together), tables(*alone), strict=True):
            assert_same_bits(one, other)

    mix()


SHARING = {
    "unions alike": {},
    "unlike unions": {"members.wage_pain": 0.04, "coalition.aggregation": "median"},
    "a pivot that hangs on the bylaws": {"coalition.aggregation": "pivot"},
    "looking ahead": {"coalition.anticipates_ratification": 0.5},
    "learning": {"governor.tactic": "bayesian", "coalition.tactic": "zeuthen"},
}


@pytest.mark.slow
@pytest.mark.parametrize("how", SHARING)
@pytest.mark.parametrize("case", ["sebac-2011", "connecticut-2011"])
def test_worlds_that_share_scenarios_are_what_each_is_alone(assert_same_bits, case, how):
    """In whatever order; tables are made once a scenario, and each world reads its own."""
    start = load_scenario(case)
    off = {"ground_rules.on": False} if case == "connecticut-2011" else {}
    scenarios = [
        with_values(start, {**off, **SHARING[how], "threat.layoffs": layoffs, **more})
        for layoffs, more in (
            (0.0, {}),
            (9000.0, {"members.noise": 0.2, "ratification.unions_required": 9}),
            (4742.0, {"governor.cost_of_taxes": 2.0, "coalition.shares_unfairness": 0.5}),
        )
    ]
    row = [0, 1, 0, 2, 2, 1, 0, 2]
    together = BargainingModel([scenarios[r] for r in row], len(row), rng=5)
    assert together.batch.by_scenario.worlds == 3
    found = tables(Outcome([play(together)]))
    for world, r in enumerate(row):
        alone = tables(Outcome([play(BargainingModel(scenarios[r], rng=5, first_world=world))]))
        for one, other in zip(of_worlds(found, [world]), alone, strict=True):
            assert_same_bits(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(
    "differing", ["fiscal.gap", "governor.cost_of_layoffs", "threat.size_doubt"]
)
def test_worlds_that_differ_in_what_makes_a_threat_too_large_are_what_each_is_alone(
    sebac, assert_same_bits, differing
):
    low, high = {"fiscal.gap": (1900, 2100)}.get(differing, (0.8, 1.2))
    loose = {"ratification.weight_required": 0.65, "ratification.unions_required": 10}
    cases = [
        with_values(sebac, loose | {differing: x}) for x in np.linspace(low, high, 23).tolist()
    ]
    together = Outcome([play(BargainingModel(cases, 23, rng=1))])
    alone = [negotiate(case, seed=1, first_world=w) for w, case in enumerate(cases)]
    assert 0 < together.frame()["yes_share_2"].notna().sum() < 23
    for one, other in zip(tables(together), tables(*alone), strict=True):
        assert_same_bits(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(
    "entries",
    [
        {("union", 2, "layoff_exposure"): 2.0},
        {("union", 2, "fairness"): 0.9},
        {("union", 2, "offset"): 0.2},
        {("union", 0, "members"): 15_700, ("union", 1, "members"): 7600},
        {("fiscal", "savings", "health"): 500.0},
        {("fiscal", "soft"): ["wages"], ("fiscal", "score_haircut"): 0.5},
    ],
    ids=lambda entries: ".".join(map(str, next(iter(entries)))),
)
def test_worlds_that_differ_in_a_list_are_refused(sebac, edited, entries):
    with pytest.raises(ValueError, match=r"batch must share their \w+; run them apart"):
        BargainingModel([sebac, edited(sebac, entries), sebac], 3, rng=7)


@pytest.mark.slow
def test_scorable_games_that_differ_in_the_batna_are_refused(edited):
    mini = load_scenario("mini-ct")
    other = edited(mini, {("batna",): [10.0, 60.0]})
    with pytest.raises(ValueError, match="worlds of one batch must share their batna"):
        BargainingModel([mini, other], 2, rng=7)


NUMBERS = [
    name
    for name, field in parameters(TwoLevelGame).items()
    if field.annotation is float and field.json_schema_extra["parameter"]["plausible"]
]


@pytest.mark.slow
@pytest.mark.parametrize("name", NUMBERS)
def test_any_one_number_may_differ_between_the_worlds_of_a_batch(sebac, assert_same_bits, name):
    low, high = parameters(TwoLevelGame)[name].json_schema_extra["parameter"]["plausible"]
    values = [low + share * (high - low) for share in (0.2, 0.5, 0.8)]
    cases = [with_values(sebac, {name: value}) for value in values]
    together = Outcome([play(BargainingModel(cases, 3, rng=11, first_world=5))])
    alone = [negotiate(case, seed=11, first_world=5 + w) for w, case in enumerate(cases)]
    for one, other in zip(tables(together), tables(*alone), strict=True):
        assert_same_bits(one, other)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHARED_BY_A_BATCH, "calendar.rounds", "members.strata"])
def test_what_shapes_the_arrays_or_names_a_rule_is_refused_when_it_differs(sebac, name):
    other = {"calendar.rounds": 13, "members.strata": 11} | {
        k: CHOICES[k][1] for k in SHARED_BY_A_BATCH
    }
    cases = [with_values(sebac, START), with_values(sebac, START | {name: other[name]})]
    with pytest.raises(ValueError, match=f"{name} differs between the worlds of one batch"):
        play(BargainingModel(cases, 2, rng=1))


@pytest.mark.slow
def test_scorable_games_are_the_same_in_any_batch(assert_same_bits):
    values = {"talks.selection": "similar"}
    whole = negotiate("mini-ct", 11, seed=3, set=values, first_world=17)
    alone = [negotiate("mini-ct", seed=3, set=values, first_world=17 + w) for w in range(11)]
    assert_same_bits(whole.frame(), pd.concat([one.frame() for one in alone]))
    offers = pd.concat([one.offers() for one in alone], ignore_index=True)
    assert_same_bits(whole.offers(), offers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "tactic",
    [
        "subgame_perfect",
        "war_of_attrition",
        "audience_standoff",
        "deadline_chicken",
        "optimistic",
        "commitment",
        "sits_out_a_strike",
    ],
)
def test_what_a_side_foresees_at_its_first_turn_stays_with_the_worlds_in_which_it_moved(
    sebac, assert_same_bits, tactic
):
    """Who opens is drawn, so that a side moves at even turns in some worlds and at odd ones in others."""
    values = {"calendar.rounds": 8, "talks.first_proposer": "random", "coalition.tactic": tactic}
    values |= {"governor.tactic": "time_dependent", "governor.beta": 0.2}
    whole = negotiate(sebac, 11, seed=3, set=values).offers()
    alone = [negotiate(sebac, seed=3, set=values, first_world=w).offers() for w in range(11)]
    assert whole[whole["round"] == 0]["proposer"].nunique() == 2
    assert (whole.groupby("world")["round"].max() > 2).sum() > 3
    assert_same_bits(whole, pd.concat(alone, ignore_index=True))


@pytest.mark.slow
def test_one_scenario_for_all_worlds_is_the_same_as_one_each(sebac, assert_same_bits):
    shared = Outcome([play(BargainingModel(sebac, 7, rng=np.int64(3)))])
    each = Outcome([play(BargainingModel([sebac] * 7, 7, rng=3))])
    for one, other in zip(tables(shared), tables(each), strict=True):
        assert_same_bits(one, other)

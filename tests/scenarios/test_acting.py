"""What the schema says has no effect has none, to the last bit; and `check` says so of an experiment."""

import pandas as pd
import pytest

from sim.cases.acting import acts_when, without_effect
from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.cases.schema import value_of
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.design.idle import idle
from sim.inputs.parameter import about, choices, ends, parameters
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.worlds.settings import same_shape

STRIKE = {"coalition.tactic": "on_strike", "governor.tactic": "sits_out_a_strike"}
CASES = {
    "sebac-2011": ("sebac-2011", {}),
    "no second ballot": (
        "sebac-2011",
        {"ratification.second_vote": False, "members.fairness": 0.0},
    ),
    "split-the-pie": ("split-the-pie", {}),
    "strike": ("mini-ct", STRIKE),
    "mini-ct": ("mini-ct", {"talks.acceptance": "ac_const", "governor.tactic": "mixed"}),
    "open": ("sebac-2011", {"information.rule": "leaky", "governor.tactic": "war_of_attrition"}),
    "few issues": ("sebac-2011", {}),
    "hollow": (
        "sebac-2011",
        {"holding_out.on": True, "fatigue.on": True, "mediation.on": True, "reputation.on": True},
    ),
}


def another(scenario, name):
    """Another value of a parameter, as far away as is plausible."""
    field, now = parameters(type(scenario))[name], value_of(scenario, name)
    if field.annotation is bool:
        return not now
    if words := choices(field):
        return next(word for word in words if word != now)
    low, high = about(field)["plausible"] or ends(field)
    value = high if abs(high - now) > abs(low - now) else low
    return int(value) if field.annotation is int else float(value)


def idle_in(case):
    base, values = CASES[case]
    scenario = load_scenario(base)
    if case == "few issues":
        document = as_document(scenario)
        document["issue"] = [i for i in document["issue"] if i["name"] in ("tax_share", "ideas")]
        document["fiscal"]["soft"] = []
        document["agenda"]["excludes"] = []
        scenario = parse_scenario(document, case)
    scenario = with_values(scenario, values)
    return scenario, [name for name in parameters(type(scenario)) if without_effect(scenario, name)]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_what_is_said_to_have_no_effect_changes_no_bit(case):
    scenario, names = idle_in(case)
    stated = [name for name in names if about(parameters(type(scenario))[name]).get("acts")]
    one_each = {name.split(".")[0]: name for name in names}.values()  # of mechanisms that are off
    names = stated if case != "sebac-2011" else {*stated, *one_each}
    assert names
    values = {name: another(scenario, name) for name in names if not name.endswith(".tactic")}
    variants = {name: with_values(scenario, {name: value}) for name, value in values.items()}
    before = negotiate(scenario, 3, seed=3).frame()
    for name, after in frames_of(scenario, variants).items():
        common = [column for column in before if column in after]
        pair = (frame[common].astype({"proposer": object}) for frame in (before, after))
        pd.testing.assert_frame_equal(*pair, check_exact=True, obj=name)


def frames_of(scenario, variants):
    """The first worlds of each variant: those of one shape in one model, as each of its worlds is its own."""
    alike = {name: each for name, each in variants.items() if same_shape(scenario, each)}
    cases = [each for each in alike.values() for _ in range(3)]
    model = BargainingModel(cases, len(cases), rng=3, first_world=[0, 1, 2] * len(alike))
    frame = Outcome([play(model)]).frame()
    found = {name: frame.iloc[3 * at : 3 * at + 3] for at, name in enumerate(alike)}
    others = {name: each for name, each in variants.items() if name not in alike}
    return found | {name: negotiate(each, 3, seed=3).frame() for name, each in others.items()}


@pytest.mark.slow
def test_each_condition_of_the_schema_is_tried():
    tried = {name for case in CASES for name in idle_in(case)[1]}
    kinds = {type(load_scenario(name)) for name in ("sebac-2011", "mini-ct")}
    stated = {n for kind in kinds for n, f in parameters(kind).items() if about(f).get("acts")}
    assert stated - tried == {"seniority.votes_told"}  # which acts also while the rest is off


STRIKING = {
    "name": "strike",
    "question": "Does a strike change the outcome?",
    "scenario": "mini-ct",
    "replications": 3,
    "seed": 1,
    "set": STRIKE,
}


def said(**more):
    return idle(parse_experiment(STRIKING | more, "strike"))


def test_a_parameter_that_is_multiplied_by_nothing_is_told():
    told = said(
        sweep={"coalition.least_demand": [0.1, 0.4], "governor.discount_factor": [0.8, 0.9]}
    )
    assert [sentence.split(":")[0] for sentence in told] == [
        'set."coalition.tactic"',
        'sweep."coalition.least_demand"',
    ]
    assert (
        "as coalition.claim_decay is 0.0; it acts where coalition.claim_decay is above 0" in told[0]
    )
    assert (
        said(set=STRIKE | {"coalition.claim_decay": 0.2}, sweep={"coalition.demand": [0.6, 0.9]})
        == []
    )


def test_what_acts_at_one_point_is_not_told():
    arms = {"still": {"coalition.claim_decay": 0.0}, "strike": {"coalition.claim_decay": 0.3}}
    assert said(arms=arms, sweep={"coalition.least_demand": [0.1, 0.4]}) == []
    (told,) = said(
        set={"coalition.tactic": "mixed", "coalition.mixed_weight": 0.3},
        arms={"a": {"coalition.imitation_window": 3}, "b": {"coalition.imitation_lag": 2}},
    )
    assert told.startswith('arms.a."coalition.imitation_window": has no effect')


def test_what_belongs_to_a_mechanism_that_is_off_is_told(sebac):
    assert "public.on is false" in without_effect(sebac, "public.weight")
    on = with_values(sebac, {"public.on": True})
    assert without_effect(on, "public.weight") is None
    assert without_effect(sebac, "seniority.votes_told") is None
    assert without_effect(sebac, "public.on") is None


def test_every_condition_names_parameters_that_there_are(sebac):
    for scenario in (sebac, load_scenario("mini-ct")):
        known = parameters(type(scenario))
        lists = {"issue", "fiscal.soft"}
        tables = {"members", "ratification", "rumours", "ground_rules", "mediation"}
        for name in known:
            for case in acts_when(scenario, name):
                for key in case:
                    assert key in {*known, *lists} or key.split(".")[0] in tables, (name, key)


@pytest.mark.parametrize("name", ["sebac-2011", "mini-ct", "split-the-pie", "connecticut-2011"])
def test_no_rule_of_a_shipped_scenario_does_nothing(name):
    assert idle(load_scenario(name)) == []

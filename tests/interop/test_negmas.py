"""NegMAS's value functions, ranges and discounts, worked out by hand."""

import math
import warnings

import pytest
import yaml

from sim.inputs.problems import InputError, Note
from sim.interop import import_scenario
from sim.interop.value_functions import OF_NEGMAS

SPACE = {"type": "negmas.outcomes.CartesianOutcomeSpace", "name": "a domain"}
HOURS = {"type": "ContiguousIssue", "name": "hours", "values": [0, 4]}
PAY = {"type": "CategoricalIssue", "name": "pay", "values": ["low", "high"]}
TABLE = {"type": "TableFun", "mapping": {"low": 0.0, "high": 1.0}}
FLAT = {"type": "LinearAdditiveUtilityFunction", "values": [{"type": "ConstFun", "bias": 1}, TABLE]}

# Parameters of each class, and what it is worth at 0 to 4, by hand.
FUNCTIONS = {
    "ConstFun": ({"bias": 0.5}, [0.5] * 5),
    "IdentityFun": ({}, [0, 1, 2, 3, 4]),
    "LinearFun": ({"slope": 2}, [0, 2, 4, 6, 8]),
    "AffineFun": ({"slope": -2, "bias": 8}, [8, 6, 4, 2, 0]),
    "QuadraticFun": ({"a2": 1, "a1": -4, "bias": 4}, [4, 1, 0, 1, 4]),
    "PolynomialFun": ({"coefficients": [0, 0, 1], "bias": 1}, [1, 2, 9, 28, 65]),
    "TriangularFun": ({"start": 0, "middle": 1, "end": 3, "scale": 2}, [0, 2, 1, 0, 0]),
    "TrapezoidalFun": (
        {"start": 0, "rise_end": 2, "fall_start": 3, "end": 4, "bias": 1},
        [1, 1.5, 2, 2, 1],
    ),
    "GaussianFun": ({"center": 0, "sigma": 1}, [math.exp(-x * x / 2) for x in range(5)]),
    "ExponentialFun": ({"tau": 1, "base": 2, "bias": -1}, [0, 1, 3, 7, 15]),
    "SinFun": ({"multiplier": math.pi / 2, "amplitude": 3}, [0, 3, 0, -3, 0]),
    "CosFun": ({"phase": math.pi, "bias": 1}, [1 - math.cos(x) for x in range(5)]),
}


@pytest.fixture
def folder_with(tmp_path):
    """Give a function that writes a domain of hours and pay, and two parties, as YAML."""

    def write(first, second=FLAT, issues=(HOURS, PAY), **others):
        documents = {"domain": SPACE | {"issues": list(issues)}, "p1": first, "p2": second} | others
        for name, document in documents.items():
            (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(document), "utf-8")
        return tmp_path

    return write


def read(folder, **how):
    """The scenario of a folder, and what is noted of it."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        scenario = import_scenario(folder, **how)
    return scenario, [str(each.message) for each in told if issubclass(each.category, Note)]


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_every_formula_is_read(folder_with, kind):
    parameters, values = FUNCTIONS[kind]
    party = FLAT | {
        "values": [{"type": f"negmas.{kind}"} | parameters, TABLE],
        "weights": [0.5, 0.5],
    }
    scenario, notes = read(folder_with(party))
    hours, pay = scenario.issue
    assert hours.governor == pytest.approx([value / 2 for value in values], abs=1e-12)
    assert (pay.labels, pay.governor, notes) == (["low", "high"], [0, 0.5], [])


def test_the_formulas_are_all_tried():
    assert {*FUNCTIONS, "LogFun"} == set(OF_NEGMAS)


def test_a_logarithm_has_no_value_at_0(folder_with):
    party = FLAT | {"values": [{"type": "LogFun", "tau": 1}, TABLE]}
    with pytest.raises(InputError, match='values of "hours": has no value at 0'):
        import_scenario(folder_with(party))
    from_one = {"type": "DiscreteCardinalIssue", "name": "hours", "values": [1, 10, 100]}
    party = FLAT | {"values": [{"type": "LogFun", "tau": 1, "base": 10}, TABLE]}
    scenario, _ = read(folder_with(party, issues=(from_one, PAY)))
    assert scenario.issue[0].governor == pytest.approx([0, 1, 2])


def test_a_linear_utility_weighs_the_values_themselves(folder_with):
    issues = (HOURS, {"type": "DiscreteCardinalIssue", "name": "pay", "values": [10, 30]})
    party = {
        "type": "AffineUtilityFunction",
        "weights": [0.5, 0.25],
        "bias": 2,
        "reserved_value": 5,
    }
    scenario, _ = read(
        folder_with(party, {"type": "LinearUtilityFunction", "weights": [1, 1]}, issues)
    )
    assert [issue.governor for issue in scenario.issue] == [[0, 0.5, 1, 1.5, 2], [2.5, 7.5]]
    assert scenario.batna == [3, 10]


def test_ranges_are_read_with_their_step_or_as_a_grid(folder_with):
    even = HOURS | {"values": [2, 11], "step": 3}
    party = FLAT | {"values": [{"type": "IdentityFun"}, TABLE]}
    assert read(folder_with(party, issues=(even, PAY)))[0].issue[0].levels == [2, 5, 8, 11]
    any_number = HOURS | {"type": "ContinuousIssue", "values": [0.0, 1.0]}
    scenario, [note] = read(folder_with(party, issues=(any_number, PAY)), levels=5)
    assert scenario.issue[0].levels == [0, 0.25, 0.5, 0.75, 1]
    assert "any number from 0 to 1; 5 levels" in note


def discounted(**how):
    """A party whose utility falls with time."""
    return {"type": "negmas.ExpDiscountedUFun", "reserved_value": 0.5, "ufun": FLAT} | how


def test_discounts_are_read_by_the_clock_that_they_name(folder_with):
    by_time = discounted(discount=0.5, factor="relative_time")
    by_step = discounted(discount=0.9, factor="step")
    scenario, notes = read(folder_with(by_time, by_step))
    assert scenario.governor.discount_factor == pytest.approx(0.5 ** (1 / 100), rel=1e-12)
    assert scenario.coalition.discount_factor == pytest.approx(0.9 ** (1 / 2), rel=1e-12)
    assert scenario.batna == [0.5, 0.5]
    assert len(notes) == 2


@pytest.mark.parametrize(
    "how",
    [
        {"discount": 0.5, "factor": "time"},
        {"discount": 1.5, "factor": "step"},
        {"discount": 0.5, "factor": "step", "dynamic_reservation": False},
        {"type": "LinDiscountedUFun", "cost": 0.1},
    ],
)
def test_other_discounts_are_refused_or_left_out(folder_with, how):
    folder = folder_with(discounted(**how))
    with pytest.raises(
        InputError, match=r"p1\.yml: its utility falls .* --ignore-discount leaves it out"
    ):
        import_scenario(folder)
    scenario, [note] = read(folder, ignore_discount=True)
    assert scenario.governor.discount_factor == 1
    assert note == "p1.yml: its discount is left out, as was asked"


def test_files_of_neither_kind_are_left_out_and_parties_named(folder_with):
    third = FLAT | {"values": [{"type": "ConstFun", "bias": 3}, TABLE]}
    folder = folder_with(FLAT, FLAT, stats={"opposition": 0.2}, p3=third)
    (folder / "_info.yaml").write_text("a: *nothing", "utf-8")
    scenario, [note] = read(folder, parties=("p3", "p2"))
    assert scenario.issue[0].governor == [3] * 5
    assert note == "not read, being neither a domain nor a party of NegMAS: stats.yml"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([{"type": "IdentityFun"}, {"type": "LinearFun", "slope": 1}], "these values are words"),
        ([{"type": "LinearFun"}, TABLE], r"slope = \(nothing\): must be a finite number"),
        (
            [{"type": "PolynomialFun", "coefficients": 3}, TABLE],
            "coefficients: must be a list of numbers",
        ),
        ([{"type": "ExponentialFun", "tau": 1e6}, TABLE], "has no value at 1"),
        ([{"type": "LambdaFun", "f": "x"}, TABLE], 'a "LambdaFun" cannot be read'),
        ([3, TABLE], "must be a value function"),
    ],
)
def test_a_function_that_cannot_be_read_is_told(folder_with, values, said):
    with pytest.raises(InputError, match=said):
        import_scenario(folder_with(FLAT | {"values": values}))

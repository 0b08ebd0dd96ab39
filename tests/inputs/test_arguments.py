"""What Python gives as an argument is taken as it is meant, or the sentence says what is wrong with it."""

import json
import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.cases.loading import with_values
from sim.inputs.arguments import plain_value, real, table, whole, word, yes_or_no
from sim.inputs.problems import InputError

NAN = float("nan")


@pytest.mark.parametrize(
    "given",
    [6, 6.0, np.int64(6), np.int8(6), np.uint16(6), np.float32(6), np.array(6), np.array([6])],
)
def test_a_whole_number_may_be_of_any_kind_with_one_value(given):
    found = whole(given, "worlds", low=1, high=6)
    assert found == 6
    assert type(found) is int


@pytest.mark.parametrize(
    "given",
    [
        6.5,
        True,
        np.True_,
        "6",
        None,
        NAN,
        np.inf,
        [6],
        np.array([6, 6]),
        b"6",
        6 + 0j,
        -1,
        pytest.param(10**5000, id="long"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_name_value_and_what_is_allowed(given):
    with pytest.raises(InputError, match="^worlds = .*: must be a whole number from 1 to 1,000$"):
        whole(given, "worlds", low=1, high=1000)


def test_a_number_is_finite_and_no_text():
    assert real(np.float32(0.5), "at_most") == 0.5
    assert type(real(3, "at_most")) is float
    for wrong in (NAN, np.inf, "0.5", True, None, 10**400):
        with pytest.raises(InputError, match="^at_most = .*: must be a number$"):
            real(wrong, "at_most")


def test_yes_and_no_and_words():
    assert yes_or_no(np.True_, "restart") is True
    with pytest.raises(InputError, match='^restart = "yes": must be True or False$'):
        yes_or_no("yes", "restart")
    assert word(np.str_("a"), "to", ["a"]) == "a"
    with pytest.raises(
        InputError, match=r'^to = "ab": must be one of "abc" \(did you mean "abc"\?\)$'
    ):
        word("ab", "to", ["abc"])


def test_a_table_has_names_and_values_without_numpy():
    assert table(None, "set") == {}
    found = table({"a": np.int64(1), "b": {"c": np.array([1.5])}, "d": (np.True_,)}, "set")
    assert json.dumps(found) == '{"a": 1, "b": {"c": [1.5]}, "d": [true]}'
    assert plain_value("x") == "x"
    for wrong in (5, "a=1", [("a", 1)]):
        with pytest.raises(InputError, match="^set = .*: must be a mapping"):
            table(wrong, "set")
    with pytest.raises(InputError, match="^set: the key 3 must be text$"):
        table({3: 1}, "set")


def test_what_is_meant_plays_the_same_worlds(assert_same_bits):
    expected = sim.negotiate("mini-ct", 5, seed=3, set={"calendar.rounds": 6}).frame()
    same = [
        sim.negotiate("mini-ct", 5.0, seed=np.uint8(3), set={"calendar.rounds": np.float64(6)}),
        sim.negotiate({"extends": "mini-ct"}, np.int32(5), seed=3.0, set={"calendar.rounds": 6.0}),
        sim.negotiate(with_values("mini-ct", {"calendar.rounds": np.int64(6)}), 5, seed=3),
    ]
    for outcome in same:
        assert_same_bits(outcome.frame(), expected)


def test_a_document_is_a_scenario(tmp_path):
    document = {"extends": "sebac-2011", "name": "mine", "threat": {"layoffs": np.int64(7)}}
    assert sim.load_scenario(document).threat.layoffs == 7
    assert sim.solve(document).scenario.name == "mine"
    assert "extends" in document  # it is not changed
    with pytest.raises(InputError, match="^scenario: threat.layofs: is not a known key"):
        sim.solve({"extends": "sebac-2011", "threat": {"layofs": 7}})


def test_overrides_are_taken_as_they_are_meant():
    plain = sim.load_experiment("deadline", {"replications": 3, "seed": 4})
    other = sim.load_experiment("deadline", {"replications": np.int32(3), "seed": 4.0})
    assert other == plain


WRONG = """
import json, sim
from sim import *

def said(call):
    try:
        return repr(call())
    except (InputError, RunError) as error:
        return str(error)
    except Exception as error:
        return f"!! {type(error).__name__}: {error}"

wrong = [5, None, True, "5", b"5", float("nan"), [], {}, {1: 2}, object(), -1, 2.5, "", "x\\0y", "n" * 300]
doors = {
    "scenario": [load_scenario, solve, ledger, ground_rules, negotiate, BargainingModel],
    "scenarios": [play_episodes],
    "worlds": [lambda x: negotiate("mini-ct", x), lambda x: BargainingModel("mini-ct", x)],
    "seed": [lambda x: negotiate("mini-ct", seed=x), lambda x: play_episodes(["connecticut-2011"], seed=x)],
    "first_world": [lambda x: negotiate("mini-ct", first_world=x)],
    "set": [lambda x: negotiate("mini-ct", set={"calendar.rounds": x}), lambda x: solve("mini-ct", set=x)],
    "experiment": [load_experiment, run_experiment],
    "overrides": [lambda x: load_experiment("deadline", {"replications": x})],
    "results": [load_results, verify, write_report, lambda x: paired_differences(x, "agreed"),
                lambda x: factorial(x, "agreed"), lambda x: variance_shares(x, "agreed"),
                lambda x: precision(x, "agreed"), lambda x: sensitivity(x, "agreed"),
                lambda x: discover(x, "agreed", below=1)],
    "outcome": [tell_story],
    "folder": [lambda x: run_hypotheses(folder=x, only="H0")],
    "only": [lambda x: run_hypotheses(only=[x])],
}
told = {name: [said(lambda: call(x)) for call in calls for x in wrong] for name, calls in doors.items()}
print(json.dumps(told))
"""


@pytest.mark.slow
def test_what_is_wrong_is_said_at_every_public_door(tmp_path):
    """In a process of its own, where nothing but the program itself looks at what it is given."""
    done = subprocess.run(
        [sys.executable, "-c", WRONG], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    raw = {
        name: sorted({line for line in lines if line.startswith("!!")})
        for name, lines in told.items()
    }
    assert {name: lines for name, lines in raw.items() if lines} == {}

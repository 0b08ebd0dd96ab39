"""Whatever is written into a scenario or experiment file, the answer is a sentence, never a traceback."""

import copy
import tomllib
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cases.loading import load_scenario, parse_scenario, read_document, shipped_scenarios
from sim.cli import app
from sim.experiments.design.experiment import parse_experiment
from sim.inputs.problems import InputError

ROOT = Path(__file__).parents[2]
EXPERIMENTS = [
    tomllib.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "experiments").glob("*.toml"))
    if path.stem in ("layoff_threat", "secrecy", "uncertain_doors", "one_at_a_time")
]
EXPERIMENTS += [
    tomllib.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "experiments" / "hypotheses").glob("*.toml"))[:3]
]
EXPERIMENTS += [
    EXPERIMENTS[0]
    | {
        "replications": {
            "until": "halfwidth",
            "of": "ratified",
            "at_most": 0.4,
            "first": 2,
            "max": 4,
        }
    },
    {
        "name": "listed",
        "question": "What do points of my own do?",
        "scenario": "sebac-2011",
        "replications": 2,
        "seed": 1,
        "table": {"file": str(ROOT / "tests" / "experiments" / "data" / "points.csv")},
    },
]
SCENARIOS = [read_document(name) for name in shipped_scenarios() if name != "split-the-pie"]
WORDS = st.sampled_from(["", "pivot", "random", "closed_door", "threat.layoffs", "Wages", "x" * 80])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    WORDS,
    st.text(max_size=8),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(node, above=()):
    """Every place of a document, as the path of keys to it."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


@st.composite
def broken(draw, documents):
    """A good document with one to four places spoiled."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 4))):
        *path, last = draw(st.sampled_from(list(places(document))))
        node = document
        for key in path:
            node = node[key]
        match draw(st.sampled_from(["value", "gone", "misspelt", "added"])):
            case "value":
                node[last] = draw(JUNK)
            case "gone":
                del node[last]
            case "misspelt" if isinstance(node, dict):
                node[str(last)[:-1] + "z"] = node.pop(last)
            case _ if isinstance(node, dict):
                node[draw(st.text(min_size=1, max_size=9))] = draw(JUNK)
        if not document:
            break
    return document


def told_plainly(read, document):
    """Read a document; if it is refused, every problem is one line that opens with the file."""
    try:
        return read(document)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.startswith("file.toml: ")
            assert len(problem.splitlines()) == 1
            for jargon in ("Traceback", "pydantic", "NoneType", "dict_type", "<class"):
                assert jargon not in problem
        return None


FUZZ = settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@FUZZ
@given(broken(SCENARIOS))
def test_a_spoiled_scenario_is_read_or_refused_in_sentences(document):
    told_plainly(lambda spoiled: parse_scenario(spoiled, "file.toml"), document)


@pytest.mark.slow
@FUZZ
@given(broken(EXPERIMENTS))
def test_a_spoiled_experiment_is_read_or_refused_in_sentences(document):
    told_plainly(lambda spoiled: parse_experiment(spoiled, "file.toml", ROOT), document)


@pytest.mark.slow
@settings(max_examples=500)
@given(st.binary(max_size=200), st.integers(0, 6000), st.integers(0, 60))
def test_spoiled_bytes_are_read_or_refused_in_sentences(tmp_path_factory, junk, at, length):
    good = (ROOT / "sim" / "cases" / "scenarios" / "mini-ct.toml").read_bytes()
    path = tmp_path_factory.mktemp("fuzz") / "file.toml"
    path.write_bytes(good[:at] + junk + good[at + length :])
    try:
        load_scenario(path)
    except InputError as error:
        assert all(problem.startswith(str(path)) for problem in error.problems)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(broken(EXPERIMENTS))
def test_a_spoiled_experiment_leaves_no_half_written_folder(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("fuzz")
    try:
        text = tomli_w.dumps(document)
    except (TypeError, ValueError):  # what TOML has no way to write
        return
    (folder / "file.toml").write_text(text, "utf-8")
    out = folder / "out"
    command = ["run", str(folder / "file.toml"), "--out", str(out), "--replications", "2"]
    done = CliRunner().invoke(app, [*command, "--no-figures", "--quiet"])
    assert done.exit_code in (0, 2), done.output + str(done.exception)
    assert (out / "manifest.json").exists() == (done.exit_code == 0)
    assert out.exists() == (done.exit_code == 0)

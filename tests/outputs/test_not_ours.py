"""Files that are not ours, beside and in place of every output of every command: none is ever lost."""

import pytest

from strangers import (
    BESIDE,
    MANNERS,
    around_the_experiment,
    beside,
    in_place_of,
    in_the_way,
    outputs,
)
from writers import COMMANDS, INPUTS, WRITERS, Writer, call, commands_that_write, contents, furnish

# What looks, and writes nothing: what is typed in a folder with a finished run.
READERS = {
    "case": "case sebac-2011 --worlds 4",
    "check": "check arms.toml pie.toml",
    "compare": "compare out",
    "describe": "describe sebac-2011",
    "discover": "discover out --above 0.5",
    "effects": "effects out",
    "enough": "enough out",
    "ledger": "ledger",
    "list": "list scenarios",
    "replay": "replay out",
    "sensitivity": "sensitivity out",
    "show": "show out",
    "verify": "verify out --worlds 2",
}
ALWAYS = (
    "foreign",
    "edited",
)  # the manners in which all outputs are tried; in the others each third
SLOW = ("plot out --all", "report")  # of which a few outputs stand for all

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A call that gives the folder in which a command was done, and the files that it made."""
    known = {}

    def of(writer):
        if writer not in known:
            place = tmp_path_factory.mktemp("finished") / "place"
            known[writer] = place, outputs(writer, place)
        return known[writer]

    return of


def test_every_command_is_known_as_one_that_writes_or_as_one_that_does_not():
    """A new command with `--out` must be among the writers that all tests of this kind try."""
    assert commands_that_write() == {writer.command for writer in WRITERS}
    assert set(COMMANDS) == commands_that_write() | set(READERS)


@pytest.mark.parametrize("command", READERS)
def test_a_command_that_looks_writes_nothing(command, finished):
    place, _ = finished(WRITERS[0])
    before = contents(place)
    answer = call(READERS[command], place)
    assert not answer.wrong
    assert contents(place) == before


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("writer", WRITERS, ids=str)
def test_what_stands_in_place_of_an_output_is_refused_or_moved_aside_and_never_lost(
    writer, manner, finished, tmp_path
):
    place, names = finished(writer)
    assert names
    chosen = names if manner in ALWAYS else names[::3]
    if writer.typed.startswith(SLOW):
        chosen = names[:2]
    wrong = {name: in_place_of(writer, place, name, manner, tmp_path)[1] for name in chosen}
    assert not {name: why for name, why in wrong.items() if why}


@pytest.mark.parametrize("writer", WRITERS, ids=str)
def test_what_stood_there_before_the_first_call_is_refused_or_moved_aside_and_never_lost(
    writer, finished, tmp_path
):
    _, names = finished(writer)
    chosen = names[:1] if writer.typed.startswith(SLOW) else names[:: 1 + len(names) // 5]
    wrong = {name: in_the_way(writer, name, "foreign", tmp_path)[1] for name in chosen}
    assert not {name: why for name, why in wrong.items() if why}


@pytest.mark.parametrize("options", ["", "--restart", "--force", "--restart --force"])
@pytest.mark.parametrize("writer", WRITERS, ids=str)
def test_files_beside_the_outputs_stay_as_they_are(writer, options, finished, tmp_path):
    known = {name for parameter in COMMANDS[writer.command].params for name in parameter.opts}
    if not set(options.split()) <= known:
        pytest.skip("the command has no such option")
    place, _ = finished(writer)
    _, wrong = beside(writer, place, tmp_path, options)
    assert not wrong


def test_the_folder_of_an_experiment_is_no_results_folder(tmp_path):
    tried = list(around_the_experiment(tmp_path))
    assert len(tried) == 12
    assert not [(typed, wrong) for typed, _, wrong in tried if wrong]


def test_the_strangers_are_no_outputs_and_the_inputs_are_good(tmp_path):
    furnish(tmp_path)
    for name in INPUTS:
        if name.endswith(".toml") and name != "fit.toml":
            assert call(f"check {name}", tmp_path).code == 0
    assert not set(BESIDE) & {"summary.csv", "manifest.json"}
    assert Writer("plot out").command == "plot"

"""Lessons and explorations run top to bottom, define nothing, and mark answers as they should."""

import importlib
import pkgutil
import re
import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from sim.teaching import lessons
from sim.teaching.lessons.checks import Check, Prediction, WrongAnswer

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LESSONS = [name for name in NOTEBOOKS if name[0].isdigit()]
RUN = [
    pytest.param(name, marks=() if name == LESSONS[0] else pytest.mark.slow) for name in NOTEBOOKS
]
SECONDS = 120  # for one cell
HEADINGS = (
    "# Lesson",
    "## A five-minute story",
    "## Predict before you run",
    "## Move it yourself",
    "## One experiment",
    "## Check yourself",
    "## Two exercises",
    "## Debrief",
    "## How this is graded",
)
MODULES = [
    importlib.import_module(f"{lessons.__name__}.{found.name}")
    for found in pkgutil.iter_modules(lessons.__path__)
    if found.name.startswith("lesson_")
]
CHECKS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": check
    for module in MODULES
    for name, check in vars(module).items()
    if isinstance(check, Check)
}
WIDGETS = "application/vnd.jupyter.widget-state+json"
HINTS = [(name, number) for name in CHECKS for number in range(len(CHECKS[name].hints))]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Give a function that runs a notebook in a fresh kernel and a copy of the repository's files."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    for folder in ("experiments", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)

    def execute(name, answers=None):
        notebook = nbformat.read(FOLDER / name, 4)
        for cell in notebook.cells:
            for variable, written in (answers or {}).items():
                cell.source = answered(cell.source, variable, written)
        client = NotebookClient(
            notebook, timeout=SECONDS, resources={"metadata": {"path": str(tmp_path / "notebooks")}}
        )
        return client.execute()

    return execute


def answered(source, variable, written):
    """A cell in which an answer is written where the dots stood."""
    return re.sub(
        rf"^{variable} = \.\.\.$", f"{variable} = {written!r}", source, flags=re.MULTILINE
    )


def markdown(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", RUN)
def test_a_notebook_runs_from_top_to_bottom_in_a_fresh_kernel(run, name):
    ran = run(name)
    assert all(cell.execution_count for cell in code(ran))
    assert all("image/png" in str(shown) for shown in beside_sliders(ran))


def beside_sliders(notebook):
    """What is shown below sliders."""
    found = notebook.metadata.get("widgets", {}).get(WIDGETS, {"state": {}})["state"].values()
    return [each["state"]["outputs"] for each in found if each["model_name"] == "OutputModel"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_defines_nothing_that_belongs_in_the_library(name):
    for cell in code(nbformat.read(FOLDER / name, 4)):
        assert not re.search(r"^\s*(def|class)\s|\blambda\b", cell.source, re.MULTILINE)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_all_its_headings_in_order(name):
    text = "\n".join(markdown(nbformat.read(FOLDER / name, 4)))
    places = [text.find(f"\n{heading}") for heading in HEADINGS[1:]]
    assert text.startswith(HEADINGS[0])
    assert -1 not in places
    assert places == sorted(places)
    for said in ("Walton and McKersie", "minutes", "CC BY 4.0"):
        assert said in text[: places[0]]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_stored_with_its_sliders_and_what_they_show(name):
    shown = beside_sliders(nbformat.read(FOLDER / name, 4))
    assert shown and all("image/png" in str(outputs) for outputs in shown)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_stored_with_its_figures_and_without_errors(name):
    outputs = [output for cell in code(nbformat.read(FOLDER / name, 4)) for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not any(output.output_type == "error" for output in outputs)
    assert not any(str(Path.home()) in str(output.get("text", "")) for output in outputs)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_reads_only_files_that_are_there(name):
    text = "\n".join(cell.source for cell in code(nbformat.read(FOLDER / name, 4)))
    for path in re.findall(r"experiments/[\w/.-]+\.toml", text):
        assert (ROOT / path).is_file()


@pytest.mark.parametrize("name", CHECKS)
def test_what_theory_says_is_right(capsys, name):
    CHECKS[name].of(CHECKS[name].answer())
    assert capsys.readouterr().out == f"Right. {CHECKS[name].why}\n"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "number"), HINTS)
def test_a_known_mistake_gets_its_own_hint(name, number):
    hint = CHECKS[name].hints[number]
    with pytest.raises(WrongAnswer, match=re.escape(hint.words)):
        CHECKS[name].of(hint.mistake())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_lesson_has_a_prediction_and_checks_with_hints(module):
    checks = [each for each in vars(module).values() if isinstance(each, Check)]
    assert any(isinstance(each, Prediction) for each in vars(module).values())
    assert len(checks) >= 3
    assert all(check.hints for check in checks)


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_the_answers_of_the_solutions_are_right(run, name):
    """Each answer is written into the notebook, which then says so."""
    answers = solutions()[name.removesuffix(".ipynb")]
    ran = run(name, answers)
    said = "".join(o.get("text", "") for cell in code(ran) for o in cell.outputs)
    assert said.count("Right. ") == len(asked(name))
    assert "no answer yet" not in said


@pytest.mark.parametrize("name", LESSONS)
def test_the_solutions_answer_every_question_of_a_lesson(name):
    assert set(solutions()[name.removesuffix(".ipynb")]) == {*asked(name), "prediction"}


@pytest.mark.slow
def test_a_wrong_answer_stops_the_notebook_with_its_hint(run):
    with pytest.raises(CellExecutionError, match="Take off what no agreement is worth"):
        run(LESSONS[0], {"gain": 50})


def solutions():
    return tomllib.loads((FOLDER / "solutions" / "answers.toml").read_text("utf-8"))


def asked(name):
    """The checks that the cells of a lesson call."""
    text = "\n".join(cell.source for cell in code(nbformat.read(FOLDER / name, 4)))
    return {found for found in re.findall(r"lesson\.(\w+)\.of\(", text) if found != "predicted"}

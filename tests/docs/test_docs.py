"""What pages say is so: the links, the citations, the experiment files, the table of parameters."""

import json
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
import typer

from sim.cli import app
from sim.experiments.design.experiment import load_experiment
from sim.inputs.installation import DISTRIBUTION
from sim.show.catalogue import parameter_table
from sim.show.figures.sources import FIGURES

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "experiments", "notebooks", "results")
PAGES = sorted([*ROOT.glob("*.md"), *(page for f in FOLDERS for page in (ROOT / f).rglob("*.md"))])
NAME = r"[A-Z][a-z]\w*(?:-[A-Z]\w+)?"
CITED = re.compile(
    rf"((?:{NAME}, )*(?:{NAME},? and )?{NAME})(?:'s?)?(?: et al\.)?,? \(?((?:1[789]|20)\d\d)\b"
)
MONTHS = "January February March April May June July August September October November December"
NEWSPAPERS = (
    "Capitol Watch",
    "CT News Junkie",
    "Hartford Courant",
    "Labor Notes",
    "Norwich Bulletin",
)
NO_NAMES = (*NEWSPAPERS, "Monte Carlo")
NOT_AUTHORS = {*MONTHS.split(), "Connecticut", "In", "Local", "Malloy", "News"}
STRANGER = re.compile(r"""(?<![\w-])bargain(\[[a-z]|\\\[)|\binstall ["']?bargain\b""")
EXPERIMENTS = [  # others are scenarios, tournaments, calibrations, and hypotheses that wait
    path
    for path in sorted((ROOT / "experiments").rglob("*.toml"))
    if {"question", "scenario"} <= set(found := tomllib.loads(path.read_text("utf-8")))
    and "prior" not in found
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_named_in_a_sentence_exists(page):
    named = set(re.findall(r"`bargain ([a-z]+)", page.read_text("utf-8")))
    assert named <= set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_file_is_good_named_as_its_file_and_in_the_list(path):
    experiment = load_experiment(path)
    assert experiment.file.name == path.stem
    assert {request.name for request in experiment.file.figure or []} <= set(FIGURES)
    listed = (path.parent / "README.md").read_text("utf-8")
    assert f"({path.name})" in listed


@pytest.fixture(scope="module")
def works():
    """Each work in the references: the names in it, and its year."""
    text = (ROOT / "REFERENCES.bib").read_text("utf-8")
    entries = [plain(entry) for entry in re.split(r"^@", text, flags=re.MULTILINE)[1:]]
    return [
        (set(re.findall(NAME, entry)), re.search(r"year\s*=\s*\"?(\d{4})", entry)[1])
        for entry in entries
    ]


@pytest.fixture(scope="module")
def citations():
    """All that is cited, as names and a year, and where."""
    folders = ("sim", "tests", "experiments", "docs", "notebooks", "benchmarks")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    paths = [
        path
        for path in [*paths, *ROOT.glob("*.md")]
        if path.suffix in (".py", ".md", ".toml", ".ipynb")
    ]
    found = {}
    for path in paths:
        text = re.sub("|".join(NO_NAMES), "", plain(written_in(path)))
        for authors, year in CITED.findall(text):
            names = frozenset(re.findall(NAME, authors)) - NOT_AUTHORS
            if names:
                found.setdefault((names, year), set()).add(path.name)
    return found


def written_in(path):
    """The text of a file; of a notebook that of its cells, without what they show."""
    text = path.read_text("utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def plain(text):
    """Text without accents, whether these are written as such or in TeX, on one line."""
    text = re.sub(r"\\[uc](?={)|\\[^a-zA-Z]|[{}]", "", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\n[ #]*", " ", text)


def test_every_citation_resolves_in_the_references(works, citations):
    """All authors that are named stand with their year in one entry."""
    missing = [
        (sorted(names), year, sorted(where))
        for (names, year), where in citations.items()
        if not any(names <= known and year == theirs for known, theirs in works)
    ]
    assert not missing


def test_no_text_recommends_to_install_the_bargain_of_another_project():
    """Where packages are kept, `bargain` is a stranger's; the command alone has that name here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == DISTRIBUTION != "bargain"
    assert all(map(STRANGER.search, ("install " + "bargain", "bargain" + "[docs]")))
    folders = ("sim", "tests", "experiments", "docs", "notebooks", "benchmarks", ".ci")
    for path in [*ROOT.glob("*"), *(path for f in folders for path in (ROOT / f).rglob("*"))]:
        if path.suffix in (".py", ".md", ".toml", ".ipynb", ".cff", "") and path.is_file():
            assert not STRANGER.search(path.read_text("utf-8")), path


def test_every_work_in_the_references_is_cited_somewhere(works, citations):
    uncited = [
        (sorted(known), year)
        for known, year in works
        if not any(names <= known and year == cited for names, cited in citations)
    ]
    assert not uncited


def test_nothing_in_the_project_names_where_it_was_made():
    words = ["/" + "work/", "../" + "shared", "index" + "-url", "theory" + ".md"]
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        made = {"build", "dist", "results", "__pycache__"}
        hidden = inside[0].startswith(".") and inside[0] != ".ci"
        if not path.is_file() or hidden or made & set(inside):
            continue
        text = path.read_text("utf-8", errors="ignore")
        assert not [word for word in words if word in text], path


def test_the_table_of_parameters_is_made_from_the_schema():
    shown = (ROOT / "docs" / "parameters.md").read_text("utf-8")
    assert shown.endswith(f"\n{parameter_table()}\n")

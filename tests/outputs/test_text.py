"""What a person wrote is text wherever it goes: no markup, no escapes, and commands that can be copied."""

import re
import shlex
import subprocess
import sys
import warnings
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.text
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.analysis.verdicts import as_page
from sim.inputs.letters import paragraph, plain
from sim.inputs.problems import InputError, RunError
from sim.outputs.text import in_markdown, on_a_page, to_copy
from sim.show.figures.style import as_png, as_svg, figure, in_house_style, rows_from_the_top

ROOT = Path(__file__).parents[2]
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]")
EVIL = (
    "[/red]",
    "threat [low]",
    "threat [high]",
    "[bold]b[/bold]",
    ":smile:",
    "\x1b[31mANSI\x1b[0m\x07",
    "\x1b]0;title\x07",
    "\x9b31m",
    "line\nbreak",
    "back\b\b\b\rover",
    "\u202eturned",
    "$\\frac{x$ \\alpha _a^b",
    "<script>alert(1)</script>",
    "=1+1",
    "a | b",
    "100 %s {0} {name}",
)


def printable(text):
    return OBEYED.search(text) is None


# ------------------------------------------------------------------------------------ letters


def test_what_can_be_seen_stays_as_it_is():
    for text in ("Was it [red]?", "é漢 €\u00a0– 👩\u200d💻", "می\u200cخواهم", "a\\b", "‘’“”"):
        assert plain(text) == text


def test_what_cannot_be_seen_is_written_out():
    assert plain("\x1b[31m\x07") == "\\x1b[31m\\x07"
    assert plain("a\nb\tc") == "a\\nb\\tc"
    assert plain("\u202e\ufeff\u2028") == "\\u202e\\ufeff\\u2028"
    assert plain("\ud800\udcff") == "\\ud800\\udcff"
    assert paragraph("a\n\tb\x1b\r\n") == "a\n\tb\\x1b\\r\n"


@given(st.text(st.characters(), max_size=30))
@example("\ud800")
def test_no_text_is_obeyed(text):
    assert printable(plain(text).replace("\n", ""))
    assert len(plain(text).splitlines()) <= 1
    assert printable(paragraph(text))
    assert plain(plain(text)) == plain(text)
    plain(text).encode("utf-8")


def test_an_error_is_one_line_whatever_it_quotes():
    for error in (InputError("a\x1b[31m\nb"), RunError("a\x1b[31m\nb")):
        assert str(error) == "a\\x1b[31m\\nb"
    assert len(str(RunError("n" * 10**6))) < 1300


# ------------------------------------------------------------------------------------ commands


WORDS = ["a b", "it's", '"q"', "$HOME", "`id`", "~", "=ls", "a\\b", "*", "", "é", "!!", "#", "a;b"]


@pytest.mark.skipif(sys.platform == "win32", reason="of a POSIX shell")
@settings(max_examples=30)
@given(
    st.lists(st.text(st.characters(exclude_characters="\0"), max_size=8), min_size=1, max_size=40)
)
@example(WORDS)
@example(["\x1b[31m", "a\nb", "\udcff", "'\x07'", "\\\x01"])
def test_a_shell_reads_the_words_back(words):
    words = [word for word in words if not re.search("[\ud800-\udc7f\udd00-\udfff]", word)]
    typed = to_copy("printf", "%s\\0", *words)
    assert printable(typed)
    done = subprocess.run(["bash", "-c", typed], capture_output=True, check=True)
    read = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    assert read == (words or [""])


def test_a_path_is_not_taken_for_an_option():
    assert to_copy("bargain", "show", Path("-x y")) == "bargain show './-x y'"
    assert to_copy("bargain", "show", Path("x"), "--all") == "bargain show x --all"


def test_windows_has_quotes_of_its_own(monkeypatch):
    monkeypatch.setattr("sim.outputs.text.os.name", "nt")
    assert to_copy("bargain", "show", "my results") == 'bargain show "my results"'


# ----------------------------------------------------------------- pages, tables and figures


def test_a_cell_of_markdown_stays_a_cell():
    row = {"id": "H1", "claim": "a | b\n[x](y) `c` *d* <b> $e$", "source": "s_t", "predicted": "up"}
    page = as_page(pd.DataFrame([row | {"verdict": "waiting: | no"}]))
    assert page.splitlines()[-1] == (
        r"| H1 | a \| b\\n\[x\](y) \`c\` \*d\* \<b\> \$e\$ |  | s\_t | up |  |  | waiting: \| no |"
    )
    assert in_markdown("a-b (1984), p. 3") == "a-b (1984), p. 3"


def test_a_template_keeps_what_is_no_text():
    drawing = object()
    assert on_a_page(drawing) is drawing
    assert on_a_page(3) == 3
    assert on_a_page("a\x1b") == "a\\x1b"


@in_house_style
def drawn_with(words):
    drawing = figure(4.0, " ".join(words), " ".join(words))
    axes = drawing.subplots()
    axes.plot([0, 1], [0, len(words)], label=words[0])
    rows_from_the_top(axes, words)
    axes.set_title(words[-1])
    axes.set_xlabel(words[0])
    axes.legend(title=words[1])
    axes.text(0, 0, words[2])
    return drawing


@pytest.mark.slow
def test_a_figure_draws_any_text_and_says_it_in_files_that_can_be_read():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a letter that no font has
        drawing = drawn_with(EVIL)
        svg, png = as_svg(drawing), as_png(drawing)
    texts = [text.get_text() for text in drawing.findobj(matplotlib.text.Text)]
    assert all(map(printable, texts))
    for word in EVIL:  # a line break in a word is one in a figure
        assert any(paragraph(word) in text for text in texts)
    ElementTree.fromstring(svg)
    assert OBEYED.search(svg.decode()) is None
    assert png.startswith(b"\x89PNG")


def test_mathematics_is_not_set():
    drawing = drawn_with(["$\\frac{x$", "$y$", "_z"])
    assert not any(text.get_parse_math() for text in drawing.findobj(matplotlib.text.Text))


# ------------------------------------------------------------------------------- the commands


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """A folder with a space in its name, an experiment whose every word is evil, and its results."""
    folder = tmp_path_factory.mktemp("my 'own' $HOME")
    escaped = {word: "".join(f"\\U{ord(letter):08x}" for letter in word) for word in EVIL}
    title = escaped["\x1b]0;title\x07"] + escaped["[/red]"] + escaped["\u202eturned"]
    (folder / "s.toml").write_text(
        f'extends = "mini-ct"\nname = "s"\ntitle = "{title}"\ndescription = "{title}"\n', "utf-8"
    )
    arms = "".join(
        f'[arms."{code}"]\n"calendar.rounds" = {4 + number}\n'
        for number, code in enumerate(escaped.values())
    )
    (folder / "e.toml").write_text(
        f'name = "e"\nquestion = "{title}"\nscenario = "s.toml"\nreplications = 3\nseed = 1\n{arms}',
        "utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(app, ["run", "e.toml", "--out", "-the run", "--quiet"])
    assert done.exit_code == 0, done.output
    return folder, done


class Letters(HTMLParser):
    """The text of a page."""

    text = ""

    def handle_data(self, data):
        self.text += data


@pytest.mark.slow
def test_every_arm_is_told_apart_as_it_is_written(evil):
    _, done = evil
    assert printable(done.output)
    for word in EVIL:
        assert plain(word) in done.stdout
    assert "Glyph" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed",
    [
        ("show", "./-the run"),
        ("replay", "./-the run", "--point", "5"),
        ("plot", "./-the run", "--all"),
        ("report", "./-the run"),
        ("verify", "./-the run", "--worlds", "2"),
        ("compare", "./-the run"),
        ("enough", "./-the run"),
        ("check", "e.toml", "s.toml"),
        ("solve", "s.toml"),
        ("describe", "e.toml"),
        ("check", "no\x1b[31m.toml"),
        ("describe", "\x1b[31m"),
        ("show", "\x1b[31m", "\x07"),
        ("--\x1b[31m",),
        ("run", "e.toml", "--set", "\x1b[31m=\x07"),
        ("compare", "./-the run", "--measure", "\x1b[31m"),
    ],
)
def test_no_command_lets_a_terminal_obey_what_is_written(evil, typed, monkeypatch):
    folder, _ = evil
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = CliRunner().invoke(app, list(typed))
    assert done.exit_code in (0, 1, 2), done.exception
    assert not done.exception or isinstance(done.exception, SystemExit)
    assert done.output
    assert printable(done.output)


@pytest.mark.slow
def test_a_report_says_it_all_and_no_letter_is_obeyed(evil, monkeypatch):
    folder, _ = evil
    monkeypatch.chdir(folder)
    assert CliRunner().invoke(app, ["report", "./-the run", "--out", "r.html"]).exit_code == 0
    page = (folder / "r.html").read_text("utf-8")
    assert printable(page)
    letters = Letters()
    letters.feed(page)
    for word in EVIL:
        assert paragraph(word).replace("\n", " ") in letters.text.replace("\n", " ")
    assert "<script>alert" not in page


@pytest.mark.slow
def test_the_next_command_can_be_copied(evil):
    folder, done = evil
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("next"))
    _, *words = shlex.split(line)
    assert "./-the run" in words
    words = words[words.index("replay") :]
    again = subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert "The talks" in again.stdout


def test_numbers_of_tables_are_text_too(capsys):
    from sim.show.console import print_table

    print_table(pd.DataFrame({"[red]": ["[/red]", "\x1b[2J"], "n": np.array([1.0, 2.0])}), "[bold]")
    shown = capsys.readouterr().out
    assert "[red]" in shown and "[/red]" in shown and "\\x1b[2J" in shown and "[bold]" in shown

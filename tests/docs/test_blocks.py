"""Every block on every page is run: programs, commands and what they print, files."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = sorted(
    str(path.relative_to(ROOT))
    for folder in (".", "docs", "docs/how-to", "docs/python", "experiments", "notebooks", "results")
    for path in (ROOT / folder).glob("*.md")
    if "```" in path.read_text("utf-8")
)
QUICK = "docs/how-to/bring-your-own-case.md"  # which stands for all pages in the quick tier
COMMAND = re.compile(r"(?:\.venv[\\/](?:bin|Scripts)[\\/])?(?:bargain|python -m sim) (.*)")
NOT_RUN = {  # how a line begins, and why no test runs it
    "make ": "sets up an environment or checks the whole project; continuous integration does it",
    "git clone ": "needs the address of the repository",
    "cd ": "blocks run in a folder of their own",
    "python -m venv": "the tests run in an environment already",
    "source ": "the tests run in an environment already",
    ".venv\\Scripts\\activate": "the tests run in an environment already",
    ".venv/bin/python -m pip install": "nothing is installed while tests run",
    ".venv\\Scripts\\python -m pip install": "nothing is installed while tests run",
    ".venv\\Scripts\\python -m pytest": "the tests would run themselves",
    ".venv/bin/dask": "starts a cluster; tests/experiments play on one",
    ".venv/bin/bargain run layoff_threat --cluster": "needs that cluster",
    "sbatch ": "needs SLURM",
    "bargain calibrate june_2011": "takes minutes; the tests of calibration fit a smaller file",
    "bargain case --set ground_rules.on=false": "plays what that calibration found",
}


@pytest.mark.parametrize(
    "page",
    [pytest.param(p, marks=() if p == QUICK else pytest.mark.slow) for p in PAGES],
)
def test_the_blocks_of_a_page_run_in_order(page, tmp_path, monkeypatch, capsys):
    """What a block without a language shows is what the block before it printed."""
    shutil.copytree(ROOT / "experiments", tmp_path / "experiments")
    monkeypatch.chdir(tmp_path)
    printed = None
    for language, text in BLOCK.findall((ROOT / page).read_text("utf-8")):
        if language == "toml":
            keep(text)
        elif language.startswith("csv "):
            Path(language.removeprefix("csv ")).write_text(text, "utf-8")
        elif language == "python":
            capsys.readouterr()
            exec(compile(text, f"{page} block", "exec"), {})
            printed = capsys.readouterr().out
        elif language in ("sh", "bat"):
            printed = "".join(typed(line) for line in text.splitlines())
        elif language == "":
            assert printed is not None, f"{page} shows what nothing printed:\n{text}"
            assert_shown(text, printed)
        else:
            assert language == "text" or language.startswith("{"), f"{page} has a {language} block"


def keep(text):
    """Save a file under the name in its first line or, for an experiment, under its own."""
    named = re.match(r"# (\S+\.toml)\n", text)
    name = named[1] if named else f"{tomllib.loads(text)['name']}.toml"
    Path(name).write_text(text, "utf-8")


def typed(line):
    """What a command prints; nothing for one that is not run."""
    if not line or line.startswith(tuple(NOT_RUN)):
        return ""
    if command := COMMAND.match(line):
        done = CliRunner().invoke(app, shlex.split(command[1].partition("  # ")[0], posix=True))
        assert done.exit_code == 0, f"{line}\n{done.output}"
        return done.stdout
    pytest.fail(f"neither run nor excused: {line}")


def assert_shown(text, printed):
    """Every line shown was printed, in this order; three dots stand for what is left out."""
    lines = iter(printed.splitlines())
    for line in filter(None, text.splitlines()):
        shown, cut, _ = line.partition("...")
        if shown:
            found = any(told.startswith(shown) if cut else told.rstrip() == line for told in lines)
            assert found, f"not printed, or not here: {line}\n{printed}"


def test_every_reason_not_to_run_a_line_is_needed():
    lines = [
        line
        for page in PAGES
        for language, text in BLOCK.findall((ROOT / page).read_text("utf-8"))
        if language in ("sh", "bat")
        for line in text.splitlines()
    ]
    assert [start for start in NOT_RUN if not any(line.startswith(start) for line in lines)] == []
    assert QUICK in PAGES

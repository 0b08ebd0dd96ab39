"""The documentation site is built without a warning, whole, and needs nothing from elsewhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer

import sim
from sim.cli import app
from sim.show.catalogue import listing

pytest.importorskip("sphinxcontrib.bibtex", reason="needs union-bargaining[docs]")
pytest.importorskip("myst_nb", reason="needs union-bargaining[docs]")

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(app).commands
LOADS = {"img", "script", "iframe", "source", "video", "audio", "embed", "object", "input"}


class Loaded(HTMLParser):
    """What a page loads when it is opened: scripts, styles, pictures; not what it links to."""

    def __init__(self, page):
        super().__init__()
        self.addresses = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag in LOADS:
            self.addresses += [told.get(key) for key in ("src", "srcset", "data")]
        elif tag == "link" and told.get("rel") not in ("canonical", "author"):
            self.addresses.append(told.get("href"))
        self.addresses += re.findall(r"url\((.*?)\)", told.get("style") or "")


def test_the_site_is_built_without_a_warning_whole_and_needs_nothing_from_elsewhere(tmp_path):
    """One test, so that workers do not build it twice; pictures of the gallery stay in build/gallery."""
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert_every_page_is_there(tmp_path)
    assert_nothing_is_loaded_from_elsewhere(tmp_path)
    assert_every_figure_has_a_picture((tmp_path / "docs" / "gallery.html").read_text("utf-8"))
    assert_names_and_commands_are_documented(tmp_path / "docs")


def assert_every_page_is_there(site):
    pages = [page.relative_to(ROOT) for page in (ROOT / "docs").rglob("*.md")]
    notebooks = [notebook.relative_to(ROOT) for notebook in (ROOT / "notebooks").glob("*.ipynb")]
    assert [p for p in pages + notebooks if not (site / p).with_suffix(".html").exists()] == []


def assert_nothing_is_loaded_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    elsewhere = re.compile(r"\s*[\"']?(?:https?:)?//")
    assert [
        (page.name, address)
        for page in pages
        for address in Loaded(page).addresses
        if address and elsewhere.match(address)
    ] == []
    for style in site.rglob("*.css"):
        told = style.read_text("utf-8")
        assert not re.search(rf"(?:@import|url\(){elsewhere.pattern}", told), style


def assert_every_figure_has_a_picture(page):
    for line in listing("figures"):
        name = line.split()[0]
        section = page.partition(f"<h2>{name}<")[2].partition("<h2>")[0]
        [caption] = re.findall(r'<img alt="([^"]+)"', section)
        assert len(caption) > 20
        assert f"--figure {name}" in re.sub("<.*?>", "", section)


def assert_names_and_commands_are_documented(reference):
    page = (reference / "python.html").read_text("utf-8")
    assert [name for name in sim.__all__ if f'id="sim.{name}"' not in page] == []
    page = (reference / "commands.html").read_text("utf-8")
    assert [name for name in COMMANDS if f"Usage: bargain {name}" not in page] == []

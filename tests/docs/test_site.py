"""The documentation site is built without a warning, whole, and needs nothing from elsewhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
from sim.catalogue import listing

pytest.importorskip("sphinxcontrib.bibtex", reason="needs bargain[docs]")
pytest.importorskip("myst_nb", reason="needs bargain[docs]")

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
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


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; pictures of the gallery stay in build/gallery."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_of_the_docs_is_a_page_of_the_site(site):
    pages = [page.relative_to(ROOT) for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if not (site / page).with_suffix(".html").exists()] == []


def test_no_page_loads_anything_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    elsewhere = {
        (page.name, address)
        for page in pages
        for address in Loaded(page).addresses
        if address and re.match(r"(?:https?:)?//", address)
    }
    assert len(pages) > 40
    assert not elsewhere


def test_no_style_or_script_of_ours_fetches_from_elsewhere(site):
    for path in site.rglob("*.css"):
        told = path.read_text("utf-8")
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", told), path


def test_the_gallery_has_a_picture_of_every_figure(site):
    page = (site / "docs" / "gallery.html").read_text("utf-8")
    for line in listing("figures"):
        name = line.split()[0]
        section = page.partition(f"<h2>{name}<")[2].partition("<h2>")[0]
        [picture] = re.findall(r'<img alt="(.+?)".*?src="\.\./(.+?)"', section, re.DOTALL)
        assert len(picture[0]) > 20
        assert (site / picture[1]).stat().st_size > 10_000
        assert f"--figure {name}" in re.sub("<.*?>", "", section)


def test_every_public_name_and_command_is_documented(site):
    page = (site / "docs" / "python.html").read_text("utf-8")
    assert [name for name in sim.__all__ if f'id="sim.{name}"' not in page] == []
    commands = (site / "docs" / "commands.html").read_text("utf-8")
    assert "Usage: bargain run [OPTIONS]" in commands

"""The site: `make docs` builds it from the project's folder, so that its links are those of a git host."""

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

sys.path.insert(0, str(Path(__file__).parent))

lexers["csv"] = TextLexer()  # which Pygments does not know

project = "bargain"
author = "The bargain developers"
copyright = "the bargain developers, MIT licence"

root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "experiments/**.md",
    "notebooks/*.ipynb",
    "notebooks/*.md",
    "results/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DESIGN.md",
]
exclude_patterns = [".*", "build", "mutants", "results/*/**"]
extensions = [
    "made",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinxcontrib.bibtex",
]

myst_enable_extensions = ["tasklist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are stored with what they show
nb_ipywidgets_js = {}  # would be fetched from elsewhere
bibtex_bibfiles = ["../REFERENCES.bib"]
default_role = "code"  # as a backtick means in our docstrings
autodoc_member_order = "bysource"
add_module_names = False

html_theme = "furo"
html_title = "bargain"
html_copy_source = False
html_show_sourcelink = False
html_additional_pages = {"index": "first.html"}
templates_path = ["."]

"""Parts of pages that are made when the site is built: commands, names, rooms, the gallery."""

import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import typer
from docutils import nodes
from gallery import Gallery
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from typer.testing import CliRunner

import sim
from sim.cli import app as commands

ROOT = Path(__file__).parents[1]


class Made(SphinxDirective):
    """A directive that writes Markdown."""

    def run(self) -> list[nodes.Node]:
        """Write it anew at every build, and read it as a part of the page."""
        self.env.note_reread()
        return self.parse_text_to_nodes(self.text(), allow_section_headings=True)

    def text(self) -> str:
        """The Markdown."""
        raise NotImplementedError


class Commands(Made):
    """Every command, with what its `--help` says."""

    def text(self) -> str:
        """A heading and a block for each."""
        names = typer.main.get_command(commands).commands
        return "\n\n".join(f"## {name}\n\n```text\n{_help(name)}\n```" for name in names)


class Names(Made):
    """The public names of `sim`."""

    def text(self) -> str:
        """A heading and the docstring for each."""
        return "\n\n".join(f"## {name}\n\n{_documented(name)}" for name in sim.__all__)


class Room(Made):
    """A package, module by module."""

    required_arguments = 1

    def text(self) -> str:
        """A heading, the docstring and what is public of each module."""
        package = import_module(self.arguments[0])
        names = [f"{package.__name__}.{module.name}" for module in iter_modules(package.__path__)]
        options = ":members:", ":exclude-members: set"  # which matplotlib adds to its figures
        return "\n\n".join(
            f"## {name}\n\n{_rst(f'.. automodule:: {name}', *options)}" for name in names
        )


class GalleryOfFigures(Made):
    """Every figure, with its caption and the commands that draw it."""

    def text(self) -> str:
        """A heading, the picture and its commands for each."""
        return "\n\n".join(
            f"## {picture.name}\n\n{picture.shows}\n\n"
            f"```{{image}} /{picture.path.relative_to(ROOT).as_posix()}\n:alt: {picture.caption}\n```\n\n"
            f"```sh\n{picture.commands}\n```"
            for picture in Gallery(ROOT / "build" / "gallery").pictures()
        )


def _help(command: str) -> str:
    return CliRunner().invoke(commands, [command, "--help"], prog_name="bargain").output.rstrip()


def _documented(name: str) -> str:
    if inspect.isclass(getattr(sim, name)):
        return _rst(f".. autoclass:: sim.{name}", ":members:")
    return _rst(f".. autofunction:: sim.{name}")


def _rst(directive: str, *options: str) -> str:
    lines = "\n   ".join([directive, *options])
    return f"```{{eval-rst}}\n{lines}\n```"


def setup(app: Sphinx) -> dict[str, bool]:
    """Let pages use the directives."""
    made = {"commands": Commands, "names": Names, "room": Room, "gallery": GalleryOfFigures}
    for name, directive in made.items():
        app.add_directive(name, directive)
    return {"parallel_read_safe": True}

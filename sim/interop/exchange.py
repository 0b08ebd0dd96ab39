"""Write a scenario as a folder of another platform's files, and read such a folder as a scenario.

No other format has room for everything: units, sources, the calendar, the tactics, points to the
last bit. Therefore `scenario.toml`, the scenario itself, stands beside the exported files. It is
what is read on the way back, provided that the other files still say the same.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.cases.schema import Scenario
from sim.inputs.arguments import WholeNumber, whole
from sim.inputs.parameter import MOST_STEPS
from sim.inputs.problems import InputError, Note, nearest
from sim.interop import genius, negmas
from sim.interop.additive import LEVELS_OF_A_RANGE, AdditiveGame, Reading, document_of, game_of
from sim.outputs.files import RECORD, UNFINISHED, write_files

OURS = "scenario.toml"


@dataclass(frozen=True)
class Platform:
    """A format: how its files end, a game as texts by file name, and the game of some files."""

    title: str
    endings: tuple[str, ...]
    write: Callable[[AdditiveGame], dict[str, str]]
    read: Callable[[Sequence[Path], str, Reading], AdditiveGame]

    def files_in(self, folder: Path) -> list[Path]:
        """The files of this platform in a folder, by name; those that begin with . or _ are notes."""
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix in self.endings and not path.name.startswith((".", "_"))
        )


PLATFORMS = {
    "negmas": Platform("NegMAS", (".yml", ".yaml"), negmas.write, negmas.read),
    "genius": Platform("GENIUS", (".xml",), genius.write, genius.read),
}


def export_scenario(
    scenario: Scenario, platform: str, folder: Path, *, force: bool = False
) -> list[Path]:
    """Write a textbook game as files of a platform into a new folder; return their paths.

    Raises:
        InputError: when the platform is unknown, its format cannot say the scenario, or the folder
            holds something already; with `force` the files are written there, too.
    """
    if platform not in PLATFORMS:
        known = " or ".join(PLATFORMS)
        hint = nearest(platform, PLATFORMS)
        raise InputError(f'no platform is called "{platform}"{hint}: name {known}')
    texts = PLATFORMS[platform].write(game_of(scenario))
    texts[OURS] = _toml(scenario)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is there already, and is not a folder; name a new folder")
    files = {folder / name: text.encode() for name, text in texts.items()}
    if folder.is_dir() and not force:
        ours = {RECORD, *texts}
        others = [p for p in folder.iterdir() if p.name.removesuffix(UNFINISHED) not in ours]
        if others or all(path.exists() for path in files):  # some of them: an export was broken off
            raise InputError(f"{folder}: is there already and not empty; name a new folder")
    write_files(files, force=force)
    return list(files)


def import_scenario(
    folder: Path,
    *,
    parties: str | Sequence[str] = (),
    levels: WholeNumber = LEVELS_OF_A_RANGE,
    ignore_discount: bool = False,
) -> Scenario:
    """Read a folder of NegMAS or GENIUS files as a scenario.

    What the files do not say (calendar, tactics) is assumed, and the description tells so. Whatever else
    is read otherwise than one might think is said in a `Note`, and in the description.

    Args:
        folder: holds a domain and the files of the parties, and perhaps others, which are left out.
        parties: the files of two parties, if there are more, as a list or "A,B"; the first is the
            governor's side. Where none are named, it is the first by file name.
        levels: how many levels stand for an issue that is a range of more values.
        ignore_discount: whether to leave out that utilities shrink with time.

    Raises:
        InputError: when the files are not those of one platform, are damaged, say what a textbook
            game cannot, or differ from the `scenario.toml` beside them.
    """
    levels = whole(levels, "levels", low=2, high=MOST_STEPS)
    if isinstance(parties, str):
        parties = [name.strip() for name in parties.split(",") if name.strip()]
    if not folder.is_dir():
        raise InputError(f"{folder}: is not a folder; name the folder that holds the files")
    found = [platform for platform in PLATFORMS.values() if platform.files_in(folder)]
    if len(found) != 1:
        seen = "NegMAS and GENIUS files" if found else "no NegMAS (.yml) or GENIUS (.xml) files"
        raise InputError(f"{folder}: holds {seen}; name a folder with those of one platform")
    platform = found[0]
    reading = Reading(parties, levels, discounted=not ignore_discount)
    game = platform.read(platform.files_in(folder), folder.resolve().name, reading)
    ours = folder / OURS
    if not ours.exists():
        for remark in reading.remarks:
            warnings.warn(Note(remark), stacklevel=2)
        return parse_scenario(document_of(game, platform.title, reading.remarks), str(folder))
    scenario = load_scenario(ours)
    if game_of(scenario) != game:
        raise InputError(
            f"{ours}: is not the game of the {platform.title} files beside it; move one away"
        )
    return scenario


def save_scenario(scenario: Scenario, path: Path, *, force: bool = False) -> None:
    """Write a scenario to a new file.

    Raises:
        InputError: when the file is there already; with `force` it is replaced.
        RunError: when it cannot be written.
    """
    if path.exists() and not force:
        raise InputError(f"{path}: is there already; name a new file, or --force replaces it")
    write_files({path: _toml(scenario).encode()}, force=force)


def _toml(scenario: Scenario) -> str:
    return tomli_w.dumps(as_document(scenario))

"""Where a name finds its file: in the folder `experiments` here, or else among those that ship.

The project's top folder `experiments` lies in an installed package as `sim/experiments/shipped`.
"""

from pathlib import Path

from sim.inputs.documents import find_document, in_folder, path_of

LOCAL = Path("experiments")
_INSTALLED = Path(__file__).parents[1] / "shipped"
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[3] / "experiments"


def experiment_files(under: str = "") -> dict[str, Path]:
    """The files of `experiments`, or of a folder in it, by name: local ones first, then shipped."""
    local, shipped = in_folder(LOCAL / under), in_folder(SHIPPED / under)
    return local | {name: path for name, path in shipped.items() if name not in local}


def experiment_folder(under: str) -> Path:
    """A folder of `experiments`: the local one, or else the one that ships."""
    return LOCAL / under if (LOCAL / under).is_dir() else SHIPPED / under


def find_experiment(name_or_path: str | Path) -> Path:
    """The path of an experiment: a file, a results folder, or a name in `experiments`, here or shipped."""
    path = path_of(name_or_path, "experiment")
    if (path / "experiment.toml").is_file():
        return path / "experiment.toml"
    if path.suffix == ".toml" or path.exists():
        return path
    return find_document(name_or_path, "experiment", experiment_files())

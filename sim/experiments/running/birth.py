"""What began to play a run: `birth.json`, written before all else, and mended where the manifest knows it."""

import os
from pathlib import Path

from sim.experiments.running.files import (
    BIRTH,
    FOUNDING,
    MANIFEST,
    SEAL,
    is_sealed,
    read_object,
    sealed,
)
from sim.experiments.running.provenance import Provenance, provenance
from sim.inputs.problems import InputError
from sim.outputs.files import as_json, move_aside, write_whole


def born(folder: Path) -> Provenance | None:
    """What began to play the run in a folder; None if it does not say.

    Raises:
        InputError: when that file is damaged.
    """
    path = folder / BIRTH
    if not os.path.lexists(path):
        return None
    found = read_object(path)
    if found is None or not _is_whole(found):
        raise InputError(f"{path}: is damaged; --restart throws the run away and plays it anew")
    return found


def give_birth(folder: Path, sums: dict[str, str]) -> None:
    """Write what plays here, and the checksums of the files that a results folder begins with."""
    write_whole(folder / BIRTH, as_json(sealed(provenance() | {"sha256": sums})))


def mend_birth(folder: Path, force: bool) -> None:
    """Write a `birth.json` that is damaged or lost anew, from what the manifest says."""
    path = folder / BIRTH
    found = read_object(path)
    if found is not None and _is_whole(found):
        return
    known = _of_manifest(folder)
    if known is None or not _is_whole(known):
        return
    if os.path.lexists(path) and not force:
        move_aside(path, folder)
    write_whole(path, as_json(known))


def _is_whole(birth: Provenance) -> bool:
    """Whether it says all that it said; one of an earlier version has no seal."""
    says = birth.get("code") and all(isinstance(birth.get(k), dict) for k in ("sha256", "packages"))
    return bool(says) and (SEAL not in birth or is_sealed(birth))


def _of_manifest(folder: Path) -> Provenance | None:
    """What the manifest says of what played the run."""
    manifest = read_object(folder / MANIFEST) or {}
    if not is_sealed(manifest) or not isinstance(manifest.get("sha256"), dict):
        return None
    sums = {name: sum_ for name, sum_ in manifest["sha256"].items() if name in FOUNDING}
    said = {key: manifest[key] for key in provenance() if key in manifest}
    return sealed(said | {"sha256": sums})

"""What plays: the code, the versions and the processor, which together decide every bit of the data.

A run that is carried on by something else would mix two kinds of data in one folder, so a results
folder keeps what it was begun with.
"""

import hashlib
import os
import platform
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sim.inputs.installation import DISTRIBUTION

SOURCE = Path(__file__).resolve().parents[2]
DECIDING = ("mesa", "numpy", "scipy", "pandas", "pyarrow")  # whose versions may change a bit
OTHERS = ("pydantic", "SALib", "ema_workbench", "distributed")  # those that are installed
# Rooms whose code changes no bit.
NOT_PLAYED = ("cli/", "interop/", "outputs/", "show/", "teaching/", "experiments/analysis/")

Provenance = dict[str, Any]


@cache
def provenance() -> Provenance:
    """What plays here: version, code (a checksum of the modules that play), commit, packages, processor."""
    commit = _git("rev-parse", "HEAD")
    return {
        "version": metadata.version(DISTRIBUTION),
        "code": _code(),
        "git_commit": commit,
        "uncommitted_changes": None if commit is None else bool(_git("status", "--porcelain", ".")),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in DECIDING},
        "platform": f"{sys.platform} {platform.machine()}",
        "processor": _processor(),
    }


def other_packages() -> dict[str, str]:
    """The versions of packages that take part without deciding a bit, where they are installed."""
    found = {}
    for name in OTHERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def other_code(there: Provenance, here: Provenance) -> str | None:
    """How the code or the packages there differ from those here, in words; None if they do not."""
    if there.get("code") != here["code"] or there.get("version") != here["version"]:
        return f"its code is {_named(there)}, and {_named(here)} here"
    of_there = there.get("packages", {})
    for name, version in here["packages"].items():
        if of_there.get(name) != version:
            return f"its {name} is {of_there.get(name, 'unknown')}, and {version} here"
    return None


def other_player(there: Provenance, here: Provenance) -> str | None:
    """The same, and how the processors differ."""
    if found := other_code(there, here):
        return found
    if there.get("processor") != here["processor"]:
        return f"its processor is {there.get('processor', 'unknown')}, and {here['processor']} here"
    return None


def _named(player: Provenance) -> str:
    commit = player.get("git_commit")
    of_commit = f", commit {commit[:10]}" if commit else ""
    changed = " with changes that are not committed" if player.get("uncommitted_changes") else ""
    code = str(player.get("code"))[:10]
    return f"version {player.get('version', 'unknown')}{of_commit}{changed} (code {code})"


def _code() -> str:
    """The SHA-256 of all modules that take part in playing."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(NOT_PLAYED):
            digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _processor() -> str:
    """The kind of processor, as far as NumPy chooses its instructions by it."""
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return " ".join([platform.machine() or "unknown", *found[-1:]])


def _git(*arguments: str) -> str | None:
    """What git says of the source tree this package runs from, if it runs from one."""
    if not (SOURCE.parent / ".git").exists():
        return None
    command = ["git", "-C", str(SOURCE), *arguments]
    environment = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}
    try:
        found = subprocess.run(
            command, capture_output=True, text=True, timeout=10, check=False, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None

"""Where results come from: what played them, their checksums, and how a stranger repeats them."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import tomli_w

from sim.experiments.running.files import MANIFEST
from sim.experiments.running.results import Results
from sim.outputs.files import checksum
from sim.outputs.text import to_copy
from sim.show.report.words import counted
from sim.show.told import world_to_tell

MOST_POINTS = 5000  # rows of a table of points that a page can carry
TITLE = "bargain: an agent-based simulation of union-state bargaining"
AUTHORS = "The bargain developers"


def origin(results: Results) -> Iterator[tuple[str, str]]:
    """What played these results, when and from which numbers, as terms and words."""
    known = results.manifest
    commit = known.get("git_commit") or "not known: it was not run from a copy of the repository"
    changed = " with changes that were not committed" if known.get("uncommitted_changes") else ""
    yield "Experiment", f"{known['name']}, on the scenario {known['scenario']}"
    when = known.get("date", "at a time that is not known")
    lasted = f", in {known['seconds']:,.1f} s" if "seconds" in known else ""
    yield "Played", f"{when}{lasted}"
    yield "Digest of the study", f"{results.digest} (SHA-256; `bargain verify` prints it, too)"
    yield "Seed", f"{known['seed']}; {known['random_numbers']} random numbers"
    yield (
        "Given on the command line",
        json.dumps(known["overrides"]) if known.get("overrides") else "nothing",
    )
    yield "Program", f"bargain {known.get('version', 'of an unknown version')}"
    yield "Commit", commit + changed
    yield "Code", f"{known.get('code', 'unknown')} (SHA-256 of the modules that play)"
    yield "Python", known.get("python", "unknown")
    yield "Packages", _versions(known.get("packages", {}))
    yield "Other packages", _versions(known.get("other_packages", {})) or "none"
    yield (
        "Platform",
        f"{known.get('platform', 'unknown')}, processor {known.get('processor', 'unknown')}",
    )


def checksums(results: Results) -> list[tuple[str, str]]:
    """The SHA-256 of the files of the results folder; that of the manifest, which has all, comes first."""
    sums = results.manifest["sha256"]
    whole = [(name, sum_) for name, sum_ in sums.items() if "/" not in name]
    return [(MANIFEST, checksum(results.folder / MANIFEST)), *whole]


def further(results: Results) -> str:
    """How many files have their checksums in the manifest only."""
    parts = sum("/" in name for name in results.manifest["sha256"])
    return f"{MANIFEST} has the checksums of {counted(parts, 'more file')}, the parts of the run."


def commands(results: Results) -> list[tuple[str, str]]:
    """What to type where the results folder lies, and what it does."""
    folder = Path(results.folder.resolve().name)
    point, replication = world_to_tell(results)
    told = ("replay", folder, "--point", str(point), "--replication", str(replication))
    return [
        (
            to_copy("bargain", "verify", folder),
            "checks every file and plays a sample of worlds again",
        ),
        (
            to_copy("bargain", "run", folder, "--out", "again"),
            "plays all of it again, into another folder",
        ),
        (to_copy("bargain", *told), "tells any world as a story; here the one told above"),
    ]


def files(results: Results) -> list[tuple[str, str]]:
    """Names and contents of the files that repeat the run where only this page is at hand."""
    experiment = results.experiment
    document = tomllib.loads(results.content("experiment.toml").decode())
    scenario = results.content("scenario.toml").decode()
    points = None
    if len(results.points) <= MOST_POINTS and (experiment.file.sample or experiment.file.table):
        points = results.points.to_csv(index=False)
        of = document["table"] if experiment.file.table else document["sample"]["drawn"]
        of["file"] = "points.csv"
    elif experiment.file.sample:
        del document["sample"]["drawn"]  # they are drawn again from the seed
    texts = [("experiment.toml", tomli_w.dumps(document)), ("scenario.toml", scenario)]
    return texts if points is None else [*texts, ("points.csv", points)]


def needs_points(results: Results) -> bool:
    """Whether the run cannot be repeated without the file of points in the results folder."""
    return bool(results.experiment.file.table) and len(results.points) > MOST_POINTS


def citation(results: Results) -> str:
    """How to cite the program, with the version and the seed of this run."""
    known = results.manifest
    version, commit = known.get("version", "unknown"), known.get("git_commit")
    of_commit = f", commit {commit[:10]}" if commit else ""
    year = known["date"][:4] if "date" in known else "no date"
    return (
        f"{AUTHORS} ({year}). {TITLE} (version {version}{of_commit}) [computer software]. "
        f"Experiment \u201c{known['name']}\u201d, seed {known['seed']}."
    )


def _versions(packages: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in packages.items())

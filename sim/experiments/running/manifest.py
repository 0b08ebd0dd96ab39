"""How a run ends: the summary, the failures, and the manifest, which says that it is complete."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sim.arrays.streams import Stream
from sim.experiments.design.experiment import Experiment
from sim.experiments.running.files import FOUNDING, MANIFEST, as_csv, as_json, checksum, write_whole
from sim.experiments.running.folder import born
from sim.experiments.running.journal import Journal
from sim.experiments.running.provenance import Provenance, other_packages
from sim.experiments.running.results import Results
from sim.inputs.problems import RunError
from sim.outputs.text import to_copy

SCHEMA_VERSION = 1


def finish(
    journal: Journal,
    experiment: Experiment,
    parts: int,
    seconds: float,
    stopped: pd.DataFrame | None = None,
) -> Results:
    """Write the summary, the failures and the manifest, which says that the run is complete."""
    folder, failures = journal.folder, journal.failures
    if stopped is not None:
        write_whole(folder / "replications.csv", stopped.to_csv(index=False).encode())
    lines = [json.dumps(failure | {"replay": _replay(folder, failure)}) for failure in failures]
    write_whole(folder / "failures.jsonl", "".join(f"{line}\n" for line in lines).encode())
    summary = journal.summary(experiment, parts)
    worlds = int(summary["n"].sum())
    if worlds == 0:
        raise RunError(
            f"{folder}: all {len(failures):,} worlds failed; the first, point {failures[0]['point']}, "
            f"replication {failures[0]['replication']}: {failures[0]['error']} (all in "
            f"{folder / 'failures.jsonl'}); mend the cause and run it with --restart"
        )
    write_whole(folder / "summary.csv", as_csv(summary))
    written = [*FOUNDING, "summary.csv", "failures.jsonl"]
    written += ["replications.csv"] if stopped is not None else []
    document = _manifest(experiment, worlds, len(failures), seconds, born(folder) or {})
    document["sha256"] = {name: checksum(folder / name) for name in written} | journal.checksums
    write_whole(folder / MANIFEST, as_json(document))
    return Results(folder, experiment)


def _replay(folder: Path, failure: Mapping[str, Any]) -> str:
    at = ("--point", str(failure["point"]), "--replication", str(failure["replication"]))
    return to_copy("bargain", "replay", folder, *at)


def _manifest(
    experiment: Experiment, worlds: int, failures: int, seconds: float, began: Provenance
) -> dict[str, Any]:
    """All that a stranger needs to repeat the run but the checksums."""
    return {
        "schema_version": SCHEMA_VERSION,
        "name": experiment.file.name,
        "question": experiment.file.question,
        "scenario": experiment.scenario.name,
        "points": len(experiment.points),
        "worlds": worlds,
        "failures": failures,
        "seed": experiment.file.seed,
        "random_numbers": experiment.file.random_numbers,
        "overrides": dict(experiment.overrides),
        "streams": {stream.name.lower(): int(stream) for stream in Stream},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        **{key: value for key, value in began.items() if key != "sha256"},
        "other_packages": other_packages(),
    }

"""How a run ends: the summary, the failures, and the manifest, which says that it is complete."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sim.arrays.streams import Stream
from sim.experiments.design.experiment import Experiment
from sim.experiments.running.belongings import Known
from sim.experiments.running.birth import born
from sim.experiments.running.files import (
    FAILURES,
    FOUNDING,
    MANIFEST,
    SEAL,
    STOPPED,
    SUMMARY,
    as_csv,
    sealed,
)
from sim.experiments.running.journal import Journal
from sim.experiments.running.provenance import Provenance, other_packages
from sim.experiments.running.results import Results
from sim.inputs.problems import RunError
from sim.outputs.files import as_json, checksum, write_known
from sim.outputs.text import to_copy

FIRST_SCHEMA = 1  # without a seal
SCHEMA_VERSION = 2


def finish(
    journal: Journal,
    experiment: Experiment,
    parts: int,
    seconds: float,
    stopped: pd.DataFrame | None,
    known: Known,
) -> Results:
    """Write the summary, the failures and the manifest, which says that the run is complete.

    `known` are the checksums of what was written before, which the files that are written now replace.
    """
    folder, failures = journal.folder, journal.failures

    def write(name: str, content: bytes) -> None:
        write_known(folder, {name: content}, known, journal.force)

    if stopped is not None:
        write(STOPPED, stopped.to_csv(index=False).encode())
    lines = [json.dumps(failure | {"replay": _replay(folder, failure)}) for failure in failures]
    write(FAILURES, "".join(f"{line}\n" for line in lines).encode())
    summary = journal.summary(experiment, parts)
    worlds = int(summary["n"].sum())
    if worlds == 0:
        raise RunError(
            f"{folder}: all {len(failures):,} worlds failed; the first, point {failures[0]['point']}, "
            f"replication {failures[0]['replication']}: {failures[0]['error']} (all in "
            f"{folder / FAILURES}); mend the cause and run it with --restart"
        )
    write(SUMMARY, as_csv(summary))
    written = [*FOUNDING, SUMMARY, FAILURES, *([STOPPED] if stopped is not None else [])]
    document = _manifest(experiment, worlds, len(failures), seconds, born(folder) or {})
    document["sha256"] = {name: checksum(folder / name) for name in written} | journal.checksums
    write(MANIFEST, as_json(sealed(document)))
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
        **of_the_run(experiment, worlds, failures),
        "overrides": dict(experiment.overrides),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        **{key: value for key, value in began.items() if key not in ("sha256", SEAL)},
        "other_packages": other_packages(),
    }


def of_the_run(experiment: Experiment, worlds: int, failures: int) -> dict[str, Any]:
    """What a manifest says that follows from the experiment and from how many worlds were played."""
    return {
        "name": experiment.file.name,
        "question": experiment.file.question,
        "scenario": experiment.scenario.name,
        "points": len(experiment.points),
        "worlds": worlds,
        "failures": failures,
        "seed": experiment.file.seed,
        "random_numbers": experiment.file.random_numbers,
        "streams": {stream.name.lower(): int(stream) for stream in Stream},
    }

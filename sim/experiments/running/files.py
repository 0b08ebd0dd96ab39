"""The files of a results folder: their names, and how they are written whole or not at all.

    experiment.toml  scenario.toml   as resolved: what was run, on its own
    points.parquet                   one row a design point
    birth.json                       what began to play it: code, versions, processor; written after these
    worlds/part-*.parquet            one row a world (zstd)
    moments/  sketches/              what the summary is made of: moments, and quantile sketches
    journal.jsonl                    one line a finished part, with checksums and failures
    summary.csv                      one row a point: rates, means and medians with intervals
    replications.csv                 what stopped each point, if it was to go on until narrow enough
    failures.jsonl                   worlds that failed, and how to replay them
    manifest.json                    who made this, with what, from which seed; written last
    figures/  report.html            drawn and written on demand; no part of the run, and not in the manifest

A file is written under a temporary name, synced and renamed, and only then entered in the journal. A
part counts as done when the journal has it and its files have the checksums that it says.
"""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import WriteOptions, write_csv

LOCK = ".lock"
PART_FOLDERS = ("worlds", "moments", "sketches")
FOUNDING = ("points.parquet", "scenario.toml", "experiment.toml")  # in the order they are written
BIRTH = "birth.json"
MANIFEST = "manifest.json"
# Besides part folders and *.tmp, all there is of a run that was not born.
OURS = {LOCK, BIRTH, *FOUNDING}
# What reading damaged files may raise.
DAMAGED = (ValueError, KeyError, TypeError, pa.ArrowException)


def encoded(frame: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink, compression="zstd")
    return sink.getvalue()


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV; pandas would take several times as long for the rows."""
    sink = io.BytesIO(frame.head(0).to_csv(index=False).encode())
    sink.seek(0, io.SEEK_END)
    plain = WriteOptions(include_header=False, quoting_style="needed")
    write_csv(pa.Table.from_pandas(frame, preserve_index=False), sink, plain)
    return sink.getvalue()


def as_json(document: dict[str, Any]) -> bytes:
    """A document as JSON that people can read, too."""
    return (json.dumps(document, indent=2) + "\n").encode()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, sync it, and rename it: it is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the rename itself must reach the disk
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

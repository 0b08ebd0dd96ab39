"""The files of a results folder: their names, and what each is known by.

    birth.json                       what began to play it: code, versions, processor, and the checksums
                                     of the next three; written before them
    experiment.toml  scenario.toml   as resolved: what was run, on its own
    points.parquet                   one row a design point
    worlds/part-*.parquet            one row a world (zstd)
    moments/  sketches/              what the summary is made of: moments, and quantile sketches
    journal.jsonl                    one line a part, with checksums and failures
    summary.csv                      one row a point: rates, means and medians with intervals
    replications.csv                 what stopped each point, if it was to go on until narrow enough
    failures.jsonl                   worlds that failed, and how to replay them
    manifest.json                    who made this, with what, from which seed; written last
    figures/  report.html            drawn and written on demand; no part of the run, and not in the manifest;
                                     what was drawn is in a record beside them
    set_aside/                       what stood in the place of one of these and was not what was written

A part is entered in the journal, with the checksums of its files, and then they are written; it counts as
done when they have these checksums. So every file of a run is known, byte for byte, by what the folder's
own documents say of it: `birth.json` and the manifest, which hold a checksum of themselves, and the journal.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import WriteOptions, write_csv

from sim.inputs.documents import bytes_of
from sim.outputs.files import checksum_of

LOCK = ".lock"
JOURNAL = "journal.jsonl"
PART_FOLDERS = ("worlds", "moments", "sketches")
FOUNDING = ("points.parquet", "scenario.toml", "experiment.toml")  # in the order they are written
BIRTH = "birth.json"
MANIFEST = "manifest.json"
FIGURES = "figures"
SUMMARY, FAILURES, STOPPED = "summary.csv", "failures.jsonl", "replications.csv"
SEAL = "seal"
# What reading damaged files may raise.
DAMAGED = (ValueError, KeyError, TypeError, pa.ArrowException)


def encoded(frame: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(_table(frame), sink, compression="zstd")
    return sink.getvalue()


def _table(frame: pd.DataFrame) -> pa.Table:
    """A table for pyarrow, made without threads: Python waits for ever for one that gets no memory."""
    return pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV; pandas would take several times as long for the rows."""
    sink = io.BytesIO(frame.head(0).to_csv(index=False).encode())
    sink.seek(0, io.SEEK_END)
    plain = WriteOptions(include_header=False, quoting_style="needed")
    write_csv(_table(frame), sink, plain)
    return sink.getvalue()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document that holds a checksum of all else it says."""
    return {**document, SEAL: _seal(document)}


def is_sealed(document: Mapping[str, Any]) -> bool:
    """Whether a document says what it said when it was sealed."""
    return document.get(SEAL) == _seal(document)


def _seal(document: Mapping[str, Any]) -> str:
    return checksum_of_document({key: value for key, value in document.items() if key != SEAL})


def checksum_of_document(document: Mapping[str, Any]) -> str:
    """The SHA-256 of what a document says, in whatever order."""
    return checksum_of(json.dumps(document, sort_keys=True).encode())


def read_object(path: Path) -> dict[str, Any] | None:
    """What a JSON file says; None if there is none, or it is damaged."""
    try:
        found = json.loads(bytes_of(path))
    except (OSError, RecursionError, *DAMAGED):
        return None
    return found if isinstance(found, dict) else None

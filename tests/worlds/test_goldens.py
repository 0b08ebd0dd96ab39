"""The goldens: what 2,000 worlds of every shipped scenario, and the reference run, play to, bit for bit.

Decisions are words and whole numbers, and have the same hash everywhere. Numbers have the same hash
wherever the processor and the libraries work out the exponential and its like to the same last bit,
which a fingerprint tells; elsewhere the reference run is compared to 1e-9 (`test_reference.py`).

`python tests/worlds/test_goldens.py` writes the file anew: do it only when numbers change on purpose, and
say so in CHANGELOG.md.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_ndtr, ndtr, ndtri

import sim

GOLDENS = Path(__file__).parent / "data" / "goldens.json"
REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "connecticut_2011"
SCENARIOS = ("connecticut-2011", "mini-ct", "sebac-2011", "split-the-pie")
WORLDS, SEED = 2000, 20110216


def played(scenario: str) -> dict[str, pd.DataFrame]:
    """Every row that a scenario leaves behind: its worlds, offers, and ballots if it has some."""
    outcome = sim.negotiate(scenario, WORLDS, seed=SEED)
    rows = {"worlds": outcome.frame(), "offers": outcome.offers()}
    has_ballots = "yes_share_1" in rows["worlds"]
    return rows | ({"ballots": outcome.ballots()} if has_ballots else {})


def reference() -> dict[str, pd.DataFrame]:
    """The rows of the reference run as they lie in its folder, and the same played anew."""
    kept = sim.load_results(REFERENCE)
    outcome = sim.negotiate(kept.experiment.scenario, WORLDS, seed=kept.experiment.file.seed)
    return {"worlds": kept.worlds, "worlds_anew": outcome.frame(), "ballots": outcome.ballots()}


def hashes(rows: dict[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """The hash of the decisions and of the numbers of each table, its columns and their order."""
    return {
        name: {
            "decisions": _hash_of(frame.select_dtypes(exclude="float")),
            "numbers": _hash_of(frame.select_dtypes("float")),
        }
        for name, frame in rows.items()
    }


def fingerprint() -> str:
    """How this processor and these libraries round what the model takes from them."""
    x = np.linspace(-30, 30, 60_001)
    p = np.linspace(1e-9, 1 - 1e-9, 60_001)
    found = [np.exp(x), np.expm1(x), np.log(p), np.log1p(p), np.hypot(x, p), p**x]
    found += [ndtri(p), ndtr(x), log_ndtr(x), np.vecdot(x[:, None] * p[:99], p[:99])]
    return hashlib.sha256(b"".join(each.tobytes() for each in found)).hexdigest()


def _hash_of(frame: pd.DataFrame) -> str:
    digest = hashlib.sha256()
    for name, column in frame.items():
        digest.update(f"{name} {len(column)}\n".encode())
        if pd.api.types.is_float_dtype(column):
            digest.update(column.to_numpy("float64").tobytes())
        else:
            missing = column.isna()
            words = ("" if gone else str(x) for x, gone in zip(column, missing, strict=True))
            digest.update("\n".join(words).encode())
    return digest.hexdigest()


@pytest.mark.parametrize("case", [*SCENARIOS, "reference"])
def test_every_row_is_the_golden_one(case):
    golden = json.loads(GOLDENS.read_text("utf-8"))
    found = hashes(reference() if case == "reference" else played(case))
    kinds = ["decisions", "numbers"] if fingerprint() == golden["fingerprint"] else ["decisions"]
    for kind in kinds:
        assert {name: each[kind] for name, each in found.items()} == {
            name: each[kind] for name, each in golden["rows"][case].items()
        }


def _write() -> None:
    rows = {case: hashes(played(case)) for case in SCENARIOS} | {"reference": hashes(reference())}
    text = json.dumps({"fingerprint": fingerprint(), "rows": rows}, indent=1)
    GOLDENS.write_text(text + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    _write()

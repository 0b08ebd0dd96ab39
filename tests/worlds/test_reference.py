"""The reference run in `results/reference` plays the same on every machine.

Its decisions (who agreed when on what, and how every ballot ended) are the same everywhere; numbers
agree to 1e-9, because the exponential may differ between processors in its last bit.
"""

import hashlib
from pathlib import Path

import pandas as pd

from sim.experiments.running.results import load_results
from sim.play.outcome import negotiate

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "connecticut_2011"
DECISIONS = ["status", "round", "proposer", "wages", "health", "pensions", "tax_share"]
DECISIONS += ["negotiated_layoffs", "job_security", "unions_yes_1", "unions_yes_2"]
GOLDEN = "166af28ebacd691f2aab7b0f5e94719a4075bc7f9be1e50092576fabd75f8335"


def test_the_reference_run_plays_the_same():
    reference = load_results(REFERENCE)
    experiment = reference.experiment
    played = negotiate(experiment.scenario, 2000, seed=experiment.file.seed).frame()
    played = played.reset_index(drop=True)
    kept = reference.worlds.drop(columns=["point", "replication"])
    gone = set(kept) - set(played)
    assert not gone, "columns of the reference that are no longer made"
    now = played[kept.columns]  # columns that came later are not compared
    pd.testing.assert_frame_equal(kept, now, rtol=1e-9, atol=1e-9)
    pd.testing.assert_frame_equal(kept[DECISIONS], now[DECISIONS], check_exact=True)


def test_the_decisions_of_the_reference_run_have_the_published_hash():
    decisions = load_results(REFERENCE).worlds[DECISIONS]
    text = decisions.astype(str).to_csv(index=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest() == GOLDEN

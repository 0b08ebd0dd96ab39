"""Hypotheses that wait: what cannot be tested yet, and why."""

from pathlib import Path

from pydantic import StrictStr

from sim.experiments.design.claims import Predicted
from sim.inputs.documents import load_document
from sim.inputs.parameter import Section

WAITING = "waiting.toml"


class Waiting(Section):
    """A hypothesis, or a part of one, that cannot be tested yet, and why."""

    id: StrictStr
    claim: StrictStr
    source: StrictStr
    predicted: Predicted
    reason: StrictStr


class WaitingFile(Section):
    """The file of hypotheses that wait."""

    waiting: list[Waiting] = []


def read_waiting(folder: Path) -> list[Waiting]:
    """The hypotheses that wait, from `waiting.toml`; none if there is no such file.

    Raises:
        InputError: with a sentence for every problem in it.
    """
    path = folder / WAITING
    return load_document(WaitingFile, path, "file").waiting if path.exists() else []

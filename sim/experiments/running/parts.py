"""A part played: its worlds in as few models as can be, and what its files are to hold."""

import gc
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from sim.cases.schema import Scenario
from sim.experiments.running.files import encoded
from sim.experiments.running.journal import Played
from sim.experiments.running.plan import KEPT_OF_A_POINT, Part, Slice
from sim.experiments.statistics.summary import digest
from sim.inputs.problems import RunError
from sim.worlds.settings import same_shape
from sim.worlds.size import scenarios_at_once, worlds_at_once

OF_THE_MACHINE = (
    MemoryError,
    OSError,
    ImportError,
)  # faults that are not the model's, and may pass
NOT_PLAYED = (
    "the machine could not play point {point}, replication {replication} ({error}): free memory or "
    "close files; nothing of this part was kept, what is done before is, and the same command carries on"
)
MOST_FAILURES = 1000  # in one part: more than these are no accident
Progress = Callable[[int], None]
Group = list[tuple[Slice, Scenario]]  # to play in one model


def play_part(part: Part, progress: Progress = lambda worlds: None) -> Played:
    """Play the worlds of a part, and make the contents of its files.

    Raises:
        RunError: when the machine cannot play them, by no fault of the model, or too many of them fail.
    """
    failures: list[dict[str, Any]] = []
    frames = []
    with _models_let_go():
        for group in _groups(part.slices):
            frames += _play_group(group, part.seed, failures)
            progress(sum(piece.worlds for piece, _ in group))
    try:
        return _played(part, frames, failures)
    except OF_THE_MACHINE as error:
        raise _not_played(part.slices[0], error) from None


def _played(part: Part, frames: list[pd.DataFrame], failures: list[dict[str, Any]]) -> Played:
    if not frames:
        return Played(part.number, part.worlds, {}, failures)
    worlds = _together(frames)
    moments, sketches = digest(worlds)
    tables = {"worlds": _kept(worlds, part), "moments": moments, "sketches": sketches}
    files = {folder: encoded(table) for folder, table in tables.items()}
    return Played(part.number, part.worlds, files, failures)


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of worlds; what some of them do not have, such as an issue of another case, is missing."""
    worlds = pd.concat(frames, ignore_index=True)
    if all(len(frame.columns) == len(worlds.columns) for frame in frames):
        return worlds
    switches = {name for frame in frames for name in frame.select_dtypes("bool")}
    missing = [name for name in switches if worlds[name].dtype == object]
    # Laid out as it is read back, since pandas' means depend on that in the last bit.
    return worlds.astype(dict.fromkeys(missing, "boolean")).copy()


@contextmanager
def _models_let_go() -> Iterator[None]:
    """Free the models that were played: a model and its agents know each other, so Python waits with them.

    It would wait until there are many objects, and a model is few, though its arrays are large.
    """
    gc.freeze()  # what was there before is not looked through
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def _kept(worlds: pd.DataFrame, part: Part) -> pd.DataFrame:
    """The rows to keep, with the labels of their points."""
    most = KEPT_OF_A_POINT[part.keep]
    kept = worlds if most is None else worlds[worlds["replication"] < most]
    points = {piece.point.number: piece.point.labels for piece in part.slices}
    labels = pd.DataFrame(points.values(), index=list(points)).reindex(kept["point"])
    head, rest = kept.iloc[:, :2], kept.iloc[:, 2:]
    return pd.concat([head, labels.set_index(kept.index), rest], axis=1)


def _groups(slices: Iterable[Slice]) -> Iterator[Group]:
    """Neighbours to play in one model: as many as go into it, where their worlds have one shape."""
    group: Group = []
    worlds = 0
    for piece in slices:
        again = group and group[-1][0].point is piece.point
        scenario = group[-1][1] if again else piece.point.scenario
        if group and not _fits(group, worlds, piece, scenario):
            yield group
            group, worlds = [], 0
        group.append((piece, scenario))
        worlds += piece.worlds
    if group:
        yield group


def _fits(group: Group, worlds: int, piece: Slice, scenario: Scenario) -> bool:
    """Whether a slice goes into a model with others, which have so many worlds."""
    _, first = group[0]
    return (
        worlds + piece.worlds <= worlds_at_once(first)
        and len(group) < scenarios_at_once(first)
        and same_shape(first, scenario)
    )


def _play_group(group: Group, seed: int, failures: list[dict[str, Any]]) -> list[pd.DataFrame]:
    """Play slices together; if that fails, apart, and halve down to the worlds that fail.

    Half may also fit where the whole was too much for the machine; if not even one world does, that is
    no failure of the world.
    """
    piece, scenario = group[0]
    try:
        return [_play(group, seed)]
    except Exception as error:
        if len(group) > 1:
            halves = (group[: len(group) // 2], group[len(group) // 2 :])
        elif piece.worlds > 1:
            first, second = piece.halves()
            halves = ([(first, scenario)], [(second, scenario)])
        elif cause := _of_the_machine(error):
            raise _not_played(piece, cause) from None
        else:
            failures.append(_failure(piece, seed, error))
            if len(failures) > MOST_FAILURES:
                raise RunError(f"more than {MOST_FAILURES} worlds failed: {error}") from error
            return []
    gc.collect()  # what is left of the model that failed
    return [frame for half in halves for frame in _play_group(half, seed, failures)]


def _of_the_machine(error: BaseException | None) -> BaseException | None:
    """The fault of the machine that an error is, or that led to it; None if there is none."""
    while error is not None and not isinstance(error, OF_THE_MACHINE):
        error = error.__cause__ or error.__context__
    return error


def _not_played(piece: Slice, error: BaseException) -> RunError:
    of = {"point": piece.point.number, "replication": piece.first_replication}
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return RunError(NOT_PLAYED.format(**of, error=said))


def _play(group: Group, seed: int) -> pd.DataFrame:
    from sim.play.model import BargainingModel
    from sim.play.outcome import Outcome, play

    slices, scenarios = zip(*group, strict=True)
    numbers = [piece.first_world + i for piece in slices for i in range(piece.worlds)]
    of_world = [scenario for piece, scenario in group for _ in range(piece.worlds)]
    case = scenarios[0] if len(group) == 1 else of_world
    model = BargainingModel(case, len(numbers), rng=seed, first_world=numbers)
    frame = Outcome([play(model)]).frame().reset_index(drop=True)
    points = [piece.point.number for piece in slices for _ in range(piece.worlds)]
    replications = [piece.first_replication + i for piece in slices for i in range(piece.worlds)]
    frame.insert(0, "point", points)
    frame.insert(1, "replication", replications)
    return frame


def _failure(piece: Slice, seed: int, error: Exception) -> dict[str, Any]:
    return {
        "point": piece.point.number,
        "replication": piece.first_replication,
        "labels": piece.point.labels,
        "seed": seed,
        "world": piece.first_world,
        "error": f"{type(error).__name__}: {error}",
        "traceback": traceback.format_exc(),
    }

"""Spoiled bytes in every kind of file that is read: each is read or refused in a sentence, never worse.

A door is a kind of file with a good content and what reads it. Of a results folder more is asked: what is
read of it is what was written, or is refused; and the command that ran it mends it, or says what to do.
"""

import contextlib
import io
import multiprocessing
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from spoil import spoiled
from tally import Tally
from writers import RUN, TooLong, _at_most, _where, call, contents, furnish

KIND = "spoiled bytes"
AT_ONCE = 25  # tries in one task of a process
MEMORY = 6 * 2**30  # bytes that such a process may take
PATIENCE = 60  # seconds that one try may take
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Door:
    """A kind of file: the files of a folder by name, the one that is spoiled, and what reads the folder."""

    files: dict[str, bytes]
    spoiled: str
    read: Callable[[Path], object]


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """So many spoiled files, drawn over all doors evenly, in two processes of their own."""
    names = door_names()
    tasks = [(names[i % len(names)], chance.getrandbits(32)) for i in range(-(-tries // AT_ONCE))]
    waiting = list(tasks)
    while waiting:
        spawned = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=spawned, initializer=_limited) as two:
            asked = {two.submit(some, *task): task for task in waiting}
            waiting = []
            for future, task in asked.items():
                try:
                    for what, told, wrong in future.result():
                        tally.add(KIND, what, told, wrong)
                except BrokenProcessPool:
                    waiting.append(task)
        if len(waiting) == len(asked):  # none of them came through: the first of them is to blame
            tally.add(
                KIND, f"door {waiting[0][0]}, seed {waiting[0][1]}", False, "the process died"
            )
            waiting = waiting[1:]


def some(name: str, seed: int, tries: int = AT_ONCE) -> list[tuple[str, bool, str]]:
    """Spoil a kind of file some times; of each try what was done, whether it was told, and what is wrong."""
    chance = random.Random(seed)
    done = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(tries):
            done.append(
                _try(name, chance, Path(scratch) / str(number), f"seed {seed}, try {number}")
            )
    return done


def _try(name: str, chance: random.Random, place: Path, called: str) -> tuple[str, bool, str]:
    if name.startswith("results: "):
        return _try_results(name, chance, place, called)
    door = doors()[name]
    ways, content = spoiled(door.files[door.spoiled], chance)
    place.mkdir()
    for file, good in door.files.items():
        (place / file).write_bytes(content if file == door.spoiled else good)
    told, wrong = _read(door.read, place, door.spoiled, {place.name, *door.files})
    shutil.rmtree(place)
    return f"{name} ({ways}; {called})", told, wrong


def _read(
    read: Callable[[Path], object], place: Path, spoiled_: str, names: set[str]
) -> tuple[bool, str]:
    """Whether a folder is refused in sentences, and what is wrong with how it was read."""
    from sim.inputs.problems import InputError, RunError

    before = Path.cwd()
    os.chdir(place)
    try:
        with _at_most(PATIENCE), contextlib.redirect_stdout(io.StringIO()):
            read(Path(spoiled_))
    except (InputError, RunError) as error:
        return True, _bad_sentence(error, names)
    except TooLong:
        return False, f"took more than {PATIENCE} seconds"
    except BaseException as error:
        return False, f"{type(error).__name__} at {_where(error.__traceback__)}: {str(error)[:200]}"
    finally:
        os.chdir(before)
    return False, ""


def _bad_sentence(error: Exception, names: set[str]) -> str:
    """What is wrong with a refusal: each problem is one plain line, and one of these names is in it."""
    problems = getattr(error, "problems", [str(error)])
    for problem in problems:
        if not problem or len(problem.splitlines()) != 1:
            return f"not a line: {problem[:200]!r}"
        for jargon in ("Traceback", "pydantic", "NoneType", "<class", "object at 0x"):
            if jargon in problem:
                return f"not plain: {problem[:200]!r}"
    if not any(name in " ".join(problems) for name in names):
        return f"the file is not named: {problems[0][:200]!r}"
    return ""


def door_names() -> list[str]:
    """All kinds of files, those of results folders several times, as they hold the most."""
    results = [f"results: {name}" for name in sorted(finished()) if not name.endswith(".lock")]
    return [*doors(), *results]


@cache
def doors() -> dict[str, Door]:
    """The kinds of files that a person gives."""
    texts = _texts()
    held = {name: text.encode() for name, text in texts.items()}
    experiments = ROOT / "experiments"
    sebac = (ROOT / "sim" / "cases" / "scenarios" / "sebac-2011.toml").read_bytes()
    record = (ROOT / "sim" / "cases" / "record" / "connecticut-2011.toml").read_bytes()
    claim = next((experiments / "hypotheses").glob("h03*.toml")).read_bytes()
    shipped = {
        name: (experiments / f"{name}.toml").read_bytes()
        for name in ("layoff_threat", "uncertain_doors", "which_parameters_matter")
    }
    points = "threat.layoffs,threat.bumping\n0,0.0\n4742,0.15\n12000,0.3\n"
    by_table = (
        'name = "listed"\nquestion = "And these?"\nscenario = "sebac-2011"\nreplications = 2\nseed = 1\n'
        '[table]\nfile = "points.csv"\n'
    )
    table = {"table.toml": by_table.encode(), "points.csv": points.encode()}
    extending = {
        "own.toml": b'extends = "pie.toml"\nname = "own"\ntitle = "My own"\n',
        "pie.toml": held["pie.toml"],
    }
    firm = (ROOT / "sim" / "cases" / "scenarios" / "firm-and-union.toml").read_bytes()
    worth = "share,governor,coalition\n0.4,6,4.5\n0.5,5,5\n0.6,4,6e0\n"
    paid = (
        'extends = "split-the-pie"\nname = "paid"\n[payoffs]\ntable = "worth.csv"\n[[issue]]\n'
        'name = "share"\ntitle = "Share"\nunit = "share"\nlevels = [0.4, 0.5, 0.6]\n'
    )
    payoffs = {"paid.toml": paid.encode(), "worth.csv": worth.encode()}
    draws = "threat.layoffs,members.noise\n4742,0.07\n7500,0.09\n"
    found = {
        "scenario, small": Door(held, "pie.toml", _check),
        "scenario, full": Door({"sebac.toml": sebac}, "sebac.toml", _check),
        "scenario that is extended": Door(
            extending, "pie.toml", lambda _: _check(Path("own.toml"))
        ),
        "scenario that extends": Door(extending, "own.toml", _check),
        "experiment": Door(held, "arms.toml", _check),
        "experiment until enough": Door(held, "until.toml", _check),
        **{
            f"experiment {name}": Door({f"{name}.toml": text}, f"{name}.toml", _check)
            for name, text in shipped.items()
        },
        "hypothesis": Door({"claim.toml": claim}, "claim.toml", _check),
        "points of a table": Door(table, "points.csv", lambda _: _check(Path("table.toml"))),
        "scenario with formulas": Door({"firm.toml": firm}, "firm.toml", _check),
        "payoffs of a table": Door(payoffs, "worth.csv", lambda _: _check(Path("paid.toml"))),
        "tournament": Door(held, "two.toml", _check),
        "calibration": Door(held, "fit.toml", _calibration),
        "record": Door({"record.toml": record}, "record.toml", _record),
        "draws": Door({"draws.csv": draws.encode()}, "draws.csv", _draws),
        "deals of a class": Door(held, "deals.csv", _deals),
        "answer to a lesson": Door({"answer": b'"5/7"'}, "answer", _answer),
    }
    data = ROOT / "tests" / "interop" / "data"
    for platform in ("negmas", "genius"):
        files = {p.name: p.read_bytes() for p in sorted((data / platform).iterdir()) if p.is_file()}
        for name in files:
            found[f"{platform} {name}"] = Door(files, name, _domain)
    for platform, files in _exported().items():
        for name in files:
            found[f"exported to {platform}, {name}"] = Door(files, name, _domain)
    return found


def _texts() -> dict[str, str]:
    from writers import INPUTS

    return {name: text.lstrip("\n") for name, text in INPUTS.items()}


def _check(path: Path) -> None:
    from sim.experiments.running.estimate import contents as told
    from sim.experiments.running.estimate import load_file

    told(load_file(str(path)))


def _calibration(path: Path) -> None:
    from sim.experiments.design.calibration import load_calibration

    load_calibration(path)


def _record(path: Path) -> None:
    from sim.cases.record import load_record

    load_record(str(path))


def _draws(path: Path) -> None:
    from sim.play.fit import worlds_beside

    worlds_beside("sebac-2011", worlds=2, draws=path)


def _deals(path: Path) -> None:
    from sim.teaching.kit.deals import read_deals

    read_deals(path, _paper())


@cache
def _paper() -> object:
    from sim.cases.loading import load_scenario
    from sim.teaching.kit.paper import on_paper

    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder))
        return on_paper(load_scenario(Path(folder) / "pie.toml"))


def _answer(path: Path) -> None:
    """An answer as text, and as what it says in Python where it says something."""
    import ast

    from sim.teaching.lessons.checks import WrongAnswer

    text = path.read_bytes().decode("utf-8", "replace")
    answers: list[object] = [text]
    with contextlib.suppress(Exception):
        answers.append(ast.literal_eval(text))
    for answer in answers:
        for check in _checks():
            with contextlib.suppress(WrongAnswer):
                check.of(answer)


@cache
def _checks() -> list:
    from sim.teaching.lessons.checks import Check

    modules = (import_module(f"sim.teaching.lessons.lesson_{n}") for n in (1, 3, 7))
    return [one for module in modules for one in vars(module).values() if isinstance(one, Check)]


def _domain(_: Path) -> None:
    from sim.interop import import_scenario

    import_scenario(Path.cwd())


@cache
def _exported() -> dict[str, dict[str, bytes]]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder))
        for platform in ("negmas", "genius"):
            answer = call(f"export pie.toml --to {platform} --out {platform}", Path(folder))
            if answer.code or answer.wrong:
                raise RuntimeError(answer.wrong or answer.said)
            files = contents(Path(folder) / platform)
            found[platform] = {n: c for n, c in files.items() if not n.startswith(".")}
    return found


UNTIL = "run until.toml --out until --quiet --no-figures"


@cache
def finished() -> dict[str, bytes]:
    """A folder with two finished runs, and with what was made of them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        furnish(place)
        for typed in (RUN, UNTIL):
            answer = call(typed, place)
            if answer.code or answer.wrong:
                raise RuntimeError(answer.wrong or answer.said)
        return {n: c for n, c in contents(place).items() if n.startswith(("out/", "until/"))}


# What must be the same bytes again after the command that ran it was given once more.
DATA = ("worlds/", "moments/", "sketches/", "summary.csv", "points.parquet", "replications.csv")


def _try_results(
    name: str, chance: random.Random, place: Path, called: str
) -> tuple[str, bool, str]:
    """Spoil one file of a results folder: read it, verify it, and give the command that ran it again."""
    file = name.removeprefix("results: ")
    good = finished()
    ways, content = spoiled(good[file], chance)
    what = f"{name} ({ways}; {called})"
    folder = place / file.split("/")[0]
    place.mkdir()
    furnish(place)
    for other, bytes_ in good.items():
        (place / other).parent.mkdir(parents=True, exist_ok=True)
        (place / other).write_bytes(content if other == file else bytes_)
    told, wrong = _read(lambda _: _same_numbers(folder), place, folder.name, {folder.name})
    if not wrong:
        told, wrong = _looked_at(folder, place, told)
    if not wrong:
        typed = RUN if folder.name == "out" else UNTIL
        wrong = _ran_again(typed, folder.name, place, content, content != good[file])
    shutil.rmtree(place)
    return what, told, wrong


def _same_numbers(folder: Path) -> None:
    """Read all of a results folder; what is read is what was written."""
    from sim import load_results

    found = load_results(folder)
    for one, other in zip(_frames(found), _numbers(folder.name), strict=True):
        if other is not None and not other.equals(one):
            raise AssertionError("other numbers than were written were read, and nothing was said")


def _frames(results: object) -> Iterator[object]:
    yield results.worlds
    yield results.summary
    yield results.points
    yield results.stopped
    results.experiment.points  # noqa: B018
    results.failures  # noqa: B018


@cache
def _numbers(name: str) -> list:
    """What was written: the numbers of the run that was not spoiled."""
    from sim import load_results

    with tempfile.TemporaryDirectory() as folder:
        for file, content in finished().items():
            path = Path(folder) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return list(_frames(load_results(Path(folder) / name)))


def _looked_at(folder: Path, place: Path, told: bool) -> tuple[bool, str]:
    for typed in (f"show {folder.name}", f"verify {folder.name} --worlds 2"):
        answer = call(typed, place, PATIENCE)
        if answer.wrong:
            return told, f"{typed}: {answer.wrong}"
        told = told or answer.told
    return told, ""


def _ran_again(typed: str, name: str, place: Path, content: bytes, changed: bool) -> str:
    """What is wrong after the run was asked for again: it is whole again, or it is said what to do."""
    answer = call(typed, place, PATIENCE)
    if answer.wrong:
        return f"run again: {answer.wrong}"
    now = contents(place)
    if changed and not any(content in each for each in now.values()):
        return "run again: what stood there is lost"
    if answer.code:
        return "" if name in answer.said else f"run again: {answer.said.strip()[-200:]}"
    for file, bytes_ in finished().items():
        inner = file.partition("/")[2]
        if file.startswith(f"{name}/") and inner.startswith(DATA) and now.get(file) != bytes_:
            return f"run again: {file} has other bytes"
    return ""


def _limited() -> None:
    """A process that may not take all of the machine's memory."""
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def kinds(names: Iterable[str]) -> list[str]:
    """The doors without the files of results folders."""
    return [name for name in names if not name.startswith("results: ")]

"""Kills at system calls: the same command then carries on, to the same bytes as if it had been left alone."""

import random
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import system_calls
from strangers import STRANGE
from system_calls import (
    KILLED,
    STRACE,
    Watched,
    killed,
    killed_some_time,
    prepared_by_processes,
    run,
    watch,
)
from tally import Tally
from writers import RUN, WRITERS, Writer, contents, process

KIND = "kills"
NOTES = "notes.md"
MOST = 3  # kills one after another before the command is left alone
# Runs are killed more often than what is written in a moment.
OFTEN = (
    Writer(RUN),
    Writer(f"{RUN} --restart", (RUN,)),
    Writer("run until.toml --out out --quiet --no-figures"),
    Writer("run arms.toml --out out --quiet"),
    Writer(f"{RUN} --workers 2"),
)


def watched_all(scratch: Path, tally: Tally, kind: str, writers: Sequence[Writer]) -> list[Watched]:
    """Commands watched; one that does not end well when it is left alone is a finding."""

    def one(writer: Writer) -> Watched | None:
        try:
            return watch(writer, scratch)
        except RuntimeError as error:
            tally.add(kind, str(writer), False, str(error))
            return None

    with ThreadPoolExecutor(2) as two:
        return [found for found in two.map(one, writers) if found is not None]


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """At least so many kills, half of them of runs, two processes at a time."""
    others = [w for w in WRITERS if w not in OFTEN and "--all" not in w.typed]
    some = chance.sample(others, min(len(others), 1 + tries // 4))
    runs = chance.sample(OFTEN, min(len(OFTEN), 1 + tries // 4))
    with tempfile.TemporaryDirectory() as scratch_:
        scratch = Path(scratch_)
        often = watched_all(scratch, tally, KIND, runs)
        seldom = watched_all(scratch, tally, KIND, some)
        done = 0
        with ThreadPoolExecutor(2) as two:
            while done < tries and (often or seldom):
                chosen = [
                    chance.choice(often if i % 2 and often else seldom or often)
                    for i in range(min(8, tries - done))
                ]
                seeds = [chance.getrandbits(32) for _ in chosen]
                done += sum(two.map(partial(_one, tally, scratch), chosen, seeds))


def _one(tally: Tally, scratch: Path, watched: Watched, seed: int) -> int:
    """Kill a command some times and let it carry on; how many kills there were."""
    chance = random.Random(seed)
    place = Path(tempfile.mkdtemp(dir=scratch)) / "place"
    prepared_by_processes(watched.writer, place)
    told, noted = [], False
    for _ in range(chance.randint(1, MOST)):
        if STRACE and watched.calls:
            call = chance.choice(sorted(watched.calls))
            number = chance.randint(1, watched.calls[call])
            answer = killed(watched, place, call, number)
            told.append(f"{call} {number}")
        else:
            answer = killed_some_time(watched, place, chance)
            told.append("some time")
        if answer.said != KILLED:
            told[-1] += " (not reached)"
            if answer.wrong:
                break
            continue
        if (place / "out" / "birth.json").is_file() and not noted:
            (place / "out" / NOTES).write_bytes(STRANGE)
            noted = True
    what = f"{watched.typed}, killed at {', '.join(told)}"
    kills = sum("not reached" not in each for each in told)
    wrong = answer.wrong or carried_on(watched, place, noted)
    for _ in range(max(kills - 1, 0)):
        tally.add(KIND, what, False)
    tally.add(KIND, what, False, wrong)
    return kills


def carried_on(watched: Watched, place: Path, noted: bool = False) -> str:
    """What is wrong after the same command was given again."""
    answer = run(process(watched.typed), place)
    done_already = answer.code == 2 and "is there already" in answer.said  # export and import
    if answer.wrong or (answer.code and not done_already):
        return answer.wrong or f"the same command did not carry on: {answer.said.strip()[-300:]}"
    return differences(watched, contents(place), noted)


def differences(watched: Watched, now: dict[str, bytes], noted: bool = False) -> str:
    """How a folder differs from what the command leaves when it is left alone; nothing if it does not."""
    expected = set(watched.left) | ({f"out/{NOTES}"} if noted else set())
    if missing := sorted(expected - set(now)):
        return f"missing: {', '.join(missing)}"
    if more := sorted(name for name in set(now) - expected if "set_aside" not in name):
        return f"left behind: {', '.join(more)}"
    if moved := sorted(name for name in set(now) - expected):
        return f"moved aside, although it was ours: {', '.join(moved)}"
    changed = [name for name in sorted(watched.steady) if now[name] != watched.left[name]]
    changed += [
        name
        for name, content in watched.inputs.items()
        if name not in watched.left and now.get(name) != content
    ]
    if noted and now[f"out/{NOTES}"] != STRANGE:
        changed.append(f"out/{NOTES}")
    return f"other bytes: {', '.join(changed)}" if changed else ""


def sentence() -> str:
    """What to say where strace is missing; nothing where it is there."""
    return "" if STRACE else system_calls.NO_STRACE

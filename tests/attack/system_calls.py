"""The system calls that a command makes on its own files, and how to have one of them fail or kill (strace).

A command is first watched; then it is called again with a kill or an error at the n-th call of some kind
on those files. Without strace a process is killed at some moment instead.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from writers import PATIENCE, Answer, Writer, contents, environment, judged, prepared, process

STRACE = shutil.which("strace")
CALLS = [
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "ftruncate",
]
NO_STRACE = (
    "strace is not on this machine (apt-get install strace): processes are killed at random moments "
    "instead of at chosen system calls, and a full disk is only tried by a limit on the size of files"
)
# These have the commit; the date and the seconds; the order in which workers were done.
OF_THE_MOMENT = ("birth.json", "manifest.json", "journal.jsonl")
KILLED = "killed"  # what a killed process says


@dataclass(frozen=True)
class Watched:
    """A command that was watched: what it left, what of it has the same bytes every time, and its calls.

    `calls` are how often each system call was made on its files, `paths` those files as it names them.
    """

    writer: Writer
    typed: str
    inputs: dict[str, bytes]
    left: dict[str, bytes]
    steady: frozenset[str]
    calls: Counter
    paths: tuple[str, ...]
    seconds: float


def watch(writer: Writer, scratch: Path, extra: str = "") -> Watched:
    """Call a command twice, once under strace, in folders of their own.

    Raises:
        RuntimeError: when it does not end well.
    """
    typed = f"{writer.typed} {extra}".strip()
    places = [Path(tempfile.mkdtemp(dir=scratch)) / "place" for _ in range(2)]
    log = places[0].with_name("log")
    for place in places:
        prepared_by_processes(writer, place)
    inputs = contents(places[0])
    started = time.monotonic()
    answer = run(process(typed), places[1])
    seconds = time.monotonic() - started
    if not answer.code:
        watching = ["--seccomp-bpf", "-y", "-e", f"trace={_set(CALLS)}", "-o", str(log)]
        answer = run(
            [*_strace(*watching), *process(typed)] if STRACE else process(typed), places[0]
        )
    if answer.code or answer.wrong:
        raise RuntimeError(f"{typed}: {answer.wrong or answer.said}")
    one, other = map(contents, places)
    same = {name for name in one if one[name] == other.get(name)}
    steady = frozenset(name for name in same if not name.endswith(OF_THE_MOMENT))
    calls, paths = _read(log, places[0], set(inputs)) if STRACE else (Counter(), ())
    return Watched(writer, typed, inputs, one, steady, calls, paths, seconds)


def prepared_by_processes(writer: Writer, place: Path) -> None:
    """The same folder as `prepared` makes, but by the processes that are killed later: in small parts."""
    prepared(Writer(writer.typed, ()), place)
    for typed in writer.before:
        answer = run(process(typed), place)
        if answer.code or answer.wrong:
            raise RuntimeError(f"{typed}: {answer.wrong or answer.said}")


def run(words: list[str], place: Path, limit: int | None = None, stdout: object = None) -> Answer:
    """Run a process in a folder; its answer. `limit` is the most bytes that a file may grow to."""

    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process_ = subprocess.Popen(
        words,
        cwd=place,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE if stdout else subprocess.STDOUT,
        preexec_fn=limited if limit is not None else None,
        start_new_session=True,
    )
    try:
        said = process_.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process_.pid, signal.SIGKILL)
        process_.communicate()
        return Answer(1, "", f"took more than {PATIENCE} seconds")
    text = b"".join(part for part in said if part).decode("utf-8", "replace")
    if process_.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL):
        return Answer(process_.returncode, KILLED)
    return judged(process_.returncode, text)


def killed(watched: Watched, place: Path, call: str, number: int) -> Answer:
    """Call a command and kill it as it enters the n-th call of a kind on its files."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
    return run([*_strace(*inject, paths=watched, place=place), *process(watched.typed)], place)


def killed_some_time(watched: Watched, place: Path, chance: random.Random) -> Answer:
    """Call a command and kill it at a random moment."""
    words = process(watched.typed)
    process_ = subprocess.Popen(
        words,
        cwd=place,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(chance.uniform(0.3, 1.0) * watched.seconds)
    if process_.poll() is None:
        os.killpg(process_.pid, signal.SIGKILL)
    process_.communicate()
    return Answer(process_.returncode, KILLED if process_.returncode < 0 else "")


def failing(watched: Watched, place: Path, call: str, number: int, error: str, on: bool) -> Answer:
    """Call a command whose n-th call of a kind on its files fails, and with `on` all later ones, too."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}{'+' * on}"]
    quick = "--seccomp-bpf"
    return run(
        [*_strace(quick, *inject, paths=watched, place=place), *process(watched.typed)], place
    )


def _strace(*options: str, paths: Watched | None = None, place: Path | None = None) -> list[str]:
    words = [str(STRACE), "-f", "-qq", *options]
    if paths is None:
        return words
    for path in paths.paths:
        words += ["-P", path, "-P", str(place / path)]
    return [*words, "-o", "/dev/null"]


def _set(calls: list[str]) -> str:
    return ",".join(f"?{call}" for call in calls)


def _read(log: Path, place: Path, inputs: set[str]) -> tuple[Counter, tuple[str, ...]]:
    """How often each call was made on files that a command makes, and what it calls these."""
    calls: Counter = Counter()
    paths = set()
    for line in log.read_text("utf-8", "replace").splitlines():
        found = re.match(r"\d+ +(\w+)\(", line)
        if not found:
            continue
        named = [
            _inside(name, place) for name in re.findall(r'"((?:[^"\\]|\\.)*)"|<(/[^>]*)>', line)
        ]
        ours = {name for name in named if name and name not in inputs}
        if ours and "/dev/null" not in line:
            calls[found[1]] += 1
            paths |= ours
    return calls, tuple(sorted(paths))


def _inside(found: tuple[str, str], place: Path) -> str:
    """A path of a log as a path in the folder; an empty text if it lies elsewhere."""
    text = found[0] or found[1]
    if not text or len(text) > 200 or "\\" in text:
        return ""
    try:
        path = (place / text).relative_to(place).as_posix()
    except ValueError:
        return ""
    lies = (place / path).exists() or "tmp" in path or "/" in path
    return path if lies and not path.startswith("..") and path != "." else ""

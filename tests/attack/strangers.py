"""Files that are not ours: beside and in place of every output of every command.

None may be lost: a command refuses in a sentence that names the file, or leaves it somewhere in the folder.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tally import Tally
from writers import WRITERS, Answer, Writer, call, contents, furnish, prepared, takes_force

KIND = "files that are not ours"
STRANGE = b"This is not of the program: \x00\xff my own notes, and the only copy of them.\n"
ELSEWHERE = "elsewhere"  # a folder that no command is told of
# What a folder is kept by; nobody asked for these files.
BOOKS = (".bargain.json", ".lock")
BESIDE = (
    "notes.md",
    "data/survey.csv",
    "part-000099.parquet",
    "part-000000 (1).parquet",
    "summary.csv.tmp",
    "thesis.tmp",
    ".hidden",
)


def foreign(path: Path) -> bytes:
    """Bytes of someone else in place of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(STRANGE)
    return STRANGE


def edited(path: Path) -> bytes:
    """The file with one byte changed, as by an editor; an empty one gets a line."""
    content = bytearray(path.read_bytes()) or bytearray(STRANGE)
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(bytes(content))
    return bytes(content)


def folder(path: Path) -> bytes:
    """A folder in place of a file, with something in it."""
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)
    (path / "mine.txt").write_bytes(STRANGE)
    return STRANGE


def link(path: Path) -> bytes:
    """A link, in place of a file, to one that lies elsewhere."""
    target = _top(path) / ELSEWHERE / "linked.txt"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(STRANGE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    return STRANGE


MANNERS: dict[str, Callable[[Path], bytes]] = {
    "foreign": foreign,
    "edited": edited,
    "folder": folder,
    "link": link,
}


def _top(path: Path) -> Path:
    """The folder in which commands are called: the one that holds the inputs."""
    return next(above for above in path.parents if (above / "pie.toml").is_file())


def outputs(writer: Writer, place: Path) -> list[str]:
    """The files that a call makes, by their path in the folder; the call is made."""
    prepared(writer, place)
    before = contents(place)
    answer = call(writer.typed, place)
    if answer.code or answer.wrong:
        raise RuntimeError(f"{writer}: {answer.wrong or answer.said}")
    after = contents(place)
    made = [name for name in after if before.get(name) != after[name]]
    if "--restart" in writer.typed:  # it makes all of them again
        made = [name for name in after if name.startswith(writer.out)]
    return [name for name in made if name.startswith(writer.out) or name not in before]


def in_place_of(
    writer: Writer, finished: Path, name: str, manner: str, scratch: Path
) -> tuple[Answer, str]:
    """Put something in place of one output and make the call again; what is wrong with what came of it."""
    place = _copy(finished, scratch)
    lost = MANNERS[manner](place / name)
    answer = call(writer.typed, place)
    return answer, _wrong(writer, answer, place, name, manner, lost) or _forced(
        writer, finished, name, manner, scratch
    )


def in_the_way(writer: Writer, name: str, manner: str, scratch: Path) -> tuple[Answer, str]:
    """Put something where an output will go before the first call; what is wrong with what came of it."""
    place = Path(tempfile.mkdtemp(dir=scratch))
    prepared(writer, place)
    if (place / name).exists():
        (place / name).unlink()
    lost = MANNERS[manner](place / name)
    answer = call(writer.typed, place)
    return answer, _wrong(writer, answer, place, name, manner, lost)


def beside(writer: Writer, finished: Path, scratch: Path, options: str = "") -> tuple[Answer, str]:
    """Put files into every folder that the call wrote into, and make it again: all are still there."""
    place = _copy(finished, scratch)
    folders = {path.parent for path in (place / writer.out).rglob("*")} | {place / writer.out}
    mine = {}
    for folder_ in sorted(f for f in folders if f.is_dir()):
        for name in BESIDE:
            path = folder_ / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(STRANGE + name.encode())
            mine[path] = path.read_bytes()
    answer = call(f"{writer.typed} {options}", place)
    if answer.wrong:
        return answer, answer.wrong
    gone = [
        path.relative_to(place).as_posix()
        for path, content in mine.items()
        if not (path.is_file() and path.read_bytes() == content)
    ]
    kept = list(contents(place).values())
    lost = [name for name in gone if mine[place / name] not in kept]
    return answer, f"gone: {', '.join(lost)}" if lost else ""


def _forced(writer: Writer, finished: Path, name: str, manner: str, scratch: Path) -> str:
    """What is wrong after the same with `--force`, which replaces; nothing where there is no such option."""
    books = name.endswith(BOOKS)
    if books or not takes_force(writer.command) or manner not in ("foreign", "edited"):
        return ""
    place = _copy(finished, scratch)
    MANNERS[manner](place / name)
    answer = call(f"{writer.typed} --force", place)
    if answer.wrong or answer.code:
        return f"with --force: {answer.wrong or answer.said[-300:]}"
    if not (place / name).is_file() or (place / name).read_bytes() == STRANGE:
        return f"with --force: {name} was not replaced"
    return ""


def _wrong(writer: Writer, answer: Answer, place: Path, name: str, manner: str, lost: bytes) -> str:
    if answer.wrong:
        return answer.wrong
    now = contents(place)
    if not any(lost in content for content in now.values()):
        return f"what stood in {name} is lost (exit code {answer.code})"
    if name.endswith(
        BOOKS
    ):  # without its books a folder is not known to be ours, and is left alone
        return ""
    if answer.code and not _names(answer.said, writer, name):
        said = answer.said.strip()[-200:]
        return f"{name} is in the way, and the refusal does not name it: {said}"
    if not answer.code and name not in now:
        return f"{name} was not written, and nothing was said"
    grows = name.endswith("journal.jsonl")
    if not answer.code and manner == "foreign" and lost in now[name] and not grows:
        return f"{name} is still of someone else, and nothing was said"
    return ""


def _names(said: str, writer: Writer, name: str) -> bool:
    """Whether a refusal names a file: whole, or as what a folder holds (`out: ... (manifest.json)`).

    A command that wants a new folder names that folder.
    """
    parts = name.split("/")
    held = any(
        f"{'/'.join(parts[:depth])}: " in said and f"({parts[depth]}" in said
        for depth in range(1, len(parts))
    )
    return name in said or held or (writer.command == "export" and f"{writer.out}: " in said)


def _copy(finished: Path, scratch: Path) -> Path:
    place = Path(tempfile.mkdtemp(dir=scratch))
    shutil.copytree(finished, place, symlinks=True, dirs_exist_ok=True)
    return place


def around_the_experiment(scratch: Path) -> Iterator[tuple[str, Answer, str]]:
    """Results folders that hold the person's own files: the experiment itself, its scenario, a study."""
    for options in ("", "--restart"):
        for name in ("arms.toml", "experiment.toml"):
            for out in (".", "../study", ""):
                place = Path(tempfile.mkdtemp(dir=scratch)) / "study"
                place.mkdir()
                furnish(place)
                if name != "arms.toml":
                    (place / "arms.toml").rename(place / name)
                (place / "notes.md").write_bytes(STRANGE)
                before = contents(place)
                typed = f"run {name} --out {out or place} --quiet --no-figures {options}"
                answer = call(typed, place)
                after = contents(place)
                gone = [own for own, content in before.items() if after.get(own) != content]
                wrong = answer.wrong or (f"gone: {', '.join(gone)}" if gone else "")
                if not wrong and answer.code == 0:
                    wrong = "a results folder that holds the experiment file was not refused"
                yield typed, answer, wrong


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """As many tries as are asked for, drawn from all that there are; beside and around are always tried."""
    with tempfile.TemporaryDirectory() as scratch_:
        scratch = Path(scratch_)
        all_ = []
        for writer in WRITERS if tries >= len(WRITERS) else chance.sample(WRITERS, tries):
            finished = Path(tempfile.mkdtemp(dir=scratch))
            try:
                names = outputs(writer, finished)
            except RuntimeError as error:
                tally.add(KIND, str(writer), False, str(error))
                continue
            for options in ("", "--restart", "--force"):
                if options and not _has(writer, options):
                    continue
                answer, wrong = beside(writer, finished, scratch, options)
                tally.add(KIND, f"beside: {writer} {options}", answer.told, wrong)
            all_ += [(writer, finished, name, manner) for name in names for manner in MANNERS]
        for typed, answer, wrong in around_the_experiment(scratch):
            tally.add(KIND, typed, answer.told, wrong)
        for writer, finished, name, manner in chance.sample(all_, min(tries, len(all_))):
            answer, wrong = in_place_of(writer, finished, name, manner, scratch)
            tally.add(KIND, f"{manner} in place of {name}: {writer}", answer.told, wrong)
            if manner != "edited":
                answer, wrong = in_the_way(writer, name, manner, scratch)
                tally.add(KIND, f"{manner} in the way of {name}: {writer}", answer.told, wrong)


def _has(writer: Writer, option: str) -> bool:
    from writers import COMMANDS

    if option in writer.typed:
        return False
    return any(option in p.opts for p in COMMANDS[writer.command].params)

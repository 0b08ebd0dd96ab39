"""Flip the rules one token at a time, and tell which flips no test notices: `make mutants`.

mutmut makes the flips, in a copy of the tree. The tests are imported once; then each flip gets a
child of this process, which runs the tests that reach the flipped function, those that noticed its
other flips first, until one fails. What was found is kept in `mutants/`, and a second call goes on
from there. Words that follow the command restrict it to flips with one of them in their name, such
as `sim.utility`; `--seconds 60` gives each flip so long.
"""

import argparse
import json
import math
import os
import resource
import shutil
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import hypothesis
import pytest
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "mutants"
COPIED = ["sim", "tests", "experiments", "results/reference", "README.md", "pyproject.toml"]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
MEMORY = 8 * 2**30
PATIENCE = 20.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("words", nargs="*", default=["sim."])
    asked.add_argument("--seconds", type=float, default=60.0)
    asked = asked.parse_args()
    flips = [name for name in _flipped_copy() if any(word in name for word in asked.words)]
    os.chdir(COPY)
    sys.path.insert(0, str(COPY))
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    plugin = Flips(flips, asked.seconds)
    trampoline.record_trampoline_hit = plugin.reached
    pytest.main(["--tb=no", "--assert=plain", "-q", "-p", "no:cacheprovider", "-m", "not slow", *SETTINGS["pytest_add_cli_args_test_selection"]], [plugin])


def _flipped_copy() -> list[str]:
    """Copy the tree with every flip of the rules in it; return the names of the flips."""
    if not COPY.exists():
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, COPY / name)
        names = [name for path in _rules() for name in _flip(path)]
        (COPY / "flips.json").write_text(json.dumps(names))
    return json.loads((COPY / "flips.json").read_text())


def _rules() -> Iterator[Path]:
    for pattern in SETTINGS["only_mutate"]:
        yield from sorted(path.relative_to(ROOT) for path in ROOT.glob(pattern))


def _flip(path: Path) -> list[str]:
    flipped = mutate_file_contents(str(path), (ROOT / path).read_text())
    (COPY / path).write_text(flipped.code)
    return [get_mutant_name(path, name) for name in flipped.mutant_names]


class Flips:
    """Run in place of pytest's own loop over the tests."""

    def __init__(self, names: list[str], seconds: float) -> None:
        self.names, self.seconds = names, seconds
        self.hits: set[str] = set()
        self.of_fixture: dict[str, set[str]] = defaultdict(set)
        self.noticed: dict[str, Counter] = defaultdict(Counter)

    def reached(self, function: str, **_: object) -> None:
        self.hits.add(function)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        before, self.hits = self.hits, set()
        result = yield
        self.of_fixture[fixturedef.argname] |= self.hits
        self.hits |= before
        return result

    def pytest_collection(self) -> None:
        """Have Hypothesis stop at the first counterexample: a smaller one would take seconds to find."""
        unshrunk = [phase for phase in hypothesis.Phase if phase.name in ("explicit", "generate")]
        hypothesis.settings.register_profile("unshrunk", hypothesis.settings(), phases=unshrunk)
        hypothesis.settings.load_profile("unshrunk")

    def pytest_runtestloop(self, session) -> bool:
        on_import = self.hits
        reach = _read(COPY / "reach.json")
        if {item.nodeid for item in session.items} - reach.keys():
            _in_a_child(lambda: self._record(session, reach), 3600)
            reach = _read(COPY / "reach.json")
        items = {item.nodeid: item for item in session.items}
        with (COPY / "found.jsonl").open("a") as found:
            for name in self._left():
                function = name.rpartition("__mutmut_")[0]
                tests = self._in_order(function, reach, items)
                line = self._try(name, session, [items[test] for test in tests])
                line |= {"on_import": function in on_import}
                self.noticed[function][line["by"]] += 1
                self.noticed[function.rpartition(".")[0]][line["by"]] += 1
                print(json.dumps(line), file=found, flush=True)
        return True

    def _record(self, session, reach: dict) -> str:
        """Write down which functions each test reaches that was not known yet, and how long it takes."""
        new = [item for item in session.items if item.nodeid not in reach]
        for item, following in _with_following(new):
            self.hits, began = set(), time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            for fixture in item.fixturenames:
                self.hits |= self.of_fixture[fixture]
            reach[item.nodeid] = [time.process_time() - began, sorted(self.hits)]
        (COPY / "reach.json").write_text(json.dumps(reach))
        return ""

    def _left(self) -> list[str]:
        path = COPY / "found.jsonl"
        done = {json.loads(line)["flip"] for line in path.open()} if path.exists() else set()
        return [name for name in self.names if name not in done]

    def _in_order(self, function: str, reach: dict, items: Iterable[str]) -> list[str]:
        """Those that noticed most of its flips first, then one case of each test, the quick first."""
        tests = sorted((test for test in items if function in reach[test][1]), key=lambda t: reach[t][0])
        module = function.split(".")[-2]
        cases = Counter()
        order = {}
        for test in tests:
            claim = test.partition("[")[0]
            order[test] = (
                -self.noticed[function][test],
                -self.noticed[function.rpartition(".")[0]][test],
                f"test_{module}" not in test,
                cases[claim] > 0,
                reach[test][0],
            )
            cases[claim] += 1
        return sorted(tests, key=order.__getitem__)

    def _try(self, name: str, session, items: list) -> dict:
        def run() -> str:
            os.environ["MUTANT_UNDER_TEST"] = name
            began = time.process_time()
            for number, (item, following) in enumerate(_with_following(items)):
                if time.process_time() - began > self.seconds:
                    return f"{number}:"
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    return f"{number + 1}:{item.nodeid}"
            return f"{len(items)}:"

        told = _in_a_child(run, self.seconds + PATIENCE)
        tried, _, by = told.partition(":") if told is not None else ("", "", "no end")
        return {"flip": name, "by": by, "tried": tried, "of": len(items)}


def _read(path: Path) -> dict:
    return json.loads(path.read_text()) if path.exists() else {}


def _with_following(items: list) -> Iterator[tuple]:
    return zip(items, [*items[1:], None], strict=True)


def _in_a_child(run, seconds: float) -> str | None:
    """Return what `run` gives in a child of this process, or None if it is killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            os.write(writing, run().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return told if status == 0 and told else None


if __name__ == "__main__":
    main()

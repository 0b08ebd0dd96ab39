"""Flip the rules one token at a time, and tell which flips no test notices: `make mutants`.

mutmut makes the flips, in a copy of the tree. The tests are read in once; then each flip gets a child
of this process, which runs the tests that reach the flipped function, until one fails. What was found
is kept in `mutants/`, and a second call goes on from there. Words narrow it down to the flips that
have one of them in their name: `python tests/mutants.py sim.preferences.member x_pain__mutmut_3 --again`.
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
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "mutants"
FLIPS, REACH, FOUND = COPY / "flips.json", COPY / "reach.json", COPY / "found.jsonl"
COPIED = ("tests", "experiments", "results/reference", "README.md", "pyproject.toml")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
QUIETLY = ("-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider")
GRACE = 20  # seconds that the last test of a flip may still take
MEMORY = 8 * 2**30


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("words", nargs="*", default=["sim."])
    asked.add_argument("--seconds", type=float, default=60, help="processor time for each flip")
    asked.add_argument(
        "--again", action="store_true", help="also those that were not noticed before"
    )
    asked = asked.parse_args()
    flips = [name for name in _copied() if any(word in name for word in asked.words)]
    tried = [line["flip"] for line in _found() if line["by"] or not asked.again]
    left = sorted(set(flips) - set(tried), key=flips.index)
    os.chdir(COPY)
    sys.path.insert(0, str(COPY))
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    trying = Trying(left, asked.seconds)
    trampoline.record_trampoline_hit = trying.reached
    pytest.main([*QUIETLY, *SETTINGS["pytest_add_cli_args_test_selection"]], [trying])
    for line in _found():
        if not line["by"] and line["flip"] in flips:
            print(f"not noticed by {line['tried']} of {line['of']} tests: {line['flip']}")


def _copied() -> list[str]:
    """Copy the tree, the rules once with every flip in them; return the names of the flips."""
    for name in COPIED:
        _copy(name)
    if not FLIPS.exists():
        _copy("sim")
        rules = [path for pattern in SETTINGS["only_mutate"] for path in sorted(ROOT.glob(pattern))]
        names = [name for path in rules for name in _flipped(path.relative_to(ROOT))]
        FLIPS.write_text(json.dumps(names))
    return json.loads(FLIPS.read_text())


def _copy(name: str) -> None:
    there = COPY / name
    there.parent.mkdir(parents=True, exist_ok=True)
    if (ROOT / name).is_dir():
        shutil.copytree(ROOT / name, there, dirs_exist_ok=True)
    else:
        shutil.copy(ROOT / name, there)


def _flipped(path: Path) -> list[str]:
    flipped = mutate_file_contents(str(path), (ROOT / path).read_text())
    (COPY / path).write_text(flipped.code)
    return [get_mutant_name(path, name) for name in flipped.mutant_names]


def _found() -> list[dict]:
    """What was last found of each flip."""
    lines = map(json.loads, FOUND.read_text().splitlines()) if FOUND.exists() else ()
    return list({line["flip"]: line for line in lines}.values())


class Trying:
    """A plugin that tries flips where pytest would run all tests once."""

    def __init__(self, flips: list[str], seconds: float) -> None:
        self.flips, self.seconds = flips, seconds
        self.hits: set[str] = set()
        self.hits_of_fixture: dict[str, set[str]] = defaultdict(set)
        self.noticed: dict[str, Counter] = defaultdict(Counter)
        for line in _found():
            self._learn(line)

    def reached(self, function: str, **_: object) -> None:
        """Note a call of a function that has flips."""
        self.hits.add(function)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        """Note what a fixture calls: all tests that use it reach that, not just the first."""
        before, self.hits = self.hits, set()
        result = yield
        self.hits_of_fixture[fixturedef.argname] |= self.hits
        self.hits |= before
        return result

    def pytest_collection(self) -> None:
        """Have Hypothesis stop at the first counterexample: to find a smaller one takes seconds."""
        phases = hypothesis.Phase.explicit, hypothesis.Phase.generate
        hypothesis.settings.register_profile("first", hypothesis.settings(), phases=phases)
        hypothesis.settings.load_profile("first")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every flip."""
        items = {item.nodeid: item for item in session.items}
        reach = self._reach_of(session)
        with FOUND.open("a") as found:
            for flip in self.flips:
                function = _function(flip)
                reaching = [test for test in items if function in reach[test][1]]
                tests = self._in_order(function, {test: reach[test][0] for test in reaching})
                told = self._try(flip, session, [items[test] for test in tests])
                self._learn(told)
                print(json.dumps(told), file=found, flush=True)
        return True

    def _learn(self, told: dict) -> None:
        """Keep in mind which tests notice flips of a function, and of its module."""
        function = _function(told["flip"])
        for place in (function, _module(function)):
            self.noticed[place][told["by"]] += 1

    def _reach_of(self, session: pytest.Session) -> dict[str, tuple[float, list[str]]]:
        """How long each test takes, and which functions it reaches; nothing of one that fails anyhow."""

        def read() -> dict:
            return json.loads(REACH.read_text()) if REACH.exists() else {}

        def record() -> str:
            for item, following in _with_following(new):
                self.hits, began, failed = set(), time.process_time(), session.testsfailed
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                fixtures = (self.hits_of_fixture[name] for name in item.fixturenames)
                functions = self.hits.union(*fixtures)
                known = sorted(functions) if session.testsfailed == failed else []
                reach[item.nodeid] = time.process_time() - began, known
            REACH.write_text(json.dumps(reach))
            return "recorded"

        reach = read()
        new = [item for item in session.items if item.nodeid not in reach]
        if new:
            _in_a_child(record, math.inf)
        return read()

    def _in_order(self, function: str, seconds: dict[str, float]) -> list[str]:
        """Those that noticed other flips, then the module's own, then some of each file, the quick first.

        Of the others the next is the one up to which least time is spent on its file and its claim.
        """
        own = f"test_{_module(function).rpartition('.')[2]}"
        spent, order = Counter(), {}
        for test in sorted(seconds, key=seconds.__getitem__):
            file, claim = test.partition("::")[0], test.partition("[")[0]
            noticed = (-self.noticed[place][test] for place in (function, _module(function)))
            for place in (file, claim):
                spent[place] += seconds[test]
            order[test] = (*noticed, own not in test, spent[file] + spent[claim])
        return sorted(order, key=order.__getitem__)

    def _try(self, flip: str, session: pytest.Session, items: list[pytest.Item]) -> dict:
        """Which test notices a flip, and how many were tried."""

        def run() -> str:
            os.environ["MUTANT_UNDER_TEST"] = flip
            began = time.process_time()
            for number, (item, following) in enumerate(_with_following(items)):
                if time.process_time() - began > self.seconds:
                    return f"{number} "
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    return f"{number + 1} {item.nodeid}"
            return f"{len(items)} "

        told = _in_a_child(run, self.seconds + GRACE) or "0 no end, or a crash"
        tried, _, by = told.partition(" ")
        return {"flip": flip, "by": by, "tried": int(tried), "of": len(items)}


def _function(flip: str) -> str:
    return flip.rpartition("__mutmut_")[0]


def _module(function: str) -> str:
    return function.rpartition(".")[0]


def _with_following(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=False)


def _in_a_child(run: Callable[[], str], seconds: float) -> str:
    """What `run` gives in a child of this process; nothing if that takes too much time or memory."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if math.isfinite(seconds):
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds),) * 2)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY,) * 2)
        try:
            os.write(writing, run().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


if __name__ == "__main__":
    main()

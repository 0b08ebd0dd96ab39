"""Asks for what is far too large at every door, in a process that may take little memory.

Prints a line for each: what was asked, its exit code, seconds of this process, and the last line that it
said. `test_too_large.py` runs it in an empty folder.
"""

import json
import resource
import sys
import time
import tomllib
from pathlib import Path

import tomli_w
from typer.testing import CliRunner

import sim
from sim.cases.loading import load_scenario
from sim.cli import app
from sim.experiments.design.shipped import SHIPPED

HUGE = 10**12
EXPERIMENT = {"name": "a", "question": "?", "scenario": "mini-ct", "replications": 2, "seed": 1}
TWO = {"governor.beta": {"uniform": [0.1, 1]}, "coalition.beta": {"uniform": [0.1, 1]}}
LINEAR = {"beta": 1.0}


def range_of(steps):
    return {"from": 0.1, "to": 0.9, "steps": steps}


def experiments():
    """Experiment files by name."""
    yield "a sweep of 10^9 steps", {"sweep": {"governor.beta": range_of(10**9)}}
    three = ("governor.beta", "coalition.beta", "talks.breakdown")
    yield "a grid of 10^9 points", {"sweep": dict.fromkeys(three, range_of(1000))}
    yield "10^12 replications", {"replications": HUGE}
    yield "10^12 replications, few rows", {"replications": HUGE, "keep": "summary"}
    rule = {"until": "halfwidth", "of": "agreed", "at_most": 1e-12, "first": HUGE, "max": HUGE}
    yield "10^12 replications at first", {"replications": rule}
    for design in ("latin_hypercube", "sobol", "random", "saltelli", "morris"):
        yield f"2^40 points, {design}", {"sample": {"design": design, "points": 2**40, "over": TWO}}
    for design in ("one_at_a_time", "morris"):
        points = {} if design == "one_at_a_time" else {"points": 2}
        table = {"design": design, "levels": 10**9, "over": TWO} | points
        yield f"10^9 levels, {design}", {"sample": table}
    yield "a table of 200,000 rows", {"table": {"file": "rows.csv"}}
    yield "a table of 10^7 rows in a small file", {"table": {"file": "rows.parquet"}}
    arms = {f"arm {i}": {"governor.beta": (i + 1) / 1000} for i in range(500)}
    yield "500 arms of 1,000 steps", {"sweep": {"coalition.beta": range_of(1000)}, "arms": arms}


def write_inputs():
    """Write what the commands are given."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, differs in experiments():
        write(f"{name}.toml", EXPERIMENT | differs)
    Path("rows.csv").write_text("governor.beta\n" + "0.5\n" * 200_000)
    pq.write_table(pa.table({"governor.beta": pa.array([0.5]).take([0] * 10**7)}), "rows.parquet")
    write("small.toml", EXPERIMENT)
    tournament = {"name": "t", "question": "?", "replications": 2, "seed": 1}
    tournament["game"] = [{"scenario": "mini-ct"}]
    many = {f"e{i}": {"beta": (i + 1) / 1000} for i in range(1000)}
    write("a tournament of 1,000.toml", tournament | {"entrants": many})
    two = {"a": {"beta": 0.1}, "b": {"beta": 0.2}}
    write("a long tournament.toml", tournament | {"entrants": two, "replications": HUGE})
    calibration = tomllib.loads((SHIPPED / "calibration" / "june_2011.toml").read_text("utf-8"))
    for key in ("population", "generations", "draws"):
        write(f"10^12 {key}.toml", calibration | {key: HUGE})
    game = load_scenario("split-the-pie").model_dump(mode="json", exclude_unset=True)
    issue = game["issue"][0] | {"levels": range_of(1000)}
    issue |= {"governor": range_of(1000), "coalition": range_of(1000)}
    issues = [issue | {"name": f"issue_{i}"} for i in range(5)]
    write("10^15 packages.toml", game | {"issue": issues})
    write("a range of 10^15.toml", game | {"issue": [issue | {"levels": range_of(10**15)}]})


def write(name, document):
    Path(name).write_text(tomli_w.dumps(document), "utf-8")


def commands():
    """What is typed: all of it is to be refused, but for the last few."""
    for name, _ in experiments():
        yield "check", f"{name}.toml"
        yield "run", f"{name}.toml", "--out", "out"
    yield "run", "small.toml", "--out", "out", "--replications", f"{HUGE}"
    for name in ("a tournament of 1,000", "a long tournament"):
        yield "check", f"{name}.toml"
        yield "tournament", f"{name}.toml", "--out", "out"
    for key in ("population", "generations", "draws"):
        yield "calibrate", f"10^12 {key}.toml", "--out", "out"
    for name in ("10^15 packages", "a range of 10^15"):
        yield "check", f"{name}.toml"
        yield "solve", f"{name}.toml", "--out", "out"
        yield "kit", f"{name}.toml", "--out", "out"
    yield "case", "--worlds", f"{HUGE}"
    yield "episodes", "--worlds", f"{HUGE}", "--out", "out"
    yield "hypotheses", "--replications", f"{HUGE}", "--out", "out"


def answered():
    """What is typed that has an answer, however large the number in it."""
    yield "run", "small.toml", "--out", "done", "--workers", f"{10**6}", "--no-figures"
    yield "verify", "done", "--worlds", f"{HUGE}"
    yield "enough", "done", "--measure", "agreed", "--at-most", "1e-300"
    yield "enough", "done", "--measure", "round", "--at-most", "1e-300"


def ask(*words):
    started = time.process_time()
    result = CliRunner().invoke(app, words)
    seconds = time.process_time() - started
    expected = result.exception is None or isinstance(result.exception, SystemExit)
    error = "" if expected else repr(result.exception)
    said = (result.stderr or result.stdout).strip().splitlines()
    wrote = Path("out").exists()
    last = said[-1] if said else ""
    print(json.dumps([words, result.exit_code, seconds, last, error, wrote]), flush=True)


def main():
    sim.negotiate()  # what plays is loaded
    write_inputs()
    ask("check", "small.toml")  # and what checks
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for words in (*commands(), *answered()):
        ask(*words)


if __name__ == "__main__":
    main()

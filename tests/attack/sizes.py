"""Absurd counts through every door: told in a sentence with the size, soon, and in little memory."""

import os
import random
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tally import Tally
from writers import Answer, environment, furnish, judged

KIND = "sizes"
MEMORY = 4 * 2**30  # bytes that a command may take
SOON = 60  # seconds in which it must answer
HUGE = 10**12


def doors() -> dict[str, tuple[dict[str, str], str]]:
    """What is tried by name: files, and what is typed (a command, or `python` and a line of it)."""
    experiment = 'name = "a"\nquestion = "q"\nscenario = "mini-ct"\nseed = 1\n'
    found: dict[str, tuple[dict[str, str], str]] = {}
    for called, tables in {
        "replications": f"replications = {HUGE}\n",
        "replications until": (
            f'replications = {{ until = "halfwidth", of = "agreed", at_most = 1e-12, first = {HUGE // 10}, '
            f"max = {HUGE} }}\n"
        ),
        "sweep by steps": "replications = 1\n[sweep]\n"
        '"governor.beta" = { from = 0.1, to = 1.0, steps = 1000000000 }\n',
        "sweep by three": "replications = 1\n[sweep]\n"
        + "".join(
            f'"{side}.{key}" = {{ from = 0.1, to = 1.0, steps = 100000 }}\n'
            for side in ("governor", "coalition")
            for key in ("beta", "first_concession")
        ),
        "sample": "replications = 1\n[sample]\n"
        'design = "latin_hypercube"\npoints = 1000000000\n[sample.over]\n'
        '"governor.beta" = { uniform = [0.1, 1.0] }\n',
        "Saltelli sample": "replications = 1\n[sample]\n"
        'design = "saltelli"\npoints = 1073741824\n[sample.over]\n'
        '"governor.beta" = { uniform = [0.1, 1.0] }\n"coalition.beta" = { uniform = [0.1, 1.0] }\n',
        "rounds": "replications = 4\n[set]\n" + '"calendar.rounds" = 1000000000\n',
    }.items():
        text = experiment + tables
        found[f"run, {called}"] = {"a.toml": text}, "run a.toml --out out --quiet --no-figures"
        found[f"check, {called}"] = {"a.toml": text}, "check a.toml"
    levels = "from = 0.0, to = 1.0, steps = 1000000000000000"
    from writers import ARMS, DEALS, FIT, PIE, TWO

    wide = PIE.replace("levels = [0, 1, 2]", f"levels = {{ {levels} }}")
    joint = PIE.split("[[issue]]")[0] + "".join(
        f'[[issue]]\nname = "i{n}"\ntitle = "I"\nunit = "u"\nlevels = {{ from = 0, to = 1, steps = 16 }}\n'
        f"governor = {{ from = 0, to = 0.1, steps = 16 }}\ncoalition = {{ from = 0.1, to = 0, steps = 16 }}\n"
        'source = "s"\n'
        for n in range(8)
    )
    joint += PIE[PIE.index("[governor]") :]
    for called, text in {"levels": wide, "packages": joint}.items():
        for typed in (
            "check big.toml",
            "solve big.toml",
            "kit big.toml",
            "export big.toml --to negmas --out d",
        ):
            found[f"{typed.split()[0]}, {called}"] = {"big.toml": text}, typed
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    found["import, aliases"] = {"d/domain.yml": bomb}, "import d --out game.toml"
    entities = '<!DOCTYPE x [<!ENTITY a0 "xxxxxxxxxx">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    found["import, entities"] = (
        {"d/domain.xml": f"{entities}]><x>&a11;</x>"},
        "import d --out game.toml",
    )
    rows = DEALS + "1,yes,4,1,1\n" * 300_000
    found["score, rows"] = {"big.csv": rows}, "score big.csv --scenario pie.toml --out score"
    digits = ARMS.replace("seed = 1", "seed = " + "9" * 5000)
    found["check, digits"] = {"a.toml": digits}, "check a.toml"
    found["tournament, replications"] = (
        {"t.toml": TWO.replace("replications = 4", f"replications = {HUGE}")},
        "tournament t.toml --out t",
    )
    found["calibrate, population"] = (
        {"f.toml": FIT.replace("population = 10", f"population = {HUGE}")},
        "calibrate f.toml --out f",
    )
    found["calibrate, draws"] = (
        {"f.toml": FIT.replace("draws = 4", f"draws = {HUGE}")},
        "calibrate f.toml --out f",
    )
    for typed in (
        f"run arms.toml --replications {HUGE} --out out --quiet",
        f"hypotheses --only H3 --replications {HUGE} --out h",
        f"episodes remembers.toml --worlds {HUGE} --out e.csv",
        f"case --worlds {HUGE}",
        f"run arms.toml --workers {HUGE} --out out --quiet --no-figures",
        f"run arms.toml --seed {10**400} --out out --quiet --no-figures",
        f"run arms.toml --set calendar.rounds={HUGE} --out out --quiet --no-figures",
        f"solve pie.toml --set calendar.rounds={HUGE} --out s",
    ):
        found[typed if len(typed) < 90 else typed[:80]] = {}, typed
    for line in (
        f"sim.negotiate('mini-ct', {HUGE})",
        f"sim.negotiate('mini-ct', worlds={10**30})",
        f"sim.BargainingModel('mini-ct', {HUGE})",
        f"sim.negotiate('mini-ct', 4, set={{'calendar.rounds': {HUGE}}})",
        f"sim.play_episodes(['remembers.toml'], {HUGE})",
        "sim.load_results('out').replay(0, 0, 10**12)",
        f"sim.run_experiment('arms.toml', 'o', overrides={{'replications': {HUGE}}})",
    ):
        found[line] = {}, f"python {line}"
    return found


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """Every door once, at most so many, two processes at a time."""
    known = doors()
    names = chance.sample(sorted(known), min(tries, len(known)))
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as two:
        places = [Path(scratch) / str(n) for n in range(len(names))]
        for name, answer in zip(
            names, two.map(_one, places, (known[name] for name in names)), strict=True
        ):
            tally.add(KIND, name, answer.told, answer.wrong)


def _one(place: Path, asked: tuple[dict[str, str], str]) -> Answer:
    files, typed = asked
    place.mkdir()
    furnish(place)
    for name, text in files.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text, "utf-8")
    if "load_results" in typed:
        _run(["-m", "sim", *shlex.split("run arms.toml --out out --quiet --no-figures")], place)
    if typed.startswith("python "):
        return _run(["-c", _LINE.format(line=typed.removeprefix("python "))], place)
    return _run(["-m", "sim", *shlex.split(typed)], place)


_LINE = """
import sim, sys
if __name__ == "__main__":
    try:
        {line}
    except (sim.InputError, sim.RunError) as error:
        sys.exit(f"error: {{error}}")
"""


def _run(words: list[str], place: Path) -> Answer:
    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    process_ = subprocess.Popen(
        [sys.executable, *words],
        cwd=place,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=limited if os.name == "posix" else None,
    )
    try:
        said = process_.communicate(timeout=SOON)[0]
    except subprocess.TimeoutExpired:
        process_.kill()
        process_.communicate()
        return Answer(1, "", f"no answer in {SOON} seconds")
    return judged(process_.returncode, said.decode("utf-8", "replace"))

"""What a scenario takes is counted before it is played: never too little memory, and at once."""

import time
import tracemalloc
from pathlib import Path

import pytest

from sim.cases.loading import load_scenario, parse_scenario, shipped_scenarios, with_values
from sim.inputs import machine
from sim.inputs.machine import LargeRequest, free_disk, free_memory, hold_disk, hold_memory
from sim.inputs.parameter import expand
from sim.inputs.problems import InputError, RunError
from sim.inputs.sizes import in_bytes, in_number, in_time
from sim.interop.exchange import export_scenario
from sim.play.episodes import play_episodes
from sim.play.fit import worlds_beside
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.preferences.agenda import Agenda
from sim.teaching.kit.contents import make_kit
from sim.worlds import size
from sim.worlds.size import (
    FEW,
    MANY,
    kept_of,
    memory_of,
    packages_of,
    seconds_of,
    tables_by_world,
    worlds_at_once,
)
from sim.worlds.solution import solve

AT_ONCE = 0.5  # seconds in which a request is refused


def large(issues, levels):
    """Give a textbook game of many packages."""
    rising = [float(level) for level in range(levels)]
    told = dict.fromkeys(("title", "description", "source"), "a game of many packages")
    linear = {"beta": 1.0}
    return parse_scenario(
        {
            "name": "large",
            **told,
            "utility": "points",
            "batna": [0.5, 0.5],
            "calendar": {"rounds": 11},
            "issue": [
                {"name": f"issue_{i}", "title": "One", "unit": "none", "levels": rising}
                | {"governor": rising, "coalition": rising[::-1]}
                for i in range(issues)
            ],
            "governor": linear,
            "coalition": linear,
        },
        "large",
    )


# ---------------------------------------------------------------------------- what is counted


@pytest.mark.parametrize("name", shipped_scenarios())
def test_packages_are_counted_without_laying_them_out(name):
    scenario = load_scenario(name)
    laid_out = len(Agenda.of(scenario))
    assert packages_of(scenario) >= laid_out
    if not scenario.agenda.excludes:
        assert packages_of(scenario) == laid_out


PLAYED = [
    ("sebac-2011", {}, 1),
    ("sebac-2011", {}, 4096),
    ("mini-ct", {}, 4096),
    ("split-the-pie", {"calendar.rounds": 53}, 127),
    ("connecticut-2011", {"ground_rules.on": False}, 127),
    ("sebac-2011", {"calendar.rounds": 211}, 127),
    ("sebac-2011", {"talks.selection": "learned"}, 2048),
    ("sebac-2011", {"talks.selection": "logit"}, 2048),
    ("sebac-2011", {"members.strata": 1009}, 1),
    ("connecticut-2011", {"ground_rules.on": False, "coalition.aggregation": "median"}, 31),
    ("connecticut-2011", {"ground_rules.on": False, "coalition.aggregation": "pivot"}, 31),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "values", "worlds"), PLAYED)
def test_a_model_takes_no_more_memory_than_is_counted_and_not_much_less(name, values, worlds):
    scenario = with_values(load_scenario(name), values)
    play(BargainingModel(scenario, 1, rng=1))  # what is made once is there
    tracemalloc.start()
    outcome = Outcome([play(BargainingModel(scenario, worlds, rng=1))])
    _, playing = tracemalloc.get_traced_memory()
    outcome.frame()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    a_little = 1e6
    assert playing < memory_of(scenario, worlds) + a_little
    assert kept < kept_of(scenario, worlds) + a_little
    assert memory_of(scenario, worlds) < 4 * playing + a_little


def test_worlds_that_are_played_together_are_as_many_as_they_were():
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        assert worlds_at_once(scenario) == MANY
        if scenario.has_ballot:
            ahead = with_values(scenario, {"governor.anticipates_ratification": 1.0})
            assert not tables_by_world(ahead)
            ahead = with_values(scenario, {"coalition.anticipates_ratification": 1.0})
            assert (tables_by_world(ahead), worlds_at_once(ahead)) == (True, FEW)


def test_worlds_of_very_long_talks_are_fewer_at_once():
    scenario = with_values(load_scenario("sebac-2011"), {"calendar.rounds": 100_000})
    assert 1 < worlds_at_once(scenario) < MANY
    assert memory_of(scenario, worlds_at_once(scenario)) < 1.1 * size.ROOM


def test_more_of_anything_takes_more():
    sebac = load_scenario("sebac-2011")
    longer = with_values(sebac, {"calendar.rounds": 500})
    for counted in (memory_of, kept_of, seconds_of):
        assert counted(sebac, 2000) > counted(sebac, 1000) > 0
        assert counted(longer, 1000) > counted(sebac, 1000)


# --------------------------------------------------------------------- what does not fit is refused


TOO_LARGE = {
    "negotiate": lambda: negotiate(worlds=10**12),
    "negotiate, almost 2^63": lambda: negotiate(worlds=2**63 - 1),
    "negotiate, of many packages": lambda: negotiate(large(12, 10)),
    "negotiate, of more packages than atoms": lambda: negotiate(large(60, 50)),
    "a model": lambda: BargainingModel(worlds=10**12),
    "a model, of many packages": lambda: BargainingModel(large(12, 10)),
    "episodes": lambda: play_episodes(["connecticut-2011"] * 2, 10**12),
    "worlds beside the record": lambda: worlds_beside(worlds=10**12),
    "solve": lambda: solve(large(12, 10)),
    "solve, with a ballot": lambda: solve(many_levels()),
    "a kit": lambda: make_kit(large(12, 10)),
    "packages": lambda: Agenda.of(large(12, 10)).packages,
    "worlds tried out in thought": lambda: negotiate(
        "connecticut-2011",
        set={"calendar.rounds": 100_000, "ground_rules.pilot_worlds": 100_000},
    ),
}


def many_levels():
    """Give a scenario with a ballot and more packages than go into any memory."""
    document = load_scenario("sebac-2011").model_dump(mode="json", exclude_unset=True)
    for issue in document["issue"]:
        highest = issue["levels"][-1]
        issue["levels"] = [highest * step / 400 for step in range(401)]
        issue.pop("labels", None)
    return parse_scenario(document, "many")


@pytest.mark.parametrize("asked", TOO_LARGE)
def test_what_would_not_go_into_memory_is_refused_at_once_with_its_size_and_what_to_do(asked):
    started = time.process_time()
    with pytest.raises(InputError) as refused:
        TOO_LARGE[asked]()
    assert time.process_time() - started < AT_ONCE
    said = str(refused.value)
    assert "\n" not in said
    assert "of memory, and " in said and "are free; " in said
    assert said.endswith(("ask for fewer", "levels out", "on disk", "play fewer worlds at once"))


def test_what_is_written_without_being_laid_out_is_not_refused(tmp_path):
    export_scenario(large(12, 10), "negmas", tmp_path / "there")


def test_a_range_of_too_many_steps_is_refused_before_it_is_written_out():
    document = load_scenario("split-the-pie").model_dump(mode="json", exclude_unset=True)
    for steps, said in ((10**9, "1,000,000,000 steps"), (10**15, "1,000,000,000,000,000 steps")):
        document["issue"][0]["levels"] = {"from": 0, "to": 1, "steps": steps}
        with pytest.raises(InputError, match=f"{said}: a range has 100,000 at the most"):
            parse_scenario(document, "a range")
    document["issue"][0]["levels"] = {"from": 0, "to": 10**400, "steps": 3}
    with pytest.raises(InputError, match="from and to are finite numbers"):
        parse_scenario(document, "a range")
    document["issue"][0]["levels"] = {"from": -1.7e308, "to": 1.7e308, "steps": 3}
    with pytest.raises(InputError, match=r"issue\.pie\.levels|issue"):
        parse_scenario(document, "a range")


@pytest.mark.parametrize("low", [-(2**63) - 1, -(10**30), 2**64])
def test_a_range_may_begin_with_a_whole_number_that_no_machine_word_holds(low):
    first, *_ = expand({"from": low, "to": 10, "steps": 11})
    assert first == float(low)


# ---------------------------------------------------------------------- what the machine has


def test_memory_is_held_against_what_is_free(monkeypatch):
    monkeypatch.setattr(machine, "free_memory", lambda: 10**9)
    hold_memory(0.99e9, "a", "b")
    with pytest.raises(
        InputError, match=r"^a: takes about 1\.1 GB of memory, and 1\.0 GB are free; b$"
    ):
        hold_memory(1.1e9, "a", "b")


def test_disk_is_held_against_what_is_free(tmp_path, monkeypatch):
    there = tmp_path / "not" / "yet"
    assert 0 < free_disk(there) == pytest.approx(free_disk(tmp_path), rel=0.1)
    hold_disk(1.0, there, "a", "b")
    with pytest.raises(
        RunError, match=r"^a: takes more than 1,000 PB on disk, and .* are free in .*; b$"
    ):
        hold_disk(1e20, there, "a", "b")


@pytest.mark.parametrize(
    ("membership", "files"),
    [
        (
            "0::/a/b\n",
            {
                "a/b/memory.max": "max\n",
                "a/memory.max": "3000000000\n",
                "a/memory.current": "2500000000\n",
                "a/memory.stat": "anon 5\ninactive_file 300000000\n",
            },
        ),
        (
            "5:cpu:/\n4:memory:/a\n",
            {
                "memory/a/memory.limit_in_bytes": "3000000000\n",
                "memory/a/memory.usage_in_bytes": "2500000000\n",
                "memory/a/memory.stat": "total_inactive_file 300000000\n",
            },
        ),
    ],
)
def test_a_container_that_allows_less_counts(tmp_path, monkeypatch, membership, files):
    groups, told = tmp_path / "groups", tmp_path / "cgroup"
    told.write_text(membership)
    for name, text in files.items():
        (groups / name).parent.mkdir(parents=True, exist_ok=True)
        (groups / name).write_text(text)
    monkeypatch.setattr(machine, "CONTROL_GROUPS", groups)
    monkeypatch.setattr(machine, "MEMBERSHIP", told)
    assert free_memory() <= 800_000_000
    monkeypatch.setattr(machine, "MEMBERSHIP", Path("/there/is/none"))
    assert free_memory() >= 0


def test_what_takes_long_is_told_and_what_takes_years_refused():
    sebac = load_scenario("sebac-2011")
    with pytest.warns(LargeRequest, match=r"^it: takes about 2\.0 h and 3\.0 GB on disk$"):
        machine.tell_if_large("it", 7200.0, 3e9)
    with pytest.raises(InputError, match="^it: takes about 32 years; ask for fewer$"):
        machine.hold_time(1e9, "it", "ask for fewer")
    assert seconds_of(sebac, 1000) < machine.LONG


def test_sizes_are_said_in_words():
    assert [in_bytes(size) for size in (2e6, 3.5e8, 1.2e9, 4.2e10, 7e12, 1e30)] == [
        "2 MB",
        "350 MB",
        "1.2 GB",
        "42 GB",
        "7.0 TB",
        "more than 1,000 PB",
    ]
    assert [in_time(seconds) for seconds in (0.2, 60, 600, 7200, 3e5, 1e9)] == [
        "1 s",
        "60 s",
        "10 min",
        "2.0 h",
        "3 days",
        "32 years",
    ]
    assert [in_number(n) for n in (12_000, 10**17, 10**30, 10**5000)] == [
        "12,000",
        "100,000,000,000,000,000",
        "about 10^30",
        "about 10^5000",
    ]

"""A results folder that is half made, damaged, or begun by other code is mended or refused in a sentence."""

import json
import shutil

import pytest

from sim.experiments.running import folder as folder_module
from sim.experiments.running.files import checksum, encoded, write_whole
from sim.experiments.running.results import Results, load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.inputs.problems import InputError, RunError

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 7
seed = 11
sweep = { "threat.layoffs" = [0, 12000] }
"""
UNTIL = '{ until = "halfwidth", of = "ratified", at_most = 0.5, first = 7, max = 14 }'


@pytest.fixture
def small(tmp_path):
    """The file of the run `once`."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A finished run that is not to be touched."""
    folder = tmp_path_factory.mktemp("once")
    (folder / "small.toml").write_text(SMALL, "utf-8")
    return run_experiment(folder / "small.toml", folder / "out").folder


@pytest.fixture(scope="module")
def once_until(tmp_path_factory):
    """Another, of replications until an interval is narrow enough."""
    folder = tmp_path_factory.mktemp("until")
    text = SMALL.replace("replications = 7", f"replications = {UNTIL}")
    (folder / "small.toml").write_text(text, "utf-8")
    return run_experiment(folder / "small.toml", folder / "out").folder


@pytest.fixture
def ran(once, tmp_path):
    """A copy of it, in the folder `out`."""
    return load_results(shutil.copytree(once, tmp_path / "out"))


def contents(folder):
    return {
        p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last", "restart"), [(0, False), (1, False), (2, False), (3, False), (2, True)]
)
def test_a_folder_that_was_half_made_is_made_whole(
    small, once, tmp_path, monkeypatch, last, restart
):
    written = []

    def full(path, content, write=write_whole):
        if len(written) == last:
            path.with_name(path.name + ".tmp").write_bytes(content[:5])  # as after a power cut
            raise OSError(28, "No space left on device")
        written.append(path.name)
        write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(folder_module, "write_whole", full)
        with pytest.raises(RunError, match="No space left on device"):
            run_experiment(small, tmp_path / "out")
    assert written == ["points.parquet", "scenario.toml", "experiment.toml"][:last]
    found = run_experiment(small, tmp_path / "out", restart=restart)
    assert found.manifest["sha256"] == load_results(once).manifest["sha256"]
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_restart_that_broke_off_can_be_repeated_or_carried_on(small, ran, monkeypatch):
    before = contents(ran.folder)

    def stopped(entry):
        raise KeyboardInterrupt

    for restart in (True, False):
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "rmtree", stopped)
            with pytest.raises(KeyboardInterrupt):
                run_experiment(small, ran.folder, restart=True)
        assert (ran.folder / "experiment.toml").exists()
        run_experiment(small, ran.folder, restart=restart)
        assert contents(ran.folder) == before


def test_a_folder_of_ones_own_with_our_names_and_others_is_left_alone(small, tmp_path):
    (tmp_path / "mine" / "worlds").mkdir(parents=True)
    (tmp_path / "mine" / "worlds" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds something else than results"):
        run_experiment(small, tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").rglob("*")] == ["worlds", "thesis.txt"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": "0.0.9"}, "its code is version 0.0.9"),
        ({"code": "f" * 64}, "code ffffffffff"),
        ({"packages": {"numpy": "2.0.0"}}, "its mesa is unknown"),
        ({"processor": "arm64 SVE"}, "its processor is arm64 SVE"),
    ],
)
def test_what_other_code_began_is_not_carried_on_unless_restarted(small, ran, change, words):
    birth = ran.folder / "birth.json"
    birth.write_text(json.dumps(json.loads(birth.read_text()) | change))
    (ran.folder / "manifest.json").unlink()
    before = contents(ran.folder)
    with pytest.raises(InputError, match=words) as told:
        run_experiment(small, ran.folder)
    assert "--restart" in str(told.value)
    assert contents(ran.folder) == before
    run_experiment(small, ran.folder, restart=True)
    assert not verify(load_results(ran.folder), worlds=2).problems


def test_a_folder_that_does_not_say_what_played_it_is_not_carried_on(small, ran):
    (ran.folder / "birth.json").unlink()
    with pytest.raises(InputError, match="birth.json is missing"):
        run_experiment(small, ran.folder)
    (ran.folder / "birth.json").write_text("{")
    with pytest.raises(InputError, match="birth.json: is damaged"):
        run_experiment(small, ran.folder)
    found = verify(load_results(ran.folder), worlds=0)
    assert "birth.json: is damaged" in found.problems[0]
    assert "--restart" in found.remedy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("experiment.toml", b"[1, 2"),
        ("scenario.toml", b"\x00garbage\xff"),
        ("points.parquet", None),
        ("summary.csv", b"\x00garbage\xff"),
        ("summary.csv", None),
        ("replications.csv", b"[1, 2"),
        ("failures.jsonl", None),
        ("failures.jsonl", b""),
    ],
)
def test_a_damaged_file_is_found_told_and_mended(small, once_until, tmp_path, name, harm):
    small.write_text(SMALL.replace("replications = 7", f"replications = {UNTIL}"))
    results = load_results(shutil.copytree(once_until, tmp_path / "out"))
    before = contents(results.folder)
    path = results.folder / name
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(harm)
    found = verify(load_results(results.folder), worlds=2)
    if contents(results.folder) == before:  # an empty file of failures is a whole one
        assert (name, harm, found.problems) == ("failures.jsonl", b"", ())
        return
    assert [str(path) in problem for problem in found.problems] == [True]
    assert str(results.folder) in found.remedy
    readable = name not in ("experiment.toml", "scenario.toml", "points.parquet")
    run_experiment(results.folder if readable else small, results.folder)
    assert contents(results.folder) == before
    assert not verify(load_results(results.folder), worlds=2).problems


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("manifest.json", "manifest"),
        ("experiment.toml", "experiment"),
        ("points.parquet", "points"),
        ("summary.csv", "summary"),
        ("failures.jsonl", "failures"),
    ],
)
@pytest.mark.parametrize(
    ("harm", "known"),
    [
        (b"{}", True),
        *((harm, False) for harm in (b"", b"{}", b"[3]", b"point\n1", b"PAR1\xff", None)),
    ],
)
def test_reading_a_damaged_file_is_a_sentence(ran, name, read, harm, known):
    if not known and name != "manifest.json":  # as in a folder whose manifest has no sums of these
        manifest = ran.manifest
        manifest["sha256"].pop(name)
        (ran.folder / "manifest.json").write_text(json.dumps(manifest))
    before = (ran.folder / name).read_bytes()
    if harm is None:
        (ran.folder / name).unlink()
    else:
        (ran.folder / name).write_bytes(harm)
    if before == harm:
        return
    with pytest.raises(InputError) as told:
        getattr(Results(ran.folder), read)
    for problem in told.value.problems:
        assert problem.startswith(str(ran.folder / name))


def test_reading_a_damaged_part_is_a_sentence(ran):
    (part,) = ran.part_files()
    part.write_bytes(b"PAR1")
    with pytest.raises(InputError, match="part-000000.parquet: is damaged"):
        load_results(ran.folder).worlds  # noqa: B018


def test_a_world_that_does_not_play_the_same_is_told_and_so_is_other_code(ran):
    (part,) = ran.part_files()
    part.write_bytes(encoded(ran.worlds.assign(savings=1.0)))
    manifest = ran.manifest
    manifest["sha256"]["worlds/part-000000.parquet"] = checksum(part)
    (ran.folder / "manifest.json").write_text(json.dumps(manifest))
    found = verify(load_results(ran.folder), worlds=1)
    assert "savings is 1.0 in the results" in found.problems[-1]
    assert "--restart" in found.remedy
    (ran.folder / "manifest.json").write_text(json.dumps(manifest | {"code": "f" * 64}))
    found = verify(load_results(ran.folder), worlds=1)
    assert "was played by something else" in found.problems[-1]

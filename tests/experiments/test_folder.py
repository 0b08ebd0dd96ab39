"""A results folder that is half made, damaged, or begun by other code is mended or refused in a sentence."""

import json
import shutil

import pytest

from sim.experiments.running.files import encoded, sealed
from sim.experiments.running.results import Results, load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.inputs.problems import InputError, RunError
from sim.outputs.files import UNFINISHED, checksum, remove_known, write_together
from sim.show.figures.draw import draw

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 7
seed = 11
sweep = { "threat.layoffs" = [0, 12000] }
"""
UNTIL = '{ until = "halfwidth", of = "ratified", at_most = 0.5, first = 7, max = 14 }'

pytestmark = pytest.mark.filterwarnings("ignore::sim.outputs.files.MovedAside")


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
    """The files of a run but its manifest, which holds the date; without what was moved aside."""
    return {
        p: p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != "manifest.json" and "set_aside" not in p.parts
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last", "restart"), [(0, False), (1, False), (2, False), (3, False), (4, False), (2, True)]
)
def test_a_folder_that_was_half_made_is_made_whole(
    small, once, tmp_path, monkeypatch, last, restart
):
    written = []

    def full(contents, *rest, write=write_together):
        if len(written) == last:
            for path, content in contents.items():  # as after a power cut
                path.with_name(path.name + UNFINISHED).write_bytes(content[:5])
            raise OSError(28, "No space left on device")
        written.extend(path.name for path in contents)
        write(contents, *rest)

    with monkeypatch.context() as patched:
        patched.setattr("sim.outputs.files.write_together", full)
        with pytest.raises(RunError, match="No space left on device"):
            run_experiment(small, tmp_path / "out")
    made = ["birth.json", "points.parquet", "scenario.toml", "experiment.toml"]
    assert written == made[:last]
    found = run_experiment(small, tmp_path / "out", restart=restart)
    assert found.manifest["sha256"] == load_results(once).manifest["sha256"]
    assert not list(tmp_path.rglob(f"*{UNFINISHED}"))
    assert not (tmp_path / "out" / "set_aside").exists()


@pytest.mark.parametrize("removed", [0, 1, 3, 5, 9, 10])
@pytest.mark.parametrize("restart", [True, False])
def test_a_restart_that_broke_off_can_be_repeated_or_carried_on(
    small, ran, monkeypatch, removed, restart
):
    (ran.folder / "notes.md").write_text("my own")
    before, gone = contents(ran.folder), []

    def stopped(path, *rest, remove=remove_known):
        if len(gone) == removed:
            raise KeyboardInterrupt
        gone.append(path)
        remove(path, *rest)

    with monkeypatch.context() as patched:
        patched.setattr("sim.experiments.running.belongings.remove_known", stopped)
        with pytest.raises(KeyboardInterrupt):
            run_experiment(small, ran.folder, restart=True)
    assert removed == 0 or gone[0].name == "manifest.json"
    run_experiment(small, ran.folder, restart=restart)
    assert not (ran.folder / "set_aside").exists()
    after = contents(ran.folder)
    before.pop(ran.folder / "journal.jsonl")  # a part that was played twice has two lines
    assert {path: after[path] for path in before} == before


def test_a_restart_removes_the_run_and_nothing_else(small, ran):
    mine = ["notes.md", "data/survey.csv", "worlds/thesis.txt", "figures/mine.png", "x.tmp"]
    for name in mine:
        (ran.folder / name).parent.mkdir(exist_ok=True)
        (ran.folder / name).write_text("years of work")
    (ran.folder / "summary.csv").write_text("point,n\n0,7\n")  # edited, so no longer ours
    found = run_experiment(small, ran.folder, restart=True)
    assert {(ran.folder / name).read_text() for name in mine} == {"years of work"}
    assert (ran.folder / "set_aside" / "summary.csv").read_text() == "point,n\n0,7\n"
    assert found.summary["n"].tolist() == [7, 7]
    run_experiment(small, ran.folder, restart=True)
    assert not (ran.folder / "set_aside" / "summary.csv.2").exists()


@pytest.mark.parametrize(
    "name", ["journal.jsonl", "worlds", "figures", "summary.csv", "birth.json"]
)
@pytest.mark.parametrize("restart", [True, False])
def test_something_else_in_the_place_of_a_file_or_folder_is_moved_aside(small, ran, name, restart):
    shutil.move(ran.folder / name, ran.folder.parent / "was") if (
        ran.folder / name
    ).exists() else None
    if name in ("worlds", "figures"):
        (ran.folder / name).write_text("mine")
    else:
        (ran.folder / name).mkdir()
        (ran.folder / name / "thesis.txt").write_text("mine")
    found = run_experiment(small, ran.folder, restart=restart)
    draw(found)
    aside = ran.folder / "set_aside" / name
    assert (aside if aside.is_file() else aside / "thesis.txt").read_text() == "mine"
    assert not verify(load_results(ran.folder), worlds=2).problems


@pytest.mark.parametrize("at", [9, 40, -30])
def test_a_byte_of_the_journal_costs_its_part_and_is_not_thrown_away(small, ran, at):
    journal = ran.folder / "journal.jsonl"
    harmed = bytearray(journal.read_bytes())
    harmed[at] ^= 1
    for restart in (False, True):
        journal.write_bytes(harmed)
        played = []
        run_experiment(small, ran.folder, restart=restart, progress=played.append)
        assert sum(played) == 14
    assert (ran.folder / "set_aside" / "journal.jsonl").read_bytes() == bytes(harmed)


@pytest.mark.parametrize("restart", [True, False])
def test_a_folder_is_not_ours_for_its_names(tmp_path, restart):
    study = tmp_path / "study"
    study.mkdir()
    (study / "experiment.toml").write_text(SMALL)
    with pytest.raises(InputError, match="holds the experiment file itself"):
        run_experiment(study / "experiment.toml", study, restart=restart)
    (tmp_path / "small.toml").write_text(SMALL)
    for name in ("experiment.toml", "summary.csv", "points.parquet", "birth.json", "journal.jsonl"):
        folder = tmp_path / f"of {name}"
        folder.mkdir()
        (folder / name).write_text("mine")
        with pytest.raises(InputError, match="holds something else than results"):
            run_experiment(tmp_path / "small.toml", folder, restart=restart)
        assert [(p.name, p.read_text()) for p in folder.iterdir()] == [(name, "mine")]


def test_a_document_that_names_files_elsewhere_has_none_of_them_removed(small, ran, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for name in ("../thesis.txt", "worlds/../../thesis.txt", str(tmp_path / "thesis.txt")):
        for file in ("birth.json", "manifest.json"):
            document = json.loads((ran.folder / file).read_bytes())
            document["sha256"][name] = checksum(tmp_path / "thesis.txt")
            (ran.folder / file).write_text(json.dumps(sealed(document)))
        record = {"written": {name: [checksum(tmp_path / "thesis.txt")]}}
        (ran.folder / "figures").mkdir(exist_ok=True)
        (ran.folder / "figures" / ".bargain.json").write_text(json.dumps(record))
        run_experiment(small, ran.folder, restart=True)
        assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_run_whose_parts_lie_on_another_disk_is_restarted(small, ran, tmp_path):
    before = contents(ran.folder)
    shutil.move(ran.folder / "worlds", tmp_path / "elsewhere")
    (ran.folder / "worlds").symlink_to(tmp_path / "elsewhere")
    run_experiment(small, ran.folder, restart=True)
    (ran.folder / "worlds").unlink()
    shutil.move(tmp_path / "elsewhere", ran.folder / "worlds")
    assert contents(ran.folder) == before


def test_a_restart_that_cannot_remove_says_what_is_gone(small, ran, monkeypatch):
    def refused(path, *rest, remove=remove_known):
        if path.name == "summary.csv":
            raise PermissionError(13, "Permission denied")
        remove(path, *rest)

    monkeypatch.setattr("sim.experiments.running.belongings.remove_known", refused)
    with pytest.raises(RunError, match=r"of the old run, 1 of \d+ files are gone") as told:
        run_experiment(small, ran.folder, restart=True)
    assert "what is done is kept" not in str(told.value)


@pytest.mark.parametrize("byte", [0, 30, 200, -3])
def test_a_damaged_byte_in_birth_json_is_mended_from_the_manifest(small, ran, byte):
    before = contents(ran.folder)
    birth = ran.folder / "birth.json"
    harmed = bytearray(birth.read_bytes())
    harmed[byte] ^= 1
    birth.write_bytes(harmed)
    played = []
    run_experiment(small, ran.folder, progress=played.append)
    after = contents(ran.folder)
    assert {path: after[path] for path in before} == before
    assert not played


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
    birth.write_text(json.dumps(sealed(json.loads(birth.read_text()) | change)))
    (ran.folder / "manifest.json").unlink()
    before = contents(ran.folder)
    with pytest.raises(InputError, match=words) as told:
        run_experiment(small, ran.folder)
    assert "--restart" in str(told.value)
    assert contents(ran.folder) == before
    run_experiment(small, ran.folder, restart=True)
    assert not verify(load_results(ran.folder), worlds=2).problems


def test_a_folder_that_does_not_say_what_played_it_is_not_carried_on(small, ran):
    manifest = (ran.folder / "manifest.json").read_bytes()
    (ran.folder / "manifest.json").unlink()
    (ran.folder / "birth.json").unlink()
    with pytest.raises(InputError, match="birth.json is missing"):
        run_experiment(small, ran.folder)
    (ran.folder / "birth.json").write_text("{")
    with pytest.raises(InputError, match="birth.json: is damaged"):
        run_experiment(small, ran.folder)
    (ran.folder / "manifest.json").write_bytes(manifest)
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

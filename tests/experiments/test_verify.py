"""Reads are as strict as writes: what is missing, damaged, extra or edited is refused, named or found."""

import copy
import hashlib
import json
import pickle
import shutil
import warnings

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.running.files import SEAL, encoded, sealed
from sim.experiments.running.parts import KEPT_OF_A_POINT
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.inputs.problems import InputError
from sim.outputs.files import as_json

COPIES = ["part-000003 (1).parquet", "part-000099.parquet", "part-000001.parquet.bak"]


@pytest.fixture
def ran(in_parts, tmp_path):
    """A copy of a run in six parts, one a design point."""
    return load_results(shutil.copytree(in_parts.folder, tmp_path / "out"))


@pytest.fixture(scope="module")
def until(run_small):
    """A run until an interval is narrow enough."""
    rule = {"until": "halfwidth", "of": "ratified", "at_most": 0.3, "first": 3, "max": 24}
    return run_small(replications=rule)


def rewrite(folder, change, seal=True):
    """Edit the manifest; sealed as by who knows how that is done."""
    path = folder / "manifest.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    if seal:
        document = sealed(document)
    path.write_bytes(as_json(document))


def forge(folder, name, content):
    """Change a file together with its checksums in manifest and journal."""
    old = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    new = hashlib.sha256(content).hexdigest()
    (folder / name).write_bytes(content)
    rewrite(folder, lambda manifest: manifest["sha256"].update({name: new}))
    journal = folder / "journal.jsonl"
    journal.write_text(journal.read_text("utf-8").replace(old, new), "utf-8")


def problems(folder, worlds=0):
    return verify(load_results(folder), worlds).problems


READS = {
    "worlds": lambda results: results.worlds,
    "parts": lambda results: list(results.parts()),
    "part_files": lambda results: results.part_files(),
}


@pytest.mark.parametrize("read", READS)
def test_a_flipped_byte_of_a_part_is_refused(ran, read):
    part = ran.folder / "worlds" / "part-000003.parquet"
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(InputError, match=r"part-000003.parquet: is damaged \(its checksum"):
        READS[read](load_results(ran.folder))


@pytest.mark.parametrize("read", READS)
def test_a_deleted_part_is_refused(ran, read):
    (ran.folder / "worlds" / "part-000003.parquet").unlink()
    with pytest.raises(InputError, match="part-000003.parquet: is missing"):
        READS[read](load_results(ran.folder))


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("name", COPIES)
def test_a_file_that_is_extra_is_named_and_none_of_its_rows_is_read(ran, in_parts, read, name):
    shutil.copy(ran.folder / "worlds" / "part-000003.parquet", ran.folder / "worlds" / name)
    with pytest.warns(UserWarning, match="left out") as told:
        found = READS[read](load_results(ran.folder))
    assert name in str(told[0].message)
    assert len(found) == len(READS[read](in_parts))


def test_each_file_is_held_against_its_checksum_once_and_again_by_who_opens_the_folder(ran):
    whole = len(ran.worlds)
    part = ran.folder / "worlds" / "part-000000.parquet"
    part.write_bytes(encoded(pd.read_parquet(part)) + b"")
    list(ran.parts())
    part.write_bytes(encoded(pd.read_parquet(part).assign(savings=-7.0)))
    assert len(ran.worlds) == whole
    with pytest.raises(InputError, match="is damaged"):
        load_results(ran.folder).worlds  # noqa: B018


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "11"},
        {"sha256": {"worlds/../../elsewhere.parquet": "0" * 64}},
        {"sha256": {"/etc/passwd": "0" * 64}},
        {"sha256": {"summary.csv": 7}},
        {"worlds": "many"},
        {"overrides": []},
    ],
)
def test_a_manifest_of_another_shape_is_refused(ran, change):
    rewrite(ran.folder, lambda manifest: manifest.update(change))
    with pytest.raises(InputError, match=r"manifest.json: is damaged"):
        load_results(ran.folder).worlds  # noqa: B018


def test_a_whole_folder_has_a_digest_that_the_same_inputs_give_again(ran, small, tmp_path):
    with warnings.catch_warnings(action="error"):
        found = verify(ran, worlds=3)
    assert (found.problems, found.also, found.remedy) == ((), (), "")
    assert found.digest == ran.digest
    one, other, third = (
        run_experiment(small, tmp_path / name, overrides={"seed": seed})
        for name, seed in (("one", 11), ("some where else", 11), ("third", 12))
    )
    assert one.manifest["date"]
    assert one.digest == other.digest == load_results(tmp_path / "one").digest
    assert len({one.digest, third.digest, "0" * 64}) == 3
    told = CliRunner().invoke(app, ["verify", str(one.folder), "--worlds", "2"])
    assert f"digest   {one.digest}" in told.output


def test_a_digest_does_not_hang_on_when_and_where_but_on_all_that_came_out(ran):
    digest = ran.digest
    rewrite(ran.folder, lambda manifest: manifest.update(date="2031-01-01", seconds=7.0))
    assert load_results(ran.folder).digest == digest
    for change in ({"code": "f" * 64}, {"version": "9.9.9"}):
        rewrite(ran.folder, lambda manifest, change=change: manifest.update(change))
        assert load_results(ran.folder).digest != digest


@pytest.mark.parametrize("folder", ["worlds", "moments", "sketches"])
@pytest.mark.parametrize("name", [*COPIES, "notes.txt"])
def test_verify_finds_an_extra_file_among_the_parts(ran, folder, name):
    (ran.folder / folder / name).write_bytes(b"PAR1")
    found = verify(ran, worlds=0)
    assert found.problems == (f"{ran.folder / folder / name}: is no part of this run",)
    assert "move" in found.remedy


def test_verify_names_what_else_lies_in_the_folder(ran):
    (ran.folder / "thesis.txt").write_text("years of work")
    (ran.folder / "summary (1).csv").write_text("")
    found = verify(ran, worlds=0)
    assert found.problems == ()
    assert found.also == tuple(
        f"{name}: also there, and not of this run" for name in ("summary (1).csv", "thesis.txt")
    )
    told = CliRunner().invoke(app, ["verify", str(ran.folder), "--worlds", "0"])
    assert "thesis.txt: also there" in told.output


def other(value):
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
        case dict():
            return {**dict(list(value.items())[1:]), "extra": 1}
        case _:
            return "something"


def test_verify_finds_an_edit_of_any_key_of_the_manifest(ran):
    whole = (ran.folder / "manifest.json").read_bytes()
    for key, value in ran.manifest.items():
        if key != "sha256":
            rewrite(ran.folder, lambda m, k=key, v=value: m.update({k: other(v)}), seal=False)
            assert problems(ran.folder), key
            rewrite(ran.folder, lambda m, k=key: m.pop(k), seal=False)
            if key not in ("name", "question", "seed"):  # without which it is refused
                assert problems(ran.folder), key
            (ran.folder / "manifest.json").write_bytes(whole)


BY_ITSELF = ("date", "seconds", "other_packages", "schema_version", SEAL)  # nothing else says these


def test_verify_finds_an_edit_that_was_sealed_wherever_the_folder_says_it_too(ran):
    whole = (ran.folder / "manifest.json").read_bytes()
    for key, value in ran.manifest.items():
        if key not in ("sha256", *BY_ITSELF):
            rewrite(ran.folder, lambda m, k=key, v=value: m.update({k: other(v)}))
            assert problems(ran.folder), key
            (ran.folder / "manifest.json").write_bytes(whole)
    rewrite(ran.folder, lambda m: m.update(overrides={"set": {"threat.bumping": 0.1}}))
    assert "overrides: set.threat.bumping is 0.1" in problems(ran.folder)[0]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_verify_advises_against_an_edited_manifest_and_summary_mends_them(
    ran, small, monkeypatch
):
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 7)
    digest = ran.digest
    rewrite(ran.folder, lambda m: m.update(seed=12))
    forge(ran.folder, "summary.csv", ran.summary.assign(savings=1.0).to_csv(index=False).encode())
    assert "take manifest.json out" in verify(load_results(ran.folder), worlds=0).remedy
    (ran.folder / "manifest.json").unlink()
    run_experiment(small, ran.folder)
    found = verify(load_results(ran.folder), worlds=2)
    assert (found.problems, found.digest) == ((), digest)


def struck(folder, where, deleted):
    """Take a part off the manifest, the journal too, or both and the folder."""
    parts = [f"{kind}/part-000005.parquet" for kind in ("worlds", "moments", "sketches")]
    rewrite(folder, lambda manifest: [manifest["sha256"].pop(name) for name in parts])
    rewrite(folder, lambda manifest: manifest.update(worlds=manifest["worlds"] - 7))
    if where == "the journal, too":
        lines = (folder / "journal.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / "journal.jsonl").write_text("".join(lines[:5]), "utf-8")
    if deleted:
        for name in parts:
            (folder / name).unlink()


@pytest.mark.parametrize("where", ["the manifest", "the journal, too"])
@pytest.mark.parametrize("deleted", [False, True])
def test_verify_finds_a_part_that_was_struck_off(ran, where, deleted):
    struck(ran.folder, where, deleted)
    found = " ".join(problems(ran.folder))
    if where == "the manifest":
        assert "does not list worlds/part-000005.parquet, which the journal has" in found
    assert "do not hold every replication of every point once (see point 5)" in found


def test_verify_finds_a_part_that_stands_in_for_another(ran):
    forge(
        ran.folder,
        "worlds/part-000002.parquet",
        (ran.folder / "worlds/part-000001.parquet").read_bytes(),
    )
    found = " ".join(problems(ran.folder))
    assert "moments/part-000002.parquet: is not what worlds/part-000002.parquet gives" in found
    assert "see point 1" in found


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("summary.csv", "savings", "summary.csv: is not what the moments and sketches give"),
        ("summary.csv", "ratified_low", "summary.csv: is not what the moments and sketches give"),
        ("moments/part-000001.parquet", "mean", "part-000001.parquet: is not what worlds/"),
        ("sketches/part-000001.parquet", "count", "part-000001.parquet: is not what worlds/"),
        ("worlds/part-000001.parquet", "savings", "part-000001.parquet: is not what worlds/"),
        ("points.parquet", "threat.layoffs", "does not hold the points of the experiment"),
    ],
)
def test_verify_finds_a_table_that_was_edited_together_with_its_checksums(ran, name, column, words):
    content = (ran.folder / name).read_bytes()
    if name.endswith(".csv"):
        table = ran.summary
        table.loc[2, column] += 1
        forge(ran.folder, name, table.to_csv(index=False).encode())
    else:
        table = pd.read_parquet(ran.folder / name)
        table.loc[0, column] += 1
        forge(ran.folder, name, encoded(table))
    assert (ran.folder / name).read_bytes() != content
    found = verify(load_results(ran.folder), worlds=0)
    assert any(words in problem for problem in found.problems)
    assert found.digest is None


def test_verify_finds_what_was_edited_of_failures_and_of_what_stopped_a_point(until, tmp_path):
    folder = shutil.copytree(until.folder, tmp_path / "out")
    assert verify(load_results(folder), worlds=2).problems == ()
    stopped = (folder / "replications.csv").read_text("utf-8")
    forge(folder, "replications.csv", stopped.replace("narrow enough", "at the maximum").encode())
    assert "replications.csv: is not what the worlds give" in " ".join(problems(folder))
    folder = shutil.copytree(until.folder, tmp_path / "other")
    line = json.dumps({"point": 0, "replication": 0, "error": "the sky fell"})
    forge(folder, "failures.jsonl", f"{line}\n".encode())
    assert "failures.jsonl: does not tell the failures" in " ".join(problems(folder))


def test_verify_finds_no_fault_in_a_run_with_failures_wherever_it_lies(
    small, tmp_path, monkeypatch, fail_where
):
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 7)
    fail_where({"threat.layoffs": 4742, "information.secrecy": 0.0})
    run_experiment(small, tmp_path / "out")
    moved = (tmp_path / "out").rename(tmp_path / "moved")
    assert problems(moved) == ()


@pytest.mark.parametrize("keep", ["sample", "summary"])
def test_verify_finds_no_fault_where_fewer_rows_are_kept(small, tmp_path, monkeypatch, keep):
    monkeypatch.setitem(KEPT_OF_A_POINT, keep, 3)
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_AT_ONCE", 2)
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 5)
    run_experiment(small, tmp_path / "out", overrides={"keep": keep})
    found = verify(load_results(tmp_path / "out"), worlds=2)
    assert found.problems == ()


def test_a_folder_written_before_still_reads_and_verifies_by_its_means(ran):
    old = ["schema_version", "name", "question", "scenario", "points", "worlds", "failures"]
    old += ["seed", "random_numbers", "seconds", "version", "sha256"]

    def as_before(manifest):
        for key in manifest.keys() - old:
            manifest.pop(key)
        manifest["schema_version"] = 1
        manifest["sha256"] = {k: v for k, v in manifest["sha256"].items() if "/" in k}

    rewrite(ran.folder, as_before, seal=False)
    (ran.folder / "birth.json").unlink()
    found = verify(load_results(ran.folder), worlds=2)
    assert found.problems == ()
    assert "counts and means were worked out again, and not bits" in found.also[-1]
    assert len(load_results(ran.folder).worlds) == 42
    summary = ran.summary
    summary.loc[2, "savings"] += 0.01
    (ran.folder / "summary.csv").write_text(summary.to_csv(index=False), "utf-8")
    assert "summary.csv: has other means than the moments give" in " ".join(problems(ran.folder))


def test_results_pickle_copy_and_say_what_they_are(ran):
    for again in (pickle.loads(pickle.dumps(ran)), copy.copy(ran), copy.deepcopy(ran)):
        assert again.digest == ran.digest
    assert repr(ran) == f"<Results in {ran.folder}: small, 6 points, 42 worlds>"
    (ran.folder / "manifest.json").write_text("[")
    assert "without a sound manifest" in repr(load_results(ran.folder))

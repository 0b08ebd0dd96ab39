"""Whatever a file holds, and whatever stands where one should be: it is read, or refused in sentences."""

import io
import os
import shutil
import socket
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cases.loading import load_scenario
from sim.cases.record import load_record
from sim.experiments.design.calibration import load_calibration
from sim.experiments.design.experiment import load_experiment
from sim.experiments.design.tournament import load_tournament
from sim.experiments.design.waiting import read_waiting
from sim.experiments.running.estimate import load_file
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.inputs.documents import DEEPEST, json_of, path_of, read_bytes, read_toml, text_of, toml_of
from sim.inputs.problems import InputError, RunError
from sim.interop import import_scenario
from sim.play.fit import worlds_beside
from sim.teaching.kit.contents import make_kit
from sim.teaching.kit.deals import columns, read_deals
from sim.teaching.kit.paper import Paper
from spoil import DIGITS, NESTED, spoiled

ROOT = Path(__file__).parents[2]
SCENARIOS, EXPERIMENTS = ROOT / "sim" / "cases" / "scenarios", ROOT / "experiments"
EXCHANGED = ROOT / "tests" / "interop" / "data"
POINTS = b"point,threat.layoffs,calendar.rounds\n0,2500,6\n1,7500,7\n2,100.5,8\n"
DRAWS = b"threat.layoffs,threat.bumping\n2500,0.1\n7500,0.2\n"
OF_POINTS = """name = "t"
question = "q"
scenario = "sebac-2011"
replications = 2
seed = 1
[table]
file = "{}"
"""
WAITING = b'[[waiting]]\nid = "H1"\nclaim = "c"\nsource = "s"\npredicted = "up"\nreason = "r"\n'
LONGEST_SENTENCE = 1300
FOREIGN = ("Traceback", "pydantic", "codec", "NoneType", "<class", "set_int_max_str_digits")


def of_points(path):
    experiment = path.with_name("of_points.toml")
    experiment.write_text(OF_POINTS.format(path.name), "utf-8")
    return load_experiment(experiment)


def as_parquet():
    sink = io.BytesIO()
    pd.read_csv(io.BytesIO(POINTS)).to_parquet(sink)
    return sink.getvalue()


@pytest.fixture(scope="session")
def class_game():
    """The game of a kit, and a table of deals of it."""
    kit = make_kit("sebac-2011")
    paper = next(each for each in vars(kit).values() if isinstance(each, Paper))
    rows = [columns(paper), ["1", "yes", "3", *["0"] * (len(columns(paper)) - 4), "no"]]
    return paper, "\n".join(",".join(row) for row in rows).encode()


DOORS = {
    "a scenario": ("s.toml", (SCENARIOS / "mini-ct.toml").read_bytes, load_scenario),
    "a full scenario": ("s.toml", (SCENARIOS / "connecticut-2011.toml").read_bytes, load_scenario),
    "an experiment": ("e.toml", (EXPERIMENTS / "layoff_threat.toml").read_bytes, load_experiment),
    "a sample": ("e.toml", (EXPERIMENTS / "uncertain_doors.toml").read_bytes, load_experiment),
    "any file": ("f.toml", (EXPERIMENTS / "deadline.toml").read_bytes, lambda p: load_file(str(p))),
    "a tournament": (
        "t.toml",
        (EXPERIMENTS / "tournaments" / "all_tactics.toml").read_bytes,
        load_tournament,
    ),
    "a calibration": (
        "c.toml",
        (EXPERIMENTS / "calibration" / "june_2011.toml").read_bytes,
        load_calibration,
    ),
    "a record": (
        "r.toml",
        next((ROOT / "sim" / "cases" / "record").glob("*.toml")).read_bytes,
        load_record,
    ),
    "hypotheses that wait": ("waiting.toml", lambda: WAITING, lambda p: read_waiting(p.parent)),
    "points": ("points.csv", lambda: POINTS, of_points),
    "points as Parquet": ("points.parquet", as_parquet, of_points),
    "draws": ("d.csv", lambda: DRAWS, lambda p: worlds_beside("sebac-2011", worlds=1, draws=p)),
}
FOLDERS = {f"{p.parent.name}/{p.name}": p for p in sorted(EXCHANGED.glob("*/*"))}


def read_or_refused(read, path):
    """Read what stands at a path, or give the sentences of the refusal."""
    try:
        read(path)
    except InputError as error:
        assert error.problems
        told = error.problems
    except RunError as error:
        told = [str(error)]
    else:
        return []
    for sentence in told:
        assert sentence.strip()
        assert len(sentence.splitlines()) == 1
        assert len(sentence) < LONGEST_SENTENCE
        assert not any(word in sentence for word in FOREIGN), sentence
    return told


def spoil_and_read(folder, name, content, read, seed):
    _, bad = spoiled(content, Random(seed))
    path = folder / name
    path.write_bytes(bad)
    read_or_refused(read, path)


SEEDS = given(seed=st.integers(0, 2**32 - 1))
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
FEW = settings(max_examples=15, suppress_health_check=CHECKS)
MANY = settings(max_examples=300, suppress_health_check=CHECKS)


@pytest.mark.parametrize("door", DOORS)
def test_a_good_file_is_read(door, tmp_path):
    name, content, read = DOORS[door]
    (tmp_path / name).write_bytes(content())
    assert read_or_refused(read, tmp_path / name) == []


@pytest.mark.parametrize("door", DOORS)
@FEW
@SEEDS
def test_spoiled_bytes_are_read_or_refused(door, tmp_path, seed):
    name, content, read = DOORS[door]
    spoil_and_read(tmp_path, name, content(), read, seed)


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
@MANY
@SEEDS
def test_many_spoiled_bytes_are_read_or_refused(door, tmp_path, seed):
    name, content, read = DOORS[door]
    spoil_and_read(tmp_path, name, content(), read, seed)


@pytest.mark.slow
@MANY
@SEEDS
def test_spoiled_deals_of_a_class_are_read_or_refused(class_game, tmp_path, seed):
    paper, content = class_game
    spoil_and_read(tmp_path, "deals.csv", content, lambda p: read_deals(p, paper), seed)


@pytest.mark.parametrize("file", FOLDERS)
@FEW
@SEEDS
def test_spoiled_files_of_other_platforms_are_read_or_refused(file, tmp_path, seed):
    original = FOLDERS[file]
    folder = tmp_path / original.parent.name
    if not folder.exists():
        shutil.copytree(original.parent, folder)
    spoil_and_read(
        folder, original.name, original.read_bytes(), lambda p: import_scenario(folder), seed
    )


# ------------------------------------------------ each way that a file of text may be wrong, by name


def test_a_mark_of_utf_8_is_passed_over():
    assert toml_of(b"\xef\xbb\xbfa = 1") == {"a": 1}
    assert json_of(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('a = "é"'.encode("cp1252"), r"is not a text file in UTF-8 \(line 1\); save it as UTF-8"),
        (b"a = 1\nb = \x80", r"is not a text file in UTF-8 \(line 2\); save it as UTF-8"),
        ("a = 1".encode("utf-16"), "is not a text file in UTF-8"),
        (b"a = 1\n\0", "is not a text file: line 2 holds a NUL"),
        (b"a = " + DIGITS, "is not a TOML file: a whole number has too many digits"),
        (b"a = 0x" + b"f" * 5000, r"holds .*; a whole number must be smaller than 2\^63"),
        (b"a = 9223372036854775808", r"holds 9223372036854775808; a whole number must be"),
        (b"a = " + b"[" * NESTED, "is not a TOML file: it is nested too deep"),
        (b"[" + b"a." * (DEEPEST + 5) + b"a]", f"is nested deeper than {DEEPEST} tables or lists"),
        (b"a = ", "is not a TOML file: "),
    ],
)
def test_what_is_no_toml_is_said(content, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        toml_of(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (DIGITS, "is not JSON: a whole number has too many digits"),
        (b"[" * NESTED, "is not JSON: it is nested too deep"),
        (b"[" * 200 + b"]" * 200, f"is nested deeper than {DEEPEST} tables or lists"),
        (b"", "is not JSON: "),
    ],
)
def test_what_is_no_json_is_said(content, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        json_of(content)


def test_text_keeps_its_letters():
    assert text_of("é漢\r\n".encode()) == "é漢\r\n"


# --------------------------------------------------------- what may stand where a file should be


def test_what_is_no_file_is_not_read(tmp_path):
    folder, pipe, gone = tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"
    folder.mkdir()
    os.mkfifo(pipe)
    gone.symlink_to(tmp_path / "nothing")
    loop = tmp_path / "d.toml"
    loop.symlink_to(loop)
    device = tmp_path / "e.toml"
    device.symlink_to("/dev/zero")
    under = tmp_path / "f.toml"
    under.write_text("a = 1")
    told = {
        folder: f"{folder}: cannot be read (it is a folder, not a file)",
        pipe: f"{pipe}: cannot be read (it is a pipe, not a file)",
        gone: f"{gone}: is a link to nothing",
        loop: f"{loop}: cannot be read (Too many levels of symbolic links)",
        device: f"{device}: cannot be read (it is a device, not a file)",
        under / "g.toml": f"{under / 'g.toml'}: cannot be read (Not a directory)",
        tmp_path / "h.toml": f"{tmp_path / 'h.toml'}: there is no such file",
    }
    for path, sentence in told.items():
        with pytest.raises(InputError) as refused:
            read_toml(path)
        assert refused.value.problems == [sentence]


def test_a_socket_is_not_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        with pytest.raises(InputError, match=r"^s: cannot be read \(it is a socket, not a file\)$"):
            read_bytes("s")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = 1")
    path.chmod(0)
    with pytest.raises(InputError, match=r"a\.toml: cannot be read \(Permission denied\)$"):
        read_toml(path)


def test_a_file_larger_than_any_that_is_meant_is_refused_unread(tmp_path):
    path = tmp_path / "a.toml"
    with path.open("wb") as file:
        file.truncate(10**12)  # a hole; it takes no room
    with pytest.raises(
        InputError, match=r"a\.toml: cannot be read \(it has 1,000,000 MB, more than"
    ):
        read_toml(path)


@pytest.mark.parametrize("name", ["n" * 300, "n" * 300 + ".toml", "/".join(["n"] * 3000)])
@pytest.mark.parametrize("load", [load_scenario, load_experiment, load_tournament, load_record])
def test_a_name_that_the_system_does_not_allow_is_refused(name, load):
    (sentence,) = read_or_refused(load, name)
    assert "cannot be read" in sentence


@pytest.mark.parametrize("load", [load_scenario, load_experiment, load_tournament, load_record])
@pytest.mark.parametrize("name", ["x\0y.toml", "x\0y", "", "\ud800"])
def test_a_name_with_a_nul_or_without_letters_is_refused(name, load):
    (sentence,) = read_or_refused(load, name)
    assert "must be a path, of letters that a name can have" in sentence


@pytest.mark.parametrize(
    "text",
    [
        'scenario = "x\\u0000y.toml"',
        'scenario = "' + "n" * 300 + '.toml"',
        'scenario = "mini-ct"\n[table]\nfile = "x\\u0000.csv"',
        'scenario = "mini-ct"\n[table]\nfile = "' + "n" * 300 + '.csv"',
        'scenario = "mini-ct"\n[table]\nfile = "/dev/zero.csv"',
    ],
)
def test_a_path_inside_a_file_is_a_path_like_any(text, tmp_path):
    (tmp_path / "e.toml").write_text(
        f'name = "e"\nquestion = "q"\nreplications = 2\nseed = 1\n{text}', "utf-8"
    )
    (sentence,) = read_or_refused(load_experiment, tmp_path / "e.toml")
    assert sentence.startswith(str(tmp_path / "e.toml"))


def test_a_scenario_may_not_extend_what_is_no_path(tmp_path):
    (tmp_path / "s.toml").write_text('extends = "x\\u0000y.toml"', "utf-8")
    (sentence,) = read_or_refused(load_scenario, tmp_path / "s.toml")
    assert "s.toml: extends = " in sentence


@pytest.mark.parametrize("kind", ["experiment", "scenario"])
def test_a_name_that_no_file_could_bear_is_refused(kind, tmp_path):
    text = (
        OF_POINTS.split("[table]")[0] if kind == "experiment" else 'extends = "mini-ct"\nname = "t"'
    )
    path = tmp_path / "long.toml"
    path.write_text(text.replace('name = "t"', f'name = "{"t" * 300}"'), "utf-8")
    (sentence,) = read_or_refused(load_experiment if kind == "experiment" else load_scenario, path)
    assert sentence.endswith("must be text of at most 100 letters")


def test_an_index_of_pandas_is_passed_over_and_another_column_without_a_name_is_not(tmp_path):
    table = pd.DataFrame({"threat.layoffs": [2500, 7500]})
    for ending in ("csv", "parquet"):
        path = tmp_path / f"points.{ending}"
        table.to_csv(path) if ending == "csv" else table.to_parquet(path, index=True)
        assert [p.swept for p in of_points(path).points] == [
            {"threat.layoffs": 2500},
            {"threat.layoffs": 7500},
        ]
    (tmp_path / "points.csv").write_text(",threat.layoffs\n5,2500\n9,7500\n")
    (sentence,) = read_or_refused(of_points, tmp_path / "points.csv")
    assert "a column has no name; name it, or leave out the index" in sentence


def test_a_wrong_draw_is_told_with_its_row(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes(b"threat.layoffs\n2500\n-3\n")
    with pytest.raises(InputError, match=r"d\.csv: row 2: .*threat\.layoffs = -3"):
        worlds_beside("sebac-2011", worlds=2, draws=path)


def test_a_path_is_given_as_text_or_as_a_path():
    assert path_of("a/b") == path_of(Path("a/b")) == Path("a/b")
    for wrong in (3, None, b"a", ["a"]):
        with pytest.raises(InputError, match="^out = .*: must be a path"):
            path_of(wrong, "out")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["manifest.json", "summary.csv", "points.parquet", "scenario.toml"]
)
@pytest.mark.parametrize("other", ["pipe", "device", "folder", "loop", "nothing"])
def test_what_is_no_file_in_a_results_folder_is_not_read(finished, tmp_path, name, other):
    folder = tmp_path / "r"
    shutil.copytree(finished, folder)
    path = folder / name
    path.unlink()
    match other:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)

    def looked_at(folder):
        results = load_results(folder)
        return results.manifest, results.summary, results.points, results.experiment

    (sentence,) = read_or_refused(looked_at, folder)
    assert sentence.startswith(str(folder))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "r"
    experiment = {"replications": 2, "set": {"threat.bumping": 0.1}}
    run_experiment(EXPERIMENTS / "layoff_threat.toml", folder, overrides=experiment)
    return folder

"""A report stands on its own: one page, all its sections, and sentences that the intervals bear out."""

import re
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cases.schema import value_of
from sim.cli import app
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.play.model import BargainingModel
from sim.show import report
from sim.show.figures.draw import possible
from sim.show.report.answer import findings, measures_told, verdicts
from sim.show.report.differences import LESS, MORE, OPEN, SAME, differences
from sim.show.report.limits import NOT_MODELLED
from sim.show.report.origin import AUTHORS, TITLE
from sim.show.report.page import rendered
from sim.show.report.pictures import pictures
from sim.show.told import world_to_tell

ROOT = Path(__file__).parents[2]
SECTIONS = [
    "answer",
    "design",
    "tables",
    "figures",
    "world",
    "reading",
    "limits",
    "origin",
    "citing",
]
BASE = {
    "name": "asked",
    "question": 'Do <script>alert("doors")</script> help & how much?',
    "scenario": "mini-ct",
    "replications": 40,
    "seed": 3,
}
RULES = {"information.rule": ["open_door", "closed_door"]}
ONCE = {"set": {"ratification.second_vote": False}}
DOORS = {
    "arms": {
        "closed": {"information.rule": "closed_door"},
        "open": {"information.rule": "open_door"},
        "wide open": {"information.rule": "open_door", "information.leak_hazard": 0.0},
    }
}
OVER = {
    "governor.beta": {"lognormal": {"median": 0.1, "sd": 0.5}},
    "coalition.beta": {"uniform": [0.1, 1.0]},
}
BETAS = {"sweep": {"governor.beta": [0.1, 1.0], "coalition.beta": [0.2, 0.3, 1.0]}}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, its headings, and its text by element."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.headings, self.ids, self.text, self.open = [], [], {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.open.append((tag, attributes.get("id")))
        if tag in ("dd", "td"):
            self.handle_data(" ")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.text.append(data)
        for _, name in self.open:
            if name:
                self.ids[name] = self.ids.get(name, "") + data

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def played(folder, **changes):
    return run_experiment(parse_experiment(BASE | changes, "asked"), folder)


def page_of(results):
    """The page without its figures, which take most of the time."""
    return Page(rendered(results, ()))


def says(page, section):
    return " ".join(page.ids[section].split())


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """Three arms of the base case: open doors change the ballot, and the leak hazard is nothing there."""
    return played(
        tmp_path_factory.mktemp("doors") / "doors", scenario="sebac-2011", **ONCE, **DOORS
    )


@pytest.fixture(scope="module")
def page(doors):
    """The report of these results with the first of its figures, as drawing all takes long."""
    text = rendered(doors, islice(pictures(doors), 3))
    (doors.folder / "report.html").write_text(text, "utf-8")
    return Page(text)


def test_it_is_one_page_without_scripts_and_loads_nothing(page):
    assert not page.of("script") and not page.of("link") and not page.of("iframe")
    for _, attributes in page.tags:
        assert attributes.get("src", "data:").startswith("data:")
        assert attributes.get("href", "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    style = (ROOT / "sim/show/report/templates/style.css").read_text("utf-8")
    assert "url(" not in style and "@import" not in style


def test_it_has_all_sections_in_order_and_every_link_leads_to_one(page):
    assert [attributes["id"] for attributes in page.of("section")] == SECTIONS
    assert [a["href"] for a in page.of("a") if a.get("class") != "skip"] == [
        f"#{s}" for s in SECTIONS
    ]


def test_it_can_be_read_by_ear(page):
    assert page.of("html")[0]["lang"] == "en"
    assert page.of("main") and page.of("nav") and page.of("title")
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(
        later - sooner <= 1 for sooner, later in zip(page.headings, page.headings[1:], strict=False)
    )
    assert all(head.get("scope") in ("col", "row") for head in page.of("th"))
    assert len(page.of("caption")) == len(page.of("table"))
    for region in (a for a in page.of("div") if a.get("class") == "scroll"):
        assert region["aria-label"] and region["tabindex"] == "0"


def test_every_figure_has_a_number_a_caption_and_the_same_words_for_who_cannot_see_it(page):
    figures = page.of("figure")
    assert [figure["id"] for figure in figures] == [
        f"figure-{n}" for n in range(1, len(figures) + 1)
    ]
    assert len(page.of("img")) == len(page.of("figcaption")) == len(figures) >= 3
    for number, picture in enumerate(page.of("img"), start=1):
        assert picture["src"].startswith("data:image/")
        assert f"Figure {number}" in says(page, f"figure-{number}")
        assert " ".join(picture["alt"].split()) in says(page, f"figure-{number}")


def test_a_question_is_text_and_nothing_else(doors, page):
    assert f"<h1>{BASE['question']}</h1>" not in (doors.folder / "report.html").read_text("utf-8")
    assert BASE["question"] in page.text


@pytest.mark.slow
def test_the_same_results_are_the_same_page_with_all_they_can_show(doors, tmp_path):
    once, again = (
        sim.write_report(doors.folder, tmp_path / name) for name in ("once.html", "again.html")
    )
    assert once.read_bytes() == again.read_bytes()
    names = [name for name, _ in possible(doors)]
    assert len(Page(once.read_text("utf-8")).of("figure")) == len(names) > 10


def test_the_answer_says_what_the_paired_intervals_say(doors, page):
    found = sim.paired_differences(doors, "yes_share_1").set_index("arm").loc["open"]
    assert found["low"] > 0  # an arm that differs
    answer = says(page, "answer")
    apart, low, high = (100 * found[key] for key in ("difference", "low", "high"))
    told = re.search(
        r"members voting yes on the first ballot.*?More “open”: \+([\d.]+) percentage points "
        r"\(\+([\d.]+) to \+([\d.]+)\)",
        answer.replace("wide open", "WIDE"),
    )
    assert [float(number) for number in told.groups()] == pytest.approx([apart, low, high], abs=0.5)


def test_what_is_not_told_apart_is_never_called_no_effect(tmp_path):
    over = {"sweep": {"coalition.beta": [0.3, 0.31]}, "scenario": "sebac-2011", **ONCE}
    results = played(tmp_path / "out", replications=12, **over)
    (found,) = sim.paired_differences(results, "yes_share_1")[1:].to_dict("records")
    assert found["low"] < 0 < found["high"] and found["difference"]
    answer = says(page_of(results), "answer")
    assert "Not told apart from it coalition: concession exponent = 0.31" in answer
    assert (
        "With 12 worlds at a setting, as here, intervals of means and of differences are rough"
        in answer
    )
    assert "does not mean that there is no effect" in answer
    assert "no effect" not in answer.replace("does not mean that there is no effect", "")


def test_what_is_the_same_in_every_pair_is_told_as_such(doors):
    table = differences(doors, ["agreed", "yes_share_1"]).table.set_index(["measure", "point"])
    assert table.loc[("agreed", 1), "verdict"] == SAME
    assert table.loc[("yes_share_1", 1), "verdict"] == MORE
    between = sim.paired_differences(doors, "yes_share_1", base=1).set_index("point")
    assert between.loc[2, "difference"] == 0


@pytest.mark.slow
def test_differences_are_those_of_against_and_their_verdict_follows_the_interval(tmp_path):
    results = played(tmp_path / "out", **BETAS)
    compared = differences(results, ["round", "utility_governor"])
    assert compared.paired
    for measure, mine in compared.table.groupby("measure"):
        theirs = sim.paired_differences(results, measure)[1:]
        for column in ("point", "difference", "low", "high", "pairs"):
            assert mine[column].tolist() == pytest.approx(theirs[column].tolist(), nan_ok=True)
        for row in mine.to_dict("records"):
            if row["verdict"] == MORE:
                assert row["low"] > 0
            if row["verdict"] == LESS:
                assert row["high"] < 0
            if row["verdict"] == OPEN:
                assert row["low"] <= 0 <= row["high"]


@pytest.mark.slow
def test_independent_worlds_are_compared_by_squares_of_their_intervals(tmp_path):
    results = played(tmp_path / "out", random_numbers="independent", **BETAS)
    compared = differences(results, ["utility_governor"])
    assert not compared.paired
    base, other = results.summary.iloc[0], results.summary.iloc[4]
    halves = [
        (row["utility_governor_high"] - row["utility_governor_low"]) / 2 for row in (base, other)
    ]
    found = compared.table.set_index("point").loc[4]
    assert found["difference"] == other["utility_governor"] - base["utility_governor"]
    half = (halves[0] ** 2 + halves[1] ** 2) ** 0.5
    assert (found["high"] - found["low"]) / 2 == pytest.approx(half)
    assert "as if their worlds had nothing to do with each other" in says(
        page_of(results), "answer"
    )


def test_the_difference_of_shares_has_the_interval_of_newcombe():
    """56 of 70 against 48 of 80: method 10 of Newcombe (1998) gives .0524 to .3339."""
    from sim.experiments.statistics.intervals import wilson
    from sim.show.report.differences import _unpaired

    ends = [wilson(48, 80), wilson(56, 70)]
    summary = pd.DataFrame({"point": [0, 1], "agreed": [48 / 80, 56 / 70]})
    summary["agreed_low"], summary["agreed_high"] = zip(*ends, strict=True)
    (found,) = _unpaired(summary, ["agreed"], {1: 0}).to_dict("records")
    assert found["difference"] == pytest.approx(0.2)
    assert found["low"] == pytest.approx(0.0524, abs=5e-5)
    assert found["high"] == pytest.approx(0.3339, abs=5e-5)


def test_a_single_setting_has_its_numbers_and_nothing_to_compare(tmp_path):
    page = page_of(played(tmp_path / "out"))
    assert "Share of negotiations that reached an agreement" in says(page, "answer")
    assert "How surely" not in says(page, "answer")
    assert "are rough" not in says(page, "answer")
    assert "One setting, played many times" in says(page, "design")


@pytest.mark.slow
def test_a_grid_tells_how_many_settings_were_compared(tmp_path):
    answer = says(page_of(played(tmp_path / "out", **BETAS)), "answer")
    assert "of the 5 other settings" in answer
    assert "Of the variation between settings" in answer
    assert re.search(r"\d+ differences have an interval, of 95\s% each by itself", answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sample",
    [
        {"design": "sobol", "points": 4},
        {"design": "saltelli", "points": 4},
        {"design": "morris", "points": 3},
        {"design": "one_at_a_time", "levels": 2},
        {"design": "latin_hypercube", "points": 70},
    ],
    ids=lambda sample: sample["design"],
)
def test_a_sample_of_any_design_has_its_report(tmp_path, sample):
    results = played(tmp_path / "out", replications=3, sample=sample | {"over": OVER})
    page = page_of(results)
    answer, tables = says(page, "answer"), says(page, "tables")
    rows = len(page.of("tr"))
    if sample["design"] == "one_at_a_time":
        assert "Held against the scenario's own values" in answer
    else:
        assert "Held against" not in answer
    if sample["design"] == "saltelli":
        assert "by the total Sobol' index" in answer or "moves it" in answer
    if len(results.points) > 60:
        assert "How the means of the 70 settings are spread" in tables
        assert rows < 70
    assert "lognormal: median 0.1, sd 0.5" in says(page, "design")


@pytest.mark.slow
def test_a_table_of_points_and_arms_is_told_arm_by_arm(tmp_path):
    (tmp_path / "points.csv").write_text("governor.beta\n0.1\n0.5\n1.0\n", "utf-8")
    arms = {"arms": {"late": {"coalition.beta": 0.2}, "early": {"coalition.beta": 2.0}}}
    document = BASE | arms | {"table": {"file": "points.csv"}, "replications": 20}
    results = run_experiment(parse_experiment(document, "asked", tmp_path), tmp_path / "out")
    answer = says(page_of(results), "answer")
    assert (
        "Held against “late” at the same governor: concession exponent: of the 3 other settings"
        in answer
    )
    assert re.search(r"Arm by arm “early”: (more|less) at \d", answer)


@pytest.mark.slow
@pytest.mark.parametrize("keep", ["sample", "summary"])
def test_results_that_kept_few_worlds_or_none_are_told_from_their_summary(tmp_path, keep):
    results = played(tmp_path / "out", keep=keep, replications=150, **BETAS)
    for part in results.part_files() if keep == "summary" else []:
        part.unlink()
    results = sim.load_results(results.folder)
    page = page_of(results)
    assert "not all worlds were kept to be paired" in says(page, "answer")
    assert "6 settings" in says(page, "design")
    if keep == "summary":
        names = ("talks", "summary")
        assert tuple(name for name, _ in possible(results, names)) == names


@pytest.mark.slow
def test_replications_until_narrow_tell_what_stopped_them(tmp_path):
    rule = {"until": "halfwidth", "of": "agreed", "at_most": 0.2, "max": 64, "first": 8}
    design = says(page_of(played(tmp_path / "out", replications=rule, **BETAS)), "design")
    assert (
        "Worlds were added at each setting until half the 95 % interval of agreed was 0.2" in design
    )
    assert "narrow enough" in design or "at the maximum" in design


def test_results_without_any_agreement_say_so(tmp_path):
    both = {"governor.tactic": "obstinate", "coalition.tactic": "obstinate"}
    results = played(tmp_path / "out", set=both)
    assert results.summary["agreed"].eq(0).all()
    answer = says(page_of(results), "answer")
    assert "Nothing was agreed in any of them." in answer
    assert re.search(r"Share of negotiations that reached an agreement 0 % \(0 to \d+ %\)", answer)
    assert "Not told, because no world has it: mean round of the agreement" in answer


def test_worlds_that_failed_are_told(tmp_path, monkeypatch):
    class Fragile(BargainingModel):
        def __init__(self, case, *args, **kwargs):
            for one in case if isinstance(case, list | tuple) else [case]:
                if value_of(one, "governor.beta") == 1.0:
                    raise ArithmeticError("the sky fell")
            super().__init__(case, *args, **kwargs)

    monkeypatch.setattr("sim.play.model.BargainingModel", Fragile)
    results = played(tmp_path / "out", replications=5, sweep={"governor.beta": [1.0, 0.1]})
    page = page_of(results)
    assert "5 worlds could not be played" in says(page, "design")
    assert "the sky fell" in says(page, "design")
    assert world_to_tell(results) == (1, 0)
    results._failures = [*results.failures, {"point": 1, "replication": 0, "error": "it rained"}]
    assert world_to_tell(results) == (1, 1)
    assert (
        "All worlds failed at 1 of the settings, such as governor: concession exponent = 1."
        in says(page, "answer")
    )


@pytest.mark.slow
def test_claims_made_before_the_run_are_told_with_their_verdict(tmp_path):
    claim = {
        "id": "H1",
        "claim": "A governor who gives way early gets less",
        "source": "Faratin, Sierra and Jennings 1998",
        "measure": "utility_governor",
        "predicted": "down",
    }
    results = played(tmp_path / "out", sweep={"governor.beta": [0.1, 2.0]}, hypothesis=[claim])
    (told,) = verdicts(results)
    assert told.startswith("H1. A governor who gives way early gets less (Faratin")
    assert "Predicted: less. Came out: as predicted" in told
    assert sim.paired_differences(results, "utility_governor")["high"].iloc[1] < 0
    assert told in says(page_of(results), "answer")


@pytest.mark.slow
def test_the_measures_that_a_file_names_come_first(tmp_path):
    figures = [{"name": "summary", "measure": "nash_ratio"}]
    results = played(tmp_path / "out", figure=figures, **BETAS)
    told = measures_told(results)
    assert told[0].name == "nash_ratio"
    assert "ratified" not in [each.name for each in told]  # in a textbook game the same as agreed
    assert next(findings(results, told[:1], None)).measured.title.startswith("Mean Nash product")


@pytest.mark.slow
def test_a_stranger_repeats_the_run_from_the_page_alone(tmp_path):
    sample = {"design": "latin_hypercube", "points": 5, "over": OVER}
    results = played(tmp_path / "out", replications=4, sample=sample)
    page = page_of(results)
    names = re.findall(r"<summary>(\S+)</summary>", rendered(results, ()))
    assert names == ["experiment.toml", "scenario.toml", "points.csv"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for number, name in enumerate(names, start=1):
        (elsewhere / name).write_text(page.ids[f"file-{number}"], "utf-8")
    again = run_experiment(elsewhere / "experiment.toml", tmp_path / "again")
    pd.testing.assert_frame_equal(again.summary, results.summary)


def test_where_it_comes_from_is_told(doors, page):
    told, manifest = says(page, "origin"), doors.manifest
    for known in (manifest["code"], manifest["python"], manifest["processor"], manifest["date"]):
        assert known in told
    for name, sum_ in manifest["sha256"].items():
        assert "/" in name or f"{name} {sum_}" in told
    assert f"bargain verify {doors.folder.name}" in told
    assert f"seed {manifest['seed']}" in says(page, "citing")


def test_verify_and_a_second_run_do_not_mind_the_page(doors, page):
    assert (doors.folder / "report.html").is_file()
    found = sim.verify(doors, worlds=3)
    assert not found.problems
    again = run_experiment(doors.experiment, doors.folder)
    assert again.manifest == doors.manifest
    assert (doors.folder / "report.html").is_file()


@pytest.mark.slow
def test_the_command_writes_where_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "pictures", lambda results: islice(pictures(results), 1))
    results = played(tmp_path / "out", replications=3)
    done = CliRunner().invoke(
        app, ["report", str(results.folder), "--out", str(tmp_path / "a.html")]
    )
    assert done.exit_code == 0 and (tmp_path / "a.html").is_file()
    assert not (results.folder / "report.html").exists()
    assert f"wrote {tmp_path / 'a.html'}" in done.output
    done = CliRunner().invoke(app, ["report", str(tmp_path / "nothing")])
    assert done.exit_code == 2


def test_a_page_that_cannot_be_written_is_a_sentence(doors, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "pictures", lambda results: ())
    (tmp_path / "no").write_text("a file", "utf-8")
    with pytest.raises(sim.RunError, match="no"):
        sim.write_report(doors, tmp_path / "no" / "page.html")


def test_what_is_not_modelled_is_what_the_readme_says():
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    (told,) = NOT_MODELLED
    for sentence in told.rstrip(".").split(". "):
        assert sentence in readme


def test_it_is_cited_as_the_citation_file_says():
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'title: "{TITLE}"' in cited
    assert f'name: "{AUTHORS}"' in cited


@pytest.mark.slow
def test_a_folder_of_an_earlier_version_has_a_report_too(tmp_path):
    """The reference run: its manifest knows neither date nor overrides."""
    reference = Path(__file__).parents[2] / "results" / "reference" / "connecticut_2011"
    written = report.write_report(reference, tmp_path / "report.html")
    assert "played on a day that is not known" in Path(written).read_text("utf-8")

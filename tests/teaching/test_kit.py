"""The kit: all sheets there, what they say, self-contained pages, and the same bytes each time."""

import html
import re
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.cli import app
from sim.play.outcome import negotiate
from sim.teaching.kit.contents import make_kit
from sim.teaching.kit.debrief import AGENTS, SEED
from sim.teaching.kit.files import write_kit
from sim.teaching.kit.pages import _about, _at_least, _at_most, _fixed, _quota, _weight
from sim.worlds.solution import solve

SHEETS = {
    "mini-ct": ["teacher", "background", "governor", "coalition", "offers", "debrief"],
    "sebac-2011": [
        *("teacher", "background", "governor", "coalition", "union-a", "union-b"),
        *("offers", "ballot", "debrief"),
    ],
}


@pytest.fixture(scope="module", params=SHEETS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def made(name, sebac):
    return sebac if name == "sebac-2011" else make_kit(name)


@pytest.fixture(scope="module")
def pages(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kit")
    return {path.name: path.read_text("utf-8") for path in write_kit(made, folder)}


@pytest.fixture(scope="module")
def sebac():
    return make_kit("sebac-2011")


class Tags(HTMLParser):
    """The tags of a page that are not closed in order, and all addresses."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.addresses = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for key, value in attrs if key in ("src", "href", "srcset")]
        if tag not in ("meta", "img", "br", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def words(page):
    """The text of a page without its tags."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def test_every_sheet_is_there_apart_and_in_one(name, pages):
    apart = [f"{n}-{sheet}.html" for n, sheet in enumerate(SHEETS[name], start=1)]
    assert list(pages) == ["kit.html", *apart, "game.toml", "deals.csv", "deals_example.csv"]
    assert pages["kit.html"].count('<section class="sheet') == len(apart)
    for page in apart:
        assert pages[page].count('<section class="sheet') == 1


def test_pages_are_whole_and_need_no_network(pages):
    for page, text in pages.items():
        if page.endswith(".html"):
            tags = Tags(text)
            assert not tags.wrong and not tags.open, page
            assert all(address.startswith("data:") for address in tags.addresses)
            assert "@import" not in text and "url(" not in text and "<script" not in text


def test_each_sheet_carries_the_licence_of_its_text(name, pages):
    assert words(pages["kit.html"]).count("Text licensed CC BY 4.0.") == len(SHEETS[name])


@pytest.mark.slow
def test_a_kit_is_the_same_each_time(name, pages, tmp_path):
    again = {path.name: path.read_text("utf-8") for path in write_kit(make_kit(name), tmp_path)}
    assert again == pages


def test_confidential_sheets_hold_ones_own_points_only(made, pages):
    for sheet in made.sheets:
        if sheet.role is None:
            continue
        cells = re.findall(r'<td class="number">([^<]*)</td>', pages[f"{sheet.file}.html"])
        own = [f"{p:g}" for levels in sheet.role.points.of_level for p in levels]
        assert cells[: len(own)] == own
        assert "Confidential" in pages[f"{sheet.file}.html"]


def test_what_everybody_knows_gives_no_points_and_no_end_away(made, pages):
    text = words(pages["2-background.html"])
    assert "your points" not in text.replace("about your points", "")
    ending = made.scenario.description.strip().split(". ", 1)[1]
    assert ending[:40] not in text


@pytest.mark.parametrize("lesson", [1, 2])
def test_the_lessons_fill_50_and_75_minutes(made, lesson):
    assert sum(row[lesson] for row in made.timing) == {1: 50, 2: 75}[lesson]


def test_the_debrief_names_what_theory_chooses_and_leaves_nothing_on_the_table(made):
    shown, there = made.debrief.frontier
    table = made.paper.solved.packages
    assert there == (table["pareto"] & table["zopa"]).sum()
    best = {(deal.governor, deal.coalition) for deal in shown}
    assert best <= set(table[table["pareto"]][["governor", "coalition"]].itertuples(index=False))
    named = [called for deal in shown for called in deal.called]
    assert sorted(named) == ["Kalai-Smorodinsky", "Nash", "egalitarian", "largest sum"]
    nash = next(deal for deal in shown if "Nash" in deal.called)
    assert (nash.governor, nash.coalition) == made.paper.solved.nash.utilities


def test_the_agents_of_the_debrief_are_those_of_the_scenario(made, name):
    worlds = negotiate(name, AGENTS, seed=SEED).frame()
    names = list(made.paper.agenda.names)
    often = worlds[worlds["agreed"]].groupby(names).size()
    agents, package = made.debrief.agents, made.paper.agenda.find(**_levels(often, names))
    assert agents.agreed == worlds["agreed"].mean()
    assert agents.common[0] == (made.debrief.printed(package), often.max() / worlds["agreed"].sum())


def _levels(often, names):
    return dict(zip(names, often.idxmax(), strict=True))


def test_the_game_of_the_kit_is_a_scenario_with_its_points(made, pages, tmp_path):
    (tmp_path / "game.toml").write_text(pages["game.toml"], "utf-8")
    solution = solve(tmp_path / "game.toml")
    assert solution.nash == made.paper.solved.nash
    assert solution.scenario.batna == [points.nothing for points in made.paper.points.values()]


@pytest.fixture(scope="module")
def sebac_folder(sebac, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sebac")
    write_kit(sebac, folder)
    return folder


@pytest.mark.slow
def test_the_ballot_sheet_states_the_bylaws_and_all_unions(sebac, sebac_folder):
    text = words((sebac_folder / "8-ballot.html").read_text("utf-8"))
    assert "at least 14 of the 15 unions vote Yes" in text
    assert "have at least 80 % of all members" in text
    assert "that is 40,128" in text
    assert "at least 8 of the 15 unions vote Yes, and at least 50 % of all members" in text
    for union in sebac.scenario.union:
        assert f"{union.name} {union.members:,}" in text


def test_what_happened_in_2011_is_told_where_there_is_a_record(sebac_folder):
    text = words((sebac_folder / "9-debrief.html").read_text("utf-8"))
    assert "scored at $1,602M" in text
    assert "AFSCME Council 4 has 60 and needs 65" in text
    assert "In June 57 % of the votes were Yes, and 11 of 15 unions" in text
    assert make_kit("mini-ct").debrief.as_it_happened is None


@pytest.mark.slow
def test_a_scenario_of_ones_own_has_a_kit_without_the_story_of_2011(tmp_path):
    document = as_document(load_scenario("sebac-2011"))
    document |= {"name": "elsewhere", "union": [document["union"][0]]}
    del document["record"]
    document["coalition"] |= {"members": document["union"][0]["members"]}
    document["ratification"] |= {"unions_required": 1, "second_vote": False, "weighting": "pooled"}
    for key in ("leaders_to_amend", "amended_unions_required"):
        document["ratification"][key] = 1
    made = make_kit(parse_scenario(document, "elsewhere"))
    write_kit(made, tmp_path)
    files = [sheet.file for sheet in made.sheets]
    assert files[4:] == ["5-union-a", "6-offers", "7-ballot", "8-debrief"]
    for_class = [words((tmp_path / f"{file}.html").read_text("utf-8")) for file in files[1:]]
    assert "at least 80 % of all members vote Yes (each member counts once)" in for_class[0]
    assert not any("second ballot" in text or "SEBAC, the" in text for text in for_class[1:])
    assert "What happened in 2011" not in for_class[-1]


@pytest.mark.parametrize(
    ("how", "number", "printed"),
    [
        (_quota, 2 / 3, "66.6667\u00a0%"),
        (_quota, 0.625, "62.5\u00a0%"),
        (_quota, 0.8, "80\u00a0%"),
        (_weight, 0.004, "0.4\u00a0%"),
        (_about, 4734.8, "4,700"),
        (_about, 4.2, "4"),
        (lambda number: _fixed(number, 1, " points"), float("nan"), "none"),
        (lambda number: _fixed(number, 1, " points"), 2.04, "2.0 points"),
        (_at_most, 0.052, "6\u00a0%"),
        (_at_most, 0.05, "5\u00a0%"),
        (_at_least, 0.9875, "98.7\u00a0%"),
        (_at_least, 1.0, "100.0\u00a0%"),
    ],
)
def test_a_small_number_is_not_printed_as_nothing_nor_a_quota_or_a_bound_as_another(
    how, number, printed
):
    assert how(number) == printed


@pytest.mark.slow
def test_bargain_kit_says_what_to_print_and_what_is_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["kit", "mini-ct"])
    assert done.exit_code == 0, done.output
    assert "print    results/kit/mini-ct/kit.html" in done.stdout
    assert "score results/kit/mini-ct/deals.csv --scenario mini-ct" in done.stdout
    assert (tmp_path / "results" / "kit" / "mini-ct" / "3-governor.html").exists()


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "kit").write_text("a file")
    done = CliRunner().invoke(app, ["kit", "mini-ct", "--out", str(tmp_path / "kit")])
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_an_unknown_scenario_is_told(tmp_path):
    done = CliRunner().invoke(app, ["kit", "mini_ct", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert 'did you mean "mini-ct"?' in done.stderr


@pytest.mark.slow
def test_the_full_case_has_unions_that_run_unlike_risks(tmp_path):
    made = make_kit("connecticut-2011")
    write_kit(made, tmp_path)
    teachers, ceui = made.voters.played
    assert (teachers.name, ceui.name) == ("CSU-AAUP", "CEUI")
    assert teachers.points.of_level != ceui.points.of_level
    assert ceui.share_error < 0.1
    assert min(teachers.majority_agrees, ceui.majority_agrees) > 0.97
    assert {row.goes_by for row in made.voters.sheet.unions} == {0, 1}

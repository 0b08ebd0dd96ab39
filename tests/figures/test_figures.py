"""A figure shows what happened, says so in words, and no words of it run into each other."""

import inspect
from functools import cache
from importlib import import_module
from itertools import product

import matplotlib
import numpy as np
import pandas as pd
import pytest

from sim.play.measures import MEASURES
from sim.play.outcome import negotiate
from sim.play.status import Status
from sim.show.figures.outcome_map import outcome_map
from sim.show.figures.sources import FIGURES
from sim.show.figures.style import COLOUR, MARKER, save
from sim.show.figures.talks import talks

LOUD = {
    "information.rule": "open_door",
    "information.audience_cost_governor": 1.5,
    "information.audience_cost_coalition": 1.5,
}
GENEROUS = {"governor.first_concession": 1.0, "coalition.first_concession": 1.0}
CASES = {
    "agreement": ("sebac-2011", {}),
    "impasse": ("sebac-2011", LOUD),
    "no offer": ("sebac-2011", LOUD | {"talks.self_serving_bias": 4.0}),
    "many rounds": ("sebac-2011", {"calendar.rounds": 200}),
    "one round": ("sebac-2011", {"calendar.rounds": 1}),
    "agreed in round 1": ("sebac-2011", GENEROUS),
    "agreed early": ("sebac-2011", {"governor.beta": 20.0, "coalition.beta": 20.0}),
    "four issues": ("mini-ct", {}),
    "one issue": ("split-the-pie", {"calendar.rounds": 100}),
    "one issue, impasse": ("split-the-pie", {"calendar.rounds": 1}),
}
TALKS = ["savings", "utility_governor", "utility_coalition"]


@cache
def played(case):
    scenario, settings = CASES[case]
    return negotiate(scenario, seed=5, set=settings)


@cache
def drawn(case):
    return talks(played(case))


def line(axes, label):
    [found] = [line for line in axes.lines if line.get_label() == label]
    return found


# The talks.


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_talks_are_legible_and_told_in_the_caption(case, words, assert_legible):
    assert_legible(drawn(case))
    end = played(case).frame().iloc[0]
    caption = drawn(case).get_label()
    assert caption.startswith(Status(end["status"]).sentence.removesuffix("."))
    assert caption.endswith(".")
    assert " ".join(caption.split()) in words(drawn(case))


@pytest.mark.parametrize("case", ["agreement", "impasse", "agreed in round 1"])
def test_every_offer_is_drawn(case):
    for (axes, column), side in product(zip(drawn(case).axes, TALKS, strict=True), COLOUR):
        offers = played(case).offers().query("world == 0 and proposer == @side")
        lines = [line for line in axes.lines if line.get_label() == side]
        assert len(lines) == (len(offers) > 0)
        for found in lines:
            np.testing.assert_array_equal(found.get_xdata(), offers["round"])
            np.testing.assert_array_equal(found.get_ydata(), offers[column])
            assert (found.get_color(), found.get_marker()) == (COLOUR[side], MARKER[side])


def test_received_offers_are_hollow_and_own_offers_solid():
    savings, to_governor, to_coalition = drawn("agreement").axes
    for axes, hollow in (
        (savings, ()),
        (to_governor, ("coalition",)),
        (to_coalition, ("governor",)),
    ):
        for side in COLOUR:
            face = "white" if side in hollow else COLOUR[side]
            assert line(axes, side).get_markerfacecolor() == face


@pytest.mark.parametrize("case", ["agreement", "many rounds", "agreed in round 1", "agreed early"])
def test_the_agreement_is_marked_where_it_was_reached(case, words):
    end = played(case).frame().iloc[0]
    [offer] = played(case).offers().query("world == 0").tail(1).to_dict("records")
    for axes, column in zip(drawn(case).axes, TALKS, strict=True):
        mark = line(axes, "agreement")
        assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (end["round"], offer[column])
    assert offer["savings"] == end["savings"]
    label = f"agreed in round {end['round']}: ${end['savings']:,.0f}M"
    assert label in words(drawn(case).axes[0])


def test_an_impasse_has_no_agreement_and_says_how_far_apart_the_sides_were():
    labels = [line.get_label() for axes in drawn("impasse").axes for line in axes.lines]
    assert "agreement" not in labels
    offers = played("impasse").offers().query("world == 0")
    apart = abs(offers["savings"].iloc[-1] - offers["savings"].iloc[-2])
    assert f"${apart:,.0f}M apart" in drawn("impasse").get_label()


def test_the_ask_the_deadline_and_the_fallback_are_named(words):
    savings, *utilities = drawn("agreement").axes
    assert "asked: $2,000M" in words(savings)
    assert "deadline: round 12" in words(savings)
    assert savings.get_xlim()[0] <= 0 and savings.get_xlim()[1] >= 12
    assert all("no agreement: 0" in words(axes) for axes in utilities)
    levels = [{*line.get_ydata()} for line in savings.lines if line.get_linestyle() == "--"]
    assert levels == [{2000.0}]


def test_both_ballots_are_told():
    end = played("agreement").frame().iloc[0]
    assert end["status"] == "ratified_second"
    for number, name in ((1, "first"), (2, "second")):
        told = f"{100 * end[f'yes_share_{number}']:.0f}\u00a0% of members and "
        told += f"{end[f'unions_yes_{number}']} of 15 unions voted yes on the {name} ballot"
        assert told in drawn("agreement").get_label()


def test_without_offers_the_panels_say_so(words):
    assert played("no offer").offers().empty
    assert all("no offer was made" in words(axes) for axes in drawn("no offer").axes)


def test_a_game_of_several_issues_shows_only_what_offers_are_worth():
    titles = [axes.get_title("left") for axes in drawn("four issues").axes]
    called = ("the governor", "the union leaders")
    assert titles == [f"What each offer is worth to {side}" for side in called]


def test_a_game_of_one_issue_shows_its_level():
    levels, *_ = drawn("one issue").axes
    offers = played("one issue").offers().query("world == 0 and proposer == 'governor'")
    assert levels.get_title("left") == "The coalition's share"
    np.testing.assert_array_equal(line(levels, "governor").get_ydata(), offers["share"])


def test_another_world_can_be_shown(words):
    second = talks(negotiate(worlds=2, seed=5, first_world=7), 8)
    assert "(world 8)" in words(second)
    replayed = talks(negotiate(seed=5, first_world=8))
    assert second.get_label() == replayed.get_label()


def test_a_world_that_was_not_played_is_refused():
    with pytest.raises(ValueError, match="world = 3: must be one of the outcome's, 0 to 0"):
        talks(played("agreement"), 3)


# The outcome map.

X, Y = "threat.layoffs", "threat.bumping"


def summary(across, upwards, x=X, y=Y):
    """Make up a sweep: every measure differs from cell to cell."""
    rows = [{x: a, y: b} for a, b in product(across, upwards)]
    frame = pd.DataFrame(rows)
    ratified = np.linspace(0, 1, len(frame))
    half = np.linspace(0.01, 0.034, len(frame))
    return frame.assign(
        n=200,
        ratified=ratified,
        ratified_low=ratified - half,
        ratified_high=ratified + half,
        savings=np.linspace(900, 1900, len(frame)),
        utility_coalition=np.linspace(-0.5, 0.5, len(frame)),
    )


def cells(figure):
    """The texts in the cells, as a grid: rows from the bottom of the axis, then columns."""
    axes = figure.axes[0]
    across, upwards = len(axes.get_xticks()), len(axes.get_yticks())
    grid = np.full((upwards, across), "", dtype=object)
    for text in axes.texts:
        column, row = np.floor(text.get_position()).astype(int)
        grid[row, column] = text.get_text()
    return grid


NAMES = ["both boulware", "both conceder", "governor boulware, coalition conceder", "linear"]
NAMES += [f"{name} again" for name in NAMES] + ["both boulware, unconstrained"]


@pytest.mark.parametrize(("named", "levels"), [("numbers", 2), ("numbers", 9), ("x", 9), ("y", 5)])
def test_the_words_of_a_map_are_legible(levels, named, assert_legible):
    numbers = np.linspace(0, 20_000, levels)
    if named == "numbers":
        frame, x, y = summary(numbers, np.linspace(0, 1, levels)), X, Y
    else:
        frame, x, y = summary(NAMES[:levels], numbers, "arm", X), "arm", X
    x, y = (y, x) if named == "y" else (x, y)
    question = "Does a larger threat of layoffs bring about ratification, whoever concedes, " * 2
    assert_legible(outcome_map(frame, x, y, "savings", question))


@pytest.mark.slow
def test_names_too_long_for_their_column_stand_upright_and_make_room(assert_legible):
    key = "members.cost_of_rejection"
    names = [f"governor boulware, unconstrainedly conceding {i}" for i in range(9)]
    figure = outcome_map(summary(names, np.linspace(0, 0.12, 9), "arm", key), "arm", key)
    assert {label.get_rotation() for label in figure.axes[0].get_xticklabels()} == {90.0}
    assert figure.axes[0].get_position().height * figure.get_figheight() > 4.5
    assert_legible(figure)


def test_the_longest_parameter_is_legible(assert_legible):
    keys = ("information.rule", "ratification.weighting")
    frame = summary(["closed_door", "open_door", "leaky"], ["unit", "pooled"], *keys)
    assert_legible(outcome_map(frame, *keys))
    assert_legible(outcome_map(frame, *keys[::-1]))


def test_every_value_is_in_its_cell():
    frame = summary([0, 2500, 7500], [0.0, 0.15]).sample(frac=1, random_state=3)
    figure = outcome_map(frame, X, Y)
    assert cells(figure).tolist() == [
        ["0\u00a0%", "40\u00a0%", "80\u00a0%"],
        ["20\u00a0%", "60\u00a0%", "100\u00a0%"],
    ]
    drawn_values = figure.axes[0].collections[0].get_array()
    np.testing.assert_allclose(drawn_values, [[0, 0.4, 0.8], [0.2, 0.6, 1]])
    assert ticks(figure) == (["0", "2,500", "7,500"], ["0", "0.15"])


def ticks(figure):
    """The names of the columns and of the rows."""
    axes = figure.axes[0]
    labels = (axes.get_xticklabels(), axes.get_yticklabels())
    return tuple([label.get_text() for label in names] for names in labels)


def test_dollars_and_utilities_are_written_as_such():
    frame = summary([0, 2500], [0.0, 0.15])
    assert cells(outcome_map(frame, X, Y, "savings"))[0, 0] == "$900M"
    assert cells(outcome_map(frame, X, Y, "utility_coalition"))[0, 0] == "−0.50"


def test_strings_keep_their_order_and_read_from_the_top():
    frame = summary(["slow", "fast"], ["closed_door", "open_door"], "arm", "information.rule")
    figure = outcome_map(frame, "arm", "information.rule")
    assert ticks(figure) == (["slow", "fast"], ["closed door", "open door"])
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top


def test_switches_are_yes_and_no():
    key = "ratification.second_vote"
    assert ticks(outcome_map(summary([True, False], [0, 1], key, Y), key, Y))[0] == ["no", "yes"]


def test_shares_have_the_same_scale_in_every_map():
    frame = summary([0, 2500], [0.0, 0.15])
    frame["ratified"] = 0.5
    assert outcome_map(frame, X, Y).axes[0].collections[0].get_clim() == (0, 1)
    assert outcome_map(frame, X, Y, "savings").axes[0].collections[0].get_clim() == (900, 1900)


def test_the_axes_the_scale_and_the_title_are_in_plain_words(words):
    figure = outcome_map(summary([0, 2500], [0.0, 0.15]), X, Y, question="Do threats work?")
    told = words(figure)
    assert "Do threats work?" in told
    assert "layoffs announced" in told and "[persons]" in told
    assert "how unpredictable it is who is laid off" in told
    assert "threat." not in told
    assert figure.axes[1].get_ylabel() == "share of negotiations ratified in the end"


def test_the_caption_tells_how_much_the_cells_rest_on():
    frame = summary([0, 2500], [0.0, 0.15])
    caption = outcome_map(frame, X, Y).get_label()
    assert "200 negotiations a cell" in caption
    assert "at most 4 percentage points either way" in caption  # 0.034, rounded up
    frame["n"] = [80, 90, 200, 1000]
    assert "80 to 1,000 negotiations a cell" in outcome_map(frame, X, Y).get_label()
    assert "interval" not in outcome_map(frame, X, Y, "savings").get_label()


def test_a_cell_without_a_value_is_hatched_and_says_none(assert_legible):
    frame = summary([0, 2500], [0.0, 0.15])
    frame.loc[0, "savings"] = np.nan
    figure = outcome_map(frame, X, Y, "savings")
    assert cells(figure)[0, 0] == "none"
    assert [patch.get_hatch() for patch in figure.axes[0].patches] == ["//"]
    assert '"none" where no negotiation has a value' in figure.get_label()
    assert_legible(outcome_map(frame.assign(savings=np.nan), X, Y, "savings"))


def test_a_cell_that_was_not_run_says_so():
    assert cells(outcome_map(summary([0, 2500], [0.0, 0.15])[1:], X, Y))[0, 0] == "not run"


def test_values_are_readable_on_their_cells():
    figure = outcome_map(summary([0, 2500, 7500], [0.0, 0.15]), X, Y)
    colours = [text.get_color() for text in figure.axes[0].texts]
    assert {"white", "black"} == set(colours)
    low, high = (colours[0], colours[-1])
    assert (low, high) == ("white", "black")  # cividis runs from dark to bright


def test_a_sweep_over_more_keys_is_refused():
    frame = pd.concat([summary([0, 2500], [0.0, 0.15])] * 2)
    with pytest.raises(ValueError, match=r"threat\.layoffs = 0 and threat\.bumping = 0 has 2 rows"):
        outcome_map(frame, X, Y)


@pytest.mark.parametrize("role", ["x", "y", "measure"])
def test_a_column_that_is_not_there_is_refused(role):
    asked = {"x": X, "y": Y, "measure": "ratified"} | {role: "nowhere"}
    known = f"{X}, {Y}, n, ratified"
    with pytest.raises(ValueError, match=f'{role} = "nowhere": .* it has {known}'):
        outcome_map(summary([0, 2500], [0.0, 0.15]), **asked)


def test_one_key_or_no_rows_are_refused():
    frame = summary([0, 2500], [0.0, 0.15])
    with pytest.raises(ValueError, match="name two columns"):
        outcome_map(frame, X, X)
    with pytest.raises(ValueError, match="no rows"):
        outcome_map(frame[:0], X, Y)


def test_every_numeric_outcome_has_words():
    frame = played("agreement").frame()
    measures = set(frame.select_dtypes(["number", "bool"]).columns)
    issues = {issue.name for issue in played("agreement").scenario.issue}
    assert measures - issues <= set(MEASURES)


# Both.


def test_figures_are_found_by_name():
    for name, source in FIGURES.items():
        home = import_module(source.home)
        assert inspect.getdoc(getattr(home, source.function)) == source.words
        assert callable(getattr(home, f"{source.function}_of"))
        assert name == source.function or name in ("boxes", "enough", "ladder")


@pytest.mark.slow
def test_files_repeat_byte_for_byte_and_carry_the_caption(tmp_path):
    for name in ("first", "second"):
        save(talks(played("agreement")), tmp_path / f"{name}.of-two")
    for suffix in ("png", "svg"):
        first, second = (tmp_path / f"{name}.of-two.{suffix}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
    svg = (tmp_path / "first.of-two.svg").read_text("utf-8")
    assert drawn("agreement").get_label() in svg


def test_settings_of_the_caller_change_nothing(assert_legible):
    with matplotlib.rc_context({"font.size": 30, "figure.facecolor": "black", "text.color": "red"}):
        figure = talks(played("agreement"))
    assert_legible(figure)
    assert figure.get_facecolor() == (1, 1, 1, 1)
    assert matplotlib.rcParams["axes.titlelocation"] == "center"

"""The interactive figures of lessons 1 to 4 show what their questions ask about."""

import pandas as pd
import pytest

from sim.inputs.problems import InputError
from sim.show.figures.style import COLOUR
from sim.teaching.lessons import (
    lesson_1,
    lesson_2,
    lesson_3,
    lesson_4,
    lesson_5,
    lesson_6,
    lesson_7,
    lesson_8,
)
from sim.teaching.lessons.play import play_coalition


def heights(axes, words):
    """The heights of the bars of one kind, 0 where there is none."""
    bars = next(each for each in axes.containers if each.get_label() == words)
    return [0 if bar.get_height() != bar.get_height() else bar.get_height() for bar in bars]


def test_all_packages_are_in_the_bars_and_a_threat_widens_the_zopa():
    inside = []
    for threat in (0, 4742):
        axes = lesson_1.room_to_agree(threat_layoffs=threat).axes[1]
        counts = {words: sum(heights(axes, words)) for words in lesson_1.WHOSE}
        assert sum(counts.values()) == 2000
        inside.append(counts["both: the ZOPA"])
    assert inside == [896, 1779]


def test_plan_b_is_drawn_to_the_gap():
    axes = lesson_1.room_to_agree(fiscal_gap=1100).axes[0]
    cuts, layoffs = (bar.patches[0].get_width() for bar in axes.containers)
    assert cuts + layoffs == pytest.approx(1100)
    assert cuts / layoffs == pytest.approx(1.2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "values"),
    [
        (lesson_1.room_to_agree, {}),
        (lesson_1.room_to_agree, {"fiscal_gap": 100.0}),
        (lesson_2.package_in_the_set, {}),
        (lesson_3.solutions_rescaled, {}),
        (lesson_4.shares, {}),
        (lesson_5.offers, {}),
        (lesson_5.offers, {"governor_grants": 0.3}),
        (lesson_5.holding_out, {}),
        (lesson_6.who_votes_yes, {}),
        (lesson_7.bylaws, {}),
        (lesson_8.doors, {}),
        (lesson_8.doors, {"information_secrecy": 0.0}),
    ],
)
def test_a_caption_is_made_of_whole_sentences(draw, values):
    caption = draw(**values).get_label()
    assert caption[0].isupper() or caption[0].isdigit()
    assert caption.endswith(".")


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ((1, 1, 1, 0), "2 packages are better for both"),
        ((2, 0, 1, 1), "Nothing is better for both: it is on the Pareto frontier"),
        ((1, 2, 1, 0), "1 package is better for both"),
    ],
)
def test_a_package_is_told_what_is_better_for_both(levels, said):
    assert said in lesson_2.package_in_the_set(*levels).get_label()


def test_a_package_is_said_to_be_on_the_frontier_just_where_theory_says_so():
    """Nothing is better for both than (2, 1, 1, 0), 70 and 50 points; (2, 2, 1, 1) is 85 and 50."""
    for package in lesson_2._packages().to_dict("records"):
        own = pd.Series(package)
        said = lesson_2._improvements(own, lesson_2._better_for_both(lesson_2._packages(), own))
        assert ("it is on the Pareto frontier" in said) == package["pareto"]
    assert "not on the Pareto frontier" in lesson_2.package_in_the_set(2, 1, 1, 0).get_label()


def test_a_package_that_the_game_does_not_have_is_told():
    with pytest.raises(InputError, match="mini-CT has no such package"):
        lesson_2.package_in_the_set(wages=3)


def test_talks_are_drawn_with_their_deal_or_without_one():
    without = lesson_2.talks_in_the_set(play_coalition([(0, 0, 1, 1)]))
    deal = lesson_2.talks_in_the_set(play_coalition([(2, 2, 1, 1)]))
    assert "No agreement" in without.get_label()
    assert "The deal is worth 85 and 50 points" in deal.get_label()
    labels = [[line.get_label() for line in each.axes[0].lines] for each in (without, deal)]
    assert ["deal" in names for names in labels] == [False, True]


def test_points_in_another_unit_move_two_solutions():
    def places(drawing):
        words = (line.get_label() for line in drawing.axes[0].lines)
        return {text.split(":")[0]: text.split(":")[1] for text in words if ":" in text}

    before, after = (
        places(lesson_3.solutions_rescaled(times, plus)) for times, plus in ((1.0, 0), (3.0, 7))
    )
    assert {name for name in before if before[name] != after[name]} == {
        "egalitarian",
        "utilitarian",
    }


def test_an_option_works_inside_where_it_does_not_outside():
    """Of a pie of which it would get .286, an option of .2 changes nothing outside."""
    figure = lesson_4.shares(outside_option=0.2, inside_option=0.2)
    stars = [
        line.get_ydata()[0]
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() == "*"
    ]
    assert stars[1] == pytest.approx(0.08 / 0.28)
    assert stars[2] == pytest.approx(0.2 + 0.8 * 0.08 / 0.28)
    assert figure.axes[0].lines[0].get_color() == COLOUR["governor"]

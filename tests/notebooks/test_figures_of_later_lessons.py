"""The interactive figures of lessons 5 to 8, and of the exploration of the case, show what they say."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from sim.cases.loading import load_scenario
from sim.experiments.design.calibration import load_calibration
from sim.show.figures.style import COLOUR
from sim.teaching.lessons import lesson_5, lesson_6, lesson_7, lesson_8
from sim.teaching.lessons.learned import learned, places
from sim.theory.concession import crossing
from sim.theory.seniority import yes_share_strict
from sim.theory.voting import double_threshold_probability


def line(axes, label):
    """The points of the line of that name."""
    return next(each for each in axes.lines if each.get_label() == label).get_xydata()


def diamond(axes):
    """Where the mark stands, if there is one."""
    return [each.get_xydata()[0] for each in axes.lines if each.get_marker() == "D"]


def test_the_mark_stands_where_theory_says_the_offers_meet():
    axes = lesson_5.offers(governor_beta=0.5, coalition_beta=2.0).axes[0]
    assert diamond(axes)[0] == pytest.approx(crossing(0.7, 0.4, 0.5, 2.0))
    assert line(axes, "the governor offers")[-1] == pytest.approx((1, 0.7))
    assert line(axes, "the coalition asks")[-1] == pytest.approx((1, 0.4))


def test_without_a_zopa_there_is_no_mark_and_the_caption_says_so():
    drawing = lesson_5.offers(governor_grants=0.3, coalition_needs=0.5)
    assert not diamond(drawing.axes[0])
    assert drawing.get_label().endswith("there is no ZOPA, and the lines never meet.")


def test_the_model_holds_out_as_theory_says_and_answers_at_its_next_turn():
    """A side moves every second turn, so that the model lags by two turns at most."""
    axes = lesson_5.holding_out(0.2, 0.1).axes[0]
    theory, seen = (
        line(axes, label)[:, 1] for label in ("agreed by then, in theory", "in runs of the model")
    )
    chance = 0.06  # of 400 worlds
    assert (seen[2:] > theory[:-2] - chance).all()
    assert (seen < theory + chance).all()


@pytest.mark.parametrize("threat", [0, 4742, 22_500])
def test_with_strict_seniority_the_mark_is_on_the_line_of_theory(threat):
    left, right = lesson_6.who_votes_yes(threat_layoffs=threat).axes
    expected = yes_share_strict(threat / 45_000, 1.0, lesson_6.LOSS, lesson_6.CONCESSION)
    assert diamond(right)[0] == pytest.approx((threat, expected), abs=1e-3)
    at_risk = line(left, "expected loss from layoffs")
    assert (at_risk[:, 1] > 0).mean() == pytest.approx(expected, abs=1e-3)


def test_an_agreement_that_costs_more_than_a_layoff_wins_nobody():
    drawing = lesson_6.who_votes_yes(concession=0.9)
    assert "0.0 % vote Yes" in drawing.get_label()


def test_the_curve_of_a_rule_is_the_probability_that_it_is_met():
    axes = lesson_7.bylaws(10, 0.6).axes[0]
    willing, passes = line(axes, "yours, 10 of 15 and 60\u00a0%")[80]
    sizes = np.array([union.members for union in load_scenario("sebac-2011").union])
    exact = double_threshold_probability(np.full(15, willing), sizes, 10, 0.6)
    assert passes == pytest.approx(exact)


@pytest.mark.parametrize(
    ("rule", "vetoes", "said"),
    [
        ((14, 0.8), 1, "AFSCME Council 4 alone can stop any agreement"),
        ((12, 0.6), 0, "No union alone can stop an agreement"),
        ((15, 1.0), lesson_7.MOST_NAMED, "Every union alone can stop an agreement"),
    ],
)
def test_who_has_a_veto_is_coloured_and_told(rule, vetoes, said):
    drawing = lesson_7.bylaws(*rule)
    bars = drawing.axes[1].patches
    assert sum(np.allclose(bar.get_facecolor()[:3], _rgb("coalition")) for bar in bars) == vetoes
    assert said in drawing.get_label()


def _rgb(side):
    return [int(COLOUR[side][at : at + 2], 16) / 255 for at in (1, 3, 5)]


@pytest.mark.parametrize("answer", [(12, 0.3), (14, 0.688), (8, 0.65), (1, 0.6)])
def test_many_bylaws_serve(answer):
    lesson_7.your_bylaws.of(dict(zip(("unions_required", "weight_required"), answer, strict=True)))


@pytest.mark.parametrize("answer", [(14, 0.69), (15, 0.6), (11, 0.56)])
def test_bylaws_that_do_not_serve_are_told_why(answer):
    with pytest.raises(AssertionError, match="alone can stop|June's agreement passes"):
        lesson_7.your_bylaws.of(
            dict(zip(("unions_required", "weight_required"), answer, strict=True))
        )


@pytest.mark.parametrize("secrecy", [0.32, 0.34])
def test_there_is_a_mark_where_there_is_room_to_agree(secrecy):
    """With audience costs of 1.5 on both sides there is room from a third on."""
    drawing = lesson_8.doors(information_secrecy=secrecy)
    room = secrecy > 1 / 3
    assert bool(diamond(drawing.axes[0])) is room
    assert ("there is no room" in drawing.get_label()) is not room


def test_open_doors_leave_members_as_leaders_and_closed_ones_as_before():
    right = lesson_8.doors().axes[1]
    assert line(right, "how likely the threat seems")[[0, -1], 1] == pytest.approx([0.9, 0.5])
    assert line(right, "cost they imagine (share of pay, x 10)")[[0, -1], 1] == pytest.approx(
        [0, 0.4]
    )


def test_draws_of_the_prior_itself_have_taught_nothing():
    file = load_calibration("record_of_2011")
    uniforms = (np.arange(4000) + 0.5) / 4000
    spread = {
        "members.noise": 0.04 + 0.08 * uniforms,
        "governor.beta": 0.1 * np.exp(0.5 * ndtri(uniforms)),
    }
    draws = pd.DataFrame({key: spread.get(key, 0.0) for key in file.prior}, index=range(4000))
    table = places(file, draws).set_index("parameter")
    for key in spread:
        assert table.loc[key, ["low", "median", "high"]].tolist() == pytest.approx(
            [0.05, 0.5, 0.95], abs=2e-3
        )


def test_the_best_known_parameter_is_on_top():
    rows = [("a", 0.4, 0.5, 0.6), ("b", 0.05, 0.5, 0.95)]
    table = pd.DataFrame(rows, columns=["parameter", "low", "median", "high"])
    axes = learned(table, "What?").axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
    assert axes.yaxis_inverted()

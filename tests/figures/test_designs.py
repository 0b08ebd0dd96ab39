"""A figure draws what its design supports, panels differ in one thing, captions say what they rest on."""

from itertools import pairwise

import pandas as pd
import pytest

from sim.experiments.design.file import FigureRequest
from sim.experiments.design.kinds import Design, design_of
from sim.inputs.problems import InputError
from sim.show.figures.draw import draw
from sim.show.figures.outcome_map import outcome_map
from sim.show.figures.results import some_settings
from sim.show.figures.sources import ANY, FIGURES
from sim.show.told import world_to_tell

OVER_WORLDS = ("settlement_time", "savings", "package")


@pytest.fixture(scope="module")
def arms_on_a_grid(play):
    """Results of two swept keys in two arms, as of a study of one's own."""
    return play(
        sweep={"threat.layoffs": [0, 4742, 12_000], "information.secrecy": [0.0, 1.0]},
        arms={
            "one ballot": {"ratification.second_vote": False},
            "two ballots": {"ratification.second_vote": True},
        },
    )


def drawn(results, name, **options):
    return FIGURES[name].figure(results, FigureRequest(name=name, **options))


def caption(figure):
    return " ".join(figure.get_label().split())


@pytest.mark.slow
def test_points_that_somebody_chose_are_no_draws_of_what_nobody_knows(arms_on_a_grid):
    assert design_of(arms_on_a_grid.experiment) is Design.GRID
    with pytest.raises(ValueError, match="points that somebody chose are no draws") as refused:
        drawn(arms_on_a_grid, "ladder")
    assert "is drawn of one setting (or arms), a random sample or a table of points" in str(
        refused.value
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, of in FIGURES.items() if of.designs != ANY])
def test_a_figure_refuses_what_it_is_not_for_with_a_sentence(request, name):
    of_design = {
        Design.GRID: "grid",
        Design.SETTINGS: "textbook",
        Design.ONE_AT_A_TIME: "one_at_a_time",
    }
    for design, fixture in of_design.items():
        if design not in FIGURES[name].designs:
            with pytest.raises(ValueError, match=f"these results are of {design.value[:8]}"):
                drawn(request.getfixturevalue(fixture), name)


@pytest.mark.slow
def test_the_record_has_a_row_for_every_setting_and_never_pools_a_sweep(grid, arms_on_a_grid):
    rows = drawn(grid, "record").axes[0].get_yticklabels()
    assert len(rows) == 1 + len(grid.points)
    figure = drawn(arms_on_a_grid, "record")
    assert len(figure.axes[0].get_yticklabels()) == 1 + 12
    assert "a row whose worlds differ more shades more" in caption(figure)
    assert "no surprise" not in caption(figure)


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, "threat.layoffs", "information.secrecy", "arm"])
def test_panels_differ_in_one_thing(arms_on_a_grid, key):
    shown = some_settings(arms_on_a_grid, 6, key)
    labels = [points[0].labels for points in shown.settings.values()]
    assert all(len(points) == 1 for points in shown.settings.values())
    for one, other in pairwise(labels):
        assert [name for name in one if one[name] != other[name]] == [key or "arm"]
    held = {name: value for name, value in labels[0].items() if name != (key or "arm")}
    for name in held:
        assert name == "arm" or name in shown.note


@pytest.mark.slow
def test_what_is_pooled_over_panels_is_told_panel_by_panel(arms_on_a_grid, assert_legible):
    for name in OVER_WORLDS:
        figure = drawn(arms_on_a_grid, name)
        assert_legible(figure)
        assert "All are at threat.layoffs = 4742, information.secrecy = 1." in caption(figure)
    assert "(panel by panel)" in caption(drawn(arms_on_a_grid, "savings"))


@pytest.mark.slow
def test_two_swept_keys_with_arms_have_a_map_for_each_arm(arms_on_a_grid, assert_legible):
    figure = drawn(arms_on_a_grid, "outcome_map")
    maps = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert [axes.get_title(loc="left") for axes in maps] == ["one ballot", "two ballots"]
    assert len({axes.collections[0].get_clim() for axes in maps}) == 1
    assert caption(figure).startswith("A map for each arm")
    assert_legible(figure)
    with pytest.raises(ValueError, match="--where"):
        drawn(arms_on_a_grid, "phase")
    one = arms_on_a_grid.where({"arm": "one ballot"})
    assert_legible(drawn(one, "phase"))
    assert "(where arm = one ballot)" in one.experiment.file.question


@pytest.mark.slow
def test_a_map_of_what_three_keys_span_needs_one_value_of_the_rest(play):
    keys = ("threat.layoffs", "information.secrecy", "threat.bumping", "members.fairness")
    results = play(sweep={key: [0, 4742] if key == keys[0] else [0.0, 0.2] for key in keys})
    with pytest.raises(ValueError, match="name x and y"):
        drawn(results, "outcome_map")
    with pytest.raises(ValueError, match='--where "threat.bumping=0'):
        drawn(results, "outcome_map", x=keys[0], y=keys[1])
    drawn(results.where({"threat.bumping": 0}), "outcome_map", x=keys[0], y=keys[1])


@pytest.mark.slow
def test_a_cell_that_rests_on_few_worlds_is_marked_and_its_n_is_told(assert_legible):
    table = pd.DataFrame(
        {"a": [0, 1, 0, 1], "b": [0, 0, 1, 1], "n": 300, "yes_share_2": [0.7, 0.6, 0.8, 0.657]}
    )
    table["yes_share_2_n"] = [290, 300, 31, 3]
    figure = outcome_map(table, "a", "b", "yes_share_2")
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text.endswith("*") for text in texts] == [False, False, False, True]
    assert "3 to 300 negotiations a cell that have it, of 300 played" in caption(figure)
    assert "* rests on fewer than 30 worlds" in caption(figure)
    assert_legible(figure)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["talks", "dance", "ratification"])
def test_a_world_that_is_told_is_named_with_its_settings(arms_on_a_grid, name, assert_legible):
    point, replication = world_to_tell(arms_on_a_grid)
    figure = drawn(arms_on_a_grid, name)
    arm = arms_on_a_grid.experiment.point(point).arm
    told = f"Point {point} ({arm}, threat.layoffs = 4742, information.secrecy = 1), replication"
    assert caption(figure).startswith(f"{told} {replication}")
    assert_legible(figure)


@pytest.mark.slow
def test_a_picture_of_the_scenario_says_whose_values_it_has(arms_on_a_grid, assert_legible):
    for name in ("bargaining_set", "win_set"):
        figure = drawn(arms_on_a_grid, name)
        assert "Drawn at the scenario's own values of threat.layoffs" in caption(figure)
        assert_legible(figure)


@pytest.mark.slow
def test_figures_of_some_points_have_files_of_their_own(arms_on_a_grid):
    (whole,) = draw(arms_on_a_grid, FigureRequest(name="outcome_map"))
    before = whole.read_bytes()
    (some,) = draw(arms_on_a_grid.where({"arm": "one ballot"}), FigureRequest(name="outcome_map"))
    assert some != whole and whole.read_bytes() == before
    assert some.name == "outcome_map-ratified-where-arm-one-ballot.png"


@pytest.mark.slow
def test_counterfactuals_say_what_their_draws_are_and_that_fewer_worlds_agreed(play, tmp_path):
    arms = {"one ballot": {"ratification.second_vote": False}, "two": {}}
    sample = {"design": "sobol", "points": 4, "over": {"members.noise": {"uniform": [0.05, 0.1]}}}
    results = play(arms=arms, sample=sample, replications=11)
    assert "over 4 draws of the sampled parameters, 11 worlds each" in caption(
        drawn(results, "ladder")
    )
    with pytest.raises(InputError, match="too many|first of their points"):
        draw(results, FigureRequest(name="differences"))

"""What is drawn by name, what is refused, and that the figures a refusal names are really drawn."""

import pytest

from sim.experiments.design.file import FigureRequest
from sim.inputs.problems import InputError
from sim.show.figures.draw import draw, draw_all, possible
from sim.show.figures.sources import FIGURES

REFUSED = [  # results, figure, what the refusal says
    ("alone", "outcome_map", "fewer than two things are varied here"),
    ("alone", "phase", "fewer than two things are varied here"),
    ("alone", "tornado", "this design moves none"),
    ("alone", "ladder", "this experiment has fewer than two"),
    ("grid", "sensitivity", "sensitivity is read from a"),
    ("textbook", "ratification", "nothing was agreed and put to a ballot"),
    ("textbook", "savings", "has no dollars"),
    ("textbook", "win_set", "has no ballot"),
    ("textbook", "record", "there is no record of mini-ct"),
    ("nothing_agreed", "settlement_time", "nothing was agreed"),
    ("nothing_agreed", "savings", "nothing was agreed"),
    ("nothing_agreed", "package", "nothing was agreed"),
    ("nothing_agreed", "ratification", "nothing was agreed"),
    ("summary_only", "enough", 'keep = "summary"'),
    ("one_at_a_time", "effects", "effects are read from a grid"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "figure", "reason"), REFUSED)
def test_results_that_cannot_show_a_figure_say_why(request, name, figure, reason):
    with pytest.raises(ValueError, match=reason):
        FIGURES[figure].figure(request.getfixturevalue(name), FigureRequest(name=figure))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("grid", "sensitivity"),
        ("textbook", "win_set"),
        ("nothing_agreed", "package"),
        ("summary_only", "enough"),
    ],
)
def test_a_refusal_names_the_figures_that_are_really_drawn(request, assert_legible, name, figure):
    results = request.getfixturevalue(name)
    with pytest.raises(InputError) as refused:
        draw(results, FigureRequest(name=figure))
    [sentence] = refused.value.problems
    assert sentence.startswith(f"{results.folder}: {figure}: ")
    assert sentence.count(str(results.folder)) == 1
    named = sentence.split("these results can show ")[1].replace(" and ", ", ").split(", ")
    can = dict(possible(results))
    assert named == list(can) == [each for each in FIGURES if each in can]
    assert figure not in named
    for drawing in can.values():
        assert_legible(drawing)
        caption = drawing.get_label()
        assert caption.endswith(".")
        assert any(letter.isdigit() for letter in caption)


def test_a_request_that_other_options_would_mend_is_refused_for_itself(grid):
    with pytest.raises(InputError, match='"saving"') as refused:
        draw(grid, FigureRequest(name="summary", measure="saving"))
    assert "these results can show" not in str(refused.value)


@pytest.mark.slow
def test_all_that_can_be_shown_is_drawn_into_files(textbook):
    paths = draw_all(textbook)
    assert [path.stem.split("-")[0] for path in paths] == [name for name, _ in possible(textbook)]
    assert all(path.with_suffix(".svg").is_file() for path in paths)


def test_each_figure_says_in_a_line_what_it_shows():
    for source in FIGURES.values():
        assert source.shows.endswith(".")
        assert 30 < len(source.shows) <= 110

"""What is drawn by name, what is refused, and that the figures a refusal names are really drawn."""

import pytest

from sim.experiments.design import FigureRequest
from sim.figures.draw import draw, draw_all, possible
from sim.figures.sources import FIGURES
from sim.problems import InputError

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


@pytest.fixture(scope="module")
def shown(request):
    """What the results of each name can show, worked out once."""
    found = {}

    def of(name):
        if name not in found:
            results = request.getfixturevalue(name)
            found[name] = (results, possible(results))
        return found[name]

    return of


@pytest.mark.slow
@pytest.mark.parametrize(("name", "figure", "reason"), REFUSED)
def test_a_figure_that_cannot_be_shown_is_refused_with_those_that_can(shown, name, figure, reason):
    results, can = shown(name)
    with pytest.raises(InputError) as refused:
        draw(results, FigureRequest(name=figure))
    [sentence] = refused.value.problems
    assert sentence.startswith(f"{results.folder}: {figure}: ")
    assert reason in sentence
    assert sentence.count(str(results.folder)) == 1
    named = sentence.split("these results can show ")[1].replace(" and ", ", ").split(", ")
    assert named == list(can)
    assert figure not in named


@pytest.mark.slow
@pytest.mark.parametrize("name", ["alone", "grid", "textbook", "summary_only", "one_at_a_time"])
def test_every_figure_that_can_be_shown_is_legible_and_has_a_caption(shown, assert_legible, name):
    _, can = shown(name)
    assert list(can) == [figure for figure in FIGURES if figure in can]
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
def test_all_that_can_be_shown_is_drawn_into_files(alone):
    paths = draw_all(alone)
    assert [path.stem.split("-")[0] for path in paths] == list(possible(alone))
    assert all(path.with_suffix(".svg").is_file() for path in paths)


def test_each_figure_says_in_a_line_what_it_shows():
    for name, source in FIGURES.items():
        assert source.drawing.__name__ == name
        assert source.shows.endswith(".")
        assert 30 < len(source.shows) <= 110

"""A figure is laid out once for all files of it; what several figures read of results is worked out once."""

from collections import Counter

import matplotlib
import numpy as np
import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from sim.experiments.analysis.effects import paired_worlds
from sim.experiments.running.results import Results
from sim.show.figures.draw import draw_all
from sim.show.figures.sources import Source
from sim.show.figures.style import TEXT, as_png, figure, in_house_style, laid_out, lay_out, save


@in_house_style
def drawn():
    drawing = figure(4.0, "A title", "A caption.")
    above, below = drawing.subplots(2)
    above.plot([0, 1], [0, 1_000_000])
    below.set_ylabel("a name")
    return drawing


@pytest.fixture
def layouts(monkeypatch):
    """Which figures were laid out, in order."""
    found = []
    execute = ConstrainedLayoutEngine.execute

    def counted(engine, drawing):
        found.append(drawing)
        return execute(engine, drawing)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", counted)
    return found


def panels(drawing):
    return [axes.get_position().bounds for axes in drawing.axes]


def test_a_figure_is_laid_out_once_for_both_of_its_files(layouts, tmp_path):
    drawing = drawn()
    assert layouts == []  # not before it is shown
    save(drawing, tmp_path / "figure")
    assert layouts == [drawing]


def test_a_figure_in_a_notebook_is_laid_out_once_whenever_it_is_shown(layouts):
    drawing = drawn()
    drawing._repr_png_()
    assert layouts == [drawing]
    before = panels(drawing)
    drawing.axes[0].set_title("a name\nof several\nlines")
    drawing._repr_png_()
    assert layouts == [drawing, drawing]
    assert panels(drawing)[0][3] < before[0][3]  # the panel has made room for it


def test_the_layout_does_not_depend_on_the_dots_nor_on_the_caller_s_engine():
    plain, other = drawn(), drawn()
    lay_out(plain)
    other.set_dpi(31)
    with matplotlib.rc_context({"figure.constrained_layout.use": True}):
        with laid_out(other):
            assert other.get_layout_engine() is None
            assert as_png(other) == as_png(plain)
        assert isinstance(other.get_layout_engine(), ConstrainedLayoutEngine)
    assert np.allclose(panels(other), panels(plain), rtol=0, atol=1e-9)
    assert other.dpi == 31


def test_the_ticks_of_a_figure_are_in_the_house_s_style_before_it_is_shown():
    with matplotlib.rc_context({"xtick.color": "red", "ytick.labelsize": 30}):
        drawing = drawn()
        as_png(drawing)
    ticks = drawing.axes[0].get_yticklabels()
    assert max(tick.get_size() for tick in ticks) <= TEXT
    assert not any(text.get_parse_math() for text in drawing.findobj(Text))


@pytest.mark.slow
def test_all_figures_of_results_are_drawn_once_and_pairs_are_cut_once(grid, monkeypatch):
    figures, cuts = Counter(), Counter()
    draw_one = Source.figure
    cut = Results._worlds_by_point.func

    def counted(source, results, request):
        figures[source.function, request.measure] += 1
        return draw_one(source, results, request)

    def counted_cut(results):
        cuts[results.folder] += 1
        return cut(results)

    fresh = Results(grid.folder)
    monkeypatch.setattr(Source, "figure", counted)
    monkeypatch.setattr(Results._worlds_by_point, "func", counted_cut)
    draw_all(fresh)
    assert figures
    assert set(figures.values()) == {1}
    assert cuts == {grid.folder: 1}


def test_pairs_that_are_given_out_are_not_those_that_are_kept(grid):
    given = paired_worlds(grid)
    before = given[0].copy()
    given[0]["ratified"] = ~given[0]["ratified"]
    assert paired_worlds(grid)[0].equals(before)

"""What figures are held against: legible texts, and a few small results that all tests share."""

from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment

SLIDE = 13.33, 7.5  # inches: a page of a talk
SMALLEST = 7.5  # points of a letter when the figure fills it


def seen(holder):
    """The texts of a figure or panel that are not empty."""
    texts = holder.findobj(Text)
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


@pytest.fixture(scope="session")
def words():
    """Every text that a reader of a figure or panel sees, as one string of single spaces."""
    return lambda holder: " ".join(" ".join(text.get_text() for text in seen(holder)).split())


def places(figure):
    """Where the texts are, without the lines that lead to them."""
    figure.draw_without_rendering()
    hidden = {label for axes in figure.axes for label in _not_drawn(axes)}
    return {text: Text.get_window_extent(text) for text in seen(figure) if text not in hidden}


def _not_drawn(axes):
    """The texts of a panel that is not shown, and tick labels outside the limits of their axis."""
    if not axes.get_visible():
        yield from axes.findobj(Text)
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        beyond = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
        yield from (label for tick in beyond for label in (tick.label1, tick.label2))


def collisions(figure):
    """Pairs of texts that run into each other, and texts that run over the edge."""
    found = places(figure)
    for (one, box), (other, another) in combinations(found.items(), 2):
        apart = (
            box.x1 <= another.x0 + 1
            or another.x1 <= box.x0 + 1
            or box.y1 <= another.y0 + 2
            or another.y1 <= box.y0 + 2
        )
        if not apart:
            yield f"{one.get_text()!r} runs into {other.get_text()!r}"
    for text, box in found.items():
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1
        if not (inside and box.y1 <= figure.bbox.y1):
            yield f"{text.get_text()!r} is cut off"


@pytest.fixture(scope="session")
def assert_legible():
    """Let no text run into another or over the edge, and letters be large enough on a slide."""

    def checked(figure: Figure):
        assert not list(collisions(figure))
        assert smallest_on_a_slide(figure) >= SMALLEST

    return checked


def smallest_on_a_slide(figure: Figure) -> float:
    """How large the smallest letters are (points) when the figure fills a slide."""
    width, height = figure.get_size_inches()
    scale = min(SLIDE[0] / width, SLIDE[1] / height)
    return scale * min(text.get_size() for text in places(figure))


def experiment(**changes):
    """A small experiment; None takes a key out."""
    document = {
        "name": "small",
        "question": "What do layoffs do, and what bumping?",
        "scenario": "sebac-2011",
        "replications": 23,
        "seed": 5,
    } | changes
    return parse_experiment({k: v for k, v in document.items() if v is not None}, "small")


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Run an experiment in a folder of its own."""

    def run(**changes):
        folder = tmp_path_factory.mktemp("results")
        return run_experiment(experiment(**changes), folder / "out")

    return run


@pytest.fixture(scope="session")
def grid(play):
    """Results of a grid of two keys."""
    return play(sweep={"threat.layoffs": [0, 4742, 12_000], "threat.bumping": [0.0, 0.2]})


@pytest.fixture(scope="session")
def alone(play):
    """Results of one setting."""
    return play()


@pytest.fixture(scope="session")
def textbook(play):
    """Results of a textbook game in three arms."""
    betas = {"late": 0.1, "steady": 1.0, "early": 3.0}
    return play(
        scenario="mini-ct", arms={name: {"governor.beta": beta} for name, beta in betas.items()}
    )


@pytest.fixture(scope="session")
def nothing_agreed(play):
    """Results in which both sides are bound by what they said in public."""
    costs = ("information.audience_cost_governor", "information.audience_cost_coalition")
    return play(set={"information.rule": "open_door", **dict.fromkeys(costs, 3.0)})


@pytest.fixture(scope="session")
def summary_only(play):
    """Results of two settings of which not all worlds were kept."""
    return play(sweep={"threat.layoffs": [0, 12_000]}, replications=130, keep="summary")


@pytest.fixture(scope="session")
def one_at_a_time(play):
    """Results in which one parameter is moved while others stand."""
    over = {"threat.layoffs": {"uniform": [0, 12_000]}, "governor.beta": {"uniform": [0.05, 1]}}
    return play(sample={"design": "one_at_a_time", "levels": 3, "over": over})

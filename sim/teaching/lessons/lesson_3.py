"""Lesson 3: ideas of a fair deal, and what each of them depends on."""

from collections.abc import Callable

from matplotlib.figure import Figure

from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.show.figures.bargaining_set import bargaining_set
from sim.teaching.lessons.case import GAME, case
from sim.teaching.lessons.checks import SHARE, Answer, Check, Hint, Prediction
from sim.theory import continuous_frontier, fairness
from sim.theory.continuous_frontier import Frontier, Pair
from sim.worlds.solution import CONCEPTS, Choice, Solution, solve

TIMES, PLUS = 3, 7
ENVY = 2.0
CURVE = Frontier(lambda governor: 2 * (1 - governor**2), 0.0, 1.0)
NOTHING = (0.0, 0.0)


def solutions_rescaled(
    coalition_points_times: float = 1.0,
    coalition_points_plus: int = 0,
    batna_of_the_governor: int = 25,
    batna_of_the_coalition: int = 35,
) -> Figure:
    """Draw the game and its solutions if the coalition counted in other points, or a BATNA were another.

    The coalition's points, and what no agreement is worth to it, are multiplied and added to alike.
    """
    batna = batna_of_the_governor, batna_of_the_coalition
    return bargaining_set(_game(coalition_points_times, coalition_points_plus, batna))


def _game(times: float = 1, plus: float = 0, batna: tuple[float, float] = (25, 35)) -> Solution:
    """The game solved, with the coalition's points in another unit and other BATNAs."""
    document = as_document(load_scenario(GAME))
    for number, issue in enumerate(document["issue"]):
        added = plus if number == 0 else 0  # a package has one level of each issue: once is enough
        issue["coalition"] = [times * points + added for points in issue["coalition"]]
    document["batna"] = [float(batna[0]), float(times * batna[1] + plus)]
    return Solution(parse_scenario(document, "the game in other points"))


def _package(choice: Choice | None) -> Answer:
    return {} if choice is None else choice.package


def _moved() -> set[str]:
    """The solutions that choose another package when the coalition counts in other points."""
    before, after = _game(), _game(TIMES, PLUS)
    return {
        name
        for name in CONCEPTS
        if _package(getattr(before, name)) != _package(getattr(after, name))
    }


def _asked_of_each(years: int) -> float:
    """What the governor asked of an employee on average, in dollars."""
    return case().fiscal.gap * 1e6 / case().members.workforce * years / 2


def _governor_at(concept: Callable[[Frontier, Pair], Pair]) -> Callable[[], float]:
    """What a solution of the curve is worth to the governor."""
    return lambda: float(concept(CURVE, NOTHING)[0])


predicted = Prediction(
    "The coalition counts each point three times. Which of the four solutions choose another package? "
    "Write a list of names."
)

nash = Check(
    "Which package does the Nash solution choose?",
    lambda: _package(_game().nash),
    "It multiplies the gains, so that neither side may be left with almost none.",
    Hint(
        lambda: _package(_game().utilitarian),
        "This package has the largest sum, and the largest product of points. Take the BATNA off "
        "each side's points before you multiply.",
    ),
    Hint(
        lambda: _package(_game().egalitarian),
        "Here the smaller gain is largest. Multiply the two gains instead.",
    ),
)

kalai_smorodinsky = Check(
    "Which package does the Kalai-Smorodinsky solution choose?",
    lambda: _package(_game().kalai_smorodinsky),
    "Each side's gain is measured by the most that it could hope for.",
    Hint(
        lambda: _package(_game().egalitarian),
        "Here the smaller gain in points is largest. First divide each gain by the largest gain that "
        "side could have in the ZOPA.",
    ),
    Hint(lambda: _package(_game().nash), "This is the Nash solution: the largest product."),
    Hint(
        lambda: _package(_game().utilitarian),
        "This has the largest sum. Look for the package whose smaller relative gain is largest.",
    ),
)

moved = Check(
    "Which of the four solutions choose another package when the coalition's points are "
    "multiplied by 3 and 7 is added?",
    _moved,
    "These two compare the sides' points one for one, so they depend on whose points are how long.",
    Hint(
        lambda: set(CONCEPTS) - _moved(),
        "These are the ones that stay. They use each side's points only against its own.",
    ),
    Hint(
        lambda: set(CONCEPTS),
        "Not all of them. In a product, a factor of 3 multiplies every package alike.",
    ),
    Hint(set, "Some do: add up the points, and see which side has become heavier."),
    choices=CONCEPTS,
)

envy = Check(
    "Someone whose envy is 2 refuses offers below which share of the pie?",
    lambda: fairness.rejection_threshold(ENVY),
    "Below it, having less than the other hurts more than the share is worth.",
    Hint(
        lambda: ENVY / (1 + ENVY),
        "The other has 1 - x, so the difference is 1 - 2x: there are two x in it.",
    ),
    Hint(
        lambda: 1 - fairness.rejection_threshold(ENVY),
        "This is what the other side keeps. Which share does the responder need?",
    ),
    Hint(
        lambda: 0.5, "Half is the limit of very large envy. Set x - 2 (1 - 2x) = 0 and solve for x."
    ),
    form=SHARE,
    tolerance=0.005,
)

asked = Check(
    "How many dollars a year was that for each of the 45,000 employees, on average?",
    lambda: _asked_of_each(years=1),
    "More than $20,000, as the union's spokesman said. That it is an average of savings, not all of "
    "them pay, he left open.",
    Hint(lambda: _asked_of_each(years=2), "This is for two years. The question is for one."),
    Hint(
        lambda: _asked_of_each(years=1) / 1000,
        "Give dollars, not thousands of dollars.",
        fits=lambda answer: 22 <= answer <= 23,
    ),
    tolerance=50,
)

curve = Check(
    "What does the Nash solution of the curve give the governor?",
    _governor_at(continuous_frontier.nash),
    "The product u x 2 (1 - u^2) is largest where 1 - 3 u^2 = 0.",
    Hint(
        _governor_at(continuous_frontier.utilitarian),
        "This makes the sum largest. Differentiate the product.",
    ),
    Hint(
        _governor_at(continuous_frontier.egalitarian),
        "Here both have the same. Differentiate the product instead.",
    ),
    Hint(
        _governor_at(continuous_frontier.kalai_smorodinsky),
        "This is Kalai-Smorodinsky: the line to the ideal point. Differentiate the product instead.",
    ),
    Hint(lambda: 1 / 3, "This is u squared. Take the root."),
    form=SHARE,
)

better_alternative = Check(
    "Which package is the Nash solution if no agreement is worth 35 points to the governor?",
    lambda: _package(_game(batna=(35, 35)).nash),
    "Whoever has a better alternative gets more, although the packages are the same.",
    Hint(
        lambda: _package(solve(GAME).nash),
        "This is still the solution with 25. Take 35 off the governor's points, and multiply anew.",
    ),
    Hint(
        lambda: _package(_game().utilitarian),
        "This has the largest sum, whatever the alternatives are worth.",
    ),
)

"""What lessons say in numbers is what the game, the case and the record have."""

import json
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from sim.cases.loading import load_scenario
from sim.cases.record import load_record
from sim.show.figures.style import percent
from sim.teaching.answers import agrees, is_number, same
from sim.teaching.lessons import lesson_1, lesson_5, lesson_6, lesson_7
from sim.teaching.lessons.case import CASE, GAME, RECORD, case
from sim.teaching.lessons.checks import Check
from sim.worlds.batch import typical_batch
from sim.worlds.solution import solve

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def text_of(number):
    """All that the cells of a lesson's notebook say."""
    (path,) = NOTEBOOKS.glob(f"{number:02}_*.ipynb")
    return "".join("".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"])


def hints_of(check):
    return " ".join(hint.words for hint in check.hints)


def test_the_numbers_of_the_game_are_those_of_its_file():
    batna = load_scenario(GAME).batna
    assert batna == [lesson_1.GOVERNOR, lesson_1.COALITION]
    for number in (1, 2, 3):
        said = "No agreement is worth {:g} points to the governor and {:g} to the".format(*batna)
        assert said in " ".join(text_of(number).split())
    zopa = solve(GAME).zopa
    most = [
        zopa[side].max() - own for side, own in zip(("governor", "coalition"), batna, strict=True)
    ]
    said = "the governor can gain in the ZOPA is {:g} points, the most that the coalition can gain is {:g}"
    assert said.format(*most) in text_of(3)
    assert f"the {len(solve(GAME).packages)} packages" in lesson_1.zopa.question


def test_the_numbers_of_the_case_are_those_of_its_file():
    scenario = case()
    threat, members = scenario.threat, scenario.members
    assert (members.workforce, threat.layoffs) == (lesson_6.WORKFORCE, lesson_6.THREAT)
    assert (threat.bumping, members.layoff_loss) == (lesson_6.BUMPING, lesson_6.LOSS)
    assert f"beta {lesson_5.EARLIER:g} for {scenario.governor.beta:g}" in (
        lesson_5.savings_if_earlier.question
    )
    assert f"{len(solve(CASE).packages):,} packages" in text_of(1)
    needed = f"{lesson_6._plan_b_layoffs():,.0f}"
    assert needed in text_of(6)


def test_the_bylaws_of_the_lesson_are_those_of_the_case():
    rules = case().ratification
    assert (rules.unions_required, rules.weight_required) == lesson_7.OLD
    assert (rules.amended_unions_required, rules.amended_weight_required) == lesson_7.NEW
    assert {*lesson_7.SAID_NO} < {union.name for union in case().union}


def test_the_shares_that_the_lesson_on_ballots_tells_are_those_of_unions_and_record():
    sizes = np.array([union.members for union in case().union], dtype=float)
    first, second = np.sort(sizes / sizes.sum())[::-1][:2]
    in_june = lesson_7._weight(lesson_7._said_yes(*lesson_7.SAID_NO))
    record = {moment.name: moment.value for moment in load_record(RECORD).moment}
    bylaws, veto = hints_of(lesson_7.your_bylaws), hints_of(lesson_7.veto)
    for words, share in [
        (bylaws, first),
        (bylaws, 1 - first),
        (bylaws, in_june),
        (veto, second),
        (veto, 1 - second),
        (hints_of(lesson_7.passes), record["yes_share_2"]),
    ]:
        assert percent(share).replace("\u00a0", " ") in words
    assert in_june == pytest.approx(record["weight_yes_1"], abs=0.0005)


def test_lessons_and_kit_work_out_plan_b_alike():
    needed = typical_batch(case()).plan_b_layoffs[0]
    assert lesson_6._plan_b_layoffs() == pytest.approx(needed, rel=1e-9)


@pytest.mark.parametrize("number", range(1, 9))
def test_the_solutions_tell_the_right_numbers(number):
    text = (NOTEBOOKS / "solutions" / f"lesson_{number}.md").read_text("utf-8")
    told = re.findall(r"\d[\d,]*(?:\.\d+)?(?:/\d+)?", text)
    lesson = import_module(f"sim.teaching.lessons.lesson_{number}")
    for check in [each for each in vars(lesson).values() if isinstance(each, Check)]:
        if is_number(answer := check.answer()):
            assert any(same(words.rstrip(","), answer, agrees) for words in told), answer


def test_each_package_of_the_first_figure_is_counted_once_and_the_zopa_as_theory_counts_it():
    solution = solve(CASE)
    preferred = lesson_1._preferred_by(solution)
    assert np.sum(preferred, axis=0).tolist() == [1] * len(solution.packages)
    assert preferred[0].sum() == len(solution.zopa)

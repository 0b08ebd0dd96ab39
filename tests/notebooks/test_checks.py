"""A check reads numbers, words, packages and sets, and says what is wrong with each."""

import sys

import pytest

from sim.show.figures.style import figure
from sim.teaching.lessons.checks import Check, Hint, Prediction, WrongAnswer, same, unreadable
from sim.teaching.lessons.explore import INSTALL, explore, label
from sim.teaching.lessons.place import to_repository

PACKAGE = {"wages": 2, "health": 0}


@pytest.mark.parametrize(
    ("answer", "other", "equal"),
    [
        (1, 1.0 + 1e-9, True),
        (1, 1.001, False),
        (" Shrink", "shrink", True),
        ("shrink", "grow", False),
        (PACKAGE, {"health": 0.0, "wages": 2.0}, True),
        (PACKAGE, PACKAGE | {"health": 1}, False),
        (PACKAGE, {"wages": 2}, False),
        ([1, 2], {2, 1}, True),
        ([1, 2, 3], {2, 1}, False),
        ([1], {2, 1}, False),
        ([PACKAGE], (PACKAGE,), True),
        ("1", 1, True),
        (1, "1", False),
    ],
)
def test_answers_are_the_same_by_what_they_say(answer, other, equal):
    assert same(answer, other) is equal


@pytest.mark.parametrize(
    ("answer", "right", "problem"),
    [
        ("two", 2, "The answer is a number, and 'two' is none."),
        (2, {1, 2}, "The answer is several things in square brackets, and 2 is one."),
        ({"wages": 2}, PACKAGE, "A package has a level for each of wages, health"),
        (2, PACKAGE, "A package has a level for each of wages, health"),
        ("shrnk", "grow", '(did you mean "shrink"?)'),
        (3, "grow", 'Choose "shrink" or "grow": 3 is none of them.'),
        (["grow", "stay"], {"grow"}, "'stay' is none of them"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told(answer, right, problem):
    assert problem in unreadable(answer, right, ("shrink", "grow"))


@pytest.mark.parametrize(
    ("answer", "right", "said"),
    [
        (3, 2, "3 is too large. Which?"),
        (1, 2, "1 is too small. Which?"),
        ({"wages": 1, "health": 0}, PACKAGE, "look again at wages. Which?"),
        ([1, 4, 5], {1, 2}, "2 of yours do not belong, and 1 are missing. Which?"),
        ("shrink", "grow", "Not shrink. Which?"),
    ],
)
def test_a_wrong_answer_without_a_hint_is_told_how_it_is_wrong(answer, right, said):
    words = ("shrink", "grow") if isinstance(right, str) else ()
    check = Check("Which?", lambda: right, "Because.", choices=words)
    with pytest.raises(WrongAnswer) as raised:
        check.of(answer)
    assert said in str(raised.value)
    assert raised.value._render_traceback_() == [f"WrongAnswer: {raised.value}"]


def test_of_many_right_answers_each_is_right(capsys):
    even = Check("Which?", lambda: 2, "It is even.", fits=lambda answer: answer % 2 == 0)
    even.of(4)
    assert capsys.readouterr().out == "Right. It is even.\n"
    with pytest.raises(WrongAnswer, match="Not so. Which?"):
        even.of(3)


def test_a_hint_may_fit_many_mistakes():
    hint = Hint(lambda: 50, "Give a share.", fits=lambda answer: answer > 1)
    check = Check("Which share?", lambda: 0.5, "Half.", hint)
    with pytest.raises(WrongAnswer, match="Give a share."):
        check.of(73)


def test_what_is_not_answered_yet_goes_on(capsys):
    Check("Which?", lambda: 2, "Because.").of(...)
    Prediction("What next?").of(...)
    assert capsys.readouterr().out == "no answer yet: Which?\nno answer yet: What next?\n"


def test_a_prediction_is_taken_down_and_set_beside_what_was_seen(capsys):
    predicted = Prediction("Which way?", ("up", "down"))
    predicted.of("up")
    predicted.beside("up", "down")
    predicted.beside(..., 0.25)
    said = "Written down: up.\nYou predicted up; the model shows down.\n"
    assert capsys.readouterr().out == said + "You made no prediction; the model shows 0.25.\n"
    with pytest.raises(WrongAnswer, match='Choose "up" or "down"'):
        predicted.of("sideways")


def test_a_figure_is_drawn_again_at_the_value_of_a_slider():
    drawn = []

    def draw(threat_layoffs=4742, side="governor", closed=True):
        drawn.append((threat_layoffs, side, closed))
        return figure(2.0, "title", "caption")

    shown = explore(draw, threat_layoffs=(0, 9000, 1), side=["governor", "coalition"], closed=True)
    slider, menu, box = shown.children[:3]
    slider.value, menu.value, box.value = 100, "coalition", False
    assert drawn[0] == (4742, "governor", True)
    assert drawn[-1] == (100, "coalition", False)
    assert slider.description == "layoffs announced for the case of failure (persons)"


def test_an_argument_is_labelled_by_its_parameter_or_its_name():
    assert label("ratification_unions_required") == "unions that must vote yes (unions)"
    assert label("how_late") == "how late"


def test_without_ipywidgets_a_sentence_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.setattr("sim.teaching.lessons.explore.find_spec", lambda name: None)
    assert explore(figure, height=(1, 2, 1)) is None
    assert capsys.readouterr().out == f"{INSTALL}\n"


@pytest.mark.parametrize("start", [".", "notebooks", "notebooks/solutions"])
def test_a_notebook_finds_the_repository_from_a_folder_in_it(tmp_path, monkeypatch, start):
    (tmp_path / "notebooks" / "solutions").mkdir(parents=True)
    (tmp_path / "experiments").mkdir()
    monkeypatch.chdir(tmp_path / start)
    to_repository()
    assert tmp_path.cwd() == tmp_path


def test_a_notebook_finds_an_unpacked_copy_beside_it(tmp_path, monkeypatch):
    for folder in ("notebooks", "experiments"):
        (tmp_path / "bargain" / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    to_repository()
    assert tmp_path.cwd() == tmp_path / "bargain"


def test_a_notebook_far_from_any_copy_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="start the notebook from its folder notebooks"):
        to_repository()

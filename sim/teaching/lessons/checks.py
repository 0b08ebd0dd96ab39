"""Questions of a lesson that mark an answer against theory, with a hint for each known mistake.

An answer is a number, a word, a package (its issues and their levels), or several of these in a set,
list or tuple, in any order. Numbers are read however they are written (see `sim.teaching.answers`).
`...`, or nothing in its place, stands for "not answered yet".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.inputs.problems import InputError, nearest
from sim.teaching.answers import (
    Typed,
    agrees,
    beyond_and_missing,
    is_blank,
    is_many,
    is_number,
    nearest_reading,
    plain,
    readings,
    same,
)

Answer = Any
SHARE = 'Give a number from 0 to 1, or a percentage with its sign, such as 0.12 or "12 %".'


class WrongAnswer(AssertionError):  # noqa: N818 - to a student it is an answer, not an error
    """An answer that theory does not bear out; its text is the hint."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: the hint alone."""
        return [f"WrongAnswer: {self}"]


@dataclass(frozen=True)
class Hint:
    """What to say to an answer that comes of one known mistake.

    `mistake` works out the answer that the mistake leads to. Where it may lead to many, it gives an
    example, and `fits` tells whether an answer is one of them.
    """

    mistake: Callable[[], Answer]
    words: str
    fits: Callable[[Answer], bool] | None = None


class Check:
    """A question and what marks its answer.

    `answer` works out the right answer; where many are right, it gives an example, and `fits` tells
    whether an answer is one of them. `why` is said to a right answer, and a hint to a wrong one that comes
    of its mistake. `form` says in which form the answer is wanted, where there are several. A number, in a
    package or a list too, is right to the digits typed, and to `tolerance`; where it is not given, a whole
    one must be exact. `choices` are the words that may be answered.
    """

    def __init__(
        self,
        question: str,
        answer: Callable[[], Answer],
        why: str,
        *hints: Hint,
        form: str = "",
        choices: tuple[str, ...] = (),
        fits: Callable[[Answer], bool] | None = None,
        tolerance: float | None = None,
    ):
        self.question = f"{question} {form}".rstrip()
        self.answer, self.why, self.hints = answer, why, hints
        self.choices, self.fits, self.tolerance = choices, fits, tolerance

    def of(self, answer: Answer) -> None:
        """Say why an answer is right, or that there is none yet.

        Raises:
            WrongAnswer: when it is wrong; the text says what to look at.
        """
        if is_blank(answer):
            print(f"no answer yet: {self.question}")
            return
        if problem := self._problem(answer):
            raise WrongAnswer(problem)
        print(f"Right. {self.why}")

    def _problem(self, answer: Answer) -> str:
        """What is wrong with an answer; empty if nothing is."""
        right = self.answer()
        if misread := unreadable(answer, right, self.choices):
            return misread
        bare = plain(answer, right)
        try:
            if self._is(answer, right) if self.fits is None else self.fits(bare):
                return ""
            if hint := self._hint(answer, bare):
                return hint.words
        except InputError as error:  # a package that there is not
            return str(error)
        return f"{self._apart(answer, right) if self.fits is None else 'Not so.'} {self.question}"

    def _hint(self, answer: Answer, bare: Answer) -> Hint | None:
        """The hint for the mistake that an answer comes of; of several the one that it is nearest to."""
        found = []
        for hint in self.hints:
            mistake = hint.mistake()
            if self._is(answer, mistake) if hint.fits is None else hint.fits(bare):
                found.append((_off(answer, mistake), hint))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _is(self, answer: Answer, other: Answer) -> bool:
        return same(answer, other, self._agree)

    def _agree(self, typed: Typed, right: float) -> bool:
        return agrees(typed, right, self.tolerance)

    def _apart(self, answer: Answer, right: Answer) -> str:
        """How a wrong answer differs from the right one, without giving it away."""
        if isinstance(right, Mapping):
            wrong = [issue for issue in right if not self._is(answer[issue], right[issue])]
            return f"Not this package: look again at {' and '.join(wrong)}."
        if is_number(right):
            return _too_much_or_little(answer, float(right))
        if is_many(right):
            beyond, missing = beyond_and_missing(answer, right, self._agree)
            return f"{len(beyond)} of yours do not belong, and {len(missing)} are missing."
        return f"Not {shown(answer)}."


@dataclass(frozen=True)
class Prediction:
    """What a student writes down before a figure or a run; nothing about it is right or wrong."""

    question: str
    choices: tuple[str, ...] = ()

    def of(self, prediction: Answer) -> None:
        """Take a prediction down.

        Raises:
            WrongAnswer: when it is not one of the words that may be chosen.
        """
        if is_blank(prediction):
            print(f"no answer yet: {self.question}")
            return
        if self.choices and (problem := unreadable(prediction, self.choices[0], self.choices)):
            raise WrongAnswer(problem)
        print(f"Written down: {shown(prediction)}.")

    def beside(self, prediction: Answer, seen: Answer) -> None:
        """Set what was seen beside what was predicted."""
        predicted = (
            "You made no prediction"
            if is_blank(prediction)
            else f"You predicted {shown(prediction)}"
        )
        print(f"{predicted}; the model shows {shown(seen)}.")


def unreadable(answer: Answer, right: Answer, choices: tuple[str, ...] = ()) -> str:
    """What keeps an answer from being read as one of the right kind; empty if nothing does."""
    if isinstance(right, str):
        return _no_choice(answer, choices)
    if isinstance(right, Mapping):
        return _no_package(answer, right)
    if is_number(right):
        return "" if readings(answer) else f"The answer is a number, and {answer!r} is none."
    if is_many(right) and not is_many(answer):
        return f"The answer is several things in square brackets, and {answer!r} is one."
    if is_many(right) and choices:
        return next(filter(None, (_no_choice(one, choices) for one in answer)), "")
    return ""


def shown(answer: Answer) -> str:
    """An answer in words."""
    if isinstance(answer, Mapping):
        return ", ".join(f"{issue} {shown(level)}" for issue, level in answer.items())
    if is_number(answer):
        return f"{answer:,.6g}"
    if is_many(answer):
        return "; ".join(sorted(map(shown, answer))) or "none"
    return str(answer)


def _no_choice(answer: Answer, choices: tuple[str, ...]) -> str:
    if isinstance(answer, str) and any(same(answer, choice) for choice in choices):
        return ""
    hint = nearest(answer, choices) if isinstance(answer, str) else ""
    words = " or ".join(f'"{choice}"' for choice in choices)
    return f"Choose {words}: {answer!r} is none of them{hint}."


def _no_package(answer: Answer, right: Mapping[str, Answer]) -> str:
    if not isinstance(answer, Mapping) or answer.keys() != right.keys():
        return (
            f"A package has a level for each of {', '.join(right)}, such as {shown(dict(right))}."
        )
    for issue in right:
        problem = unreadable(answer[issue], right[issue])
        if problem := problem or _without_its_sign(answer[issue], right[issue]):
            return f"{issue}: {problem}"
    return ""


def _off(answer: Answer, other: Answer) -> float:
    """How far a number is from another; 0 for what is no number."""
    typed = nearest_reading(answer, float(other)) if is_number(other) else None
    return abs(typed.value - other) if typed else 0.0


def _too_much_or_little(answer: Answer, right: float) -> str:
    if problem := _without_its_sign(answer, right):
        return problem
    typed = nearest_reading(answer, right)
    assert typed is not None  # or it were unreadable
    if typed.percent and right >= 1:
        return f"{answer} is a percentage, and the answer is none."
    number = answer.strip() if isinstance(answer, str) else shown(typed.value)
    return f"{number} is too {'large' if typed.value > right else 'small'}."


def _without_its_sign(answer: Answer, right: Answer) -> str:
    """What to say of a number that may be a percentage, where a share is wanted."""
    if not is_number(right) or not 0 < right < 1:
        return ""
    typed = nearest_reading(answer, float(right))
    if typed is None or typed.percent or not 1 < typed.value <= 100:
        return ""
    number = shown(typed.value)
    return f'{number} is above 1. If it is a percentage, write it with its sign: "{number} %".'

"""Questions of a lesson that mark an answer against theory, with a hint for each known mistake.

An answer is a number, a word, a package (its issues and their levels), or several of these in a set,
list or tuple, in any order. `...` stands for "not answered yet".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from sim.inputs.problems import nearest

Answer = Any
NOT_YET = ...
ROUNDED = 0.002  # how near a number must come that is not whole, as students round
EXACT = 1e-6


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
    of its mistake. A number is right to `tolerance`; where it is not given, a whole one, and those in a
    package or a list, must be exact. `choices` are the words that may be answered.
    """

    def __init__(
        self,
        question: str,
        answer: Callable[[], Answer],
        why: str,
        *hints: Hint,
        choices: tuple[str, ...] = (),
        fits: Callable[[Answer], bool] | None = None,
        tolerance: float | None = None,
    ):
        self.question, self.answer, self.why, self.hints = question, answer, why, hints
        self.choices, self.fits, self.tolerance = choices, fits, tolerance

    def of(self, answer: Answer) -> None:
        """Say why an answer is right, or that there is none yet.

        Raises:
            WrongAnswer: when it is wrong; the text says what to look at.
        """
        if answer is NOT_YET:
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
        if self._equals(answer, right, self.fits):
            return ""
        for hint in self.hints:
            if self._equals(answer, hint.mistake(), hint.fits):
                return hint.words
        return f"{_apart(answer, right) if self.fits is None else 'Not so.'} {self.question}"

    def _equals(self, answer: Answer, other: Answer, fits: Callable[[Answer], bool] | None) -> bool:
        if fits is not None:
            return bool(fits(answer))
        whole = not isinstance(other, float) or other.is_integer()
        tolerance = EXACT if whole else ROUNDED
        return same(answer, other, tolerance if self.tolerance is None else self.tolerance)


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
        if prediction is NOT_YET:
            print(f"no answer yet: {self.question}")
            return
        if self.choices and (problem := unreadable(prediction, self.choices[0], self.choices)):
            raise WrongAnswer(problem)
        print(f"Written down: {shown(prediction)}.")

    def beside(self, prediction: Answer, seen: Answer) -> None:
        """Set what was seen beside what was predicted."""
        predicted = (
            "You made no prediction"
            if prediction is NOT_YET
            else f"You predicted {shown(prediction)}"
        )
        print(f"{predicted}; the model shows {shown(seen)}.")


def same(answer: Answer, other: Answer, tolerance: float = 1e-6) -> bool:
    """Whether two answers are the same: numbers to a tolerance, words but for case, sets in any order."""
    if isinstance(answer, Mapping) and isinstance(other, Mapping):
        return answer.keys() == other.keys() and all(
            same(answer[key], other[key], tolerance) for key in other
        )
    if isinstance(answer, str) and isinstance(other, str):
        return answer.strip().casefold() == other.strip().casefold()
    if isinstance(answer, Real) and isinstance(other, Real):
        return abs(float(answer) - float(other)) <= tolerance
    if _is_many(answer) and _is_many(other):
        return not _without(answer, other, tolerance) and not _without(other, answer, tolerance)
    return False


def unreadable(answer: Answer, right: Answer, choices: tuple[str, ...] = ()) -> str:
    """What keeps an answer from being read as one of the right kind; empty if nothing does."""
    if isinstance(right, str):
        return _no_choice(answer, choices)
    if isinstance(right, Mapping):
        if not isinstance(answer, Mapping) or answer.keys() != right.keys():
            return f"A package has a level for each of {', '.join(right)}, such as {shown(dict(right))}."
    elif isinstance(right, Real):
        if not isinstance(answer, Real):
            return f"The answer is a number, and {answer!r} is none."
    elif _is_many(right) and not _is_many(answer):
        return f"The answer is several things in square brackets, and {answer!r} is one."
    elif _is_many(right) and choices:
        return next(filter(None, (_no_choice(one, choices) for one in answer)), "")
    return ""


def shown(answer: Answer) -> str:
    """An answer in words."""
    if isinstance(answer, Mapping):
        return ", ".join(f"{issue} {shown(level)}" for issue, level in answer.items())
    if isinstance(answer, bool):
        return str(answer)
    if isinstance(answer, Real):
        return f"{answer:,.6g}"
    if _is_many(answer):
        return "; ".join(sorted(map(shown, answer))) or "none"
    return str(answer)


def _no_choice(answer: Answer, choices: tuple[str, ...]) -> str:
    if isinstance(answer, str) and any(same(answer, choice) for choice in choices):
        return ""
    hint = nearest(answer, choices) if isinstance(answer, str) else ""
    words = " or ".join(f'"{choice}"' for choice in choices)
    return f"Choose {words}: {answer!r} is none of them{hint}."


def _apart(answer: Answer, right: Answer) -> str:
    """How a wrong answer differs from the right one, without giving it away."""
    if isinstance(right, Mapping):
        wrong = [issue for issue in right if not same(answer[issue], right[issue])]
        return f"Not this package: look again at {' and '.join(wrong)}."
    if isinstance(right, Real):
        return f"{shown(answer)} is too {'large' if answer > right else 'small'}."
    if _is_many(right):
        beyond, missing = len(_without(answer, right)), len(_without(right, answer))
        return f"{beyond} of yours do not belong, and {missing} are missing."
    return f"Not {shown(answer)}."


def _without(some: Iterable, others: Iterable, tolerance: float = 1e-6) -> list:
    """Those of some answers that none of the others is the same as."""
    return [one for one in some if not any(same(one, other, tolerance) for other in others)]


def _is_many(answer: Answer) -> bool:
    return isinstance(answer, set | frozenset | list | tuple)

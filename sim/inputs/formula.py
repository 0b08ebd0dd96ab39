"""A formula that a person writes: numbers, names, + - * / **, parentheses and a few functions; never code.

It is read by Python's own grammar and worked out here step by step on arrays of float. Nothing is
compiled, and nothing is called but the functions of this file, so that no power or product of a
formula takes longer than another. What is not a finite number is for the caller to tell.
"""

import ast
import keyword
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from math import inf, isfinite

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.inputs.problems import nearest

LONGEST = 1000  # letters
DEEPEST = 100  # steps within each other; a sum of so many terms is one within the other, too

_OPERATIONS: dict[type[ast.operator], Callable[..., Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_SIGNS: dict[type[ast.unaryop], Callable[..., Array]] = {
    ast.USub: np.negative,
    ast.UAdd: np.positive,
}
_OF_ONE: dict[str, Callable[..., Array]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}
_OF_SEVERAL: dict[str, Callable[..., Array]] = {"max": np.maximum, "min": np.minimum}
_WORD = re.compile(r"[^\W\d]\w*")
FUNCTIONS = tuple(sorted({**_OF_ONE, **_OF_SEVERAL}))
_ALLOWED = f"numbers, names, + - * / **, parentheses and {', '.join(FUNCTIONS)}"


@dataclass(frozen=True)
class Formula:
    """A formula that was read: all that it does is allowed."""

    text: str
    tree: ast.expr

    @classmethod
    def read(cls, text: str) -> "Formula":
        """Read a formula.

        Raises:
            ValueError: with what is wrong, to stand behind the name of the formula.
        """
        if len(text) > LONGEST:
            raise ValueError(
                f"has {len(text):,} letters; a formula has {LONGEST:,} at the most: name parts of it by let"
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python says of its own strings and numbers
                tree = ast.parse(_as_python(text), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError(f"is not a formula; it may hold {_ALLOWED}") from None
        formula = cls(text, tree)
        formula._check(tree, 0)
        return formula

    @property
    def names(self) -> list[str]:
        """The names that stand in it, but for those of functions."""
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return list(dict.fromkeys(_as_written(n.id) for n in nodes if id(n) not in called))

    def value(self, known: Mapping[str, Float[Array, "..."]]) -> Float[Array, "..."]:
        """What it comes to, with so much for each name; not finite where that does not exist."""
        with np.errstate(all="ignore"):
            return np.asarray(_value(self.tree, known), dtype=float)

    def _check(self, node: ast.AST, depth: int) -> None:
        """Hold a step, and all within it, against what a formula may do."""
        if depth > DEEPEST:
            raise ValueError(
                f"has more than {DEEPEST} steps within each other: name parts of it by let"
            )
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                if not isfinite(_as_float(number)):
                    raise ValueError(f"{self._shown(node)} is too large a number")
            case ast.Name():
                pass
            case ast.BinOp(op=ast.BitXor()):
                raise ValueError(f"{self._shown(node)}: a power is written **")
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                self._check(left, depth + 1)
                self._check(right, depth + 1)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _SIGNS:
                self._check(operand, depth + 1)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                self._check_call(_as_written(name), len(args))
                for each in args:
                    self._check(each, depth + 1)
            case _:
                raise ValueError(f"{self._shown(node)} is not allowed; it may hold {_ALLOWED}")

    def _check_call(self, name: str, given: int) -> None:
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise ValueError(
                f'no function is called "{name}"{nearest(name, FUNCTIONS)}: there are {known}'
            )
        if name in _OF_ONE and given != 1:
            raise ValueError(f"{name} is of one number, and {given} are given")
        if name in _OF_SEVERAL and given < 2:
            raise ValueError(f"{name} is of two numbers or more, and {given} is given")

    def _shown(self, node: ast.AST) -> str:
        part = ast.get_source_segment(_as_python(self.text), node)
        return f'"{self.text if part is None else _as_written(part)}"'


def worked_out(
    text: str, lets: Mapping[str, str], known: Mapping[str, Float[Array, "..."]]
) -> Float[Array, "..."]:
    """What a formula comes to, where `lets` name parts of it, each in terms of others.

    Raises:
        ValueError: where parts are in terms of each other.
    """
    parts = {name: Formula.read(part) for name, part in lets.items()}
    named = dict(known)
    for name in in_order(parts):
        named[name] = parts[name].value(named)
    return Formula.read(text).value(named)


def in_order(parts: Mapping[str, Formula]) -> list[str]:
    """The names of parts so that each stands behind those that it is in terms of.

    Raises:
        ValueError: where parts are in terms of each other.
    """
    needed = {name: [n for n in part.names if n in parts] for name, part in parts.items()}
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError as error:
        circle = " of ".join(reversed(error.args[1]))
        raise ValueError(f"is in terms of itself: {circle}") from None


def _value(node: ast.AST, known: Mapping[str, Array]) -> Array | np.float64:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
        case ast.Name(id=name):
            return known[_as_written(name)]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_value(left, known), _value(right, known))
        case ast.UnaryOp(op=op, operand=operand):
            return _SIGNS[type(op)](_value(operand, known))
        case ast.Call(func=ast.Name(id=name), args=args):
            values = [_value(each, known) for each in args]
            return _OF_ONE[name](*values) if name in _OF_ONE else reduce(_OF_SEVERAL[name], values)
        case _:
            raise TypeError(f"{ast.dump(node)} was not read as a formula")


def _as_python(text: str) -> str:
    """A formula whose names are none of the words of Python's grammar, such as `raise` for a raise."""
    return _WORD.sub(
        lambda word: f"_{word[0]}" if keyword.iskeyword(word[0]) else word[0], text
    ).strip()


def _as_written(text: str) -> str:
    """What stands in a formula, as a person wrote it."""
    return _WORD.sub(lambda word: _unmarked(word[0]), text)


def _unmarked(word: str) -> str:
    bare = word.removeprefix("_")
    return bare if keyword.iskeyword(bare) else word


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf

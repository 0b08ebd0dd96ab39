"""How we tell a person what is wrong: one sentence a problem, all of them at once.

A sentence names the place, the value seen, what is allowed, and the nearest known name.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from pydantic import BaseModel, ValidationError

from sim.inputs.letters import plain
from sim.inputs.parameter import bounds, parameters

Document = dict[str, Any]
LONGEST = 1200  # letters of a sentence


class InputError(ValueError):
    """What a person gave us is wrong: one sentence, or one sentence a problem, all of them at once."""

    def __init__(self, problems: str | Iterable[str]):
        each = [problems] if isinstance(problems, str) else problems
        self.problems = [_readable(problem) for problem in each]
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple:
        return type(self), (self.problems,)  # as a process that plays for another sends it


class RunError(RuntimeError):
    """A run could not be done, though its input is right: one sentence with what to do."""

    def __init__(self, problem: str):
        super().__init__(_readable(problem))


class Note(UserWarning):
    """What a person should know, and need not do anything about; a command prints it as a line."""

    def __init__(self, problem: str):
        super().__init__(_readable(problem))


def _readable(problem: str) -> str:
    """A problem in one line; what someone wrote may have any length."""
    line = plain(problem)
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"


def nearest(word: str, known: Iterable[str]) -> str:
    """A suggestion for a misspelt word, or an empty string: ` (did you mean "rounds"?)`."""
    close = _closest(word, known)
    return f' (did you mean "{close[0]}"?)' if close else ""


def few(problems: list[str], most: int = 10) -> list[str]:
    """The first problems, and how many more there are, where each row of something may have one."""
    more = len(problems) - most
    return problems if more <= 0 else [*problems[:most], f"... and {more:,} more like these"]


def shown(value: Any) -> str:
    """A value as a person would type it, cut to a readable length."""
    if value is None:
        return "(nothing)"
    try:
        text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
    except (
        ValueError,
        RecursionError,
    ):  # of a whole number of thousands of digits; of endless depth
        text = "(too long to show)"
    return text if len(text) <= 60 else text[:57] + "..."


def sentences(error: ValidationError, kind: type[BaseModel], document: Document) -> list[str]:
    """Pydantic's findings on a document as sentences that begin with the key.

    A required key that is only misspelt is told once, as misspelt.
    """
    findings = [_Finding(finding, kind, document) for finding in error.errors()]
    meant = {(*f.place[:-1], f.meant) for f in findings if f.type == "extra_forbidden"}
    kept = [f.sentence for f in findings if not (f.type == "missing" and f.place in meant)]
    return list(dict.fromkeys(kept))


class _Finding:
    """One finding of pydantic, with its place in the document."""

    def __init__(self, finding: Mapping[str, Any], kind: type[BaseModel], document: Document):
        self.type = finding["type"]
        self.place = tuple(part for part in finding["loc"] if not _INTERNAL.match(str(part)))
        self._finding = finding
        self._kind = kind
        self._document = document

    @property
    def meant(self) -> str:
        """The known key that a misspelt one is nearest to."""
        section = _section_at(self._kind, self.place[:-1])
        fields = section.model_fields if section else {}
        known = [field.alias or name for name, field in fields.items()]
        close = _closest(str(self.place[-1]), known)
        return close[0] if close else ""

    @property
    def sentence(self) -> str:
        key = _spelt(self.place, self._document)
        if self.type == "extra_forbidden":
            hint = f' (did you mean "{self.meant}"?)' if self.meant else ""
            return f"{key}: is not a known key{hint}"
        if self.type == "missing":
            return f"{key}: is missing; give {self._wanted()}"
        seen = shown(self._finding["input"])
        if self.type == "value_error":
            return f"{key} = {seen}: {self._finding['ctx']['error']}"
        return f"{key} = {seen}: must be {self._wanted()}"

    def _wanted(self) -> str:
        """What is allowed here: in the schema's words, or else in pydantic's, made plain."""
        name = ".".join(map(str, self.place))
        if name in parameters(self._kind):
            return bounds(parameters(self._kind)[name])
        if self.type == "missing":
            table = _section_at(self._kind, self.place) is not None
            return f"a table [{name}]" if table else "its value"
        plain = _PLAIN.get(self.type)
        if plain is None:
            return self._finding["msg"].removeprefix("Input should be ")
        return plain.format(**self._finding.get("ctx", {}))


_INTERNAL = re.compile(
    r"constrained-|function-|a-number$|a-rule$"
)  # parts of a place that only pydantic knows
_PLAIN = {
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number from {ge:g}",
    "less_than_equal": "a number up to {le:g}",
    "less_than": "a number below {lt:g}",
    "list_type": "a list, such as [0.0, 1.0]",
    "literal_error": "{expected}",
    "string_type": "text in quotation marks",
    "string_too_long": "text of at most {max_length} letters",
    "string_too_short": "text that is not empty",
    "string_pattern_mismatch": (
        "made of letters, digits, - and _ (a scenario or issue in lower case, a scenario without _)"
    ),
    "tuple_type": 'a pair, such as ["health", "pensions"]',
    "model_type": "a table",
    "dict_type": "a table",
    "too_short": "a list of at least {min_length}, not {actual_length}",
    "too_long": "a list of at most {max_length}, not {actual_length}",
}


def _closest(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)


def _spelt(place: tuple, document: Any) -> str:
    """A place as a person knows it: issue.wages.levels rather than issue[0].levels."""
    key = ""
    for part in place:
        if isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
            named = document.get("name") if isinstance(document, dict) else None
            key += f".{_quoted(named)}" if isinstance(named, str) and named else f"[{part}]"
        else:
            document = document.get(part) if isinstance(document, dict) else None
            key += f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}"
    return key.lstrip(".")


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def _section_at(kind: type, place: tuple) -> type[BaseModel] | None:
    """The table of the schema at a place; None where there is none."""
    for part in place:
        if isinstance(part, int):
            continue
        field = getattr(kind, "model_fields", {}).get(part)
        if field is None:
            return None
        inner = getattr(field.annotation, "__args__", (field.annotation,))
        plain = (getattr(t, "__origin__", t) for t in inner)  # Annotated[Until, ...] is Until
        kind = next((t for t in plain if _is_table(t)), object)
    return kind if _is_table(kind) else None


def _is_table(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)

"""Markup and escapes in every text field: shown as text in a terminal, a page and a picture, never obeyed."""

import random
import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import tomli_w

from tally import Tally
from writers import ARMS, DEALS, PIE, Answer, call, furnish

KIND = "markup and escapes"
TEXTS = {
    "tag of a terminal": "[/red] and [bold]bold[/bold]",
    "name in brackets": "threat [low]",
    "escape": "\x1b[31mred\x1b[0m",
    "title of a window": "\x1b]0;PWN\x07",
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "entity": "&lt;b&gt; & &#0;",
    "formula of a picture": "$\\frac{1$ and 5$ to 6$",
    "formula of a sheet": "=cmd|' /C calc'!A0",
    "other direction": "\u202eevil",
    "two lines": "one\ntwo\r\nthree",
    "bell and delete": "a\x07b\x7fc\x08d",
    "C1 escape": "\x9b31mred",
    "Markdown": "| a | b |\n|---|\n[x](javascript:alert(1)) `c`",
    "template": "{{ 7 * 7 }} {% if %} %s {0}",
    "long": "n" * 300,
    "surrogate pair": "\U0001f600 \u0301\u0301\u0301",
    "shell": "$(touch pwned); `touch pwned`",
}
EXPERIMENT_FIELDS = ("question", "arm", "other arm")
SCENARIO_FIELDS = ("title", "description", "source", "issue title", "unit", "issue source")
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LOOK = (
    "show out",
    "compare out",
    "effects out",
    "enough out",
    "verify out --worlds 1",
    "replay out",
)


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """So many pairs of a text and the field that it stands in; every text at the least in one field."""
    fields = (*EXPERIMENT_FIELDS, *SCENARIO_FIELDS, "path")
    orders = [(text, chance.sample(fields, len(fields))) for text in TEXTS]
    pairs = [(text, order[turn]) for turn in range(len(fields)) for text, order in orders]
    for text, field in pairs[:tries]:
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(scratch)
            furnish(place)
            told, wrong = False, ""
            for typed, answer in _answers(place, TEXTS[text], field):
                told = told or answer.told
                wrong = wrong or _wrong(typed, answer, TEXTS[text], place)
            wrong = wrong or _in_files(place)
        tally.add(KIND, f"{text} as {field}", told, wrong)


def _answers(place: Path, text: str, field: str) -> Iterator[tuple[str, Answer]]:
    """What comes of the commands that show a text."""
    if field == "path":
        yield from _with_a_path(place, text)
        return
    if field in EXPERIMENT_FIELDS:
        document = _experiment(text, field)
        (place / "own.toml").write_bytes(tomli_w.dumps(document).encode("utf-8", "surrogatepass"))
        first = ("check own.toml", "run own.toml --out out --quiet --no-figures")
        looked = (*LOOK, "plot out --figure summary", "report out")
        for typed in (*first, *looked):
            yield typed, call(typed, place)
        return
    (place / "own.toml").write_bytes(tomli_w.dumps(_scenario(text, field)).encode())
    (place / "deals.csv").write_text(DEALS.replace("\n1,", f'\n"{_cell(text)}",', 1), "utf-8")
    for typed in (
        "check own.toml",
        "describe own.toml",
        "solve own.toml --out solve",
        "kit own.toml --out kit",
        "score deals.csv --scenario own.toml --out score",
        "export own.toml --to negmas --out negmas",
        "export own.toml --to genius --out genius",
        "import negmas --out back.toml",
    ):
        yield typed, call(typed, place)


def _with_a_path(place: Path, text: str) -> Iterator[tuple[str, Answer]]:
    """The text in the names of a file and of a folder, where the system allows that."""
    name = text.replace("/", "_").replace("\0", "")
    try:
        (place / f"{name}.toml").write_text(ARMS.lstrip(), "utf-8")
    except OSError:
        name = name[:200]
        (place / f"{name}.toml").write_text(ARMS.lstrip(), "utf-8")
    words = ["run", f"{name}.toml", "--out", f"out {name}"[:250], "--quiet", "--no-figures"]
    yield "run", call(words, place)
    yield "report", call(["report", words[3]], place)
    yield "show", call(["show", words[3]], place)
    yield "show of nothing", call(["show", f"{name} not there"], place)


def _experiment(text: str, field: str) -> dict:
    import tomllib

    document = tomllib.loads(ARMS)
    if field == "question":
        document["question"] = text
    else:
        arms = list(document["arms"].values())
        names = [text, f"{text} 2", "plain"] if field == "arm" else ["plain", "other", text]
        document["arms"] = dict(zip(names, arms, strict=True))
    return document


def _scenario(text: str, field: str) -> dict:
    import tomllib

    document = tomllib.loads(PIE)
    if field.startswith("issue "):
        document["issue"][0][field.removeprefix("issue ")] = text
    elif field == "unit":
        document["issue"][0]["unit"] = text
    else:
        document[field] = text
    return document


def _cell(text: str) -> str:
    return text.replace('"', '""').replace("\0", "")


def _wrong(typed: str, answer: Answer, text: str, place: Path) -> str:
    if answer.wrong:
        return f"{typed}: {answer.wrong}"
    if found := OBEYED.search(_shown(answer.said)):
        return f"{typed}: {found[0]!r} reaches the terminal"
    if (place / "pwned").exists():
        return f"{typed}: a command in a text was obeyed"
    if typed == "show out" and answer.code == 0:
        marks = re.findall(r"\[/?\w+\]", text)
        if gone := [mark for mark in marks if mark not in re.sub(r"[\s│┃]", "", answer.said)]:
            return f"{typed}: {gone[0]} is not shown as it was written"
    return ""


def _shown(said: str) -> str:
    """What is said without the marks of a progress line."""
    return said.replace("\r\n", "\n").replace("\r", "\n")


def _in_files(place: Path) -> str:
    """Pages that a browser would obey, and pictures that are no good XML."""
    for page in sorted(place.rglob("*.html")):
        if found := _Obeyed(page.read_text("utf-8")).found:
            return f"{page.name}: {found[0]}"
    for picture in sorted(place.rglob("*.svg")):
        try:
            tree = ET.fromstring(picture.read_bytes())
        except ET.ParseError as error:
            return f"{picture.name}: is not well-formed ({error})"
        for element in tree.iter():
            name = str(element.tag).rpartition("}")[2].lower()
            if name in ("script", "foreignobject") or any(
                k.startswith("on") for k in element.attrib
            ):
                return f"{picture.name}: holds <{name}>"
    for picture in place.rglob("*.png"):
        if picture.stat().st_size == 0:
            return f"{picture.name}: is empty"
    return ""


class _Obeyed(HTMLParser):
    """What a browser would obey of a page: an alert of ours, a handler, an address that is a script."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._script = tag == "script"
        for key, value in attrs:
            address = key in ("href", "src", "action", "data") and "javascript:" in (value or "")
            if address or (key.startswith("on") and "alert" in (value or "")):
                self.found.append(f"<{tag} {key}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and "alert(1)" in data:
            self.found.append(f"a script: {data[:60]}")

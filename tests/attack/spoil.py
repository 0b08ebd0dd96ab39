"""Ways to spoil the bytes of a file, for tests and for the campaign of attacks: bytes in, bytes out.

Each takes the content and a `random.Random`; the same two give the same bytes.
"""

import json
from collections.abc import Callable
from random import Random

Spoiler = Callable[[bytes, Random], bytes]

DIGITS = b"9" * 5000  # more than Python turns into a whole number
NESTED = 20_000  # more than Python follows
SHAPES = (  # of another kind than any document that is read
    b"",
    b"null",
    b"0",
    b"-1e400",
    b'"text"',
    b"[]",
    b"[1, 2]",
    b"{}",
    b"true",
    b"NaN",
    b'{"": {"": []}}',
    b'{"part": 0, "sha256": [], "failures": 3}',
    b'{"part": [], "sha256": {"worlds": null}}',
    b'{"sha256": {"a": 1, "../b": null}, "name": [], "question": {}, "seed": "x", "code": 1}',
)
BAD_LETTERS = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\r",
    b"\xc3",
    b"\xe2\x80\xae",
    b"\x80",
)
VALUES = (
    DIGITS,
    b"1e999",
    b"-1e-999",
    b"nan",
    b"inf",
    b"0x" + b"f" * 3000,
    b'"' + b"n" * 300 + b'"',
    b'"x\\u0000y.toml"',
    b'"../../../../etc/passwd"',
    b"{}",
    b"[]",
    b"true",
    b"null",
    b"-1",
    b"1979-05-27T07:32:00Z",
    b"''",
)


def flip(content: bytes, random: Random) -> bytes:
    """One bit the other way."""
    if not content:
        return content
    at = random.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :]


def cut(content: bytes, random: Random) -> bytes:
    """The end gone, as after a full disk."""
    return content[: random.randrange(len(content) + 1)]


def drop(content: bytes, random: Random) -> bytes:
    """A piece gone."""
    first, last = _piece(content, random)
    return content[:first] + content[last:]


def repeat(content: bytes, random: Random) -> bytes:
    """A piece twice or more often."""
    first, last = _piece(content, random)
    return content[:last] + content[first:last] * random.choice((1, 2, 50)) + content[last:]


def insert(content: bytes, random: Random) -> bytes:
    """Letters that do not belong into a text."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(BAD_LETTERS) + content[at:]


def junk(content: bytes, random: Random) -> bytes:
    """A piece that is noise."""
    first, last = _piece(content, random)
    return content[:first] + random.randbytes(min(last - first, 200)) + content[last:]


def zeros(content: bytes, random: Random) -> bytes:
    """A piece that is nothing but NUL, as after a power cut."""
    first, last = _piece(content, random)
    return content[:first] + b"\0" * (last - first) + content[last:]


def encode(content: bytes, random: Random) -> bytes:
    """The text in another encoding, or with another mark before it."""
    text = content.decode("utf-8", "replace")
    coding = random.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp500"))
    return text.replace("e", "é", 3).encode(coding, "replace")


def lines(content: bytes, random: Random) -> bytes:
    """Lines in another order, with other ends, or one of them twice."""
    each = content.splitlines(keepends=True)
    match random.randrange(4):
        case 0:
            random.shuffle(each)
        case 1:
            each = [line.rstrip(b"\r\n") + b"\r" for line in each]
        case 2:
            each = [line.rstrip(b"\r\n") for line in each]
        case _ if each:
            each.insert(random.randrange(len(each)), random.choice(each))
    return b"".join(each)


def nest(content: bytes, random: Random) -> bytes:
    """Lists or tables in each other, deeper than one can follow."""
    depth = random.choice((30, 60, 500, NESTED))
    opened, closed = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"{a=", b"}")))
    nested = opened * depth + b"1" + closed * depth
    match random.randrange(4):
        case 0:
            return nested
        case 1:
            return content + b"\nnested = " + nested + b"\n"
        case 2:
            return content + b"\n[" + b"a." * depth + b"a]\nb = 1\n"
        case _:
            return _another_value(content, random, nested)


def value(content: bytes, random: Random) -> bytes:
    """A value that is too large, too long, or of another kind."""
    return _another_value(content, random, random.choice(VALUES))


def shape(content: bytes, random: Random) -> bytes:
    """A document of another shape, or a line of it."""
    other = random.choice(SHAPES)
    each = content.splitlines()
    if len(each) < 2 or random.random() < 0.5:
        return other
    each[random.randrange(len(each))] = other
    return b"\n".join(each)


def member(content: bytes, random: Random) -> bytes:
    """A JSON document, or a line of several, with one entry of another kind; else another shape."""
    each = content.splitlines() if content.startswith(b'{"') else [content]
    at = random.randrange(len(each)) if each else 0
    try:
        document = json.loads(each[at])
    except (IndexError, ValueError, RecursionError):
        return shape(content, random)
    holder, key = random.choice(list(_places(document)) or [({"": 0}, "")])
    if random.random() < 0.3 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = random.choice(
            (None, -1, 10**400, "", [], {}, [[]], {"a": {}}, True, 1e308, "../x")
        )
    each[at] = json.dumps(document).encode()
    return b"\n".join(each) + b"\n"


SPOILERS: tuple[Spoiler, ...] = (
    flip,
    cut,
    drop,
    repeat,
    insert,
    junk,
    zeros,
    encode,
    lines,
    nest,
    value,
    shape,
    member,
)


def spoiled(content: bytes, random: Random) -> tuple[str, bytes]:
    """Spoil a content in one to three ways; gives which, and what came of it."""
    ways = random.choices(SPOILERS, k=random.choice((1, 1, 1, 2, 3)))
    for way in ways:
        content = way(content, random)
    return ", ".join(way.__name__ for way in ways), content


def _piece(content: bytes, random: Random) -> tuple[int, int]:
    first = random.randrange(len(content) + 1)
    return first, min(first + random.choice((1, 2, 8, 40, 400, len(content))), len(content))


def _another_value(content: bytes, random: Random, other: bytes) -> bytes:
    """The text with other words in place of what follows an equals sign, a colon or a comma."""
    places = [at for at, letter in enumerate(content) if letter in b"=:,"]
    if not places:
        return other
    first = random.choice(places) + 1
    ends = [content.find(end, first) for end in (b"\n", b",", b"}", b"#")]
    last = min((end for end in ends if end >= 0), default=len(content))
    return content[:first] + b" " + other + content[last:]


def _places(document: object) -> list[tuple[dict | list, object]]:
    """Every place of a document: what holds it, and its key there."""
    found: list[tuple[dict | list, object]] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        keys = (
            list(node)
            if isinstance(node, dict)
            else range(len(node))
            if isinstance(node, list)
            else ()
        )
        for key in keys:
            found.append((node, key))
            waiting.append(node[key])
    return found

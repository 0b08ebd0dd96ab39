"""What a parameter is called in a sentence: its meaning in a few words, in place of its key."""

import re
from functools import lru_cache

from sim.cases.schema import TextbookGame, TwoLevelGame
from sim.inputs.parameter import parameters

LONGEST = 100  # letters of a title
EXPLAINED = re.compile(  # what begins a meaning after "mixed: "; else what is before the colon is the title
    r"(how|what|which|over|the (offer|most|tactic|weight|concession|demand|least)|probability|spread)\b"
)


def title_of(key: str) -> str:
    """The title of a parameter, or of what else is varied; the key where it has none."""
    return _titles().get(key, key)


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    known = {**parameters(TextbookGame), **parameters(TwoLevelGame)}
    titles = {key: _in_few_words(field.description or key) for key, field in known.items()}
    found = {}
    for key, title in titles.items():
        shared = sum(title == other for other in titles.values()) > 1
        table = key.split(".")[0].replace("_", " ")
        words = f"{table}: {title}" if shared else title
        found[key] = words if len(words) <= LONGEST else key
    return found


def _in_few_words(description: str) -> str:
    """A description up to what explains it."""
    head, colon, tail = description.partition(": ")
    words = tail if colon and EXPLAINED.match(tail) and len(head.split()) < 6 else head
    words = words.partition("; ")[0]
    return words if len(words.split()) > 1 else description.partition("; ")[0]

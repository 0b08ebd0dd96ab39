"""Letters: a text as it can be shown, whoever wrote it.

A terminal obeys some letters instead of showing them (colours, a title, a cursor that goes back over what
was said); others are not seen, turn the order of a line, or break it. They are written out, as Python
writes them.
"""

import unicodedata

# What cannot be shown: controls, halves of pairs, private and unassigned letters, ends of lines; and of
# those that only say how to set others, all but the joiners and the soft hyphen, which scripts need.
_HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
_NEEDED = "\u200c\u200d\u00ad"


def plain(text: object) -> str:
    """A text in one line, with what cannot be shown written out."""
    written = str(text)
    return written if written.isprintable() else "".join(map(_seen, written))


def paragraph(text: object) -> str:
    """The same of a text that may have several lines, and tabs in them."""
    written = str(text)
    return written if written.isprintable() else "".join(map(_seen_or_space, written))


def _seen_or_space(letter: str) -> str:
    return letter if letter in "\n\t" else _seen(letter)


def _seen(letter: str) -> str:
    if unicodedata.category(letter) not in _HIDDEN or letter in _NEEDED:
        return letter
    return repr(letter)[1:-1] if not letter.isprintable() else f"\\u{ord(letter):04x}"

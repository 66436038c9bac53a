"""Text from a case, made safe to stand in a label: one line, no hidden direction marks, a known length."""

from __future__ import annotations

import re
import unicodedata

# Bidirectional controls reorder neighbouring text; joiners stay, because some scripts need them.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: object, most: int = 2_000) -> str:
    """The text on one line, without control or direction characters, at most `most` characters long.

    >>> plain("North\\u202e\\n border")
    'North border'
    >>> plain("a" * 50, most=10)
    'aaaaaaaaa…'
    """
    raw = _DIRECTION.sub("", str(text)[: 4 * most])
    kept = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Zl", "Zp") else " " for c in raw)
    line = " ".join(kept.split(" ")).strip()
    line = re.sub(" {2,}", " ", line)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def spoken(name: str, most: int = 60) -> str:
    """An identifier as words.

    >>> spoken("limited_offensive")
    'limited offensive'
    """
    return plain(name.replace("_", " "), most)

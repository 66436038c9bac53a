"""The reference class beside each answer, with what many answers share said once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from fissures.brief.numbers import day
from fissures.figures.labels import plain
from fissures.study.records import Answer, ReferenceClass

SEVERAL = 3  # answers that share a class from which on it is said once, below the table
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def cells(questions: Sequence[Answer]) -> dict[str, str]:
    """What stands under each answer's reference class, by the question's name: all of it, or what is its own."""
    common = _common(questions)
    cutoffs = {q.reference_class.cutoff for q in questions if q.reference_class}
    out = {}
    for q in questions:
        if (known := q.reference_class) is None:
            continue
        method, aside, own, shared = _parts(known)
        if (method, shared) in common:
            out[q.id] = _dated("; ".join(part for part in (aside, own) if part))
        else:
            to = f"; data to {day(known.cutoff)}" if len(cutoffs) > 1 else ""
            out[q.id] = f"{known.method}; {_dated(known.counted)}{to}"
    return out


def note(questions: Sequence[Answer]) -> str:
    """The classes that several answers share; "" where there are none.

    >>> note(())
    ''
    """
    told = [f"{plain(method, 120)}; {plain(_dated(shared), 160)}" for method, shared in _common(questions)]
    return f"Where a reference class says no more than what it counts, it is this: {' or '.join(told)}." if told else ""


def _common(questions: Sequence[Answer]) -> tuple[tuple[str, str], ...]:
    parts = [_parts(q.reference_class) for q in questions if q.reference_class]
    found = Counter((method, shared) for method, _, own, shared in parts if own)
    return tuple(key for key, n in found.items() if n >= SEVERAL)


def _parts(known: ReferenceClass) -> tuple[str, str, str, str]:
    """The method and what it adds for this question; what is counted, and the class it is counted in."""
    method, _, aside = known.method.partition(", ")
    own, _, shared = known.counted.rpartition("; ")
    return method, aside, own, shared


def _dated(text: str) -> str:
    """A text with its dates in words.

    >>> _dated("to 2020-07-19").replace(chr(160), " ")
    'to 19 July 2020'
    """
    return _DATE.sub(lambda found: day(date(*map(int, found.groups()))), text)

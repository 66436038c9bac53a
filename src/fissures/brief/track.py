"""The track record in words: what has been scored of the model itself, and what of the class that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fissures.brief.numbers import SPACE, count, day
from fissures.study.class_record import Record, Told, class_record
from fissures.study.expected import METHOD
from fissures.study.records import Answer


def records(questions: Sequence[Answer], as_of: date) -> tuple[Record, ...]:
    """The reference class's record that was over by a date, where the class stands beside any answer."""
    known = (q.reference_class for q in questions)
    return class_record(as_of) if any(one and one.method.startswith(METHOD) for one in known) else ()


def title(found: Sequence[Record]) -> str:
    """The finding: of the chances on which no choice was made, how many were expected to come true and how many did."""
    one = found[-1]
    return f"The reference class: {count(round(one.expected))} were expected, {count(one.came)} came"


def told(one: Record) -> str:
    """One span of windows in a sentence."""
    when = f"{count(one.windows)} windows of 22 weeks, the last over by {day(one.known_by)}"
    what = f"{count(one.chances)} chances that a front sees a week of {count(one.least)} or more killed"
    why = (
        "on which its choices were made"
        if one.chosen_on
        else "on which no choice of its was made (they had been seen before the last choice)"
    )
    came = f"{count(round(one.expected))} were to come true and {count(one.came)} did"
    return f"On {when}, {why}, it gave {what}: {came}."


def bounds(row: Told) -> str:
    """Between which chances a row stands; never nothing, and never all.

    >>> [bounds(Told(low, high, 1, low, 0)).replace(SPACE, " ") for low, high in ((0, 0.01), (0.02, 0.05), (0.8, 1))]
    ['below 1 %', '2 to 5 %', 'above 80 %']
    """
    if row.low <= 0:
        return f"below {100 * row.high:g}{SPACE}%"
    return f"above {100 * row.low:g}{SPACE}%" if row.high >= 1 else f"{100 * row.low:g} to {100 * row.high:g}{SPACE}%"

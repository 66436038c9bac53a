"""How the last issue's answers did, in words: a sentence for the first page, and a table for the track record."""

from __future__ import annotations

from fissures.brief.numbers import SPACE, chance, count, people
from fissures.brief.phrases import listed
from fissures.figures.labels import plain
from fissures.study.resolve_records import Marks, Resolution, Resolved

NAMED = 3  # questions that the first page names


def heading(told: Resolution | None) -> str:
    """The finding of the track record."""
    if told is None:
        return "Track record: no answer of this version has been scored"
    settled, asked = len(told.settled), len(told.asked)
    many = count(settled) if settled else "none"
    return f"Track record: of the last issue's {count(asked)} answers {many} {'has' if settled < 2 else 'have'} settled"


def opening(told: Resolution) -> str:
    """What a desk sends upward: how many settled, which, what had been said of them, and what that is worth."""
    if not told.settled:
        return f"None of that issue's {count(len(told.asked))} answers has settled yet."
    shown = sorted(told.settled, key=lambda one: one.kind == "number")[:NAMED]
    which = listed([f"“{plain(one.title, 90)}” {_came(one)} ({_was(one)} had been said)" for one in shown])
    more = len(told.settled) - len(shown)
    rest = f", and {count(more)} more" if more else ""
    many = f"Of that issue's {count(len(told.asked))} answers {count(len(told.settled))} settled"
    return f"{many}: {which}{rest}.{_worth(told)}"


def _came(one: Resolved) -> str:
    if one.kind == "number":
        return f"came to {count(one.least)}"
    return "came true" if one.status == "came true" else "did not come true"


def _worth(told: Resolution) -> str:
    if told.total is None:
        return ""
    return f" {next(one for one in told.sentences if 'skill' in one)}"


def _was(one: Resolved) -> str:
    return amount(one, one.said.with_claims)


def amount(one: Resolved, value: float | None) -> str:
    """A number that had been said, in the question's unit; "none" where nobody gave one."""
    if value is None:
        return "none"
    return people(value) if one.kind == "number" else chance(value)


def came(one: Resolved) -> str:
    """What came of a question, as its cell says it."""
    fell = f", {one.fell} the 80{SPACE}% range" if one.fell and one.kind == "number" else ""
    return f"{one.outcome}{fell}"


def lacking(one: Resolved) -> str:
    """What stands in the way of telling; "" where the question is settled, or simply open."""
    return plain(one.lacking, 400) if one.status in ("cannot be told", "asked otherwise") else ""


def scores(one: Resolved) -> list[str]:
    """The scores of a question: with claims first, then what stood beside it."""
    marks = one.crps if one.kind == "number" else one.brier
    if marks == Marks():
        return []
    names = {"claims off": marks.claims_off, "reference class": marks.reference}
    with_claims = "not kept" if marks.with_claims is None else _score(one, marks.with_claims)
    return [with_claims, *(f"{name} {_score(one, x)}" for name, x in names.items() if x is not None)]


def _score(one: Resolved, value: float) -> str:
    return f"CRPS {count(value)}" if one.kind == "number" else f"{value:.2f}"

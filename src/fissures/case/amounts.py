"""Amounts and small rules in a case's phrases: durations, rates, surges, doses, rules on the record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_UNITS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"(day|week|month|year)s?"
MOST_COMPARED = 1000  # names; comparing a misspelt word with more of them takes seconds
MEASURES = ("killed", "most killed in a day", "heavy", "special", "drones", "drone days", "wounded", "any")


class PhraseError(ValueError):
    """A phrase that the grammar cannot read, with what to try instead."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} (try: {remedy})")


@dataclass(frozen=True)
class Surge:
    """The level at which a pressure reads 1: events in a window, days in a row, or a series value."""

    kind: str  # "events", "days" or "value"
    amount: float
    window: float = 0.0


@dataclass(frozen=True)
class Condition:
    """A rule on the record: this measure reaches this value ("nothing": no report for so many days).

    With `window` the measure is a stream, counted over so many days.
    """

    measure: str
    at_least: float
    window: float = 0.0


@dataclass(frozen=True)
class Injection:
    """Events that a lever adds: how many at a time, and every how many days (0: once)."""

    count: float
    every: int


def nearest(word: str, legal: Iterable[str]) -> str:
    """A remedy that names the closest legal word, or all of them.

    >>> nearest("nroth", ["north", "south"])
    "did you mean 'north'? legal here: north, south"
    """
    known = sorted(legal)
    close = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.5) if len(known) <= MOST_COMPARED else []
    shown = ", ".join(known[:40]) + (" ..." if len(known) > 40 else "") or "nothing is defined yet"
    return (f"did you mean '{close[0]}'? " if close else "") + f"legal here: {shown}"


def one_of(word: str, legal: Iterable[str], what: str) -> str:
    """The word itself, where it is legal; else PhraseError with the nearest one."""
    if word not in (known := tuple(legal)):
        raise PhraseError(f"no {what} '{word[:60]}'", nearest(word, known))
    return word


def match(pattern: str, text: str) -> re.Match[str] | None:
    """The whole phrase matched against a pattern, runs of spaces read as one."""
    return re.fullmatch(pattern, " ".join(text.split()))


def duration(text: str) -> float:
    """Days in a duration such as "3 weeks"; months are 30.4375 days.

    >>> duration("3 weeks")
    21.0
    """
    if not (found := match(rf"{NUMBER} {_UNIT}", text)):
        raise PhraseError(f"'{text[:60]}' is not a duration", "write a number and a unit: 14 days, 3 weeks, 6 months")
    if (days := float(found[1]) * _UNITS[found[2]]) <= 0:
        raise PhraseError(f"'{text[:60]}' lasts no time at all", "write a duration above zero: 14 days, 3 weeks")
    return days


def rate(text: str) -> float:
    """Events a day in a rate such as "4 per month" or "1 per 30 years".

    >>> rate("1 per week") * 7
    1.0
    """
    if not (found := match(rf"{NUMBER} per (?:{NUMBER} )?{_UNIT}", text)):
        raise PhraseError(f"'{text[:60]}' is not a rate", "write 4 per month, or 1 per 30 years")
    window = float(found[2] or 1) * _UNITS[found[3]]
    if window <= 0 or float(found[1]) <= 0:
        raise PhraseError(f"'{text[:60]}' is a rate of zero", "write a rate above zero: 1 per 30 years")
    return float(found[1]) / window


def surge(text: str) -> Surge:
    """The reference surge of a pressure: "3 events in 14 days", "7 days", or "80" in the series' unit.

    >>> surge("3 events in 14 days")
    Surge(kind='events', amount=3.0, window=14.0)
    """
    if found := match(rf"{NUMBER} events? in (.+)", text):
        value = Surge("events", float(found[1]), duration(found[2]))
    elif match(rf"{NUMBER} {_UNIT}", text):
        value = Surge("days", duration(text))
    elif found := match(NUMBER, text):
        value = Surge("value", float(found[1]))
    else:
        raise PhraseError(f"'{text[:60]}' is not a reference surge", "write 3 events in 14 days, 7 days, or 80")
    if value.amount <= 0:
        raise PhraseError(f"'{text[:60]}' is a surge of zero", "state the level that should read as 1")
    return value


def condition(text: str, streams: Iterable[str] = ()) -> Condition:
    """A rule over the record: "killed per week >= 10", or of a stream: "summits in 28 days >= 1".

    >>> condition("most killed in a day >= 5")
    Condition(measure='most killed in a day', at_least=5.0, window=0.0)
    """
    if found := match(rf"nothing for {NUMBER} days", text):
        return Condition("nothing", float(found[1]))
    if found := match(rf"(\w+) in {NUMBER} days? >= {NUMBER}", text):
        return Condition(one_of(found[1], streams, "stream"), float(found[3]), float(found[2]))
    if not (found := match(rf"([a-z ]+?)(?: per week)? >= {NUMBER}", text)):
        raise PhraseError(
            f"'{text[:60]}' is not a rule on the record",
            "write killed per week >= 10, STREAM in 28 days >= 1, or nothing for 14 days",
        )
    return Condition(one_of(found[1], MEASURES, "measure"), float(found[2]))


def injection(text: str) -> Injection:
    """The dose of a lever: "1 once" or "2 every 3 days".

    >>> injection("1 every 3 days")
    Injection(count=1.0, every=3)
    """
    if found := match(rf"{NUMBER} once", text):
        return Injection(float(found[1]), 0)
    if found := match(rf"{NUMBER} every (\d{{1,6}}) days?", text):
        return Injection(float(found[1]), max(int(found[2]), 1))
    raise PhraseError(f"'{text[:60]}' is not a dose of events", "write 1 once, or 1 every 3 days")

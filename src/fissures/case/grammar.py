"""The small grammar of a case: short phrases in, frozen values out.

One place reads every phrase of a case file. A phrase that cannot be read raises `PhraseError`, which names the
legal words and the nearest one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from fissures.case.records import Case

_UNITS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_NUMBER = r"(\d+(?:\.\d+)?)"
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
    """A rule on the weekly record: this measure reaches this value ("nothing": no report for so many days)."""

    measure: str
    at_least: float


@dataclass(frozen=True)
class State:
    """A front standing at a rung or above."""

    front: str
    rung: str


@dataclass(frozen=True)
class Cause:
    """What a claim names as cause: a pressure, a front's rung, or a commitment."""

    kind: str  # "pressure", "rung" or "commitment"
    name: str
    rung: str | None = None


@dataclass(frozen=True)
class Effect:
    """What a claim moves, and which way: `sign` is +1 for raises and -1 for lowers.

    `kind` is "climbing", "falling", "ceiling", "move" or "stream"; `start`, `end` are rungs where the phrase
    names them: climbing from `start` (to `end`), a ceiling at `end`, the named move `start` to `end`.
    """

    sign: int
    kind: str
    fronts: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    stream: str | None = None


@dataclass(frozen=True)
class Injection:
    """Events that a lever adds: how many at a time, and every how many days (0: once)."""

    count: float
    every: int


@dataclass(frozen=True)
class Ask:
    """What a question counts along a path.

    `kind` is "reaches" (a rung on any of `fronts`), "deaths" (at least `at_least` on `fronts`), "events" (at least
    `at_least` of `stream`) or "total" (how many deaths on `fronts`).
    """

    kind: str
    fronts: tuple[str, ...] = ()
    rung: str | None = None
    at_least: float = 0.0
    stream: str | None = None


def nearest(word: str, legal: Iterable[str]) -> str:
    """A remedy that names the closest legal word, or all of them.

    >>> nearest("nroth", ["north", "south"])
    "did you mean 'north'? legal here: north, south"
    """
    known = sorted(legal)
    close = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.5) if len(known) <= MOST_COMPARED else []
    shown = ", ".join(known[:40]) + (" ..." if len(known) > 40 else "") or "nothing is defined yet"
    return (f"did you mean '{close[0]}'? " if close else "") + f"legal here: {shown}"


def _one_of(word: str, legal: Iterable[str], what: str) -> str:
    if word not in (known := tuple(legal)):
        raise PhraseError(f"no {what} '{word[:60]}'", nearest(word, known))
    return word


def _match(pattern: str, text: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, " ".join(text.split()))


def duration(text: str) -> float:
    """Days in a duration such as "3 weeks"; months are 30.4375 days.

    >>> duration("3 weeks")
    21.0
    """
    if not (found := _match(rf"{_NUMBER} {_UNIT}", text)):
        raise PhraseError(f"'{text[:60]}' is not a duration", "write a number and a unit: 14 days, 3 weeks, 6 months")
    if (days := float(found[1]) * _UNITS[found[2]]) <= 0:
        raise PhraseError(f"'{text[:60]}' lasts no time at all", "write a duration above zero: 14 days, 3 weeks")
    return days


def rate(text: str) -> float:
    """Events a day in a rate such as "4 per month" or "1 per 30 years".

    >>> rate("1 per week") * 7
    1.0
    """
    if not (found := _match(rf"{_NUMBER} per (?:{_NUMBER} )?{_UNIT}", text)):
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
    if found := _match(rf"{_NUMBER} events? in (.+)", text):
        value = Surge("events", float(found[1]), duration(found[2]))
    elif _match(rf"{_NUMBER} {_UNIT}", text):
        value = Surge("days", duration(text))
    elif found := _match(_NUMBER, text):
        value = Surge("value", float(found[1]))
    else:
        raise PhraseError(f"'{text[:60]}' is not a reference surge", "write 3 events in 14 days, 7 days, or 80")
    if value.amount <= 0:
        raise PhraseError(f"'{text[:60]}' is a surge of zero", "state the level that should read as 1")
    return value


def condition(text: str) -> Condition:
    """A rule over the weekly record, such as "killed per week >= 10".

    >>> condition("most killed in a day >= 5")
    Condition(measure='most killed in a day', at_least=5.0)
    """
    if found := _match(rf"nothing for {_NUMBER} days", text):
        return Condition("nothing", float(found[1]))
    if not (found := _match(rf"([a-z ]+?)(?: per week)? >= {_NUMBER}", text)):
        raise PhraseError(
            f"'{text[:60]}' is not a rule on the record",
            "write killed per week >= 10, or nothing for 14 days",
        )
    return Condition(_one_of(found[1], MEASURES, "measure"), float(found[2]))


def rung_at_or_above(text: str, rungs: Iterable[str]) -> str:
    """The rung in "heavy_weapons or above"."""
    if not (found := _match(r"(\w+) or above", text)):
        raise PhraseError(f"'{text[:60]}' is not a stretch of the ladder", "write a rung: heavy_weapons or above")
    return _one_of(found[1], rungs, "rung")


def state(text: str, case: Case) -> State:
    """The front and rung in "north at raids or above"."""
    if not (found := _match(r"(\w+) at (.+)", text)):
        raise PhraseError(
            f"'{text[:60]}' is not a state of a front", "write a front and a rung: north at raids or above"
        )
    front = _one_of(found[1], case.fronts, "front")
    return State(front, rung_at_or_above(found[2], rungs_of(case, front)))


def rungs_of(case: Case, front: str) -> tuple[str, ...]:
    """The rungs of a front's ladder, low to high; empty where the ladder is unknown."""
    ladder = case.ladders.get(case.fronts[front].ladder)
    return tuple(ladder.rungs) if ladder else ()


def cause(text: str, case: Case) -> Cause:
    """A claim's cause: a pressure, a commitment, or a front at a rung."""
    if " at " in text:
        where = state(text, case)
        return Cause("rung", where.front, where.rung)
    name = text.strip()
    _one_of(name, (*case.pressures, *case.commitments), "pressure or commitment")
    return Cause("pressure" if name in case.pressures else "commitment", name)


def threshold(text: str, case: Case) -> float:
    """The level in "stall above 0.5"; the cause must be a pressure."""
    if not (found := _match(rf"(\w+) above {_NUMBER}", text)):
        raise PhraseError(f"'{text[:60]}' is not a threshold", "write stall above 0.5")
    _one_of(found[1], case.pressures, "pressure")
    return float(found[2])


def _fronts(text: str, case: Case) -> tuple[str, ...]:
    names = [part.strip() for part in text.split(",")]
    return tuple(_one_of(name, case.fronts, "front") for name in names)


def _every_front(case: Case) -> tuple[str, ...]:
    return tuple(case.fronts)


_EFFECT = re.compile(
    r"(?P<verb>raises|lowers) (?:"
    r"stream (?P<stream>\w+)"
    r"|climbing past (?P<cap>\w+) of (?P<cap_fronts>.+)"
    r"|move (?P<move_start>\w+) to (?P<move_end>\w+) of (?P<move_fronts>.+)"
    r"|(?P<way>climbing|falling)(?: from (?P<start>\w+))?(?: to (?P<end>\w+))? of (?P<fronts>.+)"
    r")"
)


def effect(text: str, case: Case) -> Effect:
    """What a claim moves: climbing, falling, a ceiling, a named move, or a stream."""
    if not (found := _EFFECT.fullmatch(" ".join(text.split()))):
        raise PhraseError(
            f"'{text[:80]}' is not an effect",
            "write raises or lowers, then one of: climbing of F | falling of F | climbing from R of F | "
            "climbing past R of F | move R to R of F | stream S",
        )
    sign = 1 if found["verb"] == "raises" else -1
    if found["stream"]:
        return Effect(sign, "stream", stream=_one_of(found["stream"], case.streams, "stream"))
    fronts = _fronts(found["cap_fronts"] or found["move_fronts"] or found["fronts"], case)
    start, end = found["start"] or found["move_start"], found["end"] or found["move_end"] or found["cap"]
    kind = "ceiling" if found["cap"] else "move" if found["move_end"] else found["way"]
    value = Effect(sign, kind, fronts, start, end)
    _check_rungs(value, case)
    return value


def _check_rungs(value: Effect, case: Case) -> None:
    for front in value.fronts:
        rungs = rungs_of(case, front)
        for name in (value.start, value.end):
            if name is not None:
                _one_of(name, rungs, f"rung on the ladder of {front}:")
        if value.start and value.end:
            climbs = rungs.index(value.end) > rungs.index(value.start)
            if value.start == value.end or (value.kind, climbs) in {("climbing", False), ("falling", True)}:
                raise PhraseError(
                    f"from {value.start} to {value.end} is not {value.kind}",
                    f"rungs, low to high: {', '.join(rungs)}",
                )
        if value.kind == "ceiling" and value.end == rungs[-1]:
            raise PhraseError(f"nothing lies past {value.end}", f"name a rung below {rungs[-1]}")


def injection(text: str) -> Injection:
    """The dose of a lever: "1 once" or "2 every 3 days".

    >>> injection("1 every 3 days")
    Injection(count=1.0, every=3)
    """
    if found := _match(rf"{_NUMBER} once", text):
        return Injection(float(found[1]), 0)
    if found := _match(rf"{_NUMBER} every (\d+) days?", text):
        return Injection(float(found[1]), max(int(found[2]), 1))
    raise PhraseError(f"'{text[:60]}' is not a dose of events", "write 1 once, or 1 every 3 days")


def asks(text: str, case: Case) -> Ask:
    """The executable core of a question."""
    clean = " ".join(text.split())
    if found := _match(r"(any front|[\w, ]+?) reaches (\w+)", clean):
        fronts = _every_front(case) if found[1] == "any front" else _fronts(found[1], case)
        for front in fronts if found[1] != "any front" else ():
            _one_of(found[2], rungs_of(case, front), "rung")
        standing = tuple(f for f in fronts if found[2] in rungs_of(case, f))
        if not standing:
            _one_of(found[2], {r for f in fronts for r in rungs_of(case, f)}, "rung")
        return Ask("reaches", standing, rung=found[2])
    if found := _match(rf"at least {_NUMBER} deaths? on (all fronts|[\w, ]+)", clean):
        fronts = _every_front(case) if found[2] == "all fronts" else _fronts(found[2], case)
        return Ask("deaths", fronts, at_least=float(found[1]))
    if found := _match(rf"at least {_NUMBER} of stream (\w+)", clean):
        return Ask("events", at_least=float(found[1]), stream=_one_of(found[2], case.streams, "stream"))
    if found := _match(r"deaths on (all fronts|[\w, ]+)", clean):
        fronts = _every_front(case) if found[1] == "all fronts" else _fronts(found[1], case)
        return Ask("total", fronts)
    raise PhraseError(
        f"'{text[:80]}' is not a question the record can answer",
        "write F reaches R | any front reaches R | at least N deaths on F | at least N of stream S | deaths on all "
        "fronts",
    )

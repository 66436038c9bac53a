"""The small grammar of a case: short phrases in, frozen values out.

One place reads every phrase of a case file. A phrase that cannot be read raises `PhraseError`, which names the
legal words and the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fissures.case.amounts import (
    NUMBER,
    Condition,
    Injection,
    PhraseError,
    Surge,
    condition,
    duration,
    injection,
    match,
    nearest,
    one_of,
    rate,
    surge,
)
from fissures.case.records import Case, Front, Track

__all__ = [
    "Ask",
    "Cause",
    "Condition",
    "Effect",
    "Factor",
    "Injection",
    "PhraseError",
    "Surge",
    "When",
    "asks",
    "cause",
    "condition",
    "duration",
    "effect",
    "factor",
    "injection",
    "means_of",
    "nearest",
    "rate",
    "rungs_of",
    "standing",
    "surge",
    "when",
]

ANY = "any front"
OWN = "own front"
EVENTS = "stream"  # the kind of a factor that is a stream's events, in what feeds a pressure


@dataclass(frozen=True)
class Factor:
    """Something that is so, or so much, on a day: what causes are made of and what feeds pressures.

    `kind` is "pressure", "stream", "commitment", "in_force", "within" (so many `days` after an event of a stream),
    "rung" (standing at or above), "just" (standing there and no higher), "reaches" (climbing there today), "by"
    (`who` moved), "hits" (`who`'s recognised soil under fire), "means" (`who` names them), "advance" (ground taken, by
    `who` if named), "dead" (of `who`) or "deaths". `names` are fronts and tracks, or the one pressure, stream or
    commitment meant.
    """

    kind: str
    names: tuple[str, ...] = ()
    rung: str | None = None
    who: str | None = None
    days: float = 0.0
    own: bool = False


@dataclass(frozen=True)
class Cause:
    """What a claim names as cause: one factor, or the product of two."""

    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class When:
    """The condition on a claim: a factor that holds, or a pressure above or below a level."""

    factor: Factor
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Effect:
    """What a claim moves, and which way: `sign` is +1 for raises and -1 for lowers.

    `kind` is "climbing", "falling", "ceiling", "move", "violence", "stream", "pressure", "by", "means" or "advance".
    `start`, `end` are rungs where the phrase names them: climbing from `start` (to `end`), a ceiling at `end`, the
    named move `start` to `end`; `most` is the highest rung that a climb may reach to count. `name` is the stream,
    pressure, actor or means.
    """

    sign: int
    kind: str
    fronts: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    name: str | None = None
    most: str | None = None


@dataclass(frozen=True)
class Ask:
    """What a question counts along a path.

    `kind` is "reaches" (a rung on any of `fronts`), "deaths" (at least `at_least` on `fronts`), "month" (so many in a
    calendar month), "events" (at least `at_least` of `streams` together), "none" (no event of them), "means" (used on
    any of `fronts`), "advance" (ground changes hands); or a number: "total" (deaths on `fronts`, as told by `who` if
    named), "weeks" (weeks with use of a means).
    """

    kind: str
    fronts: tuple[str, ...] = ()
    rung: str | None = None
    at_least: float = 0.0
    streams: tuple[str, ...] = ()
    who: str | None = None

    @property
    def number(self) -> bool:
        """Whether the answer is a number and not yes or no."""
        return self.kind in ("total", "weeks")


def standing(case: Case) -> dict[str, Front | Track]:
    """Everything that stands on a ladder, fronts first, by name."""
    return {**case.fronts, **case.tracks}


def rungs_of(case: Case, name: str) -> tuple[str, ...]:
    """The rungs of a front's or track's ladder, low to high; empty where the ladder is unknown."""
    ladder = case.ladders.get(standing(case)[name].ladder)
    return tuple(ladder.rungs) if ladder else ()


def means_of(case: Case) -> tuple[str, ...]:
    """Every means of violence that some rung names, in the case's order."""
    rungs = (rung for ladder in case.ladders.values() for rung in ladder.rungs.values())
    return tuple(dict.fromkeys(name for rung in rungs for name in rung.means))


def _places(text: str, case: Case, fronts_only: bool = False) -> tuple[str, ...]:
    """Fronts and tracks in "any front" or "north, south"."""
    if text == ANY:
        return tuple(case.fronts)
    legal = case.fronts if fronts_only else standing(case)
    what = "front" if fronts_only or not case.tracks else "front or track"
    return tuple(one_of(part.strip(), legal, what) for part in text.split(","))


def _at(names: tuple[str, ...], rung: str, case: Case) -> tuple[str, ...]:
    """Those of the names whose ladder holds the rung; PhraseError where none does, or where a named one lacks it."""
    able = tuple(name for name in names if rung in rungs_of(case, name))
    if not able or (able != names and names != tuple(case.fronts)):
        lacking = names if not able else tuple(n for n in names if n not in able)
        one_of(
            rung, dict.fromkeys(r for n in lacking for r in rungs_of(case, n)), f"rung on the ladder of {lacking[0]}:"
        )
    return able


_FACTOR = re.compile(
    rf"within (?P<window>{NUMBER} \w+) of (?P<event>\w+)"
    r"|(?P<force>\w+) in force"
    r"|fire on (?P<soil>\w+) soil(?: of (?P<soil_where>[\w, ]+?))?(?: at (?P<soil_rung>\w+) or above)?"
    r"|(?P<own>own front) at (?P<own_rung>\w+) or above"
    r"|(?P<where>[\w, ]+?) at (?P<rung>\w+) or above"
    r"|(?P<just_where>[\w, ]+?) just at (?P<just>\w+)"
    r"|(?P<reach>[\w, ]+?) reaches (?P<reached>\w+)"
    r"|fire by (?P<by>\w+) on (?P<by_where>[\w, ]+?)"
    r"|use of (?P<means>\w+) on (?P<means_where>[\w, ]+?)"
    r"|advance(?: by (?P<taker>\w+))? on (?P<taken>[\w, ]+?)"
    r"|dead of (?P<dead>\w+)"
    r"|deaths on (?P<deaths>[\w, ]+?)"
    r"|(?P<name>\w+)"
)
_FACTORS = (
    "write a pressure | F at R or above | F just at R | any front reaches R | COMMITMENT in force | "
    "within 6 weeks of STREAM | fire by A on F | fire on A soil of F | use of MEANS on F | advance by A on F "
    "| dead of A"
)


def factor(text: str, case: Case) -> Factor:
    """Something that is so, or so much, on a day; raises PhraseError."""
    found = _FACTOR.fullmatch(" ".join(text.split()))
    if not found:
        raise PhraseError(f"'{text[:80]}' is not something that a day can show", _FACTORS)
    if found["window"]:
        return Factor("within", (one_of(found["event"], case.streams, "stream"),), days=duration(found["window"]))
    if found["force"]:
        return Factor("in_force", (one_of(found["force"], case.commitments, "commitment"),))
    if found["name"]:
        return _named(found["name"], case)
    return _on_fronts(found, case)


def _named(name: str, case: Case) -> Factor:
    one_of(name, (*case.pressures, *case.commitments, *case.streams), "pressure, commitment or stream")
    kinds: dict[str, Iterable[str]] = {"pressure": case.pressures, "commitment": case.commitments, EVENTS: case.streams}
    return Factor(next(kind for kind, known in kinds.items() if name in known), (name,))


def _on_fronts(found: re.Match[str], case: Case) -> Factor:
    """A factor that fronts or tracks show: where they stand, who moved, by what means, what it cost."""
    if found["own"]:
        return Factor("rung", _at(tuple(case.fronts), found["own_rung"], case), rung=found["own_rung"], own=True)
    if found["where"]:
        return Factor("rung", _at(_places(found["where"], case), found["rung"], case), rung=found["rung"])
    if found["just"]:
        return Factor("just", _at(_places(found["just_where"], case), found["just"], case), rung=found["just"])
    if found["reach"]:
        return Factor("reaches", _at(_places(found["reach"], case), found["reached"], case), rung=found["reached"])
    if found["soil"]:
        names = _places(found["soil_where"] or ANY, case, fronts_only=True)
        rung = found["soil_rung"]
        able = _at(names, rung, case) if rung else names
        return Factor("hits", able, rung=rung, who=one_of(found["soil"], case.actors, "actor"))
    if found["means"]:
        where = _places(found["means_where"], case, fronts_only=True)
        return Factor("means", where, who=one_of(found["means"], means_of(case), "means on a rung"))
    if found["taken"]:
        who = one_of(found["taker"], case.actors, "actor") if found["taker"] else None
        return Factor("advance", _places(found["taken"], case, fronts_only=True), who=who)
    if found["dead"]:
        return Factor("dead", tuple(case.fronts), who=one_of(found["dead"], case.actors, "actor"))
    if found["deaths"]:
        return Factor("deaths", _places(found["deaths"], case, fronts_only=True))
    where = _places(found["by_where"], case, fronts_only=True)
    return Factor("by", where, who=one_of(found["by"], case.actors, "actor"))


def cause(text: str, case: Case) -> Cause:
    """A claim's cause: one factor, or two joined by "and", which then both have to be there."""
    parts = tuple(factor(part, case) for part in " ".join(text.split()).split(" and "))
    if len(parts) > 2:
        raise PhraseError(f"'{text[:80]}' joins more than two causes", "join two; put a third into when")
    if streams := [part.names[0] for part in parts if part.kind == EVENTS]:
        raise PhraseError(
            f"'{streams[0]}' is a stream; a cause lasts longer than its events",
            f"name a pressure that it feeds, or write: within 2 weeks of {streams[0]}",
        )
    return Cause(parts)


def when(text: str, case: Case) -> When:
    """The condition on a claim: "stall above 0.5", "within 6 weeks of disavowals", "north at raids or above"."""
    if found := match(rf"(\w+) (above|below) {NUMBER}", text):
        one_of(found[1], case.pressures, "pressure")
        level = float(found[3])
        over = found[2] == "above"
        return When(Factor("pressure", (found[1],)), level if over else None, None if over else level)
    held = factor(text, case)
    if held.kind in ("pressure", EVENTS, "commitment", "dead", "deaths"):
        raise PhraseError(
            f"'{text[:60]}' is not a condition",
            "write PRESSURE above 0.5 | PRESSURE below 0.2 | within 6 weeks of STREAM | F at R or above",
        )
    return When(held)


_EFFECT = re.compile(
    r"(?P<verb>raises|lowers) (?:"
    r"stream (?P<stream>\w+)"
    r"|pressure (?P<pressure>\w+)"
    r"|by (?P<by>\w+) of (?P<by_fronts>.+)"
    r"|means (?P<means>\w+) of (?P<means_fronts>.+)"
    r"|(?P<plain>violence|advance) of (?P<plain_fronts>.+)"
    r"|climbing up to (?P<most>\w+) of (?P<most_fronts>.+)"
    r"|climbing past (?P<cap>\w+) of (?P<cap_fronts>.+)"
    r"|move (?P<move_start>\w+) to (?P<move_end>\w+) of (?P<move_fronts>.+)"
    r"|(?P<way>climbing|falling)(?: from (?P<start>\w+))?(?: to (?P<end>\w+))? of (?P<fronts>.+)"
    r")"
)


def effect(text: str, case: Case) -> Effect:
    """What a claim moves: a ladder's moves, a mark of violence, a stream or a pressure."""
    if not (found := _EFFECT.fullmatch(" ".join(text.split()))):
        raise PhraseError(
            f"'{text[:80]}' is not an effect",
            "write raises or lowers, then one of: climbing of F | falling of F | violence of F | climbing from R of F "
            "| climbing up to R of F | climbing past R of F | move R to R of F | by A of F | means M of F "
            "| advance of F | stream S | pressure P",
        )
    sign = 1 if found["verb"] == "raises" else -1
    if found["stream"]:
        return Effect(sign, "stream", name=one_of(found["stream"], case.streams, "stream"))
    if found["pressure"]:
        return Effect(sign, "pressure", name=one_of(found["pressure"], case.pressures, "pressure"))
    if found["by"] or found["means"] or found["plain"] == "advance":
        return _on_marks(sign, found, case)
    where = (found[f"{part}fronts"] for part in ("plain_", "most_", "cap_", "move_", ""))
    fronts = _places(next(text for text in where if text), case)
    start, end = found["start"] or found["move_start"], found["end"] or found["move_end"] or found["cap"]
    kind = found["plain"] or found["way"] or "climbing"
    kind = "ceiling" if found["cap"] else "move" if found["move_end"] else kind
    value = Effect(sign, kind, fronts, start, end, most=found["most"])
    _check_rungs(value, case)
    return value


def _on_marks(sign: int, found: re.Match[str], case: Case) -> Effect:
    text = found["by_fronts"] or found["means_fronts"] or found["plain_fronts"]
    fronts = _places(text, case, fronts_only=True)
    if found["means"]:
        return Effect(sign, "means", fronts, name=one_of(found["means"], means_of(case), "means on a rung"))
    if found["by"]:
        for front in fronts:
            one_of(found["by"], case.fronts[front].between, f"side of {front}:")
        return Effect(sign, "by", fronts, name=found["by"])
    return Effect(sign, "advance", fronts)


def _check_rungs(value: Effect, case: Case) -> None:
    for front in value.fronts:
        rungs = rungs_of(case, front)
        for name in (value.start, value.end, value.most):
            if name is not None:
                one_of(name, rungs, f"rung on the ladder of {front}:")
        if value.start and value.end:
            climbs = rungs.index(value.end) > rungs.index(value.start)
            if value.start == value.end or (value.kind, climbs) in {("climbing", False), ("falling", True)}:
                raise PhraseError(
                    f"from {value.start} to {value.end} is not {value.kind}",
                    f"rungs, low to high: {', '.join(rungs)}",
                )
        if value.kind == "ceiling" and value.end == rungs[-1]:
            raise PhraseError(f"nothing lies past {value.end}", f"name a rung below {rungs[-1]}")


_WHERE = r"(any front|all fronts|[\w, ]+)"


def asks(text: str, case: Case) -> Ask:
    """The executable core of a question; raises PhraseError."""
    clean = " ".join(text.split())
    if found := match(rf"{_WHERE} reaches (\w+)", clean):
        return Ask("reaches", _at(_asked(found[1], case), found[2], case), rung=found[2])
    if found := match(rf"at least {NUMBER} deaths? on {_WHERE} in a calendar month", clean):
        return Ask("month", _asked(found[2], case), at_least=float(found[1]))
    if found := match(rf"at least {NUMBER} deaths? on {_WHERE}", clean):
        return Ask("deaths", _asked(found[2], case), at_least=float(found[1]))
    if found := match(rf"(?:at least {NUMBER}|(none)) of stream ([\w, ]+)", clean):
        names = tuple(one_of(part.strip(), case.streams, "stream") for part in found[3].split(","))
        return Ask("none" if found[2] else "events", at_least=float(found[1] or 0), streams=names)
    if found := match(rf"(weeks with )?use of (\w+) on {_WHERE}", clean):
        means = one_of(found[2], means_of(case), "means on a rung")
        return Ask("weeks" if found[1] else "means", _asked(found[3], case), who=means)
    if found := match(rf"ground changes hands on {_WHERE}", clean):
        return Ask("advance", _asked(found[1], case))
    if found := match(rf"deaths on {_WHERE}?(?: as told by (\w+))", clean) or match(rf"deaths on {_WHERE}", clean):
        who = one_of(found[2], case.reporters, "reporter") if len(found.groups()) > 1 else None
        return Ask("total", _asked(found[1], case), who=who)
    raise PhraseError(
        f"'{text[:80]}' is not a question the record can answer",
        "write F reaches R | any front reaches R | at least N deaths on F (in a calendar month) | at least N of "
        "stream S | none of stream S | use of MEANS on F | ground changes hands on F | deaths on all fronts (as told "
        "by REPORTER) | weeks with use of MEANS on F",
    )


def _asked(text: str, case: Case) -> tuple[str, ...]:
    return _places(ANY if text == "all fronts" else text, case)

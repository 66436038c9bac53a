"""Rival readings in words: what each says of the leading question, and the strongest beside the brief's own answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from fissures.brief.numbers import between, chance, chances, count
from fissures.brief.phrases import cited
from fissures.brief.units import amount, central, shown, thresholds, titled
from fissures.figures.labels import plain
from fissures.study.records import Answer, Range, Rival

OFF = "All claims off"
NEAR_NOTHING = 0.005  # shares below it, or above all but it, are not told apart on so few paths


@dataclass(frozen=True)
class Reading:
    """One reading of the argument: its name, what it holds, its answer to the leading question, and those to others.

    `answers` has probabilities by code, such as "Q4" or "Q15>=50".
    """

    name: str
    holds: str
    value: float
    range80: Range | None
    source: str = ""
    answers: dict[str, float] = field(default_factory=dict)


def readings(lead: Answer, questions: Sequence[Answer], rivals: Sequence[Rival]) -> tuple[Reading, ...]:
    """Every other reading of the argument, the furthest from the brief's answer first, by the odds."""
    refitted = "the same fronts, ladder and record, refitted as if every claim were idle"
    told = [Reading(OFF, refitted, lead.claims_off, None, answers=_without(questions))]
    own = _own(questions)
    for rival in (one for one in rivals if lead.code in one.differences):
        moved = {code: _apart(own[code], d.difference) for code, d in rival.differences.items() if code in own}
        ends = rival.ranges.get(lead.code)
        told.append(Reading(rival.name, rival.says, moved[lead.code], ends, rival.source, moved))
    if lead.kind == "number":
        return tuple(sorted(told, key=lambda one: -abs(one.value - central(lead))))
    return tuple(sorted(told, key=lambda one: -abs(_log_odds(one.value) - _log_odds(central(lead)))))


def title(lead: Answer | None, told: Sequence[Reading]) -> str:
    """The finding: what the furthest reading makes of the leading answer."""
    if lead is None or not told:
        return "Rival readings"
    values = sorted(one.value for one in told)
    span = between(amount(lead, values[0]), amount(lead, values[-1]))
    if len(told) > 1 and values[-1] < central(lead):
        return f"Rival readings: every one says less than {shown(lead)}, {span}"
    if len(told) > 1 and values[0] > central(lead):
        return f"Rival readings: every one says more than {shown(lead)}, {span}"
    return f"Rival readings: {shown(lead)} becomes {amount(lead, told[0].value)} in the strongest"


def strongest(lead: Answer, told: Sequence[Reading]) -> str:
    """Which reading lies furthest from the answer, what it holds, and what it says."""
    far = told[0]
    which = (
        f"Of {count(len(told))} other readings of the argument the furthest is"
        if told[1:]
        else "Its one other reading is"
    )
    holds = plain(far.holds, 300).rstrip(".")
    return f"{which} {titled(far.name)}: {holds}. It says {amount(lead, far.value)}; the brief says {shown(lead)}."


def says(lead: Answer, one: Reading) -> str:
    """A reading's answer to the leading question."""
    return amount(lead, one.value)


def span(one: Reading) -> str:
    """Its own 80 % range over draws; "" where none was counted."""
    return chances(one.range80) if one.range80 else ""


def beside(one: Reading, questions: Sequence[Answer]) -> list[tuple[str, str, str, str]]:
    """Each question under a reading: code, title, the brief's answer, and the reading's."""
    rows = []
    for q in questions:
        if q.kind == "event" and q.code in one.answers:
            rows.append((q.code, q.title, chance(central(q)), chance(one.answers[q.code])))
        for bound, p in thresholds(q):
            if (code := f"{q.code}>={bound:g}") in one.answers:
                rows.append(
                    (q.code, f"{plain(q.title, 200)} {count(bound)} or more", chance(p), chance(one.answers[code]))
                )
    return rows


def held_by(one: Reading, cites: dict[str, str]) -> str:
    """The source that holds a reading; "" where it is one that any argument has."""
    return cited(one.source, cites) if one.source else ""


def _own(questions: Sequence[Answer]) -> dict[str, float]:
    events = {q.code: central(q) for q in questions if q.kind == "event"}
    return events | {f"{q.code}>={bound:g}": p for q in questions for bound, p in thresholds(q)}


def _without(questions: Sequence[Answer]) -> dict[str, float]:
    events = {q.code: q.claims_off for q in questions if q.kind == "event"}
    return events | {f"{q.code}>={float(level):g}": p for q in questions for level, p in q.exceed_off.items()}


def _apart(base: float, difference: float) -> float:
    return min(max(base + difference, 0.0), 1.0)


def _log_odds(p: float) -> float:
    kept = min(max(p, NEAR_NOTHING), 1.0 - NEAR_NOTHING)
    return math.log(kept / (1.0 - kept))

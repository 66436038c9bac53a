"""The numbers of an answer in its own unit: per cent and points for an event, whole numbers for a number."""

from __future__ import annotations

from collections.abc import Mapping

from fissures.brief.numbers import (
    SPACE,
    between,
    chance,
    chances,
    count,
    day,
    people,
    peoples,
    points,
    signed_count,
    whole_points,
)
from fissures.figures.labels import plain
from fissures.study import verbal
from fissures.study.records import Answer, Difference, Range

Limits = Mapping[str, Range]  # what base rates allow, by threshold of a number question ("50")


def amount(answer: Answer, value: float) -> str:
    """A value in the unit of a question: a probability in the steps of its answer, or a whole number."""
    return chance(value, step(answer)) if answer.kind == "event" else people(value)


def step(answer: Answer) -> int:
    """In what steps an answer is told: five points where its range is wide, else one."""
    return verbal.step(answer.range80) if answer.kind == "event" else 1


def shown(answer: Answer) -> str:
    """The one number of an answer as it is printed."""
    value = central(answer)
    return chance(value, step(answer)) if answer.kind == "event" else people(value)


def worded(answer: Answer, scale: str) -> str:
    """The word for the number that is printed, in a scale of words; "" where the scale has none, or for a number."""
    return verbal.worded(central(answer), answer.range80, scale) if answer.kind == "event" else ""


def becomes(answer: Answer, difference: float) -> str:
    """What the printed number becomes under a paired difference, anchored at the number itself.

    Where it is told in steps of five, or the difference rounds to nothing, the difference is told instead.
    """
    base = central(answer)
    before, after = chance(base), chance(base + difference)
    if step(answer) > 1:
        return f"{shown(answer)} changes by {whole_points(difference)}"
    return f"{before} becomes {after}" if before != after else f"{before} stays {after}, less than a point apart"


def moved_by(answer: Answer, value: float) -> str:
    """A difference in whole units, for a sentence."""
    return whole_points(value) if answer.kind == "event" else signed_count(value)


def change(answer: Answer, value: float) -> str:
    """A difference in the unit of a question."""
    return points(value) if answer.kind == "event" else signed_count(value)


def changes(answer: Answer, ends: Range) -> str:
    """A range of differences in the unit of a question."""
    low, high = (change(answer, end) for end in ends)
    return between(low.removesuffix(" points"), high)


def central(answer: Answer) -> float:
    """The one number of an answer: its probability, or its median."""
    if answer.probability is not None:
        return answer.probability
    return answer.quantiles.get("0.5", answer.with_claims)


def span(answer: Answer) -> str:
    """The 80 % range of an answer, in its unit."""
    return chances(answer.range80, step(answer)) if answer.kind == "event" else peoples(answer.range80)


def titled(title: str) -> str:
    """A title in quotation marks, short enough for a sentence."""
    return f"“{plain(title, 120).rstrip('.')}”"


def window(answer: Answer) -> str:
    """Until when a question asks, unless its title says so."""
    return "" if day(answer.by).replace(SPACE, " ") in answer.title else f"window to {day(answer.by)}"


def voided(answer: Answer) -> str:
    """On how many paths a question is void; nothing where it never is."""
    return f"void on {chance(answer.void)} of paths, which are left out" if answer.void > 0 else ""


def error(answer: Answer, mc_error: float) -> str:
    """A Monte Carlo error in the unit of a question: what another seed alone would change."""
    if answer.kind == "event" and mc_error < 0.0005:
        return f"<{SPACE}0.1 points"
    if answer.kind == "number" and mc_error < 1:
        return f"<{SPACE}1"
    return f"± {points(mc_error).lstrip('+') if answer.kind == 'event' else people(mc_error)}"


def thresholds(answer: Answer) -> list[tuple[float, float]]:
    """Exceedance of a number question, lowest threshold first: (threshold, probability)."""
    return sorted((float(bound), p) for bound, p in answer.exceed.items())


def clear_of_zero(found: Difference) -> bool:
    """Whether the 80 % range of an effect leaves zero out; what a lever settles by itself is none."""
    return found.clear_effect


def argument_adds(answer: Answer) -> str:
    """What the claims add to the same ladder without them."""
    return f"argument: {moved_by(answer, answer.with_claims - answer.claims_off)}"


def where(value: float, limits: Range) -> str:
    """Where a value lies against its limits.

    >>> where(0.2, (0.0, 0.1)), where(0.05, (0.0, 0.1))
    ('above', 'inside')
    """
    return "inside" if limits[0] <= value <= limits[1] else "below" if value < limits[0] else "above"


def place(answer: Answer) -> str:
    """Where an answer lies against its bounds: inside, below, above, or "" where none were stated."""
    return "" if answer.bounds is None else where(central(answer), answer.bounds)


def strays(answer: Answer, limits: Limits) -> bool:
    """Whether an answer, or the chance of one of its thresholds, lies outside what base rates allow."""
    beyond = (where(answer.exceed[level], ends) for level, ends in limits.items() if level in answer.exceed)
    return place(answer) in ("below", "above") or any(found != "inside" for found in beyond)


def bounds_remarks(answer: Answer, limits: Limits) -> list[str]:
    """Whether the answer, and each chance of passing a threshold, lies inside the range written from base rates."""
    said = [] if answer.bounds is None else [_remark("", central(answer), answer.bounds)]
    for level, ends in sorted(limits.items(), key=lambda pair: float(pair[0])):
        if level in answer.exceed:
            said.append(_remark(f"{count(float(level))} or more: ", answer.exceed[level], ends))
    return said


def unbounded(answer: Answer, limits: Limits) -> str:
    """That the case states no range from base rates, where it states none; a cell never leaves that to be guessed."""
    return "" if answer.bounds is not None or limits else "no base-rate range stated"


def _remark(what: str, value: float, limits: Range) -> str:
    found = where(value, limits)
    return f"{what}{chances(limits)}: {found if found == 'inside' else f'the answer lies {found} it'}"

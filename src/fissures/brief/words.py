"""Sentences about the numbers of a study, each built by one small function.

Likelihood and confidence never share a sentence, and what a lever does is always "in the model".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from fissures.brief.numbers import chance, count, day, people, peoples
from fissures.brief.phrases import listed
from fissures.brief.units import amount, central, shown, span, thresholds, titled, window
from fissures.figures.labels import plain, spoken
from fissures.study.records import Answer, Course


def leading(questions: Sequence[Answer], code: str = "") -> Answer | None:
    """The question that the brief opens with: the one named, else the first event question, else the first."""
    named = [q for q in questions if q.code == code]
    events = [q for q in questions if q.kind == "event"]
    return next(iter([*named, *events, *questions]), None)


def opening(answer: Answer, lead: str = "") -> str:
    """The first sentence: number, word, window, range and base rate together.

    Only a question that the case names as leading is called the most consequential.
    """
    which = "The most consequential question" if answer.code == lead else "The first question asked"
    word = f" ({plain(answer.word, 40)})" if answer.word else ""
    reference = answer.reference_class
    base = f"its reference class says {amount(answer, reference.value)}" if reference else "it has no reference class"
    if (found := answer.analogues) is not None:
        base += f" (of {found.n} flare-ups like this one {found.k} saw {plain(found.event, 80)})"
    until = f", {window(answer)}," if window(answer) else ""
    return (
        f"{which}, {titled(answer.title)}, stands at {shown(answer)}{word}{until} in the model; "
        f"its 80 % range is {span(answer)}, and {base}."
    )


def tail(questions: Sequence[Answer], first: Answer | None = None) -> str:
    """The second sentence: how far the far end reaches, in another question than the `first`."""
    questions = [q for q in questions if q is not first]
    for answer in questions:
        if answer.kind == "number" and answer.exceed:
            bound, p = thresholds(answer)[-1]
            return (
                f"At the far end, {titled(answer.title)} has a median of {shown(answer)} "
                f"(80 % range {span(answer)}), and the chance of {count(bound)} or more is {chance(p)}."
            )
    events = [q for q in questions if q.kind == "event"]
    if not events:
        return f"This study asks about no {'other ' if first else ''}tail."
    rare = min(events, key=central)
    return f"At the far end, the least likely event asked about, {titled(rare.title)}, stands at {shown(rare)}."


def warnings(levels: Sequence[str]) -> str:
    """One line on findings, or nothing.

    >>> warnings(["warning", "note", "warning"])
    '2 warnings and 1 note from the check and the fit'
    """
    tally = Counter(levels)
    parts = [f"{tally[x]} {x}{'s' * (tally[x] > 1)}" for x in ("error", "warning", "note") if tally[x]]
    return f"{listed(parts)} from the check and the fit" if parts else ""


def fan_title(course: Course) -> str:
    """What the fan of deaths shows, in one line."""
    column, outer = _middle(course), course.levels[-1]
    if not course.deaths:
        return "No week was simulated"
    typical = sorted(row[column] for row in course.deaths)[len(course.deaths) // 2]
    worst = max(range(len(course.weeks)), key=lambda k: course.deaths[k][-1])
    return (
        f"A typical week has {_deaths(typical)}; in the week of {day(course.weeks[worst])}, "
        f"{chance(1 - outer)} of paths have {people(course.deaths[worst][-1])} or more"
    )


def fan_text(course: Course) -> str:
    """The fan of deaths in a few sentences: where the middle lies, how wide it gets, what is missing."""
    if not course.deaths:
        return "The study holds no simulated week."
    column = _middle(course)
    middles = [row[column] for row in course.deaths]
    last = course.deaths[-1]
    outer = f"{chance(course.levels[-1] - course.levels[0])} of paths"
    said = [
        _median_words(people(min(middles)), people(max(middles))),
        f"In the last week, that of {day(course.weeks[-1])}, {outer} have {peoples((last[0], last[-1]))} deaths.",
        _record_words(course.past),
    ]
    return " ".join(part for part in said if part)


def _median_words(low: str, high: str) -> str:
    if low == high:
        return f"The median is {low} death{'' if low == '1' else 's'} in every week."
    return f"The median lies between {low} and {high} deaths a week."


def _record_words(past: Sequence[tuple[date, float | None, float | None]]) -> str:
    if not past:
        return "No recorded week stands before the as-of date."
    missing = sum(low is None or high is None for _, low, high in past)
    if not missing:
        return f"All {len(past)} weeks before the as-of date have a record; the last may be partial."
    gaps = (
        f"{missing} have no record: they are gaps, not zeros" if missing > 1 else "one has no record: a gap, not a zero"
    )
    return f"Of {len(past)} weeks before the as-of date {gaps}. The last week may be partial."


def ladder_title(name: str, rungs: Sequence[str], rows: Sequence[Sequence[float]]) -> str:
    """What one front's ladder shows in its last week.

    >>> ladder_title("Border", ("quiet", "clash", "war"), [(0.7, 0.2, 0.1)]).replace("\\u00a0", " ")
    'Border: quiet is the likeliest top rung of the last week; the chance of a higher one is 30 %'
    """
    if not rows:
        return f"{plain(name, 120)}: no week was simulated"
    best = _likeliest(rows[-1])
    higher = sum(rows[-1][best + 1 :])
    rest = f"the chance of a higher one is {chance(higher)}" if best + 1 < len(rungs) else "it is the highest there is"
    return f"{plain(name, 120)}: {spoken(rungs[best])} is the likeliest top rung of the last week; {rest}"


def ladder_text(rungs: Sequence[str], rows: Sequence[Sequence[float]], weeks: Sequence[date]) -> str:
    """Where a front's ladder starts, and the weekly chance at or above its upper rungs at its peak."""
    if not rows:
        return ""
    start = spoken(rungs[_likeliest(rows[0])])
    peaks = []
    for rung in range(max(1, len(rungs) // 2), len(rungs)):
        at_or_above = [sum(row[rung:]) for row in rows]
        peak = max(range(len(rows)), key=at_or_above.__getitem__)
        when = f" (week of {day(weeks[peak])})" if at_or_above[peak] >= 0.001 else ""
        peaks.append(f"{spoken(rungs[rung])} {chance(at_or_above[peak])}{when}")
    return (
        f"In the first week {start} is the likeliest top rung. "
        f"Weekly chance at or above a rung, at its highest: {'; '.join(peaks)}."
    )


def level(quantile: float) -> str:
    """The head of a column of quantiles.

    >>> level(0.5), level(0.05)
    ('median', '5 %')
    """
    return "median" if quantile == 0.5 else f"{100 * quantile:g} %"


def recorded(low: float | None, high: float | None) -> str:
    """A recorded week; a gap is not a zero.

    >>> recorded(3, 3), recorded(2, 5), recorded(None, None)
    ('3', '2 to 5', 'no record')
    """
    if low is None or high is None:
        return "no record"
    return people(low) if low == high else peoples((low, high))


def sides(names: Sequence[str]) -> str:
    """The two sides of a front, in alphabetical order.

    >>> sides(("Brome", "Ardel"))
    'Ardel and Brome'
    """
    return listed(sorted(plain(name, 80) for name in names))


def _middle(course: Course) -> int:
    return min(range(len(course.levels)), key=lambda k: abs(course.levels[k] - 0.5))


def _likeliest(row: Sequence[float]) -> int:
    return max(range(len(row)), key=row.__getitem__)


def _deaths(x: float) -> str:
    return f"{people(x)} death{'' if people(x) == '1' else 's'}"

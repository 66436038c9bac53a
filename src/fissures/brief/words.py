"""Sentences about the numbers of a study, each built by one small function.

Likelihood and confidence never share a sentence, and what a lever does is always "in the model".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from fissures.brief.numbers import (
    SPACE,
    between,
    count,
    day,
    people,
    peoples,
    percent,
    percents,
    points,
    signed_count,
    times,
)
from fissures.brief.phrases import asked_code
from fissures.figures.labels import plain, spoken
from fissures.study.records import Answer, Arm, Belief, ClaimRow, Course, Difference, Range

ICD_203 = (
    "Words follow ICD 203: almost no chance 1–5 %, very unlikely 5–20 %, unlikely 20–45 %, "
    "roughly even chance 45–55 %, likely 55–80 %, very likely 80–95 %, almost certain 95–99 %."
)

DIRECTED = ("supported", "leans to", "contradicted")


def amount(answer: Answer, value: float) -> str:
    """A value in the unit of a question: a probability of an event, or a number of people."""
    return percent(value) if answer.kind == "event" else people(value)


def change(answer: Answer, value: float) -> str:
    """A difference in the unit of a question."""
    return points(value) if answer.kind == "event" else signed_count(value)


def central(answer: Answer) -> float:
    """The one number of an answer: its probability, or its median."""
    if answer.probability is not None:
        return answer.probability
    return answer.quantiles.get("0.5", answer.with_claims)


def span(answer: Answer) -> str:
    """The 80 % range of an answer, in its unit."""
    return percents(answer.range80) if answer.kind == "event" else peoples(answer.range80)


def titled(title: str) -> str:
    """A title in quotation marks, short enough for a sentence."""
    return f"“{plain(title, 120).rstrip('.')}”"


def window(answer: Answer) -> str:
    """Until when a question asks, unless its title says so."""
    return "" if day(answer.by).replace(SPACE, " ") in answer.title else f"window to {day(answer.by)}"


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
    until = f" ({window(answer)})" if window(answer) else ""
    return (
        f"{which}, {titled(answer.title)}, stands at {amount(answer, central(answer))}{word}"
        f"{until}; its 80 % range is {span(answer)}, and {base}."
    )


def thresholds(answer: Answer) -> list[tuple[float, float]]:
    """Exceedance of a number question, lowest threshold first: (threshold, probability)."""
    return sorted((float(bound), p) for bound, p in answer.exceed.items())


def tail(questions: Sequence[Answer], first: Answer | None = None) -> str:
    """The second sentence: how far the far end reaches, in another question than the `first`."""
    questions = [q for q in questions if q is not first]
    for answer in questions:
        if answer.kind == "number" and answer.exceed:
            bound, p = thresholds(answer)[-1]
            return (
                f"In the tail, {titled(answer.title)} has a median of {people(central(answer))}, "
                f"and the chance of {count(bound)} or more is {percent(p)}."
            )
    events = [q for q in questions if q.kind == "event"]
    if not events:
        return f"This study asks about no {'other ' if first else ''}tail."
    rare = min(events, key=central)
    return f"In the tail, the least likely event asked about, {titled(rare.title)}, stands at {percent(central(rare))}."


def lever_sentence(answer: Answer, arms: Sequence[Arm]) -> str:
    """The third sentence: which lever moves the leading question most, in the model."""
    tried = [(arm, arm.differences[answer.code]) for arm in arms if answer.code in arm.differences]
    if not tried:
        return "No what-if was run for this question, so nothing can be said here about what would change it."
    clear = [pair for pair in tried if clear_of_zero(pair[1])]
    arm, found = max(clear or tried, key=lambda pair: abs(pair[1].difference))
    if not clear:
        many = len(tried) > 1
        none = f"none of the {len(tried)} levers moves" if many else "the one lever tried does not move"
        return (
            f"In the model {none} it clear of zero; {'the largest' if many else 'its'} middle difference is "
            f"{change(answer, found.difference)} ({f'{titled(arm.name)}, ' if many else ''}80 % range "
            f"{changes(answer, found.range80)})."
        )
    return (
        f"In the model, {titled(arm.name)} would change it most, from {amount(answer, found.base)} to "
        f"{amount(answer, found.arm)} ({change(answer, found.difference)}, 80 % range "
        f"{changes(answer, found.range80)}), riding on {footing_words(found)}."
    )


def clear_of_zero(found: Difference) -> bool:
    """Whether the 80 % range of a difference leaves zero out."""
    return found.range80[0] > 0 or found.range80[1] < 0


def footing_words(found: Difference) -> str:
    """What a difference rides on.

    >>> footing_words(Difference(0.1, 0.09, -0.01, (-0.02, 0.0), 0.001, ("C04",), ("C21", "C33")))
    '1 fitted link and 2 assumed links'
    """
    kinds = ((len(found.fitted), "fitted"), (len(found.assumed), "assumed"))
    parts = [f"{n} {kind} link{'s' * (n > 1)}" for n, kind in kinds if n]
    return _listed(parts) or "no link of the argument"


def bottom_line(questions: Sequence[Answer], arms: Sequence[Arm], lead: str = "") -> tuple[str, ...]:
    """Three sentences: the most consequential question, the tail, and what would change it most."""
    answer = leading(questions, lead)
    if answer is None:
        return ("This study answers no question.",)
    return opening(answer, lead), tail(questions, answer), lever_sentence(answer, arms)


def moved(k: int, n: int) -> str:
    """The headline of the argument.

    >>> moved(5, 42)
    'The data moved 5 of 42 couplings'
    """
    return f"The data moved {k} of {n} couplings"


def confidence(rows: Sequence[ClaimRow], questions: Sequence[Answer]) -> str:
    """How far the answers rest on evidence; at most moderate as long as no track record stands behind them.

    Moderate needs half the couplings with a direction from the data and no answer outside its bounds.

    >>> confidence((), ()).partition(":")[0]
    'Confidence is low'
    """
    k = sum(row.verdict in DIRECTED for row in rows)
    outside = sum(place(q) not in ("", "inside") for q in questions)
    level = "moderate" if rows and 2 * k >= len(rows) and not outside else "low"
    lies = f"{outside} answer{' lies' if outside == 1 else 's lie'} outside the bounds stated from base rates"
    reasons = [
        f"the data give a direction to {k} of {len(rows)} couplings",
        *([lies] if outside else []),
        "there is no track record for this version yet",
    ]
    return f"Confidence is {level}: {', '.join(reasons[:-1])}, and {reasons[-1]}."


def place(answer: Answer) -> str:
    """Where an answer lies against its bounds: inside, below, above, or "" where none were stated."""
    if answer.bounds is None:
        return ""
    low, high = answer.bounds
    value = central(answer)
    return "inside" if low <= value <= high else "below" if value < low else "above"


def bounds_remark(answer: Answer) -> str:
    """Whether the answer lies inside the range written down from base rates before any fit."""
    if answer.bounds is None:
        return "none stated"
    limits = percents(answer.bounds) if answer.kind == "event" else peoples(answer.bounds)
    if place(answer) == "inside":
        return f"{limits}: inside"
    return f"{limits}: the answer lies {place(answer)} it, and nothing was tuned to bring it back"


def argument_adds(answer: Answer) -> str:
    """What the claims add to the same ladder without them."""
    return f"argument: {change(answer, answer.with_claims - answer.claims_off)}"


def warnings(levels: Sequence[str]) -> str:
    """One line on findings, or nothing.

    >>> warnings(["warning", "note", "warning"])
    '2 warnings and 1 note from the check and the fit'
    """
    tally = Counter(levels)
    parts = [f"{tally[x]} {x}{'s' * (tally[x] > 1)}" for x in ("error", "warning", "note") if tally[x]]
    return f"{_listed(parts)} from the check and the fit" if parts else ""


def verdicts(rows: Sequence[ClaimRow]) -> str:
    """How many claims met which verdict, most frequent first."""
    tally = Counter(plain(row.verdict, 40) for row in rows)
    return _listed([f"{n} {verdict}" for verdict, n in tally.most_common()]) if tally else "no claim"


def fan_title(course: Course) -> str:
    """What the fan of deaths shows, in one line."""
    column, outer = _middle(course), course.levels[-1]
    if not course.deaths:
        return "No week was simulated"
    typical = sorted(row[column] for row in course.deaths)[len(course.deaths) // 2]
    worst = max(range(len(course.weeks)), key=lambda k: course.deaths[k][-1])
    return (
        f"A typical week has {_deaths(typical)}; in the week of {day(course.weeks[worst])}, "
        f"{percent(1 - outer)} of paths have {people(course.deaths[worst][-1])} or more"
    )


def fan_text(course: Course) -> str:
    """The fan of deaths in a few sentences: where the middle lies, how wide it gets, what is missing."""
    if not course.deaths:
        return "The study holds no simulated week."
    column = _middle(course)
    middles = [row[column] for row in course.deaths]
    last = course.deaths[-1]
    outer = f"{percent(course.levels[-1] - course.levels[0])} of paths"
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
    rest = f"the chance of a higher one is {percent(higher)}" if best + 1 < len(rungs) else "it is the highest there is"
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
        peaks.append(f"{spoken(rungs[rung])} {percent(at_or_above[peak])}{when}")
    return (
        f"In the first week {start} is the likeliest top rung. "
        f"Weekly chance at or above a rung, at its highest: {'; '.join(peaks)}."
    )


def whatif_title(answer: Answer, arms: Sequence[Arm]) -> str:
    """How many levers move a question clearly, in the model."""
    found = [arm.differences[answer.code] for arm in arms if answer.code in arm.differences]
    lower = sum(d.range80[1] < 0 for d in found)
    higher = sum(d.range80[0] > 0 for d in found)
    raised = f"{higher} raise{'s' * (higher == 1)} it" if higher else "none raises it"
    lowered = f"{lower} of {len(found)} lower{'s' * (lower == 1)} it" if lower else f"none of {len(found)} lowers it"
    return f"{asked_code(answer.code)} in the model: {lowered} and {raised} with an 80 % range clear of zero"


def changes(answer: Answer, ends: Range) -> str:
    """A range of differences in the unit of a question."""
    low, high = (change(answer, end) for end in ends)
    return between(low.removesuffix(" points"), high)


def error(answer: Answer, mc_error: float) -> str:
    """A Monte Carlo error in the unit of a question: what another seed alone would change."""
    if answer.kind == "event" and mc_error < 0.0005:
        return f"<{SPACE}0.1 points"
    if answer.kind == "number" and mc_error < 1:
        return f"<{SPACE}1"
    return f"± {points(mc_error).lstrip('+') if answer.kind == 'event' else people(mc_error)}"


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


def factors(belief: Belief) -> str:
    """The 80 % range of a coefficient as factors on the odds."""
    return between(*(times(end) for end in belief.range80))


def informed(n: int) -> str:
    """How many climbs (or events, where a claim is about a stream) speak to a claim.

    >>> informed(12), informed(0)
    ('12', '0')
    """
    return count(n)


def passage(row: ClaimRow) -> str:
    """Where a claim stands in its source."""
    return f"paragraph {row.para}" if row.para is not None else "no paragraph given"


def sides(names: Sequence[str]) -> str:
    """The two sides of a front, in alphabetical order.

    >>> sides(("Brome", "Ardel"))
    'Ardel and Brome'
    """
    return _listed(sorted(plain(name, 80) for name in names))


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _middle(course: Course) -> int:
    return min(range(len(course.levels)), key=lambda k: abs(course.levels[k] - 0.5))


def _likeliest(row: Sequence[float]) -> int:
    return max(range(len(row)), key=row.__getitem__)


def _deaths(x: float) -> str:
    return f"{people(x)} death{'' if people(x) == '1' else 's'}"

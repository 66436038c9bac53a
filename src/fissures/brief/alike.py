"""Earlier flare-ups in words and cells: what the case's own was, what followed others, and what a count rests on."""

from __future__ import annotations

from collections.abc import Iterable

from fissures.brief.numbers import SPACE, chance, count, day
from fissures.brief.phrases import keeper, listed
from fissures.figures.labels import plain
from fissures.study.analogue_records import Analogues, Counted, Variant
from fissures.study.analogues import CALLED
from fissures.study.flare_ups import FlareUp
from fissures.study.likeness import PARTS, WEIGHTS
from fissures.study.records import Answer
from fissures.study.two_counts import TwoCounts

KINDS = {
    "interstate": "between states",
    "contested": "with an entity that few or no states recognise",
    "internal": "within a state",
}
UNKNOWN = "not over"


def told(questions: tuple[Answer, ...]) -> tuple[tuple[str, Counted], ...]:
    """The questions that flare-ups speak to, in order, as (code, count)."""
    return tuple((q.code, q.analogues) for q in questions if q.analogues)


def title(found: Analogues, lead: str) -> str:
    """What the nearest flare-ups say of the leading question, or that there is none to compare with."""
    answer = found.questions.get(lead) or next(iter(found.questions.values()), None)
    if answer is None:
        return "Earlier flare-ups"
    return f"Earlier flare-ups: of {answer.n} like this one, {answer.k} saw {answer.event}"


def own(found: Analogues) -> str:
    """The case's own flare-up, in the terms by which others are compared with it."""
    traits = found.traits
    if traits is None:
        return f"The record shows {found.why}, so no earlier flare-up is set beside it."
    stake = " over territory" if traits.territory == "yes" else ""
    patron = ", with a patron behind a side" if traits.patron == "yes" else ""
    return (
        f"This flare-up: {count(traits.deaths)} killed in the weeks from {day(found.start)}. In the year before "
        f"{count(traits.year_before)} were killed; the last two weeks with five or more dead lay {count(traits.quiet)} "
        f"days back. The fighting is {listed([KINDS[kind] for kind in traits.kinds])}{stake}{patron}."
    )


def two_counts(record: str, found: TwoCounts | None, cites: dict[str, str]) -> str:
    """Why the dead of two sources on one page differ: who counts what, and how many each has over the same weeks.

    `record` is the source of the case's own record; "" where it was counted from the same data as other flare-ups.
    """
    if not record:
        return ""
    own = keeper(record, cites)
    told = (
        "Two sources count the dead here, and neither is corrected by the other. This flare-up, and the record that "
        f"the model is fitted to, are counted by {own}; other flare-ups and the pooled reference class by UCDP, which "
        "lists only events in which somebody was killed."
    )
    if found is None:
        return f"{told} What each counts may differ."
    there = keeper(found.other, cites)
    codes = f"codes as “{listed([plain(code, 40) for code in found.codes])}” and " if found.codes else ""
    recent = (
        f" Since {day(found.since)} it is {count(found.recent[0])} and {count(found.recent[1])}." if found.since else ""
    )
    return (
        f"{told} Over the {count(found.weeks)} weeks from {day(found.first)} that both cover, {own} has "
        f"{count(found.whole[0])} killed; {there} has {count(found.whole[1])} that it {codes}places on a front.{recent}"
    )


def both_named(told: Iterable[str], record: str, found: TwoCounts | None, cites: dict[str, str]) -> bool:
    """Whether the accounts of a fact, by who gives them, hold one of each of the two sources that count the dead.

    >>> from datetime import date
    >>> both = TwoCounts("a", "b", date(2015, 1, 3), 9, (1, 2))
    >>> cites = {"a": "The Weir Group, weekly data", "b": "ABC Events"}
    >>> both_named(["Weir Group, daily", "ABC, in part"], "a", both, cites), both_named(["ABC"], "a", both, cites)
    (True, False)
    """
    if found is None:
        return False
    heads = [name.partition(",")[0].strip().lower() for name in told]
    named = [[head for head in heads if head and head in cites.get(one, "").lower()] for one in (record, found.other)]
    return all(named)


def beside(answer: Answer) -> str:
    """What stands beside an answer: of N, k; the share of all flare-ups; and whether such counts told anything before.

    Nothing where no number of deaths stands for what is asked.
    """
    found = answer.analogues
    if found is None:
        return ""
    what = f" with {count(min(map(float, found.exceed)))} or more" if answer.kind == "number" and found.exceed else ""
    skill = "; too few dead for this to help" if found.remark else ""
    return f"of {found.n} analogues, {found.k}{what}; of all, {chance(found.everywhere.k / found.everywhere.n)}{skill}"


def rests(found: Analogues, lead: str) -> str:
    """What the count of the leading question is beside that of every flare-up, and under other distances."""
    answer = found.questions.get(lead) or next(iter(found.questions.values()))
    low, high = answer.span
    every = answer.everywhere
    return (
        f"Of all {count(every.n)} flare-ups that were over in time {chance(every.k / every.n)} did; with other "
        f"distances it is {low} to {high} of {answer.n}. The {answer.n} come from {answer.conflicts} conflicts."
    )


def weights() -> str:
    """The parts of the distance with their weights."""
    return ", ".join(f"{CALLED[part]} {WEIGHTS[part]:g}" for part in PARTS)


def began(one: FlareUp) -> str:
    """When a flare-up began: the day, or the month where most of its dead are known by month alone."""
    return f"{one.start:%B}{SPACE}{one.start.year}" if one.by_month else day(one.start)


def followed(dead: int | None) -> str:
    """Deaths that followed; what was not over by the as-of date is not known.

    >>> followed(1144), followed(None)
    ('1,144', 'not over')
    """
    return UNKNOWN if dead is None else f"{dead:,}"


def cell(tried: Variant, found: Counted) -> str:
    """A count as k, with its n where that is unusual and not told beside it; of every flare-up so many in a hundred."""
    if tried is found.everywhere:
        return f"{100 * tried.k / tried.n:.0f}"
    told = tried.n == found.n or tried.name.endswith(f" {tried.n}")
    return str(tried.k) if told else f"{tried.k} of {tried.n}"


def codes(found: Analogues, at: int) -> str:
    """The questions for which the flare-up at a place in the list counts as one that saw what is asked."""
    one = found.nearest[at].flare_up
    saw = [
        code
        for code, counted in found.questions.items()
        if any(did and each.flare_up == one for each, did in zip(counted.named, counted.happened, strict=True))
    ]
    return ", ".join(saw)

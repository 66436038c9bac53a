"""Named analogues: of the flare-ups most like a case's own, in how many did happen what a question asks.

Nothing later than the as-of date speaks: a flare-up counts for a question only where all of the question's window after
it was over by then. Deaths are all that the table knows; what no number of deaths stands for gets no count.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.events.panel import Panel
from fissures.events.rungs import rules_of
from fissures.study import likeness
from fissures.study.analogue_records import Analogue, Analogues, Counted, Variant
from fissures.study.flare_ups import CUTOFF, QUIET, FlareUp, table
from fissures.study.likeness import PARTS, WEIGHTS, Ranked
from fissures.study.likeness_of_case import Now, now, own

MOST = 20  # flare-ups that answer
OTHERS = (10, 40)
FEWEST = 10
EVERY = "every flare-up"
SKILLED = 10  # dead: from here on analogues did better than every flare-up together, before 2018 (docs/analogues.md)
UNSKILLED = "On so few deaths analogues before 2018 told no more than every flare-up together."
VIOLENCE = ("deaths", "quiet", "year_before")
CALLED = {
    "deaths": "deaths",
    "quiet": "quiet before",
    "year_before": "the year before",
    "kind": "kind of dyad",
    "territory": "territory",
    "patron": "patron",
}

Test = Callable[[FlareUp], bool]


@dataclass(frozen=True)
class Asked:
    """A question in deaths: what would have to happen in words, and whether it did after a flare-up."""

    says: str
    scope: str
    level: float
    test: Test
    thresholds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Order:
    """Flare-ups in one order, of which the first `most` answer; with `apart` only the first of each conflict does."""

    name: str
    rows: tuple[Ranked, ...]
    most: int
    apart: bool = False

    def first(self, over: Container[FlareUp]) -> tuple[Ranked, ...]:
        """The first of those that are over."""
        found: list[Ranked] = []
        seen: set[str] = set()
        for one in self.rows:
            if len(found) == self.most:
                break
            if one.flare_up in over and not (self.apart and one.flare_up.conflict in seen):
                found.append(one)
                seen.add(one.flare_up.conflict)
        return tuple(found)


def analogues(case: Case, panel: Panel, flare_ups: Iterable[FlareUp] | None = None, most: int = MOST) -> Analogues:
    """The flare-ups most like a case's own at its as-of date, and how many of them speak for each question.

    `flare_ups` None means the shipped table; `most` is how many of them answer.
    """
    own_now = now(case, panel)
    known = usable(case, own_now, table() if flare_ups is None else flare_ups)
    found = Analogues(
        case=case.case,
        as_of=case.as_of,
        start=own_now.start,
        seen=own_now.seen,
        traits=own_now.traits,
        why=own_now.why,
        cutoff=min(CUTOFF, case.as_of),
        known=len(known),
    )
    if own_now.traits is None:
        return found
    ranked = likeness.ranked(own_now.traits, known)
    mine = frozenset(one.flare_up for one in ranked if own(case, one.flare_up))
    tried = orders(ranked, mine, most)
    counts = {
        question.code: count
        for question in case.questions.values()
        if (count := counted(case, panel, question, tried, mine))
    }
    near = {one.flare_up for count in counts.values() for one in count.named}
    latest = sorted((one for one in ranked if one.flare_up in mine), key=lambda one: one.flare_up.start, reverse=True)
    return replace(
        found,
        nearest=tuple(_named(one, mine) for one in ranked if one.flare_up in near),
        own=tuple(_named(one, mine) for one in latest),
        questions=counts,
    )


def usable(case: Case, own_now: Now, flare_ups: Iterable[FlareUp]) -> tuple[FlareUp, ...]:
    """Flare-ups that were over before the as-of date, each as far as it was over; without the case's own of today."""
    recent = own_now.start - timedelta(days=QUIET)
    past = (one for one in flare_ups if one.seen < case.as_of)
    return tuple(one.until(case.as_of) for one in past if one.start < recent or not own(case, one))


def orders(ranked: tuple[Ranked, ...], mine: frozenset[FlareUp], most: int = MOST) -> tuple[Order, ...]:
    """The nearest flare-ups as stated, first, and under every other choice that could have been made."""
    weights = {f"without {CALLED[part]}": {**WEIGHTS, part: 0.0} for part in PARTS}
    weights |= {"every part alike": dict.fromkeys(PARTS, 1.0)}
    weights |= {"violence alone": {part: WEIGHTS[part] for part in VIOLENCE}}
    weights |= {"dyad alone": {part: WEIGHTS[part] for part in PARTS if part not in VIOLENCE}}
    dated = tuple(one for one in ranked if not one.flare_up.by_month)
    others = tuple(one for one in ranked if one.flare_up not in mine)
    return (
        Order("as stated", ranked, most),
        *(Order(f"the nearest {n}", ranked, n) for n in OTHERS),
        *(Order(name, likeness.reweighed(ranked, chosen), most) for name, chosen in weights.items()),
        Order("one a conflict", ranked, most, apart=True),
        Order("dated to the day", dated, most),
        Order("without its own", others, most),
        Order(EVERY, ranked, len(ranked)),
    )


def counted(
    case: Case, panel: Panel, question: Question, tried: tuple[Order, ...], mine: frozenset[FlareUp]
) -> Counted | None:
    """In how many of the nearest flare-ups what a question asks happened within its window; None where deaths are mute.

    None also where fewer than ten flare-ups were over by the as-of date, or the window is longer than half a year.
    """
    days = (question.by - case.as_of).days
    ask = asked(case, panel, question, days)
    if ask is None or days < 1:
        return None
    over = {one.flare_up for one in tried[0].rows if one.flare_up.after(days) is not None}
    if len(over) < FEWEST:
        return None
    happened = {one: ask.test(one) for one in over}
    near = tried[0].first(over)
    dead = [one.flare_up.after(days) or 0 for one in near]
    return Counted(
        n=len(near),
        k=sum(happened[one.flare_up] for one in near),
        days=days,
        asked=ask.says,
        scope=ask.scope,
        named=tuple(_named(one, mine) for one in near),
        happened=tuple(happened[one.flare_up] for one in near),
        sensitivity=tuple(
            Variant(order.name, len(first := order.first(over)), sum(happened[one.flare_up] for one in first))
            for order in tried
        ),
        remark="" if ask.level >= SKILLED else UNSKILLED,
        median=float(median(dead)) if ask.thresholds else None,
        exceed={f"{level:g}": sum(n >= level for n in dead) for level in ask.thresholds},
    )


def _named(one: Ranked, mine: frozenset[FlareUp]) -> Analogue:
    return Analogue(one.flare_up, one.distance, one.flare_up in mine)


def asked(case: Case, panel: Panel, question: Question, days: int) -> Asked | None:
    """A question in deaths, or its nearest equivalent in them; None for what no number of deaths stands for."""
    ask = grammar.asks(question.asks, case)
    told = {name for name, known in zip(case.fronts, panel.recorded, strict=False) if known}
    scope = "" if told <= set(ask.fronts) else "anywhere in the conflict"
    if ask.kind == "deaths":
        return _total(ask.at_least, days, scope)
    if ask.kind == "month":
        says = f"{_killed(ask.at_least)} killed in four weeks"
        return Asked(says, scope, ask.at_least, lambda one: one.worst(days, 4) >= ask.at_least)
    if ask.kind == "total" and ask.who is None:
        level = min(question.exceed, default=1.0)
        return replace(_total(level, days, scope), thresholds=tuple(sorted(question.exceed)) or (level,))
    if ask.kind == "reaches" and (weekly := killed_a_week(case, ask)):
        says = f"{_killed(weekly)} killed in a week"
        return Asked(says, scope, weekly, lambda one: one.worst(days, 1) >= weekly)
    return None


def _total(level: float, days: int, scope: str) -> Asked:
    return Asked(f"{_killed(level)} killed", scope, level, lambda one: (one.after(days) or 0) >= level)


def _killed(level: float) -> str:
    return "somebody" if level == 1 else f"{level:,.0f} or more"


def killed_a_week(case: Case, ask: grammar.Ask) -> float | None:
    """The deaths in a week by which the case's own rules show a rung; on a day, where they name no week; else None."""
    levels = []
    for ladder in {case.fronts[name].ladder for name in ask.fronts if name in case.fronts}:
        rungs = list(case.ladders[ladder].rungs)
        rules = rules_of(case.ladders[ladder], case.streams).proves
        mine = [rule for number, rule in rules if number == rungs.index(str(ask.rung))] if ask.rung in rungs else []
        for measure in ("killed", "most killed in a day"):
            if shown := [rule.at_least for rule in mine if rule.measure == measure]:
                levels.append(min(shown))
                break
    return min(levels, default=None)

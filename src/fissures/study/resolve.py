"""Resolving: the questions of an earlier issue, read from a later record of the same case, and scored.

A question is read as on a simulated path (`outcomes`), from the day after the earlier as-of date to its own date. Only
what the record leaves no doubt of is settled; an open question is never scored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from fissures.case import grammar
from fissures.case.amounts import PhraseError
from fissures.case.records import Case, Question
from fissures.case.wording import day
from fissures.errors import UsageError
from fissures.events.panel import Panel
from fissures.kernel import scores
from fissures.study.missing import missing
from fissures.study.observed import Observed, not_kept, observe, reading
from fissures.study.resolve_records import (
    CAME,
    DID_NOT,
    KNOWN,
    OPEN,
    OTHERWISE,
    UNTOLD,
    VOID,
    Asked,
    Gap,
    Issued,
    Marks,
    Resolution,
    Resolved,
    Said,
    Total,
)

ONE_DAY = timedelta(days=1)


def resolve(old: Case, issued: Issued, new: Case, panel: Panel) -> Resolution:
    """How every question of an earlier case came out by a later case's panel; raises UsageError if it is not later.

    A question is read where the later case asks it in the same words, or asks it no more; where the words, or the rules
    behind them, have changed it is not scored.
    """
    if new.as_of <= old.as_of:
        raise UsageError(
            f"the case is as of {day(new.as_of)}, and the answers are as of {day(old.as_of)}",
            where="as_of",
            why="answers are read from what the record shows of the days after them",
            remedy="name a version of the case with a later as-of date",
        )
    if not {*old.fronts} & {*new.fronts}:
        raise UsageError(
            f"'{new.case}' has none of the fronts of '{old.case}'",
            where="fronts",
            why="answers are read from the record of the same conflict",
            remedy="name a later version of the case whose run was saved",
        )
    seen = observe(new, panel, old.as_of)
    found: list[Resolved] = []
    for asked in issued.asked:
        found += _resolved(old, asked, seen)
    if not issued.levers:
        found = [_scored(one, issued.paths) for one in found]
    events = [one for one in found if one.kind == "event" and one.brier.with_claims is not None]
    known = [one for one in events if one.brier.reference is not None]
    return Resolution(
        case=new.case,
        digest=issued.digest,
        since=old.as_of,
        until=new.as_of,
        questions=tuple(found),
        total=_total([replace(one, brier=_plain(one.brier), log=_plain(one.log)) for one in events]),
        beside=_total(known),
        levers=issued.levers,
        notices=_notices(issued),
    )


def _notices(issued: Issued) -> tuple[str, ...]:
    if issued.levers:
        return (f"levers were pulled in that run ({', '.join(issued.levers)}): answers of a what-if are not scored",)
    if any(one.said.claims_off is None for one in issued.asked):
        return ("the run was saved before runs kept more than one number a question: only that one is scored",)
    return ()


# --- what came --------------------------------------------------------------------------------------------------------


def _resolved(old: Case, asked: Asked, seen: Observed) -> list[Resolved]:
    """A question, then its thresholds."""
    question = old.questions[asked.name]
    ask = grammar.asks(question.asks, old)
    kind = "number" if ask.number else "event"
    blank = Resolved(question.code, question.title, question.by, kind, OPEN, asked.said)
    if why := changed(old, seen.case, question):
        return [replace(blank, status=OTHERWISE, why=why)]
    made = [_settled(seen, question, ask, blank)]
    for level, said in asked.exceed.items():
        code, title = f"{question.code}>={level:g}", f"{question.title}: {level:,g} or more"
        reach = replace(blank, code=code, title=title, kind="threshold", said=said)
        # The total that a reporter told is no total of deaths: nobody can say whether it passed a threshold.
        above = ask if not_kept(ask) else replace(ask, kind="deaths", at_least=level)
        made.append(_settled(seen, question, above, reach))
    return made


def changed(old: Case, new: Case, question: Question) -> str:
    """In what a later case asks a question otherwise; "" where it asks the same, or asks it no more.

    What is asked is the phrase and what it comes to in the case: fronts, rungs and their rules, streams and what they
    count.
    """
    now = next((one for one in new.questions.values() if one.code == question.code), None)
    if now is not None:
        parts = {"what is asked": "asks", "its date": "by", "when it is void": "void_when"}
        differ = [said for said, part in parts.items() if getattr(now, part) != getattr(question, part)]
        if differ:
            return f"{' and '.join(differ)} changed"
    for phrase in filter(None, (question.asks, question.void_when)):
        try:
            before, after = grammar.asks(phrase, old), grammar.asks(phrase, new)
        except PhraseError:
            return "the case no longer knows what was asked about"
        if before != after:
            return "the fronts that it speaks of changed"
        if any(_rules(old, name) != _rules(new, name) for name in before.fronts):
            return "the rules of a ladder that it speaks of changed"
        if any(_counts(old, name) != _counts(new, name) for name in before.streams):
            return "what a stream counts that it speaks of changed"
    return ""


def _rules(case: Case, place: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The rungs of a place with the rules by which they are observed."""
    ladder = case.ladders[grammar.standing(case)[place].ladder]
    return [(name, rung.observed_when, rung.possible_when) for name, rung in ladder.rungs.items()]


def _counts(case: Case, stream: str) -> tuple[object, ...]:
    one = case.streams[stream]
    return one.count, one.actor, one.recipient, one.read_from


def _settled(seen: Observed, question: Question, ask: grammar.Ask, blank: Resolved) -> Resolved:
    """A question with what the record says of it up to its date, or up to the later as-of date if that comes first."""
    until = seen.case.as_of
    closed, end = question.by <= until, min(question.by, until)
    low, high = reading(seen, ask, end)
    made = replace(blank, least=low, most=None if math.isinf(high) else high)
    void = grammar.asks(question.void_when, seen.case) if question.void_when else None
    if void is not None:
        least, most = reading(seen, void, end)
        if least > 0 and (closed or void.kind != "none"):
            day = _first(seen, lambda when: reading(seen, void, when)[0] > 0, end) if void.kind != "none" else end
            return replace(made, status=VOID, on=day)
        if closed and most > 0:
            why = "whether it is void cannot be told"
            return replace(made, status=UNTOLD, missing=missing(seen, void, end), why=why)
    if not closed and (void is not None or ask.kind in ("total", "weeks")):
        why = "its window is open, and until then it may still be void" if low > 0 and void is not None else ""
        return replace(made, status=OPEN, missing=_lack(seen, ask, end, low, high), why=why)
    if ask.number:
        made = replace(made, fell=_fell(blank.said, low, high))
        if low == high:
            return replace(made, status=KNOWN, on=end)
        return replace(made, status=UNTOLD, missing=missing(seen, ask, end))
    return _event(seen, ask, made, (low, high), (closed, end))


def _event(
    seen: Observed, ask: grammar.Ask, made: Resolved, ends: tuple[float, float], window: tuple[bool, date]
) -> Resolved:
    """Yes or no: what happened settles at once, what did not happen only when the window is over."""
    (low, high), (closed, end) = ends, window
    if ask.kind != "none" and low > 0:
        return replace(made, status=CAME, on=_first(seen, lambda when: reading(seen, ask, when)[0] > 0, end))
    if ask.kind == "none" and high == 0:
        return replace(made, status=DID_NOT, on=_first(seen, lambda when: reading(seen, ask, when)[1] == 0, end))
    if not closed:
        return replace(made, status=OPEN, missing=_lack(seen, ask, end, low, high))
    if low == high:
        return replace(made, status=CAME if low > 0 else DID_NOT, on=end)
    return replace(made, status=UNTOLD, missing=missing(seen, ask, end))


def _lack(seen: Observed, ask: grammar.Ask, end: date, low: float, high: float) -> tuple[Gap, ...]:
    return missing(seen, ask, end) if low != high else ()


def _first(seen: Observed, certain: Callable[[date], bool], end: date) -> date:
    """The first day by which the record leaves no doubt; it leaves none at `end`, and more days bring none back."""
    low, high = seen.since, end
    while high - low > ONE_DAY:
        middle = low + (high - low) // 2
        low, high = (low, middle) if certain(middle) else (middle, high)
    return high


def _fell(said: Said, low: float, high: float) -> str:
    """Where a number lies against its 80 % range, where the record leaves no doubt of that."""
    if said.range80 is None:
        return ""
    bottom, top = said.range80
    if low > top or high < bottom:
        return "above" if low > top else "below"
    return "inside" if bottom <= low and high <= top else ""


# --- scores -----------------------------------------------------------------------------------------------------------


def _scored(one: Resolved, paths: int) -> Resolved:
    if one.status == KNOWN:
        return replace(one, crps=Marks(_crps(one.said.draws, one.least), _crps(one.said.draws_off, one.least)))
    if not one.settled:
        return one
    happened, told = one.status == CAME, one.said
    three = (told.with_claims, told.claims_off, told.reference)
    brier_marks = Marks(*(None if p is None else brier(p, happened) for p in three))
    return replace(
        one, brier=brier_marks, log=Marks(*(None if p is None else log_score(p, happened, paths) for p in three))
    )


def brier(chance: float, happened: bool) -> float:
    """Squared distance of a chance from 1 where it happened and 0 where not (Brier 1950); in [0, 1], lower is better.

    >>> brier(0.25, True), brier(0.25, False)
    (0.5625, 0.0625)
    """
    return float(scores.brier(np.array(chance), np.array(float(happened))))


def log_score(chance: float, happened: bool, paths: int) -> float:
    """Minus log2 of the chance given to what happened (Good 1952), in bits; lower is better, 1 is that of a coin.

    Where no path of so many saw an event, or every one, it counts as half a path: (k + 1/2) / (paths + 1), so that what
    never happened in a simulation is rare and not impossible.

    >>> log_score(0.25, True, 1000), log_score(0.0, True, 1023)
    (2.0, 11.0)
    """
    edge = 0.5 / (paths + 1.0)
    return float(scores.log_loss(np.array(min(max(chance, edge), 1.0 - edge)), np.array(float(happened))))


def _crps(draws: Sequence[float], came: float) -> float | None:
    """The continuous ranked probability score of a number's draws, in its unit (Gneiting & Raftery 2007)."""
    return float(scores.crps(np.array(draws), np.array(came))) if draws else None


def _plain(marks: Marks) -> Marks:
    return replace(marks, reference=None)


def _total(events: Sequence[Resolved]) -> Total | None:
    if not events:
        return None
    return Total(len(events), _mean([one.brier for one in events]), _mean([one.log for one in events]))


def _mean(marks: Sequence[Marks]) -> Marks:
    """The mean of each number's scores, where every question has one: means over other questions do not compare."""
    out = []
    for part in ("with_claims", "claims_off", "reference"):
        values = [getattr(one, part) for one in marks]
        out.append(None if None in values else float(np.mean(values)))
    return Marks(*out)

"""Signs: dated things that would change an answer if they were seen, chosen among what the case can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.case.triggers import threshold
from fissures.errors import UsageError
from fissures.model.simulate import Run
from fissures.study.first_page import Sign
from fissures.study.given import conditional, happening
from fissures.study.outcomes import outcome

Floats = NDArray[np.float64]

TOLD = 3
SOONEST = 28  # days from the as-of date to the day by which a sign is looked for, at least
RARE, COMMON = 0.01, 0.95  # shares of paths between which it is worth looking


@dataclass(frozen=True)
class Candidate:
    """A condition as a question could ask it, by when, and what a reader is told of it."""

    phrase: str
    by: date
    kind: str
    name: str
    rung: str = ""
    count: int = 1
    watched: str = ""


def signs(case: Case, run: Run, code: str) -> tuple[Sign, ...]:
    """Three signs for a question: the case's own triggers first, then those whose sight moves it furthest.

    Of those not named by the case: rungs of different fronts, streams, and last the calm of all fronts to a later day.
    Nothing that does not move the answer beyond chance is told.
    """
    question = next(one for one in case.questions.values() if one.code == code)
    if grammar.asks(question.asks, case).number:
        return ()
    y = outcome(case, run, question)
    found = [sign for one in _candidates(case, question) if (sign := _sign(case, run, y, one))]
    clear = sorted((sign for sign in found if sign.beyond_chance), key=lambda sign: (not sign.watched, -sign.worth))
    seen: dict[tuple[str, str], Sign] = {}
    for sign in clear:
        seen.setdefault((sign.kind, sign.name), sign)
    calm = [sign for sign in seen.values() if sign.kind == "calm"][:1]
    others = [sign for sign in seen.values() if sign.kind != "calm"]
    return (*others[: TOLD - len(calm)], *calm)


def _candidates(case: Case, question: Question) -> Iterator[Candidate]:
    """The case's own triggers that a path can show, then rungs below what is asked, and streams nobody asks for."""
    yield from _watched(case, question)
    by = soon(case, question)
    ask = grammar.asks(question.asks, case)
    for name, front in case.fronts.items():
        rungs = list(case.ladders[front.ladder].rungs)
        top = rungs.index(str(ask.rung)) if name in ask.fronts and ask.rung in rungs else len(rungs)
        for rung in rungs[1:top]:
            yield Candidate(f"{name} reaches {rung}", by, "rung", front.name, rung)
    yield from _calm(case, question)
    asked = {stream for one in case.questions.values() for stream in grammar.asks(one.asks, case).streams}
    for name, stream in case.streams.items():
        if name not in asked and stream.read_from is None:  # what is read off a front is told by its rungs
            yield Candidate(f"at least 1 of stream {name}", by, "stream", stream.name)


def _calm(case: Case, question: Question) -> Iterator[Candidate]:
    """That no front has come so far by the end of the month in which two thirds of the window lie behind."""
    ask = grammar.asks(question.asks, case)
    at = [case.fronts[name].ladder for name in ask.fronts if name in case.fronts]
    by = min(_month_end(case.as_of + 2 * (question.by - case.as_of) / 3), question.by - timedelta(days=14))
    if ask.rung and len(set(at)) == 1 and by > case.as_of:
        rungs = list(case.ladders[at[0]].rungs)
        for rung in rungs[2 : rungs.index(ask.rung)]:
            yield Candidate(f"any front reaches {rung}", by, "calm", "", rung)


def _watched(case: Case, question: Question) -> Iterator[Candidate]:
    for name, trigger in case.triggers.items():
        told = threshold(trigger.when, case)
        if told.kind == "place" and told.name in case.fronts:
            by, front = soon(case, question), case.fronts[told.name]
            yield Candidate(f"{told.name} reaches {told.rung}", by, "rung", front.name, told.rung, watched=name)
        if told.kind == "stream" and told.above:
            days = max(round(told.days), 1)
            by, least = min(case.as_of + timedelta(days=days), question.by), int(told.level) + 1
            text = f"at least {least} of stream {told.name}"
            yield Candidate(text, by, "stream", case.streams[told.name].name, count=least, watched=name)


def soon(case: Case, question: Question) -> date:
    """The day by which signs are looked for: the next month's end at least four weeks off, or half of the window."""
    half = case.as_of + (question.by - case.as_of) / 2
    return min(_month_end(case.as_of + timedelta(days=SOONEST)), half)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _sign(case: Case, run: Run, y: Floats, one: Candidate) -> Sign | None:
    """What the question answers with the sign and without it; None where too few paths, or nearly all, show it.

    y (M,) is what it comes to on each path.
    """
    try:
        kept = happening(case, run, one.phrase, one.by)
    except UsageError:
        return None
    count = int(kept.sum())
    chance = count / run.paths
    if not RARE <= chance <= COMMON:
        return None
    answer = conditional("", "", y, kept)
    otherwise = (answer.base - chance * answer.given) / (1.0 - chance)
    otherwise = min(max(otherwise, 0.0), 1.0)
    if one.kind == "calm":  # what counts is that it is not seen; the error is that of so many paths
        left = run.paths - count
        return Sign("calm", "", one.rung, 0, one.by, 1.0 - chance, answer.base, otherwise, answer.given, 0.0, left)
    made = Sign(
        one.kind, one.name, one.rung, one.count, one.by, chance, answer.base, answer.given,
        otherwise, answer.mc_error, count,
    )  # fmt: skip
    return replace(made, watched=one.watched)

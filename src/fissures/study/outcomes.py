"""What a question comes to on each path: the executable core of every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.model.causes import normals
from fissures.model.simulate import Run
from fissures.model.wording import same_side

Floats = NDArray[np.float64]


def outcome(case: Case, run: Run, question: Question, at_least: float | None = None) -> Floats:
    """1 or 0 for an event, and for a number that comes to `at_least`; else a count; shape (M,).

    The window runs from the day after the as-of date to the question's own date, both included. Paths on which the
    question is void stand at the mean of the others, which weigh the more for it: the mean, and the error of the mean,
    are those given that the question is not void.
    """
    return _outcome(_whole(case, run, question), voided(case, run, question), at_least)


def _outcome(values: Floats, void: NDArray[np.bool_], at_least: float | None = None) -> Floats:
    if at_least is not None:
        values = np.asarray(values >= at_least, np.float64)
    if not void.any() or void.all():
        return values
    mean = values[~void].mean()
    return np.where(void, mean, mean + (values - mean) / (1.0 - void.mean()))


def unvoided(case: Case, run: Run, question: Question) -> Floats:
    """What a question comes to on the paths on which it is not void (on all of them, where it always is)."""
    values, void = _whole(case, run, question), voided(case, run, question)
    return values if void.all() else values[~void]


def every(case: Case, run: Run) -> dict[str, Floats]:
    """What every question comes to on each path, by code; a number stands as the chance of reaching its thresholds.

    Thresholds have codes such as "Q15>=50".
    """
    out = {}
    for question in case.questions.values():
        whole = _whole(case, run, question), voided(case, run, question)
        if not grammar.asks(question.asks, case).number:
            out[question.code] = _outcome(*whole)
        for level in question.exceed:
            out[f"{question.code}>={level:g}"] = _outcome(*whole, level)
    return out


def _whole(case: Case, run: Run, question: Question) -> Floats:
    return asked(case, run, grammar.asks(question.asks, case), run.plan.day(question.by) + 1)


def voided(case: Case, run: Run, question: Question) -> NDArray[np.bool_]:
    """On which paths a question is void; shape (M,)."""
    if not question.void_when:
        return np.zeros(run.paths, bool)
    return asked(case, run, grammar.asks(question.void_when, case), run.plan.day(question.by) + 1) > 0


def asked(case: Case, run: Run, ask: grammar.Ask, days: int) -> Floats:
    """What is asked, over the first so many days of every path; shape (M,)."""
    return np.asarray(_ASKED[ask.kind](case, run, ask, days), np.float64)


def _places(run: Run, ask: grammar.Ask) -> list[int]:
    return [run.plan.places.index(name) for name in ask.fronts]


def _reaches(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    out = np.zeros(run.paths, bool)
    for f in _places(run, ask):
        out |= (run.rungs[f, :days] >= run.plan.rungs(f).index(str(ask.rung))).any(axis=0)
    return out


def _total(case: Case, run: Run, ask: grammar.Ask, days: int) -> Floats:
    """Deaths on the fronts, as they were or as a reporter tells them."""
    total = np.zeros(run.paths)
    for f in _places(run, ask):
        deaths = run.deaths[f, :days].sum(axis=0, dtype=np.int64)
        if ask.who is None:
            total += deaths
            continue
        first = run.out.first[f, :days].sum(axis=0, dtype=np.int64)
        sides = case.fronts[run.plan.places[f]].between
        mine = [same_side(case, side, case.reporters[ask.who].side) for side in sides[:2]]
        own = mine[0] * first + mine[1] * (deaths - first)
        enemy = deaths - own
        total += own * _told(case, run, ask.who, "own") + enemy * _told(case, run, ask.who, "enemy")
    return np.floor(total + 0.5) if ask.who else total


def _told(case: Case, run: Run, reporter: str, whose: str) -> Floats:
    """By what factor a reporter tells the dead of a side, by path; one factor for each draw."""
    prior = getattr(case.reporters[reporter], whose)
    drawn = np.exp(prior.mean + prior.sd * normals(run.fit.seed, f"reporter:{reporter}:{whose}"))
    return np.asarray(drawn[np.arange(run.paths) % run.draws], np.float64)


def _deaths(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    return np.asarray(_total(case, run, ask, days) >= ask.at_least)


def _month(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    """Whether some calendar month, or what is left of it at the as-of date, saw so many deaths."""
    month = np.array([(d := run.plan.date_of(t)).year * 12 + d.month for t in range(days)])
    daily = run.deaths[_places(run, ask), :days].sum(axis=0, dtype=np.int64)
    return np.asarray(np.any([daily[month == m].sum(axis=0) >= ask.at_least for m in np.unique(month)], axis=0))


def _events(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    return _number(run, ask, days) >= ask.at_least


def _none(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    return _number(run, ask, days) == 0


def _number(run: Run, ask: grammar.Ask, days: int) -> Floats:
    names = [stream.name for stream in run.plan.streams]
    chosen = [names.index(stream) for stream in ask.streams]
    return np.asarray(run.counts[chosen, :days].sum(axis=(0, 1), dtype=np.int64), np.float64)


def _used(run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    """On which days a means was used on any of the fronts; (days, M)."""
    bit = 1 << run.plan.means.index(str(ask.who))
    out = np.zeros((days, run.paths), bool)
    for f in _places(run, ask):
        out |= run.out.means[f, :days] & bit > 0
    return out


def _means(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    return np.asarray(_used(run, ask, days).any(axis=0))


def _weeks(case: Case, run: Run, ask: grammar.Ask, days: int) -> Floats:
    """Weeks of seven days from the day after the as-of date, the last one perhaps shorter."""
    used = _used(run, ask, days)
    return np.asarray(sum(used[start : start + 7].any(axis=0).astype(float) for start in range(0, days, 7)), np.float64)


def _advance(case: Case, run: Run, ask: grammar.Ask, days: int) -> NDArray[np.bool_]:
    return np.asarray(np.any([(run.out.advances[f, :days] != 0).any(axis=0) for f in _places(run, ask)], axis=0))


_ASKED: dict[str, Callable[[Case, Run, grammar.Ask, int], NDArray[Any]]] = {
    "reaches": _reaches,
    "deaths": _deaths,
    "month": _month,
    "events": _events,
    "none": _none,
    "means": _means,
    "advance": _advance,
    "total": _total,
    "weeks": _weeks,
}

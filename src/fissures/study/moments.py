"""When a question came about on each path, and through which place or stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.model.simulate import Run
from fissures.study.outcomes import asked

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """`happened` (M,) says on which paths it came about; `places` or `streams` are the numbers of what it can come
    about through, `through` (M,) which of them (by position) it did and `day` (M,) when, -1 where it did not."""

    happened: Bools
    places: tuple[int, ...]
    streams: tuple[int, ...]
    through: Ints
    day: Ints


def moments(case: Case, run: Run, question: Question) -> Moments:
    """When and through what a question came about; a number stands for reaching the first of its thresholds.

    A question of no event at all is explained by the event that would have answered no.
    """
    ask = grammar.asks(question.asks, case)
    days = run.plan.day(question.by) + 1
    if ask.kind in ("events", "none"):
        names = [stream.name for stream in run.plan.streams]
        streams = tuple(names.index(name) for name in ask.streams)
        events = run.counts[list(streams), :days] > 0
        happened = asked(case, run, ask, days) > 0
        return _first(happened != (ask.kind == "none"), (), streams, events)
    places = tuple(run.plan.places.index(name) for name in (ask.fronts or run.plan.fronts))
    level = min(question.exceed, default=1.0) if ask.number else 1.0
    happened = asked(case, run, ask, days) >= level
    return _first(happened, places, (), _signs(run, ask, list(places), days))


def _signs(run: Run, ask: grammar.Ask, places: list[int], days: int) -> NDArray[np.bool_]:
    """By place, day and path, what shows that it came about there; the deadliest day for questions about deaths."""
    if ask.kind == "reaches":
        least = np.array([run.plan.rungs(f).index(str(ask.rung)) for f in places])
        return np.asarray(run.rungs[places, :days] >= least[:, None, None])
    if ask.kind in ("means", "weeks"):
        return np.asarray(run.out.means[places, :days] & (1 << run.plan.means.index(str(ask.who))) > 0)
    if ask.kind == "advance":
        return np.asarray(run.out.advances[places, :days] != 0)
    deaths = run.deaths[places, :days]
    return np.asarray((deaths > 0) & (deaths == deaths.max(axis=(0, 1))))


def _first(happened: Bools, places: tuple[int, ...], streams: tuple[int, ...], signs: NDArray[np.bool_]) -> Moments:
    seen = signs.any(axis=0)
    day = np.where(seen.any(axis=0), seen.argmax(axis=0), -1)
    through = signs[:, np.maximum(day, 0), np.arange(day.size)].argmax(axis=0)
    here = happened & (day >= 0)
    return Moments(here, places, streams, np.where(here, through, -1), np.where(here, day, -1))

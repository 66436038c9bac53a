"""Futures told as stories: the most typical of those in which a question came about, the worst, the mildest, and the
one that nobody would have expected."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.model.simulate import Run
from fissures.study.moments import Moments
from fissures.study.why_records import Story

MOST_COMPARED = 600  # futures among which the typical one is sought
MOST_EVENTS = 12
MOST_STREAM_EVENTS = 4


def stories(case: Case, run: Run, when: Moments) -> tuple[Story, ...]:
    """Futures in which the question came about: typical (medoid by front, week and deaths), worst and mildest by
    deaths, and the one furthest from all others."""
    paths = np.flatnonzero(when.happened)[:MOST_COMPARED]
    deaths = run.deaths[:, :, paths].sum(axis=(0, 1), dtype=np.int64)
    apart = _apart(_seen(run, paths))
    chosen = {
        "typical": int(apart.sum(axis=1).argmin()),
        "worst": int(deaths.argmax()),
        "mildest": int(deaths.argmin()),
        "most surprising": int(np.partition(apart, 1, axis=1)[:, 1].argmax()) if paths.size > 1 else 0,
    }
    told: dict[int, Story] = {}
    for which, k in chosen.items():
        if k not in told:
            told[k] = Story(which, int(paths[k]), int(deaths[k]), _events(case, run, int(paths[k]), when))
    return tuple(told.values())


def _seen(run: Run, paths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each path as highest rungs by place and week, and log deaths by week, on a common scale; (n, features)."""
    days = run.rungs.shape[1] // 7 * 7
    rungs = run.rungs[:, :days, :][:, :, paths].reshape(len(run.plan.places), -1, 7, paths.size).max(axis=2)
    tops = np.array([len(run.plan.rungs(f)) - 1 for f in range(len(run.plan.places))], float)
    dead = run.deaths[:, :days, :][:, :, paths].sum(axis=0).reshape(-1, 7, paths.size).sum(axis=1)
    parts = ((rungs / tops[:, None, None]).reshape(-1, paths.size), np.log1p(dead) / 8.0)
    return np.concatenate(parts).T


def _apart(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances between all pairs; (n, n)."""
    squares = (seen**2).sum(axis=1)
    return np.sqrt(np.maximum(squares[:, None] + squares[None] - 2.0 * seen @ seen.T, 0.0))


def _events(case: Case, run: Run, path: int, when: Moments) -> tuple[tuple[date, str], ...]:
    """What a reader would be told of a path by date: climbs to a new height, the deadliest days, the moment itself."""
    found: dict[int, list[str]] = {}
    for f, place in enumerate(run.plan.places):
        rungs, names = run.rungs[f, :, path], run.plan.rungs(f)
        called = (case.fronts.get(place) or case.tracks[place]).name
        highest = 0
        for t, rung in enumerate(rungs.tolist()):
            if rung > highest and (f >= len(run.plan.fronts) or rung > 1):
                dead = int(run.deaths[f, t, path]) if f < len(run.plan.fronts) else 0
                found.setdefault(t, []).append(f"{called}: {names[rung].replace('_', ' ')}{_dead(dead)}")
            highest = max(highest, rung) if t % 28 else rung  # a new height within four weeks or so
    for s in when.streams:
        for t in np.flatnonzero(run.counts[s, :, path])[:MOST_STREAM_EVENTS].tolist():
            found.setdefault(t, []).append(case.streams[run.plan.streams[s].name].name)
    daily = run.deaths[:, :, path].sum(axis=0)
    if daily.max() > 0:
        worst = int(daily.argmax())
        text = f"the deadliest day, {int(daily[worst]):,} killed"
        found.setdefault(worst, []).append(text)
    if when.day[path] >= 0:
        found.setdefault(int(when.day[path]), []).append("here it came about")
    days = sorted(found)
    keep = set(days[:MOST_EVENTS]) | {int(when.day[path])} | ({int(daily.argmax())} if daily.max() else set())
    return tuple((run.plan.date_of(t), "; ".join(found[t])) for t in days if t in keep)


def _dead(number: int) -> str:
    return f", {number:,} killed" if number else ""

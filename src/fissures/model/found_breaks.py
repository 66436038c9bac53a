"""Breaks that the record shows and the case does not declare: a score test for a step at every date.

The fit with claims and declared breaks is the base. At each date in the middle 70 % of the record a step is added: to
the log odds of every climb of a ladder, or to the log rate of a stream. What it would gain is read from its score and
information at the base's mode, so that nothing is refitted; the largest gain over dates is held against Andrews'
bound for an unknown date. What is found is told, never fitted: a date that data chose has no prior, and the analyst who
knows what happened then can declare it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.events.panel import Panel
from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.posterior import Laplace
from fissures.model import history as past
from fissures.model.blocks import Part, Solved
from fissures.model.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRIM = 0.15  # of the record at either end, where a step is hardly told from no step
# Half of 12.35, which the largest score statistic over the middle 70 % passes one time in a hundred (Andrews 1993).
BOUND = 6.2


@dataclass(frozen=True)
class FoundBreak:
    """A date from which a ladder climbs, or a stream counts, more (`rises`) or less than the base expects; nats."""

    what: str
    when: date
    gain: float
    rises: bool


@dataclass(frozen=True)
class Told:
    """What each row says of a step that has begun: its day, score, information, and that shared with the block's
    columns; shapes (n,), (n,), (n,) and (n, k)."""

    day: Ints
    score: Floats
    information: Floats
    across: Floats


def find(plan: Plan, panel: Panel, history: past.History, solved: Sequence[Solved], at: int) -> list[FoundBreak]:
    """The strongest undeclared break of each ladder and counted stream, where one passes the bound.

    `solved` are the blocks with claims, `at` the point of the grid of doubt at which they are read.
    """
    out: list[FoundBreak] = []
    for one in solved:
        for what in one.block.name.split(" + "):
            told = [_told(plan, panel, history, one, what, c, fit) for c, fit in enumerate(one.fits[at])]
            best = strongest([part for part in told if part is not None], one.fits[at])
            if best is not None and best[1] > BOUND:
                out.append(FoundBreak(what, panel.date_of(best[0]), best[1], best[2]))
    return out


def strongest(told: Sequence[Told], fits: Sequence[Laplace]) -> tuple[int, float, bool] | None:
    """The day of the step that gains most, its gain in nats and whether it rises; None where there is too little.

    Completions count alike: their scores and informations are averaged.
    """
    days = np.unique(np.concatenate([part.day for part in told])) if told else np.zeros(0, np.int64)
    tried = days[(days >= np.quantile(days, TRIM)) & (days <= np.quantile(days, 1 - TRIM))] if days.size else days
    if tried.size < 2:
        return None
    sums = [_after(part, fit, tried) for part, fit in zip(told, fits, strict=False)]
    score, information = np.mean([one[0] for one in sums], axis=0), np.mean([one[1] for one in sums], axis=0)
    gain = 0.5 * score**2 / np.maximum(information, 1e-9) * (information > 1e-6)
    best = int(gain.argmax())
    return int(tried[best]), float(gain[best]), bool(score[best] > 0)


def _after(told: Told, fit: Laplace, tried: Ints) -> tuple[Floats, Floats]:
    """Score, and information beside the block's own coefficients, of a step at each day tried; (n,) each."""
    order = np.argsort(told.day, kind="stable")
    first = np.searchsorted(told.day[order], tried)

    def later(values: Floats) -> Floats:
        sums = np.concatenate([np.cumsum(values[order][::-1], axis=0)[::-1], np.zeros((1, *values.shape[1:]))])
        return np.asarray(sums[first])

    across = later(told.across)
    return later(told.score), later(told.information) - fit.shared(across)


def _told(
    plan: Plan, panel: Panel, history: past.History, one: Solved, what: str, completion: int, fit: Laplace
) -> Told | None:
    kind, _, name = what.partition(" ")
    parts = one.block.parts[completion]
    if kind == "stream":
        mine = _part_of(parts, one.block.names.index(f"{name}:rate"))
        told = counting.tilt(fit.mode[mine.columns], **mine.given)
        return Told(panel.observed[name].start, told[0], told[1], _spread(told[2], mine.columns, fit.mode.size))
    number = [ladder.name for ladder in plan.ladders].index(name)
    places = [f for f, which in enumerate(plan.ladder_of) if which == number]
    start = history.rungs[completion][places][:, :-1].ravel()
    day = np.tile(np.arange(1, history.rungs.shape[2]), len(places))
    rows = []
    for rung in np.unique(start).tolist():
        mine = _part_of(parts, one.block.names.index(f"{name}:{plan.ladders[number].rungs[rung]}:b0"))
        from_here = np.flatnonzero(start == rung)
        above = (np.arange(len(plan.ladders[number].rungs)) > rung).astype(np.float64)
        given = {key: values[: from_here.size] for key, values in mine.given.items()}
        told = law.tilt(fit.mode[mine.columns], above, **given)
        rows.append(Told(day[from_here], told[0], told[1], _spread(told[2], mine.columns, fit.mode.size)))
    return Told(*(np.concatenate([getattr(row, field) for row in rows]) for field in Told.__dataclass_fields__))


def _part_of(parts: Sequence[Part], column: int) -> Part:
    return next(part for part in parts if column in part.columns)


def _spread(values: Floats, columns: Ints, size: int) -> Floats:
    """Values (n, c) over a block's columns, on all of them."""
    out = np.zeros((len(values), size))
    out[:, columns] = values
    return out

"""The expected course: weekly deaths and the odds of each front's highest rung."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from fissures.events.panel import Panel
from fissures.model.simulate import Run
from fissures.study.records import Course

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
PAST_WEEKS = 26


def course(panel: Panel, run: Run) -> Course:
    """Whole weeks from the day after the as-of date, beside the last half year of the record."""
    weeks = run.rungs.shape[1] // 7
    deaths = run.deaths[:, : weeks * 7].sum(axis=0).reshape(weeks, 7, -1).sum(axis=1)
    highest = run.rungs[:, : weeks * 7].reshape(run.rungs.shape[0], weeks, 7, -1).max(axis=2)
    rungs = run.plan.rungs(0)
    odds = {
        front: tuple(tuple(float((highest[f, w] == r).mean()) for r in range(len(rungs))) for w in range(weeks))
        for f, front in enumerate(run.plan.fronts)
        if run.plan.rungs(f) == rungs
    }
    return Course(
        weeks=tuple(run.plan.date_of(7 * w) for w in range(weeks)),
        levels=LEVELS,
        deaths=tuple(tuple(float(np.quantile(deaths[w], q)) for q in LEVELS) for w in range(weeks)),
        rungs=rungs,
        ladder=odds,
        past=_past(panel),
    )


def _past(panel: Panel) -> tuple[tuple[date, float | None, float | None], ...]:
    monday = panel.first - timedelta(days=panel.first.weekday())
    out = []
    for w in range(max(len(panel.killed) - PAST_WEEKS, 0), len(panel.killed)):
        value = None if np.isnan(panel.killed[w]) else float(panel.killed[w])
        out.append((monday + timedelta(days=7 * w), value, value))
    return tuple(out)

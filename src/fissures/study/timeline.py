"""When: what the record says of every front and track by date, and what is due after the as-of date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.study.place_records import Due, Lane, Stretch, Timeline, Turn

Ints = NDArray[np.int64]

_NONE = -1  # no record of that day
_DAY = timedelta(days=1)


def timeline(case: Case, panel: Panel) -> Timeline:
    """The record of a case from its first day, and what is known in advance up to its horizon.

    A front has the highest rung of each spell that the evidence names; the pooled record has the lowest rung that fits
    each of its weeks; a track has the rung of every day on which its streams were counted. All else is left out, which
    is no record and not quiet.
    """
    return Timeline(
        first=panel.first,
        as_of=case.as_of,
        horizon=case.horizon,
        lanes=(_pooled(case, panel), *_fronts(case, panel), *_tracks(case, panel)),
        turns=tuple(sorted(_turns(case, panel.first), key=lambda turn: turn.when)),
        due=tuple(sorted(_due(case, panel), key=lambda due: (due.kind, due.end))),
    )


def _pooled(case: Case, panel: Panel) -> Lane:
    front = next(name for name, seen in zip(case.fronts, panel.recorded, strict=False) if seen)
    weeks = np.where(np.isnan(panel.killed), _NONE, panel.low)
    rungs = tuple(case.ladders[case.fronts[front].ladder].rungs)
    days = np.where(panel.covered, weeks[panel.week_of], _NONE)  # days inside a week may be missing too
    return _lane("record", "", rungs, np.asarray(days, np.int64), panel)


def _fronts(case: Case, panel: Panel) -> Iterator[Lane]:
    """Spells by day, the longest laid first, so that a short one is seen inside a long one."""
    for k, front in enumerate(case.fronts.values()):
        days = np.full(panel.days, _NONE)
        for spell in sorted(panel.spells, key=lambda one: one.start - one.end):
            if spell.front == k:
                days[spell.start : spell.end + 1] = spell.rung
        yield _lane("front", front.name, tuple(case.ladders[front.ladder].rungs), days, panel)


def _tracks(case: Case, panel: Panel) -> Iterator[Lane]:
    for k, track in enumerate(case.tracks.values(), start=len(case.fronts)):
        days = np.where(panel.day_low[k] == panel.day_high[k], panel.day_low[k], _NONE)
        yield _lane("track", track.name, tuple(case.ladders[track.ladder].rungs), days, panel)


def _lane(kind: str, name: str, rungs: tuple[str, ...], days: Ints, panel: Panel) -> Lane:
    """Days (T,) of rung numbers as stretches of one rung each."""
    ends = np.flatnonzero(np.diff(days)) + 1
    spans = zip([0, *ends.tolist()], [*ends.tolist(), days.size], strict=True)
    top = max(len(rungs) - 1, 1)
    return Lane(
        kind,
        name,
        rungs,
        tuple(
            Stretch(panel.date_of(a), panel.date_of(b - 1), rungs[days[a]], float(days[a]) / top)
            for a, b in spans
            if days[a] != _NONE
        ),
    )


def _turns(case: Case, first: date) -> Iterator[Turn]:
    """Breaks and commitments that begin within the record."""
    for name, one in case.breaks.items():
        if first <= one.date <= case.as_of:
            yield Turn(one.date, "break", one.says or name.replace("_", " "))
    for owed in case.commitments.values():
        if owed.since is not None and first <= owed.since <= case.as_of:
            yield Turn(owed.since, "commitment", owed.name)


def _due(case: Case, panel: Panel) -> Iterator[Due]:
    """Stretches in which a calendar is on, and the days on which questions close."""
    for pressure in case.pressures.values():
        ahead = panel.futures.get((str(pressure.series), str(pressure.column)))
        if ahead is not None and pressure.afterwards == "known":
            on = np.flatnonzero(np.diff(np.concatenate([[0], ahead > 0, [0]])))
            for a, b in zip(on[::2].tolist(), on[1::2].tolist(), strict=True):
                yield Due("calendar", pressure.name, case.as_of + (a + 1) * _DAY, case.as_of + b * _DAY)
    closing: dict[date, list[str]] = {}
    for question in case.questions.values():
        if question.by <= case.horizon:
            closing.setdefault(question.by, []).append(question.code)
    for day, codes in closing.items():
        yield Due("question", ", ".join(codes), day, day)

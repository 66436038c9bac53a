"""What a record lacks to tell a question: days, fronts, streams and weeks, each with its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np

from fissures.case import grammar
from fissures.study.observed import (
    Observed,
    carriers,
    counted,
    not_kept,
    told,
    uncounted,
    untold_deaths,
    untracked,
    weeks,
)
from fissures.study.resolve_records import Gap


def missing(seen: Observed, ask: grammar.Ask, end: date) -> tuple[Gap, ...]:
    """What the record of a window lacks to tell what is asked; "the sources disagree" where it lacks nothing."""
    if why := not_kept(ask):
        return (Gap("never", why),)
    first, last = seen.span(end)
    kinds = {"reaches": _rungs, "events": _events, "none": _events}
    found = tuple(kinds.get(ask.kind, _deaths)(seen, ask, first, last))
    return found or (Gap("sources"),)


def _gap(seen: Observed, kind: str, what: str, days: Iterable[int]) -> Iterator[Gap]:
    kept = sorted(set(days))
    if kept:
        first, last = (date.fromordinal(seen.panel.first.toordinal() + t) for t in (kept[0], kept[-1]))
        yield Gap(kind, what, len(kept), first, last)


def _rungs(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Iterator[Gap]:
    """By place: days without a record, and days of which the bounds leave the rung open."""
    panel, days, name = seen.panel, np.arange(max(a, 0), b + 1), grammar.standing(seen.case)
    unkept, between = list(range(a, max(a, 0))), list[int]()
    for f, front in zip(seen.places(ask), ask.fronts, strict=True):
        asked = seen.plan.rungs(f).index(str(ask.rung))
        doubt = days[(panel.day_high[f, days] >= asked) & (panel.day_low[f, days] < asked)]
        if f >= len(panel.split) or not panel.recorded[f]:  # a track, or a front that the record does not speak of
            yield from _gap(seen, "stood", name[front].name, doubt.tolist())
        else:
            kept = told(panel, doubt)
            unkept += doubt[~kept].tolist()
            open_weeks = (panel.high >= asked) & (panel.low < asked)
            between += doubt[kept & open_weeks[panel.week_of[doubt]]].tolist()
    yield from _gap(seen, "record", "", unkept)
    yield from _gap(seen, "rungs", "", between)
    rung = seen.plan.rungs(seen.places(ask)[0]).index(str(ask.rung))
    yield from _weeks(seen, ask, a, b, [w for w in range(len(panel.low)) if panel.low[w] >= rung])


def _deaths(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Iterator[Gap]:
    panel = seen.panel
    unkept = list[int]()
    for f, front in zip(seen.places(ask), ask.fronts, strict=True):
        days = untold_deaths(seen, f, a, b).tolist()
        if panel.recorded[f]:
            unkept += days
        else:
            yield from _gap(seen, "cost", seen.case.fronts[front].name, days)
    yield from _gap(seen, "record", "", unkept)
    yield from _weeks(seen, ask, a, b, np.flatnonzero(panel.killed > 0).tolist())


def _weeks(seen: Observed, ask: grammar.Ask, a: int, b: int, chosen: list[int]) -> Iterator[Gap]:
    """Weeks that show as much, and do not say on which front; and those that reach over the window's ends."""
    mine, where, edges = set(seen.places(ask)), list[int](), list[int]()
    for w, kept in weeks(seen.panel, a, b):
        able = set(carriers(seen.panel, w, kept))
        if w not in chosen or not able & mine:
            continue
        where += kept[(kept >= a) & (kept <= b)].tolist() if able - mine else []
        edges += kept.tolist() if kept[0] < a or kept[-1] > b else []
    yield from _gap(seen, "where", "", where)
    yield from _gap(seen, "edge", "", edges)


def _events(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Iterator[Gap]:
    for stream in ask.streams:
        yield from _gap(seen, "stream", seen.case.streams[stream].name, uncounted(seen.panel, stream, a, b).tolist())
        spans = counted(seen.panel, stream)
        for start, end, count in zip(spans.start, spans.end, spans.count, strict=True) if spans else ():
            if not count or start > b or end <= a:
                continue
            if start < a or end - 1 > b:
                yield from _gap(seen, "edge", "", range(int(start), int(end)))
            elif untracked(seen, list(seen.case.streams).index(stream), int(start), int(count)):
                yield from _gap(seen, "once", seen.case.streams[stream].name, range(int(start), int(end)))

"""What the record shows of a question: the least and the most of it that a window can have seen.

The record is laid out as two paths, and the functions that count a question along simulated paths count these. On the
first stands only what the record proves of the question, on the second all that it leaves possible: a week of which
only the highest rung is known is laid outside the window or the fronts asked about on the first, inside on the second;
a day that nobody counted holds nothing on the first and any number on the second. Where both come to the same, the
record tells. Missing is never zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case
from fissures.events.panel import Counts, Panel
from fissures.kernel.paths import Paths
from fissures.model import plan as layout
from fissures.model.history import wait
from fissures.model.plan import Plan
from fissures.model.simulate import Run
from fissures.study.outcomes import asked

Ints = NDArray[np.int64]
Span = tuple[int, int]  # first and last day of a window, counted on the panel

ANY_NUMBER = 1_000_000  # a day's deaths or events where nobody counted
NOT_KEPT = {
    "means": "the record does not say on which front and day a means was used",
    "weeks": "the record does not say on which front and day a means was used",
    "advance": "the record does not say when ground changed hands",
}
TOLD_BY = "the record does not hold what a reporter told"


@dataclass(frozen=True)
class Observed:
    """A case's record, read from the day after `since` on; `plan` is the case's own, dated `since`."""

    case: Case
    panel: Panel
    plan: Plan

    @property
    def since(self) -> date:
        """The day after which everything is read."""
        return self.plan.as_of

    def day(self, when: date) -> int:
        """Day number of a date on the panel."""
        return (when - self.panel.first).days

    def span(self, end: date) -> Span:
        """The window from the day after `since` to a date, both included."""
        return self.day(self.since) + 1, self.day(end)

    def places(self, ask: grammar.Ask) -> list[int]:
        """Numbers of the fronts and tracks that are asked about."""
        return [self.plan.places.index(name) for name in ask.fronts]


def observe(case: Case, panel: Panel, since: date) -> Observed:
    """The record of a case, as what happened after a date."""
    return Observed(case, panel, replace(layout.build(case, panel), as_of=since))


def not_kept(ask: grammar.Ask) -> str:
    """Why the record can never tell what is asked; "" where it can."""
    return TOLD_BY if ask.who and ask.kind == "total" else NOT_KEPT.get(ask.kind, "")


def reading(seen: Observed, ask: grammar.Ask, end: date) -> tuple[float, float]:
    """The least and the most of what is asked that the days after `since` can have seen by `end` (included).

    0 or 1 for an event, a number for a number; infinite where nothing bounds it from above.
    """
    if not_kept(ask):
        return 0.0, math.inf if ask.number else 1.0
    first, last = seen.span(end)
    days = max(last - first + 1, 0)
    windows = list(_months(seen, first, last)) if ask.kind == "month" else [(first, last)]
    values = asked(seen.case, _laid(seen, ask, windows, first, days), ask, days) if days else np.zeros(2)
    least, most = float(values[0::2].max()), float(values[1::2].max())
    low, high = min(least, most), max(least, most)  # of "none of", the path with most events says no
    return low, math.inf if ask.number and high >= ANY_NUMBER else high


def _months(seen: Observed, first: int, last: int) -> Iterator[Span]:
    """The window cut into calendar months: what is proved of one is proved by its own days."""
    start = first
    for t in range(first, last + 1):
        when = seen.panel.first + timedelta(days=t)
        if t == last or (when + timedelta(days=1)).month != when.month:
            yield start, t
            start = t + 1


def _laid(seen: Observed, ask: grammar.Ask, windows: list[Span], first: int, days: int) -> Run:
    """Two paths a window, the least and then the most, as a run whose day 0 is the day after `since`."""
    plan, paths = seen.plan, 2 * len(windows)
    out: dict[str, Any] = {field.name: np.zeros((0, days, paths), np.uint8) for field in fields(Paths)}
    out["rungs"] = np.zeros((len(plan.places), days, paths), np.int64)
    out["deaths"] = np.zeros((len(plan.fronts), days, paths), np.int64)
    out["counts"] = np.zeros((len(plan.streams), days, paths), np.int64)
    for w, (a, b) in enumerate(windows):
        inside = np.s_[:, a - first : b - first + 1, 2 * w : 2 * w + 2]
        if ask.kind == "reaches":
            out["rungs"][inside] = np.stack([_least_rungs(seen, ask, a, b), _most_rungs(seen, a, b)], axis=2)
        elif ask.streams:
            out["counts"][inside] = _events(seen, ask, a, b)
        else:
            out["deaths"][inside] = np.stack([_least_deaths(seen, ask, a, b), _most_deaths(seen, ask, a, b)], axis=2)
    fit: Any = SimpleNamespace(seed=0)  # no question that is read here draws a number
    return Run("record", "record", plan, fit, 0, paths, Paths(**out))


# --- the calendar of the record ---------------------------------------------------------------------------------------


def told(panel: Panel, days: Iterable[int]) -> NDArray[np.bool_]:
    """On which days the weekly record was kept: covered, and the week has a row."""
    numbers = np.fromiter(days, np.int64)
    inside = (numbers >= 0) & (numbers < panel.days)
    at = np.where(inside, numbers, 0)
    return np.asarray(inside & panel.covered[at] & ~np.isnan(panel.killed[panel.week_of[at]]))


def weeks(panel: Panel, a: int, b: int) -> Iterator[tuple[int, Ints]]:
    """Weeks of the record that touch days a to b, each with all days of it that the record was kept on."""
    inside = list(range(max(a, 0), min(b, panel.days - 1) + 1))
    for w in dict.fromkeys(panel.week_of[inside].tolist()):
        mine = np.flatnonzero(panel.week_of == w)
        if (kept := mine[told(panel, mine)]).size:
            yield w, kept


def carriers(panel: Panel, w: int, kept: Ints) -> list[int]:
    """Which recorded fronts can have seen what a week shows: the one that it names, else those that could have."""
    if panel.named[w] >= 0:
        return [int(panel.named[w])]
    fronts = [f for f in range(len(panel.split)) if panel.recorded[f]]
    return [f for f in fronts if panel.day_high[f, kept].max() >= panel.low[w]]


# --- rungs ------------------------------------------------------------------------------------------------------------


def _least_rungs(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Ints:
    """Rungs that the record proves on the places asked about, days a to b; (places, days)."""
    panel, mine = seen.panel, set(seen.places(ask))
    start = a - int(panel.quiet_days.max(initial=0.0)) - 7  # what happened before still keeps a front from being quiet
    out = _cut(panel.day_low, start, b, np.zeros(len(panel.day_low), np.int64))
    for w, kept in weeks(panel, start, b):
        if panel.low[w] > 0 and (able := carriers(panel, w, kept)):
            others = [f for f in able if f not in mine]
            _least_day(
                out, others[0] if others else able[0], (int(kept[0]), int(kept[-1])), panel.low[w], (start, a, b)
            )
    for one in panel.bounded:
        if one.end >= start and one.start <= b and one.lowest > 0 and agrees(panel, one):
            _least_day(out, one.front, (one.start, one.end), one.lowest, (start, a, b))
    return _waited(seen, out)[:, a - start :]


def _least_day(out: Ints, front: int, days: Span, rung: int, window: tuple[int, int, int]) -> None:
    """Lay a rung that one of these days reached on the day that says least of the window."""
    start, a, b = window
    if days[0] < a:
        if days[0] >= start:
            out[front, days[0] - start] = max(out[front, days[0] - start], rung)
    elif days[1] <= b:
        out[front, days[1] - start] = max(out[front, days[1] - start], rung)


def _most_rungs(seen: Observed, a: int, b: int) -> Ints:
    """Rungs that the record leaves possible on every place, days a to b; (places, days)."""
    panel = seen.panel
    start = a - int(panel.quiet_days.max(initial=0.0)) - 7
    top = np.array([len(seen.plan.rungs(f)) - 1 for f in range(len(seen.plan.places))])
    out, low = _cut(panel.day_high, start, b, top), _cut(panel.day_low, start, b, np.zeros_like(top))
    known = np.flatnonzero(panel.recorded[: len(panel.split)])
    for w, kept in weeks(panel, start, b):
        days = kept[(kept >= start) & (kept <= b)] - start
        out[np.ix_(known, days)] = np.minimum(out[np.ix_(known, days)], panel.high[w])
    for one in panel.bounded:
        if not agrees(panel, one) and one.end >= start and one.start <= b:
            days = np.arange(max(one.start, start), min(one.end, b) + 1) - start
            out[one.front, days] = np.maximum(out[one.front, days], one.lowest)
    return _waited(seen, np.maximum(out, low))[:, a - start :]  # days bound by spells stand before the week


def agrees(panel: Panel, one: Any) -> bool:
    """Whether the rest of the record leaves room for the lowest rung that event data give a front's week."""
    days = np.arange(one.start, one.end + 1)
    if panel.day_high[one.front, days].max() < one.lowest:
        return False
    kept = days[told(panel, days)] if panel.recorded[one.front] else days[:0]
    return kept.size < days.size or bool(panel.high[panel.week_of[kept]].max() >= one.lowest)


def _cut(table: Ints, start: int, end: int, before: Ints) -> Ints:
    """Days start to end of a table (places, days); days before the panel hold `before`."""
    lacking = max(-start, 0)
    return np.concatenate([np.repeat(before[:, None], lacking, 1), table[:, max(start, 0) : end + 1]], axis=1)


def _waited(seen: Observed, active: Ints) -> Ints:
    """Rungs by each ladder's waiting rule."""
    waits = seen.panel.quiet_days.astype(int)
    return np.stack([wait(row[None], days)[0] if days else row for row, days in zip(active, waits, strict=True)])


# --- deaths -----------------------------------------------------------------------------------------------------------


def _least_deaths(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Ints:
    """Deaths that the record proves on the fronts asked about, days a to b; (fronts, days)."""
    panel, mine = seen.panel, set(seen.places(ask))
    out = np.zeros((len(seen.plan.fronts), b - a + 1), np.int64)
    for w, kept in weeks(panel, a, b):
        able = carriers(panel, w, kept)
        if able and set(able) <= mine and a <= kept[0] and kept[-1] <= b:
            out[able[0], kept[-1] - a] += math.floor(panel.killed[w])
    ends = dict.fromkeys(mine, -1)
    for spell in sorted(panel.spells, key=lambda one: one.end):
        f, days = spell.front, range(spell.start, spell.end + 1)
        apart = spell.start > ends.get(f, spell.end) and a <= spell.start and spell.end <= b
        if apart and spell.killed_low and not (panel.recorded[f] and told(panel, days).any()):
            out[f, spell.end - a] += math.floor(spell.killed_low)
            ends[f] = spell.end
    return out


def _most_deaths(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Ints:
    """Deaths that the record leaves possible on the fronts asked about, days a to b; (fronts, days)."""
    panel, mine = seen.panel, set(seen.places(ask))
    out = np.zeros((len(seen.plan.fronts), b - a + 1), np.int64)
    for w, kept in weeks(panel, a, b):
        able = [f for f in carriers(panel, w, kept) or range(len(panel.split)) if f in mine]
        inside = kept[(kept >= a) & (kept <= b)]
        if able and inside.size:
            out[able[0], inside[0] - a] += math.ceil(panel.killed[w])
    for f in mine:
        out[f, untold_deaths(seen, f, a, b) - a] = ANY_NUMBER
    return out


def untold_deaths(seen: Observed, f: int, a: int, b: int) -> Ints:
    """Days on which nothing says how many died on a front, though its rung may have brought deaths."""
    panel, days = seen.panel, np.arange(a, b + 1)
    ladder = seen.case.ladders[seen.case.fronts[seen.plan.places[f]].ladder]
    deadly = [r for r, rung in enumerate(ladder.rungs.values()) if rung.deaths_per_day]
    high = _cut(panel.day_high, a, b, np.full(len(panel.day_high), len(ladder.rungs) - 1))[f]
    open_days = ~told(panel, days) if panel.recorded[f] else np.ones(days.size, bool)
    return days[open_days & (high >= min(deadly, default=len(ladder.rungs)))]


# --- events -----------------------------------------------------------------------------------------------------------


def _events(seen: Observed, ask: grammar.Ask, a: int, b: int) -> Ints:
    """Events proved and possible of the streams asked about, days a to b; (streams, days, 2)."""
    out = np.zeros((len(seen.plan.streams), b - a + 1, 2), np.int64)
    names = list(seen.case.streams)
    for name in ask.streams:
        s, counts = names.index(name), counted(seen.panel, name)
        for start, end, count in zip(counts.start, counts.end, counts.count, strict=True) if counts else ():
            if a <= start and end - 1 <= b:
                out[s, end - 1 - a, 0] += int(count) - untracked(seen, s, int(start), int(count))
            if start <= b and end > a:
                out[s, max(start, a) - a, 1] += int(count)
        days = np.arange(max(a, 0), b + 1)
        out[s, days - a] += seen.panel.state[s, days][:, None].astype(np.int64)  # what is known besides: so many more
        out[s, uncounted(seen.panel, name, a, b) - a, 1] = ANY_NUMBER
    return out


def untracked(seen: Observed, s: int, day: int, count: int) -> int:
    """How many of a day's events a path would not count: a track tells a day's contacts once, at the highest."""
    lifts = seen.plan.streams[s].lifts
    if lifts is None or not count:
        return 0
    place, rung = lifts
    return count if seen.panel.day_high[place, day] > rung else count - 1


def counted(panel: Panel, stream: str) -> Counts | None:
    """Over which spans a stream was counted, by a source that sees what the stated rates are about."""
    found = panel.observed.get(stream)
    return None if found is None or found.own_volume else found


def uncounted(panel: Panel, stream: str, a: int, b: int) -> Ints:
    """Days a to b on which nobody counted a stream."""
    days = np.arange(a, b + 1)
    seen = panel.seen(stream)
    return days[[not (0 <= t < panel.days and seen[t]) for t in days.tolist()]]

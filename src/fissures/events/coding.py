"""From events to rungs: what each front's week can have been, given what the data can and cannot see.

Dead are a range, a day is sometimes known by the week or the month, a place by the province, and a data set may not say
by what weapon, or may leave out what killed nobody. So a week has two measures: the least that surely happened on this
front, and the most that may have. The ladder's own rules turn them into the lowest and highest rung that fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Ladder
from fissures.events.database import rows
from fissures.events.rungs import rules_of, week_interval

if TYPE_CHECKING:
    from fissures.events.database import Connection

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEASURES = ("killed", "most_killed_in_a_day", "wounded", "heavy", "special", "drones", "drone_days", "events")
_WEAPONS = {"heavy": "heavy-weapons", "drones": "drone"}
_UNSEEN = ("wounded", "special")  # no format counts the wounded or tells a raid from other fire


@dataclass(frozen=True)
class Event:
    """One act of violence: days (numbers from the first of the window), dead, mode, and where it may have happened."""

    start: int
    end: int
    low: float | None
    best: float | None
    high: float | None
    mode: str | None
    front: str | None
    fronts: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """What the data can see in each week, (weeks,) each.

    `silence`: that nothing is told means that nothing happened; `dead`: whoever was killed is in the data; `weapons`:
    the rows may say by what weapon. A week in which no data set was looking has none of them.
    """

    silence: Bools
    dead: Bools
    weapons: Bools


def sight(looking: Iterable[tuple[date, date, bool, bool, bool]], first: date, weeks: int) -> Sight:
    """What data sets see together: for each its first and last day, and whether it is `fatal_only`, names `weapons`, is
    a `feed` of news. That no news told of a front does not say that it was quiet.
    """
    silence, dead, armed = (np.zeros(weeks, bool) for _ in range(3))
    for start, end, fatal_only, weapons, feed in looking:
        days = np.arange(weeks) * 7
        whole = (days >= (start - first).days) & (days + 6 <= (end - first).days)
        silence |= whole & (not feed and not fatal_only)
        dead |= whole & (not feed)
        armed |= whole & weapons
    return Sight(silence, dead, armed)


@dataclass(frozen=True)
class Weeks:
    """Weeks of one front, or of several together: `least` and `most` by measure, (weeks,) each; `killed_best` (weeks,).

    `first` is the Monday of the first week.
    """

    first: date
    least: dict[str, Floats]
    most: dict[str, Floats]
    killed_best: Floats

    def monday(self, week: int) -> date:
        """The Monday of a week."""
        return self.first + timedelta(days=7 * week)


@dataclass(frozen=True)
class Bound:
    """What one week of a front can have been, by name of rung, and its dead and events."""

    front: str
    start: date
    end: date
    lowest: str
    highest: str
    killed: tuple[float, float, float]
    events: float


def violence(connection: Connection, first: date) -> tuple[Event, ...]:
    """The acts of violence in the table `laid`, days numbered from `first`."""
    sql = """SELECT start_date, end_date, coalesce(deaths_low, deaths_best), coalesce(deaths_best, deaths_low),
        coalesce(deaths_high, deaths_best), mode, front, fronts FROM laid WHERE category = 'ASSAULT' AND len(fronts) > 0
        ORDER BY start_date, row_id"""
    return tuple(
        Event((start - first).days, (end - first).days, low, best, high, mode, front, tuple(fronts))
        for start, end, low, best, high, mode, front, fronts in rows(connection, sql)
    )


def weeks_of(events: Iterable[Event], fronts: Sequence[str], first: date, weeks: int, rule: str, sight: Sight) -> Weeks:
    """The weeks from `first`, a Monday, on the fronts together: the least and the most that happened in each.

    An event counts for certain in a week if it surely happened on one of these fronts and wholly in that week; it may
    count in every week that it touches. `rule` (start, end, spread) says where the best estimate of the dead goes.
    """
    least, most = ({name: np.zeros(weeks) for name in MEASURES} for _ in range(2))
    daily, best = _Daily(7 * weeks), np.zeros(weeks)
    for event in events:
        if not set(fronts) & set(event.fronts) or event.end < 0 or event.start >= 7 * weeks:
            continue
        sure = event.front in fronts
        touched = range(max(event.start // 7, 0), min(event.end // 7, weeks - 1) + 1)
        _add(most, touched, event, np.inf if event.high is None else event.high, at_most=True)
        daily.may(event)
        if sure and event.start // 7 == event.end // 7:
            _add(least, touched, event, event.low or 0.0, at_most=False)
            daily.must(event)
        if sure and event.best:
            _lay(best, event, event.best, rule)
    least["most_killed_in_a_day"], most["most_killed_in_a_day"] = daily.worst(least["killed"], most["killed"])
    least["drone_days"], most["drone_days"] = daily.drone_days()
    return Weeks(first, least, _unseen(most, sight), best)


def _add(measures: Mapping[str, Floats], touched: range, event: Event, dead: float, at_most: bool) -> None:
    """Add an event to the weeks that it touches; at most it had any weapon, where the row names none."""
    for week in touched:
        measures["killed"][week] += dead
        measures["events"][week] += 1
        for name, mode in _WEAPONS.items():
            measures[name][week] += event.mode == mode or (at_most and event.mode is None)


def _lay(best: Floats, event: Event, dead: float, rule: str) -> None:
    """Lay the best estimate of an event's dead on the weeks, by the date rule."""
    days = range(event.start, event.end + 1)
    chosen = {"start": days[:1], "end": days[-1:], "spread": days}[rule]
    for day in chosen:
        if 0 <= day < 7 * best.size:
            best[day // 7] += dead / len(chosen)


def _unseen(most: dict[str, Floats], sight: Sight) -> dict[str, Floats]:
    """What the data cannot see may have been anything."""
    some = most["events"] > 0
    blind = dict.fromkeys(MEASURES, ~sight.silence)
    blind |= dict.fromkeys(_UNSEEN, ~sight.silence | some)
    blind |= dict.fromkeys((*_WEAPONS, "drone_days"), ~sight.silence | (some & ~sight.weapons))
    blind |= dict.fromkeys(("killed", "most_killed_in_a_day"), ~sight.dead)
    return {name: np.where(blind[name], np.inf, values) for name, values in most.items()}


class _Daily:
    """Dead and drones by day, while they are being added up."""

    def __init__(self, days: int) -> None:
        self.low, self.high, self.long = np.zeros(days), np.zeros(days + 1), np.zeros(days)
        self.drone, self.may_drone = np.zeros(days), np.zeros(days + 1)

    def may(self, event: Event) -> None:
        """The event may have happened on any of its days."""
        start, end = max(event.start, 0), min(event.end, self.low.size - 1) + 1
        self.high[start:end] += np.inf if event.high is None else event.high
        self.may_drone[start:end] += event.mode in ("drone", None)

    def must(self, event: Event) -> None:
        """The event surely happened here; on which day is known only if it lasted one."""
        dead = event.low or 0.0
        if event.start == event.end:
            self.low[event.start] += dead
            self.drone[event.start] += event.mode == "drone"
        else:  # on some day at least the average died
            self.long[event.start] = max(self.long[event.start], np.ceil(dead / (event.end - event.start + 1)))

    def worst(self, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """Dead of the worst day of each week, at least and at most; never more than the week's own."""
        low = np.maximum(self.low, self.long).reshape(-1, 7).max(axis=1)
        return np.minimum(low, least), np.minimum(self.high[:-1].reshape(-1, 7).max(axis=1), most)

    def drone_days(self) -> tuple[Floats, Floats]:
        """Days of each week with a drone, at least and at most."""
        return (self.drone > 0).reshape(-1, 7).sum(axis=1) * 1.0, (self.may_drone[:-1] > 0).reshape(-1, 7).sum(
            axis=1
        ) * 1.0


def intervals(weeks: Weeks, ladder: Ladder) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lowest and highest rung of each week by the ladder's rules, (weeks,) each."""
    rules = rules_of(ladder)
    count = weeks.killed_best.size
    pairs = [
        week_interval(
            {name: float(weeks.least[name][w]) for name in MEASURES},
            rules,
            {name: float(weeks.most[name][w]) for name in MEASURES},
        )
        for w in range(count)
    ]
    low, high = np.array(pairs, np.int64).reshape(-1, 2).T
    return low, high


def bounds(front: str, weeks: Weeks, ladder: Ladder, inside: Sequence[bool]) -> tuple[Bound, ...]:
    """What each covered week of a front can have been."""
    low, high = intervals(weeks, ladder)
    names = list(ladder.rungs)
    return tuple(
        Bound(
            front,
            weeks.monday(w),
            weeks.monday(w) + timedelta(days=6),
            names[low[w]],
            names[high[w]],
            (float(weeks.least["killed"][w]), float(weeks.killed_best[w]), float(weeks.most["killed"][w])),
            float(weeks.least["events"][w]),
        )
        for w in np.flatnonzero(inside).tolist()
    )

"""Flare-ups of state-based conflicts: where killing began again after quiet, and what followed by week.

The rules are told in `study/flare_ups.SOURCES.md`, and what they leave out in `docs/analogues.md`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

CUTOFF = date(2020, 7, 20)  # the last day that any row may speak of
BEGINS = date(1989, 1, 1)
FIRST_START = date(1991, 1, 1)  # so that every flare-up has two years of record before it
KILLED, WINDOW, QUIET = 5, 14, 60
WEEKS, HORIZONS = 27, (30, 90, 160)
SUMMED_UP = "12"  # the month in which UCDP's summaries of a year end
NEAR = 365  # days: how far away in time a conflict may be to which a month's remainder is given

COLUMNS = (
    "conflict",
    "sides",
    "states",
    "countries",
    "kind",
    "territory",
    "patron",
    "rivals",
    "contiguous",
    "crisis",
    "start",
    "seen",
    "deaths",
    "dated",
    "quiet",
    "year_before",
    *(f"after_{days}" for days in HORIZONS),
    "worst_week",
    "weeks",
)

Series = dict[int, int]  # deaths by day number


@dataclass(frozen=True)
class Conflict:
    """One conflict as GED names it: deaths by day, those that GED dates, its sides, and where they died."""

    name: str
    sides: tuple[str, str]
    killed: Series
    dated: Series
    where: Mapping[int, Counter[str]]


@dataclass(frozen=True)
class Event:
    """Deaths of one conflict in one country (ISO code) on one day."""

    conflict: str
    country: str
    day: int
    deaths: int


def month_of(day: int) -> str:
    """The month of a day number, as "2016-04"."""
    return date.fromordinal(day).isoformat()[:7]


def completed(events: Iterable[Event], totals: Mapping[tuple[str, str], float]) -> dict[str, Series]:
    """Deaths by day of each conflict: those that GED places, and its part of those that a month has beyond them.

    A country's remainder in a month is shared among the conflicts with dead there in that month, by their dead, and
    lies on the days of those dead; where there are none it goes to the conflict whose dead there are nearest in time,
    on the month's middle day, or to nobody: not in December, where it may sum up a year.
    """
    located: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    when: dict[str, list[tuple[int, str]]] = defaultdict(list)
    out: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for event in events:
        if event.deaths:
            located[event.country, month_of(event.day)][event.conflict, event.day] += event.deaths
            when[event.country].append((event.day, event.conflict))
            out[event.conflict][event.day] += event.deaths
    for found in when.values():
        found.sort()
    for (country, month), total in sorted(totals.items()):
        here = located[country, month]
        rest = total - sum(here.values())
        if rest > 0 and (here or month[5:] != SUMMED_UP):
            here = here or nearest(when[country], middle_of(month))
            for conflict, day in sorted(here):
                out[conflict][day] += rest * here[conflict, day] / sum(here.values())
    return {conflict: whole(deaths) for conflict, deaths in out.items()}


def middle_of(month: str) -> int:
    """The day number of the middle of a month."""
    return date(int(month[:4]), int(month[5:]), 15).toordinal()


def nearest(found: list[tuple[int, str]], middle: int) -> Counter[tuple[str, int]]:
    """The conflict with dead nearest in time to a day, on that day; nobody where it is too far away."""
    at = bisect_left(found, (middle, ""))
    close = sorted((abs(day - middle), conflict) for day, conflict in found[max(at - 1, 0) : at + 1])
    return Counter({(close[0][1], middle): 1}) if close and close[0][0] <= NEAR else Counter()


def whole(deaths: Mapping[int, float]) -> Series:
    """Whole deaths by day whose running sum is that of shares of deaths, rounded down.

    >>> whole({1: 1.5, 4: 0.5, 9: 1.0})
    {1: 1, 4: 1, 9: 1}
    """
    days = sorted(deaths)
    sums = [int(total + 1e-6) for total in accumulate(deaths[day] for day in days)]
    return {day: now - before for day, now, before in zip(days, sums, [0, *sums], strict=False) if now > before}


def starts(killed: Series) -> Iterator[int]:
    """The days on which a flare-up starts.

    Someone is killed, at least five within fourteen days, after sixty days in which fewer than five were.
    """
    last = -WINDOW
    for day in sorted(killed):
        before = total(killed, day - QUIET, day)
        if day >= last + WINDOW and before < KILLED <= total(killed, day, day + WINDOW):
            last = day
            yield day


def total(killed: Series, first: int, until: int) -> int:
    """Deaths from a day up to and not including another."""
    return sum(killed.get(day, 0) for day in range(first, until))


def quiet_before(killed: Series, start: int) -> int:
    """Days since five were last killed within fourteen days; since the record begins where they never were."""
    running = total(killed, start - WINDOW, start)
    for day in range(start - 1, BEGINS.toordinal(), -1):
        if running >= KILLED:
            return start - 1 - day
        running += killed.get(day - WINDOW, 0) - killed.get(day, 0)
    return start - BEGINS.toordinal()


def rows_of(conflict: Conflict) -> Iterator[dict[str, object]]:
    """One row a flare-up: what it was within two weeks, what had been before, and what followed, by week."""
    killed, cutoff = conflict.killed, CUTOFF.toordinal()
    for start in starts(killed):
        if not FIRST_START.toordinal() <= start <= cutoff - WINDOW + 1:
            continue
        after = start + WINDOW
        known = range(after, min(after + 7 * WEEKS, cutoff + 1))
        weeks = [total(killed, day, day + 7) for day in known[::7] if day + 7 <= cutoff + 1]
        deaths = total(killed, start, after)
        told = {f"after_{n}": total(killed, after, after + n) if len(known) >= n else "" for n in HORIZONS}
        yield {
            "conflict": conflict.name,
            "sides": " | ".join(conflict.sides),
            "countries": " | ".join(places(conflict, start)),
            "start": date.fromordinal(start),
            "seen": date.fromordinal(after - 1),
            "deaths": deaths,
            "dated": min(total(conflict.dated, start, after), deaths),
            "quiet": quiet_before(killed, start),
            "year_before": total(killed, start - 365, start),
            **told,
            "worst_week": max(weeks) if len(weeks) >= HORIZONS[-1] // 7 else "",
            "weeks": " ".join(map(str, weeks)),
        }


def places(conflict: Conflict, start: int) -> list[str]:
    """The countries in which people died in a flare-up, the most dead first, then by name."""
    found: Counter[str] = Counter()
    for day in range(start, start + WINDOW):
        found += conflict.where.get(day, Counter())
    return sorted(found, key=lambda name: (-found[name], name))

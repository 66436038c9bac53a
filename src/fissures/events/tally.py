"""Counts per stream and day, from the rows of the store that a case may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fissures.case.records import Case
from fissures.events import matching
from fissures.events.database import rows
from fissures.events.selection import by_day
from fissures.events.table import literal, quoted

if TYPE_CHECKING:
    from fissures.events.database import Connection

Windows = Sequence[tuple[date, date]]


@dataclass(frozen=True)
class Tally:
    """Counts by day of each stream: `by_day[stream][date]`, days with nothing left out."""

    by_day: dict[str, dict[date, float]]

    def total(self, stream: str) -> float:
        """All that was counted of a stream."""
        return sum(self.by_day[stream].values())


def tally(connection: Connection, case: Case, streams: Sequence[str], rule: str, windows: Windows) -> Tally:
    """Count the rows of the table `selected` per stream and day, inside the windows (all days where there are none)."""
    marked = ", ".join(f"{holds} AS {quoted(name)}" for name, holds in matching.marks(case, streams).items())
    sums = ", ".join(
        f"sum(share) FILTER ({matching.belongs(case.streams[name])}) AS {quoted(name)}" for name in streams
    )
    sql = f"""SELECT day, {sums} FROM (SELECT *{", " + marked if marked else ""} FROM {by_day(rule)})
        WHERE {inside(windows)} GROUP BY day ORDER BY day"""
    found = rows(connection, sql) if streams else []
    return Tally({name: {row[0]: row[k + 1] for row in found if row[k + 1]} for k, name in enumerate(streams)})


def inside(windows: Windows, column: str = "day") -> str:
    """Whether a day lies in one of the windows, both ends included, as SQL."""
    told = [f"{column} BETWEEN {literal(str(a))} AND {literal(str(b))}" for a, b in windows]
    return f"({' OR '.join(told)})" if told else "true"


def gaps(days: set[date], windows: Windows) -> tuple[tuple[date, date], ...]:
    """Stretches of days inside the windows on which a news feed holds nothing at all, from anywhere in the world."""
    out: list[tuple[date, date]] = []
    for first, last in windows:
        when = first
        while when <= last:
            if when not in days:
                if out and out[-1][1] == when - timedelta(days=1) and when != first:
                    out[-1] = (out[-1][0], when)
                else:
                    out.append((when, when))
            when += timedelta(days=1)
    return tuple(out)

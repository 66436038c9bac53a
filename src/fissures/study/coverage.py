"""What the evidence of a case covers, by month: each source with what it counts, and what nobody counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case, Evidence
from fissures.events.panel import Panel

Floats = NDArray[np.float64]
_NAMED = 3  # streams by name; the others are counted
_LEAST = 1e-9


@dataclass(frozen=True)
class Covered:
    """One entry of the evidence: its name, what it tells of, its source, and the share of each month that it covers.

    `months` goes with those of the coverage; a share lies in [0, 1], where 0 is missing and never zero events.
    """

    name: str
    what: str
    source: str
    months: tuple[float, ...]

    @property
    def full(self) -> int:
        """How many months it covers from the first day to the last."""
        return sum(share >= 1 - _LEAST for share in self.months)

    @property
    def none(self) -> int:
        """How many months it says nothing of."""
        return sum(share <= _LEAST for share in self.months)

    @property
    def runs(self) -> tuple[tuple[str, int, int], ...]:
        """The months as stretches that are alike: "full", "part" or "none", the first and the last month's place.

        >>> Covered("", "", "", (1.0, 1.0, 0.5, 0.0)).runs
        (('full', 0, 1), ('part', 2, 2), ('none', 3, 3))
        """
        out: list[tuple[str, int, int]] = []
        for k, share in enumerate(self.months):
            kind = "full" if share >= 1 - _LEAST else "none" if share <= _LEAST else "part"
            start = out.pop()[1] if out and out[-1][0] == kind else k
            out.append((kind, start, k))
        return tuple(out)


@dataclass(frozen=True)
class Coverage:
    """The evidence from the record's first day to the as-of date, entry by entry; `starts` is the first day of each
    month. `streams` counts those that happen by a chance of their own, `uncounted` those of them that no source counts.
    """

    first: date
    as_of: date
    starts: tuple[date, ...]
    rows: tuple[Covered, ...]
    streams: int = 0
    uncounted: int = 0


def coverage(case: Case, panel: Panel) -> Coverage:
    """What each entry of the evidence covers by month; what only says where things stand (role `state`) is left out."""
    month = np.array([(day := panel.date_of(t)).year * 12 + day.month - 1 for t in range(panel.days)])
    numbers = np.unique(month)
    rows = tuple(
        Covered(name, what, one.source, tuple(float(days[month == number].mean()) for number in numbers))
        for name, one in case.evidence.items()
        if one.role == "evidence"
        for what, days in _of(case, panel, one)
    )
    own = [name for name, stream in case.streams.items() if stream.read_from is None]
    return Coverage(
        first=panel.first,
        as_of=case.as_of,
        starts=tuple(date(int(n) // 12, int(n) % 12 + 1, 1) for n in numbers),
        rows=rows,
        streams=len(own),
        uncounted=sum(name not in panel.observed for name in own),
    )


def _of(case: Case, panel: Panel, one: Evidence) -> Iterator[tuple[str, Floats]]:
    """What an entry tells of, and the share of it that each day covers (days,); nothing for undated tables."""
    if one.kind == "weekly_record":
        counted = panel.covered & ~np.isnan(panel.killed)[panel.week_of]
        yield "deaths by week, all fronts together", np.asarray(counted, np.float64)
    elif one.kind == "spells":
        yield "where each front stood, by days", _spells(case, panel)
    elif one.kind == "rung_bounds":
        yield "what each front can have been, by week", _windows(panel, one)
    elif one.kind == "dated_counts" and one.streams:
        yield _streams(case, one), np.mean([panel.seen(name, True) for name in one.streams], axis=0)


def _spells(case: Case, panel: Panel) -> Floats:
    """The share of fronts that some spell names on each day."""
    known = np.zeros((len(case.fronts), panel.days))
    for spell in panel.spells:
        if spell.front < len(case.fronts):
            known[spell.front, spell.start : spell.end + 1] = 1.0
    return np.asarray(known.mean(axis=0), np.float64)


def _windows(panel: Panel, one: Evidence) -> Floats:
    days = [panel.date_of(t) for t in range(panel.days)]
    return np.array([float(any(a <= day <= b for a, b in one.covers)) for day in days])


def _streams(case: Case, one: Evidence) -> str:
    names = [case.streams[name].name for name in one.streams]
    more = len(names) - _NAMED
    many = f"{len(names)} kinds of event" if len(names) > 1 else "one kind of event"
    return f"{many}: {', '.join(names[:_NAMED])}" + (f" and {more} more" if more > 0 else "")

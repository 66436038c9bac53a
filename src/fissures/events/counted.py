"""Evidence that was counted from event data: rungs coded already, weeks of single fronts, days that a feed lacks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.files import provenance_file
from fissures.case.records import Case, Evidence, Ladder
from fissures.errors import DataError, Finding
from fissures.events import files
from fissures.events.clock import Clock, wrong

Ints = NDArray[np.int64]

_BOUNDS: files.Columns = {"front": str, "start": files.day, "end": files.day, "lowest": str, "highest": str}


@dataclass(frozen=True)
class Bounded:
    """Days start..end of a front, of which the most active one stood between two rungs (all numbers)."""

    front: int
    start: int
    end: int
    lowest: int
    highest: int


def coded(row: files.Row, ladder: Ladder, record: Evidence) -> tuple[int, int] | None:
    """The rungs between which a row says that its week lies; None where it names none."""
    if not row["lowest"] or not row["highest"]:
        return None
    low, high = (_rung(row, key, ladder, record) for key in ("lowest", "highest"))
    if low > high:
        raise wrong(row.at(record.file), f"{row['lowest']} is above {row['highest']}", "swap them")
    return low, high


def _rung(row: files.Row, key: str, ladder: Ladder, record: Evidence) -> int:
    rungs = list(ladder.rungs)
    if row[key] not in rungs:
        raise wrong(row.at(record.file), f"no rung '{row[key][:60]}'", grammar.nearest(row[key], rungs))
    return rungs.index(row[key])


def read_bounds(case: Case, folder: Path, clock: Clock) -> tuple[Bounded, ...]:
    """Weeks of single fronts from evidence of kind `rung_bounds`, those before the panel left out."""
    out = []
    for record in case.evidence.values():
        for row in files.read_rows(folder / record.file, _BOUNDS) if record.kind == "rung_bounds" else ():
            if row["front"] not in case.fronts:
                remedy = grammar.nearest(row["front"], case.fronts)
                raise wrong(row.at(record.file), f"no front '{row['front'][:60]}'", remedy)
            start = (row["start"] - clock.first).days
            end = clock.day(min(row["end"], clock.last), row.at(record.file))
            clock.day(row["start"], row.at(record.file))
            pair = coded(row, case.ladders[case.fronts[row["front"]].ladder], record)
            if pair and end >= 0:
                out.append(Bounded(list(case.fronts).index(row["front"]), max(start, 0), end, *pair))
    return tuple(out)


def narrow(low: Ints, high: Ints, told: Sequence[Bounded]) -> list[Finding]:
    """Lower the bounds by day (fronts, days) to what events leave possible; says where they contradict the record.

    A week's highest rung bounds all its days; its lowest one is met on some day, which does not bound any single one.
    """
    against = 0
    for one in told:
        days = np.s_[one.front, one.start : one.end + 1]
        fits = one.highest >= low[days]
        against += int(not fits.all())
        high[days] = np.where(fits, np.minimum(high[days], one.highest), high[days])
    if not against:
        return []
    text = f"in {against} weeks event data leave less possible on a front than its spells show; the spells win"
    return [Finding("evidence", "note", text, "two sources disagree about the same days", "")]


def name_fronts(named: Ints, week_of: Ints, told: Sequence[Bounded], recorded: NDArray[np.bool_], active: int) -> None:
    """Name the front of weeks in which events show one recorded front, and only one, at rung `active` or above."""
    shown: dict[int, set[int]] = {}
    for one in told:
        if one.lowest >= active and recorded[one.front]:
            for week in np.unique(week_of[one.start : one.end + 1]).tolist():
                shown.setdefault(week, set()).add(one.front)
    for week, fronts in shown.items():
        if named[week] < 0 and len(fronts) == 1:
            named[week] = min(fronts)


def missing_days(record: Evidence, folder: Path) -> tuple[tuple[date, date], ...]:
    """Stretches of days that the event data lacked, from the file beside a counted one; raises DataError without it."""
    if record.counted_from is None:
        return ()
    name = provenance_file(record.file)
    try:
        told: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
        if int(told["published_after_the_as_of_date"]) and not record.retrospective:
            raise _not_known_then(record.file)
        return tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in told["missing_days"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"'{name}' cannot be read",
            where=name,
            why="it says where the counts come from, and on which days there was nothing to count",
            remedy="count again: fissures data panel CASE --write",
        ) from error


def _not_known_then(file: str) -> DataError:
    return DataError(
        "rows of it were published after the as-of date, and the case does not say so",
        where=file,
        why="a desk could not have had them; every output has to say that",
        remedy="write retrospective: true under the evidence, or count from an earlier release",
    )


def without_missing(days: Ints, record: Evidence, folder: Path, clock: Clock) -> Ints:
    """Covered days without those that the event data lacked."""
    lacking: set[int] = set()
    for first, last in missing_days(record, folder):
        lacking |= {(first - clock.first + timedelta(days=k)).days for k in range((last - first).days + 1)}
    return days[~np.isin(days, list(lacking))] if lacking else days

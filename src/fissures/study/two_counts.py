"""Deaths as two sources of one case count them, over the same weeks: side by side, and neither mended by the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from fissures.case.records import Case, Evidence
from fissures.events import files
from fissures.events.panel import Panel
from fissures.study.likeness_of_case import now

_COLUMNS: files.Columns = {"front": str, "start": files.day, "end": files.day}


@dataclass(frozen=True)
class TwoCounts:
    """Killed by the weekly record (`record`, the id of its source) and by another source (`other`), over `weeks` weeks
    from `first` that both cover, and over those of the case's own flare-up from `since` (None where there is none now).

    The other source counts only what it places on a front, and of that only what it codes as `codes` (() for all).
    """

    record: str
    other: str
    first: date
    weeks: int
    whole: tuple[int, int]
    since: date | None = None
    recent: tuple[int, int] = (0, 0)
    codes: tuple[str, ...] = ()


def two_counts(case: Case, folder: Path, panel: Panel) -> TwoCounts | None:
    """The dead of the record beside those of the first other source that counts them by front and week; None where
    there is no such source. Raises DataError for a file that cannot be read."""
    record = next((one for one in case.evidence.values() if one.kind == "weekly_record"), None)
    if record is None:
        return None
    for one in case.evidence.values():
        if one.kind == "rung_bounds" and one.source != record.source and (dead := _dead(one, folder, case, record)):
            return _compared(case, panel, record, one, dead)
    return None


def _dead(one: Evidence, folder: Path, case: Case, record: Evidence) -> dict[date, float]:
    """Killed by Monday on the fronts that the record pools, by best estimate; {} where the file does not count them."""
    fronts = record.fronts or tuple(case.fronts)
    out: dict[date, float] = {}
    for row in files.read_rows(folder / one.file, _COLUMNS, ("killed_best",)):
        if row["front"] in fronts and row["killed_best"]:
            monday = _monday(row["start"])
            out[monday] = out.get(monday, 0.0) + float(row["killed_best"])
    return out


def _compared(case: Case, panel: Panel, record: Evidence, one: Evidence, dead: dict[date, float]) -> TwoCounts | None:
    begins = [panel.date_of(int(day)) for day in np.unique(panel.week_of, return_index=True)[1]]
    pairs = {
        day: (float(known), dead[_monday(day)])
        for day, known in zip(begins, panel.killed, strict=True)
        if np.isfinite(known) and _monday(day) in dead
    }
    if not pairs:
        return None
    flared = now(case, panel)
    since = flared.start if flared.traits is not None else None
    return TwoCounts(
        record=record.source,
        other=one.source,
        first=min(pairs),
        weeks=len(pairs),
        whole=_sums(list(pairs.values())),
        since=since,
        recent=_sums([pair for day, pair in pairs.items() if since is not None and day >= since]),
        codes=one.counted_from.codes if one.counted_from else (),
    )


def _sums(pairs: list[tuple[float, float]]) -> tuple[int, int]:
    here, there = (sum(pair[k] for pair in pairs) for k in (0, 1))
    return round(here), round(there)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

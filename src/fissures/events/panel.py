"""The panel: a case's evidence laid out by day, with what is missing left missing.

Nothing dated after the as-of date gets in. Records of role `state` are kept apart from evidence: they say where
things stand at the as-of date and never enter a likelihood.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case, Evidence
from fissures.errors import DataError, Finding
from fissures.events import files
from fissures.events.rungs import rules_of, week_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK = dict.fromkeys(("killed", "most_killed_in_a_day", "wounded", "heavy", "special", "drones"), files.count)
_WEEKLY = {"week": files.day, "days_covered": files.count, **_WEEK, "drone_days": files.count}
_SPELL: dict[str, Any] = {
    "front": str,
    "start": files.day,
    "end": files.day,
    "rung": str,
    "killed_low": files.optional_number,
    "killed_high": files.optional_number,
}
SHORT_SPELL = 7  # days: a spell this short names every day's rung; a longer one only the highest


@dataclass(frozen=True)
class Spell:
    """A stretch of days on one front known by its highest rung and a range of deaths."""

    front: int
    start: int
    end: int
    rung: int
    killed_low: float | None
    killed_high: float | None


@dataclass(frozen=True)
class Episode:
    """A spell as the file gives it: front and rung by name, calendar dates, back to the file's beginning."""

    front: str
    start: date
    end: date
    rung: str


@dataclass(frozen=True)
class Counts:
    """What was observed of one stream: spans [start, end) of days with a count each."""

    start: Ints
    end: Ints
    count: Floats


@dataclass(frozen=True)
class Panel:
    """Evidence by day 0..days-1 (the last day is the as-of date) and by week.

    `week_of` (days,) numbers the weeks; `covered` (days,) says which days the record covers. `low`, `high` (weeks,)
    bound the rung of the week's most active day pooled over fronts; `quiet_days` of silence make a front quiet;
    `killed`, `most_in_a_day` (weeks,) are deaths of the covered days. `day_low`, `day_high` (fronts, days) are bounds
    from spells; `named` (weeks,) is the front that a spell names, or -1. `evidence` and `state` hold daily stream
    counts (streams, days); `observed` says over which spans each stream was counted.
    """

    parent: str
    digest: str
    first: date
    days: int
    week_of: Ints
    covered: NDArray[np.bool_]
    low: Ints
    high: Ints
    quiet_days: float
    killed: Floats
    most_in_a_day: Floats
    day_low: Ints
    day_high: Ints
    named: Ints
    split: Floats
    spells: tuple[Spell, ...]
    episodes: tuple[Episode, ...]
    evidence: Floats
    state: Floats
    observed: dict[str, Counts]
    series: dict[tuple[str, str], Floats]
    deaths_by_rung: dict[str, tuple[tuple[int, float, float], ...]]
    findings: tuple[Finding, ...]

    def date_of(self, day: int) -> date:
        """The calendar date of a day number."""
        return self.first + timedelta(days=day)

    def seen(self, stream: str) -> NDArray[np.bool_]:
        """On which days a stream was observed; shape (days,). Elsewhere its count is missing, not zero."""
        out = np.zeros(self.days, bool)
        if stream in self.observed:
            for start, end in zip(self.observed[stream].start, self.observed[stream].end, strict=True):
                out[start:end] = True
        return out


def build(case: Case, folder: Path, parent: str) -> Panel:
    """Lay out all evidence of a case; raises DataError for a file that is missing, broken or dated too late."""
    weekly = _one(case, "weekly_record")
    rows = files.read_rows(folder / weekly.file, _WEEKLY)
    first = min(start for start, _ in weekly.covers)
    days = (case.as_of - first).days + 1
    clock = _Clock(first, case.as_of, days)
    weeks = _weeks(case, weekly, rows, clock)
    spells, episodes, notes = _spells(case, folder, clock)
    day_low, day_high, conflicts = _bounds(case, weeks, spells, clock)
    evidence, state, observed = _counts(case, folder, rows, clock)
    fields = {
        **weeks,
        "day_low": day_low,
        "day_high": day_high,
        "named": _named(weeks, spells, clock),
        "split": np.array([weekly.split.get(front, 0.0) for front in case.fronts]),
        "evidence": evidence,
        "state": state,
    }
    digest = hashlib.sha256(parent.encode() + b"".join(np.ascontiguousarray(v).tobytes() for v in fields.values()))
    return Panel(
        parent=parent,
        digest=digest.hexdigest(),
        first=first,
        days=days,
        spells=spells,
        episodes=episodes,
        quiet_days=rules_of(next(iter(case.ladders.values()))).quiet_days,
        observed=observed,
        series=_series(case, folder, clock),
        deaths_by_rung=_deaths_by_rung(case, folder),
        findings=(*notes, *conflicts, *_retrospective(case)),
        **fields,
    )


@dataclass(frozen=True)
class _Clock:
    first: date
    last: date
    days: int

    def day(self, when: date, where: str) -> int:
        """Day number of a date; refuses what lies after the as-of date."""
        if when > self.last:
            raise DataError(
                f"a row is dated {when}, after the as-of date {self.last}",
                where=where,
                why="nothing later than the as-of date may inform a fit",
                remedy="remove the row, or move as_of if the case is meant to know it",
            )
        return (when - self.first).days

    def week(self, when: date) -> int:
        """Number of the Monday-started week of a date, counted from the week of the first day."""
        monday = self.first - timedelta(days=self.first.weekday())
        return (when - monday).days // 7


def _one(case: Case, kind: str) -> Evidence:
    for record in case.evidence.values():
        if record.kind == kind and record.role == "evidence":
            return record
    raise DataError(
        f"the case has no evidence of kind {kind}",
        where="evidence",
        why="the ladders would have no record to be fitted on",
        remedy=f"add an entry under evidence with kind: {kind}",
    )


def _weeks(case: Case, record: Evidence, rows: list[dict[str, Any]], clock: _Clock) -> dict[str, NDArray[np.generic]]:
    """Weekly intervals and deaths, and the calendar of days."""
    dates = [clock.first + timedelta(days=t) for t in range(clock.days)]
    covered = np.array([any(a <= when <= b for a, b in record.covers) for when in dates])
    week_of = np.array([clock.week(when) for when in dates])
    ladder = case.ladders[next(iter(case.fronts.values())).ladder]
    rules = rules_of(ladder)
    count = clock.week(clock.last) + 1
    low, high = np.zeros(count, np.int64), np.full(count, len(ladder.rungs) - 1)
    killed, most = np.full(count, np.nan), np.full(count, np.nan)
    for row in sorted(rows, key=lambda r: str(r["week"])):
        when = row["week"]
        clock.day(when, record.file)
        values = {name: float(value) for name, value in row.items() if isinstance(value, int | float)}
        if (w := clock.week(when)) >= 0 and covered[week_of == w].any():
            low[w], high[w] = week_interval(values, rules)
            killed[w], most[w] = values["killed"], values["most_killed_in_a_day"]
    return {
        "week_of": week_of,
        "covered": covered,
        "low": low,
        "high": high,
        "killed": killed,
        "most_in_a_day": most,
    }


def _spells(case: Case, folder: Path, clock: _Clock) -> tuple[tuple[Spell, ...], tuple[Episode, ...], list[Finding]]:
    """Spells on the case's fronts inside the panel; others are counted in a note."""
    kept: list[Spell] = []
    episodes: list[Episode] = []
    outside = 0
    fronts = list(case.fronts)
    for record in case.evidence.values():
        if record.kind != "spells":
            continue
        for row in files.read_rows(folder / record.file, _SPELL):
            end = clock.day(row["end"], record.file)
            if row["front"] in fronts:
                episodes.append(Episode(row["front"], row["start"], row["end"], row["rung"]))
            if row["front"] not in fronts or end < 0:
                outside += 1
                continue
            rungs = list(case.ladders[case.fronts[row["front"]].ladder].rungs)
            start = max((row["start"] - clock.first).days, 0)
            kept.append(
                Spell(
                    fronts.index(row["front"]),
                    start,
                    end,
                    rungs.index(row["rung"]),
                    row["killed_low"],
                    row["killed_high"],
                )
            )
    note = f"{outside} spells lie before {clock.first} or on fronts that this case does not hold; they are not fitted"
    return tuple(kept), tuple(episodes), [Finding("evidence", "note", note)] if outside else []


def _bounds(
    case: Case, weeks: dict[str, NDArray[np.generic]], spells: tuple[Spell, ...], clock: _Clock
) -> tuple[Ints, Ints, list[Finding]]:
    """Bounds of each front's rung by day: exact in short spells, an upper bound in long ones."""
    shape = (len(case.fronts), clock.days)
    top = np.array([len(case.ladders[front.ladder].rungs) - 1 for front in case.fronts.values()])
    low, high = np.zeros(shape, np.int64), np.repeat(top[:, None], clock.days, 1)
    bounded = np.zeros(shape, bool)
    for spell in sorted(spells, key=lambda s: s.start - s.end):
        days = np.s_[spell.front, spell.start : spell.end + 1]
        if spell.end - spell.start < SHORT_SPELL:
            low[days] = high[days] = spell.rung
        else:
            high[days] = np.where(bounded[days], np.maximum(high[days], spell.rung), spell.rung)
        bounded[days] = True
    findings = []
    proven = np.asarray(weeks["low"], np.int64)[weeks["week_of"].astype(int)]
    beaten = (high < proven).all(axis=0) & np.asarray(weeks["covered"], bool) & (low.max(axis=0) < 1)
    if beaten.any():
        high[:, beaten] = np.maximum(high[:, beaten], proven[beaten])
        count = len(set(np.asarray(weeks["week_of"])[beaten].tolist()))
        findings.append(
            Finding(
                "evidence",
                "note",
                f"in {count} weeks the weekly record shows a higher rung than the spells allow; the record wins",
                "two sources disagree about the same days",
                "see SOURCES.md of the case",
            )
        )
    return low, high, findings


def _named(weeks: dict[str, NDArray[np.generic]], spells: tuple[Spell, ...], clock: _Clock) -> Ints:
    """For each week the front that a spell of rung 2 or more names; -1 where none or several do."""
    named = np.full(len(weeks["low"]), -1)
    week_of = np.asarray(weeks["week_of"], np.int64)
    for spell in sorted(spells, key=lambda s: s.rung):
        if spell.rung >= 2:
            named[np.unique(week_of[spell.start : spell.end + 1])] = spell.front
    return named


def _counts(
    case: Case, folder: Path, weekly: list[dict[str, Any]], clock: _Clock
) -> tuple[Floats, Floats, dict[str, Counts]]:
    """Daily stream counts (evidence, state) and the observed spans of each stream."""
    names = list(case.streams)
    evidence, state = (np.zeros((len(names), clock.days)) for _ in range(2))
    observed: dict[str, Counts] = {}
    for record in case.evidence.values():
        if record.kind == "dated_counts":
            table = evidence if record.role == "evidence" else state
            _add_dated(record, folder, names, clock, table)
            if record.role == "evidence":
                days = _covered_days(record, clock)
                observed |= {s: Counts(days, days + 1, evidence[names.index(s), days]) for s in record.streams}
        elif record.kind == "weekly_record":
            observed |= _add_weekly(record, weekly, names, clock, evidence)
    return evidence, state, observed


def _covered_days(record: Evidence, clock: _Clock) -> Ints:
    spans = [np.arange((a - clock.first).days, (b - clock.first).days + 1) for a, b in record.covers]
    days = np.unique(np.concatenate(spans))
    return days[(days >= 0) & (days < clock.days)]


def _add_dated(record: Evidence, folder: Path, names: list[str], clock: _Clock, table: Floats) -> None:
    for row in files.read_rows(folder / record.file, {"date": files.day, "stream": str, "count": files.count}):
        if row["stream"] in record.streams and (day := clock.day(row["date"], record.file)) >= 0:
            table[names.index(row["stream"]), day] += row["count"]


def _add_weekly(
    record: Evidence, rows: list[dict[str, Any]], names: list[str], clock: _Clock, table: Floats
) -> dict[str, Counts]:
    """Streams read from columns of the weekly record: fitted by week, dated at the week's end for memories."""
    days = _covered_days(record, clock)
    week_of = np.array([clock.week(clock.first + timedelta(days=int(t))) for t in days])
    out = {}
    for stream, column in record.columns.items():
        by_week = {clock.week(row["week"]): float(row[column]) for row in rows}
        spans = [(int(days[week_of == w].min()), int(days[week_of == w].max()) + 1, w) for w in np.unique(week_of)]
        counts = np.array([by_week.get(w, 0.0) for _, _, w in spans])
        starts, ends = np.array([s for s, _, _ in spans]), np.array([e for _, e, _ in spans])
        table[names.index(stream), ends - 1] += counts
        out[stream] = Counts(starts, ends, counts)
    return out


def _series(case: Case, folder: Path, clock: _Clock) -> dict[tuple[str, str], Floats]:
    """Exogenous series by (file, column), one value a day; zero before the series begins, held over gaps."""
    wanted = {(p.series, p.column) for p in case.pressures.values() if p.series and p.column}
    out = {}
    for name, column in sorted(wanted):
        values = np.zeros(clock.days)
        rows = files.read_rows(folder / name, {"date": files.day, column: files.optional_number})
        for row in sorted(rows, key=lambda r: r["date"]):
            if row[column] is not None and (day := clock.day(row["date"], name)) >= 0:
                values[day:] = row[column]
        out[name, column] = values
    return out


def _deaths_by_rung(case: Case, folder: Path) -> dict[str, tuple[tuple[int, float, float], ...]]:
    """For each ladder: (rung, deaths, days), the histogram of deaths on one day by that day's rung."""
    found = [record for record in case.evidence.values() if record.kind == "deaths_by_rung"]
    out: dict[str, tuple[tuple[int, float, float], ...]] = {}
    for name, ladder in case.ladders.items():
        rungs = list(ladder.rungs)
        rows = [
            (rungs.index(row["rung"]), row["deaths"], row["days"])
            for record in found
            for row in files.read_rows(folder / record.file, {"rung": str, "deaths": files.count, "days": files.count})
            if row["rung"] in rungs
        ]
        out[name] = tuple(rows)
    return out


def _retrospective(case: Case) -> list[Finding]:
    late = [name for name, record in case.evidence.items() if record.retrospective]
    if not late:
        return []
    text = f"published after the as-of date, about days before it (retrospective): {', '.join(late)}"
    return [Finding("evidence", "note", text, "a desk could not have had it in this form", "")]

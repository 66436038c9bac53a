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

from fissures.case import grammar
from fissures.case.records import Case, Evidence
from fissures.errors import DataError, Finding
from fissures.events import files
from fissures.events.clock import Clock, wrong
from fissures.events.rungs import rules_of, week_interval
from fissures.events.spells import Episode, Spell, bounds, named, read_spells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK = dict.fromkeys(("killed", "most_killed_in_a_day", "wounded", "heavy", "special", "drones"), files.count)
_WEEKLY = {"week": files.day, "days_covered": files.count, **_WEEK, "drone_days": files.count}


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
    clock = Clock(first, case.as_of, days)
    weeks = _weeks(case, weekly, rows, clock)
    spells, episodes, notes = read_spells(case, folder, clock)
    day_low, day_high, conflicts = bounds(case, weeks, spells, clock)
    evidence, state, observed = _counts(case, folder, rows, clock)
    fields = {
        **weeks,
        "day_low": day_low,
        "day_high": day_high,
        "named": named(weeks, spells, clock),
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


def broken_evidence(case: Case, folder: Path) -> tuple[Finding, ...]:
    """What makes a case's evidence files unusable, if anything: the findings that `build` would raise."""
    try:
        build(case, folder, "")
    except DataError as error:
        return error.findings
    return ()


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


def _weeks(case: Case, record: Evidence, rows: list[dict[str, Any]], clock: Clock) -> dict[str, NDArray[np.generic]]:
    """Weekly intervals and deaths, and the calendar of days."""
    dates = [clock.first + timedelta(days=t) for t in range(clock.days)]
    covered = np.array([any(a <= when <= b for a, b in record.covers) for when in dates])
    week_of = np.array([clock.week(when) for when in dates])
    ladder = case.ladders[next(iter(case.fronts.values())).ladder]
    rules = rules_of(ladder)
    count = clock.week(clock.last) + 1
    low, high = np.zeros(count, np.int64), np.full(count, len(ladder.rungs) - 1)
    killed, most = np.full(count, np.nan), np.full(count, np.nan)
    seen: set[date] = set()
    for row in sorted(rows, key=lambda r: str(r["week"])):
        when = row["week"]
        clock.day(when, record.file)
        clock.day(when + timedelta(days=max(int(row["days_covered"]) - 1, 0)), record.file)
        if when in seen:
            raise wrong(record.file, f"two rows begin on {when}", "one row a week, its counts added up")
        seen.add(when)
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


def _counts(
    case: Case, folder: Path, weekly: list[dict[str, Any]], clock: Clock
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
                if twice := set(record.streams) & set(observed):
                    raise wrong(record.file, f"counted twice: {', '.join(sorted(twice))}", "one source a stream")
                observed |= {s: Counts(days, days + 1, evidence[names.index(s), days]) for s in record.streams}
        elif record.kind == "weekly_record":
            observed |= _add_weekly(record, weekly, names, clock, evidence)
    return evidence, state, observed


def _covered_days(record: Evidence, clock: Clock) -> Ints:
    spans = [np.arange((a - clock.first).days, (b - clock.first).days + 1) for a, b in record.covers]
    days = np.unique(np.concatenate(spans))
    return days[(days >= 0) & (days < clock.days)]


def _add_dated(record: Evidence, folder: Path, names: list[str], clock: Clock, table: Floats) -> None:
    """Add dated counts to a table; of evidence only what lies in its coverage, which is where absence means zero."""
    kept = set(_covered_days(record, clock).tolist()) if record.role == "evidence" else set(range(clock.days))
    for row in files.read_rows(folder / record.file, {"date": files.day, "stream": str, "count": files.count}):
        day = clock.day(row["date"], record.file)
        if row["stream"] in record.streams and day in kept:
            table[names.index(row["stream"]), day] += row["count"]


def _add_weekly(
    record: Evidence, rows: list[dict[str, Any]], names: list[str], clock: Clock, table: Floats
) -> dict[str, Counts]:
    """Streams read from columns of the weekly record: fitted by week, dated at the week's end for memories."""
    days = _covered_days(record, clock)
    week_of = np.array([clock.week(clock.first + timedelta(days=int(t))) for t in days])
    out = {}
    for stream, column in record.columns.items():
        by_week = {clock.week(row["week"]): float(row[column]) for row in rows}
        weeks = [w for w in np.unique(week_of) if w in by_week]  # a week without a row is missing, not zero
        starts = np.array([days[week_of == w].min() for w in weeks], np.int64)
        ends = np.array([days[week_of == w].max() + 1 for w in weeks], np.int64)
        counts = np.array([by_week[w] for w in weeks], np.float64)
        table[names.index(stream), ends - 1] += counts
        out[stream] = Counts(starts, ends, counts)
    return out


def _series(case: Case, folder: Path, clock: Clock) -> dict[tuple[str, str], Floats]:
    """Exogenous series by (file, column), one value a day; zero before the series begins, held over gaps."""
    wanted = {(p.series, p.column) for p in case.pressures.values() if p.series and p.column}
    out = {}
    for name, column in sorted(wanted):
        values = np.zeros(clock.days)
        rows = files.read_rows(folder / name, {"date": files.day, str(column): files.optional_number})
        for row in sorted(rows, key=lambda r: r["date"]):
            if row[column] is not None and (day := clock.day(row["date"], name)) >= 0:
                values[day:] = row[column]
        out[name, column] = values
    return out


def _deaths_by_rung(case: Case, folder: Path) -> dict[str, tuple[tuple[int, float, float], ...]]:
    """For each ladder: (rung, deaths, days), the histogram of deaths on one day by that day's rung."""
    found = [record for record in case.evidence.values() if record.kind == "deaths_by_rung"]
    out: dict[str, tuple[tuple[int, float, float], ...]] = {}
    columns: dict[str, Any] = {"rung": str, "deaths": files.count, "days": files.count}
    rows = [(record.file, row) for record in found for row in files.read_rows(folder / record.file, columns)]
    known = {rung for ladder in case.ladders.values() for rung in ladder.rungs}
    for file, row in rows:
        if row["rung"] not in known:
            raise wrong(file, f"no rung '{row['rung'][:60]}'", grammar.nearest(row["rung"], known))
    for name, ladder in case.ladders.items():
        rungs = list(ladder.rungs)
        mine = [row for _, row in rows if row["rung"] in rungs]
        out[name] = tuple((rungs.index(row["rung"]), row["deaths"], row["days"]) for row in mine)
    return out


def _retrospective(case: Case) -> list[Finding]:
    late = [name for name, record in case.evidence.items() if record.retrospective]
    late += [name for name, pressure in case.pressures.items() if pressure.retrospective]
    if not late:
        return []
    text = f"published after the as-of date, about days before it (retrospective): {', '.join(late)}"
    return [Finding("evidence", "note", text, "a desk could not have had it in this form", "")]

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
from fissures.errors import CaseError, DataError, Finding
from fissures.events import files
from fissures.events.apart import keep_apart
from fissures.events.clock import Clock, wrong
from fissures.events.counted import Bounded, coded, name_fronts, narrow, read_bounds, without_missing
from fissures.events.rungs import counted_rungs, rules_of, week_interval
from fissures.events.spells import Episode, Spell, bounds, named, read_spells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK = dict.fromkeys(("killed", "most_killed_in_a_day", "wounded", "heavy", "special", "drones"), files.count)
_WEEKLY = {"week": files.day, "days_covered": files.count, **_WEEK, "drone_days": files.count}
_CODED = ("lowest", "highest")  # rungs of a week that was coded already, from events and what they cannot show


@dataclass(frozen=True)
class Counts:
    """What was observed of one stream: spans [start, end) of days with a count each.

    `own_volume`: by a source that sees another share of what happens than the stated rates are about.
    """

    start: Ints
    end: Ints
    count: Floats
    own_volume: bool = False


@dataclass(frozen=True)
class Panel:
    """Evidence by day 0..days-1 (the last day is the as-of date) and by week.

    `week_of` (days,) numbers the weeks; `covered` (days,) says which days the record covers; `recorded` (places,) which
    fronts it speaks of. `low`, `high` (weeks,) bound the rung of the week's most active day pooled over those fronts;
    `quiet_days` (places,) of silence make a front quiet; `killed`, `most_in_a_day` (weeks,) are deaths of the covered
    days. `day_low`, `day_high` (places, days) are bounds from spells and from rules on streams, fronts first, then
    tracks; `named` (weeks,) is the front that a spell names, or -1. `evidence` and `state` hold daily stream counts
    (streams, days); `observed` says over which spans each stream was counted; `futures` are series that are known in
    advance, by day after the as-of date. `bounded` keeps the weeks of single fronts that event data bound.
    """

    parent: str
    digest: str
    first: date
    days: int
    week_of: Ints
    covered: NDArray[np.bool_]
    low: Ints
    high: Ints
    quiet_days: Floats
    recorded: NDArray[np.bool_]
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
    futures: dict[tuple[str, str], Floats]
    deaths_by_rung: dict[str, tuple[tuple[int, float, float], ...]]
    means_by_rung: dict[tuple[str, int, str], tuple[float, float]]
    findings: tuple[Finding, ...]
    bounded: tuple[Bounded, ...] = ()

    def date_of(self, day: int) -> date:
        """The calendar date of a day number."""
        return self.first + timedelta(days=day)

    def seen(self, stream: str, own_volume: bool = False) -> NDArray[np.bool_]:
        """On which days a stream was observed; shape (days,). Elsewhere its count is missing, not zero.

        Counts of another volume than the stated rates' say nothing about how many there were: they count as observed
        only with `own_volume`.
        """
        stated = {name: counts for name, counts in self.observed.items() if own_volume or not counts.own_volume}
        return _seen(stated, stream, self.days)


def _seen(observed: dict[str, Counts], stream: str, days: int) -> NDArray[np.bool_]:
    out = np.zeros(days, bool)
    if stream in observed:
        for start, end in zip(observed[stream].start, observed[stream].end, strict=True):
            out[start:end] = True
    return out


def build(case: Case, folder: Path, parent: str) -> Panel:
    """Lay out all evidence of a case; raises DataError for a file that is missing, broken or dated too late.

    Raises CaseError where evidence repeats events that only say where things stand (role `state`).
    """
    keep_apart(case, folder)
    weekly = _one(case, "weekly_record")
    rows = files.read_rows(folder / weekly.file, _WEEKLY, _CODED)
    first = min(start for start, _ in weekly.covers)
    clock = Clock(first, case.as_of, (case.as_of - first).days + 1)
    weeks = _weeks(case, weekly, rows, clock)
    recorded = np.array([name in (weekly.fronts or case.fronts) for name in grammar.standing(case)])
    spells, episodes, notes = read_spells(case, folder, clock)
    low, high, conflicts = bounds(case, weeks, recorded[: len(case.fronts)], spells, clock)
    conflicts += narrow(low, high, told := read_bounds(case, folder, clock))
    evidence, state, observed = _counts(case, folder, rows, clock)
    track_low, track_high = _track_bounds(case, evidence, observed, clock.days)
    names = named(weeks, recorded, spells, active := _active(case, _record_ladder(case, weekly)))
    name_fronts(names, np.asarray(weeks["week_of"], np.int64), told, recorded, active)
    fields = {
        **weeks,
        "recorded": recorded,
        "quiet_days": _quiet_days(case),
        "day_low": np.concatenate([low, track_low]),
        "day_high": np.concatenate([high, track_high]),
        "named": names,
        "split": np.array([weekly.split.get(front, 0.0) for front in case.fronts]),
        "evidence": evidence,
        "state": state,
    }
    digest = hashlib.sha256(parent.encode() + b"".join(np.ascontiguousarray(v).tobytes() for v in fields.values()))
    series, futures = _series(case, folder, clock)
    return Panel(
        parent=parent,
        digest=digest.hexdigest(),
        first=first,
        days=clock.days,
        spells=spells,
        episodes=episodes,
        observed=observed,
        series=series,
        futures=futures,
        deaths_by_rung=_deaths_by_rung(case, folder),
        means_by_rung=_means_by_rung(case, folder),
        findings=(*notes, *conflicts, *_retrospective(case)),
        bounded=told,
        **fields,
    )


def broken_evidence(case: Case, folder: Path) -> tuple[Finding, ...]:
    """What makes a case's evidence files unusable, if anything: the findings that `build` would raise."""
    try:
        build(case, folder, "")
    except (CaseError, DataError) as error:
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


def _record_ladder(case: Case, record: Evidence) -> str:
    """The ladder of the fronts that a weekly record speaks of; they share one."""
    return case.fronts[(record.fronts or tuple(case.fronts))[0]].ladder


def _active(case: Case, ladder: str) -> int:
    return list(case.ladders[ladder].rungs).index(case.ladders[ladder].active_from)


def _quiet_days(case: Case) -> Floats:
    rules = [rules_of(case.ladders[place.ladder], case.streams) for place in grammar.standing(case).values()]
    return np.array([rule.quiet_days for rule in rules])


def _track_bounds(case: Case, counts: Floats, observed: dict[str, Counts], days: int) -> tuple[Ints, Ints]:
    """Bounds of each track's rung by day, from the streams that its ladder's rules count; (tracks, days) each."""
    names = list(case.streams)
    seen = np.stack([_seen(observed, name, days) for name in names]) if names else np.zeros((0, days), bool)
    low, high = np.zeros((len(case.tracks), days), np.int64), np.zeros((len(case.tracks), days), np.int64)
    for k, track in enumerate(case.tracks.values()):
        ladder = case.ladders[track.ladder]
        rules = rules_of(ladder, names)
        low[k], high[k] = counted_rungs(rules, counts, seen, names)
        if not rules.counts:  # nothing shows where it stood
            high[k] = len(ladder.rungs) - 1
    return low, high


def _weeks(case: Case, record: Evidence, rows: list[files.Row], clock: Clock) -> dict[str, NDArray[np.generic]]:
    """Weekly intervals and deaths, and the calendar of days."""
    dates = [clock.first + timedelta(days=t) for t in range(clock.days)]
    covered = np.array([any(a <= when <= b for a, b in record.covers) for when in dates])
    week_of = np.array([clock.week(when) for when in dates])
    ladder = case.ladders[_record_ladder(case, record)]
    rules = rules_of(ladder, case.streams)
    count = clock.week(clock.last) + 1
    low, high = np.zeros(count, np.int64), np.full(count, len(ladder.rungs) - 1)
    killed, most = np.full(count, np.nan), np.full(count, np.nan)
    seen: set[date] = set()
    for row in sorted(rows, key=lambda r: str(r["week"])):
        when = row["week"]
        clock.day(when, row.at(record.file))
        clock.day(when + timedelta(days=max(int(row["days_covered"]) - 1, 0)), row.at(record.file))
        if when in seen:
            raise wrong(row.at(record.file), f"two rows begin on {when}", "one row a week, its counts added up")
        seen.add(when)
        values = {name: float(value) for name, value in row.items() if isinstance(value, int | float)}
        if (w := clock.week(when)) >= 0 and covered[week_of == w].any():
            low[w], high[w] = coded(row, ladder, record) or week_interval(values, rules)
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
    case: Case, folder: Path, weekly: list[files.Row], clock: Clock
) -> tuple[Floats, Floats, dict[str, Counts]]:
    """Daily stream counts (evidence, state) and the observed spans of each stream."""
    names = list(case.streams)
    evidence, state = (np.zeros((len(names), clock.days)) for _ in range(2))
    observed: dict[str, Counts] = {}
    for record in case.evidence.values():
        if record.kind == "dated_counts":
            table = evidence if record.role == "evidence" else state
            if own := record.role == "evidence" and record.volume == "own":
                table = np.zeros_like(evidence)  # fitted, and fed to nothing
            _add_dated(record, folder, names, clock, table)
            if record.role == "evidence":
                days = without_missing(_covered_days(record, clock), record, folder, clock)
                if twice := set(record.streams) & set(observed):
                    raise wrong(record.file, f"counted twice: {', '.join(sorted(twice))}", "one source a stream")
                observed |= {s: Counts(days, days + 1, table[names.index(s), days], own) for s in record.streams}
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
        day = clock.day(row["date"], row.at(record.file))
        if row["stream"] in record.streams and day in kept:
            table[names.index(row["stream"]), day] += row["count"]


def _add_weekly(
    record: Evidence, rows: list[files.Row], names: list[str], clock: Clock, table: Floats
) -> dict[str, Counts]:
    """Streams read from columns of the weekly record: fitted by week, laid one a day on its last days for memories."""
    days = _covered_days(record, clock)
    week_of = np.array([clock.week(clock.first + timedelta(days=int(t))) for t in days])
    out = {}
    for stream, column in record.columns.items():
        by_week = {clock.week(row["week"]): float(row[column]) for row in rows}
        weeks = [w for w in np.unique(week_of) if w in by_week]  # a week without a row is missing, not zero
        starts = np.array([days[week_of == w].min() for w in weeks], np.int64)
        ends = np.array([days[week_of == w].max() + 1 for w in weeks], np.int64)
        counts = np.array([by_week[w] for w in weeks], np.float64)
        for start, end, count in zip(starts, ends, counts, strict=True):
            for n in range(int(count)):
                table[names.index(stream), end - 1 - n % (end - start)] += 1.0
        out[stream] = Counts(starts, ends, counts)
    return out


def _series(
    case: Case, folder: Path, clock: Clock
) -> tuple[dict[tuple[str, str], Floats], dict[tuple[str, str], Floats]]:
    """Exogenous series by (file, column), one value a day, and what is known of them after the as-of date.

    Zero before a series begins, held over gaps. Only a series that is known in advance (a calendar) may be dated later.
    """
    followed = [(p.series, p.column, p.afterwards) for p in case.pressures.values() if p.series and p.column]
    known = {(file, column): (file, column, "known") in followed for file, column, _ in followed}
    past, futures = {}, {}
    ahead = (case.horizon - case.as_of).days
    for (name, column), calendar in sorted(known.items()):
        values = np.zeros(clock.days + ahead)
        rows = files.read_rows(folder / str(name), {"date": files.day, str(column): files.optional_number})
        for row in sorted(rows, key=lambda r: r["date"]):
            late = calendar and row["date"] > clock.last
            day = (row["date"] - clock.first).days if late else clock.day(row["date"], row.at(str(name)))
            if row[column] is not None and day >= 0:
                values[day:] = row[column]
        past[str(name), str(column)] = values[: clock.days]
        if calendar:
            futures[str(name), str(column)] = values[clock.days :]
    return past, futures


def _deaths_by_rung(case: Case, folder: Path) -> dict[str, tuple[tuple[int, float, float], ...]]:
    """For each ladder: (rung, deaths, days), the histogram of deaths on one day by that day's rung."""
    found = [record for record in case.evidence.values() if record.kind == "deaths_by_rung"]
    out: dict[str, tuple[tuple[int, float, float], ...]] = {}
    columns: dict[str, Any] = {"rung": str, "deaths": files.count, "days": files.count}
    rows = [(record.file, row) for record in found for row in files.read_rows(folder / record.file, columns)]
    known = {rung for ladder in case.ladders.values() for rung in ladder.rungs}
    for file, row in rows:
        if row["rung"] not in known:
            raise wrong(row.at(file), f"no rung '{row['rung'][:60]}'", grammar.nearest(row["rung"], known))
    for name, ladder in case.ladders.items():
        rungs = list(ladder.rungs)
        mine = [row for _, row in rows if row["rung"] in rungs]
        out[name] = tuple((rungs.index(row["rung"]), row["deaths"], row["days"]) for row in mine)
    return out


def _means_by_rung(case: Case, folder: Path) -> dict[tuple[str, int, str], tuple[float, float]]:
    """Days on which a means was used, of days at a rung, by (ladder, rung, means)."""
    columns: dict[str, Any] = {"rung": str, "means": str, "days_used": files.count, "days": files.count}
    out: dict[tuple[str, int, str], tuple[float, float]] = {}
    for record in case.evidence.values():
        for row in files.read_rows(folder / record.file, columns) if record.kind == "means_by_rung" else ():
            homes = [name for name, ladder in case.ladders.items() if row["rung"] in ladder.rungs]
            if not homes or row["days_used"] > row["days"]:
                message = f"'{row['rung'][:60]}': {row['days_used']} of {row['days']} days"
                raise wrong(row.at(record.file), message, "name a rung of a ladder, and no more days used than days")
            if row["means"] not in (known := grammar.means_of(case)):
                message = f"no means '{row['means'][:60]}'"
                raise wrong(row.at(record.file), message, grammar.nearest(row["means"], known))
            for name in homes:
                rung = list(case.ladders[name].rungs).index(row["rung"])
                used, days = out.get((name, rung, row["means"]), (0.0, 0.0))
                out[name, rung, row["means"]] = (used + row["days_used"], days + row["days"])
    return out


def _retrospective(case: Case) -> list[Finding]:
    late = [name for name, record in case.evidence.items() if record.retrospective]
    late += [name for name, pressure in case.pressures.items() if pressure.retrospective]
    if not late:
        return []
    text = f"published after the as-of date, about days before it (retrospective): {', '.join(late)}"
    return [Finding("evidence", "note", text, "a desk could not have had it in this form", "")]

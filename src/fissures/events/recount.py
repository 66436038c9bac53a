"""Case and store together: what the data say about each stream and front of a case, and what they cannot say.

The result is a file of evidence, written beside the case, so that a case travels without the store. The rules that made
it (date rule, duplicates, datasets with their digests) stand in a second file beside it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from fissures.case.files import provenance_file
from fissures.case.records import Case, CountedFrom, Evidence
from fissures.errors import DataError, UsageError
from fissures.events import coding, database, matching, places, selection, tally
from fissures.events.database import rows
from fissures.events.selection import Selected
from fissures.events.store import Holding
from fissures.events.table import literal

if TYPE_CHECKING:
    from fissures.events.database import Connection

UNPLACED = "violence of these states without coordinates"
WEEKLY = ("week", "days_covered", *(name for name in coding.MEASURES if name != "events"), "lowest", "highest")
BOUNDS = ("front", "start", "end", "lowest", "highest", "killed_low", "killed_best", "killed_high", "events")


@dataclass(frozen=True)
class StreamSaid:
    """What the data say about a stream: how many events on covered days, the first and last day, counts by week."""

    name: str
    count: float
    first: date | None
    last: date | None
    weeks: tuple[float, ...]


@dataclass(frozen=True)
class FrontSaid:
    """What the data say about a front: events, dead (low, best, high), first and last day, dead by week.

    `rungs` counts the weeks by the lowest and the highest rung that fit them.
    """

    name: str
    events: int
    killed: tuple[float, float, float]
    first: date | None
    last: date | None
    weeks: tuple[float, ...]
    rungs: dict[tuple[str, str], int]


@dataclass(frozen=True)
class Said:
    """What the store says about one entry of a case's evidence.

    `unmapped` are shares of the rows at hand: without a PLOVER category, without a known state on either side, acts of
    violence without a place, or on no front. `missing` are days on which a news feed holds nothing at all: they are
    taken out of the windows.
    """

    evidence: str
    rule: CountedFrom
    selected: Selected
    windows: tuple[tuple[date, date], ...]
    missing: tuple[tuple[date, date], ...]
    streams: tuple[StreamSaid, ...]
    fronts: tuple[FrontSaid, ...]
    unmapped: dict[str, float]
    holdings: tuple[Holding, ...]
    text: str
    retrospective: bool

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the counts come from and by which rules they were made, for the file beside them."""
        return {
            "counted_from": self.rule.model_dump(mode="json"),
            "originals": [
                {
                    "name": h.name,
                    "original": h.original,
                    "sha256": h.digest,
                    "accessed": str(h.accessed),
                    "rows": h.rows,
                }
                | ({"published": str(h.published)} if h.published else {})
                for h in self.holdings
            ],
            "windows": [[str(a), str(b)] for a, b in self.windows],
            "missing_days": [[str(a), str(b)] for a, b in self.missing],
            "rows": self.selected.rows,
            "after_the_as_of_date": self.selected.later,
            "published_after_the_as_of_date": self.selected.published_later,
            "duplicates": {"within": self.selected.same_within, "across": self.selected.same_across},
            "unmapped": {key: round(share, 4) for key, share in self.unmapped.items()},
        }


def said(case: Case, folder: Path, store: Path, name: str) -> Said:
    """What the store says about one entry of the evidence that is `counted_from` it.

    Raises DataError where the store lacks a dataset, UsageError where versions or duplicates are left open.
    """
    record = case.evidence[name]
    if record.counted_from is None:
        raise UsageError(
            f"the evidence '{name}' is not counted from event data",
            where=f"evidence.{name}",
            why="there is no rule by which to count",
            remedy="add counted_from: {datasets: [DATASET@VERSION]}",
        )
    return _said(case, folder, store, name, record, record.counted_from)


def preview(case: Case, folder: Path, store: Path, rule: CountedFrom) -> Said:
    """What datasets of the store would say about every stream and front of a case, whatever its evidence is today."""
    holdings = selection.named(store, rule.datasets, rule.duplicates)
    window = _shared_days(holdings, case.as_of)
    streams = tuple(name for name, stream in case.streams.items() if stream.count)
    fronts = tuple(name for name, front in case.fronts.items() if front.place or front.places or front.area)
    record = Evidence(
        kind="dated_counts", file="preview.csv", source="", covers=(window,), streams=streams, fronts=fronts
    )
    return _said(case, folder, store, "preview", record, rule)


def _shared_days(holdings: Sequence[Holding], as_of: date) -> tuple[date, date]:
    """From the first to the last row, up to the as-of date, of every dataset; news feeds together count as one."""
    spans: dict[str, list[date]] = {}
    for h in holdings:
        spans.setdefault("news" if h.feed else h.name, []).extend(day for day in (h.first, h.last) if day)
    told = [(min(days), max(days)) for days in spans.values() if days] or [(as_of, as_of)]
    first, last = max(start for start, _ in told), min(end for _, end in told)
    if first > as_of:
        raise DataError(
            f"the data begin on {first}, after the as-of date {as_of}",
            where="counted_from",
            why="nothing later than the as-of date may inform a fit",
            remedy="name a dataset that reaches further back",
        )
    if first > last:
        raise DataError(
            f"the datasets share no day: {', '.join(dict.fromkeys(h.name for h in holdings))}",
            where="counted_from",
            why="on any day one of them was not looking, and would count as having seen nothing",
            remedy="look at them one by one",
        )
    return max(first, date(1900, 1, 1)), min(last, as_of)


def _said(case: Case, folder: Path, store: Path, name: str, record: Evidence, rule: CountedFrom) -> Said:
    holdings = selection.named(store, rule.datasets, rule.duplicates)
    spots = places.places_of(case, folder)
    fronts = record.fronts or (tuple(case.fronts) if record.kind != "dated_counts" else ())
    streams = record.streams if record.kind == "dated_counts" else ()
    nearby = [f"({places.nearby(spots)})"] if fronts else []
    wanted = [*([f"({matching.concerned(case, streams)})"] if streams else []), *nearby]
    roughly = [*([f"({matching.roughly(case, streams)})"] if streams else []), *nearby]
    with TemporaryDirectory(prefix="fissures-") as scratch, database.connected(Path(scratch)) as connection:
        where, near = (" OR ".join(told) or "false" for told in (wanted, roughly))
        kept = f"({where}) AND {selection.only(rule.codes, rule.dyads)}"
        got = selection.select(connection, holdings, kept, case.as_of, rule.duplicates, near)
        missing = _missing(connection, holdings, record)
        windows = _without(record.covers, missing)
        counted = tally.tally(connection, case, streams, rule.dates, windows)
        places.lay_on_fronts(connection, spots)
        unmapped = _unmapped(connection, bool(fronts))
        unmapped |= _unplaced(connection, holdings, case, fronts)
        acts = coding.violence(connection, _monday(record)) if fronts else ()
    span = (record.covers[0][0], record.covers[-1][1]) if record.covers else (case.as_of, case.as_of)
    late = got.published_later > 0
    on_fronts = _Fronts(case, record, rule, fronts, acts, holdings, windows)
    return Said(
        evidence=name,
        rule=rule,
        selected=got,
        windows=windows,
        missing=missing,
        streams=tuple(_stream(stream, counted, span) for stream in streams),
        fronts=on_fronts.said(),
        unmapped=unmapped,
        holdings=holdings,
        text=on_fronts.text() if record.kind != "dated_counts" else _dated(counted, streams),
        retrospective=late,
    )


def write(said: Said, record: Evidence, folder: Path) -> tuple[Path, Path]:
    """Write the counted file and its provenance beside the case; both are replaced whole or not at all."""
    target = folder / record.file
    beside = folder / provenance_file(record.file)
    told = json.dumps(said.provenance, indent=2) + "\n"
    for file, text in ((target, said.text), (beside, told)):
        made = file.with_name(f".{file.name}.new")
        made.write_text(text, encoding="utf-8", newline="")
        made.replace(file)
    return target, beside


def _monday(record: Evidence) -> date:
    first = min(start for start, _ in record.covers)
    return first - timedelta(days=first.weekday())


def _missing(connection: Connection, holdings: Sequence[Holding], record: Evidence) -> tuple[tuple[date, date], ...]:
    """Days of the windows on which the news feeds hold nothing at all, of anybody; other data have no such days."""
    feeds = [h for h in holdings if h.feed]
    if not feeds:
        return ()
    days = rows(connection, f"SELECT DISTINCT start_date FROM ({selection.union(feeds)})")
    return tally.gaps({row[0] for row in days}, record.covers)


def _without(
    windows: Sequence[tuple[date, date]], missing: Sequence[tuple[date, date]]
) -> tuple[tuple[date, date], ...]:
    """Windows with the missing days cut out."""
    out = list(windows)
    for first, last in missing:
        pieces = []
        for a, b in out:
            if last < a or first > b:
                pieces.append((a, b))
                continue
            pieces += [(a, first - timedelta(days=1))] if a < first else []
            pieces += [(last + timedelta(days=1), b)] if b > last else []
        out = pieces
    return tuple(out)


def _unmapped(connection: Connection, with_fronts: bool) -> dict[str, float]:
    told = {
        "no PLOVER category (statements)": ("category IS NULL", "selected"),
        "no state known on one side": ("actor_state IS NULL OR recipient_state IS NULL", "selected"),
    }
    if with_fronts:
        violent = "WHERE category = 'ASSAULT'"
        told["violence nearby that is on no front"] = ("len(fronts) = 0", f"laid {violent}")
        told["violence whose front is not sure"] = ("front IS NULL AND len(fronts) > 0", f"laid {violent}")
    share = "SELECT coalesce(avg(CASE WHEN {} THEN 1.0 ELSE 0.0 END), 0.0) FROM {}"
    return {name: float(rows(connection, share.format(*where))[0][0]) for name, where in told.items()}


def _unplaced(
    connection: Connection, holdings: Sequence[Holding], case: Case, fronts: Sequence[str]
) -> dict[str, float]:
    """Share of the violence in or between the fronts' states that has no coordinates, and so lies on no front."""
    named = {who for f in fronts for who in (*case.fronts[f].between, *case.fronts[f].recognised.values())}
    states = [state for who in sorted(named) if (state := case.actors[who].iso3)]
    if not states:
        return {}
    listed = ", ".join(literal(state) for state in states)
    about = " OR ".join(f"{column} IN ({listed})" for column in ("country", "actor_state", "recipient_state"))
    share = f"SELECT avg(CASE WHEN lat IS NULL THEN 1.0 ELSE 0.0 END) FROM ({selection.union(holdings)})"
    return {UNPLACED: float(rows(connection, f"{share} WHERE category = 'ASSAULT' AND ({about})")[0][0] or 0.0)}


def _stream(name: str, counted: tally.Tally, span: tuple[date, date]) -> StreamSaid:
    days = counted.by_day[name]
    return StreamSaid(name, sum(days.values()), min(days, default=None), max(days, default=None), _by_week(days, span))


def _by_week(days: dict[date, float], span: tuple[date, date]) -> tuple[float, ...]:
    first = span[0] - timedelta(days=span[0].weekday())
    out = np.zeros(max((span[1] - first).days // 7 + 1, 1))
    for day, count in days.items():
        out[min(max((day - first).days // 7, 0), out.size - 1)] += count
    return tuple(float(x) for x in out)


def _dated(counted: tally.Tally, streams: Sequence[str]) -> str:
    """Rows of dated counts, by day and then in the order of the streams."""
    told = sorted((day, streams.index(s), s, n) for s in streams for day, n in counted.by_day[s].items())
    return _table(("date", "stream", "count"), [(day, s, _plain(n)) for day, _, s, n in told])


def _plain(number: float) -> str:
    """A number without needless digits; nothing where it is not known."""
    return "" if not np.isfinite(number) else f"{number:.6g}"


def _table(header: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    return out.getvalue()


@dataclass(frozen=True)
class _Fronts:
    """The acts of violence laid on the fronts of one entry of evidence."""

    case: Case
    record: Evidence
    rule: CountedFrom
    fronts: tuple[str, ...]
    acts: tuple[coding.Event, ...]
    holdings: tuple[Holding, ...]
    windows: tuple[tuple[date, date], ...]

    @property
    def _covered(self) -> list[int]:
        """Covered days of each week."""
        first, last = _monday(self.record), max(end for _, end in self.record.covers)
        out = [0] * ((last - first).days // 7 + 1)
        for a, b in self.windows:
            for k in range((a - first).days, (b - first).days + 1):
                out[k // 7] += 1
        return out

    def _weeks(self, fronts: Sequence[str]) -> coding.Weeks:
        count = len(self._covered)
        first = _monday(self.record)
        looking = [(h.first, h.last, h.fatal_only, h.weapons, h.feed) for h in self.holdings if h.first and h.last]
        sight = coding.sight(looking, first, count)
        return coding.weeks_of(self.acts, fronts, first, count, self.rule.dates, sight)

    def bounds(self, front: str) -> tuple[coding.Bound, ...]:
        """What each covered week of a front can have been."""
        ladder = self.case.ladders[self.case.fronts[front].ladder]
        return coding.bounds(front, self._weeks((front,)), ladder, [n > 0 for n in self._covered])

    def said(self) -> tuple[FrontSaid, ...]:
        """What is said about each front."""
        return tuple(self._one(front) for front in self.fronts)

    def _one(self, front: str) -> FrontSaid:
        first = _monday(self.record)
        mine = [act for act in self.acts if act.front == front and self._inside(act)]
        told = self.bounds(front)
        pairs = [(bound.lowest, bound.highest) for bound in told]
        dead = tuple(sum(getattr(act, key) or 0.0 for act in mine) for key in ("low", "best", "high"))
        return FrontSaid(
            name=front,
            events=len(mine),
            killed=(dead[0], dead[1], dead[2]),
            first=first + timedelta(days=min(act.start for act in mine)) if mine else None,
            last=first + timedelta(days=max(act.end for act in mine)) if mine else None,
            weeks=tuple(bound.killed[1] for bound in told),
            rungs={pair: pairs.count(pair) for pair in dict.fromkeys(pairs)},
        )

    def _inside(self, act: coding.Event) -> bool:
        first = _monday(self.record)
        return any((a - first).days <= act.end and act.start <= (b - first).days for a, b in self.windows)

    def text(self) -> str:
        """The file of evidence: weeks of all fronts together, or bounds of each front's weeks."""
        if self.record.kind == "rung_bounds":
            last = max(end for _, end in self.record.covers)
            told = [bound for front in self.fronts for bound in self.bounds(front)]
            rows = [
                (b.front, b.start, min(b.end, last), b.lowest, b.highest, *map(_plain, b.killed), _plain(b.events))
                for b in told
            ]
            return _table(BOUNDS, rows)
        return _table(WEEKLY, self._pooled())

    def _pooled(self) -> list[tuple[object, ...]]:
        """Rows of a weekly record: the best estimate of what can be counted, and the rungs that fit the week."""
        weeks = self._weeks(self.fronts)
        ladder = self.case.ladders[self.case.fronts[self.fronts[0]].ladder]
        low, high = coding.intervals(weeks, ladder)
        names, out = list(ladder.rungs), []
        for w, days in enumerate(self._covered):
            if days:
                values = [weeks.least[name][w] for name in coding.MEASURES if name not in ("events", "killed")]
                told = [_plain(weeks.killed_best[w]), *map(_plain, values)]
                out.append((weeks.monday(w), days, *told, names[low[w]], names[high[w]]))
        return out


def differs(said: Said, record: Evidence, folder: Path) -> bool:
    """Whether the file beside the case is another one than the store gives today."""
    try:
        return (folder / record.file).read_text(encoding="utf-8") != said.text
    except OSError:
        return True

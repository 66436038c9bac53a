"""Evidence that was counted from event data: what it can be, and what its streams and fronts must say for it."""

from __future__ import annotations

from collections.abc import Iterator

from fissures.case.places import Place, Positions
from fissures.case.records import Case, Evidence
from fissures.errors import Finding

COUNTABLE = ("dated_counts", "weekly_record", "rung_bounds")


def check_counted(case: Case, positions: Positions) -> Iterator[Finding]:
    """Counts can be made again from what the case says, and are not taken for what they are not."""
    for name, record in case.evidence.items():
        path: Place = ("evidence", name)
        if record.counted_from is not None:
            yield from _recipe(path, record, case, positions)
        if record.volume == "own" and (record.kind, record.role) != ("dated_counts", "evidence"):
            yield positions.finding(
                (*path, "volume"),
                "only dated counts that are evidence can have a volume of their own",
                "an intercept beside the rate is fitted to counts of a stream by day",
                "remove volume",
            )
        if record.kind == "rung_bounds" and not record.covers:
            yield positions.finding(
                path,
                f"'{name}' does not say which days it covers",
                "a week without a row would be taken for one that was looked at",
                "write covers: [[2015-01-01, 2020-07-21]]",
            )


def _recipe(path: Place, record: Evidence, case: Case, positions: Positions) -> Iterator[Finding]:
    if record.kind not in COUNTABLE or record.role != "evidence":
        yield positions.finding(
            (*path, "counted_from"),
            f"a file of kind {record.kind} with role {record.role} cannot be counted from event data",
            "there would be no rule by which to count it",
            f"one of these kinds, with role: evidence: {', '.join(COUNTABLE)}",
        )
    rule = record.counted_from
    if rule is not None and len(rule.datasets) > 1 and rule.duplicates == "none":
        yield positions.finding(
            (*path, "counted_from"),
            f"{' and '.join(rule.datasets)} together, and no rule for duplicates",
            "what both report would count twice",
            "write duplicates: one_a_day (or same_place), or count from one of them",
        )
    for stream in record.streams:
        if stream in case.streams and not case.streams[stream].count:
            yield positions.finding(
                (*path, "streams"),
                f"the stream '{stream}' does not say which categories it counts",
                "every event of its actors would count",
                "add count: [THREATEN] to the stream, or leave it out here",
            )
    for front in record.fronts if record.kind != "dated_counts" else ():
        known = case.fronts.get(front)
        if known is not None and not (known.place or known.places or known.area):
            yield positions.finding(
                (*path, "fronts"),
                f"the front '{front}' has no place",
                "events are laid on fronts by place, never by who is said to have fought",
                f"add place: [40.92, 45.5] to fronts.{front}, or leave it out here",
            )

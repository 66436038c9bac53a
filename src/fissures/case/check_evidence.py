"""Evidence and state kept apart: nothing counted twice, nothing read by the rules of another ladder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fissures.case.places import Place, Positions
from fissures.case.records import Case, Evidence, Ladder
from fissures.errors import Finding


def check_evidence(case: Case, positions: Positions) -> Iterator[Finding]:
    """Records say which days they cover and share out what they do not locate."""
    for name, record in case.evidence.items():
        yield from _record(("evidence", name), name, record, positions)
    yield from _roles(case, positions)
    yield from _counted_twice(case, positions)
    yield from _weekly_records(case, positions)


def _record(path: Place, name: str, record: Evidence, positions: Positions) -> Iterator[Finding]:
    total = sum(record.split.values())
    if record.split and abs(total - 1) > 1e-6:
        yield positions.finding(
            (*path, "split"),
            f"the shares of the split add up to {total:g}",
            "every event happened somewhere, and only once",
            "make the shares add up to 1",
        )
    if record.kind in ("weekly_record", "dated_counts") and record.role == "evidence" and not record.covers:
        yield positions.finding(
            path,
            f"'{name}' does not say which days it covers",
            "a day without a row is nothing seen only where somebody looked; elsewhere it is missing",
            "write covers: [[2015-01-01, 2020-07-21]]",
        )
    if record.columns and record.kind != "weekly_record":
        yield positions.finding(
            (*path, "columns"),
            "only a weekly record has columns that can feed streams",
            "they would be passed over",
            "remove columns; dated counts name their streams row by row",
        )


def _roles(case: Case, positions: Positions) -> Iterator[Finding]:
    """Events that were chosen because of the crisis set where things stand; they never enter a likelihood."""
    fitted = {record.file: name for name, record in case.evidence.items() if record.role == "evidence"}
    spoken = {claim.says.source: name for name, claim in case.claims.items() if claim.says.reading != "ours"}
    for name, record in case.evidence.items():
        path: Place = ("evidence", name)
        if record.role != "state":
            if record.source in spoken:
                yield positions.finding((*path, "source"), *_own_witness(name, record.source, spoken[record.source]))
            continue
        if record.file in fitted:
            yield positions.finding(
                (*path, "file"),
                f"the state events of '{name}' stand in '{record.file}', which is evidence of '{fitted[record.file]}'",
                "events that were chosen because of the crisis would make the fit believe in it",
                "keep them in a file of their own, with role: state",
            )
        if record.covers:
            yield positions.finding(
                (*path, "covers"),
                f"'{name}' has role: state and yet covers days, as only evidence does",
                "a day without a row would count as nothing seen, though nobody looked at every day",
                "remove covers, or write role: evidence if every day was looked at",
            )


def _own_witness(name: str, source: str, claim: str) -> tuple[str, str, str]:
    return (
        f"'{name}' is evidence from '{source}', the source that the claims speak from ('{claim}' for one)",
        "an argument chose the events that it tells; they cannot test it",
        "write role: state, without covers; as evidence take counts from a source that looked at every day",
    )


def _counted_twice(case: Case, positions: Positions) -> Iterator[Finding]:
    counted: dict[str, str] = {}
    for name, record in case.evidence.items():
        if record.role != "evidence":
            continue
        for key, streams in (("streams", record.streams), ("columns", tuple(record.columns))):
            for n, stream in enumerate(streams):
                if counted.setdefault(stream, name) != name:
                    yield positions.finding(
                        ("evidence", name, key, n if key == "streams" else stream),
                        f"'{stream}' is already counted by '{counted[stream]}'",
                        "volumes of two sources are never added; each sees its own share of what happens",
                        "count the stream in one of the two",
                    )


def _weekly_records(case: Case, positions: Positions) -> Iterator[Finding]:
    weekly = [n for n, r in case.evidence.items() if r.kind == "weekly_record" and r.role == "evidence"]
    if not weekly:
        yield positions.finding(
            ("evidence",),
            "no evidence of kind weekly_record",
            "the ladders would have no record to be fitted on",
            "add an entry under evidence with kind: weekly_record",
        )
    for name in weekly[1:]:
        yield positions.finding(
            ("evidence", name),
            f"a second weekly record; '{weekly[0]}' is the first",
            "volumes of two sources are never added, so only one can be fitted",
            "keep one, or give this one role: state",
        )
    for name in weekly[:1]:
        yield from _one_ladder(name, case, positions)
        yield from _unseen_ladders(name, case, positions)


def counted_fronts(record: Evidence, case: Case) -> tuple[str, ...]:
    """The fronts that a weekly record speaks of: those it names, else those it splits over, else all."""
    named = record.fronts or tuple(record.split) or tuple(case.fronts)
    return tuple(front for front in named if front in case.fronts)


def _one_ladder(name: str, case: Case, positions: Positions) -> Iterator[Finding]:
    """The fronts of one weekly record stand on one ladder, and each has its share."""
    record = case.evidence[name]
    fronts = counted_fronts(record, case)
    ladders = sorted({case.fronts[front].ladder for front in fronts})
    if len(ladders) > 1:
        yield positions.finding(
            ("evidence", name, "fronts"),
            f"the fronts of '{name}' stand on {len(ladders)} ladders: {', '.join(ladders)}",
            "the weekly record is read by the rules of one ladder and would bound the others wrongly",
            "name under fronts those that stand on one ladder",
        )
    for front in [front for front in fronts if front not in record.split]:
        yield positions.finding(
            ("evidence", name),
            f"the split gives no share to the front '{front}'",
            "the weekly record does not say where; without a share the front has no past",
            f"add {front} to split; the shares add up to 1",
            level="warning",
        )


def _unseen_ladders(weekly: str, case: Case, positions: Positions) -> Iterator[Finding]:
    """Fronts that no evidence speaks of stay at what the priors say; spells and days may speak of all."""
    records = [r for r in case.evidence.values() if r.role == "evidence"]
    seen = set(counted_fronts(case.evidence[weekly], case))
    for record in records:
        if record.kind in ("spells", "means_by_rung"):
            seen |= set(record.fronts or case.fronts)
    known = {case.fronts[front].ladder for front in seen if front in case.fronts}
    known |= {name for name, ladder in case.ladders.items() if _read_by_streams(ladder)}
    used = dict.fromkeys(front.ladder for front in case.fronts.values())
    for ladder in (n for n in used if n in case.ladders and n not in known):
        yield positions.finding(
            ("ladders", ladder),
            f"no evidence speaks of a front on the ladder '{ladder}'",
            "its moves stay what the priors say they are",
            "name its fronts under an evidence file, where one exists",
            level="note",
        )


def _read_by_streams(ladder: Ladder) -> bool:
    return any(re.fullmatch(r".+ in \S+ days? >= .+", rule) for r in ladder.rungs.values() for rule in r.observed_when)

"""What no single record can know: one kind a pressure, shares that add up, nothing without use."""

from __future__ import annotations

from collections.abc import Iterator

from fissures.case import grammar
from fissures.case.places import Place, Positions
from fissures.case.records import Case, Pressure
from fissures.errors import Finding


def check_pressures(case: Case, positions: Positions) -> Iterator[Finding]:
    """A pressure is fed and fades, counts days, builds up until relieved, or follows a series."""
    for name, pressure in case.pressures.items():
        for message, remedy in _pressure_faults(pressure):
            yield positions.finding(
                ("pressures", name),
                f"pressure '{name}' {message}",
                "a pressure remembers in one way, and must be able to rise and to fall",
                remedy,
            )


def _pressure_faults(p: Pressure) -> Iterator[tuple[str, str]]:
    kinds = [kind for kind in ("fed_by", "days_at", "builds_up", "series") if getattr(p, kind)]
    if len(kinds) != 1:
        had = f"has {' and '.join(kinds)}" if kinds else "has no way to rise"
        yield f"{had}; it needs exactly one", "keep one of fed_by, days_at, builds_up, series"
        return
    kind = kinds[0]
    if kind in ("fed_by", "days_at") and p.half_life is None:
        yield f"has {kind} but never fades", "write half_life: 6 weeks"
    if kind == "builds_up" and not p.relieved_by:
        yield "builds up but nothing relieves it", "write relieved_by: {STREAM: 0.5}"
    if kind == "builds_up" and p.half_life is not None:
        yield "builds up and also fades", "remove half_life; relieved_by says what lowers it"
    if kind != "builds_up" and p.relieved_by:
        yield f"has relieved_by but does not build up: it has {kind}", "remove relieved_by"
    if kind == "series" and p.column is None:
        yield "follows a series but names no column", "write column: NAME of the column in the file"
    if kind != "series" and p.column is not None:
        yield f"has a column but no series: it has {kind}", "remove column"


def check_evidence(case: Case, positions: Positions) -> Iterator[Finding]:
    """Records say which days they cover and share out what they do not locate; one weekly record counts."""
    for name, record in case.evidence.items():
        path: Place = ("evidence", name)
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
    yield from _weekly_records(case, positions)


def _weekly_records(case: Case, positions: Positions) -> Iterator[Finding]:
    ladders = sorted({front.ladder for front in case.fronts.values()})
    if len(ladders) > 1:
        yield positions.finding(
            ("fronts",),
            f"fronts stand on {len(ladders)} ladders: {', '.join(ladders)}",
            "the weekly record is read by the rules of one ladder and would bound the others wrongly",
            "put all fronts on one ladder; several come with a later version",
        )
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
        for front in [f for f in case.fronts if f not in case.evidence[name].split]:
            yield positions.finding(
                ("evidence", name),
                f"the split gives no share to the front '{front}'",
                "the weekly record does not say where; without a share the front has no past",
                f"add {front} to split; the shares add up to 1",
                level="warning",
            )


def check_commitments(case: Case, positions: Positions) -> Iterator[Finding]:
    """A commitment obliges a stream by a stated prior, or stands as the cause of a claim."""
    causes = {claim.cause.strip() for claim in case.claims.values()}
    for name, owed in case.commitments.items():
        if (owed.obliges is None) != (owed.raises is None):
            has, lacks = ("obliges", "raises") if owed.obliges else ("raises", "obliges")
            yield positions.finding(
                ("commitments", name),
                f"the commitment '{name}' has {has} without {lacks}",
                "it takes both to say which stream rises, and by how much",
                "write obliges: STREAM and raises: {mean: 1.0, sd: 0.5, says: where this comes from}",
                level="warning",
            )
        elif owed.obliges is None and name not in causes:
            yield positions.finding(
                ("commitments", name),
                f"nothing reads the commitment '{name}'",
                "it obliges no stream and is the cause of no claim, so it changes nothing",
                f"write obliges and raises, or a claim with cause: {name}",
                level="note",
            )


def check_actors(case: Case, positions: Positions) -> Iterator[Finding]:
    """Nobody lies within themselves."""
    for name in case.actors:
        chain, at = {name}, case.actors[name].within
        while at is not None and at in case.actors and at not in chain:
            chain.add(at)
            at = case.actors[at].within
        if at == name:
            yield positions.finding(
                ("actors", name, "within"),
                f"'{name}' lies within itself",
                "events of a part are read as events of the whole, and here there is no whole",
                "remove one 'within'",
            )


def check_unused(case: Case, positions: Positions) -> Iterator[Finding]:
    """What a case defines and nothing reads."""
    fed, read_pressures = _read_streams(case), {claim.cause.strip() for claim in case.claims.values()}
    for name in (n for n in case.pressures if n not in read_pressures):
        yield positions.finding(
            ("pressures", name),
            f"no claim reads the pressure '{name}'",
            "it is simulated and changes nothing",
            f"write a claim with cause: {name}, or remove it",
            level="note",
        )
    for name in (n for n in case.streams if n not in fed):
        yield positions.finding(
            ("streams", name),
            f"nothing reads the stream '{name}'",
            "it is simulated, and feeds no pressure and no question",
            "name it in fed_by or relieved_by, ask about it, or remove it",
            level="note",
        )
    seen = {s for r in case.evidence.values() for s in (*r.streams, *r.columns) if r.role == "evidence"}
    for name in (n for n in case.streams if n not in seen):
        yield positions.finding(
            ("streams", name),
            f"no evidence counts the stream '{name}'",
            "the data cannot move it: it stays at its base rate, and claims about it stay untested",
            "name it under streams or columns of an evidence file, where one exists",
            level="note",
        )


def _read_streams(case: Case) -> set[str]:
    feeding = {s for p in case.pressures.values() for s in (*p.fed_by, *p.relieved_by)}
    for question in case.questions.values():
        try:
            asked = grammar.asks(question.asks, case).stream
        except ValueError:
            continue
        feeding |= {asked} if asked else set()
    return feeding

"""State and evidence kept apart, row by row: an event that was chosen for the argument cannot test the argument."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fissures.case.records import Case, Evidence
from fissures.errors import CaseError, Finding
from fissures.events import files

COLUMNS: files.Columns = {"date": files.day, "stream": str, "count": files.count}
MOST = 5  # rows that are told one by one


def keep_apart(case: Case, folder: Path) -> None:
    """Refuse evidence that repeats a row (date and stream) of a state file; raises CaseError with file and line."""
    dated = [(name, one) for name, one in case.evidence.items() if one.kind == "dated_counts"]
    state: dict[tuple[date, str], str] = {}
    for _, record in (pair for pair in dated if pair[1].role == "state"):
        for row in _rows(record, folder):
            state.setdefault((row["date"], row["stream"]), row.at(record.file))
    found = [
        _repeated(row, record, name, state[row["date"], row["stream"]])
        for name, record in dated
        if record.role == "evidence" and state
        for row in _rows(record, folder)
        if (row["date"], row["stream"]) in state
    ]
    if found:
        raise CaseError(found[:MOST])


def _rows(record: Evidence, folder: Path) -> list[files.Row]:
    return [row for row in files.read_rows(folder / record.file, COLUMNS) if row["stream"] in record.streams]


def _repeated(row: files.Row, record: Evidence, name: str, where: str) -> Finding:
    return Finding(
        row.at(record.file),
        "error",
        f"'{row['stream'][:60]}' on {row['date']} is evidence of '{name}' and also a state event ({where})",
        "state events were chosen because of the crisis: as evidence they would make the fit believe in it",
        "keep the row in one file: of state, or of evidence where its source counts every day of its own accord",
    )

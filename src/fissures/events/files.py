"""Evidence files: typed columns out of CSV, or a refusal that says which line and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fissures.case.texts import LARGEST
from fissures.errors import DataError

Columns = Mapping[str, Callable[[str], Any]]


class Row(dict[str, Any]):
    """One row's values by column, and the line of the file on which it ends."""

    def __init__(self, values: Mapping[str, Any], line: int) -> None:
        super().__init__(values)
        self.line = line

    def at(self, file: str) -> str:
        """Where the row stands, as a finding says it: `events.csv:7`."""
        return f"{file}:{self.line}"


def day(text: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text)


def optional_number(text: str) -> float | None:
    """A number, or None where the cell is empty: missing is not zero."""
    return float(text) if text.strip() else None


def count(text: str) -> float:
    """A count: a number that is not negative."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(f"'{text}' is not a count")
    return value


def read_rows(path: Path, columns: Columns, optional: Sequence[str] = ()) -> list[Row]:
    """Rows of a CSV file with the named columns converted; raises DataError with file and line.

    `optional` columns are text, empty where the file has none of that name.
    """
    if not path.is_file():
        raise DataError(
            f"no file '{path.name}'",
            where=path.parent.name,
            why="the case names it as evidence",
            remedy="put the file beside case.yaml, or rebuild it with the command in SOURCES.md",
        )
    if path.stat().st_size > LARGEST:
        raise DataError(
            f"the file is larger than {LARGEST // 1_000_000} MB",
            where=path.name,
            why="evidence is counts by day or week; so large a file would fill the memory",
            remedy="count the events by day first, and name the file of counts",
        )
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise _refuse(path, 1, f"no column {', '.join(missing)}", f"columns needed: {', '.join(columns)}")
            kept = [name for name in optional if name in (reader.fieldnames or [])]
            blank = dict.fromkeys(optional, "")
            wanted: Columns = {**columns, **dict.fromkeys(kept, str)}
            return [Row({**blank, **_convert(path, row, reader.line_num, wanted)}, reader.line_num) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refuse(path, 1, f"not a CSV file in UTF-8 ({error})", "save it as CSV, UTF-8") from error


def _convert(path: Path, row: dict[str, str | None], line: int, columns: Columns) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, convert in columns.items():
        text = row[name] or ""
        try:
            out[name] = convert(text)
        except ValueError as error:
            raise _refuse(path, line, f"column {name}: cannot read '{text[:40]}'", "correct the cell") from error
    return out


def _refuse(path: Path, line: int, message: str, remedy: str) -> DataError:
    why = "evidence that cannot be read is refused, never guessed"
    return DataError(message, where=f"{path.name}:{line}", why=why, remedy=remedy)

"""Evidence files: typed columns out of CSV, or a refusal that says which line and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from fissures.errors import DataError

Columns = Mapping[str, Callable[[str], Any]]


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


def read_rows(path: Path, columns: Columns) -> list[dict[str, Any]]:
    """Rows of a CSV file with the named columns converted; raises DataError with file and line."""
    if not path.is_file():
        raise DataError(
            f"no file '{path.name}'",
            where=path.parent.name,
            why="the case names it as evidence",
            remedy="put the file beside case.yaml, or rebuild it with the command in SOURCES.md",
        )
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise _refuse(path, 1, f"no column {', '.join(missing)}", f"columns needed: {', '.join(columns)}")
            return [_convert(path, reader.line_num, row, columns) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refuse(path, 1, f"not a CSV file in UTF-8 ({error})", "save it as CSV, UTF-8") from error


def _convert(path: Path, line: int, row: dict[str, str | None], columns: Columns) -> dict[str, Any]:
    out = {}
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

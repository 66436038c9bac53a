"""Reading the shared data and writing the case's files, the same bytes on every platform."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2020, 7, 21)
DAY = timedelta(days=1)
RUNGS = ("quiet", "harassing_fire", "heavy_weapons", "clash", "limited_offensive", "war", "regional_war")

Row = dict[str, str]


class SourceProblem(Exception):
    """The shared data are absent or are not what this script was written for."""


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + DAY * i for i in range((last - first).days + 1))


def read(path: Path) -> list[Row]:
    """All rows of a CSV file as dictionaries; SourceProblem if it is absent or has no rows."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SourceProblem(f"cannot read {path.as_posix()}: {error.strerror}") from error
    if not rows:
        raise SourceProblem(f"{path.as_posix()} has no rows")
    return rows


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as UTF-8 CSV with plain line feeds, so that every platform gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)

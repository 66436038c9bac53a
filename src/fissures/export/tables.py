"""Tables that leave the house: columns with a type, a unit, an HXL tag and a meaning, and rows of plain values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fissures.export.inert import Cell, cell


@dataclass(frozen=True)
class Column:
    """A column: `kind` is a Frictionless type (string, number, integer, boolean, date), `tag` an HXL tag."""

    name: str
    kind: str
    tag: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table under the name of its file (without ending), with what it holds in one sentence."""

    name: str
    says: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(name: str, says: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table; raises ValueError where a row is longer or shorter than the columns."""
    made = Table(name, says, tuple(columns), tuple(tuple(row) for row in rows))
    if any(len(row) != len(made.columns) for row in made.rows):
        raise ValueError(f"a row of {name} does not fit its columns")
    return made


def as_csv(made: Table) -> str:
    """A table as CSV: names, HXL tags, rows; every cell inert, lines ending with CR LF as RFC 4180 asks.

    >>> column = Column("deaths", "integer", "#affected+killed", "people killed", "people")
    >>> as_csv(table("t", "", [column], [(3,), (None,)]))
    'deaths\\r\\n#affected+killed\\r\\n3\\r\\n""\\r\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in made.columns])
    writer.writerow([column.tag for column in made.columns])
    writer.writerows([cell(value) for value in row] for row in made.rows)
    return out.getvalue()

"""Unit panels: deaths by unit and step over many conflicts, from a file of counts or of single events.

What a reference class is fitted on. A unit is a country, or a front: one pair of parties in one country. A unit of
events enters with its first death, so that nobody is called quiet before the source had reason to look.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError, UsageError
from fissures.events.table import literal, quoted

if TYPE_CHECKING:
    import duckdb

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = ("week", "month")
_COUNTS = {"month", "country", "deaths_sb"}
_EVENTS = {"conflict_name", "side_a", "side_b", "country", "type_of_violence", "best"}
_KINDS = ("1", "State-based violence")  # as UCDP writes the kind, by number or in words


@dataclass(frozen=True)
class UnitPanel:
    """Deaths by step and unit, (T, N), NaN where a unit was not observed, whole steps only.

    `kind` is what a unit is ("country", "front"), `first` the first day of the first step. `days` (T in days, N) are
    deaths by day where single events were read. `digest` is that of the file.
    """

    kind: str
    step: str
    first: date
    units: tuple[str, ...]
    counts: Floats
    vintage: str
    digest: str
    days: Floats | None = None

    @property
    def last(self) -> date:
        """The last day that the panel covers."""
        return self.day_after(len(self.counts)) - timedelta(days=1)

    def day_after(self, steps: int) -> date:
        """The day after so many steps of the panel, which is the first day of the step of that number."""
        if self.step == "week":
            return self.first + timedelta(weeks=steps)
        months = self.first.year * 12 + self.first.month - 1 + steps
        return date(months // 12, months % 12 + 1, 1)

    def steps_before(self, when: date) -> int:
        """How many whole steps end before a date; raises DataError where the panel has not got as far, or has none."""
        found = sum(self.day_after(n) <= when for n in range(1, len(self.counts) + 1))
        if not found:
            raise DataError(
                f"the panel begins on {self.first} and has no whole {self.step} before {when}",
                where="reference class",
                why="there would be nothing to fit",
                remedy="name a later date",
            )
        return found

    def before(self, when: date) -> UnitPanel:
        """The panel as it was known before a date: whole steps, and of fronts those that had entered by then."""
        steps = self.steps_before(when)
        counts = self.counts[:steps]
        entered = np.asarray(~np.isnan(counts).all(axis=0) | (self.kind != "front"))
        length = (self.day_after(steps) - self.first).days
        days = None if self.days is None else self.days[:length, entered]
        units = tuple(unit for unit, there in zip(self.units, entered, strict=True) if there)
        return replace(self, units=units, counts=counts[:, entered], days=days)


def read(path: Path, vintage: str, step: str = "week") -> UnitPanel:
    """Read a panel from a CSV or Parquet file, by what columns it has; raises DataError for any other file.

    Counts have the columns month (YYYY-MM), country and deaths_sb. Events are UCDP's, in native columns or with
    `best_death` and `date`: state-based ones, at the first day on which they can have happened; a unit is a front.
    """
    if step not in STEPS:
        raise UsageError(f"no step '{step}'", where="--step", why="a class moves by steps", remedy="week or month")
    import duckdb

    connection = duckdb.connect()
    try:
        source = _source(path)
        columns = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        if columns >= _COUNTS:
            return _counts(connection, source, vintage, _digest(path))
        named = columns | ({"best"} if "best_death" in columns else set())
        if named >= _EVENTS:
            return _events(connection, source, columns, (vintage, _digest(path)), step)
    except duckdb.Error as error:
        raise _refuse(path, f"cannot be read: {str(error).splitlines()[0][:120]}") from error
    finally:
        connection.close()
    raise _refuse(path, "has neither the columns of counts nor those of UCDP events")


def _source(path: Path) -> str:
    if not path.is_file():
        raise _refuse(path, "is no file")
    if path.suffix == ".parquet":
        return f"read_parquet({literal(str(path))})"
    return f"read_csv({literal(str(path))}, header = true, quote = '\"', sample_size = -1)"


def _refuse(path: Path, what: str) -> DataError:
    return DataError(
        f"'{path.name}' {what}",
        where="reference class",
        why="a class is fitted on deaths by unit and step, and guesses no columns",
        remedy=f"a file with {', '.join(sorted(_COUNTS))}, or one of UCDP events",
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _counts(connection: duckdb.DuckDBPyConnection, source: str, vintage: str, digest: str) -> UnitPanel:
    sql = f"SELECT month, country, deaths_sb FROM {source} WHERE deaths_sb IS NOT NULL"
    rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    months = [int(str(month)[:4]) * 12 + int(str(month)[5:7]) - 1 for month, _, _ in rows]
    units = sorted({str(unit) for _, unit, _ in rows})
    number = {unit: n for n, unit in enumerate(units)}
    first = min(months)
    table = np.full((max(months) - first + 1, len(units)), np.nan)
    for month, (_, unit, dead) in zip(months, rows, strict=True):
        table[month - first, number[str(unit)]] = float(dead)
    return UnitPanel("country", "month", date(first // 12, first % 12 + 1, 1), tuple(units), table, vintage, digest)


def _events(
    connection: duckdb.DuckDBPyConnection, source: str, columns: set[str], stamp: tuple[str, str], step: str
) -> UnitPanel:
    when = "date_start" if "date_start" in columns else "date"
    best = "best" if "best" in columns else "best_death"
    kinds = ", ".join(literal(kind) for kind in _KINDS)
    parts = "dyad_name" if "dyad_name" in columns else "concat_ws(' | ', conflict_name, side_a, side_b)"
    sql = f"""SELECT concat_ws(' | ', {parts}, country) AS unit, CAST({quoted(when)} AS DATE) AS day,
        CAST(sum({quoted(best)}) AS DOUBLE) AS dead
        FROM {source} WHERE CAST(type_of_violence AS VARCHAR) IN ({kinds})
        GROUP BY ALL HAVING dead > 0 ORDER BY unit, day"""
    rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    units = sorted({row[0] for row in rows})
    number = {unit: n for n, unit in enumerate(units)}
    first, last = min(row[1] for row in rows), max(row[1] for row in rows)
    first -= timedelta(days=first.weekday() if step == "week" else first.day - 1)
    days = np.zeros(((last - first).days + 1, len(units)), np.float32)
    for unit, day, dead in rows:
        days[(day - first).days, number[unit]] += dead
    return _stepped(days, first, tuple(units), step, stamp)


def _stepped(days: Any, first: date, units: tuple[str, ...], step: str, stamp: tuple[str, str]) -> UnitPanel:
    """Days summed to whole steps; a unit is observed from the step of its first death on."""
    made = UnitPanel("front", step, first, units, np.zeros((0, len(units))), *stamp)
    edges = [0]
    while (edge := (made.day_after(len(edges)) - first).days) <= len(days):
        edges.append(edge)
    counts = np.add.reduceat(days[: edges[-1]], edges[:-1], axis=0).astype(np.float64)
    counts[np.cumsum(counts, axis=0) == 0] = np.nan
    return replace(made, counts=counts, days=days[: edges[-1]])

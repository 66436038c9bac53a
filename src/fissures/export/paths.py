"""Every simulated path as one Parquet table: one row a path, place and day."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.export.inert import MOST
from fissures.figures.labels import plain
from fissures.study.tidy import PlacePaths

COLUMNS = {
    "path": "number of the simulated future, 0 first",
    "date": "day",
    "place": "front or track, by its name in the case file",
    "kind": "front or track",
    "rung": "where it stands on its ladder that day",
    "level": "number of the rung, 0 lowest",
    "deaths": "people killed that day, both sides together; empty for a track, which counts none",
}


def write(file: Path, places: Iterable[PlacePaths]) -> int:
    """Write the paths as Parquet (zstd), place by place, path by path, day by day; returns how many rows there are.

    The same paths give the same bytes.
    """
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute("SET threads = 1")  # rows in order, and the same bytes on every machine
        parts, total = [], 0
        for k, one in enumerate(places):
            held = _columns(one)
            connection.register(f"held{k}", held)
            parts.append(_select(one, f"held{k}"))
            total += len(held["path"])
        written = " UNION ALL ".join(parts)
        told = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 1000000"
        connection.execute(f"COPY ({written}) TO {_quoted(str(file))} ({told})")
    finally:
        connection.close()
    return total


def _columns(one: PlacePaths) -> dict[str, NDArray[Any]]:
    days, paths = one.rungs.shape
    held: dict[str, NDArray[Any]] = {
        "path": np.repeat(np.arange(paths, dtype=np.int32), days),
        "day": np.tile(np.arange(days, dtype=np.int32), paths),
        "level": np.ascontiguousarray(one.rungs.T).ravel(),
    }
    if one.deaths is not None:
        held["deaths"] = np.ascontiguousarray(one.deaths.T).ravel()
    return held


def _select(one: PlacePaths, held: str) -> str:
    place, kind = _quoted(plain(one.place, MOST)), _quoted(one.kind)
    names = ", ".join(_quoted(plain(name, MOST)) for name in one.names)
    killed = "deaths" if one.deaths is not None else "NULL::INTEGER"
    day = f"(DATE '{one.first.isoformat()}' + day)::DATE"
    return (
        f"SELECT path, {day} AS date, {place} AS place, {kind} AS kind, [{names}][level + 1] AS rung, level, "
        f"{killed} AS deaths FROM {held}"
    )


def _quoted(text: str) -> str:
    """A text as a literal of SQL.

    >>> _quoted("d'Or")
    "'d''Or'"
    """
    return "'" + text.replace("'", "''") + "'"

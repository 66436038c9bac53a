"""Files of tab-separated event data for the tests: written in their native layout, read back through a store."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from fissures.events import reading, store

TODAY = date(2024, 6, 30)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
Row = dict[str, Any]


def line(names: Sequence[str], row: dict[str, str]) -> str:
    """A row as a line, its cells in the order of the names."""
    assert set(row) <= set(names), set(row) - set(names)
    return "\t".join(row.get(name, "") for name in names)


def written(path: Path, lines: Iterable[str], encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path.write_bytes("".join(text + "\n" for text in lines).encode(encoding))
    return path


def added(folder: Path, file: Path, version: str | None = "1", **more: Any) -> store.Holding:
    """The holding that a file becomes in the store of this folder."""
    return store.add(folder / "store", file, TODAY, version=version, **more).holding


def rows(holding: store.Holding) -> list[Row]:
    """The rows of a holding, those set apart too, by id."""
    return asked("SELECT * FROM read_parquet(?) ORDER BY row_id, reason", holding.events)


def unsplit(holding: store.Holding) -> dict[str, int]:
    """How many lines did not split into columns, by reason."""
    sql = "SELECT reason, count(*) AS n FROM read_parquet(?) GROUP BY reason"
    return {row["reason"]: row["n"] for row in asked(sql, holding.folder / reading.UNSPLIT)}


def asked(sql: str, *files: Path) -> list[Row]:
    """What a query answers about files, as rows by name."""
    with duckdb.connect() as connection:
        done = connection.execute(sql, [str(file) for file in files])
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def gzipped(file: Path) -> Path:
    """The same file, compressed by gzip."""
    out = file.with_name(file.name + ".gz")
    out.write_bytes(gzip.compress(file.read_bytes()))
    return out


def zipped(file: Path) -> Path:
    """The same file in a zip archive."""
    out = file.with_name(file.name + ".zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, file.name)
    return out


def all_wrappings(folder: Path, file: Path, version: str | None = "1") -> list[list[Row]]:
    """What the plain, the gzipped and the zipped file become, each in a store of its own."""
    made = (file, gzipped(file), zipped(file))
    return [rows(added(folder / str(k), each, version)) for k, each in enumerate(made)]

"""The pieces of work that are measured, ours and others': `python -m benchmarks.work NAME ...` does one alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import fissures as fs
from benchmarks import made
from benchmarks.measure import Row, peak_mb, timed
from fissures.case.records import Case, CountedFrom
from fissures.events import database, originals, recount, store

STREAMS = 40


def case_of(name: str) -> tuple[Case, Path]:
    """A case of which 40 streams are counted."""
    loaded = fs.load(name)
    counted = [key for key, stream in loaded.record.streams.items() if stream.count][:STREAMS]
    if len(counted) < STREAMS:
        raise SystemExit(f"the case has {len(counted)} streams with a 'count', {STREAMS} are wanted")
    streams = {key: loaded.record.streams[key] for key in counted}
    return loaded.record.model_copy(update={"streams": streams}), loaded.folder


def ours_add(folder: str, file: str, version: str) -> Row:
    """A file into a new store."""
    got, told = timed(lambda: store.add(Path(folder), Path(file), date.today(), version=version))
    holding = got.holding
    with database.connected(Path(folder)) as connection:
        sql = f"SELECT coalesce(sum(deaths_best), 0) FROM '{holding.events}' WHERE reason IS NULL"
        dead = int(database.value(connection, sql))
    return {**told, "rows": holding.rows, "apart": holding.quarantined, "dead": dead}


def pandas_add(file: str, out: str, engine: str) -> Row:
    """The same with pandas."""
    from benchmarks import with_pandas

    got, told = timed(lambda: with_pandas.add(Path(file), Path(out), engine))
    return {**told, **got}


def lines(file: str) -> Row:
    """The database splitting the file into lines and columns, and nothing else: the floor of reading it."""
    path = Path(file)
    opened = originals.open_original(path, path.parent)
    with database.connected(path.parent) as connection:
        source = opened.sql(opened.header, opened.delimiter, '"')
        got, told = timed(lambda: database.value(connection, f"SELECT count(*) FROM {source}"))
    return {**told, "rows": got}


def ours_panel(folder: str, dataset: str, case: str) -> Row:
    """What the store says about 40 streams by week."""
    record, beside = case_of(case)
    rule = CountedFrom(datasets=(dataset,))
    said, told = timed(lambda: recount.preview(record, beside, Path(folder), rule))
    counts = {stream.name: stream.count for stream in said.streams}
    return {**told, "counts": counts, "weeks": len(said.streams[0].weeks)}


def pandas_panel(folder: str, dataset: str, case: str) -> Row:
    """The same with pandas, from the same files."""
    from benchmarks import with_pandas

    record, _ = case_of(case)
    files = [holding.events for holding in store.held(Path(folder), dataset)]
    counts, told = timed(lambda: with_pandas.panel(files, record))
    return {**told, "counts": counts}


def ours_gdelt(folder: str, millions: str, case: str) -> Row:
    """Millions of GDELT rows into a store, file after file, and counted: one process, whose peak memory is told."""
    adds: list[float] = []
    rows = size = 0
    file = Path(folder) / "export.csv"
    for number in range(int(millions)):
        _another_file(file, number)
        size += file.stat().st_size
        got, told = timed(lambda: store.add(Path(folder) / "store", file, date.today()))
        rows += got.holding.rows
        adds.append(told["seconds"])
        file.unlink()
        print(f"  {number + 1} of {millions} million rows, {told['seconds']:.1f} s", file=sys.stderr, flush=True)
    after = peak_mb()
    panel = ours_panel(str(Path(folder) / "store"), "gdelt@1.0", case)
    few = min(5, len(adds))
    return {
        "rows": rows,
        "bytes": size,
        "seconds_adding": round(sum(adds), 1),
        "seconds_a_file_first": round(sum(adds[:few]) / few, 2),
        "seconds_a_file_last": round(sum(adds[-few:]) / few, 2),
        "seconds_counting": panel["seconds"],
        "counted": sum(panel["counts"].values()),
        "peak_mb_adding": after,
    }


def _another_file(file: Path, number: int) -> None:
    """The next file, made by another process, whose memory is not ours."""
    code = f"from pathlib import Path; from benchmarks import made; made.gdelt_file(Path({str(file)!r}), {number})"
    subprocess.run([sys.executable, "-c", code], cwd=made.HERE, check=True)


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    work.__name__: work for work in (ours_add, pandas_add, lines, ours_panel, pandas_panel, ours_gdelt)
}

if __name__ == "__main__":
    told = WORK[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({**told, "peak_mb": peak_mb()}))

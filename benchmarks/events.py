"""Event data: a file into the store, the store into a panel, and fifty million rows in little memory.

`python -m benchmarks.events [--json] [--gdelt MILLIONS]` from the checkout, with the extra `[bench]`. Everything runs
in one go beside pandas doing the same, each in a process of its own; a row goes to `benchmarks/results/events.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import made, measure
from benchmarks.measure import Row, alone

GED_ROWS = 390_000
QUADS = 1_000_000
TRIES = 2  # of each, of which the quicker one is told


def ged(folder: Path) -> Row:
    """GED into the store: 390,000 rows of 49 columns. Target: 3 s on two cores, and a third of what pandas takes."""
    file = folder / "ged231.csv"
    source = made.ged(file, GED_ROWS)
    floor = {"read": measure.seconds_to_read(file), "split": alone("lines", file)["seconds"]}
    ours = _best([alone("ours_add", folder / f"ged{k}", file, "23.1") for k in range(TRIES)])
    theirs = {
        engine: _best([alone("pandas_add", file, folder / "pandas.parquet", engine) for _ in range(TRIES)])
        for engine in ("c", "pyarrow")
    }
    for name, told in theirs.items():
        if (told["rows"], told["dead"]) != (ours["rows"], ours["dead"]):
            raise SystemExit(f"pandas ({name}) and the store differ: {told} and {ours}")
    size = file.stat().st_size
    file.unlink()
    return {
        "source": source,
        "rows": GED_ROWS,
        "columns": made.GED_COLUMNS,
        "mb": round(size / 1e6),
        "ours": ours,
        "pandas": theirs["c"],
        "pandas_pyarrow": theirs["pyarrow"],
        "times_pandas": _ratio(theirs["c"], ours),
        "times_pandas_pyarrow": _ratio(theirs["pyarrow"], ours),
        "floor_seconds": floor,
        "times_the_floor": round(ours["seconds"] / floor["split"], 1),
    }


def quads(folder: Path, case: str) -> Row:
    """A million quadruples of the store into a weekly panel of 40 streams. Target: 2 s."""
    file, store = folder / "icews18.txt", folder / "quads"
    source = made.quads(file, QUADS)
    added = alone("ours_add", store, file, "bench")
    file.unlink()
    ours = _best([alone("ours_panel", store, "icews-quads@bench", case) for _ in range(TRIES)])
    theirs = _best([alone("pandas_panel", store, "icews-quads@bench", case) for _ in range(TRIES)])
    if ours["counts"] != theirs["counts"]:
        differ = {name for name in ours["counts"] if ours["counts"][name] != theirs["counts"].get(name)}
        raise SystemExit(f"pandas and the store count differently: {sorted(differ)}")
    events = next(store.glob("*/*/*/events.parquet"))
    read = measure.seconds_to_read(events)
    counted = sum(ours.pop("counts").values())
    theirs.pop("counts")
    return {
        "source": source,
        "rows": QUADS,
        "streams": 40,
        "weeks": ours.pop("weeks"),
        "counted": counted,
        "mb": round(events.stat().st_size / 1e6),
        "seconds_to_add": added["seconds"],
        "ours": ours,
        "pandas": theirs,
        "times_pandas": _ratio(theirs, ours),
        "floor_seconds": {"read": read},
    }


def gdelt(folder: Path, millions: int, case: str) -> Row:
    """Millions of GDELT rows added one file after the other and counted. Target: 50 million within 2 GB of memory."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < 2 + 0.1 * millions:
        raise SystemExit(f"{free:.0f} GB are free, {2 + 0.1 * millions:.0f} GB are wanted")
    told = alone("ours_gdelt", folder, millions, case)
    store = sum(file.stat().st_size for file in (folder / "store").rglob("*.parquet"))
    return {**told, "gb_of_originals": round(told.pop("bytes") / 1e9, 1), "gb_of_store": round(store / 1e9, 2)}


def _best(rows: list[Row]) -> Row:
    """The quickest of several tries."""
    return min(rows, key=lambda row: row["seconds"])


def _ratio(theirs: Row, ours: Row) -> Row:
    return {key: round(theirs[key] / ours[key], 1) for key in ("seconds", "cpu_seconds")}


def told(row: Row) -> str:
    """The figures as lines for people."""
    m = row["machine"]
    out = [
        f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB, {m['system']}; Python {m['python']}, "
        f"DuckDB {m['duckdb']}; load {m['load']} before the start"
    ]
    if one := row.get("ged"):
        out += [
            f"GED into the store: {one['rows']:,} rows x {one['columns']} columns, {one['mb']} MB ({one['source']})"
        ]
        out += [_line(name, one[name]) for name in ("ours", "pandas", "pandas_pyarrow")]
        out += [
            f"  {one['times_pandas']['seconds']} times as fast as pandas ({one['times_pandas']['cpu_seconds']} in "
            f"processor seconds); with pyarrow's reader {one['times_pandas_pyarrow']['seconds']}",
            f"  floor: {one['floor_seconds']['read']} s to read the bytes (from memory), "
            f"{one['floor_seconds']['split']} s to split them into cells; we take {one['times_the_floor']} times that",
        ]
    if one := row.get("quads"):
        out += [f"Panel: {one['rows']:,} quadruples, {one['streams']} streams, {one['weeks']} weeks ({one['source']})"]
        out += [_line(name, one[name]) for name in ("ours", "pandas")]
        out += [f"  {one['times_pandas']['seconds']} times as fast as pandas; {one['counted']:,.0f} events counted"]
        out += [f"  floor: {one['floor_seconds']['read']} s to read the {one['mb']} MB of the store"]
    if one := row.get("gdelt"):
        out += [
            f"GDELT: {one['rows']:,} rows, {one['gb_of_originals']} GB of originals, {one['gb_of_store']} GB of store",
            f"  adding {one['seconds_adding']} s; a file of a million rows {one['seconds_a_file_first']} s at first, "
            f"{one['seconds_a_file_last']} s at last; counting {one['seconds_counting']} s",
            f"  peak memory {one['peak_mb_adding']:,} MB adding, {one['peak_mb']:,} MB in all",
        ]
    return "\n".join(out)


def _line(name: str, row: Row) -> str:
    return f"  {name:16} {row['seconds']:7.2f} s, {row['cpu_seconds']:6.2f} processor s, peak {row['peak_mb']:,} MB"


def main() -> None:
    """Measure, print, and keep the row."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.events", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the row as JSON")
    parser.add_argument("--gdelt", type=int, default=5, metavar="MILLIONS", help="millions of GDELT rows (default 5)")
    parser.add_argument("--only", choices=("ged", "quads", "gdelt"), help="one of the three")
    parser.add_argument("--case", default="south-caucasus-2020", help="the case whose streams are counted")
    given = parser.parse_args()
    row: Row = {"machine": measure.machine()}
    with TemporaryDirectory(prefix="fissures-bench-") as name:
        folder = Path(name)
        if given.only in (None, "ged"):
            row["ged"] = ged(folder)
        if given.only in (None, "quads"):
            row["quads"] = quads(folder, given.case)
        if given.only in (None, "gdelt") and given.gdelt:
            (folder / "gdelt").mkdir()
            row["gdelt"] = gdelt(folder / "gdelt", given.gdelt, given.case)
    kept = measure.keep("events", row)
    print(json.dumps(row) if given.json else f"{told(row)}\nkept in {kept.name}")


if __name__ == "__main__":
    main()

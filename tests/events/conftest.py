"""Copies of cases whose evidence a test may spoil, and the panel of a folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

import fissures as fs
from fissures.events.database import connected
from fissures.events.panel import Panel, build
from fissures.events.store import Holding
from fissures.events.table import COLUMNS, literal, quoted

TESTS = Path(__file__).resolve().parents[1]
FOLDERS = {
    "two_valleys": TESTS / "cases" / "two_valleys",
    "shipped": TESTS.parent / "src" / "fissures" / "cases" / "south-caucasus-2020",
}
SPELLS = """
  spells:
    kind: spells
    file: spells.csv
    source: ledger
"""
Copied = Callable[..., Path]


def panel_of(folder: Path) -> Panel:
    """The panel of a case folder, laid out anew."""
    case = fs.load(folder)
    return build(case.record, case.folder, case.digest)


@pytest.fixture(name="panel_of")
def _panel_of() -> Callable[[Path], Panel]:
    return panel_of


@pytest.fixture
def copied(tmp_path: Path) -> Copied:
    """A copy of a case: pieces of its text replaced, each (old, new) once; spells coded; rows appended to files."""

    def copy(name: str = "two_valleys", *pairs: tuple[str, str], coded: str = "", **rows: str) -> Path:
        folder = Path(shutil.copytree(FOLDERS[name], tmp_path / name))
        told = (folder / "case.yaml").read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in told, f"the case does not say {old!r}"
            told = told.replace(old, new, 1)
        if coded:
            told += SPELLS
            header = "front,start,end,rung,killed_low,killed_high\n"
            (folder / "spells.csv").write_text(header + coded, encoding="utf-8")
        (folder / "case.yaml").write_text(told, encoding="utf-8")
        for file, row in rows.items():
            with (folder / f"{file}.csv").open("a", encoding="utf-8") as handle:
                handle.write(row + "\n")
        return folder

    return copy


@pytest.fixture(scope="session")
def two_valleys() -> Panel:
    """The panel of the small case as it stands."""
    return panel_of(FOLDERS["two_valleys"])


@pytest.fixture(scope="session")
def shipped() -> Panel:
    """The panel of the shipped case as it stands."""
    return panel_of(FOLDERS["shipped"])


Hold = Callable[..., Holding]


@pytest.fixture
def hold(tmp_path: Path) -> Hold:
    """Rows of the event table as a holding of a store, without a reader: what is not said is NULL."""
    made = 0

    def write(rows: list[dict[str, object]], name: str = "made@1", **facts: object) -> Holding:
        nonlocal made
        made += 1
        dataset, version = name.split("@")
        folder = tmp_path / "store" / dataset / version / f"{made:016d}"
        folder.mkdir(parents=True)
        connection = duckdb.connect()
        columns = ", ".join(f"{quoted(column)} {told.type}" for column, told in COLUMNS.items())
        connection.execute(f"CREATE TABLE events ({columns}, reason VARCHAR, line VARCHAR)")
        for number, row in enumerate(rows):
            said = {"row_id": f"{made}-{number}", **row}
            said.setdefault("end_date", said["start_date"])
            listed = ", ".join(quoted(column) for column in said)
            marks = ", ".join("?" for _ in said)
            connection.execute(f"INSERT INTO events ({listed}) VALUES ({marks})", list(said.values()))
        connection.execute(f"COPY events TO {literal(str(folder / 'events.parquet'))} (FORMAT parquet)")
        connection.close()
        days = [date.fromisoformat(str(row["start_date"])) for row in rows]
        holding = Holding(
            dataset=dataset,
            version=version,
            format="made",
            original="made.csv",
            digest=f"{made:064d}",
            bytes=0,
            accessed=date(2020, 1, 1),
            published=None,
            rows=len(rows),
            quarantined={},
            first=min(days, default=None),
            last=max(days, default=None),
            fatal_only=False,
            weapons=True,
            feed=False,
            folder=folder,
        )
        kept = replace(holding, **facts)  # type: ignore[arg-type]
        told = {key: value for key, value in asdict(kept).items() if key != "folder"}
        (folder / "manifest.json").write_text(json.dumps({"fissures_store": 1, **told}, default=str))
        (tmp_path / "store" / "store.json").write_text('{"fissures_store": 1}')
        return kept

    return write


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[object]:
    """A database for one test."""
    with connected(tmp_path) as made:
        yield made

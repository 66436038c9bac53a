"""Copies of cases whose evidence a test may spoil, and the panel of a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import fissures as fs
from fissures.events.panel import Panel, build

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

"""Names that mean harm, through every exporter: what comes out is inert."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fissures.brief.context import Context
from fissures.brief.render import render
from fissures.export import folder
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths

Hostile = tuple[Study, Context, tuple[PlacePaths, ...]]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "\uff1d")
HIDDEN = "\u202e\u2066\u200f\x00\x1f"


@pytest.fixture(scope="module")
def at(hostile: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the hostile study."""
    study, context, places = hostile
    return folder.write(tmp_path_factory.mktemp("hostile") / "data", study, context, render(study, context), places)


def test_no_file_leaves_the_folder_or_bears_a_hostile_name(at: Path) -> None:
    assert [p.name for p in at.parent.iterdir()] == ["data"]
    for file in at.rglob("*"):
        assert set(file.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.README"), file.name
        assert len(file.name) < 60


def test_no_cell_is_a_formula(at: Path) -> None:
    for file in at.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as told:
            for row in list(csv.reader(told))[2:]:
                for cell in row:
                    assert not cell.startswith(FORMULA) or is_number(cell), (file.name, cell[:40])
                    assert not set(cell) & set(HIDDEN + "\n"), (file.name, cell[:40])
                    assert len(cell) < 32_767


def is_number(text: str) -> bool:
    """Whether a cell is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_text_holds_what_is_hidden_and_every_document_can_be_read(at: Path) -> None:
    for file in at.rglob("*"):
        if file.suffix in (".json", ".txt", ".csv", ".svg", ".html"):
            text = file.read_text(encoding="utf-8")
            assert not set(text) & set(HIDDEN), file.name
            assert file.suffix == ".csv" or file.suffix == ".txt" or "<script" not in text, file.name
    for file in at.rglob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))
    for file in at.rglob("*.svg"):
        tags = {one.tag.rpartition("}")[2] for one in ElementTree.parse(file).iter()}
        assert tags <= {
            "svg",
            "g",
            "path",
            "text",
            "tspan",
            "rect",
            "line",
            "circle",
            "clipPath",
            "defs",
            "title",
            "style",
        }, tags


def test_the_validators_still_read_it(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import frictionless
    from prov import model

    monkeypatch.chdir(at)
    report = frictionless.validate("datapackage.json")
    assert report.valid, [error.message for task in report.tasks for error in task.errors][:5]
    assert model.ProvDocument.deserialize(str(at / "provenance.json"), format="json").get_records()


def test_the_paths_keep_their_rows(at: Path, hostile: Hostile) -> None:
    import duckdb

    found = duckdb.sql(f"SELECT DISTINCT place, rung FROM '{at / 'paths.parquet'}'").fetchall()
    assert found and not any(set(text) & set(HIDDEN) for row in found for text in row)
    count = duckdb.sql(f"SELECT count(*) FROM '{at / 'paths.parquet'}'").fetchall()
    assert count == [(sum(one.rungs.size for one in hostile[2]),)]

"""Specifications, tables and provenance against stored ones, numbers rounded so that machines agree.

To store them anew, after looking at the difference: FISSURES_SNAPSHOTS=write scripts/test tests/export
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fissures.brief.context import Context
from fissures.export import provenance, questions
from fissures.export.figures import figures
from fissures.export.folder import tables_of
from fissures.export.tables import as_csv
from fissures.study.records import Study

from .conftest import rounded

STORED = Path(__file__).resolve().parent / "snapshots"


def same(name: str, text: str) -> None:
    """Hold a text against the stored one, or store it where the environment asks for that."""
    file = STORED / name
    if os.environ.get("FISSURES_SNAPSHOTS") == "write":
        file.write_text(text, encoding="utf-8", newline="")
    assert text == file.read_bytes().decode("utf-8"), f"{name} differs from the stored one"


def bare(value: Any) -> Any:
    """A specification with its rows counted and named instead of repeated, and numbers cut."""
    if isinstance(value, dict):
        if isinstance(value.get("values"), list) and value["values"] and isinstance(value["values"][0], dict):
            keys = sorted({key for row in value["values"] for key in row})
            return {"rows": len(value["values"]), "keys": keys}
        return {key: bare(one) for key, one in value.items()}
    if isinstance(value, list):
        return [bare(one) for one in value]
    return round(value, 2) if isinstance(value, float) else value


@pytest.fixture(scope="module")
def evened(study: Study, context: Context) -> tuple[Study, Context]:
    """The study and its case with rounded numbers; the version of the package is left out."""
    told = rounded(study)
    told.provenance["fissures"] = "x"
    return told, rounded(context)


def test_the_specifications_are_as_they_were(evened: tuple[Study, Context]) -> None:
    specs = {figure.file: bare(figure.spec) for figure in figures(*evened)}
    same("specifications.json", json.dumps(specs, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", ["answers", "what_ifs", "claims", "disputed_facts", "sources", "thresholds"])
def test_the_tables_are_as_they_were(evened: tuple[Study, Context], name: str) -> None:
    same(f"{name}.csv", as_csv(next(one for one in tables_of(*evened) if one.name == name)))


def test_the_questions_are_as_they_were(evened: tuple[Study, Context]) -> None:
    same("questions.json", json.dumps(questions.document(*evened), indent=1, ensure_ascii=False, default=str) + "\n")


def test_the_provenance_is_as_it_was(evened: tuple[Study, Context]) -> None:
    told = provenance.document(*evened, "b" * 64, {"answers.csv": "a" * 64})
    same("provenance.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")

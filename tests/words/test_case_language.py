"""Every example on the page about the case language is read by the grammar, on the shipped case."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fissures as fs
from fissures.case import grammar
from fissures.case.records import Case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "the-case-language.md"
READ: dict[str, Callable[[str, Case], Any]] = {
    "cause": grammar.cause,
    "when": grammar.when,
    "effect": grammar.effect,
    "phrase": grammar.factor,
    "asks": grammar.asks,
}


def examples() -> list[tuple[str, str]]:
    """(column head, example) for every row of every table whose first column is a kind of phrase."""
    found, head = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if row := re.match(r"\| ([^|]+) \|", line):
            cell = row[1].strip()
            if not cell.startswith("`"):
                head = cell
            elif head in READ:
                found.append((head, cell.strip("`")))
    return found


@pytest.fixture(scope="module")
def case() -> Case:
    return fs.load("south-caucasus-2020").record


def test_the_page_has_examples_of_every_kind() -> None:
    assert {head for head, _ in examples()} == set(READ)
    assert len(examples()) > 40


@pytest.mark.parametrize(("head", "text"), examples(), ids=lambda value: str(value))
def test_an_example_reads(head: str, text: str, case: Case) -> None:
    READ[head](text, case)


def test_every_section_is_named() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.M))
    sections = {name for name, field in Case.model_fields.items() if "dict" in str(field.annotation)}
    assert sections <= told

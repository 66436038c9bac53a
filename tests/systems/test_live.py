"""Every system is alive: knocked out on the same random numbers, one of its measures moves by five errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fissures.study.systems import system

from .conftest import Bench

SYSTEMS = [f"S{number:02d}" for number in range(1, 33)]


def test_the_case_declares_the_systems_of_the_article(bench: Bench) -> None:
    assert list(bench.case.systems) == SYSTEMS


def test_every_system_has_a_test_of_its_own() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in SYSTEMS if not re.search(rf"def test_{name.lower()}_", text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_live(bench: Bench, name: str) -> None:
    found = system(bench.case, bench.base, name)
    told = f"{name} {found.title}: {found.state}; moved: {found.moves}; still: {found.still}"
    print(told)
    assert found.state == "live", told

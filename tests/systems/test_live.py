"""Every system is alive: knocked out on the same random numbers, a stream, rung, mark or question of its own moves.

By more than five Monte Carlo errors; pressures, commitments and what belongs to the elements do not count. At 4,000
paths first, at the 10,000 of `check --systems` what does not move by then, and on more what it would take up once more.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fissures.model.simulate import Run
from fissures.study.systems import LIVE, PATHS, WIDER, SystemState, system

from .conftest import Bench

MORE = WIDER * PATHS
SYSTEMS = [f"S{number:02d}" for number in range(1, 33)]
INERT = {
    "S30": "a weak effect: ministers meet .907 and .906 times with and without releases, 1 error on 10,000 paths",
}


def test_the_case_declares_the_systems_of_the_article(bench: Bench) -> None:
    assert list(bench.case.systems) == SYSTEMS


def test_every_system_has_a_test_of_its_own() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in SYSTEMS if not re.search(rf"def test_{name.lower()}_", text)] == []


@pytest.fixture(scope="module")
def found() -> dict[str, SystemState]:
    """Systems by name, as far as they have been knocked out."""
    return {}


@pytest.fixture(scope="module")
def wide() -> dict[int, Run]:
    """Room for base runs on more paths, made once and only where needed."""
    return {}


def state_of(bench: Bench, name: str, found: dict[str, SystemState], wide: dict[int, Run]) -> SystemState:
    """A system knocked out once, on the fewest paths that show it live."""
    if name in found:
        return found[name]
    state = system(bench.case, bench.base, name)
    for paths in (PATHS, MORE):
        if state.state == "live" or (paths > PATHS and not state.nearly):
            break
        if paths not in wide:
            wide[paths] = bench.arm.run(paths=paths)
        state = system(bench.case, wide[paths], name)
    found[name] = state
    print(f"{name} {state.title}: {state.state}; moved: {state.moves}; still: {state.still}")
    return state


def still_to_do(name: str) -> list[pytest.MarkDecorator]:
    """The mark of a system that cannot be shown to move anything."""
    return [pytest.mark.xfail(strict=True, reason=INERT[name])] if name in INERT else []


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=still_to_do(name)) for name in SYSTEMS])
def test_a_system_is_live(bench: Bench, name: str, found: dict[str, SystemState], wide: dict[int, Run]) -> None:
    state = state_of(bench, name, found, wide)
    assert state.state == "live", f"{name}: moved {state.moves}; still {state.still}"
    asked = [move for move in state.moved if not move.built_in and not move.shown_only]
    assert any(abs(move.errors) > LIVE for move in asked)


@pytest.mark.parametrize("name", INERT)
def test_what_is_inert_says_so(bench: Bench, name: str) -> None:
    assert bench.case.systems[name].says.startswith("Inert")

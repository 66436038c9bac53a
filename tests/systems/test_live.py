"""Every system is alive: knocked out on the same random numbers, one of its measures moves by five errors.

At 4,000 paths first, and at the 10,000 of `check --systems` only what does not move by then.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fissures.model.simulate import Run
from fissures.study.systems import LIVE, PATHS, SystemState, system

from .conftest import Bench

SYSTEMS = [f"S{number:02d}" for number in range(1, 33)]
NOTHING_OF_ITS_OWN = {
    "S14": "known misfit: without drones 8.18 days of clash on the line and not 8.76, 4.4 errors on 10,000 paths",
    "S25": "known misfit: support for Armenia 7.19 and not 7.42, 4.7 errors on 10,000 paths: C54 is wide between draws",
    "S30": "not done: its 1 measure is hostility, which releases relieve",
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
def wide(bench: Bench) -> list[Run]:
    """Room for the base run on as many paths as `check --systems` takes, made once and only where needed."""
    return []


def own(state: SystemState) -> list[str]:
    """Measures that move, and not by construction."""
    return [move.name for move in state.moved if not move.built_in and abs(move.errors) > LIVE]


def state_of(bench: Bench, name: str, found: dict[str, SystemState], wide: list[Run]) -> SystemState:
    """A system knocked out once, on the fewest paths that show it live by a measure of its own where it has one."""
    if name in found:
        return found[name]
    state = system(bench.case, bench.base, name)
    could = any(not move.built_in for move in state.moved)
    if state.state != "live" or (could and not own(state)):
        if not wide:
            wide.append(bench.arm.run(paths=PATHS))
        state = system(bench.case, wide[0], name)
    found[name] = state
    print(f"{name} {state.title}: {state.state}; moved: {state.moves}; still: {state.still}")
    return state


@pytest.mark.slow
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_live(bench: Bench, name: str, found: dict[str, SystemState], wide: list[Run]) -> None:
    state = state_of(bench, name, found, wide)
    assert state.state == "live", f"{name}: moved {state.moves}; still {state.still}"


def still_to_do(name: str) -> list[pytest.MarkDecorator]:
    """The mark of a system of which nothing moves but what moves by construction."""
    return [pytest.mark.xfail(strict=True, reason=NOTHING_OF_ITS_OWN[name])] if name in NOTHING_OF_ITS_OWN else []


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=still_to_do(name)) for name in SYSTEMS])
def test_a_system_moves_something_beyond_its_own_elements(
    bench: Bench, name: str, found: dict[str, SystemState], wide: list[Run]
) -> None:
    state = state_of(bench, name, found, wide)
    assert own(state), f"{name}: moved {state.moves}"

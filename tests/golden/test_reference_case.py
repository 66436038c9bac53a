"""Today's demo against the kept numbers of the reference case; see regenerate.py for a change that is meant."""

from __future__ import annotations

from typing import Any

import pytest

from . import regenerate as golden

pytestmark = pytest.mark.slow

MEANT = "if this change is meant: python -m tests.golden.regenerate, and tell it in CHANGELOG.md"


@pytest.fixture(scope="module")
def then() -> dict[str, Any]:
    if not golden.LATEST.is_file():
        pytest.fail("no numbers of the reference case are accepted yet: python -m tests.golden.regenerate")
    return golden.kept()


def test_the_kept_numbers_are_of_the_agreed_size(then: dict[str, Any]) -> None:
    assert (then["paths"], then["seed"]) == (golden.PATHS, golden.SEED)


def test_todays_numbers_are_the_kept_ones(then: dict[str, Any]) -> None:
    found = golden.differences(then, golden.numbers(then["paths"], then["seed"]))
    assert not found, "\n".join([MEANT, *found])

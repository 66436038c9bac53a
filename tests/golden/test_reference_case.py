"""Today's demo against the kept numbers of the reference case; see regenerate.py for a change that is meant."""

from __future__ import annotations

import math
import runpy
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

TOOLS = runpy.run_path(str(Path(__file__).with_name("regenerate.py")))
MEANT = "if this change is meant: python -m tests.golden.regenerate, and tell it in CHANGELOG.md"


@pytest.fixture(scope="module")
def then() -> dict[str, Any]:
    return dict(TOOLS["kept"]())


@pytest.fixture(scope="module")
def now(then: dict[str, Any]) -> dict[str, Any]:
    return dict(TOOLS["numbers"](then["paths"], then["seed"]))


def test_the_kept_numbers_are_of_the_agreed_size(then: dict[str, Any]) -> None:
    assert (then["paths"], then["seed"]) == (TOOLS["PATHS"], TOOLS["SEED"])


def test_answers_agree_within_four_monte_carlo_errors(then: dict[str, Any], now: dict[str, Any]) -> None:
    assert list(now["questions"]) == list(then["questions"])
    far = []
    for code, old in then["questions"].items():
        new, error = now["questions"][code], 4 * old["mc_error"]
        far += [(code, k) for k in ("with_claims", "claims_off") if abs(new[k] - old[k]) > error]
        assert list(new["exceed"]) == list(old["exceed"])
        for level, p in old["exceed"].items():
            spread = 4 * math.sqrt(max(p * (1 - p), 1 / then["paths"]) / then["paths"])
            far += [(code, level)] if abs(new["exceed"][level] - p) > spread else []
    assert not far, MEANT


def test_claims_agree(then: dict[str, Any], now: dict[str, Any]) -> None:
    assert list(now["claims"]) == list(then["claims"])
    for code, old in then["claims"].items():
        new = now["claims"][code]
        assert new["verdict"] == old["verdict"], f"{code}: {MEANT}"
        for kind in ("before", "after", "vague"):
            # Newton's method stops within 1e-4 of a mode; another machine's linear algebra may stop a step apart.
            assert new[kind] == pytest.approx(old[kind], abs=2e-4), f"{code} {kind}: {MEANT}"


def test_the_same_answers_lie_outside_their_base_rates(then: dict[str, Any], now: dict[str, Any]) -> None:
    assert now["outside"] == then["outside"], MEANT

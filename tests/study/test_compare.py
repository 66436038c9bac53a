"""What a lever changes: paired differences with honest errors, and the claims that they ride on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from fissures.case.records import Case, Lever
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import monte_carlo_error, outcome
from fissures.study.compare import compare, rides_on

LEVER = "council_every_fortnight"
PATHS = 4 * DRAWS
EVENTS, THRESHOLDS = ("V-Q1", "V-Q3"), ("V-Q2>=10", "V-Q2>=50")


@pytest.fixture(scope="module")
def base(made: Callable[..., Run]) -> Run:
    """A feud on some paths of each draw; deaths and marches at random."""
    rng = np.random.default_rng(5)
    calm = made(PATHS)
    chance = np.tile(rng.beta(2, 6, DRAWS), PATHS // DRAWS)
    rungs, deaths, counts = calm.rungs.copy(), calm.deaths.copy(), calm.counts.copy()
    rungs[0, 3] = 3 * (rng.random(PATHS) < chance)
    deaths[1, 3] = rng.poisson(20 * chance)
    counts[2, 3] = rng.random(PATHS) < 0.5
    return replace(calm, rungs=rungs, deaths=deaths, counts=counts)


def test_identical_arms_differ_in_nothing(case: Case, base: Run) -> None:
    arm = compare(case, base, base, LEVER, ())
    assert set(arm.differences) == {*EVENTS, *THRESHOLDS}
    for found in arm.differences.values():
        assert found.base == found.arm and found.difference == 0
        assert found.range80[0] <= 0 <= found.range80[1]
    for code in EVENTS:  # an event that no path shows has the error of half a path, and so has a change
        found = arm.differences[code]
        assert found.mc_error <= 0.5 / PATHS and max(np.abs(found.range80)) < 1 / PATHS


def test_a_paired_difference_is_counted_path_by_path(case: Case, base: Run) -> None:
    rungs, deaths = base.rungs.copy(), base.deaths.copy()
    helped = (rungs[0, 3] == 3) & (np.random.default_rng(6).random(PATHS) < 0.2)
    rungs[0, 3, helped] = 0
    deaths[1, 3] += 3
    lever = compare(case, base, replace(base, rungs=rungs, deaths=deaths), LEVER, ())
    feud, marches = (lever.differences[code] for code in ("V-Q1", "V-Q3"))
    assert feud.difference == pytest.approx(-helped.mean())
    assert feud.arm - feud.base == pytest.approx(feud.difference)
    assert feud.range80[0] < feud.difference < feud.range80[1]
    assert feud.mc_error == pytest.approx(np.sqrt(helped.mean() / PATHS), rel=0.25)
    alone = monte_carlo_error(outcome(case, base, case.questions["feud"]))
    assert feud.mc_error < 0.6 * alone, "the same random numbers on both arms cancel"
    assert marches.difference == 0


def test_a_number_stands_as_the_chance_of_its_thresholds(case: Case, base: Run) -> None:
    """Every path gains so many deaths that all pass the lowest threshold and none the highest."""
    low, high = case.questions["deaths"].exceed
    deaths = base.deaths * 0
    deaths[1, 3] = (low + high) / 2
    lever = compare(case, replace(base, deaths=base.deaths * 0), replace(base, deaths=deaths), LEVER, ())
    lowest, highest = (lever.differences[code] for code in THRESHOLDS)
    assert (lowest.base, lowest.arm, lowest.difference) == (0, 1, 1)
    assert (highest.base, highest.arm, highest.difference) == (0, 0, 0)


def test_a_comparison_keeps_what_the_case_says_of_the_lever(case: Case, base: Run) -> None:
    arm = compare(case, base, base, LEVER, ())
    assert (arm.id, arm.name, arm.says, arm.escalatory) == (
        LEVER,
        "The League calls the council every fortnight",
        "ours",
        False,
    )


ROWS = [("thirst_raises_climbing", "V1"), ("distrust_raises_climbing", "V2"), ("thirst_brings_marches", "V4")]
RIDES = [
    ({"inject": {"council_meetings": "1 once"}}, {"V2"}),  # relieves distrust
    ({"inject": {"water_cuts": "1 once"}}, {"V1", "V4"}),  # feeds thirst
    ({"hold": {"thirst": 0.0}}, {"V1", "V4"}),
    ({"hold": {"distrust": 0.0}, "inject": {"water_cuts": "1 once"}}, {"V1", "V2", "V4"}),
    ({"inject": {"market_marches": "1 once"}}, set()),  # nothing reads them
]


@pytest.mark.parametrize(("does", "riding"), RIDES)
@pytest.mark.parametrize("tested", [{"V1", "V2", "V4"}, {"V1"}, set()])
def test_a_lever_rides_on_claims_that_are_fitted_or_assumed(
    case: Case, does: dict[str, dict[str, object]], riding: set[str], tested: set[str]
) -> None:
    lever = Lever.model_validate({"name": "L", "from": "2020-01-06", "to": "2020-06-30", **does})
    rows = tuple(
        SimpleNamespace(id=name, code=code, verdict="mixed" if code in tested else "could not test")
        for name, code in ROWS
    )
    fitted, assumed = rides_on(case.model_copy(update={"levers": {"l": lever}}), "l", rows)  # type: ignore[arg-type]
    assert set(fitted) == riding & tested
    assert set(assumed) == riding - tested

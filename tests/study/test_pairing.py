"""Which paths of a run an arm is paired with, and that its differences start from what the whole run answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fissures as fs
from fissures.case.records import Case
from fissures.kernel.world import Paths
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run, few_draws, simulate
from fissures.study.answers import between_draws, monte_carlo_error
from fissures.study.pairing import EACH, FEWEST, Control, control

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


@pytest.mark.parametrize(
    ("has", "asked", "draws", "paths"),
    [
        (10_000, 2_000, 250, 2_000),  # eight of each of 250 draws
        (10_000, 5_000, 625, 5_000),
        (10_000, 9_000, 1_000, 9_000),  # more than eight of each draw: more of all of them
        (4_000, 2_000, 500, 2_000),  # as many of each as there are
        (3_500, 2_000, 666, 1_998),
        (2_000, 2_000, 1_000, 2_000),  # the whole run
        (10_000, 20_000, 1_000, 10_000),
        (1_500, 700, 1_000, 700),  # one of each draw and no more: as they come
        (10_000, 400, 1_000, 400),  # 50 draws would be too few
    ],
)
def test_an_arm_has_several_paths_of_fewer_draws(
    case: Case, made: Callable[..., Run], has: int, asked: int, draws: int, paths: int
) -> None:
    told = control(case, made(has), asked).run
    assert (told.draws, told.paths) == (draws, paths)


@settings(deadline=None, max_examples=20)
@given(has=st.integers(1, 12_000), asked=st.integers(1, 12_000))
@example(has=2_500, asked=2_002)  # no more draws than there are
def test_no_arm_has_more_paths_than_asked_or_a_draw_left_out(
    case: Case, made: Callable[..., Run], has: int, asked: int
) -> None:
    told = control(case, made(has), asked).run
    assert 1 <= told.paths <= min(has, asked) and told.rungs.shape[-1] == told.paths
    if told.draws < DRAWS:
        assert told.paths % told.draws == 0 and told.draws >= FEWEST and told.paths // told.draws <= EACH


def test_few_draws_of_a_run_are_the_run_that_is_made_of_them() -> None:
    case = fs.load(TWO_VALLEYS)
    fit = fs.fit(case)
    few = few_draws(simulate(fit.plan, fit.on, 2_500, 1, days=20), 150, 2)
    alone = simulate(fit.plan, fit.on, 300, 1, days=20, draws=150)
    assert few.digest == alone.digest and few.digest != simulate(fit.plan, fit.on, 300, 1, days=20).digest
    for field in fields(Paths):
        np.testing.assert_array_equal(getattr(few.out, field.name), getattr(alone.out, field.name))


def test_an_arm_starts_from_the_answer_of_the_whole_run(case: Case, made: Callable[..., Run]) -> None:
    """Three whole rounds of draws; the event comes on the last two, and an arm takes it from half of the first."""
    whole = made(3 * DRAWS)
    rungs = whole.rungs.copy()
    rungs[0, 3, DRAWS:] = 3
    whole = replace(whole, out=replace(whole.out, rungs=rungs))
    base = control(case, whole, 1_500)
    assert (base.run.draws, base.run.paths) == (500, 1_500)
    eased = base.run.rungs.copy()
    eased[0, 3, 500:750] = 0
    found = base.differences(replace(base.run, out=replace(base.run.out, rungs=eased)))["V-Q1"]
    assert found.base == pytest.approx(2 / 3) and found.difference == pytest.approx(-250 / 1_500)
    assert found.arm == pytest.approx(found.base + found.difference)


def test_an_arm_is_no_chance_below_nothing(case: Case, made: Callable[..., Run]) -> None:
    """The few paths show more of it than the whole run does, and the arm takes all of it away."""
    whole = made(2 * DRAWS)
    none, all_of_it = np.zeros(2 * DRAWS), np.ones(2 * DRAWS)
    found = Control(case, whole, whole).difference(none, all_of_it, none)
    assert (found.base, found.arm, found.difference) == (0.0, 0.0, -1.0)


def test_how_far_draws_differ_is_found_from_few_of_them() -> None:
    """Chances by draw from a beta law with a known variance: on average what was put in, and one error more."""
    rng = np.random.default_rng(3)
    told = []
    for _ in range(60):
        chance = rng.beta(0.5, 4.5, 250)
        values = (rng.random((EACH, 250)) < chance).astype(float).ravel()
        told.append((between_draws(values, 250), monte_carlo_error(values, 250)))
    variance = 0.1 * 0.9 / 6.0
    spread, error = np.mean(told, axis=0)
    assert spread == pytest.approx(variance, rel=0.35) and spread > variance
    assert error == pytest.approx(np.sqrt((variance + (0.09 - variance) / EACH) / 250), rel=0.1)

"""The first paths of a run are the run of so many paths, so that a what-if may be compared on them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from fissures import api
from fissures.model.simulate import Run, first, simulate

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
FEW, MANY = 150, 400


@pytest.fixture(scope="module")
def fitted() -> api.Fit:
    """The invented case, fitted."""
    return api.fit(api.load(TWO_VALLEYS))


@pytest.fixture(scope="module")
def run(fitted: api.Fit) -> Run:
    """A run of the invented case."""
    return simulate(fitted.plan, fitted.on, MANY, days=40)


def test_the_first_paths_are_those_of_a_shorter_run(fitted: api.Fit, run: Run) -> None:
    short, cut = simulate(fitted.plan, fitted.on, FEW, days=40), first(run, FEW)
    assert (cut.paths, cut.digest, cut.seed) == (FEW, short.digest, short.seed)
    for field in fields(cut.out):
        assert np.array_equal(getattr(cut.out, field.name), getattr(short.out, field.name)), field.name
    assert cut.digest != run.digest


def test_a_run_that_has_no_more_stays_itself(run: Run) -> None:
    assert first(run, MANY) is run and first(run, MANY + 1) is run

"""Rival readings: arms of their own, on the invented case and on hand-made ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.case.records import RivalReading
from fissures.model.plan import coefficient
from fissures.model.simulate import simulate
from fissures.study.claims import without
from fissures.study.outcomes import every
from fissures.study.pairing import Control
from fissures.study.rivals import REVERSED, TESTED_ONLY, rivals

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
LEAD = "V-Q1"


@pytest.fixture(scope="module")
def run() -> fs.api.Run:
    """The invented case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=2000)


@pytest.fixture(scope="module")
def study(run: fs.api.Run) -> fs.api.Study:
    return fs.briefed(run, fs.study(run, levers=()))


def test_any_argument_has_two(study: fs.api.Study) -> None:
    untested = [row.id for row in study.claims if row.verdict == "could not test" and not row.shares]
    assert untested, "the invented case has claims that no record can test"
    names = {one.name: one for one in study.rivals}
    assert names[TESTED_ONLY].idle == tuple(untested) and names[REVERSED].turned == tuple(untested)


def test_an_idle_claim_is_one_taken_out(run: fs.api.Run, study: fs.api.Study) -> None:
    """A reading that leaves one coefficient idle is what `fissures fit --without` counts."""
    row = next(row for row in study.claims if not row.shares)
    one = RivalReading(name="Not so", says="it does nothing", idle=(row.id,))
    record = run.case.record.model_copy(update={"rivals": {"not_so": one}})
    told = next(r for r in rivals(Control(record, run.on, run.on), study.claims) if r.name == "Not so")
    counted = without(Control(record, run.on, run.on), only=[row.code])[row.code]
    for code, found in counted.items():
        assert told.differences[code].difference == pytest.approx(found.difference, abs=1e-12)


def test_a_reversed_claim_is_the_same_draws_with_the_other_sign(run: fs.api.Run, study: fs.api.Study) -> None:
    row = next(row for row in study.claims if not row.shares)
    one = RivalReading(name="Turned", says="the other way", reversed=(row.id,))
    record = run.case.record.model_copy(update={"rivals": {"turned": one}})
    told = next(r for r in rivals(Control(record, run.on, run.on), study.claims) if r.name == "Turned")
    name = coefficient(run.case.record, row.id)
    fit = replace(run.on.fit, draws={**run.on.fit.draws, name: -run.on.fit.draws[name]})
    again = every(record, simulate(run.on.plan, fit, run.on.paths, run.on.seed))
    base = every(record, run.on)
    for code, found in told.differences.items():
        assert found.difference == pytest.approx(float(np.mean(again[code] - base[code])), abs=1e-12)


def test_a_reading_that_changes_nothing_asked_changes_no_answer(run: fs.api.Run, study: fs.api.Study) -> None:
    for one in study.rivals:
        for code, found in one.differences.items():
            low, high = one.ranges[code]
            assert 0.0 <= low <= found.arm <= high <= 1.0, code
            assert found.arm - found.base == pytest.approx(found.difference, abs=1e-12)

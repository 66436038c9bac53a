"""Simulate, then fit: what was put in comes out, as often as the intervals say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.events.panel import Panel
from fissures.kernel.memory import decay
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import Learnt
from fissures.model.fit import learn

from .conftest import Prepared

Floats = NDArray[np.float64]
CLIMBS, MARCHES = "claim:thirst_raises_climbing", "claim:thirst_brings_marches"
DATA_SETS = 60


@dataclass(frozen=True)
class Recovered:
    """True coefficients with what the fits made of them; each (n,)."""

    true: Floats
    mean: Floats
    sd: Floats

    @property
    def z(self) -> Floats:
        """How many of its own sds each truth lies above the fit."""
        return (self.true - self.mean) / self.sd


def recovered(true: list[float], told: list[Learnt]) -> Recovered:
    return Recovered(np.array(true), np.array([t.mean for t in told]), np.array([t.sd for t in told]))


def assert_calibrated(found: Recovered) -> None:
    """Four in five truths inside the middle 80 %, no lean to one side, and something learnt."""
    inside = int((np.abs(found.z) < 1.2816).sum())
    assert abs(inside - 0.8 * DATA_SETS) < 3 * np.sqrt(0.16 * DATA_SETS)
    assert abs(found.z.mean()) < 3 / np.sqrt(DATA_SETS)
    assert 0.75 < found.z.std() < 1.25
    assert np.corrcoef(found.true, found.mean)[0, 1] > 0.6
    assert found.sd.mean() < 0.75 * belief.VAGUE[1]


def cuts(g: np.random.Generator, days: int) -> Floats:
    """Water cuts in bursts, so that thirst comes and goes."""
    busy = (np.arange(days) // 40) % 4 == g.integers(4)
    return g.poisson(np.where(busy, 0.12, 0.0)).astype(float)


def thirst(counts: Floats) -> Floats:
    """Thirst at the start of each day in reference surges: three events in 14 days, half-life four weeks.

    On the first day it stands where the first year's mean would keep it.
    """
    d, raw = decay(28.0), np.zeros(counts.size)
    raw[0] = np.log1p(counts[: past.FIRST_STRETCH]).mean() / (1 - d)
    for t in range(1, counts.size):
        raw[t] = d * raw[t - 1] + np.log1p(counts[t - 1])
    surge = np.log(2.0) * float(np.sum(d ** (np.arange(3) * 14 / 3)))
    return np.asarray(raw / surge, np.float64)


def ladder(g: np.random.Generator, phi: Floats, claim: float, fronts: int, rungs: int) -> NDArray[np.int64]:
    """Daily rungs that follow the prior's own kernel and one claim on climbing."""
    base, j = belief.base_logits(rungs), np.arange(rungs)
    out = np.zeros((fronts, phi.size), np.int64)
    for f in range(fronts):
        for t in range(1, phi.size):
            r = out[f, t - 1]
            weights = np.exp(base[r] + claim * phi[t] * (j > r))
            out[f, t] = g.choice(rungs, p=weights / weights.sum())
    return out


def exactly(panel: Panel, rungs: NDArray[np.int64], evidence: Floats) -> Panel:
    """A panel that knows every day's rung and every event, and waits for nothing."""
    weeks = panel.low.size
    return replace(
        panel,
        low=np.zeros(weeks, np.int64),
        high=np.full(weeks, 4),
        killed=np.zeros(weeks),
        day_low=rungs,
        day_high=rungs,
        named=np.full(weeks, -1),
        quiet_days=np.zeros(len(rungs)),
        spells=(),
        evidence=evidence,
    )


@pytest.fixture
def one_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left open, so one completion says all."""
    monkeypatch.setattr(past, "COMPLETIONS", 1)
    monkeypatch.setattr(past, "TURNS", 1)


@pytest.mark.usefixtures("one_completion")
def test_a_claim_on_a_ladder_is_recovered(valleys: Prepared) -> None:
    true, told = [], []
    for number in range(DATA_SETS):
        g = np.random.default_rng(number)
        evidence = np.zeros_like(valleys.panel.evidence)
        evidence[0] = cuts(g, valleys.panel.days)
        phi, claim = thirst(evidence[0]), float(g.normal(*belief.VAGUE))
        fronts = ladder(g, (phi > 0.2).astype(float), claim, len(valleys.plan.fronts), 5)
        rungs = np.concatenate([fronts, np.zeros((len(valleys.plan.places) - len(fronts), len(phi)), np.int64)])
        panel = exactly(valleys.panel, rungs, evidence)
        history = past.build(valleys.case, valleys.plan, panel, 1)
        assert np.array_equal(history.rungs[0], rungs)
        scale = valleys.plan.pressures[0].scale
        assert np.allclose(history.pressures[0, 0] / scale, phi, rtol=1e-9, atol=1e-12)
        learnt = learn(valleys.case, valleys.plan, panel, history, {CLIMBS: belief.VAGUE})
        true.append(claim)
        told.append(learnt[CLIMBS])
    assert_calibrated(recovered(true, told))


@pytest.mark.usefixtures("one_completion")
def test_a_claim_on_a_stream_is_recovered(valleys: Prepared) -> None:
    true, told = [], []
    flat = np.zeros((len(valleys.plan.places), valleys.panel.days), np.int64)
    marches = [s.name for s in valleys.plan.streams].index("market_marches")
    for number in range(DATA_SETS):
        g = np.random.default_rng(1000 + number)
        evidence = np.zeros_like(valleys.panel.evidence)
        evidence[0] = cuts(g, valleys.panel.days)
        phi, claim = thirst(evidence[0]), float(g.normal(*belief.VAGUE))
        mean = np.exp(np.log(0.15) + claim * np.minimum(phi, 2.0))
        evidence[marches] = g.negative_binomial(1.5, 1.5 / (1.5 + mean))
        panel = exactly(valleys.panel, flat, evidence)
        seen = {"market_marches": replace(panel.observed["market_marches"], count=evidence[marches])}
        panel = replace(panel, observed=seen)
        history = past.build(valleys.case, valleys.plan, panel, 1)
        learnt = learn(valleys.case, valleys.plan, panel, history, {MARCHES: belief.VAGUE})
        true.append(claim)
        told.append(learnt[MARCHES])
    assert_calibrated(recovered(true, told))

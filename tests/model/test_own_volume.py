"""Counts by a source with a volume of its own test claims, and say nothing of how many events there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from fissures.events.panel import Panel
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.history import History

from .conftest import Prepared

STREAM, CLAIM = "market_marches", "claim:thirst_brings_marches"
Fitted = tuple[dict[str, np.ndarray], History, float]


def seen_by_news(panel: Panel, share: float, stream: int, seed: int = 3) -> Panel:
    """The panel with marches counted by a source that sees a share of them, and with none in the record."""
    counts = panel.observed[STREAM]
    g = np.random.default_rng(seed)
    told = g.poisson(share * (0.2 + counts.count))
    evidence = panel.evidence.copy()
    evidence[stream] = 0.0
    observed = {**panel.observed, STREAM: replace(counts, count=told.astype(float), own_volume=True)}
    return replace(panel, evidence=evidence, observed=observed)


@pytest.fixture(scope="module")
def fitted(valleys: Prepared) -> Callable[[float], Fitted]:
    """Draws, history and what was learnt of the claim, where news see a share of the marches."""
    plan = valleys.plan
    number = [stream.name for stream in plan.streams].index(STREAM)

    def fit(share: float) -> Fitted:
        panel = seen_by_news(valleys.panel, share, number)
        history = past.build(valleys.case, plan, panel, 1)
        made = fitting.fit(valleys.case, plan, panel, history, 1)
        return made.draws, history, made.learnt[CLAIM].sd

    return fit


def test_the_rate_stays_as_stated_however_much_or_little_the_source_sees(
    valleys: Prepared, fitted: Callable[[float], Fitted]
) -> None:
    stated = next(stream for stream in valleys.plan.streams if stream.name == STREAM)
    for share in (0.1, 30.0):
        draws, _, _ = fitted(share)
        assert draws[f"{STREAM}:rate"].mean() == pytest.approx(stated.log_rate, abs=0.35 * stated.spread)
        assert draws[f"{STREAM}:rate"].std() == pytest.approx(stated.spread, rel=0.15)


def test_what_the_source_sees_more_or_less_goes_into_its_own_intercept(fitted: Callable[[float], Fitted]) -> None:
    few, many = (fitted(share)[0][f"{STREAM}:own_volume"].mean() for share in (0.5, 20.0))
    assert many - few == pytest.approx(np.log(40.0), abs=0.7)


def test_no_pressure_is_fed_by_it(fitted: Callable[[float], Fitted]) -> None:
    few, many = fitted(0.1)[1], fitted(30.0)[1]
    assert np.array_equal(few.pressures, many.pressures)
    assert np.array_equal(few.stream_memory, many.stream_memory)


def test_claims_on_the_stream_are_tested_by_it(valleys: Prepared, fitted: Callable[[float], Fitted]) -> None:
    assert fitted(30.0)[2] < 0.9 * belief.claim_priors(valleys.case)[CLAIM][1]

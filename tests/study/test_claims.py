"""Verdicts: every branch of the stated rules, in their order."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from fissures.model.causes import Learnt
from fissures.model.prior import VAGUE
from fissures.study.claims import moved, narrowing, p_sign, verdict


def learnt(sure: float, narrowed: float, varies: bool = True) -> Learnt:
    """What a fit would say that makes the sign so sure and the interval so much narrower."""
    sd = VAGUE[1] * (1 - narrowed)
    return Learnt(float(sd * stats.norm.ppf(sure)), sd, 9, varies)


RULES = [
    # first rule: nothing to test with
    (0.99, 0.50, False, "could not test"),
    (0.01, 0.50, False, "could not test"),
    (0.99, 0.09, True, "could not test"),
    (0.01, 0.00, True, "could not test"),
    # second: sure of the sign, and narrowed by a quarter
    (0.91, 0.26, True, "supported"),
    (0.999, 0.9, True, "supported"),
    # third: sure but hardly narrowed, or not quite sure
    (0.99, 0.24, True, "leans to"),
    (0.89, 0.50, True, "leans to"),
    (0.76, 0.11, True, "leans to"),
    # fourth: sure of the other sign, and narrowed by a quarter
    (0.09, 0.26, True, "contradicted"),
    (0.001, 0.9, True, "contradicted"),
    # else
    (0.09, 0.24, True, "mixed"),
    (0.11, 0.50, True, "mixed"),
    (0.74, 0.50, True, "mixed"),
    (0.50, 0.11, True, "mixed"),
]


@pytest.mark.parametrize(("sure", "narrowed", "varies", "said"), RULES)
def test_a_verdict_follows_the_stated_rules(sure: float, narrowed: float, varies: bool, said: str) -> None:
    assert verdict(learnt(sure, narrowed, varies)) == said


@pytest.mark.parametrize("mean", [-1.3, -0.2, 0.0, 0.4])
@pytest.mark.parametrize("sd", [0.05, 0.4, 2.0])
def test_the_chance_of_the_sign_is_that_of_a_normal(mean: float, sd: float) -> None:
    assert p_sign(Learnt(mean, sd, 1, True)) == pytest.approx(stats.norm(mean, sd).sf(0), rel=1e-9)


@pytest.mark.parametrize(("sd", "narrowed"), [(0.4, 0.0), (0.3, 0.25), (0.1, 0.75), (0.5, 0.0)])
def test_narrowing_is_the_share_of_the_vague_width_that_the_data_took(sd: float, narrowed: float) -> None:
    assert narrowing(Learnt(0.2, sd, 1, True)) == pytest.approx(narrowed)


def test_every_verdict_says_one_of_five_things() -> None:
    said = {verdict(learnt(p, n)) for p in np.linspace(0.01, 0.99, 30) for n in np.linspace(0, 0.9, 30)}
    assert said == {"could not test", "supported", "leans to", "contradicted", "mixed"}


def test_moved_counts_the_claims_that_the_data_spoke_to() -> None:
    rows = [SimpleNamespace(verdict=said) for *_, said in RULES]
    assert moved(tuple(rows)) == len(RULES) - 4  # type: ignore[arg-type]

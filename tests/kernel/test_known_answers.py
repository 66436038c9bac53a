"""The laws of the fit against other people's programs: statsmodels' logit and negative binomial, and plain counting."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.discrete.discrete_model import MNLogit, NegativeBinomial

from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.complete import count_moves, normalise
from fissures.kernel.posterior import fit_mode

Floats = NDArray[np.float64]
WIDE = 1e4  # a prior so wide that the mode is the likelihood's


def test_a_ladder_row_is_statsmodels_multinomial_logit() -> None:
    """Destination terms and slopes of their own, the first destination as the base."""
    g = np.random.default_rng(5)
    n, rungs = 800, 4
    x = np.column_stack([np.ones(n), g.normal(size=(n, 2))])
    true = np.vstack([np.zeros(3), g.normal(0, 0.7, (rungs - 1, 3))])
    eta = x @ true.T
    reached = np.array([g.choice(rungs, p=np.exp(e) / np.exp(e).sum()) for e in eta])
    design = np.zeros((n, rungs, 3 * (rungs - 1)))
    for j in range(1, rungs):
        design[:, j, 3 * (j - 1) : 3 * j] = x
    curve = partial(law.log_likelihood, design=design, reached=reached, weights=np.ones(n))
    ours = fit_mode(curve, np.zeros(9), np.full(9, WIDE))
    theirs = MNLogit(reached, x).fit(disp=False, method="newton", maxiter=100)
    assert ours.mode == pytest.approx(theirs.params.T.ravel(), abs=1e-5)
    assert ours.sd() == pytest.approx(np.sqrt(np.diag(theirs.cov_params())), rel=1e-5)
    assert curve(ours.mode)[0] == pytest.approx(theirs.llf, rel=1e-9)


def test_a_saturated_row_is_what_was_counted() -> None:
    """With a term for every destination and nothing else, chances are shares of counted moves."""
    path = np.random.default_rng(2).choice(4, size=3000, p=[0.5, 0.3, 0.15, 0.05])[None, :]
    counted = normalise(count_moves(path, 4))
    for rung in range(4):
        mine = path[0, :-1] == rung
        design = np.broadcast_to(np.eye(4)[:, 1:], (mine.sum(), 4, 3)).copy()
        curve = partial(law.log_likelihood, design=design, reached=path[0, 1:][mine], weights=np.ones(mine.sum()))
        mode = fit_mode(curve, np.zeros(3), np.full(3, WIDE)).mode
        chance = np.exp(np.append(0.0, mode))
        assert chance / chance.sum() == pytest.approx(counted[rung], abs=1e-6)


def test_a_stream_is_statsmodels_negative_binomial() -> None:
    """NB2 with log link: their alpha is one over our size; spans of a day."""
    g = np.random.default_rng(11)
    x = np.column_stack([np.ones(1500), g.normal(size=(1500, 2))])
    mean = np.exp(x @ np.array([0.2, 0.4, -0.3]))
    counts = g.negative_binomial(0.8, 0.8 / (0.8 + mean)).astype(float)
    curve = partial(counting.log_likelihood, design=x, counts=counts, days=np.ones(1500))
    ours = fit_mode(curve, np.zeros(4), np.full(4, WIDE))
    theirs = NegativeBinomial(counts, x).fit(disp=False, maxiter=200)
    assert ours.mode[:3] == pytest.approx(theirs.params[:3], abs=1e-4)
    assert np.exp(-ours.mode[3]) == pytest.approx(theirs.params[3], rel=1e-3)
    assert ours.sd()[:3] == pytest.approx(theirs.bse[:3], rel=2e-3)
    assert curve(ours.mode)[0] == pytest.approx(theirs.llf, rel=1e-9)

"""The reference case's own blocks: what the approximation says against what chains find there."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from fissures.kernel import importance, sampler
from fissures.model import joint
from fissures.model import prior as belief
from fissures.model.blocks import MOST_CARRIED, STATED, TAUS, Joint, diagnose, draw, solve
from fissures.model.causes import DRAWS

from .conftest import shipped

pytestmark = pytest.mark.slow

AT = min(range(len(TAUS)), key=lambda t: abs(TAUS[t] - STATED))
ITERATIONS, CHAINS = 900, 4


def blocks() -> list[Joint]:
    """Every block of the shipped case."""
    made = shipped(1)
    priors = belief.break_priors(made.case) | belief.claim_priors(made.case)
    return joint.blocks(made.case, made.plan, made.panel, made.history, priors)


@pytest.mark.parametrize("number", range(len(blocks())))
def test_the_approximation_agrees_with_chains_or_is_flagged(number: int) -> None:
    """Means within .1 sd, sds within 10 %, 5 and 95 % quantiles within .3 sd, beside the chains' own noise."""
    block = blocks()[number]
    with threadpool_limits(limits=1, user_api="blas"):
        solved = solve(block)
        fit, wide = solved.fits[AT][0], len(block.names) > MOST_CARRIED
        drawn, told = draw(solved, np.full(DRAWS, AT), np.zeros(DRAWS, np.int64), 1)
        if wide and diagnose(solved, AT, 1)[0] > importance.SURE:
            return  # flagged
        g, k = np.random.default_rng(number), len(block.names)
        starts, momenta = g.standard_normal((CHAINS, k)), g.standard_normal((ITERATIONS, CHAINS, k))
        slope = partial(block.slopes, 0, TAUS[AT])
        chains = sampler.sample(slope, fit, starts, momenta, g.random((ITERATIONS, CHAINS + 1)), ITERATIONS // 3)
    assert chains.status == "mixed", (block.name, told)
    exact = chains.draws.reshape(-1, k)
    made = np.stack([drawn[name] for name in block.names], axis=1)
    mean, sd = (fit.mode, fit.sd()) if wide else (made.mean(axis=0), made.std(axis=0))
    ends = np.stack([mean - 1.645 * sd, mean + 1.645 * sd]) if wide else np.quantile(made, [0.05, 0.95], axis=0)
    unit, noise = exact.std(axis=0), 3.0 / np.sqrt(np.minimum(chains.bulk, chains.tail))
    noise = noise + (0.0 if wide else 3.0 / np.sqrt(DRAWS))
    assert np.all(np.abs(exact.mean(axis=0) - mean) / unit < 0.1 + noise), block.name
    assert np.all(np.abs(unit / sd - 1.0) < 0.1 + noise), block.name
    assert np.all(np.abs(np.quantile(exact, [0.05, 0.95], axis=0) - ends) / unit < 0.3 + 2.0 * noise), block.name

"""The same posterior sampled by nutpie, its log density and gradient compiled with Numba."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from scipy.special import digamma, gammaln

from benchmarks import measure
from fissures.kernel.posterior import Laplace

DRAWS, TUNE, CHAINS = 1000, 300, 2
MOST_COUNTS = 4096


@njit(cache=False)
def _posterior(theta, design, counts, mean, sd, gammas, digammas):  # type: ignore[no-untyped-def]
    """Log posterior and gradient; gammas and digammas of n + size are tabled by count, as size is shared by days."""
    k = design.shape[1]
    size, value, by_size = math.exp(theta[k]), 0.0, 0.0
    slope = np.zeros(k + 1)
    for t in range(design.shape[0]):
        eta = 0.0
        for j in range(k):
            eta += design[t, j] * theta[j]
        mu = math.exp(min(max(eta, -40.0), 4.0))
        y, both = counts[t], mu + size
        n = int(y)
        value += gammas[n] - gammas[0] + size * math.log(size / both) + y * math.log(mu / both)
        push = (y - mu) * size / both
        for j in range(k):
            slope[j] += design[t, j] * push
        by_size += digammas[n] - digammas[0] + math.log(size / both) - (y - mu) / both
    slope[k] = size * by_size
    for j in range(k + 1):
        gap = (theta[j] - mean[j]) / sd[j]
        value -= 0.5 * gap * gap
        slope[j] -= gap / sd[j]
    return value, slope


def sample(data: dict[str, Any], laplace: Laplace, mean: np.ndarray, sd: np.ndarray, seed: int) -> measure.Row:
    """Two chains of a stream's posterior: processor seconds, effective draws of the worst coefficient."""
    import nutpie
    from arviz_stats.base import array_stats
    from nutpie.compiled_pyfunc import from_pyfunc

    design, counts = np.ascontiguousarray(data["design"]), data["counts"]
    k, most = mean.size, int(counts.max())
    back = np.linalg.inv(laplace.factor).T  # mode + back z

    def make_logp() -> Any:
        def logp(z: np.ndarray, **_: Any) -> tuple[float, np.ndarray]:
            theta = laplace.mode + back @ np.asarray(z)
            at = np.arange(most + 1) + math.exp(theta[-1])
            value, slope = _posterior(theta, design, counts, mean, sd, gammaln(at), digamma(at))
            return value, back.T @ slope

        return logp

    def make_expand(*_: Any, **__: Any) -> Any:
        return lambda z, **_: {"theta": laplace.mode + back @ np.asarray(z)}

    compiled = from_pyfunc(k, make_logp, make_expand, [np.dtype("f8")], [(k,)], ["theta"])
    trace, cost = measure.timed(
        lambda: nutpie.sample(compiled, draws=DRAWS, tune=TUNE, chains=CHAINS, cores=1, progress_bar=False, seed=seed)
    )
    draws = np.asarray(trace.posterior["theta"])
    effective = min(float(array_stats.ess(draws[:, :, j], chain_axis=0, draw_axis=1)) for j in range(k))
    apart = np.abs(draws.mean(axis=(0, 1)) - laplace.mode) / laplace.sd()
    return {**cost, "effective": effective, "means_apart": float(apart.max())}

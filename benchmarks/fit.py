"""The fit's speed: forty streams of five years, beside nutpie on the same posterior, and the whole reference case.

`python -m benchmarks.fit [--json]` from the checkout, with the extra `[bench]`. All in one process with one thread of
linear algebra, except the reference case, which uses every core. nutpie gets the log posterior compiled, in the same
coordinates in which ours proposes (white at the Laplace approximation), so that it is not held up by Python or scale.
A row goes to `benchmarks/results/fit.jsonl`.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import measure
from benchmarks.measure import Row
from fissures.kernel import importance, streams
from fissures.kernel.posterior import Laplace, fit_mode

STREAMS, DAYS, COEFFICIENTS = 40, 1826, 8  # the last coefficient is the log of the size
PROPOSALS = 1000
MEAN = np.array([-1.0, 0, 0, 0, 0, 0, 0, 0.5])
SD = np.array([2.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0])
PEERS = 6  # streams that nutpie samples; it takes seconds for each

Data = dict[str, Any]


def made(number: int) -> Data:
    """A stream's design and counts: a rate and six causes that come and go, smooth over days to weeks."""
    g = np.random.default_rng(number)
    design = np.ones((DAYS, COEFFICIENTS - 1))
    for k, keep in enumerate((0.5, 0.7, 0.8, 0.9, 0.95, 0.98), 1):
        path = np.zeros(DAYS)
        for t in range(1, DAYS):
            path[t] = keep * path[t - 1] + g.exponential(1.0 - keep)
        design[:, k] = path - path.mean()
    true = np.append([g.normal(-1.5, 0.7)], g.normal(0.0, 0.4, COEFFICIENTS - 2))
    mean, size = np.exp(design @ true), np.exp(g.normal(0.0, 0.5))
    counts = g.negative_binomial(size, size / (size + mean)).astype(float)
    return {"design": design, "counts": counts, "days": np.ones(DAYS)}


def mode(data: Data) -> Laplace:
    """Mode and Laplace approximation of one stream."""
    return fit_mode(partial(streams.log_likelihood, **data), MEAN, SD)


def corrected(data: Data, laplace: Laplace, seed: int) -> importance.Weights:
    """Weights of a thousand proposals against the exact posterior."""
    g = np.random.default_rng(seed)
    z, u = g.standard_normal((PROPOSALS, COEFFICIENTS)), g.random(PROPOSALS)
    proposals = importance.student(laplace, z, u)

    def log_posterior(theta: np.ndarray) -> np.ndarray:
        return streams.log_likelihoods(theta, **data) - 0.5 * np.sum(((theta - MEAN) / SD) ** 2, axis=1)

    return importance.smooth(importance.log_weights(proposals, log_posterior))


def ours(datas: list[Data]) -> Row:
    """Seconds for mode and Laplace, and with the correction, of all streams; effective draws per processor second."""
    fits, laplace = measure.timed(lambda: [mode(data) for data in datas])
    pairs = list(zip(datas, fits, strict=True))
    weights, correction = measure.timed(lambda: [corrected(data, fit, k) for k, (data, fit) in enumerate(pairs)])
    effective = np.array([w.effective for w in weights])
    return {
        "mode_and_laplace_seconds": laplace["seconds"],
        "with_correction_seconds": round(laplace["seconds"] + correction["seconds"], 3),
        "effective_draws": round(float(effective.sum())),
        "fewest_effective_of_a_thousand": round(float(effective.min())),
        "worst_khat": round(max(w.khat for w in weights), 2),
        "effective_per_cpu_second": round(float(effective.sum()) / correction["cpu_seconds"]),
    }


def floor(datas: list[Data]) -> Row:
    """What the correction cannot do without: a product, and an exponential and two logarithms a day and proposal."""
    thetas = np.random.default_rng(1).normal(size=(PROPOSALS, COEFFICIENTS - 1))

    def bare(data: Data) -> float:
        ratio = np.exp(np.clip(thetas @ data["design"].T, -40, 4))
        return float(np.log1p(ratio).sum())

    _, cost = measure.timed(lambda: [bare(data) for data in datas])
    return {"evaluations_of_exp": STREAMS * DAYS * PROPOSALS, "seconds": cost["seconds"]}


def nutpie(datas: list[Data]) -> Row:
    """Effective draws per processor second of nutpie (NUTS, compiled posterior), after compiling."""
    from benchmarks.with_nutpie import sample

    told = [sample(data, mode(data), MEAN, SD, number) for number, data in enumerate(datas[: PEERS + 1])][1:]
    rates = [one["effective"] / one["cpu_seconds"] for one in told]
    return {
        "streams": len(told),
        "cpu_seconds_a_stream": round(float(np.mean([one["cpu_seconds"] for one in told])), 2),
        "effective_per_cpu_second": round(float(np.median(rates))),
        "means_apart_in_sd": round(max(one["means_apart"] for one in told), 3),
    }


def reference_case() -> Row:
    """The whole reference case: history, both fits, the vague fit, scrutiny; a loaded case to claims with draws."""
    import fissures as fs

    case = fs.load("south-caucasus-2020")
    fs.fit(case)  # what is loaded once is not the fit
    fitted, cost = measure.timed(lambda: fs.fit(case))
    judged = [block for block in fitted.on.blocks if block.khat is not None]
    return {**cost, "coefficients": sum(b.coefficients for b in fitted.on.blocks), "blocks_judged": len(judged)}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    datas = [made(number) for number in range(STREAMS)]
    with threadpool_limits(limits=1, user_api="blas"):
        mode(datas[0])
        row: Row = {"streams": f"{STREAMS} x {DAYS} days x {COEFFICIENTS} coefficients", "ours": ours(datas)}
        row["floor_of_the_correction"] = floor(datas)
        row["nutpie"] = nutpie(datas)
    theirs = row["nutpie"]["effective_per_cpu_second"]
    row["times_nutpie"] = round(row["ours"]["effective_per_cpu_second"] / theirs, 1)
    row["reference_case"] = reference_case()
    row = {"machine": measure.machine(), **row}
    path = measure.keep("fit", row)
    print(json.dumps(row, indent=None if asked.json else 2))
    if not asked.json:
        print(f"kept in {path.name}")


if __name__ == "__main__":
    main()

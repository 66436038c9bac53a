"""Comparing futures: a lever on one arm, the same random numbers on both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import between_draws, monte_carlo_error, outcome
from fissures.study.claims import COULD_NOT_TEST
from fissures.study.records import Arm, ClaimRow, Difference

Floats = NDArray[np.float64]

Z80 = 1.2815515655446004


def compare(case: Case, base: Run, arm: Run, lever: str, claims: tuple[ClaimRow, ...]) -> Arm:
    """What a lever changes in every question, path by path, and which claims the change rides on."""
    fitted, assumed = rides_on(case, lever, claims)
    differences = {}
    for question in case.questions.values():
        x, y = outcome(case, base, question), outcome(case, arm, question)
        number = grammar.asks(question.asks, case).kind == "total"
        differences[question.code] = (_medians if number else _shares)(x, y, fitted, assumed)
    record = case.levers[lever]
    return Arm(lever, record.name, record.says, record.escalatory, differences)


def _shares(x: Floats, y: Floats, fitted: tuple[str, ...], assumed: tuple[str, ...]) -> Difference:
    """Paired difference of two probabilities: parameter spread from draws, Monte Carlo error from pairs."""
    gap = y - x
    mc_error = monte_carlo_error(gap)
    reach = Z80 * float(np.sqrt(between_draws(gap) + mc_error**2))
    middle = float(gap.mean())
    return Difference(
        float(x.mean()), float(y.mean()), middle, (middle - reach, middle + reach), mc_error, fitted, assumed
    )


def _medians(x: Floats, y: Floats, fitted: tuple[str, ...], assumed: tuple[str, ...]) -> Difference:
    """Paired difference of medians; its range and error come from resampling draws (both arms alike)."""
    draw = np.arange(x.size) % DRAWS
    order = np.argsort(draw, kind="stable")
    each = np.searchsorted(draw[order], np.arange(DRAWS + 1))
    picks = np.random.Generator(np.random.Philox(0)).integers(0, min(DRAWS, x.size), (200, min(DRAWS, x.size)))
    gaps = []
    for pick in picks:
        rows = np.concatenate([order[each[d] : each[d + 1]] for d in pick])
        gaps.append(np.median(y[rows]) - np.median(x[rows]))
    middle = float(np.median(y) - np.median(x))
    low, high = np.quantile(gaps, [0.1, 0.9])
    return Difference(
        float(np.median(x)),
        float(np.median(y)),
        middle,
        (float(low), float(high)),
        float(np.std(gaps)),
        fitted,
        assumed,
    )


def rides_on(case: Case, lever: str, claims: tuple[ClaimRow, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The claims that carry a lever's effect, by code: those the data spoke to, and those that are assumed."""
    record = case.levers[lever]
    pressures, streams = set(record.hold), set(record.inject)
    riding: list[ClaimRow] = []
    while True:  # a lever moves streams, they feed pressures, claims on those may move further streams
        pressures |= {n for n, p in case.pressures.items() if streams & (set(p.fed_by) | set(p.relieved_by))}
        more = [r for r in claims if grammar.cause(case.claims[r.id].cause, case).name in pressures and r not in riding]
        if not more:
            break
        riding += more
        streams |= {str(e.stream) for r in more if (e := grammar.effect(case.claims[r.id].effect, case)).stream}
    riding.sort(key=claims.index)
    fitted = tuple(row.code for row in riding if row.verdict != COULD_NOT_TEST)
    return fitted, tuple(row.code for row in riding if row.verdict == COULD_NOT_TEST)

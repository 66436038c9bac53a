"""Comparing futures: a lever on one arm, the same random numbers on both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case
from fissures.model.simulate import Run
from fissures.study.answers import between_draws, monte_carlo_error, outcome
from fissures.study.claims import COULD_NOT_TEST
from fissures.study.records import Arm, ClaimRow, Difference

Floats = NDArray[np.float64]

Z80 = 1.2815515655446004


def compare(case: Case, base: Run, arm: Run, lever: str, claims: tuple[ClaimRow, ...]) -> Arm:
    """What a lever changes in every question, path by path, and which claims the change rides on.

    A number question stands as the chance of reaching each of its thresholds, under codes such as "Q15>=50".
    """
    fitted, assumed = rides_on(case, lever, claims)
    differences = {}
    for question in case.questions.values():
        x, y = outcome(case, base, question), outcome(case, arm, question)
        if grammar.asks(question.asks, case).kind != "total":
            differences[question.code] = _shares(x, y, fitted, assumed)
            continue
        for level in question.exceed:
            before, after = (np.asarray(values >= level, np.float64) for values in (x, y))
            differences[f"{question.code}>={level:g}"] = _shares(before, after, fitted, assumed)
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

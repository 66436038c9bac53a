"""Pairing: the arm on which nothing is changed, and what another arm on the same random numbers differs from it by.

An arm needs few paths, since what both share cancels. But how far draws differ on it must still be told from the chance
of the paths within a draw, and of 2,000 paths eight of each of 250 draws tell it better than two of each of 1,000: over
the shipped case's what-ifs its standard deviation from one set of paths to another is 1.2 points and not 1.7. Four of
each of 1,000, at twice the work, come to .9 (`benchmarks/few_draws.py`, docs/where-the-code-differs.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.model import simulate as stepping
from fissures.model.fit import Fit
from fissures.model.plan import Plan
from fissures.model.simulate import Run
from fissures.study.answers import between_draws, monte_carlo_error
from fissures.study.difference import Z80, Difference
from fissures.study.outcomes import every

Floats = NDArray[np.float64]

EACH = 8  # paths of each draw
FEWEST = 100  # draws, below which paths of all draws are taken as they come


@dataclass(frozen=True)
class Control:
    """The arm on which nothing is changed: the paths of a run with which others are paired, and the run itself.

    Differences are counted on the paired paths and told from what the whole run answers, so that every arm of a brief
    starts from the answer that stands in it.
    """

    case: Case
    whole: Run
    run: Run

    @cached_property
    def answers(self) -> dict[str, Floats]:
        """What every question comes to on each path of the whole run, by code; see `outcomes.every`."""
        return every(self.case, self.whole)

    @cached_property
    def paired(self) -> dict[str, Floats]:
        """The same on the paired paths; (M,)."""
        return self.answers if self.run is self.whole else every(self.case, self.run)

    @cached_property
    def active(self) -> dict[str, tuple[Floats, Floats]]:
        """By front, on which paths it is active in each week: of the whole run and of the paired paths; (W, M)."""
        return {front: (active(self.whole, front), active(self.run, front)) for front in self.run.plan.fronts}

    def simulate(self, plan: Plan | None = None, fit: Fit | None = None) -> Run:
        """Another plan, or other draws, on the random numbers of the paired paths."""
        base = self.run
        made = (plan or base.plan, fit or base.fit)
        return stepping.simulate(*made, base.paths, base.seed, base.rungs.shape[1], draws=base.draws)

    def differences(
        self, arm: Run, told_by: Case | None = None, fitted: tuple[str, ...] = (), assumed: tuple[str, ...] = ()
    ) -> dict[str, Difference]:
        """What an arm changes in every question, by code; `told_by` a case that words them otherwise."""
        return {
            code: self.difference(self.answers[code], self.paired[code], y, fitted, assumed)
            for code, y in every(told_by or self.case, arm).items()
        }

    def difference(
        self, whole: Floats, x: Floats, y: Floats, fitted: tuple[str, ...] = (), assumed: tuple[str, ...] = ()
    ) -> Difference:
        """The paired difference of two chances, x without a change and y with it, (M,), from what the whole run has.

        How far draws differ comes from the draws, what chance leaves open from the pairs.
        """
        gap, draws = y - x, self.run.draws
        error, middle = monte_carlo_error(gap, draws), float(gap.mean())
        doubt = float(np.sqrt(between_draws(gap, draws))) if gap.any() else 0.0
        reach, base = Z80 * float(np.hypot(doubt, error)), float(whole.mean())
        arm = min(max(base + middle, 0.0), 1.0)
        return Difference(base, arm, middle, (middle - reach, middle + reach), error, fitted, assumed, doubt)


def control(case: Case, run: Run, paths: int) -> Control:
    """Pair arms with at most `paths` paths of a run: up to eight of each of its first draws."""
    rounds = run.paths // run.draws
    each = max(min(rounds, EACH), paths // run.draws)
    draws = min(paths // each, run.draws) if each else 0
    if paths >= run.paths or rounds < 2 or draws < FEWEST:
        return Control(case, run, stepping.first(run, paths))
    return Control(case, run, stepping.few_draws(run, draws, each))


def active(run: Run, front: str) -> Floats:
    """1 on the paths on which a front is active in a week, by week from the day after the as-of date; (W, M)."""
    f = run.plan.fronts.index(front)
    up = run.rungs[f] >= run.plan.ladders[run.plan.ladder_of[f]].active
    return np.array([up[start : start + 7].any(axis=0) for start in range(0, len(up), 7)], np.float64)

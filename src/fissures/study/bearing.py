"""What bears on an answer, read off the draws of a run, so that not every coefficient has to be taken out.

Every path has a draw of its own of all coefficients, so one run already holds the answer under a thousand arguments.
A line through them tells what goes with each coefficient, at no further simulation; entries that stand within their
own error are drawn to nothing (positive part of the James-Stein rule; James and Stein 1961). It is a guide to what is
worth taking out: the law is no line, and what a coefficient does far from its draws nobody reads off them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.model.causes import DRAWS
from fissures.model.simulate import Run

Floats = NDArray[np.float64]

SPARE = 20  # draws beyond one a coefficient, below which no line is drawn


@dataclass(frozen=True)
class Lean:
    """What an answer would change by without a coefficient, as the draws have it: a guide, with its standard error."""

    change: float
    error: float

    @property
    def drawn_in(self) -> float:
        """The change, drawn towards nothing by as much as its error leaves open.

        >>> Lean(-0.02, 0.01).drawn_in, Lean(0.01, 0.02).drawn_in
        (-0.015, 0.0)
        """
        if abs(self.change) <= self.error:
            return 0.0
        return self.change * (1.0 - (self.error / self.change) ** 2)


def leans(run: Run, values: Floats, coefficients: dict[str, str]) -> dict[str, Lean]:
    """What goes with each coefficient: by owner's code, for `coefficients` that map such a code to a draw's name.

    values (M,): what a question comes to on each path; path m has draw m mod D. Empty where there are too few draws.
    Coefficients that no draw doubts are left out: nothing can be read off them.
    """
    draws = min(DRAWS, run.paths)
    known = {
        owner: run.fit.draws[name][:draws]
        for owner, name in coefficients.items()
        if name in run.fit.draws and np.ptp(run.fit.draws[name][:draws]) > 0.0
    }
    if draws < len(known) + SPARE or not known or np.ptp(values) == 0.0:
        return {}
    answer = np.bincount(np.arange(values.size) % DRAWS, values, draws) / np.bincount(np.arange(values.size) % DRAWS)
    drawn = np.stack(list(known.values()), axis=1)
    mean = drawn.mean(axis=0)
    slope, error = _line(drawn - mean, answer - answer.mean())
    return {
        owner: Lean(float(-b * m), float(e * abs(m))) for owner, b, e, m in zip(known, slope, error, mean, strict=True)
    }


def _line(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Least squares: slopes and their standard errors; x (D, K), y (D,), both centred."""
    inverse = np.linalg.pinv(x.T @ x)
    slope = inverse @ (x.T @ y)
    left = y - x @ slope
    noise = left @ left / max(y.size - x.shape[1] - 1, 1)
    return slope, np.sqrt(noise * np.diag(inverse))

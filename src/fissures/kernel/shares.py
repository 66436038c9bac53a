"""Variance shares from given draws: how much of an answer's spread between draws hangs on each input.

Draws come from a posterior, so inputs are dependent, and each draw's answer is a mean over a few paths, so it is noisy.
Two shares answer two questions. The *first-order* share, Var(E[Y | X_i]) / Var(Y) (Sobol 1993), is what knowing the
input would take away on average; with dependent inputs it counts what an input tells about the others as well. The
*Shapley effect* (Owen 2014; Song, Nelson & Staum 2016) splits the variance so that the shares of all inputs add up.
Both are found from the draws as given, by regression on polynomials of each input; for such a surrogate the Shapley
effect is the average, over all orders in which inputs may enter, of what each adds to the explained variance (Lindeman,
Merenda & Gold 1980). Every value is corrected for its degrees of freedom (Ezekiel 1930), so that an input that does
nothing gets nothing on average, whatever the noise. What the surrogate misses stays visible as the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEGREE = 2  # of the polynomials of an input that stands alone: log odds bend a chance no more than that
WIDE = 3  # columns beyond which an input enters as a plane
SAME = 1e-7  # relative length below which a feature only repeats others
ORDERS = 24  # in which inputs enter, each with its reverse
SPLITS = 40  # subsamples behind an error
KEPT = 0.8  # share of the draws in each


@dataclass(frozen=True)
class Design:
    """Features of all inputs side by side (D, p), and the inputs that each needs, as a mask (p, G)."""

    columns: Floats
    needs: NDArray[np.bool_]


@dataclass(frozen=True)
class Shares:
    """Shares of the variance between draws: first order (G,), Shapley (G,) and the rest that no input is given.

    `between` is that variance itself. `parts` (S, 2 G + 2) holds the same, in this order, on subsamples of the draws,
    `spread` by how much their standard deviation is to be multiplied to be that of the whole.
    """

    first: Floats
    shapley: Floats
    rest: float
    between: float
    parts: Floats
    spread: float

    @property
    def first_error(self) -> Floats:
        """Standard errors of the first-order shares (G,)."""
        return self._error(self.parts[:, : self.first.size])

    @property
    def shapley_error(self) -> Floats:
        """Standard errors of the Shapley shares (G,)."""
        return self._error(self.parts[:, self.first.size : -2])

    @property
    def rest_error(self) -> float:
        """Standard error of the rest."""
        return float(self._error(self.parts[:, -2]))

    @property
    def between_error(self) -> float:
        """Standard error of the variance between draws."""
        return float(self._error(self.parts[:, -1]))

    def together(self, which: Sequence[int]) -> tuple[float, float]:
        """The Shapley share of several inputs together, and its standard error."""
        chosen = np.asarray(which, np.int64)
        sums = self.parts[:, self.first.size + chosen].sum(axis=1)
        return float(self.shapley[chosen].sum()), float(self._error(sums))

    def _error(self, parts: Floats) -> Floats:
        return self.spread * np.std(parts, axis=0, ddof=1)

    @property
    def told(self) -> bool:
        """Whether the draws' answers differ by more than chance: else nothing can be shared out."""
        return self.between > 2.0 * self.between_error


def scores(x: Floats) -> Floats:
    """Normal scores of each column, ties sharing theirs (van der Waerden 1952); x and result (D, k).

    >>> scores(np.array([[3.0], [1.0], [2.0]])).round(2).ravel().tolist()
    [0.67, -0.67, 0.0]
    """
    out = np.empty(x.shape)
    for k, column in enumerate(x.T):
        _, which, count = np.unique(column, return_inverse=True, return_counts=True)
        upper = np.cumsum(count)
        out[:, k] = ndtri((upper - (count - 1) / 2.0) / (column.size + 1.0))[which.ravel()]
    return out


def ranks(x: Floats) -> Floats:
    """Ranks of each column on (-1, 1), ties sharing theirs: for inputs that are spread evenly; x and result (D, k)."""
    return 2.0 * ndtr(scores(x)) - 1.0


def features(x: Floats, degree: int = DEGREE, scored: Callable[[Floats], Floats] = scores) -> Floats:
    """Orthonormal polynomials of one input's scored columns (D, k), additive over them; shape (D, p).

    An input of more than three columns enters linearly. Powers that only repeat lower ones (an input of two values has
    one feature) are left out, as is a constant.
    """
    z = scored(x)
    top = degree if x.shape[1] <= WIDE else 1
    kept: list[Floats] = [np.full(x.shape[0], 1.0 / np.sqrt(x.shape[0]))]
    for power in range(1, top + 1):
        for column in z.T:
            _append(kept, column**power)
    return np.stack(kept[1:], axis=1) if len(kept) > 1 else np.empty((x.shape[0], 0))


def _append(kept: list[Floats], raw: Floats) -> None:
    """Add what is new in a feature, at unit length; twice orthogonalised."""
    size, rest = float(np.linalg.norm(raw)), raw
    for _ in range(2):
        for other in kept:
            rest = rest - other * float(other @ rest)
    length = float(np.linalg.norm(rest))
    if size > 0.0 and length > SAME * size:
        kept.append(rest / length)


def design(
    inputs: Sequence[Floats],
    degree: int = DEGREE,
    pairs: Sequence[tuple[int, int]] = (),
    most: int = 1,
    scored: Callable[[Floats], Floats] = scores,
) -> Design:
    """The features of all inputs, and the products of the first `most` features of each named pair."""
    own = [features(x, degree, scored) for x in inputs]
    columns = [column for one in own for column in one.T]
    needs = [_mask(len(inputs), g) for g, one in enumerate(own) for _ in one.T]
    for a, b in pairs:
        both = [left * right * np.sqrt(left.size) for left in own[a].T[:most] for right in own[b].T[:most]]
        columns += both
        needs += [_mask(len(inputs), a, b)] * len(both)
    table = np.stack(columns, axis=1) if columns else np.empty((len(inputs[0]), 0))
    keep = _new(table)
    return Design(table[:, keep], np.array(needs, bool).reshape(-1, len(inputs))[keep])


def _mask(inputs: int, *which: int) -> NDArray[np.bool_]:
    out = np.zeros(inputs, bool)
    out[list(which)] = True
    return out


def _new(table: Floats) -> Ints:
    """The features that are no combination of those before them."""
    if not table.shape[1]:
        return np.zeros(0, np.int64)
    centred = table - table.mean(axis=0)
    centred = centred / np.maximum(np.linalg.norm(centred, axis=0), 1e-300)
    diagonal = np.abs(np.diag(np.linalg.qr(centred, mode="r")))
    return np.flatnonzero(diagonal > 1e-5)


def shares(
    made: Design,
    means: Floats,
    noise: Floats,
    seed: int = 1,
) -> Shares:
    """Shares of the variance of `means` (D,) between draws, given the variance (D,) of each mean.

    `noise` is what the chance of a draw's paths leaves in its mean, so that `between` is about the parameters alone.
    Errors are a jackknife's that leaves out a fifth of the draws (Shao & Wu 1989): draws put back twice, as in a
    bootstrap, would make noise look like signal.
    """
    generator, count = np.random.default_rng(seed), made.needs.shape[1]
    orders = [generator.permutation(count) for _ in range(ORDERS)]
    orders += [order[::-1] for order in orders]
    few = orders[::2][: ORDERS // 2] + [order[::-1] for order in orders[::2][: ORDERS // 2]]
    draws, size = means.size, int(KEPT * means.size)
    whole = _shares(made, means, noise, orders)
    parts = []
    for _ in range(SPLITS):
        kept = np.sort(generator.permutation(draws)[:size])
        part = Design(made.columns[kept], made.needs)
        parts.append(_shares(part, means[kept], noise[kept], few))
    first, shapley = whole[:count], whole[count:-2]
    spread = float(np.sqrt(size / (draws - size)))
    return Shares(first, shapley, float(whole[-2]), float(whole[-1]), np.array(parts), spread)


def _shares(made: Design, means: Floats, noise: Floats, orders: Sequence[Ints]) -> Floats:
    """First-order shares, Shapley shares, the rest, and the variance between draws, in one row."""
    count, inputs = made.needs.shape
    centred = made.columns - made.columns.mean(axis=0)
    y = means - means.mean()
    gram, slope, total, left = centred.T @ centred, centred.T @ y, float(y @ y), means.size - 1
    between = total / left - float(noise.mean())  # below nothing, by chance, where draws do not differ
    whole = max(between, 1e-6 * total / left, 1e-12)
    alone = made.needs.sum(axis=1) == 1
    first = np.zeros(inputs)
    for g in range(inputs):
        mine = np.flatnonzero(made.needs[:, g] & alone)
        gained = _gained(gram, slope, mine)
        first[g] = _explained(np.array([gained.sum()]), np.array([mine.size]), total, left)[0]
    shapley = np.zeros(inputs)
    for order in orders if count else ():
        place = np.empty(inputs, np.int64)
        place[order] = np.arange(inputs)
        enters = np.where(made.needs, place, -1).max(axis=1)  # a product enters with the later of its two
        row = np.argsort(enters, kind="stable")
        ends = np.searchsorted(enters[row], np.arange(inputs), side="right")
        so_far = np.concatenate([[0.0], np.cumsum(_gained(gram, slope, row))])[ends]
        shapley[order] += np.diff(_explained(so_far, ends, total, left), prepend=0.0)
    shapley /= max(len(orders), 1)
    return np.append(np.concatenate([first, shapley, [whole - shapley.sum()]]) / whole, between)


def _explained(gained: Floats, features: Ints, total: float, left: int) -> Floats:
    """Variance explained, corrected for degrees of freedom: total / (n - 1) - residual / (n - 1 - p)."""
    return total / left - (total - gained) / np.maximum(left - features, 1)


def _gained(gram: Floats, slope: Floats, row: Ints) -> Floats:
    """What each feature adds to the explained sum of squares, when they enter in this row."""
    if not row.size:
        return np.zeros(0)
    lower = cholesky(gram[np.ix_(row, row)], lower=True, check_finite=False)
    return np.asarray(solve_triangular(lower, slope[row], lower=True, check_finite=False) ** 2, np.float64)


def narrowed(between: float, first: Floats | float) -> Floats:
    """The variance that is left on average once an input is known: (1 - share) of it, never more than all.

    The expected value of perfect information about one parameter, for a squared loss (Oakley & O'Hagan 2004).

    >>> float(narrowed(0.04, 0.25))
    0.03
    """
    return between * (1.0 - np.clip(np.asarray(first, np.float64), 0.0, 1.0))

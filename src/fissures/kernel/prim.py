"""Scenario discovery: a box in the space of inputs in which something happens far more often than elsewhere.

The patient rule induction method (PRIM; Friedman & Fisher 1999) peels a little of the box away at a time, from the end
of the input where that raises the mean most for what it costs, and keeps the trajectory of boxes. Boxes are judged by
*density* (how often it happens inside) and *coverage* (how much of it happens inside), and each restriction by a
quasi-p-value (Bryant & Lempert 2010). Two things differ from there, so that noise yields no box: boxes are found on one
half of the points and judged on the other, and points of one cluster, here paths of one draw, do not count as
independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PEEL = 0.1  # share of a box that one step takes away: with some hundreds of clusters, less would follow chance
LEAST = 0.05  # share of all points below which no box is looked at
WATCHED = 6  # inputs that are peeled at all: those on which the mean differs most from one part to the other
PARTS = (0.2, 0.4, 0.6, 0.8)  # where an input is parted to see that
MOST = 3  # inputs that a box may restrict: more, nobody reads
SURE = 0.05  # the error, over all restrictions of a box, at which one is kept


@dataclass(frozen=True)
class Box:
    """Limits of every input, both included, infinite where it is free; shape (K, 2)."""

    limits: Floats

    @property
    def restricted(self) -> tuple[int, ...]:
        """The inputs that the box restricts."""
        return tuple(int(k) for k in np.flatnonzero(np.isfinite(self.limits).any(axis=1)))

    def inside(self, x: Floats) -> Bools:
        """Which points lie in the box; x (N, K), result (N,)."""
        out = np.ones(x.shape[0], bool)
        for k in self.restricted:
            out &= (x[:, k] >= self.limits[k, 0]) & (x[:, k] <= self.limits[k, 1])
        return out

    def free(self, k: int) -> Box:
        """The box with one input freed."""
        limits = self.limits.copy()
        limits[k] = -np.inf, np.inf
        return Box(limits)


@dataclass(frozen=True)
class Judged:
    """A box on points that had no part in finding it: density, its error over clusters, coverage, mass (share of all
    points), the density of all points, the quasi-p-value of the box against those, and that of each restriction."""

    box: Box
    density: float
    density_error: float
    coverage: float
    mass: float
    base: float
    p: float
    ps: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """A box that stands (None: none does), and the (coverage, density, restrictions, mass) of every box on the way to
    it, all on the half that had no part in finding it."""

    judged: Judged | None
    trajectory: Floats


def everything(inputs: int) -> Box:
    """The box that restricts nothing."""
    return Box(np.tile([-np.inf, np.inf], (inputs, 1)))


def watched(x: Floats, y: Floats, many: int = WATCHED) -> tuple[int, ...]:
    """The inputs on which y differs most between those below and above some value; x (N, K), y (N,).

    With many inputs that do nothing, the first peels would else follow chance, and use up what a box may restrict.
    """
    best = np.zeros(x.shape[1])
    for part in PARTS:
        above = x > np.quantile(x, part, axis=0)
        size = above.sum(axis=0)
        share = size / y.size
        gap = (y @ above) / np.maximum(size, 1) - y.mean()
        best = np.maximum(best, np.abs(gap) * np.sqrt(share / np.maximum(1.0 - share, 1e-9)))
    return tuple(sorted(int(k) for k in np.argsort(-best, kind="stable")[:many]))


def peel(x: Floats, y: Floats, most: int = MOST, share: float = PEEL, least: float = LEAST) -> tuple[Box, ...]:
    """Boxes from all points (N, K) down to the least share of them, each a peel of the one before; y (N,) in [0, 1].

    Only watched inputs are peeled. Of all their ends the one goes whose loss raises the mean most for each point lost,
    so that an input of few values is not favoured for taking more at once.
    """
    boxes, inside, eyed = [everything(x.shape[1])], np.arange(x.shape[0]), watched(x, y)
    while True:
        held = boxes[-1].restricted
        open_ = held if len(held) >= most else eyed
        step = _step(x[inside][:, open_], y[inside], open_, share, least * x.shape[0])
        if step is None:
            return tuple(boxes)
        k, side, edge = step
        limits = boxes[-1].limits.copy()
        limits[k, side] = edge
        boxes.append(Box(limits))
        kept = x[inside, k] >= edge if side == 0 else x[inside, k] <= edge
        inside = inside[kept]


def _step(table: Floats, y: Floats, inputs: Sequence[int], share: float, least: float) -> tuple[int, int, float] | None:
    """Input, end and new limit of the best peel of some inputs (N, k); None where none raises the mean."""
    count, mean = y.size, float(y.mean())
    best, chosen = 0.0, None
    for side, sign in ((0, 1.0), (1, -1.0)):
        told = sign * table  # so that either end is the lower one
        edge = np.quantile(told, share, axis=0, method="higher")
        lowest = told.min(axis=0)
        stuck = edge <= lowest
        if stuck.any():
            edge[stuck] = np.where(told[:, stuck] > lowest[stuck], told[:, stuck], np.inf).min(axis=0)
        kept = told >= edge
        size = kept.sum(axis=0)
        fair = (size >= max(least, 1.0)) & (size < count)
        gain = np.full(len(inputs), -np.inf)
        gain[fair] = ((y @ kept)[fair] / size[fair] - mean) / (count - size[fair])
        k = int(gain.argmax())
        if gain[k] > best:
            best, chosen = float(gain[k]), (inputs[k], side, sign * float(edge[k]))
    return chosen


def pasted(box: Box, x: Floats, y: Floats, share: float = PEEL) -> Box:
    """The box with each of its ends moved outwards as long as that lowers no mean; x (N, K), y (N,)."""
    for k in box.restricted:
        for side in (0, 1):
            while (wider := _wider(box, x, y, k, side, share)) is not None:
                box = wider
    return box


def _wider(box: Box, x: Floats, y: Floats, k: int, side: int, share: float) -> Box | None:
    edge = box.limits[k, side]
    inside = box.inside(x)
    if not np.isfinite(edge) or not inside.any():
        return None
    opened = box.limits.copy()
    opened[k, side] = -np.inf if side == 0 else np.inf
    outside = np.sort(x[Box(opened).inside(x) & ~inside, k])
    if not outside.size:
        return Box(opened)
    take = min(max(int(share * inside.sum()), 1), outside.size)
    opened[k, side] = outside[-take] if side == 0 else outside[take - 1]
    wider = Box(opened)
    return wider if y[wider.inside(x)].mean() > y[inside].mean() else None


# --- judging a box ----------------------------------------------------------------------------------------------------


def judge(box: Box, x: Floats, y: Floats, cluster: Ints) -> Judged:
    """Judge a box on points (N, K) with outcomes (N,) in [0, 1] and clusters (N,), which had no part in finding it."""
    inside = box.inside(x)
    density, error = mean_over(y, inside, cluster)
    ps = tuple(quasi_p(y, inside, box.free(k).inside(x), cluster) for k in box.restricted)
    total = float(y.sum())
    return Judged(
        box,
        density,
        error,
        float(y[inside].sum()) / total if total > 0 else 0.0,
        float(inside.mean()),
        float(y.mean()),
        quasi_p(y, inside, np.ones(y.size, bool), cluster),
        ps,
    )


def quasi_p(y: Floats, inside: Bools, wider: Bools, cluster: Ints) -> float:
    """How likely a box would be so dense by chance, if it were no denser than a wider one (Bryant & Lempert 2010).

    The upper tail of a binomial law with the wider box's density, on as many points as the box's are worth: fewer where
    points of one cluster are alike, more where the box is much of the wider one, as for a sample without replacement.

    >>> y, few = np.tile([1.0, 0.0], 50), np.arange(100) < 10
    >>> round(quasi_p(y, few, np.ones(100, bool), np.arange(100)), 2)
    0.62
    """
    from scipy.special import betainc

    if not inside.any() or inside.sum() == wider.sum():
        return 1.0
    mean, error = mean_over(y, inside, cluster)
    usual = float(y[wider].mean())
    if not 0.0 < usual < 1.0:
        return 1.0
    worth = min(mean * (1.0 - mean) / error**2, float(inside.sum())) if error > 0.0 else _clusters(inside, cluster)
    worth /= 1.0 - inside.sum() / wider.sum()
    hits = mean * worth
    return float(betainc(hits, worth - hits + 1.0, usual)) if hits > 0.0 else 1.0


def _clusters(inside: Bools, cluster: Ints) -> float:
    return float(np.unique(cluster[inside]).size)


def mean_over(y: Floats, inside: Bools, cluster: Ints) -> tuple[float, float]:
    """Mean over a set of points and its standard error over clusters (linearised ratio; Cochran 1977)."""
    if not inside.any():
        return 0.0, 0.0
    mean, count = float(y[inside].mean()), float(inside.sum())
    parts = np.bincount(cluster[inside], weights=y[inside] - mean)
    many = _clusters(inside, cluster)
    grow = many / (many - 1.0) if many > 1.0 else 1.0
    return mean, float(np.sqrt(grow * np.sum(parts**2)) / count)


# --- finding one ------------------------------------------------------------------------------------------------------


def find(x: Floats, y: Floats, cluster: Ints, look: Bools, most: int = MOST, sure: float = SURE) -> Found:
    """The box in which y is dense: found on the points of `look`, best those of half the clusters, judged on the rest.

    Of the trajectory the box whose coverage exceeds its mass by most is taken (weighted relative accuracy; Lavrac,
    Flach & Zupan 1999); then the restrictions go, the least sure one first, until each that is left has a
    quasi-p-value of at most `sure` divided by how many there were. x (N, K), y (N,) in [0, 1], cluster (N,), look (N,).
    """
    boxes = peel(x[look], y[look], most)
    seen = [_weighed(box, x[~look], y[~look]) for box in boxes]
    told = [_weighed(box, x[look], y[look]) for box in boxes]
    gain = [coverage - mass for coverage, _, _, mass in told]
    box = pasted(boxes[int(np.argmax(gain))], x[look], y[look])
    limit = sure / max(len(box.restricted), 1)
    judged = judge(box, x[~look], y[~look], cluster[~look])
    while judged.ps and max(judged.ps) > limit:
        worst = box.restricted[int(np.argmax(judged.ps))]
        box = box.free(worst)
        judged = judge(box, x[~look], y[~look], cluster[~look])
    stands = bool(box.restricted) and judged.p <= sure
    return Found(judged if stands else None, np.array(seen))


def halves(cluster: Ints, seed: int) -> Bools:
    """A mask of the points on which boxes are found: those of a random half of the clusters; shape (N,)."""
    known, which = np.unique(cluster, return_inverse=True)
    chosen = np.zeros(known.size, bool)
    chosen[np.random.default_rng(seed).permutation(known.size)[: known.size // 2]] = True
    return np.asarray(chosen[which.ravel()], bool)


def _weighed(box: Box, x: Floats, y: Floats) -> tuple[float, float, float, float]:
    inside, total = box.inside(x), float(y.sum())
    hits = float(y[inside].sum())
    density = hits / inside.sum() if inside.any() else 0.0
    return hits / total if total > 0 else 0.0, float(density), float(len(box.restricted)), float(inside.mean())


def spread_over(boxes: Sequence[Box], x: Floats) -> Ints:
    """For each point the number of the first box that it lies in; len(boxes) for none; shape (N,)."""
    out = np.full(x.shape[0], len(boxes), np.int64)
    for n in reversed(range(len(boxes))):
        out[boxes[n].inside(x)] = n
    return out

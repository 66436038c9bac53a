"""Simulating the pooled ladder forward: a rung by its kernel, a count on it by its marks, and the memory goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.pooled import Memory, Shape, design, remember, rung_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = 200  # pooled values a rung that a table keeps, as order statistics
THIN, THIN_TOP = 10, 40  # with fewer pooled values a rung is filled in
TAIL = 2.5  # Pareto index of the filling of the open top
AT_ONCE = 2_000_000  # numbers of a design that are held at once: bounds the memory, not the answer


@dataclass(frozen=True)
class Marks:
    """Counts by rung: pooled (rungs, KEPT), and each unit's own of late, own (N, rungs, K) of which (N, rungs) count.

    With chance `trust` a unit on a rung repeats one of its own counts there, else one of the world's.
    """

    pooled: Floats
    own: Floats
    own_count: Ints
    trust: float


def pooled_marks(counts: Floats, edges: Sequence[float]) -> Floats:
    """What counts stand on each rung over all units, as KEPT order statistics; counts any shape, NaN left out.

    A thin rung is filled log-uniformly between its edges, a thin open top by a Pareto law; shape (rungs, KEPT).
    """
    flat = counts[~np.isnan(counts)]
    rung = rung_of(flat, tuple(edges))
    out = np.zeros((len(edges) + 1, KEPT))
    for j in range(1, len(edges) + 1):
        values = flat[rung == j]
        if j == len(edges):
            tail = np.round(edges[-1] * (1.0 - np.arange(1, 20) / 20.0) ** (-1.0 / TAIL))
            values = np.concatenate([values, tail]) if values.size < THIN_TOP else values
        elif values.size < THIN:
            values = np.round(np.exp(np.linspace(np.log(edges[j - 1]), np.log(edges[j] - 1.0), 20)))
        out[j] = np.sort(values)[((np.arange(KEPT) + 0.5) * values.size / KEPT).astype(np.int64)]
    return out


def own_marks(recent: Floats, edges: Sequence[float], most: int = 24) -> tuple[Floats, Ints]:
    """The last counts of each unit on each rung; recent (T, N), NaN for what was not observed.

    Shapes (N, rungs, most) and (N, rungs).
    """
    units, rungs = recent.shape[1], len(edges) + 1
    rung = rung_of(np.nan_to_num(recent), tuple(edges))
    own, count = np.zeros((units, rungs, most)), np.zeros((units, rungs), np.int64)
    for n, j in {(int(n), int(rung[t, n])) for t, n in np.argwhere(rung > 0)}:
        values = recent[rung[:, n] == j, n][-most:]
        count[n, j] = values.size
        own[n, j, : values.size] = values
    return own, count


def simulate(
    kernel: Floats, marks: Marks, memory: Memory, shape: Shape, usual: float, steps: int, paths: int, seed: int
) -> Floats:
    """Paths of counts to come for every unit, from its memory (N,); shape (steps, N, paths).

    kernel (features, rungs) as from `pooled_fit.kernel`. Units are independent, and each has random numbers of its own.
    """
    units = memory.since.size
    block = max(1, AT_ONCE // (paths * len(shape.features)))
    parts = []
    for first in range(0, units, block):
        chosen = np.arange(first, min(first + block, units))
        rng = np.random.default_rng([seed, first])
        here = Memory(*(getattr(memory, name)[..., chosen] for name in memory.__annotations__)).spread(paths)
        parts.append(_simulated(kernel, marks, here, chosen, (shape, usual), steps, rng))
    return np.concatenate(parts, axis=1)


def _simulated(
    kernel: Floats,
    marks: Marks,
    memory: Memory,
    units: Ints,
    read: tuple[Shape, float],
    steps: int,
    rng: np.random.Generator,
) -> Floats:
    """`simulate` for some units at once; memory (units, paths)."""
    shape, usual = read
    weights = kernel.astype(np.float32)
    out = np.empty((steps, *memory.since.shape), np.float32)
    for step in range(steps):
        logits = design(memory, shape, usual) @ weights
        rung = _drawn(logits, rng)
        out[step] = counts_on(rung, marks, units, rng)
        if step + 1 < steps:
            memory = remember(memory, out[step], shape)
    return out


def _drawn(logits: NDArray[np.float32], rng: np.random.Generator) -> Ints:
    """A rung by inverse CDF from logits on the last axis."""
    chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
    running = np.cumsum(chances, axis=-1)
    uniform = rng.random(logits.shape[:-1], np.float32) * running[..., -1]
    return np.minimum((running < uniform[..., None]).sum(axis=-1), logits.shape[-1] - 1)


def counts_on(rung: Ints, marks: Marks, units: Ints, rng: np.random.Generator) -> Floats:
    """Counts on rungs (units, paths); 0 on the lowest."""
    out = np.zeros(rung.shape)
    where = np.nonzero(rung)
    if not where[0].size:
        return out
    on, who = rung[where], units[where[0]]
    known = marks.own_count[who, on]
    place, trust = rng.random((2, on.size))
    pooled = marks.pooled[on, (place * KEPT).astype(np.int64)]
    own = marks.own[who, on, (place * np.maximum(known, 1)).astype(np.int64)]
    out[where] = np.where((trust < marks.trust) & (known > 0), own, pooled)
    return out

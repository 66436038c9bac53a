"""The pooled ladder with memory: many units climb one ladder of counts, each by what it remembers.

Model L of the reference class (after Randahl & Vegelius 2024, observed Markov model): with memories x of a unit,
P(next rung = j | x) is proportional to exp( sum_f x_f (B_f0 1[j > 0] + B_f1 l_j + B_f2 l_j^2 + D_fj) ), where l_j is
the rung's level, log(1 + its middle) / 4. B is the smooth part, which pools thin rungs; D is held near zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL_UNIT = 4.0  # a level is a log in these units, so that the top of the ladder stands near 2


@dataclass(frozen=True)
class Shape:
    """The ladder's fixed choices, times in steps of its panel.

    `edges` is the least count of every rung above the lowest, whose count is 0. The long-run share of violent steps is
    shrunk to the world's with `doubt` pseudo-steps; time since violence is capped at `longest`, and from `long_quiet`
    on a unit is marked as one that has been quiet for long.
    """

    edges: tuple[float, ...]
    death_half_lives: tuple[float, ...]
    violence_half_lives: tuple[float, ...]
    doubt: float = 12.0
    longest: float = 240.0
    long_quiet: float = 120.0

    @property
    def rungs(self) -> int:
        """How many rungs there are."""
        return len(self.edges) + 1

    @property
    def features(self) -> tuple[str, ...]:
        """What each column of a design is, in order."""
        return (
            "one",
            *(f"deaths, half-life {h:g}" for h in self.death_half_lives),
            *(f"violent, half-life {h:g}" for h in self.violence_half_lives),
            "long-run share",
            "since violence",
            "long quiet",
            *(f"on rung {r}" for r in range(1, self.rungs)),
        )


@dataclass(frozen=True)
class Memory:
    """What units remember: log deaths and violence by half-life (H, ...) and (V, ...); the rest (...)."""

    deaths: Singles
    violent: Singles
    seen: Singles
    violent_steps: Singles
    since: Singles
    rung: NDArray[np.int8]

    def spread(self, paths: int) -> Memory:
        """The same memories for so many paths of each unit, on a new last axis."""
        return Memory(*(np.repeat(getattr(self, name)[..., None], paths, axis=-1) for name in self.__annotations__))


def levels(edges: tuple[float, ...]) -> Floats:
    """Level of each rung, log(1 + geometric middle) / 4, and 0 of the lowest; the top one is taken to end at twice its
    edge.

    >>> levels((1.0, 5.0)).round(3).tolist()
    [0.0, 0.275, 0.522]
    """
    low = np.asarray(edges, np.float64)
    high = np.append(low[1:] - 1.0, 2.0 * low[-1])
    return np.append(0.0, np.log1p(np.sqrt(low * np.maximum(high, low))) / LEVEL_UNIT)


def basis(edges: tuple[float, ...]) -> Floats:
    """The three columns of the smooth part, 1[j > 0], l_j, l_j^2; shape (3, rungs)."""
    level = levels(edges)
    return np.stack([(level > 0).astype(np.float64), level, level**2])


def rung_of(counts: Floats, edges: tuple[float, ...]) -> NDArray[np.int8]:
    """The rung on which counts stand; shape as given.

    >>> rung_of(np.array([0.0, 1.0, 4.0, 9.0]), (1.0, 5.0)).tolist()
    [0, 1, 1, 2]
    """
    return np.searchsorted(np.asarray(edges), counts, side="right").astype(np.int8)


def blank(units: tuple[int, ...], shape: Shape) -> Memory:
    """The memory of units of which nothing is known yet."""
    none = np.zeros(units, np.float32)
    return Memory(
        deaths=np.zeros((len(shape.death_half_lives), *units), np.float32),
        violent=np.zeros((len(shape.violence_half_lives), *units), np.float32),
        seen=none,
        violent_steps=none,
        since=np.full(units, shape.longest, np.float32),
        rung=np.zeros(units, np.int8),
    )


def remember(memory: Memory, counts: Floats, shape: Shape) -> Memory:
    """The memory one step on; counts (...), of which those that were not observed (NaN) pass for quiet."""
    observed = ~np.isnan(counts)
    counts = np.where(observed, counts, 0.0)
    violent = (counts > 0).astype(np.float32)
    since = np.where(violent > 0, 0.0, np.minimum(memory.since + 1.0, shape.longest))
    return Memory(
        deaths=_blend(memory.deaths, np.log1p(counts).astype(np.float32), shape.death_half_lives),
        violent=_blend(memory.violent, violent, shape.violence_half_lives),
        seen=memory.seen + observed,
        violent_steps=memory.violent_steps + violent,
        since=since.astype(np.float32),
        rung=rung_of(counts, shape.edges),
    )


def _blend(memory: Singles, new: Singles, half_lives: tuple[float, ...]) -> Singles:
    """Exponentially weighted means of one value at several half-lives."""
    kept = [np.float32(2.0 ** (-1.0 / h)) for h in half_lives]
    return np.stack([d * old + (1 - d) * new for d, old in zip(kept, memory, strict=True)])


def design(memory: Memory, shape: Shape, usual: float) -> Singles:
    """What the ladder reads off memories, in the order of `Shape.features`; shape (..., features).

    `usual` is the world's share of violent steps, between 0 and 1.
    """
    share = (memory.violent_steps + shape.doubt * usual) / (memory.seen + shape.doubt)
    share = np.minimum(share, 0.999)  # without it a unit that was never at peace has no logit
    smooth = (
        np.ones_like(memory.since),
        *memory.deaths,
        *memory.violent,
        np.log(share / (1.0 - share)) / 2.0,
        np.log1p(memory.since) / 2.0,
        memory.since >= shape.long_quiet,
    )
    on = tuple(memory.rung == r for r in range(1, shape.rungs))
    return np.stack([column.astype(np.float32) for column in (*smooth, *on)], axis=-1)


def walk(counts: Floats, shape: Shape) -> list[Memory]:
    """Memories after each step of a panel; counts (T, N), NaN where a unit was not observed; T memories."""
    memory, out = blank(counts.shape[1:], shape), []
    for row in counts:
        memory = remember(memory, row, shape)
        out.append(memory)
    return out

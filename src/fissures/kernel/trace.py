"""Why a place moved, or a stream counted: everything that pushed it, day by day, on the paths as they were.

Nothing is approximated: the logits of a place's moves, and the log mean of a stream, are sums, and these are their
terms. The paths are stepped again from the same numbers, so that they are the paths of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.paths import State
from fissures.kernel.rng import path_numbers
from fissures.kernel.world import Floats, Ints, Link, World

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Trace:
    """One place or stream by day and path: what its links (L, T, M) push, in their own order, and the rest.

    For a place `memory` (3, T, M) is what memories add to the smooth kernel's three parts and `start` (T, M) the rung
    each day begins on. For a stream `memory` (1, T, M) is its own and `height` (T, M) what the fronts' rungs add.
    `draw` (M,) is the draw of each path.
    """

    pushes: Singles
    memory: Singles
    start: Ints
    height: Singles
    draw: Ints


class _Noting(State):
    """A state that notes what pushes some places and streams."""

    def __init__(self, world: World, draw: Ints, places: Sequence[int], streams: Sequence[int], days: int) -> None:
        super().__init__(world, draw)
        shape = (days, draw.size)
        self.today = -1
        self.places = {f: _blank(len(world.ladders[f].links), 3, shape) for f in places}
        self.streams = {s: _blank(len(world.streams[s].links), 1, shape) for s in streams}

    def move_places(self, t: int, numbers: NDArray[np.uint64]) -> None:
        """Note the day, then move."""
        self.today = t
        super().move_places(t, numbers)

    def _move(self, f: int, t: int, numbers: NDArray[np.uint64]) -> Ints:
        if f in self.places:
            noted = self.places[f]
            noted.start[t] = self.day.rungs[f]
            noted.memory[:, t] = self.pull(f)
            for k, link in enumerate(self.world.ladders[f].links):
                noted.pushes[k, t] = self.push(link)
        return super()._move(f, t, numbers)

    def _count(self, s: int, height: Floats, uniform: Floats) -> Floats:
        if s in self.streams:
            noted, rates, stream, t = self.streams[s], self.rates[s], self.world.streams[s], self.today
            noted.height[t] = rates.rung * height
            noted.memory[0, t] = rates.own * (np.log1p(self.own[s]) - stream.usual)
            for k, link in enumerate(stream.links):
                noted.pushes[k, t] = self.push(link)
        return super()._count(s, height, uniform)


def _blank(links: int, memories: int, shape: tuple[int, int]) -> Trace:
    return Trace(
        np.zeros((links, *shape), np.float32),
        np.zeros((memories, *shape), np.float32),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.float32),
        np.zeros(0, np.int64),
    )


@dataclass(frozen=True)
class Traces:
    """Traces by number of place and of stream."""

    places: dict[int, Trace]
    streams: dict[int, Trace]


def follow(world: World, places: Sequence[int], streams: Sequence[int], days: int, paths: int) -> Traces:
    """What pushed these places and streams on the first so many paths, day by day."""
    numbers = path_numbers(0, paths)
    draw = (numbers % np.uint64(world.draws)).astype(np.int64)
    state = _Noting(world, draw, places, streams, days)
    for t in range(days):
        state.step(t, numbers)
    told = [{k: replace(one, draw=draw) for k, one in part.items()} for part in (state.places, state.streams)]
    return Traces(told[0], told[1])


def gap(link: Link, start: Ints, end: Ints) -> Floats:
    """How a link's push enters the log odds of moves from `start` to `end` against staying; shape of `start`."""
    assert link.moves is not None
    return np.asarray(link.moves[end, start] - link.moves[start, start], np.float64)


def kernel_gap(world: World, place: int, draw: Ints, start: Ints, end: Ints) -> Floats:
    """What the place's kernel, apart from memories and claims, adds to the log odds of moves against staying."""
    table = world.ladders[place].logits
    where = draw * table.shape[0] + start
    return np.asarray(table[end, where] - table[start, where], np.float64)


def memory_gap(rungs: int, memory: Floats, start: Ints, end: Ints) -> Floats:
    """What memories (3, n) add to the log odds of moves against staying."""
    there, here = end / (rungs - 1.0), start / (rungs - 1.0)
    parts = ((end > 0) * 1.0 - (start > 0), there - here, there**2 - here**2)
    return np.asarray(sum(m * part for m, part in zip(memory, parts, strict=True)), np.float64)

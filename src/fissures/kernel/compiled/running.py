"""Running a world with the compiled kernel: pack it, and share its paths out among threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fissures.kernel.compiled.packed import Laid, Out, Packed, Scratch, State
from fissures.kernel.compiled.packing import pack
from fissures.kernel.compiled.stepping import step
from fissures.kernel.paths import blank
from fissures.kernel.world import Paths, World

LANES = 16  # paths side by side: some for each vector of the processor, few enough that all of a day stays close to it


def run(world: World, days: int, first: int, paths: int, threads: int = 1) -> Paths:
    """`paths.run` of the same arguments, bit for bit; paths are shared out among threads, which changes nothing."""
    packed, out = pack(world, days), blank(world, days, paths)
    arrays = Out(*(getattr(out, name) for name in Out._fields))
    groups = -(-paths // LANES)
    edges = [min(groups * k // threads * LANES, paths) for k in range(threads + 1)]
    spans = [(begin, end) for begin, end in zip(edges[:-1], edges[1:], strict=True) if begin < end]

    def work(span: tuple[int, int]) -> None:
        step(packed, first, *span, *room(packed), arrays)

    if len(spans) == 1:
        work(spans[0])
    else:
        with ThreadPoolExecutor(len(spans)) as pool:
            list(pool.map(work, spans))
    return out


def room(w: Packed, lanes: int = LANES) -> tuple[Laid, State, Scratch]:
    """Room for so many lanes of a world: one for each thread."""
    return _laid(w, lanes), _state(w, lanes), _scratch(w, lanes)


def _laid(w: Packed, lanes: int) -> Laid:
    links, streams = w.links.product.size, w.streams.key.size
    pressures, owed, memories = w.pressures.kind.size, w.commitments.trigger.size, w.start.memory_decays.size
    rows = (links, links, *(4 * [streams]), pressures, pressures, 3 * w.places.rungs.size * memories, owed)
    return Laid(
        np.zeros(lanes, np.int64),
        np.zeros(lanes, np.uint64),
        *(np.zeros((n, lanes)) for n in rows),
        np.zeros((w.marks.has.size, lanes)),
    )


def _state(w: Packed, lanes: int) -> State:
    places, fronts, owed = w.places.rungs.size, w.marks.has.size, w.commitments.trigger.size
    streams, memories = w.streams.key.size, w.start.memory_decays.size

    def floats(n: int) -> np.ndarray:
        return np.zeros((n, lanes))

    def ints(n: int) -> np.ndarray:
        return np.zeros((n, lanes), np.int64)

    rungs, patterns = w.places.logits.shape[3], w.places.patterns.shape[0]
    return State(
        pressures=floats(w.pressures.kind.size),
        rungs=ints(places),
        before=ints(places),
        by=ints(fronts),
        means=ints(fronts),
        advances=ints(fronts),
        deaths=floats(fronts),
        first=floats(fronts),
        since=floats(streams),
        in_force=floats(owed),
        binding=floats(owed),
        triggers=floats(owed),
        memories=floats(places * memories),
        own=floats(streams),
        line=floats(fronts),
        counts=floats(streams),
        logs=floats(streams),
        some=np.zeros(streams, np.bool_),
        stood=ints(places),
        kernel=floats(places * rungs),
        signs=floats(patterns * rungs),
        alive=np.zeros((patterns, rungs), np.int64),
    )


def _scratch(w: Packed, lanes: int) -> Scratch:
    streams = w.streams.key.size
    return Scratch(
        factor=np.zeros((w.causes.kind.size, lanes)),
        product=np.zeros((w.causes.root.size, lanes)),
        logits=np.zeros((w.places.logits.shape[3], lanes)),
        pull=np.zeros((3, lanes)),
        push=np.zeros(lanes),
        uniform=np.zeros(lanes),
        height=np.zeros(lanes),
        base=np.zeros(lanes),
        total=np.zeros(lanes),
        reached=np.zeros(lanes, np.int64),
        open=np.zeros((7, streams * lanes)),
        whose=np.zeros(streams * lanes, np.int64),
    )

"""Running a world with the compiled kernel: pack it, and share its paths out among threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from fissures.kernel.compiled.packed import Floats, Ints, Laid, Out, Packed, Scratch, State
from fissures.kernel.compiled.packing import pack
from fissures.kernel.compiled.stepping import step
from fissures.kernel.deaths import law
from fissures.kernel.paths import blank
from fissures.kernel.world import Ladder, Paths, World

LANES = 32  # paths side by side: some for each vector of the processor, few enough that all of a day stays close to it


def run(world: World, days: int, first: int, paths: int, kept: int | None = None, threads: int = 1) -> Paths:
    """`paths.run` of the same arguments, bit for bit; paths are shared out among threads, which changes nothing."""
    packed, out = pack(world, days), blank(world, days, paths)
    arrays = Out(*(getattr(out, name) for name in Out._fields))
    groups = -(-paths // LANES)
    edges = [min(groups * k // threads * LANES, paths) for k in range(threads + 1)]
    spans = [(begin, end) for begin, end in pairwise(edges) if begin < end]

    def work(span: tuple[int, int]) -> None:
        begin, end = span
        laid, state, scratch = room(packed)
        step(packed, first, kept or world.draws, begin, end, laid, state, scratch, arrays)

    if len(spans) == 1:
        work(spans[0])
    else:
        with ThreadPoolExecutor(len(spans)) as pool:
            list(pool.map(work, spans))
    return out


def warm() -> None:
    """Have `step` compiled, or loaded where it is kept, by stepping a world of almost nothing."""
    run(_least(), 1, 0, 1)


def _least() -> World:
    """One front of two rungs on which nothing ever happens."""
    never = law(np.zeros(2), 1.0, 0.0, 1.0, 0.0, 1.0, 2.0)
    still = np.zeros((1, 1))
    return World(
        ladders=(Ladder(np.zeros((2, 2)), np.zeros((1, 3, 1)), never, (), 0, 0, 1),),
        streams=(),
        pressures=(),
        commitments=(),
        levers=(),
        fronts=1,
        death_decays=(0.5,),
        violence_decays=(),
        standing=(1.0, 0.5, 1.0),
        death_scale=1.0,
        start_rungs=np.zeros((1, 1), np.int64),
        start_memories=still[:, :, None],
        start_pressures=still[:, :0],
        start_streams=still[:, :0],
        start_since=still[:, :0],
        start_triggers=still[:, :0],
    )


def room(w: Packed, lanes: int = LANES) -> tuple[Laid, State, Scratch]:
    """Room for so many lanes of a world: one for each thread."""
    return _laid(w, lanes), _state(w, lanes), _scratch(w, lanes)


def _laid(w: Packed, lanes: int) -> Laid:
    links, streams, pressures = w.links.product.size, w.streams.key.size, w.pressures.kind.size
    places, fronts, owed = w.places.rungs.size, w.marks.has.size, w.commitments.trigger.size

    def floats(n: int) -> Floats:
        return np.zeros((n, lanes))

    return Laid(
        draw=np.zeros(lanes, np.int64),
        number=np.zeros(lanes, np.uint64),
        coefficient=floats(links),
        usual=floats(links),
        rate=floats(streams),
        own=floats(streams),
        rung=floats(streams),
        size=floats(streams),
        decay=floats(pressures),
        gain=floats(pressures),
        pull=floats(3 * places * w.start.memory_decays.size),
        binds=floats(owed),
        first_share=floats(fronts),
    )


def _state(w: Packed, lanes: int) -> State:
    places, fronts, owed = w.places.rungs.size, w.marks.has.size, w.commitments.trigger.size
    streams, memories = w.streams.key.size, w.start.memory_decays.size

    def floats(n: int) -> Floats:
        return np.zeros((n, lanes))

    def ints(n: int) -> Ints:
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

"""The flat arrays that the compiled kernel reads and writes: structures of arrays, no names.

D draws, F places of which the first N are fronts, S streams, P pressures, K commitments, T days, Q memories, R rungs of
the longest ladder, B means, L lanes: paths that are stepped side by side.
A list of lists is one array and where each begins: part i is `items[start[i] : start[i + 1]]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

MORNING, MOVED, EVENING = range(3)  # parts of a day at which causes are read: before, after places move, after marks
NO_SWITCH, ABOVE, BELOW = range(3)


class Causes(NamedTuple):
    """Distinct factors, distinct products of them, and which of both are due in which part of a day."""

    kind: Ints
    place_start: Ints
    place: Ints
    code: Ints
    level: Floats
    scale: Floats
    switch: Ints
    bar: Floats
    product_start: Ints
    product_factor: Ints
    root: NDArray[np.bool_]
    factors_start: Ints  # by part of the day
    factors_due: Ints
    products_start: Ints
    products_due: Ints


class Links(NamedTuple):
    """Links, numbered: of ladders, of marks, of streams, of pressures. What hangs on the draw is (D, links)."""

    product: Ints
    group: Ints
    code: Ints  # of a link on marks: who moved, or which means
    coefficient: Floats
    usual: Floats


class Places(NamedTuple):
    """Ladders and the deaths of days on them; `logits` and `deaths` are (F, D, R, R) and (F, D, R, 9), by rung left.

    Many claims touch the same moves: `patterns` (patterns, R, R), by rung left and reached, has each ladder's once.
    """

    rungs: Ints
    active: Ints
    opens: Floats
    closes: Floats
    retires: Floats  # infinite where a place never does
    keys: Keys  # (F, 2): of moves, of deaths
    logits: Floats
    levels: Floats  # (F, R)
    memory: Floats  # (D, F * Q * 3)
    deaths: Floats
    link_start: Ints
    pattern: Ints  # of each link of a ladder
    pattern_start: Ints
    patterns: Floats


class Marks(NamedTuple):
    """Marks of violence by front; `means` (N, D, R, B), `able` (N, R, B), `advance` (N, R)."""

    has: NDArray[np.bool_]
    quiet: NDArray[np.bool_]  # (N, R): a day on this rung carries no mark but its dead
    by: Floats
    advance: Floats
    able: NDArray[np.bool_]
    means: Floats
    first_share: Floats  # (D, N)
    keys: Keys  # (N, 4 + B)
    by_start: Ints
    means_start: Ints
    advance_start: Ints


class Streams(NamedTuple):
    """Streams; rate, own, rung and size are (D, S)."""

    rate: Floats
    own: Floats
    rung: Floats
    size: Floats
    decay: Floats
    usual: Floats
    bounds: Floats  # (S, 4): two straight lines that log1p of the memory never rises above
    key: Keys
    read: Ints  # the factor that it is read from, -1 where it is drawn
    lifts_place: Ints  # -1 where it lifts none
    lifts_rung: Ints
    watched: Ints
    link_start: Ints


class Pressures(NamedTuple):
    """Pressures; decay and gain are (D, P)."""

    kind: Ints
    floor: Floats
    scale: Floats
    decay: Floats
    gain: Floats
    fed_start: Ints
    fed_stream: Ints
    fed_weight: Floats
    relieved_start: Ints
    relieved_stream: Ints
    relieved_share: Floats
    relieved_log: Floats  # log(1 - share), where the share is below 1
    shown_start: Ints
    shown_factor: Ints
    shown_weight: Floats
    series_start: Ints
    series: Floats
    link_start: Ints


class Commitments(NamedTuple):
    """Commitments; `binds` (D, K), `requested` -1 where nobody need ask."""

    trigger: Ints
    lasts: Floats
    requested: Ints
    binds: Floats


class Days(NamedTuple):
    """What levers do on each day: factors (T, .), and lists by day of what is held, bound and added."""

    scale: Floats
    pressed: Floats
    edited: Floats
    hold_start: Ints
    hold: Ints
    hold_to: Floats
    hold_share: Floats
    bind_start: Ints
    bind: Ints
    bind_to: Floats
    bind_share: Floats
    add_start: Ints
    add: Ints
    add_count: Floats


class Start(NamedTuple):
    """Where draws begin, as in `World`, and what all paths share."""

    rungs: Ints
    memories: Floats  # (D, F * Q)
    pressures: Floats
    streams: Floats
    since: Floats
    triggers: Floats
    memory_decays: Floats  # (Q,): 1 for a memory that only stands, as a declared break does
    dead_memories: int  # how many of the memories are of the dead
    longest: int  # the memory that enters as standing
    death_scale: float
    long_run: Floats  # weight, usual * doubt, weight + doubt, log odds of the usual


class Packed(NamedTuple):
    """A world as flat arrays."""

    causes: Causes
    links: Links
    places: Places
    marks: Marks
    streams: Streams
    pressures: Pressures
    commitments: Commitments
    days: Days
    start: Start


class Laid(NamedTuple):
    """Coefficients of L lanes, (., L): read once from the lanes' draws."""

    draw: Ints
    number: Keys
    coefficient: Floats
    usual: Floats
    rate: Floats
    own: Floats
    rung: Floats
    size: Floats
    decay: Floats
    gain: Floats
    pull: Floats  # (F * Q * 3, L)
    binds: Floats
    first_share: Floats


class State(NamedTuple):
    """Where L lanes stand, (., L), as `factors.Day` and `paths.State` have it."""

    pressures: Floats
    rungs: Ints
    before: Ints
    by: Ints
    means: Ints
    advances: Ints
    deaths: Floats
    first: Floats
    since: Floats
    in_force: Floats
    binding: Floats
    triggers: Floats
    memories: Floats  # (F * Q, L)
    own: Floats
    line: Floats
    counts: Floats
    logs: Floats  # (S, L): log1p of the counts
    some: NDArray[np.bool_]  # (S,): whether any lane counted any
    stood: Ints  # (F, L): the rung for which the next three are laid out; -1 for none
    kernel: Floats  # (F * R, L): the ladder's logits by destination
    signs: Floats  # (patterns * R, L)
    alive: Ints  # (patterns, R): lanes that a pattern touches


class Scratch(NamedTuple):
    """Room for what is worked out within a day; rows are (L,)."""

    factor: Floats  # (factors, L)
    product: Floats  # (products, L)
    logits: Floats  # (R, L)
    pull: Floats  # (3, L)
    push: Floats
    uniform: Floats
    height: Floats
    base: Floats
    total: Floats
    reached: Ints
    open: Floats  # (7, S * L): the draws that bounds leave open; its rows are those of `counting`
    whose: Ints  # (S * L,)


class Out(NamedTuple):
    """The arrays of `Paths`."""

    rungs: NDArray[np.uint8]
    deaths: NDArray[np.int32]
    first: NDArray[np.int32]
    by: NDArray[np.uint8]
    means: NDArray[np.uint8]
    advances: NDArray[np.int8]
    counts: NDArray[np.uint8]
    in_force: NDArray[np.bool_]
    levels: NDArray[np.float32]


def starts(parts: Sequence[Sequence[Any]]) -> Ints:
    """Where each part of a list of lists begins, and the end.

    >>> starts([[1, 2], [], [3]]).tolist()
    [0, 2, 2, 3]
    """
    return np.cumsum([0, *map(len, parts)]).astype(np.int64)

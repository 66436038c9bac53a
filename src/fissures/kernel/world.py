"""The world as the kernel sees it: laws under every draw, as arrays. Nothing here acts; `paths` steps it.

Fronts and tracks alike are *places* that stand on a ladder; they are numbered together, fronts first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.deaths import Deaths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What a factor reads. The order means nothing.
PRESSURE, RUNG, REACHES, MOVED, MEANS, ADVANCE, DEAD, DEATHS, WITHIN, STANDING, IN_FORCE, BREAK, JUST = range(13)

# Who moved on a day: the first side, the second, both, unclear; nobody where nothing moved.
FIRST, SECOND, BOTH, UNCLEAR, NOBODY = range(5)

LONG_AGO = 10_000.0  # days since an event that nobody remembers


@dataclass(frozen=True)
class Factor:
    """Something that is so, or so much, on a day.

    `places` are fronts and tracks, or the one pressure, stream or commitment; `codes` go with the places: for RUNG,
    JUST and REACHES a rung, for MOVED a mask over who moved (bit 0 the first side, 1 the second, 2 both, 3 unclear),
    for MEANS a bit, for ADVANCE +1, -1 or 0 for either, for DEAD a side. `level` is the lowest rung at which somebody
    counts as having MOVED, a number of days, or a constant; `scale` the raw level that reads as 1. Where `above` or
    `below` is a number the factor is a switch.
    """

    kind: int
    places: tuple[int, ...] = ()
    codes: tuple[int, ...] = ()
    level: float = 0.0
    scale: float = 1.0
    above: float = nan
    below: float = nan


@dataclass(frozen=True)
class Link:
    """A coefficient (D,), already signed, on the product of factors; `root` takes its square root.

    `usual`, one for all draws or (D,), is what the product was on an average day of the record: a claim acts on what
    differs from that. For a ladder, `moves` (rungs, rungs) holds the sign with which the move to j (row) from r
    (column) is touched. Links of one coefficient share a `group`, by which a lever finds them.
    """

    factors: tuple[Factor, ...]
    coefficient: Floats
    usual: float | Floats = 0.0
    root: bool = False
    moves: Floats | None = None
    group: int = -1


@dataclass(frozen=True)
class Marks:
    """What an active day on a front carries, beside deaths.

    `by` (4,) are log shares of who moved; `by_links` pairs of (code, link). `means` (B, D * R) are logits by (draw,
    rung), `able` (B, R) the rungs that give them a chance, `means_links` pairs of (means, link). `advance` (R,) are
    chances of a day; `advance_links` act on their logits. `first_share` (D,) is the first side's share of the dead.
    """

    by: Floats
    means: Floats
    able: NDArray[np.bool_]
    advance: Floats
    first_share: Floats
    by_links: tuple[tuple[int, Link], ...] = ()
    means_links: tuple[tuple[int, Link], ...] = ()
    advance_links: tuple[Link, ...] = ()
    keys: tuple[int, ...] = ()  # by, advance, taker, dead, then one for each means


@dataclass(frozen=True)
class Ladder:
    """A place's law under every draw: logits (R, D * R) by destination and (draw, rung), memory (Q, 3, D),
    the law of a day's deaths (D * R,), links of claims, keys of its random numbers.

    Outside days [opens, closes] the place stands at its lowest rung, and for good once one side has taken ground
    `retires_after` times more often than the other.
    """

    logits: Floats
    memory: Floats
    deaths: Deaths
    links: tuple[Link, ...]
    move_key: int
    death_key: int
    active: int
    marks: Marks | None = None
    opens: float = -LONG_AGO
    closes: float = LONG_AGO
    retires_after: float = LONG_AGO


@dataclass(frozen=True)
class Stream:
    """A stream under every draw: log rate, elasticity of its own memory, response to the rung, size; each (D,).

    `usual` is log1p of the own memory that the prior rate sustains, so that the rate is the rate of a usual day. A
    stream that is `read` counts 1 on days on which the factor holds; `lifts` (place, rung) is where an event that
    somebody brings about puts a track.
    """

    rate: Floats
    own: Floats
    rung: Floats
    size: Floats
    decay: float
    usual: float
    links: tuple[Link, ...]
    key: int
    read: Factor | None = None
    lifts: tuple[int, int] | None = None


@dataclass(frozen=True)
class Pressure:
    """A pressure in raw units, fed by streams (`weights`), by what days show (`feeds`), by a `series` of values by day
    (T,) that is held at its last one, and by claims; it never falls below `floor`.

    `decay` is one for all draws or (D,), and with it `gain`, by which what streams and days add is multiplied (and the
    top to which it builds up), so that the reference surge reads as 1 under every half-life.
    """

    kind: int
    decay: float | Floats
    floor: float
    scale: float
    weights: Floats
    relief: Floats
    feeds: tuple[tuple[Factor, float], ...] = ()
    series: Floats | None = None
    links: tuple[Link, ...] = ()
    gain: float | Floats = 1.0


@dataclass(frozen=True)
class Commitment:
    """In force for `lasts` days after its trigger and, where `requested` names a stream, so long after a request.

    `binds` (D,) says under which draws its contested reading holds.
    """

    trigger: Factor
    lasts: float
    requested: int
    binds: Floats


@dataclass(frozen=True)
class Lever:
    """Events added (stream, count, every), pressures and commitments held (index, raw level), rates of streams, what
    pressures take in and the coefficients of links scaled (index, factor), on days [start, end].

    Holding and scaling grow evenly over the first `ramp` days; links are named by their `group`.
    """

    inject: tuple[tuple[int, float, int], ...]
    hold: tuple[tuple[int, float], ...]
    start: int
    end: int
    bind: tuple[tuple[int, float], ...] = ()
    scale: tuple[tuple[int, float], ...] = ()
    press: tuple[tuple[int, float], ...] = ()
    links: tuple[tuple[int, float], ...] = ()
    ramp: float = 0.0

    def share(self, t: int) -> float:
        """How much of the lever is pulled on a day, 0 to 1.

        >>> [Lever((), (), 3, 9, ramp=4.0).share(t) for t in (2, 3, 4, 6, 9, 10)]
        [0.0, 0.25, 0.5, 1.0, 1.0, 0.0]
        """
        if not self.start <= t <= self.end:
            return 0.0
        return min((t - self.start + 1) / self.ramp, 1.0) if self.ramp > 1.0 else 1.0


@dataclass(frozen=True)
class World:
    """Everything that a path needs, as arrays over D draws.

    `fronts` of the places are fronts, the rest tracks. Starts are rungs (D, F), memories (D, F, Q), pressures (D, P),
    stream memories (D, S), days since each stream's last event (D, S) and since each commitment's trigger (D, K).
    """

    ladders: tuple[Ladder, ...]
    streams: tuple[Stream, ...]
    pressures: tuple[Pressure, ...]
    commitments: tuple[Commitment, ...]
    levers: tuple[Lever, ...]
    fronts: int
    death_decays: tuple[float, ...]
    violence_decays: tuple[float, ...]
    standing: tuple[float, float, float]
    death_scale: float
    start_rungs: Ints
    start_memories: Floats
    start_pressures: Floats
    start_streams: Floats
    start_since: Floats
    start_triggers: Floats

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.start_rungs.shape[0])


@dataclass(frozen=True)
class Paths:
    """What happened by place or front, day and path.

    rungs (F, T, M); deaths and first (the first side's dead) (N, T, M); by (N, T, M) who moved; means (N, T, M) bits;
    advances (N, T, M) +1 or -1 where a side took ground; counts (S, T, M); in_force (K, T, M). N counts fronts only.
    levels (P, M) are the pressures after the last day, in surges.
    """

    rungs: NDArray[np.uint8]
    deaths: NDArray[np.int32]
    first: NDArray[np.int32]
    by: NDArray[np.uint8]
    means: NDArray[np.uint8]
    advances: NDArray[np.int8]
    counts: NDArray[np.uint8]
    in_force: NDArray[np.bool_]
    levels: NDArray[np.float32]

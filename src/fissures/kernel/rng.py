"""Random numbers that are looked up, not drawn in turn: one uniform for each (seed, path, day, name, purpose).

A number depends on its key alone. So results do not depend on batches, threads, the number of paths or the horizon;
arms of a comparison share numbers; and a new stream takes nothing away from an old one. The mixing function is the
finaliser of SplitMix64 (Steele, Lea & Flood 2014), applied once for each part of the key.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_C1 = np.uint64(0xBF58476D1CE4E5B9)
_C2 = np.uint64(0x94D049BB133111EB)
_PATH = np.uint64(0xD1B54A32D192ED03)
_MASK = (1 << 64) - 1


def mix(z: Keys) -> Keys:
    """SplitMix64's finaliser: every output bit depends on every input bit; shape as given."""
    z = (z ^ (z >> np.uint64(30))) * _C1
    z = (z ^ (z >> np.uint64(27))) * _C2
    return z ^ (z >> np.uint64(31))


def _absorb(state: int, part: int) -> int:
    """One scalar round of `mix` on Python integers (no overflow warnings)."""
    z = (state ^ part) + _GOLDEN & _MASK
    z = (z ^ (z >> 30)) * int(_C1) & _MASK
    z = (z ^ (z >> 27)) * int(_C2) & _MASK
    return z ^ (z >> 31)


def name_key(seed: int, name: str, purpose: str) -> int:
    """The 64-bit key of a named quantity under a seed; stable across machines and versions.

    >>> name_key(1, "north", "move") == name_key(1, "north", "move")
    True
    """
    digest = hashlib.blake2b(f"{name}\x00{purpose}".encode(), digest_size=8).digest()
    return _absorb(_absorb(0, seed & _MASK), int.from_bytes(digest, "little"))


def uniforms(key: int, day: int, paths: Keys) -> NDArray[np.float64]:
    """One uniform in (0, 1) for each path of one named quantity on one day; shape (paths,)."""
    start = np.uint64(_absorb(key, day & _MASK))
    z = mix(start + (paths + np.uint64(1)) * _PATH)
    # 52 bits and half a step: with 53 the largest would round to 1.
    return (z >> np.uint64(12)).astype(np.float64) * 2.0**-52 + 2.0**-53


def uniforms_by_day(key: int, days: int, paths: Keys) -> NDArray[np.float64]:
    """`uniforms` of the days 0, 1, ... at once, the same numbers; shape (days, paths)."""
    starts = np.array([_absorb(key, day) for day in range(days)], np.uint64)
    z = mix(starts[:, None] + (paths + np.uint64(1)) * _PATH)
    return (z >> np.uint64(12)).astype(np.float64) * 2.0**-52 + 2.0**-53


def path_numbers(first: int, count: int) -> Keys:
    """The path numbers first, first + 1, ...; shape (count,)."""
    return np.arange(first, first + count, dtype=np.uint64)


def kept_numbers(first: int, count: int, kept: int, draws: int) -> Keys:
    """The numbers of paths first, first + 1, ... among those that have one of the first `kept` of D draws; (count,).

    Path m has draw m mod D, so of every D paths the first `kept` stay.

    >>> kept_numbers(0, 5, 2, 10).tolist()
    [0, 1, 10, 11, 20]
    """
    rounds, draw = np.divmod(path_numbers(first, count), np.uint64(kept))
    return rounds * np.uint64(draws) + draw

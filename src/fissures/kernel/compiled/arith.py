"""Exponential, logarithm and uniforms as in `kernel/arith.py` and `kernel/rng.py`, one number at a time.

Written so that a compiler can work on several lanes at once; no fast-math, and no fused multiply and add, so that every
operation rounds as NumPy's does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from fissures.kernel import rng
from fissures.kernel.arith import COUNTS, EXP_MAX, EXP_MIN, EXP_TERMS, LN2_HIGH, LN2_LOW, LOG2E, ROUND, SQRT_HALF

EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": False}
# Parts of the kernel make no arrays, so that nobody need count who holds which: counting would take most of the time.
HOLDS_NOTHING: dict[str, Any] = {**EXACT, "_nrt": False}
part = njit(**HOLDS_NOTHING)  # a part of the kernel
inline = njit(**HOLDS_NOTHING, forceinline=True)  # written into its caller: a call would pass hundreds of arguments
whole = njit(**EXACT, nogil=True)  # what Python calls

ROUND_BITS = np.int64(np.array(ROUND).view(np.int64))
TWO_52 = 4503599627370496.0
TWO_52_BITS = np.uint64(0x4330000000000000)
C1, C2, PATH, GOLDEN = (np.uint64(number) for number in (rng._C1, rng._C2, rng._PATH, rng._GOLDEN))


@inline
def exp(x: float) -> float:
    """`arith.exp`. The whole number k is read off the bits of x / ln 2 + 1.5 * 2**52, where it stands in the last."""
    x = x if x > EXP_MIN else EXP_MIN
    x = x if x < EXP_MAX else EXP_MAX
    rounded = x * LOG2E + ROUND
    k = rounded - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = r * EXP_TERMS[0] + EXP_TERMS[1]
    p = p * r + EXP_TERMS[2]
    p = p * r + EXP_TERMS[3]
    p = p * r + EXP_TERMS[4]
    p = p * r + EXP_TERMS[5]
    p = p * r + EXP_TERMS[6]
    p = p * r + EXP_TERMS[7]
    p = p * r + EXP_TERMS[8]
    p = p * r + EXP_TERMS[9]
    p = p * r + EXP_TERMS[10]
    p = p * r + EXP_TERMS[11]
    p = p * r + EXP_TERMS[12]
    p = p * r + EXP_TERMS[13]
    whole = np.float64(rounded).view(np.int64) - ROUND_BITS
    return p * np.int64((whole + 1023) << 52).view(np.float64)


@inline
def log(x: float) -> float:
    """`arith.log`."""
    bits = np.float64(x).view(np.int64)
    m = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000).view(np.float64)
    k = np.float64((bits >> 52) - 1022)
    low = m < SQRT_HALF
    m = m * 2.0 if low else m
    k = k - 1.0 if low else k
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = z * (1.0 / 21.0)
    p = (p + 1.0 / 19) * z
    p = (p + 1.0 / 17) * z
    p = (p + 1.0 / 15) * z
    p = (p + 1.0 / 13) * z
    p = (p + 1.0 / 11) * z
    p = (p + 1.0 / 9) * z
    p = (p + 1.0 / 7) * z
    p = (p + 1.0 / 5) * z
    p = (p + 1.0 / 3) * z
    p = (p + 1.0) * s * 2.0
    return (p + k * LN2_LOW) + k * LN2_HIGH


@inline
def log1p(x: float) -> float:
    """`arith.log1p`."""
    u = 1.0 + x
    gap = u - 1.0
    safe = 1.0 if gap == 0.0 else gap
    full = log(u) * (x / safe)
    return x if gap == 0.0 else full


@inline
def log1p_count(n: float) -> float:
    """`arith.log1p_count`."""
    return log1p(n) if n > 1023.0 else COUNTS[np.int64(n)]


@inline
def mix(z: np.uint64) -> np.uint64:
    """`rng.mix`."""
    z = (z ^ (z >> np.uint64(30))) * C1
    z = (z ^ (z >> np.uint64(27))) * C2
    return z ^ (z >> np.uint64(31))


@inline
def key_of_day(key: np.uint64, day: int) -> np.uint64:
    """The key of a named quantity on one day, from which `uniform` starts."""
    return mix((key ^ np.uint64(day)) + GOLDEN)


@inline
def uniform(start: np.uint64, number: np.uint64) -> float:
    """`rng.uniforms` for one path, given as (number + 1) * PATH. Its 52 bits become a double by way of 2**52."""
    bits = (mix(start + number) >> np.uint64(12)) | TWO_52_BITS
    return (np.uint64(bits).view(np.float64) - TWO_52) * 2.0**-52 + 2.0**-53

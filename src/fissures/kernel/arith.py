"""Exponential and logarithm in elementary operations, so that every engine gives the same bits.

NumPy's and a C library's exp and log differ in the last bit on some processors. These use only operations that
IEEE 754 rounds correctly (add, subtract, multiply, divide) and exact bit shifts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOG2E = 1.4426950408889634
# ln 2 in two parts; the first has few enough bits that k * LN2_HIGH is exact.
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
_INVERSE_FACTORIALS = tuple(1.0 / f for f in (6227020800.0, 479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0))
EXP_TERMS = (*_INVERSE_FACTORIALS, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5, 1.0, 1.0)
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding and subtracting it rounds to the nearest integer
SQRT_HALF = 0.7071067811865476
EXP_MAX, EXP_MIN = 700.0, -700.0


def exp(x: Any) -> Floats:
    """exp(x) elementwise in double precision, relative error below 1e-15; x is clipped to [-700, 700].

    >>> float(exp(0.0))
    1.0
    """
    x = np.minimum(np.maximum(np.asarray(x, np.float64), EXP_MIN), EXP_MAX)
    k = (x * LOG2E + ROUND) - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = r * EXP_TERMS[0]
    p += EXP_TERMS[1]
    for term in EXP_TERMS[2:]:
        p *= r
        p += term
    p *= ((k.astype(np.int64) + 1023) << 52).view(np.float64)
    return p


def log(x: Any) -> Floats:
    """Natural logarithm elementwise of positive, normal doubles, error below 2e-16 + 1e-15 |log x|.

    Reduces x to m 2^k with m in [sqrt(1/2), sqrt(2)) and sums the atanh series in s = (m - 1) / (m + 1).

    >>> float(log(1.0))
    0.0
    """
    bits = np.atleast_1d(np.asarray(x, np.float64)).view(np.int64)
    k = (bits >> 52) - 1022
    m = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000).view(np.float64)  # in [1/2, 1)
    low = m < SQRT_HALF
    m = np.where(low, m * 2.0, m)
    kf = (k - low).astype(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = z * (1.0 / 21.0)
    for odd in (19, 17, 15, 13, 11, 9, 7, 5, 3):
        p += 1.0 / odd
        p *= z
    p += 1.0
    p *= s
    p *= 2.0
    p += kf * LN2_LOW
    p += kf * LN2_HIGH
    return p.reshape(np.shape(x))


def log1p(x: Any) -> Floats:
    """log(1 + x) elementwise for x >= 0, with Kahan's correction for small x.

    >>> float(log1p(0.0))
    0.0
    """
    x = np.asarray(x, np.float64)
    u = 1.0 + x
    gap = u - 1.0
    safe = np.where(gap == 0.0, 1.0, gap)
    return np.where(gap == 0.0, x, log(u) * (x / safe))


COUNTS = log1p(np.arange(1024.0))


def log1p_count(n: Floats) -> Floats:
    """log(1 + n) of whole numbers n >= 0, looked up below 1,024: the same bits as `log1p`, without the work."""
    small = COUNTS[np.minimum(n, 1023.0).astype(np.int64)]
    large = n > 1023.0
    return np.where(large, log1p(n), small) if large.any() else small

"""The number of a probability as it is printed, and the word that stands beside it, chosen from that number."""

from __future__ import annotations

import math

from fissures.errors import UsageError
from fissures.terms import words

SCALES = {"icd203": "ICD 203", "phia": "PHIA"}
WIDE = 0.4  # a range so wide makes single points idle: the number and its range are given in steps of five


def known_scale(scale: str) -> str:
    """The scale itself; raises UsageError for one that is not known."""
    if scale not in SCALES:
        raise UsageError(
            f"no scale of words called '{scale[:40]}'",
            where="words",
            why="a word without its scale says nothing",
            remedy=f"one of {', '.join(SCALES)}",
        )
    return scale


def terms(scale: str = "icd203") -> tuple[str, ...]:
    """The terms of a scale, lowest first."""
    return tuple(term for _, _, term in words(scale))


def step(range80: tuple[float, float]) -> int:
    """In what steps of a point a probability is told: five where its range is wide, else one."""
    return 5 if range80[1] - range80[0] >= WIDE else 1


def rounded(p: float, step: int = 1) -> int:
    """A probability as the whole points that are printed: in steps of `step` from 10 % to 90 %, in ones outside.

    >>> [rounded(p) for p in (0.0049, 0.134, 0.135, 0.5)], rounded(0.134, 5), rounded(0.07, 5)
    ([0, 13, 14, 50], 15, 7)
    """
    value = math.floor(100 * p + 0.5 + 1e-9)
    return step * math.floor(100 * p / step + 0.5 + 1e-9) if step > 1 and 10 <= 100 * p <= 90 else value


def printed(p: float, range80: tuple[float, float]) -> float:
    """A probability rounded as it is printed; as it is below 1 % and above 99 %, which no whole point may hide.

    >>> printed(0.046, (0.01, 0.1)), printed(0.134, (0.02, 0.44)), printed(0.004, (0.0, 0.01))
    (0.05, 0.15, 0.004)
    """
    return rounded(p, step(range80)) / 100 if 0.01 <= p <= 0.99 else p


def worded(p: float, range80: tuple[float, float], scale: str = "icd203") -> str:
    """The word for a probability as it is printed, wherever that is; "" in a gap of the scale, or for no probability.

    >>> worded(0.046, (0.01, 0.1)), worded(0.19, (0.02, 0.44)), worded(math.nan, (0.0, 1.0))
    ('very unlikely', 'unlikely', '')
    """
    return word(printed(p, range80), scale) if 0 <= p <= 1 else ""


def word(probability: float, scale: str = "icd203") -> str:
    """The term of a scale for a probability that has been rounded as it is printed; "" in a gap of the scale.

    A boundary belongs to the milder term, the one nearer to even. Below 1 % and above 99 % the outermost terms stand.

    >>> word(0.2), word(0.8), word(0.55), word(0.004)
    ('unlikely', 'likely', 'roughly even chance', 'almost no chance')
    >>> word(0.15, "phia"), word(0.07, "phia")
    ('highly unlikely', '')
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {probability}")
    rows = words(scale)
    kept = min(max(probability, rows[0][0]), rows[-1][1])
    fitting = [row for row in rows if row[0] - 1e-9 <= kept <= row[1] + 1e-9]
    return min(fitting, key=lambda row: abs(row[0] + row[1] - 1))[2] if fitting else ""


def legend(scale: str = "icd203") -> str:
    """What the words of a scale mean, in one sentence."""
    rows = words(scale)
    inner = [f"{term} {100 * low:.0f}–{100 * high:.0f} %" for low, high, term in rows[1:-1]]
    told = ", ".join(
        [f"{rows[0][2]} up to {100 * rows[0][1]:.0f} %", *inner, f"{rows[-1][2]} from {100 * rows[-1][0]:.0f} %"]
    )
    gaps = "" if scale == "icd203" else "; what lies between has no word"
    return f"Words follow {SCALES[scale]}: {told}{gaps}."

"""The word that stands beside a probability, chosen from the number as it is printed."""

from __future__ import annotations

from fissures.errors import UsageError
from fissures.terms import words

SCALES = {"icd203": "ICD 203", "phia": "PHIA"}


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

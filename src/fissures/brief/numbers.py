"""How numbers are written: never 0 % or 100 %, a true minus sign, no more digits than are meant."""

from __future__ import annotations

import math
from datetime import date

from fissures.case import wording
from fissures.study.records import Range
from fissures.study.verbal import rounded

SPACE = "\u00a0"
MINUS = "\u2212"


def percent(p: float) -> str:
    """A probability in per cent, between "< 0.1 %" and "> 99.9 %".

    >>> [percent(p).replace(SPACE, " ") for p in (0, 0.0004, 0.0312, 0.05, 0.1349, 0.996, 1)]
    ['< 0.1 %', '< 0.1 %', '3.1 %', '5 %', '13 %', '99.6 %', '> 99.9 %']
    """
    if not math.isfinite(p):
        return "not known"
    if p < 0.001:
        return f"<{SPACE}0.1{SPACE}%"
    if p > 0.999:
        return f">{SPACE}99.9{SPACE}%"
    value = 100 * p
    return f"{_short(value) if value < 9.95 or value > 98.95 else f'{value:.0f}'}{SPACE}%"


def chance(p: float, step: int = 1) -> str:
    """A probability in whole points, between "< 1 %" and "> 99 %"; in steps of five where `step` says so.

    >>> [chance(p).replace(SPACE, " ") for p in (0, 0.0049, 0.0312, 0.134, 0.991, 1)]
    ['< 1 %', '< 1 %', '3 %', '13 %', '> 99 %', '> 99 %']
    >>> chance(0.134, 5).replace(SPACE, " ")
    '15 %'
    """
    if not math.isfinite(p):
        return "not known"
    if p < 0.01 or p > 0.99:
        return f"<{SPACE}1{SPACE}%" if p < 0.5 else f">{SPACE}99{SPACE}%"
    return f"{rounded(p, step)}{SPACE}%"


def whole_points(difference: float) -> str:
    """A signed difference of two probabilities in whole points; what is smaller is said to be smaller.

    >>> [whole_points(x).replace(SPACE, " ") for x in (-0.0213, 0.011, 0.004, -0.5)]
    ['−2 points', '+1 point', 'less than 1 point', '−50 points']
    """
    if not math.isfinite(difference):
        return "not known"
    size = rounded(abs(difference))
    return f"{_sign(difference)}{size} point{'s' * (size > 1)}" if size else "less than 1 point"


def share(part: float) -> str:
    """A share of something counted (not a probability), which may be nothing or all.

    >>> share(0.254).replace(SPACE, " "), share(0.001), share(-0.2)
    ('25 %', '0\\xa0%', 'widened')
    """
    if not math.isfinite(part):
        return "not known"
    if part <= -0.005:
        return "widened"
    return f"{100 * max(part, 0.0):.0f}{SPACE}%"


def points(difference: float) -> str:
    """A signed difference of two probabilities, in percentage points.

    >>> points(-0.0213).replace(SPACE, " "), points(0.0002).replace(SPACE, " ")
    ('−2.1 points', '0.0 points')
    """
    if not math.isfinite(difference):
        return "not known"
    size = f"{abs(100 * difference):.1f} points"
    return size if size.startswith("0.0 ") else _sign(difference) + size


def count(x: float) -> str:
    """A count; a median that is not whole keeps one decimal below ten.

    >>> count(12.4), count(1234567), count(2.5), count(3.0)
    ('12', '1,234,567', '2.5', '3')
    """
    if not math.isfinite(x):
        return "not known"
    return _short(x) if abs(x) < 9.95 else f"{x:,.0f}".replace("-", MINUS)


def people(x: float) -> str:
    """A number of people, whole; halves round up.

    >>> people(9.2), people(2.5), people(1234.5)
    ('9', '3', '1,235')
    """
    return count(math.floor(x + 0.5)) if math.isfinite(x) else "not known"


def signed_count(x: float) -> str:
    """A signed difference of counts.

    >>> signed_count(-3), signed_count(0.01)
    ('−3', '0')
    """
    return count(x) if not math.isfinite(x) or abs(x) < 0.05 else f"{_sign(x)}{count(abs(x))}"


def times(log_odds: float) -> str:
    """A coefficient as a factor on the odds.

    >>> times(0.35), times(-0.7), times(0.0), times(9.0)
    ('×1.42', '×0.50', '×1.00', '> ×1000')
    """
    if not math.isfinite(log_odds):
        return "not known"
    if abs(log_odds) > math.log(1000):
        return "> ×1000" if log_odds > 0 else "< ×0.001"
    factor = math.exp(log_odds)
    return f"×{factor:.3g}" if factor >= 10 or factor < 0.01 else f"×{factor:.2f}"


def decimal(x: float) -> str:
    """A coefficient to two decimals, with a true minus sign.

    >>> decimal(-0.254)
    '−0.25'
    """
    return f"{round(x, 2) + 0.0:.2f}".replace("-", MINUS) if math.isfinite(x) else "not known"


def between(low: str, high: str) -> str:
    """A range in words.

    >>> between("6 %", "22 %")
    '6 % to 22 %'
    """
    return f"{low} to {high}"


def percents(span: Range) -> str:
    """A range of probabilities."""
    return between(percent(span[0]), percent(span[1]))


def chances(span: Range, step: int = 1) -> str:
    """A range of probabilities in whole points.

    >>> chances((0.02, 0.134)).replace(SPACE, " "), chances((0.995, 1)).replace(SPACE, " ")
    ('2 % to 13 %', '> 99 % throughout')
    """
    low, high = (chance(end, step) for end in span)
    return between(low, high) if low != high else f"{low} throughout"


def counts(span: Range) -> str:
    """A range of counts."""
    return between(count(span[0]), count(span[1]))


def peoples(span: Range) -> str:
    """A range of numbers of people."""
    return between(people(span[0]), people(span[1]))


def day(when: date) -> str:
    """A date, the same in every locale.

    >>> day(date(2020, 7, 21)).replace(SPACE, " ")
    '21 July 2020'
    """
    return wording.day(when).replace(" ", SPACE)


def _short(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0").replace("-", MINUS)


def _sign(x: float) -> str:
    return "+" if x > 0 else MINUS

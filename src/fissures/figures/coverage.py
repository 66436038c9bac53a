"""A strip of weeks: how much was counted in each, white to navy, and the days without data hatched in grey.

And strips of months, one a source: what it covers, what it covers in part, and what it does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from fissures.figures.drawing import FONT, NARROW, WIDE
from fissures.figures.labels import plain
from fissures.study.coverage import Coverage, Covered

Days = Sequence[tuple[date, date]]

SHADES = ("#ffffff", "#cbd8e9", "#98b0cf", "#6284b2", "#33558a", "#12284c")
_LADDERS = ((1, 2, 4, 8, 16), (1, 3, 10, 30, 100), (1, 5, 25, 100, 500), (1, 10, 100, 1_000, 10_000))
_EDGE, _TOP, _HIGH, _TALL = 1, 4, 16, 40  # pixels: margin, where the band begins, its height, the whole strip
_KEY, _ROW, _NAME, _BAND = 26, 32, 14, 11  # of months: the key, one source, its name, its bar
_RULE, _SOFT = "#9aa1ac", "#555b66"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def steps(top: float) -> tuple[int, ...]:
    """From how many in a week each shade begins, so that the busiest week (`top`) is not far beyond the last.

    >>> steps(5), steps(150), steps(5840)
    ((1, 2, 4, 8, 16), (1, 3, 10, 30, 100), (1, 10, 100, 1000, 10000))
    """
    return next((ladder for ladder in _LADDERS if top < 3 * ladder[-1]), _LADDERS[-1])


def shade(value: float, bounds: Sequence[int]) -> int:
    """Which shade a week has: 0 only where nothing was counted; a fraction below one has the first.

    >>> [shade(value, (1, 3, 10, 30, 100)) for value in (0, 0.2, 2, 3, 5840)]
    [0, 1, 1, 2, 5]
    """
    return max(sum(value >= bound for bound in bounds), int(value > 0))


def strip(
    weeks: Sequence[float | None],
    span: tuple[date, date],
    blank: Days,
    bounds: Sequence[int],
    label: str,
    width: int = WIDE,
) -> str:
    """An inline SVG: a band of weeks over the days of `span`, with a time axis below it.

    `weeks` begin on the Monday on or before the first day and hold None where no day is covered; `blank` are days
    without data, drawn to the day. Where weeks are more than half the pixels, a column holds several and shows the
    busiest of them. `label` is what a reader hears.
    """
    axis = _Axis(span[0], (span[1] - span[0]).days + 1, width)
    name = _own_id(label, list(weeks), span, list(blank), width)
    parts = [
        _hatch(name),
        _rect(_EDGE, _TOP, width - 2 * _EDGE, _HIGH, f'fill="#fff" stroke="{_RULE}"'),
        *_cells(weeks, axis, bounds),
        *(_gap(axis, days, name) for days in blank),
        *_ticks(axis),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(plain(label))}" '
        f'viewBox="0 0 {width} {_TALL}" font-family="{FONT}" font-size="11" fill="{_SOFT}" '
        f'style="max-width:{width}px">{"".join(parts)}</svg>'
    )


def key(bounds: Sequence[int], unit: str, blank: bool = True) -> str:
    """An inline SVG that says what the shades mean; `unit` is what was counted in a week."""
    wide = bounds[-1] > 999  # so that the words do not run into each other
    labels = ["none", *(_between(a, None if wide else b) for a, b in zip(bounds, [*bounds[1:], None], strict=True))]
    told = f"from white to navy: {', '.join(labels)}" + ("; hatched: no data" if blank else "")
    drawn = [
        _rect(1 + 48 * k, 2, 44, 12, f'fill="{fill}" stroke="{_RULE}"') + _text(23 + 48 * k, 28, "middle", label)
        for k, (fill, label) in enumerate(zip(SHADES, labels, strict=True))
    ]
    if blank:
        name, style = _own_id(unit, bounds), f'fill="url(#{_own_id(unit, bounds)})" stroke="{_RULE}"'
        drawn += [_hatch(name), _rect(289, 2, 44, 12, style), _text(311, 28, "middle", "no data")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(plain(f"{unit}, {told}"))}" '
        f'viewBox="0 0 {NARROW} 32" font-family="{FONT}" font-size="11" fill="{_SOFT}" '
        f'style="max-width:{NARROW}px">{"".join(drawn)}</svg>'
    )


def months(told: Coverage, names: Sequence[str], label: str, width: int = WIDE) -> str:
    """An inline SVG: one strip a source below its name, month by month, with a key above and a time axis below.

    What is covered is a full bar, what is covered in part half as high, and what is missing hatched: the three differ
    in shape and not in hue alone. `names` go with the sources; `label` is what a reader hears.
    """
    axis = _Axis(told.first, (told.as_of - told.first).days + 1, width)
    hatch = _own_id(label, told.first, list(names), width)
    parts = [_hatch(hatch), *_covering_key(hatch)]
    for k, (row, name) in enumerate(zip(told.rows, names, strict=True)):
        top = _KEY + _ROW * k
        parts.append(_text(_EDGE, top + 10, "start", plain(name, width // 6)))
        parts += _spans(row, told, axis, hatch, top + _NAME)
    below = _KEY + _ROW * len(told.rows) - _TOP - _HIGH
    parts.append(f'<g transform="translate(0 {below})">{"".join(_ticks(axis))}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(plain(label))}" '
        f'viewBox="0 0 {width} {below + _TALL}" font-family="{FONT}" font-size="11" fill="#1a1a1a" '
        f'style="max-width:{width}px">{"".join(parts)}</svg>'
    )


def _covering_key(hatch: str) -> list[str]:
    out, x = [], _EDGE
    for kind, words in (("full", "covered"), ("part", "covered in part"), ("none", "no record")):
        out += [_bar(x, x + 30, 3, kind, hatch), _text(x + 36, 13, "start", words)]
        x += 36 + 6 * len(words) + 18
    return out


def _spans(row: Covered, told: Coverage, axis: _Axis, hatch: str, top: float) -> list[str]:
    """The bars of one source, neighbouring months that are alike as one."""
    ends = [*told.starts[1:], told.as_of + timedelta(days=1)]
    return [_bar(axis.at(told.starts[a]), axis.at(ends[b]), top, kind, hatch) for kind, a, b in row.runs]


def _bar(x: float, end: float, top: float, kind: str, hatch: str) -> str:
    wide = round(end - x, 1)
    frame = _rect(x, top, wide, _BAND, f'fill="{"#fff" if kind != "none" else f"url(#{hatch})"}" stroke="{_RULE}"')
    if kind == "none":
        return frame
    high = _BAND if kind == "full" else _BAND / 2
    return frame + _rect(x, top + _BAND - high, wide, high, f'fill="{SHADES[4]}"')


def _between(low: int, next_one: int | None) -> str:
    if next_one is None:
        return f"{low:,}+"
    return f"{low:,}" if next_one == low + 1 else f"{low:,}–{next_one - 1:,}"


def _own_id(*of: object) -> str:
    """An id that no other figure on the page has."""
    return f"c{hashlib.sha256(repr(of).encode()).hexdigest()[:8]}"


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" '
        'fill="#efefef"/><path d="M-1 1L1 -1M0 4L4 0M3 5L5 3" stroke="#6b6b6b"/></pattern></defs>'
    )


class _Axis:
    """Days laid on pixels."""

    def __init__(self, first: date, days: int, width: int) -> None:
        self.first, self.days, self.width = first, max(days, 1), width

    def at(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / self.days
        return round(_EDGE + (self.width - 2 * _EDGE) * min(1.0, max(0.0, share)), 1)


def _cells(weeks: Sequence[float | None], axis: _Axis, bounds: Sequence[int]) -> list[str]:
    """Rectangles of one shade, neighbours of the same shade as one path."""
    each = -(-2 * len(weeks) // axis.width) or 1
    monday = axis.first - timedelta(days=axis.first.weekday())
    paths: dict[int, list[str]] = {}
    columns = [max((w for w in weeks[k : k + each] if w is not None), default=0.0) for k in range(0, len(weeks), each)]
    shades = [shade(value, bounds) for value in columns]
    start = 0
    for k in range(1, len(shades) + 1):
        if k == len(shades) or shades[k] != shades[start]:
            x, end = (axis.at(monday + timedelta(days=7 * each * n)) for n in (start, k))
            paths.setdefault(shades[start], []).append(f"M{x:g} {_TOP}H{end:g}v{_HIGH}H{x:g}z")
            start = k
    return [f'<path fill="{SHADES[level]}" d="{"".join(d)}"/>' for level, d in sorted(paths.items()) if level]


def _gap(axis: _Axis, days: tuple[date, date], name: str) -> str:
    """Days without data: hatched, standing out of the band above and below, and never too thin to be seen."""
    x, end = axis.at(days[0]), axis.at(days[1] + timedelta(days=1))
    wide = max(end - x, 2.0)
    return _rect(min(x, axis.width - _EDGE - wide), _TOP - 3, wide, _HIGH + 6, f'fill="url(#{name})"')


def _ticks(axis: _Axis) -> list[str]:
    """The first days of years or months, as many as fit, with their names; a name without room is left out."""
    out, taken = [], 0.0
    for day, label in _marks(axis):
        x = axis.at(day)
        half = 3.2 * len(label)  # pixels, about
        anchor = "start" if x < half else "end" if x > axis.width - half else "middle"
        left = {"start": x, "middle": x - half, "end": x - 2 * half}[anchor]
        name = _text(x, _TALL - 5, anchor, label) if left >= taken else ""
        taken = left + 2 * half + 4 if name else taken
        out.append(f'<path d="M{x:g} {_TOP + _HIGH}v4" stroke="{_SOFT}"/>{name}')
    return out


def _marks(axis: _Axis) -> list[tuple[date, str]]:
    last = axis.first + timedelta(days=axis.days)
    for months, room in ((1, 60), (3, 60), (6, 60), (12, 44), (24, 44), (60, 44), (120, 44), (600, 44)):
        begin = axis.first.year * 12 // months * months
        days = [date(n // 12, n % 12 + 1, 1) for n in range(begin, last.year * 12 + 12, months)]
        inside = [day for day in days if axis.first <= day < last]
        if len(inside) * room <= axis.width:
            return [(day, _name(day, months)) for day in inside]
    return []


def _name(day: date, months: int) -> str:
    return str(day.year) if months >= 12 else f"{_MONTHS[3 * day.month - 3 : 3 * day.month]} {day.year}"


def _rect(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:.4g}" height="{height:g}" {style}/>'


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'

"""A dot and its range on a short line, to stand inside a table cell."""

from __future__ import annotations

import math
from html import escape

from fissures.figures.labels import plain
from fissures.study.records import Range

WIDTH, HEIGHT, EDGE = 140, 20, 7


def strip(value: float, span: Range, label: str, *, top: float = 1.0, box: Range | None = None) -> str:
    """An inline SVG: a dot at `value`, a bar over `span`, a pale box over `box`, on an axis from 0 to `top`.

    An axis that reaches beyond 1 is log-like, as in the figure of deaths. `label` is what a reader hears.
    """

    def at(x: float) -> float:
        share = math.log1p(max(0.0, x)) / math.log1p(top) if top > 1 else x / top
        return round(EDGE + (WIDTH - 2 * EDGE) * min(1.0, max(0.0, share)), 1)

    low, high = at(span[0]), at(span[1])
    end = WIDTH - EDGE
    parts = [f'<path d="M{EDGE} 10H{end}M{EDGE} 6V14M{end} 6V14M{WIDTH // 2} 8V12" stroke="#9aa1ac"/>']
    if box is not None:
        width = round(max(1.0, at(box[1]) - at(box[0])), 1)
        parts.insert(0, f'<rect x="{at(box[0])}" y="3" width="{width}" height="14" fill="#dfe4ec"/>')
    parts.append(f'<path d="M{low} 10H{max(high, low + 1)}" stroke="#12284c" stroke-width="4"/>')
    parts.append(f'<circle cx="{at(value)}" cy="10" r="4.5" fill="#fff" stroke="#12284c" stroke-width="2"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" role="img" aria-label="{escape(plain(label))}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )


def mark(value: float, top: float, label: str) -> str:
    """An inline SVG: one dot at `value` on an axis from 0 to `top`, log-like; `label` is what a reader hears."""
    x = round(EDGE + (WIDTH - 2 * EDGE) * math.log1p(max(0.0, min(value, top))) / math.log1p(max(top, 1.0)), 1)
    end = WIDTH - EDGE
    parts = f'<path d="M{EDGE} 6H{end}" stroke="#9aa1ac"/><circle cx="{x}" cy="6" r="4" fill="#12284c"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mark" role="img" aria-label="{escape(plain(label))}" '
        f'width="{WIDTH}" height="12" viewBox="0 0 {WIDTH} 12">{parts}</svg>'
    )

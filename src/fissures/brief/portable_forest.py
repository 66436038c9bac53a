"""A forest plot as a small static SVG: one row an estimate, a dot for the mean and a line for the middle 90 %."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

INK, GREY, RULE = "#1a1a1a", "#6b6b6b", "#d5d9e0"
ROW, LEFT, WIDTH, RIGHT, TOP = 20, 250, 330, 120, 24
MIDDLE = 1.645  # sds of the middle 90 %
MOST = 1.6  # log odds at either end; what lies beyond is cut at the edge

Row = tuple[str, float, float, bool]  # name, mean, sd, whether it is an average


def forest(rows: Sequence[Row], title: str) -> str:
    """The plot as SVG text; rows of name, mean, sd and whether the row is an average over units (drawn darker)."""
    height = TOP + ROW * len(rows) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}" height="{height}" '
        f'font-family="Arial, sans-serif" font-size="12" role="img" aria-label="{escape(title, quote=True)}">',
        f'<rect width="{LEFT + WIDTH + RIGHT}" height="{height}" fill="white"/>',
    ]
    bottom = TOP + ROW * len(rows)
    for tick in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5):
        ink, at = (GREY if tick == 0.0 else RULE), _at(tick)
        parts.append(f'<line x1="{at}" y1="{TOP}" x2="{at}" y2="{bottom}" stroke="{ink}"/>')
        parts.append(f'<text x="{at}" y="{bottom + 14}" text-anchor="middle" fill="{GREY}">{tick:g}</text>')
    parts.append(
        f'<text x="{LEFT + WIDTH / 2:g}" y="{bottom + 29}" text-anchor="middle" fill="{GREY}">log odds per surge</text>'
    )
    parts += [part for number, row in enumerate(rows) for part in _row(row, TOP + ROW * number + ROW // 2)]
    return "\n".join([*parts, "</svg>", ""])


def _row(row: Row, y: int) -> list[str]:
    name, mean, sd, average = row
    ink = INK if average else GREY
    low, high = _at(mean - MIDDLE * sd), _at(mean + MIDDLE * sd)
    return [
        f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end" fill="{ink}">{escape(name)}</text>',
        f'<line x1="{low}" y1="{y}" x2="{high}" y2="{y}" stroke="{ink}" stroke-width="{2 if average else 1}"/>',
        f'<circle cx="{_at(mean)}" cy="{y}" r="{4 if average else 3}" fill="{ink}"/>',
        f'<text x="{LEFT + WIDTH + 8}" y="{y + 4}" fill="{ink}">{mean:+.2f} ({sd:.2f})</text>',
    ]


def _at(value: float) -> str:
    kept = min(max(value, -MOST), MOST)
    return f"{LEFT + WIDTH * (kept + MOST) / (2 * MOST):.1f}"

"""Figures as Vega-Lite specifications, and their drawing as SVG.

`fan(course)`, `ladder(course, front)`, `claims(rows)`, `arms(arms, code)`, `reasons(why)`, `spread(sense)`,
`swings(sense)`, `reliability(records)`, `trade_off(discovery)`, `boxes(discovery)`, `front_map(where)` and
`timeline_chart(timeline)` return specifications (plain dictionaries, so that they can be exported); `svg(spec)` draws
one. They load the charting library when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fissures.figures.argument import claims
    from fissures.figures.calibration import reliability
    from fissures.figures.course import fan, ladder
    from fissures.figures.discovery import boxes, trade_off
    from fissures.figures.drawing import svg
    from fissures.figures.map import front_map
    from fissures.figures.sensing import spread, swings
    from fissures.figures.shares import reasons
    from fissures.figures.strips import strip
    from fissures.figures.timeline import timeline_chart
    from fissures.figures.whatifs import arms

__all__ = [
    "arms",
    "boxes",
    "claims",
    "fan",
    "front_map",
    "ladder",
    "reasons",
    "reliability",
    "spread",
    "strip",
    "svg",
    "swings",
    "timeline_chart",
    "trade_off",
]

_HOMES = {
    "arms": "whatifs",
    "boxes": "discovery",
    "claims": "argument",
    "fan": "course",
    "front_map": "map",
    "ladder": "course",
    "reasons": "shares",
    "reliability": "calibration",
    "spread": "sensing",
    "strip": "strips",
    "svg": "drawing",
    "swings": "sensing",
    "timeline_chart": "timeline",
    "trade_off": "discovery",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

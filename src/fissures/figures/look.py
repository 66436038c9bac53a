"""The look that all figures share: one hue, dark enough steps to read in grey, never red for deaths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from fissures.figures.drawing import Spec

NAVY = "#12284c"
INK = "#1a1a1a"
GREY = "#6b6b6b"
RULE = "#d5d9e0"
GAP = "#ececec"

_SIZES = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK}
_CONFIG = {
    "font": "Arial",
    "aria": False,
    "view": {"stroke": None},
    "axis": {**_SIZES, "gridColor": RULE, "domainColor": GREY, "tickColor": GREY},
    "legend": {**_SIZES, "columnPadding": 16},
    "text": {"fontSize": 12, "color": INK},
}

Rows = Iterable[Mapping[str, Any]]


def chart(rows: Rows) -> alt.Chart:
    """A chart on inline rows: as a tuple, of which Altair makes no copy whenever it copies a chart."""
    return alt.Chart(alt.InlineData(values=tuple(dict(row) for row in rows)))


def finish(layers: Sequence[alt.Chart], width: int, height: int, description: str) -> Spec:
    """The layers as a specification of `width` x `height` pixels over all; `description` is what a reader hears."""
    # all at once: a chart copies its layers whenever something is added to it
    styled = alt.layer(
        *layers,
        width=width,
        height=height,
        description=description,
        background="transparent",
        padding={"left": 2, "right": 8, "top": 2, "bottom": 2},
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        config=_CONFIG,
    )
    spec: Spec = styled.to_dict(validate=False)  # checking against the schema takes longer than drawing
    return {**spec, "datasets": {name: list(rows) for name, rows in spec["datasets"].items()}}

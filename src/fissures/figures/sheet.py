"""A sheet whose marks stand at pixels: for figures that lay themselves out, such as a map.

The layers are written out as Vega-Lite, since the charting library copies every row several times; fonts and colours of
text are those of all figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fissures.figures.drawing import Spec
from fissures.figures.look import chart, finish

_PLANE = {"type": "identity", "scale": 1, "translate": [0, 0]}


@dataclass(frozen=True)
class Sheet:
    """So many pixels wide and high; x runs to the right, y downwards."""

    width: int
    height: int

    def marks(self, kind: str, rows: Iterable[Mapping[str, Any]], *, at: str = "x y", **look: Any) -> Spec:
        """A layer of rows, each a mark of a kind (rect, rule, text, point) at the fields named in `at`.

        Of the fields those that end in 2 are where it ends; a text is the field `name`, and a rectangle of no colour of
        its own has that of the field `shade`.

        >>> Sheet(9, 5).marks("rule", [{"x": 1, "y": 2, "x2": 3}], at="x x2 y")["encoding"]["x2"]
        {'field': 'x2'}
        """
        encoding: dict[str, Any] = {}
        for field in at.split():
            channel, _, named = field.partition("=")
            encoding[channel] = {"field": named or channel} | ({} if channel.endswith("2") else self._scale(channel))
        if kind == "text":
            encoding["text"] = {"field": "name", "type": "nominal"}
        if kind == "rect" and not look.keys() & {"color", "filled"}:
            encoding["fill"] = {"field": "shade", "type": "nominal", "scale": None}
        values = [dict(row) for row in rows]
        return {"data": {"values": values}, "mark": {"type": kind, **look}, "encoding": encoding}

    def _scale(self, channel: str) -> Spec:
        ends = [0, self.width] if channel == "x" else [self.height, 0]
        scale = {"domain": ends, "nice": False, "zero": False}
        return {"type": "quantitative", "scale": scale, "axis": None}

    def shapes(self, rows: Iterable[Mapping[str, Any]], fill: Spec | None = None, **look: Any) -> Spec:
        """A layer of GeoJSON features whose coordinates are pixels; `fill` is a channel of its own."""
        encoding = {"fill": fill} if fill else {}
        values = [dict(row) for row in rows]
        mark = {"type": "geoshape", "clip": False, **look}
        return {"data": {"values": values}, "mark": mark, "encoding": encoding, "projection": _PLANE}

    def spec(self, layers: Sequence[Spec], description: str) -> Spec:
        """The layers as one specification; `description` is what a reader hears."""
        frame = finish([chart([]).mark_rect()], self.width, self.height, description)
        bare = {key: value for key, value in frame.items() if key not in ("layer", "data", "datasets", "mark")}
        return {**bare, "padding": 0, "autosize": {"type": "none"}, "layer": list(layers)}

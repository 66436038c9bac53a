"""One figure as SVG, PNG, Vega-Lite specification and CSV: what it draws, one row a mark."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from fissures.export.inert import Cell, document, slug
from fissures.export.tables import Column, Table, table

Spec = dict[str, Any]

# The face that the drawing program brings along, with the widths of Arial: a face that is missing would leave no text.
PNG_FONT = "Liberation Sans, Arimo, Arial, sans-serif"
PNG_SCALE = 2.0  # pixels of the picture for each of the figure's own, so that print stays sharp
_TAGS = {
    "week": ("#date+week", "date", "first day of the week"),
    "end": ("#date+end", "date", "where the mark ends"),
    "low": ("#value+low", "number", "lower end, or the value of a mark without ends"),
    "high": ("#value+high", "number", "upper end"),
    "mean": ("#value+mean", "number", "middle"),
    "share": ("#value+share", "number", "share that came true, from 0 to 1"),
    "chances": ("#value+chances", "integer", "how many chances were given"),
    "came": ("#value+came", "integer", "how many came true"),
    "chosen_on": ("#status+chosen_on", "string", "whether choices were made on these windows"),
    "chance": ("#value+chance", "number", "chance from 0 to 1"),
    "row": ("#meta+row", "integer", "place from the top, 0 first"),
    "start": ("#date+start", "date", "first day"),
    "until": ("#date+end", "date", "last day"),
    "geometry": ("#meta+outline", "string", "outline as drawn, GeoJSON in pixels of the figure"),
}


@dataclass(frozen=True)
class Figure:
    """A figure: the name of its files without ending, a title for readers, what is heard, and its specification."""

    file: str
    name: str
    title: str
    told: str
    spec: Spec

    @property
    def png(self) -> bytes:
        """The figure as a picture on white, `PNG_SCALE` times its own pixels."""
        import vl_convert

        config = {**self.spec.get("config", {}), "font": PNG_FONT}
        spec = {**self.spec, "background": "white", "config": config}
        made: bytes = vl_convert.vegalite_to_png(spec, scale=PNG_SCALE)
        return made

    @property
    def svg(self) -> str:
        """The figure as a drawing that holds no script and asks nothing of the network."""
        from fissures.figures import svg

        return svg(self.spec) + "\n"

    @property
    def ending(self) -> str:
        """How the file of `specification` ends."""
        return "vl.json"

    @property
    def specification(self) -> str:
        """The figure as a Vega-Lite specification, its data within."""
        return document(self.spec)

    @property
    def data(self) -> Table:
        """What the figure draws: one row a mark, under the number of the layer that draws it."""
        return _data(self)


def _data(figure: Figure) -> Table:
    """Rows of every layer that holds data; layers that draw the same rows stand once."""
    seen: list[Any] = []
    rows: list[tuple[int, str, dict[str, Cell]]] = []
    for k, layer in enumerate(figure.spec.get("layer", [figure.spec])):
        values = (layer.get("data") or {}).get("values") or []
        kept = [{key: _flat(value) for key, value in row.items()} for row in values if row]
        if kept and kept not in seen:
            seen.append(kept)
            mark = layer.get("mark")
            kind = str(mark.get("type", "") if isinstance(mark, dict) else mark)
            rows += [(k, kind, row) for row in kept]
    keys = list(dict.fromkeys(key for _, _, row in rows for key in row))
    columns = [
        Column("layer", "integer", "#meta+layer", "number of the layer in the specification, 0 first"),
        Column("mark", "string", "#meta+mark", "how it is drawn"),
        *(_column(key, [row.get(key) for _, _, row in rows]) for key in keys),
    ]
    told = [(k, kind, *(row.get(key) for key in keys)) for k, kind, row in rows]
    return table(f"figures/{figure.file}", f"What the figure draws. {figure.title}.", columns, told)


def _flat(value: Any) -> Any:
    """A value as one cell can hold it."""
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict | list) else value


def _column(key: str, values: list[Cell]) -> Column:
    tag, kind, meaning = _TAGS.get(key, (f"#meta+{slug(key).replace('-', '_')}", "string", "label"))
    column = Column(key, kind, tag, meaning)
    if kind == "date" and not all(value is None or _is_day(str(value)) for value in values):
        return replace(column, kind="string")
    numeric = all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)
    return column if kind in ("date", "string") or numeric else replace(column, kind="string")


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

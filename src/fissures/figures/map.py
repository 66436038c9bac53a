"""The map: land as the world recognises it, lines that are held otherwise, and every front as a region."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt

from fissures.figures.course import BOUNDS, SHADES
from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain, spoken
from fissures.figures.look import GAP, GREY, INK, Rows, chart, framed, pixels
from fissures.figures.placing import Box, around, beside, freest
from fissures.study.place_records import FrontAhead, Line, LonLat, Outline, Where

LAND, WATER, SHORE = "#f4f4f2", "#e3e8f0", "#c9ced6"
_GROUND = {"land": LAND, "water": WATER}
_SOLID, _EDGE = "#4f4f4f", "#6284b2"
_DASH = [6, 4]
_STEPS = {"type": "threshold", "domain": list(BOUNDS), "range": list(SHADES)}
_SHADE = {"field": "chance", "type": "quantitative", "scale": _STEPS, "legend": None}
_SLACK = 0.35  # pixels by which a line may be evened: nobody sees it, and the page stays small
_HEADS = {True: 50, False: 74}  # pixels above the map, for what its marks mean: on a page, on a phone
_STEP = 14  # pixels between places that are tried for the name of a state
_POLE = 80.0  # degrees: nearer to a pole this projection is of no use


def front_map(where: Where, width: int = WIDE) -> Spec:
    """Fronts on a map, white to navy by the chance of the rung asked, with its number; boundaries that the world
    recognises are solid, lines held on the as-of date dashed.

    A front is the region in which an event counts as its own: nothing smaller is drawn or named.
    """
    view = _view(where, width)
    fronts = [front for front in where.fronts if front.area]
    labels = list(_labels(where, fronts, view))
    kinds = {
        kind: [one for one in where.outlines if one.kind == kind] for kind in ("land", "water", "recognised", "held")
    }
    areas = [_feature("front", front.name, front.area, (1,) * len(front.area), front.asked) for front in fronts]
    shown, other = ([row for row in areas if ("chance" in row) == asked] for asked in (True, False))
    names, told = ([row for row in labels if row["kind"] == kind] for kind in ("name", "front"))
    front = {"stroke": _EDGE, "strokeWidth": 1, "fillOpacity": 0.85}
    held = _lined(kinds["held"], view)
    drawn = [
        *(_geo(_filled(kinds[kind], kind, view), fill=colour, stroke=SHORE) for kind, colour in _GROUND.items()),
        _geo(shown, **front) | {"encoding": {"fill": _SHADE}},
        _geo(other, **front, fill=GAP),
        _geo(_lined(kinds["recognised"], view), filled=False, stroke=_SOLID, strokeWidth=1.2),
        # over a pale edge, so that dashes are seen on a dark front as well
        _geo(held, filled=False, stroke="#fff", strokeWidth=4.6, strokeOpacity=0.8),
        _geo(held, filled=False, stroke=INK, strokeWidth=2.2, strokeDash=_DASH),
    ]
    sheet = chart([{}]).mark_rect(x=0, x2=width, y=view.head, y2=view.height)
    written = [*_written(names, GREY, 3.0), *_written(told, INK, 4.0, fontWeight="bold"), *_key(where, view)]
    sea = sheet.encode(color=alt.value(WATER if kinds["water"] else "#fff"))
    spec = framed([sea, *written], width, round(view.height), _heard(where, fronts), projection=view.projection)
    below, *above = spec["layer"]
    return {**spec, "layer": [below, *drawn, *above]}


def _geo(rows: Rows, **mark: Any) -> Spec:
    """A layer of GeoJSON rows; written out, since the charting library copies every coordinate many times."""
    return {"data": {"values": list(rows)}, "mark": {"type": "geoshape", **mark}, "encoding": {}}


@dataclass(frozen=True)
class _View:
    """Which part of the world is shown: Mercator, `scale` pixels a radian, its middle at `centre` (degrees)."""

    centre: LonLat
    scale: float
    width: float
    height: float

    @property
    def head(self) -> int:
        """Where the map begins, in pixels from the top."""
        return _HEADS[self.width > NARROW]

    @property
    def projection(self) -> dict[str, Any]:
        return {
            "type": "mercator",
            "center": [round(self.centre[0], 4), round(self.centre[1], 4)],
            "scale": round(self.scale, 2),
            "translate": [self.width / 2, (self.height + self.head) / 2],
            "clipExtent": [[0, self.head], [self.width, self.height]],
        }

    @property
    def degrees(self) -> float:
        """How many degrees of longitude a pixel holds."""
        return math.degrees(1 / self.scale)

    @property
    def window(self) -> Any:
        """What is seen and a little more, as a polygon in degrees."""
        from shapely.geometry import box

        west, north = self.back(-9, self.head - 9)
        east, south = self.back(self.width + 9, self.height + 9)
        return box(west, south, east, north)

    @property
    def sheet(self) -> Box:
        """Where names may stand."""
        return Box(4, self.head + 4, self.width - 4, self.height - 4)

    def at(self, place: LonLat) -> tuple[float, float]:
        """A place in pixels."""
        x = self.width / 2 + self.scale * math.radians(place[0] - self.centre[0])
        return x, (self.height + self.head) / 2 - self.scale * (_north(place[1]) - _north(self.centre[1]))

    def back(self, x: float, y: float) -> LonLat:
        """Pixels as a place."""
        north = _north(self.centre[1]) + ((self.height + self.head) / 2 - y) / self.scale
        lat = math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2)
        return round(self.centre[0] + math.degrees((x - self.width / 2) / self.scale), 4), round(lat, 4)

    def box(self, lines: Sequence[Line]) -> Box:
        """The box around lines, in pixels."""
        spots = [self.at(place) for line in lines for place in line]
        (left, right), (top, bottom) = ((min(one), max(one)) for one in zip(*spots, strict=True))
        return Box(left, top, right, bottom)


def _north(lat: float) -> float:
    """How far north a latitude lies on Mercator's map, in radians of the equator."""
    held = math.radians(max(-_POLE, min(_POLE, lat)))
    return math.log(math.tan(math.pi / 4 + held / 2))


def _view(where: Where, width: int) -> _View:
    """The fronts with room around them, and no more than the map holds."""
    height = 430 if width > NARROW else 360
    tall = height - _HEADS[width > NARROW]
    west, south, east, north = _extent([line for one in where.outlines for line in one.lines])
    mine = [line for front in where.fronts for line in front.area]
    a, b, c, d = _extent(mine) if mine else (west, south, east, north)
    room = (0.45 if width > NARROW else 0.22) if mine else 0.0
    spans = (math.radians(max(c - a, 0.05)) * (1 + 2 * room), max(d - b, 0.001) * (1 + 2 * room))
    scale = min(width / spans[0], tall / spans[1])
    # never beyond the edge of what the map holds, where that leaves the fronts in view
    whole = max(width / math.radians(max(east - west, 0.05)), tall / max(north - south, 0.001))
    scale = min(max(scale, whole), width / (spans[0] / (1 + 2 * room)), tall / (spans[1] / (1 + 2 * room)))
    lon = _kept((a + c) / 2, math.degrees(width / scale / 2), west, east)
    lat = _kept((b + d) / 2, tall / scale / 2, south, north)
    return _View((lon, math.degrees(2 * math.atan(math.exp(lat)) - math.pi / 2)), scale, width, height)


def _kept(middle: float, half: float, low: float, high: float) -> float:
    """The middle moved so that `half` on either side stays between two ends, or halfway between them."""
    return min(max(middle, low + half), high - half) if high - low > 2 * half else (low + high) / 2


def _extent(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """West (degrees), south (Mercator's radians), east, north of all places."""
    lons = [place[0] for line in lines for place in line]
    lats = [_north(place[1]) for line in lines for place in line]
    return min(lons), min(lats), max(lons), max(lats)


def _feature(kind: str, name: str, lines: Sequence[Line], areas: Sequence[int], number: float | None = None) -> Any:
    """GeoJSON of lines, or of polygons where `areas` says how many rings belong to each; rings as d3 fills them."""
    if not areas:
        shape: dict[str, Any] = {"type": "MultiLineString", "coordinates": [_pairs(line) for line in lines]}
    else:
        rings, polygons = iter(lines), []
        for count in areas:
            mine = [next(rings) for _ in range(count)]
            polygons.append([_pairs(_turned(ring, clockwise=not k)) for k, ring in enumerate(mine)])
        shape = {"type": "MultiPolygon", "coordinates": polygons}
    row = {"type": "Feature", "kind": kind, "name": plain(name, 80), "geometry": shape}
    return row if number is None else {**row, "chance": round(number, 5)}


def _pairs(line: Line) -> list[list[float]]:
    return [[round(lon, 4), round(max(-_POLE, min(_POLE, lat)), 4)] for lon, lat in line]


def _turned(ring: Line, clockwise: bool) -> Line:
    """A ring in a sense of rotation: on a globe the other one is all the rest of the world."""
    double = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if (double < 0) == clockwise else ring[::-1]


def _filled(outlines: Sequence[Outline], kind: str, view: _View) -> Rows:
    """All areas of a kind as one, cut to what is seen: boundaries between them are drawn by themselves."""
    from shapely import union_all

    seen = union_all([part for one in outlines for part in _polygons(one)]).intersection(view.window)
    return [_shape(seen, kind, kind, view)] if not seen.is_empty else []


def _polygons(one: Outline, view: _View | None = None) -> list[Any]:
    """The areas of an outline, in degrees, or in the pixels of a view."""
    from shapely import make_valid
    from shapely.geometry import Polygon

    rings = iter(one.lines)
    out = []
    for count in one.areas:
        mine = [
            [view.at(place) for place in ring] if view else ring for _, ring in zip(range(count), rings, strict=False)
        ]
        out.append(make_valid(Polygon(mine[0], mine[1:])))
    return out


def _lined(outlines: Sequence[Outline], view: _View) -> list[Any]:
    from shapely.geometry import MultiLineString

    lines = [(one.name, one.kind, MultiLineString(one.lines).intersection(view.window)) for one in outlines]
    return [_shape(line, kind, name, view) for name, kind, line in lines if not line.is_empty]


def _shape(part: Any, kind: str, name: str, view: _View) -> Any:
    """A row of what shapely holds, with no more places than a picture of this size can show."""
    parts = list(_single(part.simplify(_SLACK * view.degrees)))
    areas = [one for one in parts if one.geom_type == "Polygon"]
    rings = [tuple(ring.coords) for one in areas for ring in (one.exterior, *one.interiors)]
    lines = [tuple(one.coords) for one in parts if one.geom_type == "LineString"]
    return _feature(kind, name, rings or lines, [1 + len(one.interiors) for one in areas])


def _single(part: Any) -> Iterator[Any]:
    """The simple parts of what may be a collection of collections; nothing of what is empty."""
    for one in getattr(part, "geoms", []):
        yield from _single(one)
    if not hasattr(part, "geoms") and not part.is_empty:
        yield part


def _written(rows: Rows, colour: str, edge: float, **more: Any) -> list[alt.Chart]:
    names = chart(rows).encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    return [names.mark_text(stroke="#fff", strokeWidth=edge, **more), names.mark_text(color=colour, **more)]


def _labels(where: Where, fronts: Sequence[FrontAhead], view: _View) -> Iterator[dict[str, Any]]:
    """Names where they meet nothing else: the fronts' beside them, then areas at their places, then states."""
    around_fronts = [view.box(front.area) for front in fronts]
    taken: list[Box] = []
    for front, thing in zip(fronts, around_fronts, strict=True):
        text = plain(f"{plain(front.name, 34)} {percent(front.asked)}".strip())
        others = [box for box in around_fronts if box is not thing]
        places = (*beside(thing, text), thing.middle, *_grid(view.sheet))
        if box := freest(places, text, view.sheet, taken, others):
            taken.append(box)
            yield _label("front", text, box, view)
    land = [one for one in where.outlines if one.kind in ("land", "water")]
    for one in sorted(land, key=lambda one: bool(one.areas)):
        text = plain(one.name, 34)
        spots = _inside(one, text, view) if one.areas else [view.at(one.lines[0][0])]
        if text and (box := freest(spots, text, view.sheet, [*taken, *(around_fronts if one.areas else [])])):
            taken.append(box)
            yield _label("name", text, box, view)


def _label(kind: str, text: str, box: Box, view: _View) -> dict[str, Any]:
    lon, lat = view.back(*box.middle)
    return {"kind": kind, "name": text, "lon": lon, "lat": lat}


def percent(chance: float | None) -> str:
    """A chance in whole points, never nothing or all; "" where there is none.

    >>> percent(0.134), percent(0.001), percent(0.9999), percent(None)
    ('13 %', '< 1 %', '> 99 %', '')
    """
    if chance is None or not math.isfinite(chance):
        return ""
    if chance < 0.01 or chance > 0.99:
        return "< 1 %" if chance < 0.5 else "> 99 %"
    return f"{math.floor(100 * chance + 0.5 + 1e-9)} %"


def _grid(sheet: Box) -> Iterator[tuple[float, float]]:
    x, y = sheet.left, sheet.top
    while y <= sheet.bottom:
        yield x, y
        x += _STEP
        if x > sheet.right:
            x, y = sheet.left, y + _STEP


def _inside(one: Outline, text: str, view: _View) -> list[tuple[float, float]]:
    """Places at which a name lies wholly in its land, furthest from its edge first."""
    import shapely

    sheet = view.sheet
    frame = shapely.box(sheet.left, sheet.top, sheet.right, sheet.bottom)
    found = []
    for part in [single for whole in _polygons(one, view) for single in _single(whole.intersection(frame))]:
        spots = list(_grid(Box(*part.bounds)))
        boxes = [around(x, y, text) for x, y in spots]
        rooms = shapely.box(*([getattr(one, end) for one in boxes] for end in ("left", "top", "right", "bottom")))
        shapely.prepare(part)
        for k in shapely.contains(part, rooms).nonzero()[0]:
            found.append((-part.boundary.distance(rooms[k]), *spots[k]))
    return [(x, y) for _, x, y in sorted(found)]


def _key(where: Where, view: _View) -> list[alt.Chart]:
    """What shades, numbers and lines mean, above the map."""
    wide = view.width > NARROW
    x, y = pixels(round(view.width), round(view.height))
    size = 44 if wide else 38
    boxes = [{"x": k * size, "x2": (k + 1) * size, "y": 18, "y2": 28, "shade": one} for k, one in enumerate(SHADES)]
    bounds = [{"x": (k + 1) * size, "y": 37, "name": f"{100 * bound:g} %"} for k, bound in enumerate(BOUNDS)]
    title = f"chance of {spoken(where.rung, 24)} by {_day(where.horizon)}, in the model"
    names = [{"x": 0, "y": 8, "name": plain(title, 54)}]
    left, top = (380, 23) if wide else (0, 60)
    lines = [("recognised", [1, 0], 1.2, _SOLID)]
    if any(line.kind == "held" for line in where.outlines):
        lines.append((f"held on {_day(where.as_of)}", _DASH, 2.2, INK))
    rules = []
    for text, dash, thick, colour in lines:
        rule = chart([{"x": left, "x2": left + 30, "y": top}])
        rules.append(rule.mark_rule(color=colour, strokeWidth=thick, strokeDash=dash))
        names.append({"x": left + 36, "y": top, "name": text})
        left += 36 + round(6.2 * len(text)) + 16
    fill = alt.Fill("shade:N", scale=None)
    return [
        chart(boxes).mark_rect(stroke=SHORE).encode(x=x(), x2="x2:Q", y=y(), y2="y2:Q", fill=fill),
        chart(bounds).mark_text().encode(x=x(), y=y(), text="name:N"),
        chart(names).mark_text(align="left").encode(x=x(), y=y(), text="name:N"),
        *(rule.encode(x=x(), x2="x2:Q", y=y()) for rule in rules),
    ]


def _day(day: date) -> str:
    return f"{day.day} {'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * day.month - 3 : 3 * day.month]} {day.year}"


def _heard(where: Where, fronts: Sequence[FrontAhead]) -> str:
    told = ", ".join(f"{plain(front.name, 60)} {percent(front.asked)}".strip() for front in fronts)
    held = ", ".join(plain(one.name, 60) for one in where.outlines if one.kind == "held")
    return plain(
        f"Map of the fronts as of {where.as_of}: {told or 'none has a place'}. Boundaries that are recognised are solid"
        f"{f', lines held dashed: {held}' if held else ''}. The table below has the numbers."
    )

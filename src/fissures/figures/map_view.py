"""What of the world a map shows, and how: places as pixels of the sheet, cut to it and no finer than can be seen.

All is laid on a plane before it is drawn. On a globe a ring has two insides, and lines between far places bend; neither
is of use to a map of a region, and both make trouble of a file that somebody drew carelessly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fissures.figures.drawing import NARROW
from fissures.figures.labels import plain
from fissures.figures.placing import Box
from fissures.study.place_records import Line, LonLat, Outline, Where

_HEADS = {True: 50, False: 74}  # pixels above the map, for what its marks mean: on a page, on a phone
_HEIGHTS = {True: 430, False: 360}
_ROOM = {True: 0.45, False: 0.22}  # of the fronts' own extent, on each side of them
_POLE = 80.0  # degrees: nearer to a pole this projection is of no use
_SLACK = 0.35  # pixels by which a line may be evened: nobody sees it, and the page stays small
_GRID = 0.1  # pixels


@dataclass(frozen=True)
class MapView:
    """A part of the world on a sheet: Mercator, `scale` pixels a radian; its middle at `east`, `north` (radians)."""

    east: float
    north: float
    scale: float
    width: int
    height: int

    @property
    def head(self) -> int:
        """Where the map begins, in pixels from the top."""
        return _HEADS[self.width > NARROW]

    @property
    def sheet(self) -> Box:
        """Where names may stand."""
        return Box(4, self.head + 4, self.width - 4, self.height - 4)

    @property
    def frame(self) -> Any:
        """What is seen, as a polygon."""
        from shapely.geometry import box

        return box(0, self.head, self.width, self.height)

    def at(self, place: LonLat) -> tuple[float, float]:
        """A place in pixels."""
        x = self.width / 2 + self.scale * (math.radians(place[0]) - self.east)
        return x, (self.height + self.head) / 2 - self.scale * (_north(place[1]) - self.north)

    def box(self, lines: Sequence[Line]) -> Box:
        """The box around lines, as far as it is seen."""
        spots = [self.at(place) for line in lines for place in line]
        (left, right), (top, bottom) = ((min(one), max(one)) for one in zip(*spots, strict=True))
        low, high = self.head, self.height
        held = (min(max(left, 0), self.width), min(max(top, low), high), min(max(right, 0), self.width))
        return Box(*held, min(max(bottom, low), high))


def _north(lat: float) -> float:
    """How far north a latitude lies on Mercator's map, in radians of the equator."""
    held = math.radians(max(-_POLE, min(_POLE, lat)))
    return math.log(math.tan(math.pi / 4 + held / 2))


def view_of(where: Where, width: int) -> MapView:
    """The fronts with room around them, and no more than the map holds."""
    wide = width > NARROW
    tall = _HEIGHTS[wide] - _HEADS[wide]
    west, south, east, north = _extent([line for one in where.outlines for line in one.lines])
    mine = [line for front in where.fronts for line in front.area]
    a, b, c, d = _extent(mine) if mine else (west, south, east, north)
    across, along = max(c - a, 0.001), max(d - b, 0.001)
    closest = min(width / across, tall / along)
    scale = closest / (1 + 2 * _ROOM[wide] * bool(mine))
    # never beyond the edge of what the map holds, where that leaves the fronts in view
    whole = max(width / max(east - west, 0.001), tall / max(north - south, 0.001))
    scale = min(max(scale, whole), closest)
    middle = _kept((a + c) / 2, width / scale / 2, west, east), _kept((b + d) / 2, tall / scale / 2, south, north)
    return MapView(*middle, scale, width, _HEIGHTS[wide])


def _kept(middle: float, half: float, low: float, high: float) -> float:
    """The middle moved so that `half` on either side stays between two ends; halfway between them where it cannot."""
    return min(max(middle, low + half), high - half) if high - low > 2 * half else (low + high) / 2


def _extent(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """West, south, east, north of all places, in radians on Mercator's map."""
    lons = [math.radians(place[0]) for line in lines for place in line]
    lats = [_north(place[1]) for line in lines for place in line]
    return min(lons), min(lats), max(lons), max(lats)


def filled(outlines: Sequence[Outline], view: MapView) -> Any:
    """All areas of some outlines as one, as far as it is seen."""
    from shapely import union_all

    return union_all([part for one in outlines for part in polygons(one, view)])


def polygons(one: Outline, view: MapView) -> list[Any]:
    """The areas of an outline, as far as they are seen."""
    from shapely import make_valid, set_precision
    from shapely.geometry import Polygon

    rings, out = iter(one.lines), []
    for count in one.areas:
        mine = [[view.at(place) for place in ring] for _, ring in zip(range(count), rings, strict=False)]
        whole = set_precision(make_valid(Polygon(mine[0], mine[1:])), _GRID)
        out += [part for part in single(whole.intersection(view.frame)) if part.geom_type == "Polygon"]
    return out


def drawn_line(one: Outline, view: MapView) -> Any:
    """The lines of an outline, as far as they are seen."""
    from shapely.geometry import MultiLineString

    return MultiLineString([[view.at(place) for place in line] for line in one.lines]).intersection(view.frame)


def single(part: Any) -> Iterator[Any]:
    """The simple parts of what may be a collection of collections; nothing of what is empty."""
    for one in getattr(part, "geoms", []):
        yield from single(one)
    if not hasattr(part, "geoms") and not part.is_empty:
        yield part


def row(part: Any, kind: str, name: str, chance: float | None = None) -> dict[str, Any] | None:
    """A row of GeoJSON in pixels, with no more places than a picture can show; None where nothing is left of it."""
    parts = list(single(part.simplify(_SLACK)))
    areas = [[_pairs(ring) for ring in (one.exterior, *one.interiors)] for one in parts if one.geom_type == "Polygon"]
    lines = [_pairs(one) for one in parts if one.geom_type == "LineString"]
    if not areas and not lines:
        return None
    shape = {"type": "MultiPolygon" if areas else "MultiLineString", "coordinates": areas or lines}
    made = {"type": "Feature", "kind": kind, "name": plain(name, 80), "geometry": shape}
    return made if chance is None else {**made, "chance": round(chance, 5)}


def _pairs(line: Any) -> list[list[float]]:
    return [[round(x, 1) + 0.0, round(y, 1) + 0.0] for x, y in line.coords]

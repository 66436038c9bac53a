"""The map: land as the world recognises it, lines that are held otherwise, and every front as a region."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from fissures.figures.course import BOUNDS, SHADES
from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain, spoken
from fissures.figures.look import GAP, GREY, INK, Rows
from fissures.figures.map_view import MapView, drawn_line, filled, polygons, row, view_of
from fissures.figures.placing import Box, around, beside, freest
from fissures.figures.sheet import Sheet
from fissures.study.place_records import FrontAhead, Outline, Where

LAND, WATER, SHORE = "#f4f4f2", "#e3e8f0", "#c9ced6"
_GROUND = {"land": LAND, "water": WATER}
_SOLID, _EDGE = "#4f4f4f", "#6284b2"
_DASH = [6, 4]
_STEPS = {"type": "threshold", "domain": list(BOUNDS), "range": list(SHADES)}
_SHADE = {"field": "chance", "type": "quantitative", "scale": _STEPS, "legend": None}
_STEP = 8  # pixels between places that are tried for the name of a state


def front_map(where: Where, width: int = WIDE) -> Spec:
    """Fronts on a map, white to navy by the chance of the rung asked, with its number; boundaries that the world
    recognises are solid, lines held on the as-of date dashed.

    A front is the region in which an event counts as its own: nothing smaller is drawn or named.
    """
    view = view_of(where, width)
    fronts = [front for front in where.fronts if front.area]
    labels = list(_labels(where, fronts, view))
    areas = [_front(front, view) for front in fronts]
    shown, other = ([area for area in areas if area and ("chance" in area) == asked] for asked in (True, False))
    held = _lines(where, "held", view)
    edge: Spec = {"stroke": _EDGE, "strokeWidth": 1, "fillOpacity": 0.85}
    sea = WATER if any(one.kind == "water" for one in where.outlines) else "#fff"
    names, told = ([label for label in labels if label["kind"] == kind] for kind in ("name", "front name"))
    sheet = Sheet(width, view.height)
    whole = {"x": 0, "x2": width, "y": view.head, "y2": view.height}
    layers = [
        sheet.marks("rect", [whole], at="x x2 y y2", color=sea),
        *(sheet.shapes(_ground(where, kind, view), stroke=SHORE, color=c) for kind, c in _GROUND.items()),
        sheet.shapes(shown, fill=_SHADE, **edge),
        sheet.shapes(other, **edge, color=GAP),
        sheet.shapes(_lines(where, "recognised", view), filled=False, stroke=_SOLID, strokeWidth=1.2),
        # over a pale edge, so that dashes are seen on a dark front as well
        sheet.shapes(held, filled=False, stroke="#fff", strokeWidth=4.6, strokeOpacity=0.8),
        sheet.shapes(held, filled=False, stroke=INK, strokeWidth=2.2, strokeDash=_DASH),
        *_written(names, sheet, GREY, 3.0),
        *_written(told, sheet, INK, 4.0, fontWeight="bold"),
        *_key(where, sheet),
    ]
    return sheet.spec(layers, _heard(where, fronts))


def _ground(where: Where, kind: str, view: MapView) -> Rows:
    """All land, or all water, as one: the boundaries within it are drawn by themselves."""
    made = row(filled([one for one in where.outlines if one.kind == kind], view), kind, kind)
    return [made] if made else []


def _lines(where: Where, kind: str, view: MapView) -> Rows:
    made = [row(drawn_line(one, view), kind, one.name) for one in where.outlines if one.kind == kind]
    return [one for one in made if one]


def _front(front: FrontAhead, view: MapView) -> dict[str, Any] | None:
    outline = Outline("front", front.name, front.area, (1,) * len(front.area))
    return row(filled([outline], view), "front", front.name, front.asked)


def _written(rows: Rows, sheet: Sheet, colour: str, edge: float, **more: Any) -> list[Spec]:
    told = list(rows)
    return [
        sheet.marks("text", told, stroke="#fff", strokeWidth=edge, **more),
        sheet.marks("text", told, color=colour, **more),
    ]


def _labels(where: Where, fronts: Sequence[FrontAhead], view: MapView) -> Iterator[dict[str, Any]]:
    """Names where they meet nothing else: the fronts' beside them, then areas at their places, then states."""
    around_fronts = [view.box(front.area) for front in fronts]
    taken: list[Box] = []
    for front, thing in zip(fronts, around_fronts, strict=True):
        text = plain(f"{plain(front.name, 34)} {_told(front, where)}".strip())
        others = [box for box in around_fronts if box is not thing]
        places = (*beside(thing, text), thing.middle, *_grid(view.sheet))
        if box := freest(places, text, view.sheet, taken, others):
            taken.append(box)
            yield _label("front name", text, box)
    land = [one for one in where.outlines if one.kind in ("land", "water")]
    for one in sorted(land, key=lambda one: bool(one.areas)):
        text = plain(one.name, 34)
        spots = _inside(one, text, view) if one.areas else [view.at(one.lines[0][0])]
        clear = freest(spots, text, view.sheet, [*taken, *(around_fronts if one.areas else [])])
        # rather over the edge of a front than not at all
        if text and (box := clear or freest(spots, text, view.sheet, taken, around_fronts)):
            taken.append(box)
            yield _label("name", text, box)


def _label(kind: str, text: str, box: Box) -> dict[str, Any]:
    x, y = box.middle
    return {"kind": kind, "name": text, "x": round(x, 1), "y": round(y, 1)}


def _told(front: FrontAhead, where: Where) -> str:
    return "there already" if front.holds(where.rung) else percent(front.asked)


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


def _inside(one: Outline, text: str, view: MapView) -> list[tuple[float, float]]:
    """Places at which a name lies wholly in its land, furthest from its edge first."""
    import shapely

    found = []
    for part in polygons(one, view):
        spots = list(_grid(Box(*part.bounds)))
        boxes = [around(x, y, text) for x, y in spots]
        rooms = shapely.box(*([getattr(one, end) for one in boxes] for end in ("left", "top", "right", "bottom")))
        shapely.prepare(part)
        for k in shapely.contains(part, rooms).nonzero()[0]:
            found.append((-part.boundary.distance(rooms[k]), *spots[k]))
    return [(x, y) for _, x, y in sorted(found)]


def _key(where: Where, sheet: Sheet) -> list[Spec]:
    """What shades, numbers and lines mean, above the map."""
    wide = sheet.width > NARROW
    size = 44 if wide else 38
    boxes = [{"x": k * size, "x2": (k + 1) * size, "y": 18, "y2": 28, "shade": one} for k, one in enumerate(SHADES)]
    bounds = [{"x": (k + 1) * size, "y": 37, "name": f"{100 * bound:g} %"} for k, bound in enumerate(BOUNDS)]
    title = f"chance of {spoken(where.rung, 24)} by {_day(where.horizon)}, in the model"
    names = [{"x": 0, "y": 8, "name": plain(title, 54)}]
    left, top = (380, 23) if wide else (0, 60)
    lines: list[tuple[str, Spec]] = [("recognised", {"strokeWidth": 1.2, "color": _SOLID})]
    if any(line.kind == "held" for line in where.outlines):
        lines.append((f"held on {_day(where.as_of)}", {"strokeWidth": 2.2, "color": INK, "strokeDash": _DASH}))
    rules = []
    for text, look in lines:
        rules.append(sheet.marks("rule", [{"x": left, "x2": left + 30, "y": top}], at="x x2 y", **look))
        names.append({"x": left + 36, "y": top, "name": text})
        left += 36 + round(6.2 * len(text)) + 16
    return [
        sheet.marks("rect", boxes, at="x x2 y y2", stroke=SHORE),
        sheet.marks("text", bounds),
        sheet.marks("text", names, align="left"),
        *rules,
    ]


def _day(day: date) -> str:
    return f"{day.day} {'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * day.month - 3 : 3 * day.month]} {day.year}"


def _heard(where: Where, fronts: Sequence[FrontAhead]) -> str:
    told = ", ".join(f"{plain(front.name, 60)} {_told(front, where)}".strip() for front in fronts)
    held = ", ".join(plain(one.name, 60) for one in where.outlines if one.kind == "held")
    return plain(
        f"Map of the fronts as of {where.as_of}: {told or 'none has a place'}. Boundaries that are recognised are solid"
        f"{f', lines held dashed: {held}' if held else ''}. The table below has the numbers."
    )

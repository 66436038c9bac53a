"""Where: the fronts on a map, each with the chance that it comes to a rung by the horizon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fissures.case import grammar
from fissures.case.geography import read_map
from fissures.case.records import Case
from fissures.events.places import Places, places_of
from fissures.model.simulate import Run
from fissures.study.place_records import FrontAhead, Line, Outline, Where

KM = 111.195  # of a degree of latitude
DECIMALS = 2  # about a kilometre: a front is drawn as a region, and nothing smaller can be read off it
_SMOOTH_KM = 15.0  # notches narrower than twice this are closed
_SEGMENTS = 5  # of a quarter of a circle


def where(case: Case, folder: Path, run: Run, lead: str = "") -> Where:
    """The map of a case as of its date, and how high each front gets by the horizon, in the model.

    The map's number is the chance of the rung that the leading question asks about (`lead`, its code), else of the
    highest rung of most fronts. Raises DataError for a map or an area that cannot be read.
    """
    rung = _asked(case, lead)
    drawn = read_map(case, folder)
    areas = _areas(places_of(case, folder)) if drawn else {}
    fronts = tuple(
        _front(name, front.name, run, k, rung, areas.get(name, ()))
        for k, (name, front) in enumerate(case.fronts.items())
    )
    return Where(
        as_of=case.as_of,
        horizon=case.horizon,
        rung=rung,
        fronts=fronts,
        outlines=tuple(Outline(one.kind, one.name, one.lines, one.areas, one.since) for one in drawn),
        source=case.map.source if case.map else "",
        says=case.map.says if case.map else "",
    )


def _asked(case: Case, lead: str) -> str:
    for question in case.questions.values():
        ask = grammar.asks(question.asks, case)
        if question.code == lead and ask.rung is not None:
            return str(ask.rung)
    tops = [list(case.ladders[front.ladder].rungs)[-1] for front in case.fronts.values()]
    return max(tops, key=tops.count)


def _front(key: str, name: str, run: Run, place: int, asked: str, area: tuple[Line, ...]) -> FrontAhead:
    """A front, its chances over paths, and where it stands on the as-of date over draws."""
    highest, now = run.rungs[place].max(axis=0), run.fit.start.rungs[:, place]
    above = list(enumerate(run.plan.rungs(place)))[1:]
    reaches = tuple((rung, float((highest >= level).mean())) for level, rung in above)
    there = tuple(float((now >= level).mean()) for level, _ in above)
    return FrontAhead(key, name, reaches, dict(reaches).get(asked), area, there)


def _areas(places: Places) -> dict[str, tuple[Line, ...]]:
    """What each front covers: its area where the case draws one, else all that lies near enough to one of its places.

    That is where an event counts as the front's own, so nothing finer than the front is shown.
    """
    from shapely import affinity, union_all
    from shapely.geometry import Point

    out: dict[str, tuple[Line, ...]] = {}
    for k, name in enumerate(places.names):
        mine = places.front == k
        if k in places.areas:
            out[name] = _rings(places.areas[k].simplify(10.0**-DECIMALS))
        elif mine.any():
            squeeze = max(float(np.cos(np.radians(places.lat[mine].mean()))), 0.05)
            flat = [
                Point(lon * squeeze * KM, lat * KM) for lon, lat in zip(places.lon[mine], places.lat[mine], strict=True)
            ]
            near = union_all([point.buffer(places.within[k], quad_segs=_SEGMENTS) for point in flat])
            smooth = near.buffer(_SMOOTH_KM).buffer(-_SMOOTH_KM).simplify(0.5)
            out[name] = _rings(affinity.scale(smooth, 1 / (squeeze * KM), 1 / KM, origin=(0, 0)))
    return out


def _rings(area: Any) -> tuple[Line, ...]:
    """The outer rings of an area, clockwise, which is how maps are filled."""
    from shapely.geometry import polygon

    parts = [one for one in getattr(area, "geoms", [area]) if one.geom_type == "Polygon" and not one.is_empty]
    even = [polygon.orient(part, -1.0).exterior.coords for part in parts]
    return tuple(tuple((round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0) for x, y in ring) for ring in even)

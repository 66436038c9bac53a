"""Which front an event belongs to: by place, never by which parties a dataset says fought."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case, Front
from fissures.errors import DataError
from fissures.events.database import rows

if TYPE_CHECKING:
    from fissures.events.database import Connection

Floats = NDArray[np.float64]

EARTH_KM = 6371.0088  # mean radius (IUGG)
_KM_PER_DEGREE = 111.195

# How far from its coordinates an event may have happened, by the precision of its place.
DOUBT_KM = {"point": 0.0, "near": 25.0, "district": 50.0, "province": 150.0}
ANYWHERE_KM = 20_100.0


@dataclass(frozen=True)
class Places:
    """The points of the case's fronts, and the areas that some of them have.

    `front` (points,) numbers the front of each point; `lat`, `lon` (points,) in degrees; `within` (fronts,) in km.
    """

    names: tuple[str, ...]
    front: NDArray[np.int64]
    lat: Floats
    lon: Floats
    within: Floats
    areas: dict[int, Any]


def places_of(case: Case, folder: Path) -> Places:
    """The places of a case's fronts; raises DataError for an area that cannot be read."""
    names = tuple(case.fronts)
    points = [(k, *place) for k, front in enumerate(case.fronts.values()) for place in _points(front)]
    areas = {k: _area(folder / f.area) for k, f in enumerate(case.fronts.values()) if f.area}
    within = np.array([front.within_km for front in case.fronts.values()])
    columns = np.array(points, np.float64).reshape(-1, 3).T
    return Places(names, columns[0].astype(np.int64), columns[1], columns[2], within, areas)


def _points(front: Front) -> list[tuple[float, float]]:
    return list(front.places.values()) or ([front.place] if front.place else [])


def _area(file: Path) -> Any:
    """The union of the polygons of a GeoJSON file."""
    from shapely import union_all
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        features = told["features"] if told["type"] == "FeatureCollection" else [told]
        return union_all([shape(item.get("geometry", item)) for item in features])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise DataError(
            f"the area cannot be read ({error})",
            where=file.name,
            why="events would be laid on the wrong front",
            remedy="give a GeoJSON file with polygons in degrees, longitude first",
        ) from error


def distances(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    """Great-circle distances in km, shape (events, points): the haversine formula (Sinnott 1984).

    >>> one = np.array([40.0])
    >>> round(float(distances(one, np.array([47.0]), one, np.array([48.0]))[0, 0]), 1)
    85.2
    """
    a, b = np.radians(lat)[:, None], np.radians(to_lat)[None, :]
    half = (
        np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon[:, None] - to_lon[None, :]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), np.float64)


def assign(places: Places, lat: Floats, lon: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The front of each event (-1: none), and how far it lies from the edge of every front: km, (events, fronts).

    Of several fronts within reach it is the one around it (an area), else the one with the nearest point.
    """
    near = np.full((lat.size, len(places.names)), np.inf)
    if places.lat.size and lat.size:
        to_points = distances(lat, lon, places.lat, places.lon)
        for k in np.unique(places.front):
            near[:, k] = to_points[:, places.front == k].min(axis=1)
    for k, area in places.areas.items():
        beyond = _to_area(area, lat, lon)
        near[:, k] = np.where(beyond > 0, places.within[k] + beyond, -1.0)
    away = np.maximum(near - places.within, 0.0)
    reached = np.where(away <= 0, near, np.inf)
    front = reached.argmin(axis=1) if len(places.names) else np.full(lat.size, -1)
    return np.where(np.isfinite(reached).any(axis=1), front, -1), away


def _to_area(area: Any, lat: Floats, lon: Floats) -> Floats:
    """Distance in km from an area, roughly (degrees scaled at the event's latitude); 0 inside and on the border."""
    import shapely

    points = shapely.points(lon, lat)
    degrees = shapely.distance(area, points)
    return np.asarray(np.where(shapely.covers(area, points), 0.0, degrees * _KM_PER_DEGREE), np.float64)


def nearby(places: Places) -> str:
    """Whether a row may have happened on a front, as SQL: inside the fronts' box, widened by the doubt of a place."""
    if not places.lat.size and not places.areas:
        return "false"
    south, west, north, east = _box(places)
    return f"lat BETWEEN {south:.3f} AND {north:.3f} AND lon BETWEEN {west:.3f} AND {east:.3f}"


def _box(places: Places) -> tuple[float, float, float, float]:
    """South, west, north and east of all fronts, with their reach and the doubt of a province around them."""
    lat, lon = list(places.lat), list(places.lon)
    for area in places.areas.values():
        west, south, east, north = area.bounds
        lat += [south, north]
        lon += [west, east]
    reach = (float(places.within.max(initial=0.0)) + DOUBT_KM["province"]) / _KM_PER_DEGREE
    wide = reach / max(float(np.cos(np.radians(min(max(map(abs, lat)), 85.0)))), 0.05)
    return min(lat) - reach, min(lon) - wide, max(lat) + reach, max(lon) + wide


def lay_on_fronts(connection: Connection, places: Places) -> None:
    """Make the table `laid`: the rows of `selected` that have a place, with `front` and `fronts`.

    `front` is where the event surely happened (NULL: on none, or its place is known too coarsely), `fronts` are all on
    which it may have.
    """
    precision = "coalesce(place_precision, 'point')"
    found = rows(connection, f"SELECT DISTINCT lat, lon, {precision} FROM selected WHERE lat IS NOT NULL")
    lat, lon = (np.array([row[k] for row in found], np.float64) for k in (0, 1))
    front, away = assign(places, lat, lon)
    doubt = np.array([DOUBT_KM.get(row[2], ANYWHERE_KM) for row in found])
    told: list[tuple[Any, ...]] = []
    for k, row in enumerate(found):
        sure = places.names[front[k]] if front[k] >= 0 and doubt[k] <= DOUBT_KM["near"] else None
        may = [places.names[f] for f in np.flatnonzero(away[k] <= doubt[k])]
        told.append((*row, sure, [sure] if sure else may))
    columns = {"lat": "DOUBLE", "lon": "DOUBLE", "precision": "VARCHAR", "front": "VARCHAR", "fronts": "VARCHAR[]"}
    each = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for name, kind in columns.items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE spots AS SELECT {each}", [[row[k] for row in told] for k in range(len(columns))]
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE laid AS SELECT selected.*, spots.front, spots.fronts FROM selected JOIN spots
        ON selected.lat = spots.lat AND selected.lon = spots.lon AND {precision} = spots.precision"""
    )

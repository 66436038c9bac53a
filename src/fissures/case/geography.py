"""The map of a case: a GeoJSON file of land, water, recognised boundaries, and lines that somebody holds for a time."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fissures.case.grammar import nearest
from fissures.case.inside import is_plain, lies_in
from fissures.case.places import Data, Positions, clip
from fissures.case.records import Case
from fissures.errors import DataError, Finding

LARGEST_MAP = 250_000  # bytes: a brief holds its map twice, and is itself one page below 600 kB
MOST_TOLD = 20  # faults of one file; the first are enough to mend it

# What a feature may be, and in which shapes. A point names an area whose outline is not drawn.
SHAPES: dict[str, tuple[str, ...]] = {
    "land": ("Polygon", "MultiPolygon", "Point"),
    "water": ("Polygon", "MultiPolygon", "Point"),
    "recognised": ("LineString", "MultiLineString"),
    "held": ("LineString", "MultiLineString"),
}
_NESTED = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

LonLat = tuple[float, float]
Line = tuple[LonLat, ...]


class _Fault(Exception):
    """What is wrong with a feature or a file: message, why it matters, what to try."""


@dataclass(frozen=True)
class Feature:
    """One thing on a map: `kind` is land, water, recognised or held; its lines in degrees, longitude first.

    A polygon is its rings, of which `areas` says how many belong to each part (the first is the outside). A held line
    counts from `since` to `until`, both included; None is open. A point has one line of one place.
    """

    kind: str
    name: str
    lines: tuple[Line, ...]
    areas: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it stands on a day; all but held lines always do.

        >>> line = Feature("held", "a truce", (((0.0, 0.0), (1.0, 1.0)),), since=date(1994, 5, 12))
        >>> line.valid_on(date(1994, 5, 11)), line.valid_on(date(1994, 5, 12))
        (False, True)
        """
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def read_map(case: Case, folder: Path) -> tuple[Feature, ...]:
    """The features of a case's map that stand on its as-of date, in the file's order; () where the case has none.

    Raises DataError for a file that is missing or cannot be used.
    """
    if case.map is None:
        return ()
    found, faults = examine_map(folder / case.map.file)
    if faults:
        message, why, remedy = faults[0]
        raise DataError(message, where=case.map.file, why=why, remedy=remedy)
    return tuple(feature for feature in found if feature.valid_on(case.as_of))


def map_findings(case: Case, folder: Path, positions: Positions) -> Iterator[Finding]:
    """What is wrong with the file of a case's map, and which of its lines do not stand on the as-of date.

    A file that is missing, or is named so that the case could not travel, is told by the reader of the case.
    """
    drawn, at = case.map, ("map", "file")
    if drawn is None:
        return
    source = case.sources.get(drawn.source)
    if source is not None and not (source.licence or "").strip():
        yield positions.finding(
            ("map", "source"),
            f"the source '{drawn.source}' of the map states no licence",
            "a map is copied into every brief, and its owner may ask for something in return",
            f"write licence: under sources, {drawn.source}",
        )
    file = folder / drawn.file
    if not is_plain(drawn.file) or not os.path.isfile(file) or not lies_in(folder, drawn.file):
        return
    found, faults = examine_map(file)
    for message, why, remedy in faults:
        yield positions.finding(at, message, why, remedy)
    if not faults:
        yield from _not_standing(found, case.as_of, drawn.file, positions)


def _not_standing(found: tuple[Feature, ...], as_of: date, name: str, positions: Positions) -> Iterator[Finding]:
    held = [feature for feature in found if feature.kind == "held"]
    away = [feature for feature in held if not feature.valid_on(as_of)]
    if away:
        first = clip(away[0].name or "without a name")
        yield positions.finding(
            ("map", "file"),
            f"{len(away)} of {len(held)} held lines of '{name}' do not stand on {as_of} and are left out: {first}",
            "a map shows who holds what on the as-of date, and nothing that came later",
            "change from and to of the line, if it did stand on that day",
            level="note",
        )


def examine_map(file: Path) -> tuple[tuple[Feature, ...], list[tuple[str, str, str]]]:
    """The features of a GeoJSON file, and what is wrong with it as (message, why, remedy); never raises."""
    try:
        features = _features(file)
    except _Fault as fault:
        return (), [fault.args[0]]
    found, faults = [], []
    for number, item in enumerate(features, start=1):
        try:
            found.append(_feature(item, f"feature {number} of '{file.name}'"))
        except _Fault as fault:
            faults.append(fault.args[0])
            if len(faults) == MOST_TOLD:
                break
    return tuple(found), faults


def _features(file: Path) -> list[Data]:
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_MAP + 1)
    except OSError as error:
        raise _fault(
            f"'{file.name}' cannot be opened", "the brief would have no map", "check who may read it"
        ) from error
    if len(raw) > LARGEST_MAP:
        raise _fault(
            f"'{file.name}' is larger than {LARGEST_MAP // 1000} kB",
            "it is drawn into every brief, which is one page below 600 kB",
            "cut it to the region of the fronts, and simplify its lines; 25 kB are plenty",
        )
    try:
        told = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_geojson(file.name) from error
    features = told.get("features") if isinstance(told, dict) and told.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise _no_geojson(file.name)
    return features


def _no_geojson(name: str) -> _Fault:
    return _fault(
        f"'{name}' is not GeoJSON",
        "nothing could be drawn from it",
        'write {"type": "FeatureCollection", "features": [...]}, coordinates in degrees, longitude first',
    )


def _fault(message: str, why: str, remedy: str) -> _Fault:
    return _Fault((message, why, remedy))


def _feature(item: Data, at: str) -> Feature:
    """One feature read; raises _Fault."""
    geometry = item.get("geometry") if isinstance(item, dict) and item.get("type") == "Feature" else None
    told = item.get("properties") if isinstance(item, dict) else None
    if not isinstance(geometry, dict) or not isinstance(told, dict):
        raise _fault(
            f"{at} has no geometry, or no properties",
            "a map is drawn from features that have both",
            'write {"type": "Feature", "properties": {"role": "land"}, "geometry": {...}}',
        )
    role, form = told.get("role"), geometry.get("type")
    if not isinstance(role, str) or role not in SHAPES:
        raise _fault(
            f"{at} has {'no role' if role is None else f'the role {clip(role)}'}",
            "the role decides how it is drawn: recognised boundaries solid, held lines dashed",
            nearest(str(role)[:60], SHAPES),
        )
    if not isinstance(form, str) or form not in SHAPES[role]:
        raise _fault(
            f"{at} is {role} and has the shape {clip(form)}",
            "land and water have an area (or a point to be named at), boundaries are lines",
            f"write one of {', '.join(SHAPES[role])}",
        )
    lines, areas = _lines(geometry.get("coordinates"), form, at)
    name = "" if told.get("name") is None else told["name"]
    if not isinstance(name, str) or (form == "Point" and not name.strip()):
        raise _fault(f"{at} has no name that is text", "a point is drawn as its name", 'write "name": "..."')
    since, until = (_day(told.get(key), key, at) for key in ("from", "to"))
    _in_time(role, since, until, at)
    return Feature(role, name, lines, areas, since, until)


def _in_time(role: str, since: date | None, until: date | None, at: str) -> None:
    """A line is held from a day on, and not the other way round; raises _Fault."""
    if role == "held" and since is None:
        raise _fault(
            f"{at} is held and has no from",
            "without a date it could be a line that nobody knew of on the as-of date",
            'write "from": "1994-05-12", and "to" where it is over',
        )
    if since is not None and until is not None and since > until:
        raise _fault(f"{at} ends on {until}, before it begins on {since}", "it would never be drawn", "swap them")


def _day(value: Any, key: str, at: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _fault(
            f"{at} has the {key} {clip(value)}, which is not a date",
            "only lines that stand on the as-of date are drawn",
            'write year-month-day in quotes: "1994-05-12"',
        ) from error


def _lines(told: Any, form: str, at: str) -> tuple[tuple[Line, ...], tuple[int, ...]]:
    """The lines of a geometry, and how many of them belong to each of its areas; raises _Fault."""
    depth = _NESTED[form]
    if depth == 0:
        return ((_place(told, at),),), ()
    parts = [told] if form in ("LineString", "Polygon") else told
    if not isinstance(parts, list) or not parts:
        raise _no_coordinates(at)
    if form in ("LineString", "MultiLineString"):
        return tuple(_line(part, 2, at) for part in parts), ()
    if not all(isinstance(part, list) and part for part in parts):
        raise _no_coordinates(at)
    return tuple(_line(ring, 4, at) for part in parts for ring in part), tuple(len(part) for part in parts)


def _line(told: Any, least: int, at: str) -> Line:
    if not isinstance(told, list) or len(told) < least:
        raise _no_coordinates(at)
    return tuple(_place(one, at) for one in told)


def _place(told: Any, at: str) -> LonLat:
    """Longitude and latitude; a height is left out."""
    if not isinstance(told, list) or len(told) not in (2, 3):
        raise _no_coordinates(at)
    numbers = [one for one in told[:2] if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < 2:
        raise _no_coordinates(at)
    lon, lat = numbers
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise _fault(
            f"{at} has the place {clip(str(told[:2]))}, which is not on Earth",
            "coordinates are degrees, longitude (-180 to 180) before latitude (-90 to 90)",
            "save the file in WGS 84 (EPSG:4326)",
        )
    return float(lon), float(lat)


def _no_coordinates(at: str) -> _Fault:
    return _fault(
        f"{at} has coordinates that cannot be read",
        "a line needs two places or more, a ring four, a place two numbers",
        "save it again from a map program as GeoJSON",
    )

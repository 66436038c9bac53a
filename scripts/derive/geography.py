"""The map of the region: states as the world recognises them, their boundaries, and the line of contact of 1994.

From Natural Earth (public domain). Its countries at 1:50 million are drawn as recognised; what is held otherwise stands
in a file of its own, of which the ceasefire line of 1994 is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from shapely import intersection, line_merge, normalize, set_precision, union_all
from shapely.geometry import box, mapping, shape

from derive.tables import SourceProblem

WEST, SOUTH, EAST, NORTH = 42.6, 38.0, 50.8, 42.4  # the two states and the sea beside them, with a margin
DECIMALS = 3  # a hundred metres: finer than the lines are
SLACK = 0.004  # degrees by which a simplified line of contact may stray: less than a pixel
CEASEFIRE = ("Ceasefire Line 1994", "1994-05-12")  # its name in Natural Earth, and the day the ceasefire began
OBLAST = ("Former USSR oblast in 1991", "Nagorno-Karabakh")  # its outline in Natural Earth, and what it is called
SEA = "Caspian Sea"

Feature = dict[str, Any]


def features(countries: Path, lines: Path) -> Iterator[Feature]:
    """Land, sea, recognised boundaries, the held line and the name of the old oblast, cut to the frame."""
    frame = box(WEST, SOUTH, EAST, NORTH)
    land = {
        name: intersection(part, frame) for name, part in sorted(_named(countries, "NAME")) if part.intersects(frame)
    }
    for name, part in land.items():
        yield _feature("land", name, part)
    yield _feature("water", SEA, frame.difference(union_all(list(land.values()))))
    for one, other in combinations(land, 2):
        shared = line_merge(union_all(_lines(intersection(land[one].boundary, land[other].boundary))))
        if not shared.is_empty:
            yield _feature("recognised", f"{one}, {other}", shared)
    held = union_all([line for name, line in _named(lines, "name") if name == CEASEFIRE[0]])
    yield _feature("held", "Line of contact of 1994", line_merge(held).simplify(SLACK))
    oblast = union_all([line for name, line in _named(lines, "name") if name == OBLAST[0]])
    yield _feature("land", OBLAST[1], oblast.convex_hull.centroid)


def _named(file: Path, key: str) -> Iterator[tuple[str, Any]]:
    """The name and the geometry of each feature of a file."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))["features"]
    except (OSError, KeyError, ValueError) as error:
        raise SourceProblem(f"cannot read {file.as_posix()}: {error}") from error
    return ((str(one["properties"].get(key)), shape(one["geometry"])) for one in told)


def _lines(part: Any) -> list[Any]:
    """The lines of a geometry; two states may also touch in single places, which are no boundary."""
    return [one for one in getattr(part, "geoms", [part]) if one.geom_type in ("LineString", "MultiLineString")]


def _feature(role: str, name: str, part: Any) -> Feature:
    told = {"role": role, "name": name}
    if role == "held":
        told["from"] = CEASEFIRE[1]
    even = normalize(set_precision(part, 10.0**-DECIMALS))
    return {"type": "Feature", "properties": told, "geometry": _plain(mapping(even))}


def _plain(value: Any) -> Any:
    """Tuples as lists and coordinates with so many decimals."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value


def write(path: Path, found: Iterable[Feature]) -> None:
    """Write features as GeoJSON, one a line, with plain line feeds."""
    lines: Sequence[str] = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="")

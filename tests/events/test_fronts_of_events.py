"""Which front an event belongs to: the nearest within reach, an area where there is one, nothing guessed beyond."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fissures as fs
from fissures.case.records import Case, Front
from fissures.errors import DataError
from fissures.events import places, selection
from fissures.events.database import rows

Hold = Callable[..., Any]


def front(**facts: Any) -> Front:
    return Front(name="x", ladder="border", between=("ARM", "AZE"), **facts)


@cache
def shipped() -> Case:
    return fs.load("south-caucasus-2020").record


def case_with(**fronts: Front) -> Case:
    return shipped().model_copy(update={"fronts": fronts})


NORTH = front(places={"Movses": (40.90, 45.49), "Berd": (40.88, 45.39)})
EAST = front(place=(39.95, 46.95), within_km=40.0)


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance by the spherical law of cosines: another formula than the one under test."""
    p, q, d = math.radians(a[0]), math.radians(b[0]), math.radians(a[1] - b[1])
    inside = math.sin(p) * math.sin(q) + math.cos(p) * math.cos(q) * math.cos(d)
    return places.EARTH_KM * math.acos(min(1.0, max(-1.0, inside)))


@given(*[st.floats(-89, 89), st.floats(-180, 180)] * 2)
@settings(deadline=None)
def test_distances_are_those_of_another_formula(a: float, b: float, c: float, d: float) -> None:
    ours = places.distances(np.array([a]), np.array([b]), np.array([c]), np.array([d]))[0, 0]
    assert ours == pytest.approx(km((a, b), (c, d)), abs=0.5)


@given(st.lists(st.tuples(st.floats(38, 42), st.floats(44, 48)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_an_event_belongs_to_the_front_whose_place_is_nearest_within_reach(spots: list[tuple[float, float]]) -> None:
    told = places.places_of(case_with(north=NORTH, east=EAST), Path())
    lat, lon = np.array(spots).T
    found, away = places.assign(told, lat, lon)
    for k, spot in enumerate(spots):
        near = [min(km(spot, place) for place in NORTH.places.values()), km(spot, (39.95, 46.95))]
        beyond = [max(near[0] - 25.0, 0.0), max(near[1] - 40.0, 0.0)]
        assert away[k] == pytest.approx(beyond, abs=0.01)
        if min(map(abs, (near[0] - 25.0, near[1] - 40.0))) > 0.01:
            within = [f for f in (0, 1) if beyond[f] == 0]
            assert found[k] == (min(within, key=near.__getitem__) if within else -1)


@settings(deadline=None)
@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(1, 150), st.floats(0, 360), st.floats(0, 300))
def test_what_may_lie_on_a_front_lies_in_the_box_that_is_looked_at(
    lat: float, lon: float, within: float, heading: float, away: float
) -> None:
    told = places.places_of(case_with(here=front(place=(lat, lon), within_km=within)), Path())
    south, west, north, east = places._box(told)
    step = min(away, within + places.DOUBT_KM["province"]) / 111.3
    at = lat + step * math.cos(math.radians(heading)), lon + step * math.sin(math.radians(heading))
    assert south <= at[0] <= north
    assert west <= at[1] <= east


def test_an_area_takes_what_lies_inside_it_however_near_another_front_is(tmp_path: Path) -> None:
    square = [[[46.0, 40.0], [47.0, 40.0], [47.0, 41.0], [46.0, 41.0], [46.0, 40.0]]]
    (tmp_path / "area.json").write_text(json.dumps({"type": "Polygon", "coordinates": square}))
    told = places.places_of(case_with(village=front(place=(40.5, 46.5)), square=front(area="area.json")), tmp_path)
    found, away = places.assign(told, np.array([40.5, 40.5, 42.5]), np.array([46.5, 47.01, 46.5]))
    assert found.tolist() == [1, -1, -1]
    assert away[1, 1] == pytest.approx(1.1, abs=0.3)


@pytest.mark.parametrize("text", ["", "{}", '{"type": "Feature"}', '{"type": "Polygon", "coordinates": "here"}'])
def test_an_area_that_cannot_be_read_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "area.json").write_text(text)
    with pytest.raises(DataError, match=r"area\.json  the area cannot be read"):
        places.places_of(case_with(square=front(area="area.json")), tmp_path)


def test_a_coarse_place_is_on_no_front_for_sure_and_possible_on_those_near(hold: Hold, connection: Any) -> None:
    base = {"start_date": "2018-01-01", "category": "ASSAULT", "code": "1", "lat": 40.9, "lon": 45.5}
    made = hold([{**base, "place_precision": p} for p in (None, "point", "near", "district", "province", "country")])
    told = places.places_of(case_with(north=NORTH, east=EAST), Path())
    selection.select(connection, (made,), "true", shipped().as_of)
    places.lay_on_fronts(connection, told)
    laid = {row[0]: (row[1], row[2]) for row in rows(connection, "SELECT place_precision, front, fronts FROM laid")}
    assert laid[None] == laid["point"] == laid["near"] == ("north", ["north"])
    assert laid["district"] == (None, ["north"])
    assert laid["province"] == (None, ["north", "east"])
    assert laid["country"] == (None, ["north", "east"])


def test_the_shipped_fronts_hold_the_villages_of_the_notes() -> None:
    record = fs.load("south-caucasus-2020")
    told = places.places_of(record.record, record.folder)
    villages = {
        "Tovuz": (40.99, 45.63, "tavush"),
        "Chinari": (40.88, 45.58, "tavush"),
        "Talish/Talis": (40.39, 46.74, "loc"),
        "Fuzuli": (39.60, 47.14, "loc"),
        "Sadarak": (39.72, 44.88, "nakhchivan"),
        "Baku": (40.40, 49.88, None),
        "Yerevan": (40.18, 44.51, None),
    }
    lat, lon = np.array([place[:2] for place in villages.values()]).T
    found, _ = places.assign(told, lat, lon)
    names = [told.names[k] if k >= 0 else None for k in found]
    assert dict(zip(villages, names, strict=True)) == {name: place[2] for name, place in villages.items()}

"""The map and the timeline: what is drawn how, that nothing lies on anything, and that no text or place is trusted."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fissures.figures import front_map, svg, timeline_chart
from fissures.figures.map import percent
from fissures.figures.placing import Box, around, freest
from fissures.figures.timeline import evened, runs
from fissures.study.place_records import Due, FrontAhead, Lane, Outline, Stretch, Timeline, Turn, Where

AS_OF, END = date(2020, 7, 21), date(2020, 12, 31)
HARM = "<script>alert(1)</script>&\u202e" + "x" * 5_000


def ring(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


LAND = Outline("land", "Westland", (ring(40, 38, 45, 43),), (1,))
OTHER = Outline("land", "Eastland", (ring(45, 38, 50, 43), ring(47, 40, 48, 41)), (2,))
BORDER = Outline("recognised", "Eastland, Westland", (((45.0, 38.0), (45.0, 43.0)),))
FENCE = Outline("held", "The fence", (((45.5, 38.0), (45.5, 43.0)),), since=date(1994, 5, 12))
LAKE = Outline("water", "Lake", (ring(41, 39, 42, 40),), (1,))
AREA = Outline("land", "The old hills", (((46.4, 41.6),),))
NORTH = FrontAhead("north", "Northern line", (("clash", 0.4), ("war", 0.13)), 0.13, (ring(44.7, 41, 45.4, 41.5),))
SOUTH = FrontAhead("south", "Southern line", (("clash", 0.2), ("war", 0.004)), 0.004, (ring(44.7, 39.5, 45.4, 40),))
REAR = FrontAhead("rear", "Behind", (("struck", 0.06),), None)
WHERE = Where(AS_OF, END, "war", (NORTH, SOUTH, REAR), (LAND, OTHER, LAKE, BORDER, FENCE, AREA), "atlas", "by hand")


def layers(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [one for one in spec["layer"] if one["mark"].get("type") == mark]


def values(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    """What a layer draws, wherever the specification keeps it."""
    held = layer.get("data") or {}
    return list(held.get("values") or spec.get("datasets", {}).get(held.get("name"), []))


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for layer in spec["layer"] for row in values(spec, layer)]


def words(drawing: str) -> list[str]:
    return [t for e in ElementTree.fromstring(drawing).iter() if e.tag.endswith("text") and (t := e.text or "")]


# --- the map --------------------------------------------------------------------------------------------------


def test_recognised_is_solid_held_is_dashed_and_no_state_has_a_colour() -> None:
    geo = layers(front_map(WHERE), "geoshape")
    solid = [one["mark"] for one in geo if (one["data"]["values"] or [{}])[0].get("kind") == "recognised"]
    dashed = [one["mark"] for one in geo if (one["data"]["values"] or [{}])[0].get("kind") == "held"]
    assert len(solid) == 1 and "strokeDash" not in solid[0]
    assert dashed[-1]["strokeDash"] == [6, 4] and dashed[-1]["strokeWidth"] > solid[0]["strokeWidth"]
    land = [one for one in geo if (one["data"]["values"] or [{}])[0].get("kind") == "land"]
    assert len(land) == 1 and len(land[0]["data"]["values"]) == 1, "all land is one area of one grey"
    shapes = land[0]["data"]["values"][0]["geometry"]["coordinates"]
    assert len(shapes) == 1


def test_a_front_is_named_with_its_number_and_shaded_by_it() -> None:
    spec = front_map(WHERE)
    fill = next(one["encoding"]["fill"] for one in layers(spec, "geoshape") if one["encoding"])
    assert fill["scale"]["type"] == "threshold" and fill["scale"]["range"][0] == "#ffffff"
    drawn = words(svg(spec))
    assert {"Northern line 13 %", "Southern line < 1 %", "Westland", "Eastland", "Lake", "The old hills"} <= set(drawn)
    assert "chance of war by 31 Dec 2020, in the model" in drawn and "held on 21 Jul 2020" in drawn
    assert not any("Behind" in text for text in drawn), "a front without a place is not on the map"
    assert "Northern line 13 %, Southern line < 1 %" in spec["description"] and "The fence" in spec["description"]


def test_a_front_whose_ladder_has_no_such_rung_is_grey_and_not_unlikely() -> None:
    spec = front_map(replace(WHERE, fronts=(replace(SOUTH, asked=None), NORTH)))
    grey = [one for one in layers(spec, "geoshape") if one["mark"].get("color") == "#ececec"]
    assert [row["name"] for row in grey[0]["data"]["values"]] == ["Southern line"]
    assert "Southern line" in words(svg(spec))


def test_without_a_held_line_the_key_does_not_speak_of_one() -> None:
    drawn = words(svg(front_map(replace(WHERE, outlines=(LAND, OTHER, BORDER)))))
    assert "recognised" in drawn and not any(text.startswith("held") for text in drawn)


def test_a_map_without_a_front_still_draws() -> None:
    drawn = words(svg(front_map(replace(WHERE, fronts=(REAR,)))))
    assert "Westland" in drawn
    assert "none has a place" in front_map(replace(WHERE, fronts=()))["description"]


@pytest.mark.parametrize("width", [660, 340])
def test_no_name_lies_on_another_or_leaves_the_sheet(width: int) -> None:
    spec = front_map(WHERE, width=width)
    told = {
        row["name"]: around(row["x"], row["y"], row["name"])
        for row in rows(spec)
        if row.get("kind") in ("front name", "name")
    }
    assert len(told) >= 5
    for one, other in combinations(told.values(), 2):
        assert one.shared(other) < 1
    sheet = Box(0, 50, width, spec["height"])
    assert all(box.within(sheet) for box in told.values())


def corners(spec: dict[str, Any], kind: str) -> list[tuple[float, float]]:
    """Every place of the areas of a kind, in pixels."""
    areas = [row["geometry"]["coordinates"] for row in rows(spec) if row.get("kind") == kind]
    return [(x, y) for polygons in areas for polygon in polygons for ring in polygon for x, y in ring]


@pytest.mark.parametrize("width", [660, 340])
def test_fronts_stay_in_view_and_the_map_fills_the_sheet(width: int) -> None:
    spec = front_map(WHERE, width=width)
    xs, ys = zip(*corners(spec, "front"), strict=True)
    assert min(xs) > 0 and max(xs) < width and min(ys) > 50 and max(ys) < spec["height"]
    xs, ys = zip(*corners(spec, "land"), strict=True)
    assert (min(xs), max(xs), max(ys)) == (0, width, spec["height"])


def test_what_lies_north_or_east_is_drawn_so() -> None:
    spec = front_map(WHERE)
    middle = {row["name"]: row["geometry"]["coordinates"][0][0][0] for row in rows(spec) if row.get("kind") == "front"}
    assert middle["Northern line"][1] < middle["Southern line"][1]
    names = {row["name"]: row["x"] for row in rows(spec) if row.get("kind") == "name"}
    assert names["Westland"] < names["Eastland"]


def test_a_ring_may_turn_either_way() -> None:
    back = replace(NORTH, area=(NORTH.area[0][::-1],))
    one, other = (set(corners(front_map(replace(WHERE, fronts=(front, SOUTH))), "front")) for front in (NORTH, back))
    assert one == other


def test_nothing_smaller_than_a_front_is_told() -> None:
    assert {row.get("kind") for row in rows(front_map(WHERE))} - {None} <= {
        *("land", "water", "recognised", "held", "front", "front name", "name"),
    }


def test_no_chance_is_nothing_or_all() -> None:
    assert [percent(p) for p in (0.0, 1.0, 0.135, None, math.nan)] == ["< 1 %", "> 99 %", "14 %", "", ""]


PLACE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
RING = st.lists(PLACE, min_size=4, max_size=7).map(tuple)
TEXT = st.one_of(st.text(max_size=30), st.just(HARM))


@settings(max_examples=25, deadline=None)
@given(TEXT, st.lists(RING, max_size=3), st.lists(RING, min_size=1, max_size=3), st.sampled_from([340, 660]))
def test_no_place_and_no_name_brings_it_down(name: str, fronts: Any, lands: Any, width: int) -> None:
    outlines = [Outline("land", name, (one,), (1,)) for one in lands]
    outlines += [Outline("held", name, (one,), since=AS_OF) for one in lands]
    outlines += [Outline(name, name, (one,), (1,)) for one in lands] + [Outline("water", name, ((lands[0][0],),))]
    made = tuple(FrontAhead(name, name, ((name, 0.5),), 0.5, (one,)) for one in fronts)
    spec = front_map(Where(AS_OF, END, name, made, tuple(outlines), name, name), width=width)
    drawing = svg(json.loads(json.dumps(spec, allow_nan=False)))
    root = ElementTree.fromstring(drawing)
    assert not [e for e in root.iter() if e.tag.rpartition("}")[2] in ("script", "image", "foreignObject")]
    assert "NaN" not in drawing and "\u202e" not in drawing
    assert max((len(text) for text in words(drawing)), default=0) < 120


# --- the timeline ---------------------------------------------------------------------------------------------


def days(first: date, count: int, rung: str, height: float) -> Stretch:
    return Stretch(first, first + timedelta(days=count - 1), rung, height)


LADDER = ("quiet", "fire", "clash")
WEEKS = tuple(
    days(date(2018, 1, 1) + timedelta(weeks=k), 7, *(("quiet", 0.0), ("clash", 1.0))[k == 9]) for k in range(40)
)
RECORD = Lane("record", "", LADDER, WEEKS)
SEEN = (days(date(2018, 3, 5), 3, "clash", 1.0), days(date(2019, 1, 1), 90, "fire", 0.5))
LOC = Lane("front", "Northern line", LADDER, SEEN)
NONE = Lane("front", "Southern line", LADDER, ())
TALKS = Lane("track", "Talks", ("contact", "summit"), (days(date(2019, 5, 1), 1, "summit", 1.0),))
TOLD = Timeline(
    date(2018, 1, 1),
    AS_OF,
    END,
    (RECORD, LOC, NONE, TALKS),
    (Turn(date(2019, 1, 16), "break", "a line was opened"), Turn(date(2019, 1, 20), "commitment", "a pact")),
    (Due("calendar", "An election", date(2020, 7, 22), date(2020, 11, 3)), Due("question", "Q1, Q2", END, END)),
)


def test_each_lane_has_its_name_and_what_is_due_stands_after_the_as_of_date() -> None:
    spec = timeline_chart(TOLD)
    drawn = words(svg(spec))
    assert {"All fronts together", "Northern line", "Southern line", "Talks: contact to summit"} <= set(drawn)
    assert {"Turning points", "An election", "Questions close", "a", "b", "as of 21 Jul 2020", "no record"} <= set(
        drawn
    )
    now = max(row["x2"] for row in rows(spec) if row.get("rung"))
    due = [row for row in rows(spec) if row.get("kind") in ("calendar", "question")]
    assert len(due) == 2 and all(row["x"] >= now for row in due)
    assert "2020-12-31" in spec["description"]


def test_the_days_ahead_are_drawn_wider() -> None:
    spec = timeline_chart(TOLD)
    (election,) = [row for row in rows(spec) if row.get("kind") == "calendar"]
    (fire,) = [row for row in rows(spec) if row.get("rung") == "fire"]
    assert (election["x2"] - election["x"]) / 105 > 2 * (fire["x2"] - fire["x"]) / 90


def test_a_day_is_seen_and_a_gap_is_not_white() -> None:
    spec = timeline_chart(TOLD)
    (summit,) = [row for row in rows(spec) if row.get("rung") == "summit"]
    assert summit["x2"] - summit["x"] >= 2
    bars = [row for row in rows(spec) if row.get("lane") == "Southern line"]
    assert bars == [], "no record draws no bar, not a quiet one"
    dotted = next(one for one in layers(spec, "rule") if one["mark"].get("strokeDash") == [1, 4])
    assert len(values(spec, dotted)) == 1 + len(TOLD.lanes)


def test_the_pooled_record_shows_the_worst_of_four_weeks_and_keeps_its_gaps() -> None:
    once = evened(RECORD.stretches)
    assert [(one.rung, (one.end - one.start).days + 1) for one in once] == [
        ("quiet", 56),
        ("clash", 28),
        ("quiet", 196),
    ]
    broken = tuple(one for k, one in enumerate(RECORD.stretches) if k != 20)
    assert len(runs(broken)) == 2
    lost = RECORD.stretches[20]
    assert not any(one.start <= lost.end and one.end >= lost.start for one in evened(broken))


def test_shades_run_from_white_to_navy() -> None:
    shades = {row["rung"]: row["shade"] for row in rows(timeline_chart(TOLD)) if row.get("rung")}
    assert (
        shades["quiet"] == "#ffffff" and shades["clash"] == "#12284c" and shades["fire"] not in ("#ffffff", "#12284c")
    )


def test_a_timeline_of_nothing_still_draws() -> None:
    assert svg(timeline_chart(Timeline(AS_OF, AS_OF, AS_OF)))
    assert svg(timeline_chart(Timeline(AS_OF, AS_OF, END, (NONE,))))


@settings(max_examples=20, deadline=None)
@given(TEXT, st.integers(0, 30_000), st.integers(0, 3_000), st.integers(0, 40), st.sampled_from([340, 660]))
def test_no_date_and_no_name_brings_it_down(name: str, back: int, ahead: int, count: int, width: int) -> None:
    first, last = AS_OF - timedelta(days=back), AS_OF + timedelta(days=ahead)
    one = Stretch(first, AS_OF, name, 0.5)
    lanes = tuple(Lane(kind, name, (name, name), (one,)) for kind in ("record", "front", "track") for _ in range(4))
    turns = tuple(Turn(first + timedelta(days=k), name, name) for k in range(count))
    due = tuple(Due(kind, name, AS_OF, last) for kind in ("calendar", "question", name) for _ in range(count))
    drawing = svg(timeline_chart(Timeline(first, AS_OF, last, lanes, turns, due), width=width))
    assert "NaN" not in drawing and "\u202e" not in drawing and "<script" not in drawing
    assert max(len(text) for text in words(drawing)) < 120


# --- where names go -------------------------------------------------------------------------------------------


def test_a_front_that_is_there_already_has_no_chance_on_the_map() -> None:
    there = replace(NORTH, there=(1.0, 1.0))
    spec = front_map(replace(WHERE, fronts=(there, SOUTH, REAR)))
    told = " ".join(words(svg(spec)))
    assert "Northern line there already" in told and "13 %" not in told
    assert "Northern line there already" in spec["description"]


def test_a_name_goes_where_it_is_free_or_nowhere() -> None:
    sheet = Box(0, 0, 100, 40)
    assert freest([(50, 20)], "abc", sheet, []) == around(50, 20, "abc")
    assert freest([(50, 20), (80, 20)], "abc", sheet, [Box(45, 15, 55, 25)]) == around(80, 20, "abc")
    assert freest([(50, 20), (80, 20)], "abc", sheet, [], [Box(45, 15, 55, 25)]) == around(80, 20, "abc")
    assert freest([(50, 20)], "a name too long for it", sheet, []) is None


# --- drawings are small, and the same every time ---------------------------------------------------------------


def test_a_drawing_is_the_same_text_however_many_were_drawn_before() -> None:
    one = svg(front_map(WHERE))
    svg(timeline_chart(TOLD))
    assert svg(front_map(WHERE)) == one


def test_a_group_says_once_what_its_marks_have_in_common() -> None:
    root = ElementTree.fromstring(svg(timeline_chart(TOLD)))
    for group in (e for e in root.iter() if e.tag.endswith("}g") and len(e) > 1):
        for name in ("fill", "stroke", "font-size", "text-anchor", "stroke-dasharray"):
            values = {child.get(name) for child in group}
            assert len(values) > 1 or values == {None}, (name, values)
    texts = [e for e in root.iter() if e.tag.endswith("text")]
    parents = {child: parent for parent in root.iter() for child in parent}
    assert texts and all("12px" in (e.get("font-size"), parents[e].get("font-size")) for e in texts)

"""Where and when: chances by front off the paths, regions of fronts, and the record with its gaps."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fissures.brief.places import cell, highest, there
from fissures.case.check import load_case
from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.events.spells import Spell
from fissures.study.place_records import Due, Stretch, Timeline, Turn
from fissures.study.timeline import timeline
from fissures.study.where import where

from .conftest import TWO_VALLEYS, Made

LINE = {"type": "LineString", "coordinates": [[8, 47], [9, 47]]}
SQUARE = {"type": "Polygon", "coordinates": [[[8, 46], [9, 46], [9, 48], [8, 48], [8, 46]]]}


def feature(role: str, shape: dict[str, Any], **told: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"role": role, "name": role, **told}, "geometry": shape}


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    """The small case with a map, and with places for one of its two fronts."""
    folder = tmp_path / "case"
    shutil.copytree(TWO_VALLEYS, folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "    name: The upper weir\n", "    name: The upper weir\n    places: {A: [47.0, 8.4], B: [47.1, 8.6]}\n"
    )
    text = text.replace("reporters:", "map: {file: map.geojson, source: ledger, says: by hand}\n\nreporters:")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    later = feature("held", LINE, **{"from": "2020-01-01"})
    held = feature("held", LINE, **{"from": "2018-01-01", "to": "2019-12-29"})
    told = {"type": "FeatureCollection", "features": [feature("land", SQUARE), held, later]}
    (folder / "map.geojson").write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_chances_are_shares_of_paths_that_come_so_high(case: Case, made: Made) -> None:
    run = made(10, rungs=[(0, 3, 0, 3), (0, 9, 1, 4), (0, 9, 2, 1), (1, 0, 5, 2)])
    told = where(case, TWO_VALLEYS, run, "V-Q1")
    weir, ford = told.fronts
    assert weir.reaches == (("scuffles", 0.3), ("raids", 0.2), ("feud", 0.2), ("uprising", 0.1))
    assert ford.reaches == (("scuffles", 0.1), ("raids", 0.1), ("feud", 0.0), ("uprising", 0.0))
    assert (told.rung, weir.asked, ford.asked) == ("feud", 0.2, 0.0)
    assert not told.drawn and weir.area == ()


def test_a_rung_that_a_front_holds_already_is_no_chance_of_reaching_it(case: Case, made: Made) -> None:
    run = made(10, rungs=[(0, 3, 0, 3)])
    run.fit.start.rungs[:, 0] = 3
    run.fit.start.rungs[:1, 1] = 2
    weir, ford = where(case, TWO_VALLEYS, run, "V-Q1").fronts
    assert weir.there == (1.0, 1.0, 1.0, 0.0) and ford.there == (0.25, 0.25, 0.0, 0.0)
    assert [cell(weir, rung, p)[0] for rung, p in weir.reaches][:3] == ["there already"] * 3
    said = [part.replace("\u00a0", " ") for part in cell(ford, *ford.reaches[0])]
    assert said == ["< 1 %", "25 % there already"] and cell(weir, *weir.reaches[3])[1] == ""
    told = where(case, TWO_VALLEYS, run, "V-Q1")
    assert there(told) == [weir] and highest(told) is None


def test_without_a_leading_question_the_highest_rung_is_asked(case: Case, made: Made) -> None:
    assert where(case, TWO_VALLEYS, made(2)).rung == "uprising"
    assert where(case, TWO_VALLEYS, made(2), "V-Q2").rung == "uprising", "a number asks for no rung"


def test_a_front_is_the_region_in_which_an_event_counts_as_its_own(placed: Path, made: Made) -> None:
    record, _ = load_case(placed)
    told = where(record, placed, made(4), "V-Q1")
    assert [one.kind for one in told.outlines] == ["land", "held"], "a line of later is not drawn"
    weir, ford = told.fronts
    (ring,) = weir.area
    assert ford.area == () and (told.source, told.says) == ("ledger", "by hand")
    lons, lats = zip(*ring, strict=True)
    assert min(lats) == pytest.approx(47.0 - 25 / 111.2, abs=0.02) and max(lats) == pytest.approx(
        47.1 + 0.225, abs=0.02
    )
    assert min(lons) == pytest.approx(8.4 - 0.33, abs=0.02) and max(lons) == pytest.approx(8.6 + 0.33, abs=0.02)
    assert not {(8.4, 47.0), (8.6, 47.1)} & set(ring), "no place of a front is told"


def test_days_that_nobody_covered_are_a_gap_in_the_record(case: Case, panel: Panel) -> None:
    covered = panel.covered.copy()
    covered[10:15] = False
    lane = timeline(case, replace(panel, covered=covered)).lanes[0]
    assert (lane.kind, lane.rungs) == ("record", ("calm", "scuffles", "raids", "feud", "uprising"))
    gap = {panel.date_of(day) for day in range(10, 15)}
    assert not any(one.start <= day <= one.end for one in lane.stretches for day in gap)
    assert lane.stretches[0].start == panel.first and lane.stretches[-1].end == case.as_of


def test_a_week_without_a_count_is_a_gap_too(case: Case, panel: Panel) -> None:
    killed = panel.killed.copy()
    killed[3] = np.nan
    lane = timeline(case, replace(panel, killed=killed)).lanes[0]
    lost = panel.date_of(int(np.flatnonzero(panel.week_of == 3)[0]))
    assert not any(one.start <= lost <= one.end for one in lane.stretches)


def test_a_short_spell_is_seen_inside_a_long_one(case: Case, panel: Panel) -> None:
    spells = (Spell(0, 100, 103, 3, None, None), Spell(0, 50, 200, 1, None, None))
    lane = timeline(case, replace(panel, spells=spells)).lanes[1]
    day = panel.date_of
    assert lane.name == "The upper weir" and lane.stretches == (
        Stretch(day(50), day(99), "scuffles", 0.25),
        Stretch(day(100), day(103), "feud", 0.75),
        Stretch(day(104), day(200), "scuffles", 0.25),
    )
    assert timeline(case, replace(panel, spells=spells)).lanes[2].stretches == (), "the ford has no record"


def test_a_track_has_the_days_on_which_its_streams_were_counted(case: Case, panel: Panel) -> None:
    lane = timeline(case, panel).lanes[-1]
    assert (lane.kind, lane.name, lane.rungs[-1]) == ("track", "The council's talks", "accord")
    assert {one.rung for one in lane.stretches} <= set(lane.rungs)
    wide = replace(panel, day_high=panel.day_low + 1)
    assert timeline(case, wide).lanes[-1].stretches == (), "bounds that leave a rung open are no record"


def test_turning_points_are_those_within_the_record(case: Case, panel: Panel) -> None:
    oath = case.commitments["oath"]
    dated = case.model_copy(
        update={
            "commitments": {
                "oath": oath.model_copy(update={"since": date(2018, 3, 1)}),
                "old": oath.model_copy(update={"since": date(1950, 3, 1)}),
            }
        }
    )
    told = timeline(dated, panel)
    assert told.turns == (
        Turn(date(2018, 3, 1), "commitment", "The League's oath to the lower valley"),
        Turn(date(2019, 5, 1), "break", "the spring rains failed"),
    )


def test_what_is_due_are_calendars_and_the_days_on_which_questions_close(case: Case, panel: Panel) -> None:
    told = timeline(case, panel)
    assert told.due == (
        Due("question", "V-Q3", date(2020, 3, 31), date(2020, 3, 31)),
        Due("question", "V-Q1, V-Q2", date(2020, 6, 30), date(2020, 6, 30)),
    )
    followed = case.pressures["thirst"].model_copy(
        update={"name": "Fair ahead", "series": "days.csv", "column": "fair", "afterwards": "known"}
    )
    ahead = np.zeros((case.horizon - case.as_of).days)
    ahead[2:5] = 0.5
    ahead[-1] = 1
    futures = {("days.csv", "fair"): ahead}
    known = case.model_copy(update={"pressures": {"fair": followed}})
    assert timeline(known, replace(panel, futures=futures)).due[:2] == (
        Due("calendar", "Fair ahead", date(2020, 1, 1), date(2020, 1, 3)),
        Due("calendar", "Fair ahead", case.horizon, case.horizon),
    )


def test_the_stretches_of_a_lane_never_overlap_and_lie_in_the_record(case: Case, panel: Panel) -> None:
    told: Timeline = timeline(case, panel)
    for lane in told.lanes:
        days = [day for one in lane.stretches for day in (one.start, one.end)]
        assert days == sorted(days) and all(told.first <= day <= told.as_of for day in days)
        assert all(0 <= one.height <= 1 for one in lane.stretches)

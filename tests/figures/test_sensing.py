"""Figures of what an answer hangs on and of kinds of futures: drawn, small, legible in grey, nothing cut off unsaid."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from math import inf
from typing import Any
from xml.etree import ElementTree

import pytest

from fissures.figures import boxes, spread, svg, swings, trade_off
from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.study.discover_records import Discovery, Point, Restriction, Scenario
from fissures.study.records import Difference
from fissures.study.sense_records import Sense, Settled, Share, Swing

SVG = "{http://www.w3.org/2000/svg}"
HARM = "<script>alert(1)</script>"
C1 = Share("C1", f"Fear of {HARM}", "claim", 0.4, 0.05, 0.45, 0.06)
C2 = Share("C2", "Rain calms", "claim", 0.1, 0.03, 0.12, 0.03)
NONE = Share("C3", "Nothing at all", "claim", -0.01, 0.02, 0.0, 0.02)
KNOWN = Settled("C1", C1.label, 0.45, (0.37, 0.53), 0.34, 0.25, (0.08, 0.33))
TOLD = Sense(
    case="A case", as_of=date(2019, 12, 29), digest="d" * 64, seed=1, paths=4000, draws=1000, code="Q1", title="War?",
    by=date(2020, 6, 30), probability=0.2, range80=(0.03, 0.37), mc_error=0.006, between=0.02, between_error=0.002,
    told=True, shares=(C1, C2, NONE), kinds=(("claim", 0.49, 0.06),), rest=0.51, rest_error=0.1, settled=(KNOWN,),
    paired=2000, without={"C1": Difference(0.2, 0.15, -0.05, (-0.06, -0.04), 0.004, (), ())},
    swings=(Swing("C1", C1.label, (0.1, 0.9), 0.12, 0.31, 0.006), Swing("C2", "Rain", (0.1, 0.9), 0.2, 0.2, 0.01)),
    unreached=4,
)  # fmt: skip
WET = Restriction("C1", f"Fear of {HARM}", "claim", "", 0.31, inf, (0.6, 1.0), 0.0004)
DRY = Restriction("rain early", "in the first 28 days: rain", "early", "events", -inf, 2.0, (0.0, 0.35), 0.012)
BOTH = Restriction(
    "slow half-life", "how long it lasts", "half-life", "times the stated half-life", 0.8, 1.3, (0.2, 0.6), 0.03
)
KIND = Scenario("A", (WET, DRY), 0.42, (0.38, 0.46), 0.55, 0.25, 1e-9)
FOUND = Discovery(
    case="A case", as_of=date(2019, 12, 29), digest="d" * 64, seed=1, paths=4000, code="Q1", title="War?",
    by=date(2020, 6, 30), probability=0.2, base=0.19, looked_at=0.97, early_days=28, dimensions=40, scenarios=(KIND,),
    elsewhere=0.11, elsewhere_mass=0.75, levers=(), aim=0.2, paired=0,
    trajectory=(
        Point(1.0, 0.19, 0, 1.0), Point(0.8, 0.25, 1, 0.6), Point(0.55, 0.42, 2, 0.25), Point(0.2, 0.5, 3, 0.1),
    ),
)  # fmt: skip
SPECS = {
    "spread": spread(TOLD),
    "swings": swings(TOLD),
    "trade_off": trade_off(FOUND),
    "boxes": boxes(FOUND),
}


def data(spec: Spec, layer: int) -> list[dict[str, Any]]:
    """The rows behind one layer."""
    told = spec["layer"][layer]["data"]
    return list(told["values"] if "values" in told else spec["datasets"][told["name"]])


def fills(drawing: str) -> set[str]:
    """Every fill and stroke of a drawing."""
    root = ElementTree.fromstring(drawing)
    return {str(element.get(key)) for element in root.iter() for key in ("fill", "stroke") if element.get(key)}


@pytest.mark.parametrize("name", SPECS)
def test_a_figure_can_be_exported_and_drawn(name: str) -> None:
    spec = json.loads(json.dumps(SPECS[name]))
    drawing = svg(spec)
    assert drawing == svg(spec) and len(drawing) < 30_000
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img" and root.get("aria-label") == spec["description"]
    assert "<script" not in drawing


def test_specifications_follow_the_schema() -> None:
    altair = pytest.importorskip("altair")
    for spec in SPECS.values():
        altair.Chart.from_dict(spec, validate=True)


@pytest.mark.parametrize("name", SPECS)
def test_no_figure_is_red(name: str) -> None:
    for colour in fills(svg(SPECS[name])):
        if colour.startswith("#") and len(colour) == 7:
            red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
            assert red <= max(green, blue), colour


def test_shares_add_up_to_the_whole_and_stop_at_nothing() -> None:
    rows = data(SPECS["spread"], 0)
    assert [row["name"].split(":")[0] for row in rows[:2]] == ["C1", "C2"]
    assert rows[2]["name"] == "1 other input" and rows[3]["kind"] == "inputs together"
    assert sum(row["share"] for row in rows) == pytest.approx(101.0), "below nothing is drawn as nothing"
    assert all(0.0 <= row["low"] <= row["high"] for row in rows)


def test_the_two_kinds_of_bar_can_be_told_in_grey() -> None:
    low, high = (sum(int(colour[k : k + 2], 16) for k in (1, 3, 5)) / 3 for colour in ("#12284c", "#d6e0ee"))
    assert high - low > 100


def test_where_nothing_was_told_nothing_is_drawn_and_nothing_fails() -> None:
    none = replace(TOLD, told=False, shares=(), settled=(), swings=(), without={}, kinds=())
    assert data(spread(none), 0) == []
    assert svg(spread(none)) and svg(swings(none))
    assert svg(trade_off(replace(FOUND, scenarios=(), trajectory=(), base=0.0)))
    assert svg(boxes(replace(FOUND, scenarios=())))


def test_swings_show_both_ends_and_the_answer_as_it_is() -> None:
    spec = SPECS["swings"]
    assert data(spec, 0) == [{"low": 20.0}]
    assert [(row["low"], row["high"]) for row in data(spec, 1)] == [(12.0, 31.0), (20.0, 20.0)]
    low, high = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert low < 12.0 and high > 31.0


def test_the_trade_off_marks_the_kinds_that_stand() -> None:
    stand = data(SPECS["trade_off"], 2)
    assert [(round(row["coverage"]), round(row["density"]), row["name"]) for row in stand] == [(55, 42, "A")]
    assert [row["restricted"] for row in data(SPECS["trade_off"], 1)] == [0, 1, 2, 3]
    assert data(SPECS["trade_off"], 0) == [{"density": 19.0}]


def test_a_box_is_drawn_among_all_futures() -> None:
    rows = data(SPECS["boxes"], 1)
    assert [(row["low"], row["high"]) for row in rows] == [(60.0, 100.0), (0.0, 35.0)]
    assert [row["name"] for row in rows] == ["A. C1: at least 0.31", "A. rain early: at most 2 events"]


def test_a_restriction_reads_as_a_sentence() -> None:
    assert str(DRY) == "in the first 28 days: rain: at most 2 events (lower 35 % of futures)"
    assert str(BOTH) == (
        "slow half-life, how long it lasts: 0.8 to 1.3 times the stated half-life (from 20 to 60 % of futures)"
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_figures_keep_their_width(width: int) -> None:
    for spec in (spread(TOLD, width), swings(TOLD, width), trade_off(FOUND, width), boxes(FOUND, width)):
        assert spec["width"] == width and f'viewBox="0 0 {width} ' in svg(spec)

"""Figures: specifications that draw, drawings that are small, inert and the same on every day."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from fissures.figures import arms, claims, fan, ladder, strip, svg
from fissures.figures.course import bands
from fissures.figures.drawing import Spec
from fissures.figures.labels import plain
from fissures.figures.whatifs import footing
from fissures.study.records import Arm, Belief, ClaimRow, Course, Difference

START = date(2020, 7, 20)
HARM = "<script>alert(1)</script>&\u202e"
NAMESPACE = "{http://www.w3.org/2000/svg}"


def course(weeks: int = 12, high: float = 40.0) -> Course:
    """A short course with one unrecorded week and one front."""
    days = tuple(START + timedelta(weeks=k) for k in range(weeks))
    past = ((START - timedelta(weeks=2), None, None), (START - timedelta(weeks=1), 2.0, 5.0))
    rows = tuple((0.0, 1.0, high) for _ in days)
    return Course(days, (0.1, 0.5, 0.9), rows, ("quiet", HARM), {"a": ((0.9995, 0.0005),) * weeks}, past)


def row(code: str, mean: float) -> ClaimRow:
    """A claim with one coefficient before and after."""
    belief = Belief(mean, 0.4)
    return ClaimRow(code, code, "", "", "s", 1, "stated", belief, belief, belief, 0.5, 0.0, 0, HARM, 1)


def arm(name: str, fitted: tuple[str, ...], assumed: tuple[str, ...]) -> Arm:
    """A lever with one difference."""
    return Arm(name, name, "", False, {"Q1": Difference(0.2, 0.1, -0.1, (-0.2, 0.0), 0.01, fitted, assumed)})


def texts(drawing: str) -> list[str]:
    """All text of a drawing."""
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter(f"{NAMESPACE}text")]


def rows(spec: Spec, layer: Spec) -> list[dict[str, Any]]:
    """The data rows behind one layer of a specification."""
    data = layer["data"]
    return list(data["values"] if "values" in data else spec["datasets"][data["name"]])


SPECS = {
    "fan": fan(course()),
    "ladder": ladder(course(), "a"),
    "claims": claims([row("C1", 0.3), row("C2", -40.0)]),
    "arms": arms([arm(HARM, ("C1",), ()), arm("b", (), ("C2",))], "Q1"),
}


@pytest.mark.parametrize("name", SPECS)
def test_a_figure_is_a_specification_that_can_be_exported_and_drawn(name: str) -> None:
    spec = json.loads(json.dumps(SPECS[name]))
    drawing = svg(spec)
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img" and root.get("aria-label") == spec["description"]
    assert len(drawing) < 30_000
    tags = {element.tag.removeprefix(NAMESPACE) for element in root.iter()}
    assert tags <= {"svg", "g", "path", "line", "rect", "text", "defs", "clipPath", "circle"}
    assert not any("aria" in key for element in root.iter() if element is not root for key in element.attrib)
    assert svg(spec) == drawing


def test_specifications_follow_the_schema() -> None:
    altair = pytest.importorskip("altair")
    for spec in SPECS.values():
        altair.Chart.from_dict(spec, validate=True)


def test_names_in_a_figure_stay_text() -> None:
    drawing = svg(SPECS["arms"])
    assert "<script" not in drawing
    assert "<script>alert(1)</script>&" in texts(drawing)


def test_the_fan_has_a_log_like_axis_with_zero() -> None:
    drawn = texts(svg(fan(course(high=1500.0))))
    for tick in ("0", "1", "10", "100", "1,000"):
        assert tick in drawn


@pytest.mark.parametrize("high", [0.0, 3.0, 77.0, 1500.0, 9e6, 2e11])
def test_the_fan_reaches_above_its_highest_value(high: float) -> None:
    layer = fan(course(high=high))["layer"][0]
    low, top = layer["encoding"]["y"]["scale"]["domain"]
    assert low == 0 and max(high, 10) <= top <= max(10, 4 * high)


def test_the_fan_keeps_a_gap_and_a_bar_apart() -> None:
    layers = SPECS["fan"]["layer"]
    gap = next(layer for layer in layers if layer["mark"]["type"] == "rect")
    assert [r["week"] for r in rows(SPECS["fan"], gap)] == [str(START - timedelta(weeks=2))]
    bar = next(layer for layer in layers if layer["mark"].get("strokeWidth") == 4)
    assert [(r["low"], r["high"]) for r in rows(SPECS["fan"], bar)] == [(2.0, 5.0)]


def test_bands_are_those_that_the_levels_allow() -> None:
    assert bands((0.1, 0.5, 0.9)) == ((80, 0, 2),)
    assert bands((0.5,)) == ()


def test_a_long_course_is_thinned_and_stays_small() -> None:
    assert len(svg(ladder(course(weeks=300), "a"))) < 40_000


def test_ranges_beyond_the_axis_are_cut_not_lost() -> None:
    spec = SPECS["claims"]
    low = min(r["low"] for layer in spec["layer"] for r in rows(spec, layer))
    assert math.isclose(math.exp(low), 1 / 6)
    assert {"÷4", "÷2", "×1", "×2", "×4"} <= set(texts(svg(SPECS["claims"])))


def test_the_argument_stops_at_as_many_claims_as_can_be_read() -> None:
    drawn = texts(svg(claims([row(f"C{k}", 0.3) for k in range(30)])))
    assert [name for name in drawn if re.fullmatch(r"C\d+", name)] == [f"C{k}" for k in range(18)]


def test_a_lever_is_named_with_its_code() -> None:
    lever = replace(arm("summit", ("C1",), ()), code="L1")
    assert "L1 summit" in texts(svg(arms([lever], "Q1")))


def test_two_claims_under_one_code_stay_two() -> None:
    drawn = texts(svg(claims([row("C1", 0.3), row("C1", 0.1)])))
    assert {"C1 #1", "C1 #2"} <= set(drawn)


@pytest.mark.parametrize(
    ("fitted", "assumed", "said"),
    [
        (("C1",), (), "fitted links"),
        ((), ("C1",), "assumed links"),
        (("C1",), ("C2",), "fitted and assumed"),
        ((), (), "no link"),
    ],
)
def test_marks_tell_fitted_from_assumed(fitted: tuple[str, ...], assumed: tuple[str, ...], said: str) -> None:
    assert footing(arm("a", fitted, assumed).differences["Q1"]) == said


def test_ids_of_two_figures_do_not_clash() -> None:
    found = [e.get("id") for name in SPECS for e in ElementTree.fromstring(svg(SPECS[name])).iter() if e.get("id")]
    assert len(found) == len(set(found))


def test_a_strip_keeps_its_order_and_escapes_its_label() -> None:
    drawing = strip(0.2, (0.1, 0.4), HARM)
    root = ElementTree.fromstring(drawing)
    assert root.get("aria-label") == "<script>alert(1)</script>&"
    dot = float(root.find(f"{NAMESPACE}circle").get("cx", ""))  # type: ignore[union-attr]
    assert 7 < dot < 70
    ElementTree.fromstring(strip(5e9, (0, 1e12), "x", top=10.0, box=(0.0, 2.0)))


def test_plain_text_has_no_controls_and_a_known_length() -> None:
    assert plain("a\x00b\ud800\u2028c\u2067") == "a b c"
    assert len(plain("x" * 10_000, 100)) == 100
    assert plain("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e", "joiners are part of the script"

"""Strips of weeks: what is nothing stays white, what is missing is hatched, and both can be told in grey."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from fissures.figures.coverage import SHADES, key, months, shade, steps, strip
from fissures.figures.drawing import NARROW, WIDE
from fissures.study.coverage import Coverage, Covered

MONDAY = date(2018, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"


Days = tuple[tuple[date, date], ...]


def drawn(weeks: list[float | None], blank: Days = (), width: int = WIDE, label: str = "x") -> ElementTree.Element:
    """A strip of whole weeks as a tree."""
    span = (MONDAY, MONDAY + timedelta(days=7 * len(weeks) - 1))
    return ElementTree.fromstring(strip(weeks, span, blank, steps(16), label, width))


def fills(tree: ElementTree.Element) -> list[str]:
    """The shades of the drawn weeks, in order."""
    return [str(path.get("fill")) for path in tree.iter(f"{SVG}path") if str(path.get("fill", "")).startswith("#")]


def test_nothing_counted_is_white_and_the_busiest_navy() -> None:
    assert not fills(drawn([0.0] * 10)), "the band itself is white"
    assert fills(drawn([0.0, 1.0, 0.0, 16.0])) == [SHADES[1], SHADES[5]]
    assert fills(drawn([0.1])) == [SHADES[1]], "a fraction of an event is not nothing"


def test_neighbours_of_one_shade_are_one_shape() -> None:
    (path,) = [p for p in drawn([2.0, 3.0, 2.0]).iter(f"{SVG}path") if p.get("fill", "").startswith("#")]
    assert str(path.get("d")).count("M") == 1


def test_shades_grow_darker_so_that_a_grey_printer_keeps_their_order() -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lights = [light(colour) for colour in SHADES]
    assert all(a - b > 15 for a, b in pairwise(lights))


def test_missing_days_are_hatched_to_the_day_and_never_too_thin() -> None:
    one = (date(2018, 3, 5), date(2018, 3, 5))
    tree = drawn([0.0] * 400, (one,))
    (gap,) = [r for r in tree.iter(f"{SVG}rect") if str(r.get("fill", "")).startswith("url(#")]
    assert float(str(gap.get("width"))) == 2.0
    assert float(str(gap.get("height"))) > 16, "it stands out of the band, so it is no shade"
    whole = (MONDAY, MONDAY + timedelta(days=2799))
    (gap,) = [r for r in drawn([None] * 400, (whole,)).iter(f"{SVG}rect") if "url(#" in str(r.get("fill"))]
    assert float(str(gap.get("width"))) == pytest.approx(WIDE - 2, abs=0.2)


def test_a_column_of_many_weeks_shows_the_busiest() -> None:
    weeks: list[float | None] = [0.0] * 2000
    weeks[1000] = 20.0
    assert fills(drawn(weeks)) == [SHADES[5]]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 3, 30, 100, 500, 1700, 8000])
def test_the_names_on_the_axis_fit_and_do_not_meet(count: int, width: int) -> None:
    tree = drawn([1.0] * count, width=width)
    ends = []
    for text in tree.iter(f"{SVG}text"):
        x, size = float(str(text.get("x"))), 6.0 * len(str(text.text))
        start = x - {"start": 0.0, "middle": size / 2, "end": size}[str(text.get("text-anchor"))]
        ends.append((start, start + size))
    assert all(a[1] < b[0] for a, b in pairwise(ends))
    assert all(start > -3 and end < width + 3 for start, end in ends)
    assert ends or count < 5


def test_a_label_cannot_break_out_and_ids_differ() -> None:
    evil = 'a" onload="x"><script>\u202e'
    tree = drawn([1.0], label=evil)
    assert tree.get("aria-label") == 'a" onload="x"><script>' and tree.get("onload") is None
    one, two = (re.findall(r' id="(\w+)"', strip([1.0], (MONDAY, MONDAY), [], steps(1), label)) for label in "ab")
    assert set(one).isdisjoint(two)


@pytest.mark.parametrize("top", [0, 5, 47, 48, 299, 900, 5840, 10**7])
def test_the_key_names_every_shade(top: float) -> None:
    told = ElementTree.fromstring(key(bounds := steps(top), "Events a week"))
    texts = [str(text.text) for text in told.iter(f"{SVG}text")]
    assert len(texts) == len(SHADES) + 1 and texts[0] == "none" and texts[-1] == "no data"
    assert all(len(text) < 8 for text in texts), "wider, they would run into each other"
    assert shade(top, bounds) >= (3 if top > 5 else 0)
    assert "no data" not in key(bounds, "Events a week", blank=False)


HARM = "<script>alert(1)</script>&\u202e" + "x" * 5_000


def covered(*shares: tuple[float, ...]) -> Coverage:
    """Sources over some months from January 2018."""
    starts = tuple(date(2018 + k // 12, k % 12 + 1, 1) for k in range(len(shares[0])))
    rows = tuple(Covered(f"e{k}", "deaths", "s", one) for k, one in enumerate(shares))
    return Coverage(starts[0], starts[-1] + timedelta(days=20), starts, rows)


def by_month(told: Coverage, width: int = WIDE, name: str = "x") -> ElementTree.Element:
    return ElementTree.fromstring(months(told, [name] * len(told.rows), f"{name} heard", width))


def bars(tree: ElementTree.Element) -> list[tuple[float, float, float, str]]:
    """Left, width, height and fill of every bar below the key."""
    cells = [[float(r.get(k, "0")) for k in ("x", "y", "width", "height")] for r in tree.iter(f"{SVG}rect")]
    looks = [str(r.get("fill")) for r in tree.iter(f"{SVG}rect")]
    return [(x, w, h, look) for (x, y, w, h), look in zip(cells, looks, strict=True) if y > 30]


def test_covered_in_part_and_missing_differ_in_shape_and_not_in_hue() -> None:
    drawn = bars(by_month(covered((1.0, 1.0, 0.5, 0.0))))
    full, part, none = (
        [one for one in drawn if one[2] == high and one[3] == look]
        for high, look in ((11, SHADES[4]), (5.5, SHADES[4]), (11, drawn[-1][3]))
    )
    assert len(full) == 1 and len(part) == 1 and none[0][3].startswith("url(#")
    assert full[0][1] == pytest.approx(59 / 31 * part[0][1], abs=0.6), (
        "two months that are alike are one bar, to the day"
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("many", [3, 67, 240])
def test_bars_fill_the_width_and_no_two_dates_touch(width: int, many: int) -> None:
    tree = by_month(covered(tuple((1.0, 0.5, 0.0)[k % 3] for k in range(many)), (1.0,) * many), width)
    framed = [one for one in bars(tree) if one[2] == 11 and one[3] != SHADES[4]]
    assert max(x + w for x, w, _, _ in framed) <= width and min(x for x, _, _, _ in framed) >= 0
    dates = [t for t in tree.iter(f"{SVG}text") if re.search(r"20\d\d", t.text or "")]
    spans = []
    for one in dates:
        wide, x = 6.2 * len(one.text or ""), float(str(one.get("x")))
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[str(one.get("text-anchor"))]
        spans.append((left, left + wide))
    assert dates and all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))


def test_a_name_is_text_and_fits_and_ids_differ_by_width() -> None:
    told = covered((1.0, 0.0))
    wide, narrow = (months(told, [HARM], HARM, width) for width in (WIDE, NARROW))
    assert "<script" not in wide and "\u202e" not in wide
    names = [re.findall(r' id="(\w+)"', one) for one in (wide, narrow)]
    assert names[0] != names[1] and all(len(one) == 1 for one in names)
    said = [t.text or "" for t in by_month(told, NARROW, HARM).iter(f"{SVG}text")]
    assert max(map(len, said)) <= NARROW // 6

"""The reliability figure: each bin once, the diagonal, both spans told apart without colour."""

from __future__ import annotations

from datetime import date

from fissures.figures import svg
from fissures.figures.calibration import reliability
from fissures.study.class_record import class_record


def test_every_bin_stands_once_with_its_range() -> None:
    records = class_record(date(2020, 7, 21))
    spec = reliability(records)
    sets = [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]
    line, seen, _, fresh, _ = sets
    assert [row["mean"] for row in line] == [0.0, 1.0] == [row["share"] for row in line]
    assert len(seen) == len(records[0].told) and len(fresh) == len(records[1].told)
    for row in (*seen, *fresh):
        assert row["low"] <= row["share"] <= row["high"] or row["came"] in (0, row["chances"])
    assert spec["layer"][2]["mark"]["fill"] == "#fff", "hollow where choices were made"


def test_it_is_drawn_at_both_widths() -> None:
    for width in (660, 340):
        drawn = svg(reliability(class_record(date(2020, 7, 21)), width=width))
        assert 'role="img"' in drawn and "come true" in drawn.replace("came true", "come true")

"""Kinds of futures: how density is bought with coverage, and where each kind lies among all futures."""

from __future__ import annotations

from typing import Any

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain
from fissures.figures.look import GREY, INK, NAVY, RULE, Rows, chart, finish
from fissures.study.discover_records import Discovery

_SHADES = ("#ffffff", "#c6d3e5", "#6284b2", NAVY)


def trade_off(found: Discovery, width: int = WIDE) -> Spec:
    """Density over coverage for every box on the way from all futures to the smallest, darker with each restriction;
    diamonds are the kinds of futures that stand, and the grey line how often it happens on the whole."""
    rows: list[dict[str, Any]] = [
        {"coverage": 100 * p.coverage, "density": 100 * p.density, "restricted": min(p.restricted, len(_SHADES) - 1)}
        for p in found.trajectory
    ]
    stand: list[dict[str, Any]] = [
        {"coverage": 100 * s.coverage, "density": 100 * s.density, "name": s.name} for s in found.scenarios
    ]
    top = min(max([1.0, 130 * found.base, *(1.15 * row["density"] for row in (*rows, *stand))]), 100.0)
    x = alt.X(
        "coverage:Q",
        scale=alt.Scale(domain=[0, 104], nice=False),
        axis=alt.Axis(title="coverage: share of all in which it happens, %", tickCount=5, grid=False),
    )
    y = alt.Y(
        "density:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(title="density: how often it happens, %", tickCount=5),
    )
    levels = list(range(len(_SHADES)))
    fill = alt.Fill(
        "restricted:O",
        scale=alt.Scale(domain=levels, range=list(_SHADES)),
        legend=alt.Legend(title="restrictions", orient="top", columns=4),
    )
    layers = [
        chart([{"density": 100 * found.base}]).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y=y),
        chart(rows).mark_point(stroke=NAVY, strokeWidth=1, size=50, opacity=1).encode(x=x, y=y, fill=fill),
        chart(stand).mark_point(shape="diamond", fill=NAVY, stroke=INK, size=190, opacity=1).encode(x=x, y=y),
        chart(stand).mark_text(align="left", dx=11, dy=-9, fontWeight="bold").encode(x=x, y=y, text="name:N"),
    ]
    told = f"Density and coverage of {len(rows)} boxes for {plain(found.code, 20)}; {len(stand)} stand."
    return finish(layers, width, 300 if width > NARROW else 270, told)


def boxes(found: Discovery, width: int = WIDE) -> Spec:
    """Each restriction of each kind of future as the span that it leaves of all futures, in shares from 0 to 100 %."""
    rows = list(_spans(found, most=width // 7))
    scale = alt.Scale(domain=[0, 100], nice=False)
    title = "where it lies among all futures, %"
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=title, tickCount=5, grid=False))
    y = alt.Y("row:O", axis=None)
    names = chart(rows).encode(y=y, text="name:N")
    layers = [
        chart([{**row, "low": 0, "high": 100} for row in rows])
        .mark_bar(height=8, yOffset=9, fill="#fff", stroke=RULE)
        .encode(x=x, x2="high:Q", y=y),
        chart(rows).mark_bar(height=8, yOffset=9, color=NAVY).encode(x=x, x2="high:Q", y=y),
        names.mark_text(align="left", x=0, yOffset=-8, stroke="#fff", strokeWidth=4),
        names.mark_text(align="left", x=0, yOffset=-8),
    ]
    told = f"What is so in each kind of future in which {plain(found.code, 20)} comes true: {len(rows)} restrictions."
    return finish(layers, width, 60 + 38 * max(1, len(rows)), told)


def _spans(found: Discovery, most: int) -> Rows:
    row = 0
    for scenario in found.scenarios:
        for one in scenario.restrictions:
            low, high = one.at
            yield {
                "row": row,
                "name": plain(f"{scenario.name}. {one.code}: {one.span}", most),
                "low": 100 * low,
                "high": 100 * high,
            }
            row += 1

"""Reliability: what chances were given, and how often they came true."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from fissures.figures.drawing import WIDE, Spec
from fissures.figures.look import GREY, NAVY, Rows, chart, finish
from fissures.study.class_record import Record

_TICKS = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 1.0)


def reliability(records: Sequence[Record], width: int = WIDE) -> Spec:
    """The share that came true against the mean chance given, with 80 % ranges, on axes that spread small chances.

    Filled and navy is the span on which no choice was made; hollow and grey the one on which choices were made.
    """
    table = list(_points(records))
    seen, fresh = ([row for row in table if row["chosen_on"] is wanted] for wanted in (True, False))
    scale = alt.Scale(type="sqrt", domain=[0, 1], nice=False)
    x = alt.X("mean:Q", scale=scale, axis=_axis("mean chance given", False))
    y = alt.Y("share:Q", scale=scale, axis=_axis("share that came true", True))
    line = chart([{"mean": p, "share": p} for p in (0.0, 1.0)]).mark_line(color=GREY, strokeDash=[4, 3])
    layers = [
        line.encode(x=x, y=y),
        chart(seen).mark_rule(color=GREY).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        chart(seen).mark_point(color=GREY, fill="#fff", size=46, opacity=1).encode(x=x, y=y),
        chart(fresh).mark_rule(color=NAVY, strokeWidth=2.5).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        chart(fresh).mark_circle(color=NAVY, size=60, opacity=1).encode(x=x, y=y),
    ]
    told = "Chances given and how often they came true, with 80 % ranges. The table below has the numbers."
    return finish(layers, width, 300, told)


def _axis(title: str, grid: bool) -> alt.Axis:
    return alt.Axis(title=title, grid=grid, values=list(_TICKS), format=".0%", labelOverlap=True)


def _points(records: Sequence[Record]) -> Rows:
    for record in records:
        for one in record.told:
            low, high = one.range80
            yield {
                "mean": one.mean,
                "share": one.share,
                "low": low,
                "high": high,
                "chosen_on": record.chosen_on,
                "chances": one.chances,
                "came": one.came,
            }

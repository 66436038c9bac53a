"""What an answer hangs on: shares of its spread with their intervals, and how far each claim swings it."""

from __future__ import annotations

from typing import Any

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain
from fissures.figures.look import GREY, INK, NAVY, Rows, chart, finish
from fissures.study.sense_records import Sense

MOST = 12
INPUT, TOGETHER = "one input", "inputs together"
_Z80 = 1.2815515655446004
_KINDS = [INPUT, TOGETHER]


def spread(told: Sense, width: int = WIDE) -> Spec:
    """Each input's share of the answer's spread between draws with its 80 % interval, largest first.

    Inputs whose share can be told from none are drawn, at most `MOST`; then, pale, all others and what inputs do
    together, so that the rows add up to the whole. Intervals stop at nothing.
    """
    rows = list(_share_rows(told, most=width // 7))
    reach = max([10.0, *(row["high"] for row in rows)])
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.05 * reach], nice=False),
        axis=alt.Axis(title="share of the spread between draws, %", tickCount=6 if width > NARROW else 4),
    )
    y = alt.Y("row:O", axis=None)
    fill = alt.Fill(
        "kind:N",
        scale=alt.Scale(domain=_KINDS, range=[NAVY, "#d6e0ee"]),
        legend=alt.Legend(title=None, orient="top"),
    )
    names = chart(rows).encode(y=y, text="name:N")
    layers = [
        chart(rows).mark_bar(height=9, yOffset=8, stroke=NAVY, strokeWidth=0.6).encode(x=x, y=y, fill=fill),
        chart(rows).mark_rule(color=INK, strokeWidth=1.4, yOffset=15).encode(x=alt.X("low:Q"), x2="high:Q", y=y),
        names.mark_text(align="left", x=0, yOffset=-7, stroke="#fff", strokeWidth=4),
        names.mark_text(align="left", x=0, yOffset=-7),
    ]
    spoken = f"What the answer to {plain(told.code, 20)} hangs on: {len(rows)} shares of its spread, 80 % intervals."
    return finish(layers, width, 90 + 38 * max(1, len(rows)), spoken)


def _share_rows(told: Sense, most: int) -> Rows:
    listed = [one for one in told.shares if one.told][:MOST] if told.told else []
    others = [one for one in told.shares if one not in listed] if told.told else []
    for row, one in enumerate(listed):
        low, high = one.range80
        yield _row(row, plain(f"{one.code}: {one.label}", most), one.shapley, low, high, INPUT)
    if told.told:
        rest, error = sum(one.shapley for one in others), _Z80 * sum(one.shapley_error**2 for one in others) ** 0.5
        name = f"{len(others)} other input{'s' * (len(others) != 1)}"
        yield _row(len(listed), name, rest, rest - error, rest + error, TOGETHER)
        reach = _Z80 * told.rest_error
        name = "inputs acting together, and bends not followed"
        yield _row(len(listed) + 1, plain(name, most), told.rest, told.rest - reach, told.rest + reach, TOGETHER)


def _row(row: int, name: str, share: float, low: float, high: float, kind: str) -> dict[str, Any]:
    return {
        "row": row,
        "name": name,
        "share": 100 * max(share, 0.0),
        "low": 100 * max(low, 0.0),
        "high": 100 * max(high, 0.0),
        "kind": kind,
    }


def swings(told: Sense, width: int = WIDE) -> Spec:
    """The answer with each claim held at the 10 % (hollow) and at the 90 % quantile of its draws (solid), and the
    answer as it is (grey line); widest swing first, at most `MOST`."""
    drawn = sorted(told.swings, key=lambda one: -abs(one.difference))[:MOST]
    rows: list[dict[str, Any]] = [
        {"row": k, "name": plain(f"{one.code}: {one.label}", width // 7), "low": 100 * one.low, "high": 100 * one.high}
        for k, one in enumerate(drawn)
    ]
    middle = 100 * next((change.base for change in told.without.values()), told.probability)
    ends = [middle, *(row[end] for row in rows for end in ("low", "high"))]
    room = max(0.15 * (max(ends) - min(ends)), 0.5)
    scale = alt.Scale(domain=[max(min(ends) - room, 0.0), min(max(ends) + room, 100.0)], nice=False)
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title="the answer in the model, %", grid=False, tickCount=5))
    y = alt.Y("row:O", axis=None)
    names = chart(rows).encode(y=y, text="name:N")
    layers = [
        chart([{"low": middle}]).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x),
        chart(rows).mark_rule(color=NAVY, strokeWidth=2, yOffset=8).encode(x=x, x2="high:Q", y=y),
        chart(rows).mark_point(stroke=NAVY, fill="#fff", strokeWidth=2, size=80, yOffset=8, opacity=1).encode(x=x, y=y),
        chart(rows).mark_circle(color=NAVY, size=110, yOffset=8, opacity=1).encode(x=alt.X("high:Q"), y=y),
        names.mark_text(align="left", x=0, yOffset=-9, stroke="#fff", strokeWidth=4),
        names.mark_text(align="left", x=0, yOffset=-9),
    ]
    told_as = f"The answer to {plain(told.code, 20)} with each claim at the low (hollow) and high end of its draws."
    return finish(layers, width, 70 + 38 * max(1, len(rows)), told_as)

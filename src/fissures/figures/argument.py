"""The argument before and after the data, as one dumbbell a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain
from fissures.figures.look import GREY, NAVY, Rows, chart, finish
from fissures.study.records import Belief, ClaimRow

MOST = 18
_REACH = 1.791759469228055  # the axis ends at a factor of six
_TICKS = {-1.3863: "÷4", -0.6931: "÷2", 0: "×1", 0.6931: "×2", 1.3863: "×4"}


def claims(rows: Sequence[ClaimRow], width: int = WIDE) -> Spec:
    """Each claim's 80 % range before (grey, hollow) and after the data (navy, solid), on a multiplying axis.

    At most `MOST` claims are drawn, in the order given; ranges are cut at a factor of six.
    """
    drawn = rows[:MOST]
    names = _names(drawn)
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[-_REACH, _REACH], nice=False),
        axis=alt.Axis(
            values=list(_TICKS),
            labelExpr=_tick_labels(),
            title="against the claim  ←  factor on the odds  →  as claimed",
        ),
    )
    y = alt.Y("name:N", sort=None, scale=alt.Scale(domain=names), axis=alt.Axis(title=None, ticks=False))
    table = list(_ends(drawn, names))
    before, after = ([r for r in table if r["when"] == w] for w in ("before", "after"))
    layers = [
        chart([{"low": 0}]).mark_rule(color=GREY).encode(x=x),
        chart(before).mark_rule(color=GREY, yOffset=-4).encode(x=x, x2="high:Q", y=y),
        chart(_on_axis(before))
        .mark_point(color=GREY, fill="#fff", size=40, yOffset=-4, opacity=1)
        .encode(x="mean:Q", y=y),
        chart(after).mark_rule(color=NAVY, strokeWidth=3, yOffset=4).encode(x=x, x2="high:Q", y=y),
        chart(_on_axis(after)).mark_circle(color=NAVY, size=56, yOffset=4, opacity=1).encode(x="mean:Q", y=y),
    ]
    if width > NARROW:
        layers.append(chart(after).mark_text(align="left", x="width", xOffset=8).encode(y=y, text="verdict:N"))
    told = f"{len(drawn)} couplings before and after the data, with 80 % ranges. The table below has the numbers."
    return finish(layers, width, 60 + 24 * max(1, len(drawn)), told)


def _tick_labels() -> str:
    pairs = ", ".join(f"'{round(10 * value)}': '{label}'" for value, label in _TICKS.items())
    return f"({{{pairs}}})[toString(round(10 * datum.value))]"


def _names(rows: Sequence[ClaimRow]) -> list[str]:
    """Codes as labels; two claims under one code get their place in the list added."""
    codes = [plain(row.code, 10) for row in rows]
    seen = Counter(codes)
    return [code if seen[code] == 1 else f"{code} #{k}" for k, code in enumerate(codes, start=1)]


def _ends(rows: Sequence[ClaimRow], names: Sequence[str]) -> Rows:
    for row, name in zip(rows, names, strict=True):
        for when, belief in (("before", row.before), ("after", row.after)):
            low, mean, high = (max(-_REACH, min(_REACH, v)) for v in _three(belief))
            verdict = plain(row.verdict, 24)
            yield {"name": name, "when": when, "low": low, "mean": mean, "high": high, "verdict": verdict}


def _on_axis(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows whose middle lies on the axis: a dot at its end would say that it is there."""
    return [row for row in rows if abs(row["mean"]) < _REACH]


def _three(belief: Belief) -> tuple[float, float, float]:
    low, high = belief.range80
    return low, belief.mean, high

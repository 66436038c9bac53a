"""What-ifs: the paired difference that each lever makes to one question."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain
from fissures.figures.look import GREY, NAVY, Rows, chart, finish
from fissures.study.records import Arm, Difference

MOST = 24
FITTED, PARTLY, ASSUMED = "fitted links", "fitted and assumed", "assumed links"
UNLINKED = "no link"


def footing(difference: Difference) -> str:
    """Whether a difference rides on links that the data moved, on links that stand as written, or on both.

    >>> footing(Difference(0.1, 0.09, -0.01, (-0.02, 0.0), 0.001, ("C04",), ()))
    'fitted links'
    """
    if difference.fitted:
        return PARTLY if difference.assumed else FITTED
    return ASSUMED if difference.assumed else UNLINKED


def arms(arms: Sequence[Arm], code: str, width: int = WIDE, *, scale: float = 100.0, unit: str = "points") -> Spec:
    """Differences for one question, one row a lever: a solid mark rides on fitted links, a hollow one on assumed.

    `scale` turns a difference into the unit of the axis (100 for probabilities, 1 for numbers).
    """
    drawn = [arm for arm in arms if code in arm.differences][:MOST]
    rows = list(_rows(drawn, code, scale, most=width // 7))
    reach = max([0.1 if scale > 1 else 1.0, *(abs(r[k]) for r in rows for k in ("low", "high", "mean"))])
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[-1.08 * reach, 1.08 * reach], nice=False),
        axis=alt.Axis(title=f"difference in the model, {unit}", tickCount=6 if width > NARROW else 5, grid=False),
    )
    y = alt.Y("row:O", axis=None)
    kinds = [FITTED, PARTLY, ASSUMED, UNLINKED]
    fill = alt.Fill("footing:N", scale=alt.Scale(domain=kinds, range=[NAVY, "#8fa5c6", "#ffffff", "#ffffff"]))
    legend = alt.Legend(title=None, orient="top", columns=4 if width > NARROW else 2)
    shape = alt.Shape(
        "footing:N", scale=alt.Scale(domain=kinds, range=["circle", "circle", "circle", "diamond"]), legend=legend
    )
    names = chart(rows).encode(y=y, text="name:N")
    layers = [
        chart([{"low": 0}]).mark_rule(color=GREY).encode(x=x),
        chart(rows).mark_rule(color=NAVY, strokeWidth=2, yOffset=7).encode(x=x, x2="high:Q", y=y),
        chart(rows)
        .mark_point(stroke=NAVY, strokeWidth=2, size=90, yOffset=7, opacity=1)
        .encode(x="mean:Q", y=y, fill=fill.legend(legend), shape=shape),
        # the pale outline keeps the line at zero out of the letters
        names.mark_text(align="left", x=0, yOffset=-9, stroke="#fff", strokeWidth=4),
        names.mark_text(align="left", x=0, yOffset=-9),
    ]
    told = f"Paired differences for {plain(code, 20)}, one row a lever, with 80 % ranges. The table has the numbers."
    return finish(layers, width, 90 + 38 * max(1, len(rows)), told)


def _rows(drawn: Sequence[Arm], code: str, scale: float, most: int) -> Rows:
    for row, arm in enumerate(drawn):
        found = arm.differences[code]
        aside = f" ({found.itself})" if found.itself else ""
        yield {
            "row": row,
            "name": plain(f"{arm.code} {arm.name}".strip(), most - len(aside)) + aside,
            "low": scale * found.range80[0],
            "mean": scale * found.difference,
            "high": scale * found.range80[1],
            "footing": footing(found),
        }

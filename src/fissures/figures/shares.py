"""What led to an answer: its parts as bars on one axis, largest first."""

from __future__ import annotations

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain
from fissures.figures.look import GREY, NAVY, Rows, chart, finish
from fissures.study.why_records import Share, Why

MOST = 14
FITTED, ASSUMED, OTHER = "claim, fitted", "claim, assumed", "ladder, memory or rate"


def reasons(told: Why, width: int = WIDE) -> Spec:
    """Parts of the log-odds (or log-rate) difference: a solid bar is a claim that the record spoke to, a hollow one a
    claim that stands as assumed, a pale one no claim at all."""
    rows = list(_rows(told.shares[:MOST], most=width // 8))
    reach = max([0.1, *(abs(float(row["amount"])) for row in rows)])
    what = told.what.split(" of ")[0]
    x = alt.X(
        "amount:Q",
        scale=alt.Scale(domain=[-1.1 * reach, 1.1 * reach], nice=False),
        axis=alt.Axis(
            title=f"difference in the {what}, in the model", tickCount=6 if width > NARROW else 5, grid=False
        ),
    )
    y = alt.Y("row:O", axis=None)
    fill = alt.Fill(
        "kind:N",
        scale=alt.Scale(domain=[FITTED, ASSUMED, OTHER], range=[NAVY, "#ffffff", "#d3dbe8"]),
        legend=alt.Legend(title=None, orient="top", columns=3 if width > NARROW else 1),
    )
    bars = chart(rows).encode(x=x, x2=alt.X2Datum(0), y=y, fill=fill)
    names = chart(rows).encode(y=y, text="name:N")
    layers = [
        bars.mark_bar(stroke=NAVY, strokeWidth=1.5, height=12, yOffset=8),
        chart([{"amount": 0}]).mark_rule(color=GREY).encode(x=x),
        names.mark_text(align="left", x=0, yOffset=-8, stroke="#fff", strokeWidth=4),
        names.mark_text(align="left", x=0, yOffset=-8),
    ]
    heard = f"What led to {plain(told.code, 20)}, part by part, largest first. The table has the numbers."
    return finish(layers, width, 90 + 36 * max(1, len(rows)), heard)


def _rows(shares: tuple[Share, ...], most: int) -> Rows:
    for row, share in enumerate(shares):
        kind = OTHER if share.tested is None else FITTED if share.tested else ASSUMED
        name = plain(f"{share.code} {share.says or share.name}".strip(), most)
        yield {"row": row, "name": name, "amount": share.amount, "kind": kind}

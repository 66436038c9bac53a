"""The figure of what led to an answer: its parts, what they rest on, and nothing that a case's words could do to it."""

from __future__ import annotations

from datetime import date

from fissures.figures import reasons, svg
from fissures.study.why_records import Share, Why

HARM = "<script>alert(1)</script>\u202e"
SHARES = (
    Share("claim", "stall", "C04", "Stalled talks", 0.4, 0.1, True),
    Share("claim", "patrons", "C05", HARM, -0.3, 0.1, False),
    Share("memory", "memories of violence", "", "", 0.2, 0.1),
)
TOLD = Why("Case", date(2020, 7, 21), "d", 1, "Q4", "War?", 10, 100, "log odds of the climbs", 0.3, SHARES, (), (), ())


def test_parts_stand_largest_first_with_what_they_rest_on() -> None:
    spec = reasons(TOLD)
    rows = next(iter(data for data in spec["datasets"].values() if len(data) == 3)) if "datasets" in spec else next(
        layer["data"]["values"] for layer in spec["layer"] if len(layer["data"].get("values", ())) == 3
    )  # fmt: skip
    assert [row["amount"] for row in rows] == [0.4, -0.3, 0.2]
    assert [row["kind"] for row in rows] == ["claim, fitted", "claim, assumed", "ladder, memory or rate"]
    assert rows[0]["name"].startswith("C04")


def test_a_cases_words_are_inert_in_the_drawing() -> None:
    drawn = svg(reasons(TOLD, width=340))
    assert "<script" not in drawn and "\u202e" not in drawn and "C04" in drawn

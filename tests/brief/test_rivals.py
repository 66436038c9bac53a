"""Rival readings on the page: the furthest first, by the odds, with its answers beside the brief's."""

from __future__ import annotations

from tests.brief.conftest import questions

from fissures.brief import rivals as told
from fissures.study.records import Difference, Rival


def reading(name: str, difference: float) -> Rival:
    """A reading that changes the chance of war by so much, and that of many dead by as much."""
    found = Difference(0.172, 0.172 + difference, difference, (difference - 0.05, difference + 0.05), 0.004, (), ())
    dead = Difference(0.05, 0.05 + difference, difference, (-0.1, 0.1), 0.004, (), ())
    ends = (max(0.0, found.arm - 0.03), found.arm + 0.03)
    return Rival(name, f"{name} holds", "", ("c",), (), {"Q4": found, "Q15>=400": dead}, {"Q4": ends}, 2000)


LEAD = next(q for q in questions() if q.code == "Q4")


def test_the_furthest_by_the_odds_stands_first() -> None:
    found = told.readings(LEAD, questions(), (reading("Near", 0.01), reading("Far", -0.15), reading("Up", 0.2)))
    assert [one.name for one in found] == ["Far", "Up", told.OFF, "Near"]
    assert told.title(LEAD, found).replace("\u00a0", " ").startswith("Rival readings: 17 % becomes 2 %")
    assert "Of 4 other readings of the argument the furthest is “Far”: Far holds." in told.strongest(LEAD, found)


def test_a_reading_is_anchored_at_the_answer_itself() -> None:
    """Differences are counted on fewer paths than the answer; the brief's number is the answer's own."""
    one = told.readings(LEAD, questions(), (reading("Far", -0.15),))[0]
    assert abs(one.value - (LEAD.with_claims - 0.15)) < 1e-12
    rows = told.beside(one, questions())
    assert [(code, there.replace("\u00a0", " ")) for code, _, _, there in rows] == [("Q4", "2 %"), ("Q15", "< 1 %")]


def test_without_other_readings_claims_off_is_the_one() -> None:
    found = told.readings(LEAD, questions(), ())
    assert [one.name for one in found] == [told.OFF]
    assert told.strongest(LEAD, found).startswith("Its one other reading is “All claims off”")
    assert told.span(found[0]) == "" and told.title(None, ()) == "Rival readings"


def test_readings_that_all_lie_on_one_side_say_so() -> None:
    lower = told.readings(LEAD, questions(), (reading("Near", -0.01), reading("Far", -0.15)))
    said = told.title(LEAD, lower).replace("\u00a0", " ")
    assert said == "Rival readings: every one says less than 17 %, 2 % to 16 %"

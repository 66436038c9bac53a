"""The unit's own record: windows of the question's length, counted back from the as-of date, by Jeffreys' rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from fissures.case.records import Case, Question
from fissures.events.panel import Episode, Panel, Spell
from fissures.study.records import ReferenceClass
from fissures.study.reference import own_record

AS_OF = date(2019, 12, 29)
LENGTH = 100  # days from the as-of date to the question's own


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def asked(case: Case, panel: Panel, asks: str, *episodes: tuple[str, int, int, str]) -> ReferenceClass | None:
    """The record's answer; an episode is (front, first day, last day, rung), both in days before the as-of date."""
    known = tuple(Episode(front, ago(first), ago(last), rung) for front, first, last, rung in episodes)
    question = {"code": "Q", "title": "T", "asks": asks, "by": AS_OF + timedelta(days=LENGTH), "resolves": "R"}
    return own_record(case, replace(panel, episodes=known), Question.model_validate(question))


BEGIN = ("weir", 450, 440, "scuffles")  # the record begins 450 days back: four whole windows of a hundred days
COUNTED = [
    ((), 0),
    ((("weir", 99, 99, "feud"),), 1),  # the first day of the last window
    ((("weir", 100, 100, "feud"),), 1),  # the last day of the one before
    ((("weir", 100, 99, "feud"),), 2),  # across both
    ((("weir", 99, 99, "feud"), ("weir", 3, 0, "uprising")), 1),  # twice in one window is once
    ((("weir", 310, 90, "feud"),), 4),  # a long one fills all that it touches
    ((("weir", 399, 399, "feud"),), 1),  # the first day of the earliest window
    ((("weir", 400, 400, "feud"),), 0),  # one day before it: no whole window
    ((("weir", 50, 50, "raids"),), 0),  # not high enough
    ((("ford", 50, 50, "feud"),), 0),  # not here
]


@pytest.mark.parametrize(("episodes", "hits"), COUNTED)
def test_windows_do_not_overlap_and_are_counted_back(
    case: Case, panel: Panel, episodes: tuple[tuple[str, int, int, str], ...], hits: int
) -> None:
    found = asked(case, panel, "weir reaches feud", BEGIN, *episodes)
    assert found is not None
    assert found.value == pytest.approx((hits + 0.5) / (4 + 1))
    assert found.counted == f"{hits} of 4 windows of 100 days since 2018"
    assert (found.method, found.cutoff) == ("own record", AS_OF)


def test_any_front_takes_the_episodes_of_all(case: Case, panel: Panel) -> None:
    found = asked(case, panel, "any front reaches feud", BEGIN, ("ford", 50, 50, "feud"))
    assert found is not None and found.counted.startswith("1 of 4")


def test_where_the_record_is_silent_there_is_no_number(case: Case, panel: Panel) -> None:
    assert asked(case, panel, "weir reaches feud") is None
    assert asked(case, panel, "weir reaches feud", ("ford", 450, 1, "feud")) is None
    assert asked(case, panel, "at least 1 death on weir", BEGIN) is None
    assert asked(case, panel, "at least 1 of stream market_marches", BEGIN) is None
    assert asked(case, panel, "deaths on weir", BEGIN) is None


def test_a_record_shorter_than_one_window_says_nothing(case: Case, panel: Panel) -> None:
    assert asked(case, panel, "weir reaches feud", ("weir", 60, 50, "feud")) is None


def test_deaths_are_summed_over_windows_of_whole_weeks(case: Case, panel: Panel) -> None:
    killed = np.arange(len(panel.killed), dtype=float)  # 104 weeks, 14 to a window
    found = asked(case, replace(panel, killed=killed), "deaths on all fronts")
    sums = [killed[end - 14 : end].sum() for end in (104, 90, 76, 62, 48, 34, 20)]
    assert found is not None
    assert (found.value, found.method) == (np.median(sums), "own record, median")
    assert found.counted == f"7 windows of 14 weeks since 2018, {min(sums):.0f} to {max(sums):.0f}"


def test_deaths_of_a_gap_are_what_its_spell_says(case: Case, panel: Panel) -> None:
    start = panel.days - 7
    covered, killed = panel.covered.copy(), np.zeros_like(panel.killed)
    covered[start:], killed[-1] = False, np.nan
    spell = Spell(0, start, start + 2, 3, 4.0, 25.0)
    gap = replace(panel, covered=covered, killed=killed, spells=(spell,))
    found = asked(case, gap, "deaths on all fronts")
    assert found is not None and found.counted.endswith("0 to 10")


def test_two_windows_are_too_few_for_a_median(case: Case, panel: Panel) -> None:
    assert asked(case, replace(panel, killed=np.zeros(14 * 3 - 1)), "deaths on all fronts") is None

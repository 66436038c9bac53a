"""The unit's own record: windows of the question's length, counted back from the as-of date, by Jeffreys' rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import exp
from pathlib import Path

import numpy as np
import pytest

from fissures.case.records import Case, Question
from fissures.events.panel import Counts, Episode, Panel, Spell
from fissures.study.records import ReferenceClass
from fissures.study.reference import own_record

LEDGER = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
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
    assert asked(case, panel, "at least 1 of stream burnings", BEGIN) is None
    assert asked(case, panel, "deaths on weir", BEGIN) is None
    assert asked(case, panel, "deaths on all fronts as told by criers", BEGIN) is None
    assert asked(case, panel, "use of arson on weir", BEGIN) is None
    assert asked(case, panel, "ground changes hands on weir", BEGIN) is None
    assert asked(case, panel, "weeks with use of arson on weir", BEGIN) is None
    assert asked(case, panel, "at least 3 deaths on all fronts in a calendar month", BEGIN) is None
    assert asked(case, panel, "council reaches session", BEGIN) is None


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


# --- streams: windows of the days on which they were counted --------------------------------------------------

STREAMS = ("water_cuts", "council_meetings", "market_marches")


def counted(case: Case, panel: Panel, events: dict[str, list[int]], uncounted: dict[str, slice] | None = None) -> Panel:
    """The panel with other events, by day number, and days on which a stream was not counted."""
    table, observed = np.zeros_like(panel.evidence), {}
    for name in STREAMS:
        for day in events.get(name, []):
            table[list(case.streams).index(name), day] += 1
        days = np.delete(np.arange(panel.days), (uncounted or {}).get(name, slice(0, 0)))
        observed[name] = Counts(days, days + 1, table[list(case.streams).index(name), days])
    return replace(panel, evidence=table, observed=observed)


# 728 days: seven windows of a hundred days, the last one from day 628 on, the first from day 28 on.
EVENTS = [
    ("at least 1 of stream market_marches", {"market_marches": [727, 628]}, 1),
    ("at least 1 of stream market_marches", {"market_marches": [628, 627]}, 2),
    ("at least 2 of stream market_marches", {"market_marches": [628, 627]}, 0),
    ("at least 2 of stream market_marches", {"market_marches": [700, 700]}, 1),
    ("at least 1 of stream market_marches", {"market_marches": [28]}, 1),
    ("at least 1 of stream market_marches", {"market_marches": [27]}, 0),
    ("at least 2 of stream market_marches, water_cuts", {"market_marches": [700], "water_cuts": [710]}, 1),
    ("at least 2 of stream market_marches, water_cuts", {"market_marches": [700], "water_cuts": [600]}, 0),
    ("none of stream market_marches", {}, 7),
    ("none of stream market_marches", {"market_marches": [700, 690, 28]}, 5),
    ("none of stream market_marches, water_cuts", {"market_marches": [700], "water_cuts": [600]}, 5),
]


@pytest.mark.parametrize(("asks", "events", "hits"), EVENTS)
def test_windows_of_streams_are_counted_back_too(
    case: Case, panel: Panel, asks: str, events: dict[str, list[int]], hits: int
) -> None:
    assert panel.days == 728
    found = asked(case, counted(case, panel, events), asks)
    assert found is not None
    assert found.value == pytest.approx((hits + 0.5) / (7 + 1))
    assert (found.method, found.cutoff) == ("own record", AS_OF)
    assert found.counted == f"{hits} of 7 windows of 100 days, 2018 on"


def test_days_on_which_a_stream_was_not_counted_are_no_days_without_events(case: Case, panel: Panel) -> None:
    gap = {"market_marches": slice(400, None)}
    events = {"market_marches": [399, 300], "water_cuts": [700]}
    alone = asked(case, counted(case, panel, events, gap), "at least 1 of stream market_marches")
    assert alone is not None and alone.counted == "1 of 4 windows of 100 days, 2018 on"
    assert alone.cutoff == panel.date_of(399)
    both = asked(case, counted(case, panel, events, gap), "at least 1 of stream market_marches, water_cuts")
    assert both is not None and both.counted == alone.counted, "only days on which both were counted"
    short = counted(case, panel, events, {"water_cuts": slice(200, None)})
    few = asked(case, short, "none of stream water_cuts")
    assert few is not None and few.method == "stated base rate", "two windows are too few"


DAILY = 1 / 30.4375  # one a month
UNCOUNTED = [
    ("none of stream water_cuts", exp(-100 * DAILY)),
    ("at least 1 of stream water_cuts", 1 - exp(-100 * DAILY)),
    ("at least 2 of stream water_cuts", 1 - exp(-100 * DAILY) * (1 + 100 * DAILY)),
    ("none of stream water_cuts, market_marches", exp(-100 * (1 + 0.5) * DAILY)),
]


@pytest.mark.parametrize(("asks", "expected"), UNCOUNTED)
def test_streams_that_nobody_counted_stand_at_their_stated_rate(
    case: Case, panel: Panel, asks: str, expected: float
) -> None:
    """As events that come independently; streams of one question come together at the sum of their rates."""
    rates = {"water_cuts": "1 per month", "market_marches": "0.5 per month"}
    streams = {n: s.model_copy(update={"base_rate": rates[n]}) if n in rates else s for n, s in case.streams.items()}
    case = case.model_copy(update={"streams": streams})
    nobody = replace(panel, observed={})
    found = asked(case, nobody, asks)
    assert found is not None and found.value == pytest.approx(expected, rel=1e-9)
    assert (found.method, found.cutoff) == ("stated base rate", AS_OF)
    assert found.counted == ("1 per month and 0.5 per month" if "market" in asks else "1 per month")


def test_a_stream_that_is_neither_counted_nor_stated_has_no_reference_class(case: Case, panel: Panel) -> None:
    nobody = replace(panel, observed={})
    assert case.streams["burnings"].base_rate is None
    for asks in ("none of stream burnings", "at least 1 of stream water_cuts, burnings"):
        assert asked(case, nobody, asks) is None


def test_the_small_cases_own_streams_have_a_reference_class(case: Case, panel: Panel) -> None:
    """Against a plain count over the ledger's own dated events."""
    days = sorted(
        date.fromisoformat(line.split(",")[0])
        for line in (LEDGER / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
        if "market_marches" in line
    )
    windows = [(AS_OF - timedelta(days=100 * (w + 1) - 1), AS_OF - timedelta(days=100 * w)) for w in range(7)]
    hits = sum(any(start <= day <= end for day in days) for start, end in windows)
    found = asked(case, panel, "at least 1 of stream market_marches")
    assert found is not None and found.counted.startswith(f"{hits} of 7 windows")

"""Rungs from events: what is proven, what remains possible, and that the truth is never shut out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import fissures as fs
from fissures.case.records import Ladder
from fissures.events.coding import Event, Sight, Weeks, bounds, intervals, sight, weeks_of
from fissures.events.rungs import rules_of, week_interval

MONDAY = date(2018, 1, 1)
WEEKS = 4


def seen(fatal_only: bool = False, weapons: bool = False, feed: bool = False) -> Sight:
    """What one data set sees that looks all the time."""
    return sight([(date(2000, 1, 1), date(2030, 1, 1), fatal_only, weapons, feed)], MONDAY, WEEKS)


FULL, FATAL, UNARMED, NEWS = seen(weapons=True), seen(fatal_only=True), seen(), seen(feed=True)
FRONTS = ("loc", "tavush")


@pytest.fixture(scope="module")
def border() -> Ladder:
    return fs.load("south-caucasus-2020").record.ladders["border"]


def event(start: int, end: int | None = None, dead: tuple[int, int, int] | None = (0, 0, 0), **more: object) -> Event:
    """An act of violence on the Line of Contact, unless `more` says otherwise."""
    low, best, high = dead or (None, None, None)
    facts = {"mode": None, "front": "loc", "fronts": ("loc",), **more}
    return Event(start, start if end is None else end, low, best, high, **facts)  # type: ignore[arg-type]


def named(border: Ladder, weeks: Weeks) -> list[tuple[str, str]]:
    low, high = intervals(weeks, border)
    names = list(border.rungs)
    return [(names[a], names[b]) for a, b in zip(low, high, strict=True)]


def coded(
    border: Ladder, *events: Event, seen: Sight = FULL, front: str = "loc", weeks: int = 1
) -> list[tuple[str, str]]:
    return named(border, weeks_of(events, (front,), MONDAY, WEEKS, "start", seen))[:weeks]


def test_a_silent_week_is_quiet_only_where_silence_would_be_seen(border: Ladder) -> None:
    assert coded(border) == [("quiet", "quiet")]
    # UCDP lists no event without dead: shelling that killed nobody would not be in it.
    assert coded(border, seen=FATAL) == [("quiet", "clash")]


def test_that_no_news_told_of_a_front_bounds_nothing(border: Ladder) -> None:
    assert coded(border, seen=NEWS) == [("quiet", "war")]
    assert coded(border, event(0, dead=(6, 6, 6)), seen=NEWS) == [("clash", "war")]


def test_a_week_in_which_nobody_was_looking_is_open(border: Ladder) -> None:
    """UCDP all the time, and a complete record of the second and third week alone."""
    always = (date(2000, 1, 1), date(2030, 1, 1), True, False, False)
    twice = (date(2018, 1, 7), date(2018, 1, 21), False, True, False)
    assert coded(border, seen=sight([always, twice], MONDAY, WEEKS), weeks=4) == [
        ("quiet", "clash"),
        ("quiet", "quiet"),
        ("quiet", "quiet"),
        ("quiet", "clash"),
    ]
    assert coded(border, seen=sight([twice], MONDAY, WEEKS), weeks=4)[0] == ("quiet", "war")


def test_each_rule_of_the_ladder_proves_its_rung(border: Ladder) -> None:
    # No data set tells a raid from other fire, and the ladder allows heavy weapons where there was one.
    assert coded(border, event(0, mode="firearms")) == [("harassing_fire", "heavy_weapons")]
    assert coded(border, event(0, mode="heavy-weapons")) == [("heavy_weapons", "heavy_weapons")]
    assert coded(border, event(0, dead=(5, 5, 5))) == [("clash", "clash")]
    assert coded(border, *(event(day, dead=(2, 2, 2)) for day in range(5))) == [("clash", "clash")]
    assert coded(border, *(event(day, dead=(9, 9, 9)) for day in range(6))) == [
        ("limited_offensive", "limited_offensive")
    ]
    assert coded(border, *(event(day, dead=(20, 20, 20)) for day in range(7))) == [("war", "war")]


def test_a_source_or_a_row_that_names_no_weapon_leaves_the_weapons_open(border: Ladder) -> None:
    three = [event(day) for day in range(3)]
    assert coded(border, *three) == coded(border, *three, seen=UNARMED) == [("harassing_fire", "clash")]
    armed = [event(day, mode="firearms") for day in range(3)]
    assert coded(border, *armed) == [("harassing_fire", "heavy_weapons")]


def test_a_range_of_dead_is_a_range_of_rungs(border: Ladder) -> None:
    assert coded(border, event(0, dead=(3, 8, 60))) == [("harassing_fire", "limited_offensive")]


def test_dead_that_are_not_told_leave_everything_above_open(border: Ladder) -> None:
    assert coded(border, event(0, dead=None)) == [("harassing_fire", "war")]


def test_an_event_of_two_weeks_proves_nothing_of_either_and_is_possible_in_both(border: Ladder) -> None:
    assert coded(border, event(5, 9, (40, 60, 70)), weeks=2) == [("quiet", "limited_offensive")] * 2


def test_an_event_of_several_days_kills_its_average_on_some_day(border: Ladder) -> None:
    weeks = weeks_of([event(1, 4, (10, 10, 10))], ("loc",), MONDAY, WEEKS, "start", FULL)
    assert weeks.least["most_killed_in_a_day"][0] == 3
    assert weeks.most["most_killed_in_a_day"][0] == 10


def test_an_event_that_may_lie_on_two_fronts_proves_none(border: Ladder) -> None:
    either = event(0, dead=(12, 12, 12), front=None, fronts=FRONTS)
    for front in FRONTS:
        assert coded(border, either, front=front) == [("quiet", "clash")]
    elsewhere = event(0, dead=(12, 12, 12), front="tavush", fronts=("tavush",))
    assert coded(border, elsewhere) == [("quiet", "quiet")]


@pytest.mark.parametrize(("rule", "dead"), [("start", [60.0, 0.0]), ("end", [0.0, 60.0]), ("spread", [24.0, 36.0])])
def test_the_date_rule_says_where_the_best_estimate_goes(rule: str, dead: list[float]) -> None:
    weeks = weeks_of([event(5, 9, (50, 60, 70))], ("loc",), MONDAY, WEEKS, rule, FULL)
    assert weeks.killed_best[:2].tolist() == pytest.approx(dead)


def test_bounds_name_the_weeks_that_are_covered(border: Ladder) -> None:
    weeks = weeks_of([event(8, dead=(5, 6, 7))], ("loc",), MONDAY, WEEKS, "start", FULL)
    told = bounds("loc", weeks, border, [False, True, True, False])
    assert [(b.start, b.lowest, b.highest, b.killed) for b in told] == [
        (date(2018, 1, 8), "clash", "clash", (5.0, 6.0, 7.0)),
        (date(2018, 1, 15), "quiet", "quiet", (0.0, 0.0, 0.0)),
    ]


MODES = (None, "firearms", "heavy-weapons", "drone")
TRUE = st.tuples(st.integers(0, 27), st.integers(0, 40), st.sampled_from(MODES), st.sampled_from(FRONTS))


@settings(max_examples=150, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(TRUE, max_size=14), st.data())
def test_however_coarsely_it_is_told_the_truth_stays_possible(
    border: Ladder, truth: list[tuple[int, int, str | None, str]], data: st.DataObject
) -> None:
    """What happened, by day and front, told with wider dates, dead and places, and by a source that sees less."""
    told = []
    for day, dead, mode, front in truth:
        before, after = (data.draw(st.integers(0, 9)) for _ in range(2))
        less, more = data.draw(st.integers(0, dead)), data.draw(st.integers(0, 20))
        known = data.draw(st.booleans())
        told.append(
            Event(
                day - before,
                day + after,
                dead - less,
                dead,
                None if data.draw(st.integers(0, 9)) == 0 else dead + more,
                mode,
                front if known else None,
                (front,) if known else FRONTS,
            )
        )
    known_by = data.draw(st.sampled_from([FULL, UNARMED, FATAL, NEWS]))
    if known_by is NEWS:
        told = told[: data.draw(st.integers(0, len(told)))]
    if known_by is FATAL:
        told = [one for one, (_, dead, _, _) in zip(told, truth, strict=True) if dead > 0]
    rules = rules_of(border)
    for front in FRONTS:
        low, high = intervals(weeks_of(told, (front,), MONDAY, 4, "start", known_by), border)
        mine = [one for one in truth if one[3] == front]
        for week in range(4):
            days = np.zeros(7)
            here = [one for one in mine if one[0] // 7 == week]
            for day, dead, _, _ in here:
                days[day % 7] += dead
            happened = {
                "killed": days.sum(),
                "most_killed_in_a_day": days.max(),
                "wounded": 0.0,
                "special": 0.0,
                "heavy": float(sum(mode == "heavy-weapons" for _, _, mode, _ in here)),
                "drones": float(sum(mode == "drone" for _, _, mode, _ in here)),
                "drone_days": float(len({day for day, _, mode, _ in here if mode == "drone"})),
                "events": float(len(here)),
            }
            true_low, true_high = week_interval(happened, rules)
            assert low[week] <= true_low
            assert high[week] >= true_high

"""Which rung a week of the record shows: at least what a rule proves, at most what a rule allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fissures.case.amounts import MEASURES
from fissures.case.grammar import Condition
from fissures.case.records import Ladder
from fissures.events.rungs import activity, holds, rules_of, week_interval

COUNTED = ("killed", "most_killed_in_a_day", "wounded", "heavy", "special", "drones", "drone_days")
LADDER = Ladder.model_validate(
    {
        "active_from": "guns",
        "rungs": {
            "calm": {"described_as": "silence", "observed_when": ["nothing for 10 days"]},
            "shots": {"described_as": "shots", "observed_when": ["any per week >= 1"]},
            "guns": {
                "described_as": "guns",
                "observed_when": ["heavy per week >= 1"],
                "possible_when": ["special per week >= 1"],
            },
            "battle": {
                "described_as": "battle",
                "observed_when": ["most killed in a day >= 5", "killed per week >= 10"],
                "possible_when": ["drone days per week >= 3"],
            },
        },
    }
)
RULES = rules_of(LADDER)


def week(**counts: float) -> dict[str, float]:
    return dict.fromkeys(COUNTED, 0.0) | counts


def test_rules_are_numbered_from_the_lowest_rung() -> None:
    assert [rung for rung, _ in RULES.proves] == [1, 2, 3, 3]
    assert [(rung, rule.measure) for rung, rule in RULES.allows] == [(2, "special"), (3, "drone days")]
    assert RULES.quiet_days == 10


@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        ({}, (0, 0)),  # a silent week
        ({"wounded": 1}, (1, 1)),
        ({"special": 1}, (1, 2)),  # a raid proves shots and allows guns
        ({"heavy": 1}, (2, 2)),
        ({"heavy": 1, "drone_days": 3}, (2, 3)),
        ({"killed": 5, "most_killed_in_a_day": 4}, (1, 1)),
        ({"killed": 5, "most_killed_in_a_day": 5}, (3, 3)),
        ({"killed": 10, "most_killed_in_a_day": 2}, (3, 3)),
        ({"killed": 10, "special": 1}, (3, 3)),  # what is proven is at least allowed
        ({"drone_days": 3}, (0, 3)),  # seen, and no shot reported
    ],
)
def test_a_week_lies_between_what_is_proven_and_what_is_possible(
    counts: dict[str, float], interval: tuple[int, int]
) -> None:
    assert week_interval(week(**counts), RULES) == interval


def test_activity_is_every_report_once() -> None:
    assert activity(week(killed=1, wounded=2, heavy=3, special=4, drones=5, most_killed_in_a_day=1, drone_days=7)) == 15


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_of_the_grammar_can_be_read_off_a_week(measure: str) -> None:
    assert not holds(Condition(measure, 1), week())
    assert holds(Condition(measure, 1), dict.fromkeys(COUNTED, 1.0))


@given(st.tuples(*[st.integers(0, 12)] * len(COUNTED)), st.sampled_from(COUNTED))
def test_one_more_report_never_lowers_the_rung(counts: tuple[int, ...], more: str) -> None:
    before = dict(zip(COUNTED, map(float, counts), strict=True))
    low, high = week_interval(before, RULES)
    lower, higher = week_interval(before | {more: before[more] + 1}, RULES)
    assert 0 <= low <= high <= 3
    assert low <= lower and high <= higher

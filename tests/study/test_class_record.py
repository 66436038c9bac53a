"""The reference class's record: rows add up, ranges hold the shares, nothing of later windows is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from scipy import stats

from fissures.study.class_record import Told, class_record

AS_OF = date(2020, 7, 21)


def test_two_spans_are_kept_apart_and_neither_was_still_running() -> None:
    looked, fresh = class_record(AS_OF)
    assert looked.chosen_on and not fresh.chosen_on
    assert fresh.known_by < AS_OF and fresh.vintage == "UCDP GED 21.1"
    for one in (looked, fresh):
        assert one.chances == sum(row.chances for row in one.told) > 1500
        assert all(row.low <= row.mean <= row.high for row in one.told)
        assert all(a.high == b.low or a.high < b.low for a, b in zip(one.told, one.told[1:], strict=False))


def test_a_case_is_told_only_of_windows_that_were_over() -> None:
    looked, fresh = class_record(AS_OF)
    assert class_record(fresh.known_by - timedelta(days=1)) == (looked,)
    assert class_record(looked.known_by - timedelta(days=1)) == ()


def test_the_chances_were_worth_their_number() -> None:
    """What the page says of flare-ups holds for all chances: expected and come differ by no more than chance does."""
    for one in class_record(AS_OF):
        spread = sum(row.chances * row.mean * (1 - row.mean) for row in one.told) ** 0.5
        assert abs(one.expected - one.came) < 4 * spread, one.span


@pytest.mark.parametrize(("came", "chances"), [(0, 12), (3, 40), (40, 40), (150, 900)])
def test_ranges_are_jeffreys(came: int, chances: int) -> None:
    low, high = Told(0.0, 1.0, chances, 0.1, came).range80
    exact = stats.beta(came + 0.5, chances - came + 0.5)
    assert (low, high) == pytest.approx((exact.ppf(0.1), exact.ppf(0.9)))

"""Which rows count: nothing after the as-of date, each event once, and every death on the day that the rule says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fissures.errors import DataError, UsageError
from fissures.events import database, selection
from fissures.events.database import rows
from fissures.events.store import held

AS_OF = date(2020, 7, 21)
THREAT = {"actor": "Ardel", "recipient": "Brome", "category": "THREATEN", "code": "130"}
FIGHT = {"category": "ASSAULT", "code": "190", "lat": 40.0, "lon": 47.0}
Hold = Callable[..., Any]


def by_month(connection: Any, rule: str, measure: str = "deaths_best") -> dict[int, float]:
    """A measure by month under a date rule."""
    sql = f"SELECT month(day), sum(share * {measure}) FROM {selection.by_day(rule)} GROUP BY 1 ORDER BY 1"
    return {month: float(total) for month, total in rows(connection, sql)}


def test_no_row_after_the_as_of_date_is_used_and_the_number_is_said(hold: Hold, connection: Any) -> None:
    days = ("2020-07-20", "2020-07-21", "2020-07-22", "2020-09-27")
    made = hold([{"start_date": day, **THREAT} for day in days])
    got = selection.select(connection, (made,), "true", AS_OF)
    assert (got.rows, got.later) == (2, 2)
    assert {row[0] for row in rows(connection, "SELECT start_date FROM selected")} == {date(2020, 7, 20), AS_OF}


def test_a_row_that_ends_after_the_as_of_date_was_not_known_then(hold: Hold, connection: Any) -> None:
    made = hold([{"start_date": "2020-07-20", "end_date": "2020-07-25", "deaths_best": 6, **FIGHT}])
    got = selection.select(connection, (made,), "true", AS_OF)
    assert (got.rows, got.later) == (0, 1)


def test_rows_published_later_are_counted_and_said(hold: Hold, connection: Any) -> None:
    early = hold([{"start_date": "2018-01-01", **THREAT}])
    late = hold([{"start_date": "2018-01-02", **THREAT}], published=date(2021, 6, 1))
    row = hold([{"start_date": "2018-01-03", "published": "2020-08-01", **THREAT}])
    got = selection.select(connection, (early, row), "true", AS_OF)
    assert (got.rows, got.published_later) == (2, 1)
    got = selection.select(connection, (late,), "true", AS_OF)
    assert got.published_later == 1


def test_the_trap_of_rows_that_cross_months(hold: Hold, connection: Any) -> None:
    """Three rows as UCDP writes a war: most of the dead stand in summaries of several weeks."""
    made = hold(
        [
            {"start_date": "2019-09-27", "end_date": "2019-11-09", "deaths_best": 4400, **FIGHT},
            {"start_date": "2019-10-01", "end_date": "2019-10-31", "deaths_best": 310, **FIGHT},
            {"start_date": "2019-11-02", "deaths_best": 7, **FIGHT},
        ]
    )
    selection.select(connection, (made,), "true", AS_OF)
    assert by_month(connection, "start") == {9: 4400.0, 10: 310.0, 11: 7.0}
    assert by_month(connection, "end") == {10: 310.0, 11: 4407.0}
    spread = by_month(connection, "spread")
    assert spread == {9: pytest.approx(400.0), 10: pytest.approx(3410.0), 11: pytest.approx(907.0)}
    assert sum(spread.values()) == pytest.approx(4717.0)


@settings(max_examples=25, deadline=None)
@given(
    spans=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 200), st.integers(0, 500)), min_size=1, max_size=12),
    rule=st.sampled_from(selection.DATES),
)
def test_no_date_rule_loses_or_makes_a_death(
    spans: list[tuple[int, int, int]], rule: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with database.connected(tmp_path_factory.mktemp("spill")) as made:
        values = ", ".join(f"(DATE '2018-01-01' + {a}, DATE '2018-01-01' + {a + n}, {dead})" for a, n, dead in spans)
        made.execute(f"CREATE TEMP TABLE selected AS SELECT * FROM (VALUES {values}) t(start_date, end_date, dead)")
        total, weight = rows(made, f"SELECT sum(share * dead), sum(share) FROM {selection.by_day(rule)}")[0]
        outside = rows(
            made, f"SELECT count(*) FROM {selection.by_day(rule)} WHERE day NOT BETWEEN start_date AND end_date"
        )
    assert total == pytest.approx(sum(dead for _, _, dead in spans))
    assert weight == pytest.approx(len(spans))
    assert outside[0][0] == 0


def test_one_a_day_keeps_one_row_of_a_day_and_says_how_many_went(hold: Hold, connection: Any) -> None:
    first = hold([{"start_date": "2018-01-01", **THREAT}] * 3 + [{"start_date": "2018-01-02", **THREAT}], "news@1")
    second = hold([{"start_date": "2018-01-01", **THREAT}, {"start_date": "2018-01-05", **THREAT}], "wire@1")
    got = selection.select(connection, (first, second), "true", AS_OF, "one_a_day")
    assert (got.rows, got.same_within, got.same_across) == (3, 2, 1)
    origins = "SELECT origin FROM selected WHERE start_date = DATE '2018-01-01'"
    assert rows(connection, origins) == [("news@1",)]


def test_one_a_day_tells_apart_who_did_what_to_whom(hold: Hold, connection: Any) -> None:
    base = {"start_date": "2018-01-01", **THREAT}
    others = [{"actor": "Brome"}, {"recipient": "Crane"}, {"category": "ACCUSE"}]
    made = hold([base, *({**base, **other} for other in others)])
    assert selection.select(connection, (made,), "true", AS_OF, "one_a_day").rows == 4


def test_same_place_takes_the_dataset_named_first_and_either_order_of_sides(hold: Hold, connection: Any) -> None:
    one = {"start_date": "2018-01-01", **FIGHT, "deaths_best": 3, "actor_state": "ARD", "recipient_state": "BRO"}
    turned = {**one, "actor_state": "BRO", "recipient_state": "ARD", "deaths_best": 5, "lat": 40.05, "lon": 47.05}
    far, nowhere = {**one, "lat": 41.0}, {**one, "lat": None, "lon": None}
    first, second = hold([one], "first@1"), hold([turned, far, nowhere, nowhere], "second@1")
    got = selection.select(connection, (first, second), "true", AS_OF, "same_place")
    assert (got.rows, got.same_across, got.same_within) == (4, 1, 0)
    assert rows(connection, "SELECT sum(deaths_best) FROM selected")[0][0] == 3 + 3 + 3 + 3


def test_same_place_leaves_apart_what_one_dataset_tells_apart(hold: Hold, connection: Any) -> None:
    one = {"start_date": "2018-01-01", **FIGHT, "actor_state": "ARD", "recipient_state": "BRO"}
    first = hold([{**one, "deaths_best": 4}, {**one, "deaths_best": 5}], "first@1")
    longer = hold([{**one, "end_date": "2018-01-09", "deaths_best": 30}], "second@1")
    got = selection.select(connection, (first, longer), "true", AS_OF, "same_place")
    assert (got.rows, got.same_across, got.same_within) == (3, 0, 0)


def test_one_a_day_takes_nobody_for_anybody(hold: Hold, connection: Any) -> None:
    unnamed = {"start_date": "2018-01-01", "category": "PROTEST", "code": "140"}
    made = hold([{**unnamed, "actor": "Crowd"}, {**unnamed, "actor": "Crowd"}, unnamed, unnamed])
    assert selection.select(connection, (made,), "true", AS_OF, "one_a_day").rows == 4


def test_two_datasets_need_a_rule_for_duplicates(hold: Hold, tmp_path: Path) -> None:
    hold([{"start_date": "2018-01-01", **THREAT}], "news@1")
    hold([{"start_date": "2018-01-01", **THREAT}], "wire@1")
    with pytest.raises(UsageError, match="no rule for duplicates"):
        selection.named(tmp_path / "store", ("news@1", "wire@1"), "none")
    assert len(selection.named(tmp_path / "store", ("news@1", "wire@1"), "one_a_day")) == 2


def test_versions_are_never_mixed(hold: Hold, tmp_path: Path) -> None:
    hold([{"start_date": "2018-01-01", **THREAT}], "news@1")
    hold([{"start_date": "2018-01-01", **THREAT}], "news@2")
    with pytest.raises(UsageError, match=r"several versions of news: news@1, news@2"):
        held(tmp_path / "store", "news")
    assert [h.version for h in held(tmp_path / "store", "news@2")] == ["2"]
    with pytest.raises(UsageError, match="two versions of news together: 1, 2"):
        selection.named(tmp_path / "store", ("news@1", "news@2"), "same_place")
    hold([{"start_date": "2018-01-01", **THREAT}], "wire@1")
    assert len(selection.named(tmp_path / "store", ("wire", "wire@1"), "one_a_day")) == 1
    with pytest.raises(DataError, match="does not hold gossip"):
        held(tmp_path / "store", "gossip")


def test_only_the_sources_own_codes_and_dyads_that_are_asked_for(hold: Hold, connection: Any) -> None:
    pairs = [(code, dyad) for code in "123" for dyad in ("A - B", "B: insurgents")]
    made = hold([{"start_date": "2018-01-01", "code": c, "dyad": d, "category": "ASSAULT"} for c, d in pairs])
    for codes, dyads, left in (((), (), 6), (("1", "3"), (), 4), ((), ("A - B",), 3), (("1", "3"), ("A - B",), 2)):
        assert selection.select(connection, (made,), selection.only(codes, dyads), AS_OF).rows == left

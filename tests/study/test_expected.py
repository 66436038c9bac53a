"""What the class expects of a case's fronts: the completed record, the weeks that count, the questions it covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from fissures import api
from fissures.case.records import Case, Question
from fissures.errors import DataError
from fissures.events.panel import Panel, Spell
from fissures.model.reference import ReferenceTable
from fissures.study import expected, reference
from fissures.study.expected import METHOD, PATHS, Expected

AS_OF = date(2019, 12, 29)  # a Sunday

ANSWERED = (
    "at least 1 death on weir",
    "at least 5 deaths on weir",
    "at least 25 deaths on all fronts in a calendar month",
    "weir reaches feud",
    "weir reaches uprising",
    "any front reaches feud",
)
NOT_ANSWERED = (
    "weir reaches raids",
    "council reaches session",
    "at least 1 of stream burnings",
    "use of arson on weir",
    "deaths on all fronts as told by criers",
    "deaths on weir",
    "ground changes hands on weir",
)


@pytest.fixture(scope="module")
def table() -> ReferenceTable:
    return api.open_class("fronts-by-week-2017")


@pytest.fixture(scope="module")
def known(case: Case, panel: Panel, table: ReferenceTable) -> Expected:
    made = expected.expect(case, panel, table)
    assert made is not None
    return made


def question(asks: str, by: date = date(2020, 3, 31)) -> Question:
    return Question.model_validate({"code": "Q", "title": "T", "asks": asks, "by": by, "resolves": "R"})


def asked(known: Expected, asks: str, by: date = date(2020, 3, 31)) -> reference.ReferenceClass | None:
    return expected.from_class(known, question(asks, by))


def test_the_record_is_completed_by_the_stated_split(case: Case, panel: Panel) -> None:
    """Six weeks in ten are weir's; both fronts together are the record itself."""
    killed = np.full(len(panel.killed), 10.0)
    whole = replace(panel, killed=killed, named=np.full(len(killed), -1))
    weir, both = (expected.own_weeks(case, whole, fronts) for fronts in (("weir",), ("weir", "ford")))
    assert both.shape == (104, expected.COMPLETIONS) and (both == 10.0).all()
    assert (weir > 0).mean() == pytest.approx(panel.split[0], abs=0.05)
    ford = expected.own_weeks(case, whole, ("ford",))
    np.testing.assert_array_equal(weir + ford, both)


def test_a_week_that_a_spell_names_is_that_fronts_in_every_completion(case: Case, panel: Panel) -> None:
    named = np.zeros(len(panel.killed), np.int64) + list(case.fronts).index("ford")
    whole = replace(panel, killed=np.full(len(panel.killed), 3.0), named=named)
    assert not expected.own_weeks(case, whole, ("weir",)).any()


def test_days_that_the_record_leaves_out_hold_what_their_spell_says(case: Case, panel: Panel) -> None:
    start = panel.days - 10  # three days of one week and all of the last
    covered, killed = panel.covered.copy(), np.zeros_like(panel.killed)
    covered[start:], killed[-1] = False, np.nan
    gap = replace(panel, covered=covered, killed=killed, spells=(Spell(0, start, panel.days - 1, 3, 20.0, 180.0),))
    record = expected.own_weeks(case, gap, ("weir", "ford"))
    assert record[-2:, 0].tolist() == [18.0, 42.0]  # sixty dead, the geometric middle, over ten days


def test_a_week_counts_by_its_thursday(known: Expected) -> None:
    assert known.begins == date(2019, 12, 30)
    weeks = known.asked(date(2020, 1, 16))
    assert weeks == [date(2020, 1, 2), date(2020, 1, 9), date(2020, 1, 16)]
    assert known.asked(date(2020, 1, 15)) == weeks[:2]
    middle = replace(known, case=known.case.model_copy(update={"as_of": date(2019, 12, 27)}))
    assert middle.begins == date(2019, 12, 23) and middle.asked(date(2020, 1, 3)) == [date(2020, 1, 2)]


def test_deaths_can_answer_these(known: Expected) -> None:
    total = asked(known, "deaths on all fronts")
    assert total is not None and total.method == f"{METHOD}, median" and total.cutoff == date(2017, 12, 31)
    assert total.counted.endswith("475 fronts by week, UCDP GED 21.1, to 2017-12-31")
    chances = {}
    for asks in ANSWERED:
        found = asked(known, asks)
        assert found is not None and found.method == METHOD, asks
        chances[asks] = found.value
    assert chances["at least 1 death on weir"] > chances["at least 5 deaths on weir"] > chances["weir reaches feud"]
    assert chances["any front reaches feud"] > chances["weir reaches feud"] > chances["weir reaches uprising"] > 0


def test_longer_windows_expect_no_less(known: Expected) -> None:
    values = [
        found.value
        for month in (1, 2, 4, 6)
        if (found := asked(known, "any front reaches feud", date(2020, month, 28))) is not None
    ]
    assert len(values) == 4 and values == sorted(values)


def test_deaths_cannot_answer_these(known: Expected) -> None:
    for asks in NOT_ANSWERED:
        assert asked(known, asks) is None, asks


def test_what_the_class_cannot_answer_falls_to_the_own_record(case: Case, panel: Panel, known: Expected) -> None:
    march, feud = question("at least 1 of stream market_marches"), question("any front reaches feud")
    assert reference.of(case, panel, march, known) == reference.own_record(case, panel, march)
    by_class = reference.of(case, panel, feud, known)
    assert by_class is not None and by_class.method == METHOD
    assert reference.of(case, panel, feud, None) == reference.own_record(case, panel, feud)


def test_a_record_that_is_more_violent_is_expected_to_be(case: Case, panel: Panel, table: ReferenceTable) -> None:
    quiet, loud = (
        expected.expect(case, replace(panel, killed=np.full(len(panel.killed), dead)), table) for dead in (0.0, 8.0)
    )
    assert quiet is not None and loud is not None
    low, high = (asked(one, "deaths on all fronts") for one in (quiet, loud))
    assert low is not None and high is not None and low.value < 5 < 50 < high.value
    assert loud.paths(("weir", "ford")).shape[1] == PATHS


def test_a_class_that_knows_what_came_later_is_refused(case: Case, panel: Panel) -> None:
    with pytest.raises(DataError, match=f"to 2020-07-19, and the case stands at {AS_OF}"):
        expected.expect(case, panel, api.open_class("fronts-by-week-2020"))


def test_without_a_table_there_is_no_expectation(case: Case, panel: Panel) -> None:
    assert expected.expect(case, panel, None) is None


def test_every_shipped_case_stands_beside_a_class_that_it_may_know() -> None:
    from fissures.api.reference import class_for

    for name in api.cases():
        as_of = api.load(name).record.as_of
        found = class_for(as_of)
        assert found is not None and as_of - timedelta(days=7) <= found.cutoff <= as_of
    assert class_for(date(2010, 1, 1)) is None

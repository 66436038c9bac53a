"""Several ladders in one panel: tracks seen by their streams, fronts of which the record does not speak, series that
are known in advance, and days on which a means was used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fissures as fs
from fissures.case.records import Ladder
from fissures.errors import DataError
from fissures.events.panel import Panel, build
from fissures.events.rungs import counted_rungs, rules_of

Copied = Callable[..., Path]
PanelOf = Callable[[Path], Panel]
WEIR, FORD, COUNCIL = range(3)
STREAMS = ["visits", "accords"]
TALKS = Ladder.model_validate(
    {
        "active_from": "session",
        "rungs": {
            "silence": {"described_as": "nobody speaks"},
            "letters": {"described_as": "letters"},
            "session": {"described_as": "a session", "observed_when": ["visits in 5 days >= 2"]},
            "accord": {"described_as": "an accord", "observed_when": ["accords in 3 days >= 1"]},
        },
    }
)
RULES = rules_of(TALKS, STREAMS)


def day(panel: Panel, text: str) -> int:
    """The panel's day number of a date."""
    return (date.fromisoformat(text) - panel.first).days


# --- rungs by counting -------------------------------------------------------------------------------------------


def test_rules_on_streams_are_kept_apart_from_rules_on_the_record() -> None:
    assert [(rung, rule.measure, rule.window, rule.at_least) for rung, rule in RULES.counts] == [
        (2, "visits", 5, 2),
        (3, "accords", 3, 1),
    ]
    assert RULES.proves == RULES.allows == () and RULES.quiet_days == 0


def test_a_counted_rung_holds_for_its_window() -> None:
    counts = np.zeros((2, 12))
    counts[0, [2, 4]] = 1
    counts[1, 8] = 1
    low, high = counted_rungs(RULES, counts, np.ones((2, 12), bool), STREAMS)
    assert low.tolist() == high.tolist() == [0, 0, 0, 0, 2, 2, 2, 0, 3, 3, 3, 0]


def test_days_that_nobody_counted_leave_a_rung_open_for_its_window() -> None:
    counts, seen = np.zeros((2, 10)), np.ones((2, 10), bool)
    seen[0, 2], seen[1, 7] = False, False
    low, high = counted_rungs(RULES, counts, seen, STREAMS)
    assert low.tolist() == [0] * 10
    assert high.tolist() == [0, 0, 2, 2, 2, 2, 2, 3, 3, 3]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.booleans()), min_size=1, max_size=25),
)
def test_bounds_are_what_counting_by_hand_gives(record: list[tuple[int, int, bool]]) -> None:
    counts = np.array([[r[0] for r in record], [r[1] for r in record]], float)
    seen = np.array([[r[2] for r in record], [True] * len(record)])
    low, high = counted_rungs(RULES, counts, seen, STREAMS)
    for t in range(len(record)):
        visits, accords = counts[0, max(t - 4, 0) : t + 1].sum(), counts[1, max(t - 2, 0) : t + 1].sum()
        proven = 3 if accords >= 1 else 2 if visits >= 2 else 0
        unseen = not seen[0, max(t - 4, 0) : t + 1].all()
        assert low[t] == proven and high[t] == max(proven, 2 if unseen else 0)


# --- tracks and fronts -------------------------------------------------------------------------------------------


def test_a_track_stands_where_its_streams_put_it(two_valleys: Panel) -> None:
    low, high = two_valleys.day_low[COUNCIL], two_valleys.day_high[COUNCIL]
    assert np.array_equal(low, high)  # all its streams were watched on every day
    first = day(two_valleys, "2018-02-09")
    assert low[first - 1] == 0 and set(low[first : first + 14]) == {2} and low[first + 14] == 0
    assert two_valleys.day_low.shape == (3, two_valleys.days)


def test_a_track_that_nobody_watched_is_open_and_not_silent(copied: Copied, panel_of: PanelOf) -> None:
    unwatched = ("streams: [water_cuts, council_meetings, market_marches]", "streams: [water_cuts, market_marches]")
    panel = panel_of(copied("two_valleys", unwatched))
    assert not panel.day_low[COUNCIL].any() and (panel.day_high[COUNCIL] == 3).all()


def test_a_track_without_any_rule_is_open(copied: Copied, panel_of: PanelOf) -> None:
    rules = [(f"        observed_when: [council_meetings in {n} days >= {k}]\n", "") for n, k in ((14, 1), (28, 4))]
    panel = panel_of(copied("two_valleys", *rules))
    assert not panel.day_low[COUNCIL].any() and (panel.day_high[COUNCIL] == 3).all()


def test_only_fronts_of_the_record_are_recorded(two_valleys: Panel, shipped: Panel) -> None:
    assert two_valleys.recorded.tolist() == [True, True, False]
    assert shipped.recorded.tolist() == [True, True, True, False, False]


def test_a_front_of_which_the_record_does_not_speak_is_bounded_by_spells_alone(
    copied: Copied, panel_of: PanelOf
) -> None:
    """The ford left out of the record: the record's weeks say nothing of it, and its spells name no week."""
    pairs = [
        ("fronts: [weir, ford]\n    split: {weir: 0.6, ford: 0.4}", "fronts: [weir]\n    split: {weir: 1.0}"),
    ]
    panel = panel_of(copied("two_valleys", *pairs, coded="ford,2018-02-12,2018-02-13,raids,,\n"))
    assert panel.recorded.tolist() == [True, False, False]
    spell = slice(day(panel, "2018-02-12"), day(panel, "2018-02-14"))
    assert set(panel.day_low[FORD, spell]) == {2}
    assert (panel.named == -1).all()
    assert panel.split.tolist() == [1.0, 0.0]


def test_each_ladder_waits_as_its_own_rule_says(two_valleys: Panel, shipped: Panel) -> None:
    assert two_valleys.quiet_days.tolist() == [14, 14, 0]
    assert shipped.quiet_days.tolist() == [14, 14, 14, 0, 0]


def test_bounds_of_every_place_end_at_its_own_top(shipped: Panel) -> None:
    # UCDP places no offensive on any front; April 2016 is a spell, and its last week is not wholly covered. The rear
    # was threatened at most: its one spell.
    assert shipped.day_high.max(axis=1).tolist() == [4, 3, 5, 1, 5]
    assert (shipped.day_low <= shipped.day_high).all()


# --- series ------------------------------------------------------------------------------------------------------

CALENDAR = """
  season:
    name: the dry season
    series: season.csv
    column: dry
    half_life: 1 days
    afterwards: AFTERWARDS
    reference_surge: "1"
"""


def with_calendar(copied: Copied, afterwards: str, rows: str, *, also: str = "") -> Path:
    """The small case with a pressure that follows a calendar."""
    added = CALENDAR.replace("AFTERWARDS", afterwards)
    added += CALENDAR.replace("AFTERWARDS", also).replace("season:", "weather:", 1) if also else ""
    folder = copied("two_valleys", ("\ncommitments:\n", f"{added}\ncommitments:\n"))
    (folder / "season.csv").write_text("date,dry\n" + rows, encoding="utf-8")
    return folder


AHEAD = "2018-02-01,0.5\n2019-12-29,1\n2020-01-02,0.25\n2020-02-01,\n2020-06-30,0\n2021-01-01,9\n"


def test_a_calendar_may_run_past_the_as_of_date(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(with_calendar(copied, "known", AHEAD))
    key = ("season.csv", "dry")
    past, ahead = panel.series[key], panel.futures[key]
    assert (past.size, ahead.size) == (panel.days, 184)
    assert (past[: day(panel, "2018-02-01")] == 0).all() and past[-2:].tolist() == [0.5, 1]
    assert ahead[:5].tolist() == [1, 1, 1, 0.25, 0.25]  # day 0 is 30 December; gaps are held
    assert ahead[-1] == 0 and 9 not in ahead


def test_any_other_series_ends_with_the_as_of_date(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError, match=r"a row is dated 2020-01-02, after the as-of date") as refusal:
        panel_of(with_calendar(copied, "held", AHEAD))
    assert refusal.value.findings[0].where.startswith("season.csv")


def test_a_series_that_is_held_has_no_future(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(with_calendar(copied, "held", "2018-02-01,0.5\n"))
    assert panel.futures == {} and panel.series["season.csv", "dry"][-1] == 0.5


@pytest.mark.parametrize("order", [("known", "held"), ("held", "known")])
def test_a_column_that_one_pressure_knows_ahead_is_known(
    copied: Copied, panel_of: PanelOf, order: tuple[str, str]
) -> None:
    panel = panel_of(with_calendar(copied, order[0], AHEAD, also=order[1]))
    assert panel.futures["season.csv", "dry"][3] == 0.25


# --- means -------------------------------------------------------------------------------------------------------

MEANS = """
  fires:
    kind: means_by_rung
    file: fires.csv
    source: ledger
"""


def with_fires(copied: Copied, rows: str) -> Path:
    """The small case with days of arson on record."""
    folder = copied("two_valleys", ("\nevidence:\n", f"\nevidence:{MEANS}"))
    (folder / "fires.csv").write_text("rung,means,days_used,days\n" + rows, encoding="utf-8")
    return folder


def test_days_on_which_a_means_was_used_are_counted_by_rung(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(with_fires(copied, "raids,arson,4,30\nfeud,arson,1,2\nraids,arson,1,6\n"))
    assert panel.means_by_rung == {("river", 2, "arson"): (5.0, 36.0), ("river", 3, "arson"): (1.0, 2.0)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("raids,arson,5,4\n", r"'raids': 5\.0 of 4\.0 days"),
        ("raid,arson,1,4\n", r"'raid': 1\.0 of 4\.0 days"),
        ("raids,arsn,1,4\n", r"no means 'arsn'"),
        ("raids,arson,-1,4\n", r"column days_used: cannot read '-1'"),
    ],
)
def test_days_that_cannot_be_are_refused(copied: Copied, panel_of: PanelOf, row: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as refusal:
        panel_of(with_fires(copied, row))
    found = refusal.value.findings[0]
    assert found.where.startswith("fires.csv") and found.remedy and found.why


def test_a_misspelt_means_is_shown_the_nearest_one(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError) as refusal:
        panel_of(with_fires(copied, "raids,arsn,1,4\n"))
    assert "did you mean 'arson'" in refusal.value.findings[0].remedy


# --- words -------------------------------------------------------------------------------------------------------


def test_a_stream_counted_by_two_sources_is_refused_by_name(copied: Copied) -> None:
    loaded = fs.load(copied())
    both = loaded.record.evidence["wardens"].model_copy(update={"streams": ("wardens", "water_cuts")})
    case = loaded.record.model_copy(update={"evidence": {**loaded.record.evidence, "wardens": both}})
    with pytest.raises(DataError, match="counted twice: water_cuts") as refusal:
        build(case, loaded.folder, "")
    assert refusal.value.findings[0].where == "wardens.csv"
    assert refusal.value.findings[0].remedy == "one source a stream"
    assert refusal.value.exit_code == 4


def test_two_rows_of_one_week_are_refused(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError, match="two rows begin on 2019-12-23") as refusal:
        panel_of(copied(weekly="2019-12-23,7,0,0,0,0,0,0,0,0"))
    assert refusal.value.findings[0].remedy == "one row a week, its counts added up"


def test_deaths_at_an_unknown_rung_are_shown_the_nearest_one(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError, match="no rung 'fued'") as refusal:
        panel_of(copied(deaths_by_rung="fued,1,1"))
    assert "did you mean 'feud'" in refusal.value.findings[0].remedy

"""The panel: nothing from after the as-of date, what is missing left missing, spells and record side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.case.records import Evidence
from fissures.errors import DataError
from fissures.events.clock import Clock
from fissures.events.panel import Panel, _add_weekly

Copied = Callable[..., Path]
PanelOf = Callable[[Path], Panel]
WEIR, FORD = 0, 1
CALM, SCUFFLES, RAIDS, FEUD, UPRISING = range(5)
CUTS = 0  # the first stream of the small case


def day(panel: Panel, text: str) -> int:
    """The panel's day number of a date."""
    return (date.fromisoformat(text) - panel.first).days


# --- the as-of date -----------------------------------------------------------------------------------------

LATE = [
    ("two_valleys", "weekly", "2019-12-30,7,0,0,0,0,0,0,0,0", "2019-12-30"),
    ("two_valleys", "events", "2020-01-01,water_cuts,1", "2020-01-01"),
    ("shipped", "weekly", "2020-07-27,7,0,0,0,0,0,0,0,0", "2020-07-27"),
    ("shipped", "events", "2020-07-22,tangible_steps,1,1", "2020-07-22"),
    ("shipped", "state_events", "2020-07-22,protest_aze,1,1", "2020-07-22"),
    ("shipped", "pandemic", "2020-07-22,1,1,1,1,1", "2020-07-22"),
    ("shipped", "spells", "loc,2020-07-20,2020-07-22,war,1,2,,,", "2020-07-22"),
]


@pytest.mark.parametrize(("name", "file", "row", "when"), LATE, ids=[f"{n}-{f}" for n, f, _, _ in LATE])
def test_a_row_after_the_as_of_date_is_refused_by_name(
    copied: Copied, panel_of: PanelOf, name: str, file: str, row: str, when: str
) -> None:
    with pytest.raises(DataError) as refusal:
        panel_of(copied(name, **{file: row}))
    assert refusal.value.findings[0].where.startswith(f"{file}.csv")
    assert f"a row is dated {when}, after the as-of date" in str(refusal.value)


def test_the_as_of_date_itself_is_known(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(copied(events="2019-12-29,water_cuts,2"))
    assert panel.date_of(panel.days - 1) == date(2019, 12, 29)
    assert panel.evidence[CUTS, -1] == 2


def test_a_week_that_runs_past_the_as_of_date_is_refused(copied: Copied, panel_of: PanelOf) -> None:
    earlier = [("as_of: 2019-12-29", "as_of: 2019-12-26")] + [("2019-12-29]]", "2019-12-26]]")] * 3
    with pytest.raises(DataError, match=r"weekly\.csv"):
        panel_of(copied("two_valleys", *earlier))


def test_state_records_stay_out_of_the_evidence(shipped: Panel) -> None:
    assert shipped.state[:, : day(shipped, "2019-10-16")].sum() == 0
    assert shipped.state.sum() == 40
    counted = {"tangible_steps", "agreed_texts", "summits", "minister_meetings", "minsk_contacts", "nkr_elections"}
    counted |= {"preparation_steps", "russian_diplomacy", "us_diplomacy"}
    news = {"threats", "accusations", "protest_aze", "protest_arm", "arrests_aze", "turkish_backing"}
    news |= {"support_for_armenia", "rus_tur_tension", "rus_tur_deals"}
    assert set(shipped.observed) == counted | news | {"raids", "drone_incidents"}
    assert {name for name, seen in shipped.observed.items() if seen.own_volume} == news
    # What news tell has a volume of its own: it is fitted, and feeds nothing.
    rows = [list(fs.load("south-caucasus-2020").record.streams).index(name) for name in news]
    assert shipped.evidence[rows].sum() == 0
    assert not any(shipped.seen(name).any() for name in news)


# --- missing is not zero ------------------------------------------------------------------------------------


def test_uncovered_weeks_are_missing_and_wide_open(copied: Copied, panel_of: PanelOf) -> None:
    gap = ("covers: [[2018-01-01, 2019-12-29]]", "covers: [[2018-01-01, 2018-07-01], [2018-07-30, 2019-12-29]]")
    panel = panel_of(copied("two_valleys", gap))
    july = slice(day(panel, "2018-07-02"), day(panel, "2018-07-30"))
    weeks = np.unique(panel.week_of[july])
    assert len(weeks) == 4
    assert not panel.covered[july].any() and panel.covered.sum() == panel.days - 28
    assert np.isnan(panel.killed[weeks]).all() and np.isnan(panel.most_in_a_day[weeks]).all()
    assert np.isnan(panel.killed).sum() == 4
    assert set(panel.low[weeks]) == {CALM} and set(panel.high[weeks]) == {UPRISING}


def test_a_silent_covered_week_is_a_zero(two_valleys: Panel) -> None:
    silent = two_valleys.week_of[day(two_valleys, "2019-12-23")]
    assert (two_valleys.killed[silent], two_valleys.low[silent], two_valleys.high[silent]) == (0, CALM, CALM)


def test_the_shipped_record_leaves_april_2016_open(shipped: Panel) -> None:
    gap = slice(day(shipped, "2016-04-01"), day(shipped, "2016-04-12"))
    assert shipped.covered.sum() == shipped.days - 11
    assert not shipped.covered[gap].any()
    assert np.isnan(shipped.killed).sum() == 1  # the one week of the gap with no covered day


def test_a_stream_is_seen_only_where_somebody_counted(copied: Copied, panel_of: PanelOf) -> None:
    until = ("streams: [water_cuts, council_meetings, market_marches]", "streams: [water_cuts]")
    parts = "covers: [[2018-01-01, 2018-06-30], [2019-01-01, 2019-06-30]]\n    streams: [water_cuts]"
    folder = copied("two_valleys", until)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    told = text.replace("covers: [[2018-01-01, 2019-12-29]]\n    streams: [water_cuts]", parts)
    assert told != text
    (folder / "case.yaml").write_text(told, encoding="utf-8")
    panel = panel_of(folder)
    seen = panel.seen("water_cuts")
    assert seen.sum() == 181 + 181
    assert not seen[day(panel, "2018-07-01") : day(panel, "2019-01-01")].any()
    assert panel.observed["water_cuts"].count.sum() == 3 + 4  # of 18 in the file
    assert not panel.seen("market_marches").any()


def test_a_stream_read_from_the_weekly_record_is_counted_by_week(shipped: Panel) -> None:
    drones = shipped.observed["drone_incidents"]
    assert (drones.end - drones.start).max() == 7
    assert (drones.end - drones.start).sum() == shipped.covered.sum()
    laid = shipped.evidence[list(fs.load("south-caucasus-2020").record.streams).index("drone_incidents")]
    assert laid.sum() == drones.count.sum() and laid.max() == 1 < drones.count.max()
    for start, end, count in zip(drones.start, drones.end, drones.count, strict=True):
        assert laid[start:end].tolist() == [0.0] * int(end - start - count) + [1.0] * int(count)  # its last days


def test_more_events_than_a_week_has_days_are_laid_round_again() -> None:
    covers = {"covers": [["2018-01-01", "2018-01-10"]], "columns": {"cuts": "n"}}
    record = Evidence.model_validate({"file": "w.csv", "kind": "weekly_record", "source": "ledger", **covers})
    table, weeks = np.zeros((1, 10)), [{"week": date(2018, 1, d), "n": n} for d, n in ((1, 9), (8, 4))]
    found = _add_weekly(record, weeks, ["cuts"], Clock(date(2018, 1, 1), date(2018, 1, 10), 10), table)
    assert table[0].tolist() == [1, 1, 1, 1, 1, 2, 2, 1, 1, 2]
    assert found["cuts"].count.tolist() == [9, 4] and found["cuts"].end.tolist() == [7, 10]


# --- spells -------------------------------------------------------------------------------------------------


def test_a_short_spell_names_every_day(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(copied(coded="weir,2018-03-05,2018-03-11,raids,1,2\n"))
    days = slice(day(panel, "2018-03-05"), day(panel, "2018-03-12"))
    assert set(panel.day_low[WEIR, days]) == set(panel.day_high[WEIR, days]) == {RAIDS}
    assert (panel.day_low[:2].sum(), (panel.day_high[:2] < UPRISING).sum()) == (7 * RAIDS, 7)
    assert panel.named[panel.week_of[days.start]] == WEIR
    assert (panel.spells[0].killed_low, panel.spells[0].killed_high) == (1, 2)


def test_a_long_spell_bounds_from_above(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(copied(coded="ford,2018-03-05,2018-03-12,raids,,\n"))
    assert panel.day_low[:2].sum() == 0
    assert (panel.day_high[FORD] == RAIDS).sum() == 8
    assert (panel.day_high[WEIR] == UPRISING).all()
    assert panel.spells[0].killed_low is None


@pytest.mark.parametrize("longest_first", [True, False])
def test_a_short_spell_inside_a_long_one_stands(copied: Copied, panel_of: PanelOf, longest_first: bool) -> None:
    rows = ["weir,2018-03-01,2018-05-31,scuffles,,\n", "weir,2018-04-02,2018-04-03,feud,3,9\n"]
    panel = panel_of(copied(coded="".join(rows if longest_first else rows[::-1])))
    feud = slice(day(panel, "2018-04-02"), day(panel, "2018-04-04"))
    assert set(panel.day_low[WEIR, feud]) == set(panel.day_high[WEIR, feud]) == {FEUD}
    assert set(panel.day_high[WEIR, feud.stop : day(panel, "2018-06-01")]) == {SCUFFLES}


def test_the_weekly_record_beats_a_spell_that_allows_less(copied: Copied, panel_of: PanelOf) -> None:
    calm = "weir,2018-02-01,2018-03-31,scuffles,,\nford,2018-02-01,2018-03-31,scuffles,,\n"
    panel = panel_of(copied(coded=calm))
    raid = panel.week_of == panel.week_of[day(panel, "2018-02-12")]  # two killed, heavy weapons seen
    assert (panel.day_high[:2, raid] >= RAIDS).all()
    assert set(panel.day_high[:2, day(panel, "2018-02-19") : day(panel, "2018-02-26")].ravel()) == {SCUFFLES}
    said = [f for f in panel.findings if f.message.endswith("the record wins")]
    assert [f.message.split(" weeks")[0] for f in said] == ["in 1"]
    assert said[0].level == "note"


def test_spells_elsewhere_or_before_are_told_and_kept_as_episodes(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(copied(coded="mill,2018-03-05,2018-03-11,raids,,\nweir,2001-01-01,2003-12-31,feud,5,9\n"))
    assert panel.spells == ()
    assert [(e.front, e.start.year, e.rung) for e in panel.episodes] == [("weir", 2001, "feud")]
    told = "2 spells lie before 2018-01-01 or on fronts that this case does not hold: mill"
    assert [f.message for f in panel.findings] == [told]


def test_spells_that_are_only_early_name_no_front(copied: Copied, panel_of: PanelOf) -> None:
    panel = panel_of(copied(coded="weir,2001-01-01,2003-12-31,feud,5,9\n"))
    assert [f.message for f in panel.findings] == ["1 spells lie before 2018-01-01"]


def test_a_spell_at_no_rung_of_the_ladder_is_refused(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError, match=r"spells\.csv"):
        panel_of(copied(coded="weir,2018-03-05,2018-03-11,raid,,\n"))


def test_a_spell_that_ends_before_it_begins_is_refused(copied: Copied, panel_of: PanelOf) -> None:
    with pytest.raises(DataError, match=r"spells\.csv"):
        panel_of(copied(coded="weir,2018-03-11,2018-03-05,raids,,\n"))


# --- findings and digests -----------------------------------------------------------------------------------


def test_evidence_published_later_is_told(copied: Copied, panel_of: PanelOf, two_valleys: Panel) -> None:
    panel = panel_of(copied("two_valleys", ("file: events.csv", "file: events.csv\n    retrospective: true")))
    assert [f.message for f in panel.findings] == [
        "published after the as-of date, about days before it (retrospective): events"
    ]
    assert two_valleys.findings == ()


CELLS = [("weekly", b"7,0,0", b"7,0,1"), ("events", b"cuts,1", b"cuts,2"), ("deaths_by_rung", b"256", b"257")]


@pytest.mark.parametrize(("file", "old", "new"), CELLS)
def test_the_digest_follows_every_byte_of_evidence(
    copied: Copied, panel_of: PanelOf, two_valleys: Panel, file: str, old: bytes, new: bytes
) -> None:
    named = copied() / f"{file}.csv"
    whole = named.read_bytes()
    digests = {two_valleys.digest}
    for changed in (whole.replace(old, new, 1), whole + b"\n", whole):
        named.write_bytes(changed)
        digests.add(panel_of(named.parent).digest)
    assert len(digests) == 3, "a cell and a line end change it; the same bytes in another folder do not"


def test_the_digest_follows_nothing_else(copied: Copied, panel_of: PanelOf, two_valleys: Panel) -> None:
    folder = copied("two_valleys", ("# An invented case", "# A made-up case"), ("as_of: 2019", "as_of:    2019"))
    (folder / "notes.csv").write_text("not named by the case\n", encoding="utf-8")
    assert panel_of(folder).digest == two_valleys.digest
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("split: {weir: 0.6, ford: 0.4}", "split: {weir: 0.5, ford: 0.5}"))
    assert panel_of(folder).digest != two_valleys.digest

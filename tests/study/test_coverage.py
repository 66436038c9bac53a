"""What the evidence covers by month: whole, in part, or not at all; a gap is missing and never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

import fissures as fs
from fissures.brief import covered as words
from fissures.case.records import Case
from fissures.events import panel as events
from fissures.events.panel import Panel
from fissures.study.coverage import Coverage, Covered, coverage

CITES = {"ledger": "The weir ledger, kept by both towns"}


def test_months_run_from_the_first_day_to_the_as_of_date(case: Case, panel: Panel) -> None:
    told = coverage(case, panel)
    assert told.starts[0] <= told.first < told.starts[1] and told.starts[-1] <= told.as_of == case.as_of
    assert all(len(row.months) == len(told.starts) for row in told.rows)
    assert all(0 <= share <= 1 for row in told.rows for share in row.months)


def test_days_without_a_record_are_missing(case: Case, panel: Panel) -> None:
    gone = np.array([(day := panel.date_of(t)).year * 12 + day.month for t in range(panel.days)])
    month = gone == gone[200]
    record = next(k for k, row in enumerate(coverage(case, panel).rows) if "deaths by week" in row.what)
    none = replace(panel, covered=panel.covered & ~month)
    lost = coverage(case, none).rows[record]
    assert lost.none == coverage(case, panel).rows[record].none + 1
    some = replace(panel, covered=panel.covered & ~(month & (np.arange(panel.days) % 2 == 0)))
    assert any(0.3 < share < 0.7 for share in coverage(case, some).rows[record].months)
    killed = np.full_like(panel.killed, np.nan)
    assert coverage(case, replace(panel, killed=killed)).rows[record].full == 0


def test_streams_that_nobody_counts_are_told(case: Case, panel: Panel) -> None:
    told = coverage(case, panel)
    own = [name for name, stream in case.streams.items() if stream.read_from is None]
    assert (told.streams, told.uncounted) == (len(own), sum(name not in panel.observed for name in own))
    assert coverage(case, replace(panel, observed={})).uncounted == len(own)


def test_the_shipped_case_has_five_rows_and_its_gaps() -> None:
    case = fs.load("south-caucasus-2020")
    told = coverage(case.record, events.build(case.record, case.folder, "parent"))
    rows = {row.name: row for row in told.rows}
    assert set(rows) == {"violence", "spells", "diplomacy", "icews", "ucdp_fronts"} and len(told.starts) == 67
    assert rows["violence"].runs == (("full", 0, 14), ("part", 15, 15), ("full", 16, 66))
    assert (rows["icews"].full, rows["icews"].none) == (14, 52) and rows["diplomacy"].runs[-1] == ("none", 66, 66)


def test_the_same_in_words() -> None:
    starts = tuple(date(2015, k + 1, 1) for k in range(4))
    row = Covered("a", "deaths", "ledger", (1.0, 1.0, 0.5, 0.0))
    told = Coverage(starts[0], date(2015, 4, 30), starts, (row, replace(row, months=(1.0,) * 4)), 53, 38)
    assert words.title(told) == "What was recorded when: of 2 sources 1 covers all 4 months"
    assert words.title(replace(told, rows=(row,))) == "What was recorded when: no source covers all 4 months"
    assert "38 are counted by no source" in words.text(told) and "Of 53" not in words.text(replace(told, uncounted=0))
    said = [words.months(row, told, kind).replace("\u00a0", " ") for kind, _ in words.KINDS]
    assert said == ["January 2015 to February 2015", "March 2015", "April 2015"]
    assert words.months(told.rows[1], told, "none") == "none"
    assert "The weir ledger: deaths, 2 of 4 months covered, 1 in part, 1 without a record" in words.heard(told, CITES)

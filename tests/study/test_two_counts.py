"""Two sources that count the dead of the same weeks stand beside each other, with their figures and the reason."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.brief.alike import two_counts as in_words
from fissures.case.records import Case, Evidence, Source
from fissures.events.panel import Panel
from fissures.study.two_counts import TwoCounts, two_counts

from .conftest import TWO_VALLEYS

CITES = {"ledger": "The weir ledger, kept by both towns", "abroad": "Abroad (2020). Events."}
HEAD = "front,start,end,lowest,highest,killed_low,killed_best,killed_high,events\n"


@pytest.fixture
def both(case: Case, panel: Panel, tmp_path: Path) -> tuple[Case, Path, Panel]:
    """The small case with a second source: in the third and fourth week of the record it has 2 and 3 dead."""
    folder = tmp_path / "case"
    shutil.copytree(TWO_VALLEYS, folder)
    monday = panel.first - timedelta(days=panel.first.weekday())
    weeks = [monday + timedelta(days=7 * k) for k in (2, 3)]
    rows = [f"weir,{w},{w + timedelta(days=6)},calm,raids,0,{k},9,1" for w, k in zip(weeks, (2, 3), strict=True)]
    (folder / "abroad.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    told = Evidence(kind="rung_bounds", file="abroad.csv", source="abroad", fronts=("weir",))
    sources = {**case.sources, "abroad": Source(cite=CITES["abroad"])}
    made = case.model_copy(update={"evidence": {**case.evidence, "abroad": told}, "sources": sources})
    killed = np.nan_to_num(panel.killed.copy())
    killed[2:4] = 10
    return made, folder, replace(panel, killed=killed)


def test_the_same_weeks_are_summed_for_each(both: tuple[Case, Path, Panel]) -> None:
    found = two_counts(*both)
    assert found is not None and (found.whole, found.weeks, found.other) == ((20, 5), 2, "abroad")
    case, folder, panel = both
    killed = panel.killed.copy()
    killed[2] = np.nan
    found = two_counts(case, folder, replace(panel, killed=killed))
    assert found is not None and found.whole == (10, 3), "a gap is left out of both"


def test_without_a_second_source_there_is_nothing_to_set_beside_it(case: Case, panel: Panel) -> None:
    assert two_counts(case, TWO_VALLEYS, panel) is None
    assert in_words("ledger", None, CITES).endswith("What each counts may differ.") and in_words("", None, {}) == ""


def test_the_sentence_has_both_figures_and_why() -> None:
    found = TwoCounts("ledger", "abroad", date(2015, 1, 3), 290, (186, 22), date(2020, 7, 6), (17, 5), ("State",))
    told = in_words("ledger", found, CITES).replace("\u00a0", " ")
    assert "are counted by The weir ledger; other flare-ups" in told and "which lists only events" in told
    assert told.endswith(
        "The weir ledger has 186 killed; Abroad has 22 that it codes as “State” and places on a front. "
        "Since 6 July 2020 it is 17 and 5."
    )


def test_the_shipped_case_has_both() -> None:
    case = fs.load("south-caucasus-2020")
    from fissures.events import panel as events

    found = two_counts(case.record, case.folder, events.build(case.record, case.folder, "parent"))
    assert found is not None and (found.record, found.other, found.recent) == ("crisis_group", "ucdp", (17, 5))

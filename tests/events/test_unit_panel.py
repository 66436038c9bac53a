"""Unit panels: counts by month, events by week, who enters when, and files that are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fissures.errors import DataError, UsageError
from fissures.events import unit_panel
from fissures.events.unit_panel import UnitPanel

COUNTS = 'month,country,deaths_sb\n2000-01,A,3\n2000-03,A,0\n2000-02,"B, the",7\n2000-01,"B, the",\n'
EVENTS = """conflict_name,side_a,side_b,country,type_of_violence,best,date_start
X,one,two,Here,1,4,2000-01-05
X,one,two,Here,1,0,2000-01-06
X,one,two,There,1,2,2000-01-12
X,one,two,Here,1,1,2000-01-12
X,one,two,Here,2,99,2000-01-12
Y,one,three,Here,1,5,2000-01-31
Y,one,three,Here,1,6,2000-02-01
"""


def read(folder: Path, text: str, step: str = "week") -> UnitPanel:
    file = folder / "some.csv"
    file.write_text(text, encoding="utf-8")
    return unit_panel.read(file, "a vintage", step)


def test_counts_keep_what_is_missing_missing(tmp_path: Path) -> None:
    panel = read(tmp_path, COUNTS)
    assert (panel.kind, panel.step, panel.units) == ("country", "month", ("A", "B, the"))
    assert (panel.first, panel.last) == (date(2000, 1, 1), date(2000, 3, 31))
    np.testing.assert_array_equal(panel.counts, [[3, np.nan], [np.nan, 7], [0, np.nan]])


def test_events_are_summed_by_front_and_whole_week(tmp_path: Path) -> None:
    """Weeks from Monday 3 January; the week of 31 January is not whole. The kind 2 is no fighting between armies."""
    panel = read(tmp_path, EVENTS)
    assert panel.units == ("X | one | two | Here", "X | one | two | There", "Y | one | three | Here")
    assert (panel.first, panel.last) == (date(2000, 1, 3), date(2000, 1, 30))
    np.testing.assert_array_equal(panel.counts[:, 0], [4, 1, 0, 0])
    np.testing.assert_array_equal(panel.counts[:, 1], [np.nan, 2, 0, 0])
    assert np.isnan(panel.counts[:, 2]).all()
    assert panel.days is not None and panel.days.shape == (28, 3) and panel.days[2, 0] == 4


def test_events_by_month_end_with_a_whole_month(tmp_path: Path) -> None:
    panel = read(tmp_path, EVENTS, "month")
    assert (panel.first, panel.last) == (date(2000, 1, 1), date(2000, 1, 31))
    np.testing.assert_array_equal(panel.counts, [[5, 2, 5]])


def test_before_a_date_only_whole_steps_and_fronts_that_had_entered_are_known(tmp_path: Path) -> None:
    panel = read(tmp_path, EVENTS)
    known = panel.before(date(2000, 1, 16))  # a Sunday: its week is not over
    assert (known.last, known.units) == (date(2000, 1, 9), panel.units[:1])
    assert known.days is not None and known.days.shape == (7, 1)
    assert panel.before(date(2000, 1, 17)).units == panel.units[:2]
    with pytest.raises(DataError, match="no whole week before 2000-01-09"):
        panel.before(date(2000, 1, 9))


def test_words_of_kinds_and_other_column_names_are_read_too(tmp_path: Path) -> None:
    other = EVENTS.replace("best,date_start", "best_death,date").replace(",1,", ",State-based violence,")
    np.testing.assert_array_equal(read(tmp_path, other).counts, read(tmp_path, EVENTS).counts)


def test_what_is_no_panel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="neither the columns of counts nor those of UCDP events") as caught:
        read(tmp_path, "a,b\n1,2\n")
    assert "why it matters: a class is fitted on deaths by unit and step" in str(caught.value)
    with pytest.raises(DataError, match=r"'none\.csv' is no file"):
        unit_panel.read(tmp_path / "none.csv", "v")
    with pytest.raises(UsageError, match="no step 'day'"):
        read(tmp_path, EVENTS, "day")

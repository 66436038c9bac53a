"""Scoring a class: no window sees its own future, and the design study's numbers come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fissures.errors import DataError
from fissures.events import unit_panel
from fissures.events.unit_panel import UnitPanel
from fissures.model import reference
from fissures.study import class_skill

GED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ged"
QUICK = replace(reference.MONTHLY, turns=10)


def made() -> UnitPanel:
    rng = np.random.default_rng(2)
    counts = rng.poisson(rng.gamma(0.4, 20.0, 12), (60, 12)).astype(float)
    return UnitPanel("country", "month", date(2000, 1, 1), tuple("abcdefghijkl"), counts, "made", "0" * 64)


def test_a_window_is_scored_against_the_steps_that_it_names() -> None:
    panel = made()
    windows = class_skill.score(panel, [date(2003, 1, 1)], (3, 5), paths=100, recipe=QUICK)
    nothing = next(one for one in windows if one.model == "nothing")
    np.testing.assert_allclose(nothing.by_unit["crps"], panel.counts[38:41].mean(axis=0))
    assert tuple(one.model for one in windows) == class_skill.MODELS


def test_only_the_truth_changes_when_the_future_does() -> None:
    panel = made()
    other = panel.counts.copy()
    other[36:] += 100.0
    both = [
        class_skill.score(replace(panel, counts=counts), [date(2003, 1, 1)], (1, 3), paths=100, recipe=QUICK)
        for counts in (panel.counts, other)
    ]
    for one, changed in zip(*both, strict=True):
        np.testing.assert_array_equal(one.chances, changed.chances)
        assert (one.by_unit["crps"] < changed.by_unit["crps"]).all()


def test_a_window_that_the_panel_does_not_reach_is_refused() -> None:
    with pytest.raises(DataError, match="ends on 2004-12-31, inside the window"):
        class_skill.score(made(), [date(2004, 12, 1)], (1, 3), paths=100, recipe=QUICK)


def test_flare_ups_count_a_window_once_however_many_seeds() -> None:
    one, two = (
        class_skill.score(made(), [date(2003, 1, 1)], (1, 6), paths=100, seeds=seeds, recipe=QUICK) for seeds in (1, 2)
    )
    for windows in (one, two):
        assert class_skill.flare_ups(windows, "record")[1].tolist() == class_skill.flare_ups(one, "ladder")[1].tolist()


# CRPS and ignorance over 2018-2020, as the design study has them; all windows stand in docs/reference-class.md.
STUDY = {"mixture": (10.63, 0.523), "record": (10.65, 0.528), "own last year": (11.92, 0.681)}


@pytest.mark.shared
@pytest.mark.slow
def test_the_design_studys_numbers_come_out() -> None:
    panel = unit_panel.read(GED / "country_month_sb_by_end_date_1990_2020.csv", "challenge")
    windows = class_skill.score(panel, [date(year, 11, 1) for year in (2017, 2018, 2019)], (3, 14), paths=1000)
    for model, (crps, ignorance) in STUDY.items():
        assert class_skill.mean(windows, model, "crps") == pytest.approx(crps, abs=0.08), model
        assert class_skill.mean(windows, model, "ignorance") == pytest.approx(ignorance, abs=0.004), model
    assert class_skill.difference(windows, "mixture", "own last year", "ignorance")[2] < -0.05


@pytest.mark.shared
@pytest.mark.slow
def test_the_mixture_knows_how_often_quiet_places_flare_up() -> None:
    """2013-2017: units that had not seen 25 dead in a month for a year. Their own last year hardly expects any."""
    panel = unit_panel.read(GED / "country_month_sb_by_end_date_1990_2020.csv", "challenge")
    windows = class_skill.score(panel, [date(year - 1, 11, 1) for year in range(2013, 2018)], (3, 14), paths=1000)
    expected, came = class_skill.flare_ups(windows, "mixture")
    assert expected[0] == pytest.approx(came[0], rel=0.35)
    assert class_skill.flare_ups(windows, "own last year")[0][0] < 2
    mixture, record, last_year = (class_skill.log_losses(windows, m) for m in ("mixture", "record", "own last year"))
    assert (mixture < record).all() and (record < last_year).all()

"""The prior that a class gives a case's ladder: by hand, and where it knows what was simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from fissures import api
from fissures.errors import DataError
from fissures.events.unit_panel import UnitPanel
from fissures.model import reference
from fissures.model.class_prior import band_prior, death_bands
from fissures.model.moves import Tally
from fissures.model.reference import ReferenceTable

BANDS = (11.0, 51.0)


@pytest.fixture(scope="module")
def table() -> ReferenceTable:
    """A class of three fronts whose moves are then put in by hand."""
    counts = np.random.default_rng(1).poisson(2.0, (80, 3)).astype(float)
    panel = UnitPanel("front", "week", date(2000, 1, 3), ("a", "b", "c"), counts, "made", "0" * 64)
    return reference.fit(panel, date(2001, 7, 1), "made", replace(reference.WEEKLY, turns=5))


def with_days(table: ReferenceTable, rows: list[tuple[int, int, int, float, float]]) -> ReferenceTable:
    places = np.array([row[:3] for row in rows], np.int16)
    return replace(table, days=Tally(places, np.array([row[3:] for row in rows], np.float32)))


def test_by_hand(table: ReferenceTable) -> None:
    """Rung 1 (one dead) and rung 4 (6 to 10) lie below eleven a week, rung 5 from there, rung 7 from 51 on."""
    rows = [(0, 0, 0, 90.0, 0.0), (0, 1, 4, 9.5, 9.5), (0, 4, 5, 0.5, 5.0), (1, 5, 5, 20.0, 60.0), (1, 5, 7, 2.0, 40.0)]
    prior = band_prior(with_days(table, rows), BANDS)
    assert prior.edges == BANDS
    assert prior.mean[0, 1] == pytest.approx(np.log((0.5 + 0.5) / (99.5 + 0.5)))
    assert prior.mean[1, 2] == pytest.approx(np.log(2.5 / 20.5))
    assert prior.mean[0, 2] == pytest.approx(np.log(0.5 / 100.0))  # never seen: half a move
    assert (np.diag(prior.mean) == 0).all() and (np.diag(prior.sd) == 0).all()
    assert prior.weight == pytest.approx([100.0, 22.0, 0.0])
    assert np.exp(prior.log_deaths[:2]) == pytest.approx([9.5 / 99.5, 65.0 / 20.5])


def test_units_that_differ_widen_the_prior(table: ReferenceTable) -> None:
    alike = [(u, 0, 0, 1000.0, 0.0) for u in range(3)] + [(u, 0, 5, 50.0, 50.0) for u in range(3)]
    apart = [(u, 0, 0, 1000.0, 0.0) for u in range(3)] + [
        (0, 0, 5, 140.0, 50.0),
        (1, 0, 5, 5.0, 5.0),
        (2, 0, 5, 5.0, 5.0),
    ]
    narrow, wide = (band_prior(with_days(table, rows), BANDS) for rows in (alike, apart))
    assert narrow.mean[0, 1] == pytest.approx(wide.mean[0, 1])
    assert narrow.sd[0, 1] == pytest.approx(1 / np.sqrt(150.5), rel=0.01)
    assert wide.sd[0, 1] > 0.7


def test_a_gamma_spread_of_rates_is_found_again(table: ReferenceTable) -> None:
    rng, units, variance = np.random.default_rng(4), 300, 0.5
    rate = 0.05 * rng.gamma(1 / variance, variance, units)
    rows = [(u, 0, 0, 2000.0, 0.0) for u in range(units)]
    rows += [(u, 0, 5, float(rng.poisson(2000 * rate[u])), 0.0) for u in range(units)]
    prior = band_prior(replace(with_days(table, rows), units=units), BANDS)
    assert prior.mean[0, 1] == pytest.approx(np.log(0.05), abs=0.1)
    assert prior.sd[0, 1] == pytest.approx(np.sqrt(np.log1p(variance)), rel=0.15)


def test_bands_that_a_class_cannot_tell_apart_are_refused(table: ReferenceTable) -> None:
    with pytest.raises(DataError, match="cannot tell bands from 50, 52 killed a week apart"):
        band_prior(with_days(table, [(0, 0, 0, 1.0, 0.0)]), (50.0, 52.0))
    with pytest.raises(DataError, match="does not know moves from day to day"):
        band_prior(replace(table, days=None), BANDS)


def test_the_bands_of_a_case_are_its_own_rules_on_the_dead_of_a_week() -> None:
    case = api.load("south-caucasus-2020").record
    assert death_bands(case, "border") == {"clash": 10.0, "limited_offensive": 50.0, "war": 100.0}
    assert death_bands(case, "negotiation") == {}


def test_the_shipped_class_gives_the_shipped_case_a_prior() -> None:
    """Orders of magnitude that anybody can check: quiet lasts, war persists, and a bigger climb is rarer."""
    table = api.classes()["fronts-by-week-2020"]
    prior = band_prior(table, tuple(death_bands(api.load("south-caucasus-2020").record, "border").values()))
    assert prior.edges == (11.0, 51.0, 101.0)
    assert (np.diff(prior.mean[0, 1:]) < 0).all() and prior.mean[0, 1] < np.log(0.01)
    stay = 1 / (1 + np.exp(prior.mean[3, :3]).sum())
    assert stay > 0.8
    assert (np.diff(prior.log_deaths) > 0).all()
    assert ((prior.sd > 0.05) | np.eye(4, dtype=bool)).all() and (prior.sd < 3).all()

"""The reference table: it knows nothing later than its cut-off, keeps its numbers, and forecasts by them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from fissures.errors import DataError
from fissures.events.unit_panel import UnitPanel
from fissures.model import reference
from fissures.model.moves import day_moves, step_moves
from fissures.model.reference import MONTHLY, ReferenceTable

CUT = date(2004, 1, 1)


def made(seed: int = 1) -> UnitPanel:
    """Forty countries over six years: some quiet, some at war now and then."""
    rng = np.random.default_rng(seed)
    months, units = 72, 40
    heat = rng.gamma(0.3, 10.0, units) * (rng.random((months, units)) < 0.4)
    counts = rng.poisson(heat).astype(float)
    counts[:10, 0] = np.nan
    return UnitPanel(
        "country", "month", date(2000, 1, 1), tuple(f"U{k}" for k in range(units)), counts, "made", "0" * 64
    )


@pytest.fixture(scope="module")
def table() -> ReferenceTable:
    return reference.fit(made(), CUT, "made up")


def test_a_table_says_what_it_was_fitted_on(table: ReferenceTable) -> None:
    assert (table.unit, table.step, table.units, table.vintage) == ("country", "month", 40, "made")
    assert (table.first, table.cutoff) == (date(2000, 1, 1), date(2003, 12, 31))
    assert table.kernel.shape == (len(MONTHLY.shape.features), MONTHLY.shape.rungs)


def test_what_came_after_the_cutoff_changes_nothing(table: ReferenceTable) -> None:
    panel = made()
    later = panel.counts.copy()
    later[48:] = 5000.0
    assert reference.fit(replace(panel, counts=later), CUT, "made up").digest == table.digest
    earlier = panel.counts.copy()
    earlier[47] = 5000.0
    assert reference.fit(replace(panel, counts=earlier), CUT, "made up").digest != table.digest


def test_a_table_comes_back_from_json_and_arrays(table: ReferenceTable) -> None:
    values = json.loads(json.dumps(reference.plain(table)))
    back = reference.restored(values, reference.arrays(table))
    assert (back.digest, back.recipe, back.cutoff) == (table.digest, table.recipe, table.cutoff)


def test_a_number_that_was_changed_is_refused(table: ReferenceTable) -> None:
    stored = {**reference.arrays(table), "kernel": table.kernel + 0.1}
    with pytest.raises(DataError, match="not those that it was sealed with"):
        reference.restored(reference.plain(table), stored)
    with pytest.raises(DataError, match="sealed"):
        reference.restored({**reference.plain(table), "cutoff": "2003-01-31"}, reference.arrays(table))


def test_a_case_refuses_a_table_that_knows_what_came_later(table: ReferenceTable) -> None:
    assert reference.admit(table, date(2003, 12, 31)) is table
    with pytest.raises(DataError) as caught:
        reference.admit(table, date(2003, 12, 30))
    told = str(caught.value)
    assert told.splitlines()[0] == (
        "reference class  'made up' was fitted on data to 2003-12-31, and the case stands at 2003-12-30"
    )
    assert "why it matters: what happened after the as-of date would decide what was to be expected at it" in told
    assert "try: fissures reference fit FILE --before 2003-12-30, or a shipped table with an earlier cut-off" in told


def test_a_forecast_is_repeatable_and_made_of_whole_paths_of_both_models(table: ReferenceTable) -> None:
    counts = made().counts[:48]
    ladder, own, share = reference.parts(table, counts, 5, 200, 3)
    mixed = reference.forecast(table, counts, 5, 200, 3)
    assert mixed.shape == (5, 40, 200) and (mixed >= 0).all() and (mixed == np.round(mixed)).all()
    np.testing.assert_array_equal(mixed, reference.forecast(table, counts, 5, 200, 3))
    for n in (0, 7):
        k = round(200 * float(share[n]))
        np.testing.assert_array_equal(mixed[:, n, :k], ladder[:, n, :k])
        np.testing.assert_array_equal(mixed[:, n, k:], own[:, n, k:])


def test_a_violent_unit_is_expected_to_be_the_more_violent(table: ReferenceTable) -> None:
    counts = made().counts[:48]
    loud, quiet = counts.sum(axis=0, where=~np.isnan(counts)).argsort()[[-1, 0]]
    mean = reference.forecast(table, counts, 6, 500).mean(axis=(0, 2))
    assert mean[loud] > 3 * mean[quiet]


def test_moves_are_counted_unit_by_unit_with_less_weight_for_long_ago() -> None:
    counts = np.array([[np.nan, 0.0], [0.0, 0.0], [3.0, 0.0], [30.0, np.nan]])
    tally = step_moves(counts, (1.0, 10.0), age_half_life=1.0)
    assert tally.places.tolist() == [[0, 0, 1], [0, 1, 2], [1, 0, 0]]
    assert tally.values.tolist() == [[0.5, 1.5], [1.0, 30.0], [0.75, 0.0]]


def test_moves_by_day_are_those_of_the_last_seven_days_dead() -> None:
    """Six dead on the third day stand on the rung of five for a week, with nobody dying after."""
    days = np.zeros((14, 1))
    days[2] = 6.0
    tally = day_moves(days, np.array([[6.0], [0.0]]), (5.0,), age_half_life=1e9)
    assert tally.places.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]
    assert tally.values[:, 0].tolist() == [1.0 + 4.0, 1.0, 1.0, 6.0]
    assert tally.values[:, 1].tolist() == [0.0, 6.0, 0.0, 0.0]

"""A reference class centres the ladder rows for which a case states nothing, and no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fissures.api.reference import class_for
from fissures.case.records import Case
from fissures.kernel.ladder import BASIS, basis, probabilities
from fissures.model import plan as layout
from fissures.model.class_prior import Bands, centred_on, death_bands, ladder_bands
from fissures.model.prior import ladder_prior

from .conftest import Prepared, shipped


def chances(theta: np.ndarray, rungs: int) -> np.ndarray:
    """Moves (row from) that a ladder's row coefficients imply, memories aside."""
    rows = theta[: rungs * (BASIS + rungs)].reshape(rungs, BASIS + rungs)
    return probabilities((rows[:, :BASIS] @ basis(rungs) + rows[:, BASIS:]).T).T


@pytest.fixture(scope="module")
def with_class() -> layout.Plan:
    """The shipped case laid out with its class."""
    made = shipped(1)
    return layout.build(made.case, made.panel, class_for(made.case.as_of))


def bare() -> Case:
    """The shipped case as if it stated no move of its fronts."""
    case = shipped(1).case
    border = case.ladders["border"].model_copy(update={"moves": {}})
    return case.model_copy(update={"ladders": {**case.ladders, "border": border}})


def test_upper_rungs_without_stated_moves_have_the_shares_of_the_class() -> None:
    """The class says how often a band of deaths is left, and for which; not how a ladder moves inside a band, and
    nothing of the lowest, whose average day is calm."""
    case = bare()
    plans = [layout.build(case, shipped(1).panel, table) for table in (None, class_for(case.as_of))]
    bands = plans[1].ladders[0].bands
    assert bands is not None
    plain, centred = (chances(ladder_prior(case, plan, 0)[0], 7) for plan in plans)
    band = np.array(bands.of_rung)
    assert np.allclose(plain[band == 0], centred[band == 0])
    for r in np.flatnonzero(band > 0):
        share = np.array([centred[r][band == k].sum() for k in range(band.max() + 1)])
        assert np.log(share / share[band[r]]) == pytest.approx(bands.log_odds[band[r]], abs=1e-6)
        inside = band == band[r]
        assert np.allclose(centred[r][inside] / centred[r][inside].sum(), plain[r][inside] / plain[r][inside].sum())


def test_where_a_case_states_its_moves_the_class_says_nothing(with_class: layout.Plan) -> None:
    """The shipped case states the moves from a clash on, so its priors are what they would be without a class."""
    case = shipped(1).case
    for one, other in zip(ladder_prior(case, shipped(1).plan, 0), ladder_prior(case, with_class, 0), strict=True):
        assert np.array_equal(one, other)


def test_bands_follow_the_ladders_own_rules_on_deaths() -> None:
    case = shipped(1).case
    assert list(death_bands(case, "border")) == ["clash", "limited_offensive", "war"]
    told = ladder_bands(case, "border", class_for(case.as_of))
    assert told is not None and told.of_rung == (0, 0, 0, 1, 2, 3, 3) and "2020" in told.table
    assert ladder_bands(case, "negotiation", class_for(case.as_of)) is None
    assert ladder_bands(case, "border", None) is None


def test_the_class_of_a_case_knows_nothing_later(with_class: layout.Plan) -> None:
    for when in (shipped(1).case.as_of, shipped(1).case.as_of.replace(year=2019)):
        table = class_for(when)
        assert table is None or table.cutoff <= when


def test_without_a_class_the_general_rule_stands(valleys: Prepared) -> None:
    assert all(ladder.bands is None for ladder in valleys.plan.ladders)


def test_centring_keeps_rows_as_chances() -> None:
    g = np.random.default_rng(1)
    chance = g.dirichlet(np.ones(5), 5)
    bands = Bands((0, 0, 1, 2, 2), g.normal(-2.0, 1.0, (3, 3)) * ~np.eye(3, dtype=bool), "")
    told = centred_on(bands, chance)
    assert np.allclose(told.sum(axis=1), 1.0)
    unreached = replace(bands, of_rung=(0, 0, 1, 1, 1))  # no rung stands in the highest band
    assert np.allclose(centred_on(unreached, chance).sum(axis=1), 1.0)

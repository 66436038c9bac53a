"""Deaths on a day in the model: where the tail begins and ends, what is believed of a rung, what a run then shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fissures.case.records import Case, Deaths
from fissures.errors import DataError
from fissures.kernel.deaths_fit import NO_ZERO
from fissures.model import fit as fitting
from fissures.model import simulate as simulation
from fissures.model.deaths_prior import band, day_limits, deaths_prior
from fissures.model.fit_marks import DEATHS, fit_deaths

from .conftest import Prepared, prepare, shipped

RUNGS = ("calm", "scuffles", "raids", "feud", "uprising")


def stating(made: Prepared, rung: str, **changes: object) -> Prepared:
    """The case with something else said of the deaths at a rung of the river."""
    river = made.case.ladders["river"]
    stated = river.rungs[rung].deaths_per_day
    assert stated is not None
    new = river.rungs[rung].model_copy(update={"deaths_per_day": stated.model_copy(update=changes)})
    ladder = river.model_copy(update={"rungs": {**river.rungs, rung: new}})
    case: Case = made.case.model_copy(update={"ladders": {**made.case.ladders, "river": ladder}})
    return prepare(case, made.panel)


def test_a_cap_that_is_unsaid_is_fifty_times_the_mean(valleys: Prepared) -> None:
    threshold, cap = day_limits(valleys.case, valleys.panel)["river"]
    assert cap.tolist() == [1, 1, 20, 200, 600]
    assert threshold[:2].tolist() == [0, 0] and (threshold < cap).all() and (threshold[2:] >= 4).all()
    assert day_limits(valleys.case, valleys.panel)["parley"].tolist() == [[0.0] * 4, [1.0] * 4]
    assert np.array_equal(valleys.plan.ladders[0].limits, [threshold, cap])


def test_what_is_stated_of_cap_and_threshold_stands(valleys: Prepared) -> None:
    made = stating(valleys, "feud", cap=40, threshold=9)
    assert made.plan.ladders[0].limits[:, 3].tolist() == [9, 40]
    assert made.plan.digest != valleys.plan.digest
    assert stating(valleys, "raids", cap=3).plan.ladders[0].limits[:, 2].tolist() == [2, 3]


def test_the_record_raises_a_cap_that_is_unsaid_and_contradicts_one_that_is_stated(valleys: Prepared) -> None:
    worse = replace(
        valleys.panel, deaths_by_rung={**valleys.panel.deaths_by_rung, "river": ((2, 0.0, 30.0), (2, 45.0, 1.0))}
    )
    assert day_limits(valleys.case, worse)["river"][1, 2] == 45
    made = replace(stating(valleys, "raids", cap=20), panel=worse)
    with pytest.raises(DataError) as told:
        fit_deaths(made.case, made.plan, made.panel, made.history, 1)
    assert told.value.findings[0].where == "ladders.river.rungs.raids.deaths_per_day.cap"
    assert "are on record, and the cap is 20" in str(told.value) and "raise the cap" in str(told.value)


@pytest.mark.parametrize(
    ("mean", "logit_zero", "size", "zero_part"),
    [
        (0.1, -1.0, 0.5, None),
        (1.4, -1.0, 0.5, None),
        (1.5, 0.7, 1.0, True),
        (7.1, 0.7, 1.0, True),
        (7.2, -1.0, 0.25, None),
    ],
)
def test_what_is_believed_follows_what_a_week_brings(
    mean: float, logit_zero: float, size: float, zero_part: bool | None
) -> None:
    """Ten killed a week at 1.43 a day, fifty at 7.14."""
    stated = Deaths(mean=mean, says="a test")
    means, sds = deaths_prior(stated)
    assert means == pytest.approx([np.log(mean), np.log(size), logit_zero, 0.0])
    assert sds[0] == 0.7 and (sds > 0).all() and band(stated).zero_part is zero_part


def test_every_rung_with_deaths_has_five_coefficients(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    for rung in RUNGS[2:]:
        drawn = {part: valleys_fit.draws[f"river:{rung}:{part}"] for part in DEATHS}
        assert ((drawn["shape"] >= 0) & (drawn["shape"] < 0.7)).all()
        assert (drawn["zero"] == NO_ZERO).all() == (rung == "uprising")  # as many as the blocks say
    assert not [name for name in valleys_fit.draws if name.startswith("river:calm:log_deaths")]
    told = {block.name: block.coefficients for block in valleys_fit.blocks if block.name.startswith("deaths at")}
    assert told == {"deaths at raids": 5, "deaths at feud": 5, "deaths at uprising": 4}


def test_no_simulated_day_exceeds_its_rungs_cap(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    run = simulation.simulate(valleys.plan, valleys_fit, 400)
    cap = valleys.plan.ladders[0].limits[1] * [0, 0, 1, 1, 1]
    for f in range(len(valleys.plan.fronts)):
        if valleys.plan.ladders[valleys.plan.ladder_of[f]].name == "river":
            assert (run.deaths[f] <= cap[run.rungs[f]]).all()
    assert run.deaths.max() > 20


def test_the_shipped_caps_are_the_ladders_own_bands() -> None:
    made = shipped(1)
    threshold, cap = made.plan.ladders[0].limits
    assert cap[1:].tolist() == [4, 4, 49, 500, 5000, 5000] and (threshold < cap).all()
    for rung in made.case.ladders["border"].rungs.values():
        stated = rung.deaths_per_day
        assert stated is None or any(word in stated.says for word in ("cap", "band", "by the ladder's own rule"))

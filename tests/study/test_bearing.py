"""What bears on an answer, read off the draws: a line through known answers, and a guide on the invented case."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fissures as fs
from fissures.model.causes import DRAWS
from fissures.study.bearing import Lean, leans
from fissures.study.claims import without
from fissures.study.pairing import control

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


def drawn(paths: int = 4 * DRAWS, seed: int = 7) -> Any:
    """A run of three coefficients and no model: one strong, one weak, one idle."""
    made = np.random.default_rng(seed)
    draws = {name: made.normal(mean, 0.4, DRAWS) for name, mean in (("strong", 0.6), ("weak", 0.3), ("idle", 0.5))}
    return SimpleNamespace(paths=paths, fit=SimpleNamespace(draws=draws))


def answers(run: Any, slopes: dict[str, float], noise: float, seed: int = 3) -> Any:
    which = np.arange(run.paths) % DRAWS
    line = 0.3 + sum(slope * run.fit.draws[name][which] for name, slope in slopes.items())
    return line + noise * np.random.default_rng(seed).normal(size=run.paths)


def test_a_line_is_read_off_as_it_was_written() -> None:
    run = drawn()
    found = leans(run, answers(run, {"strong": 0.2, "weak": -0.1}, 0.0), {"S": "strong", "W": "weak", "I": "idle"})
    means = {name: run.fit.draws[name].mean() for name in run.fit.draws}
    assert found["S"].change == pytest.approx(-0.2 * means["strong"], abs=1e-9)
    assert found["W"].change == pytest.approx(0.1 * means["weak"], abs=1e-9)
    assert found["I"].change == pytest.approx(0.0, abs=1e-9)


def test_the_error_is_that_of_least_squares() -> None:
    """Against statsmodels, on the draws' mean answers."""
    import statsmodels.api as sm

    run = drawn()
    y = answers(run, {"strong": 0.2}, 1.0)
    found = leans(run, y, {"S": "strong", "W": "weak", "I": "idle"})
    x = np.stack([run.fit.draws[name] for name in ("strong", "weak", "idle")], axis=1)
    fitted = sm.OLS(y.reshape(-1, DRAWS).mean(axis=0), sm.add_constant(x)).fit()
    for k, owner in enumerate("SWI", start=1):
        mean = x[:, k - 1].mean()
        assert found[owner].change == pytest.approx(-fitted.params[k] * mean, rel=1e-6)
        assert found[owner].error == pytest.approx(fitted.bse[k] * abs(mean), rel=1e-6)


def test_paths_that_are_no_multiple_of_the_draws_weigh_by_their_number() -> None:
    run = drawn(paths=2 * DRAWS + 137)
    found = leans(run, answers(run, {"strong": 0.2}, 0.0), {"S": "strong"})
    assert found["S"].change == pytest.approx(-0.2 * run.fit.draws["strong"].mean(), abs=1e-9)


def test_what_no_draw_doubts_is_not_read_off() -> None:
    run = drawn()
    run.fit.draws["sure"] = np.full(DRAWS, 0.4)
    y = answers(run, {"strong": 0.2}, 0.1)
    assert set(leans(run, y, {"S": "strong", "N": "sure", "M": "missing"})) == {"S"}
    assert leans(run, np.zeros(run.paths), {"S": "strong"}) == {}, "nothing bears on what never happens"
    few = drawn(paths=20)
    assert leans(few, np.arange(20.0), {"S": "strong", "W": "weak"}) == {}, "too few draws for a line"


@given(change=st.floats(-1, 1), error=st.floats(0, 1))
def test_drawing_in_never_turns_round_nor_adds(change: float, error: float) -> None:
    told = Lean(change, error).drawn_in
    assert abs(told) <= abs(change) and told * change >= 0.0
    assert (told == 0.0) or abs(change) > error


def test_the_guide_finds_what_counting_finds() -> None:
    """On the invented case the coefficient that changes an answer most is among the first that the draws name."""
    case = fs.load(TWO_VALLEYS)
    run = fs.simulate(case, fs.fit(case), paths=8000)
    told = fs.briefed(run, fs.study(run, levers=()), readings=False).first
    assert told is not None
    counted = without(control(case.record, run.on, told.paths))
    sizes = {owner: abs(found[told.asked].difference) for owner, found in counted.items()}
    assert told.reasons[0].code == max(sizes, key=lambda owner: sizes[owner])

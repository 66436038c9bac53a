"""exp and log in elementary operations: as near as double precision allows, exact where that matters."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel.arith import exp, log, log1p, log1p_count

from .worlds import lawful

CLOSE = 1e-15
exponents = st.floats(-700, 700)
positive = st.floats(1e-300, 1e300)
counts = st.floats(0, 1e15)


def gap(found: float, true: Decimal) -> float:
    """Relative error of a number, at 40 digits."""
    return float(abs(Decimal(found) - true) / abs(true)) if true else abs(found)


@lawful(300)
@given(exponents)
def test_exp_is_right(x: float) -> None:
    with localcontext(prec=40):
        assert gap(float(exp(x)), Decimal(x).exp()) < CLOSE


@lawful(300)
@given(positive | st.floats(0.5, 2.0))
def test_log_is_right(x: float) -> None:
    with localcontext(prec=40):
        assert gap(float(log(x)), Decimal(x).ln()) < CLOSE


@lawful(300)
@given(counts | st.floats(0, 1e-3))
def test_log1p_is_right(x: float) -> None:
    with localcontext(prec=60):
        true = (1 + Decimal(x)).ln() if x > 1e-30 else Decimal(x)
        assert gap(float(log1p(x)), true) < CLOSE


def test_numpy_agrees_over_the_whole_range() -> None:
    g = np.random.default_rng(1)
    x, y = g.uniform(-700, 700, 100_000), np.exp(g.uniform(-690, 690, 100_000))
    assert np.max(np.abs(exp(x) / np.exp(x) - 1)) < CLOSE
    assert np.max(np.abs(log(y) - np.log(y)) / np.abs(np.log(y))) < CLOSE
    assert np.max(np.abs(log1p(y) - np.log1p(y)) / np.log1p(y)) < CLOSE


def test_the_easy_points_are_exact() -> None:
    assert exp(0.0) == 1 and log(1.0) == 0 and log1p(0.0) == 0
    assert log1p(5e-324) == 5e-324
    assert exp(np.array([-1e9, -700.0]))[0] == exp(-700.0) and exp(1e9) == exp(700.0)


def _steps(low: float, high: float) -> NDArray[np.float64]:
    return np.sort(np.random.default_rng(2).uniform(low, high, 200_000))


def test_exp_and_log_never_fall_even_to_the_next_double() -> None:
    x, y = _steps(-700, 700), np.exp(_steps(-690, 690))
    assert (exp(np.nextafter(x, np.inf)) >= exp(x)).all() and (np.diff(exp(x)) >= 0).all()
    assert (log(np.nextafter(y, np.inf)) >= log(y)).all() and (np.diff(log(y)) >= 0).all()


def test_log1p_never_falls_over_a_step_above_rounding() -> None:
    x = np.exp(_steps(-60, 30))
    assert (log1p(x * (1 + 1e-14)) >= log1p(x)).all()


@lawful(100)
@given(st.floats(-20, 20), st.floats(-20, 20))
def test_exp_turns_sums_into_products(a: float, b: float) -> None:
    assert abs(float(exp(a) * exp(b) / exp(a + b)) - 1) < 1e-14


def test_a_count_looked_up_has_the_bits_of_log1p() -> None:
    n = np.concatenate([np.arange(5000.0), [65_535.0, 1e6]])
    assert np.array_equal(log1p_count(n), log1p(n))
    assert np.array_equal(log1p_count(n[:1024]), log1p(n[:1024]))


def test_shape_and_neighbours_do_not_change_a_bit() -> None:
    x = np.random.default_rng(3).uniform(0.01, 30, 1003)
    for function in (exp, log, log1p):
        whole = function(x)
        assert function(x.reshape(17, 59)).shape == (17, 59)
        assert np.array_equal(function(x[5:-3]), whole[5:-3])
        assert np.array_equal(function(x[::2]), whole[::2])
        assert all(function(x[k : k + 1])[0] == whole[k] for k in range(0, 1003, 50))

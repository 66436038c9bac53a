"""How numbers are printed, at their edges."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from fissures.brief import numbers
from fissures.brief.numbers import SPACE


@given(st.floats(0, 1))
def test_no_probability_prints_as_nothing_or_all(p: float) -> None:
    said = numbers.percent(p).replace(SPACE, " ")
    assert said.endswith(" %")
    value = float(said.removesuffix(" %").lstrip("<> "))
    assert 0.1 <= value <= 99.9
    assert abs(value - 100 * p) <= 0.51


def test_rounding_never_reaches_the_ends() -> None:
    for p in (0.00099, 0.001, 0.0996, 0.0995, 0.0949, 0.98949, 0.98951, 0.9989, 0.99949, 0.9991):
        assert numbers.percent(p).replace(SPACE, " ") not in {"0 %", "0.0 %", "100 %", "100.0 %"}
    assert numbers.percent(0.0996) == f"10{SPACE}%"
    assert numbers.percent(math.nan) == "not known"


@given(st.floats(-1e300, 1e300))
def test_numbers_of_any_size_print(x: float) -> None:
    for say in (numbers.count, numbers.signed_count, numbers.times, numbers.decimal):
        assert "e+" not in say(x) and "inf" not in say(x)


def test_signs_are_true_minus_signs() -> None:
    assert numbers.signed_count(-1234) == "−1,234"
    assert numbers.points(-0.5) == "−50.0 points"
    assert numbers.count(-20) == "−20"

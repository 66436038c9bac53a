"""Keyed uniforms: looked up, never drawn in turn; even, and unrelated between names, days and paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kstest

from fissures.kernel import rng
from fissures.kernel.rng import mix, name_key, path_numbers, uniforms

from .worlds import lawful

MASK = (1 << 64) - 1
MANY = path_numbers(0, 20_000)


@lawful(100)
@given(st.integers(), st.text(), st.text(), st.integers(-(2**31), 2**31), st.integers(0, 2**40))
def test_a_uniform_depends_on_its_key_alone(seed: int, name: str, purpose: str, day: int, first: int) -> None:
    key = name_key(seed, name, purpose)
    together = uniforms(key, day, path_numbers(first, 5))
    alone = [uniforms(name_key(seed, name, purpose), day, path_numbers(first + k, 1))[0] for k in range(5)]
    assert together.tolist() == alone
    assert ((together > 0) & (together < 1)).all()


def _unmix(z: int) -> int:
    """The number that `mix` sends to z."""
    for shift, factor in ((31, int(rng._C2)), (27, int(rng._C1))):
        z = _unshift(z, shift) * pow(factor, -1, 1 << 64) & MASK
    return _unshift(z, 30)


def _unshift(z: int, shift: int) -> int:
    out = z
    for _ in range(64 // shift + 1):
        out = z ^ (out >> shift)
    return out


@pytest.mark.parametrize("mixed", [0, 1, 1 << 11, MASK - (1 << 11), MASK])
def test_even_the_rarest_uniform_lies_inside_zero_and_one(mixed: int) -> None:
    """The path whose mixed bits are these exists, if far out; its uniform must be no 0 and no 1."""
    key, day = name_key(1, "loc", "move"), 3
    start = rng._absorb(key, day)
    number = ((_unmix(mixed) - start) * pow(int(rng._PATH), -1, 1 << 64) - 1) & MASK
    path = np.array([number], np.uint64)
    assert mix(np.uint64(start) + (path + np.uint64(1)) * rng._PATH)[0] == mixed
    assert 0 < uniforms(key, day, path)[0] < 1


@pytest.mark.parametrize("seed", [1, 2, 2020])
def test_uniforms_are_even_over_paths(seed: int) -> None:
    assert kstest(uniforms(name_key(seed, "loc", "move"), 0, MANY), "uniform").pvalue > 1e-3


@pytest.mark.parametrize("seed", [1, 2, 2020])
def test_uniforms_are_even_over_days(seed: int) -> None:
    key, one = name_key(seed, "loc", "move"), path_numbers(7, 1)
    assert kstest([uniforms(key, day, one)[0] for day in range(5000)], "uniform").pvalue > 1e-3


@pytest.mark.parametrize("seed", [1, 2, 2020])
def test_uniforms_are_even_over_names(seed: int) -> None:
    one = path_numbers(0, 1)
    drawn = [uniforms(name_key(seed, f"claim {k}", "draw"), 0, one)[0] for k in range(5000)]
    assert kstest(drawn, "uniform").pvalue > 1e-3


def _pairs() -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    key = name_key(1, "loc", "move")
    base = uniforms(key, 5, MANY)
    return {
        "the next day": (base, uniforms(key, 6, MANY)),
        "the next path": (base[:-1], base[1:]),
        "the path at distance D": (base[:-1000], base[1000:]),
        "another name": (base, uniforms(name_key(1, "tavush", "move"), 5, MANY)),
        "another purpose": (base, uniforms(name_key(1, "loc", "deaths"), 5, MANY)),
        "the next seed": (base, uniforms(name_key(2, "loc", "move"), 5, MANY)),
        "tomorrow of the next path": (base[:-1], uniforms(key, 6, MANY)[1:]),
    }


@pytest.mark.parametrize("what", list(_pairs()))
def test_uniforms_are_unrelated(what: str) -> None:
    one, other = _pairs()[what]
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(one.size)
    corners = np.histogram2d(one, other, bins=8, range=[[0, 1], [0, 1]])[0]
    expected = one.size / 64
    assert ((corners - expected) ** 2 / expected).sum() < 63 + 4 * np.sqrt(2 * 63)


def test_every_bit_of_the_key_moves_about_half_the_bits() -> None:
    start = np.uint64(name_key(1, "loc", "move"))
    flipped = start ^ (np.uint64(1) << np.arange(64, dtype=np.uint64))
    moved = [int(z).bit_count() for z in mix(flipped) ^ mix(np.array([start]))]
    assert min(moved) >= 16 and 28 < np.mean(moved) < 36

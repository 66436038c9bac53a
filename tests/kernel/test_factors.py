"""What a day shows: every kind of factor by hand, switches, products and roots."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.kernel import world
from fissures.kernel.factors import MOST_SURGES, Day, product, value
from fissures.kernel.world import BOTH, FIRST, NOBODY, SECOND, UNCLEAR, Factor, Link

# Three paths on one day: nothing happens, a raid by the first side, a feud that both fought.
DAY = Day(
    pressures=np.array([[0.0, 3.0, 9.0], [1.0, 0.5, 0.25]]),
    rungs=np.array([[0, 2, 3], [1, 1, 0]]),
    before=np.array([[0, 2, 1], [2, 0, 0]]),
    by=np.array([[NOBODY, FIRST, BOTH], [UNCLEAR, NOBODY, SECOND]], np.uint8),
    means=np.array([[0, 1, 3], [0, 0, 2]], np.uint8),
    advances=np.array([[0, 1, -1], [0, 0, 0]], np.int8),
    deaths=np.array([[0.0, 3.0, 7.0], [0.0, 0.0, 2.0]]),
    first=np.array([[0.0, 1.0, 7.0], [0.0, 0.0, 0.0]]),
    since=np.array([[0.0, 13.0, 14.0]]),
    in_force=np.array([[False, True, True]]),
    binding=np.array([[1.0, 0.0, 1.0]]),
)
BOTH_FRONTS = (0, 1)

KNOWN = [
    (Factor(world.PRESSURE, (0,), scale=3.0), [0, 1, 3]),
    (Factor(world.RUNG, (0,), (2,)), [0, 1, 1]),
    (Factor(world.RUNG, BOTH_FRONTS, (3, 1)), [1, 1, 1]),
    (Factor(world.JUST, (0,), (2,)), [0, 1, 0]),  # higher is not just there
    (Factor(world.JUST, (0,), (0,)), [1, 0, 0]),
    (Factor(world.JUST, BOTH_FRONTS, (3, 1)), [1, 1, 1]),
    (Factor(world.JUST, BOTH_FRONTS, (1, 0)), [0, 0, 1]),
    (Factor(world.REACHES, (0,), (2,)), [0, 0, 1]),  # the raid of the second path went on
    (Factor(world.REACHES, BOTH_FRONTS, (3, 1)), [0, 1, 1]),
    (Factor(world.MOVED, (0,), (0b001,)), [0, 1, 0]),
    (Factor(world.MOVED, (0,), (0b101,)), [0, 1, 1]),
    (Factor(world.MOVED, (0,), (0b101,), level=3.0), [0, 0, 1]),
    (Factor(world.MOVED, BOTH_FRONTS, (0, 0b1010)), [1, 0, 1]),
    (Factor(world.MOVED, (0,), (0b1111,)), [0, 1, 1]),  # nobody is nobody
    (Factor(world.MEANS, (0,), (0b01,)), [0, 1, 1]),
    (Factor(world.MEANS, BOTH_FRONTS, (0b10, 0b10)), [0, 0, 1]),
    (Factor(world.ADVANCE, (0,), (0,)), [0, 1, 1]),
    (Factor(world.ADVANCE, (0,), (1,)), [0, 1, 0]),
    (Factor(world.ADVANCE, (0,), (-1,)), [0, 0, 1]),
    (Factor(world.DEAD, BOTH_FRONTS, (0, 1)), np.log1p([0, 1, 9])),
    (Factor(world.DEAD, (0,), (1,)), np.log1p([0, 2, 0])),
    (Factor(world.DEATHS, BOTH_FRONTS), np.log1p([0, 3, 9])),
    (Factor(world.WITHIN, (0,), level=14.0), [1, 1, 0]),
    (Factor(world.WITHIN, (0,), level=0.5), [1, 0, 0]),
    (Factor(world.STANDING, (0,), level=1.0), [1, 0, 1]),
    (Factor(world.STANDING, (0,), level=0.0), [0, 0, 0]),
    (Factor(world.IN_FORCE, (0,)), [0, 1, 1]),
    (Factor(world.BREAK, (0,), level=1.0), [1, 1, 1]),
    (Factor(world.PRESSURE, (0,), scale=3.0, above=1.0), [0, 0, 1]),  # at the level is not above it
    (Factor(world.PRESSURE, (0,), scale=3.0, below=1.0), [1, 0, 0]),
    (Factor(world.ADVANCE), [0, 0, 0]),  # nobody concerned stands anywhere
    (Factor(world.DEAD), [0, 0, 0]),
]


@pytest.mark.parametrize(("factor", "expected"), KNOWN, ids=[f"{k}-{f.kind}" for k, (f, _) in enumerate(KNOWN)])
def test_a_factor_comes_to_what_the_day_shows(factor: Factor, expected: list[float]) -> None:
    assert value(factor, DAY).tolist() == pytest.approx(list(expected))


def linked(*factors: Factor, root: bool = False) -> list[float]:
    return [float(x) for x in product(Link(factors, np.ones(1), root=root), DAY)]


def test_a_product_needs_both_and_stops_at_two_surges() -> None:
    first, second = Factor(world.PRESSURE, (0,), scale=3.0), Factor(world.PRESSURE, (1,), scale=0.5)
    assert linked(first, second) == pytest.approx([0, 1, 1.5])
    assert linked(first, Factor(world.IN_FORCE, (0,))) == [0, 1, MOST_SURGES]
    assert linked(first, first) == [0, 1, MOST_SURGES]


def test_a_root_is_taken_before_the_limit() -> None:
    nine = Factor(world.PRESSURE, (0,), scale=1.0)
    assert linked(nine, root=True) == pytest.approx([0, np.sqrt(3), MOST_SURGES])
    assert linked(Factor(world.PRESSURE, (0,), scale=3.0), root=True) == pytest.approx([0, 1, np.sqrt(3)])

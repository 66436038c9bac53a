"""A knocked-out element changes what follows from it, on common random numbers, and nothing upstream of it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pytest

from fissures.case.systems import element
from fissures.kernel.world import Paths
from fissures.model import fit as fitting
from fissures.model import simulate as simulation
from fissures.study.systems import knocked_out

from .conftest import Prepared


@dataclass(frozen=True)
class Changed:
    """What a knock-out changed: kinds of outcome, streams and pressures by name."""

    kinds: frozenset[str]
    streams: frozenset[str]
    pressures: frozenset[str]


@pytest.fixture(scope="module")
def whole(valleys: Prepared, valleys_fit: fitting.Fit) -> simulation.Run:
    return simulation.simulate(valleys.plan, valleys_fit, 600)


def changed(made: Prepared, whole: simulation.Run, text: str) -> Changed:
    without, _ = knocked_out(made.case, whole, [element(text, made.case)])
    one, other = whole.out, without.out
    kinds = {f.name for f in fields(Paths) if not np.array_equal(getattr(one, f.name), getattr(other, f.name))}
    streams = {s.name for k, s in enumerate(made.plan.streams) if not np.array_equal(one.counts[k], other.counts[k])}
    levels = {p.name for k, p in enumerate(made.plan.pressures) if not np.array_equal(one.levels[k], other.levels[k])}
    return Changed(frozenset(kinds), frozenset(streams), frozenset(levels))


def test_without_a_claim_on_a_mark_only_that_mark_and_what_reads_it_change(
    valleys: Prepared, whole: simulation.Run
) -> None:
    found = changed(valleys, whole, "claim fear_brings_fire")
    assert found.kinds == {"means", "counts", "levels"}
    assert found.streams == {"burnings"} and found.pressures == {"fear"}


@pytest.mark.parametrize("text", ["pressure fear", "means arson"])
def test_fear_and_fire_move_nothing_but_each_other(valleys: Prepared, whole: simulation.Run, text: str) -> None:
    found = changed(valleys, whole, text)
    assert found.kinds == {"means", "counts", "levels"}
    assert found.streams == {"burnings"} and found.pressures == {"fear"}


def test_without_a_stream_that_feeds_nothing_only_it_is_gone(valleys: Prepared, whole: simulation.Run) -> None:
    found = changed(valleys, whole, "stream wardens")
    assert found == Changed(frozenset({"counts"}), frozenset({"wardens"}), frozenset())


def test_without_marches_nobody_asks_and_what_is_asked_for_does_not_come(
    valleys: Prepared, whole: simulation.Run
) -> None:
    """Downstream: the oath that they request, and the wardens that it obliges. Upstream: the rest of the world."""
    found = changed(valleys, whole, "stream market_marches")
    assert found.kinds <= {"counts", "in_force"} and "in_force" in found.kinds
    assert found.streams <= {"market_marches", "wardens"} and not found.pressures


def test_without_the_claim_on_a_ladder_its_cause_stays(valleys: Prepared, whole: simulation.Run) -> None:
    """Water cuts react to fronts (a counted stream does), so only what no front reaches can stay: nothing before day
    one, and every path whose rungs stayed."""
    without, _ = knocked_out(valleys.case, whole, [element("claim distrust_raises_climbing", valleys.case)])
    moved = (without.rungs != whole.rungs).any(axis=(0, 1))
    assert 0 < moved.mean() < 1
    for f in fields(Paths):
        one, other = getattr(whole.out, f.name), getattr(without.out, f.name)
        assert np.array_equal(one[..., ~moved], other[..., ~moved]), f.name


def test_without_a_front_nothing_happens_on_it(valleys: Prepared, whole: simulation.Run) -> None:
    without, _ = knocked_out(valleys.case, whole, [element("front ford", valleys.case)])
    ford = valleys.plan.fronts.index("ford")
    assert not without.rungs[ford].any() and not without.deaths[ford].any() and not without.out.means[ford].any()
    assert np.array_equal(without.rungs[:, 0][1 - ford], whole.rungs[:, 0][1 - ford])  # tomorrow, weir stands as it did


def test_without_a_commitment_it_is_never_in_force(valleys: Prepared, whole: simulation.Run) -> None:
    without, _ = knocked_out(valleys.case, whole, [element("commitment oath", valleys.case)])
    assert whole.out.in_force.any() and not without.out.in_force.any()

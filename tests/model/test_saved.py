"""Fits and runs taken apart and put together again: the same bits, and nothing that does not fit."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from fissures.kernel.world import Paths
from fissures.model import fit as fitting
from fissures.model import saved
from fissures.model import simulate as simulation

from .conftest import Prepared


@pytest.fixture(scope="module")
def made(valleys: Prepared, valleys_fit: fitting.Fit) -> simulation.Run:
    return simulation.simulate(valleys.plan, valleys_fit, 40)


def through_json(values: dict[str, object]) -> dict[str, object]:
    """What is left after a file has held it."""
    return dict(json.loads(json.dumps(values)))


def test_a_fit_comes_back_to_the_last_bit(valleys_fit: fitting.Fit) -> None:
    back = saved.restored(through_json(saved.plain(valleys_fit)), saved.arrays(valleys_fit))
    told = ("parent", "digest", "seed", "claims", "usual", "priors", "learnt", "vague", "scrutiny", "blocks")
    for name in (*told, "findings"):
        assert getattr(back, name) == getattr(valleys_fit, name), name
    assert set(back.draws) == set(valleys_fit.draws)
    assert all(np.array_equal(back.draws[name], draws) for name, draws in valleys_fit.draws.items())
    for f in fields(fitting.Start):
        assert np.array_equal(getattr(back.start, f.name), getattr(valleys_fit.start, f.name)), f.name


def test_a_fit_that_came_back_gives_the_same_paths(
    valleys: Prepared, valleys_fit: fitting.Fit, made: simulation.Run
) -> None:
    back = saved.restored(through_json(saved.plain(valleys_fit)), saved.arrays(valleys_fit))
    again = simulation.simulate(valleys.plan, back, 40)
    assert again.digest == made.digest
    assert all(np.array_equal(getattr(again.out, f.name), getattr(made.out, f.name)) for f in fields(Paths))


def test_a_run_comes_back_to_the_last_bit(valleys: Prepared, made: simulation.Run) -> None:
    back = saved.restored_run(
        valleys.plan, through_json(saved.plain_run(made)), saved.arrays(made.fit), saved.path_arrays(made)
    )
    assert (back.digest, back.seed, back.paths, back.parent) == (made.digest, made.seed, made.paths, made.parent)
    for f in fields(Paths):
        one, other = getattr(back.out, f.name), getattr(made.out, f.name)
        assert one.dtype == other.dtype and np.array_equal(one, other), f.name


@pytest.mark.parametrize("name", [f.name for f in fields(Paths)])
def test_paths_of_another_shape_are_refused(valleys: Prepared, made: simulation.Run, name: str) -> None:
    arrays = saved.path_arrays(made)
    arrays[name] = arrays[name][..., :-1]
    with pytest.raises(ValueError, match=f"{name} has the shape"):
        saved.restored_run(valleys.plan, saved.plain_run(made), saved.arrays(made.fit), arrays)


@pytest.mark.parametrize("name", [f.name for f in fields(Paths)])
def test_paths_with_a_part_missing_are_refused(valleys: Prepared, made: simulation.Run, name: str) -> None:
    arrays = {k: v for k, v in saved.path_arrays(made).items() if k != name}
    with pytest.raises(KeyError):
        saved.restored_run(valleys.plan, saved.plain_run(made), saved.arrays(made.fit), arrays)


def test_the_digest_of_a_fit_covers_every_draw_and_the_whole_start(valleys_fit: fitting.Fit) -> None:
    whole = fitting._digest("parent", valleys_fit.draws, valleys_fit.start)
    for name, draws in valleys_fit.draws.items():
        nudged = {**valleys_fit.draws, name: draws + np.eye(1, draws.size)[0]}
        assert fitting._digest("parent", nudged, valleys_fit.start) != whole, name
    for f in fields(fitting.Start):
        start = replace(valleys_fit.start, **{f.name: getattr(valleys_fit.start, f.name) + 1})
        assert fitting._digest("parent", valleys_fit.draws, start) != whole, f.name

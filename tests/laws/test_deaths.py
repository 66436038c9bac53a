"""Laws of deaths on simulated days: no more than a cap, none where a rung has none, the shares that their law gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given

from fissures.kernel import deaths
from fissures.kernel.paths import run

from .test_marks import standing_still
from .worlds import DRAWS, Recipe, lawful, recipes

MANY = 20_000


@lawful(15)
@given(recipes)
def test_no_day_brings_more_than_its_rungs_cap(recipe: Recipe) -> None:
    world = recipe.world()
    out, draw = run(world, 12, 0, 24), np.arange(24) % DRAWS
    for f, ladder in enumerate(world.ladders[: world.fronts]):
        where = draw * ladder.logits.shape[0] + out.rungs[f]
        assert (out.deaths[f] <= np.where(ladder.deaths.mean[where] > 0, ladder.deaths.cap[where], 0)).all()


def test_a_fronts_days_come_in_the_shares_of_their_law() -> None:
    """On the highest rung for good: days without deaths, days past the threshold and the mean."""
    count, world = 3, standing_still()
    day = deaths.law(np.full(DRAWS * count, 3.0), 1.0, 0.5, 1.0, 0.2, 11.0, 49.0)
    out = run(replace(world, ladders=(replace(world.ladders[0], deaths=day), *world.ladders[1:])), 1, 0, MANY)
    dead, at = out.deaths[0, 0], day.at(np.array([0]))
    error = 4.0 * dead.std() / np.sqrt(MANY)
    assert abs(dead.mean() - deaths.expected(at)[0]) < error
    for most in (0.0, 5.0, 11.0, 20.0):
        beyond = float(deaths.survival(np.array([most]), at)[0])
        assert abs((dead > most).mean() - beyond) < 4.0 * np.sqrt(beyond * (1.0 - beyond) / MANY)

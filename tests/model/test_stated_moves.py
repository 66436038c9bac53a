"""What a case states about moves must govern the rungs that its record never visited."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.kernel.ladder import BASIS, basis, probabilities
from fissures.model import fit as fitting
from fissures.model.prior import base_logits, ladder_prior, pseudo_days

from .conftest import fit, shipped


def _chances(theta: np.ndarray, rungs: int) -> np.ndarray:
    """Moves r -> j (row r) that a ladder's row coefficients imply, memories aside."""
    rows = theta[: rungs * (BASIS + rungs)].reshape(rungs, BASIS + rungs)
    return probabilities((rows[:, :BASIS] @ basis(rungs) + rows[:, BASIS:]).T).T


@pytest.fixture(scope="module")
def off() -> fitting.Fit:
    """The shipped case fitted without its claims."""
    return fit(shipped(1), claims="off")


@pytest.mark.parametrize("ladder", ["border", "rear_targets", "negotiation"])
def test_the_prior_is_centred_on_stated_moves(ladder: str) -> None:
    case, plan = shipped(1).case, shipped(1).plan
    mean, _ = ladder_prior(case, plan, list(case.ladders).index(ladder))
    stated = pseudo_days(case, ladder)
    base = np.exp(base_logits(len(stated)))
    expected = stated + base / base.sum(axis=1, keepdims=True)
    assert np.allclose(_chances(mean, len(stated)), expected / expected.sum(axis=1, keepdims=True))


def test_unvisited_rungs_move_about_as_stated(off: fitting.Fit) -> None:
    """War and regional war were never observed: over draws, a day's chance to climb is as stated, within two."""
    case, names = shipped(1).case, shipped(1).plan.rungs(0)
    stated = pseudo_days(case, "border")
    for start, end in (("limited_offensive", "war"), ("war", "regional_war")):
        r, j = names.index(start), names.index(end)
        parts = [f"b{b}" for b in range(BASIS)] + [f"to_{rung}" for rung in names]
        row = np.stack([off.draws[f"border:{start}:{part}"] for part in parts], axis=1)
        logits = row[:, :BASIS] @ basis(len(names)) + row[:, BASIS:]
        drawn = probabilities(logits.T)[j].mean()
        assert stated[r, j] / stated[r].sum() / 2 < drawn < stated[r, j] / stated[r].sum() * 2

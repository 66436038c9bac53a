"""What the priors imply before the data: no set of claims may make clashes certain, or unthinkable."""

from __future__ import annotations

import pytest

from fissures.model import fit as fitting
from fissures.study.predictive import implied

from .conftest import Prepared, fit, shipped


@pytest.mark.slow
def test_weekly_chance_of_a_clash_is_neither_certain_nor_unthinkable() -> None:
    """The shipped case, without the refit under vague priors, which nobody asks for here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fitting, "_vague", lambda *_: {})
        fitted = fit(shipped(1))
    told = {one.front: one for one in implied(shipped(1).plan, fitted)}
    assert set(told) == set(shipped(1).plan.fronts)
    assert all(one.sound for one in told.values())
    assert told["loc"].rung == "clash" and told["loc"].surge > told["loc"].nothing


def test_beliefs_that_make_violence_certain_are_not_sound(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    """Every claim that raises climbing believed to be enormous."""
    wild = dict.fromkeys(valleys_fit.priors, (8.0, 0.1))
    assert not all(one.sound for one in implied(valleys.plan, fitting.replace(valleys_fit, priors=wild)))

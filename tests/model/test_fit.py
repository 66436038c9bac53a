"""The fit: reproducible, honest about what never varied, and refused where it did not settle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fissures.case.records import Case
from fissures.errors import FitError
from fissures.kernel import importance
from fissures.kernel.world import RUNG, Factor
from fissures.model import fit as fitting
from fissures.model import joint
from fissures.model import prior as belief
from fissures.model.blocks import MOST_CARRIED, STATED, TAUS, draw, solve
from fissures.model.causes import DRAWS, Block, cause_path
from fissures.model.plan import Term

from .conftest import Prepared, fit, prepare, silent


@pytest.fixture(scope="module")
def dry(valleys: Prepared) -> Prepared:
    """The invented case with water cuts that were watched for and never came, so that thirst never varies."""
    at = [s.name for s in valleys.plan.streams].index("water_cuts")
    return prepare(valleys.case, silent(valleys.panel, at, "water_cuts"))


@pytest.mark.parametrize("claim", ["thirst_raises_climbing", "thirst_brings_marches"])
def test_a_claim_whose_cause_never_varies_keeps_its_prior(dry: Prepared, claim: str) -> None:
    made = fit(dry)
    told, (mean, sd) = made.learnt[f"claim:{claim}"], made.priors[f"claim:{claim}"]
    assert not told.varies
    # Its sd is that of its prior under the doubt that all claims share.
    doubt = np.sqrt(np.array(made.doubt) @ np.square(TAUS)) / STATED
    assert told.mean == pytest.approx(mean, abs=1e-6) and told.sd == pytest.approx(doubt * sd, abs=1e-6)
    vague = made.vague[f"claim:{claim}"]
    assert vague.mean == pytest.approx(0.0, abs=1e-6) and vague.sd == pytest.approx(0.4, abs=1e-6)


def test_whether_a_cause_varied_is_told_claim_by_claim(dry: Prepared) -> None:
    """Two claims on one stream: the cause of the first never varies, that of the second does."""
    march = dry.case.claims["thirst_brings_marches"].model_copy(update={"cause": "distrust"})
    case: Case = dry.case.model_copy(update={"claims": {**dry.case.claims, "distrust_brings_marches": march}})
    told = fit(prepare(case, dry.panel)).learnt
    assert told["claim:distrust_brings_marches"].varies
    assert not told["claim:thirst_brings_marches"].varies


def test_the_same_seed_gives_the_same_fit(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    again = fit(prepare(valleys.case, valleys.panel))
    assert again.digest == valleys_fit.digest
    assert all(np.array_equal(again.draws[name], draws) for name, draws in valleys_fit.draws.items())


def test_another_seed_gives_another_fit(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    other = fit(prepare(valleys.case, valleys.panel, 2), 2)
    assert other.digest != valleys_fit.digest
    assert not np.array_equal(other.start.memories, valleys_fit.start.memories)


def test_every_coefficient_has_its_draws(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    moving = {f"claim:{name}" for name, claim in valleys.case.claims.items() if claim.moves_something}
    names = {*belief.ladder_names(valleys.plan, 0), *belief.ladder_names(valleys.plan, 1), *moving}
    assert names <= set(valleys_fit.draws)
    assert all(draws.shape == (DRAWS,) and np.isfinite(draws).all() for draws in valleys_fit.draws.values())


def test_with_claims_off_no_claim_is_drawn_or_learnt(valleys: Prepared) -> None:
    off = fit(valleys, claims="off")
    assert not [name for name in off.draws if name.startswith("claim:")]
    assert off.learnt == {} and off.vague == {}


def test_draws_have_the_mean_and_spread_that_were_learnt(valleys_fit: fitting.Fit) -> None:
    for name, told in valleys_fit.learnt.items():
        draws = valleys_fit.draws[name]
        assert draws.mean() == pytest.approx(told.mean, abs=0.15 * told.sd)
        assert draws.std() == pytest.approx(told.sd, rel=0.15)


def test_streams_react_to_the_rung_just_reached_and_moves_to_the_one_before(valleys: Prepared) -> None:
    term = Term("claim", "claim", 1, (Factor(RUNG, (0,), (2,)),), "stream", 0)
    high = valleys.history.rungs[0, 0] >= 2
    before = cause_path(valleys.plan, valleys.history, term, 0)
    reached = cause_path(valleys.plan, valleys.history, term, 0, moved=True)
    assert np.array_equal(before, high[:-1]) and np.array_equal(reached, high[1:])


def test_a_fit_that_did_not_settle_is_refused(valleys: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    astray = Block("deaths at feud", "mode + Laplace", False, 2)
    monkeypatch.setattr(fitting, "fit_deaths", lambda *_: ({}, [astray]))
    with pytest.raises(FitError, match="deaths at feud"):
        fit(valleys)


def test_more_events_raise_the_rate_of_their_stream(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    seen = valleys.panel.observed["council_meetings"]
    busy = {**valleys.panel.observed, "council_meetings": replace(seen, count=seen.count + (np.arange(728) % 7 == 0))}
    made = fit(prepare(valleys.case, replace(valleys.panel, observed=busy)))
    assert made.draws["council_meetings:rate"].mean() > valleys_fit.draws["council_meetings:rate"].mean() + 0.5
    assert np.array_equal(made.draws["water_cuts:rate"], valleys_fit.draws["water_cuts:rate"])


def test_the_ladder_prior_is_the_stated_one(valleys: Prepared) -> None:
    mean, sd = belief.ladder_prior(valleys.case, valleys.plan, 0)
    names = belief.ladder_names(valleys.plan, 0)
    chances = np.exp(belief.base_logits(5))
    assert len(names) == mean.size == sd.size and (sd > 0).all()
    assert np.diag(chances) == pytest.approx([0.9] * 5)
    assert chances[0, 1] / chances[0, 2] == pytest.approx(5.0)
    assert mean[names.index("river:calm:to_raids")] == pytest.approx(np.log(chances[0, 2] / chances[0].sum()))


def test_a_block_that_weights_cannot_carry_is_sampled(valleys: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """No k-hat is good enough for this reader: the sampler gives the same marginals as the weights do."""
    block = next(b for b in joint.blocks(*_of(valleys)) if b.name == "stream market_marches")
    solved, on, first = solve(block, (STATED,)), np.zeros(DRAWS, np.int64), np.zeros(DRAWS, np.int64)
    weighed, told = draw(solved, on, first, 1)
    assert told.method == "mode + Laplace, corrected" and told.khat is not None and told.khat < 0.7
    monkeypatch.setattr(importance, "SURE", -np.inf)
    sampled, told = draw(solved, on, first, 1)
    assert told.method.startswith("sampled") and told.effective is not None and told.effective > 400
    for name in block.names:
        one, other = weighed[name], sampled[name]
        assert one.mean() == pytest.approx(other.mean(), abs=0.1 * other.std())
        assert one.std() == pytest.approx(other.std(), rel=0.1)
        assert np.quantile(one, [0.05, 0.95]) == pytest.approx(np.quantile(other, [0.05, 0.95]), abs=0.3 * other.std())


def test_a_wide_block_is_judged_and_moved_to_its_mean(valleys_fit: fitting.Fit) -> None:
    ladders = [b for b in valleys_fit.blocks if b.name.startswith("ladder") and b.coefficients > MOST_CARRIED]
    assert ladders
    for told in ladders:
        assert told.method == "Laplace at the mean" and told.khat is not None and told.khat < 0.7


def _of(made: Prepared) -> tuple[object, ...]:
    return made.case, made.plan, made.panel, made.history, belief.claim_priors(made.case)

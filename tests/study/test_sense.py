"""What an answer hangs on: planted answers on the small case, the model run again, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.api.records import Run
from fissures.errors import UsageError
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run as ModelRun
from fissures.model.simulate import simulate
from fissures.study.claims import without
from fissures.study.inputs import CLAIM, GAPS, inputs, ladder_odds
from fissures.study.outcomes import outcome
from fissures.study.pairing import control
from fissures.study.sense import by_draw, sense, settled
from fissures.study.sense_records import Share

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


@pytest.fixture(scope="module")
def run() -> Run:
    """The small case on four paths a draw."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case, seed=1), paths=4 * DRAWS, seed=1)


def planted(run: Run, key: str) -> ModelRun:
    """The run with all paths calm, but for a feud on day 100 with a chance that grows with one coefficient."""
    drawn = run.on.fit.draws[key]
    p = 1.0 / (1.0 + np.exp(1.5 - 1.5 * (drawn - drawn.mean()) / drawn.std()))
    happens = np.random.default_rng(5).random(run.on.paths) < p[np.arange(run.on.paths) % DRAWS]
    rungs = np.zeros_like(run.on.out.rungs)
    rungs[0, 100, happens] = run.on.plan.rungs(0).index("feud")
    return replace(run.on, out=replace(run.on.out, rungs=rungs))


def test_an_answer_that_hangs_on_one_claim_is_seen_to(run: Run) -> None:
    told = sense(run.case.record, planted(run, "claim:thirst_raises_climbing"), "V-Q1", claims=0)
    top, *others = told
    assert top.code == "V1" and top.range80[1] > 0.8 and top.shapley > 0.75
    assert top.first80[0] < 1.05
    assert sum(one.shapley for one in others if one.told) < 0.2, "some go together with it, as the fit says"
    assert told.settled[0].code == "V1"
    assert told.settled[0].width_then < 0.6 * told.settled[0].width_now
    assert not told.swings and not told.without and told.paired == 0


def test_shares_kinds_and_the_rest_add_up(run: Run) -> None:
    told = sense(run.case.record, run.on, "V-Q1", claims=0)
    assert told.told and len(told) == len(told.shares)
    assert sum(one.shapley for one in told) + told.rest == pytest.approx(1.0, abs=1e-9)
    assert sum(share for _, share, _ in told.kinds) + told.rest == pytest.approx(1.0, abs=1e-9)
    assert all(one.shapley_error > 0 and one.first_error > 0 for one in told)
    assert -0.15 < told.rest < 0.6
    assert [one.shapley for one in told] == sorted((one.shapley for one in told), reverse=True)


def test_the_same_run_gives_the_same_words(run: Run) -> None:
    once, again = (fs.sense(run, "V-Q3", claims=1, paths=2 * DRAWS) for _ in range(2))
    assert once == again and str(once) == str(again)
    assert str(once).startswith("V-Q3: ") and "in the model" in str(once)


def test_a_claim_taken_out_or_swung_is_the_model_run_again(run: Run) -> None:
    told = sense(run.case.record, run.on, "V-Q3", claims=3, paths=DRAWS)
    assert len(told.swings) == 3 and told.paired == DRAWS
    swing = next(swing for swing in told.swings if swing.code == "V4")
    key = "claim:thirst_brings_marches"
    low, high = np.quantile(run.on.fit.draws[key], [0.1, 0.9])
    assert swing.at == pytest.approx((low, high))
    held = replace(run.on.fit, draws={**run.on.fit.draws, key: np.full(DRAWS, swing.at[1])})
    base = control(run.case.record, run.on, DRAWS)
    again = simulate(run.on.plan, held, DRAWS, run.on.seed, draws=base.run.draws)
    moved = (outcome(run.case.record, again, run.case.record.questions["marches"]) - base.paired["V-Q3"]).mean()
    assert swing.high == pytest.approx(base.answers["V-Q3"].mean() + moved)
    assert swing.difference == pytest.approx(swing.high - swing.low) and swing.mc_error > 0
    assert told.without["V4"] == without(base, only={"V4"})["V4"]["V-Q3"]


def test_inputs_from_which_nothing_leads_to_the_question_are_left_out(run: Run) -> None:
    case = run.case.record
    all_of_them, near = inputs(case, run.on), inputs(case, run.on, case.questions["marches"])
    assert {one.code for one in near} < {one.code for one in all_of_them}
    assert "V7" not in {one.code for one in near} or "fear half-life" in {one.code for one in near}
    assert all(one.columns.shape[0] == DRAWS for one in all_of_them)
    assert {one.kind for one in all_of_them} >= {CLAIM, GAPS}
    keys = [key for one in all_of_them for key in one.coefficients]
    assert len(keys) == len(set(keys)), "no coefficient is counted twice"


def test_how_readily_a_ladder_moves_is_told_from_its_draws(run: Run) -> None:
    odds = ladder_odds(run.on.plan, run.on.fit, 0)
    assert odds.shape == (DRAWS, 8)
    assert np.exp(odds[:, 0]).mean() < 1.0, "a calm day is mostly followed by a calm day"


def test_a_number_stands_as_the_chance_of_its_first_threshold(run: Run) -> None:
    plain, named = (sense(run.case.record, run.on, code, claims=0) for code in ("V-Q2", "V-Q2>=10"))
    assert plain == named and plain.code == "V-Q2>=10" and plain.title.endswith("10 or more")


def test_what_cannot_be_told_is_refused_with_a_remedy(run: Run) -> None:
    with pytest.raises(UsageError, match="no question 'V-Q9'") as caught:
        sense(run.case.record, run.on, "V-Q9")
    assert caught.value.findings[0].why and "V-Q" in caught.value.findings[0].remedy
    with pytest.raises(UsageError, match="fewer than two"):
        by_draw(np.zeros(DRAWS))


def test_an_answer_that_no_draw_changes_is_said_to_be_so(run: Run) -> None:
    rungs = np.zeros_like(run.on.out.rungs)
    rungs[0, 100, ::7] = 3
    told = sense(run.case.record, replace(run.on, out=replace(run.on.out, rungs=rungs)), "V-Q1", claims=0)
    assert not told.told and not told.shares and not told.settled
    assert told.findings and "nothing can be shared out" in str(told)


def test_settling_more_narrows_more_and_nothing_widens() -> None:
    widths = []
    for share in (-0.05, 0.0, 0.3, 0.9):
        one = Share("C1", "", "claim", share, 0.01, share, 0.01)
        got = settled(one, 0.2, 0.02, 0.004)
        widths.append(got.width_then)
        assert got.width_then <= got.width_now + 1e-12
    assert widths[0] == widths[1] > widths[2] > widths[3]

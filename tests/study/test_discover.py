"""In which futures: a planted condition is found, none in noise, and no escalatory lever is ever compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import fissures as fs
from fissures.api.records import Run
from fissures.errors import UsageError
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run as ModelRun
from fissures.study.asking import asked, happened, of_violence
from fissures.study.dimensions import dimensions, window
from fissures.study.discover import discover

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"

CLAIM = "claim:thirst_raises_climbing"


@pytest.fixture(scope="module")
def run() -> Run:
    """The small case on four paths a draw."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case, seed=1), paths=4 * DRAWS, seed=1)


def feuding(run: Run, happens: NDArray[np.bool_], day: int = 100) -> ModelRun:
    """The run with all paths calm, but for a feud on one day of some."""
    rungs = np.zeros_like(run.on.out.rungs)
    rungs[0, day, happens] = run.on.plan.rungs(0).index("feud")
    return replace(run.on, out=replace(run.on.out, rungs=rungs))


def by_chance(run: Run, p: NDArray[np.float64], seed: int = 3) -> NDArray[np.bool_]:
    """Paths on which something happens with a chance of their draw's."""
    return np.random.default_rng(seed).random(run.on.paths) < p[np.arange(run.on.paths) % DRAWS]


def test_a_planted_condition_is_found_and_told_in_words(run: Run) -> None:
    drawn = run.on.fit.draws[CLAIM]
    edge = float(np.quantile(drawn, 0.7))
    happens = by_chance(run, np.where(drawn > edge, 0.6, 0.1))
    found = discover(run.case.record, feuding(run, happens), "V-Q1", levers=())
    assert len(found) == 1
    (kind,) = found
    assert [one.code for one in kind.restrictions] == ["V1"]
    assert kind.restrictions[0].low == pytest.approx(edge, abs=0.1) and kind.restrictions[0].high == np.inf
    assert kind.density == pytest.approx(0.6, abs=0.07) and kind.mass == pytest.approx(0.3, abs=0.06)
    assert kind.density80[0] < kind.density < kind.density80[1]
    assert found.elsewhere == pytest.approx(0.1, abs=0.04)
    assert kind.mass + found.elsewhere_mass == pytest.approx(1.0)
    assert (
        "Water withheld brings fighting" in str(found)
        and "V1, " in str(found)
        and ": at least " in str(found)
        and "(upper 3" in str(found)
    )


def test_an_early_event_is_a_sign_and_the_outcome_itself_is_not(run: Run) -> None:
    names = [stream.name for stream in run.on.plan.streams]
    early = run.on.counts[names.index("water_cuts"), :28].sum(axis=0) > 1
    happens = np.random.default_rng(4).random(run.on.paths) < np.where(early, 0.6, 0.1)
    found = discover(run.case.record, feuding(run, happens), "V-Q1", levers=())
    assert [one.code for kind in found for one in kind.restrictions][:1] == ["water_cuts early"]
    assert found.scenarios[0].restrictions[0].low == 2.0
    marches = asked(run.case.record, "V-Q3")
    codes = {one.code for one in dimensions(run.case.record, run.on, marches)}
    assert "market_marches early" not in codes and "burnings early" not in codes


def test_paths_on_which_it_happened_at_once_are_left_out(run: Run) -> None:
    happens = np.arange(run.on.paths) % 4 == 0
    found = discover(run.case.record, feuding(run, happens, day=3), "V-Q1", levers=())
    assert found.looked_at == pytest.approx(0.75) and found.base == 0.0 and not found.scenarios
    assert found.findings[0].level == "warning" and "on 0 of the" in found.findings[0].message
    assert found.early_days == 28 == window(run.on, asked(run.case.record, "V-Q1"))


def test_chance_makes_no_kind_of_future(run: Run) -> None:
    doubt = np.random.default_rng(8).beta(1, 4, size=DRAWS)
    stood = [
        len(discover(run.case.record, feuding(run, by_chance(run, doubt, seed)), "V-Q1", levers=()))
        for seed in range(4)
    ]
    assert sum(stood) <= 1


def test_the_same_run_gives_the_same_kinds_and_levers_are_paired(run: Run) -> None:
    once, again = (fs.discover(run, "V-Q1", paths=2 * DRAWS) for _ in range(2))
    assert once == again
    (lever,) = once.levers
    assert lever.id == "council_every_fortnight" and lever.regret >= 0.0
    assert set(lever.changes) == {*(kind.name for kind in once), "elsewhere"}
    assert all(change.arm <= change.base + 2 * change.mc_error for change in lever.changes.values())
    assert 0 <= lever.kept <= len(lever.changes)


def test_levers_are_compared_only_where_the_question_is_about_violence(run: Run) -> None:
    case = run.case.record
    found = discover(case, run.on, "V-Q3")
    assert not found.levers and any("levers are not compared" in one.message for one in found.findings)
    told = [of_violence(case, asked(case, code)) for code in ("V-Q1", "V-Q2", "V-Q3")]
    assert told == [True, True, False]


def test_an_escalatory_lever_is_never_searched(run: Run) -> None:
    case = run.case.record
    lever = case.levers["council_every_fortnight"]
    armed = case.model_copy(update={"levers": {**case.levers, "arm": lever.model_copy(update={"escalatory": True})}})
    with pytest.raises(UsageError, match="lever 'arm' is escalatory") as caught:
        discover(armed, run.on, "V-Q1", levers=["arm"])
    assert "leave it out" in caught.value.findings[0].remedy
    assert [one.id for one in discover(armed, run.on, "V-Q1", paths=2 * DRAWS).levers] == ["council_every_fortnight"]
    with pytest.raises(UsageError, match="no lever 'council'"):
        discover(case, run.on, "V-Q1", levers=["council"])


def test_what_happens_is_counted_path_by_path(run: Run) -> None:
    one = asked(run.case.record, "V-Q2>=10")
    deaths = run.on.deaths.sum(axis=(0, 1))
    assert np.array_equal(happened(run.case.record, run.on, one), deaths >= 10)
    assert (happened(run.case.record, run.on, one, 5) <= (deaths >= 10)).all()


def test_too_few_paths_are_refused(run: Run) -> None:
    from fissures.model.simulate import first

    with pytest.raises(UsageError, match="fewer than two"):
        discover(run.case.record, first(run.on, DRAWS), "V-Q1")

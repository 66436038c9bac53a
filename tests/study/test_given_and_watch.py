"""Answers given that something has happened, and triggers that fire."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.case.amounts import PhraseError
from fissures.case.triggers import Threshold, threshold
from fissures.study.outcomes import outcome

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
BY = date(2020, 3, 31)
FEUD = "any front reaches feud"


@pytest.fixture(scope="module")
def run() -> fs.api.Run:
    """The invented case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=1500)


# --- given ------------------------------------------------------------------------------------------------------------


def test_what_is_given_has_happened(run: fs.api.Run) -> None:
    """The question of a feud, given that one has come about earlier, is answered yes."""
    told = {one.code: one for one in fs.given(run, FEUD, BY)}
    assert told["V-Q1"].given == 1.0 > told["V-Q1"].base
    assert told["V-Q1"].range80[1] > 0.999


def test_answers_are_counted_on_the_paths_kept(run: fs.api.Run) -> None:
    record, model = run.case.record, run.on
    told = fs.given(run, FEUD, BY)
    at = model.plan.places.index(model.plan.fronts[0]), model.plan.day(BY) + 1
    kept = np.zeros(model.paths, bool)
    for f, front in enumerate(model.plan.fronts):
        kept |= (model.rungs[f, : at[1]] >= model.plan.rungs(f).index("feud")).any(axis=0)
        assert front in record.fronts
    assert (told.kept, told.paths) == (int(kept.sum()), model.paths)
    marches = next(q for q in record.questions.values() if q.code == "V-Q3")
    found = next(one for one in told if one.code == "V-Q3")
    assert found.given == pytest.approx(outcome(record, model, marches)[kept].mean())
    assert found.range80[0] <= found.given <= found.range80[1] and found.mc_error > 0
    assert 1 <= told.draws <= told.kept


def test_a_condition_that_always_holds_changes_no_answer(run: fs.api.Run) -> None:
    told = fs.given(run, "none of stream council_meetings", date(2019, 12, 30))
    every = fs.given(run, "at least 1 of stream market_marches", date(2020, 6, 30))
    assert told.kept <= told.paths and every.kept <= every.paths
    for one in fs.given(run, FEUD, date(2020, 6, 30)):
        if one.code == "V-Q1":
            assert one.given == 1.0


@pytest.mark.parametrize(
    ("condition", "by", "said"),
    [
        ("weir reaches fued", BY, "fued"),
        ("deaths on all fronts", BY, "is a number"),
        (FEUD, date(2021, 1, 1), "is not between the as-of date"),
        ("at least 10000 deaths on weir", BY, "happens by 2020-03-31 on 0 of 1,500 paths"),
    ],
)
def test_what_cannot_be_given_is_refused(run: fs.api.Run, condition: str, by: date, said: str) -> None:
    with pytest.raises(fs.UsageError, match=said):
        fs.given(run, condition, by)


# --- watch ------------------------------------------------------------------------------------------------------------


def test_phrases_are_read(run: fs.api.Run) -> None:
    record = run.case.record
    assert threshold("V-Q1 above 10 %", record) == Threshold("question", "V-Q1", True, 0.1)
    assert threshold("V-Q2 below 50", record) == Threshold("question", "V-Q2", False, 50.0)
    assert threshold("thirst above 1.5", record) == Threshold("pressure", "thirst", True, 1.5)
    assert threshold("water_cuts above 2 within 2 weeks", record) == Threshold("stream", "water_cuts", True, 2.0, 14.0)
    assert threshold("weir at feud or above", record).rung == "feud"


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("V-Q1", "is not something to watch"),
        ("V-Q9 above 10 %", "is no question"),
        ("thrist above 1", "nothing to watch called 'thrist'"),
        ("weir at fued or above", "no rung 'fued'"),
        ("wier at feud or above", "no front or track 'wier'"),
        ("water_cuts above 2", "nothing to watch"),
        ("water_cuts above 2 within a while", "not a duration"),
    ],
)
def test_a_phrase_that_cannot_be_read_names_what_is_legal(run: fs.api.Run, phrase: str, said: str) -> None:
    with pytest.raises(PhraseError, match=said):
        threshold(phrase, run.case.record)
    with pytest.raises(fs.UsageError, match=said):
        fs.watch(run, [phrase])


def test_a_trigger_fires_past_its_threshold_and_not_before(run: fs.api.Run) -> None:
    feud = next(one.with_claims for one in fs.answer(run).questions if one.code == "V-Q1")
    told = fs.watch(
        run, [f"V-Q1 above {100 * feud - 1:.2f} %", f"V-Q1 above {100 * feud + 1:.2f} %", "thirst below 99"]
    )
    assert [one.fired for one in told] == [True, False, True]
    assert [one.name for one in told.fired] == [told.triggers[0].name, told.triggers[2].name]
    assert told.triggers[0].value == pytest.approx(feud) and told.triggers[0].share and not told.triggers[2].share


def test_what_nobody_counted_fires_nothing(run: fs.api.Run) -> None:
    panel, names = run.fit.panel, list(run.case.record.streams)
    silent = [
        name
        for s, name in enumerate(names)
        if not panel.seen(name)[-14:].all() and not (panel.evidence + panel.state)[s, -14:].any()
    ]
    (one,) = fs.watch(run, [f"{silent[0]} below 5 within 14 days"])
    assert one.value is None and not one.fired


def test_the_verb_leaves_with_code_6_where_a_trigger_fires(
    run: fs.api.Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from fissures.cli import main

    kept = fs.save(run, tmp_path / "kept")
    assert main(["watch", str(kept), "--when", "V-Q1 above 1 %"]) == 6
    out = capsys.readouterr().out
    assert "1 of 1 triggers fired" in out and "FIRED" in out
    assert main(["watch", str(kept), "--when", "V-Q1 above 99.9 %", "--json"]) == 0
    assert '"fired": []' in capsys.readouterr().out
    assert main(["run", str(kept), "--given", FEUD, "--by", "2020-03-31"]) == 0
    assert "effective draws" in capsys.readouterr().out
    assert main(["run", str(kept), "--given", FEUD]) == 2
    assert "--given and --by belong together" in capsys.readouterr().err


def test_a_watch_without_anything_to_watch_says_what_to_write(run: fs.api.Run) -> None:
    with pytest.raises(fs.UsageError, match="nothing to watch"):
        fs.watch(run)

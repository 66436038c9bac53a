"""Reasons, signs and what changed since the last issue, on the invented case."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import fissures as fs
from fissures.api.briefing import first_page, last_issue
from fissures.study import signs as looking
from fissures.study.claims import without
from fissures.study.first_page import Bearing, FirstPage, Sign
from fissures.study.issues import Issue, changes
from fissures.study.pairing import control
from fissures.study.reasons import falls_away
from fissures.study.records import Difference, Rival
from fissures.study.rivals import TESTED_ONLY

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
LEAD = "V-Q1"


@pytest.fixture(scope="module")
def run() -> fs.api.Run:
    """The invented case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=2000)


@pytest.fixture(scope="module")
def study(run: fs.api.Run) -> fs.api.Study:
    return fs.study(run, levers=())


@pytest.fixture(scope="module")
def made(run: fs.api.Run, study: fs.api.Study) -> FirstPage:
    return first_page(run, study)


@pytest.fixture(scope="module")
def saved(run: fs.api.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fs.save(run, tmp_path_factory.mktemp("issue") / "run")


# --- reasons ----------------------------------------------------------------------------------------------------------


def test_reasons_are_claims_taken_out_on_the_same_random_numbers(made: FirstPage, run: fs.api.Run) -> None:
    assert made.asked == LEAD and made.paths == 2000 and 1 <= len(made.reasons) <= 3
    counted = without(control(run.case.record, run.on, 2000), only=[reason.code for reason in made.reasons])
    for reason in made.reasons:
        told = counted[reason.code][LEAD]
        assert reason.without.difference == pytest.approx(told.difference, abs=1e-12)
    sizes = [abs(reason.without.difference) for reason in made.reasons]
    assert sizes == sorted(sizes, reverse=True)


def test_what_falls_away_is_counted_on_the_arm_without_untested_claims(study: fs.api.Study) -> None:
    lead = next(one for one in study.answers.questions if one.code == LEAD)

    def arm(change: float) -> tuple[Rival, ...]:
        found = Difference(0.3, 0.3 + change, change, (0.0, 0.0), 0.01, (), ())
        return (Rival(TESTED_ONLY, "", differences={LEAD: found}),)

    clear = replace(lead, with_claims=0.3, claims_off=0.1, mc_error=0.01)
    assert falls_away(clear, arm(-0.15)) == pytest.approx(0.75)
    assert falls_away(clear, arm(-0.4)) == 1.0 and falls_away(clear, arm(0.1)) == 0.0
    assert falls_away(replace(clear, claims_off=0.29), arm(-0.1)) is None, "what adds nothing has no parts"
    assert falls_away(clear, ()) is None


def test_what_was_counted_stands_before_what_the_draws_say(made: FirstPage) -> None:
    for reason in made.reasons:
        one = made.bearing[reason.code]
        assert one.without == reason.without and one.change == reason.without.difference
    assert Bearing(0.02).change == 0.02 and Bearing(None).change == 0.0


def test_without_reasons_nothing_is_simulated(run: fs.api.Run, study: fs.api.Study, made: FirstPage) -> None:
    bare = first_page(run, study, reasons=False)
    assert bare.reasons == () and bare.untested is None and bare.signs == made.signs


# --- signs ------------------------------------------------------------------------------------------------------------


def test_signs_are_dated_within_the_window_and_beyond_chance(made: FirstPage, run: fs.api.Run) -> None:
    record = run.case.record
    assert 1 <= len(made.signs) <= 3
    question = next(one for one in record.questions.values() if one.code == LEAD)
    for sign in made.signs:
        assert record.as_of < sign.by < question.by and sign.beyond_chance
        whole = sign.chance * sign.given + (1 - sign.chance) * sign.otherwise
        assert whole == pytest.approx(sign.base, abs=1e-9), "what is seen and not seen make up all futures"
    assert len({(sign.kind, sign.name) for sign in made.signs}) == len(made.signs)


def test_a_sign_agrees_with_the_conditional_answer(made: FirstPage, run: fs.api.Run) -> None:
    names = {front.name: name for name, front in run.case.record.fronts.items()}
    for sign in (one for one in made.signs if one.kind == "rung"):
        told = next(
            one for one in fs.given(run, f"{names[sign.name]} reaches {sign.rung}", sign.by) if one.code == LEAD
        )
        assert told.given == sign.given


def test_few_paths_are_not_a_sign() -> None:
    day = fs.load(TWO_VALLEYS).record.horizon
    none_of_forty = Sign("stream", "x", "", 1, day, 0.02, 0.026, 0.0, 0.0265, 0.0125, 40)
    assert not none_of_forty.beyond_chance
    assert replace(none_of_forty, given=0.2).beyond_chance


def test_the_cases_own_triggers_come_first(run: fs.api.Run) -> None:
    from fissures.case.records import Trigger

    own = {"fires": Trigger(when="weir at raids or above"), "mood": Trigger(when="distrust above 1.5")}
    record = run.case.record.model_copy(update={"triggers": own})
    found = looking.signs(record, run.on, LEAD)
    assert found and found[0].watched == "fires" and found[0].kind == "rung"
    assert not looking.signs(record, run.on, "V-Q2"), "a number has no signs"


# --- from issue to issue ----------------------------------------------------------------------------------------------


def test_the_same_run_has_changed_in_nothing(run: fs.api.Run, saved: Path) -> None:
    told = last_issue(run, saved)
    assert told.changes == () and told.as_of == run.case.record.as_of
    assert {code: one.value for code, one in told.numbers.items()} == {
        one.code: one.with_claims for one in fs.answer(run).questions
    }
    assert told.digest == fs.answer(run).digest


def test_other_paths_are_a_setting(run: fs.api.Run, saved: Path) -> None:
    other = fs.simulate(run.case, run.fit, paths=200, seed=2)
    told = [(one.part, one.says) for one in last_issue(other, saved).changes]
    assert told == [("settings", "the seed changed from 1 to 2"), ("settings", "200 paths instead of 2,000")]


def issue(run: fs.api.Run, folder: Path) -> Issue:
    """A case folder as an issue that was run like another."""
    from fissures.api.briefing import _issue
    from fissures.api.running import provenance

    return _issue(fs.load(folder), provenance(run), "0.1.0", 1, 2000, ())


@pytest.mark.parametrize(
    ("file", "old", "new", "part", "says"),
    [
        ("case.yaml", "raises climbing of weir, ford", "lowers climbing of weir, ford", "claims", "changed"),
        ("case.yaml", "by: 2020-03-31", "by: 2020-04-30", "questions", "1 question changed"),
        ("case.yaml", "name: The League, role", "name: The Union, role", "case", "other parts of the case changed"),
        ("weekly.csv", "\n", "\n", "", ""),
    ],
)
def test_what_differs_is_named(
    run: fs.api.Run, tmp_path: Path, file: str, old: str, new: str, part: str, says: str
) -> None:
    folder = Path(shutil.copytree(TWO_VALLEYS, tmp_path / "case"))
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    told = changes(issue(run, TWO_VALLEYS), issue(run, folder))
    assert [one.part for one in told] == ([part] if part else [])
    assert not part or says in told[0].says


def test_data_and_version_are_told_apart(run: fs.api.Run) -> None:
    was = issue(run, TWO_VALLEYS)
    data = replace(was, files={**was.files, "weekly.csv": "other"})
    assert [(one.part, one.items) for one in changes(was, data)] == [("data", ("weekly.csv",))]
    newer = replace(was, version="0.2.0")
    assert [one.part for one in changes(was, newer)] == ["model"]
    refitted = replace(was, digests={**was.digests, "fit": "other"})
    assert "model's code" in changes(was, refitted)[0].says


def test_a_folder_without_a_run_is_refused(run: fs.api.Run, tmp_path: Path) -> None:
    with pytest.raises(fs.DataError):
        last_issue(run, tmp_path)

"""Why an answer came about: parts that add up without remainder, and say what was put in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.kernel import ladder as law
from fissures.kernel import paths as stepping
from fissures.kernel import trace
from fissures.model import simulate as simulation
from fissures.study.claims import table
from fissures.study.moments import moments
from fissures.study.why import _climbs, why

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
PATHS = 600


@pytest.fixture(scope="module")
def run() -> fs.api.Run:
    """The invented case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=PATHS)


@pytest.fixture(scope="module")
def told(run: fs.api.Run) -> fs.api.Why:
    """Why a feud came about."""
    return fs.why(run, "V-Q1")


def test_shares_add_up_to_the_log_odds_difference_of_the_law_itself(
    run: fs.api.Run, told: fs.api.Why, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted again from the logits that the simulation handed to the ladder's law, which know nothing of parts."""
    record, model = run.case.record, run.on
    question = next(q for q in record.questions.values() if q.code == "V-Q1")
    days, when = model.plan.day(question.by) + 1, moments(record, model, question)
    made = simulation.world(model.plan, model.fit, model.seed)
    seen: list[np.ndarray] = []
    plain = law.probabilities

    def watched(logits: np.ndarray) -> np.ndarray:
        seen.append(logits.copy())
        return plain(logits)

    monkeypatch.setattr(stepping.law, "probabilities", watched)
    noted = trace.follow(made, when.places, (), days, PATHS)
    places = len(made.ladders)
    total, weight = 0.0, 0.0
    for k, f in enumerate(when.places):
        led = when.happened & (when.through == k)
        if not led.any():
            continue
        logits = np.stack(seen[f::places])  # (T, R, M)
        hits, rest = _climbs(noted.places[f], model, f, led, when, days)
        gaps = [float(s.weight @ (logits[s.day, s.end, s.path] - logits[s.day, s.start, s.path])) for s in (hits, rest)]
        share = led.sum() / when.happened.sum()
        total, weight = total + share * (gaps[0] - gaps[1]), weight + share
    assert told.total == pytest.approx(total / weight, abs=1e-4)
    assert sum(share.amount for share in told) == pytest.approx(told.total, abs=1e-9)


def test_causes_divide_the_claims_part_again(told: fs.api.Why) -> None:
    claims = sum(share.amount for share in told if share.kind in ("claim", "break"))
    assert sum(c.amount for c in told.causes if c.kind == "pressure") == pytest.approx(claims, abs=1e-6)


def test_a_stream_fed_pressure_divides_into_streams_and_the_start(told: fs.api.Why) -> None:
    kinds = {cause.kind for cause in told.causes}
    assert {"pressure", "start"} <= kinds
    assert all(np.isfinite(cause.amount) for cause in told.causes)


def test_without_claims_nothing_is_put_down_to_one(run: fs.api.Run) -> None:
    bare = why(run.case.record, run.off, "V-Q1", table(run.case.record, run.on.fit))
    assert not [share for share in bare if share.kind == "claim"] and bare.total != 0.0


def test_a_claim_made_enormous_stands_first(run: fs.api.Run) -> None:
    """Two thirds of the draws hold it at nothing, one third at four: futures of a feud are those of the third."""
    name = next(t.name for t in run.on.plan.terms if t.on == "ladder" and t.moves is not None and t.name[:5] == "claim")
    which = np.arange(1000) % 3 == 0
    fit = replace(run.on.fit, draws=run.on.fit.draws | {name: np.where(which, 4.0, 0.0)})
    wild = simulation.simulate(run.on.plan, fit, PATHS, 1)
    told = why(run.case.record, wild, "V-Q1", table(run.case.record, run.on.fit))
    claims = [share for share in told if share.kind == "claim"]
    origins = {t.origin for t in run.on.plan.terms if t.name == name}
    assert claims[0].name in origins and abs(claims[0].amount) > 3 * claims[0].mc_error


def test_events_are_explained_by_the_rate_of_their_stream(run: fs.api.Run) -> None:
    told = fs.why(run, "V-Q3")
    assert told.what == "log rate of the events"
    assert {"kernel", "own"} <= {share.kind for share in told}


def test_stories_are_paths_on_which_it_came_about_told_in_order(run: fs.api.Run, told: fs.api.Why) -> None:
    assert {story.which for story in told.stories} >= {"typical"} and len(told.stories) <= 4
    for story in told.stories:
        dates = [when for when, _ in story.events]
        assert dates == sorted(dates) and any("here it came about" in text for _, text in story.events)
        assert story.deaths == int(run.on.deaths[:, :, story.path].sum())
    deaths = {story.which: story.deaths for story in told.stories}
    assert deaths.get("mildest", 0) <= deaths["typical"] <= deaths.get("worst", np.inf)


def test_loops_are_labelled_and_told_once(told: fs.api.Why) -> None:
    assert all(loop.sign in (-1, 1) for loop in told.loops)
    keys = [(loop.codes, loop.sign) for loop in told.loops]
    assert len(keys) == len(set(keys))


def test_too_few_futures_say_so_and_give_no_shares(run: fs.api.Run) -> None:
    told = fs.why(run, "V-Q1", paths=15)
    assert told.note.startswith("it came about on") and not told.shares


def test_an_unknown_question_names_those_there_are(run: fs.api.Run) -> None:
    with pytest.raises(fs.UsageError, match="no question 'Q9'"):
        fs.why(run, "Q9")


def test_the_noted_paths_are_those_of_the_run(run: fs.api.Run) -> None:
    made = simulation.world(run.on.plan, run.on.fit, run.on.seed)
    noted = trace.follow(made, range(len(made.ladders)), (), 40, PATHS)
    for f in noted.places:
        assert np.array_equal(noted.places[f].start[1:], run.on.rungs[f, :39])

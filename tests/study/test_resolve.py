"""Answers of an earlier issue read from a later record, by hand on the invented case."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fissures as fs
from fissures.api.resolving import _from_run, resolved
from fissures.bundle import store
from fissures.case import grammar
from fissures.events import panel as events
from fissures.kernel.world import Paths
from fissures.model import history as past
from fissures.model.simulate import Run
from fissures.study.observed import observe, reading
from fissures.study.outcomes import asked
from fissures.study.resolve import brier, log_score, resolve
from fissures.study.resolve_records import Asked, Issued, Marks, Resolution, Resolved, Said

from .later import AS_OF, TWO_VALLEYS, later

FEUD, RAID, SCUFFLE = "5,3,0,0,1,0,0,0", "1,1,0,0,1,0,0,0", "0,0,0,1,0,0,0,0"  # killed, most, days, wounded, heavy
WEEK = [date(2019, 12, 30) + timedelta(days=7 * k) for k in range(40)]
JANUARY, JULY = date(2020, 1, 26), date(2020, 7, 5)
OLD = fs.load(TWO_VALLEYS).record
SAID = {
    "feud": Asked("feud", Said(0.6, 0.5, 0.2)),
    "deaths": Asked("deaths", Said(4.0, 3.0, 5.0, (1.0, 9.0), (2.0, 4.0), (3.0,)), {10.0: Said(0.3, 0.25)}),
    "marches": Asked("marches", Said(0.8, 0.9)),
}
ISSUED = Issued("d" * 64, tuple(SAID.values()), 1000)


def told(folder: Path, issued: Issued = ISSUED, old: Any = OLD) -> Resolution:
    """What a later folder says of what was said by hand."""
    case = fs.load(folder)
    return resolve(old, issued, case.record, events.build(case.record, case.folder, case.digest))


def one(found: Resolution, code: str) -> Resolved:
    """A question by its code."""
    return next(each for each in found if each.code == code)


# --- what came --------------------------------------------------------------------------------------------------------


def test_what_happened_settles_before_its_date_and_what_is_open_is_never_scored(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JANUARY, {WEEK[1]: FEUD}))
    feud, deaths, marches = (one(found, code) for code in ("V-Q1", "V-Q2", "V-Q3"))
    assert (feud.status, feud.on) == ("came true", date(2020, 1, 12)), "by the end of the week that shows it"
    assert (deaths.status, deaths.least, deaths.most) == ("open", 5, 5) and deaths.fell == ""
    assert marches.status == "open" and not marches.missing, "counted so far, and nothing yet"
    assert deaths.crps == marches.brier == marches.log == Marks()
    assert (len(found.settled), len(found.asked)) == (1, 3)


def test_a_closed_window_that_was_covered_throughout_says_no(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY, {WEEK[3]: RAID}))
    feud, deaths, marches = (one(found, code) for code in ("V-Q1", "V-Q2", "V-Q3"))
    assert (feud.status, feud.on) == ("did not", date(2020, 6, 30))
    assert (marches.status, marches.on) == ("did not", date(2020, 3, 31))
    assert (deaths.status, deaths.least, deaths.most, deaths.fell) == ("known", 1, 1, "inside")
    assert one(found, "V-Q2>=10").status == "did not"


def test_a_stream_settles_on_the_day_of_the_event(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JANUARY, events=["2020-01-15,market_marches,1"]))
    assert (one(found, "V-Q3").status, one(found, "V-Q3").on) == ("came true", date(2020, 1, 15))


def test_an_event_before_the_window_does_not_count(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY, events=["2019-12-29,market_marches,1"]))
    assert one(found, "V-Q3").status == "did not"


@pytest.mark.parametrize("skipped", [WEEK[2], WEEK[20]])
def test_a_week_without_a_row_is_missing_and_never_zero(tmp_path: Path, skipped: date) -> None:
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: RAID}, skip=[skipped]))
    feud, deaths = one(found, "V-Q1"), one(found, "V-Q2")
    assert feud.status == deaths.status == one(found, "V-Q2>=10").status == "cannot be told"
    assert (deaths.least, deaths.most, deaths.fell) == (1, None, "")
    assert "no record of 7 days" in feud.lacking and f"{skipped.day} " in feud.lacking
    assert feud.brier == Marks() and found.total is not None and found.total.questions == 1


def test_what_is_known_all_the_same_settles_a_question_with_gaps(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: "20,5,0,0,1,0,0,0"}, skip=[WEEK[2]]))
    assert one(found, "V-Q1").status == one(found, "V-Q2>=10").status == "came true"
    assert (one(found, "V-Q2").least, one(found, "V-Q2").fell) == (20, "above")


def test_days_that_nobody_counted_leave_a_stream_open(tmp_path: Path) -> None:
    covers = "[[2018-01-01, 2020-02-29], [2020-03-11, 2020-07-05]]"
    marches = one(told(later(tmp_path / "case", JULY, covers=covers)), "V-Q3")
    assert marches.status == "cannot be told"
    assert "on 10 days, 1 March 2020 to 10 March 2020" in marches.lacking


def test_bounds_that_leave_the_rung_open_are_not_a_no(tmp_path: Path) -> None:
    special = "0,0,0,0,0,1,0,0"  # raids are possible, and not proved
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: special}), old=asking(feud="any front reaches raids"))
    assert one(found, "V-Q1").status == "cannot be told"
    assert "leaves open how high it stood on 7 days, 3 February 2020" in one(found, "V-Q1").lacking


def asking(**asks: str) -> Any:
    """The earlier case with other phrases under its questions."""
    changed = {name: OLD.questions[name].model_copy(update={"asks": text}) for name, text in asks.items()}
    return OLD.model_copy(update={"questions": {**OLD.questions, **changed}})


def test_a_pooled_record_does_not_say_which_front(tmp_path: Path) -> None:
    found = told(
        later(tmp_path / "case", JULY, {WEEK[5]: FEUD}), old=asking(feud="ford reaches feud", deaths="deaths on weir")
    )
    assert one(found, "V-Q1").status == "cannot be told"
    assert "does not say on which front" in one(found, "V-Q1").lacking
    assert (one(found, "V-Q2").least, one(found, "V-Q2").most) == (0, 5)


def test_a_week_across_the_end_of_the_window_is_on_neither_side(tmp_path: Path) -> None:
    """The window ends on Tuesday 30 June, and the week's row does not say on which day the five died."""
    found = told(later(tmp_path / "case", JULY, {WEEK[26]: FEUD}))
    assert one(found, "V-Q1").status == "cannot be told"
    assert (one(found, "V-Q2").least, one(found, "V-Q2").most) == (0, 5)
    assert (
        "a week of the record lies partly outside the window, 29 June 2020 to 5 July 2020" in one(found, "V-Q2").lacking
    )


def test_a_month_is_proved_by_its_own_days(tmp_path: Path) -> None:
    month = asking(feud="at least 8 deaths on all fronts in a calendar month")
    inside = told(later(tmp_path / "a", JULY, {WEEK[5]: FEUD, WEEK[6]: FEUD}), old=month)
    assert (one(inside, "V-Q1").status, one(inside, "V-Q1").on) == ("came true", date(2020, 2, 16))
    apart = told(later(tmp_path / "b", JULY, {WEEK[5]: FEUD, WEEK[12]: FEUD}), old=month)
    assert one(apart, "V-Q1").status == "did not"
    across = told(later(tmp_path / "c", JULY, {WEEK[13]: FEUD, WEEK[14]: FEUD}), old=month)
    assert one(across, "V-Q1").status == "cannot be told", "30 March to 5 April lies in two months"


def test_none_of_a_stream_is_settled_by_the_first_and_else_at_its_date(tmp_path: Path) -> None:
    none = asking(marches="none of stream market_marches")
    same = [("asks: at least 1 of stream market_marches", "asks: none of stream market_marches")]
    found = told(later(tmp_path / "a", JANUARY, events=["2020-01-15,market_marches,1"], edits=same), old=none)
    assert (one(found, "V-Q3").status, one(found, "V-Q3").on) == ("did not", date(2020, 1, 15))
    assert one(told(later(tmp_path / "b", JANUARY, edits=same), old=none), "V-Q3").status == "open"
    quiet = told(later(tmp_path / "c", JULY), old=none)
    assert (one(quiet, "V-Q3").status, one(quiet, "V-Q3").on) == ("came true", date(2020, 3, 31))


def test_the_waiting_rule_holds_after_the_window_begins(tmp_path: Path) -> None:
    """A scuffle keeps both fronts from being calm for fourteen days, and that is where the window finds them."""
    scuffles = asking(feud="any front reaches scuffles")
    same = [("asks: any front reaches feud", "asks: any front reaches scuffles")]
    folder = later(tmp_path / "case", JANUARY, {WEEK[0]: SCUFFLE}, edits=same)
    assert one(told(folder, old=scuffles), "V-Q1").on == date(2020, 1, 5)


@pytest.mark.parametrize(
    ("asks", "why"),
    [
        ("use of arson on any front", "on which front and day a means was used"),
        ("ground changes hands on weir", "when ground changed hands"),
        ("at least 1 of stream burnings", "nobody counted “days with arson at the crossings” on 184 days"),
        ("deaths on all fronts as told by criers", "what a reporter told"),
        ("weeks with use of arson on any front", "on which front and day"),
    ],
)
def test_what_no_record_of_this_kind_holds_cannot_be_told(tmp_path: Path, asks: str, why: str) -> None:
    found = told(later(tmp_path / "case", JULY), old=asking(feud=asks))
    assert one(found, "V-Q1").status == "cannot be told" and why in one(found, "V-Q1").lacking


def test_a_track_is_read_from_the_streams_that_its_ladder_counts(tmp_path: Path) -> None:
    talks = asking(feud="council reaches session")
    same = [("asks: any front reaches feud", "asks: council reaches session")]
    folder = later(tmp_path / "a", JANUARY, events=["2020-01-15,council_meetings,1"], edits=same)
    found = told(folder, old=talks)
    assert (one(found, "V-Q1").status, one(found, "V-Q1").on) == ("came true", date(2020, 1, 15))
    covers = "[[2018-01-01, 2020-02-29], [2020-03-11, 2020-07-05]]"
    found = told(later(tmp_path / "b", JULY, covers=covers), old=talks)
    assert one(found, "V-Q1").status == "cannot be told" and "The council's talks" in one(found, "V-Q1").lacking


# --- void, and asked otherwise ----------------------------------------------------------------------------------------


def voided(phrase: str) -> Any:
    """The earlier case, its question about a feud void when something happens."""
    question = OLD.questions["feud"].model_copy(update={"void_when": phrase})
    return OLD.model_copy(update={"questions": {**OLD.questions, "feud": question}})


def test_a_void_question_is_void_whatever_came(tmp_path: Path) -> None:
    old = voided("at least 1 of stream wardens")
    folder = later(tmp_path / "a", JULY, {WEEK[5]: FEUD})
    assert one(told(folder, old=old), "V-Q1").status == "came true"
    (folder / "wardens.csv").open("a", encoding="utf-8").write("2020-05-04,wardens,1\n")
    found = one(told(folder, old=old), "V-Q1")
    assert (found.status, found.on, found.brier) == ("void", date(2020, 5, 4), Marks())


def test_what_may_still_be_void_is_open_and_what_nobody_counted_cannot_be_told(tmp_path: Path) -> None:
    edits = [
        (
            "    asks: any front reaches feud",
            "    void_when: at least 1 of stream wardens\n    asks: any front reaches feud",
        )
    ]
    folder = later(tmp_path / "a", JANUARY, {WEEK[1]: FEUD}, edits=edits)
    found = one(told(folder, old=voided("at least 1 of stream wardens")), "V-Q1")
    assert found.status == "open" and "may still be void" in found.lacking
    covers = "[[2018-01-01, 2020-02-29], [2020-03-11, 2020-07-05]]"
    found = one(told(later(tmp_path / "b", JULY, covers=covers), old=voided("at least 1 of stream wardens")), "V-Q1")
    assert found.status == "cannot be told" and found.lacking.startswith("whether it is void cannot be told; nobody")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("asks: any front reaches feud", "asks: ford reaches feud", "what is asked changed"),
        ("by: 2020-03-31", "by: 2020-04-30", "its date changed"),
        ("most killed in a day >= 3, killed", "most killed in a day >= 2, killed", "the rules of a ladder"),
        ("    count: [PROTEST]", "    count: [PROTEST, THREATEN]", "what a stream counts"),
    ],
)
def test_a_question_asked_otherwise_is_not_scored(tmp_path: Path, old: str, new: str, why: str) -> None:
    found = told(later(tmp_path / "case", JANUARY, {WEEK[1]: FEUD}, edits=[(old, new)]))
    changed = [each for each in found if each.status == "asked otherwise"]
    assert changed and all(why in each.why and each.brier == Marks() for each in changed)
    assert len(changed) < 3, "the others stand"


def test_a_question_whose_front_is_gone_is_not_scored(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY), old=asking(feud="any front reaches feud"))
    assert one(found, "V-Q1").settled
    lost = OLD.model_copy(update={"fronts": {**OLD.fronts, "mill": OLD.fronts["ford"]}})
    found = told(later(tmp_path / "b", JULY), old=lost)
    assert "the fronts that it speaks of changed" in one(found, "V-Q1").why


def test_a_case_of_another_conflict_is_refused() -> None:
    old, issued = _from_run(fs.simulate(case := fs.load(TWO_VALLEYS), fs.fit(case), paths=100))
    other = fs.load("south-caucasus-2020").record
    with pytest.raises(fs.UsageError, match="has none of the fronts of 'Two valleys, one river'"):
        resolved(old, issued, other, None)  # type: ignore[arg-type]  # refused before any record is read


def test_a_case_that_is_no_later_is_refused() -> None:
    with pytest.raises(fs.UsageError, match="as of 29 December 2019"):
        told(TWO_VALLEYS)


# --- scores -----------------------------------------------------------------------------------------------------------


def test_scores_by_hand(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: FEUD}))
    feud, deaths, marches = (one(found, code) for code in ("V-Q1", "V-Q2", "V-Q3"))
    assert feud.brier == Marks(*map(pytest.approx, (0.16, 0.25, 0.64)))
    assert feud.log == Marks(*map(pytest.approx, (-math.log2(0.6), 1.0, -math.log2(0.2))))
    assert marches.brier == Marks(pytest.approx(0.64), pytest.approx(0.81), None)
    assert one(found, "V-Q2>=10").brier == Marks(pytest.approx(0.09), pytest.approx(0.0625), None)
    # draws 2 and 4, five came: mean distance (3 + 1) / 2, less (0 + 2 + 2 + 0) / (2 * 4)
    assert deaths.crps == Marks(pytest.approx(1.5), pytest.approx(2.0), None)
    assert found.total is not None and found.beside is not None
    assert (found.total.questions, found.beside.questions) == (2, 1), "thresholds and numbers are no part of it"
    assert found.total.brier == Marks(pytest.approx(0.4), pytest.approx(0.53), None)
    assert found.beside.brier.reference == pytest.approx(0.64)
    assert "So few settled questions (2) tell nothing about skill." in found.sentences
    assert sum("not independent" in sentence for sentence in found.sentences) == 1


def test_a_chance_of_none_of_so_many_paths_counts_as_half_a_path(tmp_path: Path) -> None:
    never = replace(ISSUED, asked=(Asked("feud", Said(0.0, 1.0)),))
    feud = one(told(later(tmp_path / "case", JANUARY, {WEEK[1]: FEUD}), never), "V-Q1")
    assert feud.log.with_claims == pytest.approx(math.log2(2002)) and 0 < (feud.log.claims_off or 0) < 0.001


def test_a_what_if_is_not_scored(tmp_path: Path) -> None:
    pulled = replace(ISSUED, levers=("council_every_fortnight",))
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: FEUD}), pulled)
    assert len(found.settled) == 3 and found.total is None and one(found, "V-Q1").brier == Marks()
    assert "answers of a what-if are not scored" in found.sentences[0]


def test_ten_settled_questions_are_no_longer_called_few(tmp_path: Path) -> None:
    found = told(later(tmp_path / "case", JULY, {WEEK[5]: FEUD}))
    assert found.total is not None
    many = replace(found, total=replace(found.total, questions=10), beside=None)
    assert not any("So few" in sentence for sentence in many.sentences)


@given(p=st.floats(0.0, 1.0), q=st.floats(0.0, 1.0))
def test_scores_are_bounded_and_proper(p: float, q: float) -> None:
    """Whatever is true, nobody expects a better score than by saying it."""
    for score in (brier, lambda chance, came: log_score(chance, came, 1000)):
        assert 0.0 <= score(q, True) <= max(1.0, math.log2(2002)) + 1e-9
        honest, other = (p * score(x, True) + (1 - p) * score(x, False) for x in (p, q))
        assert honest <= other + (1e-9 if 0.001 < p < 0.999 else 0.01)


# --- laws -------------------------------------------------------------------------------------------------------------

SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROWS = st.lists(st.sampled_from([None, "", RAID, FEUD, SCUFFLE, "0,0,0,0,0,1,0,0"]), min_size=8, max_size=8)
PHRASES = [
    "any front reaches feud", "ford reaches raids", "any front reaches scuffles", "at least 3 deaths on weir",
    "at least 6 deaths on all fronts", "at least 5 deaths on all fronts in a calendar month", "deaths on all fronts",
    "deaths on weir", "council reaches session", "at least 1 of stream market_marches",
    "none of stream council_meetings",
]  # fmt: skip


def drawn(factory: pytest.TempPathFactory, rows: list[str | None], covers: str = "") -> Callable[[date], Any]:
    """The record of eight weeks drawn at random (None: no row), as it stood on any Sunday of them."""
    weeks = {WEEK[k]: row for k, row in enumerate(rows) if row}
    skip = [WEEK[k] for k, row in enumerate(rows) if row is None]

    def seen(when: date) -> Any:
        folder = later(factory.mktemp("law") / "case", when, weeks, events(when), skip=skip, covers=covers)
        case = fs.load(folder)
        from fissures.events import panel as laid

        return observe(case.record, laid.build(case.record, case.folder, case.digest), AS_OF), case

    def events(when: date) -> list[str]:
        told = {date(2020, 1, 22): "council_meetings", date(2020, 2, 5): "market_marches"}
        return [f"{day},{stream},1" for day, stream in told.items() if day <= when]

    return seen


@SLOW
@given(rows=ROWS)
def test_what_came_true_stays_so_as_the_record_goes_on(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str | None]
) -> None:
    record = drawn(tmp_path_factory, rows)
    ends = [WEEK[k] + timedelta(days=6) for k in (1, 3, 5, 7)]
    versions = [record(end)[0] for end in ends]
    for phrase in PHRASES:
        ask = grammar.asks(phrase, OLD)
        told = [reading(seen, ask, end) for seen, end in zip(versions, ends, strict=True)]
        assert all(low <= high for low, high in told)
        grows = [low for low, _ in told] if ask.kind != "none" else [-high for _, high in told]
        assert grows == sorted(grows), f"{phrase}: {told}"
        within = [reading(versions[-1], ask, end) for end in ends]
        assert within == told, "a later record of the same days says the same of them"


@SLOW
@given(rows=ROWS, seed=st.integers(0, 99))
def test_no_completion_of_the_record_says_otherwise(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str | None], seed: int
) -> None:
    """The fit fills what the record leaves open in five ways; what is called settled is so in each of them."""
    end = WEEK[7] + timedelta(days=6)
    seen, case = drawn(tmp_path_factory, rows)(end)
    filled = past.build(case.record, seen.plan, seen.panel, seed)
    first, last = seen.span(end)
    days = np.s_[first : last + 1]
    out = {name: np.zeros((0, 0, 5)) for name in Paths.__dataclass_fields__}
    out |= {"rungs": filled.rungs.transpose(1, 2, 0)[:, days], "deaths": filled.deaths.transpose(1, 2, 0)[:, days]}
    out["counts"] = filled.seen.counts.transpose(1, 2, 0)[:, days]
    fit: Any = SimpleNamespace(seed=0)
    run = Run("", "", seen.plan, fit, 0, 5, Paths(**out))
    for phrase in PHRASES:
        ask = grammar.asks(phrase, OLD)
        low, high = reading(seen, ask, end)
        values = asked(case.record, run, ask, last - first + 1)
        assert low <= values.min() and values.max() <= high, phrase


SHIPPED_PHRASES = [
    "loc reaches clash", "tavush reaches heavy_weapons", "nakhchivan reaches harassing_fire", "rear reaches struck",
    "any front reaches clash", "talks reaches ministers", "at least 1 death on tavush", "deaths on loc",
    "deaths on all fronts", "at least 10 deaths on all fronts in a calendar month", "none of stream summits",
    "at least 1 of stream minister_meetings", "at least 1 of stream large_rally_baku",
]  # fmt: skip


def test_on_the_shipped_record_no_completion_says_otherwise_either() -> None:
    """Spells, event data by front, gaps, a track that tells streams: windows over five years, all within the record."""
    case = fs.load("south-caucasus-2020")
    panel = events.build(case.record, case.folder, case.digest)
    first = observe(case.record, panel, date(2015, 1, 10))
    filled = past.build(case.record, first.plan, panel, 1)
    settled = 0
    for since in [date(2015, 1, 10) + timedelta(days=167 * k) for k in range(12)]:
        seen, end = observe(case.record, panel, since), since + timedelta(days=100)
        a, b = seen.span(end)
        days = np.s_[a : b + 1]
        out = {name: np.zeros((0, 0, 5)) for name in Paths.__dataclass_fields__}
        out |= {"rungs": filled.rungs.transpose(1, 2, 0)[:, days], "deaths": filled.deaths.transpose(1, 2, 0)[:, days]}
        out["counts"] = filled.known.counts.transpose(1, 2, 0)[:, days]
        fit: Any = SimpleNamespace(seed=0)
        run = Run("", "", seen.plan, fit, 0, 5, Paths(**out))
        for phrase in SHIPPED_PHRASES:
            ask = grammar.asks(phrase, case.record)
            low, high = reading(seen, ask, end)
            values = asked(case.record, run, ask, b - a + 1)
            assert low <= values.min() and values.max() <= high, (since, phrase)
            settled += low == high
    assert settled > 60, "the bounds are not idle"


# --- from a saved run to a brief ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run() -> fs.api.Run:
    """The invented case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=300)


@pytest.fixture(scope="module")
def kept(run: fs.api.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fs.save(run, tmp_path_factory.mktemp("issue") / "kept")


@pytest.fixture(scope="module")
def next_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("next") / "case"
    return later(folder, JANUARY, {WEEK[1]: FEUD}, ["2020-01-15,market_marches,1"])


def test_a_run_and_its_folder_say_the_same(run: fs.api.Run, kept: Path, next_case: Path) -> None:
    told, again = fs.resolve(run, fs.load(next_case)), fs.resolve(kept, next_case)
    assert told == again
    answers = {each.code: each for each in fs.answer(run).questions}
    for each in told.asked:
        assert each.said.with_claims == answers[each.code].with_claims
        assert each.said.claims_off == answers[each.code].claims_off
    assert len(one(told, "V-Q2").said.draws) == 300
    assert str(told).startswith("Two valleys, one river, said on 2019-12-29, read on 2020-01-26: 2 of 3 settled")


def stripped(kept: Path, folder: Path, **more: Any) -> Path:
    """A bundle as runs were saved before: one number a question."""
    import shutil

    shutil.copytree(kept, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for number in manifest["answers"]["numbers"].values():
        for name in set(number) - {"kind", "value", "mc_error"}:
            del number[name]
    manifest |= more
    (folder / "manifest.json").write_text(json.dumps({**manifest, "seal": store._seal(manifest)}), encoding="utf-8")
    return folder


def test_a_run_saved_before_is_answered_again_or_scored_by_what_it_kept(
    kept: Path, next_case: Path, tmp_path: Path
) -> None:
    old = stripped(kept, tmp_path / "old")
    assert fs.open_run(old) and fs.resolve(old, next_case) == fs.resolve(kept, next_case)
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    other = {**manifest["on"], "fit": {**manifest["on"]["fit"], "parent": "another model"}}
    thin = fs.resolve(stripped(kept, tmp_path / "older", on=other), next_case)
    feud = one(thin, "V-Q1")
    assert feud.brier.with_claims is not None and feud.brier.claims_off is None
    assert "only that one is scored" in thin.notices[0] and thin.sentences[-1].startswith("The run was saved before")


def test_a_folder_without_answers_is_refused(tmp_path: Path, next_case: Path, kept: Path) -> None:
    with pytest.raises(fs.DataError):
        fs.resolve(tmp_path, next_case)
    with pytest.raises(fs.DataError, match="does not hold the answers of a run"):
        fs.resolve(stripped(kept, tmp_path / "odd", answers={"numbers": 3}), next_case)


def test_the_brief_says_how_the_last_issue_did(kept: Path, next_case: Path, tmp_path: Path) -> None:
    from fissures.brief.lint import blocks, lint

    case = fs.load(next_case)
    run = fs.simulate(case, fs.fit(case), paths=300)
    study = fs.briefed(run, fs.study(run, levers=()), kept, reasons=False)
    page = fs.brief(run, out=tmp_path / "brief.html", study=study)
    html = page.read_text(encoding="utf-8")
    assert lint(html) == ()
    words = " ".join(every for _, every in blocks(html)).replace("\u00a0", " ")
    assert "Of that issue's 3 answers 2 settled: “A feud or worse on the river by the end of June” came true (" in words
    assert "Track record: of the last issue's 3 answers 2 have settled" in words
    assert "no answer of this version has been scored" not in words
    for said in ("came true by 12 January 2020", "open until 30 June 2020, 5 so far", "So few settled questions (2)"):
        assert said in words
    folder = fs.data_folder(run, tmp_path / "data", study=study, page=page)
    rows = (folder / "resolved.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("#indicator+code,") and "came true,2020-01-12" in rows[2]
    told = json.loads((folder / "answers.json").read_text(encoding="utf-8"))["last_issue"]
    assert told["settled"] == 2 and {each["status"] for each in told["questions"]} == {"came true", "open"}


def test_a_brief_of_the_same_day_scores_nothing(run: fs.api.Run, kept: Path) -> None:
    from fissures.api.briefing import last_issue

    assert last_issue(run, kept).resolved is None

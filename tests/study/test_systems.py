"""Knocking a system out: what it moves, what it must leave bit for bit, and when it is a note or inert."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import fissures as fs
from fissures.case.records import Case, System
from fissures.case.systems import measure
from fissures.kernel.world import Paths
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run, _halved, simulate
from fissures.study.systems import (
    LIVE,
    WIDER,
    Move,
    SystemState,
    _move,
    built_in,
    elements,
    knocked_out,
    measured,
    system,
    systems,
)

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
PATHS = 1000
WEIR, FORD, COUNCIL = 0, 1, 2
CUTS, COUNCILS, MARCHES, WARDENS, BURNINGS = range(5)
THIRST, DISTRUST, GRIEF_WEIR, GRIEF_FORD, FEAR = range(5)
EVERY = slice(None)
OF_FRONTS = ("rungs", "deaths", "first", "by", "means", "advances")


def declared(case: Case, **more: object) -> Case:
    """The case with one system and nothing else to knock out."""
    return case.model_copy(update={"systems": {"tried": System.model_validate({"title": "Tried", **more})}})


@pytest.fixture(scope="module")
def told(case: Case) -> Case:
    """The small case with a question that a reporter answers, and a break that is one coefficient, claimed twice."""
    rain = {"date": date(2019, 5, 1), "effect": "raises climbing of weir", "prior": {"mean": 1, "sd": 0.3, "says": "S"}}
    by = {"by": date(2020, 6, 30), "title": "T", "resolves": "R"}
    says = {"paraphrase": "P", "says": {"source": "ledger", "reading": "ours"}, "cause": "thirst"}
    return Case.model_validate(
        case.model_dump(by_alias=True)
        | {
            "breaks": {"rain": rain | {"says": "S"}},
            "questions": {"told": {"code": "T1", "asks": "deaths on all fronts as told by criers"} | by},
            "claims": {
                **case.model_dump(by_alias=True)["claims"],
                "again": says
                | {"code": "W1", "same_as": "thirst_raises_climbing", "effect": "raises climbing of ford"},
                "rainy": says | {"code": "W2", "same_as": "break rain", "effect": "raises climbing of weir"},
            },
        }
    )


@pytest.fixture(scope="module")
def run() -> Run:
    """The small case, run."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case), paths=PATHS).on


@pytest.fixture(scope="module")
def run_told(told: Case) -> Run:
    """The case with a reporter's question and a break's coefficient, run."""
    case = replace(fs.load(TWO_VALLEYS), record=told)
    return fs.simulate(case, fs.fit(case), paths=PATHS).on


KEPT: dict[tuple[str, ...], Run] = {}


def without(case: Case, run: Run, *texts: str) -> Run:
    """The run with elements knocked out; each is simulated once."""
    key = (run.digest, *texts)
    if key not in KEPT:
        KEPT[key] = knocked_out(case, run, [part for text in texts for part in elements(case, text)])[0]
    return KEPT[key]


def differ(run: Run, other: Run) -> set[tuple[str, int]]:
    """Which rows of what happened are not bit for bit the same; pressures are told apart by their level at the end."""
    return {
        (f.name, row)
        for f in fields(Paths)
        for row in range(len(getattr(run.out, f.name)))
        if not np.array_equal(getattr(run.out, f.name)[row], getattr(other.out, f.name)[row])
    }


# --- every kind of element moves what it should and nothing else ----------------------------------------------

MARCHING = {("counts", MARCHES), ("counts", WARDENS), ("in_force", 0)}  # marches call on the oath, which sends wardens
# What a change of fighting cannot reach: the council's own talks, which nothing in this case moves.
TALKS = ("rungs", COUNCIL)
EVERYTHING = (
    {(name, row) for name in OF_FRONTS for row in (WEIR, FORD)}
    | {("counts", s) for s in range(5)}
    | {("levels", p) for p in range(5)}
    | {("in_force", 0), TALKS}
)
# Element; what must differ; what may differ; a measure that must move; its value without (None: any).
KNOCKED = [
    ("claim thirst_brings_marches", {("counts", MARCHES)}, MARCHING, None, None),
    ("claim fear_brings_fire", {("means", WEIR)}, None, None, None),
    ("pressure thirst", {("counts", MARCHES), ("levels", THIRST)}, EVERYTHING - {TALKS}, None, None),
    ("stream wardens", {("counts", WARDENS)}, {("counts", WARDENS)}, "stream wardens", 0),
    ("stream burnings", {("counts", BURNINGS), ("levels", FEAR)}, None, "stream burnings", 0),
    ("stream water_cuts", {("counts", CUTS), ("levels", THIRST)}, EVERYTHING - {TALKS}, "pressure thirst", None),
    ("front ford", {(name, FORD) for name in OF_FRONTS}, EVERYTHING - {TALKS}, "rung scuffles of ford", 0),
    ("track council", {TALKS, ("rungs", WEIR)}, EVERYTHING, "rung session of council", 0),
    ("commitment oath", {("in_force", 0), ("counts", WARDENS)}, EVERYTHING - {TALKS}, "commitment oath", 0),
    ("means arson", {("means", WEIR), ("means", FORD), ("counts", BURNINGS)}, None, "means arson of weir", 0),
    ("break dry_year", {("rungs", WEIR), ("rungs", FORD), TALKS}, EVERYTHING, None, None),
]
FIRES = {("means", WEIR), ("means", FORD), ("counts", BURNINGS), ("levels", FEAR)}  # fear raises nothing but fires


@pytest.mark.parametrize(("element", "must", "may", "measure", "after"), KNOCKED, ids=[row[0] for row in KNOCKED])
def test_an_element_moves_what_it_should_and_leaves_the_rest_bit_for_bit(
    case: Case,
    run: Run,
    element: str,
    must: set[tuple[str, int]],
    may: set[tuple[str, int]] | None,
    measure: str | None,
    after: float | None,
) -> None:
    other = without(case, run, element)
    assert must <= differ(run, other) <= (FIRES if may is None else may)
    if measure is not None:
        move = _move(measure, measured(case, run, measure), measured(case, other, measure))
        assert abs(move.errors) > LIVE
        assert after is None or move.after == after


def test_a_strong_claim_alone_is_live(case: Case, run: Run) -> None:
    """A thirst that triples marches is missed; the rest of the small case is too quiet for one claim to stand out."""
    strong = {**run.fit.draws, "claim:thirst_brings_marches": np.full(DRAWS, 3.0)}
    loud = simulate(run.plan, replace(run.fit, draws=strong), 4 * PATHS, run.seed)
    still = ("stream water_cuts", "dead of BRO")
    said = declared(case, elements=("claim V4",), moves=("stream market_marches",), still=still)
    found = system(said, loud, "tried")
    assert found.state == "live" and [move.errors for move in found.held] == [0, 0]


def test_fire_claims_and_streams_of_fire_touch_nothing_but_fire(case: Case, run: Run) -> None:
    for element in ("claim fear_brings_fire", "stream burnings", "means arson"):
        assert differ(run, without(case, run, element)) <= FIRES


def test_a_closed_front_is_calm_and_silent_from_the_first_day(case: Case, run: Run) -> None:
    out = without(case, run, "front ford").out
    for name in ("rungs", "deaths", "first", "means", "advances"):
        assert not getattr(out, name)[FORD].any()
    assert out.rungs[WEIR].any() and out.deaths[WEIR].any()


def test_paths_on_which_a_track_did_nothing_do_not_change_without_it(case: Case, run: Run) -> None:
    """V8 speaks only while the council sits: where it never sat there is nothing to take away."""
    other = without(case, run, "track council")
    never = (run.rungs[COUNCIL] < 2).all(axis=0)
    assert 0.2 < never.mean() < 1
    for name in OF_FRONTS:
        for f in (WEIR, FORD):
            assert np.array_equal(getattr(run.out, name)[f][:, never], getattr(other.out, name)[f][:, never])


def test_a_pressure_is_held_at_its_average_over_the_record(case: Case, run: Run) -> None:
    usual = float(run.fit.start.average[DISTRUST]) / run.plan.pressures[DISTRUST].scale
    decays, gains = _halved(run.plan.pressures[DISTRUST], run.fit)
    decay, top = (np.broadcast_to(x, DRAWS)[np.arange(run.paths) % DRAWS] for x in (decays, gains))
    ends = without(case, run, "pressure distrust").out.levels[DISTRUST]
    quiet = run.plan.pressures[DISTRUST].scale
    still = (run.counts[:, -1] == 0).all(axis=0)  # nothing relieved it on the last day
    assert still.any()
    one_day_on = (top - (top - usual * quiet) * decay) / quiet
    assert ends[still] == pytest.approx(one_day_on[still], rel=1e-5)


def test_a_pressure_of_every_front_is_held_on_every_front(case: Case, run: Run) -> None:
    moved = differ(run, without(case, run, "pressure grief"))
    assert {("levels", GRIEF_WEIR), ("levels", GRIEF_FORD), ("rungs", WEIR), ("rungs", FORD)} <= moved
    assert TALKS not in moved


def test_a_break_of_the_smooth_kernel_is_taken_out_of_it(case: Case, run: Run) -> None:
    """The dry year speaks through the last of the ladders' memories; the others stay."""
    last = f":memory{run.plan.memories - 1}:"
    other = without(case, run, "break dry_year").fit.draws
    changed = {name for name, values in run.fit.draws.items() if not np.array_equal(values, other[name])}
    assert changed == {name for name in run.fit.draws if last in name}
    assert all((other[name] == 0).all() for name in changed)


def test_a_break_of_one_coefficient_goes_with_the_claims_that_share_it(told: Case, run_told: Run) -> None:
    other = without(told, run_told, "break rain")
    gone = {t.origin for t in run_told.plan.terms} - {t.origin for t in other.plan.terms}
    assert gone == {"rain", "rainy"}
    assert ("rungs", WEIR) in differ(run_told, other)


def test_a_restatement_stays_when_the_claim_that_it_restates_goes(told: Case, run_told: Run) -> None:
    other = without(told, run_told, "claim thirst_raises_climbing")
    assert {t.origin for t in run_told.plan.terms} - {t.origin for t in other.plan.terms} == {"thirst_raises_climbing"}
    alone = without(told, run_told, "claim again")
    assert {t.origin for t in run_told.plan.terms} - {t.origin for t in alone.plan.terms} == {"again"}


def test_a_reporter_that_is_knocked_out_tells_what_happened(told: Case, run_told: Run) -> None:
    """Nothing is simulated again: the same paths, read without the factors."""
    other, read_by = knocked_out(told, run_told, elements(told, "reporter criers"))
    assert other is run_told
    exact = measured(read_by, other, "question T1")
    assert np.array_equal(exact, run_told.deaths.sum(axis=(0, 1)))
    tried = declared(told, elements=("reporter criers",), moves=("question T1",), still=("dead of BRO", "dead of ARD"))
    state = system(tried, run_told, "tried")
    assert state.state == "live"
    assert [(move.before == move.after, move.errors) for move in state.held] == [(True, 0.0)] * 2


def test_elements_together_are_all_out(case: Case, run: Run) -> None:
    moved = differ(run, without(case, run, "stream wardens", "means arson"))
    assert moved == FIRES | {("counts", WARDENS)}


def test_all_claims_of_a_source_are_one_element(case: Case, run: Run) -> None:
    couplings = {name for name, claim in case.claims.items() if claim.kind == "coupling"}
    assert {part.name for part in elements(case, "claims letter")} == set(case.claims)
    assert elements(case, "claims ledger") == []
    assert {t.origin for t in run.plan.terms} == couplings
    assert without(case, run, "claims letter").plan.terms == ()


def test_knocking_out_leaves_the_run_as_it_was(case: Case, run: Run) -> None:
    kept = {f.name: getattr(run.out, f.name).copy() for f in fields(Paths)}
    draws = {name: values.copy() for name, values in run.fit.draws.items()}
    without(case, run, "means arson", "pressure thirst", "front ford", "break dry_year")
    assert run.plan.levers == () and run.plan.closed == ()
    assert all(np.array_equal(kept[name], getattr(run.out, name)) for name in kept)
    assert all(np.array_equal(draws[name], values) for name, values in run.fit.draws.items())


# --- live, inert, note ----------------------------------------------------------------------------------------

STATES = [
    ({"elements": ("front ford",), "moves": ("dead of BRO",)}, "live"),
    ({"elements": ("front ford",), "moves": ("dead of BRO",), "still": ("stream wardens",)}, "live"),
    # one measure that moves is enough
    ({"elements": ("front ford",), "moves": ("stream water_cuts", "dead of BRO")}, "live"),
    ({"elements": ("stream wardens",), "moves": ("stream burnings",)}, "inert"),
    # what belongs to the elements moves by construction, and pressures and commitments are not asked of anybody
    ({"elements": ("stream wardens",), "moves": ("stream wardens",)}, "inert"),
    ({"elements": ("front ford",), "moves": ("rung raids of ford", "stream burnings")}, "inert"),
    ({"elements": ("claim thirst_brings_marches",), "moves": ("pressure distrust",)}, "inert"),
    ({"elements": ("front ford",), "moves": ("pressure grief",)}, "inert"),
    ({"elements": ("front ford", "front weir"), "moves": ("commitment oath",)}, "inert"),
    # a null that moves is an error of the argument
    ({"elements": ("front ford",), "moves": ("dead of BRO",), "still": ("dead of BRO",)}, "inert"),
    # nothing to be measured, or nothing that could be taken out
    ({"elements": ("stream wardens",)}, "note"),
    ({"elements": ("claim water_is_what_it_is_about",), "moves": ("stream wardens",)}, "note"),
    ({"elements": ("lever council_every_fortnight",), "moves": ("stream council_meetings",)}, "note"),
    ({"elements": ("claims ledger",), "moves": ("stream council_meetings",)}, "note"),
    ({"elements": (), "moves": ("stream council_meetings",)}, "note"),
    # what runs, runs, whatever stands beside it
    ({"elements": ("claim V10", "front ford"), "moves": ("dead of BRO",)}, "live"),
]


@pytest.mark.parametrize(("said", "state"), STATES)
def test_a_system_is_live_inert_or_a_note(case: Case, run: Run, said: dict[str, object], state: str) -> None:
    found = system(declared(case, **said), run, "tried")
    assert found.state == state
    assert (found.title, found.elements) == ("Tried", said["elements"])
    named = [] if state == "note" else [*said["moves"], *said.get("still", ())]  # type: ignore[misc, call-overload]
    assert [move.name for move in (*found.moved, *found.held)] == named


def test_a_note_needs_no_run(case: Case, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr(sys.modules["fissures.study.systems"], "simulate", None)
    assert system(declared(case, elements=("claim V10",), moves=("stream wardens",)), run, "tried").state == "note"


def test_the_small_cases_own_system_is_live(case: Case, run: Run) -> None:
    said: list[str] = []
    found = systems(case, run, said.append)
    assert {name: state.state for name, state in found.items()} == {"drought": "live"}
    assert said == ["knocking out drought"]
    drought = found["drought"]
    assert "stream market_marches" in drought.moves and "errors" in drought.moves
    assert drought.still.startswith("pressure distrust ")


def test_a_move_reads_from_where_to_where() -> None:
    assert str(Move("stream wardens", 0.5725, 0.0, -7.4)) == "stream wardens 0.573 -> 0 (-7.4 errors)"
    built = Move("stream wardens", 0.5725, 0.0, -7.4, built_in=True)
    assert str(built) == "stream wardens 0.573 -> 0 (-7.4 errors, by construction)"
    inner = Move("pressure thirst", 0.5725, 0.0, -7.4, shown_only=True)
    assert str(inner) == "pressure thirst 0.573 -> 0 (-7.4 errors, shown only)"


def test_what_moves_inside_the_model_does_not_count_however_far(case: Case, run: Run) -> None:
    tried = declared(case, elements=("front ford",), moves=("pressure grief", "rung raids of ford"))
    found = system(tried, run, "tried")
    assert all(abs(move.errors) > LIVE and not move.counts for move in found.moved)
    assert [(move.built_in, move.shown_only) for move in found.moved] == [(False, True), (True, False)]


def moved_by(errors: float, **more: bool) -> SystemState:
    """An inert system of one measure."""
    return SystemState("Tried", (), "inert", (Move("stream wardens", 1.0, 0.9, errors, **more),), ())


@pytest.mark.parametrize(
    ("state", "worth"),
    [
        (moved_by(-4.7), True),
        (moved_by(3.4), False),  # twice the paths add two fifths to the errors at most
        (moved_by(-4.7, built_in=True), False),
        (moved_by(-4.7, shown_only=True), False),
        (replace(moved_by(-4.7), state="live"), False),
        (replace(moved_by(-4.7), held=(Move("dead of BRO", 1.0, 2.0, 9.0),)), False),
    ],
)
def test_more_paths_are_spent_only_where_they_could_show_something(state: SystemState, worth: bool) -> None:
    assert state.nearly is worth


def test_a_system_that_falls_short_is_knocked_out_once_more_on_more_paths(
    case: Case, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def knocked(case: Case, run: Run, name: str) -> SystemState:
        seen.append(run.paths)
        return moved_by(4.0) if run.paths == PATHS else replace(moved_by(7.0), state="live")

    monkeypatch.setattr(sys.modules["fissures.study.systems"], "system", knocked)
    assert systems(case, run)["drought"].state == "live"
    assert seen == [PATHS, WIDER * PATHS]


BUILT_IN = [
    ("stream wardens", "stream wardens", True),  # an element measured
    ("stream water_cuts", "pressure thirst", True),  # what it feeds
    ("stream water_cuts", "stream market_marches", False),
    ("front ford", "rung raids of ford", True),
    ("front ford", "advance of ford", True),
    ("front ford", "rung raids of weir", False),
    ("front ford", "stream burnings", True),  # read from all fronts
    ("track council", "rung session of council", True),
    ("track council", "stream burnings", False),
    ("commitment oath", "commitment oath", True),
    ("commitment oath", "stream wardens", False),  # it only makes them likelier
    ("means arson", "means arson of weir", True),
    ("means arson", "stream burnings", True),
    ("means arson", "rung raids of weir", False),
    ("claim thirst_brings_marches", "stream market_marches", False),
    ("claim thirst_brings_marches", "question V-Q1", False),
    ("front ford", "dead of BRO", False),
]


@pytest.mark.parametrize(("out", "by", "expected"), BUILT_IN)
def test_a_measure_of_what_was_taken_out_moves_by_construction(case: Case, out: str, by: str, expected: bool) -> None:
    assert built_in(case, measure(by, case), elements(case, out)) is expected


def test_a_system_says_which_of_its_moves_are_built_in(case: Case, run: Run) -> None:
    said = declared(case, elements=("stream water_cuts",), moves=("stream water_cuts", "stream market_marches"))
    found = system(said, run, "tried")
    assert [move.built_in for move in found.moved] == [True, False]


def test_a_spell_goes_on_for_as_long_as_a_plain_loop_says(case: Case, run: Run) -> None:
    """Further days of spells that have lasted two days, over the number of such spells, all paths together."""
    lasted = further = 0
    for path in run.rungs[FORD].T.tolist():
        age = 0
        for rung in path:
            age = age + 1 if rung >= 1 else 0
            lasted += age == 2
            further += age > 2
    assert lasted > 100
    values = measured(case, run, "spell scuffles of ford after 2 days")
    assert values.mean() == pytest.approx(further / lasted)
    assert np.ptp(values) > 0
    assert not measured(case, run, "spell feud of ford after 900 days").any()


# --- what a run measures, against a plain loop ------------------------------------------------------------------


def days(run: Run, name: str, row: int, holds: Callable[[int], bool]) -> list[int]:
    """On how many days a row of what happened holds, path by path."""
    table = getattr(run.out, name)[row].tolist()
    return [sum(holds(table[t][m]) for t in range(len(table))) for m in range(run.paths)]


def dead_of(run: Run, first: bool) -> list[int]:
    sums = [run.out.first[f].sum(axis=0) for f in (WEIR, FORD)]
    whole = [run.deaths[f].sum(axis=0) for f in (WEIR, FORD)]
    return [sum(int(s[m]) if first else int(w[m] - s[m]) for s, w in zip(sums, whole, strict=True)) for m in range(30)]


MEASURES: dict[str, Callable[[Run], list[float]]] = {
    "stream council_meetings": lambda run: [int(run.counts[COUNCILS, :, m].sum()) for m in range(30)],
    "rung raids of ford": lambda run: days(run, "rungs", FORD, lambda rung: rung >= 2)[:30],
    "rung session of council": lambda run: days(run, "rungs", COUNCIL, lambda rung: rung >= 2)[:30],
    "means arson of weir": lambda run: days(run, "means", WEIR, lambda bits: bits & 1 > 0)[:30],
    "by ARD of weir": lambda run: days(run, "by", WEIR, lambda who: who == 0)[:30],
    "by BRO of ford": lambda run: days(run, "by", FORD, lambda who: who == 1)[:30],
    "advance of weir": lambda run: days(run, "advances", WEIR, lambda taken: taken != 0)[:30],
    "dead of ARD": lambda run: dead_of(run, first=True),
    "dead of BRO": lambda run: dead_of(run, first=False),
    "dead of LEA": lambda run: [int(run.deaths[:, :, m].sum()) for m in range(30)],
    "question V-Q1": lambda run: [float((run.rungs[:2, :, m] >= 3).any()) for m in range(30)],
    "question V-Q2": lambda run: [int(run.deaths[:, :, m].sum()) for m in range(30)],
    "pressure thirst": lambda run: [float(run.out.levels[THIRST, m]) for m in range(30)],
    "pressure grief": lambda run: [float(np.mean(run.out.levels[[GRIEF_WEIR, GRIEF_FORD], m])) for m in range(30)],
    "commitment oath": lambda run: [int(run.out.in_force[0, :, m].sum()) for m in range(30)],
}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_what_a_plain_loop_counts(case: Case, run: Run, measure: str) -> None:
    assert measured(case, run, measure)[:30].tolist() == pytest.approx(MEASURES[measure](run))
    assert measured(case, run, measure).any(), "something happens on some path"

"""What a lever changes: paired differences with honest errors, and the claims that they ride on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from fissures.case.records import Case, Claim, Lever, Pressure, Stream
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import monte_carlo_error
from fissures.study.compare import compare, rides_on
from fissures.study.outcomes import outcome
from fissures.study.pairing import Control
from fissures.study.records import Z80, Difference

LEVER = "council_every_fortnight"
PATHS = 4 * DRAWS
EVENTS, THRESHOLDS = ("V-Q1", "V-Q3"), ("V-Q2>=10", "V-Q2>=50")


def with_out(run: Run, **arrays: np.ndarray) -> Run:
    """A run with some arrays of what happened in place of its own."""
    return replace(run, out=replace(run.out, **arrays))


@pytest.fixture(scope="module")
def base(made: Callable[..., Run]) -> Run:
    """A feud on some paths of each draw; deaths and marches at random."""
    rng = np.random.default_rng(5)
    calm = made(PATHS)
    chance = np.tile(rng.beta(2, 6, DRAWS), PATHS // DRAWS)
    rungs, deaths, counts = calm.rungs.copy(), calm.deaths.copy(), calm.counts.copy()
    rungs[0, 3] = 3 * (rng.random(PATHS) < chance)
    deaths[1, 3] = rng.poisson(20 * chance)
    counts[2, 3] = rng.random(PATHS) < 0.5
    return with_out(calm, rungs=rungs, deaths=deaths, counts=counts)


def test_identical_arms_differ_in_nothing(case: Case, base: Run) -> None:
    arm = compare(Control(case, base, base), base, (LEVER,), ())
    assert set(arm.differences) == {*EVENTS, *THRESHOLDS}
    for found in arm.differences.values():
        assert found.base == found.arm and found.difference == 0
        assert found.range80[0] <= 0 <= found.range80[1]
    for code in EVENTS:  # an event that no path shows has the error of half a path, and so has a change
        found = arm.differences[code]
        assert found.mc_error <= 0.5 / PATHS and max(np.abs(found.range80)) < 1 / PATHS


def test_a_paired_difference_is_counted_path_by_path(case: Case, base: Run) -> None:
    rungs, deaths = base.rungs.copy(), base.deaths.copy()
    helped = (rungs[0, 3] == 3) & (np.random.default_rng(6).random(PATHS) < 0.2)
    rungs[0, 3, helped] = 0
    deaths[1, 3] += 3
    lever = compare(Control(case, base, base), with_out(base, rungs=rungs, deaths=deaths), (LEVER,), ())
    feud, marches = (lever.differences[code] for code in ("V-Q1", "V-Q3"))
    assert feud.difference == pytest.approx(-helped.mean())
    assert feud.arm - feud.base == pytest.approx(feud.difference)
    assert feud.range80[0] < feud.difference < feud.range80[1]
    assert feud.mc_error == pytest.approx(np.sqrt(helped.mean() / PATHS), rel=0.25)
    alone = monte_carlo_error(outcome(case, base, case.questions["feud"]))
    assert feud.mc_error < 0.6 * alone, "the same random numbers on both arms cancel"
    assert marches.difference == 0


def test_a_number_stands_as_the_chance_of_its_thresholds(case: Case, base: Run) -> None:
    """Every path gains so many deaths that all pass the lowest threshold and none the highest."""
    low, high = case.questions["deaths"].exceed
    deaths = base.deaths * 0
    deaths[1, 3] = (low + high) / 2
    unhurt = with_out(base, deaths=base.deaths * 0)
    lever = compare(Control(case, unhurt, unhurt), with_out(base, deaths=deaths), (LEVER,), ())
    lowest, highest = (lever.differences[code] for code in THRESHOLDS)
    assert (lowest.base, lowest.arm, lowest.difference) == (0, 1, 1)
    assert (highest.base, highest.arm, highest.difference) == (0, 0, 0)


def test_a_comparison_keeps_what_the_case_says_of_the_lever(case: Case, base: Run) -> None:
    arm = compare(Control(case, base, base), base, (LEVER,), ())
    assert (arm.id, arm.name, arm.says, arm.escalatory) == (
        LEVER,
        "The League calls the council every fortnight",
        "ours",
        False,
    )


RIDES = [
    ({"inject": {"council_meetings": "1 once"}}, {"V2", "V6"}),  # relieves distrust
    # feeds thirst; marches answer it, and call on the oath, which brings the wardens
    ({"inject": {"water_cuts": "1 once"}}, {"V1", "V4", "V5", "V6", "W1", "W2"}),
    ({"hold": {"thirst": 0.0}}, {"V1", "V4", "V6", "W1", "W2"}),
    ({"hold": {"distrust": 0.0}, "scale": {"water_cuts": 2.0}}, {"V1", "V2", "V4", "V5", "V6", "W1", "W2"}),
    ({"scale": {"water_cuts": 2.0}}, {"V1", "V4", "V5", "V6", "W1", "W2"}),
    ({"scale": {"burnings": 0.0}}, {"V7"}),  # days with arson feed fear
    ({"hold": {"oath": 0.0}}, {"V9", "W1", "W2"}),  # its deterrence, what it does in force, and what it obliges
    ({"scale": {"market_marches": 3.0}}, {"W1", "W2"}),  # they call on the oath, which deters no more for it
    ({"inject": {"wardens": "1 once"}}, {"W2"}),
    ({"inject": {"accords": "1 once"}}, {"V8", "W3"}),  # puts the council there
    ({"hold": {"pride": 1.0}}, {"V8", "W3", "W4"}),  # a claim moves the council, and the council moves others
    ({"inject": {"feasts": "1 once"}}, set()),  # nothing reads them
    ({"scale": {"pride": 0.5}}, {"V8", "W3", "W4"}),  # what feeds a pressure
    ({"edit": {"pride_before_talks": 0.0}}, {"V8", "W3", "W4"}),  # a claim, and what it moves
]
MORE = {
    "oath_brings_pride": ("W1", "oath in force", "raises stream feasts"),
    "wardens_hold_them": ("W2", "within 3 weeks of wardens", "lowers climbing of weir"),
    "accords_bring_feasts": ("W3", "within 6 weeks of accords", "raises stream feasts"),
    "pride_before_talks": ("W4", "pride", "lowers climbing of council"),
}


@pytest.fixture(scope="module")
def wider(case: Case) -> Case:
    """The small case with streams that are read from its track, and claims on tracks and on the oath in force."""
    says = {"says": {"source": "letter", "reading": "ours"}, "strength": "may"}
    claims = {
        name: Claim.model_validate({"code": code, "paraphrase": "P", "cause": cause, "effect": effect, **says})
        for name, (code, cause, effect) in MORE.items()
    }
    streams = {
        "accords": Stream.model_validate({"name": "N", "read_from": "council reaches accord"}),
        "feasts": Stream.model_validate({"name": "N", "base_rate": "1 per month"}),
    }
    pride = Pressure.model_validate({"name": "N", "half_life": "2 weeks", "reference_surge": "7 days"})
    more = {"claims": claims, "streams": streams, "pressures": {"pride": pride}}
    assert set(case.claims) & set(claims) == set()
    return case.model_copy(update={kind: {**getattr(case, kind), **new} for kind, new in more.items()})


@pytest.mark.parametrize(("does", "riding"), RIDES, ids=[str(does) for does, _ in RIDES])
@pytest.mark.parametrize("tested", [{"V1", "V2", "V4", "W2"}, {"V1"}, set()])
def test_a_lever_rides_on_claims_that_are_fitted_or_assumed(
    wider: Case, does: dict[str, dict[str, object]], riding: set[str], tested: set[str]
) -> None:
    lever = Lever.model_validate({"name": "L", "from": "2020-01-06", "to": "2020-06-30", **does})
    rows = tuple(
        SimpleNamespace(id=name, code=claim.code, verdict="mixed" if claim.code in tested else "could not test")
        for name, claim in wider.claims.items()
        if claim.kind == "coupling"
    )
    fitted, assumed = rides_on(wider.model_copy(update={"levers": {"l": lever}}), ("l",), rows)  # type: ignore[arg-type]
    assert set(fitted) == riding & tested
    assert set(assumed) == riding - tested
    assert list(fitted + assumed) == sorted(fitted) + sorted(assumed), "in the case's order"


def test_a_threshold_of_a_void_number_is_compared_on_the_paths_left(case: Case, base: Run) -> None:
    """Half the paths are void on both arms, and would have passed every threshold."""
    councils, deaths = base.counts.copy(), base.deaths.copy()
    councils[1, 3, ::2], deaths[1, 3, ::2], deaths[1, 3, 1::2] = 1, 10_000, 0
    more = deaths.copy()
    more[1, 3, 1:1001:2] = 20  # 500 of the 2,000 paths left pass the first threshold
    asks = case.questions["deaths"].model_copy(update={"void_when": "at least 1 of stream council_meetings"})
    asked = case.model_copy(update={"questions": {"deaths": asks}})
    before, after = (with_out(base, counts=councils, deaths=d) for d in (deaths, more))
    found = compare(Control(asked, before, before), after, (LEVER,), ()).differences["V-Q2>=10"]
    assert (found.base, found.arm) == (0, pytest.approx(0.25))


def test_so_many_paths_would_settle_a_difference_and_no_fewer() -> None:
    """With so many paths the range's edge comes to zero; where draws alone keep zero in it, none would do."""
    told = Difference(0.2, 0.19, -0.01, (-0.03, 0.01), 0.015, (), (), parameter_sd=0.005)
    needed = told.settled_by(2000)
    chance = told.mc_error * np.sqrt(2000 / needed)
    assert abs(told.difference) == pytest.approx(Z80 * np.hypot(told.parameter_sd, chance), rel=1e-3)
    assert replace(told, parameter_sd=0.01).settled_by(2000) == np.inf
    assert replace(told, difference=0.0).settled_by(2000) == np.inf


def test_weeks_tell_where_on_the_calendar_an_arm_differs(case: Case, base: Run) -> None:
    """The feud of the fourth day is called off: the first week changes, and only on that front."""
    rungs = base.rungs.copy()
    rungs[0, 3] = 0
    arm = compare(Control(case, base, base), with_out(base, rungs=rungs), (LEVER,), ())
    first, *later = arm.weeks[base.plan.fronts[0]]
    assert first.told.difference == pytest.approx(-(base.rungs[0, 3] > 0).mean()) and first.told.clear
    assert first.week == base.plan.date_of(0)
    assert all(week.told.difference == 0 for week in later)
    assert all(week.told.difference == 0 for week in arm.weeks[base.plan.fronts[1]])


def test_two_levers_pulled_together_are_one_arm(case: Case, base: Run) -> None:
    other = case.model_copy(update={"levers": {**case.levers, "more": case.levers[LEVER]}})
    arm = compare(Control(other, base, base), base, (LEVER, "more"), ())
    assert arm.id == f"{LEVER}+more" and arm.name.count(" and ") == 1 and arm.levers == (LEVER, "more")

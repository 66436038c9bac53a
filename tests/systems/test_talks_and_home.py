"""Systems of the talks and of politics at home: what must be seen in a run for each to work (S01, S03-S06, S08-S10,
S27-S30)."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.model.causes import DRAWS
from fissures.study.answers import between_draws, monte_carlo_error
from fissures.study.claims import COULD_NOT_TEST, table

from .conftest import MONTH, PATHS, Arm, Bench, climbs, gap, log_odds

MANY = 20_000  # paths of one day
EIGHT_WEEKS = 57
FRONTS = ("loc", "tavush")


def falls_next_day(bench: Bench, arm: Arm, place: str) -> np.ndarray:
    """Whether a place comes down from heavy weapons on the first day; (M,)."""
    run = arm.at(loc="heavy_weapons", tavush="heavy_weapons").run(days=1, paths=MANY)
    return ~bench.at_or_above(run, place, "heavy_weapons")[0]


def climbs_next_day(bench: Bench, arm: Arm, place: str = "loc") -> np.ndarray:
    """Whether a place climbs above harassing fire on the first day; (M,)."""
    run = arm.at(loc="harassing_fire", tavush="harassing_fire").run(days=1, paths=MANY)
    return bench.at_or_above(run, place, "heavy_weapons")[0]


def test_s01_on_the_record_the_stall_rises_and_halves_on_a_step(bench: Bench) -> None:
    level, seen = bench.past_level("stall"), bench.history.seen.counts[0]
    steps, summits = (seen[bench.streams.index(name)][:-1] for name in ("tangible_steps", "summits"))
    ratio = (level[:, 1:] / level[:, :-1]).mean(axis=0)
    assert (ratio[(steps == 0) & (summits == 0)] > 1.0).all()
    assert (steps > 0).sum() >= 9
    alone = ratio[(steps > 0) & (summits == 0)]
    assert np.allclose(alone, 0.5, atol=0.01)
    assert (ratio[(steps > 0) & (summits > 0)] < 0.5).all()


def test_s01_in_a_run_the_stall_rises_and_a_step_takes_half(bench: Bench) -> None:
    began = np.tile(bench.start_level("stall"), PATHS // DRAWS)
    alone, step = (arm.run(days=1) for arm in (bench.arm, bench.arm.once("tangible_steps")))
    untouched = (bench.count(alone, "summits") == 0) & (bench.count(alone, "tangible_steps") == 0)
    assert untouched.mean() > 0.9 and (bench.level(alone, "stall") > began)[untouched].all()
    left = bench.level(step, "stall") / bench.level(alone, "stall")
    print("left of the stall after a step:", np.median(left))
    assert 0.4 < np.median(left) <= 0.5


def test_s01_a_higher_stall_lifts_the_ladder(bench: Bench) -> None:
    low, high = (bench.arm.hold(stall=v).run(days=14) for v in (0.2, 1.0))
    for place in ("loc", "tavush"):
        for rung in ("heavy_weapons", "clash"):
            assert gap(bench.days_at(low, place, rung), bench.days_at(high, place, rung)).rises


@pytest.fixture(scope="module")
def quiet(bench: Bench) -> np.ndarray:
    """How often both fronts climb in eight weeks of the base run; (M,)."""
    return climbs(bench.base, [bench.places.index(f) for f in FRONTS], 0, EIGHT_WEEKS)


def climbs_after(bench: Bench, *streams: str) -> np.ndarray:
    """The same with one more event of some streams on the first day; (M,)."""
    arm = bench.arm
    for stream in streams:
        arm = arm.once(stream)
    run = arm.run(days=EIGHT_WEEKS)
    return climbs(run, [bench.places.index(f) for f in FRONTS], 0, EIGHT_WEEKS)


def test_s03_a_summit_alone_calms_eight_weeks(bench: Bench, quiet: np.ndarray) -> None:
    assert gap(quiet, climbs_after(bench, "summits")).falls


def test_s03_a_summit_with_a_step_calms_eight_weeks(bench: Bench, quiet: np.ndarray) -> None:
    assert gap(quiet, climbs_after(bench, "summits", "tangible_steps")).falls


def test_s03_a_disavowal_heats_eight_weeks(bench: Bench, quiet: np.ndarray) -> None:
    assert gap(quiet, climbs_after(bench, "disavowals")).rises


def test_s04_unprepared_publics_make_steps_rare_even_among_many_meetings(bench: Bench) -> None:
    talking = bench.arm.every(3, "minister_meetings")
    unready, ready = (talking.hold(prepared=v).run(days=MONTH) for v in (0.0, 1.0))
    assert bench.count(unready, "minister_meetings").mean() >= 10
    assert gap(bench.count(ready, "tangible_steps"), bench.count(unready, "tangible_steps")).falls


def test_s05_cutting_the_tie_changes_the_odds_by_the_posterior(bench: Bench) -> None:
    strained = bench.arm.hold(legitimacy_deficit_aze=1.0, opposition_aze=1.0)
    cut, tied = (climbs_next_day(bench, arm) for arm in (strained.without("C34"), strained))
    assert gap(cut, tied).rises
    term = next(t for t in bench.plan.terms if t.origin == bench.claim("C34"))
    push = bench.coefficient("C34") * (1.0 - bench.fit.usual.get(term.key, 0.0))
    expected = log_odds(float(np.mean(1 / (1 + np.exp(-log_odds(float(cut.mean())) - push)))))
    measured = log_odds(float(tied.mean())) - log_odds(float(cut.mean()))
    print("log odds:", measured, "posterior:", expected - log_odds(float(cut.mean())))
    assert abs(measured - (expected - log_odds(float(cut.mean())))) < 0.1


def test_s05_prior_and_posterior_are_both_shown(bench: Bench) -> None:
    row = next(r for r in table(bench.case, bench.fit) if r.code == "C34")
    print(row.before, row.after, row.vague)
    assert row.before != row.after and row.before.sd > 0 and row.after.sd > 0


def test_s06_dismissals_come_at_the_rate_of_the_record(bench: Bench) -> None:
    """Six in five and a half years; the interval of that rate is Poisson, 90 %."""
    from scipy.special import gammaincinv

    years = bench.base.counts.shape[1] / 365.25
    low, high = (float(gammaincinv(6.5, q)) / 5.55 for q in (0.05, 0.95))
    rate = bench.count(bench.base, "elite_changes_aze").mean() / years
    print("dismissals a year:", rate, "record:", low, high)
    assert low < rate < high


def test_s06_what_brings_dismissals_is_told_as_not_identified(bench: Bench) -> None:
    rows = {r.code: r.verdict for r in table(bench.case, bench.fit)}
    assert [rows[code] for code in ("C17", "C28", "C48")] == [COULD_NOT_TEST] * 3
    assert bench.case.claims[bench.claim("C16")].testable == "no"


def test_s08_without_the_pandemic_the_change_is_finite_small_and_wide(bench: Bench) -> None:
    strains = ("pandemic_aze", "pandemic_arm", "pandemic_tur", "pandemic_onset", "lockdown_news")
    run, days = bench.arm.hold(**dict.fromkeys(strains, 0.0)).run(days=60), 60
    offensive = [bench.at_or_above(one, "loc", "limited_offensive")[:days].any(axis=0) for one in (bench.base, run)]
    meetings, protest = (
        [bench.daily(one, stream)[:days].sum(axis=0) for one in (bench.base, run)]
        for stream in ("minister_meetings", "protest_aze")
    )
    assert gap(*meetings).rises and gap(*np.log1p(protest)).falls
    change = gap(*offensive)
    assert np.isfinite(change.change) and abs(change.change) < 0.1
    paired = offensive[1].astype(float) - offensive[0]
    assert np.sqrt(between_draws(paired)) > 2 * monte_carlo_error(paired)


def after(bench: Bench, cause: str, effect: str, days: int = 7) -> tuple[float, float]:
    """On unforced paths: how often an effect follows within days of a cause, and otherwise."""
    one, two = bench.daily(bench.base, cause) > 0, bench.daily(bench.base, effect)
    running = np.concatenate([np.zeros((1, two.shape[1]), int), np.cumsum(two, axis=0)])
    follows = (running[1 + days :] - running[1:-days]) > 0
    one = one[: follows.shape[0]]
    return float(follows[one].mean()), float(follows[~one].mean())


def test_s09_crowds_follow_dead_officers_and_arrests_follow_crowds(bench: Bench) -> None:
    crowds, arrests = (
        after(bench, *pair) for pair in (("senior_officer_deaths", "prowar_protest"), ("protest_aze", "arrests_aze"))
    )
    print("within a week, and otherwise:", crowds, arrests)
    assert crowds[0] > 1.5 * crowds[1] and arrests[0] > arrests[1]
    alone = bench.arm.run(days=8, paths=PATHS)
    killed, crowd = (bench.arm.once(s).run(days=8, paths=PATHS) for s in ("senior_officer_deaths", "protest_aze"))
    assert gap(bench.count(alone, "prowar_protest"), bench.count(killed, "prowar_protest")).rises
    assert gap(bench.count(alone, "arrests_aze"), bench.count(crowd, "arrests_aze")).rises


def test_s10_enlistment_follows_war_crowds_and_crowds_hold_fronts_up(bench: Bench) -> None:
    calls = bench.arm.every(7, "prowar_protest").run(days=60)
    drives = bench.daily(bench.base, "volunteers")[:60].sum(axis=0)
    assert gap(drives, bench.count(calls, "volunteers")).rises
    for place in ("loc", "tavush"):
        empty, full = (falls_next_day(bench, bench.arm.hold(crowds=v), place) for v in (0.0, 1.5))
        assert gap(empty, full).falls


def test_s27_a_seat_for_the_third_party_moves_steps_by_its_own_coefficient(bench: Bench) -> None:
    assert bench.case.levers["nkr_at_the_table"].hold == {"nkr_at_table": 1.0}
    runs = (bench.base, bench.arm.hold(nkr_at_table=1.0).run(days=90))
    before, with_seat = (bench.daily(run, "tangible_steps")[:90].sum(axis=0).reshape(-1, DRAWS) for run in runs)
    weight = bench.coefficient("X05")
    assert gap(before.ravel(), with_seat.ravel()).change != 0
    thirds = np.array_split(np.argsort(weight), 3)
    for third in thirds:
        moved = np.log(with_seat[:, third].mean() / before[:, third].mean())
        print("coefficient", weight[third].mean(), "log ratio of steps", moved)
        assert abs(moved - weight[third].mean()) < 0.25
    assert np.corrcoef((with_seat - before).mean(axis=0), weight)[0, 1] > 0.3


def test_s28_a_fall_of_the_oil_price_brings_protest_within_months(bench: Bench) -> None:
    low = bench.arm.hold(oil_gap=1.5).run(days=60)
    for days in (MONTH, 60):
        one, two = (np.log1p(bench.daily(run, "protest_aze")[:days].sum(axis=0)) for run in (bench.base, low))
        assert gap(one, two).rises


def test_s29_hope_and_refusal_act_only_together(bench: Bench) -> None:
    made = {
        (hope, no): climbs_next_day(bench, bench.arm.hold(expectation=hope, rebuffed=no))
        for hope in (0.0, 1.0)
        for no in (0.0, 1.0)
    }
    neither = made[0.0, 0.0]
    assert np.array_equal(neither, made[1.0, 0.0]) and np.array_equal(neither, made[0.0, 1.0])
    assert gap(neither, made[1.0, 1.0]).rises


def test_s30_an_exchange_of_prisoners_can_be_pulled_and_lowers_hostility(bench: Bench) -> None:
    assert not bench.case.levers["prisoner_exchange"].escalatory
    assert "prisoner_releases" in bench.case.levers["prisoner_exchange"].inject
    exchange = bench.arm.once("prisoner_releases")
    for one, two in ((bench.arm.run(days=1), exchange.run(days=1)), (bench.month, exchange.run(days=MONTH))):
        assert gap(bench.level(one, "hostility"), bench.level(two, "hostility")).falls
    assert {"displaced_people"} <= set(bench.case.facts)

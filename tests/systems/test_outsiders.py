"""Systems of outside powers and of what lies behind the fronts: what must be seen in a run (S15-S23)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel.paths import REQUEST_LASTS
from fissures.kernel.world import BOTH, FIRST, SECOND
from fissures.model.simulate import Run
from fissures.study.claims import table
from fissures.study.compare import compare
from fissures.study.pairing import Control
from fissures.study.records import Arm as Compared

from .conftest import MONTH, Bench, gap, shares

YEAR = 365.25


def compared(bench: Bench, lever: str) -> Compared:
    """What a study says of a lever."""
    arm = bench.arm.pulled(lever).run()
    return compare(Control(bench.case, bench.base, bench.base), arm, (lever,), table(bench.case, bench.fit))


def test_s15_an_embargo_moves_the_gap_over_months_not_days(bench: Bench) -> None:
    stopped = bench.arm.scale(arms_azerbaijan=0.0)
    left = []
    for one, two in ((bench.arm.run(days=7), stopped.run(days=7)), (bench.base, stopped.run())):
        change = gap(bench.level(one, "arms_gap"), bench.level(two, "arms_gap"))
        left.append(1.0 - change.after / change.before)
    print("share of the gap gone in a week, and by the horizon:", left)
    assert left[0] < 0.03 and left[1] > 0.15


def in_force(bench: Bench, run: Run, commitment: str) -> NDArray[np.bool_]:
    """On which days a commitment was in force; (T, M)."""
    return np.asarray(run.out.in_force[bench.commitments.index(commitment)])


def expected_force(bench: Bench, run: Run) -> NDArray[np.bool_]:
    """The alliance's rule by hand: Armenian soil hit at clash or above in 28 days, a request in 60, and it binds."""
    requests = bench.daily(run, "csto_requests")
    days, paths = requests.shape
    hit = np.zeros((days, paths), bool)
    for place in ("tavush", "nakhchivan"):  # Armenia is the first side of both, and holds its own soil there
        by = run.out.by[bench.places.index(place)]
        hit |= bench.at_or_above(run, place, "clash") & ((by == SECOND) | (by == BOTH))
    draw = np.arange(paths) % 1000
    since = bench.fit.start.since[draw, bench.streams.index("csto_requests")].copy()
    last = -1.0 - bench.fit.start.triggers[draw, bench.commitments.index("csto")]  # also before the as-of date
    out = np.zeros((days, paths), bool)
    for t in range(days):
        last = np.where(hit[t], t, last)
        asked = (t - last < 28) & (since < REQUEST_LASTS)
        out[t] = asked & (bench.fit.draws["csto:binds"][draw] > 0)
        since = np.where(requests[t] > 0, 0.0, since + 1.0)
    return out


def test_s16_a_strike_on_armenian_soil_calls_on_the_alliance_when_it_is_asked(bench: Bench) -> None:
    run = bench.arm.once("csto_requests").at(tavush="clash").run(days=75)
    seen, due = in_force(bench, run, "csto"), expected_force(bench, run)
    print("share of days in force:", seen.mean(), "only fire by Armenia:", (run.out.by[1] == FIRST).mean())
    assert seen.any() and np.array_equal(seen, due)
    assert np.array_equal(in_force(bench, bench.base, "csto"), expected_force(bench, bench.base))


def test_s16_the_clash_of_july_2020_still_counts_for_the_alliance_and_lapses_in_four_weeks(bench: Bench) -> None:
    arm = bench.arm.once("csto_requests").closed("tavush", "nakhchivan")
    now, lapsed = (in_force(bench, one.run(days=40), "csto") for one in (arm, arm.forgetful()))
    print("share of the first and of the last days in force:", now[:7].mean(), now[28:].mean())
    assert now[:7].any() and not now[28:].any() and not lapsed.any()


def test_s16_a_war_on_the_line_of_contact_never_does(bench: Bench) -> None:
    arm = bench.arm.forgetful().once("csto_requests").closed("tavush", "nakhchivan").at(loc="war")
    run = arm.run(days=20)
    assert bench.at_or_above(run, "loc", "war").mean() > 0.2
    assert not in_force(bench, run, "csto").any() and not in_force(bench, run, "russia_armenia_1997").any()


@pytest.mark.xfail(
    strict=True,
    reason="not done: its trigger reads the border ladder only, so 0 of 4,000 paths with a strike behind it",
)
def test_s16_a_strike_behind_the_front_on_armenian_soil_calls_on_it_too(bench: Bench) -> None:
    arm = bench.arm.forgetful().once("csto_requests").closed("loc", "tavush", "nakhchivan").at(rear="struck")
    run = arm.run(days=5)
    struck = bench.at_or_above(run, "rear", "struck") & (run.out.by[bench.places.index("rear")] == SECOND)
    assert struck.any()
    assert in_force(bench, run, "csto").any()


def first_spell(bench: Bench, run: Run, place: str, rung: str = "heavy_weapons") -> NDArray[np.int64]:
    """How many days the spell at a rung or above that is under way goes on; (M,)."""
    heavy = bench.at_or_above(run, place, rung)
    return np.where(heavy.all(axis=0), heavy.shape[0], heavy.argmin(axis=0))


def test_s17_where_russia_engages_spells_are_shorter(bench: Bench) -> None:
    shelled = bench.arm.at(loc="heavy_weapons", tavush="heavy_weapons")
    alone, engaged = (arm.run(days=25) for arm in (shelled, shelled.every(3, "russian_diplomacy")))
    both = ("loc", "tavush")
    assert gap(*(sum(first_spell(bench, run, place) for place in both) for run in (alone, engaged))).falls
    for place in both:
        assert gap(bench.days_at(alone, place, "heavy_weapons"), bench.days_at(engaged, place, "heavy_weapons")).falls
        now, then = (shelled.hold(restraint_rus=v).run(days=1, paths=20_000) for v in (0.0, 1.0))
        assert gap(*(bench.at_or_above(run, place, "heavy_weapons")[0] for run in (now, then))).falls


def test_s17_where_russia_engages_spells_of_clashes_are_shorter(bench: Bench) -> None:
    """Engagement held at its reference surge. Pushed to three of them the mean no longer moves: C71 is wide (sd .38),
    and draws against it lengthen spells more than draws for it shorten them."""
    clash = bench.arm.at(loc="clash", tavush="clash")
    alone, engaged = (clash.hold(restraint_rus=v).run(days=25) for v in (0.0, 1.0))
    for place in ("loc", "tavush"):
        assert gap(*(first_spell(bench, run, place, "clash") for run in (alone, engaged))).falls


def test_s18_patrols_put_the_patron_above_where_it_stood_in_april_2016(bench: Bench) -> None:
    """C46, a statement of level: Turkish backing on the as-of date against the spring of the last offensive."""
    first, last = ((when - bench.panel.first).days for when in (date(2016, 3, 1), date(2016, 6, 1)))
    then, now = bench.past_level("backing_tur")[:, first:last].max(), bench.start_level("backing_tur").min()
    print("backing in spring 2016, at most:", then, "on 21 July 2020, at least:", now)
    assert now > 1.5 * then
    patrol = bench.arm.once("turkish_mobilisation").run(days=1)
    assert (bench.level(patrol, "backing_tur") >= bench.level(bench.arm.run(days=1), "backing_tur")).all()


@pytest.mark.parametrize("stream", ["turkish_backing", "turkish_mobilisation"])
def test_s18_a_pledge_or_a_patrol_raises_backing_and_the_climb(bench: Bench, stream: str) -> None:
    alone, backed = bench.month, bench.arm.every(7, stream).run(days=MONTH)
    assert gap(bench.level(alone, "backing_tur"), bench.level(backed, "backing_tur")).rises
    for rung in ("heavy_weapons", "limited_offensive"):
        assert gap(*(bench.days_at(run, "loc", rung) for run in (alone, backed))).rises


def test_s19_rivalry_elsewhere_is_listed_small_and_uncertain(bench: Bench) -> None:
    assert not bench.case.levers["rus_tur_deal"].escalatory  # so every study lists it
    arm = compared(bench, "rus_tur_deal")
    change = arm.differences["Q3c"]
    print(change)
    assert abs(change.difference) < 0.03
    assert change.range80[0] < 0 < change.range80[1]
    assert "C75" in change.assumed


def test_s20_american_shuttles_change_the_hazard_by_nobody_knows_how_much(bench: Bench) -> None:
    arm = compared(bench, "us_shuttle_diplomacy")
    change = arm.differences["Q3c"]
    print(change)
    assert change.difference != 0
    assert change.range80[0] < 0 < change.range80[1] and change.range80[1] - change.range80[0] > 0.1


def test_s20_the_claim_on_election_years_stays_near_its_prior(bench: Bench) -> None:
    row = next(r for r in table(bench.case, bench.fit) if r.code == "C80")
    print(row.before, row.after)
    assert abs(row.after.mean - row.before.mean) < 0.5 * row.before.sd
    assert row.after.sd > 0.75 * row.before.sd  # a part of which is the doubt that all claims share


def test_s21_offers_follow_heavy_fire(bench: Bench) -> None:
    offers, heavy = bench.daily(bench.base, "mediation_offers"), bench.highest(bench.base) >= 2
    print("offers a day: under heavy fire", offers[heavy].mean(), "else", offers[~heavy].mean())
    assert offers[heavy].mean() > 2 * offers[~heavy].mean()


def test_s21_monitoring_starts_low(bench: Bench) -> None:
    print("monitoring at the start:", bench.start_level("monitoring").mean())
    assert bench.start_level("monitoring").mean() < 0.35  # of a half-life in doubt some draws remember longer


def test_s21_monitoring_starts_below_what_it_was_before_its_suspension(bench: Bench) -> None:
    suspended = (date(2020, 3, 18) - bench.panel.first).days
    before = bench.past_level("monitoring")[:, :suspended].mean()
    print("before", before, "at the start", bench.start_level("monitoring").mean())
    assert bench.start_level("monitoring").mean() < 0.5 * before


def test_s22_fire_near_the_corridor_draws_more_attention_than_elsewhere(bench: Bench) -> None:
    near, far = (
        bench.arm.at(tavush=one, loc=two).run(days=10)
        for one, two in (("heavy_weapons", "quiet"), ("quiet", "heavy_weapons"))
    )
    assert gap(bench.count(far, "corridor_attention"), bench.count(near, "corridor_attention")).rises
    away, beside = (bench.arm.hold(corridor_exposure=v).run(days=10) for v in (0.0, 1.0))
    assert gap(bench.count(away, "corridor_attention"), bench.count(beside, "corridor_attention")).rises


def test_s22_the_question_on_a_stoppage_can_be_answered(bench: Bench) -> None:
    question = next(q for q in bench.case.questions.values() if q.code == "Q10")
    share = (bench.count(bench.base, "pipeline_stoppage") > 0).mean()
    print("an export line stops:", share)
    assert 0 < share < 1 and question.base_rate is not None


def test_s23_threats_cluster_with_clashes(bench: Bench) -> None:
    threats, clash = bench.daily(bench.base, "nuclear_threats"), bench.highest(bench.base) >= 3
    print("threats a day: under a clash", threats[clash].mean(), "else", threats[~clash].mean())
    assert threats[clash].mean() > 1.2 * threats[~clash].mean()


def test_s23_a_strike_on_the_plant_stays_below_one_in_a_hundred_a_year(bench: Bench) -> None:
    struck = bench.count(bench.base, "nuclear_strike") > 0
    years = bench.base.counts.shape[1] / YEAR
    _, high = shares({"": (int(struck.sum()), struck.size)})[""]
    print("a year:", struck.mean() / years, "at most", high / years)
    assert high / years < 0.01


@pytest.mark.xfail(
    strict=True, reason="known misfit: struck on 7.0 % of paths, 5.1 % in 28 days; none in 26 years allows 3.2 %"
)
def test_s23_a_strike_on_any_target_of_the_class_is_as_rare_as_on_the_record(bench: Bench) -> None:
    """None since May 1994: the rate's upper end is that of half an event (95 %, Jeffreys)."""
    from scipy.special import gammaincinv

    days = bench.base.rungs.shape[1]
    highest = 1.0 - np.exp(-float(gammaincinv(0.5, 0.95)) / 26 * days / YEAR)
    struck = bench.at_or_above(bench.base, "rear", "struck")
    print("struck by the end", struck.any(axis=0).mean(), "in 28 days", struck[:28].any(axis=0).mean(), "most", highest)
    assert struck.any(axis=0).mean() < highest


def test_paths_of_a_short_run_are_those_of_a_long_one(bench: Bench) -> None:
    short = bench.arm.run(days=10)
    assert np.array_equal(short.rungs, bench.base.rungs[:, :10])

"""Answers: what a question counts on a path, and its three sources of error, against known truths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from fissures.case.records import BaseRate, Case, Question
from fissures.events.panel import Panel
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import answer, between_draws, lead, monte_carlo_error, share_range
from fissures.study.outcomes import outcome

Made = Callable[..., Run]
WEIR, FORD = 0, 1
RAIDS, FEUD, UPRISING = 2, 3, 4
CUTS, COUNCILS, MARCHES = 0, 1, 2
BY = date(2020, 3, 31)
LAST = 92  # day number of that date: 30 December 2019 is day 0


def asking(asks: str, by: date = BY, **more: object) -> Question:
    return Question.model_validate({"code": "Q", "title": "T", "asks": asks, "by": by, "resolves": "R"} | more)


# --- what a question counts ---------------------------------------------------------------------------------

# Path 0: nothing. Path 1: the weir stands at raids. Path 2: a feud at the ford. Path 3: an uprising at both.
EVERY = slice(None)
RUNGS = [(WEIR, 5, 1, RAIDS), (FORD, 9, 2, FEUD), (EVERY, 7, 3, UPRISING)]
DEATHS = [(FORD, 5, 1, 1), (FORD, 80, 1, 1), (WEIR, 9, 2, 2), (FORD, 9, 2, 1), (WEIR, slice(0, 40), 3, 100)]
COUNTS = [(MARCHES, 3, 1, 1), (MARCHES, 3, 2, 1), (MARCHES, 60, 2, 1), (CUTS, 3, 3, 9)]
ASKED = [
    ("weir reaches feud", [0, 0, 0, 1]),
    ("ford reaches feud", [0, 0, 1, 1]),
    ("weir reaches raids", [0, 1, 0, 1]),
    ("weir, ford reaches raids", [0, 1, 1, 1]),
    ("any front reaches uprising", [0, 0, 0, 1]),
    ("any front reaches calm", [1, 1, 1, 1]),
    ("at least 1 death on ford", [0, 1, 1, 0]),
    ("at least 2 deaths on ford", [0, 1, 0, 0]),
    ("at least 3 deaths on all fronts", [0, 0, 1, 1]),
    ("at least 1 of stream market_marches", [0, 1, 1, 0]),
    ("at least 2 of stream market_marches", [0, 0, 1, 0]),
    ("at least 1 of stream council_meetings", [0, 0, 0, 0]),
    ("deaths on all fronts", [0, 2, 3, 4000]),
    ("deaths on ford", [0, 2, 1, 0]),
    ("deaths on weir, ford", [0, 2, 3, 4000]),
]


@pytest.mark.parametrize(("asks", "paths"), ASKED, ids=[asks for asks, _ in ASKED])
def test_each_kind_of_question_is_counted_along_the_path(case: Case, made: Made, asks: str, paths: list[float]) -> None:
    assert outcome(case, made(4, rungs=RUNGS, deaths=DEATHS, counts=COUNTS), asking(asks)).tolist() == paths


@pytest.mark.parametrize(("days_after", "counted"), [(-1, 1), (0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("asks", "array", "row"),
    [
        ("weir reaches feud", "rungs", WEIR),
        ("at least 3 deaths on weir", "deaths", WEIR),
        ("at least 3 of stream market_marches", "counts", MARCHES),
    ],
)
def test_the_day_of_the_question_is_the_last_that_counts(
    case: Case, made: Made, asks: str, array: str, row: int, days_after: int, counted: int
) -> None:
    run = made(1, **{array: [(row, LAST + days_after, 0, 3)]})
    assert outcome(case, run, asking(asks)).tolist() == [counted]


def test_the_window_opens_on_the_day_after_the_as_of_date(case: Case, made: Made) -> None:
    run = made(2, deaths=[(WEIR, 0, 1, 1)])
    assert outcome(case, run, asking("at least 1 death on weir", case.as_of + timedelta(days=1))).tolist() == [0, 1]


def test_many_deaths_do_not_run_over(case: Case, made: Made) -> None:
    run = made(1, deaths=[(EVERY, EVERY, 0, 2**31 - 1)])
    assert outcome(case, run, asking("deaths on all fronts"))[0] == 2 * (LAST + 1) * (2**31 - 1)


# --- three sources of error ---------------------------------------------------------------------------------


def clustered(rng: np.random.Generator, each: int, between: float, within: float) -> np.ndarray:
    """Values of paths whose draws differ: path m belongs to draw m mod DRAWS."""
    return (rng.normal(0, between, DRAWS) + rng.normal(0, within, (each, DRAWS))).ravel()


@pytest.mark.parametrize(("each", "between", "within"), [(2, 0.5, 1.0), (10, 0.3, 1.0), (10, 1.0, 0.1), (4, 0, 1)])
def test_between_draws_recovers_the_spread_of_parameters(each: int, between: float, within: float) -> None:
    rng = np.random.default_rng(7)
    found = np.mean([between_draws(clustered(rng, each, between, within)) for _ in range(20)])
    error = np.sqrt(2 / DRAWS) * (between**2 + within**2 / each * np.sqrt(1 + 1 / (each - 1)))
    assert between**2 * 0.95 < found < between**2 * 1.05 + 2 * error, "with about one standard error added"


def test_between_draws_of_a_share_is_the_spread_of_its_chances() -> None:
    rng = np.random.default_rng(8)
    chances = rng.beta(2, 6, DRAWS)
    happened = (rng.random((20, DRAWS)) < chances).astype(float).ravel()
    assert between_draws(happened) == pytest.approx(stats.beta(2, 6).var(), rel=0.15)


@pytest.mark.parametrize("each", [4, 10])
def test_few_paths_of_a_rare_event_widen_its_range_and_never_narrow_it(each: int) -> None:
    rng = np.random.default_rng(9)
    chances = np.minimum(0.013 * np.exp(rng.normal(0, 1, DRAWS)), 1)
    happened = (rng.random((each, DRAWS)) < chances).astype(float).ravel()
    low, high = share_range(happened.mean(), between_draws(happened), monte_carlo_error(happened))
    true_low, true_high = np.quantile(chances, [0.1, 0.9])
    assert high - low > 0.8 * (true_high - true_low)


def test_all_spread_may_be_doubt_without_two_paths_a_draw() -> None:
    """Nothing tells the chance of the paths from the doubt about parameters: no range is narrowed by that."""
    for values in (np.arange(2.0 * DRAWS - 1), np.tile([0.0, 1.0], DRAWS)[: 2 * DRAWS - 1], np.arange(7.0)):
        assert between_draws(values) == np.var(values) > 0
    assert between_draws(np.ones(DRAWS)) == 0
    assert between_draws(np.ones(5 * DRAWS)) == 0


@pytest.mark.parametrize(("each", "between"), [(1, 0.0), (2, 0.0), (2, 1.0), (8, 0.5)])
def test_the_monte_carlo_error_is_the_spread_over_seeds(each: int, between: float) -> None:
    rng = np.random.default_rng(9)
    runs = [clustered(rng, each, between, 1.0) for _ in range(600)]
    said = np.mean([monte_carlo_error(run) for run in runs])
    assert said == pytest.approx(np.std([run.mean() for run in runs]), rel=0.1)


@pytest.mark.parametrize("paths", [1, 700, DRAWS, 4 * DRAWS])
def test_an_event_on_no_path_has_the_error_of_half_a_path(paths: int) -> None:
    assert monte_carlo_error(np.zeros(paths)) == monte_carlo_error(np.ones(paths)) == 0.5 / paths


@pytest.mark.parametrize(("p", "spread"), [(0.3, 0.01), (0.04, 0.0004), (0.9, 0.005), (0.5, 0.2)])
def test_the_range_of_a_share_is_a_beta_with_its_mean_and_variance(p: float, spread: float) -> None:
    error = 0.005
    weight = p * (1 - p) / (spread + error**2) - 1
    beta = stats.beta(p * weight, (1 - p) * weight)
    assert (beta.mean(), beta.var()) == pytest.approx((p, spread + error**2))
    assert share_range(p, spread, error) == pytest.approx(tuple(beta.ppf([0.1, 0.9])))


@pytest.mark.parametrize("p", [1e-4, 0.2, 0.9999])
def test_a_range_stays_between_never_and_always(p: float) -> None:
    low, high = share_range(p, 10.0, 0.1)
    assert 0 <= low <= high <= 1


def test_what_no_path_did_is_rare_and_not_impossible() -> None:
    """Half a path in 1,000: Jeffreys' interval of 0 of 1,000."""
    low, high = share_range(0.0, 0.0, 0.5 / 1000)
    assert (low, high) == pytest.approx(tuple(stats.beta(0.5, 1000.5).ppf([0.1, 0.9])))
    assert share_range(1.0, 0.0, 0.5 / 1000) == pytest.approx((1 - high, 1 - low))


# --- the answers together -----------------------------------------------------------------------------------


def answered(case: Case, panel: Panel, on: Run, off: Run, **questions: Question):  # type: ignore[no-untyped-def]
    return answer(case.model_copy(update={"questions": questions}), panel, on, off, "digest")


def test_the_three_numbers_stand_beside_each_other(case: Case, panel: Panel, made: Made) -> None:
    on = made(4, rungs=[(WEIR, 1, slice(3), FEUD)])
    asked = answered(case, panel, on, made(4, rungs=[(WEIR, 1, 0, FEUD)]), feud=asking("weir reaches feud"))
    (one,) = asked.questions
    assert (one.probability, one.with_claims, one.claims_off) == (0.75, 0.75, 0.25)
    assert (one.word, one.kind, one.exceed, one.reference_class) == ("likely", "event", {}, None)
    assert (asked.parent, asked.case_digest, asked.paths) == ("run", "digest", 4)


def test_a_number_has_quantiles_in_order_and_the_odds_of_its_levels(case: Case, panel: Panel, made: Made) -> None:
    on = made(1000, deaths=[(FORD, 4, EVERY, np.arange(1000))])
    off = made(1000, deaths=[(FORD, 4, EVERY, 7)])
    (one,) = answered(case, panel, on, off, dead=asking("deaths on ford", exceed=(500, 900))).questions
    assert one.probability is None and one.word == ""
    assert list(one.quantiles) == ["0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95"]
    assert all(low < high for low, high in pairwise(one.quantiles.values()))
    assert one.exceed == {"500": 0.5, "900": 0.1}
    assert one.range80 == pytest.approx((99.9, 899.1))
    assert (one.with_claims, one.claims_off) == (499.5, 7)
    assert one.mc_error == pytest.approx(1000 * 0.5 / np.sqrt(1000), rel=0.01), "the error of a median of a uniform"


def test_the_digest_of_the_answers_follows_the_answers(case: Case, panel: Panel, made: Made) -> None:
    calm, feud = made(2), made(2, rungs=[(WEIR, 1, 0, FEUD)])
    asked = {"feud": asking("weir reaches feud")}
    same, again, other = (answered(case, panel, on, calm, **asked).digest for on in (calm, made(2), feud))
    assert same == again != other


@pytest.mark.parametrize(("low", "high", "outside"), [(0.3, 0.6, 0), (0.5, 0.5, 0), (0.1, 0.4, 1), (0.6, 1.0, 1)])
def test_an_answer_outside_its_base_rates_is_told(
    case: Case, panel: Panel, made: Made, low: float, high: float, outside: int
) -> None:
    run = made(2, rungs=[(WEIR, 1, 0, FEUD)])
    rate = BaseRate(low=low, high=high, says="two years of the ledger")
    found = answered(case, panel, run, run, feud=asking("weir reaches feud", base_rate=rate))
    assert found.questions[0].bounds == (low, high)
    told = [f for f in found.findings if f.where == "Q"]
    assert len(told) == outside
    assert all(f.level == "warning" and f"{100 * low:g} to {100 * high:g} %" in f.message for f in told)


@pytest.mark.parametrize(("paths", "told"), [(4 * DRAWS - 1, 1), (4 * DRAWS, 0)])
def test_too_few_paths_are_told(case: Case, panel: Panel, made: Made, paths: int, told: int) -> None:
    run = made(paths)
    findings = answered(case, panel, run, run, feud=asking("weir reaches feud")).findings
    assert [f.where for f in findings] == ["run"] * told


# --- what base rates allow, and whether claims carry an answer out of it ----------------------------------------


@pytest.mark.parametrize(("off", "said"), [(0.6, "the argument carries it out"), (0.1, "the record as modelled")])
def test_an_answer_outside_says_whether_the_claims_carry_it(
    case: Case, panel: Panel, made: Made, off: float, said: str
) -> None:
    rate = BaseRate(low=0.5, high=0.9, says="two years of the ledger")
    on = made(10)
    without = made(10, rungs=[(WEIR, 1, slice(round(10 * off)), FEUD)])
    question = asking("weir reaches feud", base_rate=rate)
    (told,) = (f for f in answered(case, panel, on, without, feud=question).findings if f.where == "Q")
    assert said in told.why and f"{100 * off:.2g} %" in told.why


def test_a_threshold_outside_its_base_rates_is_told_with_claims_off_beside_it(
    case: Case, panel: Panel, made: Made
) -> None:
    rates = {"10": BaseRate(low=0.0, high=0.5, says="R"), "20": BaseRate(low=0.0, high=0.5, says="R")}
    on = made(10, deaths=[(FORD, 4, slice(9), 15)])
    off = made(10, deaths=[(FORD, 4, slice(2), 15)])
    question = asking("deaths on ford", exceed=(10, 15, 20), exceed_base_rates=rates)
    found = answered(case, panel, on, off, dead=question)
    assert found.questions[0].exceed == {"10": 0.9, "15": 0.9, "20": 0.0}, "fifteen are fifteen or more"
    assert found.questions[0].exceed_off == {"10": 0.2, "15": 0.2, "20": 0.0}
    (told,) = (f for f in found.findings if f.where == "Q")
    assert "of 10 or more, 90.0 %" in told.message and "the argument carries it out" in told.why


# --- void -------------------------------------------------------------------------------------------------------

VOID = "at least 1 of stream council_meetings"


def test_the_answer_is_given_that_the_question_is_not_void_and_the_share_is_told(
    case: Case, panel: Panel, made: Made
) -> None:
    """Of ten paths four are void; of the six others three see a feud, and with claims off two of eight."""
    feud = [(WEIR, 1, slice(1, 6), FEUD)]
    on = made(10, rungs=feud, counts=[(COUNCILS, 80, slice(4, 8), 1)])
    off = made(10, rungs=[(WEIR, 1, slice(2), FEUD)], counts=[(COUNCILS, 80, slice(8, 10), 1)])
    (one,) = answered(case, panel, on, off, feud=asking("weir reaches feud", void_when=VOID)).questions
    assert one.void == 0.4
    assert one.probability == one.with_claims == pytest.approx(3 / 6)
    assert one.claims_off == pytest.approx(2 / 8)


def test_what_voids_a_question_after_its_day_voids_nothing(case: Case, panel: Panel, made: Made) -> None:
    run = made(10, counts=[(COUNCILS, LAST + 1, EVERY, 1)])
    (one,) = answered(case, panel, run, run, feud=asking("weir reaches feud", void_when=VOID)).questions
    assert one.void == 0


def test_a_number_is_that_of_the_paths_that_are_not_void(case: Case, panel: Panel, made: Made) -> None:
    deaths = np.concatenate([np.arange(500), np.full(500, 10_000)])
    run = made(1000, deaths=[(FORD, 4, EVERY, deaths)], counts=[(COUNCILS, 3, slice(500, 1000), 1)])
    question = asking("deaths on ford", void_when=VOID, exceed=(250, 10_000))
    (one,) = answered(case, panel, run, made(1000), dead=question).questions
    alone = made(500, deaths=[(FORD, 4, EVERY, np.arange(500))])
    (plain,) = answered(case, panel, alone, made(1000), dead=asking("deaths on ford", exceed=(250, 10_000))).questions
    assert (one.void, plain.void) == (0.5, 0)
    assert one.quantiles == plain.quantiles and one.exceed == plain.exceed == {"250": 0.5, "10000": 0}
    assert one.mc_error == plain.mc_error


def test_a_question_of_a_case_that_nothing_voids_is_void_nowhere(case: Case, panel: Panel, made: Made) -> None:
    assert [one.void for one in answer(case, panel, made(4), made(4), "digest").questions] == [0, 0, 0]


# --- the most consequential question --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "lead_is"),
    [
        ([("weir reaches raids", BY), ("weir reaches feud", BY)], 1),  # the highest rung
        ([("weir reaches feud", BY), ("any front reaches feud", BY)], 1),  # the most fronts
        ([("weir reaches feud", BY), ("ford reaches feud", BY - timedelta(days=9))], 1),  # the soonest
        ([("deaths on all fronts", BY), ("council reaches letters", BY)], 1),  # a track stands on a ladder too
    ],
)
def test_the_lead_is_the_highest_widest_soonest(case: Case, asks: list[tuple[str, date]], lead_is: int) -> None:
    questions = {f"q{k}": asking(text, by, code=f"Q{k}") for k, (text, by) in enumerate(asks)}
    assert lead(case.model_copy(update={"questions": questions})) == f"Q{lead_is}"


def test_a_case_that_asks_for_no_rung_has_no_lead(case: Case) -> None:
    assert lead(case.model_copy(update={"questions": {"dead": asking("deaths on all fronts")}})) == ""

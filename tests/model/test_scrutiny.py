"""What could be tested at all, what goes with fighting, and what follows it: known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.kernel.memory import decay
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import leads
from fissures.model import prior as belief
from fissures.model.fit import learn
from fissures.model.scrutiny import LEADS, Scrutiny, gain, judge, scrutinise

from .conftest import Prepared, fit, invented, prepare, silent
from .test_calibration import CLIMBS, MARCHES, exactly, one_completion

__all__ = ["one_completion"]
RECORDS = 20


def looked(made: Prepared) -> dict[str, Scrutiny]:
    return scrutinise(made.case, made.plan, made.panel, made.history)


def claiming(case: Case, name: str, **update: object) -> Case:
    """The case with one claim changed."""
    return case.model_copy(update={"claims": {**case.claims, name: case.claims[name].model_copy(update=update)}})


@pytest.fixture(scope="module")
def seen(valleys: Prepared) -> dict[str, Scrutiny]:
    return looked(valleys)


# --- what was possible at all ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim",
    [CLIMBS, MARCHES, "claim:council_holds_them", "claim:distrust_raises_climbing", "claim:grief_slows_falling"],
)
def test_the_narrowing_that_was_possible_is_that_of_a_refit_with_the_claim_alone(
    valleys: Prepared, seen: dict[str, Scrutiny], claim: str
) -> None:
    told = learn(valleys.case, valleys.plan, valleys.panel, valleys.history, {claim: belief.VAGUE})
    assert seen[claim].possible == pytest.approx(1.0 - told[claim].sd / belief.VAGUE[1], abs=0.04)


def test_every_coefficient_is_told_once_and_without_claims_none(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    assert set(valleys_fit.scrutiny) == set(belief.claim_priors(valleys.case))
    assert fit(valleys, claims="off").scrutiny == {}


def test_a_cause_that_never_varied_could_not_be_tested(valleys: Prepared) -> None:
    dry = prepare(valleys.case, silent(valleys.panel, 0, "water_cuts"))
    for claim in (CLIMBS, MARCHES, "claim:closures_are_answered"):
        told = looked(dry)[claim]
        assert told.possible < 0.002 and told.own == pytest.approx(0.0, abs=1e-3) and not told.moves_with


def test_a_claim_on_what_nobody_recorded_could_not_be_tested(seen: dict[str, Scrutiny]) -> None:
    assert seen["claim:fear_brings_fire"] == Scrutiny(0.0, 0.0, 0.0, None, False)


def information(told: Scrutiny) -> float:
    return float(belief.VAGUE[1] ** -2 * ((1.0 - told.possible) ** -2 - 1.0))


def test_what_shares_a_coefficient_adds_its_information_and_is_told_once(
    valleys: Prepared, seen: dict[str, Scrutiny]
) -> None:
    name, effect = "thirst_brings_marches", "raises stream council_meetings"
    again = valleys.case.claims[name].model_copy(
        update={"same_as": name, "strength": None, "prior": None, "effect": effect}
    )
    both = valleys.case.model_copy(update={"claims": {**valleys.case.claims, "again": again}})
    other = claiming(valleys.case, name, effect=effect)
    together, moved = (looked(prepare(case, invented(case))) for case in (both, other))
    assert "claim:again" not in together
    assert information(together[MARCHES]) == pytest.approx(information(seen[MARCHES]) + information(moved[MARCHES]))
    assert together[CLIMBS] == seen[CLIMBS]


# --- what goes with the memories of fighting -------------------------------------------------------------------------


def test_a_cause_that_is_a_memory_of_fighting_is_confounded_and_an_independent_one_is_not(valleys: Prepared) -> None:
    """Days of raids remembered for 30 days: one of the ladder's own memories, under another name."""
    grief = valleys.case.pressures["grief"].model_copy(update={"half_life": "30 days", "reference_surge": "20 days"})
    case = valleys.case.model_copy(update={"pressures": {**valleys.case.pressures, "grief": grief}})
    case = claiming(case, "grief_slows_falling", effect="raises climbing of weir, ford")
    told = looked(prepare(case, invented(case)))
    assert told["claim:grief_slows_falling"].confounded > 0.9 and told["claim:grief_slows_falling"].by_indication
    assert told["claim:grief_slows_falling"].lead is None  # its future holds the day itself
    assert told[CLIMBS].confounded < 0.2 and not told[CLIMBS].by_indication


# --- what precedes and what follows ----------------------------------------------------------------------------------


def thirst(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Thirst at the start of each day in reference surges, three events in 14 days, half-life two weeks."""
    d, raw = decay(14.0), np.zeros(counts.size)
    for t in range(1, counts.size):
        raw[t] = d * raw[t - 1] + np.log1p(counts[t - 1])
    return np.asarray(raw / (np.log(2.0) * np.sum(d ** (np.arange(3) * 14 / 3))), np.float64)


def planted(made: Prepared, number: int, effect: float, answer: float) -> Scrutiny:
    """One record of 728 days on which thirst brings climbs with an effect, or every climb is answered by water cuts."""
    g, days, fronts = np.random.default_rng(number), made.panel.days, len(made.plan.fronts)
    base, j = belief.base_logits(5), np.arange(5)
    evidence, rungs = np.zeros_like(made.panel.evidence), np.zeros((len(made.plan.places), days), np.int64)
    evidence[0] = g.poisson(0.004 if answer else np.where(np.arange(days) // 20 % 3 == 0, 0.3, 0.0), days)
    phi = np.minimum(thirst(evidence[0]), 2.0) if effect else np.zeros(days)
    for t in range(1, days):
        for f in range(fronts):
            start = rungs[f, t - 1]
            weights = np.exp(base[start] + (effect * phi[t] - 1.2) * (j > start) + 1.0 * (j < start))
            rungs[f, t] = g.choice(5, p=weights / weights.sum())
            if rungs[f, t] > start and answer:
                after = t + g.integers(1, 6, size=g.binomial(5, answer))
                np.add.at(evidence[0], after[after < days], 1)
    panel = exactly(made.panel, rungs, evidence)
    return looked(replace(made, panel=panel, history=past.build(made.case, made.plan, panel, 1)))[CLIMBS]


@pytest.fixture(scope="module")
def straight(valleys: Prepared) -> Prepared:
    """The invented case with its first claim on the level of thirst itself."""
    thirst = valleys.case.pressures["thirst"].model_copy(update={"half_life": "2 weeks"})
    case = valleys.case.model_copy(update={"pressures": {**valleys.case.pressures, "thirst": thirst}})
    case = claiming(case, "thirst_raises_climbing", when=None)
    return prepare(case, invented(case))


@pytest.mark.usefixtures("one_completion")
@pytest.mark.parametrize(("effect", "answer"), [(1.0, 0.0), (0.4, 0.0), (0.0, 0.0)])
def test_a_cause_that_precedes_or_does_nothing_gets_the_mark_at_most_by_chance(
    straight: Prepared, effect: float, answer: float
) -> None:
    told = [planted(straight, number, effect, answer) for number in range(RECORDS)]
    assert sum(one.moves_with for one in told) <= 0.1 * RECORDS + 2  # a tenth, with its own chance
    if effect == 1.0:
        assert np.mean([one.own > max(one.lead or 0.0, LEADS) for one in told]) > 0.8


@pytest.mark.usefixtures("one_completion")
def test_a_cause_that_follows_climbs_moves_with_them(straight: Prepared) -> None:
    told = [planted(straight, number, 0.0, 1.0) for number in range(RECORDS)]
    assert np.mean([one.moves_with for one in told]) > 0.8


def test_a_lead_must_gain_beyond_a_cause_that_it_resembles() -> None:
    """The same scores of cause and lead: a mark where they are two things, none where they are nearly one."""
    apart = np.array([[[9, 9, 9, 0], [8, 8, 0, 0], [9, 0, 0, 0], [0, 9, 0, 0]]], float)
    alike = np.array([[[9, 9, 9, 0], [8, 8, 0, 0], [9, 8.9, 0, 0], [8.9, 9, 0, 0]]], float)
    assert judge(apart, True).moves_with and not judge(alike, True).moves_with
    assert judge(apart, False).lead is None and not judge(apart, False).moves_with
    assert judge(apart * np.array([[1], [-1], [1], [1]]), True).own == -gain(8, 9)


def test_a_cause_is_shifted_by_its_own_time_scale(valleys: Prepared) -> None:
    days = {t.origin: leads.time_scale(valleys.plan, t) for t in valleys.plan.terms}
    assert days["thirst_raises_climbing"] == 28 and days["closures_are_answered"] == 21
    assert days["distrust_raises_climbing"] == round(3 * 30.4375) and days["council_holds_them"] == 14
    assert days["thirst_and_distrust_together"] == days["distrust_raises_climbing"]


def test_what_holds_its_own_outcome_has_no_lead(valleys: Prepared, seen: dict[str, Scrutiny]) -> None:
    held = {t.origin: leads.holds_outcome(valleys.plan, t) for t in valleys.plan.terms if t.on in ("ladder", "stream")}
    assert {name for name, yes in held.items() if yes} == {"grief_slows_falling"}
    assert seen["claim:oath_caps_the_feud"].lead is None  # what always stood cannot be shifted
    assert seen[CLIMBS].lead is not None


def test_memories_of_the_future_are_those_of_the_record_read_backwards(valleys: Prepared) -> None:
    history = valleys.history
    turned = replace(history.seen, rungs=history.rungs[..., ::-1], deaths=history.deaths[..., ::-1])
    raw, _ = past._memories(valleys.plan, valleys.panel, turned.rungs, turned.deaths)
    felt = past.felt(raw)[:, :, ::-1][..., :5]
    told = leads.read_backwards(valleys.plan, valleys.panel, history)
    assert np.allclose(told.ladders, felt - felt.mean(axis=(0, 2), keepdims=True))
    counts = replace(history.seen, counts=history.seen.counts[..., ::-1], usual=history.seen.usual[..., ::-1])
    own, _ = past._stream_memory(valleys.plan, counts)
    assert np.allclose(told.streams, np.log1p(own[..., ::-1]).mean(axis=0).T)

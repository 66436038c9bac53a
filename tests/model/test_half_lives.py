"""Half-lives are weighed by the record and never a point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from fissures.kernel import memory
from fissures.kernel import streams as counting
from fissures.model import fit as fitting
from fissures.model import half_lives as halving
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.blocks import Joint, Part, draw, solve, spread, weigh
from fissures.model.causes import DRAWS
from fissures.model.pressures import MULTIPLES
from fissures.model.simulate import simulate

from .conftest import Prepared

Floats = NDArray[np.float64]
DAYS, STATED = 800, 20.0
CLAIM = (0.35, 0.4)


def cause(events: Floats, half_life: float) -> Floats:
    """A decaying pressure of single events, in surges of ten of them in ten days."""
    d, out, level = memory.decay(half_life), np.zeros(events.size), 0.0
    for t, number in enumerate(events):
        out[t] = level
        level = d * level + np.log1p(number)
    return out / memory.surge_of_events(10, 10, half_life)


def block(paths: Floats, counts: Floats) -> Joint:
    """A stream with one claim on a pressure."""
    rows = [("s:rate", np.log(0.5), 0.5), ("claim:a", *CLAIM), ("s:log_size", *belief.LOG_SIZE)]
    told = {"design": np.stack([np.ones(DAYS), paths - paths.mean()], axis=1), "counts": counts, "days": np.ones(DAYS)}
    part = Part(np.arange(3), counting, told)
    mean, sd = (np.array([row[k] for row in rows]) for k in (1, 2))
    return Joint("s", tuple(row[0] for row in rows), mean, sd, np.array([False, True, False]), ((part,),))


def record(seed: int, multiple: float, claim: float) -> tuple[Floats, Floats]:
    """Events that feed the pressure, and counts of the stream that it moves."""
    g = np.random.default_rng(seed)
    events = (g.uniform(size=DAYS) < 0.05 + 0.6 * (np.arange(DAYS) % 120 < 15)).astype(float)
    path = cause(events, multiple * STATED)
    mean = np.exp(np.log(0.5) + claim * (path - path.mean()))
    size = np.exp(g.normal(*belief.LOG_SIZE))
    return events, g.negative_binomial(size, size / (size + mean)).astype(float)


def weighed(events: Floats, counts: Floats) -> tuple[halving.Profile, Floats, dict[str, Floats]]:
    """The profile of the half-life, the weights of its multiples, and draws with the half-life in doubt."""
    each = [block(cause(events, times * STATED), counts) for times in MULTIPLES]
    solved = solve(each[halving.MIDDLE])
    found = {"p": halving.profile(solved, [one for k, one in enumerate(each) if k != halving.MIDDLE])}
    life = halving.HalfLife("p", STATED, tuple(_weights(found["p"]).tolist()), True)
    which = halving.assigned([life], 1)
    drawn, _ = draw(solved, spread(weigh([solved]), 1), np.zeros(DRAWS, np.int64), 1)
    return found["p"], np.array(life.weights), halving.moved(drawn, found, which) | halving.drawn(which)


def _weights(profile: halving.Profile) -> Floats:
    raised = np.exp(profile.evidence - profile.evidence.max())
    return np.asarray(raised / raised.sum())


def test_the_multiples_stand_for_a_factor_of_1_65_two_times_in_three() -> None:
    logs = np.log(MULTIPLES)
    assert MULTIPLES[halving.MIDDLE] == 1.0 and logs == pytest.approx(-logs[::-1], abs=1e-12)
    assert np.sqrt(np.mean(logs**2)) == pytest.approx(0.5 * 0.95, abs=0.03)  # five points spread a little less


@pytest.mark.parametrize(("times", "way"), [(MULTIPLES[0], -1), (MULTIPLES[-1], 1)])
def test_the_record_leans_to_the_half_life_that_made_it(times: float, way: int) -> None:
    """Over ten records of a strong claim; one record of 800 days can hardly tell a half-life."""
    leaning = [weighed(*record(seed, times, 1.6))[1] @ np.log(MULTIPLES) for seed in range(10)]
    assert way * np.mean(leaning) > 0.15


def test_without_a_claim_that_acts_every_multiple_is_as_likely_as_before() -> None:
    events, _ = record(1, 1.0, 0.0)
    profile, weights, _ = weighed(events, np.zeros(DAYS))
    assert weights == pytest.approx(np.full(5, 0.2), abs=0.02)
    assert profile.evidence[halving.MIDDLE] == 0.0
    assert all(moves[halving.MIDDLE] == 0.0 for moves in profile.moves.values())


def test_one_step_of_the_chord_method_comes_close_to_fitting_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    events, counts = record(2, 1.3, 0.6)
    exact, _, _ = weighed(events, counts)
    monkeypatch.setattr(halving, "MOST_CARRIED", 0)
    stepped, _, _ = weighed(events, counts)
    assert stepped.evidence == pytest.approx(exact.evidence, abs=0.25)
    assert stepped.moves["claim:a"] == pytest.approx(exact.moves["claim:a"], abs=0.05)


@pytest.mark.slow
def test_half_lives_and_the_claims_on_them_are_calibrated() -> None:
    """Truths drawn from the priors lie where the posterior says, the half-life being one of them."""
    inside, ranks, sets = 0, [], 100
    for number in range(sets):
        g = np.random.default_rng(1000 + number)
        at, truth = int(g.integers(5)), g.normal(*CLAIM)
        events, counts = record(number, MULTIPLES[at], truth)
        _, weights, drawn = weighed(events, counts)
        share = float((drawn["claim:a"] < truth).mean())
        inside += 0.1 < share < 0.9
        ranks.append(float(weights[:at].sum() + 0.5 * weights[at]))
    low, high = binom.ppf([0.0005, 0.9995], sets, 0.8)
    assert low <= inside <= high
    assert abs(np.mean(ranks) - 0.5) < 3.3 * np.sqrt(1 / 12 / sets)


# --- in a case --------------------------------------------------------------------------------------------------------


def test_every_doubted_half_life_is_believed_and_drawn(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    doubted = {p.record for p in valleys.plan.pressures if p.halving}
    assert {one.name for one in valleys_fit.half_lives} == doubted
    for one in valleys_fit.half_lives:
        assert sum(one.weights) == pytest.approx(1.0)
        found, times = np.unique(valleys_fit.draws[halving.name_of(one.name)], return_counts=True)
        expected = dict(zip(MULTIPLES, one.weights, strict=True))
        assert times == pytest.approx([expected[value] * DRAWS for value in found], abs=1.5)


def test_the_stated_multiple_is_the_history_as_stated(valleys: Prepared) -> None:
    pressures, start = past.under(valleys.plan, valleys.panel, valleys.history, halving.MIDDLE)
    assert np.array_equal(pressures, valleys.history.pressures)
    assert np.array_equal(start, valleys.history.start_pressures)


def test_the_reference_surge_reads_as_one_under_every_half_life(valleys: Prepared) -> None:
    """The gain of each multiple is what the surge's own raw level asks for: events spread over their window."""
    for pressure in valleys.plan.pressures:
        for (d, gain), times in zip(pressure.halving, MULTIPLES, strict=False):
            assert np.log(0.5) / np.log(d) == pytest.approx(times * np.log(0.5) / np.log(pressure.decay))
            forgets = pressure.kind == memory.DECAYING  # a longer memory holds more of a surge; a longer wait less
            assert gain == 1.0 if times == 1.0 else (gain < 1.0) == ((times > 1.0) == forgets)


def test_draws_at_the_stated_half_life_are_futures_as_stated(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    """Per-draw decays and gains that are all as stated change no bit of any path."""
    names = [halving.name_of(one.name) for one in valleys_fit.half_lives]
    stated = valleys_fit.draws | dict.fromkeys(names, np.ones(DRAWS))
    none = {name: values for name, values in valleys_fit.draws.items() if name not in names}
    a, b = (simulate(valleys.plan, replace(valleys_fit, draws=one), 200, days=60) for one in (stated, none))
    assert np.array_equal(a.rungs, b.rungs) and np.array_equal(a.counts, b.counts)
    assert np.array_equal(a.out.levels, b.out.levels)

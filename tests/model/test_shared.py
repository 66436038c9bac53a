"""Coefficients that several claims share, breaks that are one coefficient, and what no record speaks of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.kernel.paths import run
from fissures.model import fit as fitting
from fissures.model import prior as belief
from fissures.model import simulate as simulation
from fissures.model.blocks import STATED, TAUS, spread
from fissures.model.causes import normals
from fissures.model.fit import learn
from fissures.model.plan import coefficient

from . import by_hand
from .conftest import Prepared, fit, invented, prepare, silent

RESTATED = ("again", "cut_again", "shared_by_both", "of_the_break")


@pytest.fixture(scope="module")
def shared(valleys: Prepared) -> Prepared:
    """The invented case with restatements, a break of one coefficient, and claims on marks and pressures."""
    case = by_hand.certain(valleys.case)
    return prepare(case, invented(case))


@pytest.fixture(scope="module")
def shared_fit(shared: Prepared) -> fitting.Fit:
    return fit(shared)


def test_a_restatement_has_no_draws_of_its_own_and_its_own_terms(shared: Prepared, shared_fit: fitting.Fit) -> None:
    for name in RESTATED:
        assert f"claim:{name}" not in shared_fit.draws and f"claim:{name}" not in shared_fit.learnt
        (term, *_) = [t for t in shared.plan.terms if t.origin == name]
        assert term.name == coefficient(shared.case, name) in shared_fit.draws


def test_a_shared_coefficient_is_one_array_at_both_targets(shared: Prepared, shared_fit: fitting.Fit) -> None:
    """The claim and its restatement act by the same draws, sign aside, wherever they act."""
    built = simulation.world(shared.plan, shared_fit, 1)
    for name in RESTATED:
        mine = [t for t in shared.plan.terms if t.name == coefficient(shared.case, name)]
        assert len({t.origin for t in mine}) >= 2
        links = [link for place in built.ladders for link in place.links]
        links += [link for stream in built.streams for link in stream.links]
        for term in mine:
            drawn = term.sign * shared_fit.draws[term.name]
            assert any(link.factors == term.factors and np.array_equal(link.coefficient, drawn) for link in links), (
                term.key
            )


def test_the_data_of_both_targets_speak_of_a_shared_coefficient(valleys: Prepared) -> None:
    """Marches that follow water cuts and wardens who follow nothing: both streams speak of what they share."""
    one = valleys.case
    restated = one.claims["thirst_brings_marches"].model_copy(
        update={"same_as": "thirst_brings_marches", "strength": None, "prior": None, "effect": "raises stream wardens"}
    )
    two = one.model_copy(update={"claims": {**one.claims, "again": restated}})
    alone, both = (fit(prepare(case, valleys.panel)).vague["claim:thirst_brings_marches"] for case in (one, two))
    assert both.informed_by == alone.informed_by + 1  # the one day on which wardens came
    assert both.mean != alone.mean and both.sd < alone.sd


def test_what_is_learnt_does_not_hang_on_which_stream_comes_first(valleys: Prepared) -> None:
    """Streams that share a coefficient are fitted together."""
    claim = valleys.case.claims["thirst_brings_marches"]
    again = claim.model_copy(
        update={"same_as": "thirst_brings_marches", "strength": None, "prior": None,
                "effect": "raises stream council_meetings"}
    )  # fmt: skip
    told = []
    for turned in (False, True):
        streams = dict(reversed(valleys.case.streams.items())) if turned else valleys.case.streams
        case = valleys.case.model_copy(update={"claims": {"a": claim, "again": again}, "streams": streams})
        case = case.model_copy(
            update={"claims": {"thirst_brings_marches": claim, "again": again}, "systems": {}, "levers": {}}
        )
        made = prepare(case, invented(case))
        found = learn(case, made.plan, made.panel, made.history, belief.claim_priors(case))
        told.append(found["claim:thirst_brings_marches"])
    first, second = told
    assert first.informed_by == second.informed_by
    assert first.mean == pytest.approx(second.mean, abs=1e-4) and first.sd == pytest.approx(second.sd, rel=1e-4)


def test_a_stream_that_nobody_counted_teaches_nothing(valleys: Prepared) -> None:
    """Shared with an uncounted stream, a coefficient is what the counted ones say, draw by draw."""
    letters = valleys.case.streams["wardens"].model_copy(update={"base_rate": "2 per month"})
    claim = valleys.case.claims["thirst_brings_marches"].model_copy(
        update={"same_as": "thirst_brings_marches", "strength": None, "prior": None, "effect": "raises stream letters"}
    )
    case = valleys.case.model_copy(
        update={
            "streams": {**valleys.case.streams, "letters": letters},
            "claims": {**valleys.case.claims, "again": claim},
        }
    )
    name = "claim:thirst_brings_marches"
    alone, both = fit(valleys), fit(prepare(case, invented(case)))
    assert np.array_equal(alone.draws[name], both.draws[name]) and alone.learnt[name] == both.learnt[name]


def test_every_draw_is_a_number_even_of_what_is_sure(shared: Prepared, shared_fit: fitting.Fit) -> None:
    """A means that a rung always brings, and an advance: chances of one are no edge that anything falls off."""
    assert all(np.isfinite(draws).all() for draws in shared_fit.draws.values())
    out = run(simulation.world(shared.plan, shared_fit, 1), 30, 0, 200)
    for f in range(2):
        raids = out.rungs[f] >= 2
        assert raids.any() and np.array_equal(out.means[f] > 0, raids)
        assert np.array_equal(out.by[f] == 0, raids)
        assert np.array_equal(out.advances[f] == 1, out.rungs[f] >= 3)


# --- breaks ------------------------------------------------------------------------------------------------------


def test_a_break_of_one_coefficient_stands_with_claims_and_without(shared: Prepared, shared_fit: fitting.Fit) -> None:
    off = fit(shared, claims="off")
    for made in (shared_fit, off):
        assert "break:frost" in made.draws and "break:frost" in made.learnt
        assert made.priors["break:frost"] == (0.4, 0.3)
    assert not [name for name in off.draws if name.startswith("claim:")]
    assert set(off.learnt) == {"break:frost"}


def test_a_break_acts_on_the_ladders_that_it_names_and_from_the_start(
    shared: Prepared, shared_fit: fitting.Fit
) -> None:
    """Frost lowers violence for good: a stronger break never raises tomorrow's rung, on common random numbers."""
    calm = replace(shared_fit, draws={**shared_fit.draws, "break:frost": shared_fit.draws["break:frost"] + 1.0})
    rungs = [
        run(simulation.world(shared.plan, one, 1), 1, 0, 2000).rungs[:, 0].astype(int) for one in (shared_fit, calm)
    ]
    assert (rungs[1][:2] <= rungs[0][:2]).all() and (rungs[1][:2] < rungs[0][:2]).any()


# --- claims of which no record speaks ----------------------------------------------------------------------------


def test_claims_on_marks_and_pressures_keep_their_priors(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    name = "claim:fear_brings_fire"
    mean, sd = belief.claim_priors(valleys.case)[name]
    told = valleys_fit.learnt[name]
    assert (told.mean, told.sd, told.informed_by, told.varies) == (mean, sd, 0, False)
    # Each draw under its own doubt, which all claims share.
    doubt = np.array(TAUS)[spread(np.array(valleys_fit.doubt), 1)] / STATED
    assert np.array_equal(valleys_fit.draws[name], mean + sd * doubt * normals(1, name))
    assert valleys_fit.vague[name].mean == 0.0 and valleys_fit.vague[name].sd == 0.4


def _chances(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def test_a_means_is_used_as_often_as_stated_and_as_seen(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    """A stated chance weighs ten days; thirty days on which it burnt every time raise it to thirty-three in forty."""
    stated = _chances(valleys_fit.draws["river:raids:means_arson"])
    assert stated.mean() == pytest.approx(0.3, abs=0.02)
    assert stated.var() == pytest.approx(0.3 * 0.7 / 11, rel=0.15)
    burnt = replace(valleys.panel, means_by_rung={("river", 2, "arson"): (30.0, 30.0)})
    seen = _chances(fit(replace(valleys, panel=burnt)).draws["river:raids:means_arson"])
    assert seen.mean() == pytest.approx(33 / 40, abs=0.02)
    assert "river:calm:means_arson" not in valleys_fit.draws


def test_the_dead_divide_as_on_record(valleys_fit: fitting.Fit) -> None:
    weir, ford = (valleys_fit.draws[f"{front}:first_share"] for front in ("weir", "ford"))
    assert weir.mean() == pytest.approx(19 / 45, abs=0.01) and ford.mean() == pytest.approx(0.5, abs=0.02)
    assert weir.std() < ford.std()


def test_silence_where_somebody_watched_is_no_gap(valleys: Prepared) -> None:
    """A stream watched and never seen is fitted; one that nobody watched keeps its prior rate."""
    at = [s.name for s in valleys.plan.streams].index("wardens")
    watched = fit(prepare(valleys.case, silent(valleys.panel, at, "wardens")))
    gone = {name: seen for name, seen in valleys.panel.observed.items() if name != "wardens"}
    unwatched = fit(prepare(valleys.case, replace(valleys.panel, observed=gone)))
    rate = float(np.log(1 / 365.25))
    assert unwatched.draws["wardens:rate"].mean() == pytest.approx(rate, abs=0.1)
    assert watched.draws["wardens:rate"].mean() < rate - 0.2
    assert {b.name: b.method for b in unwatched.blocks}["stream wardens"].startswith("prior only")


def test_a_case_without_streams_pressures_or_claims_still_runs(valleys: Prepared) -> None:
    """The ladders alone are a model too."""
    weekly = valleys.case.evidence["weekly"]
    bare = valleys.case.model_copy(
        update={
            "streams": {}, "pressures": {}, "commitments": {}, "claims": {}, "levers": {}, "systems": {}, "tracks": {},
            "ladders": {"river": valleys.case.ladders["river"]},
            "evidence": {"weekly": weekly, "deaths": valleys.case.evidence["deaths"]},
            "questions": {k: q for k, q in valleys.case.questions.items() if k != "marches"},
        }
    )  # fmt: skip
    case: Case = bare
    made = prepare(case, invented(case))
    out = simulation.simulate(made.plan, fit(made), 50, days=20)
    assert out.counts.shape == (0, 20, 50) and out.rungs.max() > 0

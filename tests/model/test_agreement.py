"""The fit and the simulator speak of the same model: on the record's own days both give the same chances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel import paths as stepping
from fissures.kernel import streams as counting
from fissures.kernel.rng import path_numbers
from fissures.model import fit as fitting
from fissures.model import fit_streams as blocks
from fissures.model import history as past
from fissures.model import plan as layout
from fissures.model import prior as belief
from fissures.model import simulate as simulation
from fissures.model.causes import DRAWS, Learnt, normals, usual_causes
from fissures.model.fit_ladders import ladder_rows

from .conftest import Prepared

Floats = NDArray[np.float64]
DRAW = 17


def believed(made: Prepared) -> fitting.Fit:
    """A fit to nothing: draws from the priors alone."""
    names = belief.ladder_names(made.plan, 0)
    mean, sd = belief.ladder_prior(made.case, made.plan, 0)
    priors = dict(zip(names, zip(mean, sd, strict=True), strict=True)) | belief.claim_priors(made.case)
    for stream in made.plan.streams:
        priors[f"{stream.name}:rate"] = (stream.log_rate, stream.spread)
        priors[f"{stream.name}:own_memory"] = belief.OWN_MEMORY
        priors[f"{stream.name}:rung"] = belief.RUNG_RESPONSE
        priors |= {name: (mean, sd) for name, _, mean, sd in stream.obliged}
    draws = {name: mean + sd * normals(1, name) for name, (mean, sd) in priors.items()}
    draws |= {f"{stream.name}:size": np.ones(DRAWS) for stream in made.plan.streams}
    history = made.history
    every = np.zeros(DRAWS, np.int64)  # all draws start from the first completion
    start = fitting.Start(
        history.start_rungs[every],
        history.start_memories[every],
        history.start_pressures[every],
        history.start_streams[every],
        np.zeros(len(made.plan.pressures)),
        np.zeros(len(made.plan.pressures)),
    )
    usual = usual_causes(made.plan, history)
    return fitting.Fit("", "", 1, "with", draws, usual, start, {}, {}, {}, (), ())


@pytest.fixture
def replayed(caucasus: Prepared, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """The shipped case with its first completion alone, so that nothing is an average over completions."""
    monkeypatch.setattr(past, "COMPLETIONS", 1)
    first = {
        name: getattr(caucasus.history, name)[:1]
        for name in ("rungs", "deaths", "memories", "pressures", "start_rungs", "start_memories", "start_pressures")
    }
    return replace(caucasus, history=replace(caucasus.history, **first))


def standing(made: Prepared, fit: fitting.Fit) -> stepping._State:
    """A simulator whose paths are the record's days: path t stands where the record stood on the morning of t + 1."""
    days, history = made.panel.days - 1, made.history
    state = stepping._State(simulation.world(made.plan, fit, 1), np.full(days, DRAW))
    state.rungs = history.rungs[0, :, :-1]
    state.memories = history.memories[0, :, 1:].transpose(0, 2, 1)
    state.pressures = history.pressures[0, :, 1:]
    state.own = history.stream_memory[:, 1:]
    return state


def softmax(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float64)


def test_every_move_has_the_same_chance_in_the_fit_and_in_the_simulator(
    replayed: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, fit = replayed, believed(replayed)
    simulated: list[Floats] = []

    def record(chances: Floats, uniform: Floats) -> NDArray[np.int64]:
        simulated.append(chances)
        return np.zeros(uniform.shape, np.int64)

    monkeypatch.setattr(law, "move", record)
    standing(made, fit).move_fronts(0, path_numbers(0, made.panel.days - 1))
    found = np.concatenate(simulated, axis=1).T  # front by front, day by day

    names = [*belief.ladder_names(made.plan, 0), *belief.claim_priors(made.case)]
    theta = np.array([fit.draws[name][DRAW] for name in names])
    start = made.history.rungs[0, :, :-1].ravel()
    seen = np.unique(start)
    for rows in ladder_rows(made.case, made.plan, made.panel, made.history, names, 0, 0):
        rung = (int(rows.columns[0]) - names.index("border:quiet:b0")) // (law.BASIS + 7)
        if rung in seen:
            here = found[start == rung]
            fitted = softmax(rows.design @ theta[rows.columns])[: len(here)]  # pseudo-days come after the days
            assert np.allclose(here, fitted, rtol=1e-9, atol=1e-13), made.plan.rungs[0][rung]


def test_every_stream_has_the_same_mean_in_the_fit_and_in_the_simulator(
    replayed: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, fit = replayed, believed(replayed)
    days, simulated = made.panel.days - 1, list[Floats]()

    def record(uniform: Floats, mean: Floats, size: Floats) -> Floats:
        simulated.append(mean)
        return np.zeros(uniform.shape)

    monkeypatch.setattr(counting, "quantile", record)
    state = standing(made, fit)
    state.rungs = made.history.rungs[0, :, 1:]  # fronts have moved when streams react
    state.count_streams(0, path_numbers(0, days))
    for s, stream in enumerate(made.plan.streams):
        terms = [t for t in made.plan.stream_terms if t.target == s]
        day = np.arange(1, days + 1)
        design = blocks._stream_design(made.plan, made.history, s, terms, day, day + 1)
        own = [f"{stream.name}:rate", f"{stream.name}:own_memory", f"{stream.name}:rung"]
        names = [*own, *(owed[0] for owed in stream.obliged), *(t.name for t in terms)]
        beta = np.array([fit.draws[name][DRAW] for name in names])
        expected = np.exp(np.minimum(design @ beta, counting.LOG_MEAN_CAP))
        assert np.allclose(simulated[s], expected, rtol=1e-6), stream.name


def test_a_claim_said_the_other_way_round_is_fitted_the_other_way_round(valleys: Prepared) -> None:
    """ "Raises" with a coefficient of 0.3 and "lowers" with -0.3 are one claim in two wordings."""
    one = fitted_vaguely(valleys, "raises climbing of weir, ford")
    other = fitted_vaguely(valleys, "lowers climbing of weir, ford")
    assert other.mean == pytest.approx(-one.mean, abs=1e-6) and other.sd == pytest.approx(one.sd, rel=1e-6)
    assert abs(one.mean) > 0.01


def fitted_vaguely(made: Prepared, effect: str) -> Learnt:
    """What the data alone say of the first claim, in these words."""
    name = "thirst_raises_climbing"
    claims = {**made.case.claims, name: made.case.claims[name].model_copy(update={"effect": effect})}
    case = made.case.model_copy(update={"claims": claims})
    plan = layout.build(case, made.panel)
    return fitting.fit(case, plan, made.panel, made.history, 1).vague[f"claim:{name}"]

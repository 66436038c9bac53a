"""The fit and the simulator speak of the same model: on the record's own days both give the same chances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.events.panel import Counts
from fissures.kernel import factors, world
from fissures.kernel import ladder as law
from fissures.kernel import paths as stepping
from fissures.kernel import streams as counting
from fissures.kernel.arith import log1p
from fissures.kernel.rng import path_numbers
from fissures.model import fit as fitting
from fissures.model import fit_streams as blocks
from fissures.model import history as past
from fissures.model import plan as layout
from fissures.model import prior as belief
from fissures.model import simulate as simulation
from fissures.model.causes import DRAWS, Learnt, normals, usual_causes
from fissures.model.fit_ladders import ladder_rows
from fissures.model.fit_marks import draw_marks

from . import by_hand
from .conftest import Prepared, invented, prepare, shipped

Floats = NDArray[np.float64]
DRAW = 17
MARKS = (world.MOVED, world.MEANS, world.ADVANCE, world.DEAD)


def believed(made: Prepared) -> fitting.Fit:
    """A fit to nothing: draws from the priors alone."""
    priors = belief.break_priors(made.case) | belief.claim_priors(made.case)
    for ladder in set(made.plan.ladder_of):
        mean, sd = belief.ladder_prior(made.case, made.plan, ladder)
        priors |= dict(zip(belief.ladder_names(made.plan, ladder), zip(mean, sd, strict=True), strict=True))
    for stream in made.plan.streams:
        priors[f"{stream.name}:rate"] = (stream.log_rate, stream.spread)
        priors[f"{stream.name}:own_memory"] = belief.OWN_MEMORY
        priors[f"{stream.name}:rung"] = belief.RUNG_RESPONSE
        priors |= {name: (mean, sd) for name, _, mean, sd in stream.obliged}
    draws = {name: mean + sd * normals(1, name) for name, (mean, sd) in priors.items()}
    draws |= {f"{stream.name}:size": np.ones(DRAWS) for stream in made.plan.streams}
    draws |= draw_marks(made.plan, made.panel, made.history, 1)
    history, every = made.history, np.zeros(DRAWS, np.int64)  # all draws start from the first completion
    pressures = len(made.plan.pressures)
    start = fitting.Start(
        history.start_rungs[every],
        history.start_memories[every],
        history.start_pressures[every],
        history.start_streams[every],
        history.start_since[every],
        history.start_triggers[every],
        np.zeros(pressures),
        np.zeros((pressures, 1)),
    )
    usual = usual_causes(made.plan, history)
    return fitting.Fit("", "", 1, "with", draws, usual, start, {}, {}, {}, {}, (), (), ())


def first_alone(made: Prepared, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """A case with its first completion alone, so that nothing is an average over completions."""
    monkeypatch.setattr(past, "COMPLETIONS", 1)
    history = made.history
    seen = replace(history.seen, **{k: getattr(history.seen, k)[:1] for k in ("rungs", "deaths", "counts")})
    rest = ("memories", "pressures", "stream_memory", "start_rungs", "start_memories", "start_pressures")
    rest += ("start_streams", "start_since", "start_triggers")
    first = {name: getattr(history, name)[:1] for name in rest}
    return replace(made, history=replace(history, seen=seen, shown={}, usual={}, **first))


def knowable(made: Prepared) -> Prepared:
    """The case without claims whose cause the record tells only as a chance: streams nobody counted, marks."""
    counted = {s for s, stream in enumerate(made.plan.streams) if made.panel.seen(stream.name).all()}
    told = {name for name, counts in made.panel.observed.items() if not counts.own_volume}
    counted |= {s for s, stream in enumerate(made.plan.streams) if stream.name in told}
    kept = tuple(
        t
        for t in made.plan.terms
        if not any(f.kind in MARKS or (f.kind == world.WITHIN and f.places[0] not in counted) for f in t.factors)
    )
    assert len(kept) > 0.8 * len(made.plan.terms)
    return replace(made, plan=replace(made.plan, terms=kept))


@pytest.fixture(params=["shipped", "every kind of claim"])
def replayed(request: pytest.FixtureRequest, valleys: Prepared, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """The shipped case, as far as its record tells; and the invented one with every mark certain and every kind of
    claim. Only the first completion of each."""
    if request.param == "shipped":
        return first_alone(knowable(shipped(1)), monkeypatch)
    # The record's dead divide by shares, which are no whole numbers.
    monkeypatch.setattr(factors, "log1p_count", log1p)
    case = by_hand.certain(valleys.case)
    return first_alone(prepare(case, invented(case)), monkeypatch)


def standing(made: Prepared, fit: fitting.Fit, moved: bool) -> stepping.State:
    """A simulator whose paths are the record's days: path t stands where the record stood on the morning of t + 1, or
    after fronts have moved on it."""
    days, history = made.panel.days - 1, made.history
    state = stepping.State(simulation.world(made.plan, fit, 1), np.full(days, DRAW))
    state.day = by_hand.morning(made, 0, moved)
    state.memories = history.memories[0, :, 1:].transpose(0, 2, 1)
    state.own = history.stream_memory[0, :, 1:]
    return state


def softmax(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float64)


@pytest.mark.parametrize("broken", [True, False], ids=["since the breaks", "before them"])
def test_every_move_has_the_same_chance_in_the_fit_and_in_the_simulator(
    replayed: Prepared, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """The simulator begins after every break, so it is held to the days since; before them a break is nothing yet."""
    made, fit = replayed, believed(replayed)
    last = max((b.date for b in made.case.breaks.values() if b.effect), default=made.panel.first)
    days = np.arange(1, made.panel.days) > made.day(str(last))
    if not broken:
        fit = replace(fit, draws={k: 0 * v if k.startswith("break:") else v for k, v in fit.draws.items()})
        days = ~days
    simulated: list[Floats] = []

    def record(chances: Floats, uniform: Floats) -> NDArray[np.int64]:
        simulated.append(chances.T)
        return np.zeros(uniform.shape, np.int64)

    monkeypatch.setattr(law, "move", record)
    standing(made, fit, False).move_places(0, path_numbers(0, made.panel.days - 1))

    used = sorted(set(made.plan.ladder_of))
    names = [name for ladder in used for name in belief.ladder_names(made.plan, ladder)]
    names += dict.fromkeys(t.name for t in made.plan.terms_on("ladder"))
    theta = np.array([fit.draws[name][DRAW] for name in names])
    rows_seen = 0
    for ladder in used:
        places = [f for f, which in enumerate(made.plan.ladder_of) if which == ladder]
        found = np.concatenate([simulated[f] for f in places])  # place by place, day by day
        start = made.history.rungs[0][places][:, :-1].ravel()
        rungs, seen = made.plan.rungs(places[0]), np.unique(start)
        first = names.index(f"{made.plan.ladders[ladder].name}:{rungs[0]}:b0")
        for rows in ladder_rows(made.case, made.plan, made.panel, made.history, names, ladder, 0):
            rung = (int(rows.columns[0]) - first) // (law.BASIS + len(rungs))
            if rung in seen:
                here, told = found[start == rung], np.tile(days, len(places))[start == rung]
                fitted = softmax(rows.design @ theta[rows.columns])[: len(here)]  # pseudo-days come after the days
                assert np.allclose(here[told], fitted[told], rtol=1e-6, atol=1e-9), (rungs[rung], ladder)
                rows_seen += int(told.sum())
    assert rows_seen == len(made.plan.places) * days.sum() > 0


def test_every_stream_has_the_same_mean_in_the_fit_and_in_the_simulator(
    replayed: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, fit = replayed, believed(replayed)
    days, simulated = made.panel.days - 1, list[Floats]()

    def record(uniform: Floats, mean: Floats, size: Floats) -> Floats:
        simulated.append(mean)
        return np.zeros(uniform.shape)

    monkeypatch.setattr(counting, "quantile", record)
    monkeypatch.setattr(counting, "exp_above", lambda x: np.full(x.shape, 1e9))  # every mean is worked out
    standing(made, fit, True).count_streams(0, path_numbers(0, days))
    random = [s for s, stream in enumerate(made.plan.streams) if stream.read is None]
    assert len(simulated) == len(random)
    for found, s in zip(simulated, random, strict=True):
        terms = made.plan.terms_on("stream", s)
        own = [name for name, _, _ in blocks.own_coefficients(made.plan, s, None)][:-1]
        names = [*own, *dict.fromkeys(t.name for t in terms)]
        day = np.arange(1, days + 1)
        every = Counts(day, day + 1, np.zeros(days))
        design = blocks.stream_design(made.plan, made.history, s, terms, names, every)
        beta = np.array([fit.draws[name][DRAW] for name in names])
        expected = np.exp(np.minimum(design @ beta, counting.LOG_MEAN_CAP))
        told = watched(made, terms)
        assert told.mean() > 0.9
        assert np.allclose(found[told], expected[told], rtol=1e-6), made.plan.streams[s].name


def watched(made: Prepared, terms: list[layout.Term]) -> NDArray[np.bool_]:
    """Days from the second on whose windows nobody failed to watch: elsewhere the past holds a chance."""
    out = np.ones(made.panel.days - 1, bool)
    for factor in (f for t in terms for f in t.factors if f.kind == world.WITHIN):
        stream = made.plan.streams[factor.places[0]]
        for gap in np.flatnonzero(~made.panel.seen(stream.name)) if stream.read is None else ():
            out[gap : gap + int(factor.level)] = False
    return out


def test_every_kind_of_cause_is_among_those_that_agree(valleys: Prepared) -> None:
    """Else the two laws above would hold of less than they say."""
    case = by_hand.certain(valleys.case)
    terms = layout.build(case, invented(case)).terms
    assert {f.kind for t in terms for f in t.factors} == set(range(13))
    for on in ("ladder", "stream"):
        mine = [t for t in terms if t.on == on]
        assert any(t.root for t in mine) and any(len(t.factors) == 2 for t in mine)
        assert any(f.below == f.below for t in mine for f in t.factors)
    assert any(f.above == f.above for t in terms for f in t.factors)
    assert any(t.moves is not None and t.moves.min() < 0 < t.moves.max() for t in terms)  # violence
    assert {t.target for t in terms if t.on == "ladder"} == {0, 1, 2}  # fronts and the track
    assert any(t.name != f"claim:{t.origin}" for t in terms if t.on == "stream")  # a shared coefficient


def test_a_claim_said_the_other_way_round_is_fitted_the_other_way_round(valleys: Prepared) -> None:
    """ "Raises" with a coefficient of 0.3 and "lowers" with -0.3 are one claim in two wordings."""
    one = fitted_vaguely(valleys, "raises climbing of weir, ford")
    other = fitted_vaguely(valleys, "lowers climbing of weir, ford")
    # A wide block is moved to its mean by a few normals, which do not turn with the sign.
    assert other.mean == pytest.approx(-one.mean, abs=0.03 * one.sd) and other.sd == pytest.approx(one.sd, rel=1e-3)
    assert abs(one.mean) > 0.01


def fitted_vaguely(made: Prepared, effect: str) -> Learnt:
    """What the data alone say of the first claim, in these words."""
    name = "thirst_raises_climbing"
    claims = {**made.case.claims, name: made.case.claims[name].model_copy(update={"effect": effect})}
    case = made.case.model_copy(update={"claims": claims})
    plan = layout.build(case, made.panel)
    return fitting.fit(case, plan, made.panel, made.history, 1).vague[f"claim:{name}"]

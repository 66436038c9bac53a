"""The streams' blocks, one each."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fissures.events.panel import Counts, Panel
from fissures.kernel import streams as counting
from fissures.kernel.posterior import Laplace, fit_mode
from fissures.kernel.world import Factor
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import DRAWS, VARIES, Block, Learnt, Priors, cause_path, normals, usual_causes
from fissures.model.plan import Plan, Term

Floats = NDArray[np.float64]


PRIOR_ONLY = "prior only: no data"


def fit_streams(
    plan: Plan, panel: Panel, history: past.History, priors: Priors, seed: int
) -> tuple[dict[str, Floats], dict[str, Learnt], list[Block]]:
    """Every stream that is a chance of its own, with the claims on it; without data the prior stands.

    Streams with data come first, and what one has taught of a shared coefficient is the next one's prior.
    """
    draws: dict[str, Floats] = {}
    learnt: dict[str, Learnt] = {}
    blocks: list[Block] = []
    order = sorted(range(len(plan.streams)), key=lambda s: plan.streams[s].name not in panel.observed)
    for s in order:
        if plan.streams[s].read is None:
            taught = {name: (one.mean, one.sd) for name, one in learnt.items()}
            part = _fit_stream(plan, panel, history, s, {**priors, **taught}, seed)
            fitted = part[2].method != PRIOR_ONLY
            draws |= {name: values for name, values in part[0].items() if fitted or name not in draws}
            _learn(learnt, part[1])
            blocks.append(part[2])
    return draws, learnt, blocks


def _learn(known: dict[str, Learnt], more: dict[str, Learnt]) -> None:
    """Add what one more block says of coefficients; events that spoke add up."""
    for name, one in more.items():
        if name not in known:
            known[name] = one
        elif one.informed_by:
            both = known[name].informed_by + one.informed_by
            known[name] = Learnt(one.mean, one.sd, both, one.varies or known[name].varies)


def _fit_stream(
    plan: Plan, panel: Panel, history: past.History, s: int, priors: Priors, seed: int
) -> tuple[dict[str, Floats], dict[str, Learnt], Block]:
    stream = plan.streams[s]
    terms = [t for t in plan.terms_on("stream", s) if t.name in priors]
    observed = panel.observed.get(stream.name)
    names, mean, sd = _stream_prior(plan, s, terms, priors, observed)
    if observed is None:
        z = np.stack([normals(seed, name) for name in names])
        drawn, size = mean[:, None] + sd[:, None] * z, float(np.exp(belief.LOG_SIZE[0]))
        after, events, varied = (mean, sd), 0, np.zeros(len(names))
        method, settled = PRIOR_ONLY, True
    else:
        design = _stream_design(plan, history, s, terms, names, observed.start, observed.end)
        laplace, size = _best_size(design, observed.count, (observed.end - observed.start).astype(float), mean, sd)
        drawn = laplace.draw(np.stack([normals(seed, name) for name in names], axis=1)).T
        events, varied = int(observed.count.sum()), np.ptp(design, axis=0)
        after, method, settled = (laplace.mode, laplace.sd()), "mode + Laplace", laplace.converged
    draws = dict(zip(names, drawn, strict=True)) | {f"{stream.name}:size": np.full(DRAWS, size)}
    learnt = {
        name: Learnt(float(after[0][k]), float(after[1][k]), events, bool(varied[k] > VARIES))
        for k, name in enumerate(names)
        if name.startswith(("claim:", "break:"))
    }
    return draws, learnt, Block(f"stream {stream.name}", method, settled, len(names))


def _stream_prior(
    plan: Plan, s: int, terms: list[Term], priors: Priors, observed: Counts | None
) -> tuple[list[str], Floats, Floats]:
    """Names, means and sds of a stream's coefficients; one that nobody counted answers to rungs by claims alone.

    A source with a volume of its own has an intercept beside the rate; what it counts then says nothing of the rate.
    """
    stream, counted = plan.streams[s], observed is not None
    own = [(f"{stream.name}:own_volume", *belief.OWN_VOLUME)] if observed is not None and observed.own_volume else []
    rows = [
        (f"{stream.name}:rate", stream.log_rate, stream.spread),
        (f"{stream.name}:own_memory", *belief.OWN_MEMORY),
        (f"{stream.name}:rung", *(belief.RUNG_RESPONSE if counted else (0.0, 0.0))),
        *own,
        *((name, mean, sd) for name, _, mean, sd in stream.obliged),
        *((name, *priors[name]) for name in dict.fromkeys(t.name for t in terms)),
    ]
    return [r[0] for r in rows], np.array([r[1] for r in rows]), np.array([r[2] for r in rows])


def _stream_design(
    plan: Plan,
    history: past.History,
    s: int,
    terms: list[Term],
    names: list[str],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> Floats:
    """Columns of a stream's log mean on its observed spans, averaged over days and completions; shape (n, k)."""
    fronts = len(plan.fronts)
    tops = np.array([len(plan.rungs(f)) - 1 for f in range(fronts)], float)
    height = (history.rungs[:, :fronts] / tops[None, :, None]).max(axis=1).mean(axis=0)
    memory = np.log1p(history.stream_memory[:, s]).mean(axis=0)
    columns = {name: np.zeros_like(height) for name in names}
    columns |= dict(zip(names, [np.ones_like(height), memory - plan.streams[s].usual, height], strict=False))
    columns |= {name: np.ones_like(height) for name in names if name == f"{plan.streams[s].name}:own_volume"}
    usual = usual_causes(plan, history)
    owed = [obligation(name, factor, s) for name, factor, _, _ in plan.streams[s].obliged]
    for term in (*owed, *terms):
        paths = [cause_path(plan, history, term, c, moved=True) for c in range(past.COMPLETIONS)]
        x = term.sign * (np.mean(paths, axis=0) - usual.get(term.key, 0.0))
        columns[term.name] = columns[term.name] + np.concatenate([x[:1], x])
    table = np.concatenate([np.zeros((1, len(names))), np.cumsum(np.stack(list(columns.values()), axis=1), axis=0)])
    return np.asarray((table[end] - table[start]) / (end - start)[:, None], np.float64)


def obligation(name: str, factor: Factor, stream: int) -> Term:
    """What a commitment in force does to the stream that it obliges, as a term."""
    return Term(name, name, 1, (factor,), "stream", stream)


def _curve(size: float, design: Floats, counts: Floats, days: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    return counting.log_likelihood(beta, size, design, counts, days)


def _best_size(design: Floats, counts: Floats, days: Floats, mean: Floats, sd: Floats) -> tuple[Laplace, float]:
    """Laplace fit at the most probable size on a grid of log sizes around its prior."""
    best: tuple[float, Laplace, float] | None = None
    for log_size in belief.LOG_SIZE[0] + belief.LOG_SIZE[1] * np.linspace(-3, 3, 25):
        size = float(np.exp(log_size))
        laplace = fit_mode(partial(_curve, size, design, counts, days), mean, sd)
        value = counting.log_likelihood(laplace.mode, size, design, counts, days)[0]
        value -= 0.5 * float(np.sum(((laplace.mode - mean) / sd) ** 2))
        value -= 0.5 * ((log_size - belief.LOG_SIZE[0]) / belief.LOG_SIZE[1]) ** 2
        if best is None or value > best[0]:
            best = (value, laplace, size)
    assert best is not None
    return best[1], best[2]

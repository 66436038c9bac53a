"""The streams' blocks and the deaths at each rung: one block each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import marks
from fissures.kernel import streams as counting
from fissures.kernel.posterior import Laplace, fit_mode
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import DRAWS, VARIES, Block, Learnt, cause_path, normals, usual_causes
from fissures.model.plan import Plan, Term

Floats = NDArray[np.float64]
Priors = Mapping[str, belief.Prior]


def fit_streams(
    plan: Plan, panel: Panel, history: past.History, priors: Priors, seed: int
) -> tuple[dict[str, Floats], dict[str, Learnt], list[Block]]:
    """Every stream as a block of its own; one that nobody counted keeps its prior and says so."""
    draws: dict[str, Floats] = {}
    learnt: dict[str, Learnt] = {}
    blocks = []
    for s, stream in enumerate(plan.streams):
        terms = [t for t in plan.stream_terms if t.target == s and t.name in priors]
        names, mean, sd = _stream_prior(plan, s, terms, priors)
        observed = panel.observed.get(stream.name)
        if observed is None:
            z = np.stack([normals(seed, name) for name in names])
            drawn, size = mean[:, None] + sd[:, None] * z, float(np.exp(belief.LOG_SIZE[0]))
            after, events, varied = (mean, sd), 0, np.zeros(len(names))
            method, settled = "prior only: no data", True
        else:
            design = _stream_design(plan, history, s, terms, observed.start, observed.end)
            laplace, size = _best_size(design, observed.count, (observed.end - observed.start).astype(float), mean, sd)
            drawn = laplace.draw(np.stack([normals(seed, name) for name in names], axis=1)).T
            events, varied = int(observed.count.sum()), np.ptp(design, axis=0)
            after, method, settled = (laplace.mode, laplace.sd()), "mode + Laplace", laplace.converged
        draws |= dict(zip(names, drawn, strict=True)) | {f"{stream.name}:size": np.full(DRAWS, size)}
        for k, name in enumerate(names):
            if name.startswith("claim:"):
                learnt[name] = Learnt(float(after[0][k]), float(after[1][k]), events, bool(varied[k] > VARIES))
        blocks.append(Block(f"stream {stream.name}", method, settled, len(names)))
    return draws, learnt, blocks


def _stream_prior(plan: Plan, s: int, terms: list[Term], priors: Priors) -> tuple[list[str], Floats, Floats]:
    stream = plan.streams[s]
    rows = [
        (f"{stream.name}:rate", stream.log_rate, stream.spread),
        (f"{stream.name}:own_memory", *belief.OWN_MEMORY),
        (f"{stream.name}:rung", *belief.RUNG_RESPONSE),
        *((name, mean, sd) for name, _, mean, sd in stream.obliged),
        *((t.name, *priors[t.name]) for t in terms),
    ]
    return [r[0] for r in rows], np.array([r[1] for r in rows]), np.array([r[2] for r in rows])


def _stream_design(
    plan: Plan, history: past.History, s: int, terms: list[Term], start: NDArray[np.int64], end: NDArray[np.int64]
) -> Floats:
    """Columns of a stream's log mean on its observed spans, averaged over days and completions; shape (n, k)."""
    tops = np.array([len(plan.rungs[which]) - 1 for which in plan.ladder_of], float)
    height = (history.rungs / tops[None, :, None]).max(axis=1).mean(axis=0)
    columns = [np.ones_like(height), np.log1p(history.stream_memory[s]) - plan.streams[s].usual, height]
    usual = usual_causes(plan, history)
    owed = [Term(name, 1, column, None, s) for name, column, _, _ in plan.streams[s].obliged]
    for term in (*owed, *terms):
        paths = [cause_path(plan, history, term.column, term.above, c, moved=True) for c in range(past.COMPLETIONS)]
        x = term.sign * (np.mean(paths, axis=0) - usual.get(term.name, 0.0))
        columns.append(np.concatenate([x[:1], x]))
    table = np.concatenate([np.zeros((1, len(columns))), np.cumsum(np.stack(columns, axis=1), axis=0)])
    return np.asarray((table[end] - table[start]) / (end - start)[:, None], np.float64)


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


def fit_deaths(
    case: Case, plan: Plan, panel: Panel, seed: int
) -> tuple[dict[str, Floats], dict[str, Learnt], list[Block]]:
    """Deaths on a day at each rung; rungs without a prior have none."""
    draws: dict[str, Floats] = {}
    blocks = []
    for number, ladder in enumerate(plan.ladders):
        for r, rung in enumerate(plan.rungs[number]):
            stated = case.ladders[ladder].rungs[rung].deaths_per_day
            if stated is None:
                continue
            seen = [(deaths, days) for which, deaths, days in panel.deaths_by_rung[ladder] if which == r]
            table = np.array(seen, float).reshape(-1, 2)
            mean = np.array([np.log(stated.mean), belief.LOG_SIZE[0]])
            sd = np.array([stated.spread, belief.LOG_SIZE[1]])
            laplace = marks.fit(table[:, 0], table[:, 1], _open_spans(plan, panel, number, r), mean, sd)
            names = [f"{ladder}:{rung}:log_deaths", f"{ladder}:{rung}:log_size"]
            drawn = laplace.draw(np.stack([normals(seed, name) for name in names], axis=1))
            draws |= {name: drawn[:, k].copy() for k, name in enumerate(names)}
            blocks.append(Block(f"deaths at {rung}", "mode + Laplace", laplace.converged, 2))
    return draws, {}, blocks


def _open_spans(plan: Plan, panel: Panel, ladder: int, rung: int) -> Floats:
    """Spells at a rung whose deaths are known only as a range, on days that the record leaves out."""
    rows = [
        (spell.end - spell.start + 1, spell.killed_low, spell.killed_high)
        for spell in panel.spells
        if plan.ladder_of[spell.front] == ladder and spell.rung == rung
        if spell.killed_low is not None and spell.killed_high is not None
        if not panel.covered[spell.start : spell.end + 1].any()
    ]
    return np.array(rows, float).reshape(-1, 3)

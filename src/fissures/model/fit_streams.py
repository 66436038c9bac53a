"""The streams' part of the fit: counts by day or span, with the claims on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fissures.events.panel import Counts, Panel
from fissures.kernel import streams as counting
from fissures.kernel.world import Factor
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.blocks import Part
from fissures.model.causes import DRAWS, VARIES, Priors, cause_path, normals, usual_causes
from fissures.model.plan import Plan, Term

Floats = NDArray[np.float64]


def claims_on(plan: Plan, s: int) -> list[str]:
    """Coefficients of claims and breaks that act on a stream, each once."""
    return list(dict.fromkeys(t.name for t in plan.terms_on("stream", s)))


def own_coefficients(plan: Plan, s: int, observed: Counts | None) -> list[tuple[str, float, float]]:
    """Name, prior mean and sd of a stream's own coefficients, the log of its size last.

    A stream that nobody counted answers to rungs by claims alone. A source with a volume of its own has an intercept
    beside the rate; what it counts then says nothing of the rate.
    """
    stream, counted = plan.streams[s], observed is not None
    own = [(f"{stream.name}:own_volume", *belief.OWN_VOLUME)] if observed is not None and observed.own_volume else []
    return [
        (f"{stream.name}:rate", stream.log_rate, stream.spread),
        (f"{stream.name}:own_memory", *belief.OWN_MEMORY),
        (f"{stream.name}:rung", *(belief.RUNG_RESPONSE if counted else (0.0, 0.0))),
        *own,
        *((name, mean, sd) for name, _, mean, sd in stream.obliged),
        (f"{stream.name}:log_size", *belief.LOG_SIZE),
    ]


def stream_part(plan: Plan, panel: Panel, history: past.History, names: Sequence[str], s: int, priors: Priors) -> Part:
    """The likelihood of a stream's counts over a block's `names`."""
    observed = panel.observed[plan.streams[s].name]
    own = [name for name, _, _ in own_coefficients(plan, s, observed)][:-1]
    claims = [name for name in claims_on(plan, s) if name in priors]
    terms = [t for t in plan.terms_on("stream", s) if t.name in priors]
    design = stream_design(plan, history, s, terms, [*own, *claims], observed)
    days = (observed.end - observed.start).astype(float)
    columns = [list(names).index(name) for name in (*own, *claims, f"{plan.streams[s].name}:log_size")]
    told = {"design": design, "counts": observed.count, "days": days}
    return Part(np.array(columns), counting, told)


def draw_uncounted(plan: Plan, s: int, priors: Priors, doubt: Floats, seed: int) -> dict[str, Floats]:
    """Draws of a stream that nobody counted, from its priors; `doubt` (D,) scales the sds of its claims."""
    own = own_coefficients(plan, s, None)[:-1]
    out = {name: mean + sd * normals(seed, name) for name, mean, sd in own}
    out[f"{plan.streams[s].name}:size"] = np.full(DRAWS, float(np.exp(belief.LOG_SIZE[0])))
    return out | draw_claims([name for name in claims_on(plan, s) if name in priors], priors, doubt, seed)


def draw_claims(names: Sequence[str], priors: Priors, doubt: Floats, seed: int) -> dict[str, Floats]:
    """Draws of claims from their priors, c = m + doubt s z; of breaks, whose doubt is their own, m + s z."""
    return {
        name: priors[name][0] + priors[name][1] * (doubt if name.startswith("claim:") else 1.0) * normals(seed, name)
        for name in names
    }


def informed(plan: Plan, panel: Panel, history: past.History, s: int, priors: Priors) -> dict[str, tuple[int, bool]]:
    """For each claim on a counted stream, how many events there were and whether its cause varied while they were
    counted."""
    observed = panel.observed[plan.streams[s].name]
    names = [name for name in claims_on(plan, s) if name in priors]
    terms = [t for t in plan.terms_on("stream", s) if t.name in priors]
    if not names:
        return {}
    varied = np.ptp(stream_design(plan, history, s, terms, names, observed), axis=0)
    return {name: (int(observed.count.sum()), bool(v > VARIES)) for name, v in zip(names, varied, strict=True)}


def stream_design(
    plan: Plan,
    history: past.History,
    s: int,
    terms: list[Term],
    names: Sequence[str],
    observed: Counts,
) -> Floats:
    """Columns `names` of a stream's log mean on its observed spans, averaged over days and completions; (n, k)."""
    start, end = observed.start, observed.end
    fronts = len(plan.fronts)
    tops = np.array([len(plan.rungs(f)) - 1 for f in range(fronts)], float)
    height = (history.rungs[:, :fronts] / tops[None, :, None]).max(axis=1).mean(axis=0)
    memory = np.log1p(history.stream_memory[:, s]).mean(axis=0)
    name = plan.streams[s].name
    columns = {each: np.zeros_like(height) for each in names}
    stand = {"rate": np.ones_like(height), "own_memory": memory - plan.streams[s].usual, "rung": height}
    stand["own_volume"] = stand["rate"]
    columns |= {f"{name}:{what}": path for what, path in stand.items() if f"{name}:{what}" in columns}
    usual = usual_causes(plan, history)
    owed = [obligation(name, factor, s) for name, factor, _, _ in plan.streams[s].obliged]
    for term in (term for term in (*owed, *terms) if term.name in columns):
        paths = [cause_path(plan, history, term, c, moved=True) for c in range(past.COMPLETIONS)]
        x = term.sign * (np.mean(paths, axis=0) - usual.get(term.key, 0.0))
        columns[term.name] = columns[term.name] + np.concatenate([x[:1], x])
    table = np.concatenate([np.zeros((1, len(names))), np.cumsum(np.stack(list(columns.values()), axis=1), axis=0)])
    return np.asarray((table[end] - table[start]) / (end - start)[:, None], np.float64)


def obligation(name: str, factor: Factor, stream: int) -> Term:
    """What a commitment in force does to the stream that it obliges, as a term."""
    return Term(name, name, 1, (factor,), "stream", stream)

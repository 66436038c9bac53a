"""The fit: priors and evidence in, draws by coefficient name out.

The likelihood is a product over blocks: all ladders together (their claims may be shared), each stream, the deaths of
each rung. A block is log-concave, so mode and Laplace approximation describe it; each completion of the record is
fitted apart and the draws are spread over completions (multiple imputation, Rubin 1987).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import Finding, FitError
from fissures.events.panel import Panel
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import DRAWS, Block, Learnt, usual_causes
from fissures.model.fit_ladders import fit_ladders
from fissures.model.fit_marks import draw_marks, draw_unseen, fit_deaths
from fissures.model.fit_streams import fit_streams
from fissures.model.plan import Plan, without_claims

Floats = NDArray[np.float64]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Start:
    """Where things stand after the as-of date, by draw: rungs (D, F), memories (D, F, Q), pressures (D, P), stream
    memories and days since each stream's last event (D, S) and each commitment's trigger (D, K); by pressure its raw
    level on an average day of the record (P,), and its series' values on the days to come (P, T)."""

    rungs: NDArray[np.int64]
    memories: Floats
    pressures: Floats
    streams: Floats
    since: Floats
    triggers: Floats
    average: Floats
    ahead: Floats


@dataclass(frozen=True)
class Fit:
    """Draws of every coefficient by name (D,), with the start state; never a plan.

    `claims` is "with" or "off"; `usual` is what phi(cause) of each term (by key) was on an average day of the record;
    `vague` holds the claims refitted under N(0, .4).
    """

    parent: str
    digest: str
    seed: int
    claims: str
    draws: dict[str, Floats]
    usual: dict[str, float]
    start: Start
    priors: dict[str, belief.Prior]
    learnt: dict[str, Learnt]
    vague: dict[str, Learnt]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


def fit(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    seed: int = 1,
    claims: str = "with",
    progress: Progress | None = None,
) -> Fit:
    """Fit a plan to its panel and completed history; claims "with" or "off" (the same ladder and memories, refitted).

    Raises FitError where a block did not converge.
    """
    say = progress or (lambda _: None)
    whole, plan = plan, plan if claims == "with" else without_claims(plan)
    share = uniforms(name_key(seed, "completion", "draw"), 0, path_numbers(0, DRAWS))
    which = np.minimum((share * past.COMPLETIONS).astype(np.int64), past.COMPLETIONS - 1)
    priors = belief.break_priors(case) | (belief.claim_priors(case) if claims == "with" else {})
    say("fitting ladders")
    draws, learnt, blocks = fit_ladders(case, plan, panel, history, priors, seed, which)
    say("fitting streams and deaths")
    taught = {**priors, **{name: (one.mean, one.sd) for name, one in learnt.items()}}
    for part in (fit_streams(plan, panel, history, taught, seed), fit_deaths(case, plan, panel, history, seed)):
        draws |= part[0]
        learnt = _joined(learnt, part[1])
        blocks += part[2]
    unseen = draw_unseen(plan, priors, seed)
    draws = {**unseen[0], **draw_marks(plan, panel, history, seed), **draws}
    learnt = {**unseen[1], **learnt}
    vague = _vague(case, plan, panel, history, seed, which) if claims == "with" else {}
    failed = [block.name for block in blocks if not block.converged]
    if failed:
        raise FitError(
            f"did not converge: {', '.join(failed)}",
            where="fit",
            why="answers from a fit that has not settled would be noise",
            remedy="look for a claim whose cause never varies, or widen the evidence",
        )
    start = _start(plan, panel, history, which)
    return Fit(
        parent=whole.digest,
        digest=_digest(whole.digest, draws, start),
        seed=seed,
        claims=claims,
        draws=draws,
        usual=usual_causes(plan, history),
        start=start,
        priors=priors,
        learnt=learnt,
        vague=vague,
        blocks=tuple(blocks),
        findings=panel.findings,
    )


def _joined(ladders: dict[str, Learnt], streams: dict[str, Learnt]) -> dict[str, Learnt]:
    """What blocks one after the other say of each coefficient: the last word, and all that spoke."""
    out = dict(ladders)
    for name, one in streams.items():
        if name in out:
            both, varies = out[name].informed_by + one.informed_by, out[name].varies or one.varies
            one = Learnt(one.mean, one.sd, both, varies)
        out[name] = one
    return out


def _digest(parent: str, draws: dict[str, Floats], start: Start) -> str:
    state = hashlib.sha256(parent.encode())
    for name in sorted(draws):
        state.update(name.encode())
        state.update(np.ascontiguousarray(draws[name]).tobytes())
    for values in vars(start).values():
        state.update(np.ascontiguousarray(values).tobytes())
    return state.hexdigest()


def _start(plan: Plan, panel: Panel, history: past.History, which: NDArray[np.int64]) -> Start:
    ahead = np.zeros((len(plan.pressures), plan.horizon_days))
    for p, pressure in enumerate(plan.pressures):
        if pressure.series is not None:
            ahead[p] = panel.futures[pressure.series] if pressure.known else panel.series[pressure.series][-1]
    return Start(
        history.start_rungs[which],
        history.start_memories[which],
        history.start_pressures[which],
        history.start_streams[which],
        history.start_since[which],
        history.start_triggers[which],
        history.pressures.mean(axis=(0, 2)),
        ahead,
    )


def _vague(
    case: Case, plan: Plan, panel: Panel, history: past.History, seed: int, which: NDArray[np.int64]
) -> dict[str, Learnt]:
    """Every claim refitted under N(0, .4): what the data alone say, beside the analyst's prior."""
    priors = belief.break_priors(case) | dict.fromkeys(belief.claim_priors(case), belief.VAGUE)
    ladders = fit_ladders(case, plan, panel, history, priors, seed, which)[1]
    taught = {**priors, **{name: (one.mean, one.sd) for name, one in ladders.items()}}
    return _joined(ladders, fit_streams(plan, panel, history, taught, seed)[1]) | {
        name: one for name, one in draw_unseen(plan, priors, seed)[1].items() if name not in ladders
    }

"""The fit: priors and evidence in, draws by coefficient name out.

The likelihood is a product over blocks: ladders and counted streams, together where their claims share a coefficient,
and the deaths of each rung. Each completion of the record is fitted apart and the draws are spread over completions
(multiple imputation, Rubin 1987); the doubt that all claims share is weighed by all blocks together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import Finding, FitError
from fissures.events.panel import Panel
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import findings, half_lives, joint
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.blocks import STATED, TAUS, Solved, draw, moments, solve, spread, weigh
from fissures.model.causes import DRAWS, Block, Learnt, usual_causes
from fissures.model.fit_ladders import claims_on as ladders_claims
from fissures.model.fit_ladders import informed
from fissures.model.fit_marks import draw_marks, fit_deaths, unseen
from fissures.model.fit_streams import draw_claims, draw_uncounted, own_coefficients
from fissures.model.fit_streams import informed as stream_informed
from fissures.model.found_breaks import find
from fissures.model.half_lives import HalfLife
from fissures.model.plan import Plan, without_claims
from fissures.model.scrutiny import Scrutiny, scrutinise
from fissures.model.threads import Aside, in_turn, side_by_side

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
    `vague` holds the claims refitted under N(0, .4), `scrutiny` what could be tested of them, `doubt` the
    posterior weights of the scales of doubt (TAUS).
    """

    parent: str
    digest: str
    seed: int
    claims: str
    draws: dict[str, Floats]
    usual: dict[str, float | Floats]
    start: Start
    priors: dict[str, belief.Prior]
    learnt: dict[str, Learnt]
    vague: dict[str, Learnt]
    scrutiny: dict[str, Scrutiny]
    doubt: tuple[float, ...]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    half_lives: tuple[HalfLife, ...] = ()


def fit(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    seed: int = 1,
    claims: str = "with",
    progress: Progress | None = None,
    full: bool = False,
) -> Fit:
    """Fit a plan to its panel and completed history; claims "with" or "off" (the same ladder and memories, refitted).

    With `full`, ladders are sampled whatever their k-hat, which takes minutes. Raises FitError where a block did not
    converge.
    """
    with side_by_side() as aside:
        return _fit(_given(case, plan, panel, history, seed, full), claims, progress, aside)


def both(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    seed: int = 1,
    progress: Progress | None = None,
    full: bool = False,
) -> tuple[Fit, Fit]:
    """The fits with claims and with all claims off, side by side; as two calls of `fit`."""
    given = _given(case, plan, panel, history, seed, full)
    with side_by_side() as aside:
        off = aside(lambda: _fit(given, "off", None, in_turn))
        return _fit(given, "with", progress, aside), off()


@dataclass(frozen=True)
class _Given:
    case: Case
    plan: Plan
    panel: Panel
    history: past.History
    paths: half_lives.Bent
    seed: int
    full: bool


def _given(case: Case, plan: Plan, panel: Panel, history: past.History, seed: int, full: bool) -> _Given:
    usual_causes(plan, history)  # every fit reads it: found once, before they part
    return _Given(case, plan, panel, history, half_lives.bent(plan, panel, history), seed, full)


def _fit(given: _Given, claims: str, progress: Progress | None, aside: Aside) -> Fit:
    case, panel, history, paths, seed = given.case, given.panel, given.history, given.paths, given.seed
    plan = given.plan if claims == "with" else without_claims(given.plan)
    say = progress or (lambda _: None)
    say("fitting ladders, streams and deaths")
    doubted = claims == "with"
    vague = aside(lambda: _vague(case, plan, panel, history) if doubted else {})
    scrutiny = aside(lambda: scrutinise(case, plan, panel, history) if doubted else {})
    share = uniforms(name_key(seed, "completion", "draw"), 0, path_numbers(0, DRAWS))
    which = np.minimum((share * past.COMPLETIONS).astype(np.int64), past.COMPLETIONS - 1)
    priors = belief.break_priors(case) | (belief.claim_priors(case) if doubted else {})
    solved = [solve(block) for block in joint.blocks(case, plan, panel, history, priors)]
    weights = weigh(solved)
    taus = spread(weights, seed)
    found = half_lives.profiles(case, plan, panel, history, paths, priors, solved)
    lives = half_lives.believed(plan, found)
    lived = half_lives.assigned(lives, seed)
    drawn = [draw(one, taus, which, seed, given.full) for one in solved]
    deaths = fit_deaths(case, plan, panel, history, seed)
    alone = [_by_prior_alone(plan, s) for s in _uncounted(plan, panel)]
    blocks = (*(told for _, told in drawn), *alone, *deaths[1])
    _refuse_what_did_not_settle(blocks)
    draws = _by_prior(plan, panel, priors, np.array(TAUS)[taus] / STATED, seed)
    for values, _ in drawn:
        draws |= half_lives.moved(values, found, lived)
    draws = _sized(draws | deaths[0]) | half_lives.drawn(lived)
    draws = {**draw_marks(plan, panel, history, seed), **draws}
    breaks = find(plan, panel, history, solved, int(weights.argmax())) if doubted else []
    start = _start(plan, panel, history, which, half_lives.start(plan, history, paths, lived, which))
    learnt = _learnt(_spoke(plan, panel, history, priors), solved, weights)
    return Fit(
        parent=given.plan.digest,
        digest=_digest(given.plan.digest, draws, start),
        seed=seed,
        claims=claims,
        draws=draws,
        usual=half_lives.usual(plan, history, paths, lived),
        start=start,
        priors=priors,
        learnt=_untold(plan, priors) | _doubted(learnt, found, lives),
        vague=vague(),
        scrutiny=scrutiny(),
        doubt=tuple(float(w) for w in weights),
        blocks=blocks,
        findings=(*panel.findings, *findings.found(plan, history, blocks, learnt, breaks)),
        half_lives=lives,
    )


def _by_prior(
    plan: Plan, panel: Panel, priors: Mapping[str, belief.Prior], doubt: Floats, seed: int
) -> dict[str, Floats]:
    """Draws of what no record speaks of: streams that nobody counted, claims on them, on marks and on pressures."""
    out = draw_claims(unseen(plan, priors), priors, doubt, seed)
    for s in _uncounted(plan, panel):
        out |= draw_uncounted(plan, s, priors, doubt, seed)
    return out


def _uncounted(plan: Plan, panel: Panel) -> list[int]:
    """Streams that are a chance of their own and that nobody counted."""
    known = set(joint.counted(plan, panel))
    return [s for s, stream in enumerate(plan.streams) if stream.read is None and s not in known]


def _by_prior_alone(plan: Plan, s: int) -> Block:
    return Block(f"stream {plan.streams[s].name}", "prior only: no data", True, len(own_coefficients(plan, s, None)))


def _sized(draws: dict[str, Floats]) -> dict[str, Floats]:
    """Draws with the size of each counted stream beside its log."""
    return draws | {
        name.replace(":log_size", ":size"): np.exp(values)
        for name, values in draws.items()
        if name.endswith(":log_size") and name.count(":") == 1
    }


def _refuse_what_did_not_settle(blocks: Sequence[Block]) -> None:
    failed = [block.name for block in blocks if not block.converged]
    if failed:
        raise FitError(
            f"did not converge: {', '.join(failed)}",
            where="fit",
            why="answers from a fit that has not settled would be noise",
            remedy="look for a claim whose cause never varies, or widen the evidence",
        )


def _spoke(
    plan: Plan, panel: Panel, history: past.History, priors: Mapping[str, belief.Prior]
) -> dict[str, tuple[int, bool]]:
    """For every claim and break, how many moves and events spoke of it, and whether its cause varied."""
    out: dict[str, tuple[int, bool]] = {}
    told = [
        {name: informed(plan, history, name) for name in ladders_claims(plan, n) if name in priors}
        for n in sorted(set(plan.ladder_of))
    ]
    told += [stream_informed(plan, panel, history, s, priors) for s in joint.counted(plan, panel)]
    done: set[str] = set()
    for number, part in enumerate(told):
        for name, (count, varies) in part.items():
            ladder = number < len(set(plan.ladder_of))
            if ladder and name in done:  # already counted over all ladders
                continue
            done |= {name} if ladder else set()
            before = out.get(name, (0, False))
            out[name] = (before[0] + count, before[1] or varies)
    return out


def _learnt(spoke: Mapping[str, tuple[int, bool]], solved: Sequence[Solved], weights: Floats) -> dict[str, Learnt]:
    """What blocks say of the claims and breaks of which they speak, over the outer grid; elsewhere the prior."""
    out: dict[str, Learnt] = {}
    for one in solved:
        mean, sd = moments(one, weights)
        told = zip(one.block.names, mean.tolist(), sd.tolist(), strict=True)
        out |= {name: Learnt(m, s, *spoke[name]) for name, m, s in told if name in spoke}
    return out


def _digest(parent: str, draws: dict[str, Floats], start: Start) -> str:
    state = hashlib.sha256(parent.encode())
    for name in sorted(draws):
        state.update(name.encode())
        state.update(np.ascontiguousarray(draws[name]).tobytes())
    for values in vars(start).values():
        state.update(np.ascontiguousarray(values).tobytes())
    return state.hexdigest()


def _doubted(learnt: dict[str, Learnt], found: half_lives.Profiles, lives: Sequence[HalfLife]) -> dict[str, Learnt]:
    """What was learnt at the stated half-lives, with what the doubt about them adds."""
    out = {}
    for name, one in learnt.items():
        mean, variance = half_lives.spread(found, lives, name)
        out[name] = replace(one, mean=one.mean + mean, sd=float(np.sqrt(one.sd**2 + variance)))
    return out


def _start(plan: Plan, panel: Panel, history: past.History, which: NDArray[np.int64], pressures: Floats) -> Start:
    ahead = np.zeros((len(plan.pressures), plan.horizon_days))
    for p, pressure in enumerate(plan.pressures):
        if pressure.series is not None:
            ahead[p] = panel.futures[pressure.series] if pressure.known else panel.series[pressure.series][-1]
    return Start(
        history.start_rungs[which],
        history.start_memories[which],
        pressures,
        history.start_streams[which],
        history.start_since[which],
        history.start_triggers[which],
        history.pressures.mean(axis=(0, 2)),
        ahead,
    )


def _vague(case: Case, plan: Plan, panel: Panel, history: past.History) -> dict[str, Learnt]:
    """Every claim refitted under N(0, .4), every break around 0: what the data alone say, beside the stated prior."""
    breaks = {name: (0.0, sd) for name, (_, sd) in belief.break_priors(case).items()}
    priors = breaks | dict.fromkeys(belief.claim_priors(case), belief.VAGUE)
    return _untold(plan, priors) | learn(case, plan, panel, history, priors)


def learn(
    case: Case, plan: Plan, panel: Panel, history: past.History, priors: Mapping[str, belief.Prior]
) -> dict[str, Learnt]:
    """What the data say of every claim and break that they speak of, under these priors as they stand."""
    solved = [solve(block, (STATED,)) for block in joint.blocks(case, plan, panel, history, priors)]
    return _learnt(_spoke(plan, panel, history, priors), solved, np.ones(1))


def _untold(plan: Plan, priors: Mapping[str, belief.Prior]) -> dict[str, Learnt]:
    """Claims and breaks that act on something, as they stand before any data."""
    acting = {term.name for term in plan.terms}
    return {name: Learnt(*prior, informed_by=0, varies=False) for name, prior in priors.items() if name in acting}

"""Answers: dated questions resolved along every path, with their three sources of error kept apart."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.errors import Finding
from fissures.events.panel import Panel
from fissures.model.causes import DRAWS
from fissures.model.reference import ReferenceTable
from fissures.model.simulate import Run
from fissures.study import reference
from fissures.study.analogues import analogues
from fissures.study.expected import Expected, expect
from fissures.study.outcomes import outcome, unvoided, voided
from fissures.study.records import Answer, Answers, Range
from fissures.study.verbal import worded

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def between_draws(values: Floats, draws: int = DRAWS) -> float:
    """Variance of a path's expected value over parameter draws, with one standard error added.

    One-way analysis of variance with draw as the group (Searle, Casella & McCulloch 1992): spread of the draws' means,
    less the chance of the paths within a draw. The estimate is noisy where an event is rare; its standard error over
    draws is added, so that few paths widen a range and never narrow it. values (M,), path m belongs to draw
    m mod `draws`; all of the variance where there are fewer than two paths a draw.
    """
    each = values.size // draws
    if each < 2:  # nothing tells the chance of the paths from the doubt about parameters: all of it may be doubt
        return float(values.var())
    table = values[: each * draws].reshape(each, draws)
    means = table.mean(axis=0)
    parts = (means - means.mean()) ** 2 * draws / (draws - 1) - table.var(axis=0, ddof=1) / each
    return max(float(parts.mean()), 0.0) + float(parts.std(ddof=1) / np.sqrt(draws))


def monte_carlo_error(values: Floats, draws: int = DRAWS) -> float:
    """Standard error of a mean over paths, counting that paths of one draw are alike: draws are the clusters."""
    if values.size < 2 * draws:
        return max(float(values.std() / np.sqrt(values.size)), 0.5 / values.size)
    each = values.size // draws
    means = values[: each * draws].reshape(each, draws).mean(axis=0)
    # With no path in the event (or all), the error is that of half a path.
    return max(float(means.std(ddof=1) / np.sqrt(draws)), 0.5 / values.size)


def share_range(p: float, spread: float, mc_error: float) -> Range:
    """Central 80 % of a probability over draws: a beta distribution with its mean and variance."""
    from scipy.special import betaincinv

    if not 0 < p < 1:  # no path, or every path: Jeffreys' interval for as many paths as the error stands for
        low, high = betaincinv(0.5, 0.5 + 0.5 / mc_error, [0.1, 0.9])
        return (float(low), float(high)) if p == 0 else (1 - float(high), 1 - float(low))
    spread = min(spread + mc_error**2, 0.99 * p * (1 - p))
    weight = p * (1 - p) / spread - 1
    low, high = betaincinv(p * weight, (1 - p) * weight, [0.1, 0.9])
    # Where a few draws carry a rare event, nine draws in ten lie below its mean: the answer stays in its own range.
    return min(float(low), p), max(float(high), p)


def answer(
    case: Case, panel: Panel, run: Run, off: Run, case_digest: str, table: ReferenceTable | None = None
) -> Answers:
    """Answer every question of a case from two runs: with claims, and with all claims off, refitted.

    `table` is the reference class that stands beside them; raises DataError for one that knows what came later.
    """
    known = expect(case, panel, table)
    made = tuple(
        _event(case, panel, run, name, question, outcome(case, run, question), outcome(case, off, question), known)
        if not grammar.asks(question.asks, case).number
        else _number(
            case, panel, run, name, question, unvoided(case, run, question), unvoided(case, off, question), known
        )
        for name, question in case.questions.items()
    )
    alike = analogues(case, panel)
    made = tuple(replace(one, analogues=alike.questions.get(one.code)) for one in made)
    body = f"{run.digest} {off.digest} {made!r}"
    return Answers(
        digest=hashlib.sha256(body.encode()).hexdigest(),
        parent=run.digest,
        case=case.case,
        case_digest=case_digest,
        as_of=case.as_of,
        seed=run.seed,
        paths=run.paths,
        questions=made,
        findings=(*_pulled(case, run), *run.fit.findings, *_findings(case, made, run.paths)),
        analogues=alike,
    )


def lead(case: Case) -> str:
    """Code of the most consequential question: highest rung, most fronts, soonest; "" where none asks for a rung."""
    ranked = []
    for question in case.questions.values():
        ask = grammar.asks(question.asks, case)
        if ask.kind == "reaches":
            height = max(grammar.rungs_of(case, f).index(str(ask.rung)) for f in ask.fronts)
            ranked.append((-height, -len(ask.fronts), question.by, question.code))
    return min(ranked)[-1] if ranked else ""


def _event(
    case: Case,
    panel: Panel,
    run: Run,
    name: str,
    question: Question,
    on: Floats,
    off: Floats,
    known: Expected | None,
) -> Answer:
    p, mc_error = float(on.mean()), monte_carlo_error(on)
    range80 = share_range(p, between_draws(on), mc_error)
    return Answer(
        id=name,
        code=question.code,
        title=question.title,
        by=question.by,
        kind="event",
        probability=p,
        mc_error=mc_error,
        range80=range80,
        quantiles={},
        exceed={},
        exceed_off={},
        word=worded(p, range80),
        reference_class=reference.of(case, panel, question, known),
        claims_off=float(off.mean()),
        with_claims=p,
        bounds=(question.base_rate.low, question.base_rate.high) if question.base_rate else None,
        bounds_say=question.base_rate.says if question.base_rate else "",
        resolves=question.resolves,
        void=float(voided(case, run, question).mean()),
    )


def _number(
    case: Case,
    panel: Panel,
    run: Run,
    name: str,
    question: Question,
    on: Floats,
    off: Floats,
    known: Expected | None,
) -> Answer:
    quantiles = {f"{q:g}": float(np.quantile(on, q)) for q in QUANTILES}
    half = 0.5 / np.sqrt(on.size)
    return Answer(
        id=name,
        code=question.code,
        title=question.title,
        by=question.by,
        kind="number",
        probability=None,
        mc_error=float(np.quantile(on, 0.5 + half) - np.quantile(on, 0.5 - half)) / 2,
        range80=(quantiles["0.1"], quantiles["0.9"]),
        quantiles=quantiles,
        exceed={f"{level:g}": float((on >= level).mean()) for level in question.exceed},
        exceed_off={f"{level:g}": float((off >= level).mean()) for level in question.exceed},
        word="",
        reference_class=reference.of(case, panel, question, known),
        claims_off=float(np.median(off)),
        with_claims=quantiles["0.5"],
        bounds=None,
        bounds_say="",
        resolves=question.resolves,
        void=float(voided(case, run, question).mean()),
        exceed_bounds={level: (rate.low, rate.high) for level, rate in question.exceed_base_rates.items()},
    )


def _pulled(case: Case, run: Run) -> list[Finding]:
    names = [case.levers[lever.id].name for lever in run.plan.levers]
    why = "every number here, with claims and with claims off, is that of a what-if"
    return [Finding("run", "warning", f"levers are pulled: {'; '.join(names)}", why, "")] if names else []


def _findings(case: Case, made: tuple[Answer, ...], paths: int) -> list[Finding]:
    out = []
    if paths < 4 * DRAWS:
        out.append(
            Finding(
                "run",
                "warning",
                f"{paths:,} paths are fewer than four for each of {DRAWS:,} draws",
                "the ranges of rare events then look narrower than the knowledge is",
                f"run at least {4 * DRAWS:,} paths",
            )
        )
    for one in made:
        out += _outside(case.questions[one.id], one)
        if one.bounds and one.probability is not None and not one.bounds[0] <= one.probability <= one.bounds[1]:
            allowed = f"{100 * one.bounds[0]:g} to {100 * one.bounds[1]:g} %"
            message = f"the answer lies outside what base rates alone allow, {allowed}"
            why = _carried(one.claims_off, one.bounds)
            out.append(Finding(one.code, "warning", f"{message} ({one.bounds_say})", why, NOBODY_TUNES))
    return out


NOBODY_TUNES = "weigh it against the number with all claims off; nobody tunes it back"


def _carried(off: float, bounds: tuple[float, float]) -> str:
    """Whether the argument carries an answer outside, or the record's own model does."""
    share = f"{100 * off:.2g} %"
    if bounds[0] <= off <= bounds[1]:
        return f"with all claims off it is {share}, inside: the argument carries it out, mostly on claims nobody tested"
    return f"with all claims off it is {share}, outside as well: it is the record as modelled that says so"


def _outside(question: Question, one: Answer) -> list[Finding]:
    """What a number question's thresholds say outside the ranges written down from base rates."""
    return [
        Finding(
            one.code,
            "warning",
            f"the chance of {level} or more, {100 * one.exceed[level]:.1f} %, lies outside what base rates alone "
            f"allow, {100 * rate.low:g} to {100 * rate.high:g} %",
            f"{rate.says}; {_carried(one.exceed_off.get(level, 0.0), (rate.low, rate.high))}",
            NOBODY_TUNES,
        )
        for level, rate in question.exceed_base_rates.items()
        if level in one.exceed and not rate.low <= one.exceed[level] <= rate.high
    ]

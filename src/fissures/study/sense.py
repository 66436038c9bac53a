"""What the answer to a question hangs on: variance shares, removal and swing of claims, and what settling one is worth.

Three views that need not agree, and stand side by side. *Shares*: of the answer's spread between posterior draws, how
much each input carries (`kernel.shares`), with the chance of the paths taken out. *Without* and *swing*: the model run
again on the same random numbers with one coefficient at zero, or held at either end of its draws. *Settled*: how much
narrower the range would be on average if a claim were known, the expected value of perfect information about it
(Oakley & O'Hagan 2004; Strong, Oakley & Brennan 2014, who also regress on given draws).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import Finding, UsageError
from fissures.kernel.shares import Shares, design, narrowed, shares
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import between_draws, monte_carlo_error, share_range
from fissures.study.asking import Asked, asked
from fissures.study.claims import without
from fissures.study.inputs import BREAK, CLAIM, Input, inputs
from fissures.study.outcomes import outcome
from fissures.study.pairing import Control, control
from fissures.study.records import Difference, Range
from fissures.study.sense_records import Sense, Settled, Share, Swing

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

TOGETHER = 6  # inputs, of those that carry most alone, whose products enter as well
LOOKED_AT = 6  # claims that are taken out and swung
PAIRED = 2_000  # paths for each of those: both arms share their random numbers
ENDS = (0.1, 0.9)


def sense(
    case: Case,
    run: Run,
    code: str,
    claims: int | None = LOOKED_AT,
    paths: int = PAIRED,
    progress: Progress | None = None,
) -> Sense:
    """What the answer to the question `code` hangs on.

    `claims` is how many are taken out and swung, those first that look as if they move most (None: all that reach the
    question); each costs three simulations of `paths` futures. Raises UsageError for an unknown question, and for a
    run of fewer than two paths a draw, which cannot tell doubt about parameters from chance.
    """
    one = asked(case, code)
    values = outcome(case, run, one.question, one.level)
    means, noise = by_draw(values)
    found = inputs(case, run, one.question)
    if progress:
        progress(f"sharing out the spread of {one.code} among {len(found)} inputs")
    made = _shared(found, means, noise, run.seed)
    error, p = monte_carlo_error(values), float(values.mean())
    spread = between_draws(values)
    told = _told(found, made) if made.told else ()
    chosen = [found[k] for k in _telling(found, means, claims)]
    base = control(case, run, paths)
    return Sense(
        case=case.case,
        as_of=case.as_of,
        digest=run.digest,
        seed=run.seed,
        paths=run.paths,
        draws=DRAWS,
        code=one.code,
        title=one.title,
        by=one.question.by,
        probability=p,
        range80=share_range(p, spread, error),
        mc_error=error,
        between=made.between,
        between_error=made.between_error,
        told=made.told,
        shares=told,
        kinds=_kinds(found, made) if made.told else (),
        rest=made.rest,
        rest_error=made.rest_error,
        settled=tuple(settled(share, p, spread, error) for share in told if share.kind in (CLAIM, BREAK)),
        paired=base.run.paths if chosen else 0,
        without=_without(base, one, chosen, progress),
        swings=tuple(_swing(base, one, claim, progress) for claim in chosen),
        unreached=len(inputs(case, run)) - len(found),
        findings=tuple(_findings(one, made)),
    )


def by_draw(values: Floats) -> tuple[Floats, Floats]:
    """Each draw's mean over its paths, and the variance that their chance leaves in it; values (M,), results (D,).

    Path m has draw m mod D. Raises UsageError where there are fewer than two paths a draw.
    """
    each = values.size // DRAWS
    if each < 2:
        raise UsageError(
            f"{values.size:,} paths are fewer than two for each of {DRAWS:,} draws",
            where="--paths",
            why="nothing then tells the doubt about parameters from the chance of the paths",
            remedy=f"run at least {4 * DRAWS:,} paths",
        )
    table = values[: each * DRAWS].reshape(each, DRAWS)
    return table.mean(axis=0), table.var(axis=0, ddof=1) / each


def _shared(found: Sequence[Input], means: Floats, noise: Floats, seed: int) -> Shares:
    """Shares of all inputs, with the products of those that carry most alone."""
    columns = [one.columns for one in found]
    gains = [_alone(one, means) for one in found]
    top = [int(k) for k in np.argsort(gains, kind="stable")[::-1][:TOGETHER]]
    pairs = [(a, b) for k, a in enumerate(top) for b in top[k + 1 :]]
    return shares(design(columns, pairs=pairs), means, noise, seed)


def _alone(one: Input, means: Floats) -> float:
    """Variance of the draws' answers that an input explains alone, corrected for its degrees of freedom."""
    table = design([one.columns]).columns
    gained = float(((table.T @ (means - means.mean())) ** 2).sum())
    return gained - table.shape[1] * float(means.var())


def _told(found: Sequence[Input], made: Shares) -> tuple[Share, ...]:
    rows = zip(found, made.shapley, made.shapley_error, made.first, made.first_error, strict=True)
    told = [Share(one.code, one.label, one.kind, *(float(value) for value in row)) for one, *row in rows]
    return tuple(sorted(told, key=lambda share: -share.shapley))


def _kinds(found: Sequence[Input], made: Shares) -> tuple[tuple[str, float, float], ...]:
    out = []
    for kind in dict.fromkeys(one.kind for one in found):
        out.append((kind, *made.together([k for k, one in enumerate(found) if one.kind == kind])))
    return tuple(sorted(out, key=lambda row: -row[1]))


def settled(share: Share, p: float, spread: float, error: float) -> Settled:
    """How wide the answer's 80 % range would be on average if this input were known, and its ends around today's."""
    now = share_range(p, spread, error)
    then = share_range(p, float(narrowed(spread, share.first)), error)
    return Settled(share.code, share.label, share.first, share.first80, _wide(now), _wide(then), then)


def _wide(ends: Range) -> float:
    return ends[1] - ends[0]


# --- the model run again ----------------------------------------------------------------------------------------------


def _telling(found: Sequence[Input], means: Floats, most: int | None) -> list[int]:
    """The claims that look as if they move the answer most: slope of a line through the draws, times how large the
    coefficient is; only a way to choose which of them are worth a simulation of their own."""
    size = []
    for k, one in enumerate(found):
        if one.kind in (CLAIM, BREAK):
            x = one.columns[:, 0]
            slope = float(((x - x.mean()) * means).sum() / ((x - x.mean()) ** 2).sum())
            size.append((abs(slope) * float(np.sqrt((x**2).mean())), -k))
    chosen = [-k for _, k in sorted(size, reverse=True)]
    return chosen if most is None else chosen[:most]


def _without(base: Control, one: Asked, chosen: Sequence[Input], progress: Progress | None) -> dict[str, Difference]:
    """The paired change of the question once each claim is taken out."""
    if not chosen:
        return {}
    changes = without(base, progress, only={claim.code for claim in chosen})
    return {claim.code: changes[claim.code][one.code] for claim in chosen if claim.code in changes}


def _swing(base: Control, one: Asked, claim: Input, progress: Progress | None) -> Swing:
    """The question with a claim's coefficient at either end of its draws, on the same random numbers."""
    if progress:
        progress(f"swinging {claim.code}")
    key, drawn = claim.coefficients[0], claim.columns[:, 0]
    ends = [float(np.quantile(drawn, q)) for q in ENDS]
    fit, told = base.run.fit, []
    for value in ends:
        held = replace(fit, draws={**fit.draws, key: np.full_like(drawn, value)})
        told.append(outcome(base.case, base.simulate(fit=held), one.question, one.level))
    middle, unmoved = float(base.answers[one.code].mean()), base.paired[one.code]
    low, high = (min(max(middle + float((values - unmoved).mean()), 0.0), 1.0) for values in told)
    error = monte_carlo_error(told[1] - told[0], base.run.draws)
    return Swing(claim.code, claim.label, (ends[0], ends[1]), low, high, error)


def _findings(one: Asked, made: Shares) -> list[Finding]:
    if made.told:
        return []
    return [
        Finding(
            one.code,
            "warning",
            "the draws' answers differ by no more than the chance of the paths",
            "then nobody can say which input the answer hangs on",
            "run more paths: more of them take the chance away",
        )
    ]

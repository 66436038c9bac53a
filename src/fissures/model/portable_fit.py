"""Portable claims on one panel: pooled slopes, scores on units not seen, lead tests and placebo runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import averages, left_out, moves
from fissures.kernel.ladder import log_likelihood
from fissures.kernel.posterior import fit_mode
from fissures.kernel.slopes import Pooled, pool
from fissures.model.portable_panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY_WEEKS = (1.0, 4.0, 16.0)  # half-lives of what was on a rung, how much of it, and how much was reported
AROUND_WEEKS = (1.0, 16.0)
CAUSE_WEEKS, USUAL_WEEKS = 1.5, 16.0  # half-lives of a cause, and of what is usual for the pair
SURGE = 0.95  # of the weeks with a trace of the cause: the level that one in twenty goes beyond is a surge of 1
TRACE = 0.01
BURN = 4  # weeks at the start that only fill memories
AHEAD = 4  # weeks at the end that only fill memories of the future, where these are in the base
CONSTANT_SD, MEMORY_SD, CLAIM_SD = 3.0, 1.0, 0.4
FOLDS = 10
DRAWS, SEED = 4000, 1
SHIFTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # placebo runs: causes moved on by so much of the window, round and round


@dataclass(frozen=True)
class Reading:
    """A way to read the claims: whether a cause is what lies above the unit's own usual level, or the level itself; and
    whether the base remembers how much was said on the lowest hostile rung too, or only what was done above it."""

    over_usual: bool = True
    words: bool = True


@dataclass(frozen=True)
class Rows:
    """Moves of a panel, unit by unit: rung left (n,), rung reached (n,), first row of each unit (D + 1,)."""

    start: Ints
    reached: Ints
    edges: Ints
    weeks: Ints

    def of(self, values: Floats) -> Floats:
        """Values (..., D, W) at the weeks that moves start from, (n, ...)."""
        return np.moveaxis(values[..., self.weeks].reshape(*values.shape[:-2], -1), -1, 0)


@dataclass(frozen=True)
class Fitted:
    """A pooled mode with what each unit says of it: (k,), (D, k), (D, k, k), prior sds (k,), and scores left out."""

    theta: Floats
    slope: Floats
    bend: Floats
    sd: Floats
    held_out: Floats


@dataclass(frozen=True)
class Gain:
    """What something adds to the log score of units not seen, in nats: total and the middle 90 % over nodes."""

    nats: float
    low: float
    high: float


def rows_of(panel: Panel, ahead: int = 1) -> Rows:
    """The moves of a panel from week BURN on; `ahead` weeks at the end are left to reach into."""
    units, weeks = panel.rungs.shape
    chosen = np.arange(BURN, weeks - ahead)
    start, reached = panel.rungs[:, chosen].ravel(), panel.rungs[:, chosen + 1].ravel()
    return Rows(start, reached, np.arange(units + 1) * chosen.size, chosen)


def memories(panel: Panel, words: bool = True, volume: bool = True, future: bool = False) -> Floats:
    """What the base remembers, (q, D, W): shares of weeks on each rung, how much was done on each, news volume.

    Without `words` it does not count what was done on the lowest hostile rung. With `future` the mirror image: weeks
    from the one after the outcome on.
    """
    mean = partial(averages.coming, skip=2) if future else averages.recent
    told = [(panel.rungs == rung) * 1.0 for rung in range(1, panel.steps)]
    told += list(np.log1p(panel.own if words else panel.own[1:]))
    told += [np.log1p(panel.volume)] if volume else []
    out = [mean(values, half_life=h) for values in told for h in MEMORY_WEEKS]
    return np.array(out + [mean(np.log1p(panel.around), half_life=h) for h in AROUND_WEEKS if volume])


def cause_level(counts: Floats, reading: Reading, shift: int = 0, future: bool = False) -> tuple[Floats, float]:
    """A cause by week in surges, (D, W), and what a surge of 1 is, in mean log1p of the count; 0 where nothing varies.

    `shift` moves the series on by so many weeks, its end coming first; `future` reads it backwards. What is usual for a
    unit is the mean of its weeks so far. The mean of its whole window would know the weeks to come: in made-up worlds
    without any effect it draws slopes about .1 below zero.
    """
    logs = np.log1p(counts)
    level = averages.recent(logs, CAUSE_WEEKS)
    seen = level[level > TRACE]
    surge = float(np.quantile(seen, SURGE)) if seen.size else 0.0
    if surge == 0.0:
        return np.zeros(counts.shape), 0.0
    mean = partial(averages.coming, skip=2) if future else averages.recent
    told = mean(logs, half_life=CAUSE_WEEKS) - reading.over_usual * mean(logs, half_life=USUAL_WEEKS)
    return np.roll(told, shift, axis=1) / surge, surge


def fit(rows: Rows, design: Floats, sd: Floats, start: Floats | None = None, scored: bool = True) -> Fitted:
    """Fit one model, and score each unit under the fit without its fold; design (n, rungs, k), sd (k,)."""
    curve = partial(log_likelihood, design=design, reached=rows.reached, weights=np.ones(rows.reached.size))
    theta = fit_mode(curve, np.zeros(sd.size), sd, start=start).mode
    slope, bend = moves.by_unit(theta, design, rows.reached, rows.edges)
    told = np.zeros(0)
    if scored:
        told = left_out.scores_left_out(theta, slope, bend, sd, design, rows.reached, rows.edges, FOLDS)
    return Fitted(theta, slope, bend, sd, told)


def base(panel: Panel, rows: Rows, *remembered: Floats) -> tuple[Floats, Floats]:
    """The design of the base and its prior sds: constants and memories, each memory centred and in its own sds."""
    told = rows.of(np.concatenate(remembered))
    scale = told.std(axis=0)
    told = (told - told.mean(axis=0))[:, scale > 0] / scale[scale > 0]
    design = moves.base_columns(rows.start, told, panel.steps)
    constants = panel.steps * (panel.steps - 1)
    return design, np.where(np.arange(design.shape[2]) < constants, CONSTANT_SD, MEMORY_SD)


def with_causes(
    rows: Rows, steps: int, causes: Sequence[Floats], design: Floats, sd: Floats, known: Fitted | None = None
) -> tuple[Floats, Floats, Floats]:
    """A design with causes (D, W) added, less their means, its prior sds, and where to start from."""
    told = rows.of(np.array(causes))
    more = moves.pushes(rows.start, told - told.mean(axis=0), steps)
    sds = np.concatenate([sd, np.full(more.shape[2], CLAIM_SD)])
    theta = np.zeros(sds.size)
    theta[: sd.size] = 0.0 if known is None else known.theta
    return np.concatenate([design, more], axis=2), sds, theta


def gain(panel: Panel, better: Fitted, worse: Fitted) -> Gain:
    """What one model gains over another on units that it has not seen."""
    each = better.held_out - worse.held_out
    drawn = left_out.node_bootstrap(each, panel.ends, DRAWS, SEED)
    return Gain(float(each.sum()), *np.quantile(drawn, (0.05, 0.95)).tolist())


@dataclass(frozen=True)
class Estimate:
    """What a panel says of one claim, climb and fall each: pooled slopes alone beside the base, gain, surge, and the
    average slope when all claims stand together."""

    surge: float
    pooled: Pooled
    gain: Gain
    together: tuple[float, float]


@dataclass(frozen=True)
class Told:
    """What a panel says: of every claim, of all together, of news volume, and of causes at the wrong time."""

    claims: Mapping[str, Estimate]
    together: Gain
    volume: Gain
    placebos: tuple[float, ...]


def estimate(panel: Panel, reading: Reading, placebos: Sequence[float] = SHIFTS) -> Told:
    """Fit every claim of a panel, alone and together, against what the ladder and the news remember."""
    rows = rows_of(panel)
    thin = fit(rows, *base(panel, rows, memories(panel, reading.words, volume=False)))
    design, sd = base(panel, rows, memories(panel, reading.words))
    plain = fit(rows, design, sd)
    levels = {name: cause_level(counts, reading) for name, counts in panel.causes.items()}
    tried = {name: level for name, (level, surge) in levels.items() if surge > 0}
    whole = fit(rows, *with_causes(rows, panel.steps, list(tried.values()), design, sd, plain))
    claims = {}
    for number, (name, level) in enumerate(tried.items()):
        fitted = fit(rows, *with_causes(rows, panel.steps, [level], design, sd, plain))
        pooled = pool(fitted.theta, fitted.slope, fitted.bend, fitted.sd, sd.size + np.arange(2), panel.ends)
        at = sd.size + 2 * number
        together = (float(whole.theta[at]), float(whole.theta[at + 1]))
        claims[name] = Estimate(levels[name][1], pooled, gain(panel, fitted, plain), together)
    wrong = []
    for share in placebos:
        shift = round(share * panel.rungs.shape[1])
        moved = [cause_level(panel.causes[name], reading, shift)[0] for name in tried]
        late = fit(rows, *with_causes(rows, panel.steps, moved, design, sd, plain))
        wrong.append(float((late.held_out - plain.held_out).sum()))
    return Told(claims, gain(panel, whole, plain), gain(panel, plain, thin), tuple(wrong))


@dataclass(frozen=True)
class Lead:
    """The fair lead test of one claim, climb and fall each: nats that the cause gains in a base with past and future
    memories, and nats that its mirror image in the future gains there, beyond the cause too."""

    own: tuple[float, float]
    lead: tuple[float, float]
    beyond: tuple[float, float]


def leads(panel: Panel, reading: Reading) -> dict[str, Lead]:
    """The fair lead test of every claim: the past must beat past memories, and the future future ones."""
    rows = rows_of(panel, AHEAD)
    design, sd = base(panel, rows, memories(panel, reading.words), memories(panel, reading.words, future=True))
    plain = fit(rows, design, sd, scored=False)
    out = {}
    for name, counts in panel.causes.items():
        now, surge = cause_level(counts, reading)
        if surge == 0.0:
            continue
        wide, _, theta = with_causes(
            rows, panel.steps, [now, cause_level(counts, reading, future=True)[0]], design, sd, plain
        )
        slope, bend = moves.by_unit(theta, wide, rows.reached, rows.edges)
        left = _left(slope.sum(axis=0), bend.sum(axis=0), sd)
        out[name] = Lead(*(tuple(told) for told in np.array([_one_way(*left, way) for way in (0, 1)]).T.tolist()))
    return out


def _left(slope: Floats, bend: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Scores and information of the columns behind the base, at its mode, once the base may adapt to them."""
    k = sd.size
    across = np.linalg.solve(bend[:k, :k] + np.diag(sd**-2.0), bend[:k, k:])
    return slope[k:], bend[k:, k:] - bend[:k, k:].T @ across


def _one_way(scores: Floats, information: Floats, way: int) -> tuple[float, float, float]:
    """Gains of cause, lead, and lead beyond cause; columns are cause up, cause down, lead up, lead down."""
    now, lead = way, 2 + way
    share = information[now, lead] / information[now, now] if information[now, now] > 1e-9 else 0.0
    beyond = _nats(scores[lead] - share * scores[now], information[lead, lead] - share * information[now, lead])
    return _nats(scores[now], information[now, now]), _nats(scores[lead], information[lead, lead]), beyond


def _nats(slope: float, information: float) -> float:
    """What a coefficient under N(0, .4) gains over zero where its log posterior is quadratic (Rao 1948)."""
    return float(0.5 * slope**2 / (max(information, 0.0) + CLAIM_SD**-2.0))

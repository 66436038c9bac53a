"""Scenario discovery: in which futures something happens, and which lever holds up in all of them.

Boxes are found by PRIM over what differs between futures (`kernel.prim`; Bryant & Lempert 2010): coefficients, where
pressures start, events of the first weeks. Futures on which it had happened by then are left out, so that a box says
what comes before. Levers are compared over the boxes by regret (Savage 1951) and by satisficing (Lempert et al. 2006).
Only de-escalatory levers are ever compared, and only where the question is about violence: this is no search for the
moves by which somebody raises the odds of war.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import Finding, UsageError
from fissures.kernel.prim import SURE, Judged, find, halves, mean_over, spread_over
from fissures.model.causes import DRAWS
from fissures.model.levers import ESCALATORY, permit, pull
from fissures.model.simulate import Run, first, simulate
from fissures.study.asking import Asked, asked, happened, of_violence
from fissures.study.dimensions import Dimension, dimensions, window
from fissures.study.discover_records import Discovery, LeverIn, Point, Restriction, Scenario
from fissures.study.outcomes import outcome, voided
from fissures.study.records import Difference

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Progress = Callable[[str], None]

BOXES = 2  # kinds of futures that are looked for
FEWEST = 40  # paths on which it happens, below which nothing can be found and judged
PAIRED = 4_000  # paths of a lever: more than elsewhere, since they are shared out among kinds of futures
ELSEWHERE = "elsewhere"
Z80 = 1.2815515655446004


@dataclass(frozen=True)
class _Looked:
    """The paths that are looked at: numbers, points (N, K), outcomes, draws, and those on which boxes are found."""

    paths: Ints
    x: Floats
    y: Floats
    draws: Ints
    look: Bools


def discover(
    case: Case,
    run: Run,
    code: str,
    levers: Sequence[str] | None = None,
    paths: int = PAIRED,
    progress: Progress | None = None,
) -> Discovery:
    """In which futures the question `code` comes true, and how de-escalatory levers do in each kind of them.

    `levers` None means all that are not escalatory, () none; each costs a simulation of `paths` futures. Raises
    UsageError for an unknown question or lever, for an escalatory lever, and for fewer than two paths a draw.
    """
    one = asked(case, code)
    names = _permitted(case, run, levers)
    looked, found = _looked(case, run, one)
    if progress:
        progress(f"looking for the futures of {one.code} along {len(found)} dimensions")
    judged, trajectory = _boxes(looked)
    boxes = [each.box for each in judged]
    which = spread_over(boxes, looked.x)
    apart = which[~looked.look] == len(boxes)
    held = looked.y[~looked.look]
    scenarios = tuple(_scenario(n, each, found, looked) for n, each in enumerate(judged))
    aim, told = float(happened(case, run, one).mean()), outcome(case, run, one.question, one.level)
    compared = names if of_violence(case, one) else ()
    base = first(run, paths)
    return Discovery(
        case=case.case,
        as_of=case.as_of,
        digest=run.digest,
        seed=run.seed,
        paths=run.paths,
        code=one.code,
        title=one.title,
        by=one.question.by,
        probability=float(told.mean()),
        base=float(held.mean()) if held.size else 0.0,
        looked_at=looked.paths.size / run.paths,
        early_days=window(run, one),
        dimensions=len(found),
        scenarios=scenarios,
        elsewhere=float(held[apart].mean()) if apart.any() else 0.0,
        elsewhere_mass=float(apart.mean()) if apart.size else 0.0,
        trajectory=trajectory,
        levers=_compared(case, base, one, compared, _kinds(looked, which, base), aim, progress),
        aim=aim,
        paired=base.paths if compared else 0,
        findings=tuple(_findings(case, one, looked, scenarios)),
    )


def _permitted(case: Case, run: Run, levers: Sequence[str] | None) -> tuple[str, ...]:
    """The levers to compare; an escalatory one is refused, whatever the leave."""
    pulled = {lever.id for lever in run.plan.levers}
    if levers is None:
        return tuple(name for name, lever in case.levers.items() if not lever.escalatory and name not in pulled)
    for name in levers:
        permit(case, name, allow_escalatory=True)
        if case.levers[name].escalatory:
            raise UsageError(
                f"lever '{name}' is escalatory",
                where="levers",
                why=f"{ESCALATORY}; levers are compared here to find what lowers them in every kind of future",
                remedy="leave it out; a single what-if can be looked at by itself: fissures run --lever",
            )
    return tuple(name for name in dict.fromkeys(levers) if name not in pulled)


def _looked(case: Case, run: Run, one: Asked) -> tuple[_Looked, tuple[Dimension, ...]]:
    """Points and outcomes of the paths on which it is still open after the first days."""
    if run.paths < 2 * DRAWS:
        raise UsageError(
            f"{run.paths:,} paths are fewer than two for each of {DRAWS:,} draws",
            where="--paths",
            why="kinds of futures are found on half of the draws and judged on the other half",
            remedy=f"run at least {4 * DRAWS:,} paths",
        )
    found = dimensions(case, run, one)
    early = happened(case, run, one, window(run, one))
    if early.all() or (happened(case, run, one) < early).any():  # such as "no event": early on it is always so
        early = np.zeros(run.paths, bool)
    paths = np.flatnonzero(~early & ~voided(case, run, one.question))
    x = np.stack([each.values[paths] for each in found], axis=1)
    draws = paths % DRAWS
    y = happened(case, run, one)[paths].astype(np.float64)
    return _Looked(paths, x, y, draws, halves(np.arange(DRAWS), run.seed)[draws]), found


def _boxes(looked: _Looked) -> tuple[list[Judged], tuple[Point, ...]]:
    """Boxes one after the other, each without the points of those before it, and the first one's trajectory."""
    judged: list[Judged] = []
    trajectory: tuple[Point, ...] = ()
    left = np.ones(looked.y.size, bool)
    for n in range(BOXES):
        open_ = [looked.y[left & side].sum() for side in (looked.look, ~looked.look)]
        if min(open_) < FEWEST / 2:
            break
        found = find(looked.x[left], looked.y[left], looked.draws[left], looked.look[left])
        if n == 0:
            trajectory = tuple(Point(c, d, int(k), m) for c, d, k, m in found.trajectory.tolist())
        if found.judged is None or _lowest(found.judged) <= looked.y[~looked.look].mean():
            break  # a second kind may be denser than what is left, and yet no denser than all
        inside = found.judged.box.inside(looked.x)
        judged.append(_among_all(found.judged, looked, inside & left))
        left &= ~inside
    return judged, trajectory


def _lowest(judged: Judged) -> float:
    return judged.density - Z80 * judged.density_error


def _among_all(judged: Judged, looked: _Looked, inside: Bools) -> Judged:
    """A box's coverage and mass among all points that had no part in finding it, also where others came before it."""
    test = ~looked.look
    total = float(looked.y[test].sum())
    coverage = float(looked.y[test & inside].sum()) / total if total > 0 else 0.0
    return Judged(
        judged.box, judged.density, judged.density_error, coverage, float(inside[test].mean()), judged.base, judged.p,
        judged.ps,
    )  # fmt: skip


def _scenario(n: int, judged: Judged, found: Sequence[Dimension], looked: _Looked) -> Scenario:
    told = []
    for k, p in zip(judged.box.restricted, judged.ps, strict=True):
        low, high = (float(edge) for edge in judged.box.limits[k])
        column, one = looked.x[:, k], found[k]
        at = (float((column < low).mean()), float((column <= high).mean()))
        told.append(Restriction(one.code, one.label, one.kind, one.unit, low, high, at, p))
    reach = Z80 * judged.density_error
    ends = (max(judged.density - reach, 0.0), min(judged.density + reach, 1.0))
    name = "ABCDEFGH"[n]
    return Scenario(name, tuple(told), judged.density, ends, judged.coverage, judged.mass, judged.p)


# --- levers over the kinds of futures ---------------------------------------------------------------------------------


def _kinds(looked: _Looked, which: Ints, base: Run) -> dict[str, Bools]:
    """The paths of each kind of future, as masks over the paths of a lever; those left out belong to none."""
    number = np.full(base.paths, -1, np.int64)
    mine = looked.paths < base.paths
    number[looked.paths[mine]] = which[mine]
    boxes = int(which.max(initial=0)) + 1
    names = [*"ABCDEFGH"[: boxes - 1], ELSEWHERE]
    return {name: number == n for n, name in enumerate(names) if (number == n).any()}


def _compared(
    case: Case,
    base: Run,
    one: Asked,
    names: Sequence[str],
    kinds: dict[str, Bools],
    aim: float,
    progress: Progress | None,
) -> tuple[LeverIn, ...]:
    """Each lever in each kind of future, on the random numbers of the run; least regret first."""
    if not names:
        return ()
    before = happened(case, base, one).astype(np.float64)
    rows: dict[str, dict[str, Difference]] = {}
    for name in names:
        if progress:
            progress(f"pulling {case.levers[name].name}")
        arm = simulate(pull(case, base.plan, name), base.fit, base.paths, base.seed)
        after = happened(case, arm, one).astype(np.float64)
        rows[name] = {kind: _change(before, after, inside) for kind, inside in kinds.items()}
    best = {kind: min([rows[names[0]][kind].base, *(row[kind].arm for row in rows.values())]) for kind in kinds}
    out = []
    for name, row in rows.items():
        short = {kind: row[kind].arm - best[kind] for kind in kinds}
        worst = max(short, key=lambda kind: short[kind])
        kept = sum(change.arm <= aim for change in row.values())
        lever = case.levers[name]
        out.append(LeverIn(name, lever.code, lever.name, row, short[worst], worst, kept))
    return tuple(sorted(out, key=lambda lever: lever.regret))


def _change(before: Floats, after: Floats, inside: Bools) -> Difference:
    """The paired change among some paths, with an error over draws."""
    gap = after - before
    middle, error = mean_over(gap, inside, np.arange(gap.size) % DRAWS)
    error = max(error, 0.5 / float(inside.sum()))
    ends = (middle - Z80 * error, middle + Z80 * error)
    return Difference(float(before[inside].mean()), float(after[inside].mean()), middle, ends, error, (), ())


def _findings(case: Case, one: Asked, looked: _Looked, scenarios: Sequence[Scenario]) -> list[Finding]:
    out = []
    hits = int(looked.y.sum())
    if min(hits, looked.y.size - hits) < FEWEST:
        message = f"it happens on {hits:,} of the {looked.y.size:,} paths that are looked at"
        why = f"fewer than {FEWEST} cannot be parted into a half on which to find and a half on which to judge"
        out.append(Finding(one.code, "warning", message, why, "run more paths, or ask for a lower rung or threshold"))
    elif not scenarios:
        message = "no kind of future stands out by more than chance"
        why = f"boxes found on half of the draws did not hold on the other half, at an error of {100 * SURE:g} %"
        out.append(Finding(one.code, "note", message, why, "run more paths: the finer the grain, the more can be seen"))
    if not of_violence(case, one) and case.levers:
        message, why = "levers are not compared", "whether this should happen less or more is not for the model to say"
        out.append(Finding(one.code, "note", message, why, "ask about a rung, deaths, weapons or ground on a front"))
    return out

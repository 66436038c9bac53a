"""Alive, not decorative: what moves when a system of the argument is knocked out, on common random numbers.

A system is live where a stream, rung, mark or question that it names moves by more than five Monte Carlo errors once
its elements are taken out. Pressures and commitments are shown and do not count, nor does what belongs to the elements
themselves. It is a note where nothing of it can be run. Declared nulls are tested as nulls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fissures.case.grammar import factor
from fissures.case.records import Case, Prior
from fissures.case.systems import Element, Measure, element, measure
from fissures.model.causes import DRAWS
from fissures.model.fit import Fit
from fissures.model.plan import LeverPlan, Plan
from fissures.model.simulate import NEVER, Run, simulate
from fissures.model.wording import same_side
from fissures.study.outcomes import outcome

Floats = NDArray[np.float64]

LIVE = 5.0  # Monte Carlo errors
PATHS = 10_000
WIDER = 2  # times as many paths, where a small effect falls short; the rule holds at any number of them
RUNNABLE = ("claim", "pressure", "stream", "front", "track", "commitment", "means", "reporter", "break")


@dataclass(frozen=True)
class Move:
    """A measure with a system in and out: means over paths, and the paired change in Monte Carlo errors."""

    name: str
    before: float
    after: float
    errors: float
    built_in: bool = False  # the measure is one of the elements, or fed by one: it moves by construction
    shown_only: bool = False  # a pressure or a commitment: inside the model, and nothing that is asked

    @property
    def counts(self) -> bool:
        """Whether it makes a system live."""
        return not self.built_in and not self.shown_only and abs(self.errors) > LIVE

    def __str__(self) -> str:
        """What moved, from where to where, in how many errors."""
        why = ", by construction" if self.built_in else ", shown only" if self.shown_only else ""
        return f"{self.name} {self.before:.3g} -> {self.after:.3g} ({self.errors:.1f} errors{why})"


@dataclass(frozen=True)
class SystemState:
    """One system: its elements, whether it is live, inert or a note, and what moved or had to stay still."""

    title: str
    elements: tuple[str, ...]
    state: str
    moved: tuple[Move, ...]
    held: tuple[Move, ...]

    @property
    def nearly(self) -> bool:
        """Whether it is inert and more paths could show otherwise: errors grow with the square root of paths."""
        free = [abs(move.errors) for move in self.moved if not move.built_in and not move.shown_only]
        still = all(abs(move.errors) <= LIVE for move in self.held)
        return self.state == "inert" and still and max(free, default=0.0) > LIVE / WIDER**0.5

    @property
    def moves(self) -> str:
        """What moved, in words."""
        return "; ".join(str(move) for move in self.moved)

    @property
    def still(self) -> str:
        """What had to stay still, in words."""
        return "; ".join(str(move) for move in self.held)


def systems(case: Case, run: Run, progress: Callable[[str], None] | None = None) -> dict[str, SystemState]:
    """Every declared system, knocked out on the random numbers of a run; on more paths where it falls short."""
    out = {}
    for name in case.systems:
        if progress:
            progress(f"knocking out {name}")
        out[name] = system(case, run, name)
    if short := [name for name, state in out.items() if state.nearly]:
        wide = simulate(run.plan, run.fit, WIDER * run.paths, run.seed, progress=progress)
        for name in short:
            if progress:
                progress(f"knocking out {name} on {wide.paths:,} paths")
            out[name] = system(case, wide, name)
    return out


def system(case: Case, run: Run, name: str) -> SystemState:
    """One system knocked out: live, inert or a note."""
    declared = case.systems[name]
    parts = [part for text in declared.elements for part in elements(case, text)]
    if not any(part.kind in RUNNABLE and _acts(case, part) for part in parts) or not declared.moves:
        return SystemState(declared.title, declared.elements, "note", (), ())
    without, other = knocked_out(case, run, parts)
    moved, held = (
        tuple(
            replace(
                _move(text, measured(case, run, text), measured(other, without, text)),
                built_in=built_in(case, measure(text, case), parts),
                shown_only=measure(text, case).shown_only,
            )
            for text in texts
        )
        for texts in (declared.moves, declared.still)
    )
    live = any(move.counts for move in moved) and all(abs(move.errors) <= LIVE for move in held)
    return SystemState(declared.title, declared.elements, "live" if live else "inert", moved, held)


def built_in(case: Case, what: Measure, parts: list[Element]) -> bool:
    """Whether a measure belongs to the elements themselves, or takes in one of them directly."""
    named = {(part.kind, part.name) for part in parts}
    places = {part.name for part in parts if part.kind in ("front", "track")}
    if what.where in places or (what.kind, what.name) in named:
        return True
    if what.kind == "pressure":
        fed = (*case.pressures[what.name].fed_by, *case.pressures[what.name].relieved_by)
        return any(part.kind == "stream" and part.name in fed for part in parts)
    read = case.streams[what.name].read_from if what.kind == "stream" else None
    if read is None:
        return False
    told = factor(read, case)
    return bool(places & set(told.names)) or (told.kind == "means" and ("means", str(told.who)) in named)


def elements(case: Case, text: str) -> list[Element]:
    """The elements that a phrase names: one, or all claims of a source ("claims NAME")."""
    if text.startswith("claims "):
        source = text.removeprefix("claims ")
        return [Element("claim", name) for name, claim in case.claims.items() if claim.says.source == source]
    return [element(text, case)]


def _acts(case: Case, part: Element) -> bool:
    return part.kind != "claim" or case.claims[part.name].moves_something


def knocked_out(case: Case, run: Run, parts: list[Element]) -> tuple[Run, Case]:
    """The run without some elements, and the case to read it by (reporters that tell what happened)."""
    plan, fit = run.plan, run.fit
    for part in parts:
        plan, fit = taken_out(plan, fit, part)
    told = {part.name: case.reporters[part.name] for part in parts if part.kind == "reporter"}
    exact = Prior(mean=0.0, sd=1e-9, says="as it happened")
    plain = {name: one.model_copy(update={"own": exact, "enemy": exact}) for name, one in told.items()}
    other = case.model_copy(update={"reporters": {**case.reporters, **plain}})
    if plan is run.plan and fit is run.fit:
        return run, other
    return simulate(plan, fit, run.paths, run.seed, draws=run.draws), other


def taken_out(plan: Plan, fit: Fit, part: Element) -> tuple[Plan, Fit]:
    """A plan and its fit without one element."""
    names = {
        "pressure": [p.name for p in plan.pressures],
        "stream": [s.name for s in plan.streams],
        "commitment": [c.name for c in plan.commitments],
        "front": list(plan.places),
        "track": list(plan.places),
    }
    lever = LeverPlan(f"without {part.name}", (), (), 0, plan.horizon_days)
    if part.kind == "break" and (flat := _flat(plan, fit, part.name)):
        return plan, replace(fit, draws={**fit.draws, **flat})
    if part.kind in ("claim", "break"):
        gone = part.name if part.kind == "claim" else f"break:{part.name}"
        return replace(plan, terms=tuple(t for t in plan.terms if gone not in (t.origin, t.name))), fit
    if part.kind == "pressure":
        mine = [p for p, name in enumerate(names["pressure"]) if name.partition("@")[0] == part.name]
        held = tuple((p, float(fit.start.average[p]) / plan.pressures[p].scale) for p in mine)
        return replace(plan, levers=(*plan.levers, replace(lever, hold=held))), fit
    if part.kind == "stream":
        silent = ((names["stream"].index(part.name), 0.0),)
        return replace(plan, levers=(*plan.levers, replace(lever, scale=silent))), fit
    if part.kind == "commitment":
        void = ((names["commitment"].index(part.name), 0.0),)
        return replace(plan, levers=(*plan.levers, replace(lever, bind=void))), fit
    if part.kind in ("front", "track"):
        return replace(plan, closed=(*plan.closed, names[part.kind].index(part.name))), fit
    if part.kind == "means":
        never = {k: np.full_like(v, NEVER) for k, v in fit.draws.items() if k.endswith(f":means_{part.name}")}
        return plan, replace(fit, draws={**fit.draws, **never})
    return plan, fit


def _flat(plan: Plan, fit: Fit, name: str) -> dict[str, Floats]:
    """The coefficients of a break that acts through the smooth kernel, as zeros; {} for one of a single coefficient."""
    smooth = [b.name for b in plan.breaks if b.smooth]
    if name not in smooth:
        return {}
    memory = f":memory{plan.memories - len(smooth) + smooth.index(name)}:"
    return {k: np.zeros_like(v) for k, v in fit.draws.items() if memory in k}


def _move(name: str, before: Floats, after: Floats) -> Move:
    gap = after - before
    error = _noise(gap) if np.any(gap != 0) else np.inf
    return Move(name, float(before.mean()), float(after.mean()), float(gap.mean() / error))


def _noise(gap: Floats) -> float:
    """Monte Carlo error of a paired change under the draws at hand: what more paths would take away.

    How far draws differ is doubt about a claim and no noise of the simulation: an element whose effect is doubtful is
    no decoration. Path m has draw m mod D. Never below that of half a path.
    """
    each = gap.size // DRAWS
    within = gap.var() if each < 2 else gap[: each * DRAWS].reshape(each, DRAWS).var(axis=0, ddof=1).mean()
    return max(float(np.sqrt(within / gap.size)), 0.5 / gap.size)


def measured(case: Case, run: Run, text: str) -> Floats:
    """What a measure comes to on each path; shape (M,)."""
    what = measure(text, case)
    if what.kind == "question":
        return outcome(case, run, next(q for q in case.questions.values() if q.code == what.name))
    return np.asarray(_MEASURED[what.kind](case, run, what), np.float64)


def _dead(case: Case, run: Run, what: Measure) -> Floats:
    total = np.zeros(run.paths)
    for f, front in enumerate(case.fronts.values()):
        first = run.out.first[f].sum(axis=0, dtype=np.int64)
        sides = [same_side(case, side, what.name) for side in front.between[:2]]
        total += sides[0] * first + sides[1] * (run.deaths[f].sum(axis=0, dtype=np.int64) - first)
    return total


def _rung(case: Case, run: Run, what: Measure) -> Floats:
    f = run.plan.places.index(what.where)
    return np.asarray((run.rungs[f] >= run.plan.rungs(f).index(what.name)).sum(axis=0), np.float64)


def _spell(case: Case, run: Run, what: Measure) -> Floats:
    """Further days of a spell at a rung or above that has lasted so many days; days past the horizon are not seen.

    A ratio over all paths, so each path has its part in it: the mean is the ratio, the spread that of the ratio.
    """
    f = run.plan.places.index(what.where)
    on = run.rungs[f] >= run.plan.rungs(f).index(what.name)
    age, lasted, further = np.zeros(run.paths, np.int64), np.zeros(run.paths), np.zeros(run.paths)
    for today in on:
        age = np.where(today, age + 1, 0)
        lasted += age == what.after
        further += age > what.after
    if not lasted.any():
        return np.zeros(run.paths)
    mean = further.sum() / lasted.sum()
    return np.asarray(mean + (further - mean * lasted) / lasted.mean(), np.float64)


def _stream(case: Case, run: Run, what: Measure) -> Floats:
    names = [stream.name for stream in run.plan.streams]
    return np.asarray(run.counts[names.index(what.name)].sum(axis=0, dtype=np.int64), np.float64)


def _means(case: Case, run: Run, what: Measure) -> Floats:
    bit = 1 << run.plan.means.index(what.name)
    return np.asarray((run.out.means[run.plan.fronts.index(what.where)] & bit > 0).sum(axis=0), np.float64)


def _by(case: Case, run: Run, what: Measure) -> Floats:
    side = case.fronts[what.where].between.index(what.name)
    return np.asarray((run.out.by[run.plan.fronts.index(what.where)] == side).sum(axis=0), np.float64)


def _advance(case: Case, run: Run, what: Measure) -> Floats:
    return np.asarray((run.out.advances[run.plan.fronts.index(what.where)] != 0).sum(axis=0), np.float64)


def _pressure(case: Case, run: Run, what: Measure) -> Floats:
    mine = [p for p, one in enumerate(run.plan.pressures) if one.name.partition("@")[0] == what.name]
    return np.asarray(run.out.levels[mine].mean(axis=0), np.float64)


def _commitment(case: Case, run: Run, what: Measure) -> Floats:
    names = [owed.name for owed in run.plan.commitments]
    return np.asarray(run.out.in_force[names.index(what.name)].sum(axis=0), np.float64)


_MEASURED: dict[str, Callable[[Case, Run, Measure], Floats]] = {
    "dead": _dead,
    "rung": _rung,
    "spell": _spell,
    "stream": _stream,
    "means": _means,
    "by": _by,
    "advance": _advance,
    "pressure": _pressure,
    "commitment": _commitment,
}

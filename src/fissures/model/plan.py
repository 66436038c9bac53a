"""The plan: the only place that knows both the case's names and the kernel's indices."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar, strength
from fissures.case.records import Case, Front
from fissures.events.panel import Panel
from fissures.kernel import world
from fissures.kernel.memory import decay
from fissures.kernel.world import LONG_AGO, Factor
from fissures.model import wording
from fissures.model.class_prior import Bands, ladder_bands
from fissures.model.deaths_prior import day_limits
from fissures.model.pressures import PressurePlan, instances, pressure_plan, scale
from fissures.model.reference import ReferenceTable
from fissures.model.wording import Names

Floats = NDArray[np.float64]

# Each ladder's own memories: exponentially weighted log deaths and share of active days, at these half-lives (days).
# The longest one enters as the place's standing: half the logit of that share, shrunk to a usual one in twenty days.
DEATH_MEMORIES = (7.0, 60.0)
VIOLENCE_MEMORIES = (30.0, 365.0, 1826.25)
STANDING = (1826.25 / 0.6931, 0.05, 365.0)
DEATH_SCALE = 4.0  # log1p of about 54 deaths a day reads as 1
WHO = ("both", "unclear")


@dataclass(frozen=True)
class Term:
    """A coefficient at work on one target: its name, sign, the factors of its cause, and what it touches.

    `origin` is the claim or break that says so; restatements share a coefficient and not their origin. `on` is
    "ladder", "stream", "pressure", "by", "means" or "advance"; `target` the number of the place, stream or pressure;
    `code` the side or means; `moves` (rungs, rungs), signed, for a ladder.
    """

    origin: str
    name: str
    sign: int
    factors: tuple[Factor, ...]
    on: str
    target: int
    code: int = -1
    root: bool = False
    moves: Floats | None = None

    @property
    def key(self) -> str:
        """What tells this term from all others of a plan."""
        return f"{self.origin} on {self.on} {self.target} {self.code}"


@dataclass(frozen=True)
class StreamPlan:
    """One stream: prior log rate a day with its spread, the decay of its own memory, what may oblige it; or what it is
    read from, and the place and rung to which a lever's event lifts a track."""

    name: str
    log_rate: float
    spread: float
    decay: float
    obliged: tuple[tuple[str, Factor, float, float], ...] = ()
    read: Factor | None = None
    lifts: tuple[int, int] | None = None

    @property
    def usual(self) -> float:
        """log1p of the own memory that the prior rate sustains."""
        return float(np.log1p(np.exp(self.log_rate) / (1.0 - self.decay)))


@dataclass(frozen=True)
class LadderPlan:
    """A ladder: rungs low to high, the lowest active one, chances by rung of each means (B, R) and an advance (R,),
    where the tail of a day's deaths begins and the most of a day (2, R); and what the reference class says of it, where
    it says anything."""

    name: str
    rungs: tuple[str, ...]
    active: int
    means: Floats
    advance: Floats
    limits: Floats
    bands: Bands | None = None


@dataclass(frozen=True)
class FrontPlan:
    """A front's marks: shares of who moved (4,), dead on the record by side, and when it opens, closes, retires."""

    by: Floats
    dead: tuple[float, float]
    opens: float
    closes: float
    retires_after: float


@dataclass(frozen=True)
class CommitmentPlan:
    """A commitment: trigger, days in force after it, the stream that requests it (-1: none), chance that it binds."""

    name: str
    trigger: Factor
    lasts: float
    requested: int
    binds: float
    since: date | None = None


@dataclass(frozen=True)
class BreakPlan:
    """A declared break: one coefficient if it has an effect, else smooth."""

    name: str
    when: date
    smooth: bool


@dataclass(frozen=True)
class LeverPlan:
    """A lever laid out in days counted from the day after the as-of date."""

    id: str
    inject: tuple[tuple[int, float, int], ...]  # (stream, count, every)
    hold: tuple[tuple[int, float], ...]  # (pressure, level in surges)
    start: int
    end: int
    bind: tuple[tuple[int, float], ...] = ()  # (commitment, standing level)
    scale: tuple[tuple[int, float], ...] = ()  # (stream, factor on its rate)
    press: tuple[tuple[int, float], ...] = ()  # (pressure, factor on what it takes in)
    edit: tuple[tuple[str, float], ...] = ()  # (coefficient, factor on it)
    ramp: float = 0.0


@dataclass(frozen=True)
class Plan:
    """A case ready to be fitted and simulated: places (fronts first), terms, pressures, streams, horizon."""

    parent: str
    digest: str
    as_of: date
    horizon_days: int
    fronts: tuple[str, ...]
    places: tuple[str, ...]
    ladders: tuple[LadderPlan, ...]
    ladder_of: tuple[int, ...]
    front_plans: tuple[FrontPlan, ...]
    means: tuple[str, ...]
    streams: tuple[StreamPlan, ...]
    pressures: tuple[PressurePlan, ...]
    commitments: tuple[CommitmentPlan, ...]
    terms: tuple[Term, ...]
    breaks: tuple[BreakPlan, ...]
    levers: tuple[LeverPlan, ...] = ()
    closed: tuple[int, ...] = ()  # places that a knock-out keeps at their lowest rung

    @property
    def memories(self) -> int:
        """How many memories enter the ladder law."""
        return len(DEATH_MEMORIES) + len(VIOLENCE_MEMORIES) + sum(b.smooth for b in self.breaks)

    def terms_on(self, kind: str, target: int | None = None) -> list[Term]:
        """The terms that touch one kind of target, or one target."""
        return [t for t in self.terms if t.on == kind and target in (None, t.target)]

    def rungs(self, place: int) -> tuple[str, ...]:
        """The rungs of a place's ladder."""
        return self.ladders[self.ladder_of[place]].rungs

    def day(self, when: date) -> int:
        """Simulated day number of a date; 0 is the day after the as-of date."""
        return (when - self.as_of).days - 1

    def date_of(self, day: int) -> date:
        """Calendar date of a simulated day."""
        return self.as_of + timedelta(days=day + 1)


def build(case: Case, panel: Panel, reference: ReferenceTable | None = None) -> Plan:
    """Lay a checked case out for the kernel; its digest covers the case, the panel, the class and the layout.

    Where a reference class is given, upper rungs for which the case states no moves start from it.
    """
    names, limits = Names(case, [(name, scale(one)) for name, one, _ in instances(case)]), day_limits(case, panel)
    plan = Plan(
        parent=panel.digest,
        digest="",
        as_of=case.as_of,
        horizon_days=(case.horizon - case.as_of).days,
        fronts=tuple(case.fronts),
        places=tuple(names.places),
        ladders=tuple(_ladder(names, name, limits[name], reference) for name in case.ladders),
        ladder_of=tuple(list(case.ladders).index(place.ladder) for place in grammar.standing(case).values()),
        front_plans=tuple(_front(case, front) for front in case.fronts.values()),
        means=tuple(names.means),
        streams=_streams(names),
        pressures=tuple(pressure_plan(names, *instance) for instance in instances(case)),
        commitments=_commitments(names),
        terms=(*_claim_terms(names), *_break_terms(names)),
        breaks=tuple(BreakPlan(name, b.date, b.effect is None) for name, b in case.breaks.items()),
    )
    return replace(plan, digest=digest(plan))


def without_claims(plan: Plan) -> Plan:
    """The plan with its declared breaks alone: also a claim that shares a break's coefficient is off."""
    return replace(plan, terms=tuple(term for term in plan.terms if term.name == f"break:{term.origin}"))


def digest(plan: Plan) -> str:
    """SHA-256 over everything in a plan except its own digest."""
    body = json.dumps(_plain(replace(plan, digest="")), sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def digest_with(plan: Plan, pulled: LeverPlan) -> str:
    """The digest of a plan with one more lever pulled, from its own: going through a whole plan takes long."""
    body = json.dumps([plan.digest, _plain(pulled)], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: object) -> object:
    """A value as JSON; numbers to twelve digits, since the last ones differ between mathematical libraries."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return f"{value:.12g}"
    inside = getattr(value, "__dict__", None)
    return {key: _plain(inner) for key, inner in inside.items()} if inside else str(value)


def _ladder(names: Names, name: str, limits: Floats, reference: ReferenceTable | None) -> LadderPlan:
    ladder = names.case.ladders[name]
    rungs = list(ladder.rungs.values())
    means = np.array([[rung.means.get(m, 0.0) for rung in rungs] for m in names.means]).reshape(-1, len(rungs))
    active = list(ladder.rungs).index(ladder.active_from)
    advance = np.array([rung.advance for rung in rungs])
    bands = ladder_bands(names.case, name, reference)
    return LadderPlan(name, tuple(ladder.rungs), active, means, advance, limits, bands)


def _front(case: Case, front: Front) -> FrontPlan:
    sides = front.between[:2]
    by = np.array([front.by.get(who, 0.0) for who in (*sides, *WHO)]) if front.by else np.full(4, 0.25)
    dead = tuple(front.dead_by_side.get(side, 0.0) for side in sides)
    return FrontPlan(
        by,
        (dead[0], dead[1]),
        float((front.since - case.as_of).days - 1) if front.since and front.since > case.as_of else -LONG_AGO,
        float((front.until - case.as_of).days - 1) if front.until else LONG_AGO,
        float(front.retires_after or LONG_AGO),
    )


def coefficient(case: Case, claim: str) -> str:
    """The name by which draws know a claim's coefficient: that of the claim, or break, that it restates."""
    name = strength.coefficient(case, claim)
    return f"break:{name.removeprefix('break ')}" if name.startswith("break ") else f"claim:{name}"


def _claim_terms(names: Names) -> list[Term]:
    out = []
    for name, claim in names.case.claims.items():
        if claim.cause is not None and claim.effect is not None:
            effect = grammar.effect(claim.effect, names.case)
            shared, root = coefficient(names.case, name), claim.shape == "square_root"
            out += _terms(names, (name, shared), effect, claim.cause, claim.when, root)
    return out


def _terms(
    names: Names, name: tuple[str, str], effect: grammar.Effect, cause: str, condition: str | None, root: bool
) -> list[Term]:
    """One term for each target that an effect names; `name` is its origin and its coefficient."""
    if effect.kind in ("stream", "pressure"):
        targets = names.streams if effect.kind == "stream" else names.pressures
        factors = wording.cause(names, cause, condition, None)
        number = targets.index(str(effect.name))
        return [Term(*name, effect.sign, factors, effect.kind, number, root=root)]
    out = []
    for place in effect.fronts:
        factors, target = wording.cause(names, cause, condition, place), names.places.index(place)
        if effect.kind in ("by", "means", "advance"):
            code = _code(names, effect, place)
            out.append(Term(*name, effect.sign, factors, effect.kind, target, code, root))
        else:
            moves = wording.moves(effect, grammar.rungs_of(names.case, place))
            out.append(Term(*name, effect.sign, factors, "ladder", target, root=root, moves=moves))
    return out


def _code(names: Names, effect: grammar.Effect, place: str) -> int:
    if effect.kind == "by":
        return names.case.fronts[place].between.index(str(effect.name))
    return names.means.index(str(effect.name)) if effect.kind == "means" else -1


def _break_terms(names: Names) -> list[Term]:
    out = []
    for number, (name, record) in enumerate(names.case.breaks.items()):
        if record.effect is not None:
            effect = grammar.effect(record.effect, names.case)
            factors = (Factor(world.BREAK, (number,), level=1.0),)
            for place in effect.fronts:
                moves = wording.moves(effect, grammar.rungs_of(names.case, place))
                target = names.places.index(place)
                out.append(Term(name, f"break:{name}", effect.sign, factors, "ladder", target, moves=moves))
    return out


def _streams(names: Names) -> tuple[StreamPlan, ...]:
    case, out = names.case, []
    for name, stream in case.streams.items():
        obliged = tuple(
            (f"commitment:{key}", Factor(world.IN_FORCE, (k,)), owed.raises.mean, owed.raises.sd)
            for k, (key, owed) in enumerate(case.commitments.items())
            if owed.obliges == name and owed.raises is not None
        )
        read = wording.factor(names, grammar.factor(stream.read_from, case)) if stream.read_from else None
        rate = float(np.log(grammar.rate(stream.base_rate))) if stream.base_rate else -20.0
        lifts = _lifts(read, len(case.fronts))
        memory = decay(grammar.duration(stream.memory))
        out.append(StreamPlan(name, rate, stream.spread, memory, obliged, read, lifts))
    return tuple(out)


def _lifts(read: Factor | None, fronts: int) -> tuple[int, int] | None:
    """Where a track stands once an event that is read from it has been brought about; fronts are lifted by nobody."""
    if read is None or read.kind not in (world.REACHES, world.JUST) or read.places[0] < fronts:
        return None
    return read.places[0], read.codes[0]


def _commitments(names: Names) -> tuple[CommitmentPlan, ...]:
    return tuple(
        CommitmentPlan(
            name,
            wording.factor(names, grammar.factor(owed.when, names.case)),
            grammar.duration(owed.lasts),
            names.streams.index(owed.requested_by) if owed.requested_by else -1,
            owed.binds,
            owed.since,
        )
        for name, owed in names.case.commitments.items()
    )

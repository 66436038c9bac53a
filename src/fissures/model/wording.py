"""From words to numbers: what a case's factors, causes and effects are to the kernel.

With `plan`, the only place that knows both the case's names and the kernel's indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Front
from fissures.kernel import ladder as law
from fissures.kernel import world
from fissures.kernel.world import BOTH, FIRST, SECOND, Factor

Floats = NDArray[np.float64]

_KINDS = {"rung": world.RUNG, "just": world.JUST, "reaches": world.REACHES, "by": world.MOVED, "hits": world.MOVED}


class Names:
    """Where every name of a case stands in the kernel's arrays; pressures with their scales."""

    def __init__(self, case: Case, pressures: Sequence[tuple[str, float]] = ()) -> None:
        self.case = case
        self.places = list(grammar.standing(case))
        self.streams = list(case.streams)
        self.commitments = list(case.commitments)
        self.means = list(grammar.means_of(case))
        self.pressures = [name for name, _ in pressures]
        self.scales = [scale for _, scale in pressures]

    def pressure(self, name: str, place: str | None) -> int:
        """The number of a pressure, or of its instance on a front."""
        own = f"{name}@{place}"
        return self.pressures.index(name if name in self.pressures else own)

    def rung(self, place: str, rung: str) -> int:
        """A rung's number on a place's ladder."""
        return grammar.rungs_of(self.case, place).index(rung)


def same_side(case: Case, side: str, actor: str) -> bool:
    """Whether a side of a front is the actor, or stands with it, or lies within it."""
    known = case.actors.get(side)
    return side == actor or (known is not None and actor in (known.stands_with, known.within))


def _fire_by(case: Case, front: Front, actor: str) -> int:
    """Mask over who moved, for fire by an actor: its own side, or both."""
    sides = [same_side(case, side, actor) for side in front.between[:2]]
    return sides[0] << FIRST | sides[1] << SECOND | any(sides) << BOTH


def _soil_under_fire(front: Front, actor: str) -> int:
    """Mask over who moved, for fire on an actor's recognised soil: that is the soil which the other side holds."""

    def owner(side: str) -> bool:
        halves = [half for half, holder in front.held.items() if holder == side]
        return any(front.recognised.get(half) == actor for half in halves)

    first, second = (owner(side) for side in front.between[:2])
    return second << FIRST | first << SECOND | (first or second) << BOTH


def factor(names: Names, phrase: grammar.Factor, place: str | None = None) -> Factor:
    """A phrase's factor as the kernel reads it, seen from one place where that matters."""
    case = names.case
    if phrase.kind == "pressure":
        number = names.pressure(phrase.names[0], place)
        return Factor(world.PRESSURE, (number,), scale=names.scales[number])
    if phrase.kind == "within":
        return Factor(world.WITHIN, (names.streams.index(phrase.names[0]),), level=phrase.days)
    if phrase.kind == "in_force":
        return Factor(world.IN_FORCE, (names.commitments.index(phrase.names[0]),))
    if phrase.kind == "commitment":
        return Factor(world.STANDING, (names.commitments.index(phrase.names[0]),), level=_binds(case, phrase, place))
    chosen = [place] if phrase.own and place is not None else list(phrase.names)
    places = tuple(names.places.index(name) for name in chosen)
    if phrase.kind in ("rung", "just", "reaches"):
        return Factor(_KINDS[phrase.kind], places, tuple(names.rung(name, str(phrase.rung)) for name in chosen))
    return _of_marks(names, phrase, chosen, places)


def _of_marks(names: Names, phrase: grammar.Factor, chosen: list[str], places: tuple[int, ...]) -> Factor:
    case, who = names.case, str(phrase.who)
    fronts = [case.fronts[name] for name in chosen]
    if phrase.kind == "by":
        return Factor(world.MOVED, places, tuple(_fire_by(case, front, who) for front in fronts))
    if phrase.kind == "hits":
        level = float(min((names.rung(name, phrase.rung) for name in chosen), default=0)) if phrase.rung else 0.0
        return Factor(world.MOVED, places, tuple(_soil_under_fire(front, who) for front in fronts), level=level)
    if phrase.kind == "means":
        return Factor(world.MEANS, places, (1 << names.means.index(who),) * len(places))
    if phrase.kind == "deaths":
        return Factor(world.DEATHS, places)
    if phrase.kind == "advance" and phrase.who is None:
        return Factor(world.ADVANCE, places, (0,) * len(places))
    sides = [(p, s) for p, f in zip(places, fronts, strict=True) for s in (0, 1) if same_side(case, f.between[s], who)]
    mine = tuple(p for p, _ in sides)
    if phrase.kind == "advance":
        return Factor(world.ADVANCE, mine, tuple(1 if side == 0 else -1 for _, side in sides))
    return Factor(world.DEAD, mine, tuple(side for _, side in sides))


def _binds(case: Case, phrase: grammar.Factor, place: str | None) -> float:
    """A pact deters where its protected actor's soil is recognised; one that protects nobody deters everywhere."""
    protects = case.commitments[phrase.names[0]].protects
    if place is None or protects is None:
        return 1.0
    return float(place in case.fronts and protects in case.fronts[place].recognised.values())


def cause(names: Names, text: str, condition: str | None, place: str | None) -> tuple[Factor, ...]:
    """The factors of a claim's cause under its condition.

    A condition on the cause's own pressure turns it into a switch; any other one is a further factor.
    """
    parts = grammar.cause(text, names.case).factors
    factors = tuple(factor(names, part, place) for part in parts)
    if condition is None:
        return factors
    when = grammar.when(condition, names.case)
    switch = replace(
        factor(names, when.factor, place),
        above=nan if when.above is None else when.above,
        below=nan if when.below is None else when.below,
    )
    if when.factor in parts:
        return tuple(switch if part == when.factor else f for part, f in zip(parts, factors, strict=True))
    return (*factors, switch)


def moves(effect: grammar.Effect, rungs: tuple[str, ...]) -> Floats:
    """The moves r -> j (row r, column j) that an effect touches, signed: `violence` raises climbs and lowers falls."""
    start = rungs.index(effect.start) if effect.start else None
    end = rungs.index(effect.end) if effect.end else None
    if effect.kind == "ceiling":
        return law.past(len(rungs), int(end or 0)).astype(np.float64)
    falls = law.falling(len(rungs), start, end).astype(np.float64)
    if effect.kind == "falling":
        return falls
    climbs = law.climbing(len(rungs), start, end).astype(np.float64)
    if effect.most is not None:
        climbs[:, rungs.index(effect.most) + 1 :] = 0.0
    if effect.kind == "violence":
        return climbs - falls
    return climbs if effect.kind == "climbing" else climbs + falls

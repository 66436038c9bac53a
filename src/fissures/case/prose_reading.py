"""The claims of a case read for prose: which say something of their own, and under which heading each belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fissures.case import grammar
from fissures.case.grammar import Cause, Effect, When
from fissures.case.records import Case, Claim
from fissures.case.sentences import read_effect
from fissures.case.wording import mid, short

# Kinds of factor that fronts show.
FIGHTING = ("rung", "just", "reaches", "by", "hits", "means", "advance", "dead", "deaths")


@dataclass(frozen=True)
class Told:
    """One claim that has an effect: what it says, and what it was read to mean."""

    claim: Claim
    cause: Cause
    effect: Effect
    when: When | None


def brief_name(name: str, case: Case) -> str:
    """A name within a sentence, without what it explains in brackets."""
    return mid(short(name), case)


def told_claims(case: Case) -> list[Told]:
    """Every claim with a cause and an effect that can be read; a plain restatement is left to the first."""
    told = []
    for claim in case.claims.values():
        if claim.kind != "coupling" or repeats(claim, case) or not claim.moves_something:
            continue
        try:
            cause, effect = grammar.cause(str(claim.cause), case), read_effect(claim, case)
            when = grammar.when(claim.when, case) if claim.when else None
        except ValueError:  # check_case says what is wrong with it
            continue
        told.append(Told(claim, cause, effect, when))
    return told


def root(name: str, case: Case) -> str:
    """The claim (or "break NAME") whose coefficient a claim has; its own name where it restates nobody.

    A ring of restatements ends where it began.
    """
    seen: list[str] = []
    while name in case.claims and name not in seen:
        seen.append(name)
        name = case.claims[name].same_as or name
    return name


def repeats(claim: Claim, case: Case) -> bool:
    """Whether a claim only says again what the one says whose coefficient it shares."""
    if claim.kind != "coupling" or (other := case.claims.get(claim.same_as or "")) is None:
        return False
    return not claim.moves_something or (claim.cause, claim.effect, claim.when) == (
        other.cause,
        other.effect,
        other.when,
    )


def section(one: Told, case: Case) -> str:
    """Under which heading a claim belongs, by what it moves and, for events, whether fighting moves it."""
    effect = one.effect
    if effect.kind in ("by", "means", "advance"):
        return "marks"
    if effect.fronts:
        if all(name in case.tracks for name in effect.fronts):
            return "talks"
        if effect.kind == "falling":
            return "back"
        return "up" if effect.sign > 0 else "down"
    if all(factor.kind in FIGHTING and not set(factor.names) & set(case.tracks) for factor in one.cause.factors):
        return "fighting"
    abroad = effect.kind == "stream" and outside(case.streams[str(effect.name)].actor, case)
    return "abroad" if abroad else "home"


def outside(actors: Sequence[str], case: Case) -> bool:
    """Whether any of these actors is neither a side of a front nor within one."""
    sides = {name for front in case.fronts.values() for name in front.between}
    return any(name in case.actors and name not in sides and case.actors[name].within not in sides for name in actors)

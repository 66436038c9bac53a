"""The claims of a case read for prose: which say something of their own, and under which heading each belongs."""

from __future__ import annotations

from collections import Counter
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
    strength: str = ""  # its word, where it is not the usual one of the case


def brief_name(name: str, case: Case) -> str:
    """A name within a sentence, without what it explains in brackets."""
    return mid(short(name), case)


def told_claims(case: Case) -> list[Told]:
    """Every claim with a cause and an effect that can be read; a plain restatement is left to the first."""
    told, usual = [], usual_strength(case)
    for claim in case.claims.values():
        if claim.kind != "coupling" or repeats(claim, case) or not claim.moves_something:
            continue
        try:
            cause, effect = grammar.cause(str(claim.cause), case), read_effect(claim, case)
            when = grammar.when(claim.when, case) if claim.when else None
        except ValueError:  # check_case says what is wrong with it
            continue
        word = strength(claim, case)
        told.append(Told(claim, cause, effect, when, word if word != usual else ""))
    return told


def strength(claim: Claim, case: Case) -> str:
    """A claim's word of strength, or that of the claim whose coefficient it has; "" where neither has one."""
    shared = case.claims.get(root(claim.same_as, case)) if claim.same_as else claim
    return (shared.strength if shared else None) or ""


def usual_strength(case: Case) -> str:
    """The word of strength that most couplings have."""
    words = Counter(strength(one, case) for one in case.claims.values() if one.kind == "coupling")
    return max(words, key=lambda word: (bool(word), words[word])) if words else ""


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


def near_fronts(claims: Sequence[Told], case: Case) -> set[tuple[str, str]]:
    """Streams and pressures that are causes of a claim on fronts, and the streams that feed such a pressure."""
    near: set[tuple[str, str]] = set()
    for one in claims:
        if set(one.effect.fronts) & set(case.fronts):
            factors = (*one.cause.factors, *([one.when.factor] if one.when else []))
            near |= {("stream" if f.kind == "within" else f.kind, name) for f in factors for name in f.names}
    for name, pressure in case.pressures.items():
        if ("pressure", name) in near:
            near |= {("stream", fed) for fed in (*pressure.fed_by, *pressure.relieved_by) if fed in case.streams}
    return near


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

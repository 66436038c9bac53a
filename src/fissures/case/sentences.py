"""Claims read back as plain sentences, so that a wrong sign is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fissures.case import grammar
from fissures.case.amounts import one_of
from fissures.case.grammar import Cause, Effect, Factor, PhraseError, When
from fissures.case.records import Break, Case, Claim
from fissures.case.wording import capital, day, listed, mid, named, span, spoken, the

__all__ = [
    "broken_at",
    "cause_words",
    "effect_words",
    "factor_words",
    "listed",
    "places",
    "read_effect",
    "sentence",
    "sentences",
    "when_words",
]

Namer = Callable[[str, Case], str]

_LEVELS = {
    "pressure": "more of it",
    "commitment": "where it binds it",
    "dead": "more of them",
    "deaths": "more of them",
}


def sentence(claim: Claim, case: Case) -> str:
    """What a claim says to the model, in English: cause, level, direction, effect, condition.

    "Stalled talks: a level above 0.5 raises the chance of a climb on the North and the South." Names are those for
    people. Raises PhraseError where the claim's phrases cannot be read.
    """
    if claim.kind != "coupling":
        about = f": {mid(named(' '.join(claim.about.split()), case), case).removesuffix('.')}" if claim.about else ""
        return f"A statement of {claim.kind}{about}; no coefficient."
    if claim.same_as is None:
        told = _coupling(claim, case)
        return f"{told}; its stated prior leans the other way." if _leans_away(claim) else f"{told}."
    told = _coupling(claim, case) if claim.moves_something else ""
    return capital(f"{told}; {_shared(claim.same_as, case)}" if told else _shared(claim.same_as, case, in_full=True))


def sentences(case: Case) -> dict[str, str]:
    """Every claim that can be read, by its name, as a sentence."""
    told = {}
    for name, claim in case.claims.items():
        try:
            told[name] = sentence(claim, case)
        except ValueError:  # check_case says what is wrong with it
            continue
    return told


def _leans_away(claim: Claim) -> bool:
    return claim.prior is not None and claim.prior.mean < 0


# --- a coupling ---------------------------------------------------------------------------------------------


def _coupling(claim: Claim, case: Case) -> str:
    """A claim with a cause and an effect, without its full stop."""
    if claim.cause is None or claim.effect is None:
        raise PhraseError("this coupling has no cause or no effect", "state both, or another kind, or same_as")
    cause, effect = grammar.cause(claim.cause, case), read_effect(claim, case)
    when = grammar.when(claim.when, case) if claim.when is not None else None
    switch = when is not None and when.factor in cause.factors and len(cause.factors) == 1
    level = _level(cause, when if switch else None)
    level += ", with diminishing returns," if claim.shape == "square_root" else ""
    verb = "raises" if effect.sign > 0 else "lowers"
    condition = f", only {when_words(when, case)}" if when is not None and not switch else ""
    return f"{capital(cause_words(cause, case))}: {level} {verb} {effect_words(effect, case)}{condition}"


def read_effect(claim: Claim, case: Case) -> Effect:
    """A claim's effect on the fronts where its cause can act.

    A commitment that stands binds only where the protected actor's soil is recognised.
    """
    effect = grammar.effect(str(claim.effect), case)
    standing = [f for f in grammar.cause(str(claim.cause), case).factors if f.kind == "commitment"]
    protects = {case.commitments[f.names[0]].protects for f in standing}
    fronts = tuple(
        name
        for name in effect.fronts
        if name not in case.fronts or protects <= set(case.fronts[name].recognised.values())
    )
    return replace(effect, fronts=fronts or effect.fronts)


def _level(cause: Cause, switch: When | None) -> str:
    if switch is not None and switch.above is not None:
        return f"a level above {switch.above:g}"
    if switch is not None and switch.below is not None:
        return f"a level below {switch.below:g}"
    if len(cause.factors) > 1:
        return "more of both" if all(f.kind == "pressure" for f in cause.factors) else "both at once"
    return _LEVELS.get(cause.factors[0].kind, "every such day")


def cause_words(cause: Cause, case: Case, name: Namer = mid) -> str:
    """A claim's cause as a noun phrase; two factors stand "together with" each other."""
    return " together with ".join(factor_words(factor, case, name) for factor in cause.factors)


def when_words(when: When, case: Case, name: Namer = mid) -> str:
    """The condition on a claim, as it follows its verb: "while oil is below 0.2"."""
    told = factor_words(when.factor, case, name)
    if when.above is not None:
        return f"while {told} is above {when.above:g}"
    if when.below is not None:
        return f"while {told} is below {when.below:g}"
    if when.factor.kind == "within":
        return f"within {span(when.factor.days)} of {name(case.streams[when.factor.names[0]].name, case)}"
    if when.factor.kind == "in_force":
        return f"while {name(case.commitments[when.factor.names[0]].name, case)} is in force"
    if when.factor.kind == "rung":
        return f"with {_either(when.factor, case, name)} at {spoken(when.factor.rung)} or above"
    return f"on days of {told}"


# --- factors ------------------------------------------------------------------------------------------------


def factor_words(factor: Factor, case: Case, name: Namer = mid) -> str:
    """Something that is so on a day, as a noun phrase within a sentence: "fire by Bromia on the lower ford".

    `name` writes the names of pressures, streams and commitments.
    """
    first = factor.names[0] if factor.names else ""
    match factor.kind:
        case "pressure":
            return name(case.pressures[first].name, case)
        case "stream":
            return name(case.streams[first].name, case)
        case "commitment":
            return name(case.commitments[first].name, case)
        case "in_force":
            return f"{name(case.commitments[first].name, case)} in force"
        case "within":
            return f"the {span(factor.days)} after {name(case.streams[first].name, case)}"
        case "rung":
            return f"{_either(factor, case, name)} at {spoken(factor.rung)} or above"
        case "just":
            return f"{_either(factor, case, name)} at {spoken(factor.rung)} and no higher"
        case "reaches":
            return f"{_either(factor, case, name)} reaching {spoken(factor.rung)}"
    return _mark_words(factor, case, name)


def _mark_words(factor: Factor, case: Case, name: Namer) -> str:
    """What a violent day shows: who moved, whose soil was hit, by what means, at what cost."""
    who = case.actors[factor.who].name if factor.who in case.actors else spoken(factor.who)
    where = f" on {_either(factor, case, name)}"
    match factor.kind:
        case "by":
            return f"fire by {who}{where}"
        case "hits":
            rung = f" at {spoken(factor.rung)} or above" if factor.rung else ""
            return f"fire on the recognised soil of {who}{'' if where.endswith(' any front') else where}{rung}"
        case "means":
            return f"use of {spoken(factor.who)}{where}"
        case "advance":
            return f"ground taken{f' by {who}' if factor.who else ''}{where}"
        case "dead":
            return f"the dead of {who}"
    return f"deaths{where}"


def _either(factor: Factor, case: Case, name: Namer = mid) -> str:
    """The places of a factor, any one of which will do: "any front", "the same front", "the ford or the weir"."""
    if factor.own:
        return "the same front"
    able = [f for f in case.fronts if factor.rung is None or factor.rung in grammar.rungs_of(case, f)]
    if len(able) > 1 and set(factor.names) == set(able):
        return "any front"
    return listed([_place(one, case, name) for one in factor.names], "or")


def _place(name: str, case: Case, write: Namer = mid) -> str:
    return the(write(grammar.standing(case)[name].name, case) if name in case.tracks else case.fronts[name].name)


def places(names: Sequence[str], case: Case, write: Namer = mid) -> str:
    """Fronts and tracks by their names for people: "the upper weir and the lower ford"."""
    return listed([_place(name, case, write) for name in names])


# --- effects ------------------------------------------------------------------------------------------------


def effect_words(effect: Effect, case: Case, name: Namer = mid) -> str:
    """What a claim moves, as the object of raises or lowers: "the chance of a climb on the lower ford"."""
    match effect.kind:
        case "stream":
            return f"the rate of: {name(case.streams[str(effect.name)].name, case)}"
        case "pressure":
            return f"the level of: {name(case.pressures[str(effect.name)].name, case)}"
        case "by":
            where = places(effect.fronts, case, name)
            return f"the chance that it is {case.actors[str(effect.name)].name} that moves on {where}"
        case "means":
            return f"the use of {spoken(effect.name)} on {places(effect.fronts, case, name)}"
        case "advance":
            return f"the chance that ground changes hands on {places(effect.fronts, case, name)}"
    fronts = [front for front in effect.fronts if front in case.fronts]
    tracks = [front for front in effect.fronts if front not in case.fronts]
    told = [_on_ladder(effect, fronts, "on", ("climb", "fall"), case, name)] if fronts else []
    told += [_on_ladder(effect, tracks, "in", ("step up", "step down"), case, name)] if tracks else []
    return listed(told)


def _on_ladder(effect: Effect, names: Sequence[str], at: str, ways: tuple[str, str], case: Case, name: Namer) -> str:
    """A move on a ladder: fronts climb and fall, talks take steps up and down."""
    where = f"{at} {places(names, case, name)}"
    if effect.kind == "violence":
        up, down = ("likelier", "rarer") if effect.sign > 0 else ("rarer", "likelier")
        what = "violence" if at == "on" else "movement"
        return f"{what} {where} ({ways[0]}s {up}, {ways[1]}s {down})".replace("step ups", "steps up").replace(
            "step downs", "steps down"
        )
    way = {"falling": ways[1], "move": "move"}.get(effect.kind, ways[0])
    return f"the chance of a {way}{_stretch(effect)} {where}"


def _stretch(effect: Effect) -> str:
    if effect.kind == "ceiling":
        return f" past {spoken(effect.end)}"
    start = f" from {spoken(effect.start)}" if effect.start else ""
    return start + (f" to {spoken(effect.end)}" if effect.end else "")


# --- claims that share a coefficient ------------------------------------------------------------------------


def _shared(same_as: str, case: Case, in_full: bool = False) -> str:
    """Whose coefficient a claim shares: that of a claim it restates, or of a dated break."""
    if same_as.startswith("break "):
        broken = same_as.removeprefix("break ").strip()
        one_of(broken, case.breaks, "break")
        return f"reads {broken_at(case.breaks[broken], case)}; one coefficient with it."
    one_of(same_as, case.claims, "claim")
    other = case.claims[same_as]
    told = f" ({sentence(other, case).removesuffix('.')})" if in_full and other.same_as is None else ""
    return f"restates {other.code}{told}; one coefficient with it."


def broken_at(change: Break, case: Case) -> str:
    """A dated change of regime: "the drop of 1 October 2018 in violence on the lower ford"."""
    if change.effect is None:
        return f"the change of {day(change.date)}"
    effect = grammar.effect(change.effect, case)
    told = effect_words(effect, case).removeprefix("the chance of ")
    return f"the {'rise' if effect.sign > 0 else 'drop'} of {day(change.date)} in {told}"

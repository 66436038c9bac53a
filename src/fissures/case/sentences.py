"""Claims read back as plain sentences, so that a wrong sign is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fissures.case import grammar
from fissures.case.records import Case, Claim


def sentence(claim: Claim, case: Case) -> str:
    """What a claim says to the model, in English: cause, level, direction, effect.

    'Stalled talks: a level above 0.5 raises the chance of a climb on the North and the South.' Names are those for
    people. Raises PhraseError where the claim's phrases cannot be read.
    """
    cause = grammar.cause(claim.cause, case)
    effect = grammar.effect(claim.effect, case)
    level = f"a level above {grammar.threshold(claim.when, case):g}" if claim.when is not None else "more of it"
    subject, object_ = _subject(cause, level, case), _object(_bound(effect, cause, case), case)
    return f"{subject[:1].upper()}{subject[1:]} {'raises' if effect.sign > 0 else 'lowers'} {object_}."


def sentences(case: Case) -> dict[str, str]:
    """Every claim that can be read, by its name, as a sentence."""
    told = {}
    for name, claim in case.claims.items():
        try:
            told[name] = sentence(claim, case)
        except ValueError:  # check_case says what is wrong with it
            continue
    return told


def listed(names: Sequence[str]) -> str:
    """Names as prose lists them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _subject(cause: grammar.Cause, level: str, case: Case) -> str:
    if cause.kind == "rung":
        return f"{case.fronts[cause.name].name} at {_words(cause.rung)} or above: every such day"
    if cause.kind == "commitment":
        return f"{case.commitments[cause.name].name}: where it binds it"
    return f"{case.pressures[cause.name].name}: {level}"


def _bound(effect: grammar.Effect, cause: grammar.Cause, case: Case) -> grammar.Effect:
    """The effect on the fronts where the cause can act: a commitment binds where its protected soil is recognised."""
    if cause.kind != "commitment":
        return effect
    protects = case.commitments[cause.name].protects
    fronts = tuple(f for f in effect.fronts if protects in case.fronts[f].recognised.values())
    return replace(effect, fronts=fronts or effect.fronts)


def _object(effect: grammar.Effect, case: Case) -> str:
    if effect.kind == "stream":
        return f"the rate of: {case.streams[str(effect.stream)].name}"
    what = {"falling": "a fall", "move": "a move"}.get(effect.kind, "a climb") + _stretch(effect)
    return f"the chance of {what} on {listed([_the(case.fronts[f].name) for f in effect.fronts])}"


def _the(name: str) -> str:
    return f"the {name.removeprefix('The ').removeprefix('the ')}"


def _stretch(effect: grammar.Effect) -> str:
    if effect.kind == "ceiling":
        return f" past {_words(effect.end)}"
    start = f" from {_words(effect.start)}" if effect.start else ""
    return start + (f" to {_words(effect.end)}" if effect.end else "")


def _words(rung: str | None) -> str:
    return str(rung).replace("_", " ")

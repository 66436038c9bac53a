"""Claims read back as plain sentences, so that a wrong sign is seen."""

from __future__ import annotations

from collections.abc import Sequence

from fissures.case import grammar
from fissures.case.records import Case, Claim


def sentence(claim: Claim, case: Case) -> str:
    """What a claim says to the model, in English: cause, level, direction, effect.

    'More stall (above 0.5) raises the chance that loc and tavush climb.' Raises PhraseError where the claim's
    phrases cannot be read.
    """
    cause = grammar.cause(claim.cause, case)
    effect = grammar.effect(claim.effect, case)
    level = f" (above {grammar.threshold(claim.when, case):g})" if claim.when is not None else ""
    return f"{_subject(cause, level)} {'raises' if effect.sign > 0 else 'lowers'} {_object(effect)}."


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


def _subject(cause: grammar.Cause, level: str) -> str:
    if cause.kind == "rung":
        return f"Every day with {cause.name} at {cause.rung} or above"
    if cause.kind == "commitment":
        return f"The commitment {cause.name}, while in force,"
    return f"More {cause.name}{level}"


def _object(effect: grammar.Effect) -> str:
    if effect.kind == "stream":
        return f"the rate of {effect.stream}"
    many = len(effect.fronts) > 1
    verb = {"falling": "fall", "move": "move"}.get(effect.kind, "climb") + ("" if many else "s")
    return f"the chance that {listed(effect.fronts)} {verb}{_stretch(effect)}"


def _stretch(effect: grammar.Effect) -> str:
    if effect.kind == "ceiling":
        return f" past {effect.end}"
    start = f" from {effect.start}" if effect.start else ""
    return start + (f" to {effect.end}" if effect.end else "")

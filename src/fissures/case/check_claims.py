"""Claims: the keys of their kind, one prior each, a cause that can reach its effect, a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fissures.case import grammar
from fissures.case.grammar import Cause, Effect, When
from fissures.case.places import Place, Positions, clip
from fissures.case.portable import PORTABLE_WAYS
from fissures.case.records import Case, Claim
from fissures.errors import Finding

LADDER_MOVES = ("climbing", "falling", "ceiling", "move", "violence")
_COEFFICIENT = ("cause", "effect", "when", "strength", "prior")


def check_claims(case: Case, positions: Positions) -> Iterator[Finding]:
    """Every claim has the keys of its kind, one prior in the direction of its words, and a passage to be found."""
    codes: dict[str, str] = {}
    for name, claim in case.claims.items():
        path: Place = ("claims", name)
        yield from _code(claim, name, path, codes, positions)
        yield from _kind(claim, name, path, case, positions)
        yield from _prior(claim, path, case, positions)
        yield from _passage(claim, (*path, "says"), positions)
        yield from _general(claim, path, case, positions)
        yield from _reach(claim, path, case, positions)


def _code(claim: Claim, name: str, path: Place, codes: dict[str, str], positions: Positions) -> Iterator[Finding]:
    if codes.setdefault(claim.code, name) != name:
        yield positions.finding(
            (*path, "code"),
            f"the code {clip(claim.code)} is already that of '{codes[claim.code]}'",
            "tables and briefs name claims by code, and nobody could tell the two apart",
            "give each claim a code of its own: C45a, C45b",
            level="warning",
        )


def _kind(claim: Claim, name: str, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """A coupling moves something by a coefficient; a statement of another kind has none."""
    has = [key for key in _COEFFICIENT if getattr(claim, key) is not None]
    if claim.kind != "coupling":
        for key in (*has, *(["same_as"] if claim.same_as is not None else [])):
            yield positions.finding(
                (*path, key),
                f"a claim of kind {claim.kind} has no {key}",
                "it is told to the reader and moves nothing; a coefficient would be invented",
                f"remove {key} and say in words what it is about; or write kind: coupling",
                key=True,
            )
        return
    if claim.same_as is not None:
        yield from _same_as(claim.same_as, claim, name, path, case, positions)
        return
    for key, example in (
        ("cause", "cause: NAME of a pressure"),
        ("effect", "effect: raises climbing of FRONT"),
        ("strength", "strength: plain  (or may, appears, likely, vital)"),
    ):
        if key not in has:
            yield positions.finding(
                path,
                f"claims.{name} has no '{key}'",
                "a coupling says what moves what, and how strongly that is believed",
                f"write {example}; or another kind: level, perception, importance, measurement, context",
            )


def _same_as(shared: str, claim: Claim, name: str, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """A claim that restates another has its coefficient, and none of its own; chains are refused."""
    place, target = (*path, "same_as"), " ".join(shared.split())
    for key in ("strength", "prior"):
        if getattr(claim, key) is not None:
            yield positions.finding(
                (*path, key),
                f"the claim shares the coefficient of '{clip(target)[1:-1]}' and also has a {key} of its own",
                "one coefficient has one prior",
                f"remove {key}, or remove same_as",
                key=True,
            )
    if (claim.cause is None) != (claim.effect is None):
        yield positions.finding(
            path,
            f"claims.{name} has {'an effect without a cause' if claim.cause is None else 'a cause without an effect'}",
            "a claim that shares a coefficient may move something of its own, but needs both to say what",
            "write both, or neither",
        )
    other = case.claims.get(target)
    if target == name or (other is not None and other.same_as is not None):
        yield positions.finding(
            place,
            "the claim is the same as itself" if target == name else f"'{target}' is itself the same as another claim",
            "a coefficient has one owner; along a chain nobody sees which",
            "name a claim that has a strength of its own"
            if target == name or other is None
            else f"write same_as: {other.same_as}",
        )
    elif other is not None and other.kind != "coupling":
        yield positions.finding(
            place,
            f"'{target}' is a claim of kind {other.kind}, which has no coefficient",
            "there is nothing to share",
            "name a claim with cause, effect and strength",
        )
    broken = case.breaks.get(target.removeprefix("break ")) if target.startswith("break ") else None
    if broken is not None and broken.prior is None:
        yield positions.finding(
            place,
            f"the {target} has no effect and prior, so no coefficient",
            "there is nothing to share",
            "give the break an effect and a prior, or give this claim a strength",
        )


def _prior(claim: Claim, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    late = claim.published is not None and claim.published > case.as_of
    if claim.prior and (late or claim.prior_uses_fit_data):
        yield _fallback(claim, (*path, "prior"), f"from a study of {claim.published}" if late else "", case, positions)
    if claim.prior and claim.prior.mean < 0:
        yield positions.finding(
            (*path, "prior", "mean"),
            f"the prior's mean {claim.prior.mean:g} runs against the claim's own effect",
            "a mean counts in the direction that the effect names: raises or lowers",
            "write the mean above zero, or exchange raises and lowers",
            level="warning",
        )


def _fallback(claim: Claim, path: Place, study: str, case: Case, positions: Positions) -> Finding:
    reason = f"it comes {study}, after the as-of date {case.as_of}" if study else "it uses data of the fit"
    return positions.finding(
        path,
        f"the prior falls back to the strength word '{claim.strength}': {reason}",
        "the fit would count the same data twice, or know the future",
        "choose the word with care; the stated prior is kept for the record",
        level="note",
    )


def _general(claim: Claim, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """An instance of a portable claim has a coefficient of its own, on climbing or falling of fronts."""
    if claim.general is None:
        return
    if claim.same_as is not None or not claim.moves_something:
        yield positions.finding(
            (*path, "general"),
            "an instance of a portable claim needs a cause, an effect and a coefficient of its own",
            "what other rivals show stands beside that coefficient's prior",
            "write general at the claim whose coefficient it is" if claim.same_as else "remove general",
            key=True,
        )
        return
    try:
        effect = grammar.effect(claim.effect or "", case)
    except ValueError:  # told where the phrase stands
        return
    if effect.kind not in PORTABLE_WAYS or not any(front in case.fronts for front in effect.fronts):
        yield positions.finding(
            (*path, "general"),
            "portable claims are about climbing or falling of fronts, and this claim moves something else",
            "a slope of another effect would stand beside the prior as if it were about this one",
            "remove general",
            key=True,
        )


def _reach(claim: Claim, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """What cannot be: a cause that never gets to its effect, or an effect on what has no rate."""
    try:
        cause = grammar.cause(claim.cause, case) if claim.cause is not None else None
        effect = grammar.effect(claim.effect, case) if claim.effect is not None else None
        when = grammar.when(claim.when, case) if claim.when is not None else None
    except ValueError:  # told where the phrase stands
        return
    if effect is not None and effect.kind == "stream" and (stream := case.streams[effect.name or ""]).read_from:
        yield positions.finding(
            (*path, "effect"),
            f"the stream '{effect.name}' has no rate to move: it is read from '{stream.read_from}'",
            "it only counts days of something else",
            "move what it is read from",
        )
    if cause is None or effect is None:
        return
    yield from _own_front(cause, when, effect, path, case, positions)
    yield from _commitment(cause, effect, path, case, positions)
    if effect.kind == "pressure" and any(f.names == (effect.name,) for f in cause.factors if f.kind == "pressure"):
        yield positions.finding(
            (*path, "effect"),
            f"the pressure '{effect.name}' would move itself",
            "a pressure remembers by its half-life, and would otherwise grow without end",
            "write another half_life, or name the pressure that lies between",
        )


def stands_on_fronts(name: str, case: Case) -> tuple[str, ...] | None:
    """The fronts on which a pressure stands once each, as it is fed by `own front at R or above`; else None."""
    able: tuple[str, ...] | None = None
    for text in case.pressures[name].fed_by:
        try:
            feed = grammar.factor(text, case)
        except ValueError:  # told where the phrase stands
            continue
        if feed.own:
            able = feed.names if able is None else tuple(front for front in able if front in feed.names)
    return able


def _own_front(
    cause: Cause, when: When | None, effect: Effect, path: Place, case: Case, positions: Positions
) -> Iterator[Finding]:
    """A pressure that stands once for each front moves its own front and nothing else."""
    factors = [("cause", factor) for factor in cause.factors] + ([("when", when.factor)] if when else [])
    for key, factor in factors:
        if factor.kind == "pressure":
            able = stands_on_fronts(name := factor.names[0], case)
        else:
            able, name = (factor.names, f"own front at {factor.rung} or above") if factor.own else (None, "")
        if able is None:
            continue
        far = [front for front in effect.fronts if front not in able]
        if effect.kind in ("stream", "pressure") or far:
            target = effect.name if effect.kind in ("stream", "pressure") else ", ".join(far)
            yield positions.finding(
                (*path, key),
                f"'{name}' stands once for each front, and cannot move {target}",
                "every front has its own, and only fronts whose ladder holds the rung have one",
                "name where it happens: FRONT at RUNG or above; or a pressure that is fed by a stream",
            )


def _commitment(cause: Cause, effect: Effect, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """A commitment deters where the protected side's soil is recognised, so on ladders of fronts only."""
    for factor in (f for f in cause.factors if f.kind == "commitment"):
        name = factor.names[0]
        protects = case.commitments[name].protects
        fronts = [f for f in effect.fronts if f in case.fronts]
        if effect.kind not in LADDER_MOVES or not fronts:
            yield positions.finding(
                (*path, "cause"),
                f"the standing deterrence of '{name}' acts on fronts only",
                "it keeps somebody from climbing where soil is protected; elsewhere it acts only once in force",
                f"write cause: {name} in force",
            )
        elif protects is None or not any(protects in case.fronts[f].recognised.values() for f in fronts):
            whom = "nobody" if protects is None else f"{protects}, whose recognised soil is not on {', '.join(fronts)}"
            yield positions.finding(
                (*path, "cause"),
                f"'{name}' protects {whom}",
                "its deterrence stands where the protected side's soil is recognised, and there is none here",
                f"write protects and recognised, or cause: {name} in force",
                level="error" if protects is None else "warning",
            )


def _passage(claim: Claim, path: Place, positions: Positions) -> Iterator[Finding]:
    says = claim.says
    if says.span is not None and (says.para is None or not 0 <= says.span[0] < says.span[1]):
        yield positions.finding(
            (*path, "span"),
            "the span needs a paragraph" if says.para is None else f"the span {list(says.span)} holds no words",
            "characters are counted inside one paragraph, from 0",
            "write para: 4 and span: [120, 188]",
        )
    if says.sha256 is not None and not re.fullmatch("[0-9a-f]{64}", says.sha256):
        yield positions.finding(
            (*path, "sha256"),
            f"{clip(says.sha256, 20)} is not a SHA-256 digest",
            "it proves which words were meant",
            "write 64 digits of 0-9 and a-f",
        )
    if says.reading == "stated" and says.para is None:
        yield positions.finding(
            path,
            "the claim is said to be stated, but no paragraph is named",
            "nobody can walk it back to the words",
            "write para: 4, or reading: implied",
            level="note",
        )

"""Claims and questions: one prior each, a cause that can reach its effect, a passage, a rule to resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fissures.case import grammar
from fissures.case.places import Place, Positions, clip
from fissures.case.records import Case, Claim
from fissures.errors import Finding


def check_claims(case: Case, positions: Positions) -> Iterator[Finding]:
    """Every claim has one prior, in the direction of its words, and a passage that can be found."""
    for name, claim in case.claims.items():
        yield from _prior(claim, ("claims", name), case, positions)
        yield from _passage(claim, ("claims", name, "says"), positions)
        yield from _reach(claim, ("claims", name, "cause"), case, positions)


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


def _reach(claim: Claim, path: Place, case: Case, positions: Positions) -> Iterator[Finding]:
    """A pressure that counts days stands once for each front, so it moves its own front and nothing else."""
    pressure = case.pressures.get(claim.cause.strip())
    if pressure is None or pressure.days_at is None:
        return
    try:
        effect = grammar.effect(claim.effect, case)
    except ValueError:  # told where the phrase stands
        return
    rung = pressure.days_at.removesuffix(" or above").strip()
    far = [front for front in effect.fronts if rung not in grammar.rungs_of(case, front)]
    if effect.stream or far:
        target = effect.stream or ", ".join(far)
        yield positions.finding(
            path,
            f"'{claim.cause.strip()}' counts days on each front, and cannot move {target}",
            "every front has its own count, and only fronts whose ladder holds the rung have one",
            "name a front's state as cause: FRONT at RUNG or above; or a pressure that is fed by a stream",
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


def check_questions(case: Case, positions: Positions) -> Iterator[Finding]:
    """Questions are told apart by code; base rates run from low to high; only numbers can exceed a level."""
    seen: dict[str, str] = {}
    for name, question in case.questions.items():
        path: Place = ("questions", name)
        if question.code in seen:
            yield positions.finding(
                (*path, "code"),
                f"the code {clip(question.code)} is already that of '{seen[question.code]}'",
                "answers are reported by code",
                "give each question a code of its own",
            )
        seen.setdefault(question.code, name)
        if question.base_rate and question.base_rate.low > question.base_rate.high:
            yield positions.finding(
                (*path, "base_rate"),
                "the base rate's low is above its high",
                "no number lies between",
                "exchange the two",
            )
        if question.exceed and not question.asks.strip().startswith("deaths on"):
            yield positions.finding(
                (*path, "exceed"),
                "only a question for a number can be asked how likely it exceeds a level",
                "this one is answered by yes or no, and the levels would be passed over",
                "remove exceed, or ask: deaths on all fronts",
            )

"""The argument tested: every claim before and after the data, with a verdict by stated rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from fissures.case import grammar
from fissures.case.records import Case, Claim
from fissures.case.sentences import sentence
from fissures.case.strength import prior_says
from fissures.case.systems import Element
from fissures.model.blocks import STATED, TAUS
from fissures.model.causes import Block, Learnt
from fissures.model.fit import Fit
from fissures.model.plan import coefficient
from fissures.model.portable_priors import portable_priors
from fissures.model.pressures import MULTIPLES
from fissures.model.prior import VAGUE
from fissures.model.simulate import Run
from fissures.study.ahead import ahead
from fissures.study.answers import lead
from fissures.study.pairing import Control
from fissures.study.records import Belief, ClaimRow, Claims, Difference, FittedBlock, HalfLife, Portable, Statement
from fissures.study.systems import knocked_out

COULD_NOT_TEST = "could not test"
SAID_SO = "the case itself says that no record can test the claim"
NOBODY_COUNTED = "nobody counted what the claim acts on"
NEVER_VARIED = "the cause never varied in the record, or nobody recorded it"
TOO_FEW = "too few events, or too little movement of the cause, left the range less than a tenth narrower"
SURE = 0.7  # k-hat up to which an approximation is to be trusted
NO_DATA = "prior only"  # how the method of a block without data begins


def verdict(learnt: Learnt, width: float = VAGUE[1]) -> str:
    """What the data say of a claim's direction, from the vague fit, by rules applied in this order.

    No variation or no data, or an interval narrowed by less than a tenth: could not test. P(sign) > .9 and narrowed by
    a quarter: supported. P(sign) > .75: leans to. P(sign) < .1 and narrowed by a quarter: contradicted. Else mixed.
    A claim that the case calls untestable (`testable: no`) could not be tested, whatever else its coefficient follows.

    >>> verdict(Learnt(mean=0.6, sd=0.2, informed_by=40, varies=True))
    'supported'
    """
    narrowed, sure = narrowing(learnt, width), p_sign(learnt)
    if not learnt.varies or learnt.informed_by == 0 or narrowed < 0.1:
        return COULD_NOT_TEST
    if sure > 0.9 and narrowed >= 0.25:
        return "supported"
    if sure > 0.75:
        return "leans to"
    return "contradicted" if sure < 0.1 and narrowed >= 0.25 else "mixed"


def narrowing(learnt: Learnt, width: float = VAGUE[1]) -> float:
    """How much of the vague prior's width the data took away, in [0, 1]; `width` is that of a declared break's own."""
    return max(1.0 - learnt.sd / width, 0.0)


def p_sign(learnt: Learnt) -> float:
    """Probability that the coefficient has the sign that the claim states (normal posterior).

    >>> p_sign(Learnt(mean=0.0, sd=0.4, informed_by=0, varies=False))
    0.5
    """
    return 0.5 * (1.0 + math.erf(learnt.mean / (learnt.sd * math.sqrt(2.0))))


def claims(case: Case, fit: Fit) -> Claims:
    """All that the fit says of the argument: rows, statements, how many coefficients moved, doubt and blocks."""
    rows = table(case, fit)
    scales = [tau / STATED for tau in TAUS]
    return Claims(
        case=case.case,
        as_of=case.as_of,
        digest=fit.digest,
        seed=fit.seed,
        rows=rows,
        statements=statements(case),
        moved=moved(rows),
        couplings=couplings(rows),
        doubt=tuple(zip(scales, getattr(fit, "doubt", ()), strict=False)),
        blocks=tuple(_block(block) for block in fit.blocks),
        findings=fit.findings,
        asked=_asked(case),
        half_lives=tuple(
            HalfLife(one.name, one.days, tuple(zip(MULTIPLES, one.weights, strict=True)), one.told)
            for one in fit.half_lives
        ),
    )


def _block(block: Block) -> FittedBlock:
    trusted = block.method.startswith("sampled") or (block.khat is not None and block.khat <= SURE)
    known = None if block.method.startswith(NO_DATA) else trusted
    return FittedBlock(block.name, block.method, block.khat, block.effective, known)


def _asked(case: Case) -> tuple[str, ...]:
    """The codes of the case's first question of yes or no and of its most consequential one."""
    events = [q.code for q in case.questions.values() if not grammar.asks(q.asks, case).number]
    return tuple(dict.fromkeys(code for code in (*events[:1], lead(case)) if code))


def table(case: Case, fit: Fit) -> tuple[ClaimRow, ...]:
    """One row for each coupling, in case order."""
    beside = portable_priors(case)
    couplings = [name for name, claim in case.claims.items() if claim.kind == "coupling"]
    return tuple(replace(_row(case, fit, name), portable=_portable(beside.get(name))) for name in couplings)


def _portable(beside: dict[str, Any] | None) -> Portable | None:
    """What other rivals show of a claim, beside the analyst's prior."""
    if beside is None:
        return None
    alone, together = (Belief(one["mean"], one["sd"]) for one in (beside, beside["combined"]))
    return Portable(beside["claim"], alone, together, beside["verdict"])


def statements(case: Case) -> tuple[Statement, ...]:
    """The claims that are no couplings, in case order."""
    return tuple(
        Statement(name, c.code, c.kind, c.paraphrase, c.about, c.says.source, c.says.para)
        for name, c in case.claims.items()
        if c.kind != "coupling"
    )


def _row(case: Case, fit: Fit, name: str) -> ClaimRow:
    claim, key = case.claims[name], coefficient(case, name)
    prior, after = fit.priors[key], fit.learnt[key]
    vague = fit.vague.get(key, after)
    width = prior[1] if key.startswith("break:") else VAGUE[1]
    said = COULD_NOT_TEST if claim.testable == "no" else verdict(vague, width)
    looked = getattr(fit, "scrutiny", {}).get(key)
    return ClaimRow(
        id=name,
        code=claim.code,
        sentence=sentence(claim, case),
        paraphrase=claim.paraphrase,
        source=claim.says.source,
        para=claim.says.para,
        reading=claim.says.reading,
        before=Belief(*prior),
        after=Belief(after.mean, after.sd),
        vague=Belief(vague.mean, vague.sd),
        p_sign=p_sign(vague),
        narrowed=narrowing(vague, width),
        informed_by=vague.informed_by if vague.varies else 0,
        verdict=said,
        sign=grammar.effect(claim.effect, case).sign if claim.effect else 1,
        note=claim.note,
        prior_says=prior_says(case, claim),
        shares=shared_with(case, name),
        untested=_why_not(case, fit, claim, vague) if said == COULD_NOT_TEST else "",
        possible=getattr(looked, "possible", None),
        confounded=getattr(looked, "confounded", None),
        by_indication=bool(getattr(looked, "by_indication", False)),
        own=getattr(looked, "own", None),
        lead=getattr(looked, "lead", None),
        moves_with=bool(getattr(looked, "moves_with", False)),
    )


def _why_not(case: Case, fit: Fit, claim: Claim, vague: Learnt) -> str:
    """Why the record could not test a claim, in words."""
    if claim.testable == "no":
        return SAID_SO
    if vague.varies:
        return TOO_FEW
    return NEVER_VARIED if _counted(case, fit, claim) else NOBODY_COUNTED


def _counted(case: Case, fit: Fit, claim: Claim) -> bool:
    """Whether a claim acts on something that entered a likelihood: a ladder, or a stream that somebody counted."""
    while claim.effect is None and claim.same_as in case.claims:
        claim = case.claims[str(claim.same_as)]
    if claim.effect is None:
        return True
    effect = grammar.effect(claim.effect, case)
    if effect.kind != "stream":
        return effect.kind not in ("pressure", "by", "means", "advance")
    seen = {
        part for b in getattr(fit, "blocks", ()) if not b.method.startswith(NO_DATA) for part in b.name.split(" + ")
    }
    return f"stream {effect.name}" in seen


def shared_with(case: Case, name: str) -> str:
    """The code of the claim whose coefficient a restatement shares, or its break; "" where it has one of its own."""
    shared = case.claims[name].same_as
    return "" if shared is None else case.claims[shared].code if shared in case.claims else shared


def couplings(rows: tuple[ClaimRow, ...]) -> int:
    """How many coefficients the couplings have between them: a restatement counts once."""
    return len(_own(rows)) + len({row.shares for row in rows if row.shares.startswith("break ")})


def moved(rows: tuple[ClaimRow, ...]) -> int:
    """How many coefficients the data could speak to at all."""
    joint = {row.shares: row for row in rows if row.shares.startswith("break ")}
    return sum(row.verdict != COULD_NOT_TEST for row in (*_own(rows), *joint.values()))


def _own(rows: tuple[ClaimRow, ...]) -> list[ClaimRow]:
    return [row for row in rows if not row.shares]


# --- without a coefficient --------------------------------------------------------------------------------------------


def without(
    control: Control, progress: Callable[[str], None] | None = None, only: Collection[str] | None = None
) -> dict[str, dict[str, Difference]]:
    """What each question would answer with one coefficient at zero: by its owner's code, then by the question's.

    Nothing is refitted; both arms share their random numbers. A question for a number stands as the chance of reaching
    each of its thresholds, under codes such as "Q15>=50". `only` names the owners that are taken out (None: all).
    """
    out, owners = {}, coefficients(control.case)
    parts = {code: named for code, named in owners.items() if only is None or code in only}

    def tasks() -> Iterator[Callable[[], tuple[Run, Case]]]:
        for number, (code, elements) in enumerate(parts.items(), 1):
            if progress:
                progress(f"without {code} ({number} of {len(parts)})")
            yield partial(knocked_out, control.case, control.run, elements)

    for code, (arm, told_by) in zip(parts, ahead(tasks()), strict=True):
        out[code] = control.differences(arm, told_by)
    return out


def coefficients(case: Case) -> dict[str, list[Element]]:
    """The elements that make up each coefficient, by its owner's code: a claim and all that restate it, or a break."""
    parts: dict[str, list[Element]] = {}
    for name, claim in case.claims.items():
        if claim.kind == "coupling":
            shared = shared_with(case, name)
            parts.setdefault(shared or claim.code, []).append(Element("claim", name))
    return {
        code: [Element("break", code.removeprefix("break ").strip())] if code.startswith("break ") else elements
        for code, elements in parts.items()
    }

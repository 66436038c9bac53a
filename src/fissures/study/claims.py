"""The argument tested: every claim before and after the data, with a verdict by stated rules."""

from __future__ import annotations

import math

from fissures.case import grammar
from fissures.case.records import Case
from fissures.case.sentences import sentence
from fissures.case.strength import prior_says
from fissures.model.causes import Learnt
from fissures.model.fit import Fit
from fissures.model.plan import coefficient
from fissures.model.prior import VAGUE
from fissures.study.records import Belief, ClaimRow, Statement

COULD_NOT_TEST = "could not test"


def verdict(learnt: Learnt) -> str:
    """What the data say of a claim's direction, from the vague fit, by rules applied in this order.

    No variation or no data, or an interval narrowed by less than a tenth: could not test. P(sign) > .9 and narrowed by
    a quarter: supported. P(sign) > .75: leans to. P(sign) < .1 and narrowed by a quarter: contradicted. Else mixed.
    A claim that the case calls untestable (`testable: no`) could not be tested, whatever else its coefficient follows.

    >>> verdict(Learnt(mean=0.6, sd=0.2, informed_by=40, varies=True))
    'supported'
    """
    narrowed, sure = narrowing(learnt), p_sign(learnt)
    if not learnt.varies or learnt.informed_by == 0 or narrowed < 0.1:
        return COULD_NOT_TEST
    if sure > 0.9 and narrowed >= 0.25:
        return "supported"
    if sure > 0.75:
        return "leans to"
    return "contradicted" if sure < 0.1 and narrowed >= 0.25 else "mixed"


def narrowing(learnt: Learnt) -> float:
    """How much of the vague prior's width the data took away, in [0, 1]."""
    return max(1.0 - learnt.sd / VAGUE[1], 0.0)


def p_sign(learnt: Learnt) -> float:
    """Probability that the coefficient has the sign that the claim states (normal posterior).

    >>> p_sign(Learnt(mean=0.0, sd=0.4, informed_by=0, varies=False))
    0.5
    """
    return 0.5 * (1.0 + math.erf(learnt.mean / (learnt.sd * math.sqrt(2.0))))


def table(case: Case, fit: Fit) -> tuple[ClaimRow, ...]:
    """One row for each coupling, in case order."""
    return tuple(_row(case, fit, name) for name, claim in case.claims.items() if claim.kind == "coupling")


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
        narrowed=narrowing(vague),
        informed_by=vague.informed_by if vague.varies else 0,
        verdict=COULD_NOT_TEST if claim.testable == "no" else verdict(vague),
        sign=grammar.effect(claim.effect, case).sign if claim.effect else 1,
        note=claim.note,
        prior_says=prior_says(case, claim),
        shares=shared_with(case, name),
    )


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

"""Reasons: the claims that carry an answer most, each with what the answer becomes once it is taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fissures.case.records import Case
from fissures.model.plan import coefficient
from fissures.study.bearing import Lean, leans
from fissures.study.claims import COULD_NOT_TEST, coefficients, without
from fissures.study.first_page import Bearing, Reason
from fissures.study.pairing import Control
from fissures.study.records import Answer, ClaimRow, Difference, Rival
from fissures.study.rivals import TESTED_ONLY

TRIED = 8  # coefficients taken out, each of which costs a simulation
DOUBTFUL = 2  # of them, those whose bearing the draws leave most open
TOLD = 3


@dataclass(frozen=True)
class Carried:
    """What carries an answer: the reasons to tell, and the bearing of every coefficient by its owner's code."""

    reasons: tuple[Reason, ...]
    bearing: dict[str, Bearing]


def carried(
    control: Control,
    code: str,
    rows: Sequence[ClaimRow],
    progress: Callable[[str], None] | None = None,
) -> Carried:
    """The coefficients with most bearing on an answer, taken out in turn; those that change it most, largest first.

    Which are tried is read off all the draws of the whole run; they are taken out on its paired paths. Where the draws
    tell nothing the largest coefficients are tried.
    """
    case, heads = control.case, _heads(rows)
    guide = leans(control.whole, control.answers[code], _names(case, heads))
    gone = without(control, progress, only=_tried(guide, heads))
    taken = {owner: told[code] for owner, told in gone.items() if owner in heads and code in told}
    reasons = [_reason(case, heads[owner], owner, found) for owner, found in taken.items()]
    bearing = {owner: Bearing(_drawn_in(guide, owner), taken.get(owner)) for owner in heads}
    told = tuple(sorted(reasons, key=lambda one: -abs(one.without.difference))[:TOLD])
    return Carried(told, bearing)


def falls_away(answer: Answer, rivals: Sequence[Rival]) -> float | None:
    """The part of what the argument adds to an answer that falls away once every untested claim is idle, in [0, 1].

    Counted on the arm that leaves them idle together: one by one they do not add up. None where no such arm was run, or
    where the argument adds no more than three errors of the simulation.
    """
    arm = next((one.differences.get(answer.code) for one in rivals if one.name == TESTED_ONLY), None)
    added = answer.with_claims - answer.claims_off
    if arm is None or abs(added) <= 3.0 * answer.mc_error:
        return None
    return min(max(-arm.difference / added, 0.0), 1.0)


def _reason(case: Case, head: ClaimRow, owner: str, found: Difference) -> Reason:
    says = head.paraphrase or head.sentence
    if owner.startswith("break "):
        says = case.breaks[owner.removeprefix("break ").strip()].says or says
    return Reason(owner, says, head.source, head.para, head.verdict, head.verdict != COULD_NOT_TEST, found)


def _tried(guide: Mapping[str, Lean], heads: Mapping[str, ClaimRow]) -> list[str]:
    """Most by what stands clear of its error; a few by what could be much for all that the draws tell."""
    if not guide:
        return sorted(heads, key=lambda owner: -abs(heads[owner].after.mean))[:TRIED]
    clear = sorted(guide, key=lambda owner: -abs(guide[owner].drawn_in))[: TRIED - DOUBTFUL]
    open_ones = sorted((owner for owner in guide if owner not in clear), key=lambda owner: -abs(guide[owner].change))
    return [*clear, *open_ones[:DOUBTFUL]]


def _drawn_in(guide: Mapping[str, Lean], owner: str) -> float | None:
    return guide[owner].drawn_in if owner in guide else None


def _names(case: Case, heads: Mapping[str, ClaimRow]) -> dict[str, str]:
    """The name of each coefficient among the draws, by its owner's code."""
    parts = coefficients(case)
    return {
        owner: f"break:{parts[owner][0].name}"
        if parts[owner][0].kind == "break"
        else coefficient(case, parts[owner][0].name)
        for owner in heads
        if owner in parts
    }


def _heads(rows: Sequence[ClaimRow]) -> dict[str, ClaimRow]:
    """The claim that stands for each coefficient, by its owner's code."""
    codes = {row.code for row in rows}
    out: dict[str, ClaimRow] = {}
    for row in rows:
        if row.shares not in codes:
            out.setdefault(row.shares or row.code, row)
    return out

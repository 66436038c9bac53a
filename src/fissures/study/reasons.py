"""Reasons: the claims that carry an answer most, each with what the answer becomes once it is taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fissures.case.records import Case
from fissures.model.simulate import Run
from fissures.study.claims import COULD_NOT_TEST, without
from fissures.study.first_page import Reason
from fissures.study.records import ClaimRow
from fissures.study.why_records import Why

TRIED = 4  # coefficients taken out, each of which costs a simulation
TOLD = 3


def reasons(
    case: Case,
    run: Run,
    code: str,
    why: Why | None,
    rows: Sequence[ClaimRow],
    progress: Callable[[str], None] | None = None,
) -> tuple[Reason, ...]:
    """The coefficients with most of what led to an answer, taken out in turn on the same random numbers; those that
    change it most, largest change first. Where nobody can tell what led to it, the largest coefficients are tried."""
    heads = _heads(rows)
    parts = by_owner(why, rows) if why is not None else {}
    ranked = sorted(parts, key=lambda owner: -abs(parts[owner])) if parts else _largest(heads)
    tried = ranked[:TRIED]
    gone = without(case, run, progress, only=tried)
    found = []
    for owner in tried:
        head = heads.get(owner)
        if head is None or code not in gone.get(owner, {}):
            continue
        says = head.paraphrase or head.sentence
        if owner.startswith("break "):
            says = case.breaks[owner.removeprefix("break ").strip()].says or says
        tested = head.verdict != COULD_NOT_TEST
        amount = parts.get(owner)
        found.append(Reason(owner, says, head.source, head.para, head.verdict, tested, amount, gone[owner][code]))
    return tuple(sorted(found, key=lambda one: -abs(one.without.difference))[:TOLD])


def by_owner(why: Why, rows: Sequence[ClaimRow]) -> dict[str, float]:
    """What led to an answer, by the coefficient that added it: restatements count with what they restate."""
    owner = {row.code: row.shares or row.code for row in rows}
    out: dict[str, float] = {}
    for share in why.shares:
        if share.kind not in ("claim", "break"):
            continue
        name = f"break {share.name}" if share.kind == "break" else owner.get(share.code, share.code)
        out[name] = out.get(name, 0.0) + share.amount
    return {name: amount for name, amount in out.items() if name}


def untested(why: Why, rows: Sequence[ClaimRow]) -> float | None:
    """The part of all that claims added, either way, that rests on coefficients the data could not test."""
    parts, heads = by_owner(why, rows), _heads(rows)
    whole = sum(abs(amount) for amount in parts.values())
    if whole == 0.0:
        return None
    spoken = (owner for owner in parts if owner in heads and heads[owner].verdict != COULD_NOT_TEST)
    return 1.0 - sum(abs(parts[owner]) for owner in spoken) / whole


def _heads(rows: Sequence[ClaimRow]) -> dict[str, ClaimRow]:
    """The claim that stands for each coefficient, by its owner's code."""
    out: dict[str, ClaimRow] = {}
    for row in rows:
        if not row.shares or row.shares not in {other.code for other in rows}:
            out.setdefault(row.shares or row.code, row)
    return out


def _largest(heads: dict[str, ClaimRow]) -> list[str]:
    return sorted(heads, key=lambda owner: -abs(heads[owner].after.mean))

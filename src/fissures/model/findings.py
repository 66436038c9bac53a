"""What a reader of a fit should know besides its numbers: rough blocks, causes that never varied, separation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fissures.errors import Finding
from fissures.kernel.importance import SURE
from fissures.model import history as past
from fissures.model.causes import Block, Learnt
from fissures.model.fit_ladders import separated
from fissures.model.found_breaks import BOUND, FoundBreak
from fissures.model.plan import Plan

WHERE = "fit"
MOST_NAMED = 6


def found(
    plan: Plan,
    history: past.History,
    blocks: Sequence[Block],
    learnt: Mapping[str, Learnt],
    breaks: Sequence[FoundBreak] = (),
) -> list[Finding]:
    """Findings of a fit that settled: warnings for rough blocks, notes for what the record cannot tell."""
    claims = [name for name in learnt if name.startswith("claim:")]
    still = [name for name in claims if not learnt[name].varies]
    apart = [name for name in claims if learnt[name].varies and separated(plan, history, name)]
    out = [_rough(block) for block in blocks if _is_rough(block)]
    out += [_broken(one) for one in breaks]
    if still:
        out.append(_still(still))
    if apart:
        out.append(_apart(apart))
    return out


def _is_rough(block: Block) -> bool:
    return block.khat is not None and block.khat > SURE and not block.method.startswith("sampled")


def _rough(block: Block) -> Finding:
    return Finding(
        WHERE,
        "warning",
        f"{block.name}: k-hat {block.khat:.2f}, above {SURE:g}",
        "the approximation strays from the exact answer there, and chains did not mix",
        "fissures fit CASE --full; if it stays, look for two claims that the record cannot tell apart",
    )


def _broken(one: FoundBreak) -> Finding:
    does = ("climbs more" if one.rises else "climbs less") if one.what.startswith("ladder") else (
        "counts more" if one.rises else "counts less"
    )  # fmt: skip
    when = f"{one.when.day} {one.when:%B %Y}"
    return Finding(
        WHERE,
        "note",
        f"{one.what} {does} from about {when} on than the fit expects ({one.gain:.1f} nats; chance reaches "
        f"{BOUND:g} one time in a hundred)",
        "no declared break and no claim explains it; what came before that date may say little of what comes next",
        "declare it under `breaks:` with a source, if something happened then",
    )


def _still(names: Sequence[str]) -> Finding:
    return Finding(
        WHERE,
        "note",
        f"the cause of {_claims(names)} never varied where it could be seen: {_listed(names)}",
        "no record can test a claim whose cause stood still; what it does rests on the stated belief",
        "evidence for the cause over a longer time, or over other fronts",
    )


def _apart(names: Sequence[str]) -> Finding:
    return Finding(
        WHERE,
        "note",
        f"separation in {_claims(names)}: {_listed(names)}",
        "what they speak of happened only while the cause was there, or never then; the record alone would push such "
        "a number without end, and the prior stops it",
        "read their size as the prior's, and their direction as the record's",
    )


def _claims(names: Sequence[str]) -> str:
    return f"{len(names)} claims" if len(names) > 1 else "one claim"


def _listed(names: Iterable[str]) -> str:
    plain = [name.removeprefix("claim:") for name in names]
    more = len(plain) - MOST_NAMED
    return ", ".join(plain[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

"""What an answer hangs on, as text and as a document: shares, claims taken out and swung, what settling is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fissures.cli._fit_trust import wrapped
from fissures.cli._shared import day, percent, say, table

if TYPE_CHECKING:
    from fissures.api import Sense

FEW = 12  # shares that are listed one by one
BEST = 3  # claims whose settling is told
NARROWER = 0.01  # of probability, by which a range must narrow on average to be told
BEYOND = 2.0  # simulation errors beyond which a change is no chance
KINDS = {
    "claim": "the argument's claims",
    "break": "declared breaks",
    "half-life": "half-lives",
    "moves": "how places move by themselves",
    "memory": "what places remember",
    "stream": "how often events come by themselves",
    "deaths": "how deadly days are",
    "marks": "weapons, and whose dead",
    "commitment": "commitments",
    "gaps": "gaps in the record",
}
LEGEND = (
    ("share", "of the variance of the answer between draws of all parameters, the chance of the paths taken out; "
     "shares add up with what inputs do together (Shapley effects, as regression on the draws finds them)"),
    ("known", "what knowing this input alone would take away on average; it counts what it tells about the others, so "
     "these do not add up"),
    ("without", "the model run again with the claim at nothing, on the same random numbers; = where it differs by no "
     "more than chance"),
    ("at 10 %, at 90 %", "the same with the claim held at either end of what is believed of it after the data"),
)  # fmt: skip


def show(told: Sense) -> None:
    """Print what the answer to one question hangs on."""
    head(told)
    if told.told:
        _shares(told)
    _claims(told)
    if told.told:
        for line in worth(told):
            say(line)
        say()
    _legend(told)
    noted(told)


def head(told: Any) -> None:
    """Print case, run, question and its answer."""
    say(told.case)
    say(f"as of {day(told.as_of)}")
    say(f"{told.paths:,} paths, seed {told.seed}, run {told.digest[:12]}")
    say()
    say(f"{told.code}  {told.title}")


def _shares(told: Any) -> None:
    _answer(told)
    say()
    say(f"What its range hangs on, over {told.draws:,} draws:")
    say()
    listed = [one for one in told.shares if one.told][:FEW]
    rows = [[_share(one.shapley, one.range80), _share(one.first, one.first80), one.code, one.label] for one in listed]
    table(["share (80 %)", "known", "input", ""], rows)
    say()
    say(_left(told, listed))
    say()
    say("By kind:")
    by_kind = [(KINDS.get(kind, kind), share, error) for kind, share, error in told.kinds]
    by_kind.append(("inputs acting together, and bends that the surrogate misses", told.rest, told.rest_error))
    table(["share (80 %)", ""], [[_share(share, _ends(share, error)), name] for name, share, error in by_kind])
    say()


def _answer(told: Any) -> None:
    low, high = told.range80
    say(
        f"{percent(told.probability)} in the model (80 % range {percent(low)} to {percent(high)}; "
        f"simulation error {max(100 * told.mc_error, 0.1):.1f} points)"
    )


def _left(told: Any, listed: Sequence[Any]) -> str:
    """How many inputs are not listed, and how much they carry together."""
    others = [one for one in told.shares if one not in listed]
    together, unsure = _points(sum(one.shapley for one in others)), sum(not one.told for one in others)
    words = f"All other inputs ({len(others)}) carry {together} together"
    words += f"; one by one, {unsure} of them cannot be told from nothing" if unsure else ""
    return f"{words}. Inputs that cannot reach the question in the model: {told.unreached}."


def _claims(told: Any) -> None:
    """Claims taken out and swung, those that move the answer most first."""
    if not told.swings:
        return
    say(f"The model run again, on {told.paired:,} paired futures:")
    say()
    rows = []
    for swing in sorted(told.swings, key=lambda one: -abs(one.difference)):
        out = told.without.get(swing.code)
        moved = abs(swing.difference) > BEYOND * swing.mc_error and percent(swing.low) != percent(swing.high)
        ends = [percent(swing.low), percent(swing.high)] if moved else ["=", "="]
        rows.append([swing.code, swing.label, _without(out), *ends])
    base = next(iter(told.without.values())).base if told.without else told.probability
    table(["", f"claim (with all of them {percent(base)})", "without", "at 10 %", "at 90 %"], rows)
    say()


def _without(change: Any) -> str:
    if change is None:
        return ""
    beyond = abs(change.difference) > BEYOND * change.mc_error and percent(change.arm) != percent(change.base)
    return percent(change.arm) if beyond else "="


def worth(told: Any) -> list[str]:
    """What settling a claim would be worth, in words: those few that would narrow the range most."""
    low, high = told.range80
    some = [one for one in told.settled if one.first80[0] > 0.0 and one.width_now - one.width_then >= NARROWER]
    sure = sorted(some, key=lambda one: -one.first)[:BEST]
    if not sure:
        wide = f"{percent(low)} to {percent(high)}"
        return [wrapped(f"No single claim, if it were known, would be told to narrow the range {wide} by a point.")]
    lines = []
    for one in sure:
        wide, then = 100 * one.width_now, 100 * one.width_then
        ends = f"{percent(one.range_then[0])} to {percent(one.range_then[1])}"
        lines.append(
            wrapped(
                f"If {one.code} were known, the range {percent(low)} to {percent(high)} would narrow on average from "
                f"{wide:.0f} to {then:.0f} points (such as {ends}), and move to where {one.code} is found to lie."
            )
        )
    return lines


def noted(told: Any) -> None:
    """Print what was noted on the way, in full: what cannot be told, and why."""
    for finding in told.findings:
        say(f"{finding.level}: {finding.message}")
        say(wrapped(f"why it matters: {finding.why}"))
        say(wrapped(f"try: {finding.remedy}"))


def _legend(told: Any) -> None:
    say("How to read it")
    for name, words in LEGEND if told.told else LEGEND[2:]:
        if told.swings or name in ("share", "known"):
            say(wrapped(f"{name}: {words}"))
    say()


def _share(value: float, ends: tuple[float, float]) -> str:
    """A share with its interval, which stops at nothing."""
    return f"{_points(value)} ({100 * max(ends[0], 0.0):.0f} to {100 * max(ends[1], 0.0):.0f} %)"


def _points(value: float) -> str:
    return f"{100 * max(value, 0.0):.0f} %"


def _ends(value: float, error: float) -> tuple[float, float]:
    return value - 1.2815515655446004 * error, value + 1.2815515655446004 * error


# --- JSON -------------------------------------------------------------------------------------------------------------


def document(told: Sense) -> dict[str, Any]:
    """The document of `explain --sense`; keys may be added, never renamed."""
    return {
        "case": told.case,
        "as_of": told.as_of.isoformat(),
        "digest": told.digest,
        "seed": told.seed,
        "paths": told.paths,
        "draws": told.draws,
        "code": told.code,
        "title": told.title,
        "by": told.by.isoformat(),
        "probability": told.probability,
        "range80": list(told.range80),
        "mc_error": told.mc_error,
        "between": {"variance": told.between, "error": told.between_error, "told": told.told},
        "shares": [_one(one) for one in told.shares],
        "kinds": {kind: {"share": share, "error": error} for kind, share, error in told.kinds},
        "rest": {"share": told.rest, "error": told.rest_error} if told.told else None,
        "settled": [
            {
                "code": one.code,
                "share": one.first,
                "share80": list(one.first80),
                "width_now": one.width_now,
                "width_then": one.width_then,
                "range_then": list(one.range_then),
            }
            for one in told.settled
        ],
        "paired": told.paired,
        "without": {
            code: {
                "base": change.base,
                "arm": change.arm,
                "difference": change.difference,
                "range80": list(change.range80),
                "mc_error": change.mc_error,
            }
            for code, change in told.without.items()
        },
        "swings": [
            {
                "code": one.code,
                "at": list(one.at),
                "low": one.low,
                "high": one.high,
                "difference": one.difference,
                "mc_error": one.mc_error,
            }
            for one in told.swings
        ],
        "unreached": told.unreached,
        "findings": [finding.as_json() for finding in told.findings],
    }


def _one(one: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "kind": one.kind,
        "share": one.shapley,
        "range80": list(one.range80),
        "first": one.first,
        "first80": list(one.first80),
    }

"""What-ifs as text and as a JSON document: the tornado of one question, what else moves, and where on the calendar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fissures.cli._fit_trust import wrapped
from fissures.cli._shared import day, percent, say, table

if TYPE_CHECKING:
    from fissures.api import Comparison

BAR = 12  # characters on either side of zero
MOST_NAMED = 4
MOST_OTHERS = 5

LEGEND = (
    ("range", "eight times in ten the change lies there: what the draws of the claims leave open, and chance."),
    ("chance", "the part of the range's half-width that more paths would take away."),
    ("settled by", "how many paths would make the range leave zero out; 'no number' where the claims themselves leave "
     "it open."),
    ("by the lever itself", "the lever adds, lifts or scales the very thing that is asked: no effect, and counted as "
     "none."),
    ("rides on", "claims that carry the change: fitted where the record spoke to them, assumed where it did not."),
)  # fmt: skip


def show(told: Comparison, question: str | None) -> None:
    """Print the tornado of one question (the most consequential where none is named), other changes and weeks."""
    code = question or told.lead
    say(f"{told.case}, as of {day(told.as_of)}: {_number(len(told), 'what-if')} on {told.paths:,} paired paths, "
        f"seed {told.seed}, in the model")  # fmt: skip
    say()
    codes = [key for key in dict.fromkeys(k for arm in told for k in arm.differences) if key.split(">=")[0] == code]
    for key in codes:
        _tornado(told, key)
    _others(told, codes)
    _weeks(told)
    say("How to read it")
    for name, words in LEGEND:
        say(wrapped(f"{name}: {words}"))


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _tornado(told: Comparison, key: str) -> None:
    """One row an arm, largest effect first, with a bar."""
    code, _, level = key.partition(">=")
    arms = sorted((arm for arm in told if key in arm.differences), key=lambda a: _rank(a.differences[key]))
    if not arms:
        return
    base = arms[0].differences[key].base
    say(f"{code}{f', {level} or more' if level else ''}  {told.titles.get(code, '')}  Base: {percent(base)}")
    reach = max([abs(edge) for arm in arms for edge in arm.differences[key].range80] + [1e-9])
    rows = [_row(told, arm, arm.differences[key], reach) for arm in arms]
    table(["what-if", "", "answer", "change\n(points)", "80 % range", "chance", "settled by", "rides on"], rows)
    say()


def _rank(change: Any) -> tuple[bool, float]:
    """Effects by their size, largest first; after them what a lever settles by itself."""
    return bool(change.itself), -abs(change.difference)


def _row(told: Comparison, arm: Any, change: Any, reach: float) -> list[str]:
    return [
        f"{arm.code or arm.id} {arm.name}",
        _bar(change.difference / reach),
        percent(change.arm),
        _points(change.difference),
        f"{_points(change.range80[0])} to {_points(change.range80[1])}",
        f"{100 * change.mc_error:.1f}",
        _settled(change, told.paths),
        _riding(change),
    ]


def _bar(share: float) -> str:
    """A bar to the left or right of a middle line.

    >>> _bar(-0.5)
    '      ######|            '
    """
    length = min(round(abs(share) * BAR), BAR)
    left, right = ("#" * length, "") if share < 0 else ("", "#" * length)
    return f"{left:>{BAR}}|{right:<{BAR}}"


def _points(share: float) -> str:
    return f"{100 * share + 0.0:+.1f}"


def _settled(change: Any, paths: int) -> str:
    if change.itself:
        return "no effect"
    if change.difference == 0:
        return "no change"
    if change.clear:
        return "clear"
    needed = change.settled_by(paths)
    return f"{float(f'{needed:.2g}'):,.0f} paths" if math.isfinite(needed) else "no number"


def _riding(change: Any) -> str:
    if change.itself:
        return str(change.itself)
    parts = [
        f"{how}: {_listed(codes)}" for how, codes in (("fitted", change.fitted), ("assumed", change.assumed)) if codes
    ]
    return "; ".join(parts) or "no claim"


def _listed(codes: Any) -> str:
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _others(told: Comparison, shown: list[str]) -> None:
    """Other questions that an arm moves clear of zero, largest first."""
    lines = []
    for arm in told:
        clear = [(key, c) for key, c in arm.differences.items() if key not in shown and c.clear_effect]
        clear.sort(key=lambda pair: -abs(pair[1].difference))
        if clear:
            changes = ", ".join(f"{key} {_points(c.difference)}" for key, c in clear[:MOST_OTHERS])
            lines.append(f"{arm.code or arm.id}: {changes}")
    if lines:
        say("Other questions that move clear of zero (points)")
        for line in lines:
            say(wrapped(line))
        say()


def _weeks(told: Comparison) -> None:
    """For each arm the front and week on which it changes most, where that is clear of zero."""
    lines = []
    for arm in told:
        clear = [(front, w) for front, weeks in arm.weeks.items() for w in weeks if w.told.clear]
        if clear:
            front, most = max(clear, key=lambda pair: abs(pair[1].told.difference))
            low, high = most.told.range80
            lines.append(
                f"{arm.code or arm.id}: {front} in the week of {day(most.week)}, {_points(most.told.difference)} "
                f"({_points(low)} to {_points(high)}) on {percent(most.told.base)}"
            )
    if lines:
        say("Where it shows most on the calendar (chance that the front is active in the week, points)")
        for line in lines:
            say(wrapped(line))
        say()


# --- JSON -------------------------------------------------------------------------------------------------------------


def document(told: Comparison) -> dict[str, Any]:
    """The document of `compare`; keys may be added, never renamed."""
    return {
        "case": told.case,
        "as_of": told.as_of.isoformat(),
        "digest": told.digest,
        "seed": told.seed,
        "paths": told.paths,
        "lead": told.lead,
        "arms": {arm.id: {key: _change(c, told.paths) for key, c in arm.differences.items()} for arm in told},
        "levers": {
            arm.id: {"code": arm.code, "name": arm.name, "escalatory": arm.escalatory, "pulled": list(arm.levers)}
            for arm in told
        },
        "weeks": {
            arm.id: {
                front: [{"week": w.week.isoformat(), **_short(w.told)} for w in weeks]
                for front, weeks in arm.weeks.items()
            }
            for arm in told
        },
    }


def _change(change: Any, paths: int) -> dict[str, Any]:
    return {
        **_short(change),
        "parameter_sd": change.parameter_sd,
        "settled_by": None if change.difference == 0 else change.settled_by(paths),
        "by_itself": change.itself or None,
        "rides_on": {"fitted": list(change.fitted), "assumed": list(change.assumed)},
    }


def _short(change: Any) -> dict[str, Any]:
    return {
        "base": change.base,
        "arm": change.arm,
        "difference": change.difference,
        "range80": list(change.range80),
        "mc_error": change.mc_error,
    }

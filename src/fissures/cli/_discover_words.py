"""In which futures something happens, as text and as a document: kinds of futures, and levers over all of them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from fissures.cli._fit_trust import wrapped
from fissures.cli._sense_words import BEYOND, head, noted
from fissures.cli._shared import percent, say, table

if TYPE_CHECKING:
    from fissures.api import Discovery

LEGEND = (
    ("kind of future", "a box over what differs between futures; found on half of the draws, and all its numbers are "
     "from the other half"),
    ("quasi-p", "how likely a box would be so dense by chance if this were not so; draws, not paths, are counted"),
    ("early events", "signs that go before, in the model; they answer to the fronts as well, and are nobody's moves"),
)  # fmt: skip
LEVERS = (
    ("regret", "by how many points a lever falls short of the best one, in the kind of future in which it does worst"),
    ("kept", "in how many kinds of futures the chance stays at or below that of today's answer"),
)


def show(told: Discovery) -> None:
    """Print in which futures a question comes true."""
    head(told)
    say(
        wrapped(
            f"{percent(told.probability)} in the model; {percent(told.base)} on the {percent(told.looked_at)} of "
            f"paths that are looked at, those on which it had not happened in the first {told.early_days} days. "
            f"{told.dimensions} things differ between them."
        )
    )
    say()
    _kinds(told)
    _levers(told)
    say("How to read it")
    for name, words in (*LEGEND, *(LEVERS if told.levers else ())):
        say(wrapped(f"{name}: {words}"))
    say()
    noted(told)


def _kinds(told: Any) -> None:
    if not told.scenarios:
        say("No kind of future stands out: many things carry the answer a little, or too few paths show it.")
        say()
        return
    for one in told.scenarios:
        low, high = one.density80
        say(
            wrapped(
                f"{one.name}. It happens in {percent(one.density)} of them ({percent(low)} to {percent(high)}), "
                f"{one.density / told.base:.1f} times as often as on the whole. {percent(one.mass)} of futures are "
                f"like this, and {percent(one.coverage)} of those in which it happens."
            )
        )
        for restriction in one.restrictions:
            say(wrapped(f"   {restriction}, quasi-p {_p(restriction.p)}"))
        say()
    say(f"Elsewhere: {percent(told.elsewhere)}, in {percent(told.elsewhere_mass)} of futures.")
    say()


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def _levers(told: Any) -> None:
    """Every lever in every kind of future, least regret first; = where it changes no more than chance."""
    if not told.levers:
        return
    kinds = list(told.levers[0].changes)
    say(f"Levers that do not escalate, on {told.paired:,} paired futures:")
    say()
    headings = ["", "lever", *(_heading(told, kind) for kind in kinds), "regret", "kept"]
    rows = [
        [
            one.code or one.id,
            one.name,
            *(_change(one.changes[kind]) for kind in kinds),
            f"{100 * one.regret:.1f} points" + (f" ({one.worst})" if one.regret > 0 and len(kinds) > 1 else ""),
            f"{one.kept} of {len(kinds)}",
        ]
        for one in told.levers
    ]
    table(headings, rows)
    say()


def _heading(told: Any, kind: str) -> str:
    return f"{kind} (now {percent(told.levers[0].changes[kind].base)})"


def _change(change: Any) -> str:
    return percent(change.arm) if abs(change.difference) > BEYOND * change.mc_error else "="


# --- JSON -------------------------------------------------------------------------------------------------------------


def document(told: Discovery) -> dict[str, Any]:
    """The document of `explain --discover`; keys may be added, never renamed."""
    return {
        "case": told.case,
        "as_of": told.as_of.isoformat(),
        "digest": told.digest,
        "seed": told.seed,
        "paths": told.paths,
        "code": told.code,
        "title": told.title,
        "by": told.by.isoformat(),
        "probability": told.probability,
        "base": told.base,
        "looked_at": told.looked_at,
        "early_days": told.early_days,
        "dimensions": told.dimensions,
        "scenarios": [_scenario(one) for one in told.scenarios],
        "elsewhere": {"density": told.elsewhere, "mass": told.elsewhere_mass},
        "trajectory": [dict(vars(point)) for point in told.trajectory],
        "levers": {one.id: _lever(one) for one in told.levers},
        "aim": told.aim,
        "paired": told.paired,
        "findings": [finding.as_json() for finding in told.findings],
    }


def _scenario(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "density": one.density,
        "density80": list(one.density80),
        "coverage": one.coverage,
        "mass": one.mass,
        "quasi_p": one.p,
        "restrictions": [
            {
                "code": part.code,
                "label": part.label,
                "kind": part.kind,
                "unit": part.unit,
                "low": part.low if isfinite(part.low) else None,
                "high": part.high if isfinite(part.high) else None,
                "at": list(part.at),
                "quasi_p": part.p,
                "says": str(part),
            }
            for part in one.restrictions
        ],
    }


def _lever(one: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "regret": one.regret,
        "worst": one.worst,
        "kept": one.kept,
        "in": {
            kind: {
                "base": change.base,
                "arm": change.arm,
                "difference": change.difference,
                "range80": list(change.range80),
                "mc_error": change.mc_error,
            }
            for kind, change in one.changes.items()
        },
    }

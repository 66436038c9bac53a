"""An explanation as text and as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fissures.cli._fit_trust import wrapped
from fissures.cli._shared import day, say, table

if TYPE_CHECKING:
    from fissures.api import Why

MOST, MOST_CAUSES, MOST_LOOPS = 14, 10, 6

HOW = (
    "what was different, in the model, on the climbs (or events) that led to it, against the same moves on ordinary "
    "days of the futures in which it did not come about. Parts add up to the difference without remainder. +0.7 makes "
    "a move about twice as likely. It says what went along with it, not what caused it."
)  # fmt: skip


def show(told: Why) -> None:
    """Print shares, causes, loops and stories."""
    say(f"{told.code}  {told.title}")
    say(f"{told.case}, as of {day(told.as_of)}: it came about in {told.happened:,} of {told.paths:,} futures, "
        f"seed {told.seed}, in the model")  # fmt: skip
    say()
    if told.note:
        say(wrapped(told.note))
        return
    say(f"Difference in the {told.what}: {told.total:+.2f}")
    _parts(told)
    _causes(told)
    _loops(told)
    for story in told.stories:
        say(f"The {story.which} such future ({story.deaths:,} killed)")
        for when, text in story.events:
            say(wrapped(f"{day(when)}: {text}"))
        say()
    say(wrapped(f"How to read it: {HOW}"))


def _parts(told: Why) -> None:
    rows = [
        [share.code, _name(share), f"{share.amount:+.2f}", f"{share.mc_error:.2f}", _tested(share)]
        for share in told.shares[:MOST]
    ]
    rest = told.shares[MOST:]
    if rest:
        rows.append(["", f"{len(rest)} smaller parts", f"{sum(share.amount for share in rest):+.2f}", "", ""])
    table(["code", "part", told.what.split(" of ")[0], "chance", "by the record"], rows)
    say()


def _name(share: Any) -> str:
    text = " ".join((share.says or share.name).split()).removesuffix(".")
    return text if len(text) <= 76 else text[:75].rstrip(" ,;:") + "…"


def _tested(share: Any) -> str:
    return {None: "", True: "fitted", False: "assumed"}[share.tested]


def _causes(told: Why) -> None:
    """The claims' part divided by what they read, and by the streams that fed it."""
    for kind, title in (
        ("pressure", "The claims' part by what they read"),
        ("stream", "of which fed by streams since"),
    ):
        mine = [share for share in told.causes if share.kind == kind][:MOST_CAUSES]
        if mine:
            say(title)
            table(["", ""], [[_name(share) if share.says else share.name, f"{share.amount:+.2f}"] for share in mine])
            say()


def _loops(told: Why) -> None:
    if not told.loops:
        return
    say("Loops in the argument, strongest first (gain: the product of its claims' coefficients, per surge)")
    for loop in told.loops[:MOST_LOOPS]:
        how = "reinforcing" if loop.sign > 0 else "balancing"
        codes = ", ".join(dict.fromkeys(loop.codes))
        say(wrapped(f"{how}, gain {abs(loop.gain):.2g}: {' -> '.join((*loop.names, loop.names[0]))} ({codes})"))
    say()


def document(told: Why) -> dict[str, Any]:
    """The document of `explain --why`; keys may be added, never renamed."""
    return {
        "case": told.case,
        "as_of": told.as_of.isoformat(),
        "digest": told.digest,
        "seed": told.seed,
        "paths": told.paths,
        "question": told.code,
        "title": told.title,
        "happened": told.happened,
        "what": told.what,
        "total": told.total,
        "shares": [_share(share) for share in told.shares],
        "causes": [_share(share) for share in told.causes],
        "loops": [
            {"names": list(o.names), "kind": "reinforcing" if o.sign > 0 else "balancing", "claims": list(o.codes),
             "gain": o.gain} for o in told.loops
        ],
        "stories": [
            {"which": s.which, "path": s.path, "deaths": s.deaths,
             "events": [{"date": when.isoformat(), "what": text} for when, text in s.events]} for s in told.stories
        ],
        "note": told.note or None,
    }  # fmt: skip


def _share(share: Any) -> dict[str, Any]:
    return {
        "kind": share.kind,
        "name": share.name,
        "code": share.code or None,
        "says": share.says,
        "amount": share.amount,
        "mc_error": share.mc_error,
        "tested": share.tested,
    }

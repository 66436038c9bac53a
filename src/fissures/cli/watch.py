"""`fissures watch`: triggers of a case, where each stands, and exit code 6 where one fires."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._shared import AsJson, CaseOrRun, Paths, Seed, day, emit, is_bundle, percent, say, step, table, walk

if TYPE_CHECKING:
    from fissures.api import Watch

FIRED = 6
DEFAULT_PATHS = 4_000

When = Annotated[
    list[str] | None,
    typer.Option("--when", metavar="PHRASE", help='Also watch this, such as "Q4 above 10 %"; may be given again.'),
]


def watch(case: CaseOrRun, when: When = None, paths: Paths = None, seed: Seed = None, as_json: AsJson = False) -> int:
    """Say where every trigger stands; exit code 6 where one fires."""
    from fissures import api

    done = walk(case, DEFAULT_PATHS if paths is None and not is_bundle(case) else paths, seed)
    with step("triggers"):
        told = api.watch(done, when or ())
    if as_json:
        emit(document(told))
    else:
        show(told)
    return FIRED if told.fired else 0


def show(told: Watch) -> None:
    """Print one row a trigger, those that fired first."""
    say(f"{told.case}, as of {day(told.as_of)}: {len(told.fired)} of {len(told)} triggers fired")
    rows = [
        ["FIRED" if one.fired else "quiet" if one.value is not None else "not counted", one.name, one.when, _value(one),
         one.says]
        for one in sorted(told, key=lambda one: not one.fired)
    ]  # fmt: skip
    table(["", "trigger", "fires when", "stands at", "what then"], rows)


def _value(one: Any) -> str:
    if one.value is None:
        return "nobody counted it"
    return percent(one.value) if one.share else f"{one.value:.3g}" if isfinite(one.value) else "not known"


def document(told: Watch) -> dict[str, Any]:
    """The document of `watch`; keys may be added, never renamed."""
    return {
        "case": told.case,
        "as_of": told.as_of.isoformat(),
        "digest": told.digest,
        "fired": [one.name for one in told.fired],
        "triggers": [
            {"name": one.name, "when": one.when, "value": one.value, "level": one.level, "fired": one.fired,
             "says": one.says} for one in told
        ],
    }  # fmt: skip

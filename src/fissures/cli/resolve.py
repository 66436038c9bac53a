"""`fissures resolve`: how the answers of a saved run did, by the record of a later version of its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._shared import AsJson, count, day, emit, is_bundle, percent, say, step, table

if TYPE_CHECKING:
    from fissures.api import Resolution

Folder = Annotated[str, typer.Argument(metavar="FOLDER", help="The folder of a saved run (`fissures run CASE --out`).")]
By = Annotated[str, typer.Option("--by", metavar="CASE", help="A later version of the case: a name or a folder.")]


def resolve(folder: Folder, by: By, as_json: AsJson = False) -> int:
    """Say how the answers of a saved run did, by the record of a later version of its case."""
    from fissures import api

    if not is_bundle(folder):
        raise api.UsageError(
            f"'{folder[:80]}' holds no saved run",
            where="FOLDER",
            why="only answers that were kept when they were given can be scored",
            remedy="name the folder of: fissures run CASE --out FOLDER",
        )
    with step("read both cases and answers"):
        told = api.resolve(folder, by)
    if as_json:
        from fissures.api.resolving import resolved_document

        emit(resolved_document(told))
    else:
        show(told)
    return 0


def show(told: Resolution) -> None:
    """Print what has settled first, then what cannot be told, then what is open; what is lacking stands below."""
    say(f"{told.case}: the answers of {day(told.since)}, read on {day(told.until)} (issue {told.digest[:12]})")
    say(f"{len(told.settled)} of {len(told.asked)} questions have settled.")
    say()
    rows = [[one.code, _said(one), one.outcome, _scored(one), one.title] for one in told.ordered]
    table(["", "it was said\n(with | off | class)", "what came", "score\n(in that order)", "question"], rows)
    for one in told.ordered:
        if one.lacking and one.status != "open":
            say(f"{one.code}  {one.status}: {one.lacking}")
    say()
    for sentence in told.sentences:
        say(sentence)


def _said(one: Any) -> str:
    """With claims, claims off, reference class; a number's median, with where it fell against its range."""
    write = count if one.kind == "number" else percent
    told = (one.said.with_claims, one.said.claims_off, one.said.reference)
    return " | ".join("none" if value is None else write(value) for value in told)


def _scored(one: Any) -> str:
    """Brier scores in the same order; the CRPS of a number, and where it fell."""
    if one.kind == "number":
        fell = f"{one.fell} the 80 % range" if one.fell else ""
        crps = [f"{value:.3g}" for value in (one.crps.with_claims, one.crps.claims_off) if value is not None]
        return ", ".join(part for part in (f"CRPS {' | '.join(crps)}" if crps else "", fell) if part)
    told = (one.brier.with_claims, one.brier.claims_off, one.brier.reference)
    if one.brier.with_claims is None:
        return ""
    return " | ".join("none" if value is None else f"{value:.2f}" for value in told)

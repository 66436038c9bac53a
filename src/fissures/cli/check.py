"""`fissures check`: every finding in a case, then every claim read back as a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fissures.cli._shared import AsJson, aligned, emit, say

if TYPE_CHECKING:
    from fissures.api import CheckReport

INVALID = 3


def check(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A shipped case's name, or a case folder.")],
    source: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your copy of the source text: claims are checked against it."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Check a case file and read its claims back."""
    from fissures import api
    from fissures.cli import _documents

    report = api.check(case) if source is None else api.check(case, source=str(source))
    if as_json:
        emit(_documents.checked(report))
    else:
        _show(report, source)
    return 0 if report.valid else INVALID


def _show(report: CheckReport, source: Path | None) -> None:
    for finding in report.findings:
        say(f"{finding.level}: {finding}")
    if report.findings:
        say()
    if report.sentences:
        say("The claims, read back:")
        for line in aligned([[f"  {name}", sentence] for name, sentence in report.sentences.items()]):
            say(line)
        say()
    say(", ".join(_counted(count, name.removesuffix("s")) for name, count in report.counts.items()))
    if source is not None and report.valid and report.passages:
        say(f"{_counted(report.passages, 'passage')} verified in {source}")
    say(_verdict(report))


def _verdict(report: CheckReport) -> str:
    levels = [finding.level for finding in report.findings]
    told = ", ".join(_counted(levels.count(level), level) for level in ("error", "warning", "note"))
    return f"The case is {'valid' if report.valid else 'not valid'}: {told}."


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

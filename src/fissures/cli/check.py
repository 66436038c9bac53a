"""`fissures check`: every finding in a case, its claims read back, and on request the whole case in words."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._shared import AsJson, aligned, emit, progress, say, table

if TYPE_CHECKING:
    from fissures.api import CheckReport

INVALID = 3
FEW = 30  # claims that are read back without being asked for; more of them would bury the findings
MOST_NOTES = 10

Case = Annotated[str | None, typer.Argument(metavar="CASE", help="A shipped case's name, or a case folder.")]
Source = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your copy of the source text: claims are checked against it.")
]
Sentences = Annotated[bool, typer.Option("--sentences", help=f"Read the claims back even where more than {FEW}.")]
Explain = Annotated[bool, typer.Option("--explain", help="Tell the whole case in words.")]
Systems = Annotated[
    bool, typer.Option("--systems", help="Knock every system out and print what it moved (takes minutes).")
]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a case file; needs no CASE.")]


def check(
    case: Case = None,
    source: Source = None,
    sentences: Sentences = False,
    explain: Explain = False,
    systems: Systems = False,
    schema: Schema = False,
    as_json: AsJson = False,
) -> int:
    """Check a case file and read its claims back."""
    from fissures import api

    if schema:
        return _print_schema()
    if case is None:
        raise typer.BadParameter("name a shipped case or a case folder (only --schema needs none)", param_hint="CASE")
    asked: dict[str, Any] = {} if source is None else {"source": str(source)}
    asked |= {"systems": True, "progress": progress} if systems else {}
    report = api.check(case, **asked)
    words = api.explain(case) if explain and report.valid else None
    if as_json:
        _emit(report, words)
    elif words is not None:
        _show_findings(report)
        say(words.rstrip("\n"))
    else:
        _show(report, source, sentences)
    return 0 if report.valid else INVALID


def _print_schema() -> int:
    """The schema as it is: editors read it, so nothing is added."""
    import json

    from fissures import api

    say(json.dumps(api.schema(), indent=2, ensure_ascii=False))
    return 0


def _emit(report: CheckReport, words: str | None) -> None:
    from fissures.cli import _documents

    document = _documents.checked(report) | {"systems": _systems(report)}
    emit(document | ({} if words is None else {"explain": words}))


def _systems(report: CheckReport) -> dict[str, Any]:
    """The systems under the keys that other programs rely on; none where nobody asked."""
    return {
        name: {"title": one.title, "elements": list(one.elements), "state": one.state, "moves": one.moves}
        | ({"still": one.still} if getattr(one, "still", "") else {})
        for name, one in getattr(report, "systems", {}).items()
    }


# --- text ---------------------------------------------------------------------------------------------------


def _show(report: CheckReport, source: Path | None, sentences: bool) -> None:
    _show_findings(report)
    _show_sentences(report, sentences)
    _show_systems(report)
    say(", ".join(_counted(count, name.removesuffix("s")) for name, count in report.counts.items()))
    if source is not None and report.valid and report.passages:
        say(f"{_counted(report.passages, 'passage')} verified in {source}")
    say(_verdict(report))


def _show_findings(report: CheckReport) -> None:
    """Every error and warning; notes too, unless there are so many that they would bury them."""
    notes = sum(finding.level == "note" for finding in report.findings)
    for finding in report.findings:
        if finding.level != "note" or notes <= MOST_NOTES:
            say(f"{finding.level}: {finding}")
    if notes > MOST_NOTES:
        say(f"{notes} notes: --json lists them")
    if report.findings:
        say()


def _show_sentences(report: CheckReport, wanted: bool) -> None:
    """Each claim on a line of its own; on a terminal, wrapped."""
    if not report.sentences:
        return
    if len(report.sentences) > FEW and not wanted:
        say(f"{len(report.sentences)} claims read back with --sentences; the case in words with --explain.")
    else:
        say("The claims, read back:")
        rows = [[f"  {name}", sentence] for name, sentence in report.sentences.items()]
        indent = 2 + max(len(name) for name, _ in rows)
        for line in aligned(rows):
            say(_wrapped(line, indent))
    say()


def _wrapped(line: str, indent: int) -> str:
    if not sys.stdout.isatty():
        return line
    width = max(shutil.get_terminal_size().columns, indent + 40)
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def _show_systems(report: CheckReport) -> None:
    """What moved when each system was knocked out; declared nulls beside it."""
    systems = getattr(report, "systems", {})
    if not systems:
        return
    rows = [
        [name, system.state, system.title, _moved(system), ", ".join(system.elements)]
        for name, system in systems.items()
    ]
    table(["system", "state", "title", "what moved when it was knocked out", "elements"], rows)
    say()


def _moved(system: Any) -> str:
    still = f"held still: {system.still}" if getattr(system, "still", "") else ""
    return "; ".join(part for part in (system.moves, still) if part) or "-"


def _verdict(report: CheckReport) -> str:
    levels = [finding.level for finding in report.findings]
    told = ", ".join(_counted(levels.count(level), level) for level in ("error", "warning", "note"))
    return f"The case is {'valid' if report.valid else 'not valid'}: {told}."


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

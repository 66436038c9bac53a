"""`fissures format`: a case file put in order, its words and comments untouched."""

from __future__ import annotations

from typing import Annotated

import typer

from fissures.cli._shared import AsJson, emit, say

WOULD_CHANGE = 1


def format_case(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case folder, or a case's YAML file.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if the file would change.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Rewrite an older format as the current one.")] = False,
    as_json: AsJson = False,
) -> int:
    """Put a case file in order; what it says is unchanged."""
    from fissures import api

    made = api.format_case(case, check=check, upgrade=upgrade)
    if as_json:
        emit(
            {
                "file": str(made.file),
                "changed": made.changed,
                "written": made.changed and not check,
                "findings": [finding.as_json() for finding in made.notes],
            }
        )
    else:
        for finding in made.notes:
            say(f"{finding.level}: {finding}")
        what = "is in order" if not made.changed else "would be formatted" if check else "was formatted"
        say(f"{made.file} {what}.")
    return WOULD_CHANGE if check and made.changed else 0

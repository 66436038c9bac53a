"""`fissures doctor`: what this installation has, and what it lacks."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Annotated

import typer

from fissures.cli._shared import AsJson, emit, say, table

Row = tuple[str, bool, str]


def doctor(
    compile: Annotated[bool, typer.Option("--compile", help="Compile the kernel now (extra [fast]).")] = False,
    as_json: AsJson = False,
) -> int:
    """Look at this installation and say what is missing."""
    rows = [*_library(compile), _terminal()]
    good = all(ok for _, ok, _ in rows)
    if as_json:
        emit({"ok": good, "checks": [{"name": n, "ok": ok, "detail": d} for n, ok, d in rows]})
    else:
        table(["", "what", "detail"], [["ok" if ok else "LACKS", name, detail] for name, ok, detail in rows])
        say("All is well." if good else "Something is missing; see the lines that say LACKS.")
    return 0 if good else 1


def _library(compile: bool) -> list[Row]:
    """What the library says of itself; when it cannot even be imported, that is the finding."""
    try:
        from fissures import api

        return [(name, ok, detail) for name, ok, detail in api.doctor(compile)]
    except ImportError as error:
        return [("library", False, f"{error}; install the package again")]


def _terminal() -> Row:
    shape = shutil.get_terminal_size()
    kind = "a terminal" if sys.stdout.isatty() else "a file or pipe"
    encoding = sys.stdout.encoding or "unknown"
    colour = "off (NO_COLOR)" if os.environ.get("NO_COLOR") else "as the terminal allows"
    return ("terminal", True, f"{kind}, {shape.columns} columns, {encoding}, colour {colour}")

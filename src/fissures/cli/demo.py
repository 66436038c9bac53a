"""`fissures demo`: the shipped case from its argument to a brief, in one go and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fissures.cli._shared import SHIPPED, AsJson, Paths, Seed, emit, note, say, step, walk, writable_file


def demo(
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(help="Where the brief goes.")] = Path("brief.html"),
    paths: Paths = None,
    seed: Seed = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the brief in a browser.")] = False,
) -> int:
    """Walk the shipped case from its argument to a brief."""
    from fissures import api
    from fissures.cli import _answers, _documents

    writable_file(out)
    run = walk(SHIPPED, paths, seed)
    with step("answers, claims and levers"):
        study = api.study(run)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study).resolve()
    if as_json:
        emit(_documents.answered(study, str(written)))
    else:
        _answers.show(study, SHIPPED)
        say(f"The brief: {written}")
    if open_it:
        _open(written)
    return 0


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.as_uri()):
        note(f"no browser was found; open {page} yourself")

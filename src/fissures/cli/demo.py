"""`fissures demo`: the shipped case from its argument to a brief, in one go and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fissures.cli._shared import SHIPPED, AsJson, Paths, Seed, emit, note, progress, say, step, walk, writable_file

if TYPE_CHECKING:
    from fissures.api import Study

# A summit, an outside power that engages, one that holds back; pulling all sixteen would take minutes.
LEVERS = ("summit_with_step", "us_shuttle_diplomacy", "turkish_restraint")


def demo(
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(help="Where the brief goes.")] = Path("brief.html"),
    paths: Paths = None,
    seed: Seed = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the brief in a browser.")] = False,
) -> int:
    """Walk the shipped case from its argument to a brief."""
    from fissures import api
    from fissures.cli import _documents

    writable_file(out)
    run = walk(SHIPPED, paths, seed)
    with step("answers, claims and levers"):
        study = api.study(run, levers=LEVERS, progress=progress)
    with step("reasons and signs"):
        study = api.briefed(run, study, progress=progress, readings=False)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study).resolve()
    if as_json:
        emit(_documents.answered(study, str(written)))
    else:
        _show(study)
        say(f"The brief: {written}")
    if open_it:
        _open(written)
    return 0


def _show(study: Study) -> None:
    """Three answers that stand for all, and where the rest is."""
    from fissures.cli import _answers

    asked = study.answers.questions
    _answers.head(study)
    _answers.blocks(chosen := _answers.three(study.answers))
    if len(asked) > len(chosen):
        say(f"{len(chosen)} of {len(asked)} answers; all are in the brief, and printed by: fissures run {SHIPPED}")
    if tried := _answers.what_ifs(study):
        say(f"In the brief: {tried}; all levers that are not escalatory: fissures brief {SHIPPED}")
    for line in _answers.found(study.answers, SHIPPED):
        say(line)


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.as_uri()):
        note(f"no browser was found; open {page} yourself")

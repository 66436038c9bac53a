"""`fissures brief`: the whole study as one HTML file that needs nothing else."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fissures.cli._shared import (
    AsJson,
    CaseOrRun,
    Leave,
    Levers,
    Paths,
    Seed,
    emit,
    progress,
    say,
    step,
    walk,
    writable_file,
)


class Words(StrEnum):
    """The scales of words for probabilities."""

    icd203 = "icd203"
    phia = "phia"


def brief(
    case: CaseOrRun,
    out: Annotated[Path, typer.Option(help="Where the brief goes.")] = Path("brief.html"),
    paths: Paths = None,
    seed: Seed = None,
    lever: Levers = None,
    allow_escalatory: Leave = False,
    last: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Folder of the last issue's saved run, set beside this one."),
    ] = None,
    words: Annotated[Words, typer.Option(help="The scale of words for probabilities.")] = Words.icd203,
    as_json: AsJson = False,
) -> int:
    """Write the brief of a case or of a saved run."""
    from fissures import api
    from fissures.cli import _answers, _documents

    writable_file(out)
    run = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers, claims and levers"):
        study = api.study(run, progress=progress)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study, last=last, words=words.value).resolve()
    if as_json:
        emit(_documents.answered(study, str(written)))
    else:
        say(f"The brief: {written}")
        if tried := _answers.what_ifs(study):
            say(f"In it: {tried}.")
    return 0

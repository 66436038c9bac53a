"""`fissures brief`: the whole study as one HTML file that needs nothing else, and in other formats beside it."""

from __future__ import annotations

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


def brief(
    case: CaseOrRun,
    out: Annotated[Path, typer.Option(help="Where the brief goes.")] = Path("brief.html"),
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write tables, figures, paths and provenance as files, too.")
    ] = None,
    paths: Paths = None,
    seed: Seed = None,
    lever: Levers = None,
    allow_escalatory: Leave = False,
    as_json: AsJson = False,
) -> int:
    """Write the brief of a case or of a saved run."""
    from fissures import api
    from fissures.cli import _answers, _documents

    writable_file(out)
    if data is not None:
        _check_folder(data)
    run = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers, claims and levers"):
        study = api.study(run, progress=progress)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study).resolve()
    if data is not None:
        with step("data folder"):
            data = api.data_folder(run, data, study=study, page=written).resolve()
    if as_json:
        emit({**_documents.answered(study, str(written)), "data": None if data is None else str(data)})
        return 0
    say(f"The brief: {written}")
    if tried := _answers.what_ifs(study):
        say(f"In it: {tried}.")
    if data is not None:
        say(f"The data folder: {data} (README.txt says what each file is)")
    return 0


def _check_folder(folder: Path) -> None:
    from fissures.api.handover import check_folder

    check_folder(folder)

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
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as PDF, too; needs fissures[pdf].")] = None,
    one_page: Annotated[bool, typer.Option("--one-page", help="Only the first page, also as PDF.")] = False,
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
    _ready(data, pdf)
    run = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers, claims and levers"):
        study = api.study(run, progress=progress)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study).resolve()
    if data is not None:
        with step("data folder"):
            data = api.data_folder(run, data, study=study, page=written).resolve()
    if one_page:
        api.one_page(written, written)
    if pdf is not None:
        with step("PDF"):
            pdf = api.brief_pdf(written, pdf).resolve()
    if as_json:
        files = {"data": data, "pdf": pdf}
        emit({**_documents.answered(study, str(written)), **{name: at and str(at) for name, at in files.items()}})
        return 0
    say(f"The brief: {written}")
    if tried := _answers.what_ifs(study):
        say(f"In it: {tried}.")
    if data is not None:
        say(f"The data folder: {data} (README.txt says what each file is)")
    if pdf is not None:
        say(f"The PDF: {pdf}")
    return 0


def _ready(data: Path | None, pdf: Path | None) -> None:
    """Refuse, before any work is done, what could not be written or lacks its extra."""
    from fissures.api.handover import ready

    if pdf is not None:
        writable_file(pdf, "--pdf")
    ready(data, pdf)

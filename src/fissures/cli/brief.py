"""`fissures brief`: the whole study as one HTML file that needs nothing else, and in other formats beside it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from fissures.api import Run, Study

TOLD = {"data": "The data folder (its README.txt says what each file is)", "docx": "The Word file", "pdf": "The PDF"}


class Words(StrEnum):
    """The scales of words for probabilities."""

    icd203 = "icd203"
    phia = "phia"


def brief(
    case: CaseOrRun,
    out: Annotated[Path, typer.Option(help="Where the brief goes.")] = Path("brief.html"),
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write tables, figures, paths and provenance as files, too.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as PDF, too; needs fissures[pdf].")] = None,
    docx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a Word file, too; needs fissures[word].")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --docx: your own Word template (docs/word-template.md).")
    ] = None,
    one_page: Annotated[bool, typer.Option("--one-page", help="Only the first page, also as PDF.")] = False,
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
    _ready(data, pdf, docx, template)
    run = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers, claims and levers"):
        study = api.study(run, progress=progress)
    with step("rival readings, reasons, signs"):
        study = api.briefed(run, study, last, progress=progress)
    with step("brief"):
        written = api.brief(run, out=str(out), study=study, words=words.value).resolve()
    made = _beside(run, study, written, one_page, {"data": data, "docx": docx, "pdf": pdf}, template)
    if as_json:
        files = {name: None if made[name] is None else str(made[name]) for name in made}
        emit({**_documents.answered(study, str(written)), **files})
        return 0
    say(f"The brief: {written}")
    if tried := _answers.what_ifs(study):
        say(f"In it: {tried}.")
    for name, at in made.items():
        if at is not None:
            say(f"{TOLD[name]}: {at}")
    return 0


def _beside(
    run: Run, study: Study, page: Path, one_page: bool, asked: dict[str, Path | None], template: Path | None
) -> dict[str, Path | None]:
    """Write the other formats that were asked for, each from the same study; returns where each lies."""
    from fissures import api

    made = dict(asked)
    if (data := asked["data"]) is not None:
        with step("data folder"):
            made["data"] = api.data_folder(run, data, study=study, page=page).resolve()
    if (docx := asked["docx"]) is not None:
        with step("Word file"):
            made["docx"] = api.brief_docx(run, docx, template, study=study).resolve()
    if one_page:
        api.one_page(page, page)
    if (pdf := asked["pdf"]) is not None:
        with step("PDF"):
            made["pdf"] = api.brief_pdf(page, pdf).resolve()
    return made


def _ready(data: Path | None, pdf: Path | None, docx: Path | None, template: Path | None) -> None:
    """Refuse, before any work is done, what could not be written or lacks its extra."""
    from fissures.api import UsageError
    from fissures.api.handover import ready

    for path, option in ((pdf, "--pdf"), (docx, "--docx")):
        if path is not None:
            writable_file(path, option)
    if template is not None and docx is None:
        raise UsageError(
            "--template belongs to --docx",
            where="--template",
            why="a template is filled to make a Word file, and none was asked for",
            remedy="--docx brief.docx --template yours.docx",
        )
    ready(data, pdf is not None, docx is not None, template)

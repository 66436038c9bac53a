"""What an analyst hands over beside the page: a data folder, the page as PDF, its first page alone, a Word file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.briefing import briefed
from fissures.api.documents import brief, context_of
from fissures.api.records import Run
from fissures.api.running import study as make_study
from fissures.errors import UsageError

if TYPE_CHECKING:
    from fissures.study.records import Study


def document(study: Study) -> dict[str, Any]:
    """A study as one plain document, without its brief's place."""
    from fissures.study.documents import answered

    return answered(study)


def data_folder(run: Run, folder: str | Path, study: Study | None = None, page: str | Path | None = None) -> Path:
    """Write everything that the brief of a run shows as files for other programs, and return their folder.

    Tables are CSV with HXL tags in the second line, figures SVG, PNG, Vega-Lite and CSV, answers and questions JSON,
    simulated paths Parquet, provenance PROV-JSON; `datapackage.json` describes every column and its unit, `README.txt`
    every file. The same run gives the same bytes. A `study` already made is used as it is, and so is a `page` that
    `fs.brief` wrote. Raises UsageError where the folder holds something other than an older data folder, or cannot be
    written.

    >>> import fissures as fs
    >>> case = fs.load("two_valleys")  # doctest: +SKIP
    >>> fs.data_folder(fs.simulate(case, fs.fit(case)), "handed-over")  # doctest: +SKIP
    """
    from fissures.export.folder import refuse_other, write
    from fissures.study.tidy import by_place

    refuse_other(Path(folder))
    made = briefed(run, make_study(run) if study is None else study)
    text = _rendered(run, made) if page is None else _read(page)
    return write(Path(folder), made, context_of(run, made, "--data data"), text, tuple(by_place(run.on)))


def brief_pdf(page: str | Path, out: str | Path) -> Path:
    """Write a brief that `fs.brief` or `fs.one_page` wrote as PDF on A4, and return its path; needs the extra `[pdf]`.

    Every page names the case, its as-of date and the issue's digest. The same page gives the same bytes on the same
    machine. Raises UsageError where a file cannot be read or written, DataError where the extra is missing.

    >>> import fissures as fs
    >>> fs.brief_pdf("brief.html", "brief.pdf")  # doctest: +SKIP
    """
    from fissures.export.pdf import write

    return write(_read(page), Path(out))


def brief_docx(run: Run, out: str | Path, template: str | Path | None = None, study: Study | None = None) -> Path:
    """Write the brief of a run as a Word file and return its path; needs the extra `[word]`.

    `template` is a Word file of your own with the variables of docs/word-template.md (None: the package's). A `study`
    already made is used as it is. The same run and template give the same bytes. Raises UsageError where the template
    cannot be used or the file cannot be written, DataError where the extra is missing.

    >>> import fissures as fs
    >>> case = fs.load("two_valleys")  # doctest: +SKIP
    >>> fs.brief_docx(fs.simulate(case, fs.fit(case)), "brief.docx", "ministry.docx")  # doctest: +SKIP
    """
    from fissures.export.word import write

    made = briefed(run, make_study(run) if study is None else study)
    context = context_of(run, made, "--docx brief.docx")
    return write(made, context, Path(out), None if template is None else Path(template))


def one_page(page: str | Path, out: str | Path) -> Path:
    """Write the first page of a brief alone, as HTML that fits on one page, and return its path.

    Raises UsageError where a file cannot be read or written, or where the page is no brief.

    >>> import fissures as fs
    >>> fs.one_page("brief.html", "note.html")  # doctest: +SKIP
    """
    from fissures.export.one_page import first_page

    text = first_page(_read(page))
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(out, "--out", error) from error
    return Path(out)


def ready(data: Path | None, pdf: bool, docx: bool, template: Path | None = None) -> None:
    """Refuse, before any work is done, a format whose extra is missing, or that could not be written as asked."""
    if data is not None:
        from fissures.export.folder import refuse_other

        refuse_other(data)
    if pdf:
        from fissures.export import pdf as paper

        paper.needed()
    if docx:
        from fissures.export import word

        word.needed()
        if template is not None:
            word.usable(template)


def _rendered(run: Run, study: Study) -> str:
    with tempfile.TemporaryDirectory() as room:
        return brief(run, Path(room) / "brief.html", study=study).read_text(encoding="utf-8")


def _read(page: str | Path) -> str:
    try:
        return Path(page).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot read '{page}': {getattr(error, 'strerror', None) or error}",
            where="the brief",
            why="other formats are made from the page that fs.brief wrote",
            remedy="write it first: fs.brief(run, out='brief.html')",
        ) from error


def _unwritable(out: str | Path, where: str, error: OSError) -> UsageError:
    return UsageError(
        f"cannot write '{out}': {error.strerror or error}",
        where=where,
        why="the page was made and could not be saved",
        remedy="name a file in a folder that exists and that you may write to",
    )

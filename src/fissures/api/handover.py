"""What an analyst hands over beside the page: a data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.documents import context_of
from fissures.api.records import Run
from fissures.api.running import study as make_study

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
    every file. The same run gives the same bytes. A `study` already made is used as it is, and
    so is a `page` that `fs.brief` wrote. Raises UsageError where the
    folder holds something other than an older data folder, or cannot be written.

    >>> import fissures as fs
    >>> case = fs.load("south-caucasus-2020")  # doctest: +SKIP
    >>> fs.data_folder(fs.simulate(case, fs.fit(case)), "handed-over")  # doctest: +SKIP
    """
    from fissures.brief.render import render
    from fissures.export.folder import refuse_other, write
    from fissures.study.tidy import by_place

    refuse_other(Path(folder))
    made = make_study(run) if study is None else study
    context = context_of(run, made, "--data data")
    text = render(made, context_of(run, made)) if page is None else Path(page).read_text(encoding="utf-8")
    return write(Path(folder), made, context, text, tuple(by_place(run.on)))


def check_folder(folder: str | Path) -> None:
    """Refuse, before any work is done, a data folder that could not be written or would replace other work."""
    from fissures.export.folder import refuse_other

    refuse_other(Path(folder))

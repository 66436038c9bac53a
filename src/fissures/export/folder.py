"""A data folder: everything a brief shows, as files that other programs read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fissures.brief.context import Context
from fissures.errors import UsageError
from fissures.export import answer_tables, case_tables, describe, paths, provenance, questions, resolved_table
from fissures.export.figure import Figure
from fissures.export.figures import figures
from fissures.export.inert import document
from fissures.export.tables import Table, as_csv
from fissures.study.documents import answered
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths

PACKAGE = "datapackage.json"
SAYS = {
    "brief.html": "The brief as one page that opens in any browser and needs nothing else.",
    "answers.json": "Every answer with all that belongs to it, as `fissures run --json` prints it.",
    "questions.json": "The questions in the fields of a forecasting platform (Metaculus), with a forecast each.",
    "provenance.json": "What was made from what, with digests (W3C PROV-JSON).",
    PACKAGE: "What every table holds: types, units, sources, terms (Frictionless Data Package).",
    "paths.parquet": "Every simulated future, one row a path, place and day.",
}


def write(folder: Path, study: Study, context: Context, page: str, places: Sequence[PlacePaths]) -> Path:
    """Write a data folder and return it; an older data folder at the same place is replaced, any other is refused.

    `page` is the brief as HTML. The folder is written under a temporary name and renamed, so that a crash leaves the
    old one. The same study gives the same bytes. Raises UsageError where the folder holds other things or cannot be
    written.
    """
    refuse_other(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _fill(made, study, context, page, places)
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(made, folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def refuse_other(folder: Path) -> None:
    """Raise UsageError where a data folder cannot be made, or would replace a file or other work."""
    if folder.is_dir() and not _replaceable(folder):
        raise _refused(f"'{folder}' holds something other than a data folder", "name a new folder")
    if folder.exists() and not folder.is_dir():
        raise _refused(f"'{folder}' is a file", "a data folder is a folder: name a new one")
    # It is made beside its place and then renamed, so what counts is the nearest folder above.
    above = next((up for up in folder.absolute().parents if up.exists()), folder)
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise _refused(f"'{folder}' cannot be made in '{above}'", "name a folder where you may write")


def _refused(message: str, remedy: str) -> UsageError:
    return UsageError(
        message,
        where="--data",
        why="a data folder replaces only a data folder, so no other work is lost",
        remedy=remedy,
    )


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"cannot write '{folder}': {error.strerror or error}",
        where="--data",
        why="the numbers were made and could not be saved",
        remedy="name a folder that you may write to, on a disk with room",
    )


def _replaceable(folder: Path) -> bool:
    """Whether a folder is empty, or holds a data folder's files and nothing else."""
    inside = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    if not inside:
        return True
    try:
        told = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        return told[describe.MARK] == 1 and inside <= {PACKAGE, *told["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False


def tables_of(study: Study, context: Context) -> tuple[Table, ...]:
    """Every table of a study, without those of its figures."""
    found, last = study.answers.analogues, study.first.last if study.first else None
    return (
        answer_tables.answers(study),
        answer_tables.exceedances(study, context),
        answer_tables.what_ifs(study),
        answer_tables.rivals(study),
        answer_tables.course(study.course),
        answer_tables.rungs(study.course, context),
        case_tables.claims(study),
        case_tables.statements(study),
        case_tables.facts(context),
        *([case_tables.flare_ups(found)] if found is not None and found.nearest else []),
        *([resolved_table.resolved(last.resolved)] if last is not None and last.resolved is not None else []),
        case_tables.sources(context),
    )


def _fill(made: Path, study: Study, context: Context, page: str, places: Sequence[PlacePaths]) -> None:
    drawn = figures(study, context)
    tables = (*tables_of(study, context), *(figure.data for figure in drawn))
    says = {"brief.html": SAYS["brief.html"]} | {f"{one.name}.csv": one.says for one in tables_of(study, context)}
    says |= _draw(made, drawn) | SAYS
    for one in tables:
        _put(made, f"{one.name}.csv", as_csv(one))
    _put(made, "brief.html", page)
    _put(made, "answers.json", document(answered(study)))
    _put(made, "questions.json", document(questions.document(study, context)))
    rows = paths.write(made / "paths.parquet", places) if places else 0
    held = _held(made)
    digests = {name: digest for name, (_, digest) in held.items()}
    told = provenance.document(study, context, digests["brief.html"], digests)
    _put(made, "provenance.json", document(told))
    listed = {"files": sorted([*_held(made), "README.txt"])}
    _put(made, PACKAGE, document({**describe.package(study, context, tables, held), **listed}))
    sizes = {name: size for name, (size, _) in _held(made).items()}
    _put(made, "README.txt", describe.readme(study, context, says, sizes, rows))


def _draw(made: Path, drawn: Sequence[Figure]) -> dict[str, str]:
    """Every figure as drawing, picture and specification; returns what the files of each are, data included."""
    says = {}
    for figure in drawn:
        name = f"figures/{figure.file}"
        _put(made, f"{name}.svg", figure.svg)
        _put(made, f"{name}.png", figure.png)
        _put(made, f"{name}.{figure.ending}", figure.specification)
        what = "its Vega-Lite specification" if figure.ending == "vl.json" else "its parts and lines with their places"
        says[f"{name}.*"] = f"{figure.title}. As .svg, .png, .csv (its data) and .{figure.ending} ({what})."
    return says


def _put(made: Path, name: str, content: str | bytes) -> None:
    file = made / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def _held(made: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file."""
    files = sorted(p for p in made.rglob("*") if p.is_file())
    return {
        p.relative_to(made).as_posix(): (p.stat().st_size, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files
    }

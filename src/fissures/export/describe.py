"""What a data folder says of itself: `datapackage.json` for programs, `README.txt` for people."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from fissures.brief.context import Context
from fissures.brief.phrases import PURPOSE
from fissures.export.inert import slug
from fissures.export.paths import COLUMNS
from fissures.export.tables import Table
from fissures.figures.labels import plain
from fissures.study.records import Study

WIDTH = 100
MARK = "fissures-data-folder"
_CSV = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
_KINDS = {"path": "integer", "date": "date", "level": "integer", "deaths": "integer"}
_UNITS = {"deaths": "people"}
_ASK = "not stated, so ask before you pass it on"


def package(study: Study, context: Context, tables: Sequence[Table], files: Mapping[str, tuple[int, str]]) -> Any:
    """The Frictionless description of a folder: every table with its fields, types and units; sources and licences.

    `files` holds the size in bytes and SHA-256 of each file. The row of HXL tags is declared a comment, so that a
    reader of the package gets typed columns. The format: https://datapackage.org/.
    """
    answers = study.answers
    terms = dict.fromkeys(source.licence for source in context.sources if source.licence)
    return {
        "profile": "data-package",
        "name": slug(f"{context.title}-{answers.digest[:12]}", 80),
        "title": f"{context.title}, as of {context.as_of.isoformat()}",
        "description": f"{PURPOSE} Every number is the model's, given the case; none is a fact about the future.",
        "version": answers.digest[:12],
        MARK: 1,
        "as_of": context.as_of.isoformat(),
        "issue": answers.digest,
        "keywords": ["conflict", "forecast", "early warning"],
        "sources": [_source(one.cite, one.url, one.licence) for one in context.sources],
        "licenses": [{"name": slug(licence), "title": licence} for licence in terms],
        "resources": [*(_resource(one, files) for one in tables), *_parquet(files)],
    }


def _source(cite: str, url: str | None, licence: str | None) -> dict[str, str]:
    web = {"path": url} if url and url.startswith(("https://", "http://")) and " " not in url else {}
    return {"title": cite, **web, "licence": licence or "not stated"}


def _resource(one: Table, files: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    size, digest = files[f"{one.name}.csv"]
    fields = []
    for column in one.columns:
        field = {"name": column.name, "type": column.kind, "description": column.meaning, "hxl": column.tag}
        fields.append({**field, **({"unit": column.unit} if column.unit else {})})
    return {
        "name": slug(one.name, 80),
        "path": f"{one.name}.csv",
        "profile": "tabular-data-resource",
        "description": one.says,
        **_CSV,
        "bytes": size,
        "hash": f"sha256:{digest}",
        "dialect": {"header": True, "commentChar": "#", "delimiter": ",", "lineTerminator": "\r\n"},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _parquet(files: Mapping[str, tuple[int, str]]) -> list[dict[str, Any]]:
    if "paths.parquet" not in files:
        return []
    size, digest = files["paths.parquet"]
    fields = [
        {"name": name, "type": _KINDS.get(name, "string"), "description": says, "unit": _UNITS.get(name, "")}
        for name, says in COLUMNS.items()
    ]
    return [
        {
            "name": "paths",
            "type": "file",
            "profile": "data-resource",
            "path": "paths.parquet",
            "description": "Every simulated future, one row a path, place and day.",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "bytes": size,
            "hash": f"sha256:{digest}",
            "columns": [{key: value for key, value in one.items() if value} for one in fields],
        }
    ]


def readme(study: Study, context: Context, says: Mapping[str, str], sizes: Mapping[str, int], rows: int) -> str:
    """What each file is, on which terms it may be passed on, and the one command that makes the folder again."""
    answers = study.answers
    listed = [f"  {name} ({_size(_total(name, sizes))})\n{_wrapped(text, 6)}" for name, text in says.items()]
    cited = [
        _wrapped(f"{plain(one.cite, 500).rstrip('.')}. Terms: {plain(one.licence or _ASK, 200)}.")
        for one in context.sources
    ]
    parts = [
        f"{plain(context.title, 200)}\nAs of {context.as_of.isoformat()}, looking to {context.horizon.isoformat()}",
        f"Issue {answers.digest}\nSeed {answers.seed}, {answers.paths:,} simulated paths",
        _wrapped(
            PURPOSE + " Every number is a statement about the model, given the case. Empty is missing, not zero.", 0
        ),
        "FILES\n\n" + "\n".join(listed),
        "HOW TO READ THE TABLES\n\n" + "\n".join(_reading(rows)),
        "SOURCES AND TERMS\n\n" + "\n".join(cited or ["  The case cites no source."]),
        _wrapped("What is drawn from a source stands under that source's terms; name it where you pass a table on."),
        f"TO MAKE THIS FOLDER AGAIN\n\n  {plain(context.reproduce, 2000)}",
        _wrapped("The same version, case and seed give the same bytes; provenance.json names every digest."),
    ]
    return "\n\n".join(parts) + "\n"


def _total(name: str, sizes: Mapping[str, int]) -> int:
    """The size of a file, or of all files that begin alike ("figures/fan.*")."""
    stem, every, _ = name.partition("*")
    return sum(size for file, size in sizes.items() if file == name or (every and file.startswith(stem)))


def _reading(rows: int) -> list[str]:
    said = [
        "The second line of every CSV holds HXL tags (hxlstandard.org). datapackage.json says what each column is, in "
        "which unit, and declares that line a comment.",
        "A cell of text that a spreadsheet would take for a formula begins with an apostrophe.",
        "Probabilities are shares of simulated paths. A share of 0 or 1 is no certainty: `in_words` says it as the "
        "brief does, and questions.json keeps it between 0.001 and 0.999.",
        "Open CSV files as UTF-8.",
    ]
    if rows:
        said.append(
            f"paths.parquet holds {rows:,} rows, one a path, place and day: {', '.join(COLUMNS)}. Deaths of a track "
            "are empty, because a track counts none. A front's deaths are those of both sides."
        )
    return [_wrapped(text) for text in said]


def _wrapped(text: str, indent: int = 2) -> str:
    room = " " * indent
    return textwrap.fill(text, WIDTH, initial_indent=room, subsequent_indent=room, break_long_words=True)


def _size(count: int) -> str:
    """A size as people read it.

    >>> _size(312), _size(150_000), _size(2_400_000)
    ('312 bytes', '150 kB', '2.4 MB')
    """
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"

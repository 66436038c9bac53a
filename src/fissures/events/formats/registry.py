"""Every native format there is, and the recognition of a file as one of them."""

from __future__ import annotations

from pathlib import Path

from fissures.errors import UsageError
from fissures.events.formats import acled, gdelt, icews, mapped, polecat, quads, ucdp
from fissures.events.formats.format import Format
from fissures.events.originals import Opened, refused

FORMATS: tuple[Format, ...] = (
    ucdp.GED,
    ucdp.CANDIDATE,
    acled.ACLED,
    icews.ICEWS,
    quads.QUADS,
    polecat.POLECAT,
    gdelt.GDELT_1,
    gdelt.GDELT_2,
)


def recognise(opened: Opened, file_name: str, name: str | None = None, mapping: Path | None = None) -> Format:
    """The format of a file: as named, as a mapping says, or as its columns show.

    Raises UsageError for a name that is no format, DataError for a file that is not of the format.
    """
    if mapping is not None:
        return mapped.form(mapping, opened, name)
    fitting = [form for form in FORMATS if form.matches(opened.header, opened.has_header)]
    if name is None:
        if not fitting:
            raise _unknown(opened)
        return next((form for form in fitting if form.version_of(file_name)), fitting[0])
    if name not in (known := {form.name: form for form in FORMATS}):
        raise UsageError(
            f"no format '{name}'",
            where="--format",
            why="the columns would not be understood",
            remedy=f"one of: {', '.join(known)}",
        )
    if known[name] not in fitting:
        looks = fitting[0].title if fitting else f"a table with the columns {_shown(opened)}"
        raise refused(
            opened.name,
            f"is not {known[name].title}; it looks like {looks}",
            "columns would be misread",
            "leave --format out",
        )
    return known[name]


def _unknown(opened: Opened) -> Exception:
    return refused(
        opened.name,
        f"is a table of no format we know; its columns are {_shown(opened)}",
        "which column holds what has to be said",
        "write a mapping beside it: see docs/event-data.md, section 'Your own table'",
    )


def _shown(opened: Opened) -> str:
    shown = ", ".join(" ".join(name.split())[:40] or "(no name)" for name in opened.header[:8])
    return shown + (f" and {len(opened.header) - 8} more" if len(opened.header) > 8 else "")

"""What a native format is: how a file of it is recognised, and how its columns become the event table's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fissures.events.table import literal, quoted

Checks = tuple[tuple[str, str], ...]  # a reason for quarantine, and the SQL condition under which it holds


@dataclass(frozen=True)
class Native:
    """The columns of one file, as SQL expressions over its rows (alias `r`); an absent column is NULL.

    `missing` are texts that say that nothing is there: a cell that holds one of them is empty.
    """

    header: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def has(self, *names: str) -> str | None:
        """The first of these names that the file has, spelled as it spells it."""
        known = {name.lower(): name for name in reversed(self.header)}
        return next((known[name.lower()] for name in names if name.lower() in known), None)

    def raw(self, *names: str) -> str:
        """The first of these columns as it stands, or NULL."""
        found = self.has(*names)
        return f"r.{quoted(found)}" if found else "NULL"

    def text(self, *names: str) -> str:
        """The first of these columns as text without outer blanks; an empty cell is NULL."""
        if self.has(*names) is None:
            return "NULL"
        text = f"nullif(trim({self.raw(*names)}), '')"
        for nothing in self.missing:
            text = f"nullif({text}, {literal(nothing)})"
        return text

    def number(self, *names: str) -> str:
        """The first of these columns as a number; NULL where it is empty or cannot be read."""
        return f"TRY_CAST({self.text(*names)} AS DOUBLE)"

    def whole(self, *names: str) -> str:
        """The first of these columns as a whole number; '3.0' is three."""
        return f"TRY_CAST({self.number(*names)} AS INTEGER)"

    def day(self, *names: str, forms: Sequence[str] = ()) -> str:
        """The first of these columns as a date: ISO (with or without a time of day), or one of the `forms`."""
        text = self.text(*names)
        iso = f"TRY_CAST(left({text}, 10) AS DATE)"
        if not forms:
            return iso
        listed = ", ".join(literal(form) for form in forms)
        return f"coalesce({iso}, CAST(try_strptime({text}, [{listed}]) AS DATE))"


Columns = Callable[[Native], Mapping[str, str]]


@dataclass(frozen=True)
class Format:
    """A native format.

    `needs` are the columns by which a file with a header line is recognised; `widths` and `names` describe files
    without one. `columns` gives an SQL expression for each column of the event table that the format can fill, over
    the file's rows (alias `r`) and the `joins`. `numbers` and `days` are native columns that must hold numbers or
    dates where they hold anything. `checks` are further reasons for quarantine. `version` is a pattern on the file's
    name whose groups, joined by dots, are the version; `fixed_version` is that of a dataset never revised.
    `missing` are texts that stand in empty cells. `fatal_only`: only events with dead are recorded, so silence
    says nothing of what kills nobody. `feed`: a news feed, in which a day without any row anywhere is a gap and not a
    quiet day. `weapons`: whether the mode says by what weapon.
    """

    name: str
    title: str
    cite: str
    columns: Columns
    needs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    first_row: tuple[tuple[int, str], ...] = ()
    delimiter: str = ","
    quote: str = '"'
    joins: Callable[[Native], str] = lambda native: ""
    numbers: tuple[str, ...] = ()
    checks: Callable[[Native], Checks] = lambda native: ()
    version: str = ""
    fixed_version: str = ""
    missing: tuple[str, ...] = ()
    dataset: str = ""
    fatal_only: bool = False
    feed: bool = False
    weapons: bool = False

    def version_of(self, file_name: str) -> str | None:
        """The version that a file's name tells, or that all files have; None where it must be said."""
        if self.fixed_version:
            return self.fixed_version
        found = re.search(self.version, file_name, re.IGNORECASE) if self.version else None
        return ".".join(group for group in found.groups() if group) if found else None

    def matches(self, header: Sequence[str], has_header: bool) -> bool:
        """Whether a file with this first line is of this format."""
        if has_header:
            known = {name.strip().lower() for name in header}
            return bool(self.needs) and all(_any_of(need, known) for need in self.needs)
        shaped = len(header) in self.widths
        return shaped and all(re.fullmatch(pattern, header[k].strip()) for k, pattern in self.first_row)


def _any_of(need: str, known: set[str]) -> bool:
    """Whether one of the spellings `a|b` is among the known names."""
    return any(name.lower() in known for name in need.split("|"))

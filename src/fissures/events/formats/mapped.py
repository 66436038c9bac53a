"""Any table with a mapping beside it: a spreadsheet of the analyst's own, a subset somebody passed on.

Without an id of its own a row is known by what it says: a digest of all its cells and a running number among rows that
say the same, so that two equal rows count twice and the same file read again gives the same ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fissures import terms
from fissures.case.amounts import nearest
from fissures.errors import Finding, UsageError
from fissures.events.formats.format import Checks, Format, Native
from fissures.events.formats.mapping import Read, legal_words, read_mapping, refusal
from fissures.events.originals import Opened, refused
from fissures.events.reading import names_of
from fissures.events.table import COLUMNS, literal, quoted

NAME = "mapped"
LEFT_OUT = "left out by the mapping"
_ISO = r"^\d{4}-\d{2}-\d{2}([ T].*)?$"
_MONTH, _YEAR = r"^\d{4}-\d{2}$", r"^\d{4}$"
_SEPARATORS = r"\s*[,;|]\s*"


def form(path: Path, opened: Opened, name: str | None = None) -> Format:
    """The format that a mapping describes, for one file.

    Raises DataError with everything that is wrong with the mapping, or UsageError where a format is named as well.
    """
    if name not in (None, NAME):
        raise UsageError(
            f"both the format '{name}' and a mapping are given",
            where="--mapping",
            why="each says what the columns mean; only one of them can count",
            remedy="leave one of them out",
        )
    if not opened.has_header:
        why = "a mapping names columns by the words in the first line"
        raise refused(opened.name, "has no line with the names of its columns", why, "put one above the data")
    said, findings = read_mapping(path)
    found = _Mapped(said).form(opened.name)
    findings += _not_in_file(said, _header(opened, found))
    if findings:
        raise refusal(findings)
    return found


def _header(opened: Opened, found: Format) -> Native:
    return Native(names_of(opened, found))


def _not_in_file(said: Read, native: Native) -> list[Finding]:
    """A finding for each column that the mapping names and the file does not have."""
    why = "the mapping was written for another file, or the column was renamed"
    return [
        said.tree.positions.finding(
            place,
            f"the file has no column '{column[:60]}'",
            why,
            nearest(column, native.header),
            key=place[0] == "only",
        )
        for place, column in said.named()
        if column and native.has(column) is None
    ]


class _Mapped:
    """The SQL of a mapping, over the rows of a file (alias `r`) and the vocabulary."""

    def __init__(self, said: Read) -> None:
        self.said = said

    def form(self, file_name: str) -> Format:
        """The format as the reader wants it."""
        title = self.said.title or f"the table {file_name}"
        return Format(
            name=NAME,
            title=title,
            cite=self.said.cite or title,
            columns=self.columns,
            joins=self.joins,
            checks=self.checks,
            delimiter="any",
            dataset=self.said.dataset or re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file_name).stem).lstrip("._-")[:80],
            fatal_only=self.said.switches["fatal_only"],
            feed=self.said.switches["feed"],
            weapons=self.said.switches["weapons"],
        )

    def columns(self, native: Native) -> Mapping[str, str]:
        """An expression for each column of the event table."""
        out = {"row_id": _digest(native), **self.coded(native)}
        out |= {event: self.expression(native, event, column) for event, column in self.said.columns.items()}
        out |= {event: _constant(event, value) for event, value in self.said.same.items()}
        if self.said.codes:
            out["category"] = "kind.category"
        day = native.text(column) if (column := self.said.columns.get("start_date")) else "NULL"
        alone = self.last(day) if column else out["start_date"]
        out["end_date"] = f"coalesce({out.get('end_date', 'NULL')}, {alone})"
        spanned = f"WHEN {out['end_date']} > {out['start_date']} THEN 'days' ELSE 'day'"
        month, year = (f"coalesce(regexp_matches({day}, {literal(form)}), false)" for form in (_MONTH, _YEAR))
        coarse = f"CASE WHEN {month} THEN 'month' WHEN {year} THEN 'year' {spanned} END"
        out["date_precision"] = f"coalesce({out.get('date_precision', 'NULL')}, {coarse})"
        return out

    def coded(self, native: Native) -> dict[str, str]:
        """What the vocabulary says of the row's code."""
        if not (codes := self.said.codes):
            return {}
        told = {"category": "kind.category", "code": native.text(codes.column), "mode": "kind.mode"}
        return told | {"context": "kind.context", "intensity": "kind.intensity"}

    def expression(self, native: Native, event: str, column: str) -> str:
        """A column of the file as the event table wants it."""
        text, kind = native.text(column), COLUMNS[event].type
        if event.endswith("_state") or event == "country":
            return f"state_on({event}.earlier, {event}.iso3, {self.started(native)})"
        if kind == "DATE":
            return self.last(text) if event == "end_date" else self.first(text)
        if kind == "DOUBLE":
            return self.number(text)
        if kind == "INTEGER":
            return f"TRY_CAST({self.number(text)} AS INTEGER)"
        return f"string_split_regex(upper({text}), {literal(_SEPARATORS)})" if kind == "VARCHAR[]" else text

    def started(self, native: Native) -> str:
        """The first day of a row."""
        if (column := self.said.columns.get("start_date")) is not None:
            return self.first(native.text(column))
        return _constant("start_date", self.said.same["start_date"])

    def number(self, text: str) -> str:
        """A text as a number; NULL where it is none."""
        plain = f"replace({text}, ',', '.')" if self.said.switches["decimal_comma"] else text
        return f"TRY_CAST({plain} AS DOUBLE)"

    def first(self, text: str) -> str:
        """The first day of a date, or of a month (2020-07) or year (2020)."""
        month = f"WHEN regexp_matches({text}, {literal(_MONTH)}) THEN TRY_CAST({text} || '-01' AS DATE)"
        year = f"WHEN regexp_matches({text}, {literal(_YEAR)}) THEN TRY_CAST({text} || '-01-01' AS DATE)"
        return f"CASE {month} {year} ELSE {self.day(text)} END"

    def last(self, text: str) -> str:
        """The last day of a date, or of a month or year."""
        month = f"WHEN regexp_matches({text}, {literal(_MONTH)}) THEN last_day(TRY_CAST({text} || '-01' AS DATE))"
        year = f"WHEN regexp_matches({text}, {literal(_YEAR)}) THEN TRY_CAST({text} || '-12-31' AS DATE)"
        return f"CASE {month} {year} ELSE {self.day(text)} END"

    def day(self, text: str) -> str:
        """A text as a day, in the ways that the mapping names or year-month-day; NULL where it is none."""
        iso = f"CASE WHEN regexp_matches({text}, {literal(_ISO)}) THEN TRY_CAST(left({text}, 10) AS DATE) END"
        if not self.said.dates:
            return iso
        return f"coalesce(CAST(try_strptime({text}, [{', '.join(map(literal, self.said.dates))}]) AS DATE), {iso})"

    def joins(self, native: Native) -> str:
        """The vocabulary that the row's code and its states are looked up in."""
        states = [event for event in self.said.columns if event.endswith("_state") or event == "country"]
        out = [
            f"LEFT JOIN state_names {event} ON {event}.name = lower({native.text(self.said.columns[event])})"
            for event in states
        ]
        if codes := self.said.codes:
            out.append(f"LEFT JOIN {self.kinds()} kind ON kind.code = {_code(codes.scheme, native.text(codes.column))}")
        return "\n".join(out)

    def kinds(self) -> str:
        """The table that says what a code means: code, category, mode, context, intensity."""
        assert self.said.codes is not None
        nothing = "NULL AS context, NULL AS intensity"
        tables = {
            "cameo": "(SELECT code, category, mode, context, intensity FROM cameo)",
            "acled": f"(SELECT lower(sub_event_type) AS code, category, mode, {nothing} FROM acled)",
            "ucdp": """(SELECT unnest([type_of_violence, lower(name)]) AS code, category, mode, context,
                NULL AS intensity FROM ucdp_violence)""",
            "plover": f"(SELECT DISTINCT category AS code, category, NULL AS mode, {nothing} FROM plover_modes)",
        }
        if self.said.codes.scheme != "own":
            return tables[self.said.codes.scheme]
        listed = ", ".join(
            f"({literal(code)}, {_or_null(category)}, {_or_null(mode)})"
            for code, (category, mode) in self.said.codes.means.items()
        )
        return f"(SELECT code, category, mode, {nothing} FROM (VALUES {listed}) own(code, category, mode))"

    def checks(self, native: Native) -> Checks:
        """What is wrong with a row in the words of the file."""
        out = [
            (LEFT_OUT, f"coalesce({native.text(column)} NOT IN ({', '.join(map(literal, wanted))}), true)")
            for column, wanted in self.said.only.items()
        ]
        if self.said.codes:
            out.append(("unknown code", "kind.code IS NULL"))
        for event, column in self.said.columns.items():
            text, kind = native.text(column), COLUMNS[event].type
            if kind in ("DOUBLE", "INTEGER"):
                number = self.number(text)
                whole = f" AND {number} = floor({number})" if kind == "INTEGER" else ""
                readable = f"coalesce(isfinite({number}) AND abs({number}) < 1e9{whole}, false)"
                out.append(("unreadable number", f"{text} IS NOT NULL AND NOT {readable}"))
            elif event in ("end_date", "published"):
                out.append(("impossible date", f"{text} IS NOT NULL AND {self.last(text)} IS NULL"))
            elif kind == "VARCHAR[]":
                known = ", ".join(map(literal, terms.roles()))
                given = self.expression(native, event, column)
                out.append(("unknown code", f"NOT list_has_all([{known}], {given})"))
            elif event != "category" and (legal := legal_words(event)):
                out.append(("unknown code", f"{text} NOT IN ({', '.join(map(literal, legal))})"))
        return tuple(out)


def _code(scheme: str, text: str) -> str:
    """A code as its vocabulary spells it."""
    if scheme == "acled":
        return f"replace(lower({text}), 'protestors', 'protesters')"
    return {"ucdp": f"lower({text})", "plover": f"upper({text})"}.get(scheme, text)


def _or_null(word: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if word is None else literal(word)


def _constant(event: str, value: Any) -> str:
    """A value that holds for every row, as SQL."""
    if isinstance(value, list):
        return f"[{', '.join(literal(str(item)) for item in value)}]"
    return f"CAST({literal(str(value))} AS {COLUMNS[event].type})"


def _digest(native: Native) -> str:
    """An id from what a row says, and its number among rows that say the same."""
    cells = ", ".join(f"coalesce(r.{quoted(name)}, chr(30))" for name in native.header)
    said = f"md5(concat_ws(chr(31), {cells}))"
    return f"{said} || '-' || row_number() OVER (PARTITION BY {said})"

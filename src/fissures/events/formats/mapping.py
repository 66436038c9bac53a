"""The mapping of a table of the analyst's own: a small YAML file that says which column holds what.

It is read strictly: what it does not know is refused, all at once, each with its line and the nearest legal name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fissures import terms
from fissures.case.amounts import nearest
from fissures.case.places import Data, Place, clip
from fissures.case.texts import read_text
from fissures.case.tree import Tree, read_tree
from fissures.errors import DataError, Finding
from fissures.events.table import COLUMNS, PLACE_PRECISIONS, PRECISIONS

ENDING = ".mapping.yaml"
CURRENT = 1
KEYS = {
    "fissures_mapping": "the number of this format: 1",
    "title": "what the table is, for people",
    "dataset": "the name it gets in the store",
    "cite": "how to cite it",
    "columns": "for each column of the event table the column of the file that holds it",
    "same_everywhere": "what holds for every row of the file",
    "codes": "the column that says what kind of event it is, and how its values are read",
    "dates": "how dates are written where not year-month-day",
    "only": "the rows that count: for a column, the values that are wanted",
    "decimal_comma": "true where numbers are written 40,5",
    "fatal_only": "true where only events with dead are listed",
    "feed": "true for a news feed, in which a day without any row is a gap",
    "weapons": "true where the mode says by what weapon",
}
SCHEMES = {
    "cameo": "CAMEO codes",
    "plover": "PLOVER categories",
    "acled": "ACLED sub-event types",
    "ucdp": "UCDP types",
}
_SWITCHES = ("decimal_comma", "fatal_only", "feed", "weapons")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_DIRECTIVES = {"Y", "y", "m", "-m", "b", "B", "d", "-d", "j", "H", "-H", "M", "S", "f", "p", "I", "A", "a", "z", "%"}


@dataclass(frozen=True)
class Codes:
    """The column that says what kind of event a row is; `means` is the analyst's own table where `scheme` is "own"."""

    column: str
    scheme: str
    means: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True)
class Read:
    """What a mapping file says, checked by itself; whether the file has the columns is not known here."""

    tree: Tree
    title: str
    dataset: str
    cite: str
    columns: Mapping[str, str]
    same: Mapping[str, Any]
    codes: Codes | None
    dates: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]
    switches: Mapping[str, bool]

    def named(self) -> Iterator[tuple[Place, str]]:
        """Every column of the file that the mapping names, and where."""
        yield from ((("columns", event), column) for event, column in self.columns.items())
        yield from ((("only", column), column) for column in self.only)
        if self.codes and "category" not in self.columns:
            yield ("codes", "column"), self.codes.column


def beside(file: Path) -> Path | None:
    """The mapping that lies beside a file: `events.csv.mapping.yaml`, or else `events.mapping.yaml`."""
    names = (file.name + ENDING, file.stem + ENDING)
    return next((found for name in names if (found := file.with_name(name)).is_file()), None)


def read_mapping(path: Path) -> tuple[Read, list[Finding]]:
    """A mapping file and everything that is wrong with it; raises DataError where it cannot be read at all."""
    text, fault = read_text(path) if path.is_file() else ("", _absent(path))
    if fault is not None:
        raise refusal([Finding(path.name, fault.level, fault.message, fault.why, fault.remedy)])
    tree = read_tree(text, path.name)
    if tree.findings:
        raise refusal(tree.findings)
    if not isinstance(tree.root, dict):
        message = "a mapping is a map of keys, and this is not one"
        raise refusal([Finding(path.name, "error", message, "nothing could be read", "begin: fissures_mapping: 1")])
    reader = _Reader(tree, [])
    return reader.read(tree.root), reader.findings


def refusal(findings: Sequence[Finding]) -> DataError:
    """One error that carries every finding about a mapping."""
    first = findings[0]
    error = DataError(first.message, where=first.where, why=first.why, remedy=first.remedy)
    error.findings = tuple(findings)
    error.args = (str(error),)
    return error


def _absent(path: Path) -> Finding:
    return Finding(
        path.name, "error", "there is no such mapping", "the columns would not be understood", "check its path"
    )


@dataclass
class _Reader:
    """Reads the parts of a mapping; what is wrong is added to `findings`."""

    tree: Tree
    findings: list[Finding]

    def wrong(self, place: Place, message: str, why: str, remedy: str, key: bool = False) -> None:
        self.findings.append(self.tree.positions.finding(place, message, why, remedy, key=key))

    def read(self, root: dict[str, Any]) -> Read:
        for key in root.keys() - KEYS.keys():
            why = "passed over, it would not do what it seems to do"
            self.wrong((key,), f"a mapping has no key {clip(key)}", why, nearest(key[:80], KEYS), key=True)
        if root.get("fissures_mapping") != CURRENT:
            why = "a mapping of another format could be misread"
            self.wrong(("fissures_mapping",), "the mapping's format is not 1", why, "write: fissures_mapping: 1")
        columns = {event: self.column(("columns", event), name) for event, name in self.events(root, "columns")}
        same = {event: self.constant(event, value) for event, value in self.events(root, "same_everywhere")}
        codes = self.codes(root.get("codes")) if "codes" in root else None
        self.consistent(columns, same, codes)
        if codes is None and (category := columns.get("category")):
            codes = Codes(category, "plover", {})
        return Read(
            self.tree,
            self.words(root, "title"),
            self.dataset(root),
            self.words(root, "cite"),
            columns,
            same,
            codes,
            self.dates(root.get("dates")),
            self.only(root),
            {key: self.switch(root, key) for key in _SWITCHES},
        )

    def section(self, root: dict[str, Any], key: str) -> dict[str, Data]:
        value = root.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong((key,), f"{key} must be a map, not {clip(value)}", KEYS[key], "write 'name: value' lines below it")
        return {}

    def events(self, root: dict[str, Any], key: str) -> Iterator[tuple[str, Data]]:
        """The entries of a section whose names are columns of the event table."""
        for event, value in self.section(root, key).items():
            if event in COLUMNS:
                yield event, value
            else:
                why = "only columns of the event table can be filled"
                message = f"the event table has no column {clip(event)}"
                self.wrong((key, event), message, why, nearest(event[:80], COLUMNS), key=True)

    def column(self, place: Place, name: Data) -> str:
        """The name of a column of the file; a number may be one."""
        if isinstance(name, str | int | float) and not isinstance(name, bool) and str(name).strip():
            return str(name).strip()
        self.wrong(place, f"{place[-1]} must name a column of the file, not {clip(name)}", "", "put its name in quotes")
        return ""

    def constant(self, event: str, value: Data) -> Any:
        """A value that holds for every row, as the column of the event table wants it."""
        place, kind = ("same_everywhere", event), COLUMNS[event].type
        legal = legal_words(event)
        if event == "row_id":
            why = "an id tells the rows apart"
            self.wrong(
                place, "row_id cannot be the same everywhere", why, "leave it out: rows are told apart by what they say"
            )
        elif event.endswith("_state") or event == "country":
            if isinstance(value, str) and (iso3 := terms.state(value)):
                return iso3
            self.wrong(
                place, f"{clip(value)} is no state we know", "rows would belong nowhere", "its ISO code, such as FRA"
            )
        elif legal and value not in legal:
            self.wrong(place, f"{event} cannot be {clip(value)}", COLUMNS[event].holds, nearest(str(value), legal))
        elif kind == "DATE" and not (isinstance(value, str) and _is_day(value)):
            self.wrong(place, f"{clip(value)} is no date", "rows would have no day", "write year-month-day: 2020-07-21")
        elif kind in ("DOUBLE", "INTEGER") and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.wrong(place, f"{event} must be a number, not {clip(value)}", COLUMNS[event].holds, "write a number")
        elif kind == "VARCHAR[]":
            return self.roles(place, value)
        elif kind == "VARCHAR" and not isinstance(value, str):
            self.wrong(place, f"{event} must be text, not {clip(value)}", COLUMNS[event].holds, "put it in quotes")
        return value

    def roles(self, place: Place, value: Data) -> list[str]:
        given = value if isinstance(value, list) else [value]
        for role in given:
            if role not in terms.roles():
                why = "roles are told by their CAMEO codes"
                self.wrong(place, f"no role {clip(role)}", why, nearest(str(role), terms.roles()))
        return [str(role) for role in given]

    def codes(self, value: Data) -> Codes | None:
        """Where the kind of event stands and how it is read."""
        place: Place = ("codes",)
        if not isinstance(value, dict) or "column" not in value or ("scheme" in value) == ("means" in value):
            why = "without it nobody knows what the rows are"
            example = (
                "codes: {column: code, scheme: cameo}, or {column: kind, means: {shelling: ASSAULT/heavy-weapons}}"
            )
            self.wrong(place, "codes must say a column, and either a scheme or means", why, example)
            return None
        for key in value.keys() - {"column", "scheme", "means"}:
            self.wrong(
                (*place, key),
                f"codes has no key {clip(key)}",
                "",
                nearest(key, ("column", "scheme", "means")),
                key=True,
            )
        column = self.column((*place, "column"), value["column"])
        if "means" in value:
            return Codes(column, "own", self.means(value["means"]))
        if (scheme := value["scheme"]) not in SCHEMES:
            why = "the codes would not be understood"
            self.wrong((*place, "scheme"), f"no scheme {clip(scheme)}", why, nearest(str(scheme), SCHEMES))
        return Codes(column, str(scheme), {})

    def means(self, value: Data) -> dict[str, tuple[str | None, str | None]]:
        """The analyst's own table: a value of the column, and the PLOVER category (and mode) that it means."""
        out: dict[str, tuple[str | None, str | None]] = {}
        if not isinstance(value, dict) or not value:
            remedy = "means: {shelling: ASSAULT/heavy-weapons, talks: CONSULT, speech: null}"
            self.wrong(("codes", "means"), f"means must be a map, not {clip(value)}", "it translates the codes", remedy)
            return out
        modes = terms.plover_modes()
        for code, meant in value.items():
            category, _, mode = str(meant or "").partition("/")
            if meant is not None and category not in modes:
                why = "the kinds of events are PLOVER's"
                self.wrong(("codes", "means", code), f"no category {clip(meant)}", why, nearest(category, modes))
            elif mode and mode not in modes[category]:
                why = f"these are the modes of {category}"
                self.wrong(("codes", "means", code), f"no mode {clip(mode)}", why, nearest(mode, modes[category]))
            out[code] = (category or None, mode or None)
        return out

    def consistent(self, columns: Mapping[str, str], same: Mapping[str, Any], codes: Codes | None) -> None:
        """What must be there is there, and nothing is said twice."""
        for event in columns.keys() & same.keys():
            why = "only one of the two could count"
            self.wrong(
                ("same_everywhere", event), f"{event} has a column already", why, "remove one of the two", key=True
            )
        if "start_date" not in columns and "start_date" not in same:
            why = "an event without a day cannot be counted"
            self.wrong(
                ("columns",), "no column is said to hold start_date", why, "columns: {start_date: ...}", key=True
            )
        told = [name for name in ("category",) if name in columns or name in same] + (["codes"] if codes else [])
        if len(told) == 2:
            why = "only one of the two could count"
            self.wrong(("codes",), "both codes and category say what kind of event it is", why, "remove one", key=True)
        if not told and "codes" not in (self.tree.root if isinstance(self.tree.root, dict) else {}):
            why = "without it nobody knows what the rows are"
            remedy = "codes: {column: ..., scheme: ...}, or same_everywhere: {category: ASSAULT}"
            self.wrong((), "nothing says what kind of events these are", why, remedy)

    def dates(self, value: Data) -> tuple[str, ...]:
        """Ways of writing a day, in strftime's letters."""
        given = value if isinstance(value, list) else [] if value is None else [value]
        for form in given:
            used = set(re.findall(r"%(-?.)", form)) if isinstance(form, str) else set()
            whole = used & {"j"} or (used & {"d", "-d"} and used & {"m", "-m", "b", "B"})
            if not whole or not used & {"Y", "y"} or used - _DIRECTIVES:
                why = "a day needs its day, month and year"
                remedy = "such as '%d.%m.%Y' for 21.07.2020, or '%d %B %Y' for 21 July 2020"
                self.wrong(("dates",), f"{clip(form)} is no way of writing a day", why, remedy)
        return tuple(str(form) for form in given)

    def only(self, root: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        """For a column of the file, the values of the rows that count."""
        out: dict[str, tuple[str, ...]] = {}
        for column, value in self.section(root, "only").items():
            wanted = value if isinstance(value, list) else [value]
            if not wanted or not all(isinstance(v, str | int | float) and not isinstance(v, bool) for v in wanted):
                remedy = "only: {Type of Casualty: [Military Killed, Civilians Killed]}"
                self.wrong(("only", column), f"only must list values of {clip(column)}", "these rows count", remedy)
            out[column] = tuple(str(v) for v in wanted)
        return out

    def switch(self, root: dict[str, Any], key: str) -> bool:
        if isinstance(value := root.get(key, False), bool):
            return value
        self.wrong((key,), f"{key} must be true or false, not {clip(value)}", KEYS[key], "write true or false")
        return False

    def words(self, root: dict[str, Any], key: str) -> str:
        value = root.get(key, "")
        if not isinstance(value, str):
            self.wrong((key,), f"{key} must be text, not {clip(value)}", KEYS[key], "put it in quotes")
        return " ".join(str(value).split())

    def dataset(self, root: dict[str, Any]) -> str:
        name = self.words(root, "dataset")
        if name and not _NAME.fullmatch(name):
            remedy = "use letters, digits, dots, dashes and underscores"
            self.wrong(("dataset",), f"{clip(name)} cannot be the name of a dataset", "it becomes a folder", remedy)
        return name


def legal_words(event: str) -> Sequence[str]:
    """The only words that a column may hold; empty where it may hold others."""
    words: dict[str, Sequence[str]] = {
        "category": tuple(terms.plover()),
        "mode": tuple(sorted({mode for modes in terms.plover_modes().values() for mode in modes})),
        "date_precision": PRECISIONS,
        "place_precision": PLACE_PRECISIONS,
    }
    return words.get(event, ())


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False

"""Does a tree have the shape of a case? Unknown keys and wrong values as findings in plain words."""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from fissures.case.grammar import nearest
from fissures.case.places import Data, Place, Positions, clip, dotted
from fissures.case.records import Case
from fissures.case.tree import Tree
from fissures.errors import Finding

MOST_OF_A_KIND = 300

# Sections that no other section names: an entry with an error can be left out and the rest still checked.
_LEAVES = ("claims", "levers", "questions", "facts", "evidence")

_EXAMPLES = {
    "fissures": "fissures: 2",
    "case": "case: a title",
    "purpose": "purpose: what the case is for",
    "name": "name: what people call it",
    "as_of": "as_of: 2020-07-21",
    "horizon": "horizon: 2020-12-31",
    "by": "by: 2020-12-31",
    "base_rate": "base_rate: 1 per month  (of a question: {low: 0.05, high: 0.2, says: ...})",
    "half_life": "half_life: 6 weeks",
    "memory": "memory: 14 days",
    "reference_surge": "reference_surge: 3 events in 14 days",
    "says": "says: where this comes from  (of a claim: {source: NAME, para: 4, reading: stated})",
    "reading": "reading: stated",
    "cause": "cause: NAME of a pressure",
    "effect": "effect: raises climbing of FRONT",
    "strength": "strength: plain  (or may, appears, likely, vital)",
    "asks": "asks: FRONT reaches RUNG",
    "resolves": "resolves: which record decides, and how",
    "prior": "prior: {mean: 0.3, sd: 0.4, says: where this comes from}",
    "covers": "covers: [[2015-01-01, 2020-07-21]]",
    "span": "span: [120, 188]",
    "observed_when": "observed_when: [killed per week >= 10]",
}

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a map of names",
    "model_type": "a map of keys",
    "model_attributes_type": "a map of keys",
}

_TRY = {
    "string_type": "put it in quotes, if it is meant so",
    "date_type": "write year-month-day: 2020-07-21",
    "date_parsing": "write year-month-day: 2020-07-21",
    "tuple_type": "write items in brackets: [one, two]",
    "bool_type": "write true or false, without quotes",
    "float_type": "write a number without quotes: 0.35",
    "int_type": "write a number without quotes or decimals: 4",
    "dict_type": "write 'name: value' lines, indented below the key",
    "model_type": "write 'key: value' lines, indented below the key",
}


def shaped(tree: Tree) -> tuple[Case | None, list[Finding]]:
    """The case in a tree, and what is wrong with its shape.

    With findings the case is what remains when unknown keys and faulty claims, questions, levers, facts and
    evidence are left out, so that the rest can still be checked; None where too little remains.
    """
    findings: list[Finding] = []
    meant: set[Place] = set()
    data = _known(Case, tree.root, (), _Unknown(tree.positions, findings, meant))
    case, errors = _validated(data)
    wrong = [e for e in errors if not (e["type"] == "missing" and _path(e) in meant) and not _refused(_path(e), tree)]
    plain = [_plain(error, tree) for error in wrong[:MOST_OF_A_KIND]]
    findings = [*_at_most(findings, "unknown keys"), *_at_most(plain, "values that cannot be used")]
    if case is None and (rest := _without(data, [_path(e) for e in errors])) is not None:
        case, _ = _validated(rest)
    return case, findings


def _validated(data: Data) -> tuple[Case | None, list[Any]]:
    import json

    try:
        return Case.model_validate_json(json.dumps(data), strict=True), []
    except ValidationError as error:
        return None, list(error.errors(include_url=False))


def _refused(path: Place, tree: Tree) -> bool:
    return any(path[:n] in tree.refused for n in range(1, len(path) + 1))


def _without(data: Data, paths: list[Place]) -> Data:
    """The data without the faulty entries; None where a fault lies elsewhere."""
    if not isinstance(data, dict) or any(len(p) < 2 or p[0] not in _LEAVES for p in paths):
        return None
    faulty = {p[:2] for p in paths}
    return {
        section: {n: v for n, v in entries.items() if (section, n) not in faulty} if section in _LEAVES else entries
        for section, entries in data.items()
    }


@dataclass(frozen=True)
class _Unknown:
    """Where findings about unknown keys go; `meant` holds the places of keys that were probably meant."""

    positions: Positions
    findings: list[Finding]
    meant: set[Place]

    def add(self, key: str, legal: dict[str, Any], path: Place) -> None:
        if len(self.findings) >= MOST_OF_A_KIND:
            return
        self.meant.update((*path, close) for close in difflib.get_close_matches(key[:80], legal, 1, 0.5))
        inside = f"in {dotted(path)}" if path else "at the top of a case"
        finding = self.positions.finding(
            (*path, key),
            f"the key {clip(key)} is not known {inside}",
            "left in, it would be passed over, and the case would not say what it seems to say",
            nearest(key[:80], legal),
            key=True,
        )
        self.findings.append(finding)


def _at_most(findings: list[Finding], what: str) -> list[Finding]:
    """The first findings, and word of the rest: nobody reads ten thousand."""
    if len(findings) < MOST_OF_A_KIND:
        return findings
    message = f"there may be more {what}; the first {MOST_OF_A_KIND} are shown"
    return [*findings, replace(findings[-1], message=message, remedy="mend these first")]


def _known(kind: Any, data: Data, path: Place, unknown: _Unknown) -> Data:
    """The data without keys that the records do not know; each such key becomes a finding."""
    shape, inner = _shape(kind)
    if shape == "record" and isinstance(data, dict):
        legal = legal_keys(inner)
        for key in [k for k in data if k not in legal]:
            unknown.add(key, legal, path)
        return {k: _known(legal[k], v, (*path, k), unknown) for k, v in data.items() if k in legal}
    if shape == "map" and isinstance(data, dict):
        return {key: _known(inner, value, (*path, key), unknown) for key, value in data.items()}
    if shape == "list" and isinstance(data, list):
        return [_known(inner, value, (*path, n), unknown) for n, value in enumerate(data)]
    # The records would take "1595289600" for a date; a case writes dates as people do.
    if kind is date and isinstance(data, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
        return ""
    return data


def _shape(kind: Any) -> tuple[str, Any]:
    """How an annotation nests: a record, a map or a list of something, or a single value."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _shape(next(a for a in args if a is not type(None)))
    if origin is typing.Annotated:
        return _shape(args[0])
    if origin is dict:
        return "map", args[1]
    if origin in (tuple, list):
        return "list", args[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "record", kind
    return "value", kind


@cache
def legal_keys(record: type[BaseModel]) -> dict[str, Any]:
    """The keys that a record may have in a file, each with the type of its value.

    >>> from fissures.case.records import BaseRate
    >>> list(legal_keys(BaseRate))
    ['low', 'high', 'says']
    """
    hints = typing.get_type_hints(record)
    return {info.alias or name: hints[name] for name, info in record.model_fields.items()}


def _path(error: Any) -> Place:
    return tuple(part for part in error["loc"] if part != "[key]")


def _plain(error: Any, tree: Tree) -> Finding:
    """One complaint of the records in plain words."""
    path, kind = _path(error), str(error["type"])
    name = dotted(path) or "the case"
    value = clip(_value_at(tree.root, path))
    on_key = "[key]" in error["loc"]
    message, why, remedy = _bad_name(path) if on_key else _wrong(kind, name, value, path, error.get("ctx") or {}, tree)
    return tree.positions.finding(path, message, why, remedy, key=on_key)


def _bad_name(path: Place) -> tuple[str, str, str]:
    return (
        f"{clip(path[-1])} cannot be a name",
        "names stand in phrases such as 'raises climbing of NAME', between spaces and commas",
        "begin with a letter; then letters, digits and _ , at most 60 in all",
    )


def _wrong(kind: str, name: str, value: str, path: Place, more: Any, tree: Tree) -> tuple[str, str, str]:
    example = _EXAMPLES.get(str(path[-1]) if path else "", "")
    if kind == "missing":
        return _missing(path, example)
    if kind in _KINDS and value == "nothing":
        return (
            f"{name} is empty; {_KINDS[kind]} is needed",
            "an empty value says neither yes nor no",
            f"write {example}" if example else "give it a value, or remove the key",
        )
    if kind in _KINDS:
        given = f", and {value} is not one" if kind == "date_parsing" else f", not {value}"
        remedy = _TRY.get(kind, "write it anew")
        if example and kind == "string_type":
            remedy = f"write {example}"
        return f"{name} must be {_KINDS[kind]}{given}", "anything else would have to be guessed at", remedy
    if kind == "literal_error":
        words = str(more.get("expected", "")).replace("'", "")
        return (
            f"{name} cannot be {value}",
            "only a few words have a meaning here",
            nearest(value.strip("'"), re.split(r", | or ", words)),
        )
    return _out_of_bounds(kind, name, value, more, _value_at(tree.root, path))


def _missing(path: Place, example: str) -> tuple[str, str, str]:
    if path and isinstance(path[-1], int):
        return (
            f"{dotted(path[:-1])} needs {path[-1] + 1} items or more",
            "the items are told apart by their order",
            "write them all in brackets: [first, second]",
        )
    inside = f"{dotted(path[:-1])} has" if path[:-1] else "the file has"
    return (
        f"{inside} no '{path[-1]}'",
        "nothing sensible can be assumed in its place",
        f"write {example or f'{path[-1]}: ...'}",
    )


def _out_of_bounds(kind: str, name: str, value: str, more: Any, data: Data) -> tuple[str, str, str]:
    bounds = {
        "greater_than": "more than {gt:g}",
        "greater_than_equal": "{ge:g} or more",
        "less_than": "less than {lt:g}",
        "less_than_equal": "{le:g} or less",
    }
    if kind in bounds:
        limit = bounds[kind].format(**more)
        return f"{name} must be {limit}, not {value}", "beyond it the number has no meaning", f"write {limit}"
    if kind in ("too_short", "too_long") and isinstance(data, list | dict):
        limit = f"at least {more.get('min_length')}" if kind == "too_short" else f"at most {more.get('max_length')}"
        return (
            f"{name} holds {len(data)}; {limit} can stand here",
            "the model has no reading for any other number",
            "add or remove entries",
        )
    return f"{name} cannot be {value}", "the model has no reading for it", "compare with a shipped case"


def _value_at(data: Data, path: Place) -> Data:
    for part in path:
        holder: Any = data
        if isinstance(data, dict):
            data = holder.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = holder[part]
        else:
            return None
    return data


def named_files(root: Data) -> Iterator[tuple[Place, str]]:
    """Every file that a case's data name, with the place that names it."""
    for section, key in (("evidence", "file"), ("pressures", "series")):
        entries = root.get(section) if isinstance(root, dict) else None
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get(key), str):
                yield (section, name, key), entry[key]
    drawn = root.get("map") if isinstance(root, dict) else None
    if isinstance(drawn, dict) and isinstance(drawn.get("file"), str):
        yield ("map", "file"), drawn["file"]

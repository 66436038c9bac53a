"""Older case formats, brought up to the one that the records know: one function a step.

A step changes a plain tree in place, and works as well on a tree that keeps comments, which is how
`fissures format CASE --upgrade` rewrites a file. To open the door for a new format, add its step to `_STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from fissures.case.places import Data, Place, clip
from fissures.case.tree import Tree
from fissures.errors import Finding

CURRENT = 2
_THIRD = 2


@dataclass(frozen=True)
class Change:
    """One thing that a step did: in words, where it was and where it now is; `open` asks for a person's hand."""

    said: str
    old: Place
    new: Place
    open: str = ""


def upgraded(tree: Tree) -> Tree:
    """The tree in the current format, with a note of what was done; an unknown format number is an error.

    A tree without a number is left as it is: the records say that it is missing, and an overlay needs none.
    """
    if not isinstance(tree.root, dict) or "fissures" not in tree.root or ("fissures",) in tree.refused:
        return tree
    number = tree.root["fissures"]
    if not isinstance(number, int) or isinstance(number, bool) or not (number == CURRENT or number in _STEPS):
        return replace(tree, root=None, findings=(*tree.findings, _unknown(number, tree)))
    changes = upgrade(tree.root)
    if not changes:
        return tree
    marks, keys = dict(tree.positions.marks), dict(tree.positions.keys)
    for change in changes:
        for places in (marks, keys):
            if change.old in places:
                places[change.new] = places[change.old]
    positions = replace(tree.positions, marks=MappingProxyType(marks), keys=MappingProxyType(keys))
    told = replace(tree, positions=positions)
    return replace(told, findings=(*tree.findings, *_notes(changes, number, told)))


def upgrade(root: MutableMapping[str, Any]) -> list[Change]:
    """Bring a tree of plain maps to the current format, in place; says what was done, in order."""
    changes: list[Change] = []
    while (step := _STEPS.get(number := root.get("fissures"))) is not None:
        changes += step(root)
        root["fissures"] = int(number or 0) + 1
    return changes


def _unknown(number: Data, tree: Tree) -> Finding:
    legal = ", ".join(str(n) for n in (*sorted(_STEPS), CURRENT))
    later = isinstance(number, int) and not isinstance(number, bool) and number > CURRENT
    return tree.positions.finding(
        ("fissures",),
        f"the format number {clip(number)} is not known; this version of fissures reads {legal}",
        "read by the rules of another format, a case would not say what it seems to say",
        "install a newer fissures" if later else f"write fissures: {CURRENT}",
    )


def _notes(changes: list[Change], number: int, tree: Tree) -> Iterator[Finding]:
    yield tree.positions.finding(
        ("fissures",),
        f"the case is written in format {number} and was read as format {CURRENT}: "
        + "; ".join(dict.fromkeys(change.said for change in changes)),
        "what the older words meant is kept; new words can only be used in the new format",
        "fissures format CASE --upgrade",
        level="note",
    )
    for change in changes:
        if change.open:
            yield tree.positions.finding(
                change.old, change.said, "the new format has no word for it", change.open, level="note"
            )


# --- from format 1 to format 2 ------------------------------------------------------------------------------


def _from_1_to_2(root: MutableMapping[str, Any]) -> list[Change]:
    return [
        Change("the number is 2", ("fissures",), ("fissures",)),
        *_active_from(root),
        *_days_at(root),
        *_breaks(root),
        *_requests(root),
    ]


def _active_from(root: MutableMapping[str, Any]) -> Iterator[Change]:
    """Format 1 took the third rung as the lowest that counts as violent; an overlay holds only some of the rungs."""
    if "base" in root:
        return
    for name, ladder in _maps(root, "ladders"):
        rungs = ladder.get("rungs")
        if isinstance(rungs, dict) and len(rungs) > 1 and "active_from" not in ladder:
            put(ladder, "active_from", list(rungs)[min(_THIRD, len(rungs) - 1)], before="rungs")
            yield Change(
                "active_from is the third rung of each ladder", ("ladders", name), ("ladders", name, "active_from")
            )


def _days_at(root: MutableMapping[str, Any]) -> Iterator[Change]:
    """`days_at: R or above` becomes one feed: the own front at that rung."""
    for name, pressure in _maps(root, "pressures"):
        if isinstance(text := pressure.get("days_at"), str) and "fed_by" not in pressure:
            phrase = f"own front at {' '.join(text.split())}"
            put(pressure, "fed_by", {phrase: 1}, instead_of="days_at")
            place: Place = ("pressures", name)
            yield Change("days_at became fed_by", (*place, "days_at"), (*place, "fed_by"))
            yield Change("days_at became fed_by", (*place, "days_at"), (*place, "fed_by", phrase))


def _breaks(root: MutableMapping[str, Any]) -> Iterator[Change]:
    """A break was a date; now it is a map that can also carry an effect."""
    breaks: Any = root.get("breaks")
    for name in list(breaks) if isinstance(breaks, dict) else []:
        if not isinstance(day := breaks[name], dict):
            breaks[name] = {"date": day}
            _end_remark(breaks, name)
            yield Change("breaks became maps with a date", ("breaks", name), ("breaks", name, "date"))


def _end_remark(record: Any, key: str) -> None:
    """A remark behind a value that is now a map stays behind its key, and takes no blank lines along."""
    remark = getattr(getattr(record, "ca", None), "items", {}).get(key)
    if remark and len(remark) > 2 and remark[2] is not None:
        remark[2].value = remark[2].value.rstrip() + "\n"


def _requests(root: MutableMapping[str, Any]) -> Iterator[Change]:
    """`requires_request` named no stream that could be the request, so nothing can stand for it."""
    for name, owed in _maps(root, "commitments"):
        if "requires_request" in owed:
            wanted = owed.pop("requires_request") is not False
            place: Place = ("commitments", name)
            yield Change(
                "requires_request was dropped",
                (*place, "requires_request"),
                place,
                "name the stream of such requests: requested_by: STREAM" if wanted else "",
            )


_STEPS: dict[Any, Callable[[MutableMapping[str, Any]], list[Change]]] = {1: _from_1_to_2}


def _maps(root: MutableMapping[str, Any], section: str) -> Iterator[tuple[str, Any]]:
    entries = root.get(section)
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        if isinstance(entry, dict):
            yield name, entry


def put(record: MutableMapping[str, Any], key: str, value: Any, *, before: str = "", instead_of: str = "") -> None:
    """Put a key before another one, or in the place of another one; comments of a replaced key stay with it."""
    at = list(record).index(before or instead_of)
    kept = getattr(getattr(record, "ca", None), "items", {}).pop(instead_of, None)
    record.pop(instead_of, None)
    if hasattr(record, "insert"):  # a tree that keeps comments
        record.insert(at, key, value)
        if kept is not None:
            record.ca.items[key] = kept  # type: ignore[attr-defined]
        return
    later = [(k, record.pop(k)) for k in list(record)[at:]]
    record[key] = value
    record.update(later)

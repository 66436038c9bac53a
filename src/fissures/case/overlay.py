"""A case laid over another: `base: other.yaml` takes a whole case and changes what the overlay says.

Maps merge key by key, a list or a single value replaces, and a key with the value `null` removes what the base
has there. Every layer lies in the overlay's folder or below it, so that the case can travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from fissures.case.grammar import nearest
from fissures.case.inside import is_plain, lies_in
from fissures.case.places import Data, Place, Positions, clip, dotted
from fissures.case.texts import read_text
from fissures.case.tree import Tree, read_tree
from fissures.case.upgrade import upgraded
from fissures.errors import Finding

MOST_LAYERS = 8


@dataclass(frozen=True)
class Layers:
    """All layers of a case as one tree, and the names of the files below the first, from near to far.

    With a base that cannot be read the tree's root is None: what is left out would only look missing.
    """

    tree: Tree
    names: tuple[str, ...] = ()


def layered(file: Path) -> Layers:
    """Read a case file and everything that it is laid over; never raises, and never follows a chain without end."""
    trees: list[Tree] = []
    names = [file.name]
    while True:
        tree, finding = _read(file.parent, names[-1])
        if finding is not None:
            return Layers(_stopped(trees, finding), tuple(names[1:]))
        trees.append(tree)
        if not isinstance(tree.root, dict):
            return Layers(_stopped(trees, *_no_map(trees, names)), tuple(names[1:]))
        if "base" not in tree.root:
            return Layers(_laid(trees), tuple(names[1:]))
        base = tree.root.pop("base")
        if fault := _bad_base(base, names, file.parent):
            return Layers(_stopped(trees, tree.positions.finding(("base",), *fault)), tuple(names[1:]))
        names.append(_beside(names[-1], base))


def _read(folder: Path, name: str) -> tuple[Tree, Finding | None]:
    text, finding = read_text(folder / name, name)
    tree = Tree(None, Positions(name), (), frozenset()) if finding else upgraded(read_tree(text, name))
    above = str(PurePosixPath(name).parent)
    if above != "." and isinstance(tree.root, dict):
        _rename_files(tree.root, above)
    return tree, finding


def _rename_files(root: dict[str, Any], above: str) -> None:
    """A layer in a folder of its own names files beside itself; for the whole case they lie below."""
    for section, key in (("evidence", "file"), ("pressures", "series")):
        entries = root.get(section)
        for entry in entries.values() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and isinstance(name := entry.get(key), str) and is_plain(name):
                entry[key] = f"{above}/{name}"


def _beside(name: str, base: str) -> str:
    return str(PurePosixPath(name).parent / base)


def _bad_base(base: Data, names: list[str], folder: Path) -> tuple[str, str, str] | None:
    """What is wrong with a base, as message, why and remedy; `names` are the layers so far."""
    if not isinstance(base, str) or not is_plain(base) or not base.endswith((".yaml", ".yml")):
        return (
            f"the base {clip(base)} is not the name of a case file in this folder or below",
            "a case must travel as one folder, and must not read files elsewhere on a computer",
            "copy the base beside this file and write its name alone: base: case.yaml",
        )
    name = _beside(names[-1], base)
    chain = " -> ".join((*names, name))
    if name in names:
        return (
            f"the bases run in a circle: {chain}",
            "no layer would be the lowest, and nothing could be laid over it",
            "remove one of the lines that begin with base:",
        )
    if len(names) >= MOST_LAYERS:
        return (
            f"more than {MOST_LAYERS} layers lie over one another: {chain}",
            "nobody can see any more which layer says what",
            "merge some of them into one file",
        )
    if not (folder / name).is_file():
        return f"the base {clip(base)} is missing: {chain}", "most of the case is in it", "put the file there"
    if not lies_in(folder, name):
        return (
            f"the base {clip(base)} leads out of the case's folder: {chain}",
            "a case must travel as one folder",
            "copy the file itself instead of a link",
        )
    return None


def _no_map(trees: list[Tree], names: list[str]) -> Iterator[Finding]:
    """A base that was read without a fault and still holds no case."""
    if len(trees) > 1 and not any(f.level == "error" for f in trees[-1].findings):
        yield trees[-2].positions.finding(
            ("base",),
            f"the base holds no map of keys: {' -> '.join(names)}",
            "there is nothing to lay this file over",
            "name a case file",
        )


def _stopped(trees: list[Tree], *more: Finding) -> Tree:
    """The findings of the layers read so far, without a case."""
    positions = trees[0].positions if trees else Positions("case.yaml")
    findings = tuple(f for tree in trees for f in tree.findings if f.level == "error")
    root = trees[0].root if len(trees) == 1 and not more and not findings else None
    return Tree(root, positions, (*findings, *more), frozenset())


def _laid(trees: list[Tree]) -> Tree:
    """All layers as one tree; the first lies on top."""
    if len(trees) == 1:
        return trees[0]
    whole = trees[-1]
    for tree in reversed(trees[:-1]):
        findings = tuple(_nothing_to_remove(whole.root, tree.root, (), tree.positions))
        whole = Tree(
            merged(whole.root, tree.root),
            _laid_positions(whole.positions, tree.positions),
            (*tree.findings, *findings, *whole.findings),
            whole.refused | tree.refused,
        )
    return whole


def merged(base: Data, over: Data) -> Data:
    """What two layers say together: maps key by key, `null` removes, anything else replaces.

    >>> merged({"a": {"x": 1, "y": 2}, "b": [1, 2]}, {"a": {"x": None, "z": 3}, "b": [4]})
    {'a': {'y': 2, 'z': 3}, 'b': [4]}
    """
    if not isinstance(over, dict):
        return over
    out = dict(base) if isinstance(base, dict) else {}
    for key, value in over.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), value)
    return out


def _nothing_to_remove(base: Data, over: Data, path: Place, positions: Positions) -> Iterator[Finding]:
    """A `null` for a name that the base does not have is a misspelt name."""
    known = base if isinstance(base, dict) else {}
    for key, value in over.items() if isinstance(over, dict) else ():
        if isinstance(value, dict):
            yield from _nothing_to_remove(known.get(key), value, (*path, key), positions)
        elif value is None and key not in known:
            where = dotted(path) or "the base"
            yield positions.finding(
                (*path, key),
                f"{clip(key)} has the value null, but {where} has nothing of that name to remove",
                "the overlay would not change what it means to change",
                nearest(key[:60], known) if known else "remove the line, or give it a value",
                key=True,
            )


def _laid_positions(base: Positions, over: Positions) -> Positions:
    files = {**dict.fromkeys(base.marks, base.file), **base.files, **dict.fromkeys(over.marks, over.file)}
    return replace(
        over,
        marks=MappingProxyType({**base.marks, **over.marks}),
        keys=MappingProxyType({**base.keys, **over.keys}),
        files=MappingProxyType({**files, **over.files}),
    )

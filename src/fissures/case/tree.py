"""YAML text to plain data with line and column: our own strict reading of the YAML 1.2 core types.

The tree is built from parser events, never from a composer, so aliases are refused before they can multiply
and nothing recurses. `NO:`, `on:` and dates stay text; what a value means is the business of the records.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fissures.case.places import Data, Mark, Place, Positions, clip, control_character
from fissures.errors import Finding

DEEPEST = 40
MOST_REFUSALS = 200

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Data] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Tree:
    """What a YAML text says: plain data, where each part stands, and what was refused on the way.

    `root` is None where nothing could be read. `refused` holds the places whose value was left out, so that
    nobody complains about them twice.
    """

    root: Data
    positions: Positions
    findings: tuple[Finding, ...]
    refused: frozenset[Place]


def core_value(text: str) -> Data:
    """The value of an unquoted YAML 1.2 scalar: null, true or false, integer, float, else text.

    Raises ValueError for a number that no computer number can hold.

    >>> [core_value(t) for t in ("NO", "on", "2020-07-21", "0x10", "1e3", "~", "True")]
    ['NO', 'on', '2020-07-21', 16, 1000.0, None, True]
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if len(text) > 18:
            raise ValueError(text)
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        # ".inf" and ".nan" are not words that float() knows, so they raise as every number too large does.
        if not math.isfinite(number := float(text)):
            raise ValueError(text)
        return number
    return text


class _Stop(Exception):
    """Reading cannot go on; the finding that says why is already kept."""


@dataclass
class _Open:
    """A map or list that is being filled; `path` is None inside a part that will be dropped."""

    data: dict[str, Any] | list[Any]
    path: Place | None
    key: str | None = None
    dropped: bool = False


class _Builder:
    """Fills a tree from parser events; holds what is open, what was found, and where things stand."""

    def __init__(self, file: str) -> None:
        self.marks: dict[Place, Mark] = {}
        self.keys: dict[Place, Mark] = {}
        self.positions = Positions(file, self.marks, self.keys)
        self.findings: list[Finding] = []
        self.refused: set[Place] = set()
        self.open: list[_Open] = []
        self.root: Data = None
        self.documents = 0

    def tree(self) -> Tree:
        placed = Positions(self.positions.file, MappingProxyType(self.marks), MappingProxyType(self.keys))
        return Tree(self.root, placed, tuple(self.findings), frozenset(self.refused))

    def refuse(self, mark: Mark, message: str, why: str, remedy: str, *, stop: bool = False) -> None:
        where = f"{self.positions.file}:{mark[0]}:{mark[1]}"
        self.findings.append(Finding(where, "error", message, why, remedy))
        if stop:
            raise _Stop
        if len(self.findings) >= MOST_REFUSALS:
            message = f"reading stopped here, after {MOST_REFUSALS} findings"
            self.findings.append(Finding(where, "error", message, "there may be more below", "mend these first"))
            raise _Stop

    def take(self, event: Any) -> None:
        """Dispatch one event by its kind."""
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.document(event, mark)
        elif kind == "AliasEvent":
            self.alias(event, mark)
        elif kind == "ScalarEvent":
            self.plain_only(event, mark)
            self.scalar(event, mark)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self.plain_only(event, mark)
            self.begin({} if kind == "MappingStartEvent" else [], mark)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.open.pop()

    def document(self, event: Any, mark: Mark) -> None:
        self.documents += 1
        if self.documents > 1:
            self.refuse(
                mark,
                "a second document begins here",
                "a file holds one case; which of two would run is anybody's guess",
                "remove the line '---', or keep the second case in a folder of its own",
                stop=True,
            )
        if event.version not in (None, (1, 2)):
            self.refuse(
                mark,
                "the file asks for another version of YAML than 1.2",
                "in older versions NO and on mean false and true",
                "remove the line that begins with %YAML",
            )

    def alias(self, event: Any, mark: Mark) -> None:
        self.refuse(
            mark,
            f"'*{event.anchor[:40]}' repeats an anchor",
            "a case says each thing once and where it stands; repeats can also grow without end",
            "write the value out here",
        )
        self.place(None, mark, mark, omitted=True)

    def plain_only(self, event: Any, mark: Mark) -> None:
        """Anchors and tags are refused; the value under them is still read."""
        if event.anchor:
            self.refuse(
                mark,
                f"'&{event.anchor[:40]}' sets an anchor",
                "a case says each thing once and where it stands; repeats can also grow without end",
                f"remove '&{event.anchor[:40]}'; write the value out wherever it is needed",
            )
        if event.tag:
            self.refuse(
                mark,
                f"the tag '{event.tag[:60]}' is not used in cases",
                "tags change what a value means, and some programs run code for them",
                "remove the tag; put text that looks like a number in quotes",
            )

    def scalar(self, event: Any, mark: Mark) -> None:
        text: str = event.value
        if control_character(text):
            self.refuse(
                mark,
                f"{clip(text)} holds a hidden control character",
                "it does not show on the page, and may change what a terminal displays",
                "remove the escape that begins with a backslash",
                stop=self.awaits_key(),
            )
            return self.place("", mark, mark, omitted=True)
        if self.awaits_key():
            return self.key(text, mark)
        try:
            value = core_value(text) if event.style in (None, "") else text
        except ValueError:
            self.refuse(
                mark,
                f"{clip(text, 30)} is not a number that can be used",
                "the model counts with finite numbers of at most 18 digits",
                "write a finite number, or put the text in quotes",
            )
            return self.place(None, mark, mark, omitted=True)
        self.place(value, mark, mark if text else None)

    def awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].data, dict) and self.open[-1].key is None

    def key(self, text: str, mark: Mark) -> None:
        inside = self.open[-1]
        inside.key, inside.dropped = text, False
        if inside.path is None:
            return
        path = (*inside.path, text)
        if path in self.keys:
            inside.dropped = True
            self.refuse(
                mark,
                f"the key {clip(text)} is written twice; first at {self.positions.at(path, key=True)}",
                "only one of the two could count, and nobody would see which",
                "merge the two, or rename one",
            )
        else:
            self.keys[path] = mark

    def place(self, value: Data, mark: Mark, shown: Mark | None, omitted: bool = False) -> None:
        """Put a finished scalar, or a map or list about to be filled, where it belongs."""
        if self.awaits_key():
            # Only a map, a list or an alias comes here: scalars have become keys already.
            self.refuse(
                mark,
                "a key must be one word of text",
                "every entry of a case is found by its name",
                "write the name, a colon, then the value",
                stop=True,
            )
        path = self.path_of_next()
        self.attach(value)
        if path is not None:
            self.marks[path] = shown or self.keys.get(path, mark)
            if omitted:
                self.refused.add(path)

    def path_of_next(self) -> Place | None:
        if not self.open:
            return ()
        inside = self.open[-1]
        if inside.path is None or inside.dropped:
            return None
        return (*inside.path, len(inside.data) if isinstance(inside.data, list) else inside.key or "")

    def attach(self, value: Data) -> None:
        if not self.open:
            self.root = value
            return
        inside = self.open[-1]
        if isinstance(inside.data, list):
            inside.data.append(value)
            return
        if not inside.dropped and inside.key is not None:
            inside.data[inside.key] = value
        inside.key = None

    def begin(self, data: dict[str, Any] | list[Any], mark: Mark) -> None:
        if len(self.open) >= DEEPEST:
            self.refuse(
                mark,
                f"more than {DEEPEST} maps or lists stand inside one another here",
                "no case needs such depth; a bracket that was never closed is likelier",
                "close the brackets, or correct the indentation",
                stop=True,
            )
        path = self.path_of_next()
        self.place(data, mark, None)
        self.open.append(_Open(data, path))


def read_tree(text: str, file: str) -> Tree:
    """Plain data and positions of one YAML text; never raises for what the text says."""
    builder = _Builder(file)
    events = _events(text)
    try:
        while True:
            try:
                event = next(events, None)
            except Exception as error:  # the parser raises bare errors on some malformed escapes
                builder.root = None
                _refuse_syntax(builder, error)
                break
            if event is None:
                break
            builder.take(event)
    except _Stop:
        builder.root = None
    return builder.tree()


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)


# What the parser says, what a person would say, and what to try.
_SYNTAX = (
    ("mapping values are not allowed", "a colon stands where none can", "put text that holds ': ' in quotes"),
    (
        "could not find expected ':'",
        "a key has no colon after it",
        "write the key, a colon, a space, the value",
    ),
    ("'\\t'", "a tab stands where only spaces can", "indent with spaces"),
    (
        "<block end>",
        "this line does not line up with the lines it belongs to",
        "indent it as its neighbours are",
    ),
    (
        "expected ',' or",
        "a bracket is not closed, or a comma is missing",
        "separate items by commas; close with ] or }",
    ),
    ("unexpected end of stream", "a quote is opened here and never closed", "close the quote"),
    ("unknown escape", "a backslash in double quotes has no meaning here", "use single quotes"),
    ("cannot start any token", "this character cannot begin a value", "put the text in quotes"),
)


def _refuse_syntax(builder: _Builder, error: Exception) -> None:
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    plain = next((row for row in _SYNTAX if row[0] in said), None)
    unclosed = plain is not None and "quote is opened" in plain[1]
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    builder.findings.append(
        Finding(
            f"{builder.positions.file}:{where[0]}:{where[1]}",
            "error",
            plain[1] if plain else "the file stops being YAML here",
            "nothing after this point could be read",
            plain[2] if plain else "compare this line with the lines above it: indentation, quotes, colons",
        )
    )

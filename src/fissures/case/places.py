"""Where things stand in a case file, and how places and values are shown in messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fissures.errors import Finding

Data = None | bool | int | float | str | list[Any] | dict[str, Any]
Place = tuple[str | int, ...]
Mark = tuple[int, int]

# Also what makes words run backwards: a reader would see another sentence than the program reads.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Positions:
    """Where the values of a case stand; lines and columns count from 1.

    A text or number stands where it is written, a map or list at the key that holds it. Where a case has several
    layers, `files` names the file of each place that does not stand in `file`.
    """

    file: str
    marks: Mapping[Place, Mark] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[Place, Mark] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[Place, str] = field(default_factory=lambda: MappingProxyType({}))

    def at(self, path: Place, key: bool = False) -> str:
        """`file:line:col` of a value (or of its key), or of the nearest parent that the file holds.

        A case that was built without a file has no lines: the dotted path is given instead.

        >>> Positions("case.yaml", {(): (1, 1), ("as_of",): (3, 8)}).at(("as_of", "day"))
        'case.yaml:3:8'
        >>> Positions("a case").at(("claims", "stall", "cause"))
        'a case: claims.stall.cause'
        """
        if not self.marks:
            return f"{self.file}: {dotted(path)}" if path else self.file
        if key and path in self.keys:
            return "{}:{}:{}".format(self.files.get(path, self.file), *self.keys[path])
        while path and path not in self.marks:
            path = path[:-1]
        return "{}:{}:{}".format(self.files.get(path, self.file), *self.marks.get(path, (1, 1)))

    def finding(
        self, path: Place, message: str, why: str, remedy: str, *, level: str = "error", key: bool = False
    ) -> Finding:
        """A finding about the value at `path`."""
        return Finding(self.at(path, key), level, message, why, remedy)


def dotted(path: Place) -> str:
    """A path as people write it.

    >>> dotted(("evidence", "weekly", "covers", 0, 1))
    'evidence.weekly.covers[0][1]'
    """
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")


def clip(value: object, limit: int = 60) -> str:
    """A value as it is shown in a message: short, on one line, without control characters.

    >>> clip("two\\nlines"), clip(None), clip(True)
    ("'two lines'", 'nothing', 'true')
    """
    if isinstance(value, dict):
        return "a map of keys"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    text = " ".join(_CONTROL.sub("?", value[: 4 * limit]).split())
    return f"'{text[:limit]}...'" if len(text) > limit or len(value) > 4 * limit else f"'{text}'"


def control_character(text: str) -> re.Match[str] | None:
    """The first character that no readable text holds, if there is one."""
    return _CONTROL.search(text)

"""The text of a case file, or why there is none: too large, not text, not UTF-8, hidden characters."""

from __future__ import annotations

import os
from pathlib import Path

from fissures.case.places import control_character
from fissures.errors import Finding

LARGEST = 5_000_000


def read_text(file: Path, shown: str | None = None) -> tuple[str, Finding | None]:
    """The text of a file and None, or "" and the finding that says why; `shown` is its name in findings."""
    if not os.path.isfile(file):
        return "", _unreadable(file, "there is no case here", "a case is a folder that holds case.yaml")
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError:
        return "", _unreadable(file, "the file cannot be opened", "check who may read it")
    if len(raw) > LARGEST:
        return "", _unreadable(
            file,
            f"the file is larger than {LARGEST // 1_000_000} MB",
            "keep data in files of their own, named in evidence",
        )
    return _decoded(raw, file, shown or file.name)


def _decoded(raw: bytes, file: Path, shown: str) -> tuple[str, Finding | None]:
    if b"\0" in raw:
        return "", _unreadable(file, "this is not a text file", "save the case as plain text (UTF-8)")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{shown}:{raw[: error.start].count(10) + 1}:1"
        message = f"a character on this line is not UTF-8 (byte {raw[error.start]:#04x})"
        return "", Finding(where, "error", message, "names would be garbled", "save the file again as UTF-8")
    if found := control_character(text):
        line, column = (
            text.count("\n", 0, found.start()) + 1,
            found.start() - text.rfind("\n", 0, found.start()),
        )
        return "", Finding(
            f"{shown}:{line}:{column}",
            "error",
            "a hidden control character stands here",
            "it does not show on the page, and may change what a terminal displays",
            "delete it; the editor's option to show all characters helps",
        )
    return text, None


def _unreadable(file: Path, message: str, remedy: str) -> Finding:
    return Finding(str(file), "error", message, "nothing could be read", remedy)

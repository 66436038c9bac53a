"""Names of files that lie within a case's folder, so that the case can travel."""

from __future__ import annotations

from pathlib import Path


def is_plain(name: str) -> bool:
    """Whether a name can be that of a file in a folder or below it, on any computer."""
    parts = name.split("/")
    return all(part.strip() and part not in (".", "..") and not set(part) & set('\\:\0\n\r\t"*?<>|') for part in parts)


def lies_in(folder: Path, name: str) -> bool:
    """Whether a file lies in the folder; a link that leads out of it would make the case unable to travel."""
    return (folder / name).resolve().is_relative_to(folder.resolve())

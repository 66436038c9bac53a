"""The files of a case: which it names, whether they are there, and one digest over everything."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from fissures.case.inside import is_plain, lies_in
from fissures.case.overlay import layered
from fissures.case.places import Place, Positions, clip
from fissures.case.records import Case
from fissures.case.texts import LARGEST
from fissures.errors import DataError, Finding

_PIECE = 1 << 20


def file_names(case: Case, file: Path | None = None) -> tuple[str, ...]:
    """The evidence, series and map files that a case names, sorted, each once; relative to the case's folder.

    Given the case's own `file`, the layers that it is laid over (`base: other.yaml`) are among them.
    """
    named = {e.file for e in case.evidence.values()} | {p.series for p in case.pressures.values() if p.series}
    named |= {provenance_file(e.file) for e in case.evidence.values() if e.counted_from}
    named |= {front.area for front in case.fronts.values() if front.area}
    named |= {case.map.file} if case.map else set()
    return tuple(sorted(named | set(layered(file).names if file else ())))


def provenance_file(name: str) -> str:
    """The file beside one of counted evidence that says where its counts come from, and by which rules.

    >>> provenance_file("icews.csv")
    'icews.provenance.json'
    """
    return name.rpartition(".")[0] + ".provenance.json" if "." in name else f"{name}.provenance.json"


def digest(case: Case, folder: Path) -> str:
    """SHA-256 over the case and the bytes of every file that it names, as 64 hex digits.

    The case is what all its layers say together. Comments, spacing and the order of keys inside a record do not
    count; the order of entries does (rungs run low to high). Raises DataError for a file that cannot be read.
    """
    unsaid = {"map"} if case.map is None else set()  # so that a case without a map keeps the digest it always had
    record = case.model_dump(mode="json", by_alias=True, exclude=unsaid)
    told = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
    sha = hashlib.sha256(f"fissures case 2\n{len(told)}\n{told}\n".encode())
    for name in file_names(case):
        sha.update(f"{name}\n{_file_digest(folder, name)}\n".encode())
    return sha.hexdigest()


def _file_digest(folder: Path, name: str) -> str:
    sha = hashlib.sha256()
    try:
        with (folder / name).open("rb") as stream:
            while piece := stream.read(_PIECE):
                sha.update(piece)
    except (OSError, ValueError) as error:
        message, why, remedy = _absent(name)
        raise DataError(message, where=str(name), why=why, remedy=remedy) from error
    return sha.hexdigest()


def file_findings(
    named: Iterator[tuple[Place, str]], positions: Positions, folder: Path
) -> tuple[list[Finding], list[Finding]]:
    """What is wrong with files that are named, or too large; and which well-named files are missing."""
    misnamed, missing = [], []
    for path, name in named:
        if not is_plain(name):
            misnamed.append(positions.finding(path, *_not_plain(name)))
        elif not os.path.isfile(folder / name):
            missing.append(positions.finding(path, *_absent(name, path[0])))
        elif not lies_in(folder, name):
            misnamed.append(positions.finding(path, *_not_plain(name)))
        elif os.path.getsize(folder / name) > LARGEST:
            misnamed.append(positions.finding(path, *_too_large(name)))
    return misnamed, missing


def _not_plain(name: str) -> tuple[str, str, str]:
    return (
        f"{clip(name)} is not the name of a file in the case's folder",
        "a case must travel as one folder, and must not read files elsewhere on a computer",
        "copy the file beside case.yaml and write its name alone: weekly.csv",
    )


def _too_large(name: str) -> tuple[str, str, str]:
    return (
        f"the file {clip(name)} is larger than {LARGEST // 1_000_000} MB",
        "evidence is counts by day or week; so large a file would fill the memory",
        "count the events by day first, and name the file of counts",
    )


def _absent(name: str, section: str | int = "") -> tuple[str, str, str]:
    map_only = section == "map"
    return (
        f"the file {clip(name)} is missing",
        "the brief would have no map" if map_only else "without it the fit would rest on less than the case says",
        "put the file beside case.yaml, or remove the entry that names it",
    )

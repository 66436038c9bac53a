"""Reading a case file: strict, with line and column, and every finding at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fissures.case.files import digest, file_findings
from fissures.case.places import Positions, clip, control_character
from fissures.case.records import Case
from fissures.case.shape import named_files, shaped
from fissures.case.tree import read_tree
from fissures.errors import CaseError, DataError, Finding

__all__ = ["Positions", "Reading", "case_file", "digest", "examine_file", "read_case"]

CASE_FILE = "case.yaml"
LARGEST = 5_000_000


@dataclass(frozen=True)
class Reading:
    """All that one look at a case file gives.

    With findings, `case` is what remains when faulty claims, questions, levers, facts and evidence are left
    out, or None. `missing` holds the findings about evidence that is not there.
    """

    case: Case | None
    positions: Positions
    findings: tuple[Finding, ...] = ()
    missing: tuple[Finding, ...] = ()


def read_case(path: Path) -> tuple[Case, Positions]:
    """The case in a folder or YAML file, and where each of its values stands.

    Raises CaseError with all findings at once, or DataError where nothing is wrong but missing files.
    """
    return require(examine_file(path))


def require(reading: Reading) -> tuple[Case, Positions]:
    """The case of a reading without errors; raises as `read_case` does. Warnings and notes stop nobody."""
    if any(finding.level == "error" for finding in reading.findings):
        raise CaseError(in_order((*reading.findings, *reading.missing)))
    if reading.missing:
        raise missing_data(reading.missing)
    if reading.case is None:
        raise CaseError(
            [reading.positions.finding((), "no case could be read", "nothing can run", "compare a shipped case")]
        )
    return reading.case, reading.positions


def missing_data(findings: tuple[Finding, ...]) -> DataError:
    """One DataError that carries every finding about missing files."""
    first = findings[0]
    error = DataError(first.message, where=first.where, why=first.why, remedy=first.remedy)
    error.findings = findings
    error.args = (str(error),)
    return error


def case_file(path: Path) -> Path:
    """The YAML file of a case that is named by its folder or by the file itself."""
    return path / CASE_FILE if os.path.isdir(path) else path


def examine_file(path: Path) -> Reading:
    """Read a case file and collect what is wrong with it; never raises for a bad file."""
    file = case_file(Path(path))
    text, finding = _text(file)
    if finding:
        return Reading(None, Positions(file.name), (finding,))
    tree = read_tree(text, file.name)
    if not isinstance(tree.root, dict):
        return Reading(None, tree.positions, tree.findings or (_no_map(tree.root, tree.positions),))
    case, misshapen = shaped(tree)
    misnamed, missing = file_findings(named_files(tree.root), tree.positions, file.parent)
    findings = in_order((*tree.findings, *misshapen, *misnamed))
    return Reading(case, tree.positions, findings, tuple(missing))


def in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings from the top of the file to its end; those without a line come first.

    >>> [f.where for f in in_order((Finding("a:10:1", "note", ""), Finding("a:9:2", "note", "")))]
    ['a:9:2', 'a:10:1']
    """

    def line_and_column(finding: Finding) -> tuple[int, int]:
        parts = finding.where.rsplit(":", 2)
        return (int(parts[1]), int(parts[2])) if len(parts) == 3 and parts[1].isdigit() else (0, 0)

    return tuple(sorted(findings, key=line_and_column))


def _text(file: Path) -> tuple[str, Finding | None]:
    """The text of a case file, or why there is none."""
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
    return _decoded(raw, file)


def _decoded(raw: bytes, file: Path) -> tuple[str, Finding | None]:
    if b"\0" in raw:
        return "", _unreadable(file, "this is not a text file", "save the case as plain text (UTF-8)")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{file.name}:{raw[: error.start].count(10) + 1}:1"
        message = f"a character on this line is not UTF-8 (byte {raw[error.start]:#04x})"
        return "", Finding(where, "error", message, "names would be garbled", "save the file again as UTF-8")
    if found := control_character(text):
        line, column = (
            text.count("\n", 0, found.start()) + 1,
            found.start() - text.rfind("\n", 0, found.start()),
        )
        return "", Finding(
            f"{file.name}:{line}:{column}",
            "error",
            "a hidden control character stands here",
            "it does not show on the page, and may change what a terminal displays",
            "delete it; the editor's option to show all characters helps",
        )
    return text, None


def _unreadable(file: Path, message: str, remedy: str) -> Finding:
    return Finding(str(file), "error", message, "nothing could be read", remedy)


def _no_map(root: object, positions: Positions) -> Finding:
    message = "the file is empty" if root is None else f"a case is a map of keys, not {clip(root)}"
    return positions.finding(
        (),
        message,
        "there is nothing to run",
        "begin with 'fissures: 1' and 'case: a title', each on its own line",
    )

"""Reading a case file: strict, with line and column, and every finding at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fissures.case.files import digest, file_findings
from fissures.case.overlay import layered
from fissures.case.places import Positions, clip
from fissures.case.records import Case
from fissures.case.shape import named_files, shaped
from fissures.case.texts import LARGEST
from fissures.errors import CaseError, DataError, Finding

__all__ = ["LARGEST", "Positions", "Reading", "case_file", "digest", "examine_file", "read_case"]

CASE_FILE = "case.yaml"


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
    tree = layered(file).tree
    if not isinstance(tree.root, dict):
        return Reading(None, tree.positions, tree.findings or (_no_map(tree.root, tree.positions),))
    case, misshapen = shaped(tree)
    misnamed, missing = file_findings(named_files(tree.root), tree.positions, file.parent)
    findings = in_order((*tree.findings, *misshapen, *misnamed))
    return Reading(case, tree.positions, findings, tuple(missing))


def in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings from the top of the file to its end, layer by layer; those without a line come first.

    >>> [f.where for f in in_order((Finding("a:10:1", "note", ""), Finding("a:9:2", "note", "")))]
    ['a:9:2', 'a:10:1']
    """
    layers: dict[str, int] = {}

    def place(finding: Finding) -> tuple[int, int, int]:
        parts = finding.where.rsplit(":", 2)
        if len(parts) < 3 or not parts[1].isdigit():
            return -1, 0, 0
        return layers.setdefault(parts[0], len(layers)), int(parts[1]), int(parts[2])

    return tuple(sorted(findings, key=place))


def _no_map(root: object, positions: Positions) -> Finding:
    message = "the file is empty" if root is None else f"a case is a map of keys, not {clip(root)}"
    return positions.finding(
        (),
        message,
        "there is nothing to run",
        "begin with 'fissures: 2' and 'case: a title', each on its own line",
    )

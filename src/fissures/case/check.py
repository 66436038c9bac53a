"""Does a case make sense as a whole? Every finding says where, what, why it matters and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from fissures.case.check_claims import check_claims
from fissures.case.check_counted import check_counted
from fissures.case.check_dates import check_dates
from fissures.case.check_evidence import check_evidence
from fissures.case.check_names import check_names
from fissures.case.check_phrases import check_phrases
from fissures.case.check_questions import check_questions
from fissures.case.check_rules import (
    check_actors,
    check_breaks,
    check_commitments,
    check_fronts,
    check_ladders,
    check_pressures,
    check_rivals,
    check_streams,
)
from fissures.case.check_unused import check_unused
from fissures.case.feedback import check_feedback
from fissures.case.geography import map_findings
from fissures.case.passages import check_passages
from fissures.case.places import Positions
from fissures.case.read import Reading, case_file, examine_file, in_order, require
from fissures.case.records import Case
from fissures.case.shape import MOST_OF_A_KIND
from fissures.errors import Finding

__all__ = ["check_case", "check_passages", "examine", "load_case"]

_CHECKS = (
    check_names,
    check_phrases,
    check_dates,
    check_actors,
    check_ladders,
    check_fronts,
    check_rivals,
    check_streams,
    check_pressures,
    check_commitments,
    check_breaks,
    check_claims,
    check_questions,
    check_evidence,
    check_counted,
    check_feedback,
    check_unused,
)


def check_case(case: Case, positions: Positions | None = None) -> list[Finding]:
    """Everything that a case says and cannot mean: errors, warnings and notes, from top to bottom.

    Without positions (a case built in Python) a finding gives the dotted path of the value.
    """
    placed = positions or Positions("case")
    found = (finding for check in _CHECKS for finding in islice(check(case, placed), MOST_OF_A_KIND))
    return list(in_order(tuple(found)))


def load_case(path: Path) -> tuple[Case, Positions]:
    """A case read and checked; raises CaseError with all findings, or DataError for missing files."""
    return require(examine(path))


def examine(path: Path, source_texts: Mapping[str, str] | None = None) -> Reading:
    """Read and check a case file in one go; never raises for a bad case.

    The reading's findings hold those of the loader, of `check_case`, of the map's file and, where texts of sources are
    given, of `check_passages`. While the loader finds errors, what seems unused or undefined for want of a part that
    was left out is not mentioned.
    """
    reading = examine_file(path)
    if reading.case is None:
        return reading
    findings = check_case(reading.case, reading.positions)
    findings += check_passages(reading.case, source_texts or {}, reading.positions)
    findings += map_findings(reading.case, case_file(Path(path)).parent, reading.positions)
    if any(f.level == "error" for f in reading.findings):
        findings = [f for f in findings if f.level != "note" and not _for_want_of(f, reading.findings)]
    return replace(reading, findings=in_order((*reading.findings, *findings)))


# Kinds of entries that the loader leaves out when they are faulty, as findings about their names begin.
_LEFT_OUT = ("no claim '", "no lever '", "no question with code '")


def _for_want_of(finding: Finding, loaded: tuple[Finding, ...]) -> bool:
    """Whether a finding only follows from one of the loader's: a part left out, or a key that was misspelt."""
    holder, has_no, _ = finding.message.partition(" has no '")
    misspelt = f"is not known in {holder}"
    return finding.message.startswith(_LEFT_OUT) or bool(has_no and any(f.message.endswith(misspelt) for f in loaded))

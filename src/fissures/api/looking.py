"""Looking at a case without running it: find it, read it, check it, tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.records import Case, CheckReport
from fissures.errors import FissuresError

if TYPE_CHECKING:
    from fissures.case.formatting import Formatted
    from fissures.install import Check

Progress = Callable[[str], None]


def cases() -> dict[str, str]:
    """The cases that ship with the package, by name, with their titles."""
    from fissures.case.shelf import titles

    return titles()


def load(case: str | Path) -> Case:
    """Read and check a case, shipped (by name) or your own (folder or file).

    Raises UsageError where there is no such case, CaseError with all findings, DataError for missing files.
    """
    from fissures.case.check import check_case, load_case
    from fissures.case.read import case_file, digest
    from fissures.case.shelf import find

    file = case_file(find(case))
    record, positions = load_case(file)
    return Case(record, file, digest(record, file.parent), tuple(check_case(record, positions)))


def check(
    case: str | Path, source: str | Path | None = None, systems: bool = False, progress: Progress | None = None
) -> CheckReport:
    """Everything there is to say about a case and its evidence, without running it; never raises for a bad case.

    With `source`, the reader's own copy of the article, the claims' passages are verified. With `systems` a valid case
    is fitted, and every system that it declares is knocked out to see what moves.
    """
    from fissures.case.check import examine
    from fissures.case.passages import main_source, pointing_into
    from fissures.case.read import case_file
    from fissures.case.sentences import sentences
    from fissures.case.shelf import counts, find, text_of
    from fissures.events.panel import broken_evidence

    reading, passages = examine(place := find(case)), 0
    if source is not None and reading.case is not None and (cited := main_source(reading.case)):
        reading = examine(place, {cited: text_of(source)})
        passages = 0 if reading.case is None else pointing_into(reading.case, cited)
    record, findings = reading.case, (*reading.findings, *reading.missing)
    if record is not None and not any(f.level == "error" for f in findings):
        findings += broken_evidence(record, case_file(place).parent)
    valid = record is not None and not any(f.level == "error" for f in findings)
    told = sentences(record) if record is not None and valid else {}
    report = CheckReport(valid, findings, counts(record) if record else {}, told, passages)
    return _with_systems(report, load(case), progress) if systems and valid else report


def _with_systems(report: CheckReport, case: Case, progress: Progress | None) -> CheckReport:
    from fissures.api.running import fit, simulate
    from fissures.study.systems import PATHS
    from fissures.study.systems import systems as knock_out

    made = fit(case, progress=progress)
    run = simulate(case, made, PATHS, progress=progress)
    return replace(report, systems=knock_out(case.record, run.on, progress))


def explain(case: str | Path) -> str:
    """A case told in words, for a reader who has never seen the format; raises as `load` does."""
    from fissures.case.prose import prose

    return prose(load(case).record)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 7) of a case file, for editors."""
    from fissures.case.schema import schema as drawn

    return drawn()


def format_case(case: str | Path, check: bool = False, upgrade: bool = False) -> Formatted:
    """Put a case file in order, what it says unchanged; with `check` nothing is written.

    With `upgrade` an older format is rewritten as the current one. Raises UsageError where there is no such case,
    CaseError where the file is not valid YAML.
    """
    from fissures.case.formatting import format_case as put_in_order

    return put_in_order(case, check, upgrade)


def doctor(compile: bool = False) -> list[Check]:
    """Whether this installation can do its work: versions, packages, the compiled kernel, and the shipped cases.

    With `compile` the kernel is compiled now, which takes up to a minute; without, the first long run begins it.
    """
    from fissures.install import Check, packages
    from fissures.model import engine

    out = [*packages(), Check("compiled kernel", True, engine.report(compile))]
    for name in cases():
        try:
            out.append(Check(f"case {name}", True, f"digest {load(name).digest[:12]}"))
        except FissuresError as error:
            out.append(Check(f"case {name}", False, str(error)))
    return out

"""The first page of a brief, made from a run: reasons, signs, and the issue before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.looking import load
from fissures.api.records import Case, Run
from fissures.api.running import PAIRED, answer, provenance
from fissures.errors import DataError, FissuresError
from fissures.install import own_version

if TYPE_CHECKING:
    from fissures.study.first_page import FirstPage, LastIssue, Number
    from fissures.study.issues import Issue
    from fissures.study.pairing import Control
    from fissures.study.records import Study

Progress = Callable[[str], None]


def first_page(
    run: Run,
    study: Study,
    last: str | Path | None = None,
    reasons: bool = True,
    progress: Progress | None = None,
    base: Control | None = None,
) -> FirstPage:
    """What stands on the first page beside the study: reasons and signs for the leading question, and what changed.

    Reasons take a few coefficients out, on the paired paths of `base` (made where there is none); without `reasons`
    that work is left undone.
    `last` is the folder in which the last issue's run was saved. Raises DataError where it holds no run.
    """
    from fissures.study.first_page import FirstPage
    from fissures.study.pairing import control
    from fissures.study.reasons import carried, falls_away
    from fissures.study.signs import signs

    record = run.case.record
    before = last_issue(run, last) if last is not None else None
    events = [question.code for question in study.answers.questions if question.kind == "event"]
    asked = study.answers.lead or next(iter(events), "")
    plain = FirstPage(asked, run.on.paths, last=before, vintages=vintages(run.case))
    if not asked:
        return plain
    plain = replace(plain, signs=signs(record, run.on, asked))
    if not reasons or not study.claims:
        return plain
    base = base or control(record, run.on, PAIRED)
    made = carried(base, asked, study.claims, progress)
    answer = next(one for one in study.answers.questions if one.code == asked)
    untested = falls_away(answer, study.rivals)
    return replace(plain, paths=base.run.paths, reasons=made.reasons, untested=untested, bearing=made.bearing)


def briefed(
    run: Run,
    study: Study,
    last: str | Path | None = None,
    reasons: bool = True,
    progress: Progress | None = None,
    readings: bool = True,
) -> Study:
    """A study with rival readings and what the first page of a brief says, so that all documents from it say the same.

    Rival readings are arms of at most 2,000 paths; without `readings` only that one is run which grades confidence.
    Reasons take a few coefficients out, on the same paths; without `reasons` none of this is simulated.
    `last` is the folder in which the last issue's run was saved. A study that has its first page stays as it is, unless
    `last` is given. Raises DataError where that folder holds no run.

    >>> import fissures as fs
    >>> case = fs.load("two_valleys")  # doctest: +SKIP
    >>> run = fs.simulate(case, fs.fit(case))  # doctest: +SKIP
    >>> study = fs.briefed(run, fs.study(run))  # doctest: +SKIP
    """
    from fissures.study.pairing import control
    from fissures.study.rivals import rivals

    if study.first is not None and last is None:
        return study
    base = control(run.case.record, run.on, PAIRED)
    if reasons and not study.rivals:
        study = replace(study, rivals=rivals(base, study.claims, progress, None if readings else 1))
    return replace(study, first=first_page(run, study, last, reasons, progress, base))


def vintages(case: Case) -> tuple[tuple[str, str], ...]:
    """Each source of the record with the first digits of the digest of the files that the case takes from it."""
    files: dict[str, list[str]] = {}
    for one in case.record.evidence.values():
        files.setdefault(one.source, []).append(one.file)
    out = []
    for source, names in files.items():
        parts = b"".join((case.folder / name).read_bytes() for name in sorted(set(names)))
        out.append((source, sha256(parts).hexdigest()[:8]))
    return tuple(out)


def last_issue(run: Run, folder: str | Path) -> LastIssue:
    """The issue saved in a folder, its numbers, what differs from it, and how its answers did.

    Raises DataError where it holds no run.
    """
    from fissures.api.resolving import from_manifest, resolved
    from fissures.api.saved import open_run, plain_numbers
    from fissures.bundle.store import read
    from fissures.study.first_page import LastIssue
    from fissures.study.issues import changes

    held = read(Path(folder)).manifest
    saved = held.get("answers")
    old = load(Path(folder) / "case" / str(held.get("case_file", "case.yaml")))
    if saved is None:
        told = answer(open_run(folder))
        saved = {"digest": told.digest, "numbers": plain_numbers(told)}
    try:
        numbers = {str(code): _number(one) for code, one in saved["numbers"].items()}
        before = _issue(
            old, dict(held["digests"]), str(held["fissures"]), int(held["seed"]), int(held["paths"]), held["levers"]
        )
        digest = str(saved["digest"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "the bundle does not hold the answers of a run",
            where=f"--last {folder}",
            why="without them nothing can be set beside this issue's numbers",
            remedy="save the last run again with: fissures run CASE --out FOLDER",
        ) from error
    now = _issue(run.case, provenance(run), own_version(), run.on.seed, run.on.paths, run.levers)
    came = None
    if run.case.record.as_of > old.record.as_of:
        came = resolved(old.record, from_manifest(folder, held, old.record), run.case.record, run.fit.panel)
    return LastIssue(digest, old.record.as_of, before.version, numbers, changes(before, now), came)


def _number(one: dict[str, Any]) -> Number:
    from fissures.study.first_page import Number

    return Number(str(one["kind"]), float(one["value"]), float(one["mc_error"]))


def _issue(case: Case, digests: dict[str, str], version: str, seed: int, paths: int, levers: Any) -> Issue:
    from fissures.case.files import file_names
    from fissures.study.issues import Issue

    try:
        names = [name for name in file_names(case.record, case.file) if not name.endswith((".yaml", ".yml"))]
        files = {name: sha256((case.folder / name).read_bytes()).hexdigest() for name in names}
    except (OSError, FissuresError):
        files = {}
    return Issue(case.record, files, digests, version, seed, paths, tuple(str(name) for name in levers))

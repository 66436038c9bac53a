"""Resolving: how the answers of an earlier issue did, read from the record of a later version of its case."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.api.looking import load
from fissures.api.records import Case, Run
from fissures.api.saved import open_run, saved_answers
from fissures.errors import DataError

if TYPE_CHECKING:
    from fissures.case.records import Case as CaseRecord
    from fissures.events.panel import Panel
    from fissures.study.resolve_records import Issued, Resolution, Said


def resolve(issue: Run | str | Path, case: Case | str | Path) -> Resolution:
    """How every answer of an earlier issue did, read from the record of a later version of the same case.

    `issue` is a run, or the folder in which one was saved; `case` a later case or its folder. Nothing is fitted. An
    event is scored by Brier (Brier 1950) and the log score in bits (Good 1952), a number by CRPS in its own unit
    (Gneiting & Raftery 2007), each with claims, claims off and by the reference class; open questions are never scored.
    Raises UsageError where the case is not later than the run, DataError where the folder holds no answers or the
    evidence cannot be used.

    >>> import fissures as fs
    >>> fs.save(fs.simulate(case, fs.fit(case)), "last-issue")  # doctest: +SKIP
    >>> print(fs.resolve("last-issue", "two_valleys_in_april"))  # doctest: +SKIP
    """
    from fissures.events import panel as events

    later = load(case) if isinstance(case, str | Path) else case
    record, told = _from_run(issue) if isinstance(issue, Run) else from_folder(issue)
    return resolved(record, told, later.record, events.build(later.record, later.folder, later.digest))


def resolved(old: CaseRecord, issued: Issued, new: CaseRecord, panel: Panel) -> Resolution:
    """The same for an issue that is open already."""
    from fissures.study.resolve import resolve as settle

    return settle(old, issued, new, panel)


def resolved_document(told: Resolution) -> dict[str, Any]:
    """A resolution as one plain document."""
    from fissures.study.resolve_records import document

    return document(told)


def _from_run(run: Run) -> tuple[CaseRecord, Issued]:
    return run.case.record, issued(run.case.record, saved_answers(run), run.on.paths, run.levers)


def from_folder(folder: str | Path) -> tuple[CaseRecord, Issued]:
    """The case and the answers that a folder holds; raises DataError where it holds no answers.

    A run saved before runs kept all their numbers is answered again where it can still be opened; else it is scored by
    the one number that it kept.
    """
    from fissures.bundle.store import read

    held = read(Path(folder)).manifest
    old = load(Path(folder) / "case" / str(held.get("case_file", "case.yaml"))).record
    return old, from_manifest(folder, held, old)


def from_manifest(folder: str | Path, held: Mapping[str, Any], old: CaseRecord) -> Issued:
    """The answers that a bundle holds, by its manifest and its case."""
    saved = held.get("answers")
    if saved is None or not _whole(saved):
        try:
            saved = saved_answers(open_run(folder))
        except DataError:
            if saved is None:
                raise
    try:
        return issued(old, saved, int(held["paths"]), tuple(map(str, held["levers"])))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "the bundle does not hold the answers of a run",
            where=str(folder),
            why="without them there is nothing to score",
            remedy="save the run again with: fissures run CASE --out FOLDER",
        ) from error


def _whole(saved: Any) -> bool:
    """Whether a bundle keeps all that is scored, and not one number a question alone."""
    try:
        return all("claims_off" in one for one in saved["numbers"].values())
    except (KeyError, TypeError, AttributeError):
        return True  # another form: told as such where it is read


def issued(case: CaseRecord, saved: Any, paths: int, levers: tuple[str, ...]) -> Issued:
    """Saved answers as what an issue said; raises KeyError, TypeError or ValueError where they have another form."""
    from fissures.study.resolve_records import Asked, Issued

    names = {question.code: name for name, question in case.questions.items()}
    asked = tuple(
        Asked(names[code], _said(one), _thresholds(one)) for code, one in saved["numbers"].items() if code in names
    )
    return Issued(str(saved["digest"]), asked, paths, tuple(levers))


def _said(one: Any) -> Said:
    from fissures.study.resolve_records import Said

    known, draws, ends = one.get("reference_class"), one.get("draws") or {}, one.get("range80")
    return Said(
        with_claims=float(one["value"]),
        claims_off=_number(one.get("claims_off")),
        reference=_number(known),
        range80=(float(ends[0]), float(ends[1])) if ends else None,
        draws=tuple(map(float, draws.get("with_claims", ()))),
        draws_off=tuple(map(float, draws.get("claims_off", ()))),
    )


def _thresholds(one: Any) -> dict[float, Said]:
    from fissures.study.resolve_records import Said

    off = one.get("exceed_off") or {}
    return {float(level): Said(float(p), _number(off.get(level))) for level, p in (one.get("exceed") or {}).items()}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)

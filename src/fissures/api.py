"""The public surface: from a case to answers and a brief. The command line uses this and nothing else of ours."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.errors import CaseError, DataError, Finding, FissuresError, FitError, UsageError
from fissures.install import own_version

if TYPE_CHECKING:
    from fissures.case.records import Case as CaseRecord
    from fissures.events.panel import Panel
    from fissures.install import Check
    from fissures.model.fit import Fit as ModelFit
    from fissures.model.plan import Plan
    from fissures.model.simulate import Run as ModelRun
    from fissures.study.records import Answer, Answers, Arm, ClaimRow, Study

__all__ = [
    "Answer",
    "Answers",
    "Case",
    "CaseError",
    "CheckReport",
    "DataError",
    "FissuresError",
    "Fit",
    "FitError",
    "Run",
    "Study",
    "UsageError",
    "answer",
    "brief",
    "cases",
    "check",
    "doctor",
    "fit",
    "load",
    "open_run",
    "permit_levers",
    "save",
    "simulate",
    "study",
]

Progress = Callable[[str], None]


def __getattr__(name: str) -> object:
    """Fetch the records of a study only when somebody names them."""
    if name in {"Answer", "Answers", "Study"}:
        return getattr(importlib.import_module("fissures.study.records"), name)
    raise AttributeError(f"module 'fissures.api' has no attribute {name!r}")


@dataclass(frozen=True)
class Case:
    """A case read and checked: record, file, digest of both with all evidence, and what the check noted."""

    record: CaseRecord
    file: Path
    digest: str
    notes: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that holds the case and its evidence."""
        return self.file.parent

    @property
    def title(self) -> str:
        """The case's own title."""
        return self.record.case


@dataclass(frozen=True)
class CheckReport:
    """What a check found; `sentences` reads each claim back in words."""

    valid: bool
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    sentences: dict[str, str]
    passages: int = 0


@dataclass(frozen=True)
class Fit:
    """A case fitted twice to the same panel: with its claims, and with all claims off."""

    case: Case
    panel: Panel
    plan: Plan
    on: ModelFit
    off: ModelFit

    @property
    def digest(self) -> str:
        """Digest of the fit with claims."""
        return self.on.digest


@dataclass(frozen=True)
class Run:
    """A fit simulated twice on the same random numbers: with claims, and with all claims off."""

    fit: Fit
    on: ModelRun
    off: ModelRun
    levers: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of the run with claims."""
        return self.on.digest

    @property
    def case(self) -> Case:
        """The case that was run."""
        return self.fit.case


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


def check(case: str | Path, source: str | Path | None = None) -> CheckReport:
    """Everything there is to say about a case and its evidence, without running it; never raises for a bad case.

    With `source`, the reader's own copy of the article, the claims' passages are verified.
    """
    from fissures.case.check import examine
    from fissures.case.passages import main_source, pointing_into
    from fissures.case.read import case_file
    from fissures.case.sentences import sentence
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
    sentences = {name: sentence(claim, record) for name, claim in record.claims.items()} if record and valid else {}
    return CheckReport(valid, findings, counts(record) if record else {}, sentences, passages)


def fit(case: Case, seed: int = 1, progress: Progress | None = None) -> Fit:
    """Fit a case to its evidence, with claims and with all claims off (the same ladder and memories, refitted).

    Raises DataError for evidence that cannot be used and FitError where a block does not converge.
    """
    from fissures.events import panel as events
    from fissures.model import fit as model
    from fissures.model import history
    from fissures.model import plan as layout

    panel = events.build(case.record, case.folder, case.digest)
    plan = layout.build(case.record, panel)
    past = history.build(case.record, plan, panel, seed)
    on = model.fit(case.record, plan, panel, past, seed, "with", progress)
    off = model.fit(case.record, plan, panel, past, seed, "off", progress)
    return Fit(case, panel, plan, on, off)


def simulate(
    case: Case,
    fit: Fit,
    paths: int = 10_000,
    seed: int = 1,
    levers: Sequence[str] = (),
    allow_escalatory: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Simulate a fitted case to its horizon, with claims and with all claims off, levers pulled in both."""
    from fissures.model.simulate import simulate as step

    if case.digest != fit.case.digest:
        raise UsageError(
            "this fit belongs to another case",
            where="simulate",
            why="draws of one case say nothing about another",
            remedy="fit the case first: fs.fit(case)",
        )
    plan = _pulled(case, fit.plan, levers, allow_escalatory)
    on = step(plan, fit.on, paths, seed, progress=progress)
    return Run(fit, on, step(plan, fit.off, paths, seed, progress=progress), tuple(levers))


def _pulled(case: Case, plan: Plan, levers: Sequence[str], allow_escalatory: bool) -> Plan:
    from fissures.model.levers import pull

    for name in levers:
        plan = pull(case.record, plan, name, allow_escalatory)
    return plan


def permit_levers(case: Case, levers: Sequence[str], allow_escalatory: bool = False) -> tuple[str, ...]:
    """Refuse, before any work is done, a lever that is unknown or escalatory without leave; returns notices."""
    from fissures.model.levers import permit

    for name in levers:
        permit(case.record, name, allow_escalatory)
    return tuple(
        f"notice: '{name}' is an escalatory what-if; its numbers are for warning, not for advice"
        for name in levers
        if case.record.levers[name].escalatory
    )


def answer(run: Run) -> Answers:
    """Answer the case's questions, each with its three numbers."""
    from fissures.study.answers import answer as resolve

    made = resolve(run.case.record, run.fit.panel, run.on, run.off, run.case.digest)
    return replace(made, findings=(*made.findings, *run.case.notes))


def study(
    run: Run, levers: Sequence[str] | None = None, allow_escalatory: bool = False, progress: Progress | None = None
) -> Study:
    """Answers, claims, course and what-ifs of a run; `levers` None means all that are not escalatory, () none."""
    from fissures.study import claims as argument
    from fissures.study.course import course
    from fissures.study.records import Study

    rows = argument.table(run.case.record, run.fit.on)
    if levers is None:
        levers = [name for name, lever in run.case.record.levers.items() if not lever.escalatory]
    permit_levers(run.case, levers, allow_escalatory)
    arms = tuple(_arm(run, name, rows, progress) for name in levers if name not in run.levers)
    return Study(
        answers=answer(run),
        claims=rows,
        moved=argument.moved(rows),
        course=course(run.fit.panel, run.on),
        arms=arms,
        provenance=_provenance(run),
    )


def _arm(run: Run, name: str, rows: tuple[ClaimRow, ...], progress: Progress | None) -> Arm:
    from fissures.model.simulate import simulate as step
    from fissures.study.compare import compare

    plan = _pulled(run.case, run.on.plan, (name,), True)
    arm = step(plan, run.fit.on, run.on.paths, run.on.seed, progress=progress)
    return compare(run.case.record, run.on, arm, name, rows)


def _provenance(run: Run) -> dict[str, str]:
    return {
        "fissures": own_version(),
        "case": run.case.digest,
        "panel": run.fit.panel.digest,
        "plan": run.on.plan.digest,
        "fit": run.fit.on.digest,
        "fit with claims off": run.fit.off.digest,
        "run": run.on.digest,
        "seed": str(run.on.seed),
        "paths": str(run.on.paths),
    }


def brief(
    run: Run, out: str | Path = "brief.html", arms: Sequence[str] | None = None, study: Study | None = None
) -> Path:
    """Write the brief of a run as one self-contained HTML page and return its path.

    `arms` names the what-ifs (None: all that are not escalatory); a `study` already made is used as it is.
    Raises UsageError where the page cannot be written.
    """
    from fissures.brief.context import from_case
    from fissures.brief.render import render
    from fissures.study.answers import lead
    from fissures.study.pressures import levels

    made = _study(run, arms) if study is None else study
    again = f"fissures brief {run.case.folder.name} --paths {run.on.paths} --seed {run.on.seed}"
    again += "".join(f" --lever {name}" for name in run.levers) + " --out brief.html"
    record = run.case.record
    context = from_case(record, made.answers.findings, lead(record), again, levels(record, run.on))
    path = Path(out)
    try:
        path.write_text(render(made, context), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write '{path}': {error.strerror or error}",
            where="--out",
            why="the brief was made and could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return path


_study = study  # `brief` has a parameter of that name


def save(run: Run, folder: str | Path) -> Path:
    """Save a run as a bundle: the case's files, the fits, the paths, and a manifest with digests.

    Raises DataError where the folder cannot be written, or holds something that is not a bundle.
    """
    from fissures.bundle.store import write
    from fissures.case.files import file_names
    from fissures.model import saved

    manifest: dict[str, Any] = {
        "kind": "run",
        "fissures": own_version(),
        "case": run.case.record.case,
        "levers": list(run.levers),
        "digests": _provenance(run),
        "seed": run.on.seed,
        "paths": run.on.paths,
    }
    groups: dict[str, dict[str, Any]] = {}
    for name, part in (("on", run.on), ("off", run.off)):
        manifest[name] = saved.plain_run(part)
        groups[f"{name}_fit"], groups[f"{name}_paths"] = saved.arrays(part.fit), saved.path_arrays(part)
    copies = {f"case/{name}": run.case.folder / name for name in file_names(run.case.record)}
    copies["case/case.yaml"] = run.case.file
    return write(Path(folder), manifest, groups, copies)


def open_run(folder: str | Path) -> Run:
    """Open a saved run, every file verified against its digest; nothing is fitted or simulated again.

    Raises DataError where a file was changed, or where the bundle is not that of a run.
    """
    from fissures.bundle.store import read
    from fissures.events import panel as events
    from fissures.model import plan as layout
    from fissures.model import saved

    bundle = read(Path(folder))
    try:
        case = load(bundle.folder / "case")
        panel = events.build(case.record, case.folder, case.digest)
        plan = layout.build(case.record, panel)
        if bundle.manifest["on"]["fit"]["parent"] != plan.digest:
            raise DataError(
                f"fissures {own_version()} lays this case out differently than {bundle.manifest['fissures']} did",
                where=str(folder),
                why="old paths and a new model must not be mixed",
                remedy="run the case again, or use the version that saved the run",
            )
        levers = tuple(str(name) for name in bundle.manifest["levers"])
        pulled = _pulled(case, plan, levers, allow_escalatory=True)
        on, off = (
            saved.restored_run(
                pulled, bundle.manifest[name], bundle.groups[f"{name}_fit"], bundle.groups[f"{name}_paths"]
            )
            for name in ("on", "off")
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "the bundle does not hold a run",
            where=str(folder),
            why="a part of it is missing or has another form",
            remedy="run the case again with --out",
        ) from error
    return Run(Fit(case, panel, plan, on.fit, off.fit), on, off, levers)


def doctor() -> list[Check]:
    """Whether this installation can do its work: versions, packages, and the shipped cases."""
    from fissures.install import Check, packages

    out = packages()
    for name in cases():
        try:
            out.append(Check(f"case {name}", True, f"digest {load(name).digest[:12]}"))
        except FissuresError as error:
            out.append(Check(f"case {name}", False, str(error)))
    return out

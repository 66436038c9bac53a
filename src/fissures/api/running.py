"""Running a case: fit, simulate, answer, study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fissures.api.records import Case, Fit, Run
from fissures.api.reference import class_for
from fissures.errors import UsageError
from fissures.install import own_version

if TYPE_CHECKING:
    from fissures.model.plan import Plan
    from fissures.model.simulate import Run as ModelRun
    from fissures.study.records import Answers, Arm, ClaimRow, Claims, Study

Progress = Callable[[str], None]

WITHOUT = 2_000  # paths on which each coefficient is taken out, of which a case has dozens
PAIRED = 4_000  # paths of a what-if: both arms share their random numbers, so that a difference needs fewer


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


def claims(fit: Fit, without: bool = False, paths: int = WITHOUT, progress: Progress | None = None) -> Claims:
    """What the data say of every claim of a fitted case: before and after, with a verdict; one row for each coupling.

    With `without`, every coefficient is set to zero in turn and the questions are answered again, on so many paired
    paths of the fit's own seed; that takes minutes.
    """
    from fissures.model.simulate import simulate as step
    from fissures.study import claims as argument

    record = fit.case.record
    made = argument.claims(record, fit.on)
    made = replace(made, findings=(*made.findings, *fit.case.notes))
    if not without:
        return made
    base = step(fit.plan, fit.on, paths, fit.on.seed, progress=progress)
    return replace(made, without=argument.without(record, base, progress), paths=base.paths)


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
    plan = pulled(case, fit.plan, levers, allow_escalatory)
    on = step(plan, fit.on, paths, seed, progress=progress)
    return Run(fit, on, step(plan, fit.off, paths, seed, progress=progress), tuple(levers))


def pulled(case: Case, plan: Plan, levers: Sequence[str], allow_escalatory: bool) -> Plan:
    """The plan with levers pulled, in order."""
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
    from fissures.study.answers import lead

    table = class_for(run.case.record.as_of)
    made = resolve(run.case.record, run.fit.panel, run.on, run.off, run.case.digest, table)
    return replace(made, findings=(*made.findings, *run.case.notes), lead=lead(run.case.record))


def study(
    run: Run, levers: Sequence[str] | None = None, allow_escalatory: bool = False, progress: Progress | None = None
) -> Study:
    """Answers, claims, course and what-ifs of a run; `levers` None means all that are not escalatory, () none.

    What-ifs are simulated on the first 4,000 paths at most, and compared with the same paths of the run.
    """
    from fissures.model.simulate import first
    from fissures.study import claims as argument
    from fissures.study.course import course
    from fissures.study.records import Study

    rows = argument.table(run.case.record, run.fit.on)
    if levers is None:
        levers = [name for name, lever in run.case.record.levers.items() if not lever.escalatory]
    permit_levers(run.case, levers, allow_escalatory)
    base = first(run.on, PAIRED)
    arms = tuple(_arm(run, base, name, rows, progress) for name in levers if name not in run.levers)
    return Study(
        answers=answer(run),
        claims=rows,
        statements=argument.statements(run.case.record),
        moved=argument.moved(rows),
        couplings=argument.couplings(rows),
        course=course(run.fit.panel, run.on),
        arms=arms,
        provenance=provenance(run),
    )


def _arm(run: Run, base: ModelRun, name: str, rows: tuple[ClaimRow, ...], progress: Progress | None) -> Arm:
    from fissures.model.simulate import simulate as step
    from fissures.study.compare import compare

    plan, lever = pulled(run.case, run.on.plan, (name,), True), run.case.record.levers[name]
    if progress:
        progress(f"what-if {lever.code}, {lever.name}")
    arm = step(plan, run.fit.on, base.paths, base.seed)
    return replace(compare(run.case.record, base, arm, name, rows), code=lever.code, paths=base.paths)


def provenance(run: Run) -> dict[str, str]:
    """The digests by which every number of a run can be walked back."""
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

"""Running a case: fit, simulate, answer, study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from fissures.api.records import Case, Fit, Run
from fissures.api.reference import class_for
from fissures.errors import UsageError
from fissures.install import own_version

if TYPE_CHECKING:
    from datetime import date

    from fissures.model.plan import Plan
    from fissures.model.simulate import Run as ModelRun
    from fissures.study.analogue_records import Analogues
    from fissures.study.given import Given
    from fissures.study.pairing import Control
    from fissures.study.records import Answers, Arm, ClaimRow, Claims, Comparison, Study
    from fissures.study.watch import Watch
    from fissures.study.why_records import Why

Progress = Callable[[str], None]

PAIRED = 2_000  # paths of a what-if: both arms share their random numbers, so that it needs fewer than an answer
WHOLE = 10_000  # paths of an answer
LEAST = 4  # paths a draw: with two, how far draws differ is told half as surely (benchmarks/few_draws.py)


def fit(
    case: Case,
    seed: int = 1,
    progress: Progress | None = None,
    full: bool = False,
    priors: Literal["analyst", "portable", "vague"] = "analyst",
) -> Fit:
    """Fit a case to its evidence, with claims and with all claims off (the same ladder and memories, refitted).

    `priors` "portable" takes the analyst's together with what other rivals show, where they show something; "vague"
    replaces all by N(0, .4). With `full`, ladders are sampled (Hamiltonian Monte Carlo) however good their
    approximation; that takes minutes. Raises DataError for evidence that cannot be used and FitError where a block
    does not converge.
    """
    from fissures.events import panel as events
    from fissures.model import fit as model
    from fissures.model import history
    from fissures.model import plan as layout
    from fissures.model.portable_priors import with_priors

    case = replace(case, record=with_priors(case.record, priors))
    panel = events.build(case.record, case.folder, case.digest)
    plan = layout.build(case.record, panel, class_for(case.record.as_of))
    past = history.build(case.record, plan, panel, seed)
    on, off = model.both(case.record, plan, panel, past, seed, progress, full)
    return Fit(case, panel, plan, on, off)


def claims(fit: Fit, without: bool = False, paths: int = PAIRED, progress: Progress | None = None) -> Claims:
    """What the data say of every claim of a fitted case: before and after, with a verdict; one row for each coupling.

    With `without`, every coefficient is set to zero in turn and the questions are answered again, on so many paired
    paths of the fit's own seed, and told from the answer of five times as many (10,000 at most); that takes minutes.
    """
    from fissures.model.simulate import simulate as step
    from fissures.study import claims as argument
    from fissures.study.pairing import control
    from fissures.study.predictive import implied

    record = fit.case.record
    made = argument.claims(record, fit.on)
    made = replace(made, findings=(*made.findings, *fit.case.notes), implied=implied(fit.plan, fit.on))
    if not without:
        return made
    whole = step(fit.plan, fit.on, max(paths, min(5 * paths, WHOLE)), fit.on.seed, progress=progress)
    base = control(record, whole, paths)
    return replace(made, without=argument.without(base, progress), paths=base.run.paths)


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


def analogues(case: Case) -> Analogues:
    """The earlier flare-ups most like a case's own, nearest first, and of how many of them its questions came true.

    Deaths are counts, days are days; the distance of two flare-ups lies in [0, 1] and is told in docs/analogues.md.
    Raises DataError for evidence that cannot be used. Source: UCDP GED 21.1 (Sundberg & Melander 2013), to July 2020.

    >>> import fissures as fs
    >>> found = fs.analogues(fs.load(next(iter(fs.cases()))))
    >>> found.nearest[0].flare_up.start.year, found.questions["Q4"].n, found.questions["Q4"].k
    (2012, 20, 3)
    """
    from fissures.events import panel as events
    from fissures.study.analogues import analogues as find

    return find(case.record, events.build(case.record, case.folder, case.digest))


def study(
    run: Run, levers: Sequence[str] | None = None, allow_escalatory: bool = False, progress: Progress | None = None
) -> Study:
    """Answers, claims, course and what-ifs of a run; `levers` None means all that are not escalatory, () none.

    What-ifs are simulated on 2,000 paths at most, up to eight of each draw, and compared with the same paths of the
    run. Rival readings and what the first page of a brief says are made by `briefed`.
    """
    from fissures.study import claims as argument
    from fissures.study.course import course
    from fissures.study.graph import graph
    from fissures.study.pairing import control
    from fissures.study.records import Study

    rows = argument.table(run.case.record, run.fit.on)
    if levers is None:
        levers = [name for name, lever in run.case.record.levers.items() if not lever.escalatory]
    permit_levers(run.case, levers, allow_escalatory)
    base = control(run.case.record, run.on, PAIRED)
    pulls = [(name,) for name in levers if name not in run.levers]
    with ThreadPoolExecutor(1) as pool:  # answering is counting: it is done while the kernel steps the what-ifs
        answers = pool.submit(answer, run)
        arms = _arms(run, base, pulls, rows, progress)
    return Study(
        answers=answers.result(),
        claims=rows,
        statements=argument.statements(run.case.record),
        moved=argument.moved(rows),
        couplings=argument.couplings(rows),
        course=course(run.fit.panel, run.on),
        arms=arms,
        provenance=provenance(run),
        graph=graph(run.case.record, rows),
    )


def compare(
    run: Run,
    levers: Sequence[str] | None = None,
    allow_escalatory: bool = False,
    paths: int = PAIRED,
    progress: Progress | None = None,
) -> Comparison:
    """What levers change: any number of what-ifs, each on the same random numbers as the run itself.

    `levers` None means every lever that is not escalatory; "a+b" pulls two together. Each arm tells every question and
    every front and week, paired, with what the draws and what chance leave open. At most `paths` of the run's paths are
    paired, up to eight of each draw; each arm starts from what the whole run answers. Raises UsageError for a lever
    that is unknown, or escalatory without leave.

    >>> import fissures as fs
    >>> case = fs.load("tests/cases/two_valleys")  # doctest: +SKIP
    >>> run = fs.simulate(case, fs.fit(case), paths=1000)  # doctest: +SKIP
    >>> print(fs.compare(run))  # doctest: +SKIP
    """
    from fissures.study import claims as argument
    from fissures.study.answers import lead
    from fissures.study.pairing import control
    from fissures.study.records import Comparison

    record = run.case.record
    asked = [name for name, one in record.levers.items() if not one.escalatory] if levers is None else list(levers)
    arms = [tuple(dict.fromkeys(name.strip() for name in text.split("+"))) for text in dict.fromkeys(asked)]
    pulls = tuple(dict.fromkeys(name for arm in arms for name in arm))
    notices = permit_levers(run.case, pulls, allow_escalatory)
    base, rows = control(record, run.on, paths), argument.table(record, run.fit.on)
    if base.run.paths < LEAST * base.run.draws:
        notices += (f"notice: {base.run.paths:,} paths are fewer than four a draw: ranges may be far off; run more",)
    return Comparison(
        case=record.case,
        as_of=record.as_of,
        digest=base.run.digest,
        seed=base.run.seed,
        paths=base.run.paths,
        titles={question.code: question.title for question in record.questions.values()},
        arms=_arms(run, base, arms, rows, progress),
        lead=lead(record),
        notices=notices,
    )


def why(run: Run, code: str, paths: int = PAIRED) -> Why:
    """Why a question came about on the paths of a run, in the model: an exact division of the log odds of what led to
    it, the argument's loops, and a handful of futures as dated stories.

    `code` is the question's own, such as "Q4"; at most `paths` paths are looked at. Raises UsageError for a code that
    the case does not ask.
    """
    from fissures.model.simulate import first
    from fissures.study import claims as argument
    from fissures.study.why import why as explain

    record = run.case.record
    known_question(run.case, code)
    return explain(record, first(run.on, paths), code, argument.table(record, run.fit.on))


def given(run: Run, condition: str, by: date) -> Given:
    """Every question, given that something has happened by a date: the paths of the run on which it did.

    `condition` is a phrase such as a question asks: "north reaches clash", "at least 1 of stream summits". Raises
    UsageError for a phrase that cannot be read, or too few paths on which it happens.
    """
    from fissures.study.given import given as filtered

    return filtered(run.case.record, run.on, condition, by)


def watch(run: Run, when: Sequence[str] = ()) -> Watch:
    """Where every trigger of a case stands at its as-of date, and those phrased in `when` ("Q4 above 10 %").

    Raises UsageError for a phrase that cannot be read, or where there is nothing to watch.
    """
    from fissures.study.watch import watch as look

    return look(run.case.record, run.fit.panel, run.on, answer(run), {phrase: phrase for phrase in when})


def known_question(case: Case, code: str) -> None:
    """Raise UsageError for a code that no question of the case has."""
    codes = [question.code for question in case.record.questions.values()]
    if code not in codes:
        raise UsageError(
            f"no question '{code}'",
            where="questions",
            why="an answer can be explained only where it was asked for",
            remedy=f"one of {', '.join(codes)}",
        )


def _arms(
    run: Run,
    base: Control,
    pulls: Sequence[tuple[str, ...]],
    rows: tuple[ClaimRow, ...],
    progress: Progress | None,
) -> tuple[Arm, ...]:
    """One arm for each set of levers, on the random numbers of the base."""
    from fissures.study.ahead import ahead
    from fissures.study.compare import compare

    record = run.case.record

    def tasks() -> Iterator[Callable[[], ModelRun]]:
        for levers in pulls:
            if progress:
                progress("what-if " + " and ".join(record.levers[name].name for name in levers))
            yield partial(base.simulate, pulled(run.case, run.on.plan, levers, True))

    arms = zip(pulls, ahead(tasks()), strict=True)
    return tuple(compare(base, arm, levers, rows) for levers, arm in arms)


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

"""The brief of a run, as one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.api.records import Run
from fissures.api.running import study as make_study
from fissures.errors import UsageError

if TYPE_CHECKING:
    from fissures.brief.context import Context
    from fissures.study.records import Study


def brief(
    run: Run,
    out: str | Path = "brief.html",
    arms: Sequence[str] | None = None,
    study: Study | None = None,
    last: str | Path | None = None,
    words: str = "icd203",
    reasons: bool = True,
) -> Path:
    """Write the brief of a run as one self-contained HTML page and return its path.

    `arms` names the what-ifs (None: all that are not escalatory); a `study` already made is used as it is. `last` is
    the folder of the last issue's saved run, which is then set beside this one; `words` is "icd203" or "phia"; without
    `reasons` no claim is taken out to see what it carries. Raises UsageError where the page cannot be written.
    """
    from fissures.api.briefing import briefed
    from fissures.brief.render import render
    from fissures.study.verbal import known_scale

    scale = known_scale(words)
    made = briefed(run, make_study(run, arms) if study is None else study, last, reasons)
    path = Path(out)
    try:
        path.write_text(render(made, context_of(run, made), scale=scale), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write '{path}': {error.strerror or error}",
            where="--out",
            why="the brief was made and could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return path


def context_of(run: Run, study: Study, writes: str = "--out brief.html") -> Context:
    """What a brief says about the case of a run; `writes` ends the command that makes it again."""
    from fissures.brief.context import from_case
    from fissures.bundle.store import is_bundle
    from fissures.study.coverage import coverage
    from fissures.study.pressures import levels
    from fissures.study.timeline import timeline
    from fissures.study.two_counts import two_counts
    from fissures.study.where import where

    bundle, record, answers = run.case.folder.parent, run.case.record, study.answers
    if is_bundle(bundle):  # a saved run has settled its paths, seed and levers
        again = f"fissures brief {bundle.name} {writes}"
    else:
        again = f"fissures brief {run.case.folder.name} --paths {run.on.paths} --seed {run.on.seed}"
        again += "".join(f" --lever {name}" for name in run.levers) + f" {writes}"
    here = where(record, run.case.folder, run.on, answers.lead)
    past = timeline(record, run.fit.panel)
    counts = two_counts(record, run.case.folder, run.fit.panel)
    covered = coverage(record, run.fit.panel)
    return from_case(record, answers.findings, answers.lead, again, levels(record, run.on), here, past, counts, covered)

"""`fissures run`: fit a case, simulate what follows, answer its questions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fissures.cli._shared import (
    AsJson,
    CaseOrRun,
    Leave,
    Levers,
    Paths,
    Seed,
    emit,
    note,
    say,
    step,
    walk,
    writable_folder,
)


def run(
    case: CaseOrRun,
    paths: Paths = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Save the run as a bundle.")] = None,
    lever: Levers = None,
    given: Annotated[
        str | None,
        typer.Option(metavar="PHRASE", help='Answer given that this happens, such as "north reaches clash".'),
    ] = None,
    by: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --given: by which date.")] = None,
    allow_escalatory: Leave = False,
    as_json: AsJson = False,
) -> int:
    """Fit a case, simulate what follows, answer its questions."""
    from fissures import api
    from fissures.cli import _answers, _documents

    _both(given, by)
    if out is not None:
        writable_folder(out)
    done = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers"):
        study = api.study(done, levers=())
    if out is not None:
        with step("save the run"):
            api.save(done, str(out))
        note(f"saved in {out.resolve()}")
    told = None if given is None or by is None else api.given(done, given, by.date())
    if as_json:
        bundle = None if out is None else str(out.resolve())
        emit(
            {
                **_documents.answered(study),
                "levers": list(done.levers),
                "bundle": bundle,
                "given": _documents.given(told),
            }
        )
        return 0
    if done.levers:
        say(f"With {', '.join(done.levers)}. Without --lever: the base, on the same random numbers.")
    if told is not None:
        _answers.given(told)
        return 0
    _answers.show(study, case)
    return 0


def _both(given: str | None, by: datetime | None) -> None:
    """Refuse a condition without its date, or a date without a condition."""
    from fissures.api import UsageError

    if (given is None) != (by is None):
        raise UsageError(
            "--given and --by belong together",
            where="--by" if by is None else "--given",
            why="something has happened by a date, or nobody can say whether it has",
            remedy='--given "north reaches clash" --by 2020-09-01',
        )

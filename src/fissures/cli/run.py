"""`fissures run`: fit a case, simulate what follows, answer its questions."""

from __future__ import annotations

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
    allow_escalatory: Leave = False,
    as_json: AsJson = False,
) -> int:
    """Fit a case, simulate what follows, answer its questions."""
    from fissures import api
    from fissures.cli import _answers, _documents

    if out is not None:
        writable_folder(out)
    done = walk(case, paths, seed, tuple(lever or ()), allow_escalatory)
    with step("answers"):
        study = api.study(done, levers=())
    if out is not None:
        with step("save the run"):
            api.save(done, str(out))
        note(f"saved in {out.resolve()}")
    if as_json:
        bundle = None if out is None else str(out.resolve())
        emit({**_documents.answered(study), "levers": list(done.levers), "bundle": bundle})
        return 0
    if done.levers:
        say(f"With {', '.join(done.levers)}. Without --lever: the base, on the same random numbers.")
    _answers.show(study, case)
    return 0

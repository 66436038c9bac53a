"""`fissures run`: fit a case, simulate what follows, answer its questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fissures.cli._shared import AsJson, CaseOrRun, emit, is_bundle, note, say, step, walk

DEFAULT_PATHS = 10_000
DEFAULT_SEED = 1


def run(
    case: CaseOrRun,
    paths: Annotated[
        int | None,
        typer.Option(min=100, max=10_000_000, help="How many futures to simulate [default: 10000]."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same numbers [default: 1].")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Save the run as a bundle.")] = None,
    lever: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Pull this lever; may be given several times.")
    ] = None,
    allow_escalatory: Annotated[
        bool, typer.Option("--allow-escalatory", help="Permit levers that are marked escalatory.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Fit a case, simulate what follows, answer its questions."""
    from fissures import api
    from fissures.cli import _answers, _documents

    levers = tuple(lever or ())
    if is_bundle(case):
        _settled(paths=paths, seed=seed, lever=levers or None)
    done = walk(
        case,
        DEFAULT_PATHS if paths is None else paths,
        DEFAULT_SEED if seed is None else seed,
        levers,
        allow_escalatory,
    )
    with step("answers"):
        study = api.study(done, levers=())
    if out is not None:
        with step("save the run"):
            api.save(done, str(out))
        note(f"saved in {out.resolve()}")
    if as_json:
        bundle = None if out is None else str(out.resolve())
        emit({**_documents.answered(study), "levers": list(levers), "bundle": bundle})
        return 0
    if levers:
        say(f"With {', '.join(levers)}. Without --lever: the base, on the same random numbers.")
    _answers.show(study)
    return 0


def _settled(**asked: object) -> None:
    """Refuse options that a saved run has already settled."""
    from fissures.api import UsageError

    for name, value in asked.items():
        if value is not None:
            raise UsageError(
                "a saved run already has its paths, seed and levers",
                where=f"--{name}",
                why="its numbers would no longer be those of its digest",
                remedy="name the case instead of the saved run, or leave the option out",
            )

"""`fissures explain`: which inputs an answer hangs on, and in which futures something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fissures.cli._shared import AsJson, CaseOrRun, Paths, Seed, emit, progress, say, step, walk

if TYPE_CHECKING:
    from fissures.api import Run

Sense = Annotated[
    str | None, typer.Option("--sense", metavar="QUESTION", help="Which claims and inputs its answer hangs on.")
]
Discover = Annotated[
    str | None,
    typer.Option("--discover", metavar="QUESTION", help="In which futures it happens, and what helps there."),
]
Claims = Annotated[
    int, typer.Option("--claims", min=0, metavar="N", help="With --sense: claims to take out and swing, seconds each.")
]


def explain(
    case: CaseOrRun,
    sense: Sense = None,
    discover: Discover = None,
    claims: Claims = 6,
    paths: Paths = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> int:
    """Say what the answer to a question hangs on, or in which futures it comes true."""
    _something(case, sense, discover)
    run = walk(case, paths, seed)
    documents: dict[str, Any] = {}
    if sense is not None:
        documents["sense"] = _sensed(run, sense, claims, as_json)
    if discover is not None:
        if sense is not None and not as_json:
            say()
        documents["discover"] = _discovered(run, discover, as_json)
    if as_json:
        emit(documents)
    return 0


def _sensed(run: Run, code: str, claims: int, as_json: bool) -> dict[str, Any]:
    from fissures import api
    from fissures.cli import _sense_words

    with step("what the answer hangs on"):
        told = api.sense(run, code, claims=claims, progress=progress)
    if not as_json:
        _sense_words.show(told)
    return _sense_words.document(told)


def _discovered(run: Run, code: str, as_json: bool) -> dict[str, Any]:
    from fissures import api
    from fissures.cli import _discover_words

    with step("in which futures"):
        told = api.discover(run, code, progress=progress)
    if not as_json:
        _discover_words.show(told)
    return _discover_words.document(told)


def _something(case: str, *asked: str | None) -> None:
    """Refuse, before any work is done, a call that asks nothing."""
    from fissures.api import UsageError

    if not any(asked):
        raise UsageError(
            "nothing was asked",
            where="explain",
            why="a case has many questions, and each hangs on other things",
            remedy=f"fissures explain {case} --sense QUESTION, or --discover QUESTION",
        )

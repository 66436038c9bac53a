"""`fissures explain`: why an answer is what it is, what it hangs on, and in which futures it comes true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fissures.cli._shared import AsJson, CaseOrRun, Paths, Seed, emit, is_bundle, progress, step, walk

if TYPE_CHECKING:
    from fissures.api import Run

DEFAULT_PATHS = 4_000  # of --why; the others take as many as an answer does

Why = Annotated[
    str | None,
    typer.Option("--why", metavar="CODE", help="What led to it: claims, pressures, streams, loops and stories."),
]
Sense = Annotated[
    str | None, typer.Option("--sense", metavar="CODE", help="On which claims and inputs it hangs (takes minutes).")
]
Discover = Annotated[
    str | None,
    typer.Option("--discover", metavar="CODE", help="In which futures it happens, and what helps (takes minutes)."),
]
Claims = Annotated[
    int | None,
    typer.Option(min=0, help="With --sense: how many claims to take out and swing, seconds each [default: 6]."),
]
DEFAULT_CLAIMS = 6


def explain(
    case: CaseOrRun,
    why: Why = None,
    sense: Sense = None,
    discover: Discover = None,
    claims: Claims = None,
    paths: Paths = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> int:
    """Explain an answer: what led to it, on what it hangs, or in which futures it comes true."""
    _sensible(case, why, sense, discover, claims)
    run = walk(case, DEFAULT_PATHS if why is not None and paths is None and not is_bundle(case) else paths, seed)
    if why is not None:
        _why(run, why, as_json)
    elif sense is not None:
        _sense(run, sense, DEFAULT_CLAIMS if claims is None else claims, as_json)
    elif discover is not None:
        _discover(run, discover, as_json)
    return 0


def _why(run: Run, code: str, as_json: bool) -> None:
    from fissures import api
    from fissures.cli import _why_words

    with step("explain"):
        told = api.why(run, code)
    if as_json:
        emit(_why_words.document(told))
    else:
        _why_words.show(told)


def _sense(run: Run, code: str, claims: int, as_json: bool) -> None:
    from fissures import api
    from fissures.cli import _sense_words

    with step("what the answer hangs on"):
        told = api.sense(run, code, claims=claims, progress=progress)
    if as_json:
        emit(_sense_words.document(told))
    else:
        _sense_words.show(told)


def _discover(run: Run, code: str, as_json: bool) -> None:
    from fissures import api
    from fissures.cli import _discover_words

    with step("in which futures"):
        told = api.discover(run, code, progress=progress)
    if as_json:
        emit(_discover_words.document(told))
    else:
        _discover_words.show(told)


def _sensible(case: str, why: str | None, sense: str | None, discover: str | None, claims: int | None) -> None:
    """Refuse, before any work is done, what cannot be meant."""
    from fissures.api import UsageError

    asked = [name for name, code in (("--why", why), ("--sense", sense), ("--discover", discover)) if code is not None]
    if not asked:
        raise UsageError(
            "nothing to explain was named",
            where="--why",
            why="an explanation belongs to one question",
            remedy=f"fissures explain {case} --why CODE (or --sense, --discover); CODE is a question, such as Q4",
        )
    if len(asked) > 1:
        raise UsageError(
            f"{' and '.join(asked)} were given together",
            where="explain",
            why="each looks at the answer in another way, and takes its own time",
            remedy="one at a time; a saved run (fissures run --out FOLDER) serves all of them",
        )
    if claims is not None and sense is None:
        raise UsageError(
            "--claims was given without --sense",
            where="--claims",
            why="only there are claims taken out and swung",
            remedy=f"fissures explain {case} --sense CODE --claims {claims}",
        )

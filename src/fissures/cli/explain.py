"""`fissures explain`: why an answer is what it is, in the model."""

from __future__ import annotations

from typing import Annotated

import typer

from fissures.cli._shared import AsJson, CaseOrRun, Paths, Seed, emit, is_bundle, step, walk

DEFAULT_PATHS = 4_000

Why = Annotated[
    str | None,
    typer.Option("--why", metavar="CODE", help="What led to it: claims, pressures, streams, loops and stories."),
]


def explain(case: CaseOrRun, why: Why = None, paths: Paths = None, seed: Seed = None, as_json: AsJson = False) -> int:
    """Explain an answer: what led to it."""
    from fissures import api
    from fissures.cli import _why_words

    if why is None:
        raise api.UsageError(
            "nothing to explain was named",
            where="--why",
            why="an explanation belongs to one question",
            remedy=f"fissures explain {case} --why CODE, with the code of a question, such as Q4",
        )
    done = walk(case, DEFAULT_PATHS if paths is None and not is_bundle(case) else paths, seed)
    with step("explain"):
        told = api.why(done, why)
    if as_json:
        emit(_why_words.document(told))
    else:
        _why_words.show(told)
    return 0

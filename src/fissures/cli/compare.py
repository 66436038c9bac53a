"""`fissures compare`: what-ifs beside one another, each on the same random numbers as the base."""

from __future__ import annotations

from typing import Annotated

import typer

from fissures.cli._shared import AsJson, CaseOrRun, Leave, Paths, Seed, emit, is_bundle, note, progress, step, walk

DEFAULT_PATHS = 4_000

Arms = Annotated[
    list[str] | None,
    typer.Option("--lever", metavar="NAME", help="A what-if; may be given several times. a+b pulls two together."),
]
Every = Annotated[bool, typer.Option("--all", help="Every lever of the case that is not escalatory.")]
Question = Annotated[str | None, typer.Option(metavar="CODE", help="Order and draw by this question, such as Q4.")]


def compare(
    case: CaseOrRun,
    lever: Arms = None,
    every: Every = False,
    question: Question = None,
    paths: Paths = None,
    seed: Seed = None,
    allow_escalatory: Leave = False,
    as_json: AsJson = False,
) -> int:
    """Compare what-ifs on the same random numbers: each question, each front and week, and what stays open."""
    from fissures import api
    from fissures.cli import _compare_words

    if every == bool(lever):
        raise api.UsageError(
            "name the what-ifs with --lever, or ask for --all" if not lever else "--all and --lever together",
            where="--lever",
            why="a comparison needs to know its arms, and --all stands for every one that is not escalatory",
            remedy=f"fissures compare {case} --all, or --lever NAME",
        )
    few = DEFAULT_PATHS if paths is None and not is_bundle(case) else paths
    done = walk(case, few, seed)
    with step("what-ifs"):
        told = api.compare(done, lever, allow_escalatory, progress=progress, paths=paths or DEFAULT_PATHS)
    if question is not None and question not in {code.split(">=")[0] for arm in told for code in arm.differences}:
        raise api.UsageError(
            f"no question '{question}'",
            where="--question",
            why="a comparison is ordered by what happens to one question",
            remedy=f"one of {', '.join(told.titles)}",
        )
    for line in told.notices:
        note(line)
    if as_json:
        emit(_compare_words.document(told))
    else:
        _compare_words.show(told, question)
    return 0

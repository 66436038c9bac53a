"""Asking a run what its answers hang on, and in which futures something happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fissures.api.records import Run

if TYPE_CHECKING:
    from fissures.study.discover_records import Discovery
    from fissures.study.sense_records import Sense

Progress = Callable[[str], None]


def sense(
    run: Run, question: str, claims: int | None = 6, paths: int = 2_000, progress: Progress | None = None
) -> Sense:
    """Which claims and inputs the answer to a question hangs on, each with an interval; iterates over the shares.

    `question` is a code ("Q4", or "Q15>=50" for a number). Shares are of the answer's variance between draws, in
    [0, 1] but for chance; answers are probabilities. So many `claims` (None: all that reach the question) are also
    taken out and swung, on `paths` paired futures each, which takes seconds a claim. Raises UsageError for an unknown
    question and for a run of fewer than two paths a draw. Source: Song, Nelson & Staum (2016) for the shares; Strong,
    Oakley & Brennan (2014) for the value of knowing a claim.
    """
    from fissures.study.sense import sense as ask

    return ask(run.case.record, run.on, question, claims, paths, progress)


def discover(
    run: Run,
    question: str,
    levers: Sequence[str] | None = None,
    paths: int = 4_000,
    progress: Progress | None = None,
) -> Discovery:
    """In which futures a question comes true, as boxes over inputs; iterates over the kinds of futures that stand.

    `question` is a code ("Q4", or "Q15>=50" for a number). `levers` are compared over all kinds of futures on `paths`
    paired paths each (None: all that are not escalatory, (): none). Density, coverage and mass are shares in [0, 1].
    Raises UsageError for an unknown question or lever, for an escalatory lever, and for a run of fewer than two paths a
    draw. Source: Friedman & Fisher (1999); Bryant & Lempert (2010).
    """
    from fissures.study.discover import discover as ask

    return ask(run.case.record, run.on, question, levers, paths, progress)

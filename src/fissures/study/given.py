"""Answers given that something has happened by a date: the paths on which it did, and how many those are.

A filter, and no new fit: what the event would teach about the claims is in the draws whose paths are kept, in their
share. Where few are kept the answer says so; a case with the event in its record, and a later as-of date, is then the
better way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.amounts import PhraseError
from fissures.case.records import Case
from fissures.errors import UsageError
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.answers import share_range
from fissures.study.outcomes import asked, outcome
from fissures.study.records import Range

Floats = NDArray[np.float64]

FEWEST = 20  # paths; fewer tell nothing


@dataclass(frozen=True)
class Conditional:
    """One question on the paths kept: `code` also names a threshold ("Q15>=50"); chance on all paths, chance given, its
    middle 80 % and Monte Carlo error."""

    code: str
    title: str
    base: float
    given: float
    range80: Range
    mc_error: float


@dataclass(frozen=True)
class Given:
    """Answers given a condition; iterates over them. `kept` paths of `paths`, from `draws` effective draws."""

    case: str
    as_of: date
    digest: str
    seed: int
    condition: str
    by: date
    kept: int
    paths: int
    draws: float
    answers: tuple[Conditional, ...]

    def __iter__(self) -> Iterator[Conditional]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __str__(self) -> str:
        """The condition, then one line a question."""
        head = f"given {self.condition} by {self.by}: {self.kept:,} of {self.paths:,} futures"
        lines = [
            f"{one.code:8} {100 * one.given:.3g} % (all futures: {100 * one.base:.3g} %)  {one.title}" for one in self
        ]
        return "\n".join([head, *lines])


def given(case: Case, run: Run, condition: str, by: date) -> Given:
    """Every question, given that something a question could ask has happened by a date.

    Raises UsageError for a phrase that cannot be read, a date outside the run, or too few paths on which it happens.
    """
    kept = happening(case, run, condition, by)
    answers = []
    for question in case.questions.values():
        number = grammar.asks(question.asks, case).number
        for code, level in (
            [(f"{question.code}>={x:g}", x) for x in question.exceed] if number else [(question.code, None)]
        ):
            y = outcome(case, run, question, level)
            answers.append(conditional(code, question.title, y, kept))
    by_draw = np.bincount(np.flatnonzero(kept) % DRAWS, minlength=DRAWS).astype(float)
    return Given(
        case=case.case,
        as_of=case.as_of,
        digest=run.digest,
        seed=run.seed,
        condition=condition,
        by=by,
        kept=int(kept.sum()),
        paths=run.paths,
        draws=float(by_draw.sum() ** 2 / (by_draw @ by_draw)),
        answers=tuple(answers),
    )


def happening(case: Case, run: Run, condition: str, by: date) -> NDArray[np.bool_]:
    """On which paths something has happened by a date; shape (M,). Raises UsageError as `given` does."""
    try:
        ask = grammar.asks(condition, case)
    except PhraseError as error:
        raise UsageError(
            error.message, where="--given", why="the condition is counted along each path", remedy=error.remedy
        ) from error
    if not case.as_of < by <= case.horizon:
        raise UsageError(
            f"{by} is not between the as-of date {case.as_of} and the horizon {case.horizon}",
            where="--by",
            why="paths begin after the one and end at the other",
            remedy=f"a date up to {case.horizon}",
        )
    if ask.number:
        raise UsageError(
            f"'{condition}' is a number",
            where="--given",
            why="a condition holds on a path or does not",
            remedy="at least 25 deaths on all fronts, north reaches clash, at least 1 of stream summits",
        )
    kept = asked(case, run, ask, run.plan.day(by) + 1) > 0
    if kept.sum() < FEWEST:
        raise UsageError(
            f"'{condition}' happens by {by} on {int(kept.sum())} of {run.paths:,} paths",
            where="--given",
            why=f"fewer than {FEWEST} paths tell nothing of what follows",
            remedy="more --paths, a later date, or a case with the event in its record and a later as-of date",
        )
    return np.asarray(kept, bool)


def conditional(code: str, title: str, y: Floats, kept: NDArray[np.bool_]) -> Conditional:
    """A share on the paths kept: ratio over draws as clusters, and how far draws differ beyond chance."""
    draw = np.arange(y.size) % DRAWS
    number = np.bincount(draw, kept, minlength=DRAWS)
    hits = np.bincount(draw, kept * y, minlength=DRAWS)
    p = float(hits.sum() / number.sum())
    used = number > 0
    error = float(np.sqrt(np.sum((hits - p * number) ** 2)) / number.sum())
    apart = float(np.sum(number[used] * (hits[used] / number[used] - p) ** 2) / number.sum())
    chance = p * (1 - p) * (used.sum() - 1) / number.sum()
    error = max(error, 0.5 / float(number.sum()))
    return Conditional(code, title, float(y.mean()), p, share_range(p, max(apart - chance, 0.0), error), error)

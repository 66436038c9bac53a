"""One question out of a case, by its code, as something that happens or does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.errors import UsageError
from fissures.model.simulate import Run
from fissures.study import outcomes


@dataclass(frozen=True)
class Asked:
    """A question of yes or no: its code, its title, the record, and for a number the level that must be reached."""

    code: str
    title: str
    question: Question
    level: float | None


def asked(case: Case, code: str) -> Asked:
    """The question that a code names: "Q4", or "Q15>=50" for a number, which alone stands for its first threshold.

    Raises UsageError for a code that the case does not hold.
    """
    found: dict[str, Asked] = {}
    for name, question in case.questions.items():
        if grammar.asks(question.asks, case).number:
            for level in question.exceed:
                one = Asked(f"{question.code}>={level:g}", f"{question.title} {level:g} or more", question, level)
                for known in (question.code, name, f"{question.code}>={level:g}"):
                    found.setdefault(known, one)
        else:
            one = Asked(question.code, question.title, question, None)
            found[question.code] = found[name] = one
    if code not in found:
        codes = [known for known in found if known not in case.questions]
        raise UsageError(
            f"no question '{code}'",
            where="question",
            why="what an answer hangs on can be told of one dated question at a time",
            remedy=grammar.nearest(code, codes),
        )
    return found[code]


def happened(case: Case, run: Run, one: Asked, days: int | None = None) -> NDArray[np.bool_]:
    """On which paths it happens, over the question's window or its first so many days; shape (M,)."""
    span = run.plan.day(one.question.by) + 1 if days is None else days
    values = outcomes.asked(case, run, grammar.asks(one.question.asks, case), span)
    return values >= (1.0 if one.level is None else one.level)


def of_violence(case: Case, one: Asked) -> bool:
    """Whether what is asked is violence on fronts, so that everybody would rather see less of it."""
    ask = grammar.asks(one.question.asks, case)
    return ask.kind in ("reaches", "deaths", "month", "total", "means", "weeks", "advance") and all(
        name in case.fronts for name in ask.fronts
    )

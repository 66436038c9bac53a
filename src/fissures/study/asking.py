"""One question out of a case, by its code, as something that happens or does not."""

from __future__ import annotations

from dataclasses import dataclass

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.errors import UsageError


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

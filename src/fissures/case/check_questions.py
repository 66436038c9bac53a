"""Questions: told apart by code, base rates in order, levels only for numbers."""

from __future__ import annotations

from collections.abc import Iterator

from fissures.case import grammar
from fissures.case.places import Place, Positions, clip
from fissures.case.records import Case, Question
from fissures.errors import Finding


def check_questions(case: Case, positions: Positions) -> Iterator[Finding]:
    """Questions are told apart by code; base rates run from low to high; only numbers can exceed a level."""
    seen: dict[str, str] = {}
    for name, question in case.questions.items():
        path: Place = ("questions", name)
        if question.code in seen:
            yield positions.finding(
                (*path, "code"),
                f"the code {clip(question.code)} is already that of '{seen[question.code]}'",
                "answers are reported by code",
                "give each question a code of its own",
            )
        seen.setdefault(question.code, name)
        if question.base_rate and question.base_rate.low > question.base_rate.high:
            yield positions.finding(
                (*path, "base_rate"),
                "the base rate's low is above its high",
                "no number lies between",
                "exchange the two",
            )
        if question.exceed and not _asks_for_a_number(question, case):
            yield positions.finding(
                (*path, "exceed"),
                "only a question for a number can be asked how likely it exceeds a level",
                "this one is answered by yes or no, and the levels would be passed over",
                "remove exceed, or ask: deaths on all fronts",
            )
        yield from _level_rates(question, path, positions)


def _asks_for_a_number(question: Question, case: Case) -> bool:
    try:
        return grammar.asks(question.asks, case).number
    except ValueError:  # told where the phrase stands
        return True


def _level_rates(question: Question, path: Place, positions: Positions) -> Iterator[Finding]:
    levels = {f"{level:g}" for level in question.exceed}
    for level, rate in question.exceed_base_rates.items():
        if level not in levels:
            yield positions.finding(
                (*path, "exceed_base_rates", level),
                f"{clip(level)} is not among the levels of exceed",
                "the base rate would stand beside no answer",
                grammar.nearest(level[:60], levels) if levels else f"write exceed: [{level[:20]}]",
                key=True,
            )
        if rate.low > rate.high:
            yield positions.finding(
                (*path, "exceed_base_rates", level),
                "the base rate's low is above its high",
                "no number lies between",
                "exchange the two",
            )

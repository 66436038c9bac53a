"""Which questions a lever settles by itself: it adds, lifts or scales the very thing that is asked.

Such a difference says what the lever is and nothing of what it leads to, so it is no effect.
"""

from __future__ import annotations

from fissures.case import grammar
from fissures.case.desk_records import Lever, Question
from fissures.case.records import Case

BROUGHT = "brought about by the lever itself"
RULED_OUT = "ruled out by the lever itself"
SCALED = "scaled by the lever itself"


def brought_about(case: Case, levers: tuple[str, ...]) -> dict[str, str]:
    """By the code of each question that some of the levers settle by themselves: how they do it, in words."""
    pulled = [case.levers[name] for name in levers]
    return {
        question.code: told[0]
        for question in case.questions.values()
        if (told := [how for one in pulled if (how := _how(case, one, question))])
    }


def _how(case: Case, lever: Lever, question: Question) -> str:
    """How a lever settles a question; "" where it does not, or only once the question is closed."""
    if lever.since > question.by or lever.until <= case.as_of:
        return ""
    ask = grammar.asks(question.asks, case)
    lifted = _lifted(case, lever)
    if ask.kind == "reaches":
        return BROUGHT if any(_at_or_above(case, name, rung, ask) for name, rung in lifted) else ""
    shown = {name for name in ask.streams if name in lever.inject or _reads(case, name, lifted)}
    if shown:
        return RULED_OUT if ask.kind == "none" else BROUGHT
    return SCALED if any(lever.scale.get(name, 1.0) != 1.0 for name in ask.streams) else ""


def _lifted(case: Case, lever: Lever) -> set[tuple[str, str]]:
    """The tracks that a lever lifts, each with the rung: an event read from a track puts it there; a front stays."""
    out = set()
    for stream in lever.inject:
        factor = _reading(case, stream)
        if factor is not None and factor.kind in ("reaches", "just") and factor.names[0] in case.tracks:
            out.add((factor.names[0], str(factor.rung)))
    return out


def _reads(case: Case, stream: str, lifted: set[tuple[str, str]]) -> bool:
    """Whether a stream is read from a track that stands where a lever lifted it."""
    factor = _reading(case, stream)
    if factor is None or factor.rung is None:
        return False
    if factor.kind == "just":
        return any((name, factor.rung) in lifted for name in factor.names)
    least = grammar.Ask("reaches", factor.names, factor.rung)
    return any(_at_or_above(case, name, rung, least) for name, rung in lifted)


def _reading(case: Case, stream: str) -> grammar.Factor | None:
    text = case.streams[stream].read_from
    return grammar.factor(text, case) if text else None


def _at_or_above(case: Case, name: str, rung: str, ask: grammar.Ask) -> bool:
    rungs = grammar.rungs_of(case, name)
    return name in ask.fronts and ask.rung in rungs and rungs.index(rung) >= rungs.index(ask.rung)

"""Can every phrase of a case be read? The grammar's complaints become findings where the phrase stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from fissures.case import grammar
from fissures.case.places import Place, Positions, clip
from fissures.case.records import Case, Claim, Pressure
from fissures.errors import Finding

_WHY = {
    "duration": "the model counts in days",
    "rate": "the rate is where the stream stands before anything pushes it",
    "surge": "a pressure reads 1 at its reference surge, and every prior is stated per surge",
    "condition": "the record shows a rung by this rule",
    "state": "it decides on which days the commitment is in force",
    "days": "the pressure counts the days on this rung or above, for each front",
    "cause": "a claim without a readable cause moves nothing",
    "effect": "a claim without a readable effect moves nothing",
    "when": "the claim speaks only above this level",
    "injection": "the lever adds these events",
    "asks": "the answer is counted along each path by this rule",
}

# What measures each kind of pressure, with an example.
_SURGES = {
    "fed_by": ("events", "3 events in 14 days"),
    "days_at": ("days", "7 days"),
    "builds_up": ("days", "180 days"),
    "series": ("value", "80"),
}


@dataclass(frozen=True)
class Phrase:
    """A phrase of a case, where it stands and how it is read."""

    path: Place
    text: str
    kind: str
    read: Callable[[str], object]


def check_phrases(case: Case, positions: Positions) -> Iterator[Finding]:
    """A finding for every phrase that the grammar cannot read."""
    for phrase in phrases(case):
        problem = _problem(phrase)
        if problem:
            yield positions.finding(phrase.path, problem[0], _WHY[phrase.kind], problem[1])


def _problem(phrase: Phrase) -> tuple[str, str] | None:
    try:
        value = phrase.read(phrase.text)
    except grammar.PhraseError as error:
        return error.message, error.remedy
    except (ValueError, OverflowError):
        return f"{clip(phrase.text)} holds a number that cannot be used", "write a smaller number"
    amounts = [value] if isinstance(value, float) else list(getattr(value, "__dict__", {}).values())
    if any(isinstance(a, float) and not math.isfinite(a) for a in amounts):
        return f"{clip(phrase.text)} holds a number without end", "write a smaller number"
    return None


def phrases(case: Case) -> Iterator[Phrase]:
    """Every phrase of a case that the grammar reads."""
    yield from _of_ladders(case)
    yield from _of_streams(case)
    for name, pressure in case.pressures.items():
        yield from _of_pressure(("pressures", name), pressure, case)
    for name, owed in case.commitments.items():
        yield Phrase(("commitments", name, "when"), owed.when, "state", partial(grammar.state, case=case))
    for name, claim in case.claims.items():
        yield from _of_claim(("claims", name), claim, case)
    for name, lever in case.levers.items():
        for stream, text in lever.inject.items():
            yield Phrase(("levers", name, "inject", stream), text, "injection", grammar.injection)
    for name, question in case.questions.items():
        yield Phrase(("questions", name, "asks"), question.asks, "asks", partial(grammar.asks, case=case))


def _of_ladders(case: Case) -> Iterator[Phrase]:
    for name, ladder in case.ladders.items():
        for rung, seen in ladder.rungs.items():
            for key, rules in (("observed_when", seen.observed_when), ("possible_when", seen.possible_when)):
                for n, text in enumerate(rules):
                    path = ("ladders", name, "rungs", rung, key, n)
                    yield Phrase(path, text, "condition", grammar.condition)


def _of_streams(case: Case) -> Iterator[Phrase]:
    for name, stream in case.streams.items():
        yield Phrase(("streams", name, "base_rate"), stream.base_rate, "rate", grammar.rate)
        yield Phrase(("streams", name, "memory"), stream.memory, "duration", grammar.duration)


def _of_pressure(path: Place, p: Pressure, case: Case) -> Iterator[Phrase]:
    yield Phrase((*path, "reference_surge"), p.reference_surge, "surge", partial(_surge, pressure=p))
    for key, text in (("half_life", p.half_life), ("builds_up", p.builds_up)):
        if text is not None:
            yield Phrase((*path, key), text, "duration", grammar.duration)
    if p.days_at is not None:
        rungs = sorted({rung for front in case.fronts for rung in grammar.rungs_of(case, front)})
        read = partial(grammar.rung_at_or_above, rungs=rungs)
        yield Phrase((*path, "days_at"), p.days_at, "days", read)


def _surge(text: str, pressure: Pressure) -> grammar.Surge:
    value = grammar.surge(text)
    kind = next((k for k in _SURGES if getattr(pressure, k)), None)
    if kind and value.kind != _SURGES[kind][0]:
        raise grammar.PhraseError(
            f"{clip(text)} does not measure a pressure with {kind}", f"write it as {_SURGES[kind][1]}"
        )
    return value


def _of_claim(path: Place, claim: Claim, case: Case) -> Iterator[Phrase]:
    yield Phrase((*path, "cause"), claim.cause, "cause", partial(grammar.cause, case=case))
    yield Phrase((*path, "effect"), claim.effect, "effect", partial(grammar.effect, case=case))
    if claim.when is not None:
        yield Phrase((*path, "when"), claim.when, "when", partial(_threshold, cause=claim.cause, case=case))


def _threshold(text: str, cause: str, case: Case) -> float:
    level = grammar.threshold(text, case)
    named = text.split()[0]
    if named != cause.strip():
        message = f"the level is one of '{named}', but the cause is {clip(cause)}"
        raise grammar.PhraseError(message, f"write {clip(cause)[1:-1]} above {level:g}")
    return level

"""Can every phrase of a case be read? The grammar's complaints become findings where the phrase stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import partial

from fissures.case import grammar, systems
from fissures.case.grammar import Factor, PhraseError
from fissures.case.places import Place, Positions, clip
from fissures.case.records import Case, Claim, Pressure, Question
from fissures.case.triggers import threshold
from fissures.errors import Finding

_WHY = {
    "duration": "the model counts in days",
    "rate": "the rate is where the stream stands before anything pushes it",
    "surge": "a pressure reads 1 at its reference surge, and every prior is stated per surge",
    "condition": "the record shows a rung by this rule",
    "trigger": "it decides on which days the commitment is in force",
    "feed": "a pressure rises by what feeds it, day by day",
    "reading": "the stream counts the days on which this holds",
    "cause": "a claim without a readable cause moves nothing",
    "effect": "a claim without a readable effect moves nothing",
    "break": "a break without a readable effect moves nothing",
    "when": "the claim speaks only where this holds",
    "injection": "the lever adds these events",
    "trigger to watch": "the desk is told when this is so",
    "ramp": "the lever is pulled in full only after this time",
    "asks": "the answer is counted along each path by this rule",
    "void": "paths on which this happens are left out of the answer",
    "element": "a system is tested by knocking out what it names",
    "measure": "a system is alive only if a named number moves",
}

# What fronts and tracks show on a day, as yes or no; a commitment's trigger or a read stream needs such a thing.
SHOWN = ("rung", "just", "reaches", "hits", "means", "advance", "by")
FEEDS = ("stream", *SHOWN, "dead", "deaths", "in_force")


@dataclass(frozen=True)
class Phrase:
    """A phrase of a case, where it stands and how it is read."""

    path: Place
    text: str
    kind: str
    read: Callable[[str], object]
    key: bool = False


def check_phrases(case: Case, positions: Positions) -> Iterator[Finding]:
    """A finding for every phrase that the grammar cannot read."""
    for phrase in phrases(case):
        problem = _problem(phrase)
        if problem:
            yield positions.finding(phrase.path, problem[0], _WHY[phrase.kind], problem[1], key=phrase.key)


def _problem(phrase: Phrase) -> tuple[str, str] | None:
    try:
        value = phrase.read(phrase.text)
    except PhraseError as error:
        return error.message, error.remedy
    except (ValueError, OverflowError):
        return f"{clip(phrase.text)} holds a number that cannot be used", "write a smaller number"
    if not _finite(value):
        return f"{clip(phrase.text)} holds a number without end", "write a smaller number"
    return None


def _finite(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, tuple):
        return all(_finite(part) for part in value)
    if is_dataclass(value):
        return all(_finite(getattr(value, field.name)) for field in fields(value))
    return True


def phrases(case: Case) -> Iterator[Phrase]:
    """Every phrase of a case that the grammar reads."""
    yield from _of_ladders(case)
    yield from _of_streams(case)
    for name, pressure in case.pressures.items():
        yield from _of_pressure(("pressures", name), pressure, case)
    yield from _of_commitments(case)
    for name, broken in case.breaks.items():
        if broken.effect is not None:
            yield Phrase(("breaks", name, "effect"), broken.effect, "break", partial(grammar.effect, case=case))
    for name, claim in case.claims.items():
        yield from _of_claim(("claims", name), claim, case)
    for name, lever in case.levers.items():
        for stream, text in lever.inject.items():
            yield Phrase(("levers", name, "inject", stream), text, "injection", grammar.injection)
        if lever.ramp is not None:
            yield Phrase(("levers", name, "ramp"), lever.ramp, "ramp", grammar.duration)
    for name, watched in case.triggers.items():
        yield Phrase(("triggers", name, "when"), watched.when, "trigger to watch", partial(threshold, case=case))
    for name, question in case.questions.items():
        yield from _of_question(("questions", name), question, case)
    yield from _of_systems(case)


def _of_ladders(case: Case) -> Iterator[Phrase]:
    on_fronts = {front.ladder for front in case.fronts.values()}
    on_tracks = {track.ladder for track in case.tracks.values()}
    for name, ladder in case.ladders.items():
        read = partial(_condition, case=case, counted=name in on_tracks - on_fronts)
        for rung, seen in ladder.rungs.items():
            for key, rules in (("observed_when", seen.observed_when), ("possible_when", seen.possible_when)):
                for n, text in enumerate(rules):
                    yield Phrase(("ladders", name, "rungs", rung, key, n), text, "condition", read)


def _condition(text: str, case: Case, counted: bool) -> grammar.Condition:
    value = grammar.condition(text, case.streams)
    if counted and not value.window:
        raise PhraseError(
            f"{clip(text)} speaks of the weekly record, which counts violence on fronts",
            "a track is seen by the events of a stream: write STREAM in 28 days >= 1",
        )
    return value


def _of_streams(case: Case) -> Iterator[Phrase]:
    for name, stream in case.streams.items():
        if stream.base_rate is not None:
            yield Phrase(("streams", name, "base_rate"), stream.base_rate, "rate", grammar.rate)
        if stream.read_from is not None:
            read = partial(_shown, case=case, what="a stream can be read from")
            yield Phrase(("streams", name, "read_from"), stream.read_from, "reading", read)
        yield Phrase(("streams", name, "memory"), stream.memory, "duration", grammar.duration)


def _shown(text: str, case: Case, what: str) -> Factor:
    value = grammar.factor(text, case)
    if value.kind not in SHOWN or value.own:
        raise PhraseError(
            f"{clip(text)} is not something that {what}",
            "write F at R or above | F reaches R | fire on A soil of F | use of MEANS on F | advance on F | "
            "fire by A on F",
        )
    return value


def _of_pressure(path: Place, p: Pressure, case: Case) -> Iterator[Phrase]:
    yield Phrase((*path, "reference_surge"), p.reference_surge, "surge", partial(_surge, pressure=p, case=case))
    for key, text in (("half_life", p.half_life), ("builds_up", p.builds_up)):
        if text is not None:
            yield Phrase((*path, key), text, "duration", grammar.duration)
    for text in p.fed_by:
        yield Phrase((*path, "fed_by", text), text, "feed", partial(_feed, case=case), key=True)


def _feed(text: str, case: Case) -> Factor:
    value = grammar.factor(text, case)
    if value.kind in FEEDS:
        return value
    if value.kind == "pressure":
        raise PhraseError(
            f"{clip(text)} is a pressure; pressures are fed by what happens",
            f"write a claim with cause: {value.names[0]} and effect: raises pressure NAME",
        )
    raise PhraseError(
        f"{clip(text)} does not feed a pressure",
        "write STREAM | F at R or above | own front at R or above | use of MEANS on F | fire by A on F | dead of A",
    )


def _surge(text: str, pressure: Pressure, case: Case) -> grammar.Surge:
    value = grammar.surge(text)
    kind, legal, example = _measured_by(pressure, case)
    if value.kind not in legal:
        raise PhraseError(f"{clip(text)} does not measure a pressure with {kind}", f"write it as {example}")
    return value


def _measured_by(p: Pressure, case: Case) -> tuple[str, tuple[str, ...], str]:
    """What a pressure's surge is counted in: what makes it rise, the legal kinds of surge, an example."""
    if p.series:
        return "series", ("value",), "80"
    if p.builds_up:
        return "builds_up", ("days",), "180 days"
    if not p.fed_by:
        return "nothing to feed it", ("events", "days", "value"), "80"
    if all(" ".join(text.split()) in case.streams for text in p.fed_by):
        return "fed_by", ("events",), "3 events in 14 days"
    return "fed_by", ("events", "days"), "7 days"


def _of_commitments(case: Case) -> Iterator[Phrase]:
    for name, owed in case.commitments.items():
        read = partial(_shown, case=case, what="triggers a commitment")
        yield Phrase(("commitments", name, "when"), owed.when, "trigger", read)
        yield Phrase(("commitments", name, "lasts"), owed.lasts, "duration", grammar.duration)


def _of_claim(path: Place, claim: Claim, case: Case) -> Iterator[Phrase]:
    if claim.cause is not None:
        yield Phrase((*path, "cause"), claim.cause, "cause", partial(grammar.cause, case=case))
    if claim.effect is not None:
        yield Phrase((*path, "effect"), claim.effect, "effect", partial(grammar.effect, case=case))
    if claim.when is not None:
        yield Phrase((*path, "when"), claim.when, "when", partial(grammar.when, case=case))


def _of_question(path: Place, question: Question, case: Case) -> Iterator[Phrase]:
    yield Phrase((*path, "asks"), question.asks, "asks", partial(grammar.asks, case=case))
    if question.void_when:
        yield Phrase((*path, "void_when"), question.void_when, "void", partial(_void, case=case))


def _void(text: str, case: Case) -> grammar.Ask:
    value = grammar.asks(text, case)
    if value.number:
        raise PhraseError(
            f"{clip(text)} is a number; a question becomes void by something that happens or not",
            "write at least 100 deaths on all fronts, or F reaches R",
        )
    return value


def _of_systems(case: Case) -> Iterator[Phrase]:
    for name, system in case.systems.items():
        for n, text in enumerate(system.elements):
            path: Place = ("systems", name, "elements", n)
            yield Phrase(path, text, "element", partial(systems.element, case=case))
        for key, texts in (("moves", system.moves), ("still", system.still)):
            for n, text in enumerate(texts):
                yield Phrase(("systems", name, key, n), text, "measure", partial(systems.measure, case=case))

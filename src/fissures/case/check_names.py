"""Does every name in a case point at something that the case defines?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from fissures import terms
from fissures.case.grammar import nearest
from fissures.case.places import Place, Positions, clip
from fissures.case.portable import portable_claims
from fissures.case.records import Case
from fissures.errors import Finding

_WHY = {
    "actor": "who does what to whom decides which events count",
    "ladder": "without its ladder a front has no rungs to climb",
    "rung": "the prior would be given to a move that cannot happen",
    "front": "what is said of it would reach no place where violence climbs",
    "stream": "a stream that is not defined has no events",
    "source": "nobody could walk this back to where it was said",
    "PLOVER category": "events are counted by category; an unknown one counts nothing",
    "strength word": "the word stands for the claim's prior",
    "portable claim": "what other rivals show would stand beside no prior",
    "column of the weekly record": "the stream would have no counts",
    "side": "shares and counts are those of the two sides that meet on the front",
    "pressure or commitment": "a lever can hold only what the case defines; this one would do nothing",
    "stream or pressure": "a lever can scale only what the case defines; this one would do nothing",
    "claim that moves something": "a lever edits the strength of a claim; a claim without one has nothing to edit",
    "claim of a rival reading": "a rival reading differs from the argument in claims that move something; this name "
    "changes nothing",
    "claim": "the coefficient that this claim should share does not exist",
    "break": "the coefficient that this claim should share does not exist",
}

# Who can have moved, or died, beside one of the two sides.
SHARED = ("both", "unclear")

# Columns of counts in a weekly record.
WEEKLY = (
    "killed",
    "most_killed_in_a_day",
    "killed_days",
    "wounded",
    "heavy",
    "special",
    "drones",
    "drone_days",
)


@dataclass(frozen=True)
class Reference:
    """A word in a case that must be the name of something; `says` is the message, where the usual one reads badly."""

    path: Place
    word: str
    what: str
    legal: Collection[str]
    key: bool = False
    says: str = ""


def check_names(case: Case, positions: Positions) -> Iterator[Finding]:
    """A finding for every name that nothing defines."""
    for ref in references(case):
        if ref.word not in ref.legal:
            yield positions.finding(
                ref.path,
                ref.says or f"no {ref.what} {clip(ref.word)}",
                _WHY[ref.what],
                nearest(ref.word[:60], ref.legal),
                key=ref.key,
            )


def references(case: Case) -> Iterator[Reference]:
    """Every name that one part of a case uses for another part."""
    yield from _of_actors(case)
    yield from _of_ladders(case)
    yield from _of_fronts(case)
    yield from _of_streams(case)
    yield from _of_pressures(case)
    yield from _of_commitments(case)
    yield from _of_claims(case)
    yield from _of_levers(case)
    yield from _of_rivals(case)
    yield from _of_evidence(case)
    if case.map is not None:
        yield Reference(("map", "source"), case.map.source, "source", case.sources)
    for name, reporter in case.reporters.items():
        yield Reference(("reporters", name, "side"), reporter.side, "actor", case.actors)


def _each(path: Place, words: Iterable[str], what: str, legal: Collection[str]) -> Iterator[Reference]:
    return (Reference((*path, n), word, what, legal) for n, word in enumerate(words))


def _keys(path: Place, words: Iterable[str], what: str, legal: Collection[str]) -> Iterator[Reference]:
    return (Reference((*path, word), word, what, legal, key=True) for word in words)


def _of_actors(case: Case) -> Iterator[Reference]:
    for name, actor in case.actors.items():
        for key, word in (("within", actor.within), ("stands_with", actor.stands_with)):
            if word is not None:
                yield Reference(("actors", name, key), word, "actor", case.actors)


def _of_ladders(case: Case) -> Iterator[Reference]:
    for name, ladder in case.ladders.items():
        yield Reference(("ladders", name, "active_from"), ladder.active_from, "rung", ladder.rungs)
        yield from _keys(("ladders", name, "moves"), ladder.moves, "rung", ladder.rungs)
        for start, moves in ladder.moves.items():
            yield from _keys(("ladders", name, "moves", start, "to"), moves.to, "rung", ladder.rungs)


def _of_fronts(case: Case) -> Iterator[Reference]:
    for name, front in case.fronts.items():
        yield Reference(("fronts", name, "ladder"), front.ladder, "ladder", case.ladders)
        yield from _each(("fronts", name, "between"), front.between, "actor", case.actors)
        for key, sides in (("recognised", front.recognised), ("held", front.held)):
            for side, word in sides.items():
                yield Reference(("fronts", name, key, side), word, "actor", case.actors)
        yield from _keys(("fronts", name, "by"), front.by, "side", (*front.between, *SHARED))
        yield from _keys(("fronts", name, "dead_by_side"), front.dead_by_side, "side", (*front.between, *SHARED))
    for name, track in case.tracks.items():
        yield Reference(("tracks", name, "ladder"), track.ladder, "ladder", case.ladders)
        yield from _each(("tracks", name, "between"), track.between, "actor", case.actors)


def _of_streams(case: Case) -> Iterator[Reference]:
    categories = terms.plover()
    known = (*categories, *(f"{category}/{mode}" for category, modes in terms.plover_modes().items() for mode in modes))
    for name, stream in case.streams.items():
        yield from _each(("streams", name, "count"), stream.count, "PLOVER category", known)
        yield from _each(("streams", name, "actor"), stream.actor, "actor", case.actors)
        yield from _each(("streams", name, "recipient"), stream.recipient, "actor", case.actors)


def _of_pressures(case: Case) -> Iterator[Reference]:
    for name, pressure in case.pressures.items():
        yield from _keys(("pressures", name, "relieved_by"), pressure.relieved_by, "stream", case.streams)


def _of_commitments(case: Case) -> Iterator[Reference]:
    for name, owed in case.commitments.items():
        yield from _each(("commitments", name, "parties"), owed.parties, "actor", case.actors)
        for key, word in (("guarantor", owed.guarantor), ("protects", owed.protects)):
            if word is not None:
                yield Reference(("commitments", name, key), word, "actor", case.actors)
        for key, word in (("requested_by", owed.requested_by), ("obliges", owed.obliges)):
            if word is not None:
                yield Reference(("commitments", name, key), word, "stream", case.streams)


def _of_claims(case: Case) -> Iterator[Reference]:
    words = terms.strength_words()
    for name, claim in case.claims.items():
        yield Reference(("claims", name, "says", "source"), claim.says.source, "source", case.sources)
        if claim.strength is not None:
            yield Reference(("claims", name, "strength"), claim.strength, "strength word", words)
        if claim.same_as is not None:
            what, word, legal = _shared(claim.same_as, case)
            yield Reference(("claims", name, "same_as"), word, what, legal)
        if claim.general is not None:
            yield Reference(("claims", name, "general"), claim.general, "portable claim", portable_claims())


def _shared(same_as: str, case: Case) -> tuple[str, str, Collection[str]]:
    """What a claim shares its coefficient with: another claim, or "break NAME"."""
    words = same_as.split()
    if len(words) == 2 and words[0] == "break":
        return "break", words[1], case.breaks
    return "claim", same_as.strip(), case.claims


def _of_levers(case: Case) -> Iterator[Reference]:
    holdable, scalable = (*case.pressures, *case.commitments), (*case.streams, *case.pressures)
    moving = [name for name, claim in case.claims.items() if claim.kind == "coupling"]
    for name, lever in case.levers.items():
        yield from _keys(("levers", name, "inject"), lever.inject, "stream", case.streams)
        yield from _keys(("levers", name, "hold"), lever.hold, "pressure or commitment", holdable)
        yield from _keys(("levers", name, "scale"), lever.scale, "stream or pressure", scalable)
        yield from _keys(("levers", name, "edit"), lever.edit, "claim that moves something", moving)


def _of_rivals(case: Case) -> Iterator[Reference]:
    moving = [name for name, claim in case.claims.items() if claim.kind == "coupling"]
    for name, rival in case.rivals.items():
        for key, named, does in (("idle", rival.idle, "leaves idle"), ("reversed", rival.reversed, "turns round")):
            for place, claim in enumerate(named):
                found = "which is a claim that moves nothing" if claim in case.claims else "and there is no such claim"
                says = f"the rival reading {clip(name)} {does} {clip(claim)}, {found}"
                yield Reference(("rivals", name, key, place), claim, "claim of a rival reading", moving, says=says)
        if rival.source is not None:
            yield Reference(("rivals", name, "source"), rival.source, "source", case.sources)


def _of_evidence(case: Case) -> Iterator[Reference]:
    for name, record in case.evidence.items():
        yield Reference(("evidence", name, "source"), record.source, "source", case.sources)
        yield from _each(("evidence", name, "fronts"), record.fronts, "front", case.fronts)
        yield from _keys(("evidence", name, "split"), record.split, "front", case.fronts)
        yield from _each(("evidence", name, "streams"), record.streams, "stream", case.streams)
        yield from _keys(("evidence", name, "columns"), record.columns, "stream", case.streams)
        for stream, column in record.columns.items():
            yield Reference(("evidence", name, "columns", stream), column, "column of the weekly record", WEEKLY)

"""What a declared system names: elements that can be knocked out, and measures that must move or stay still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fissures.case.amounts import PhraseError, match, one_of
from fissures.case.grammar import means_of, rungs_of, standing
from fissures.case.records import Case

_ELEMENTS = "claim, claims (of a source), pressure, stream, front, track, commitment, means, reporter, break or lever"
_MEASURES = (
    "write stream S | rung R of F | spell R of F after N days | "
    "means M of F | by A of F | advance of F | dead of A | question CODE | pressure P "
    "| commitment C"
)


@dataclass(frozen=True)
class Element:
    """A part of the argument that can be knocked out: its kind and its name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Measure:
    """A number of a run: `kind` is "stream", "rung", "spell", "means", "by", "advance", "dead", "question", "pressure"
    or "commitment"; `name` is the stream, rung, means, actor, ... meant, `where` the front or track. Of a "spell" it is
    how many days one goes on that has lasted `after` days."""

    kind: str
    name: str = ""
    where: str = ""
    after: int = 0

    @property
    def shown_only(self) -> bool:
        """Whether it lies inside the model, where a system may move it and still move nothing that is asked."""
        return self.kind in ("pressure", "commitment")


def element(text: str, case: Case) -> Element:
    """The element in "claim stall_raises_climbing" or "means drones"; a claim may be named by its code.

    "claims SOURCE" is every claim that points at a source. Raises PhraseError.
    """
    legal = _legal(case)
    if not (found := match(r"(\w+) (\w+)", text)) or found[1] not in legal:
        raise PhraseError(f"'{text[:60]}' is not an element of a case", f"write {_ELEMENTS}, then its name")
    if found[1] == "claim" and (coded := [n for n, claim in case.claims.items() if claim.code == found[2]]):
        return Element("claim", coded[0])
    what = "source" if found[1] == "claims" else found[1]
    return Element(found[1], one_of(found[2], legal[found[1]], what))


def _legal(case: Case) -> Mapping[str, tuple[str, ...]]:
    sections: dict[str, Iterable[str]] = {
        "claim": case.claims,
        "claims": case.sources,
        "pressure": case.pressures,
        "stream": case.streams,
        "front": case.fronts,
        "track": case.tracks,
        "commitment": case.commitments,
        "reporter": case.reporters,
        "break": case.breaks,
        "lever": case.levers,
    }
    return {**{kind: tuple(section) for kind, section in sections.items()}, "means": means_of(case)}


def measure(text: str, case: Case) -> Measure:
    """The measure in "stream protests", "rung war of north" or "question Q3c"; raises PhraseError."""
    if found := match(r"(stream|pressure|commitment) (\w+)", text):
        return Measure(found[1], one_of(found[2], _legal(case)[found[1]], found[1]))
    if found := match(r"rung (\w+) of (\w+)", text):
        where = one_of(found[2], standing(case), "front or track")
        return Measure("rung", one_of(found[1], rungs_of(case, where), f"rung on the ladder of {where}:"), where)
    if found := match(r"spell (\w+) of (\w+) after (\d{1,3}) days", text):
        where = one_of(found[2], standing(case), "front or track")
        rung = one_of(found[1], rungs_of(case, where), f"rung on the ladder of {where}:")
        return Measure("spell", rung, where, int(found[3]))
    if found := match(r"means (\w+) of (\w+)", text):
        name = one_of(found[1], means_of(case), "means on a rung")
        return Measure("means", name, one_of(found[2], case.fronts, "front"))
    if found := match(r"by (\w+) of (\w+)", text):
        where = one_of(found[2], case.fronts, "front")
        return Measure("by", one_of(found[1], case.fronts[where].between, f"side of {where}:"), where)
    if found := match(r"advance of (\w+)", text):
        return Measure("advance", where=one_of(found[1], case.fronts, "front"))
    if found := match(r"dead of (\w+)", text):
        return Measure("dead", one_of(found[1], case.actors, "actor"))
    if found := match(r"question (\S+)", text):
        return Measure("question", one_of(found[1], (q.code for q in case.questions.values()), "question with code"))
    raise PhraseError(f"'{text[:60]}' is not something that a run measures", _MEASURES)

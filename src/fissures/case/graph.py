"""The argument as a graph: what moves what, by a claim or because one part is made of another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fissures.case import grammar
from fissures.case.grammar import Cause, Effect, Factor
from fissures.case.records import Case, Commitment, Front, Pressure, Stream, Track
from fissures.case.strength import claim_prior

Node = tuple[str, str]  # a kind ("stream", "pressure", "front", "track", "commitment") and a name


@dataclass(frozen=True)
class Link:
    """One thing that moves another: `sign` +1 where more of the source brings more of the target, else -1.

    `claim` is the name of the claim that says so; None where the target is made of the source, and then `share` is the
    source's share in the weights of what feeds the target (it tells no two links apart).
    """

    source: Node
    target: Node
    sign: int
    claim: str | None = None
    share: float = field(default=1.0, compare=False)


def links(case: Case) -> Iterator[Link]:
    """Everything that moves something else, with its sign."""
    for name, pressure in case.pressures.items():
        target, total = ("pressure", name), sum(abs(weight) for weight in pressure.fed_by.values()) or 1.0
        for text, weight in pressure.fed_by.items():
            yield from _fed(text, target, 1 if weight > 0 else -1, case, abs(weight) / total)
        yield from (Link(("stream", stream), target, -1) for stream in pressure.relieved_by if stream in case.streams)
    for name, stream in case.streams.items():
        if stream.read_from is not None:
            yield from _fed(stream.read_from, ("stream", name), 1, case)
    for name, owed in case.commitments.items():
        yield from _fed(owed.when, ("commitment", name), 1, case)
        if owed.requested_by in case.streams:
            yield Link(("stream", owed.requested_by or ""), ("commitment", name), 1)
        if owed.obliges in case.streams:
            yield Link(("commitment", name), ("stream", owed.obliges or ""), 1)
    for claim, cause, effect, mean in read_claims(case):
        sign = effect.sign * (-1 if mean < 0 else 1) * (-1 if effect.kind == "falling" else 1)
        for source in (node for factor in cause.factors for node in _nodes(factor, case)):
            yield from (Link(source, target, sign, claim) for target in _moved(effect, case))


def _fed(text: str, target: Node, sign: int, case: Case, share: float = 1.0) -> Iterator[Link]:
    try:
        factor = grammar.factor(text, case)
    except ValueError:  # told where the phrase stands
        return
    yield from (Link(source, target, sign, share=share) for source in _nodes(factor, case))


def _nodes(factor: Factor, case: Case) -> Iterable[Node]:
    """Where a factor is read: the pressure, stream or commitment named, else the fronts and tracks it speaks of."""
    kind = {"within": "stream", "in_force": "commitment"}.get(factor.kind, factor.kind)
    if kind in ("pressure", "stream", "commitment"):
        return ((kind, name) for name in factor.names)
    return (("track" if name in case.tracks else "front", name) for name in factor.names)


def _moved(effect: Effect, case: Case) -> Iterable[Node]:
    if effect.kind in ("stream", "pressure"):
        return ((effect.kind, effect.name or ""),)
    return (("track" if name in case.tracks else "front", name) for name in effect.fronts)


def read_claims(case: Case) -> Iterator[tuple[str, Cause, Effect, float]]:
    """Every claim with a cause and an effect that can be read: its name, both, and the mean of its prior."""
    for name, claim in case.claims.items():
        if claim.cause is None or claim.effect is None:
            continue
        try:
            mean, _ = claim_prior(case, claim)
            yield name, grammar.cause(claim.cause, case), grammar.effect(claim.effect, case), mean
        except (ValueError, KeyError):  # told where the phrase, the word or the name stands
            continue


def called(node: Node, case: Case) -> str:
    """What people call a part of the argument."""
    kinds: dict[str, Mapping[str, Stream | Pressure | Commitment | Front | Track]] = {
        "stream": case.streams,
        "pressure": case.pressures,
        "commitment": case.commitments,
        "front": case.fronts,
        "track": case.tracks,
    }
    return kinds[node[0]][node[1]].name


def circles(found: Iterable[Link], most: int) -> Iterator[tuple[Link, ...]]:
    """The shortest way back for every link that a claim makes, each way round once, at most `most` of them."""
    every = tuple(dict.fromkeys(found))
    out_of: dict[Node, list[Link]] = {}
    for link in every:
        out_of.setdefault(link.source, []).append(link)
    seen: set[frozenset[tuple[Node, Node, int]]] = set()
    for link in every:
        if link.claim is None or (back := way(link.target, link.source, out_of)) is None:
            continue
        key = frozenset((step.source, step.target, step.sign) for step in (link, *back))
        if key not in seen:
            seen.add(key)
            yield (link, *back)
        if len(seen) >= most:
            return


def way(start: Node, end: Node, out_of: Mapping[Node, list[Link]]) -> tuple[Link, ...] | None:
    """The shortest chain of links from one node to another; empty where they are the same."""
    came: dict[Node, Link | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came:
        for link in out_of.get(waiting.popleft(), ()):
            if link.target not in came:
                came[link.target] = link
                waiting.append(link.target)
    if end not in came:
        return None
    back: list[Link] = []
    while (step := came[end]) is not None:
        back.append(step)
        end = step.source
    return tuple(reversed(back))

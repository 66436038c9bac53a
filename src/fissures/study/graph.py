"""The argument as a graph that can be drawn: few parts, every claim on its link, and the loops between them.

Fronts and tracks that stand on one ladder are one part. A stream or commitment that no claim starts from is not told by
itself where it feeds other parts: the links through it go by way of it. What no claim touches is left out, and so is a
stream that has next to no weight in what it feeds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from fissures.case import grammar
from fissures.case.graph import Link, Node, called, circles, links
from fissures.case.records import Case
from fissures.case.wording import listed, mid, short, the
from fissures.study.answers import lead
from fissures.study.graph_records import Arc, Circle, Graph, Part
from fissures.study.records import ClaimRow

MOST_LOOPS = 200
SLIGHT = 0.02  # a stream of less weight than this in what feeds a pressure is not told as part of it
_PLACES = ("fronts", "tracks")


@dataclass
class _Held:
    """What is known of an arc while parts are merged."""

    claims: dict[str, None] = field(default_factory=dict)
    via: dict[Node, None] = field(default_factory=dict)


_Arcs = dict[tuple[Node, Node, int], _Held]


def graph(case: Case, rows: Sequence[ClaimRow]) -> Graph:
    """The argument of a case as parts and arcs; `rows` are its claims as the fit left them, in the order of the table.

    Every claim with a cause and an effect is on an arc; a claim that only restates another has none of its own.
    """
    held = _merged(case)
    hub = _hub(case, held)
    while (gone := _to_merge(held, hub)) is not None:
        held = _without(held, gone)
    nodes = sorted({node for source, target, _ in held for node in (source, target)} | ({hub} if hub else set()))
    number = {node: k for k, node in enumerate(nodes)}
    place = {row.id: k for k, row in enumerate(rows)}
    arcs = tuple(
        Arc(k, number[a], number[b], sign, tuple(place[c] for c in one.claims if c in place), _names(one.via, case))
        for k, ((a, b, sign), one) in enumerate(sorted(held.items(), key=lambda item: item[0]))
    )
    parts = tuple(Part(k, node[0], _called(node, case), _said(node, case, node == hub)) for k, node in enumerate(nodes))
    return Graph(parts, arcs, _loops(arcs, rows), number[hub] if hub else None)


# --- parts --------------------------------------------------------------------------------------------------


def _merged(case: Case) -> _Arcs:
    """Every link of the case, with all that stands on one ladder as one part."""
    held: _Arcs = {}
    for link in links(case):
        if link.source[0] == "stream" and link.share < SLIGHT:
            continue
        one = held.setdefault((_part(link.source, case), _part(link.target, case), link.sign), _Held())
        if link.claim is not None:
            one.claims[link.claim] = None
    return {key: one for key, one in held.items() if one.claims or key[0] != key[1]}


def _part(node: Node, case: Case) -> Node:
    kind, name = node
    if kind in ("front", "track"):
        return (f"{kind}s", grammar.standing(case)[name].ladder)
    return node


def _called(node: Node, case: Case) -> str:
    kind, name = node
    if kind not in _PLACES:
        return short(called(node, case))
    standing = case.fronts if kind == "fronts" else case.tracks
    return listed(sorted(short(one.name) for one in standing.values() if one.ladder == name))


def _said(node: Node, case: Case, hub: bool) -> str:
    """A part within a sentence; on fronts it is violence that is moved."""
    name = _called(node, case)
    if node[0] != "fronts":
        return mid(name, case)
    several = sum(front.ladder == node[1] for front in case.fronts.values()) > 1
    return "violence on the fronts" if hub and several else f"violence on {name if several else the(name)}"


def _names(nodes: Iterable[Node], case: Case) -> tuple[str, ...]:
    return tuple(_called(node, case) for node in nodes)


def _hub(case: Case, held: _Arcs) -> Node | None:
    """What the leading question is about, else what most claims act on."""
    code = lead(case)
    for question in case.questions.values():
        if question.code == code and (fronts := grammar.asks(question.asks, case).fronts):
            return _part(("track" if fronts[0] in case.tracks else "front", fronts[0]), case)
    moved: dict[Node, int] = {}
    for (_, target, _sign), one in sorted(held.items(), key=lambda item: item[0]):
        moved[target] = moved.get(target, 0) + len(one.claims)
    return max(moved, key=lambda node: (node[0] in _PLACES, moved[node])) if any(moved.values()) else None


def _to_merge(held: _Arcs, hub: Node | None) -> Node | None:
    """The first part that need not be told by itself; None where all of them must be."""
    into: dict[Node, list[tuple[Node, bool]]] = {}
    out: dict[Node, list[tuple[Node, bool]]] = {}
    for (a, b, _), one in held.items():
        out.setdefault(a, []).append((b, bool(one.claims)))
        into.setdefault(b, []).append((a, bool(one.claims)))
    for node in sorted({*into, *out}):
        ins, outs = into.get(node, []), out.get(node, [])
        untouched = not any(claimed for _, claimed in (*ins, *outs))
        dangling = untouched and (not ins or not outs)
        starts_claim = any(claimed for _, claimed in outs)
        passes_on = node[0] in ("stream", "commitment") and ins and not starts_claim and outs
        if node != hub and (dangling or (passes_on and all(b != node for b, _ in outs))):
            return node
    return None


def _without(held: _Arcs, gone: Node) -> _Arcs:
    """The arcs with one part taken out; what came in goes on to what it fed."""
    kept: _Arcs = {key: one for key, one in held.items() if gone not in key[:2]}
    before = [(a, sign, one) for (a, b, sign), one in held.items() if b == gone]
    after = [(b, sign, one) for (a, b, sign), one in held.items() if a == gone]
    for (a, first, one), (b, second, other) in product(before, after):
        if a != b or one.claims:
            new = kept.setdefault((a, b, first * second), _Held())
            new.claims |= one.claims
            new.via |= {**one.via, gone: None, **other.via}
    return kept


# --- loops --------------------------------------------------------------------------------------------------


def _loops(arcs: Sequence[Arc], rows: Sequence[ClaimRow]) -> tuple[Circle, ...]:
    """Every shortest way back that a claim closes, strongest first."""
    steps = {Link(("", str(a.source)), ("", str(a.target)), a.sign, str(a.id) if a.claims else None): a for a in arcs}
    found = [_circle([steps[link] for link in around], rows) for around in circles(steps, MOST_LOOPS)]
    return tuple(sorted(found, key=lambda loop: (-loop.gain, len(loop.arcs), loop.arcs)))


def _circle(around: Sequence[Arc], rows: Sequence[ClaimRow]) -> Circle:
    gain = math.prod(max(abs(rows[k].after.mean) for k in arc.claims) for arc in around if arc.claims)
    return Circle(tuple(arc.id for arc in around), math.prod(arc.sign for arc in around), gain)

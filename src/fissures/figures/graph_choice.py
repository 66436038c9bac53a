"""Which part of the argument a drawing shows: what leads to the part that is asked about, the strongest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from fissures.study.graph_records import Arc, Graph, reached

MOST_CAUSES = 34  # parts that act on what is asked about, each with a line of its own
MOST_PARTS = 46


@dataclass(frozen=True)
class Said:
    """What a reader is told of an arc that claims make: `spoken` in full, `codes` and the strongest claim's `factor`
    on the line, whether the data could test any of its claims, how much it weighs, and where the line leads to."""

    spoken: str
    codes: str
    factor: str
    tested: bool
    weight: float
    href: str = ""


@dataclass(frozen=True)
class Choice:
    """What is drawn: `parts` besides the hub, `links` between them or to the hub, `taps` from the hub to a part.

    `own` are links from the hub, or a part, to itself. `parts_left` and `links_left` count what leads to the hub and is
    not drawn; `apart` the links that lead elsewhere. `parts` stand strongest first.
    """

    parts: tuple[int, ...]
    links: tuple[Arc, ...]
    taps: tuple[Arc, ...]
    own: tuple[Arc, ...]
    parts_left: int
    links_left: int
    apart: int


def chosen(graph: Graph, said: Mapping[int, Said], most: int | None = None) -> Choice:
    """The parts of a drawing: those that act on the hub, then those that act on them, the strongest first.

    At most `MOST_CAUSES` act on the hub itself and `MOST_PARTS` are drawn in all; with `most` only so many that act on
    the hub itself.
    """
    hub = graph.hub
    if hub is None:
        return Choice((), (), (), (), 0, 0, len(graph.arcs))
    leading = reached(graph.arcs, hub, against=True) | {hub}
    arcs = [a for a in graph.arcs if a.source in leading and a.target in leading]
    kept = _kept(arcs, hub, said, most)
    return _choice(graph, hub, arcs, kept, len(leading) - 1)


def narrowed(choice: Choice, graph: Graph, gone: Collection[int], lines: Collection[int]) -> Choice:
    """A choice without some of its parts and lines, which count as left out."""
    arcs = [a for a in (*choice.links, *choice.taps, *choice.own) if a.id not in lines]
    made = _choice(
        graph,
        int(graph.hub or 0),
        arcs,
        [k for k in choice.parts if k not in gone],
        len(choice.parts) + choice.parts_left,
    )
    return replace(made, links_left=made.links_left + choice.links_left + len(lines), apart=choice.apart)


def _choice(graph: Graph, hub: int, arcs: Sequence[Arc], kept: Sequence[int], leading: int) -> Choice:
    shown = [a for a in arcs if {a.source, a.target} <= {*kept, hub}]
    return Choice(
        parts=tuple(kept),
        links=tuple(a for a in shown if a.source not in (hub, a.target)),
        taps=tuple(a for a in shown if a.source == hub != a.target),
        own=tuple(a for a in shown if a.source == a.target),
        parts_left=leading - len(kept),
        links_left=len(arcs) - len(shown),
        apart=len(graph.arcs) - len(arcs),
    )


def _kept(arcs: Sequence[Arc], hub: int, said: Mapping[int, Said], causes: int | None) -> list[int]:
    """The parts that are drawn: outward from the hub, those with the strongest claims first."""

    def weight(part: int, onto: set[int]) -> tuple[bool, float, int]:
        mine = [said[a.id] for a in arcs if a.source == part and a.target in onto and a.id in said]
        return any(s.tested for s in mine), max((s.weight for s in mine), default=0.0), -part

    kept: list[int] = []
    edge, room = [hub], causes or MOST_CAUSES
    while edge and room:
        found = {a.source for a in arcs if a.target in edge} - {*kept, hub}
        ranked = sorted(found, key=lambda part: weight(part, {*kept, hub}), reverse=True)
        edge = ranked[:room]
        kept += edge
        room = 0 if causes else MOST_PARTS - len(kept)
    return kept

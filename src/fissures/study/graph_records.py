"""The argument as a graph: frozen values that name everything and need no case to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Something that the argument speaks of: its number, its kind, what people call it, and how a sentence does.

    `kind` is "fronts" or "tracks" (all that stand on one ladder), "pressure", "stream" or "commitment".
    """

    id: int
    kind: str
    name: str
    said: str


@dataclass(frozen=True)
class Arc:
    """How one part moves another: `sign` +1 where it raises it, -1 where it lowers it.

    `claims` are places in the table of claims; none where the target is made of the source, without a claim. `via`
    names what it goes by way of.
    """

    id: int
    source: int
    target: int
    sign: int
    claims: tuple[int, ...] = ()
    via: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circle:
    """A way back from a part to itself, as arcs in order: `sign` +1 where it reinforces itself, -1 where it balances.

    `gain` is the product of its claims' coefficients after the data (log odds or log rate per reference surge), the
    largest of each arc.
    """

    arcs: tuple[int, ...]
    sign: int
    gain: float


@dataclass(frozen=True)
class Graph:
    """The argument as parts and arcs, numbered from 0; `hub` is the part that the leading question is about.

    `loops` are strongest first.
    """

    parts: tuple[Part, ...] = ()
    arcs: tuple[Arc, ...] = ()
    loops: tuple[Circle, ...] = ()
    hub: int | None = None


def reached(arcs: Iterable[Arc], start: int, against: bool = False) -> frozenset[int]:
    """The parts that a part moves, directly or through others; `against` the arrows, those that move it.

    >>> sorted(reached([Arc(0, 1, 2, 1), Arc(1, 2, 3, 1)], 1)), sorted(reached([Arc(0, 1, 2, 1)], 2, against=True))
    ([2, 3], [1])
    """
    onward: dict[int, list[int]] = {}
    for arc in arcs:
        a, b = (arc.target, arc.source) if against else (arc.source, arc.target)
        onward.setdefault(a, []).append(b)
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for other in onward.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(seen)

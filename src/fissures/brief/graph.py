"""The argument as a graph, in words: what each line says, which loops matter, what a drawing leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fissures.brief.argument import UNTESTED, Told
from fissures.brief.numbers import MINUS, count, times
from fissures.brief.phrases import listed
from fissures.figures.graph_choice import Said
from fissures.figures.graph_layout import Layout, laid_out
from fissures.figures.labels import plain
from fissures.study.graph_records import Arc, Circle, Graph, reached
from fissures.study.records import ClaimRow

MOST_OF_A_KIND = 3  # loops told that reinforce themselves, and that balance themselves
_LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Step:
    """One link of a loop as a sentence has it: whether it brings more or less, of what, and by which claims."""

    way: str
    name: str
    codes: str


@dataclass(frozen=True)
class Loop:
    """A loop as it is told: its letter in the figure, where it begins, its steps, and what the data could test."""

    letter: str
    kind: str
    start: str
    steps: tuple[Step, ...]
    tested: str


@dataclass(frozen=True)
class Moved:
    """A part with every line that leads to it: what acts, with its sign, and the claims after the data."""

    part: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Graphic:
    """The graph in words: the part asked about, how many parts act on it and how many of those it moves in turn, the
    lines drawn, the loops there are and those told, marks for the parts on them, what is said of each line, the rows of
    the table, what is left out, and the drawing of a page laid out."""

    hub: str
    causes: int
    in_turn: int
    lines: int
    tested: int
    every: int  # loops there are
    sure: int  # of which the data could test every claim
    loops: tuple[Loop, ...]
    badges: dict[int, str]
    said: dict[int, Said]
    rows: tuple[Moved, ...]
    left_out: str
    page: Layout


def graphic(graph: Graph | None, rows: Sequence[ClaimRow], entries: Sequence[Told]) -> Graphic | None:
    """All that the brief says of the graph; None where no claim leads to what is asked about."""
    if graph is None or graph.hub is None or not rows:
        return None
    said = lines(graph, rows, entries)
    page = laid_out(graph, said)
    if page is None:
        return None
    choice = page.choice
    acting = {a.source for a in graph.arcs if a.target == graph.hub and a.claims} - {graph.hub}
    told = _told_loops(graph, rows, {*choice.parts, graph.hub})
    shown = [a for a in (*choice.links, *choice.taps, *choice.own) if a.claims]
    return Graphic(
        hub=graph.parts[graph.hub].said,
        causes=len(acting),
        in_turn=len(acting & reached(graph.arcs, graph.hub)),
        lines=len(shown),
        tested=sum(said[a.id].tested for a in shown),
        every=len(graph.loops),
        sure=sum(_sure(loop, graph, rows) == "each" for loop in graph.loops),
        loops=tuple(_loop(loop, _LETTERS[k], graph, rows) for k, loop in enumerate(told)),
        badges=_badges(told, graph),
        said=said,
        rows=_rows(graph, rows),
        left_out=left_out(choice.parts_left, choice.links_left, choice.apart),
        page=page,
    )


def left_out(parts: int, links: int, apart: int) -> str:
    """What a drawing does not show, in a sentence or two; "" where it shows everything.

    >>> left_out(0, 0, 28), left_out(3, 1, 0)
    ('Not drawn: 28 lines that lead elsewhere.', 'Not drawn: 3 weaker parts and 1 line that lead there.')
    """
    if not parts and not links and not apart:
        return ""
    alone = parts + links == 1
    here = [f"{count(parts)} weaker part{'s' * (parts > 1)}"] if parts else []
    here += [f"{count(links)} line{'s' * (links > 1)}"] if links else []
    told = [f"{listed(here)} that lead{'s' * alone} there"] if here else []
    told += [f"{count(apart)} line{'s' * (apart > 1)} that lead{'s' * (apart == 1)} elsewhere"] if apart else []
    return f"Not drawn: {', and '.join(told)}."


# --- lines --------------------------------------------------------------------------------------------------


def lines(graph: Graph, rows: Sequence[ClaimRow], entries: Sequence[Told]) -> dict[int, Said]:
    """What a reader is told of every arc that claims make, with the row of the table that it leads to."""
    homes = _homes(entries)
    return {arc.id: _said(arc, graph, rows, homes) for arc in graph.arcs if arc.claims}


def _homes(entries: Sequence[Told]) -> dict[str, str]:
    """Where each coefficient stands on the page, by the code of its owner."""
    homes: dict[str, str] = {}
    for one in entries:
        homes.setdefault(one.row.shares or one.row.code, one.anchor)
        homes.setdefault(one.row.code, one.anchor)
    return homes


def _said(arc: Arc, graph: Graph, rows: Sequence[ClaimRow], homes: Mapping[str, str]) -> Said:
    mine = _mine(arc, rows)
    first = mine[0]
    codes = [plain(row.code, 6) for row in mine]
    told = "; ".join(f"{plain(row.code, 12)} {_after(row)}" for row in mine[:4]) if len(mine) > 1 else _after(first)
    anchor = homes.get(first.shares or first.code) or homes.get(first.code)
    return Said(
        spoken=f"{', '.join(codes[:6])}: {_sentence(arc, graph)}; {told}",
        codes=codes[0] if len(codes) == 1 else f"{codes[0]} +{len(codes) - 1}",
        factor=times(first.after.mean),
        tested=any(row.verdict != UNTESTED for row in mine),
        weight=abs(first.after.mean),
        href=f"#{anchor or 'argument'}",
    )


def _mine(arc: Arc, rows: Sequence[ClaimRow]) -> list[ClaimRow]:
    """The claims of an arc, the one with the largest coefficient first."""
    return sorted((rows[k] for k in arc.claims), key=lambda row: -abs(row.after.mean))


def _after(row: ClaimRow) -> str:
    """A claim after the data, as it is spoken."""
    return f"{times(row.after.mean).replace('×', 'times ')}, {plain(row.verdict, 24)}"


def _sentence(arc: Arc, graph: Graph) -> str:
    """What a line says, without its claims."""
    source, target = (plain(graph.parts[k].said, 60) for k in (arc.source, arc.target))
    return f"{source}, {'raising' if arc.sign > 0 else 'lowering'} {target}"


# --- loops --------------------------------------------------------------------------------------------------


def _sure(loop: Circle, graph: Graph, rows: Sequence[ClaimRow]) -> str:
    """How many of a loop's links that claims make the data could test: "each", "some" or "none"."""
    seen = [any(rows[k].verdict != UNTESTED for k in graph.arcs[a].claims) for a in loop.arcs if graph.arcs[a].claims]
    return "each" if all(seen) else "some" if any(seen) else "none"


def _told_loops(graph: Graph, rows: Sequence[ClaimRow], drawn: set[int]) -> list[Circle]:
    """A few loops of either kind on parts that are drawn: the strongest that was tested, then the strongest."""
    whole = [loop for loop in graph.loops if {graph.arcs[a].source for a in loop.arcs} <= drawn]
    told: list[Circle] = []
    for sign in (1, -1):
        mine = [loop for loop in whole if loop.sign == sign]
        sure = [loop for loop in mine if _sure(loop, graph, rows) == "each"][:1]
        told += (sure + [loop for loop in mine if loop not in sure])[:MOST_OF_A_KIND]
    return told


def _loop(loop: Circle, letter: str, graph: Graph, rows: Sequence[ClaimRow]) -> Loop:
    arcs = [graph.arcs[a] for a in loop.arcs]
    sources = [arc.source for arc in arcs]
    turn = sources.index(graph.hub) if graph.hub in sources else 0
    arcs = arcs[turn:] + arcs[:turn]
    sign, steps = 1, []
    for arc in arcs:
        sign *= arc.sign
        codes = [plain(row.code, 12) for row in _mine(arc, rows)]
        steps.append(Step("more" if sign > 0 else "less", graph.parts[arc.target].said, ", ".join(codes[:4])))
    kind = "Reinforcing" if loop.sign > 0 else "Balancing"
    tested = {
        "each": "The data could test each of its claims.",
        "some": "The data could test some of its claims.",
        "none": "The data could test none of its claims.",
    }[_sure(loop, graph, rows)]
    return Loop(letter, kind, graph.parts[arcs[0].source].said, tuple(steps), tested)


def _badges(told: Sequence[Circle], graph: Graph) -> dict[int, str]:
    """The letters of the loops that each part is on; what is asked about is on most, and bears none."""
    badges: dict[int, str] = {}
    for letter, loop in zip(_LETTERS, told, strict=False):
        for arc in loop.arcs:
            if (part := graph.arcs[arc].source) != graph.hub:
                badges[part] = badges.get(part, "") + letter
    return badges


# --- the table ----------------------------------------------------------------------------------------------


def _rows(graph: Graph, rows: Sequence[ClaimRow]) -> tuple[Moved, ...]:
    """Every part that something leads to, what is asked about first: its claims, then what it is made of."""
    into: dict[int, list[Arc]] = {}
    for arc in sorted(graph.arcs, key=lambda a: (a.target != graph.hub, a.target, a.source, -a.sign)):
        into.setdefault(arc.target, []).append(arc)
    return tuple(Moved(graph.parts[part].said, tuple(_lines(arcs, graph, rows))) for part, arcs in into.items())


def _lines(arcs: Sequence[Arc], graph: Graph, rows: Sequence[ClaimRow]) -> Iterator[tuple[str, str]]:
    def signed(arc: Arc) -> str:
        return f"{'+' if arc.sign > 0 else MINUS} {plain(graph.parts[arc.source].said, 60)}"

    for arc in arcs:
        if arc.claims:
            via = f", by way of {plain(arc.via[0], 50)}" if arc.via else ""
            mine = [f"{plain(row.code, 12)} {times(row.after.mean)}" for row in _mine(arc, rows)]
            yield signed(arc) + via, ", ".join(mine)
    if bare := [signed(arc) for arc in arcs if not arc.claims]:
        yield ", ".join(bare), "no claim: made of it"

"""A layered layout for a directed graph: columns from left to right, few crossings, boxes that do not touch.

After Sugiyama, Tagawa and Toda (1981), in four steps: links that close a loop are set apart, every box takes the last
column that its links allow, boxes change places within a column by barycentres and sifting, and heights
follow from their neighbours' by least squares (pool adjacent violators). A link that passes columns bends in each of
them. Nothing is random, and the order of what is given does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fissures.figures.layer_order import Joined, joined_by, uncrossed

Ends = tuple[int, int]
Spot = tuple[int, float]  # a column, and a height in it

SETTLE = 16  # rounds in which heights follow their neighbours'
_BEND = 0.4  # the room of a bend, as a share of the gap between boxes


@dataclass(frozen=True)
class Placed:
    """Where everything goes, in the unit of the sizes: each box's column (0 leftmost), top and size, each link's
    heights by column from left to right, and the height over all.

    `back` are links drawn against the flow; a link from a box to itself is one and has no heights. `left_out` are links
    that would need one column too many. A tap has its one height under its own number in `tap`.
    """

    column: dict[int, int]
    top: dict[int, float]
    size: dict[int, float]
    path: dict[int, tuple[Spot, ...]]
    back: frozenset[int]
    left_out: frozenset[int]
    tap: dict[int, float]
    height: float


def layered(
    sizes: Mapping[int, float],
    links: Mapping[int, Ends],
    gap: float = 10.0,
    pitch: float = 8.0,
    tall: Iterable[int] = (),
    taps: Mapping[int, int] | None = None,
    most: int | None = None,
) -> Placed:
    """Lay out boxes of given heights, joined by numbered links; `tall` boxes take the whole height.

    `gap` is the least room between two boxes of a column, `pitch` that between the ends of two links on a box, where
    the box has it. `taps` gives boxes further ends on their left, which come from nowhere, each by a number of its own.
    At most `most` columns are used. Raises ValueError where a number is below 0 or a link names a box without a size.
    Source: Sugiyama, Tagawa and Toda (1981).

    >>> placed = layered({1: 20, 2: 20, 3: 20}, {0: (1, 2), 1: (2, 3), 2: (3, 1)})
    >>> placed.column, sorted(placed.back)
    ({1: 0, 2: 1, 3: 2}, [2])
    """
    size = {node: float(sizes[node]) for node in sorted(sizes)}
    named = [*(node for ends in links.values() for node in ends), *(taps or {}).values()]
    if any(node < 0 for node in size) or any(node not in size for node in named):
        raise ValueError("boxes are numbered from 0, and every link joins two of them")
    flow = flowing(size, links, most)
    column = flow.column
    chains, rows = _chains(size, {k: ends for k, ends in flow.forward.items() if k not in flow.left_out}, column)
    joined = joined_by(chains)
    rows = uncrossed(rows, joined)
    top = _heights(rows, joined, size, gap)
    height = max((top[node] + size[node] for node in size), default=0.0)
    for node in tall:
        top[node], size[node] = 0.0, height
    at = _Ends(chains, rows, top, size, pitch, taps or {})
    boxes = sorted(sizes)
    tops, room = ({node: values[node] for node in boxes} for values in (top, size))
    return Placed(column, tops, room, at.paths(), flow.back - flow.left_out, flow.left_out, at.taps(), height)


# --- columns ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flow:
    """Which way everything flows: each box's column, the links as they run from left to right (none from a box to
    itself), those of them that are turned, and those that would need a column too many."""

    column: dict[int, int]
    forward: dict[int, Ends]
    back: frozenset[int]
    left_out: frozenset[int]


def flowing(nodes: Iterable[int], links: Mapping[int, Ends], most: int | None = None) -> Flow:
    """The columns of boxes and the direction of links, before anything has a height.

    >>> flowing([1, 2], {0: (1, 2), 1: (2, 1)}).column
    {1: 0, 2: 1}
    """
    known = sorted(nodes)
    ordered = {link: links[link] for link in sorted(links, key=lambda k: (links[k], k))}
    back = backward(known, ordered)
    forward = {k: (b, a) if k in back else (a, b) for k, (a, b) in ordered.items() if a != b}
    column = columns(known, forward, most)
    left_out = frozenset(k for k, (a, b) in forward.items() if column[a] >= column[b])
    return Flow(column, forward, back, left_out)


def backward(nodes: Iterable[int], links: Mapping[int, Ends]) -> frozenset[int]:
    """The links that have to be turned for the others to hold no loop; none of them for nothing.

    Links that lead nearer to where the arrows end are kept first, and each other one that closes no loop with them.

    >>> sorted(backward([1, 2, 3], {0: (1, 2), 1: (2, 1), 2: (2, 3)}))
    [1]
    """
    far = _far(sorted(nodes), links)
    onward: dict[int, set[int]] = {node: set() for node in far}
    turned = set()
    for link in sorted(links, key=lambda k: (far[links[k][1]] - far[links[k][0]], links[k], k)):
        a, b = links[link]
        if a in _onward(onward, b):
            turned.add(link)
        else:
            onward[a].add(b)
    return frozenset(turned)


def _far(nodes: Sequence[int], links: Mapping[int, Ends]) -> dict[int, int]:
    """How many links lie between each box and the nearest one from which no link leads on."""
    into: dict[int, list[int]] = {node: [] for node in nodes}
    leads = {a for a, b in links.values() if a != b}
    for a, b in links.values():
        into[b].append(a)
    far = {node: 0 for node in nodes if node not in leads}
    waiting = list(far)
    for node in waiting:
        for other in into[node]:
            if other not in far:
                far[other] = far[node] + 1
                waiting.append(other)
    return {node: far.get(node, len(nodes)) for node in nodes}


def _onward(onward: Mapping[int, set[int]], start: int) -> set[int]:
    """A box and all that its links lead to."""
    seen, waiting = {start}, [start]
    while waiting:
        new = onward[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def columns(nodes: Iterable[int], forward: Mapping[int, Ends], most: int | None = None) -> dict[int, int]:
    """The last column that each box may take: one left of the first of the boxes it points to.

    Of `most` columns the first is the end of the line: what points to a box there is not heeded.
    """
    onward: dict[int, list[int]] = {node: [] for node in nodes}
    for a, b in forward.values():
        onward[a].append(b)
    steps: dict[int, int] = {}
    for start in onward:
        waiting = [start]
        while waiting:
            node = waiting[-1]
            further = [b for b in onward[node] if b not in steps]
            if further:
                waiting += further
            else:
                allowed = [steps[b] + 1 for b in onward[node] if most is None or steps[b] + 1 < most]
                steps[node] = max(allowed, default=0)
                waiting.pop()
    last = max(steps.values(), default=0)
    return {node: last - steps[node] for node in onward}


def _chains(
    size: dict[int, float], forward: Mapping[int, Ends], column: Mapping[int, int]
) -> tuple[dict[int, tuple[int, ...]], list[list[int]]]:
    """Every link as a chain of places, one a column, and the places of each column; bends get numbers below all boxes.

    Bends are added to `size` with no height of their own.
    """
    rows: list[list[int]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node, k in column.items():
        rows[k].append(node)
    chains = {}
    free = min([0, *size]) - 1
    for link, (a, b) in forward.items():
        chain = [a]
        for k in range(column[a] + 1, column[b]):
            size[free] = 0.0
            rows[k].append(free)
            chain.append(free)
            free -= 1
        chains[link] = (*chain, b)
    return chains, rows


# --- heights ------------------------------------------------------------------------------------------------


def spread(wanted: Sequence[float], room: Sequence[float], weight: Sequence[float] | None = None) -> list[float]:
    """The places nearest to those wanted (least squares) at which each is `room` or more below the one before.

    `room[k]` is the least distance from place k to place k + 1. Source: pool adjacent violators (Ayer et al. 1955).

    >>> spread([0, 1, 9], [4, 4])
    [-1.5, 2.5, 9.0]
    """
    weights = [1.0] * len(wanted) if weight is None else list(weight)
    below = [0.0]
    for one in room[: len(wanted) - 1]:
        below.append(below[-1] + one)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for target, offset, heavy in zip(wanted, below, weights, strict=False):
        mean, total, count = target - offset, heavy, 1
        while blocks and blocks[-1][0] > mean:
            other, more, many = blocks.pop()
            mean, total, count = (mean * total + other * more) / (total + more), total + more, count + many
        blocks.append((mean, total, count))
    flat = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(flat, below, strict=False)]


def _heights(rows: Sequence[Sequence[int]], joined: Joined, size: Mapping[int, float], gap: float) -> dict[int, float]:
    """The top of every place, none touching the next of its column, each near to what it is joined to."""
    middle: dict[int, float] = {}
    for row in rows:
        for node, at in zip(row, spread([0.0] * len(row), _rooms(row, size, gap)), strict=True):
            middle[node] = at
    for turn in range(SETTLE):
        for row in rows if turn % 2 == 0 else reversed(rows):
            wanted, weight = [], []
            for node in row:
                near = [(other, 4.0 if node < 0 and other < 0 else 1.0) for other in _beside(node, joined)]
                total = sum(heavy for _, heavy in near)
                wanted.append(sum(middle[o] * heavy for o, heavy in near) / total if near else middle[node])
                weight.append(max(total, 0.5))
            for node, at in zip(row, spread(wanted, _rooms(row, size, gap), weight), strict=True):
                middle[node] = at
    top = {node: at - size[node] / 2 for node, at in middle.items()}
    least = min(top.values(), default=0.0)
    return {node: at - least for node, at in top.items()}


def _beside(node: int, joined: Joined) -> list[int]:
    return [*joined.left.get(node, ()), *joined.right.get(node, ())]


def _rooms(row: Sequence[int], size: Mapping[int, float], gap: float) -> list[float]:
    """The least distance between the middles of neighbours: half of both, and a gap, smaller beside a bend."""
    return [
        (size[a] + size[b]) / 2 + gap * (_BEND if a < 0 and b < 0 else 1.0 if a >= 0 and b >= 0 else 0.7)
        for a, b in pairwise(row)
    ]


class _Ends:
    """Where links touch their boxes: apart from one another, in the order of where they come from or go to."""

    def __init__(
        self,
        chains: Mapping[int, tuple[int, ...]],
        rows: Sequence[Sequence[int]],
        top: Mapping[int, float],
        size: Mapping[int, float],
        pitch: float,
        taps: Mapping[int, int],
    ) -> None:
        self.chains, self.own = chains, taps
        self.place = {node: (k, at) for k, row in enumerate(rows) for at, node in enumerate(row)}
        self.middle = {node: top[node] + size[node] / 2 for node in top}
        self.at: dict[tuple[int, str], float] = {}
        for side in ("out", "in"):
            for node, found in self._by_box(side).items():
                wanted = [min(y, top[node] + size[node]) for _, y, _ in sorted(found)]
                heights = _apart(wanted, top[node], size[node], pitch)
                for (_, _, key), y in zip(sorted(found), heights, strict=True):
                    self.at[key] = y

    def _by_box(self, side: str) -> dict[int, list[tuple[int, float, tuple[int, str]]]]:
        """For each box the ends on one side: a place in the order, the height wanted, and whose end it is."""
        found: dict[int, list[tuple[int, float, tuple[int, str]]]] = {}
        if side == "in":
            for tap, node in sorted(self.own.items()):
                found.setdefault(node, []).append((-1, 0.0, (tap, "tap")))
        for link, chain in self.chains.items():
            node, other = (chain[0], chain[1]) if side == "out" else (chain[-1], chain[-2])
            found.setdefault(node, []).append((self.place[other][1], self.middle[other], (link, side)))
        return found

    def paths(self) -> dict[int, tuple[Spot, ...]]:
        """The heights of every link, column by column."""
        return {
            link: (
                (self.place[chain[0]][0], self.at[link, "out"]),
                *((self.place[node][0], self.middle[node]) for node in chain[1:-1]),
                (self.place[chain[-1]][0], self.at[link, "in"]),
            )
            for link, chain in self.chains.items()
        }

    def taps(self) -> dict[int, float]:
        """The height of every tap."""
        return {tap: self.at[tap, "tap"] for tap in sorted(self.own)}


def _apart(wanted: Sequence[float], top: float, size: float, pitch: float) -> list[float]:
    """Heights on the side of a box, apart from one another, in the order given and near to what is wanted."""
    count = len(wanted)
    step = min(pitch, size / max(count, 1))
    low, high = top + step / 2, top + size - step / 2
    return [
        min(max(y, low + k * step), high - (count - 1 - k) * step)
        for k, y in enumerate(spread(wanted, [step] * (count - 1)))
    ]

"""Where the parts and lines of the argument go: columns from left to right, what is asked about as a bar at the right.

Parts that the bar moves in turn have a tap on their left, drawn as a diamond; where one of these leads back to the bar,
the argument runs in a loop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from fissures.figures.drawing import NARROW
from fissures.figures.graph_choice import Choice, Said, chosen, narrowed
from fissures.figures.labels import plain
from fissures.figures.layers import Placed, flowing, layered
from fissures.study.graph_records import Arc, Graph, Part, reached

WIDE = 1132  # pixels: the width of the page's text
FEW_CAUSES = 10  # on a phone
MOST_COLUMNS = 7
SIZE, LINE, SMALL = 11, 13, 10  # pixels: text of boxes, its lines, text on lines
PAD, SIDE, _GAP = 4, 6, 6  # inside boxes above and beside words, and between boxes
_PITCH, _TIGHT = 15, 9  # between the ends of lines on the left and on the right of a box
TAP = 44  # room for a diamond and its codes, left of a box
# Of a page: the widest box, the widest of those beside the bar, between boxes, before the bar, and the bar itself.
_BOX, _CAUSE, _BETWEEN, _BEFORE, _BAR = 132.0, 172.0, 60.0, 104.0, 98.0
_PHONE_BEFORE, _PHONE_BAR = 92.0, 92.0
_BOLD = 1.08  # how much broader bold type is
FLAT = 34.0  # how far a line runs level before it ends, so that its codes have room


@dataclass(frozen=True)
class Frame:
    """Widths of a drawing in pixels: over all, of a box, of a box beside the bar, of the bar and before it.

    Columns are counted from 0; the bar stands in column `last`.
    """

    width: float
    box: float
    cause: float
    bar: float
    before: float
    last: int

    def left(self, column: int) -> float:
        """The left side of a column's boxes."""
        right = self.width - self.bar
        if column == self.last:
            return right
        cause = right - self.before - self.cause
        return cause - (self.last - 1 - column) * (self.box + _BETWEEN)

    def right(self, column: int) -> float:
        """The right side of a column's boxes."""
        return self.left(column) + self.wide(column)

    def wide(self, column: int) -> float:
        """The width of a column's boxes."""
        return self.bar if column == self.last else self.cause if column == self.last - 1 else self.box


@dataclass(frozen=True)
class Layout:
    """A graph laid out for one width: what is drawn, where, and in which frame; `lines` are the words of each box,
    `looped` the parts that the hub moves, directly or through others."""

    graph: Graph
    hub: int
    choice: Choice
    placed: Placed
    frame: Frame
    lines: dict[int, tuple[str, ...]]
    looped: frozenset[int]


def laid_out(graph: Graph, said: Mapping[int, Said], width: int = WIDE) -> Layout | None:
    """The graph laid out for a width; None where no claim leads to what is asked about.

    On the width of a phone only the strongest causes of what is asked about are drawn.
    """
    hub, phone = graph.hub, width <= NARROW
    choice = chosen(graph, said, FEW_CAUSES if phone else None)
    if hub is None or not any(arc.claims for arc in (*choice.links, *choice.own)):
        return None
    most = 2 if phone else MOST_COLUMNS
    while True:  # what needs too many columns goes, and then what leads nowhere any more
        flow = flowing((*choice.parts, hub), _ends(choice.links), most)
        leading = reached([a for a in choice.links if a.id not in flow.left_out], hub, against=True)
        gone = set(choice.parts) - leading
        choice = narrowed(choice, graph, gone, flow.left_out)
        if not gone:
            break
    frame = _frame(width, max(flow.column.values()))
    rooms = {k: frame.wide(flow.column[k]) - 2 * SIDE for k in choice.parts}
    lines = {k: wrapped(graph.parts[k].name, rooms[k], 4) for k in choice.parts}
    lines[hub] = wrapped(bar_name(graph.parts[hub]), (frame.bar - 2 * PAD) / _BOLD, 14)
    return Layout(
        graph, hub, choice, _placed(choice, hub, lines, most, flow.back), frame, lines, reached(graph.arcs, hub)
    )


def bar_name(part: Part) -> str:
    """What the bar says: how a sentence names it, and all that it stands for."""
    said = part.said[:1].upper() + part.said[1:]
    return said if part.name.lower() in said.lower() else f"{said}: {part.name}"


def _ends(links: Sequence[Arc]) -> dict[int, tuple[int, int]]:
    return {a.id: (a.source, a.target) for a in links}


def _frame(width: int, last: int) -> Frame:
    """Boxes as wide as the columns leave room for; no wider drawing than they need."""
    if width <= NARROW:
        cause = width - TAP - _PHONE_BEFORE - _PHONE_BAR
        return Frame(width, cause, cause, _PHONE_BAR, _PHONE_BEFORE, last)
    inner = max(last - 1, 0)
    room = width - TAP - _BAR - _BEFORE - inner * _BETWEEN
    cause = float(min(_CAUSE, room / (inner + 1) * _CAUSE // _BOX))
    box = float(min(_BOX, (room - cause) // inner)) if inner else 0.0
    return Frame(width - room + cause + inner * box, box, cause, _BAR, _BEFORE, last)


def _placed(choice: Choice, hub: int, lines: Mapping[int, Sequence[str]], most: int, back: Collection[int]) -> Placed:
    """Boxes as tall as their words and the lines on either side ask for; a line that runs back touches the other side.

    Codes stand on the left, so ends are further apart there.
    """
    ends = [(a.target, a.source) if a.id in back else (a.source, a.target) for a in choice.links]
    left = Counter([b for _, b in ends] + [a.target for a in choice.taps] + [a.source for a in choice.own])
    right, own = Counter(a for a, _ in ends), Counter(a.source for a in choice.own)
    sizes = {
        k: max(LINE * len(lines[k]) + 2 * PAD, _PITCH * left[k] + 4.0, _TIGHT * right[k] + 4.0) for k in choice.parts
    }
    sizes[hub] = max(LINE * (len(lines[hub]) + own[hub]) + 4 * PAD, _PITCH * (left[hub] + 1.0))
    taps = {a.id: a.target for a in (*choice.taps, *choice.own) if a.target != hub}
    rank = {k: place for place, k in enumerate((*choice.parts, hub))}  # the strongest first, where nothing else decides
    placed = layered(
        {rank[k]: size for k, size in sizes.items()},
        {a.id: (rank[a.source], rank[a.target]) for a in choice.links},
        _GAP,
        _PITCH,
        [rank[hub]],
        {tap: rank[k] for tap, k in taps.items()},
        most,
    )
    top, size = ({k: of[rank[k]] for k in rank} for of in (placed.top, placed.size))
    return _whole(replace(placed, column={k: placed.column[rank[k]] for k in rank}, top=top, size=size))


def _whole(placed: Placed) -> Placed:
    """A placing on whole pixels."""
    return replace(
        placed,
        top={k: float(round(y)) for k, y in placed.top.items()},
        size={k: float(round(y)) for k, y in placed.size.items()},
        path={k: tuple((column, float(round(y))) for column, y in path) for k, path in placed.path.items()},
        tap={k: float(round(y)) for k, y in placed.tap.items()},
        height=float(round(placed.height)),
    )


# --- words in boxes -----------------------------------------------------------------------------------------

_NARROW, _BROAD = set("ijltfrI.,:;'|!()[]/ -"), set("mwMW@%&")


def breadth(text: str, size: float = SIZE) -> float:
    """How wide a text is in pixels, about, and rather too wide than too narrow.

    >>> breadth("ill") < breadth("own") < breadth("WWW")
    True
    """
    return size * sum(_share(c) for c in text)


def _share(letter: str) -> float:
    """A letter's breadth as a share of the size of the type."""
    if letter in _NARROW:
        return 0.36
    if letter in _BROAD or ord(letter) > 0x2100:
        return 1.0
    return 0.74 if letter.isupper() else 0.58


def wrapped(name: str, room: float, most: int) -> tuple[str, ...]:
    """A name in at most `most` lines that fit a width; a word that is too long is broken, and what is left over cut.

    >>> wrapped("Northland's pandemic strain", 90, 3)
    ("Northland's", 'pandemic strain')
    """
    lines = [""]
    for word in re.findall(r"[^\s/-]+[/-]*|[/-]+", plain(name, 160)):
        gap = "" if lines[-1].endswith(("-", "/")) else " "
        while len(word) > 1 and breadth(word) > room:
            fits = max(k for k in range(1, len(word)) if k == 1 or breadth(f"{word[:k]}-") <= room)
            fits = max(1, min(fits, len(word) - 3))  # no lone letters
            lines += [f"{word[:fits]}-", ""]
            word, gap = word[fits:], ""
        longer = f"{lines[-1]}{gap}{word}".strip()
        if breadth(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [line for line in lines if line]
    if len(kept) > most:
        kept = [*kept[: most - 1], f"{kept[most - 1]}…"]
    return tuple(_cut(line, room) for line in kept) or ("…",)


def _cut(line: str, room: float) -> str:
    while len(line) > 1 and breadth(line) > room:
        line = f"{line.rstrip('…')[:-1]}…"
    return line

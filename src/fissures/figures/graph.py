"""The argument as a drawing that can be read without a pointer: every line that a claim makes is a link with a name.

Solid and thick is a link of which the data could test a claim, dashed one that is assumed, thin and grey what a part is
made of. An arrow raises, a bar across lowers. Nothing depends on colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from fissures.figures.drawing import FONT
from fissures.figures.graph_choice import Said
from fissures.figures.graph_layout import FLAT, LINE, PAD, SIZE, SMALL, WIDE, Layout, breadth, laid_out
from fissures.figures.labels import plain
from fissures.figures.look import INK, NAVY
from fissures.study.graph_records import Arc, Graph

_PALE, _EDGE, _TINT = "#868d99", "#8a93a3", "#e6ecf5"
# Once for all lines: dashed unless tested. The page's own style sets their codes off from lines behind them.
_STYLE = (
    "<style>"
    f".claims a,.claims .l{{fill:none;stroke:{NAVY};stroke-width:1.2;stroke-dasharray:4 3}}"
    ".claims .t{stroke-width:2.4;stroke-dasharray:none}"
    f".claims a text,.claims .l text{{font-size:{SMALL}px;text-anchor:end;fill:{NAVY};stroke:none}}"
    ".claims .s text{text-anchor:start}.claims .m text{text-anchor:middle}"
    ".claims .box text{text-anchor:middle}"
    "</style>"
)
_STUB = 13  # how far a diamond stands from its box


def argument(
    graph: Graph,
    said: Mapping[int, Said],
    width: int = WIDE,
    badges: Mapping[int, str] | None = None,
    key: bool = True,
) -> str:
    """The argument as an inline SVG, `width` pixels wide at most; "" where no claim leads to what is asked about.

    `said` tells the arcs that claims make; a line is a link where it has somewhere to lead to. `badges` gives parts the
    letters of the loops they are on. `key` says above the drawing what its lines mean. On the width of a phone only the
    strongest causes are drawn.
    """
    made = laid_out(graph, said, width)
    return "" if made is None else drawing(made, said, badges, key)


def drawing(made: Layout, said: Mapping[int, Said], badges: Mapping[int, str] | None = None, key: bool = True) -> str:
    """A graph that is already laid out as an inline SVG; what is given is as for `argument`."""
    legend, above = _legend(made) if key else ("", 6.0)
    parts = [legend, _boxes(made), _natural(made), *_claims(made, said), _heads(made), _marks(made, badges or {})]
    across, tall = round(made.frame.width + 2, 1), round(made.placed.height + 2 + above, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="claims" role="group" aria-label="{escape(told(made))}" '
        f'viewBox="-1 {-1 - above:g} {across:g} {tall:g}" font-family="{FONT}" font-size="{SIZE}" fill="{INK}" '
        f'style="max-width:{across:g}px">{_STYLE}{"".join(parts)}</svg>'
    )


def told(made: Layout) -> str:
    """What a listener is told before the lines."""
    shown = set(made.choice.parts)
    return plain(
        f"The argument as a graph: {len(shown)} parts that lead to {made.graph.parts[made.hub].said}, of which "
        f"{len(shown & made.looped)} are moved by it in turn. Each line that a claim makes is a link to that claim. "
        "The table below has every line."
    )


def document(graph: Graph, said: Mapping[int, Said], width: int = WIDE) -> dict[str, Any]:
    """Everything drawn at a width as plain values: boxes with their places in pixels, and lines as points.

    Keys may be added, never renamed. `{}` where there is nothing to draw.
    """
    made = laid_out(graph, said, width)
    if made is None:
        return {}
    boxes = [
        {"id": k, "kind": graph.parts[k].kind, "name": plain(graph.parts[k].name, 200), **_place(made, k)}
        for k in (*made.choice.parts, made.hub)
    ]
    return {
        "width": round(made.frame.width, 1),
        "height": round(made.placed.height, 1),
        "asked_about": made.hub,
        "parts": [{**box, "moved_in_turn": box["id"] in made.looped} for box in boxes],
        "lines": [_line(made, arc, said) for arc in _drawn(made)],
        "not_drawn": {
            "parts": made.choice.parts_left, "lines": made.choice.links_left, "lines_elsewhere": made.choice.apart
        },
    }  # fmt: skip


def _place(made: Layout, part: int) -> dict[str, float]:
    column = made.placed.column[part]
    left, right = made.frame.left(column), made.frame.right(column)
    top, size = made.placed.top[part], made.placed.size[part]
    return {"x": round(left, 1), "y": round(top, 1), "width": round(right - left, 1), "height": round(size, 1)}


def _line(made: Layout, arc: Arc, said: Mapping[int, Said]) -> dict[str, Any]:
    points = made.placed.path.get(arc.id, ())
    return {
        "id": arc.id,
        "from": arc.source,
        "to": arc.target,
        "way": "raises" if arc.sign > 0 else "lowers",
        "claims": said[arc.id].codes if arc.id in said else "",
        "tested": said[arc.id].tested if arc.id in said else None,
        "back": arc.id in made.placed.back,
        "points": [[round(made.frame.left(k), 1), round(y, 1)] for k, y in points],
    }


def _drawn(made: Layout) -> tuple[Arc, ...]:
    """Every arc that is drawn, from left to right and from the top down: the order in which a keyboard meets them."""

    def key(arc: Arc) -> tuple[int, float, int]:
        path = made.placed.path.get(arc.id)
        column, y = path[-1] if path else (made.placed.column[arc.target], made.placed.tap.get(arc.id, 1e9))
        return column, y, arc.id

    return tuple(sorted((*made.choice.links, *made.choice.taps, *made.choice.own), key=key))


# --- boxes and what they are made of ------------------------------------------------------------------------


def _boxes(made: Layout) -> str:
    """The parts; those that what is asked about moves in turn are tinted and have a heavier edge."""
    shapes, words = {False: "", True: ""}, []
    for part in (*made.choice.parts, made.hub):
        at = _place(made, part)
        shape = f"M{at['x']:g} {at['y']:g}h{at['width']:g}v{at['height']:g}h-{at['width']:g}z"
        shapes[part in made.looped or part == made.hub] += shape
        words.append(_words(made.lines[part], at, bold=part == made.hub))
    return (
        f'<path d="{shapes[False]}" fill="#fff" stroke="{_EDGE}" stroke-width=".8"/>'
        f'<path d="{shapes[True]}" fill="{_TINT}" stroke="{NAVY}" stroke-width="1.2"/>'
        f'<g class="box">{"".join(words)}</g>'
    )


def _marks(made: Layout, badges: Mapping[int, str]) -> str:
    """The letters of the loops that parts are on, on the corners of their boxes."""
    drawn = []
    for part in made.choice.parts:
        if letters := plain(badges.get(part, ""), 6):
            at, wide = _place(made, part), 8 * len(letters) + 5
            x, y = at["x"] + at["width"] - wide + 4, at["y"] - 6
            drawn.append(
                f'<rect x="{x:g}" y="{y:g}" width="{wide}" height="12" rx="6"/><text x="{x + wide / 2:g}" '
                f'y="{y + 9.5:g}" fill="#fff">{escape(letters)}</text>'
            )
    marks = "".join(drawn)
    return f'<g fill="{NAVY}" font-size="10" font-weight="bold" text-anchor="middle">{marks}</g>' if marks else ""


def _legend(made: Layout) -> tuple[str, float]:
    """What lines, ends and marks mean, in rows above the drawing, and how tall that is."""
    dashed = f'fill="none" stroke="{NAVY}" stroke-width="1.2" stroke-dasharray="4 3"'
    items = (
        (f'd="M0 0h26" stroke="{NAVY}" stroke-width="2.4"', 26, "the data could test it"),
        (f'd="M0 0h26" {dashed}', 26, "assumed"),
        (f'd="M0 0h26" stroke="{_PALE}"', 26, "no claim: what it is made of"),
        (f'd="M2 -4l9 4l-9 4z" fill="{NAVY}"', 11, "raises"),
        (f'd="M6 -5v10" stroke="{NAVY}" stroke-width="2.4"', 8, "lowers"),
        (f'd="M0 0l4.5 -4.5l4.5 4.5l-4.5 4.5z" fill="{NAVY}"', 9, "moved by the bar"),
        (f'd="M0 -5.5h16v11h-16z" fill="{_TINT}" stroke="{NAVY}" stroke-width="1.2"', 16, "on a loop with the bar"),
    )
    drawn, x, row = [], 0.0, 0
    for shape, wide, words in items:
        room = wide + 6 + breadth(words)
        if x and x + room > made.frame.width:
            x, row = 0.0, row + 1
        y = row * 17
        drawn.append(
            f'<path transform="translate({x:.0f} {y})" {shape}/><text x="{x + wide + 6:.0f}" y="{y + 4}">{words}</text>'
        )
        x += room + 16
    above = 17 * row + 30
    return f'<g transform="translate(0 {8 - above})" class="key">{"".join(drawn)}</g>', above


def _words(lines: tuple[str, ...], at: Mapping[str, float], bold: bool) -> str:
    x = at["x"] + at["width"] / 2
    first = at["y"] + at["height"] / 2 - LINE * (len(lines) - 1) / 2 + 0.36 * SIZE
    words = "".join(
        f'<text x="{round(x)}" y="{round(first + k * LINE)}">{escape(line, quote=False)}</text>'
        for k, line in enumerate(lines)
    )
    return f'<g font-weight="bold">{words}</g>' if bold else words


def _natural(made: Layout) -> str:
    """What parts are made of, in one thin grey path; a diamond where that is what is asked about."""
    bare = [arc for arc in _drawn(made) if not arc.claims and arc.id in (made.placed.path.keys() | made.placed.tap)]
    lines = "".join(_course(made, arc) for arc in bare)
    return f'<path d="{lines}" fill="none" stroke="{_PALE}"/>' if lines else ""


# --- lines --------------------------------------------------------------------------------------------------


def _claims(made: Layout, said: Mapping[int, Said]) -> Iterator[str]:
    """Every line that claims make, with its codes, as a link with a spoken name."""
    codes = labels(made, said)
    for arc in _drawn(made):
        if arc.id in said:
            yield _link(made, arc, said[arc.id], codes.get(arc.id))


def _link(made: Layout, arc: Arc, one: Said, label: Label | None) -> str:
    course = _course(made, arc)
    drawn, text, look = (f'<path d="{course}"/>' if course else ""), "", ["t"] if one.tested else []
    if label is not None:
        text = f'<text x="{_tenth(label.x)}" y="{_tenth(label.y)}">{escape(label.text, quote=False)}</text>'
        look += {"start": ["s"], "middle": ["m"]}.get(label.anchor, [])
    name = escape(plain(one.spoken, 300), quote=False).replace('"', "&quot;")
    if one.href:
        led = f' class="{" ".join(look)}"' if look else ""
        return f'<a href="{escape(one.href)}"{led} aria-label="{name}">{drawn}{text}</a>'
    return f'<g class="{" ".join(["l", *look])}"><title>{name}</title>{drawn}{text}</g>'


@dataclass(frozen=True)
class Label:
    """The codes of a line, where they stand, and which end of the text that is ("start", "middle" or "end")."""

    text: str
    x: float
    y: float
    anchor: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The room the text takes: left, top, right and bottom, about."""
        wide = breadth(self.text, SMALL)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - 0.8 * SMALL, left + wide, self.y + 1.0


def labels(made: Layout, said: Mapping[int, Said]) -> dict[int, Label]:
    """The codes that stand on lines, none on another: one without room goes below its line, or is left to be heard.

    Lines into boxes and the bar come first, then those that run back.
    """
    placed: dict[int, Label] = {}
    for arc in sorted(_drawn(made), key=lambda arc: arc.id in made.placed.back):
        if arc.id not in said:
            continue
        one = said[arc.id]
        text = plain(f"{one.codes} {one.factor}" if arc.target == made.hub and one.factor else one.codes, 18)
        x, y, anchor = _label_at(made, arc)
        for below in (0, 12, -12) if arc.id in made.placed.back else (0, 12):
            label = Label(text, x, y + below, anchor)
            if not any(_touch(label.box, other.box) for other in placed.values()):
                placed[arc.id] = label
                break
    return placed


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def _label_at(made: Layout, arc: Arc) -> tuple[float, float, str]:
    """Where the codes of a line stand: above its end, at the box that it moves; below it where it runs back."""
    path, frame = made.placed.path.get(arc.id), made.frame
    if path is None:
        if arc.target == made.hub:
            middle = frame.width - frame.bar / 2
            row = [a.id for a in made.choice.own if a.target == made.hub].index(arc.id)
            return round(middle, 1), round(made.placed.height - PAD - 4 - row * LINE, 1), "middle"
        left, y = frame.left(made.placed.column[arc.target]), made.placed.tap[arc.id]
        return round(left - 2, 1), round(y - 5), "end"
    if arc.id in made.placed.back:
        column, y = path[0]
        return round(frame.right(column) + 9, 1), round(y + 10), "start"
    column, y = path[-1]
    return round(frame.left(column) - 9, 1), round(y - 3), "end"


def _course(made: Layout, arc: Arc) -> str:
    """The line of an arc: level out of its box, level through the columns it passes, level into the next box."""
    path, frame = made.placed.path.get(arc.id), made.frame
    if path is None:
        return _stub(made, arc)
    column, at = path[0]
    x = round(frame.right(column))
    drawn = f"M{x} {at:g}"
    level = 0
    for place, (column, y) in enumerate(path[1:], 2):
        left = round(frame.left(column))
        end = left if place == len(path) else round(frame.right(column))
        if y == at:
            level += end - x
        else:
            flat = 2 * FLAT if column == frame.last else FLAT
            bend = max(left - flat - x, 12)
            drawn += (f"h{level}" if level else "") + f"c{bend / 2:g} 0 {bend / 2:g} {y - at:g} {bend:g} {y - at:g}"
            level = round(end - x - bend)
        x, at = end, y
    return drawn + (f"h{level}" if level else "")


def _tenth(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")


def _stub(made: Layout, arc: Arc) -> str:
    """A short line with a diamond at its start, for what the part that is asked about moves; a ring for a part that
    moves itself."""
    if arc.target == made.hub:
        return ""
    x, y = made.frame.left(made.placed.column[arc.target]), made.placed.tap[arc.id]
    ring = "m-8 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0m8 0" if arc.source == arc.target else ""
    return f"M{_tenth(x - _STUB)} {_tenth(y)}{ring}H{_tenth(x)}"


def _heads(made: Layout) -> str:
    """The ends of all lines: an arrow raises, a bar across lowers."""
    ends: dict[tuple[bool, int], str] = {}
    for arc in _drawn(made):
        path = made.placed.path.get(arc.id)
        if path is None and arc.target == made.hub:
            continue
        back = arc.id in made.placed.back and path is not None
        column, y = (
            (path[0] if back else path[-1]) if path else (made.placed.column[arc.target], made.placed.tap[arc.id])
        )
        x, to = (made.frame.right(column), 1) if back else (made.frame.left(column), -1)
        shape = (
            f"M{_tenth(x)} {_tenth(y)}l{7 * to} -3.5v7z"
            if arc.sign > 0
            else f"M{_tenth(x + 3 * to)} {_tenth(y - 4.5)}v9"
        )
        key = (bool(arc.claims), arc.sign)
        ends[key] = ends.get(key, "") + shape
        if arc.source == made.hub:
            tap = (bool(arc.claims), 2)
            ends[tap] = ends.get(tap, "") + f"M{_tenth(x - _STUB - 4)} {_tenth(y)}l4 -4l4 4l-4 4z"
    return "".join(
        f'<path d="{shapes}" fill="{colour}"/>'
        if sign > 0
        else f'<path d="{shapes}" fill="none" stroke="{colour}" stroke-width="2.4"/>'
        for (claimed, sign), shapes in sorted(ends.items(), reverse=True)
        for colour in [NAVY if claimed else _PALE]
    )

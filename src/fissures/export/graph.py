"""The argument as a graph for the data folder: drawing, picture, every line as a row, and all of it as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from fissures.brief import argument
from fissures.brief import graph as words
from fissures.export.figure import PNG_FONT, PNG_SCALE, Figure
from fissures.export.inert import Cell, clean
from fissures.export.tables import Column, Table, table
from fissures.figures.labels import plain
from fissures.study.records import Study

TITLE = "The argument as a graph: what acts on what is asked about, and which of it comes back"
COLUMNS = (
    Column("line", "integer", "#meta+id", "number of the line"),
    Column("from", "string", "#meta+from", "what acts"),
    Column("way", "string", "#meta+way", "raises or lowers"),
    Column("to", "string", "#meta+to", "what is moved"),
    Column("by_way_of", "string", "#meta+via", "what it goes by way of"),
    Column("claim", "string", "#indicator+code", "the claim's code in the case; empty where it is no claim"),
    Column("after_mean", "number", "#value+after", "log odds (or log rate) per reference surge, after the data"),
    Column("verdict", "string", "#status", "what the data say of the claim"),
    Column("on_a_loop", "boolean", "#meta+loop", "whether the line is on a shortest way back that a claim closes"),
)


@dataclass(frozen=True)
class GraphFigure(Figure):
    """The argument, drawn without a chart specification: its JSON holds parts and lines with their places."""

    drawing: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def ending(self) -> str:
        """How the file of `specification` ends."""
        return "json"

    @property
    def svg(self) -> str:
        """The figure as a drawing that holds no script and asks nothing of the network."""
        return self.drawing + "\n"

    @property
    def png(self) -> bytes:
        """The figure as a picture on white, `PNG_SCALE` times its own pixels."""
        import vl_convert

        x, y, across, tall = re.search(r'viewBox="([^"]*)"', self.drawing)[1].split()  # type: ignore[index]
        white = f'<rect x="{x}" y="{y}" width="{across}" height="{tall}" fill="#fff"/><style>'
        faced = self.drawing.replace('font-family="', f'font-family="{PNG_FONT}, ', 1)
        sized = faced.replace("<svg ", f'<svg width="{across}" height="{tall}" ', 1).replace("<style>", white, 1)
        made: bytes = vl_convert.svg_to_png(sized, scale=PNG_SCALE)
        return made

    @property
    def data(self) -> Table:
        """Every line of the argument as a row, one for each of its claims."""
        return table(f"figures/{self.file}", f"Every line of the argument. {self.title}.", COLUMNS, self.rows)


def graph_figure(study: Study) -> GraphFigure | None:
    """The argument of a study as a figure; None where no claim leads to what is asked about."""
    from fissures.figures.graph import argument as draw
    from fissures.figures.graph import document as placed
    from fissures.figures.graph import told
    from fissures.figures.graph_layout import laid_out

    found = words.graphic(study.graph, study.claims, argument.folded(study.claims))
    if found is None or study.graph is None:
        return None
    said = {arc: replace(one, href="") for arc, one in found.said.items()}
    made = laid_out(study.graph, said)
    spec: dict[str, Any] = clean({**placed(study.graph, said), "loops": [_loop(one) for one in found.loops]})
    return GraphFigure(
        file="argument",
        name="argument",
        title=TITLE,
        told=told(made) if made else "",
        spec=spec,
        drawing=draw(study.graph, said, badges=found.badges),
        rows=tuple(_rows(study)),
    )


def _loop(one: words.Loop) -> dict[str, Any]:
    steps = [{"way": step.way, "of": plain(step.name, 120), "claims": step.codes} for step in one.steps]
    return {"letter": one.letter, "kind": one.kind.lower(), "from": plain(one.start, 120), "steps": steps}


def _rows(study: Study) -> list[tuple[Cell, ...]]:
    graph = study.graph
    if graph is None:
        return []
    looped = {arc for loop in graph.loops for arc in loop.arcs}
    rows: list[tuple[Cell, ...]] = []
    for arc in graph.arcs:
        way = "raises" if arc.sign > 0 else "lowers"
        ends = (arc.id, graph.parts[arc.source].name, way, graph.parts[arc.target].name, "; ".join(arc.via))
        claims = [study.claims[k] for k in arc.claims]
        told: list[tuple[Cell, ...]] = [(row.code, row.after.mean, row.verdict) for row in claims] or [("", None, "")]
        rows += [(*ends, *one, arc.id in looped) for one in told]
    return rows

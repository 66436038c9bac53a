"""Every figure of the brief as SVG, PNG, Vega-Lite specification (or JSON) and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fissures.brief.context import Context
from fissures.brief.render import figures_of
from fissures.export.figure import Figure
from fissures.export.graph import graph_figure
from fissures.export.inert import clean, slug, unique
from fissures.figures.labels import plain
from fissures.study.records import Study

Spec = dict[str, Any]

_TITLES = {
    "fan": "Expected course: people killed in a week on all fronts",
    "claims": "The argument before and after the data",
    "arms": "What levers change in the leading question, in the model",
    "reliability": "The reference class: chances given, and the share that came true",
    "map": "The fronts, with the chance in the model that each comes to the rung asked",
    "timeline": "The record of every front by date, and what is due",
}


def figures(study: Study, context: Context) -> tuple[Figure, ...]:
    """Every figure of the brief, in its order."""
    from fissures.figures.drawing import WIDE

    makers = figures_of(study, context)
    files = unique([slug(name) for name in makers])
    found: list[Figure] = []
    argued = graph_figure(study)
    for (name, make), file in zip(makers.items(), files, strict=True):
        if name == "claims" and argued is not None:
            found.append(argued)
        spec = clean(_inlined(make(width=WIDE)))
        found.append(Figure(file, name, _title(name, context), plain(spec.get("description", "")), spec))
    return tuple(found)


def _title(name: str, context: Context) -> str:
    kind, _, front = name.partition(":")
    if kind == "ladder" and front:
        return plain(f"How likely each rung is to be the week's highest: {context.front_name(front)}", 200)
    return _TITLES.get(name, name.replace("_", " "))


def _inlined(spec: Mapping[str, Any]) -> Spec:
    """The specification with every data set where it is used, so that no name refers to elsewhere."""
    sets = spec.get("datasets", {})

    def put(value: Any) -> Any:
        if isinstance(value, dict):
            inner = {key: put(one) for key, one in value.items() if key != "datasets"}
            named = inner.get("data")
            if isinstance(named, dict) and named.get("name") in sets:
                inner["data"] = {"values": sets[named["name"]]}
            return inner
        return [put(one) for one in value] if isinstance(value, list) else value

    made: Spec = put(dict(spec))
    return made

"""A specification drawn as a small, self-contained SVG: no script, no outside font, ids that do not clash."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from xml.etree import ElementTree

from fissures.figures.labels import plain

Spec = dict[str, Any]
WIDE, NARROW = 660, 340  # pixels: beside a paragraph, and on a phone
# Faces of one width, so that text takes the room that was measured for it.
FONT = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"

_SVG = "http://www.w3.org/2000/svg"
_DECIMAL = re.compile(r"-?\d+\.\d{2,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NOISE = {"font-family", "aria-hidden", "aria-label", "aria-roledescription", "role", "class", "pointer-events"}
_SHAPES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r", "offset")
_DEFAULTS = {"opacity": "1", "stroke-width": "1", "stroke": "transparent", "fill": "transparent"}
_DEFAULTS |= {"transform": "translate(0,0)"}
# What an element takes from the group around it, so that a group of like marks says it once.
_INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor")


def svg(spec: Spec) -> str:
    """Draw a Vega-Lite specification; its `description` becomes the accessible label.

    The drawing scales with its container up to its own width. Text from the case stays text.
    """
    import vl_convert

    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).hexdigest()[:8]
    _rename_ids(root, f"f{digest}")
    for element in root.iter():
        _trim(element)
    _prune(root)
    _hoist(root)
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    root.set("role", "img")
    root.set("aria-label", plain(spec.get("description", "")))
    root.set("font-family", FONT)
    root.set("style", f"max-width:{width}px")
    return ElementTree.tostring(root, encoding="unicode")


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Give ids a prefix of this figure and a number of their own, so that two figures on a page do not share one.

    The drawing program counts on from figure to figure; numbered anew, the same figure is the same text every time.
    """
    known = {name: f"{prefix}-{k}" for k, name in enumerate(e.attrib["id"] for e in root.iter() if "id" in e.attrib)}
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", known[element.attrib["id"]])
        for name, value in element.attrib.items():
            if "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda found: f"url(#{known.get(found[1], prefix)})", value))


def _trim(element: ElementTree.Element) -> None:
    """Drop what a reader never sees: per-mark roles and labels, defaults, decimals below a tenth of a pixel."""
    for name, value in list(element.attrib.items()):
        if name in _NOISE or _DEFAULTS.get(name) == value:
            del element.attrib[name]
        elif name in _SHAPES:
            element.set(name, _DECIMAL.sub(_tenth, value))


def _tenth(match: re.Match[str]) -> str:
    # adding zero turns -0.0 into 0.0
    return f"{round(float(match.group()), 1) + 0.0:.1f}".removesuffix(".0")


def _prune(element: ElementTree.Element) -> None:
    """Remove hidden marks, empty groups and invisible backgrounds."""
    for child in list(element):
        _prune(child)
        tag = child.tag.removeprefix(f"{{{_SVG}}}")
        empty = tag == "g" and len(child) == 0
        unseen = tag == "path" and "stroke" not in child.attrib and child.get("fill", "none") == "none"
        if empty or unseen or child.get("display") == "none":
            element.remove(child)


def _hoist(element: ElementTree.Element) -> None:
    """Say what all marks of a group have in common once, on the group."""
    for child in element:
        _hoist(child)
    if element.tag == f"{{{_SVG}}}g" and len(element) > 1:
        for name in _INHERITED:
            values = {child.get(name) for child in element}
            if len(values) == 1 and None not in values:
                element.set(name, str(values.pop()))
                for child in element:
                    del child.attrib[name]

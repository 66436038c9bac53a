"""Text from a case made inert for whatever opens the file: no formula, no markup, no control or direction character."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import Any

from fissures.figures.labels import plain

LEAST = 1e-12  # what is nearer to nothing than this is the computer's, not the model's
MOST = 32_000  # a spreadsheet's cell holds 32,767 characters
# A spreadsheet reads a cell that begins with one of these as a formula; "#" would be read as a remark or a tag.
_FORMULA = ("=", "+", "-", "@", "|", "%", "#", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212")

Cell = str | int | float | bool | date | None


def cell(value: Cell) -> str:
    """A value as a cell of a CSV file: missing and not finite are empty, text that could be a formula gets a quote.

    >>> cell(None), cell(float("nan")), cell(0.0), cell(-1.5), cell(True), cell(date(2020, 7, 21))
    ('', '', '0', '-1.5', 'true', '2020-07-21')
    >>> cell("=cmd|' /C calc'!A0"), cell("+1"), cell(" @SUM(A1)"), cell("talks")
    ("'=cmd|' /C calc'!A0", "'+1", "'@SUM(A1)", 'talks')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return number(value)
    text = plain(value, MOST)
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: float) -> str:
    """A number with at most ten digits; empty where it is not finite.

    >>> number(0.1 + 0.2), number(1234567), number(math.inf), number(1e-205)
    ('0.3', '1234567', '', '0')
    """
    if not math.isfinite(value):
        return ""
    return "0" if abs(value) < LEAST else f"{value:.10g}"


def clean(value: Any) -> Any:
    """A plain value for JSON: texts without control or direction characters, numbers that are not finite as null.

    >>> clean({"a": float("nan"), "b": ["x\\u202ey", date(2020, 7, 21)]})
    {'a': None, 'b': ['xy', '2020-07-21']}
    """
    if isinstance(value, dict):
        return {plain(key, MOST): clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.10g}") if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return plain(value, MOST) if isinstance(value, str) else value


def document(value: Any) -> str:
    """A JSON document of clean values; `<` is escaped, so that it stays text where somebody pastes it into a page.

    >>> document({"a": "<script>"}).strip()
    '{\\n  "a": "\\\\u003cscript>"\\n}'
    """
    return json.dumps(clean(value), indent=2, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c") + "\n"


def slug(text: str, most: int = 40) -> str:
    """A text as a part of a file's name: small letters, digits and dashes.

    >>> slug("The upper weir"), slug("../../etc/passwd"), slug("<script>"), slug("\\u0628")
    ('the-upper-weir', 'etc-passwd', 'script', 'unnamed')
    """
    return re.sub(r"[^a-z0-9]+", "-", text[: 4 * most].lower()).strip("-")[:most].strip("-") or "unnamed"


def unique(names: list[str]) -> list[str]:
    """Names with a number added where one stands twice.

    >>> unique(["weir", "ford", "weir"])
    ['weir', 'ford', 'weir-2']
    """
    found: list[str] = []
    for name in names:
        tried, k = name, 1
        while tried in found:
            k += 1
            tried = f"{name}-{k}"
        found.append(tried)
    return found

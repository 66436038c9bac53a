"""What event data say about a case, as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fissures.brief import numbers
from fissures.brief.panel import Counts, Strand, rate
from fissures.brief.phrases import PURPOSE
from fissures.brief.render import _environment, _own

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True)
class Band:
    """A strand and its strip, drawn once for a page and once for a phone."""

    strand: Strand
    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class Group:
    """Streams, or fronts: what their shades mean, and their strips."""

    key: Markup
    bands: tuple[Band, ...]


def render_panel(title: str, counts: Iterable[Counts]) -> str:
    """The page as one HTML document: no script, no outside request; every text from the case is escaped."""
    environment = _environment()
    page: str = environment.from_string(_own("panel.html.j2")).render(
        title=title,
        told=[
            (one, _group(one, one.heard, "Events a week"), _group(one, one.fronts, "Killed a week")) for one in counts
        ],
        css=environment.filters["own"](_own("style.css")),
        purpose=PURPOSE,
        n=numbers,
        rate=rate,
    )
    return page.strip().replace(" %", f"{numbers.SPACE}%") + "\n"


def _group(counts: Counts, strands: tuple[Strand, ...], unit: str) -> Group:
    from markupsafe import Markup

    from fissures.figures import coverage
    from fissures.figures.drawing import NARROW, WIDE

    bounds = coverage.steps(max((strand.busiest for strand in strands), default=0.0))
    bands = []
    for strand in strands:
        # strip() escapes every text that came from the case
        wide, narrow = (
            Markup(coverage.strip(strand.weeks, counts.span, counts.blank, bounds, strand.heard, width))
            for width in (WIDE, NARROW)
        )
        bands.append(Band(strand, wide, narrow))
    return Group(Markup(coverage.key(bounds, unit, bool(counts.blank))), tuple(bands))

"""Where and when, as values that a reader needs no model for: what a map draws, and what a timeline tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

LonLat = tuple[float, float]
Line = tuple[LonLat, ...]

SURE = 0.99  # the share of draws from which on a front stands somewhere beyond doubt


@dataclass(frozen=True)
class Outline:
    """One thing drawn on a map: `kind` is land, water, recognised or held; its lines in degrees, longitude first.

    A polygon is its rings, of which `areas` says how many belong to each part (the first is the outside). A held line
    is held since `since`. A single place is a name without an outline.
    """

    kind: str
    name: str
    lines: tuple[Line, ...]
    areas: tuple[int, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class FrontAhead:
    """A front and how high it gets by the horizon: `reaches` holds each rung above the lowest with the chance, in the
    model, that the front comes to it or beyond on some day; `asked` is the chance of the rung that the map is about.

    `area` is what the front covers on a map, as rings; () where the case gives it no place. `asked` is None where its
    ladder has no such rung. `there` goes with `reaches`: the share of draws by which it stands at that rung or above on
    the as-of date already; () where nobody says.
    """

    id: str
    name: str
    reaches: tuple[tuple[str, float], ...]
    asked: float | None = None
    area: tuple[Line, ...] = ()
    there: tuple[float, ...] = ()

    def already(self, rung: str) -> float:
        """How sure it is that the front stands at a rung or above on the as-of date, in [0, 1]."""
        known = {name: share for (name, _), share in zip(self.reaches, self.there, strict=False)}
        return known.get(rung, 0.0)

    def holds(self, rung: str) -> bool:
        """Whether it stands there already beyond doubt, so that reaching it would be no news.

        >>> one = FrontAhead("n", "North", (("clash", 0.99), ("war", 0.1)), 0.1, (), (1.0, 0.0))
        >>> one.holds("clash"), one.holds("war"), one.holds("siege")
        (True, False, False)
        """
        return self.already(rung) > SURE


@dataclass(frozen=True)
class Where:
    """A map of the fronts: what it is drawn from, every front, and the rung whose chance it shows.

    `drawn` says whether the case has a map; without one only the fronts' chances are told.
    """

    as_of: date
    horizon: date
    rung: str
    fronts: tuple[FrontAhead, ...]
    outlines: tuple[Outline, ...] = ()
    source: str = ""
    says: str = ""

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.outlines)


@dataclass(frozen=True)
class Stretch:
    """Days from `start` to `end`, both included, on one rung: its name, and `height` from 0 (lowest) to 1 (highest)."""

    start: date
    end: date
    rung: str
    height: float


@dataclass(frozen=True)
class Lane:
    """What the record says of one front or track, in order of time; days between stretches have no record.

    `kind` is "record" (all fronts together, by week), "front" or "track"; `rungs` is its ladder from low to high.
    """

    kind: str
    name: str
    rungs: tuple[str, ...]
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Turn:
    """A dated turning point that the case names: `kind` is "break" (of regime) or "commitment"."""

    when: date
    kind: str
    name: str


@dataclass(frozen=True)
class Due:
    """What is known in advance: `kind` is "calendar" (from `start` to `end`) or "question" (it closes on `end`)."""

    kind: str
    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Timeline:
    """The record from `first` to the as-of date, lane by lane, and what is due from then to the horizon."""

    first: date
    as_of: date
    horizon: date
    lanes: tuple[Lane, ...] = ()
    turns: tuple[Turn, ...] = ()
    due: tuple[Due, ...] = field(default=())

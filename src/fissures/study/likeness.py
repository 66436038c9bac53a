"""How far two flare-ups lie apart: a stated distance, part by part, and the ranking that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log10
from types import MappingProxyType

from fissures.study.flare_ups import FlareUp, Traits

Weights = Mapping[str, float]

PARTS = ("deaths", "quiet", "year_before", "kind", "territory", "patron")
WEIGHTS: Weights = MappingProxyType(
    {"deaths": 2.0, "quiet": 2.0, "year_before": 1.0, "kind": 2.0, "territory": 1.0, "patron": 1.0}
)
KINDS = ("interstate", "contested", "internal")  # in order: neighbours lie half apart, the ends wholly


@dataclass(frozen=True)
class Ranked:
    """A flare-up, its distance in [0, 1], and the parts of which that is the weighted mean."""

    flare_up: FlareUp
    distance: float
    parts: Mapping[str, float]


def parts(a: Traits, b: Traits) -> dict[str, float]:
    """How far two flare-ups lie apart in each part, 0 (alike) to 1; symmetric, and 0 to itself.

    Numbers: the difference of their decimal logarithms, at most 1 (ten times as much is wholly unlike; one is added to
    deaths). Kinds: the nearest pair. Territory, patron: 0 alike, 1 unlike, a half where one of them is not known.

    >>> parts(Traits(17, 800, 5, ("contested",)), Traits(17, 80, 5, ("internal",)))["quiet"]
    1.0
    """
    return {
        "deaths": _times(a.deaths + 1, b.deaths + 1),
        "quiet": _times(max(a.quiet, 1), max(b.quiet, 1)),
        "year_before": _times(a.year_before + 1, b.year_before + 1),
        "kind": min(abs(KINDS.index(x) - KINDS.index(y)) / 2 for x in a.kinds for y in b.kinds),
        "territory": _said(a.territory, b.territory),
        "patron": _said(a.patron, b.patron),
    }


def _times(a: float, b: float) -> float:
    return min(abs(log10(a / b)), 1.0)


def _said(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 1.0 if a and b else 0.5


def weighed(apart: Mapping[str, float], weights: Weights = WEIGHTS) -> float:
    """The weighted mean of parts, in [0, 1]; parts without a weight count nothing."""
    return sum(weights.get(name, 0.0) * apart[name] for name in PARTS) / sum(weights.values())


def distance(a: Traits, b: Traits, weights: Weights = WEIGHTS) -> float:
    """How far two flare-ups lie apart, 0 (alike in every part) to 1.

    >>> distance(Traits(5, 60, 0, ("internal",)), Traits(5, 60, 0, ("internal",)))
    0.0
    """
    return weighed(parts(a, b), weights)


def ranked(now: Traits, flare_ups: Iterable[FlareUp], weights: Weights = WEIGHTS) -> tuple[Ranked, ...]:
    """Flare-ups, the nearest first; of those equally far the latest first, then by the conflict's name."""
    apart = [(one, parts(now, one.traits)) for one in flare_ups]
    return ordered([Ranked(one, weighed(found, weights), found) for one, found in apart])


def reweighed(found: Iterable[Ranked], weights: Weights) -> tuple[Ranked, ...]:
    """The same flare-ups under other weights, the nearest first."""
    return ordered([Ranked(one.flare_up, weighed(one.parts, weights), one.parts) for one in found])


def ordered(found: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """The nearest first; a tie is broken by the flare-up alone, so that other rows never change an order."""
    return tuple(
        sorted(
            found,
            key=lambda one: (round(one.distance, 12), -one.flare_up.start.toordinal(), one.flare_up.conflict),
        )
    )

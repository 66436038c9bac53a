"""The simulated paths of a run as plain arrays by place, for tables that others read without the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.model.simulate import Run


@dataclass(frozen=True)
class PlacePaths:
    """What happened at one place: `rungs` (T, M) index `names`, `deaths` (T, M) are people killed in a day.

    `kind` is "front" or "track"; a track has no deaths (None). Day 0 is `first`, the day after the as-of date.
    """

    place: str
    kind: str
    first: date
    names: tuple[str, ...]
    rungs: NDArray[np.uint8]
    deaths: NDArray[np.int32] | None


def by_place(run: Run) -> Iterator[PlacePaths]:
    """Every place of a run, fronts first, with its rungs and deaths by day and path."""
    for at, place in enumerate(run.plan.places):
        front = at < len(run.plan.fronts)
        deaths = run.deaths[at] if front else None
        kind = "front" if front else "track"
        yield PlacePaths(place, kind, run.plan.date_of(0), run.plan.rungs(at), run.rungs[at], deaths)

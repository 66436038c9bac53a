"""Pressures of a plan: how each decays, what feeds it, and the doubt about its half-life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Pressure
from fissures.kernel.memory import BUILDING, DECAYING, decay, surge_of_days, surge_of_events, surge_of_wait
from fissures.kernel.world import Factor
from fissures.model import wording
from fissures.model.wording import Names

Floats = NDArray[np.float64]

# A stated half-life is believed to within a factor of 1.65, two times in three: the means of the fifths of a normal
# law with this sd of the log, equally likely, stand for that doubt.
HALF_LIFE_SD = 0.5
MULTIPLES = tuple(float(np.exp(HALF_LIFE_SD * z)) for z in (-1.39981, -0.53190, 0.0, 0.53190, 1.39981))


@dataclass(frozen=True)
class PressurePlan:
    """One pressure instance in raw units: how it decays, what feeds it, and the raw level that reads as 1.

    `halving` holds (decay, gain) for each of the multiples of its half-life that stand for the doubt about it, none
    where it has none to doubt; the gain makes the reference surge read as 1 under that half-life too.
    """

    name: str
    kind: int
    decay: float
    floor: float
    scale: float
    weights: Floats
    relief: Floats
    feeds: tuple[tuple[Factor, float], ...] = ()
    series: tuple[str, str] | None = None
    known: bool = False
    begins: date | None = None
    halving: tuple[tuple[float, float], ...] = ()

    @property
    def record(self) -> str:
        """The case's own name of it; a pressure of every front has as many instances as there are fronts."""
        return self.name.split("@")[0]


def instances(case: Case) -> list[tuple[str, Pressure, str | None]]:
    """Pressure instances in case order; one that is fed by its own front stands once for each front."""
    out: list[tuple[str, Pressure, str | None]] = []
    for name, pressure in case.pressures.items():
        own = [f for text in pressure.fed_by if (f := grammar.factor(text, case)).own]
        out += [(f"{name}@{front}", pressure, front) for front in own[0].names] if own else [(name, pressure, None)]
    return out


def _half_life(pressure: Pressure) -> float:
    return grammar.duration(pressure.builds_up or pressure.half_life or "1 day")


def scale(pressure: Pressure, times: float = 1.0) -> float:
    """The raw level that reads as 1, under so many times the stated half-life."""
    surge, half = grammar.surge(pressure.reference_surge), times * _half_life(pressure)
    if pressure.builds_up:
        return surge_of_wait(surge.amount, half)
    if surge.kind == "value":
        return surge.amount
    in_days = surge.kind == "days"
    return surge_of_days(surge.amount, half) if in_days else surge_of_events(surge.amount, surge.window, half)


def pressure_plan(names: Names, name: str, pressure: Pressure, front: str | None) -> PressurePlan:
    """One instance of a case's pressure, laid out for the kernel."""
    fed = [(grammar.factor(text, names.case), weight) for text, weight in pressure.fed_by.items()]
    by_stream = {f.names[0]: weight for f, weight in fed if f.kind == grammar.EVENTS}
    unit = scale(pressure)
    return PressurePlan(
        name,
        BUILDING if pressure.builds_up else DECAYING,
        decay(_half_life(pressure)),
        pressure.floor * unit,
        unit,
        np.array([by_stream.get(s, 0.0) for s in names.streams]),
        np.array([pressure.relieved_by.get(s, 0.0) for s in names.streams]),
        tuple((wording.factor(names, f, front), weight) for f, weight in fed if f.kind != grammar.EVENTS),
        (pressure.series, pressure.column) if pressure.series and pressure.column else None,
        pressure.afterwards == "known",
        pressure.begins,
        _halving(pressure),
    )


def _halving(pressure: Pressure) -> tuple[tuple[float, float], ...]:
    """Decay and gain under each multiple of a stated half-life (or time of building up)."""
    if not (pressure.half_life or pressure.builds_up):
        return ()
    stated = _half_life(pressure)
    return tuple((decay(times * stated), scale(pressure) / scale(pressure, times)) for times in MULTIPLES)

"""A bench for the shipped case: fitted once, then run in pairs of arms on the same random numbers.

Tolerance: a pair of arms differs where the paired mean is more than `SURE` Monte Carlo errors away from nothing, draws
counted as clusters (`monte_carlo_error`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures import api
from fissures.case.records import Case
from fissures.case.systems import Element
from fissures.events import panel as events
from fissures.kernel.world import LONG_AGO
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import plan as layout
from fissures.model.causes import DRAWS
from fissures.model.levers import pull
from fissures.model.simulate import Run, simulate
from fissures.study.answers import monte_carlo_error
from fissures.study.systems import taken_out

Floats = NDArray[np.float64]

SURE = 3.0  # Monte Carlo errors
PATHS = 4_000  # a day costs nearly as much with fewer
MONTH = 30  # days
FOREVER = 10_000


@dataclass(frozen=True)
class Gap:
    """A measure on two arms, path by path: both means, the paired change and its Monte Carlo error."""

    before: float
    after: float
    change: float
    error: float

    @property
    def errors(self) -> float:
        """The change in Monte Carlo errors."""
        return self.change / self.error

    @property
    def rises(self) -> bool:
        """Whether the measure is surely higher on the second arm."""
        return self.errors > SURE

    @property
    def falls(self) -> bool:
        """Whether the measure is surely lower on the second arm."""
        return self.errors < -SURE

    def __str__(self) -> str:
        """From where to where, in how many errors."""
        return f"{self.before:.4g} -> {self.after:.4g} ({self.errors:+.1f} errors)"


def gap(before: NDArray[Any], after: NDArray[Any]) -> Gap:
    """The paired change of a measure, (M,) on each arm; printed, so that -rP shows what was measured."""
    one, two = np.asarray(before, np.float64), np.asarray(after, np.float64)
    made = Gap(float(one.mean()), float(two.mean()), float((two - one).mean()), monte_carlo_error(two - one))
    print(made)
    return made


def log_odds(share: float) -> float:
    """Log odds of a share."""
    return float(np.log(share / (1.0 - share)))


@dataclass(frozen=True)
class Arm:
    """A plan and where its paths start; every method makes a further arm."""

    bench: Bench
    plan: layout.Plan
    fit: fitting.Fit

    def _lever(self, start: int, end: int, **parts: tuple[tuple[Any, ...], ...]) -> Arm:
        one = layout.LeverPlan("test", parts.get("inject", ()), parts.get("hold", ()), start, end)
        one = replace(one, bind=parts.get("bind", ()), scale=parts.get("scale", ()))
        return replace(self, plan=replace(self.plan, levers=(*self.plan.levers, one)))

    def hold(self, start: int = 0, **levels: float) -> Arm:
        """Pressures held (on every front) at levels in surges."""
        found = [(p, v) for name, v in levels.items() for p in self.bench.instances(name)]
        return self._lever(start, FOREVER, hold=tuple(found))

    def bind(self, **levels: float) -> Arm:
        """Commitments held to bind, or not."""
        found = tuple((self.bench.commitments.index(name), v) for name, v in levels.items())
        return self._lever(0, FOREVER, bind=found)

    def scale(self, **factors: float) -> Arm:
        """Rates of streams multiplied."""
        return self._lever(0, FOREVER, scale=tuple((self.bench.streams.index(n), v) for n, v in factors.items()))

    def once(self, stream: str, day: int = 0) -> Arm:
        """One event of a stream, on one day."""
        return self._lever(day, day, inject=((self.bench.streams.index(stream), 1.0, 0),))

    def every(self, days: int, stream: str) -> Arm:
        """One event of a stream every so many days."""
        return self._lever(0, FOREVER, inject=((self.bench.streams.index(stream), 1.0, days),))

    def pulled(self, lever: str) -> Arm:
        """A lever of the case."""
        return replace(self, plan=pull(self.bench.case, self.plan, lever, allow_escalatory=True))

    def without(self, *codes: str) -> Arm:
        """Claims taken out, by code."""
        gone = {self.bench.claim(code) for code in codes}
        return replace(self, plan=replace(self.plan, terms=tuple(t for t in self.plan.terms if t.origin not in gone)))

    def closed(self, *places: str) -> Arm:
        """Places that stay at their lowest rung."""
        return replace(self, plan=replace(self.plan, closed=tuple(self.bench.places.index(p) for p in places)))

    def at(self, **rungs: str) -> Arm:
        """Every path starts with places at these rungs."""
        starts = self.fit.start.rungs.copy()
        for place, rung in rungs.items():
            starts[:, self.bench.places.index(place)] = self.bench.rung(place, rung)
        return replace(self, fit=replace(self.fit, start=replace(self.fit.start, rungs=starts)))

    def forgetful(self) -> Arm:
        """No commitment remembers a trigger from before the as-of date (the clash of July 2020 is one)."""
        triggers = np.full_like(self.fit.start.triggers, LONG_AGO)
        return replace(self, fit=replace(self.fit, start=replace(self.fit.start, triggers=triggers)))

    def started(self, when: date) -> Arm:
        """Paths that start on a day of the record, as its completions stood then; commitments have yet to be fired."""
        day, past_of = (when - self.bench.panel.first).days, self.bench.history
        which = np.arange(DRAWS) % past.COMPLETIONS
        ahead = np.zeros_like(self.fit.start.ahead)
        for p, pressure in enumerate(self.plan.pressures):
            if pressure.series is not None:
                ahead[p] = self.bench.panel.series[pressure.series][day : day + ahead.shape[1]]
        start = replace(
            self.fit.start,
            rungs=past_of.rungs[which, :, day - 1],
            memories=past_of.memories[which, :, day],
            pressures=past_of.pressures[which, :, day],
            streams=past_of.stream_memory[which, :, day],
            since=self.bench.since(day)[which],
            triggers=np.full_like(self.fit.start.triggers, LONG_AGO),
            ahead=ahead,
        )
        return replace(self, fit=replace(self.fit, start=start))

    def without_break(self, name: str) -> Arm:
        """A break that has not come yet."""
        plan, fit = taken_out(self.plan, self.fit, Element("break", name))
        return replace(self, plan=plan, fit=fit)

    def run(self, days: int | None = None, paths: int = PATHS) -> Run:
        """Paths of this arm, on the random numbers of seed 1."""
        return simulate(self.plan, self.fit, paths, days=days)


@dataclass(frozen=True)
class Bench:
    """The shipped case, laid out, completed and fitted."""

    loaded: api.Case
    panel: events.Panel
    plan: layout.Plan
    history: past.History
    fit: fitting.Fit

    @property
    def case(self) -> Case:
        """The case's record."""
        return self.loaded.record

    @property
    def arm(self) -> Arm:
        """The arm on which nothing is changed."""
        return Arm(self, self.plan, self.fit)

    @cached_property
    def base(self) -> Run:
        """Its paths, to the horizon."""
        return self.arm.run(paths=PATHS)

    @cached_property
    def month(self) -> Run:
        """Its paths after thirty days."""
        return self.arm.run(days=MONTH)

    @cached_property
    def places(self) -> list[str]:
        """Fronts, then tracks."""
        return list(self.plan.places)

    @cached_property
    def streams(self) -> list[str]:
        """Names of streams."""
        return [one.name for one in self.plan.streams]

    @cached_property
    def commitments(self) -> list[str]:
        """Names of commitments."""
        return [one.name for one in self.plan.commitments]

    @cached_property
    def pressures(self) -> list[str]:
        """Names of pressures, one for each front where a pressure stands by front."""
        return [one.name for one in self.plan.pressures]

    def instances(self, name: str) -> list[int]:
        """The numbers of a pressure, or of a pressure on every front."""
        return [p for p, one in enumerate(self.pressures) if one.partition("@")[0] == name]

    def since(self, day: int) -> Floats:
        """Days since each stream's last event before a day of the record, (C, S); as usual where none is known."""
        usual = np.random.default_rng(1).exponential(size=(past.COMPLETIONS, len(self.streams)))
        out = np.floor(usual / np.exp([one.log_rate for one in self.plan.streams]))
        for c, s in np.ndindex(*out.shape):
            events = np.flatnonzero(self.history.seen.counts[c, s, :day] >= 1.0)
            out[c, s] = day - 1 - events[-1] if events.size else out[c, s]
        return out

    def claim(self, code: str) -> str:
        """A claim's name by its code."""
        return next(name for name, one in self.case.claims.items() if one.code == code)

    def coefficient(self, code: str) -> Floats:
        """Draws of a claim's coefficient."""
        return self.fit.draws[layout.coefficient(self.case, self.claim(code))]

    def rung(self, place: str, rung: str) -> int:
        """A rung's number on a place's ladder."""
        return self.plan.rungs(self.places.index(place)).index(rung)

    def surges(self, values: Floats, name: str) -> Floats:
        """Raw levels of a pressure in reference surges."""
        return np.asarray(values / self.plan.pressures[self.pressures.index(name)].scale)

    def past_level(self, name: str) -> Floats:
        """A pressure at the start of each day of the record, in surges; (C, T)."""
        return self.surges(self.history.pressures[:, self.pressures.index(name)], name)

    def start_level(self, name: str) -> Floats:
        """A pressure after the as-of date, in surges; (D,)."""
        return self.surges(self.fit.start.pressures[:, self.pressures.index(name)], name)

    def at_or_above(self, run: Run, place: str, rung: str) -> NDArray[np.bool_]:
        """On which days a place stands at a rung or above; (T, M)."""
        return np.asarray(run.rungs[self.places.index(place)] >= self.rung(place, rung))

    def days_at(self, run: Run, place: str, rung: str) -> Floats:
        """How many days a place stands at a rung or above; (M,)."""
        return self.at_or_above(run, place, rung).sum(axis=0).astype(np.float64)

    def daily(self, run: Run, stream: str) -> NDArray[np.int64]:
        """A stream's counts; (T, M)."""
        return run.counts[self.streams.index(stream)].astype(np.int64)

    def count(self, run: Run, stream: str) -> Floats:
        """How many events of a stream; (M,)."""
        return self.daily(run, stream).sum(axis=0).astype(np.float64)

    def level(self, run: Run, pressure: str) -> Floats:
        """A pressure after the last day, in surges; (M,)."""
        return run.out.levels[self.pressures.index(pressure)].astype(np.float64)

    def highest(self, run: Run) -> NDArray[np.int64]:
        """The highest rung of the three fronts on the border ladder; (T, M)."""
        return run.rungs[[self.places.index(f) for f in self.border]].max(axis=0).astype(np.int64)

    @property
    def border(self) -> list[str]:
        """The fronts on the ladder of violence."""
        return [name for name, front in self.case.fronts.items() if front.ladder == "border"]

    def odds(self, code: str) -> tuple[float, float]:
        """Mean and sd of a claim's coefficient after the data."""
        one = self.fit.learnt[layout.coefficient(self.case, self.claim(code))]
        return one.mean, one.sd


def climbs(run: Run, places: Iterable[int], first: int, last: int) -> Floats:
    """How often places climb, from one day to another; (M,)."""
    rungs = run.rungs[list(places), first:last].astype(np.int64)
    return (rungs[:, 1:] > rungs[:, :-1]).sum(axis=(0, 1)).astype(np.float64)


def shares(table: Mapping[str, tuple[int, int]], level: float = 0.9) -> dict[str, tuple[float, float]]:
    """Jeffreys intervals of k of n."""
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2
    return {
        name: (float(betaincinv(k + 0.5, n - k + 0.5, tail)), float(betaincinv(k + 0.5, n - k + 0.5, 1.0 - tail)))
        for name, (k, n) in table.items()
    }


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The shipped case, fitted once with its claims; seed 1."""
    loaded = api.load("south-caucasus-2020")
    panel = events.build(loaded.record, loaded.folder, loaded.digest)
    plan = layout.build(loaded.record, panel)
    history = past.build(loaded.record, plan, panel, 1)
    made = Bench(loaded, panel, plan, history, fitting.fit(loaded.record, plan, panel, history))
    assert PATHS >= 4 * DRAWS
    return made

"""In which futures something happens, as frozen values that need no model to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import inf

from fissures.errors import Finding
from fissures.study.records import Difference, Range


@dataclass(frozen=True)
class Restriction:
    """One thing that is so in a kind of future: `low` to `high` in `unit`, infinite where it has no limit.

    `at` are the shares of all futures that lie below the two limits, `p` its quasi-p-value.
    """

    code: str
    label: str
    kind: str
    unit: str
    low: float
    high: float
    at: tuple[float, float]
    p: float

    def __str__(self) -> str:
        """What is so, with its value and where that stands among all futures."""
        a, b = (100 * share for share in self.at)
        among = f"upper {100 - a:.0f} %" if self.high == inf else f"lower {b:.0f} %"
        if self.low != -inf and self.high != inf:
            among = f"from {a:.0f} to {b:.0f} %"
        named = self.label if self.kind in ("start", "early", "moves") else f"{self.code}, {self.label}"
        return f"{named}: {self.span} ({among} of futures)"

    @property
    def span(self) -> str:
        """Its limits in words, with the unit."""
        low, high = _number(self.low), _number(self.high)
        told = f"at least {low}" if self.high == inf else f"at most {high}" if self.low == -inf else f"{low} to {high}"
        return f"{told} {self.unit}".rstrip()


@dataclass(frozen=True)
class Scenario:
    """A kind of future: what is so in it, how often the thing then happens (density, with an 80 % interval), how much
    of it happens there (coverage), how many futures are like that (mass), and the quasi-p-value of the whole."""

    name: str
    restrictions: tuple[Restriction, ...]
    density: float
    density80: Range
    coverage: float
    mass: float
    p: float

    def __str__(self) -> str:
        """One line of numbers, then one a restriction."""
        head = (
            f"{self.name}: {100 * self.density:.0f} % in {100 * self.mass:.0f} % of futures, "
            f"which hold {100 * self.coverage:.0f} % of all in which it happens"
        )
        return "\n".join([head, *(f"  {one}" for one in self.restrictions)])


@dataclass(frozen=True)
class Point:
    """One box on the way from everything to the smallest: coverage, density, restrictions, mass."""

    coverage: float
    density: float
    restricted: int
    mass: float


@dataclass(frozen=True)
class LeverIn:
    """A lever over all kinds of futures: the paired change in each, by name; the most by which it falls short of the
    best lever in one (`regret`), where that is, and in how many the chance stays at or below `aim` (`kept`)."""

    id: str
    code: str
    name: str
    changes: dict[str, Difference]
    regret: float
    worst: str
    kept: int


@dataclass(frozen=True)
class Discovery:
    """In which futures something happens; iterates over the kinds of futures that stand, densest first.

    `base` is how often it happens among the `looked_at` share of paths: those on which it had not happened within the
    first `early_days`, and on which the question is not void. All is judged on draws that had no part in finding it.
    `elsewhere` is how often it happens in all other futures. `levers` are de-escalatory ones only, least regret first.
    """

    case: str
    as_of: date
    digest: str
    seed: int
    paths: int
    code: str
    title: str
    by: date
    probability: float
    base: float
    looked_at: float
    early_days: int
    dimensions: int
    scenarios: tuple[Scenario, ...]
    elsewhere: float
    elsewhere_mass: float
    trajectory: tuple[Point, ...]
    levers: tuple[LeverIn, ...]
    aim: float
    paired: int
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.scenarios)

    def __len__(self) -> int:
        return len(self.scenarios)

    def __str__(self) -> str:
        """The question with its number, each kind of future, and how often it happens elsewhere."""
        head = f"{self.code}: {100 * self.probability:.3g} % in the model. {self.title}"
        if not self.scenarios:
            return f"{head}\nNo kind of future stands out by more than chance."
        rest = f"elsewhere: {100 * self.elsewhere:.1f} % in {100 * self.elsewhere_mass:.0f} % of futures"
        return "\n".join([head, *(str(one) for one in self.scenarios), rest])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value not in (inf, -inf) else ""

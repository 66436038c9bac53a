"""What an answer hangs on, as frozen values that need no model to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fissures.errors import Finding
from fissures.study.records import Difference, Range


@dataclass(frozen=True)
class Share:
    """An input's share of the answer's spread between draws, with standard errors.

    `shapley` adds up over inputs; `first` is what knowing the input would take away on average, and counts what it
    tells about the inputs it goes together with. Either may be a little below zero by chance.
    """

    code: str
    label: str
    kind: str
    shapley: float
    shapley_error: float
    first: float
    first_error: float

    @property
    def range80(self) -> Range:
        """The central 80 % interval of the Shapley share."""
        return _range(self.shapley, self.shapley_error)

    @property
    def first80(self) -> Range:
        """The central 80 % interval of the first-order share."""
        return _range(self.first, self.first_error)

    @property
    def told(self) -> bool:
        """Whether the share can be told from none: its interval lies above zero.

        Of inputs that do nothing, fewer than 1 in 100 are told (see docs/what-carries-the-answer.md).
        """
        return self.range80[0] > 0.0


@dataclass(frozen=True)
class Settled:
    """What would be left of an answer's range if one claim were known: how wide it is now and would be, on average, in
    points of probability, and between which ends were the answer to stay where it is."""

    code: str
    label: str
    first: float
    first80: Range
    width_now: float
    width_then: float
    range_then: Range


@dataclass(frozen=True)
class Swing:
    """An answer with one coefficient held at the 10 % and at the 90 % quantile of its draws, the others as they are.

    `at` are the coefficient's two values, `low` and `high` the answers, `mc_error` that of their paired difference.
    """

    code: str
    label: str
    at: tuple[float, float]
    low: float
    high: float
    mc_error: float

    @property
    def difference(self) -> float:
        """The answer at the upper value less that at the lower one."""
        return self.high - self.low


@dataclass(frozen=True)
class Sense:
    """What the answer to one question hangs on; iterates over the shares, largest first.

    `between` is the variance of the answer between draws, `between_error` its standard error; where the draws' answers
    cannot be told from chance (`told` False), nothing is shared out. `kinds` holds each kind of input together as
    (kind, share, error), `rest` what no input is given: inputs acting together, and bends that no polynomial follows.
    `without` is the paired change once a claim is taken out, by its code; `paths` and `paired` count futures.
    """

    case: str
    as_of: date
    digest: str
    seed: int
    paths: int
    draws: int
    code: str
    title: str
    by: date
    probability: float
    range80: Range
    mc_error: float
    between: float
    between_error: float
    told: bool
    shares: tuple[Share, ...]
    kinds: tuple[tuple[str, float, float], ...]
    rest: float
    rest_error: float
    settled: tuple[Settled, ...]
    paired: int
    without: dict[str, Difference]
    swings: tuple[Swing, ...]
    unreached: int
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Share]:
        return iter(self.shares)

    def __len__(self) -> int:
        return len(self.shares)

    def __str__(self) -> str:
        """The question with its number, then the inputs whose share can be told from none, largest first."""
        low, high = (100 * edge for edge in self.range80)
        head = f"{self.code}: {100 * self.probability:.3g} % ({low:.3g} to {high:.3g} %) in the model. {self.title}"
        if not self.told:
            return f"{head}\nThe draws' answers differ by no more than chance: nothing can be shared out."
        rows = [
            f"  {100 * one.shapley:3.0f} % ({max(100 * one.range80[0], 0):.0f} to {100 * one.range80[1]:.0f} %)  "
            f"{one.code}  {one.label}"
            for one in self.shares
            if one.told
        ]
        rows.append(f"  {100 * self.rest:3.0f} %  inputs acting together, and what the surrogate does not follow")
        return "\n".join([head, "Shares of its spread between draws, 80 % intervals:", *rows])


def _range(middle: float, error: float) -> Range:
    return (middle - 1.2815515655446004 * error, middle + 1.2815515655446004 * error)

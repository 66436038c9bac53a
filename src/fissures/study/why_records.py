"""What an explanation hands on: shares in the log odds, loops, and futures told as dated stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Share:
    """One part of the log-odds difference: its kind and name, the claim's code and sentence where it is one, how much
    it holds, and the Monte Carlo error of that. `tested` says whether the data spoke to it (None: no claim)."""

    kind: str  # "claim", "memory", "kernel", "own", "rung"; or "pressure", "stream", "start", "other"
    name: str
    code: str
    says: str
    amount: float
    mc_error: float
    tested: bool | None = None


@dataclass(frozen=True)
class FoundLoop:
    """A way in which the argument acts on itself: `sign` +1 reinforcing, -1 balancing; `gain` is the product of its
    claims' coefficients after the data: log odds (or log rate) per surge for one turn at the reference surge."""

    names: tuple[str, ...]
    sign: int
    codes: tuple[str, ...]
    gain: float


@dataclass(frozen=True)
class Story:
    """One future told by dates; `which` says what it stands for ("typical", "worst", ...) and `path` its number."""

    which: str
    path: int
    deaths: int
    events: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Why:
    """Why a question came about, in the model: on the futures in which it did, against those in which it did not.

    `shares` divide `total`, the mean log odds of the moves (or log rate of the events) that led to it, less what the
    same moves had on ordinary days of the other futures. They add up to it. `causes` divide the claims' part again, by
    pressure, and by the streams that fed it. Iterates over `shares`, largest first.
    """

    case: str
    as_of: date
    digest: str
    seed: int
    code: str
    title: str
    happened: int
    paths: int
    what: str
    total: float
    shares: tuple[Share, ...]
    causes: tuple[Share, ...]
    loops: tuple[FoundLoop, ...]
    stories: tuple[Story, ...]
    note: str = ""

    def __iter__(self) -> Iterator[Share]:
        return iter(self.shares)

    def __len__(self) -> int:
        return len(self.shares)

    def __str__(self) -> str:
        """The question, the difference, and its largest parts."""
        head = f"{self.code} {self.title}: {self.happened:,} of {self.paths:,} futures; {self.what}: {self.total:+.2f}"
        return "\n".join([head, *(f"{s.amount:+.2f}  {s.code or s.name}  {s.says}" for s in self.shares[:10])])

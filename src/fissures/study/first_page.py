"""What the first page of a brief needs beside a study: reasons, signs, and what changed since the last issue."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

from fissures.study.difference import Difference
from fissures.study.resolve_records import Resolution


@dataclass(frozen=True)
class Reason:
    """A claim (or declared break) that carries the leading answer, and the answer's paired change without it.

    `tested` says whether the data spoke to it.
    """

    code: str
    says: str
    source: str
    para: int | None
    verdict: str
    tested: bool
    without: Difference

    @property
    def beyond_chance(self) -> bool:
        """Whether the change is more than two errors of the simulation."""
        return abs(self.without.difference) > 2.0 * self.without.mc_error


@dataclass(frozen=True)
class Bearing:
    """What an answer changes by without a coefficient: as the draws have it (None where they tell nothing), and as
    counted on paired paths where it was taken out."""

    about: float | None
    without: Difference | None = None

    @property
    def change(self) -> float:
        """The change as counted, else as the draws have it; 0 where nobody can tell."""
        return self.without.difference if self.without else self.about or 0.0


@dataclass(frozen=True)
class Sign:
    """Something dated that would change the leading answer if it were seen, or not seen, by then.

    `kind` is "rung" (`name` a front, `rung` what it reaches), "stream" (`name` in words, at least `count` events) or
    "calm" (no front reaches `rung`).
    `chance` is the share of paths on which it is seen; `base`, `given` and `otherwise` are the answer on all paths, on
    those, and on the others; `watched` is the case's own trigger behind it.
    """

    kind: str
    name: str
    rung: str
    count: int
    by: date
    chance: float
    base: float
    given: float
    otherwise: float
    mc_error: float
    kept: int
    watched: str = ""

    @property
    def beyond_chance(self) -> bool:
        """Whether the answer changes by more than two errors: the simulation's own, or that of so few paths."""
        of_few = math.sqrt(self.base * (1.0 - self.base) / self.kept)
        return abs(self.given - self.base) > 2.0 * max(self.mc_error, of_few)

    @property
    def worth(self) -> float:
        """How far the sign moves the answer, weighed by how often it is there to be seen (its square root)."""
        return math.sqrt(self.chance) * abs(self.given - self.base)


@dataclass(frozen=True)
class Number:
    """An answer as an issue gave it: its one number, and the simulation's error."""

    kind: str
    value: float
    mc_error: float


@dataclass(frozen=True)
class Change:
    """One part in which two issues differ: "date", "claims", "data", "questions", "case", "settings" or "model"."""

    part: str
    says: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class LastIssue:
    """The issue before this one: its digest and date, its numbers by question, what differs since, and why, and how its
    answers did (None where the record is no later than it)."""

    digest: str
    as_of: date
    version: str
    numbers: dict[str, Number]
    changes: tuple[Change, ...]
    resolved: Resolution | None = None


@dataclass(frozen=True)
class FirstPage:
    """Reasons and signs for the question `asked`, on `paths` paired paths.

    `bearing` says what it changes by without each coefficient, by its owner's code; `untested` is the part of what
    the argument adds to it that falls away without the claims that the data could not test (None where nobody could
    tell). `vintages` names each source of the
    record with the digest of its files.
    """

    asked: str = ""
    paths: int = 0
    reasons: tuple[Reason, ...] = ()
    signs: tuple[Sign, ...] = ()
    untested: float | None = None
    last: LastIssue | None = None
    vintages: tuple[tuple[str, str], ...] = ()
    bearing: dict[str, Bearing] = field(default_factory=dict)

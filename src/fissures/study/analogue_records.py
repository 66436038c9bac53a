"""Named analogues as values: flare-ups with their distance, and per question how many of them it happened in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from fissures.study.flare_ups import HORIZONS, FlareUp, Traits


@dataclass(frozen=True)
class Analogue:
    """An earlier flare-up, how far it lies from the case's own in [0, 1], and whether it is the case's own conflict."""

    flare_up: FlareUp
    distance: float
    own: bool = False

    @property
    def name(self) -> str:
        """The conflict as its source names it, with month and year."""
        return self.flare_up.name

    def followed(self) -> tuple[int | None, ...]:
        """Deaths within 30, 90 and 160 days after the flare-up's two weeks; None where the record ends before."""
        return tuple(self.flare_up.after(days) for days in HORIZONS)

    def __str__(self) -> str:
        """Distance, name, deaths, and what followed within 30, 90 and 160 days."""
        told = ", ".join("not known" if dead is None else f"{dead:,}" for dead in self.followed())
        mark = " (own)" if self.own else ""
        return f"{self.distance:.2f}  {self.name}{mark}: {self.flare_up.traits.deaths:,} killed, then {told}"


@dataclass(frozen=True)
class Variant:
    """The same count under another distance, another number of flare-ups, or fewer of them: in `k` of `n`."""

    name: str
    n: int
    k: int


@dataclass(frozen=True)
class Counted:
    """What the nearest flare-ups say of one question: in `k` of `n` what is `asked` happened within `days`.

    `asked` is the thing itself or its nearest equivalent in deaths; `scope` says where it is wider than the question.
    `happened` goes with `named`; `remark` says where such counts told nothing in the past. For a number, `median` is
    that of the deaths that followed and `exceed` holds k by threshold. `sensitivity` begins with the count itself and
    ends with that of every flare-up.
    """

    n: int
    k: int
    days: int
    asked: str
    scope: str
    named: tuple[Analogue, ...]
    happened: tuple[bool, ...]
    sensitivity: tuple[Variant, ...]
    remark: str = ""
    median: float | None = None
    exceed: dict[str, int] = field(default_factory=dict)

    @property
    def conflicts(self) -> int:
        """From how many conflicts the flare-ups are: those of one conflict are no independent witnesses."""
        return len({one.flare_up.conflict for one in self.named})

    @property
    def span(self) -> tuple[int, int]:
        """The fewest and the most of the same number of flare-ups, over every other distance that was tried."""
        tried = [variant.k for variant in self.sensitivity[:-1] if variant.n == self.n]
        return min(tried), max(tried)

    @property
    def everywhere(self) -> Variant:
        """The same count over every flare-up that was over by the as-of date: the base rate."""
        return self.sensitivity[-1]

    @property
    def sentence(self) -> str:
        """How many saw it, and how many of all flare-ups did; without what other distances say."""
        did = f"{self.everywhere.k:,} of all {self.everywhere.n:,} did"
        return f"of {self.n} flare-ups like this one {self.k} saw {self.event}; {did}"

    @property
    def event(self) -> str:
        """What is counted, where it is wider than the question, and within how many days."""
        return " ".join(part for part in (self.asked, self.scope, f"within {self.days} days") if part)

    def __str__(self) -> str:
        """The sentence, with the fewest and the most that other distances would count."""
        low, high = self.span
        others = f"{low} to {high}" if low < high else str(low)
        return f"{self.sentence} (other distances: {others} of {self.n})"


@dataclass(frozen=True)
class Analogues:
    """The flare-ups most like a case's own, and what they say of its questions; iterates over them, nearest first.

    `start`, `seen` and `traits` are those of the case's own flare-up; `traits` is None, and `why` says so, where it has
    none. `known` counts the flare-ups that the as-of date lets be used at all; `own` lists those of the case's own
    conflict, latest first, near or not; `questions` holds a count by the code of each question that deaths speak to.
    """

    case: str
    as_of: date
    start: date
    seen: date
    traits: Traits | None
    why: str
    cutoff: date
    known: int
    nearest: tuple[Analogue, ...] = ()
    own: tuple[Analogue, ...] = ()
    questions: dict[str, Counted] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Analogue]:
        return iter(self.nearest)

    def __len__(self) -> int:
        return len(self.nearest)

    def __str__(self) -> str:
        """The case's own flare-up, the nearest ones, and a line for each question that they speak to."""
        head = f"{self.case}, as of {self.as_of}"
        if self.traits is None:
            return f"{head}: {self.why}"
        own = f"{self.traits.deaths} killed since {self.start}, after {self.traits.quiet:,} days of quiet"
        told = [f"{code:5} {found}" for code, found in self.questions.items()]
        listed = [str(one) for one in self.nearest]
        columns = "distance, killed in two weeks, then within 30, 90, 160 days"
        return "\n".join([f"{head}: {own}", columns, *listed, *told])

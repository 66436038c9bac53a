"""The shipped table of flare-ups: where killing began again after quiet, 1991 on, and what followed by week.

A flare-up is a day on which somebody is killed, with five or more killed within fourteen days from it, after sixty days
in which fewer than five were. `flare_ups.SOURCES.md` says where the rows come from and how they are rebuilt.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

CUTOFF = date(2020, 7, 20)  # the last day of which any row of the shipped table speaks
KILLED, WINDOW, QUIET = 5, 14, 60  # deaths that make a flare-up, its days, and the days before it
HORIZONS = (30, 90, 160)
BANDS = ((1000, "1,000 or more"), (100, "100 to 999"), (25, "25 to 99"), (5, "5 to 24"), (1, "1 to 4"), (0, "none"))


@dataclass(frozen=True)
class Traits:
    """What two flare-ups are compared by; deaths and days are counts, "" stands for what nobody knows.

    `kinds` are those of the dyad: "interstate", "contested" (an entity that governs itself and that few or no states
    recognise) or "internal"; more than one where fronts differ. `territory` and `patron` are "yes", "no" or "".
    """

    deaths: int
    quiet: int
    year_before: int
    kinds: tuple[str, ...]
    territory: str = ""
    patron: str = ""


@dataclass(frozen=True)
class FlareUp:
    """One flare-up: what it was within its fourteen days, what had been before, and what followed.

    `seen` is the last of the fourteen days; `dated` is how many of its dead the source dates to the day; `known` holds
    (day after `seen`, dead until then), rising, as far as the table's cut-off lets it.
    """

    conflict: str
    sides: tuple[str, ...]
    states: tuple[str, ...]
    countries: tuple[str, ...]
    patron: str
    crisis: str
    start: date
    seen: date
    dated: int
    traits: Traits
    weeks: tuple[int, ...]
    known: tuple[tuple[int, int], ...]

    @property
    def by_month(self) -> bool:
        """Whether most of its dead are known by country and month alone, so that its days may be off by two weeks."""
        return 2 * self.dated < self.traits.deaths

    @property
    def name(self) -> str:
        """The conflict as the source names it, with month and year."""
        return f"{self.conflict}, {self.start:%B %Y}"

    def __hash__(self) -> int:
        """One flare-up a conflict and day: quicker than to hash all that is known of it."""
        return hash((self.conflict, self.start))

    def after(self, days: int) -> int | None:
        """Deaths within so many days after `seen`, by straight lines between known days; None where it is cut off."""
        at = bisect_left(self.known, (days, -1))
        if at == len(self.known):
            return None
        (low, before), (high, until) = self.known[at - 1] if at else (0, 0), self.known[at]
        return int(before + (until - before) * (days - low) / (high - low) + 1e-9)

    def worst(self, days: int, over: int) -> int:
        """Most dead in `over` weeks in a row within so many days after `seen`, by whole weeks."""
        whole = self.weeks[: days // 7]
        return max((sum(whole[k : k + over]) for k in range(max(len(whole) - over + 1, 1))), default=0)

    def until(self, on: date) -> FlareUp:
        """The same flare-up as far as it was over by a day: nothing that followed later is left in it."""
        days = (min(on, CUTOFF) - self.seen).days
        known = tuple((day, dead) for day, dead in self.known if day <= days)
        return replace(self, weeks=self.weeks[: max(days, 0) // 7], known=known)


def band(deaths: int) -> str:
    """The band of deaths that a number falls in.

    >>> band(17), band(0), band(1200)
    ('5 to 24', 'none', '1,000 or more')
    """
    return next(name for least, name in BANDS if deaths >= least)


@cache
def table() -> tuple[FlareUp, ...]:
    """Every shipped flare-up, by start.

    >>> len(table()) > 1000, table()[0].start.year
    (True, 1991)
    """
    return read(files("fissures.study").joinpath("flare_ups.csv").read_text(encoding="utf-8").splitlines())


def read(lines: Iterable[str]) -> tuple[FlareUp, ...]:
    """Flare-ups from the lines of a table in the shipped layout, in its order; raises KeyError for a missing column."""
    return tuple(_flare_up(row) for row in csv.DictReader(lines))


def _flare_up(row: dict[str, str]) -> FlareUp:
    weeks = tuple(int(number) for number in row["weeks"].split())
    told = {days: int(row[f"after_{days}"]) for days in HORIZONS if row[f"after_{days}"]}
    told |= {7 * (k + 1): sum(weeks[: k + 1]) for k in range(len(weeks))}
    coded = "no" if row["kind"] == "contested" else ""  # coded, and nobody found
    return FlareUp(
        conflict=row["conflict"],
        sides=_split(row["sides"]),
        states=_split(row["states"]),
        countries=_split(row["countries"]),
        patron=row["patron"],
        crisis=row["crisis"],
        start=date.fromisoformat(row["start"]),
        seen=date.fromisoformat(row["seen"]),
        dated=int(row["dated"]),
        traits=Traits(
            deaths=int(row["deaths"]),
            quiet=int(row["quiet"]),
            year_before=int(row["year_before"]),
            kinds=(row["kind"],),
            territory=row["territory"],
            patron="yes" if row["patron"] else coded,
        ),
        weeks=weeks,
        known=tuple(sorted(told.items())),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(" | ") if part)

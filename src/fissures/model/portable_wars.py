"""Internal wars as a panel for portable claims: outcomes by the dead that one source counts, causes from another.

Here outcome and cause are coded independently, so one story told twice cannot look like cause and effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from fissures.case.portable import PortableClaim, portable_claims
from fissures.errors import DataError
from fissures.events.acts import Acts
from fissures.events.database import connected, rows
from fissures.events.selection import union
from fissures.events.store import Holding
from fissures.model.portable_panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEAD = (1, 5, 25)  # in a week, from which rungs 1, 2 and 3 begin
LEAST_WEEKS = 8  # with dead, for a conflict to count as a war of the window
_NOT_TOLD = ("answered",)  # who struck whom is not told by day and side


def wars(acts: Acts, holdings: Sequence[Holding]) -> Panel:
    """Conflicts within one state with dead in at least eight weeks of the window, as a panel of one node each.

    Raises DataError where there are fewer than two.
    """
    dead, units, where = _dead(acts, holdings)
    ends = np.stack([where, where], axis=1)
    count = _Counter(acts, where)
    rungs = np.sum([dead >= least for least in DEAD], axis=0)
    return Panel(
        first=acts.first,
        units=units,
        states=acts.states,
        ends=ends,
        steps=len(DEAD) + 1,
        rungs=rungs,
        own=dead[None],
        volume=count.at_home(acts.kinds),
        around=count.with_others(acts.kinds),
        causes={name: count.cause(claim) for name, claim in portable_claims().items()},
    )


def _dead(acts: Acts, holdings: Sequence[Holding]) -> tuple[Floats, tuple[str, ...], Ints]:
    """Dead by conflict and week (D, W), names, and the state of each by number (D,)."""
    week = f"(start_date - DATE '{acts.first}') // 7"
    sql = f"""SELECT dyad, country, {week} AS week, sum(deaths_best) FROM ({union(holdings)})
        WHERE code = 'State-based violence' AND dyad IS NOT NULL AND country IS NOT NULL AND dyad NOT LIKE '% - %'
            AND start_date >= DATE '{acts.first}' AND {week} < {acts.weeks} AND deaths_best > 0
        GROUP BY ALL ORDER BY ALL"""
    with TemporaryDirectory() as folder, connected(Path(folder)) as connection:
        told = rows(connection, sql)
    by_unit: dict[tuple[str, str], Floats] = {}
    for dyad, country, at, killed in told:
        if country in acts.states:
            by_unit.setdefault((country, dyad), np.zeros(acts.weeks))[int(at)] += killed
    kept = {unit: dead for unit, dead in sorted(by_unit.items()) if (dead > 0).sum() >= LEAST_WEEKS}
    if len(kept) < 2:
        raise DataError(
            f"{len(kept)} internal wars with dead in {LEAST_WEEKS} weeks",
            where=", ".join(dict.fromkeys(h.name for h in holdings)),
            why="a general claim is one about many conflicts",
            remedy="name a dataset of the dead by conflict that covers the same weeks, such as UCDP GED",
        )
    names = tuple(f"{country}: {dyad}" for country, dyad in kept)
    return np.array(list(kept.values())), names, np.array([acts.states.index(country) for country, _ in kept])


class _Counter:
    """Counts acts by war and week; a war's own acts are those within its state."""

    def __init__(self, acts: Acts, where: Ints) -> None:
        self.acts, self.where = acts, where
        self.home = acts.actor == acts.recipient

    def cause(self, claim: PortableClaim) -> Floats:
        """What a claim says is a cause, counted, (D, W); nothing where the data do not tell it."""
        if claim.among in _NOT_TOLD:
            return np.zeros((self.where.size, self.acts.weeks))
        inside = claim.among in ("between", "at_home")
        return self.at_home(claim.kinds) if inside else self.with_others(claim.kinds, claim.among)

    def at_home(self, kinds: Sequence[str]) -> Floats:
        """Acts within the state."""
        return self._by_state(self.acts.of(kinds) & self.home, self.acts.actor)[self.where]

    def with_others(self, kinds: Sequence[str], among: str = "with_others") -> Floats:
        """Acts of others towards the state and, unless they are what is asked, of the state towards others."""
        abroad = self.acts.of(kinds) & ~self.home
        told = self._by_state(abroad, self.acts.recipient)
        if among != "from_others":
            told = told + self._by_state(abroad, self.acts.actor)
        return told[self.where]

    def _by_state(self, mine: NDArray[np.bool_], who: Ints) -> Floats:
        size = (len(self.acts.states), self.acts.weeks)
        at = who[mine] * size[1] + self.acts.day[mine] // 7
        return np.bincount(at, minlength=size[0] * size[1]).reshape(size).astype(np.float64)

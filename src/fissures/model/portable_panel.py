"""Panels for portable claims: pairs of rival states by week, with their rungs, memories and causes as counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.case.portable import PortableClaim, portable_claims, portable_rungs
from fissures.errors import DataError
from fissures.events.acts import Acts
from fissures.kernel.averages import answered

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RIVALS = 400  # pairs with the most weeks of hostility
LEAST_WEEKS = 4  # of hostility, for a pair to count as rivals at all
REPLY_DAYS = 3


@dataclass(frozen=True)
class Panel:
    """D units over W weeks from `first`, a Monday.

    `ends` (D, 2) are their nodes by number, twice the same for a unit of one state. `rungs` (D, W); `own` (q, D, W) are
    counts behind the rungs; `volume` (D, W) is all that was reported within the unit and `around` (D, W) all about its
    states with others. `causes` holds one count per claim, (D, W).
    """

    first: date
    units: tuple[str, ...]
    states: tuple[str, ...]
    ends: Ints
    steps: int
    rungs: Ints
    own: Floats
    volume: Floats
    around: Floats
    causes: Mapping[str, Floats]

    @property
    def climbs(self) -> int:
        """Units that climbed to the top rung at least once."""
        top = self.rungs == self.steps - 1
        return int((top[:, 1:] & ~top[:, :-1]).any(axis=1).sum())

    @property
    def nodes(self) -> int:
        """States that stand in at least one unit."""
        return int(np.unique(self.ends).size)


def rivals(acts: Acts, most: int = RIVALS) -> Panel:
    """The pairs of states with the most weeks of hostility, as a panel.

    A pair stands each week on the highest rung of which anything was reported. Raises DataError where fewer than two
    pairs are rivals.
    """
    count = _Counter.of(acts, most)
    ladder = [rung.kinds for rung in portable_rungs()]
    by_rung = np.stack([count.between(kinds) for kinds in ladder[1:]])
    rungs = np.max([(by_rung[r] > 0) * (r + 1) for r in range(len(by_rung))], axis=0)
    volume = count.between(acts.kinds)
    return Panel(
        first=acts.first,
        units=tuple(f"{acts.states[a]}-{acts.states[b]}" for a, b in count.ends.tolist()),
        states=acts.states,
        ends=count.ends,
        steps=len(ladder),
        rungs=rungs,
        own=by_rung,
        volume=volume,
        around=count.with_others(acts.kinds),
        causes={name: count.cause(claim) for name, claim in portable_claims().items()},
    )


@dataclass(frozen=True)
class _Counter:
    """Counts acts by unit and week; `unit` (n,) is each act's pair by number, or -1."""

    acts: Acts
    ends: Ints
    unit: Ints

    @classmethod
    def of(cls, acts: Acts, most: int) -> _Counter:
        states = len(acts.states)
        pair = np.minimum(acts.actor, acts.recipient) * states + np.maximum(acts.actor, acts.recipient)
        hostile = acts.of([kind for rung in portable_rungs() for kind in rung.kinds]) & (acts.actor != acts.recipient)
        weeks = np.unique(pair[hostile] * (acts.weeks + 1) + acts.day[hostile] // 7) // (acts.weeks + 1)
        found, seen = np.unique(weeks, return_counts=True)
        found, seen = found[seen >= LEAST_WEEKS], seen[seen >= LEAST_WEEKS]
        if found.size < 2:
            raise DataError(
                f"{found.size} pairs of states with {LEAST_WEEKS} weeks of hostility",
                where=f"{acts.weeks} weeks from {acts.first}",
                why="a general claim is one about many pairs",
                remedy="add data on more states, or a longer window",
            )
        chosen = np.sort(found[np.lexsort((found, -seen))[:most]])
        at = np.minimum(np.searchsorted(chosen, pair), chosen.size - 1)
        unit = np.where((chosen[at] == pair) & (acts.actor != acts.recipient), at, -1)
        return cls(acts, np.stack([chosen // states, chosen % states], axis=1), unit)

    def between(self, kinds: Sequence[str]) -> Floats:
        """Acts of these kinds between the two, either way, (D, W)."""
        mine = self.acts.of(kinds) & (self.unit >= 0)
        return _tally(self.unit[mine], self.acts.day[mine] // 7, (len(self.ends), self.acts.weeks))

    def by_state(self, mine: Bools, who: Ints) -> Floats:
        """Chosen acts by state and week, (S, W)."""
        return _tally(who[mine], self.acts.day[mine] // 7, (len(self.acts.states), self.acts.weeks))

    def cause(self, claim: PortableClaim) -> Floats:
        """What a claim says is a cause, counted, (D, W)."""
        count = {
            "between": self.between,
            "at_home": self.at_home,
            "with_others": self.with_others,
            "from_others": self.from_others,
            "both_met": self.both_met,
            "answered": self.answered,
        }
        return count[claim.among](claim.kinds)

    def at_home(self, kinds: Sequence[str]) -> Floats:
        """Acts within one of the two states."""
        told = self.by_state(self.acts.of(kinds) & (self.acts.actor == self.acts.recipient), self.acts.actor)
        return told[self.ends].sum(axis=1)

    def with_others(self, kinds: Sequence[str]) -> Floats:
        """Acts between one of the two and a third state, either way."""
        mine = self.acts.of(kinds) & (self.acts.actor != self.acts.recipient)
        told = self.by_state(mine, self.acts.actor) + self.by_state(mine, self.acts.recipient)
        return told[self.ends].sum(axis=1) - 2.0 * self.between(kinds)

    def from_others(self, kinds: Sequence[str]) -> Floats:
        """Acts of third states towards one of the two."""
        told = self.by_state(self.acts.of(kinds) & (self.acts.actor != self.acts.recipient), self.acts.recipient)
        return told[self.ends].sum(axis=1) - self.between(kinds)

    def both_met(self, kinds: Sequence[str]) -> Floats:
        """Third states' acts with both of the two in one week: for each the lesser of its two counts, summed."""
        size = (len(self.acts.states), len(self.acts.states), self.acts.weeks)
        mine = self.acts.of(kinds) & (self.acts.actor != self.acts.recipient)
        one_way = np.zeros(size, np.uint8)  # at most one a day, so seven a week and kind
        np.add.at(one_way, (self.acts.actor[mine], self.acts.recipient[mine], self.acts.day[mine] // 7), 1)
        met = one_way + one_way.transpose(1, 0, 2)
        return np.array([np.minimum(met[a], met[b]).sum(axis=0) for a, b in self.ends.tolist()], np.float64)

    def answered(self, kinds: Sequence[str]) -> Floats:
        """Days on which one of the two replied in kind to what the other had done one to three days before."""
        mine, size = self.acts.of(kinds) & (self.unit >= 0), (len(self.ends), 7 * self.acts.weeks)
        up, down = np.zeros(size, bool), np.zeros(size, bool)
        for way, first in ((up, True), (down, False)):
            told = mine & ((self.acts.actor < self.acts.recipient) == first)
            way[self.unit[told], self.acts.day[told]] = True
        replies = answered(up, down, REPLY_DAYS).astype(np.float64) + answered(down, up, REPLY_DAYS)
        return replies.reshape(len(self.ends), -1, 7).sum(axis=2)


def _tally(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Floats:
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

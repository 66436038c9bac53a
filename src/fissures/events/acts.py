"""Acts of states: which kinds of thing were reported of whom to whom on which day, each once a day.

News tell one event in many rows. An act here is a day, two states and a kind (a CAMEO root, or a PLOVER category where
the source has no CAMEO codes), so the order of rows and their number do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError
from fissures.events.database import connected
from fissures.events.selection import union
from fissures.events.store import Holding

Ints = NDArray[np.int64]
Pair = tuple[str, str]

_KIND = "CASE WHEN regexp_full_match(code, '[0-9]{2,4}') THEN left(code, 2) ELSE category END"


@dataclass(frozen=True)
class Acts:
    """Distinct acts over whole weeks from `first`, a Monday: day, actor, recipient and kind as numbers, (n,) each.

    `states` and `kinds` are their names, sorted. An act of a state upon itself happened at home.
    """

    first: date
    weeks: int
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    day: Ints
    actor: Ints
    recipient: Ints
    kind: Ints

    def of(self, kinds: Sequence[str]) -> NDArray[np.bool_]:
        """Which acts are of these kinds, (n,)."""
        return np.isin(self.kind, [self.kinds.index(k) for k in kinds if k in self.kinds])


def read_acts(holdings: Sequence[Holding], first: date, last: date) -> Acts:
    """The acts of the whole weeks, Monday to Sunday, between two days, both included.

    Raises DataError where the data hold no act between two states there.
    """
    monday = date.fromordinal(first.toordinal() + (-first.weekday()) % 7)
    weeks = max((last.toordinal() + 1 - monday.toordinal()) // 7, 0)
    sql = f"""SELECT DISTINCT start_date - DATE '{monday}' AS day, actor_state, recipient_state, {_KIND} AS kind
        FROM ({union(holdings)}) WHERE actor_state IS NOT NULL AND recipient_state IS NOT NULL
            AND date_precision = 'day' AND start_date >= DATE '{monday}' AND start_date - DATE '{monday}' < {7 * weeks}
            AND kind IS NOT NULL"""
    with TemporaryDirectory() as folder, connected(Path(folder)) as connection:
        got = connection.execute(sql).fetchnumpy()
    if not len(got["day"]):
        raise DataError(
            f"no act of one state towards another between {first} and {last}",
            where=", ".join(dict.fromkeys(h.name for h in holdings)),
            why="portable claims are fitted on weeks of acts between pairs of states",
            remedy="name a dataset that codes who did what to whom, and a window that it covers",
        )
    return acts_of(got["day"], got["actor_state"], got["recipient_state"], got["kind"], monday, weeks)


def acts_of(day: Any, actor: Any, recipient: Any, kind: Any, first: date, weeks: int) -> Acts:
    """Acts from plain columns, (n,) each: days counted from `first`, states, and kinds by name; repeats are dropped."""
    states, sides = np.unique(np.concatenate([actor, recipient]).astype(str), return_inverse=True)
    kinds, what = np.unique(np.asarray(kind).astype(str), return_inverse=True)
    table = np.stack([np.asarray(day, np.int64), *sides.reshape(2, -1), what.ravel()], axis=1)
    once = np.unique(table, axis=0).T
    return Acts(first, weeks, tuple(states.tolist()), tuple(kinds.tolist()), *once.astype(np.int64))


def without(acts: Acts, pairs: Sequence[Pair]) -> Acts:
    """The acts less all that these pairs of states did to one another, as if it had never been reported.

    >>> one = acts_of([0, 1], ["A", "A"], ["B", "C"], ["13", "13"], date(2018, 1, 1), 1)
    >>> without(one, [("B", "A")]).recipient.size
    1
    """
    known = {name: number for number, name in enumerate(acts.states)}
    kept = np.ones(acts.day.size, bool)
    for one, other in pairs:
        a, b = known.get(one, -1), known.get(other, -1)
        kept &= ~(((acts.actor == a) & (acts.recipient == b)) | ((acts.actor == b) & (acts.recipient == a)))
    columns = (acts.day[kept], acts.actor[kept], acts.recipient[kept], acts.kind[kept])
    return Acts(acts.first, acts.weeks, acts.states, acts.kinds, *columns)

"""Which rung a front stood on, and how sure the record makes us: intervals, never guesses.

The rules are the case's own (`observed_when`, `possible_when`). A week shows at least the highest rung that a rule
proves and at most the highest that a rule allows. A front leaves the rung above quiet only when nothing has been
reported for the ladder's own waiting time (`quiet_days`); that is applied day by day, once days are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Ladder

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Week = Mapping[str, float]

_COLUMNS = {"drone days": "drone_days", "most killed in a day": "most_killed_in_a_day"}


@dataclass(frozen=True)
class Rules:
    """A ladder's rules, parsed: rung number with condition, those that prove and those that allow.

    `quiet_days` of silence make a front quiet (0: no such rule); `counts` are rules on streams, which prove a rung on
    the last day of their window.
    """

    proves: tuple[tuple[int, grammar.Condition], ...]
    allows: tuple[tuple[int, grammar.Condition], ...]
    counts: tuple[tuple[int, grammar.Condition], ...]
    quiet_days: float


def rules_of(ladder: Ladder, streams: Iterable[str] = ()) -> Rules:
    """Parse the rules of a ladder; rungs are numbered from 0, low to high."""
    known = tuple(streams)
    proves: list[tuple[int, grammar.Condition]] = []
    allows: list[tuple[int, grammar.Condition]] = []
    counts: list[tuple[int, grammar.Condition]] = []
    quiet = 0.0
    for number, rung in enumerate(ladder.rungs.values()):
        for text in rung.observed_when:
            found = grammar.condition(text, known)
            if found.measure == "nothing":
                quiet = found.at_least
            else:
                (counts if found.window else proves).append((number, found))
        allows += [(number, grammar.condition(text, known)) for text in rung.possible_when]
    return Rules(tuple(proves), tuple(allows), tuple(counts), quiet)


def activity(week: Week) -> float:
    """Reports of any kind in a week: casualties and weapon incidents together, or the events where they are counted."""
    told = sum(week[name] for name in ("killed", "wounded", "heavy", "special", "drones"))
    return max(told, week.get("events", 0.0))


def holds(condition: grammar.Condition, week: Week) -> bool:
    """Whether a week of the record meets a condition.

    >>> holds(grammar.Condition("killed", 10), {"killed": 13})
    True
    """
    value = activity(week) if condition.measure == "any" else week[_COLUMNS.get(condition.measure, condition.measure)]
    return value >= condition.at_least


def counted_rungs(rules: Rules, counts: Floats, seen: NDArray[np.bool_], names: list[str]) -> tuple[Ints, Ints]:
    """Lowest and highest rung by day that rules on streams allow: exact where every stream of a rule was observed.

    counts (S, T), seen (S, T) by stream; both bounds (T,). A rung whose window was not wholly observed stays open.
    """
    days = counts.shape[1]
    low, high = np.zeros(days, np.int64), np.zeros(days, np.int64)
    for rung, rule in rules.counts:
        s, window = names.index(rule.measure), max(int(rule.window), 1)
        proven = _trailing(counts[s], window) >= rule.at_least
        open_days = _trailing((~seen[s]).astype(np.float64), window) > 0
        low = np.where(proven, np.maximum(low, rung), low)
        high = np.where(proven | open_days, np.maximum(high, rung), high)
    return low, high


def _trailing(values: Floats, window: int) -> Floats:
    """Sums over each day and the days before it, `window` days in all."""
    running = np.concatenate([np.zeros(1), np.cumsum(values)])
    ends = np.arange(1, values.size + 1)
    return np.asarray(running[ends] - running[np.maximum(ends - window, 0)], np.float64)


def week_interval(week: Week, rules: Rules, most: Week | None = None) -> tuple[int, int]:
    """Lowest and highest rung that the most active day of a week can have had; a silent week has none above quiet.

    Where the record itself is unsure, `week` holds what is the least that happened and `most` the most.
    """
    known, at_most = (*rules.proves, *rules.allows), week if most is None else most
    lowest = max((rung for rung, rule in rules.proves if holds(rule, week)), default=0)
    highest = max((rung for rung, rule in (rules.allows if most is None else known) if holds(rule, at_most)), default=0)
    return lowest, max(lowest, highest)

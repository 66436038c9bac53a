"""Which rung a front stood on, and how sure the record makes us: intervals, never guesses.

The rules are the case's own (`observed_when`, `possible_when`). A week shows at least the highest rung that a rule
proves and at most the highest that a rule allows. A front leaves the rung above quiet only when nothing has been
reported for the ladder's own waiting time (`quiet_days`); that is applied day by day, once days are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fissures.case import grammar
from fissures.case.records import Ladder

Week = Mapping[str, float]

_COLUMNS = {"drone days": "drone_days", "most killed in a day": "most_killed_in_a_day"}


@dataclass(frozen=True)
class Rules:
    """A ladder's rules, parsed: rung number with condition, those that prove and those that allow."""

    proves: tuple[tuple[int, grammar.Condition], ...]
    allows: tuple[tuple[int, grammar.Condition], ...]
    quiet_days: float


def rules_of(ladder: Ladder) -> Rules:
    """Parse the rules of a ladder; rungs are numbered from 0, low to high."""
    proves, allows, quiet = [], [], 14.0
    for number, rung in enumerate(ladder.rungs.values()):
        for text in rung.observed_when:
            found = grammar.condition(text)
            if found.measure == "nothing":
                quiet = found.at_least
            else:
                proves.append((number, found))
        allows += [(number, grammar.condition(text)) for text in rung.possible_when]
    return Rules(tuple(proves), tuple(allows), quiet)


def activity(week: Week) -> float:
    """Reports of any kind in a week: casualties and weapon incidents together."""
    return sum(week[name] for name in ("killed", "wounded", "heavy", "special", "drones"))


def holds(condition: grammar.Condition, week: Week) -> bool:
    """Whether a week of the record meets a condition.

    >>> holds(grammar.Condition("killed", 10), {"killed": 13})
    True
    """
    value = activity(week) if condition.measure == "any" else week[_COLUMNS.get(condition.measure, condition.measure)]
    return value >= condition.at_least


def week_interval(week: Week, rules: Rules) -> tuple[int, int]:
    """Lowest and highest rung that the most active day of a week can have had; a silent week has none above quiet."""
    lowest = max((rung for rung, rule in rules.proves if holds(rule, week)), default=0)
    highest = max((rung for rung, rule in rules.allows if holds(rule, week)), default=0)
    return lowest, max(lowest, highest)

"""What the reference class expects of a case's fronts: their own weekly dead, carried on by the pooled ladder.

The record tells deaths by week and not always the front. So it is completed several times over, each week's dead on the
front that a spell names or one drawn by the stated split, and every completion is a unit of the class. The paths answer
questions that deaths can answer: how many are killed, whether so many are, rungs whose rule is on the dead of a week.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.events.panel import Panel
from fissures.model.class_prior import death_bands
from fissures.model.reference import ReferenceTable, admit, forecast
from fissures.study.records import ReferenceClass

Floats = NDArray[np.float64]

COMPLETIONS = 10
PATHS = 10_000
SEED = 1  # of the class's own paths: an answer's base rate does not change with the seed of a run
METHOD = "pooled ladder and own record"


@dataclass(frozen=True)
class Expected:
    """Weekly dead to come by group of fronts, each simulated once and kept; `weeks` are Mondays of whole weeks."""

    case: Case
    panel: Panel
    table: ReferenceTable
    made: dict[tuple[str, ...], Floats] = field(default_factory=dict, compare=False)

    @property
    def begins(self) -> date:
        """The Monday after the last whole week of the record."""
        after = self.case.as_of + timedelta(days=1)
        return after - timedelta(days=after.weekday())

    def paths(self, fronts: tuple[str, ...]) -> Floats:
        """Dead by week to come on these fronts together; shape (weeks, PATHS)."""
        if fronts not in self.made:
            steps = (self.case.horizon - self.begins).days // 7 + 1
            past = own_weeks(self.case, self.panel, fronts)
            found = forecast(self.table, past, steps, PATHS // COMPLETIONS, SEED)
            self.made[fronts] = found.reshape(steps, -1)
        return self.made[fronts]

    def asked(self, until: date) -> list[date]:
        """The weeks that count towards a question by a date: those whose Thursday lies between as-of date and it."""
        steps = (self.case.horizon - self.begins).days // 7 + 1
        thursdays = [self.begins + timedelta(weeks=n, days=3) for n in range(steps)]
        return [day for day in thursdays if self.case.as_of < day <= until]


def expect(case: Case, panel: Panel, table: ReferenceTable | None) -> Expected | None:
    """The class's expectation for a case, or None without a table; raises DataError for one that knows too much."""
    return None if table is None else Expected(case, panel, admit(table, case.as_of))


def own_weeks(case: Case, panel: Panel, fronts: tuple[str, ...]) -> Floats:
    """Dead by whole week on some fronts in each completion of the record; (weeks, COMPLETIONS).

    Weeks that the record leaves out hold what their spells say, by day; NaN where nothing is known.
    """
    killed = _filled(panel)
    whole = len(killed) - (0 if (case.as_of + timedelta(days=1)).weekday() == 0 else 1)
    names = list(case.fronts)
    mine = np.array([name in fronts for name in names])
    split = np.cumsum(panel.split[: len(names)])
    if split.size and split[-1] > 0:
        drawn = np.random.default_rng(SEED).random((len(killed), COMPLETIONS)) * split[-1]
        owner = np.searchsorted(split, drawn, side="right").clip(0, len(names) - 1)
    else:
        owner = np.zeros((len(killed), COMPLETIONS), np.int64)
    named = panel.named[: len(killed), None]
    owner = np.where((named >= 0) & (named < len(names)), named, owner)
    here = np.where(np.isnan(killed)[:, None], np.nan, np.where(mine[owner], killed[:, None], 0.0))
    return here[:whole]


def _filled(panel: Panel) -> Floats:
    """Killed by week, with the dead of spells on days that the record does not cover laid on those days alike."""
    killed = panel.killed.copy()
    for spell in panel.spells:
        days = np.arange(spell.start, spell.end + 1)
        if spell.killed_low and spell.killed_high and not panel.covered[days].any():
            dead = np.sqrt(spell.killed_low * spell.killed_high) / days.size
            touched, share = np.unique(panel.week_of[days], return_counts=True)
            killed[touched] = np.nan_to_num(killed[touched]) + np.round(dead * share)
    return killed


def from_class(expected: Expected, question: Question) -> ReferenceClass | None:
    """What the class says of one question, or None where deaths by week cannot answer it."""
    case = expected.case
    ask = grammar.asks(question.asks, case)
    recorded = {name for name, known in zip(case.fronts, expected.panel.recorded, strict=False) if known}
    fronts = tuple(name for name in case.fronts if name in recorded & set(ask.fronts))
    weeks = expected.asked(question.by)
    if not fronts or not weeks or ask.who is not None:
        return None
    first = (weeks[0] - expected.begins).days // 7
    if ask.kind == "total" and recorded <= set(ask.fronts):
        return _number(expected, question, expected.paths(fronts)[first : first + len(weeks)])
    if ask.kind in ("deaths", "month"):
        dead = expected.paths(fronts)[first : first + len(weeks)]
        hits = _in_a_month(dead, weeks) if ask.kind == "month" else dead.sum(axis=0)
        return _share(expected, hits >= ask.at_least, f"{ask.at_least:g} or more killed")
    if ask.kind == "reaches":
        return _rung(expected, ask, fronts, slice(first, first + len(weeks)))
    return None


def _rung(expected: Expected, ask: grammar.Ask, fronts: tuple[str, ...], weeks: slice) -> ReferenceClass | None:
    """A rung by the dead of a week, where its ladder's rules say how many; on any of the fronts by each one's own."""
    case = expected.case
    bands = [death_bands(case, case.fronts[name].ladder).get(str(ask.rung)) for name in fronts]
    if None in bands or len(set(bands)) != 1:
        return None
    least = float(bands[0] or 0.0)
    return _share(expected, expected.paths(fronts)[weeks].max(axis=0) >= least, f"{least:g} or more killed in a week")


def _in_a_month(dead: Floats, weeks: list[date]) -> Floats:
    """The most dead of any calendar month, a week belonging to the month of its Thursday; (paths,)."""
    month = np.array([day.year * 12 + day.month for day in weeks])
    return np.max([dead[month == m].sum(axis=0) for m in np.unique(month)], axis=0)


def _share(expected: Expected, hits: NDArray[np.bool_], what: str) -> ReferenceClass:
    value = (float(hits.sum()) + 0.5) / (hits.size + 1.0)
    return ReferenceClass(value, METHOD, expected.table.cutoff, f"{what}; {_class_of(expected)}")


def _number(expected: Expected, question: Question, dead: Floats) -> ReferenceClass:
    total = dead.sum(axis=0)
    low, high = np.quantile(total, [0.1, 0.9])
    told = [f"{limit:g} or more {_whole(float((total >= limit).mean()))}" for limit in question.exceed]
    inside = "; ".join([f"eight in ten {low:.0f} to {high:.0f}", *told, _class_of(expected)])
    return ReferenceClass(float(np.median(total)), f"{METHOD}, median", expected.table.cutoff, inside)


def _whole(p: float) -> str:
    """A share in whole points that never claims certainty."""
    return "< 1 %" if p < 0.01 else "> 99 %" if p > 0.99 else f"{100 * p:.0f} %"


def _class_of(expected: Expected) -> str:
    table = expected.table
    return f"{table.units} {table.unit}s by {table.step}, {table.vintage}, to {table.cutoff}"

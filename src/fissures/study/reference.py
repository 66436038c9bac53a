"""The reference class of a question: the pooled ladder where deaths can answer it, else the unit's own record.

Where neither speaks to a question, the answer says none.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.events.panel import Panel
from fissures.study.expected import Expected, from_class
from fissures.study.records import ReferenceClass

FEWEST = 3  # windows; a share of fewer says nothing


def of(case: Case, panel: Panel, question: Question, expected: Expected | None) -> ReferenceClass | None:
    """What to expect of a question before anybody argues, and by which method; None where nothing speaks to it."""
    found = from_class(expected, question) if expected else None
    return found or own_record(case, panel, question)


def own_record(case: Case, panel: Panel, question: Question) -> ReferenceClass | None:
    """How often the fronts' own record did what a question asks, over windows of the question's length.

    Windows do not overlap, counted back from the as-of date; a share is (k + 1/2) / (n + 1), Jeffreys' rule, so that
    what never happened is rare and not impossible. None where the record does not tell the fronts apart.
    """
    ask = grammar.asks(question.asks, case)
    length = (question.by - case.as_of).days
    if ask.kind == "reaches":
        return _rung(case, panel, ask, length)
    recorded = {name for name, known in zip(case.fronts, panel.recorded, strict=False) if known}
    if ask.kind == "total" and ask.who is None and recorded <= set(ask.fronts):
        return _deaths(case, panel, length)
    if ask.kind in ("events", "none"):
        return _events(case, panel, ask, length)
    return None


def _rung(case: Case, panel: Panel, ask: grammar.Ask, length: int) -> ReferenceClass | None:
    mine = [spell for spell in panel.episodes if spell.front in ask.fronts]
    if not mine:
        return None
    begins = min(spell.start for spell in mine)
    count = (case.as_of - begins).days // length
    if count < FEWEST:
        return None
    hits = 0
    for w in range(count):
        end = case.as_of - timedelta(days=w * length)
        start = end - timedelta(days=length - 1)
        hits += any(_at_or_above(case, s.front, s.rung, ask.rung) and s.start <= end and s.end >= start for s in mine)
    return ReferenceClass(
        value=(hits + 0.5) / (count + 1),
        method="own record",
        cutoff=case.as_of,
        counted=f"{hits} of {count} windows of {length} days since {begins.year}",
    )


def _events(case: Case, panel: Panel, ask: grammar.Ask, length: int) -> ReferenceClass | None:
    """Over windows of the days on which every stream of the question was counted: how many saw enough events, or none.

    For streams that nobody counted, or not over windows enough, the rate that the case states stands in.
    """
    seen = np.all([panel.seen(name) for name in ask.streams], axis=0)
    days = np.flatnonzero(seen)
    count = days.size // length
    if count < FEWEST:
        return _stated_rate(case, ask, length)
    names = list(case.streams)
    table = panel.evidence[[names.index(name) for name in ask.streams]].sum(axis=0)[days]
    sums = [table[days.size - (w + 1) * length : days.size - w * length].sum() for w in range(count)]
    hits = sum(total == 0 if ask.kind == "none" else total >= ask.at_least for total in sums)
    return ReferenceClass(
        value=(float(hits) + 0.5) / (count + 1),
        method="own record",
        cutoff=panel.date_of(int(days[-1])),
        counted=f"{hits} of {count} windows of {length} days, {panel.date_of(int(days[0])).year} on",
    )


def _stated_rate(case: Case, ask: grammar.Ask, length: int) -> ReferenceClass | None:
    """Climatology: how likely so many events are by the rates that the case states, before any claim (Poisson)."""
    from scipy.stats import poisson

    stated = [case.streams[name].base_rate for name in ask.streams]
    if None in stated:
        return None
    expected = sum(grammar.rate(str(text)) for text in stated) * length
    none = float(poisson.cdf(0, expected))
    value = none if ask.kind == "none" else float(poisson.sf(ask.at_least - 1, expected))
    return ReferenceClass(
        value, "stated base rate", case.as_of, " and ".join(dict.fromkeys(str(text) for text in stated))
    )


def _at_or_above(case: Case, front: str, rung: str, asked: str | None) -> bool:
    rungs = grammar.rungs_of(case, front)
    return asked in rungs and rung in rungs and rungs.index(rung) >= rungs.index(str(asked))


def _deaths(case: Case, panel: Panel, length: int) -> ReferenceClass | None:
    """Median deaths over windows of the record; what it leaves out counts as what its spells say, or not at all."""
    weeks = max(round(length / 7), 1)
    killed = panel.killed.copy()
    for spell in panel.spells:
        if not panel.covered[spell.start : spell.end + 1].any() and spell.killed_low and spell.killed_high:
            touched = np.unique(panel.week_of[spell.start : spell.end + 1])
            killed[touched] = np.nan_to_num(killed[touched])
            killed[touched[0]] += np.sqrt(spell.killed_low * spell.killed_high)
    sums = np.array([killed[end - weeks : end].sum() for end in range(len(killed), weeks - 1, -weeks)])
    sums = sums[~np.isnan(sums)]
    if sums.size < FEWEST:
        return None
    return ReferenceClass(
        value=float(np.median(sums)),
        method="own record, median",
        cutoff=_last(panel, case),
        counted=f"{sums.size} windows of {weeks} weeks since {panel.first.year}, {sums.min():.0f} to {sums.max():.0f}",
    )


def _last(panel: Panel, case: Case) -> date:
    return min(panel.date_of(panel.days - 1), case.as_of)

"""Spells: stretches of days on one front that are known by their highest rung and a range of deaths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case
from fissures.errors import Finding
from fissures.events import files
from fissures.events.clock import Clock, wrong

Ints = NDArray[np.int64]

_SPELL: dict[str, Any] = {
    "front": str,
    "start": files.day,
    "end": files.day,
    "rung": str,
    "killed_low": files.optional_number,
    "killed_high": files.optional_number,
}
SHORT_SPELL = 7  # days: a spell this short names every day's rung; a longer one only the highest


@dataclass(frozen=True)
class Spell:
    """A stretch of days on one front known by its highest rung and a range of deaths."""

    front: int
    start: int
    end: int
    rung: int
    killed_low: float | None
    killed_high: float | None


@dataclass(frozen=True)
class Episode:
    """A spell as the file gives it: front and rung by name, calendar dates, back to the file's beginning."""

    front: str
    start: date
    end: date
    rung: str


def read_spells(case: Case, folder: Path, clock: Clock) -> tuple[tuple[Spell, ...], tuple[Episode, ...], list[Finding]]:
    """Spells on the case's fronts inside the panel; others are counted in a note."""
    kept: list[Spell] = []
    episodes: list[Episode] = []
    outside, others = 0, list[str]()
    fronts = list(case.fronts)
    for record in case.evidence.values():
        if record.kind != "spells":
            continue
        for row in files.read_rows(folder / record.file, _SPELL):
            end = clock.day(row["end"], row.at(record.file))
            if row["start"] > row["end"]:
                message = f"a spell ends on {row['end']}, before it begins on {row['start']}"
                raise wrong(row.at(record.file), message, "swap them")
            if row["front"] in fronts and row["start"] <= row["end"]:
                episodes.append(Episode(row["front"], row["start"], row["end"], row["rung"]))
            if row["front"] not in fronts or end < 0:
                outside += 1
                others += [row["front"]] if row["front"] not in (*fronts, *others) else []
                continue
            rungs = list(case.ladders[case.fronts[row["front"]].ladder].rungs)
            if row["rung"] not in rungs:
                raise wrong(row.at(record.file), f"no rung '{row['rung'][:60]}'", grammar.nearest(row["rung"], rungs))
            start = max((row["start"] - clock.first).days, 0)
            kept.append(
                Spell(
                    fronts.index(row["front"]),
                    start,
                    end,
                    rungs.index(row["rung"]),
                    row["killed_low"],
                    row["killed_high"],
                )
            )
    note = f"{outside} spells lie before {clock.first}"
    if others:
        note += f" or on fronts that this case does not hold: {', '.join(others)}"
    return tuple(kept), tuple(episodes), [Finding("evidence", "note", note)] if outside else []


def bounds(
    case: Case,
    weeks: dict[str, NDArray[np.generic]],
    recorded: NDArray[np.bool_],
    spells: tuple[Spell, ...],
    clock: Clock,
) -> tuple[Ints, Ints, list[Finding]]:
    """Bounds of each front's rung by day: exact in short spells, an upper bound in long ones.

    Where the weekly record of the `recorded` fronts (fronts,) proves more than their spells allow, the record wins.
    """
    shape = (len(case.fronts), clock.days)
    top = np.array([len(case.ladders[front.ladder].rungs) - 1 for front in case.fronts.values()])
    low, high = np.zeros(shape, np.int64), np.repeat(top[:, None], clock.days, 1)
    bounded = np.zeros(shape, bool)
    for spell in sorted(spells, key=lambda s: s.start - s.end):
        days = np.s_[spell.front, spell.start : spell.end + 1]
        if spell.end - spell.start < SHORT_SPELL:
            low[days] = high[days] = spell.rung
        else:
            high[days] = np.where(bounded[days], np.maximum(high[days], spell.rung), spell.rung)
        bounded[days] = True
    findings = []
    proven = np.asarray(weeks["low"], np.int64)[weeks["week_of"].astype(int)]
    known = np.flatnonzero(recorded)
    beaten = (high[known] < proven).all(axis=0) & np.asarray(weeks["covered"], bool) & (low[known].max(axis=0) < 1)
    if beaten.any():
        high[np.ix_(known, beaten)] = np.maximum(high[np.ix_(known, beaten)], proven[beaten])
        count = len(set(np.asarray(weeks["week_of"])[beaten].tolist()))
        findings.append(
            Finding(
                "evidence",
                "note",
                f"in {count} weeks the weekly record shows a higher rung than the spells allow; the record wins",
                "two sources disagree about the same days",
                "see SOURCES.md of the case",
            )
        )
    return low, high, findings


def named(
    weeks: dict[str, NDArray[np.generic]], recorded: NDArray[np.bool_], spells: tuple[Spell, ...], active: int
) -> Ints:
    """For each week the recorded front that its highest spell at rung `active` or more names; -1 where none does."""
    named = np.full(len(weeks["low"]), -1)
    week_of = np.asarray(weeks["week_of"], np.int64)
    for spell in sorted(spells, key=lambda s: s.rung):
        if spell.rung >= active and recorded[spell.front]:
            named[np.unique(week_of[spell.start : spell.end + 1])] = spell.front
    return named

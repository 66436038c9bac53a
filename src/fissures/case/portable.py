"""Portable claims: sentences general enough to be tried on every pair of rivals, kept as a table in `terms/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fissures import terms

RESULTS = Path(terms.__file__).with_name("portable_results.json")  # of the study, as shipped
AMONG = ("between", "at_home", "with_others", "from_others", "both_met", "answered")


@dataclass(frozen=True)
class PortableClaim:
    """A general claim: its sentence, whose events are its cause, of which kinds, and which way it should act.

    `kinds` are CAMEO roots, and PLOVER categories for data without CAMEO. `climb` and `fall` are the expected signs.
    """

    name: str
    title: str
    sentence: str
    among: str
    kinds: tuple[str, ...]
    climb: int
    fall: int
    literature: str
    source: str


@dataclass(frozen=True)
class PortableRung:
    """A rung that a pair of states stands on in a week: the highest one of which any kind of event was reported."""

    name: str
    kinds: tuple[str, ...]
    described_as: str


@cache
def portable_claims() -> dict[str, PortableClaim]:
    """The catalogue of portable claims by name.

    >>> portable_claims()["threats"].kinds
    ('13', 'THREATEN')
    """
    return {row["name"]: _claim(row) for row in _rows("portable_claims")}


@cache
def portable_rungs() -> tuple[PortableRung, ...]:
    """The rungs of a pair of states, low to high.

    >>> [rung.name for rung in portable_rungs()]
    ['quiet', 'words', 'acts', 'force']
    """
    return tuple(
        PortableRung(row["rung"], tuple(filter(None, row["kinds"].split("|"))), row["described_as"])
        for row in _rows("portable_rungs")
    )


def _claim(row: dict[str, str]) -> PortableClaim:
    if row["among"] not in AMONG:
        raise ValueError(f"portable_claims.csv: '{row['among']}' is none of {', '.join(AMONG)}")
    return PortableClaim(
        name=row["name"],
        title=row["title"],
        sentence=row["sentence"],
        among=row["among"],
        kinds=tuple(row["kinds"].split("|")),
        climb=int(row["climb"]),
        fall=int(row["fall"]),
        literature=row["literature"],
        source=row["source"],
    )


def _rows(table: str) -> list[dict[str, str]]:
    with terms.path(table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

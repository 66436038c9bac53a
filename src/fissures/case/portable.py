"""Portable claims: sentences general enough to be tried on every pair of rivals, kept as a table in `terms/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fissures import terms
from fissures.case import grammar
from fissures.case.records import Case

RESULTS = Path(terms.__file__).with_name("portable_results.json")  # of the study, as shipped
PORTABLE_WAYS = {"climbing": "climb", "violence": "climb", "falling": "fall"}  # by the effect of a case's claim
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


@dataclass(frozen=True)
class Instance:
    """That a case's claim is a portable one here: its name, which way it acts (climb or fall), and the sign of that."""

    claim: PortableClaim
    way: str
    sign: int


def instance_of(case: Case, name: str) -> Instance | None:
    """The portable claim of which a case's claim is an instance; None where it names none that could be.

    The sign is +1 where the claim raises climbing (or falling) and -1 where it lowers it, so that sign times slope
    counts as the case's own priors do.
    """
    told = case.claims[name]
    if told.general not in portable_claims() or told.same_as is not None or told.effect is None:
        return None
    effect = grammar.effect(told.effect, case)
    way = PORTABLE_WAYS.get(effect.kind)
    return None if way is None else Instance(portable_claims()[told.general], way, effect.sign)


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

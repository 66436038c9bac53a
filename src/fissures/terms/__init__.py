"""The field's vocabulary, kept as small tables that an analyst can edit."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_Rows = tuple[dict[str, str], ...]


@dataclass(frozen=True)
class CameoCode:
    """What a CAMEO code is called, where PLOVER puts it (empty: nowhere), and its Goldstein score in [-10, 10]."""

    name: str
    category: str
    mode: str
    context: tuple[str, ...]
    intensity: float


@dataclass(frozen=True)
class State:
    """A state or territory over one span of days, both ends included; None is before 1946, or still."""

    iso3: str
    gw: str
    cow: str
    name: str
    names: tuple[str, ...]
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Role:
    """What an actor is in its country, and what ICEWS and POLECAT call it.

    `icews_broad` are those of `icews` that only name a branch: they count where nothing finer is said.
    """

    described_as: str
    icews: tuple[str, ...]
    icews_broad: tuple[str, ...]
    polecat: tuple[str, ...]


def path(name: str) -> Path:
    """Where the table `name` lies on disk, for DuckDB to read; raises FileNotFoundError where there is none.

    >>> path("cameo").name
    'cameo.csv'
    """
    file = Path(__file__).with_name(name.removesuffix(".csv") + ".csv")
    if not file.is_file():
        tables = ", ".join(sorted(other.stem for other in file.parent.glob("*.csv")))
        raise FileNotFoundError(f"no table '{name}' in the vocabulary; there are {tables}")
    return file


@cache
def _rows(table: str) -> _Rows:
    with path(table).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def strength_words() -> dict[str, tuple[float, float]]:
    """Mean and sd of a claim's prior (log odds per reference surge) for each strength word, weakest first.

    >>> strength_words()["plain"]
    (0.45, 0.4)
    """
    return {row["word"]: (float(row["mean"]), float(row["sd"])) for row in _rows("strength_words.csv")}


def words(scale: str) -> tuple[tuple[float, float, str], ...]:
    """The terms of a scale of likelihood, lowest first, as (lowest, highest probability, term): "icd203" or "phia".

    ICD 203 (2015) has no gap from 1 to 99 %; the yardstick of the United Kingdom's PHIA leaves gaps on purpose.

    >>> words("phia")[0]
    (0.0, 0.05, 'remote chance')
    """
    rows = _rows({"icd203": "probability_words.csv", "phia": "phia_words.csv"}[scale])
    return tuple((float(row["low"]), float(row["high"]), row["term"]) for row in rows)


def plover() -> dict[str, str]:
    """What each PLOVER category covers, in our words; cooperation first, violence last.

    >>> plover()["CONSULT"]
    'meets, visits, telephones, negotiates or mediates'
    """
    return {row["category"]: row["described_as"] for row in _rows("plover.csv")}


def plover_modes() -> dict[str, frozenset[str]]:
    """The modes in which each PLOVER category can be done.

    >>> "drone" in plover_modes()["ASSAULT"], plover_modes()["AID"]
    (True, frozenset())
    """
    pairs = [(row["category"], row["mode"]) for row in _rows("plover_modes.csv") if row["mode"]]
    return {name: frozenset(mode for category, mode in pairs if category == name) for name in plover()}


def cameo_roots() -> dict[str, tuple[str, ...]]:
    """The two-digit CAMEO roots that map to each PLOVER category (the 2021 table; 08 splits by subcode).

    >>> cameo_roots()["ASSAULT"]
    ('18', '19', '20')
    """
    return {row["category"]: tuple(row["cameo_roots"].split()) for row in _rows("plover.csv")}


@cache
def _cameo() -> tuple[tuple[str, CameoCode], ...]:
    return tuple(
        (
            row["code"],
            CameoCode(row["name"], row["category"], row["mode"], _split(row["context"]), float(row["intensity"])),
        )
        for row in _rows("cameo.csv")
    )


def cameo() -> dict[str, CameoCode]:
    """Every CAMEO code as text, leading zero kept, with its PLOVER reading; roots have two digits.

    >>> cameo()["194"].mode, cameo()["0871"].category, cameo()["010"].category
    ('heavy-weapons', 'RETREAT', '')
    """
    return dict(_cameo())


def roles() -> dict[str, Role]:
    """The CAMEO role codes; of several that fit an actor, the first in this order that is not merely broad.

    >>> roles()["MED"].polecat, roles()["COP"].icews[0]
    (('JRN',), 'Police')
    """
    columns = ("icews_sectors", "icews_broad", "polecat_sectors")
    return {
        row["role"]: Role(row["described_as"], *(_split(row[column]) for column in columns))
        for row in _rows("roles.csv")
    }


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@cache
def states() -> tuple[State, ...]:
    """Every state since 1946, dissolved ones too, and the territories event data treat as countries, by ISO code.

    >>> [(s.name, s.gw, s.end) for s in states() if s.iso3 == "CSK"]
    [('Czechoslovakia', '315', datetime.date(1992, 12, 31))]
    """
    return tuple(
        State(
            row["iso3"],
            row["gw"],
            row["cow"],
            row["name"],
            _split(row["names"]),
            _day(row["from"]),
            _day(row["to"]),
        )
        for row in _rows("states.csv")
    )


@cache
def _bearers() -> dict[str, tuple[State, ...]]:
    found: dict[str, list[State]] = {}
    for one in sorted(states(), key=lambda state: state.start or date.min):
        for word in {word.casefold() for word in (one.iso3, one.gw, one.name, *one.names) if word}:
            found.setdefault(word, []).append(one)
    return {word: tuple(bearers) for word, bearers in found.items()}


def _days_away(one: State, on: date) -> int:
    if one.start and on < one.start:
        return (one.start - on).days
    return (on - one.end).days if one.end and on > one.end else 0


def state(name: str, on: date | None = None) -> str | None:
    """The ISO alpha-3 code of a state from a name, a code or a Gleditsch-Ward number, or None if there is none.

    A date decides between states that bore one name: the one that stood then, else the nearest in time. Without
    a date it is the latest. A name only one state ever bore needs no date.

    >>> state("Russia (Soviet Union)", date(1989, 4, 9)), state("russia"), state("816"), state("Atlantis")
    ('SUN', 'RUS', 'VNM', None)
    """
    bearers = _bearers().get(name.strip().casefold(), ())
    if not bearers:
        return None
    return (bearers[-1] if on is None else min(bearers, key=lambda one: _days_away(one, on))).iso3

"""Who, what, to whom: the rows that a stream counts, and those that it must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import fissures as fs
from fissures.case.records import Actor, Case, Stream
from fissures.events import matching, selection, tally
from fissures.events.database import value

DAY = "2018-05-05"
ACTORS = {
    "ARM": Actor(name="Armenia", iso3="ARM", cameo="ARM", known_as=("Nikol Pashinyan",)),
    "AZE": Actor(name="Azerbaijan", iso3="AZE", cameo="AZE"),
    "AZO": Actor(name="Opposition", within="AZE", cameo="AZEOPP"),
    "CRO": Actor(name="Crowds", within="AZE", cameo="AZECVL"),
    "MIN": Actor(name="Minsk Group", cameo="IGOEUROSC", known_as=("OSCE Minsk Group",)),
    "NON": Actor(name="Nobody in particular"),
}
Hold = Callable[..., Any]


@pytest.fixture(scope="module")
def case() -> Case:
    """The shipped case with a handful of actors and streams of its own."""
    streams = {
        "threats": Stream(name="t", count=("THREATEN",), actor=("ARM", "AZE"), recipient=("ARM", "AZE")),
        "protest": Stream(name="p", count=("PROTEST",), actor=("AZO", "CRO"), recipient=("AZE",)),
        "drones": Stream(name="d", count=("ASSAULT/drone",), actor=("AZE",)),
        "talks": Stream(name="m", count=("CONSULT", "REQUEST"), actor=("MIN",), recipient=("ARM", "AZE")),
        "anything": Stream(name="a"),
        "oneself": Stream(name="o", count=("PROTEST",), actor=("ARM",), recipient=("ARM",)),
    }
    record = fs.load("south-caucasus-2020").record
    return record.model_copy(update={"actors": ACTORS, "streams": streams})


def side(which: str, **facts: object) -> dict[str, object]:
    return {f"{which}{'_' + key if key else ''}": value for key, value in facts.items()}


def row(
    category: str, actor: tuple[Any, ...], recipient: tuple[Any, ...] = (None, None, None), **more: Any
) -> dict[str, Any]:
    """A row from (name, state, roles) of both sides."""
    told = {"start_date": DAY, "category": category, "code": "x", **more}
    for which, (name, state, roles) in (("actor", actor), ("recipient", recipient)):
        told |= {which: name, f"{which}_state": state, f"{which}_roles": roles}
    return told


STATE_ARM, STATE_AZE = ("Armenia", "ARM", None), ("Azerbaijan", "AZE", None)
ARMY, OPPOSITION, CROWD = ("Army", "AZE", ["MIL"]), ("Musavat", "AZE", ["OPP"]), ("Citizen", "AZE", ["CVL"])
LAWMAKER = ("An opposition lawmaker", "AZE", ["LEG", "OPP"])
PREMIER = ("Nikol Pashinyan", None, None)
ROWS = {
    "threats": [
        (row("THREATEN", STATE_ARM, STATE_AZE), 1),
        (row("THREATEN", ARMY, STATE_ARM), 1),
        (row("THREATEN", PREMIER, STATE_AZE), 1),
        (row("THREATEN", ("NIKOL PASHINYAN", None, None), STATE_AZE), 1),
        (row("THREATEN", STATE_ARM, STATE_ARM), 0),  # to itself
        (row("THREATEN", PREMIER, STATE_ARM), 0),
        (row("THREATEN", OPPOSITION, STATE_ARM), 0),
        (row("THREATEN", LAWMAKER, STATE_ARM), 0),
        (row("THREATEN", CROWD, STATE_ARM), 0),
        (row("THREATEN", STATE_ARM), 0),
        (row("ACCUSE", STATE_ARM, STATE_AZE), 0),
        (row("THREATEN", ("Georgia", "GEO", None), STATE_AZE), 0),
    ],
    "protest": [
        (row("PROTEST", OPPOSITION, STATE_AZE), 1),
        (row("PROTEST", CROWD, ("Government", "AZE", ["GOV"])), 1),
        (row("PROTEST", CROWD, ("Shop", "AZE", ["BUS"])), 0),
        (row("PROTEST", ("Citizen", "ARM", ["CVL"]), STATE_AZE), 0),
    ],
    "drones": [
        (row("ASSAULT", ARMY, mode="drone"), 1),
        (row("ASSAULT", ARMY, mode="firearms"), 0),
        (row("ASSAULT", ARMY), 0),
    ],
    "oneself": [
        (row("PROTEST", STATE_ARM, STATE_AZE), 0),
        (row("PROTEST", STATE_ARM, STATE_ARM), 0),  # what an actor does to itself needs two names for it
    ],
    "talks": [
        (row("CONSULT", ("osce minsk group", None, None), STATE_ARM), 1),
        (row("REQUEST", ("OSCE Minsk Group", None, ["IGO"]), STATE_AZE), 1),
        (row("CONSULT", ("NATO", None, ["IGO"]), STATE_ARM), 0),  # a body is known by its names, not by being a body
    ],
}


@pytest.mark.parametrize(
    ("stream", "told", "counts"), [(s, told, n) for s, listed in ROWS.items() for told, n in listed]
)
def test_a_row_counts_where_it_should(
    case: Case, hold: Hold, connection: Any, stream: str, told: dict[str, Any], counts: int
) -> None:
    made = hold([told])
    concerned = matching.concerned(case, case.streams)
    selection.select(connection, (made,), concerned, case.as_of)
    counted = tally.tally(connection, case, list(case.streams), "start", ())
    assert counted.total(stream) == counts
    # What selects rows before they are counted must let every one through that counts.
    assert value(connection, "SELECT count(*) FROM selected") >= counts


def test_days_outside_the_windows_do_not_count(case: Case, hold: Hold, connection: Any) -> None:
    made = hold([row("THREATEN", STATE_ARM, STATE_AZE, start_date=f"2018-05-0{k}") for k in range(1, 8)])
    selection.select(connection, (made,), "true", case.as_of)
    windows = ((date(2018, 5, 2), date(2018, 5, 3)), (date(2018, 5, 6), date(2018, 5, 6)))
    counted = tally.tally(connection, case, ["threats"], "start", windows)
    assert sorted(counted.by_day["threats"]) == [date(2018, 5, 2), date(2018, 5, 3), date(2018, 5, 6)]


def test_a_feed_without_a_row_on_a_day_has_a_gap() -> None:
    days = {date(2018, 1, d) for d in (1, 2, 5, 6, 9)}
    window = ((date(2018, 1, 1), date(2018, 1, 10)),)
    assert tally.gaps(days, window) == (
        (date(2018, 1, 3), date(2018, 1, 4)),
        (date(2018, 1, 7), date(2018, 1, 8)),
        (date(2018, 1, 10), date(2018, 1, 10)),
    )
    assert tally.gaps(days, ((date(2018, 1, 5), date(2018, 1, 6)),)) == ()

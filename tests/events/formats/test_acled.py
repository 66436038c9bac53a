"""ACLED exports: rows in the documented columns of today and of before 2023, made by the test."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fissures import terms
from fissures.errors import UsageError
from fissures.events import store

TODAY = date(2024, 6, 30)
_LAYOUT = """
event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1
inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3
location latitude longitude geo_precision source source_scale notes fatalities tags timestamp
"""
LAYOUT = _LAYOUT.split()
_OLDER = """
data_id iso event_id_cnty event_id_no_cnty event_date year time_precision event_type sub_event_type actor1
assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction region country admin1 admin2 admin3 location
latitude longitude geo_precision source source_scale notes fatalities timestamp iso3
"""
OLDER = _OLDER.split()
EVENT = {
    "data_id": "7001",
    "event_id_cnty": "AZE1001",
    "event_date": "2020-07-12",
    "year": "2020",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Shelling/artillery/missile attack",
    "actor1": "Military Forces of Armenia (2018-)",
    "inter1": "State forces",
    "actor2": "Military Forces of Azerbaijan (2003-)",
    "inter2": "State forces",
    "interaction": "State forces-State forces",
    "iso": "31",
    "iso3": "AZE",
    "region": "Caucasus and Central Asia",
    "country": "Azerbaijan",
    "admin1": "Tovuz",
    "location": "Agdam",
    "latitude": "40.9911",
    "longitude": "45.4789",
    "geo_precision": "2",
    "source": "APA; Turan",
    "source_scale": "National",
    "notes": 'On 12 July, shells fell near Agdam, Tovuz; "three killed".',
    "fatalities": "3",
    "timestamp": "1595289600",
}


def written(path: Path, *events: dict[str, str], names: list[str] = LAYOUT, delimiter: str = ",") -> Path:
    """An export: each event differs from EVENT in what is given."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, names, extrasaction="ignore", delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**EVENT, "event_id_cnty": f"AZE{1001 + k}", **event} for k, event in enumerate(events))
    return path


def added(folder: Path, file: Path, version: str | None = "2020-07-21") -> store.Holding:
    """The holding that an export becomes in a new store."""
    return store.add(folder / "store", file, TODAY, version=version).holding


def rows(holding: store.Holding) -> list[dict[str, Any]]:
    """The rows of a holding, those set apart too, by id."""
    with duckdb.connect() as connection:
        done = connection.execute("SELECT * FROM read_parquet(?) ORDER BY row_id", [str(holding.events)])
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def read(folder: Path, *events: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    """The rows that events become."""
    return rows(added(folder, written(folder / "acled.csv", *events, **more)))


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {})
    expected = {
        "row_id": "AZE1001",
        "start_date": date(2020, 7, 12),
        "end_date": date(2020, 7, 12),
        "date_precision": "day",
        "published": date(2020, 7, 21),
        "actor": "Military Forces of Armenia (2018-)",
        "actor_state": "ARM",
        "actor_roles": ["MIL"],
        "recipient": "Military Forces of Azerbaijan (2003-)",
        "recipient_state": "AZE",
        "recipient_roles": ["MIL"],
        "category": "ASSAULT",
        "code": "Shelling/artillery/missile attack",
        "mode": "heavy-weapons",
        "place": "Agdam",
        "country": "AZE",
        "lat": 40.9911,
        "lon": 45.4789,
        "place_precision": "district",
        "deaths_low": None,
        "deaths_best": 3,
        "deaths_high": None,
        "deaths_civilians": None,
        "article": "APA; Turan",
        "reports": 2,
        "reason": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_the_version_is_asked_for_and_the_dataset_is_acled(tmp_path: Path) -> None:
    file = written(tmp_path / "2020-01-01-2020-07-21-Armenia-Azerbaijan.csv", {})
    with pytest.raises(UsageError, match="which version of an ACLED export"):
        added(tmp_path, file, version=None)
    holding = added(tmp_path, file)
    assert (holding.name, holding.format, holding.rows) == ("acled@2020-07-21", "acled", 1)


def test_rows_and_deaths_are_those_of_the_file(tmp_path: Path) -> None:
    events = [{"fatalities": str(k % 7), "event_date": f"2020-0{1 + k % 6}-{10 + k % 15}"} for k in range(300)]
    holding = added(tmp_path, file := written(tmp_path / "acled.csv", *events))
    with file.open(encoding="utf-8", newline="") as handle:
        told = {row["event_id_cnty"]: row for row in csv.DictReader(handle)}
    assert (holding.rows, holding.quarantined) == (300, {})
    assert sum(row["deaths_best"] for row in rows(holding)) == sum(int(row["fatalities"]) for row in told.values())
    for row in rows(holding):
        was = told[row["row_id"]]
        assert (str(row["start_date"]), str(row["deaths_best"])) == (was["event_date"], was["fatalities"])


@pytest.mark.parametrize("written_as", ["12 July 2020", "12-July-2020", "12-Jul-2020", "2020-07-12", "12/07/2020"])
def test_every_way_acled_has_written_a_day(tmp_path: Path, written_as: str) -> None:
    (row,) = read(tmp_path, {"event_date": written_as})
    assert (row["start_date"], row["reason"]) == (date(2020, 7, 12), None)


@pytest.mark.parametrize(
    ("code", "day", "start", "end", "precision"),
    [
        ("1", "2020-07-12", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ("2", "2020-07-12", date(2020, 7, 9), date(2020, 7, 15), "week"),
        ("2", "2020-03-01", date(2020, 2, 27), date(2020, 3, 4), "week"),
        ("3", "2020-02-15", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("3", "2020-02-29", date(2020, 2, 1), date(2020, 2, 29), "month"),
    ],
)
def test_a_week_is_around_its_middle_and_a_month_is_whole(
    tmp_path: Path, code: str, day: str, start: date, end: date, precision: str
) -> None:
    (row,) = read(tmp_path, {"time_precision": code, "event_date": day})
    assert (row["start_date"], row["end_date"], row["date_precision"]) == (start, end, precision)


def test_older_exports_with_numbers_mean_the_same(tmp_path: Path) -> None:
    numbers = {"inter1": "1", "inter2": "1", "interaction": "11", "event_date": "12 July 2020"}
    (tmp_path / "old").mkdir()
    assert read(tmp_path / "old", numbers, names=OLDER) == read(tmp_path, {})


@pytest.mark.parametrize(
    ("number", "words", "actor", "state", "roles"),
    [
        ("1", "State forces", "Military Forces of the United States (2017-2021)", "USA", ["MIL"]),
        ("1", "State forces", "Military Forces of Iran (1989-) Revolutionary Guard", "IRN", ["MIL"]),
        ("1", "State forces", "Police Forces of Armenia (2018-)", "ARM", ["COP"]),
        ("1", "State forces", "Government of Azerbaijan (2003-)", "AZE", ["GOV"]),
        ("1", "State forces", "Mutiny of Military Forces of Mali", None, ["MIL"]),
        ("2", "Rebel group", "NRF: National Resistance Front", None, ["REB"]),
        ("3", "Political militia", "Unidentified Armed Group (Mali)", "MLI", ["UAF"]),
        ("4", "Identity militia", "Fulani Ethnic Militia (Nigeria)", "NGA", ["UAF"]),
        ("5", "Rioters", "Rioters (Armenia)", "ARM", ["OPP"]),
        ("6", "Protesters", "Protesters (Azerbaijan)", "AZE", ["OPP"]),
        ("7", "Civilians", "Civilians (Democratic Republic of Congo)", "COD", ["CVL"]),
        ("8", "External/Other forces", "Military Forces of Russia (2000-)", "RUS", ["MIL"]),
        ("8", "External/Other forces", "Private Security Forces (Mexico)", "MEX", None),
        ("8", "External/Other forces", "Protesters (International)", None, None),
    ],
)
def test_states_and_roles_of_actors(
    tmp_path: Path, number: str, words: str, actor: str, state: str | None, roles: list[str] | None
) -> None:
    for k, inter in enumerate((number, words)):
        (folder := tmp_path / str(k)).mkdir()
        (row,) = read(folder, {"actor1": actor, "inter1": inter, "actor2": actor, "inter2": inter})
        assert (row["actor_state"], row["actor_roles"]) == (state, roles)
        assert (row["recipient_state"], row["recipient_roles"]) == (state, roles)


@pytest.mark.parametrize("nobody", [{"inter2": "0"}, {"inter2": ""}])
def test_an_event_of_one_actor_has_no_recipient(tmp_path: Path, nobody: dict[str, str]) -> None:
    (row,) = read(tmp_path, {"actor2": "", **nobody})
    assert (row["recipient"], row["recipient_state"], row["recipient_roles"], row["reason"]) == (None, None, None, None)


def test_every_type_of_the_vocabulary_is_read(tmp_path: Path) -> None:
    with terms.path("acled").open(encoding="utf-8", newline="") as lines:
        known = {row["sub_event_type"]: row for row in csv.DictReader(lines)}
    events = [{"event_type": row["event_type"], "sub_event_type": kind} for kind, row in known.items()]
    found = {row["code"]: row for row in read(tmp_path, *events)}
    assert set(found) == set(known)
    for kind, row in known.items():
        told = (found[kind]["category"] or "", found[kind]["mode"] or "", found[kind]["reason"])
        assert told == (row["category"], row["mode"], None)


def test_the_spelling_of_protesters_until_2022(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {"event_type": "Protests", "sub_event_type": "Excessive force against protestors"})
    assert (row["category"], row["code"]) == ("PROTEST", "Excessive force against protestors")


@pytest.mark.parametrize(
    ("reason", "event"),
    [
        ("unknown code", {"sub_event_type": "Skirmish"}),
        ("unknown code", {"event_type": "Battle-No change of territory"}),
        ("unknown code", {"event_type": "Battles"}),  # no shelling among the battles
        ("unknown code", {"time_precision": "4"}),
        ("no actor", {"actor1": ""}),
        ("impossible date", {"event_date": "31 June 2020"}),
        ("date in the future", {"event_date": "2031-01-01"}),
        ("unreadable number", {"fatalities": "10+"}),
        ("unreadable number", {"timestamp": "yesterday"}),
        ("unreadable number", {"timestamp": "-5"}),
        ("negative deaths", {"fatalities": "-1"}),
        ("swapped coordinates", {"latitude": "45.4789", "longitude": "40.9911"}),
        ("duplicated id", {"event_id_cnty": "AZE1001"}),
        ("no id", {"event_id_cnty": ""}),
    ],
)
def test_a_bad_row_is_set_apart_and_the_others_count(tmp_path: Path, reason: str, event: dict[str, str]) -> None:
    holding = added(tmp_path, written(tmp_path / "acled.csv", {}, event))
    assert (holding.rows, holding.quarantined) == (1, {reason: 1})


def test_of_two_revisions_of_a_row_the_later_counts(tmp_path: Path) -> None:
    later = {"event_id_cnty": "AZE1001", "fatalities": "5", "timestamp": "1598000000"}
    kept = [row for row in read(tmp_path, {}, later) if row["reason"] is None]
    revised = datetime.fromtimestamp(1598000000, UTC).date()
    assert [(row["deaths_best"], row["published"]) for row in kept] == [(5, revised)]


def test_an_export_with_semicolons_and_without_timestamps(tmp_path: Path) -> None:
    names = [name for name in LAYOUT if name != "timestamp"]
    (row,) = read(tmp_path, {"notes": "one, two"}, names=names, delimiter=";")
    assert (row["published"], row["deaths_best"], row["reason"]) == (None, 3, None)

"""UCDP GED and Candidate: real rows, every layout since 5.0, versions, and every reason for setting a row apart."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fissures.errors import DataError, UsageError
from fissures.events import store
from fissures.events.formats import ucdp

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "ged"
CANDIDATE = SHARED / "GEDEvent_v23_0_10.csv"
TODAY = date(2024, 6, 30)

# The 49 columns of the annual release and of Candidate, in their order.
_LAYOUT = """
id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
number_of_sources source_article source_office source_date source_headline source_original where_prec
where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id
region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high
low gwnoa gwnob
"""
LAYOUT = _LAYOUT.split()
EVENT = {
    "id": "1001",
    "relid": "AZE-2016-1-1-1",
    "year": "2016",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "1",
    "dyad_name": "Government of Azerbaijan - Republic of Artsakh",
    "side_a": "Government of Azerbaijan",
    "side_b": "Republic of Artsakh",
    "number_of_sources": "3",
    "source_article": '"Reuters,2016-04-03,Fighting"',
    "where_prec": "2",
    "where_coordinates": "Talish village",
    "latitude": "40.386",
    "longitude": "46.759",
    "country": "Azerbaijan",
    "country_id": "373",
    "date_prec": "1",
    "date_start": "2016-04-02",
    "date_end": "2016-04-02",
    "deaths_a": "2",
    "deaths_b": "3",
    "deaths_civilians": "1",
    "deaths_unknown": "0",
    "best": "6",
    "high": "9",
    "low": "4",
    "gwnoa": "373",
}


def written(path: Path, *events: dict[str, str], names: list[str] | None = None) -> Path:
    """A file in the annual layout: each event differs from EVENT in what is given."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, names or LAYOUT, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**EVENT, "id": str(1001 + k), **event} for k, event in enumerate(events))
    return path


def added(folder: Path, file: Path, **more: Any) -> store.Holding:
    """The holding that a file becomes in a new store."""
    return store.add(folder / "store", file, TODAY, **more).holding


def rows(holding: store.Holding) -> list[dict[str, Any]]:
    """The rows of a holding, those set apart too, by id."""
    with duckdb.connect() as connection:
        done = connection.execute("SELECT * FROM read_parquet(?) ORDER BY row_id", [str(holding.events)])
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def original() -> list[dict[str, str]]:
    """The rows of the real file, read by the standard library alone."""
    with CANDIDATE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> store.Holding:
    """The real Candidate file in a store."""
    return added(tmp_path_factory.mktemp("candidate"), CANDIDATE)


@pytest.mark.shared
def test_every_real_row_counts_once_and_no_death_is_lost(candidate: store.Holding) -> None:
    assert (candidate.dataset, candidate.version, candidate.format) == ("ucdp-candidate", "23.0", "ucdp-candidate")
    assert (candidate.rows, candidate.quarantined) == (len(original()), {}) == (2391, {})
    names = {
        "deaths_low": "low",
        "deaths_best": "best",
        "deaths_high": "high",
        "deaths_actor": "deaths_a",
        "deaths_recipient": "deaths_b",
        "deaths_civilians": "deaths_civilians",
    }
    read = rows(candidate)
    for ours, theirs in names.items():
        assert sum(row[ours] for row in read) == sum(int(row[theirs]) for row in original()), theirs


@pytest.mark.shared
def test_every_real_row_says_what_it_said(candidate: store.Holding) -> None:
    told = {row["id"]: row for row in original()}
    read = rows(candidate)
    assert {row["row_id"] for row in read} == set(told)
    for row in read:
        was = told[row["row_id"]]
        assert (str(row["start_date"]), str(row["end_date"])) == (was["date_start"][:10], was["date_end"][:10])
        assert (row["actor"], row["recipient"], row["code"]) == (was["side_a"], was["side_b"], was["type_of_violence"])
        assert (row["lat"], row["lon"]) == (float(was["latitude"]), float(was["longitude"]))
        assert (row["dyad"], row["reports"]) == (was["dyad_name"], int(was["number_of_sources"]))
        assert (row["article"] or "") == was["source_article"].strip()


@pytest.mark.shared
def test_every_country_of_the_real_file_is_a_state(candidate: store.Holding) -> None:
    assert not [row for row in rows(candidate) if row["country"] is None]
    governments = [row for row in rows(candidate) if row["actor"].startswith("Government of ")]
    assert governments
    assert not [row["actor"] for row in governments if row["actor_state"] is None]


@pytest.mark.shared
@pytest.mark.parametrize("wrapping", ["gz", "zip", "utf-16"])
def test_a_wrapping_changes_nothing(candidate: store.Holding, tmp_path: Path, wrapping: str) -> None:
    file = tmp_path / f"GEDEvent_v23_0_10.{wrapping}"
    if wrapping == "gz":
        file.write_bytes(gzip.compress(CANDIDATE.read_bytes()))
    elif wrapping == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(CANDIDATE, "inside/GEDEvent.csv")
    else:
        file.write_text(CANDIDATE.read_text(encoding="utf-8"), encoding="utf-16")
    assert rows(added(tmp_path, file)) == rows(candidate)


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    (row,) = rows(added(tmp_path, written(tmp_path / "GEDEvent_v23_1.csv", {})))
    expected = {
        "row_id": "1001",
        "start_date": date(2016, 4, 2),
        "end_date": date(2016, 4, 2),
        "date_precision": "day",
        "actor_state": "AZE",
        "recipient_state": None,
        "category": "ASSAULT",
        "code": "1",
        "mode": None,
        "place": "Talish village",
        "country": "AZE",
        "place_precision": "near",
        "deaths_low": 4,
        "deaths_best": 6,
        "deaths_high": 9,
        "deaths_actor": 2,
        "deaths_recipient": 3,
        "deaths_civilians": 1,
        "reports": 3,
        "published": None,
        "reason": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_the_names_of_older_versions_mean_the_same(tmp_path: Path) -> None:
    older = {"best": "best_est", "high": "high_est", "low": "low_est"}
    names = [older.get(name, name) for name in LAYOUT]
    event = {"best_est": "6", "high_est": "9", "low_est": "4"}
    (row,) = rows(added(tmp_path, written(tmp_path / "ged50.csv", event, names=names)))
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"], row["reason"]) == (4, 6, 9, None)


@pytest.mark.parametrize(
    ("name", "dataset", "version"),
    [
        ("GEDEvent_v23_1.csv", "ucdp-ged", "23.1"),
        ("ged211.csv", "ucdp-ged", "21.1"),
        ("ged201-csv.zip", "ucdp-ged", "20.1"),
        ("ged50.csv", "ucdp-ged", "5.0"),
        ("GEDEvent_v23_0_10.csv", "ucdp-candidate", "23.0"),
        ("GEDEvent_v24_01_24_05.csv", "ucdp-candidate", "24.01.05"),
    ],
)
def test_the_name_of_a_file_tells_its_version(tmp_path: Path, name: str, dataset: str, version: str) -> None:
    file = written(tmp_path / name, {})
    if name.endswith(".zip"):
        inside = file.read_bytes()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("ged201.csv", inside)
    assert added(tmp_path, file).name == f"{dataset}@{version}"


def test_a_name_that_tells_no_version_asks_for_one(tmp_path: Path) -> None:
    assert ucdp.GED.version_of("GEDEvent_v23_0_10.csv") is None
    file = written(tmp_path / "download.csv", {})
    with pytest.raises(UsageError, match="which version of UCDP Georeferenced Event Dataset is"):
        added(tmp_path, file)
    assert added(tmp_path, file, version="23.1").name == "ucdp-ged@23.1"


def test_an_event_that_crosses_months_keeps_both_its_ends(tmp_path: Path) -> None:
    event = {"date_start": "2016-03-25", "date_end": "2016-05-02", "date_prec": "4"}
    holding = added(tmp_path, written(tmp_path / "ged231.csv", event))
    (row,) = rows(holding)
    assert (row["start_date"], row["end_date"], row["date_precision"]) == (date(2016, 3, 25), date(2016, 5, 2), "month")
    assert (holding.first, holding.last) == (date(2016, 3, 25), date(2016, 5, 2))


def test_russia_before_1992_is_the_soviet_union(tmp_path: Path) -> None:
    shusha = {"country": "Russia (Soviet Union)", "side_a": "Government of Russia (Soviet Union)"}
    shusha |= {"latitude": "39.82", "longitude": "46.75"}
    days = ({"date_start": day, "date_end": day} for day in ("1990-01-20", "1995-01-20"))
    soviet, russian = rows(added(tmp_path, written(tmp_path / "ged231.csv", *({**shusha, **day} for day in days))))
    assert (soviet["country"], soviet["actor_state"], soviet["reason"]) == ("SUN", "SUN", None)
    assert (russian["country"], russian["reason"]) == ("RUS", "swapped coordinates")  # today's Russia is elsewhere


REASONS = {
    "no id": {"id": ""},
    "impossible date": {"date_start": "2016-02-30"},
    "date in the future": {"date_start": "2031-01-01", "date_end": "2031-01-01"},
    "dates out of order": {"date_start": "2016-04-05", "date_end": "2016-04-02"},
    "negative deaths": {"deaths_b": "-3"},
    "swapped coordinates": {"latitude": "46.759", "longitude": "40.386"},
    "impossible coordinates": {"latitude": "140.386", "longitude": "246.759"},
    "unknown code": {"type_of_violence": "4"},
    "no actor": {"side_a": ""},
    "unreadable number": {"best": "about ten"},
    "NUL byte": {"where_coordinates": "Tal\0ish"},
    "duplicated id": {"id": "1000"},
}


def test_every_reason_sets_one_row_apart_and_loses_none(tmp_path: Path) -> None:
    events = [{"id": "1000"}, *REASONS.values()]
    holding = added(tmp_path, written(tmp_path / "ged231.csv", *events))
    assert holding.quarantined == dict.fromkeys(REASONS, 1)
    assert holding.rows == 1
    read = rows(holding)
    assert len(read) == len(events)
    assert Counter(row["reason"] for row in read) == Counter([None, *REASONS])
    kept_whole = (None, "duplicated id")  # such a row is typed already; of the others the line as it stood is kept
    assert all((row["line"] is None) == (row["reason"] in kept_whole) for row in read)


@pytest.mark.parametrize(
    ("reason", "event"),
    [
        ("impossible date", {"date_start": "soon"}),
        ("impossible date", {"date_start": "0016-04-02"}),
        ("impossible date", {"date_end": "2016-04-31"}),
        ("swapped coordinates", {"latitude": "146.759", "longitude": "40.386"}),
        ("impossible coordinates", {"longitude": ""}),
        ("unknown code", {"type_of_violence": ""}),
        ("unreadable number", {"latitude": "40°23'"}),
        ("unreadable number", {"high": "inf"}),
        ("unreadable number", {"low": "nan"}),
        ("unreadable number", {"deaths_civilians": "1e12"}),
    ],
)
def test_other_ways_of_being_wrong(tmp_path: Path, reason: str, event: dict[str, str]) -> None:
    assert added(tmp_path, written(tmp_path / "ged231.csv", {}, event)).quarantined == {reason: 1}


def test_lines_that_do_not_split_are_kept_apart(tmp_path: Path) -> None:
    file = written(tmp_path / "ged231.csv", {}, {}, {})
    lines = file.read_bytes().split(b"\r\n")
    short, long, foreign = b"2001,too,short", lines[1] + b",more,cells", lines[2].replace(b"Talish", b"Tal\xfd\xfe")
    file.write_bytes(b"\r\n".join([*lines[:-1], short, long, foreign, b""]))
    holding = added(tmp_path, file)
    expected = {"too few columns": 1, "too many columns": 1, "letters in another encoding": 1}
    assert (holding.rows, holding.quarantined) == (3, expected)


def test_a_second_file_of_a_version_does_not_count_its_rows_again(tmp_path: Path) -> None:
    added(tmp_path, written(tmp_path / "GEDEvent_v23_0_9.csv", {}, {}))
    later = added(tmp_path, written(tmp_path / "GEDEvent_v23_0_10.csv", {"id": "1001"}, {"id": "1009"}))
    assert (later.rows, later.quarantined) == (1, {"id already held from another file": 1})


def test_a_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no row that can be used as UCDP .* \(negative deaths: 2\)"):
        added(tmp_path, written(tmp_path / "ged231.csv", {"best": "-1"}, {"low": "-1"}))
    assert store.holdings(tmp_path / "store") == ()

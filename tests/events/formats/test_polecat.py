"""POLECAT: rows in the documented columns, made by the test, and every reason for setting a row apart."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fissures import terms
from fissures.errors import DataError, UsageError
from fissures.events.formats.polecat import POLECAT
from fissures.events.table import COLUMNS

from .tabs import Row, added, all_wrappings, line, rows, unsplit, written

_NAMES = """Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|
Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient Country|
Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|Recipient Name Raw|Wikipedia Recipient ID|
Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|Feature Type|Source|
Publication Date|Story People|Story Organizations|Story Locations|Language|Version"""
NAMES = _NAMES.replace("\n", "").split("|")
EVENT = {
    **dict.fromkeys(NAMES, "None"),
    "Event ID": "20200712-AZE-0001_1",
    "Event Date": "2020-07-12",
    "Event Type": "ASSAULT",
    "Event Mode": "heavy-weapons",
    "Intensity": "-9.5",
    "Quad Code": "MATERIAL CONFLICT",
    "Contexts": "military;territory",
    "Actor Name": "Armenian Armed Forces; Republic of Artsakh",
    "Actor Country": "ARM; AZE",
    "Actor COW": "371; 373",
    "Primary Actor Sector": "MIL",
    "Actor Sectors": "MIL; PRE",
    "Recipient Name": "Azerbaijan",
    "Recipient Country": "AZE",
    "Recipient COW": "373",
    "Placename": "Tovuz",
    "City": "Tovuz",
    "Province": "Tovuz",
    "Country": "AZE",
    "Latitude": "40.9922",
    "Longitude": "45.6284",
    "Feature Type": "PPLA",
    "Source": "Turan Information Agency",
    "Publication Date": "2020-07-13",
    "Language": "English",
    "Version": "NGEC_v1",
}
BEFORE = {"Event ID": "before"}


def read(folder: Path, *events: dict[str, str], names: list[str] = NAMES) -> list[Row]:
    """The rows that events become; each differs from EVENT in what is given."""
    lines = ["\t".join(names), *(line(names, {**EVENT, **event}) for event in events)]
    return rows(added(folder, written(folder / "ngecEvents.DV.2020.txt", lines)))


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {})
    expected = {
        "row_id": "20200712-AZE-0001_1",
        "start_date": date(2020, 7, 12),
        "end_date": date(2020, 7, 12),
        "date_precision": "day",
        "published": date(2020, 7, 13),
        "actor": "Armenian Armed Forces; Republic of Artsakh",
        "actor_state": "ARM",
        "actor_roles": ["MIL"],
        "recipient": "Azerbaijan",
        "recipient_state": "AZE",
        "category": "ASSAULT",
        "code": "ASSAULT",
        "mode": "heavy-weapons",
        "context": "military|territory",
        "intensity": -9.5,
        "place": "Tovuz",
        "country": "AZE",
        "lat": 40.9922,
        "lon": 45.6284,
        "place_precision": "near",
        "article": "Turan Information Agency",
    }
    assert row == {**dict.fromkeys(COLUMNS), "reason": None, "line": None, **expected}


def test_the_version_is_asked_for(tmp_path: Path) -> None:
    lines = ["\t".join(NAMES), line(NAMES, EVENT)]
    file = written(tmp_path / "ngecEvents.20230103111842.Release603.DV.txt", lines)
    with pytest.raises(UsageError, match="which version of POLECAT"):
        added(tmp_path, file, version=None)
    holding = added(tmp_path, file, "V12")
    assert (holding.name, holding.format, holding.feed) == ("polecat@V12", "polecat", True)


def test_every_category_of_plover_is_known_however_it_is_written(tmp_path: Path) -> None:
    categories = [*terms.plover(), "Request", "concede"]
    got = read(tmp_path, *({"Event ID": category, "Event Type": category} for category in categories))
    wanted = {(category, category.upper(), None) for category in categories}
    assert {(row["code"], row["category"], row["reason"]) for row in got} == wanted


@pytest.mark.parametrize(
    ("given", "mode"),
    [("None", None), ("", None), ("Riot", "riot"), ("PROTEST-riot", "riot"), ("martial-law", "martial-law")],
)
def test_modes_are_in_lower_case_without_their_category(tmp_path: Path, given: str, mode: str | None) -> None:
    (row,) = read(tmp_path, {"Event Type": "PROTEST", "Event Mode": given})
    assert row["mode"] == mode


@pytest.mark.parametrize(
    ("given", "context"),
    [("None", None), ("military", "military"), ("Health; economic", "health|economic"), ("a|b", "a|b")],
)
def test_contexts_are_divided_as_in_the_vocabulary(tmp_path: Path, given: str, context: str | None) -> None:
    (row,) = read(tmp_path, {"Contexts": given})
    assert row["context"] == context


@pytest.mark.parametrize(
    ("name", "country", "primary", "sectors", "state", "roles"),
    [
        ("Russia", "RUS", "None", "None", "RUS", None),
        ("Vladimir Putin", "RUS", "GOV", "GOV", "RUS", ["GOV"]),
        ("Vladimir Putin", "RUS", "None", "None", "RUS", []),
        ("Reuters", "GBR", "JRN", "JRN", "GBR", ["MED"]),
        ("Red Cross", "NGO", "NGO", "NGO|MED", None, ["HLH", "NGO"]),
        ("Kosovo Police", "KOS", "COP", "COP", "XKX", ["COP"]),
        ("A; B", "None; FRA", "None", "None", None, None),
        ("None", "None", "None", "None", None, None),
    ],
)
def test_state_and_roles_are_those_of_the_first_actor(
    tmp_path: Path, name: str, country: str, primary: str, sectors: str, state: str | None, roles: list[str] | None
) -> None:
    told = {"Name": name, "Country": country, "Sectors": sectors}
    said = {f"Recipient {part}": text for part, text in told.items()}
    (row,) = read(tmp_path, {**said, "Primary Recipient Sector": primary})
    assert (row["recipient"], row["recipient_state"]) == (None if name == "None" else name, state)
    assert row["recipient_roles"] == roles


def test_a_name_that_was_not_resolved_is_given_raw(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {"Actor Name": "None", "Actor Name Raw": "shelling"})
    assert row["actor"] == "shelling"


@pytest.mark.parametrize(
    ("feature", "precision"),
    [
        ("PPL", "near"),
        ("PPLC", "near"),
        ("ADM1", "province"),
        ("ADM2", "district"),
        ("PCLI", "country"),
        ("RGN", "region"),
    ],
)
def test_the_kind_of_place_tells_how_finely_it_is_known(tmp_path: Path, feature: str, precision: str) -> None:
    (row,) = read(tmp_path, {"Feature Type": feature})
    assert row["place_precision"] == precision


def test_without_a_kind_of_place_the_finest_name_tells(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {"Feature Type": "None", "City": "None", "Placename": "None"})
    assert (row["place"], row["place_precision"]) == ("Tovuz", "province")


def test_older_files_name_the_intensity_otherwise_and_newer_ones_add_a_headline(tmp_path: Path) -> None:
    names = ["Event Intensity" if name == "Intensity" else name for name in NAMES] + ["Headline"]
    values = {key: text for key, text in EVENT.items() if key != "Intensity"}
    lines = ["\t".join(names), line(names, {**values, "Event Intensity": "-9", "Headline": "Shells fall"})]
    (row,) = rows(added(tmp_path, written(tmp_path / "old.txt", lines)))
    assert (row["intensity"], row["article"]) == (-9.0, "Turan Information Agency: Shells fall")


def test_a_header_with_more_columns_than_the_rows_is_not_believed(tmp_path: Path) -> None:
    header = [*NAMES[:2], "Headline", "Event Text", "Feed", "Story ID", *NAMES[2:]]
    odd = written(tmp_path / "odd.txt", ["\t".join(header), line(NAMES, EVENT)])
    (row,) = rows(added(tmp_path / "odd", odd))
    (plain,) = read(tmp_path, {})
    assert row == plain


def test_tabs_behind_the_last_column_are_harmless(tmp_path: Path) -> None:
    lines = ["\t".join(NAMES) + "\t\t", line(NAMES, EVENT) + "\t\t"]
    (row,) = rows(added(tmp_path, written(tmp_path / "tabs.txt", lines)))
    assert (row["row_id"], row["reason"]) == (EVENT["Event ID"], None)


def test_the_columns_are_the_documented_ones() -> None:
    assert list(POLECAT.names) == NAMES


SPOILT = [
    ({"Event Date": "2020-06-31"}, "impossible date"),
    ({"Event Date": "None"}, "impossible date"),
    ({"Event Date": "2031-01-01"}, "date in the future"),
    ({"Event ID": "None"}, "no id"),
    ({"Event Type": "13y"}, "unknown code"),
    ({"Event Type": "None"}, "unknown code"),
    ({"Event Type": "DEMAND"}, "unknown code"),
    ({"Recipient Name": "a\0b"}, "NUL byte"),
    ({"Intensity": "high"}, "unreadable number"),
    ({"Latitude": "45.6284", "Longitude": "40.9922"}, "swapped coordinates"),
    ({"Latitude": "91"}, "swapped coordinates"),
    ({"Latitude": "91", "Longitude": "191"}, "impossible coordinates"),
    ({"Latitude": "None"}, "impossible coordinates"),
]


def test_spoilt_rows_are_set_apart(tmp_path: Path) -> None:
    made = [{"Event ID": str(k), **change, "Version": f"v{k}"} for k, (change, _) in enumerate(SPOILT, 100)]
    nowhere = {"Event ID": "nowhere", "Latitude": "None", "Longitude": "None"}
    got = read(tmp_path, BEFORE, nowhere, *made)
    assert {row["row_id"] for row in got if row["reason"] is None} == {"before", "nowhere"}
    told = {json.loads(row["line"])["Version"]: row["reason"] for row in got if row["line"]}
    assert told == {f"v{k}": reason for k, (_, reason) in enumerate(SPOILT, 100)}


def test_of_rows_with_one_id_the_one_published_last_counts(tmp_path: Path) -> None:
    got = read(tmp_path, {"Actor Name": "first"}, {"Actor Name": "second", "Publication Date": "2020-07-20"})
    assert {row["actor"]: row["reason"] for row in got} == {"first": "duplicated id", "second": None}


def test_ragged_lines_and_other_letters_are_counted(tmp_path: Path) -> None:
    good = [line(NAMES, {**EVENT, "Event ID": str(k)}) for k in range(40)]
    file = written(tmp_path / "p.txt", ["\t".join(NAMES), *good, "too\tfew", good[0] + "\tone more"])
    file.write_bytes(file.read_bytes() + good[1].replace("English", "Français").encode("latin-1") + b"\n")
    holding = added(tmp_path, file)
    expected = {"too few columns": 1, "too many columns": 1, "letters in another encoding": 1}
    assert (holding.rows, holding.quarantined, unsplit(holding)) == (40, expected, expected)


def test_counts_by_category_and_day_are_those_of_the_file(tmp_path: Path) -> None:
    kinds, days = list(terms.plover()), [f"2020-07-{k:02}" for k in range(1, 29)]
    made = [{"Event ID": str(k), "Event Type": kinds[k * k % 16], "Event Date": days[k % 28]} for k in range(500)]
    got = read(tmp_path, *made)
    assert Counter(row["category"] for row in got) == Counter(event["Event Type"] for event in made)
    assert Counter(str(row["start_date"]) for row in got) == Counter(event["Event Date"] for event in made)


def test_gzip_and_zip_give_the_same_rows(tmp_path: Path) -> None:
    lines = ["\t".join(NAMES), *(line(NAMES, {**EVENT, "Event ID": str(k)}) for k in range(50))]
    plain, gz, archive = all_wrappings(tmp_path, written(tmp_path / "ngecEvents.DV.2020.txt", lines))
    assert len(plain) == 50 and plain == gz == archive


def test_a_file_without_one_good_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no row that can be used as POLECAT.*unknown code: 1"):
        read(tmp_path, {"Event Type": "13y"})

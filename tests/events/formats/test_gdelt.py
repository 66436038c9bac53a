"""GDELT 1.0 and 2.0: rows in the documented layouts, made by the test, and every reason for setting a row apart."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fissures import terms
from fissures.errors import DataError
from fissures.events.table import COLUMNS

from .tabs import Row, added, all_wrappings, line, rows, unsplit, written

_HEAD = """GLOBALEVENTID SQLDATE MonthYear Year FractionDate Actor1Code Actor1Name Actor1CountryCode
Actor1KnownGroupCode
Actor1EthnicCode Actor1Religion1Code Actor1Religion2Code Actor1Type1Code Actor1Type2Code Actor1Type3Code Actor2Code
Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code Actor2Religion2Code
Actor2Type1Code Actor2Type2Code Actor2Type3Code IsRootEvent EventCode EventBaseCode EventRootCode QuadClass
GoldsteinScale NumMentions NumSources NumArticles AvgTone"""
_GEO = "Type FullName CountryCode ADM1Code Lat Long FeatureID"
_PLACES = [[f"{of}Geo_{part}" for part in _GEO.split()] for of in ("Actor1", "Actor2", "Action")]
DAILY = [*_HEAD.split(), *_PLACES[0], *_PLACES[1], *_PLACES[2], "DATEADDED", "SOURCEURL"]
BACKFILE = DAILY[:-1]
_ADM2 = {places[3]: places[3].replace("ADM1", "ADM2") for places in _PLACES}
SECOND = [each for name in DAILY for each in ((name, _ADM2[name]) if name in _ADM2 else (name,))]
EVENT = {
    "GLOBALEVENTID": "939000001",
    "SQLDATE": "20200712",
    "MonthYear": "202007",
    "Year": "2020",
    "FractionDate": "2020.5260",
    "Actor1Code": "ARMMIL",
    "Actor1Name": "ARMENIAN",
    "Actor1CountryCode": "ARM",
    "Actor1Type1Code": "MIL",
    "Actor2Code": "AZE",
    "Actor2Name": "AZERBAIJAN",
    "Actor2CountryCode": "AZE",
    "IsRootEvent": "1",
    "EventCode": "194",
    "EventBaseCode": "194",
    "EventRootCode": "19",
    "QuadClass": "4",
    "GoldsteinScale": "-10.0",
    "NumMentions": "20",
    "NumSources": "3",
    "NumArticles": "20",
    "AvgTone": "-6.02",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Tovuz, Tovuz, Azerbaijan",
    "ActionGeo_CountryCode": "AJ",
    "ActionGeo_ADM1Code": "AJ58",
    "ActionGeo_Lat": "40.9922",
    "ActionGeo_Long": "45.6284",
    "ActionGeo_FeatureID": "-2706104",
    "DATEADDED": "20200713",
    "SOURCEURL": "https://example.org/tovuz",
}
QUARTER = {"DATEADDED": "20200713101500"}
BEFORE = {"GLOBALEVENTID": "1"}
EXPECTED = {
    "row_id": "939000001",
    "start_date": date(2020, 7, 12),
    "end_date": date(2020, 7, 12),
    "date_precision": "day",
    "published": date(2020, 7, 13),
    "actor": "ARMENIAN",
    "actor_state": "ARM",
    "actor_roles": ["MIL"],
    "recipient": "AZERBAIJAN",
    "recipient_state": "AZE",
    "category": "ASSAULT",
    "code": "194",
    "mode": "heavy-weapons",
    "context": "|".join(terms.cameo()["194"].context) or None,
    "intensity": -10.0,
    "place": "Tovuz, Tovuz, Azerbaijan",
    "country": "AZE",
    "lat": 40.9922,
    "lon": 45.6284,
    "place_precision": "near",
    "article": "https://example.org/tovuz",
    "reports": 3,
}


def read(folder: Path, *events: dict[str, str], names: list[str] = SECOND) -> list[Row]:
    """The rows that events become; each differs from EVENT in what is given."""
    made = ({**EVENT, **(QUARTER if names is SECOND else {}), **event} for event in events)
    lines = (line(names, {key: text for key, text in event.items() if key in names}) for event in made)
    return rows(added(folder, written(folder / "export.CSV", lines), None))


@pytest.mark.parametrize(
    ("names", "width", "name", "form", "article"),
    [
        (BACKFILE, 57, "gdelt@1.0", "gdelt-1", None),
        (DAILY, 58, "gdelt@1.0", "gdelt-1", EVENT["SOURCEURL"]),
        (SECOND, 61, "gdelt@2.0", "gdelt-2", EVENT["SOURCEURL"]),
    ],
)
def test_a_row_of_every_layout_becomes_an_event(
    tmp_path: Path, names: list[str], width: int, name: str, form: str, article: str | None
) -> None:
    (row,) = read(tmp_path, {}, names=names)
    assert len(names) == width
    assert row == {**dict.fromkeys(COLUMNS), "reason": None, "line": None, **EXPECTED, "article": article}
    holding = added(tmp_path, tmp_path / "export.CSV", None)
    assert (holding.name, holding.format, holding.feed, holding.published) == (name, form, True, None)


@pytest.mark.parametrize(
    ("code", "country", "types", "state", "roles"),
    [
        ("AZE", "AZE", "", "AZE", None),
        ("AZEGOVMIL", "AZE", "GOV MIL", "AZE", ["GOV", "MIL"]),
        ("AZEGOVGOV", "AZE", "GOV GOV", "AZE", ["GOV"]),
        ("TURKUR", "TUR", "", "TUR", []),
        ("ROM", "ROM", "", "ROU", None),
        ("KSV", "KSV", "", "XKX", None),
        ("GZS", "GZS", "", "PSE", None),
        ("EUR", "EUR", "", None, None),
        ("GOV", "", "GOV", None, ["GOV"]),
        ("---", "---", "---", None, None),
        ("", "", "", None, None),
    ],
)
def test_state_and_roles_follow_the_codes(
    tmp_path: Path, code: str, country: str, types: str, state: str | None, roles: list[str] | None
) -> None:
    said = {f"Actor2Type{k}Code": one for k, one in enumerate(types.split(), 1)}
    (row,) = read(tmp_path, {"Actor2Code": code, "Actor2CountryCode": country, "Actor2Name": "", **said})
    assert (row["recipient"], row["recipient_state"]) == (code.replace("---", "") or None, state)
    assert row["recipient_roles"] == roles


def test_the_kind_of_place_tells_how_finely_it_is_known(tmp_path: Path) -> None:
    kinds = {"1": "country", "2": "province", "3": "near", "4": "near", "5": "province", "": None, "0": None}
    got = read(tmp_path, *({"ActionGeo_Type": kind, "GLOBALEVENTID": f"9{kind}"} for kind in kinds))
    assert {row["row_id"][1:]: row["place_precision"] for row in got} == kinds


def test_countries_of_places_are_fips_codes(tmp_path: Path) -> None:
    known = {"AM": "ARM", "IS": "ISR", "RB": "SRB", "GZ": "PSE", "OC": None}
    nowhere = {"ActionGeo_Lat": "", "ActionGeo_Long": ""}
    made = [{"GLOBALEVENTID": str(k), "ActionGeo_CountryCode": code, **nowhere} for k, code in enumerate(known)]
    assert [row["country"] for row in read(tmp_path, *made)] == list(known.values())


def test_codes_are_understood_with_and_without_their_zero(tmp_path: Path) -> None:
    means = {"010": "010", "10": "010", "0256": "0256", "256": "0256", "020": "020", "20": "020", "203": "203"}
    got = read(tmp_path, *({"EventCode": code, "GLOBALEVENTID": code} for code in means))
    wanted = {code: terms.cameo()[meant].category or None for code, meant in means.items()}
    assert {row["code"]: row["category"] for row in got} == wanted


SPOILT = (
    ({"SQLDATE": "20200732"}, "impossible date"),
    ({"SQLDATE": "2020"}, "impossible date"),
    ({"SQLDATE": ""}, "impossible date"),
    ({"SQLDATE": "20310101"}, "date in the future"),
    ({"GLOBALEVENTID": ""}, "no id"),
    ({"EventCode": "13y"}, "unknown code"),
    ({"EventCode": "---"}, "unknown code"),
    ({"EventCode": "X"}, "unknown code"),
    ({"Actor1Name": "A\0B"}, "NUL byte"),
    ({"ActionGeo_Lat": "40.#"}, "unreadable number"),
    ({"GoldsteinScale": "low"}, "unreadable number"),
    ({"ActionGeo_CountryCode": "IT", "ActionGeo_Lat": "12.5", "ActionGeo_Long": "41.9"}, "swapped coordinates"),
    ({"ActionGeo_Lat": "100", "ActionGeo_Long": "200"}, "impossible coordinates"),
    ({"ActionGeo_Lat": ""}, "impossible coordinates"),
    ({"GLOBALEVENTID": "1"}, "duplicated id"),
)


@pytest.mark.parametrize("names", [DAILY, SECOND], ids=["1.0", "2.0"])
def test_spoilt_rows_are_set_apart(tmp_path: Path, names: list[str]) -> None:
    made = [{"GLOBALEVENTID": str(k), **change, "AvgTone": str(k)} for k, (change, _) in enumerate(SPOILT, 100)]
    got = read(tmp_path, BEFORE, *made, names=names)
    assert Counter(row["reason"] for row in got) == {None: 1, **Counter(reason for _, reason in SPOILT)}
    told = {json.loads(row["line"])["AvgTone"]: row["reason"] for row in got if row["line"]}
    wanted = {str(k): reason for k, (_, reason) in enumerate(SPOILT, 100)}
    assert {**wanted, **told} == wanted


def test_ragged_lines_and_other_letters_are_counted(tmp_path: Path) -> None:
    good = [line(SECOND, {**EVENT, **QUARTER, "GLOBALEVENTID": str(k)}) for k in range(40)]
    file = written(tmp_path / "20200713101500.export.CSV", [*good, "1\t20200101", good[0] + "\tmore"])
    file.write_bytes(file.read_bytes() + good[1].replace("AZERBAIJAN", "AZERBAÏJAN").encode("latin-1") + b"\n")
    holding = added(tmp_path, file, None)
    expected = {"too few columns": 1, "too many columns": 1, "letters in another encoding": 1}
    assert (holding.rows, holding.quarantined, unsplit(holding)) == (40, expected, expected)


def test_the_two_layouts_stand_side_by_side_and_each_file_adds_to_its_own(tmp_path: Path) -> None:
    first = written(tmp_path / "a.CSV", [line(DAILY, EVENT)])
    second = written(tmp_path / "b.CSV", [line(SECOND, {**EVENT, **QUARTER})])
    third = written(
        tmp_path / "c.CSV", [line(SECOND, {**EVENT, **QUARTER}), line(SECOND, {**EVENT, **QUARTER, **BEFORE})]
    )
    got = [added(tmp_path, file, None) for file in (first, second, third)]
    assert [holding.name for holding in got] == ["gdelt@1.0", "gdelt@2.0", "gdelt@2.0"]
    assert [holding.rows for holding in got] == [1, 1, 1]
    assert got[2].quarantined == {"id already held from another file": 1}


def test_counts_by_code_and_day_are_those_of_the_file(tmp_path: Path) -> None:
    codes = [code for code in terms.cameo() if len(code) > 2]
    made = [
        {"GLOBALEVENTID": str(k), "EventCode": codes[k % len(codes)], "SQLDATE": f"202007{1 + k % 28:02}"}
        for k in range(600)
    ]
    got = read(tmp_path, *made)
    wanted = Counter(terms.cameo()[event["EventCode"]].category or None for event in made)
    assert Counter(row["category"] for row in got) == wanted
    assert Counter(f"{row['start_date']:%Y%m%d}" for row in got) == Counter(event["SQLDATE"] for event in made)
    assert {row["row_id"]: row["code"] for row in got} == {event["GLOBALEVENTID"]: event["EventCode"] for event in made}


@pytest.mark.parametrize("names", [BACKFILE, DAILY, SECOND], ids=["57", "58", "61"])
def test_gzip_and_zip_give_the_same_rows(tmp_path: Path, names: list[str]) -> None:
    made = ({**EVENT, "GLOBALEVENTID": str(k)} for k in range(50))
    lines = [line(names, {key: text for key, text in event.items() if key in names}) for event in made]
    plain, gz, archive = all_wrappings(tmp_path, written(tmp_path / "20200713.export.CSV", lines), None)
    assert len(plain) == 50 and plain == gz == archive


def test_a_table_of_that_width_with_something_else_is_not_gdelt(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="of no format we know"):
        added(tmp_path, written(tmp_path / "other.tsv", ["\t".join(["1", "2", "3", "4"] * 15 + ["x"])] * 3))


def test_fips_codes_are_unique_and_their_states_known() -> None:
    with terms.path("fips").open(encoding="utf-8", newline="") as handle:
        told = [(row["fips"], row["iso3"]) for row in csv.DictReader(handle)]
    assert len({code for code, _ in told}) == len(told) > 250
    assert {iso3 for _, iso3 in told} <= {one.iso3 for one in terms.states()}
    states = {one.iso3 for one in terms.states() if one.gw and one.end is None}
    assert states - {iso3 for _, iso3 in told} == {"XAB", "XOS"}  # Abkhazia and South Ossetia: FIPS has Georgia only

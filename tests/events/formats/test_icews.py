"""ICEWS event data: real rows, codes without their zero, roles by sector, and every reason for setting a row apart."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from fissures import terms
from fissures.errors import DataError, UsageError
from fissures.events.table import COLUMNS

from .tabs import SHARED, Row, added, all_wrappings, asked, line, rows, unsplit, written

DAILY = SHARED / "icews" / "icews_daily_2018-09_2019-03.parquet"
_NAMES = """Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|
Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"""
NAMES = _NAMES.replace("\n", "").split("|")
EVENT = {
    "Event ID": "33708678",
    "Event Date": "2018-10-13",
    "Source Name": "Criminal (Russia)",
    "Source Sectors": "Criminals / Gangs,Dissident",
    "Source Country": "Russian Federation",
    "Event Text": "Refuse to de-escalate military engagement",
    "CAMEO Code": "1246",
    "Intensity": "-4.0",
    "Target Name": "Other Authorities / Officials (Russia)",
    "Target Sectors": "Government",
    "Target Country": "Russian Federation",
    "Story ID": "48357606",
    "Sentence Number": "6",
    "Publisher": "Interfax News Service",
    "City": "Moscow",
    "Province": "Moskva",
    "Country": "Russian Federation",
    "Latitude": "55.7522",
    "Longitude": "37.6156",
}
BEFORE = {"Event ID": "1", "Event Date": "2018-10-12"}  # a row beside the one that is spoilt


def read(folder: Path, *events: dict[str, str]) -> list[Row]:
    """The rows that events become; each differs from EVENT in what is given."""
    lines = ["\t".join(NAMES), *(line(NAMES, {**EVENT, **event}) for event in events)]
    return rows(added(folder, written(folder / "events.tab", lines)))


def native(path: Path, where: str = "true") -> Path:
    """The real rows in the native layout."""
    theirs = ", ".join(f'{name.lower().replace(" ", "_")} AS "{name}"' for name in NAMES)
    sql = f"""COPY (SELECT {theirs.replace("event_date AS", "strftime(event_date, '%Y-%m-%d') AS")}
        FROM read_parquet('{DAILY}') WHERE {where})
        TO '{path}' (FORMAT csv, DELIMITER '\t', HEADER, QUOTE '', ESCAPE '')"""
    with duckdb.connect() as connection:
        connection.execute(sql)
    return path


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {})
    expected = {
        "row_id": "33708678/2018-10-13",
        "start_date": date(2018, 10, 13),
        "end_date": date(2018, 10, 13),
        "date_precision": "day",
        "actor": "Criminal (Russia)",
        "actor_state": "RUS",
        "actor_roles": ["CRM"],
        "recipient": "Other Authorities / Officials (Russia)",
        "recipient_state": "RUS",
        "recipient_roles": ["GOV"],
        "category": "REJECT",
        "code": "1246",
        "mode": terms.cameo()["1246"].mode or None,
        "context": "|".join(terms.cameo()["1246"].context) or None,
        "intensity": -4.0,
        "place": "Moscow",
        "country": "RUS",
        "lat": 55.7522,
        "lon": 37.6156,
        "place_precision": "near",
        "article": "Interfax News Service, story 48357606",
    }
    assert row == {**dict.fromkeys(COLUMNS), "reason": None, "line": None, **expected}


def test_the_version_is_asked_for_whatever_the_file_is_called(tmp_path: Path) -> None:
    lines = ["\t".join(NAMES), line(NAMES, EVENT)]
    for name in ("events.2018.20200427084805.tab", "20181004-icews-events.tab"):
        file = written(tmp_path / name, lines)
        with pytest.raises(UsageError, match="which version of ICEWS Coded Event Data"):
            added(tmp_path, file, version=None)
    holding = added(tmp_path, file, "2020-04")
    assert (holding.name, holding.format, holding.feed, holding.fatal_only) == ("icews@2020-04", "icews", True, False)


@pytest.mark.parametrize(
    ("given", "means"),
    [("040", "040"), ("40", "040"), ("190", "190"), ("20", "020"), ("10", "010"), ("211", "0211"), ("0211", "0211")],
)
def test_a_code_that_lost_its_zero_is_understood_and_kept_as_it_stands(tmp_path: Path, given: str, means: str) -> None:
    (row,) = read(tmp_path, {"CAMEO Code": given})
    said = terms.cameo()[means]
    assert (row["code"], row["category"], row["reason"]) == (given, said.category or None, None)
    assert (row["mode"], row["context"]) == (said.mode or None, "|".join(said.context) or None)


def test_no_code_without_its_zero_is_another_code() -> None:
    codes = {code for code in terms.cameo() if len(code) > 2}
    assert not {code[1:] for code in codes if code.startswith("0")} & codes


@pytest.mark.parametrize(
    ("sectors", "roles"),
    [
        ("Police,Government", ["COP"]),
        ("Government", ["GOV"]),
        ("Executive,Executive Office,Government,Legislative / Parliamentary,Parties", ["GOV", "LEG"]),
        ("Protestors / Popular Opposition / Mobs,Dissident", ["OPP"]),
        ("General Population / Civilian / Social,Social", ["CVL"]),
        (" police , GOVERNMENT", ["COP"]),
        ("International Ethnic,National Ethnic", []),
        ("", []),
    ],
)
def test_roles_follow_the_sectors_and_the_finer_ones_win(tmp_path: Path, sectors: str, roles: list[str]) -> None:
    (row,) = read(tmp_path, {"Source Sectors": sectors})
    assert row["actor_roles"] == roles


@pytest.mark.parametrize(
    ("name", "country", "state", "roles"),
    [
        ("Armenia", "Armenia", "ARM", None),
        ("Russia", "Russian Federation", "RUS", None),
        ("Prince Charles", "United Kingdom", "GBR", []),
        ("European Union", "", None, None),
    ],
)
def test_a_state_under_its_own_name_has_no_roles(
    tmp_path: Path, name: str, country: str, state: str | None, roles: list[str] | None
) -> None:
    (row,) = read(tmp_path, {"Source Name": name, "Source Sectors": "", "Source Country": country})
    assert (row["actor"], row["actor_state"], row["actor_roles"]) == (name, state, roles)


@pytest.mark.parametrize(
    ("empty", "place", "precision"),
    [
        ([], "Moscow", "near"),
        (["City"], "Moskva", "province"),
        (["City", "Province"], "Russian Federation", "country"),
        (["City", "Province", "Country", "Latitude", "Longitude"], None, None),
    ],
)
def test_the_finest_place_that_is_said(
    tmp_path: Path, empty: list[str], place: str | None, precision: str | None
) -> None:
    (row,) = read(tmp_path, dict.fromkeys(empty, ""))
    assert (row["place"], row["place_precision"], row["reason"]) == (place, precision, None)


def test_an_event_id_that_was_used_on_two_days_is_two_events(tmp_path: Path) -> None:
    got = read(tmp_path, {}, {"Event Date": "2014-01-02"})
    assert {row["row_id"]: row["reason"] for row in got} == {"33708678/2014-01-02": None, "33708678/2018-10-13": None}


SPOILT = [
    ({"Event Date": "2018-02-30"}, "impossible date"),
    ({"Event Date": ""}, "no id"),
    ({"Event ID": ""}, "no id"),
    ({"Event Date": "2031-01-01"}, "date in the future"),
    ({"CAMEO Code": "13y"}, "unknown code"),
    ({"CAMEO Code": "---"}, "unknown code"),
    ({"CAMEO Code": ""}, "unknown code"),
    ({"CAMEO Code": "999"}, "unknown code"),
    ({"Source Name": ""}, "no actor"),
    ({"Target Name": "a\0b"}, "NUL byte"),
    ({"Intensity": "strong"}, "unreadable number"),
    ({"Latitude": "37.6156", "Longitude": "55.7522"}, "swapped coordinates"),
    ({"Latitude": "95", "Longitude": "200"}, "impossible coordinates"),
    ({"Latitude": ""}, "impossible coordinates"),
]


def test_spoilt_rows_are_set_apart_with_their_lines(tmp_path: Path) -> None:
    made = [{"Event ID": str(k), **change, "Story ID": f"s{k}"} for k, (change, _) in enumerate(SPOILT, 100)]
    got = read(tmp_path, BEFORE, *made)
    assert [row["row_id"] for row in got if row["reason"] is None] == ["1/2018-10-12"]
    told = {json.loads(row["line"])["Story ID"]: row["reason"] for row in got if row["line"]}
    assert told == {f"s{k}": reason for k, (_, reason) in enumerate(SPOILT, 100)}


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    got = read(tmp_path, {}, {}, {"Sentence Number": "2"})
    assert Counter(row["reason"] for row in got) == {None: 1, "duplicated id": 2}


def test_a_row_held_from_another_file_of_the_release_does_not_count_again(tmp_path: Path) -> None:
    lines = ["\t".join(NAMES), line(NAMES, EVENT)]
    added(tmp_path, written(tmp_path / "a.tab", lines))
    again = added(tmp_path, written(tmp_path / "b.tab", [*lines, line(NAMES, {**EVENT, **BEFORE})]))
    assert (again.rows, again.quarantined) == (1, {"id already held from another file": 1})


def test_ragged_lines_and_other_letters_are_counted(tmp_path: Path) -> None:
    good = [line(NAMES, {**EVENT, "Event ID": str(k)}) for k in range(40)]
    body = "\n".join(["\t".join(NAMES), *good, "too\tfew", good[0] + "\tone more"]).encode()
    file = tmp_path / "events.tab"
    file.write_bytes(body + b"\n" + good[1].replace("Moscow", "Orl\u00e9ans").encode("latin-1") + b"\n")
    holding = added(tmp_path, file)
    expected = {"too few columns": 1, "too many columns": 1, "letters in another encoding": 1}
    assert (holding.rows, holding.quarantined, unsplit(holding)) == (40, expected, expected)
    recoded = added(tmp_path / "latin", file, encoding="latin-1")
    assert recoded.quarantined == {"duplicated id": 1, "too few columns": 1, "too many columns": 1}


def test_quotation_marks_are_letters(tmp_path: Path) -> None:
    (row, _) = read(tmp_path, {"Source Name": '"Comandante" X', "Target Name": 'Y "'}, {"Event ID": "44"})
    assert (row["actor"], row["recipient"]) == ('"Comandante" X', 'Y "')


def test_a_file_without_one_good_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no row that can be used as ICEWS.*unknown code: 1"):
        read(tmp_path, {"CAMEO Code": "13y"})


@pytest.mark.shared
def test_gzip_and_zip_give_the_same_rows(tmp_path: Path) -> None:
    file = native(tmp_path / "20181004-icews-events.tab", "source_file = '20181004-icews-events.tab'")
    plain, gz, archive = all_wrappings(tmp_path, file)
    assert len(plain) == 2338 and plain == gz == archive


@pytest.mark.shared
def test_all_real_rows_are_read_as_they_stand(tmp_path: Path) -> None:
    holding = added(tmp_path, native(tmp_path / "all.tab"))
    assert (holding.rows, holding.quarantined) == (325_691, {})
    assert (holding.first, holding.last) == (date(2018, 9, 14), date(2019, 3, 26))
    with terms.path("cameo").open(encoding="utf-8", newline="") as handle:
        home = {row["code"]: row["category"] or None for row in csv.DictReader(handle)}
    wanted: Counter[str | None] = Counter()
    for row in asked("SELECT cameo_code AS code, count(*) AS n FROM read_parquet(?) GROUP BY ALL", DAILY):
        wanted[home[row["code"]]] += row["n"]
    got = asked("SELECT category, count(*) AS n FROM read_parquet(?) GROUP BY ALL", holding.events)
    assert {row["category"]: row["n"] for row in got} == wanted
    days = "SELECT {}::DATE AS day, count(*) AS n FROM read_parquet(?) GROUP BY ALL ORDER BY ALL"
    assert asked(days.format("start_date"), holding.events) == asked(days.format("event_date"), DAILY)
    same = """SELECT count(*) AS n FROM read_parquet(?) e JOIN read_parquet(?) d
        ON e.row_id = d.event_id || '/' || strftime(d.event_date, '%Y-%m-%d') AND e.start_date = d.event_date
        WHERE (e.actor, e.recipient) = (d.source_name, trim(d.target_name))
        AND (e.code, e.intensity) = (d.cameo_code, d.intensity)
        AND e.lat IS NOT DISTINCT FROM d.latitude AND e.lon IS NOT DISTINCT FROM d.longitude
        AND (e.actor_state IS NULL) = (d.source_country IS NULL)
        AND (e.country IS NULL) = (coalesce(d.country, 'Bavaria') = 'Bavaria')
        AND (d.source_sectors IS NULL OR e.actor_roles IS NOT NULL)"""
    assert asked(same, holding.events, DAILY)[0]["n"] == 325_691

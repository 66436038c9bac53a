"""Tables with a mapping: real ones of several kinds, a workbook, and everything that a mapping can say wrongly."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from fissures.errors import DataError, UsageError
from fissures.events import store
from fissures.events.formats.mapping import KEYS, SCHEMES, beside, read_mapping
from fissures.events.table import COLUMNS

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "event-data.md"
TODAY = date(2024, 6, 30)

GED = """
fissures_mapping: 1
title: UCDP GED 21.1, subset
dataset: ged-subset
cite: Sundberg and Melander (2013)
columns:
  row_id: id
  start_date: date
  actor: side_a
  recipient: side_b
  country: country
  lat: latitude
  lon: longitude
  deaths_low: low_death
  deaths_best: best_death
  deaths_high: high_death
  dyad: conflict_name
codes: {column: type_of_violence, scheme: ucdp}
fatal_only: true
"""
ICEWS = """
fissures_mapping: 1
dataset: icews-daily
columns:
  row_id: event_id
  start_date: event_date
  actor: source_name
  actor_state: source_country
  recipient: target_name
  recipient_state: target_country
  country: country
  lat: latitude
  lon: longitude
  article: publisher
codes: {column: cameo_code, scheme: cameo}
feed: true
"""
QUADS = """
fissures_mapping: 1
dataset: quads
columns: {start_date: date, actor: source, actor_state: src_c, recipient: target, recipient_state: tgt_c}
codes: {column: cameo_code, scheme: cameo}
feed: true
"""
CASUALTIES = """
fissures_mapping: 1
dataset: casualties
columns: {start_date: Date, deaths_best: Number}
dates: "%m/%d/%Y"
only: {Type of Casualty: [Military Killed, Civilians Killed]}
same_everywhere: {category: ASSAULT, country: AZE}
"""
OWN = """
fissures_mapping: 1
columns: {start_date: day, actor: who, actor_state: who, recipient: whom, deaths_best: dead, place: where}
codes: {column: kind, means: {shelling: ASSAULT/heavy-weapons, talks: CONSULT, speech: null}}
"""
SHEET = """day,kind,who,whom,dead,where
2020-07-12,shelling,Armenia,Azerbaijan,3,Tavush
2020-07-12,shelling,Armenia,Azerbaijan,3,Tavush
2020-07-14,talks,OSCE,Armenia,,Vienna
2020-07-15,speech,Azerbaijan,,0,Baku
"""


def added(folder: Path, file: Path, mapping: str | None = None, **more: Any) -> store.Holding:
    """The holding that a file becomes, in a new store, with a mapping that lies elsewhere."""
    if mapping is not None:
        more["mapping"] = folder / "given.yaml"
        more["mapping"].write_text(mapping, encoding="utf-8")
    return store.add(folder / "store", file, TODAY, version="1", **more).holding


def sheet(folder: Path, text: str = SHEET, name: str = "sheet.csv") -> Path:
    """A small table of the analyst's own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(holding: store.Holding) -> list[dict[str, Any]]:
    """The rows of a holding, those set apart too, by id."""
    with duckdb.connect() as connection:
        done = connection.execute("SELECT * FROM read_parquet(?) ORDER BY start_date, row_id", [str(holding.events)])
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def one(sql: str, *given: str) -> tuple[Any, ...]:
    """The one row of a query."""
    with duckdb.connect() as connection:
        (row,) = connection.execute(sql, list(given)).fetchall()
        return tuple(row)


def read(folder: Path, text: str, mapping: str) -> list[dict[str, Any]]:
    """The rows that a table and its mapping become."""
    return rows(added(folder, sheet(folder, text), mapping))


@pytest.mark.shared
def test_the_georeferenced_events_of_the_world(tmp_path: Path) -> None:
    holding = added(tmp_path, file := SHARED / "ged" / "ged_world.parquet", GED)
    assert (holding.rows, holding.quarantined, holding.name) == (172_678, {}, "ged-subset@1")
    dead = "sum(low_death), sum(best_death), sum(high_death), min(date)::DATE, max(date)::DATE, count(DISTINCT id)"
    ours = "sum(deaths_low), sum(deaths_best), sum(deaths_high), min(start_date), max(end_date), count(DISTINCT row_id)"
    expected = one(f"SELECT {dead} FROM read_parquet(?)", str(file))
    assert one(f"SELECT {ours} FROM read_parquet(?)", str(holding.events)) == expected
    assert expected[:3] == (1_445_976, 1_780_724, 2_796_126)
    missing = one("SELECT count(*) FROM read_parquet(?) WHERE country IS NULL", str(holding.events))
    assert missing == (0,), "every country is a state"
    kinds = "SELECT mode, count(*) FROM read_parquet(?) WHERE mode = 'targeted' GROUP BY mode"
    onesided = "SELECT 'targeted', count(*) FROM read_parquet(?) WHERE type_of_violence = 'One-sided violence'"
    assert one(kinds, str(holding.events)) == one(onesided, str(file))


@pytest.mark.shared
def test_rows_of_icews_with_cameo_codes(tmp_path: Path) -> None:
    holding = added(tmp_path, file := SHARED / "icews" / "icews_daily_2018-09_2019-03.parquet", ICEWS)
    assert holding.rows + sum(holding.quarantined.values()) == 325_691
    assert holding.quarantined == {}, "the vocabulary knows every code, and every place lies where it can"
    told = "count(DISTINCT {id}), sum(intensity), min({day})::DATE, max({day})::DATE, count({place})"
    theirs = told.format(id="event_id", day="event_date", place="latitude")
    ours = told.format(id="row_id", day="start_date", place="lat")
    expected = one(f"SELECT {theirs} FROM read_parquet(?)", str(file))
    assert one(f"SELECT {ours} FROM read_parquet(?)", str(holding.events)) == pytest.approx(expected)
    silent = "SELECT count(*) FROM read_parquet(?) WHERE {}"
    statements = one(silent.format("root IN (1, 2) AND cameo_code NOT IN ('012')"), str(file))[0]
    unmapped = one(silent.format("category IS NULL"), str(holding.events))[0]
    assert unmapped == pytest.approx(statements, rel=0.1)
    nowhere = one(silent.format("actor_state IS NULL"), str(holding.events))[0]
    assert nowhere / holding.rows < 0.05, "nearly every actor of ICEWS has a state"


@pytest.mark.shared
def test_quadruples_without_ids_all_count(tmp_path: Path) -> None:
    holding = added(tmp_path, file := SHARED / "icews" / "icews_quads_2005_2018.parquet", QUADS)
    assert (holding.rows, holding.quarantined) == (1_020_617, {})
    ids = "SELECT count(DISTINCT row_id), count(*) FILTER (NOT row_id LIKE '%-1') FROM read_parquet(?)"
    with duckdb.connect() as connection:
        names = [row[0] for row in connection.execute("DESCRIBE FROM read_parquet(?)", [str(file)]).fetchall()]
    listed = ", ".join(f'"{name}"' for name in names)
    equal = f"SELECT sum(n), sum(n) - count(*) FROM (SELECT count(*) AS n FROM read_parquet(?) GROUP BY {listed})"
    assert one(ids, str(holding.events)) == one(equal, str(file))
    pair = "SELECT count(*) FROM read_parquet(?) WHERE {} = '{}' AND {} = '{}'"
    ours = one(pair.format("actor_state", "RUS", "recipient_state", "UKR"), str(holding.events))
    theirs = one(pair.format("src_c", "Russia", "tgt_c", "Ukraine"), str(file))
    assert ours[0] >= theirs[0] > 100  # other spellings of the two may add to it


@pytest.mark.shared
def test_casualties_by_kind_count_only_the_dead(tmp_path: Path) -> None:
    file = SHARED / "crisisgroup_nk" / "pre2020_all.csv"
    with file.open(encoding="utf-8-sig", newline="") as handle:
        told = list(csv.DictReader(handle))
    dead = [row for row in told if row["Type of Casualty"].endswith("Killed")]
    holding = added(tmp_path, file, CASUALTIES)
    assert holding.quarantined == {"left out by the mapping": len(told) - len(dead)}
    kept = [row for row in rows(holding) if row["reason"] is None]
    assert (holding.rows, sum(row["deaths_best"] for row in kept)) == (
        len(dead),
        sum(int(row["Number"]) for row in dead),
    )
    days = sorted(datetime.strptime(row["Date"], "%m/%d/%Y").date() for row in dead)
    assert [row["start_date"] for row in kept] == days


def test_a_sheet_of_ones_own(tmp_path: Path) -> None:
    first, second, talks, speech = read(tmp_path, SHEET, OWN)
    assert (first["category"], first["mode"], first["code"]) == ("ASSAULT", "heavy-weapons", "shelling")
    assert (first["actor"], first["actor_state"], first["deaths_best"], first["place"]) == (
        "Armenia",
        "ARM",
        3,
        "Tavush",
    )
    assert (talks["category"], talks["mode"], talks["actor_state"], talks["deaths_best"]) == (
        "CONSULT",
        None,
        None,
        None,
    )
    assert (speech["category"], speech["reason"], speech["deaths_best"], speech["recipient"]) == (None, None, 0, None)
    assert (first["end_date"], first["date_precision"]) == (date(2020, 7, 12), "day")
    assert {**first, "row_id": ""} == {**second, "row_id": ""}


def test_equal_rows_count_twice_and_the_same_file_gives_the_same_ids(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    once, again = (read(folder, SHEET, OWN) for folder in (tmp_path, tmp_path / "again"))
    assert once == again
    ids = [row["row_id"] for row in once]
    assert len(set(ids)) == 4
    assert ids[0].removesuffix("-1") == ids[1].removesuffix("-2")


def test_a_longer_copy_of_a_sheet_adds_only_its_new_rows(tmp_path: Path) -> None:
    assert added(tmp_path, sheet(tmp_path), OWN).rows == 4
    line = "2020-07-12,shelling,Armenia,Azerbaijan,3,Tavush\n"
    later = added(tmp_path, sheet(tmp_path, SHEET + line, "later.csv"), OWN, dataset="sheet")
    assert (later.rows, later.quarantined) == (1, {"id already held from another file": 4})


def test_a_mapping_beside_the_file_is_found_and_kept(tmp_path: Path) -> None:
    file = sheet(tmp_path)
    assert beside(file) is None
    (tmp_path / "sheet.mapping.yaml").write_text("fissures_mapping: 0", encoding="utf-8")
    with pytest.raises(DataError, match="format is not 1"):
        added(tmp_path, file)
    (tmp_path / "sheet.csv.mapping.yaml").write_text(OWN, encoding="utf-8")
    holding = added(tmp_path, file)
    assert (holding.name, holding.format, holding.rows) == ("sheet@1", "mapped", 4)
    assert (holding.folder / "mapping.yaml").read_text(encoding="utf-8") == OWN


@pytest.mark.parametrize("ending", ["tsv", "csv.gz", "parquet", "xlsx"])
def test_other_kinds_of_files_say_the_same(tmp_path: Path, ending: str) -> None:
    table = list(csv.reader(SHEET.splitlines()))
    file = tmp_path / f"sheet.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(table[0])
        for day, *cells, dead, where in table[1:]:
            book.active.append([datetime.fromisoformat(day), *cells, int(dead) if dead else None, where])
        book.save(file)
    else:
        sql = {"tsv": "(DELIMITER '\t')", "csv.gz": "(COMPRESSION gzip)", "parquet": "(FORMAT parquet)"}[ending]
        with duckdb.connect() as connection:
            connection.execute(f"COPY (FROM read_csv('{sheet(tmp_path)}')) TO '{file}' {sql}")
    expected = read(tmp_path, SHEET, OWN)
    found = rows(added(tmp_path, file, OWN, dataset=f"as-{ending}"))
    assert [{**row, "row_id": ""} for row in found] == [{**row, "row_id": ""} for row in expected]


def test_a_workbook_of_the_analysts_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["Day", "Dead (best)", "Lat", "Lon"], [date(2020, 7, 14), 4, 40.9, 45.4], ["2020-07", 2, None, None]):
        book.active.append(line)
    book.save(file := tmp_path / "my events 2020.xlsx")
    mapping = "fissures_mapping: 1\ncolumns: {start_date: Day, deaths_best: Dead (best), lat: Lat, lon: Lon}\n"
    holding = added(tmp_path, file, mapping + "same_everywhere: {category: ASSAULT, actor_roles: [MIL, GOV]}")
    month, day = rows(holding)
    assert holding.name == "my-events-2020@1"
    assert (day["start_date"], day["deaths_best"], day["lat"], day["lon"]) == (date(2020, 7, 14), 4, 40.9, 45.4)
    assert (month["start_date"], month["end_date"]) == (date(2020, 7, 1), date(2020, 7, 31))
    assert (month["date_precision"], month["actor_roles"], month["reason"]) == ("month", ["MIL", "GOV"], None)


@pytest.mark.parametrize(
    ("dates", "written_as", "start", "end", "precision"),
    [
        ("", "2020-07-12", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ("", "2020-07-12 14:30:00", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ("", "2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("", "2020", date(2020, 1, 1), date(2020, 12, 31), "year"),
        ('dates: "%d.%m.%Y"', "12.07.2020", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ('dates: "%d.%m.%Y"', "2020-07-12", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ('dates: "%m/%d/%y"', "7/12/20", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ('dates: ["%d %B %Y", "%d/%m/%Y"]', "12 July 2020", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ('dates: ["%d %B %Y", "%d/%m/%Y"]', "12/07/2020", date(2020, 7, 12), date(2020, 7, 12), "day"),
        ('dates: "%Y%m%d"', "20200712", date(2020, 7, 12), date(2020, 7, 12), "day"),
    ],
)
def test_ways_of_writing_a_day(
    tmp_path: Path, dates: str, written_as: str, start: date, end: date, precision: str
) -> None:
    mapping = f"fissures_mapping: 1\ncolumns: {{start_date: d}}\nsame_everywhere: {{category: PROTEST}}\n{dates}"
    (row,) = read(tmp_path, f"d,x\n{written_as},y\n", mapping)
    assert (row["start_date"], row["end_date"], row["date_precision"]) == (start, end, precision)


def test_an_interval_has_both_its_ends(tmp_path: Path) -> None:
    mapping = "fissures_mapping: 1\ncolumns: {start_date: from, end_date: to}\nsame_everywhere: {category: PROTEST}"
    (row,) = read(tmp_path, "from,to\n2020-06-28,2020-07-03\n", mapping)
    assert (row["start_date"], row["end_date"]) == (date(2020, 6, 28), date(2020, 7, 3))
    assert row["date_precision"] == "days"


def test_states_are_known_by_name_code_or_number_and_by_the_day(tmp_path: Path) -> None:
    mapping = """fissures_mapping: 1
columns: {start_date: d, country: c}
same_everywhere: {category: PROTEST, actor_state: Islamic Republic of Iran, recipient_state: ARM}"""
    table = "d,c\n1990-01-01,Russia\n1995-01-01,Russia\n1996-01-01,arm\n1997-01-01,373\n1998-01-01,Atlantis\n"
    found = read(tmp_path, table, mapping)
    assert [row["country"] for row in found] == ["SUN", "RUS", "ARM", "AZE", None]
    assert {(row["actor_state"], row["recipient_state"], row["reason"]) for row in found} == {("IRN", "ARM", None)}


@pytest.mark.parametrize(
    ("scheme", "code", "category", "mode", "intensity"),
    [
        ("cameo", "194", "ASSAULT", "heavy-weapons", -10.0),
        ("cameo", "010", None, None, 0.0),
        ("plover", "Assault", "ASSAULT", None, None),
        ("acled", "air/drone strike", "ASSAULT", "aerial", None),
        ("ucdp", "3", "ASSAULT", "targeted", None),
        ("ucdp", "One-sided violence", "ASSAULT", "targeted", None),
    ],
)
def test_every_scheme(
    tmp_path: Path, scheme: str, code: str, category: str | None, mode: str | None, intensity: float | None
) -> None:
    mapping = f"fissures_mapping: 1\ncolumns: {{start_date: d}}\ncodes: {{column: c, scheme: {scheme}}}"
    (row,) = read(tmp_path, f"d,c\n2020-07-12,{code}\n", mapping)
    assert (row["category"], row["mode"], row["intensity"], row["code"]) == (category, mode, intensity, code)


REASONS = {
    "unknown code": "2020-07-12,raid,Armenia,,3,40.9,MIL,day",
    "impossible date": "2020-02-30,shelling,Armenia,,3,40.9,MIL,day",
    "date in the future": "2031-07-12,shelling,Armenia,,3,40.9,MIL,day",
    "unreadable number": "2020-07-12,shelling,Armenia,,a few,40.9,MIL,day",
    "negative deaths": "2020-07-12,shelling,Armenia,,-3,40.9,MIL,day",
    "impossible coordinates": "2020-07-12,shelling,Armenia,,3,,MIL,day",
    "dates out of order": "2020-07-12,shelling,Armenia,2020-07-01,3,40.9,MIL,day",
    "left out by the mapping": "2020-07-12,shelling,Nobody,,a few,40.9,MIL,day",
    "too few columns": "2020-07-12,shelling",
}
ALSO = {
    "unknown code": ["2020-07-12,,Armenia,,3,40.9,MIL,day", "2020-07-12,shelling,Armenia,,3,40.9,soldier,day"],
    "impossible date": ["2020-07-12,shelling,Armenia,soon,3,40.9,MIL,day", ",shelling,Armenia,,3,40.9,MIL,day"],
}


def test_every_reason_sets_rows_apart_and_loses_none(tmp_path: Path) -> None:
    mapping = """fissures_mapping: 1
columns: {start_date: day, end_date: to, actor: who, actor_roles: role, deaths_best: dead, lat: lat, date_precision: p}
codes: {column: kind, means: {shelling: ASSAULT/heavy-weapons}}
only: {who: [Armenia, Azerbaijan]}
same_everywhere: {lon: 45.4}"""
    good = ['2020-07-12,shelling,Armenia,,3,40.9,"mil, gov",day', "2020-07-12,shelling,Armenia,,,40.9,,"]
    coarse = "2020-07-12,shelling,Armenia,,3,40.9,MIL,roughly"
    lines = [*good, *REASONS.values(), *(line for more in ALSO.values() for line in more), coarse]
    table = "\n".join(["day,kind,who,to,dead,lat,role,p", *lines]) + "\n"
    holding = added(tmp_path, sheet(tmp_path, table), mapping)
    expected = {reason: 1 + len(ALSO.get(reason, ())) for reason in REASONS}
    expected["unknown code"] += 1
    assert holding.quarantined == expected
    assert holding.rows == len(good)
    assert [row["actor_roles"] for row in rows(holding) if row["reason"] is None] in (
        [["MIL", "GOV"], None],
        [None, ["MIL", "GOV"]],
    )


def test_decimal_commas(tmp_path: Path) -> None:
    mapping = """fissures_mapping: 1
columns: {start_date: Tag, lat: Breite, lon: Länge, deaths_best: Tote}
dates: "%d.%m.%Y"
decimal_comma: true
same_everywhere: {category: ASSAULT, mode: drone}
weapons: true"""
    (row,) = read(tmp_path, "Tag;Breite;Länge;Tote\n12.07.2020;40,9911;45,4789;3\n", mapping)
    assert (row["lat"], row["lon"], row["deaths_best"], row["mode"]) == (40.9911, 45.4789, 3, "drone")


def test_names_of_columns_may_be_strange(tmp_path: Path) -> None:
    mapping = """fissures_mapping: 1
columns: {start_date: 'Day "of" event', actor: a|b, recipient: 2020, article: "it's said", place: column_6}
same_everywhere: {category: PROTEST}"""
    table = '"Day ""of"" event",a|b,2020x,2020,it\'s said,\n2020-07-12,one,no,two,three,four\n'
    (row,) = read(tmp_path, table.replace(",2020,", ",N2020,"), mapping.replace("2020,", "N2020,"))
    told = (row["actor"], row["recipient"], row["article"], row["place"], row["reason"])
    assert told == ("one", "two", "three", "four", None)


WRONG = {
    "an unknown key": ("colums: {actor: who}", "a mapping has no key 'colums'", "did you mean 'columns'?"),
    "another format": ("fissures_mapping: 2", "the mapping's format is not 1", "write: fissures_mapping: 1"),
    "an unknown event column": ("columns: {death_best: dead}", "no column 'death_best'", "did you mean 'deaths_best'?"),
    "a column not in the file": ("columns: {place: wher}", "the file has no column 'wher'", "did you mean 'where'?"),
    "columns that are no map": ("columns: [day]", "columns must be a map", "name: value"),
    "a column without a name": ("columns: {actor: }", "actor must name a column", "put its name in quotes"),
    "a constant with a column": (
        "same_everywhere: {start_date: 2020-07-12}",
        "start_date has a column already",
        "remove",
    ),
    "an unknown category": ("same_everywhere: {category: FIGHT}", "category cannot be 'FIGHT'", "ASSAULT"),
    "a constant day": ("same_everywhere: {published: July}", "'July' is no date", "2020-07-21"),
    "a constant number": ("same_everywhere: {lat: north}", "lat must be a number", "write a number"),
    "a constant text": ("same_everywhere: {place: 7}", "place must be text", "put it in quotes"),
    "an unknown state": ("same_everywhere: {country: Atlantis}", "'Atlantis' is no state we know", "ISO code"),
    "a constant id": ("same_everywhere: {row_id: a}", "row_id cannot be the same everywhere", "leave it out"),
    "an unknown role": ("same_everywhere: {actor_roles: [MILL]}", "no role 'MILL'", "did you mean 'MIL'?"),
    "codes without a scheme": ("codes: {column: kind}", "codes must say a column, and either", "scheme: cameo"),
    "an unknown scheme": ("codes: {column: kind, scheme: cameoo}", "no scheme 'cameoo'", "did you mean 'cameo'?"),
    "an unknown key of codes": ("codes: {column: kind, means: {a: AID}, x: 1}", "codes has no key 'x'", "legal here"),
    "codes of no column": (
        "codes: {column: kin, scheme: cameo}",
        "the file has no column 'kin'",
        "did you mean 'kind'?",
    ),
    "an unknown meaning": ("codes: {column: kind, means: {raid: ASALT}}", "no category 'ASALT'", "mean 'ASSAULT'?"),
    "an unknown mode": ("codes: {column: kind, means: {raid: ASSAULT/drones}}", "no mode 'drones'", "mean 'drone'?"),
    "no meanings": ("codes: {column: kind, means: {}}", "means must be a map", "CONSULT"),
    "codes and a category": (
        "same_everywhere: {category: AID}\ncodes: {column: kind, scheme: cameo}",
        "both codes",
        "one",
    ),
    "no kind of event": ("codes:", "codes must say a column", "scheme: cameo"),
    "no way of writing a day": ('dates: "%m/%Y"', "'%m/%Y' is no way of writing a day", "such as"),
    "an unknown letter": ('dates: "%d.%m.%Q"', "is no way of writing a day", "such as"),
    "only of no column": ("only: {Kind: [], knd: [a]}", "the file has no column 'knd'", "did you mean 'kind'?"),
    "only of nothing": ("only: {kind: []}", "only must list values of 'kind'", "Military Killed"),
    "only of a truth": ("only: {kind: [true]}", "only must list values", "Military Killed"),
    "a switch": ("feed: maybe", "feed must be true or false, not 'maybe'", "write true or false"),
    "a title": ("title: [a]", "title must be text, not a list", "put it in quotes"),
    "a dataset": ("dataset: a/b", "'a/b' cannot be the name of a dataset", "use letters"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_mapping_is_said(tmp_path: Path, case: str) -> None:
    line, message, remedy = WRONG[case]
    parts = dict(re.findall(r"^(\w+):(.*(?:\n .*)*)", OWN, re.MULTILINE))
    parts |= dict(re.findall(r"^(\w+):(.*)", line, re.MULTILINE))
    mapping = "\n".join(f"{key}:{value}" for key, value in parts.items())
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        added(tmp_path, sheet(tmp_path), mapping)
    told = [finding for finding in caught.value.findings if message in finding.message]
    assert len(told) == 1
    assert remedy in told[0].remedy
    assert re.fullmatch(r"given\.yaml:\d+:\d+", told[0].where)
    assert all(finding.remedy for finding in caught.value.findings)
    assert str(tmp_path) not in str(caught.value)
    assert store.holdings(tmp_path / "store") == ()


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    mapping = "fissures_mapping: 1\ncolumns: {start: day, actor: woh}\nfeeds: true\nonly: {nothing: [a]}"
    with pytest.raises(DataError) as caught:
        added(tmp_path, sheet(tmp_path), mapping)
    told = " ".join(finding.message for finding in caught.value.findings)
    for word in ("'start'", "'woh'", "'feeds'", "'nothing'", "start_date", "what kind of event"):
        assert word in told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "a mapping is a map of keys"),
        ("- a\n- b\n", "a mapping is a map of keys"),
        ("fissures_mapping: 1\ncolumns: {start_date: day", "a bracket is not closed"),
        ("fissures_mapping: 1\nfissures_mapping: 1", "written twice"),
        ("fissures_mapping: &a 1\ncite: *a", "anchor"),
        (b"fissures_mapping: 1\ntitle: \xff\xfe", "not UTF-8"),
        (b"\0\1\2", "not a text file"),
    ],
)
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path, body: str | bytes, words: str) -> None:
    path = tmp_path / "sheet.csv.mapping.yaml"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    with pytest.raises(DataError, match=words) as caught:
        added(tmp_path, sheet(tmp_path))
    assert str(tmp_path) not in str(caught.value)


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.yaml  there is no such mapping"):
        store.add(tmp_path / "store", sheet(tmp_path), TODAY, version="1", mapping=tmp_path / "absent.yaml")


def test_a_format_and_a_mapping_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="both the format 'ucdp-ged' and a mapping are given"):
        added(tmp_path, sheet(tmp_path), OWN, form="ucdp-ged")


def test_a_table_without_names_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no line with the names of its columns"):
        added(tmp_path, sheet(tmp_path, "1,2020-07-12\n2,2020-07-13\n"), OWN)


def examples(language: str) -> list[str]:
    """The examples of the page in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_example_of_the_page_is_read(tmp_path: Path) -> None:
    (mapping, *_), (table, *_) = examples("yaml"), examples("csv")
    holding = added(tmp_path, sheet(tmp_path, table), mapping)
    assert holding.quarantined == {"left out by the mapping": 1}
    assert holding.rows == len(table.splitlines()) - 2
    assert sum(row["deaths_best"] or 0 for row in rows(holding) if row["reason"] is None) == 7


def test_the_page_names_every_key_scheme_and_column() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*KEYS, *SCHEMES, *COLUMNS) if f"`{name}`" not in page] == []


def test_a_mapping_that_says_all_it_can_is_free_of_findings(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(
        "fissures_mapping: 1\ntitle: a\ndataset: b\ncite: c\ncolumns: {start_date: d}\nsame_everywhere: {place: e}\n"
        'codes: {column: f, scheme: cameo}\ndates: "%d.%m.%Y"\nonly: {g: 7}\ndecimal_comma: true\nfatal_only: true\n'
        "feed: true\nweapons: true\n",
        encoding="utf-8",
    )
    said, findings = read_mapping(path)
    assert findings == []
    assert set(said.tree.root or ()) == set(KEYS)  # type: ignore[arg-type]
    assert (said.only, said.dates, set(said.switches.values())) == ({"g": ("7",)}, ("%d.%m.%Y",), {True})

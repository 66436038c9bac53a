"""Files of the sizes that a benchmark is about: multiplied from real rows where there are any, else made up."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from fissures import terms
from fissures.events.formats import gdelt
from fissures.events.table import literal, quoted

HERE = Path(__file__).resolve().parents[1]
SHARED = HERE.parent / "shared" / "data"
GED = SHARED / "ged" / "GEDEvent_v23_0_10.csv"
QUADS = SHARED / "icews" / "icews_quads_2005_2018.parquet"
GED_COLUMNS = 49
PER_FILE = 1_000_000  # rows of a GDELT file: about five days of the news
FIRST_DAY = "2013-04-01"


def connected() -> duckdb.DuckDBPyConnection:
    """A database of two threads that keeps rows in order."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET enable_progress_bar = false")
    return connection


def ged(path: Path, rows: int) -> str:
    """Write a GED file of so many rows and 49 columns, each with an id of its own; says where the rows come from."""
    if GED.is_file():
        with GED.open(newline="", encoding="utf-8") as handle:
            lines = list(csv.reader(handle))
        header, real, told = lines[0], lines[1:], f"multiplied from the {len(lines) - 1:,} rows of {GED.name}"
    else:
        header, real, told = _ged_header(), [_ged_row(k) for k in range(1500)], "made up: no ../shared"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([str(k), *real[k % len(real)][1:]] for k in range(rows))
    return told


_GED = """id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
number_of_sources source_article source_office source_date source_headline source_original where_prec where_coordinates
where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec
date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"""


def _ged_header() -> list[str]:
    return _GED.split()


def _ged_row(k: int) -> list[str]:
    day, headline = f"2023-{k % 12 + 1:02d}-{k % 28 + 1:02d}", f"A clash of two sides near a village, report {k}, " * 3
    told = {
        "id": str(k),
        "type_of_violence": "1",
        "side_a": "Government of Afghanistan",
        "side_b": f"Group {k % 70}",
        "dyad_name": f"Government of Afghanistan - Group {k % 70}",
        "source_article": f'"Agency,{day},{headline}"',
        "source_headline": headline,
        "where_coordinates": f"village {k}",
        "where_description": f"village {k}, a district, a province",
        "latitude": f"{34 + k % 100 / 100:.6f}",
        "longitude": f"{66 + k % 90 / 100:.6f}",
        "country": "Afghanistan",
        "date_start": f"{day} 00:00:00.000",
        "date_end": f"{day} 00:00:00.000",
        **dict.fromkeys(("where_prec", "date_prec", "event_clarity", "number_of_sources"), "1"),
        **dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), "1"),
        **dict.fromkeys(("best", "high", "low"), "4"),
    }
    return [told.get(name, f"{name} {k % 50}") for name in _ged_header()]


def quads(path: Path, rows: int) -> str:
    """Write so many ICEWS quadruples in their native layout; says where they come from."""
    connection = connected()
    if QUADS.is_file():
        columns = "source, relation, target, CAST(date AS DATE) AS day"
        real = f"SELECT DISTINCT {columns} FROM read_parquet({literal(str(QUADS))})"
        connection.execute(f"CREATE TABLE real AS {real}")
        told = f"the {_count(connection, 'real'):,} different ones of {QUADS.name}, and copies 4,000 days earlier"
        source = "SELECT * FROM real UNION ALL SELECT source, relation, target, day - 4000 FROM real"
    else:
        told = "made up: no ../shared"
        connection.execute(f"CREATE TABLE relations AS {_numbered('cameo.csv', 'name', 'length(code) > 2')}")
        connection.execute(f"CREATE TABLE states AS {_numbered('states.csv', 'name', 'true')}")
        source = f"""SELECT kind || a.name || CASE WHEN kind <> '' THEN ')' ELSE '' END AS source,
            relations.name AS relation, b.name AS target, DATE '2005-01-01' + CAST(k // 250 AS INTEGER) AS day
        FROM (
            SELECT range AS k, ['', 'Police (', 'Citizen (', 'Government ('][range % 4 + 1] AS kind,
                {_pick("relations", 0, connection)} AS said, {_pick("states", 1, connection)} AS one,
                {_pick("states", 2, connection)} AS other
            FROM range({2 * rows}))
        JOIN relations ON relations.n = said JOIN states a ON a.n = one JOIN states b ON b.n = other"""
    connection.execute(
        f"""COPY (SELECT DISTINCT source, relation, target, day FROM ({source}) ORDER BY day DESC LIMIT {rows})
        TO {literal(str(path))} (DELIMITER '\t', HEADER false, QUOTE '')"""
    )
    connection.close()
    return told


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _pick(table: str, turn: int, connection: duckdb.DuckDBPyConnection) -> str:
    """A row of a numbered table for each number of a range, all alike often, as SQL."""
    return f"CAST(hash(range + {turn}) % {_count(connection, table)} AS BIGINT)"


def _numbered(file: str, columns: str, where: str) -> str:
    source = f"read_csv({literal(str(terms.path(file)))}, header = true, all_varchar = true)"
    return f"SELECT row_number() OVER () - 1 AS n, {columns} FROM {source} WHERE {where}"


def gdelt_file(path: Path, number: int, rows: int = PER_FILE) -> None:
    """Write file `number` of a run of GDELT 1.0 exports: ids and days go on where the file before ended."""
    connection = connected()
    sides = ", ".join(f"CAST({side} AS DOUBLE) AS {side}" for side in ("south", "north", "west", "east"))
    boxes, fips = (_numbered(f"{name}.csv", "*", "true") for name in ("boxes", "fips"))
    boxes, fips = f"SELECT iso3, {sides} FROM ({boxes})", f"SELECT iso3, fips FROM ({fips})"
    connection.execute(f"CREATE TABLE kinds AS {_numbered('cameo.csv', 'code', 'length(code) > 2')}")
    connection.execute(
        f"""CREATE TABLE states AS SELECT row_number() OVER (ORDER BY iso3) - 1 AS n, * FROM ({fips}) JOIN ({boxes})
        USING (iso3)"""
    )
    first = 200_000_000 + number * PER_FILE
    day = f"DATE '{FIRST_DAY}' + CAST((range - 200000000) // 200000 AS INTEGER)"
    row = {
        "GLOBALEVENTID": "k",
        "SQLDATE": "strftime(day, '%Y%m%d')",
        "MonthYear": "strftime(day, '%Y%m')",
        "Year": "year(day)",
        "FractionDate": "round(year(day) + dayofyear(day) / 366, 4)",
        **_side("Actor1", "a", "k"),
        **_side("Actor2", "b", "k + 7"),
        "IsRootEvent": "1",
        "EventCode": "code",
        "EventBaseCode": "left(code, 3)",
        "EventRootCode": "left(code, 2)",
        "QuadClass": "1 + k % 4",
        "GoldsteinScale": "k % 20 - 10",
        "NumMentions": "1 + hash(k) % 20",
        "NumSources": "1 + hash(k) % 5",
        "NumArticles": "1 + hash(k) % 20",
        "AvgTone": "(hash(k) % 2000000) / 100000 - 10",
        **_geo("Actor1", "a"),
        **_geo("Actor2", "b"),
        **_geo("Action", "a"),
        "DATEADDED": "strftime(day + 1, '%Y%m%d')",
        "SOURCEURL": "'http://www.example.org/news/' || strftime(day, '%Y/%m/%d') || '/' || md5(CAST(k AS VARCHAR))",
    }
    told = ", ".join(f"{row[name]} AS {quoted(name)}" for name in gdelt.GDELT_1.names)
    connection.execute(
        f"""COPY (SELECT {told} FROM (
            SELECT range AS k, {day} AS day, {_pick("kinds", 0, connection)} AS kind,
                {_pick("states", 1, connection)} AS one, {_pick("states", 2, connection)} AS other
            FROM range({first}, {first + rows}))
        JOIN kinds ON kinds.n = kind JOIN states a ON a.n = one JOIN states b ON b.n = other
        ) TO {literal(str(path))} (DELIMITER '\t', HEADER false, QUOTE '')"""
    )
    connection.close()


def _side(side: str, state: str, number: str) -> dict[str, str]:
    """An actor: a state, or one of its organs, opponents or people."""
    role = f"['', 'GOV', 'MIL', 'OPP', 'CVL', '', 'COP', 'BUS'][CAST(hash({number}) % 8 AS INTEGER) + 1]"
    told = {"Code": f"{state}.iso3 || {role}", "Name": f"'ACTOR ' || {state}.iso3 || ' ' || {role}"}
    told |= {"CountryCode": f"{state}.iso3", "Type1Code": role}
    empty = ("KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type2Code", "Type3Code")
    return {f"{side}{part}": sql for part, sql in (told | dict.fromkeys(empty, "''")).items()}


def _geo(of: str, state: str) -> dict[str, str]:
    told = {
        "Type": "4",
        "FullName": f"'A town in ' || {state}.iso3 || ', number ' || hash(k) % 1000",
        "CountryCode": f"{state}.fips",
        "ADM1Code": f"{state}.fips || '01'",
        "Lat": f"round({state}.south + ({state}.north - {state}.south) * (hash(k) % 1000) / 1000, 4)",
        "Long": f"round({state}.west + ({state}.east - {state}.west) * (hash(k + 3) % 1000) / 1000, 4)",
        "FeatureID": "-(hash(k) % 1000000)::BIGINT",
    }
    return {f"{of}Geo_{part}": sql for part, sql in told.items()}

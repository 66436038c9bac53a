"""Every name that event data give a country leads to one state on one day."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from fissures.terms import State, state, states

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ALWAYS = (date.min, date.max)


def _overlap(one: State, other: State) -> bool:
    return (one.start or ALWAYS[0]) <= (other.end or ALWAYS[1]) and (other.start or ALWAYS[0]) <= (one.end or ALWAYS[1])


def test_on_one_day_a_name_a_code_or_a_number_means_one_state() -> None:
    bearers: defaultdict[str, list[State]] = defaultdict(list)
    for one in states():
        for word in {word.casefold() for word in (one.iso3, one.gw, one.name, *one.names) if word}:
            bearers[word].append(one)
    twice = {w: [b.name for b in bs] for w, bs in bearers.items() if any(_overlap(*two) for two in combinations(bs, 2))}
    assert twice == {}


def test_a_correlates_of_war_number_means_one_state_on_one_day() -> None:
    same = [(a, b) for a, b in combinations(states(), 2) if a.cow and a.cow == b.cow and _overlap(a, b)]
    assert same == []


def test_codes_numbers_and_dates_are_well_formed() -> None:
    for one in states():
        assert (
            re.fullmatch("[A-Z]{3}", one.iso3)
            and re.fullmatch(r"\d{0,3}", one.gw)
            and re.fullmatch(r"\d{0,3}", one.cow)
        )
        assert one.name.isascii() and one.name == one.name.strip() and all(n == n.strip() for n in one.names)
        assert one.start is None or (one.start >= date(1946, 1, 1) and (one.end is None or one.start < one.end))


def test_in_2020_stood_the_members_of_the_united_nations_and_four_more() -> None:
    day = date(2020, 7, 21)
    standing = {one.iso3 for one in states() if one.gw and (one.start or day) <= day <= (one.end or day)}
    assert len(standing) == 193 + len({"TWN", "XKX", "XAB", "XOS"} & standing) == 197


def test_in_1960_seventeen_african_states_and_cyprus_began() -> None:
    assert sum(one.start is not None and one.start.year == 1960 for one in states()) == 18


@pytest.mark.parametrize(
    ("name", "on", "iso3"),
    [
        ("USSR", None, "SUN"),
        ("365", date(1991, 12, 25), "SUN"),
        ("365", date(1991, 12, 26), "RUS"),
        ("Yugoslavia", None, "YUG"),
        ("345", date(1999, 3, 24), "YUG"),
        ("345", date(2004, 1, 1), "SCG"),
        ("Serbia (Yugoslavia)", date(1991, 7, 1), "YUG"),
        ("Serbia (Yugoslavia)", None, "SRB"),
        ("Czechoslovakia", date(1968, 8, 20), "CSK"),
        ("East Germany", None, "DDR"),
        ("Germany", date(1961, 8, 13), "DEU"),
        ("260", None, "DEU"),
        ("Yemen (North Yemen)", date(1986, 1, 1), "YEM"),
        ("South Yemen", date(1986, 1, 13), "YMD"),
        ("South Vietnam", date(1968, 1, 30), "XVN"),
        ("Vietnam (North Vietnam)", date(1968, 1, 30), "VDR"),
        ("Vietnam", None, "VNM"),
        ("Zanzibar", date(1964, 1, 12), "XZB"),
        ("Zanzibar", date(2015, 1, 1), "TZA"),
        ("Palestinian Territory, Occupied", None, "PSE"),
        ("KSV", None, "XKX"),
        ("Republic of Artsakh", None, "XNK"),
        ("  aZERbaijan ", None, "AZE"),
        ("373", None, "AZE"),
        ("Azerbaijan", date(1990, 1, 20), "AZE"),
        ("Côte d'Ivoire", None, "CIV"),
        ("", None, None),
        ("Bavaria", None, None),
        ("Africa", None, None),
    ],
)
def test_known_answers(name: str, on: date | None, iso3: str | None) -> None:
    assert state(name, on) == iso3


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Democratic Republic of Congo", "COD"),
        ("Republic of Congo", "COG"),
        ("eSwatini", "SWZ"),
        ("Palestine", "PSE"),
        ("North Macedonia", "MKD"),
        ("Vatican City", "VAT"),
        ("Bailiwick of Guernsey", "GGY"),
        ("Caribbean Netherlands", "BES"),
        ("Saint-Barthelemy", "BLM"),
        ("French Southern and Antarctic Lands", "ATF"),
        ("Saint Helena, Ascension and Tristan da Cunha", "SHN"),
        ("Virgin Islands, U.S.", "VIR"),
    ],
)
def test_acled_names_resolve(name: str, iso3: str) -> None:
    assert state(name) == iso3


COLUMNS = [
    ("icews/icews_daily_2018-09_2019-03.parquet", "source_country", set()),
    ("icews/icews_daily_2018-09_2019-03.parquet", "target_country", set()),
    ("icews/icews_daily_2018-09_2019-03.parquet", "country", {"Bavaria"}),  # a place in Germany, 3 rows
    ("icews/icews_daily_2018-09_2019-03.parquet", "src_c", set()),
    ("icews/icews_daily_2018-09_2019-03.parquet", "tgt_c", set()),
    ("ged/ged_world.parquet", "country", set()),
    ("ged/GEDEvent_v23_0_10.csv", "country", set()),
    ("views/country_list.csv", "name", set()),
]


@pytest.mark.shared
@pytest.mark.parametrize(("file", "column", "rightly_not"), COLUMNS)
def test_every_country_in_the_data_resolves(file: str, column: str, rightly_not: set[str]) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(f"select distinct {column} from '{SHARED / file}' where {column} is not null").fetchall()
    assert {name for (name,) in rows if state(name) is None} == rightly_not


@pytest.mark.shared
@pytest.mark.parametrize("column", ["src_c", "tgt_c"])
def test_in_the_quadruples_only_groups_and_world_regions_do_not(column: str) -> None:
    """There the column is cut from actors' names, so parties, rebels and regions stand in it too."""
    duckdb = pytest.importorskip("duckdb")
    file = SHARED / "icews/icews_quads_2005_2018.parquet"
    rows = duckdb.sql(f"select {column}, count(*) from '{file}' where {column} is not null group by 1").fetchall()
    lost = sum(count for name, count in rows if state(name) is None)
    assert lost / sum(count for _, count in rows) < 0.01  # measured: 0.8 % and 0.9 %


@pytest.mark.shared
def test_gleditsch_ward_numbers_of_ucdp_lead_where_its_names_do() -> None:
    duckdb = pytest.importorskip("duckdb")
    file = SHARED / "ged/GEDEvent_v23_0_10.csv"
    rows = duckdb.sql(f"select distinct country_id, country from '{file}'").fetchall()
    assert [row for row in rows if state(str(row[0])) != state(row[1])] == []

"""The tables of event codes agree with each other, with the manuals and with the data."""

from __future__ import annotations

import csv
from itertools import chain
from pathlib import Path

import pytest

from fissures.terms import cameo, cameo_roots, path, plover, roles

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
DAILY = SHARED / "icews/icews_daily_2018-09_2019-03.parquet"

# Codes whose category is not their root's: the conversion table moves them.
MOVED = {"163": "COERCE", "1712": "ASSAULT", "175": "ASSAULT", "191": "COERCE", "192": "COERCE"}
CONTEXTS = (
    "military intelligence executive legislative election political_institutions pro_democracy pro_autocracy economic "
    "legal reparations human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity "
    "inequality diplomatic territory peacekeeping health asylum migration disasters natural_resource environment "
    "technology terrorism cbrn cyber misinformation crime corruption illegal_drugs trafficking"
)
OLD_CONTEXTS = {"humanitarian"}  # in the conversion table of 2021, not in the manual's list


def table(name: str) -> list[dict[str, str]]:
    with path(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("file", sorted(path("cameo").parent.glob("*.csv")), ids=lambda file: file.stem)
def test_every_row_of_a_table_has_all_its_cells_and_no_stray_space(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert not any(broken in cell for row in rows for cell in row for broken in "─�Ã")


def test_an_unknown_table_is_named_and_the_known_ones_listed() -> None:
    with pytest.raises(FileNotFoundError, match=r"no table 'cameos'.*cameo, .*states"):
        path("cameos")


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("cameo", ("code",)),
        ("plover_modes", ("category", "mode")),
        ("acled", ("event_type", "sub_event_type")),
        ("acled", ("sub_event_type",)),
        ("roles", ("role",)),
        ("states", ("iso3", "from")),
        ("ucdp", ("type_of_violence",)),
        ("ucdp", ("name",)),
        ("ucdp_date_precision", ("code",)),
        ("ucdp_place_precision", ("code",)),
    ],
)
def test_keys_are_unique(name: str, keys: tuple[str, ...]) -> None:
    found = [tuple(row[key] for key in keys) for row in table(name)]
    assert len(found) == len(set(found)) and all(key for row in found for key in row[:1])


@pytest.mark.parametrize("name", ["cameo", "acled", "ucdp", "plover_modes"])
def test_categories_and_modes_are_those_of_plover(name: str) -> None:
    known = {(row["category"], row["mode"]) for row in table("plover_modes")}
    assert {category for category, _ in known} == set(plover())
    assert {(row["category"], row["mode"]) for row in table(name)} - known <= {("", "")}


@pytest.mark.parametrize("name", ["cameo", "plover_modes"])
def test_intensities_lie_between_minus_ten_and_ten(name: str) -> None:
    assert all(-10 <= float(row["intensity"]) <= 10 for row in table(name) if row["intensity"])


def test_every_category_and_all_modes_but_one_have_a_score_of_the_right_sign() -> None:
    rows = table("plover_modes")
    assert [(row["category"], row["mode"]) for row in rows if not row["intensity"]] == [("PROTEST", "vandalize")]
    score = {row["category"]: float(row["intensity"]) for row in rows if not row["mode"]}
    order = list(plover())
    assert all(score[category] >= 0 for category in order[: order.index("REQUEST") + 1])
    assert all(score[category] < 0 for category in order[order.index("REQUEST") + 1 :])


def test_cameo_agrees_with_the_roots_of_plover() -> None:
    homes = {root: category for category, roots in cameo_roots().items() for root in roots}
    homes["08"] = "CONCEDE"
    retreat = {code for code in cameo() if code.startswith(("084", "085", "086", "087")) or code in {"0813", "0814"}}
    for code, said in cameo().items():
        expected = "RETREAT" if code in retreat else MOVED.get(code, homes.get(code[:2], ""))
        assert said.category == expected, code


def test_cameo_codes_are_text_with_a_parent_each() -> None:
    codes = cameo()
    assert {len(code) for code in codes} == {2, 3, 4} and all(code.isdigit() for code in codes)
    assert all(code[:-1] in codes for code in codes if len(code) > 2)
    assert [code for code in codes if len(code) == 2] == [f"{root:02}" for root in range(1, 21)]


def test_statements_and_appeals_have_no_category_and_all_else_has() -> None:
    assert all((code[:2] in {"01", "02"}) == (said.category == "") for code, said in cameo().items())


def test_contexts_are_those_of_plover() -> None:
    assert set(chain.from_iterable(said.context for said in cameo().values())) <= {*CONTEXTS.split(), *OLD_CONTEXTS}


def test_weapons_have_the_finer_modes_of_the_manual() -> None:
    expected = {
        "193": "firearms",
        "194": "heavy-weapons",
        "195": "aerial",
        "1951": "aerial",
        "1952": "drone",
        "1831": "suicide-attack",
        "185": "targeted",
        "186": "targeted",
        "202": "targeted",
        "2041": "unconventional",
    }
    assert {code: cameo()[code].mode for code in expected} == expected


def test_acled_has_six_types_and_twenty_five_sub_types() -> None:
    rows = table("acled")
    assert len(rows) == 25 and len({row["event_type"] for row in rows}) == 6
    protests = {row["category"] for row in rows if row["event_type"] in {"Protests", "Riots"}}
    assert protests == {"PROTEST"}
    assert all(row["note"] for row in rows if not row["category"])


def test_precisions_are_words() -> None:
    dates = [row["precision"] for row in table("ucdp_date_precision")]
    places = [row["precision"] for row in table("ucdp_place_precision")]
    assert dates == ["day", "days", "week", "month", "year"]
    assert places == ["point", "near", "district", "province", "region", "country", "international"]


def test_a_sector_means_one_role() -> None:
    for system in ("icews", "polecat"):
        named = [sector for role in roles().values() for sector in getattr(role, system)]
        assert len(named) == len(set(named)), system
    assert all(set(role.icews_broad) <= set(role.icews) for role in roles().values())


def test_every_sector_code_of_plover_has_a_role() -> None:
    codes = "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC"
    abroad = "IGO UNO EUR NGO ISM IMG MNC"
    assert {sector for role in roles().values() for sector in role.polecat} == {*codes.split(), *abroad.split()}


@pytest.mark.shared
def test_icews_sectors_are_covered() -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(
        f"""select trim(sector), count(*) from (
              select unnest(string_split(source_sectors, ',')) as sector from '{DAILY}' union all
              select unnest(string_split(target_sectors, ',')) from '{DAILY}') group by 1"""
    ).fetchall()
    named = {sector for role in roles().values() for sector in role.icews}
    covered = sum(count for sector, count in rows if sector in named)
    assert covered / sum(count for _, count in rows) > 0.99  # measured: 99.1 %; the rest are ethnic groups


@pytest.mark.shared
@pytest.mark.parametrize("file", ["icews_daily_2018-09_2019-03.parquet", "icews_quads_2005_2018.parquet"])
def test_duckdb_joins_every_icews_event_to_its_code_with_the_intensity_it_prints(file: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    lost, other = duckdb.sql(
        f"""select count(*) filter (c.code is null), count(*) filter (abs(e.intensity - c.intensity::double) > 1e-6)
            from '{SHARED / "icews" / file}' e
            left join read_csv('{path("cameo")}', all_varchar = true) c on e.cameo_code = c.code"""
    ).fetchall()[0]
    assert (lost, other) == (0, 0)


@pytest.mark.shared
def test_ucdp_types_are_named_as_the_data_name_them() -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(f"select distinct type_of_violence from '{SHARED / 'ged/ged_world.parquet'}'").fetchall()
    assert {name for (name,) in rows} == {row["name"] for row in table("ucdp")}

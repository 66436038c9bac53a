"""ICEWS quadruples: real rows of three benchmarks, relations by name, states and roles by the generic actor."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fissures import terms
from fissures.errors import DataError, UsageError
from fissures.events.table import COLUMNS

from .tabs import SHARED, Row, added, all_wrappings, asked, rows, unsplit, written

QUADS = SHARED / "icews" / "icews_quads_2005_2018.parquet"
EVENT = ("Police (India)", "Use unconventional violence", "Protester (India)", "2014-03-01")
FIELDS = "source, relation, target, strftime(date, '%Y-%m-%d') AS day"


def read(folder: Path, *quads: tuple[str, ...]) -> list[Row]:
    """The rows that quadruples become."""
    return rows(added(folder, written(folder / "train.txt", map("\t".join, quads))))


def native(path: Path, where: str, label: str = "") -> Path:
    """Real quadruples in the native layout, with a label behind if one is given."""
    got = asked(f"SELECT {FIELDS} FROM read_parquet(?) WHERE {where}", QUADS)
    return written(path, ("\t".join([*row.values(), *([label] if label else [])]) for row in got))


def test_a_quadruple_becomes_an_event(tmp_path: Path) -> None:
    (row,) = read(tmp_path, EVENT)
    said = terms.cameo()["180"]
    expected = {
        "row_id": hashlib.md5("\t".join(EVENT).encode()).hexdigest(),
        "start_date": date(2014, 3, 1),
        "end_date": date(2014, 3, 1),
        "date_precision": "day",
        "actor": "Police (India)",
        "actor_state": "IND",
        "actor_roles": ["COP"],
        "recipient": "Protester (India)",
        "recipient_state": "IND",
        "recipient_roles": ["OPP"],
        "category": "ASSAULT",
        "code": "180",
        "mode": said.mode or None,
        "context": "|".join(said.context) or None,
        "intensity": said.intensity,
    }
    assert row == {**dict.fromkeys(COLUMNS), "reason": None, "line": None, **expected}


@pytest.mark.parametrize(
    ("name", "state", "roles"),
    [
        ("Azerbaijan", "AZE", None),
        ("Palestinian Territory, Occupied", "PSE", None),
        ("Military (Armenia)", "ARM", ["MIL"]),
        ("Ruling Party (Georgia)", "GEO", ["GOV", "PTY"]),
        ("Member of Legislative (Govt) (Nigeria)", "NGA", ["LEG"]),
        ("Christian (Holy See (Vatican City State))", "VAT", ["CVL", "REL"]),
        ("Children (Palestinian Territory, Occupied)", "PSE", ["CVL"]),
        ("No Such Agent (Armenia)", "ARM", []),
        ("Citizen (Boko Haram)", None, ["CVL"]),
        ("Serzh Sargsyan", None, None),
        ("Awami (People's) League", None, None),
    ],
)
def test_state_and_roles_follow_the_name(tmp_path: Path, name: str, state: str | None, roles: list[str] | None) -> None:
    (row,) = read(tmp_path, (name, *EVENT[1:3], EVENT[3]))
    assert (row["actor"], row["actor_state"], row["actor_roles"]) == (name, state, roles)
    (turned,) = read(tmp_path, ("Armenia", EVENT[1], name, EVENT[3]))
    assert (turned["recipient"], turned["recipient_state"], turned["recipient_roles"]) == (name, state, roles)


def test_the_version_is_in_the_name_or_asked_for(tmp_path: Path) -> None:
    for name, version in (("icews14.txt", "14"), ("ICEWS05-15_test.txt", "05-15"), ("icews_18-valid.tsv", "18")):
        holding = added(tmp_path / version, written(tmp_path / name, ["\t".join(EVENT)]), None)
        assert holding.name == f"icews-quads@{version}"
    with pytest.raises(UsageError, match="which version of ICEWS quadruples"):
        added(tmp_path, written(tmp_path / "train.txt", ["\t".join(EVENT)]), None)


def test_commas_in_the_first_line_do_not_hide_the_tabs(tmp_path: Path) -> None:
    first = ("Palestinian Territory, Occupied", "Conduct suicide, car, or other non-military bombing", "a, b, c")
    (row,) = read(tmp_path, (*first, "2005-01-01"))
    assert (row["code"], row["recipient"]) == ("183", "a, b, c")


def test_a_label_behind_changes_nothing(tmp_path: Path) -> None:
    plain = read(tmp_path, EVENT)
    file = written(tmp_path / "labelled.txt", ["\t".join((*EVENT, "1"))])
    assert rows(added(tmp_path / "labelled", file)) == plain


@pytest.mark.parametrize(
    ("quad", "reason"),
    [
        ((*EVENT[:3], "2014-02-30"), "impossible date"),
        ((*EVENT[:3], "1 March 2014"), "impossible date"),
        ((*EVENT[:3], "2031-01-01"), "date in the future"),
        ((EVENT[0], "13y", *EVENT[2:]), "unknown code"),
        ((EVENT[0], "", *EVENT[2:]), "unknown code"),
        (("", *EVENT[1:]), "no actor"),
        (("Police\0 (India)", *EVENT[1:]), "NUL byte"),
        (EVENT, "duplicated id"),
    ],
)
def test_a_spoilt_quadruple_is_set_apart(tmp_path: Path, quad: tuple[str, ...], reason: str) -> None:
    got = read(tmp_path, EVENT, quad)
    assert Counter(row["reason"] for row in got) == {None: 1, reason: 1}


def test_ragged_lines_and_other_letters_are_counted(tmp_path: Path) -> None:
    good = [(f"A{k}", *EVENT[1:]) for k in range(40)]
    lines = ["\t".join(quad) for quad in (*good, EVENT[:3], (*EVENT, "1", "2"))]
    file = written(tmp_path / "train.txt", lines)
    file.write_bytes(file.read_bytes() + "\t".join(("Orléans", *EVENT[1:])).encode("latin-1") + b"\n")
    holding = added(tmp_path, file)
    expected = {"too few columns": 1, "too many columns": 1, "letters in another encoding": 1}
    assert (holding.rows, holding.quarantined, unsplit(holding)) == (40, expected, expected)


@pytest.mark.parametrize("text", ["12\t4\t77\t0", "12\t4\t77\t0\t0", "a\tb\tc\td", "a\tb\tc\t2014-01-01\te\tf"])
def test_other_quadruples_are_not_taken_for_these(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        added(tmp_path, written(tmp_path / "train.txt", [text] * 3))


def test_a_relation_has_one_code() -> None:
    names = Counter(said.name.lower() for code, said in terms.cameo().items() if len(code) > 2)
    assert set(names.values()) == {1}


def test_agents_have_known_roles_each_once() -> None:
    with terms.path("icews_agents").open(encoding="utf-8", newline="") as handle:
        said = [(row["name"], row["role"]) for row in csv.DictReader(handle)]
    assert len(said) == len(set(said)) and {role for _, role in said} <= set(terms.roles())


@pytest.mark.shared
def test_every_relation_of_the_three_benchmarks_resolves(tmp_path: Path) -> None:
    sql = "SELECT relation, any_value(cameo_code) AS code, any_value(intensity) AS i FROM read_parquet(?) GROUP BY ALL"
    told = asked(sql, QUADS)
    got = read(tmp_path, *((row["relation"], row["relation"], "x", "2014-01-01") for row in told))
    assert len(told) == 269 and [row["reason"] for row in got] == [None] * 269
    found = {row["actor"]: (row["code"], row["intensity"]) for row in got}
    assert found == {row["relation"]: (row["code"], row["i"]) for row in told}


@pytest.mark.shared
def test_all_of_icews14_is_read_as_it_stands(tmp_path: Path) -> None:
    where = "dataset = 'ICEWS14'"
    holding = added(tmp_path, native(tmp_path / "icews14.txt", where), None)
    assert (holding.rows, holding.quarantined) == (90_730, {})
    assert (holding.first, holding.last) == (date(2014, 1, 1), date(2014, 12, 31))
    wanted: Counter[str | None] = Counter()
    for row in asked(
        f"SELECT cameo_code AS code, count(*) AS n FROM read_parquet(?) WHERE {where} GROUP BY ALL", QUADS
    ):
        wanted[terms.cameo()[row["code"]].category or None] += row["n"]
    got = asked("SELECT category, count(*) AS n FROM read_parquet(?) GROUP BY ALL", holding.events)
    assert {row["category"]: row["n"] for row in got} == wanted
    days = f"SELECT date::DATE AS day, count(*) AS n FROM read_parquet(?) WHERE {where} GROUP BY ALL ORDER BY ALL"
    mine = "SELECT start_date AS day, count(*) AS n FROM read_parquet(?) GROUP BY ALL ORDER BY ALL"
    assert asked(mine, holding.events) == asked(days, QUADS)
    same = f"""SELECT count(*) AS n FROM read_parquet(?) e JOIN read_parquet(?) q
        ON (e.actor, e.recipient, e.code, e.start_date) = (q.source, q.target, q.cameo_code, q.date) WHERE {where}"""
    assert asked(same, holding.events, QUADS)[0]["n"] == 90_730


@pytest.mark.shared
def test_states_and_roles_are_found_where_the_name_says_them(tmp_path: Path) -> None:
    holding = added(tmp_path, native(tmp_path / "icews14.txt", "dataset = 'ICEWS14'"), None)
    sql = """SELECT count(*) AS n, count(actor_state) AS state, count(*) FILTER (len(actor_roles) > 0) AS role
        FROM read_parquet(?) WHERE actor LIKE '% (%)'"""
    (told,) = asked(sql, holding.events)
    assert told["n"] > 30_000 and told["state"] / told["n"] > 0.97 and told["role"] / told["n"] > 0.99


@pytest.mark.shared
def test_train_valid_and_test_are_one_version_and_no_quadruple_counts_twice(tmp_path: Path) -> None:
    parts = [
        added(tmp_path, native(tmp_path / f"icews14-{split}.txt", f"dataset = 'ICEWS14' AND split = '{split}'"), None)
        for split in ("valid", "test")
    ]
    assert [part.rows for part in parts] == [8514, 7371]
    again = added(
        tmp_path, native(tmp_path / "icews14.txt", "dataset = 'ICEWS14' AND split = 'test' OR relation = 'Veto'"), None
    )
    assert again.quarantined["id already held from another file"] >= 7371


@pytest.mark.shared
def test_gzip_and_zip_give_the_same_rows(tmp_path: Path) -> None:
    file = native(tmp_path / "icews14.txt", "dataset = 'ICEWS14' AND split = 'test'", label="x")
    plain, gz, archive = all_wrappings(tmp_path, file, None)
    assert len(plain) == 7371 and plain == gz == archive

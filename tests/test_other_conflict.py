"""A conflict of which nothing is known but what UCDP lists: counted by place, fitted, simulated, answered."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

import fissures as fs

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GED = SHARED / "data/ged/ged_world.parquet"
MAPPING = ROOT / "scripts/derive/mappings/ged_world.yaml"

LINE = ((34.53, 74.26), (34.09, 74.03), (33.77, 74.09), (33.15, 74.24))
BORDER = ((32.73, 74.87), (32.49, 74.53), (32.56, 75.12))

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case with its files counted from the UCDP subset."""
    made = tmp_path_factory.mktemp("line")
    case = Path(shutil.copytree(ROOT / "tests/cases/line_of_control", made / "case"))
    store = made / "store"
    fs.add_data(GED, version="21.1", mapping=MAPPING, published=date(2021, 6, 1), store=store)
    fs.panel(case, write=True, store=store)
    return case


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def within(towns: tuple[tuple[float, float], ...], km: float) -> str:
    """Whether an event lies within so many km of a town, by the spherical law of cosines."""
    away = (
        f"6371.0088 * acos(sin(radians({a})) * sin(radians(latitude))"
        f" + cos(radians({a})) * cos(radians(latitude)) * cos(radians(longitude - {b}))) <= {km}"
        for a, b in towns
    )
    return f"({' OR '.join(away)})"


def test_the_dead_of_the_weeks_are_those_of_the_source(folder: Path) -> None:
    """Counted again by hand: every state-based event within reach of a town on either front."""
    sql = f"""SELECT sum(best_death) FROM '{GED}' WHERE conflict_name = 'India - Pakistan'
        AND date BETWEEN '2013-01-01' AND '2019-01-31' AND ({within(LINE, 45)} OR {within(BORDER, 40)})"""
    with duckdb.connect() as connection:
        expected = connection.execute(sql).fetchall()[0][0]
    assert expected > 150
    assert sum(float(row["killed"]) for row in rows(folder / "weekly.csv")) == expected
    assert sum(float(row["killed_best"]) for row in rows(folder / "by_front.csv")) == expected


def test_a_week_is_no_lower_on_both_fronts_together_than_on_one(folder: Path) -> None:
    order = {"quiet": 0, "deadly_fire": 1, "exchanges": 2, "battle": 3}
    pooled = {row["week"]: row for row in rows(folder / "weekly.csv")}
    for row in rows(folder / "by_front.csv"):
        both = pooled[row["start"]]
        assert order[row["lowest"]] <= order[both["lowest"]]
        assert order[row["highest"]] <= order[both["highest"]]


def test_it_is_fitted_simulated_and_answered(folder: Path) -> None:
    case = fs.load(folder)
    fit = fs.fit(case, seed=1)
    answers = fs.answer(fs.simulate(case, fit, paths=1000, seed=1))
    assert any("retrospective" in finding.message for finding in answers.findings)
    battle, dead = answers.questions
    weeks = rows(folder / "weekly.csv")
    # In six years no week of twenty dead, or hardly one; the last year had about a hundred dead on the whole line.
    assert sum(week["lowest"] == "battle" for week in weeks) <= 1
    assert 0 < battle.probability < 0.5
    last_year = sum(float(week["killed"]) for week in weeks[-52:])
    assert last_year / 6 < dead.quantiles["0.5"] < last_year * 1.5

"""The data folder against the validators of its formats, and against itself."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import fissures as fs
from fissures.api import Run
from fissures.brief.context import Context
from fissures.errors import UsageError
from fissures.export import folder
from fissures.export.questions import cdf
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths

TABLES = (
    "answers",
    "thresholds",
    "what_ifs",
    "rivals",
    "course",
    "rungs",
    "claims",
    "statements",
    "disputed_facts",
    "sources",
)


def csvs(handed: Path) -> list[Path]:
    """Every CSV file of a folder."""
    return sorted(handed.rglob("*.csv"))


def rows(handed: Path, name: str) -> list[dict[str, str]]:
    """A table without its row of tags."""
    with (handed / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[1:]


def test_every_file_is_there_and_named_in_the_readme(handed: Path) -> None:
    names = {p.relative_to(handed).as_posix() for p in handed.rglob("*") if p.is_file()}
    drawn = ("fan", "ladder-weir", "ladder-ford", "claims", "arms", "reliability", "map", "timeline")
    figures = {f"figures/{one}" for one in drawn}
    expected = {f"{one}.csv" for one in TABLES} | {
        f"{one}{end}" for one in figures for end in (".svg", ".png", ".csv", ".vl.json")
    }
    expected |= {f"figures/argument{end}" for end in (".svg", ".png", ".csv", ".json")}
    documents = {"answers.json", "questions.json", "provenance.json", "datapackage.json", "README.txt", "brief.html"}
    assert names == expected | documents | {"paths.parquet"}
    told = (handed / "README.txt").read_text(encoding="utf-8")
    for name in names - {"README.txt"}:
        assert name in told or re.sub(r"\..*", ".*", name) in told, name
    assert "276,000 rows" in told and "not stated, so ask" in told and "--data data" in told
    assert max(len(line) for line in told.splitlines()) <= 100


def test_the_same_run_gives_the_same_bytes(
    handed: Path, study: Study, context: Context, places: tuple[PlacePaths, ...], tmp_path: Path
) -> None:
    again = folder.write(tmp_path / "again", study, context, "<!doctype html>\n", places)
    digests = [
        {p.relative_to(at).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in at.rglob("*") if p.is_file()}
        for at in (handed, again)
    ]
    assert digests[0] == digests[1]


def test_frictionless_finds_nothing_wrong(handed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import frictionless

    monkeypatch.chdir(handed)
    report = frictionless.validate("datapackage.json")
    assert report.valid, [error.message for task in report.tasks for error in task.errors][:5]
    told = json.loads((handed / "datapackage.json").read_text(encoding="utf-8"))
    listed = {one["path"] for one in told["resources"]}
    assert listed == {p.relative_to(handed).as_posix() for p in csvs(handed)} | {"paths.parquet"}
    assert all(
        field["description"] for one in told["resources"] if "schema" in one for field in one["schema"]["fields"]
    )
    assert [one["title"] for one in told["licenses"]] == ["CC0-1.0"]
    assert told["sources"][-1] == {"title": "What travellers tell", "licence": "not stated"}


def test_libhxl_reads_every_table(handed: Path) -> None:
    import hxl

    for file in csvs(handed):
        found: list[Any] = []
        source = hxl.data(str(file), hxl.InputOptions(allow_local=True))
        with file.open(encoding="utf-8", newline="") as told:
            tags = list(csv.reader(told))[1]
        assert [column.display_tag for column in source.columns] == tags, file.name
        hxl.schema(None, callback=found.append).validate(source)
        wrong = {str(one.message) for one in found} - {"Possible numeric outlier"}
        assert not wrong, (file.name, wrong)


def test_the_prov_package_reads_the_provenance(handed: Path) -> None:
    from prov import model

    read = model.ProvDocument.deserialize(str(handed / "provenance.json"), format="json")
    names = {str(one.identifier) for one in read.get_records(model.ProvEntity)}
    assert {f"fissures:{part}" for part in ("case", "panel", "plan", "fit", "run", "answers", "brief")} <= names
    known = names | {
        str(one.identifier) for kind in (model.ProvActivity, model.ProvAgent) for one in read.get_records(kind)
    }
    for one in read.get_records(model.ProvRelation):
        assert {str(value) for _, value in one.formal_attributes if value is not None} <= known, one
    assert not re.search(r"\d\d:\d\d:\d\d", (handed / "provenance.json").read_text(encoding="utf-8"))


def test_every_digest_of_a_file_is_its_own(handed: Path) -> None:
    told = json.loads((handed / "provenance.json").read_text(encoding="utf-8"))["entity"]
    files = {one["prov:label"]: one["fissures:sha256"] for name, one in told.items() if ":file-" in name}
    assert {"answers.csv", "paths.parquet", "figures/fan.png"} <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256((handed / name).read_bytes()).hexdigest() == digest


def test_a_missing_week_is_empty_and_not_zero(handed: Path, study: Study) -> None:
    told = rows(handed, "course")
    assert len(told) == len(study.course.past) + len(study.course.weeks)
    assert all(row["q50"] == "" for row in told[: len(study.course.past)])
    assert all(row["recorded_low"] == "" for row in told[len(study.course.past) :])


def test_the_tables_say_what_the_study_says(handed: Path, study: Study) -> None:
    for row, q in zip(rows(handed, "answers"), study.answers.questions, strict=True):
        assert float(row["with_claims"]) == pytest.approx(q.with_claims)
        assert "100 %" not in row["in_words"] and not row["in_words"].startswith("0 %")
    assert len(rows(handed, "claims")) == len(study.claims)
    accounts = [(row["source"], row["value"]) for row in rows(handed, "disputed_facts")]
    assert accounts == [("letter", "9"), ("ledger", "14 to 20")]


def test_the_parquet_table_holds_every_path_and_day(handed: Path, run: Run) -> None:
    import duckdb

    told = duckdb.sql(
        f"SELECT place, kind, count(*), sum(deaths), count(DISTINCT path), min(date)::VARCHAR, max(level) "
        f"FROM '{handed / 'paths.parquet'}' GROUP BY ALL ORDER BY 1"
    ).fetchall()
    days = run.on.plan.horizon_days
    assert [row[:3] for row in told] == [
        (p, k, 500 * days) for p, k in (("council", "track"), ("ford", "front"), ("weir", "front"))
    ]
    assert told[0][3] is None and told[2][3] == int(run.on.deaths[0].sum())
    assert {row[4] for row in told} == {500} and {row[5] for row in told} == {"2019-12-30"}
    one = duckdb.sql(
        f"SELECT level, rung, deaths FROM '{handed / 'paths.parquet'}' WHERE place = 'weir' AND path = 7 ORDER BY date"
    ).fetchall()
    assert [row[0] for row in one] == run.on.rungs[0, :, 7].tolist()
    assert [row[2] for row in one] == run.on.deaths[0, :, 7].tolist()
    assert {row[:2] for row in one} <= set(enumerate(run.on.plan.rungs(0)))


def test_questions_go_to_a_platform(handed: Path) -> None:
    told = json.loads((handed / "questions.json").read_text(encoding="utf-8"))["questions"]
    for one in told:
        assert one["title"] and one["resolution_criteria"] and one["type"] in ("binary", "numeric")
        assert one["open_time"] < one["scheduled_close_time"] <= one["scheduled_resolve_time"]
        forecast = one["forecast"]
        if one["type"] == "binary":
            assert 0.001 <= forecast["probability_yes"] <= 0.999
        else:
            values, chances = zip(*forecast["cdf"], strict=True)
            assert list(values) == sorted(set(values)) and list(chances) == sorted(chances)
            assert one["scaling"]["range_max"] == max(values)


def test_points_of_a_distribution_rise(study: Study) -> None:
    number = next(q for q in study.answers.questions if q.kind == "number")
    points = cdf(number)
    assert (9.0, pytest.approx(1 - number.exceed["10"], abs=0.2)) in points
    assert [chance for _, chance in points] == sorted(chance for _, chance in points)


def test_figures_hold_no_script_and_say_what_they_show(handed: Path) -> None:
    for file in (handed / "figures").glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert "<script" not in text and "http" not in text.replace("http://www.w3.org/", "")
        assert 'aria-label="' in text
    for file in (handed / "figures").glob("*.vl.json"):
        spec = json.loads(file.read_text(encoding="utf-8"))
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/") and "datasets" not in spec
        assert spec["description"]
    assert (handed / "figures" / "fan.png").read_bytes().startswith(b"\x89PNG")


def test_the_map_and_the_timeline_come_as_rows(handed: Path) -> None:
    told = rows(handed, "figures/map")
    shapes = {row["kind"]: json.loads(row["geometry"]) for row in told if row["geometry"]}
    assert {"land", "recognised", "held", "front"} <= set(shapes)
    assert shapes["held"]["type"] == "MultiLineString" and shapes["land"]["type"] == "MultiPolygon"
    bars = [row for row in rows(handed, "figures/timeline") if row["rung"]]
    assert bars and all(row["start"] <= row["until"] <= "2019-12-29" for row in bars)


# --- where it may be written ---------------------------------------------------------------------------------


def test_an_older_data_folder_is_replaced(
    study: Study, context: Context, places: tuple[PlacePaths, ...], tmp_path: Path
) -> None:
    at = folder.write(tmp_path / "data", study, context, "one", ())
    assert not (at / "paths.parquet").exists()
    folder.write(at, study, context, "two", places)
    assert (at / "brief.html").read_text(encoding="utf-8") == "two" and (at / "paths.parquet").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_other_work_is_never_replaced(study: Study, context: Context, tmp_path: Path) -> None:
    at = folder.write(tmp_path / "data", study, context, "one", ())
    (at / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something other than a data folder"):
        folder.write(at, study, context, "two", ())
    assert (at / "notes.txt").read_text(encoding="utf-8") == "mine" and (at / "brief.html").read_text() == "one"


@pytest.mark.parametrize("name", ["file", "file/inside", "other"])
def test_what_cannot_be_written_says_so_before_the_work(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        fs.data_folder(run, tmp_path / name)
    told = str(raised.value)
    assert "--data" in told and "why it matters" in told and "try: " in told

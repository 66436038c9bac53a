"""From a case and a store to a file of evidence, and from that file to the panel: the same counts all the way."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import fissures as fs
from fissures.case.records import CountedFrom
from fissures.errors import DataError, UsageError
from fissures.events import recount
from fissures.events.panel import Panel, build

Hold, Copied = Callable[..., Any], Callable[..., Path]

COUNTED = """
  papers:
    kind: dated_counts
    file: papers.csv
    source: ledger
    streams: [market_marches]
    covers: [[2018-01-01, 2018-03-31]]
    counted_from: {datasets: [papers@1], dates: start, duplicates: none}
"""
MARCH = {"actor": "Brome", "recipient": "Ardel", "category": "PROTEST", "code": "140"}
FIRE = {"actor": "Ardel", "recipient": "Brome", "category": "ASSAULT", "code": "190"}


def days(first: date, count: int) -> list[str]:
    return [str(first + timedelta(days=k)) for k in range(count)]


def folder_with(copied: Copied, evidence: str, *pairs: tuple[str, str]) -> Path:
    folder = copied("two_valleys", ("council_meetings, market_marches]", "council_meetings]"), *pairs)
    with (folder / "case.yaml").open("a", encoding="utf-8") as handle:
        handle.write(evidence)
    return folder


def count(folder: Path, store: Path) -> Any:
    return fs.panel(folder, write=True, store=store)[0]


def panel(folder: Path) -> Panel:
    case = fs.load(folder)
    return build(case.record, case.folder, case.digest)


def test_counts_go_from_the_store_to_the_panel(hold: Hold, copied: Copied, tmp_path: Path) -> None:
    marches = ["2018-01-02", "2018-01-02", "2018-02-11", "2018-03-31", "2018-04-01"]
    hold([{"start_date": day, **MARCH} for day in marches], "papers@1")
    folder = folder_with(copied, COUNTED)
    said = count(folder, tmp_path / "store")
    assert (folder / "papers.csv").read_text() == (
        "date,stream,count\n2018-01-02,market_marches,2\n2018-02-11,market_marches,1\n2018-03-31,market_marches,1\n"
    )
    assert [(s.name, s.count, s.first, s.last) for s in said.streams] == [
        ("market_marches", 4.0, date(2018, 1, 2), date(2018, 3, 31))
    ]
    made = panel(folder)
    seen = made.observed["market_marches"]
    assert (seen.count.sum(), len(seen.count)) == (4.0, 90)
    assert not recount.differs(said, fs.load(folder).record.evidence["papers"], folder)


def test_the_file_beside_it_says_where_the_counts_come_from(hold: Hold, copied: Copied, tmp_path: Path) -> None:
    made = hold([{"start_date": "2018-01-02", **MARCH}], "papers@1")
    folder = folder_with(copied, COUNTED)
    count(folder, tmp_path / "store")
    told = json.loads((folder / "papers.provenance.json").read_text())
    assert told["counted_from"] == {
        "datasets": ["papers@1"],
        "dates": "start",
        "duplicates": "none",
        "codes": [],
        "dyads": [],
    }
    assert [(o["name"], o["sha256"]) for o in told["originals"]] == [("papers@1", made.digest)]
    before = fs.load(folder).digest
    (folder / "papers.provenance.json").write_text(json.dumps({**told, "rows": 7}))
    assert fs.load(folder).digest != before


def test_days_that_a_feed_lacks_are_missing_and_not_quiet(hold: Hold, copied: Copied, tmp_path: Path) -> None:
    elsewhere = [{"start_date": day, "category": "CONSULT", "code": "040"} for day in days(date(2018, 1, 1), 80)]
    hold([*elsewhere, {"start_date": "2018-01-02", **MARCH}], "papers@1", feed=True)
    folder = folder_with(copied, COUNTED)
    said = count(folder, tmp_path / "store")
    assert said.missing == ((date(2018, 3, 22), date(2018, 3, 31)),)
    assert said.windows == ((date(2018, 1, 1), date(2018, 3, 21)),)
    assert panel(folder).seen("market_marches").sum() == 80
    (folder / "papers.provenance.json").unlink()
    with pytest.raises(DataError, match=r"papers\.provenance\.json"):
        fs.load(folder)


def test_rows_published_later_need_the_case_to_say_so(hold: Hold, copied: Copied, tmp_path: Path) -> None:
    hold([{"start_date": "2018-01-02", **MARCH}], "papers@1", published=date(2020, 6, 1))
    folder = folder_with(copied, COUNTED)
    assert count(folder, tmp_path / "store").retrospective
    with pytest.raises(DataError, match="published after the as-of date"):
        panel(folder)
    told = (folder / "case.yaml").read_text().replace("file: papers.csv", "file: papers.csv\n    retrospective: true")
    (folder / "case.yaml").write_text(told)
    assert any("papers" in finding.message for finding in panel(folder).findings)


PLACED = ("  ford: {name: The lower ford,", "  ford: {place: [10.5, 20.5], name: The lower ford,")
WEIR = (
    "    held: {north: ARD, south: BRO}\n    by:",
    "    held: {north: ARD, south: BRO}\n    place: [10.0, 20.0]\n    by:",
)
BOUNDS = """
  dead:
    kind: rung_bounds
    file: dead.csv
    source: ledger
    covers: [[2018-01-01, 2018-02-25]]
    counted_from: {datasets: [dead@1]}
"""


def test_bounds_of_a_fronts_weeks_name_the_front_and_shut_out_what_cannot_be(
    hold: Hold, copied: Copied, tmp_path: Path
) -> None:
    on = {**FIRE, "lat": 10.5, "lon": 20.5, "mode": "firearms"}
    hold(
        [
            {"start_date": "2018-01-16", "deaths_low": 4, "deaths_best": 5, "deaths_high": 6, **on},
            {"start_date": "2018-02-20", "deaths_best": 1, **on},
        ],
        "dead@1",
        first=date(2017, 1, 1),
        last=date(2019, 1, 1),
    )
    folder = folder_with(copied, BOUNDS, PLACED, WEIR)
    count(folder, tmp_path / "store")
    with (folder / "dead.csv").open() as handle:
        told = {(row["front"], row["start"]): row for row in csv.DictReader(handle)}
    assert len(told) == 2 * 8
    assert (told["ford", "2018-01-15"]["lowest"], told["ford", "2018-01-15"]["highest"]) == ("feud", "feud")
    assert told["ford", "2018-01-15"]["killed_best"] == "5"
    assert (told["weir", "2018-01-15"]["lowest"], told["weir", "2018-01-15"]["highest"]) == ("calm", "calm")
    made = panel(folder)
    week = int(made.week_of[(date(2018, 1, 16) - made.first).days])
    assert made.named[week] == 1
    day = (date(2018, 1, 17) - made.first).days
    assert (made.day_high[1, day], made.day_high[0, day]) == (3, 0)


WEEKLY = """
  weeks:
    kind: weekly_record
    file: weekly.csv
    source: ledger
    covers: [[2018-01-01, 2019-12-29]]
    split: {weir: 0.5, ford: 0.5}
    counted_from: {datasets: [dead@1]}
"""


def test_a_weekly_record_can_be_counted_where_nobody_wrote_one(hold: Hold, copied: Copied, tmp_path: Path) -> None:
    """UCDP alone: what killed nobody is not in it, so a silent week is open below a feud, and the panel says so."""
    on = {**FIRE, "lat": 10.5, "lon": 20.5}
    hold(
        [{"start_date": "2018-01-16", "deaths_low": 3, "deaths_best": 5, "deaths_high": 6, **on}],
        "dead@1",
        fatal_only=True,
        weapons=False,
        first=date(2017, 1, 1),
        last=date(2020, 1, 1),
    )
    folder = copied("two_valleys", PLACED, WEIR)
    text = (folder / "case.yaml").read_text()
    begins = text.index("evidence:\n")
    (folder / "case.yaml").write_text(text[:begins] + "evidence:" + WEEKLY)
    (folder / "weekly.csv").unlink()
    count(folder, tmp_path / "store")
    made = panel(folder)
    week = int(made.week_of[(date(2018, 1, 16) - made.first).days])
    assert (made.low[week], made.high[week], made.killed[week]) == (3, 3, 5.0)
    assert (made.low[week + 1], made.high[week + 1]) == (0, 2)
    assert fs.fit(fs.load(folder)).digest


def test_a_store_that_lacks_the_dataset_and_a_case_that_counts_nothing(
    hold: Hold, copied: Copied, tmp_path: Path
) -> None:
    hold([{"start_date": "2018-01-02", **MARCH}], "other@1")
    folder = folder_with(copied, COUNTED)
    with pytest.raises(DataError, match="does not hold papers@1"):
        count(folder, tmp_path / "store")
    assert not (folder / "papers.csv").exists()
    case = fs.load("south-caucasus-2020")
    with pytest.raises(UsageError, match="is not counted from event data"):
        recount.said(case.record, case.folder, tmp_path / "store", "violence")


def test_a_preview_of_data_that_begin_after_the_as_of_date_is_refused(hold: Hold, tmp_path: Path) -> None:
    hold([{"start_date": "2020-09-27", **MARCH}], "papers@1")
    case = fs.load("south-caucasus-2020")
    with pytest.raises(DataError, match="begin on 2020-09-27, after the as-of date"):
        recount.preview(case.record, case.folder, tmp_path / "store", CountedFrom(datasets=("papers@1",)))


def test_a_preview_covers_the_days_on_which_every_dataset_was_looking(hold: Hold, tmp_path: Path) -> None:
    case = fs.load("south-caucasus-2020")
    hold([{"start_date": day, **MARCH} for day in ("2018-01-01", "2018-01-31")], "one@1")
    hold([{"start_date": day, **MARCH} for day in ("2018-01-20", "2018-03-31")], "two@1")
    hold([{"start_date": "2019-06-01", **MARCH}], "three@1")
    rule = CountedFrom(datasets=("one@1", "two@1"), duplicates="same_place")
    said = recount.preview(case.record, case.folder, tmp_path / "store", rule)
    assert said.windows == ((date(2018, 1, 20), date(2018, 1, 31)),)
    rule = CountedFrom(datasets=("one@1", "three@1"), duplicates="same_place")
    with pytest.raises(DataError, match="share no day: one@1, three@1"):
        recount.preview(case.record, case.folder, tmp_path / "store", rule)


def test_violence_without_coordinates_is_told(hold: Hold, tmp_path: Path) -> None:
    case = fs.load("south-caucasus-2020")
    fire = {"category": "ASSAULT", "code": "190", "country": "AZE"}
    placed = {**fire, "lat": 40.9, "lon": 45.5}
    hold([{"start_date": "2018-01-01", **row} for row in (fire, fire, placed, placed, placed)], "one@1")
    said = recount.preview(case.record, case.folder, tmp_path / "store", CountedFrom(datasets=("one@1",)))
    assert said.unmapped[recount.UNPLACED] == pytest.approx(0.4)

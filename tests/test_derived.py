"""The South Caucasus case's derived series: complete, honest about what is missing, rebuilt exactly."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import math
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, Point, shape

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SCRIPT = ROOT / "scripts/derive_south_caucasus.py"
MODULES = sorted((ROOT / "scripts/derive").glob("*.py"))
CASE = ROOT / "src/fissures/cases/south-caucasus-2020"
DATED = (
    "weekly",
    "deaths_by_rung",
    "means_by_rung",
    "spells",
    "events",
    "state_events",
    "pandemic",
    "oil",
    "monitoring",
    "flare_ups",
    "icews",
    "ucdp_fronts",
)
COUNTED = ("icews", "ucdp_fronts")  # from event data, each with its provenance beside it
MAP = "map.geojson"
FILES = (*DATED, "calendar")  # the calendar alone runs past the as-of date: it was known in advance
AS_OF = date(2020, 7, 21)
RUNGS = ("quiet", "harassing_fire", "heavy_weapons", "clash", "limited_offensive", "war", "regional_war")
WOUNDS = ("killed", "wounded")
CODED_HERE = {
    ("loc", "2017-01-01"): ("2017-02-23", "heavy_weapons"),
    ("loc", "2017-02-26"): ("2017-04-30", "heavy_weapons"),
    ("tavush", "2020-04-01"): ("2020-07-11", "harassing_fire"),
}
REAR_RUNGS = ("untouched", "threatened", "struck", "stopped")

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development data are not beside the checkout"),
]


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one shipped file."""
    with (CASE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(name: str, column: str) -> int:
    """Sum of one column of a shipped file."""
    return sum(int(row[column]) for row in rows(name))


def derive(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a user would."""
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


class TestShipped:
    def test_every_week_is_listed_once(self) -> None:
        weeks = [date.fromisoformat(row["week"]) for row in rows("weekly")]
        assert weeks == [date(2014, 12, 29) + timedelta(weeks=i) for i in range(291)]
        assert all(week.weekday() == 0 for week in weeks)

    def test_columns(self) -> None:
        assert list(rows("weekly")[0]) == [
            *("week", "days_covered", "killed", "most_killed_in_a_day", "killed_days"),
            *("wounded", "heavy", "special", "drones", "drone_days"),
        ]
        assert list(rows("deaths_by_rung")[0]) == ["rung", "deaths", "days"]
        assert list(rows("means_by_rung")[0]) == ["rung", "means", "days_used", "days"]
        assert list(rows("oil")[0]) == ["date", "below_53"]
        assert list(rows("monitoring")[0]) == ["date", "osce_monitoring"]
        assert list(rows("calendar")[0]) == ["date", "us_election", "season"]
        assert list(rows("spells")[0]) == [
            *("front", "start", "end", "rung", "killed_low", "killed_high", "means", "basis", "source"),
        ]
        assert list(rows("events")[0]) == ["date", "stream", "count", "source_row"]
        assert list(rows("state_events")[0]) == ["date", "stream", "count", "para"]
        assert list(rows("pandemic")[0]) == [
            "date",
            *(f"stringency_{s}" for s in ("aze", "geo", "irn", "rus", "tur")),
            *("strain_arm", "onset", "lockdown_news"),
        ]

    def test_flare_ups_give_the_stated_base_rate(self) -> None:
        """6 of 72, which `moves.limited_offensive` of the case rests on."""
        worst = [float(row["worst_of_next_six"]) for row in rows("flare_ups")]
        assert (len(worst), sum(w >= 1000 for w in worst)) == (72, 6)

    def test_weekly_totals(self) -> None:
        found = {kind: total("weekly", kind) for kind in ("killed", "wounded", "heavy", "special", "drones")}
        assert found == {"killed": 186, "wounded": 67, "heavy": 176, "special": 70, "drones": 49}
        assert total("weekly", "drone_days") == 35

    def test_missing_days_are_not_covered_and_not_zero(self) -> None:
        covered = {row["week"]: int(row["days_covered"]) for row in rows("weekly")}
        assert {week: days for week, days in covered.items() if days != 7} == {
            "2014-12-29": 2,
            "2016-03-28": 4,
            "2016-04-04": 5,
            "2020-07-20": 2,
        }
        days = (AS_OF - date(2015, 1, 3)).days + 1 - 5
        assert total("weekly", "days_covered") == days == total("deaths_by_rung", "days") == 2022
        offensives = [row for row in rows("spells") if row["rung"] == "limited_offensive"]
        assert [(row["start"], row["end"]) for row in offensives] == [("2016-04-01", "2016-04-05")]

    def test_weekly_counts_agree_with_one_another(self) -> None:
        for row in rows("weekly"):
            week = {name: int(value) for name, value in row.items() if name != "week"}
            assert max(week["killed_days"], week["drone_days"]) <= week["days_covered"], row
            assert week["most_killed_in_a_day"] <= week["killed"], row
            assert week["killed"] <= week["most_killed_in_a_day"] * week["killed_days"], row
            assert week["drone_days"] <= week["drones"], row

    def test_weekly_rungs_reproduce_the_notes(self) -> None:
        weeks = [row for row in rows("weekly") if "2015-01-05" <= row["week"] <= "2020-07-13"]
        codes = [weekly_rung(row) for row in weeks]
        assert len(codes) == 289
        assert Counter(codes) == {0: 157, 1: 64, 2: 64, 3: 2, 4: 2}
        moves = Counter(pairwise(codes))
        assert [[moves[a, b] for b in range(5)] for a in range(5)] == [
            [108, 33, 16, 0, 0],
            [34, 22, 8, 0, 0],
            [15, 8, 38, 2, 1],
            [0, 0, 1, 0, 0],
            [0, 0, 1, 0, 1],
        ]
        assert sum(int(row["killed"]) for row in weeks if row["week"] < "2015-12-29") == 61

    def test_deaths_by_rung(self) -> None:
        table = [(row["rung"], int(row["deaths"]), int(row["days"])) for row in rows("deaths_by_rung")]
        assert len({(rung, deaths) for rung, deaths, _ in table}) == len(table)
        assert sum(deaths * days for _, deaths, days in table) == total("weekly", "killed")
        assert {deaths for rung, deaths, _ in table if rung == "quiet"} == {0}
        assert {rung for rung, deaths, _ in table if deaths >= 5} == {"clash"}
        assert sum(days for rung, _, days in table if rung == "clash") == 5
        assert {rung for rung, _, _ in table} == set(RUNGS[:4])

    def test_means_by_rung(self) -> None:
        found = {row["rung"]: (row["means"], int(row["days_used"]), int(row["days"])) for row in rows("means_by_rung")}
        assert found == {
            "quiet": ("drones", 0, 518),
            "harassing_fire": ("drones", 28, 1371),
            "heavy_weapons": ("drones", 5, 128),
            "clash": ("drones", 2, 5),
        }
        assert sum(used for _, used, _ in found.values()) == total("weekly", "drone_days")
        for rung, (_, _, days) in found.items():
            assert days == sum(int(row["days"]) for row in rows("deaths_by_rung") if row["rung"] == rung)

    def test_the_rear_stands_on_its_own_ladder_without_gaps(self) -> None:
        found = [row for row in rows("spells") if row["front"] == "rear"]
        assert [(row["rung"], row["start"], row["end"]) for row in found] == [
            ("untouched", "2014-12-29", "2020-07-15"),
            ("threatened", "2020-07-16", "2020-07-21"),
        ]
        assert {row["basis"] for row in found} == {"M"}

    def test_spells(self) -> None:
        found = rows("spells")
        assert len(found) == 29
        assert [row["start"] for row in found] == sorted(row["start"] for row in found)
        for row in found:
            assert row["front"] in {"loc", "tavush", "nakhchivan", "rear"}
            assert row["rung"] in (REAR_RUNGS if row["front"] == "rear" else RUNGS)
            assert row["start"] <= row["end"]
            if (row["front"], row["start"]) in CODED_HERE:  # a rung is told, the number of dead is not
                assert row["killed_low"] == row["killed_high"] == ""
            else:
                assert int(row["killed_low"]) <= int(row["killed_high"])
            assert row["basis"] == "M" or row["source"]

    def test_the_spells_coded_here_fit_between_those_of_the_sheet(self) -> None:
        """Each ends or begins where the sheet's own spells leave a gap: nothing is told twice, and no day is left."""
        spells = rows("spells")
        found = {(row["front"], row["start"]): (row["end"], row["rung"]) for row in spells}
        assert {key: found[key] for key in CODED_HERE} == CODED_HERE
        for front in ("loc", "tavush", "nakhchivan", "rear"):
            mine = [row for row in spells if row["front"] == front]
            assert all(a["end"] < b["start"] for a, b in pairwise(mine)), front
        for (front, start), (end, _) in CODED_HERE.items():
            after = str(date.fromisoformat(end) + timedelta(days=1))
            before = str(date.fromisoformat(start) - timedelta(days=1))
            assert (front, after) in found
            assert start == "2017-01-01" or before in {row["end"] for row in spells if row["front"] == front}

    def test_no_week_contradicts_the_spells_coded_here(self) -> None:
        """No day of five killed and no week of ten within them; no heavy weapon before the twelfth of July 2020."""
        weeks = rows("weekly")
        spans = (("2017-01-02", "2017-02-19"), ("2017-02-27", "2017-04-30"))
        within = [row for row in weeks if any(start <= row["week"] <= end for start, end in spans)]
        assert all(int(row["most_killed_in_a_day"]) < 5 and int(row["killed"]) < 10 for row in within) and within
        assert any(int(row["heavy"]) for row in within)
        assert not any(int(row["heavy"]) for row in weeks if "2020-04-06" <= row["week"] < "2020-07-06")

    def test_the_monitors_went_out_until_they_were_stopped(self) -> None:
        told = {row["date"]: row["osce_monitoring"] for row in rows("monitoring")}
        days = (AS_OF - date(2014, 12, 29)).days + 1
        assert list(told) == [str(date(2014, 12, 29) + timedelta(days=i)) for i in range(days)]
        assert all(went == ("1" if day < "2020-03-18" else "0") for day, went in told.items())

    def test_events_are_dated_counts_of_known_streams(self) -> None:
        found = rows("events")
        assert (len(found), len({row["stream"] for row in found})) == (172, 24)
        assert len({(row["date"], row["stream"]) for row in found}) == len(found)
        assert all(row["count"] == "1" and 2 <= int(row["source_row"]) <= 261 for row in found)
        assert [row["date"] for row in found] == sorted(row["date"] for row in found)
        steps = [row["date"] for row in found if row["stream"] == "tangible_steps"]
        assert {"2016-04-05", "2018-09-28", "2019-01-16"} <= set(steps)
        assert found[0]["date"] >= "2015-01-15" and found[-1]["date"] <= "2020-06-30"  # the window they cover

    def test_a_row_that_dates_the_act_puts_each_stream_on_its_own_day(self) -> None:
        of_row = {row["stream"]: row["date"] for row in rows("events") if row["source_row"] == "131"}
        assert of_row == {
            "minister_meetings": "2017-09-23",
            "minsk_contacts": "2017-09-23",
            "russian_diplomacy": "2017-09-21",
        }

    def test_the_table_of_streams_is_the_file(self) -> None:
        """Counts by year, in all and a month of every stream, as SOURCES.md tells them."""
        found, months = rows("events"), ((date(2020, 6, 30) - date(2015, 1, 15)).days + 1) / 30.4375
        text = (CASE / "SOURCES.md").read_text(encoding="utf-8")
        told = re.findall(r"^\| `(\w+)` \|[^|]+((?:\| \d+ ){7})\| (0\.\d{3}) \| \w", text, re.MULTILINE)
        in_all = Counter(row["stream"] for row in found)
        assert {stream for stream, _, _ in told} == set(in_all)
        for stream, counts, rate in told:
            years = Counter(row["date"][:4] for row in found if row["stream"] == stream)
            expected = [*(years[str(year)] for year in range(2015, 2021)), in_all[stream]]
            assert [int(count) for count in counts.replace("|", " ").split()] == expected, stream
            assert rate == f"{in_all[stream] / months:.3f}", stream

    def test_the_articles_events_by_stream(self) -> None:
        found = rows("state_events")
        assert all("2019-10-01" <= row["date"] <= "2020-07-21" for row in found)
        several = {
            "accusations": 4,
            "arrests_aze": 2,
            "corridor_attention": 2,
            "elite_changes_aze": 2,
            "outside_calls": 2,
            "protest_aze": 3,
            "russian_diplomacy": 2,
            "threats": 2,
            "turkish_backing": 3,
        }
        once = {
            *("diaspora_statements", "disavowals", "incidents", "large_rally_baku", "mediation_offers"),
            *("nuclear_threats", "optimistic_statements", "ouster_calls", "prowar_protest", "rebuffs"),
            *("relief_payments", "russian_exercises", "senior_officer_deaths", "support_for_armenia"),
            *("turkish_mobilisation", "us_diplomacy", "video_calls", "volunteers"),
        }
        assert summed(found) == several | dict.fromkeys(once, 1)

    def test_no_act_is_in_both_the_evidence_and_the_state(self) -> None:
        """The same stream within a fortnight in both files would be the same act told twice."""
        for own in rows("state_events"):
            near = [
                row["date"]
                for row in rows("events")
                if row["stream"] == own["stream"]
                and abs(date.fromisoformat(row["date"]) - date.fromisoformat(own["date"])) <= timedelta(days=14)
            ]
            assert not near, own

    def test_oil_and_calendar_are_daily_and_within_bounds(self) -> None:
        oil = {row["date"]: float(row["below_53"]) for row in rows("oil")}
        assert list(oil) == [str(date(2015, 1, 1) + timedelta(days=i)) for i in range(2029)]
        assert (min(oil.values()), max(oil.values())) == (0.0, oil["2020-05-03"])
        assert oil["2018-10-01"] == 0.0 < oil["2020-07-21"]
        calendar = {row["date"]: row for row in rows("calendar")}
        assert list(calendar) == [str(date(2014, 12, 29) + timedelta(days=i)) for i in range(2195)]
        near = {day: float(row["us_election"]) for day, row in calendar.items()}
        assert [day for day, value in near.items() if value == 1] == ["2016-11-08", "2020-11-03"]
        assert {day[:4] for day, value in near.items() if value} == {"2016", "2020"}
        assert near["2020-07-21"] == pytest.approx(169 / 274, abs=1e-4)
        assert all(row["season"] == str(int(4 <= int(day[5:7]) <= 11)) for day, row in calendar.items())

    def test_strain_of_armenia_is_a_measure_of_cases(self) -> None:
        strain = {row["date"]: float(row["strain_arm"]) for row in rows("pandemic")}
        assert max(strain.values()) == 100.0 == strain["2020-06-29"]
        assert all(value == 0 for day, value in strain.items() if day < "2020-03-01")

    def test_stringency_is_daily_and_within_bounds(self) -> None:
        found = rows("pandemic")
        days = [date.fromisoformat(row["date"]) for row in found]
        assert days == [date(2020, 1, 1) + timedelta(days=i) for i in range(203)]
        values = [float(value) for row in found for name, value in row.items() if name != "date"]
        assert min(values) == 0.0
        assert max(values) <= 100.0

    @pytest.mark.parametrize("name", DATED)
    def test_nothing_is_later_than_the_as_of_date(self, name: str) -> None:
        text = (CASE / f"{name}.csv").read_text(encoding="utf-8")
        found = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", text)]
        assert max(found, default=AS_OF) <= AS_OF

    @pytest.mark.parametrize("name", FILES)
    def test_every_file_is_told_in_the_sources(self, name: str) -> None:
        assert f"## `{name}.csv`" in (CASE / "SOURCES.md").read_text(encoding="utf-8")


class TestMap:
    """Recognised boundaries are those of recognised states; what is held otherwise is a line of its own."""

    @pytest.fixture
    def features(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads((CASE / MAP).read_text(encoding="utf-8"))["features"]
        return told

    def named(self, features: list[dict[str, Any]], role: str) -> dict[str, Any]:
        return {f["properties"]["name"]: shape(f["geometry"]) for f in features if f["properties"]["role"] == role}

    def test_it_is_small_and_told_in_the_sources(self) -> None:
        assert (CASE / MAP).stat().st_size < 25_000
        assert f"## `{MAP}`" in (CASE / "SOURCES.md").read_text(encoding="utf-8")

    def test_the_old_oblast_lies_in_azerbaijan_and_behind_the_line(self, features: list[dict[str, Any]]) -> None:
        land = self.named(features, "land")
        stepanakert, agdam, stepanavan = Point(46.75, 39.82), Point(46.93, 39.99), Point(44.38, 41.01)
        azerbaijan, armenia = land["Azerbaijan"], land["Armenia"]
        assert azerbaijan.contains(stepanakert) and azerbaijan.contains(agdam) and armenia.contains(stepanavan)
        assert azerbaijan.contains(land["Nagorno-Karabakh"])
        (line,) = self.named(features, "held").values()
        assert not line.crosses(LineString([land["Nagorno-Karabakh"], stepanakert]))
        assert line.crosses(LineString([stepanakert, Point(47.5, 40.2)])), "Barda lies on the other side"

    def test_the_line_runs_from_border_to_border(self, features: list[dict[str, Any]]) -> None:
        (line,) = self.named(features, "held").values()
        borders = self.named(features, "recognised")
        ends = [Point(line.coords[0]), Point(line.coords[-1])]
        assert ends[0].distance(borders["Armenia, Azerbaijan"]) < 0.03
        assert ends[1].distance(borders["Azerbaijan, Iran"]) < 0.03
        assert not any(name.count(",") != 1 for name in borders) and len(borders) == 11

    def test_no_recognised_boundary_runs_along_the_line(self, features: list[dict[str, Any]]) -> None:
        (line,) = self.named(features, "held").values()
        middle = line.interpolate(0.5, normalized=True)
        assert min(border.distance(middle) for border in self.named(features, "recognised").values()) > 0.3

    def test_land_does_not_overlap_and_fills_the_frame_with_the_sea(self, features: list[dict[str, Any]]) -> None:
        parts = [*self.named(features, "land").values(), *self.named(features, "water").values()]
        areas = [part for part in parts if part.geom_type != "Point"]
        assert sum(part.area for part in areas) == pytest.approx((50.8 - 42.6) * (42.4 - 38.0), rel=1e-4)


class TestRebuilt:
    pytestmark = shared

    def test_the_same_bytes(self, tmp_path: Path) -> None:
        done = derive(str(SHARED), "--out", str(tmp_path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        names = sorted([*(f"{name}.csv" for name in FILES), *(f"{name}.provenance.json" for name in COUNTED), MAP])
        assert sorted(path.name for path in tmp_path.iterdir()) == names
        for name in names:
            assert (tmp_path / name).read_bytes() == (CASE / name).read_bytes(), name

    def test_sums_are_the_sources_sums(self) -> None:
        casualties = source("data/crisisgroup_nk/pre2020_all.csv")
        weapons = source("data/crisisgroup_nk/pre2020_weapon.csv")
        expected: Counter[str] = Counter()
        for row in casualties:
            expected[row["Type of Casualty"].split()[-1].lower()] += int(row["Number"])
        for row in weapons:
            expected[row["Type of Weapon"].split()[0].lower()] += int(row["Number"])
        assert expected == {kind: total("weekly", kind) for kind in (*WOUNDS, "heavy", "special", "drones")}

    def test_dead_by_side(self) -> None:
        """The two sides' files add up to the pooled record day by day, and to what SOURCES.md tells."""
        pooled = dead("pre2020_all.csv", "Type of Casualty", "Number")
        armenian = dead("pre2020_arm.csv", "Category", "Count")
        azerbaijani = dead("pre2020_aze.csv", "Type of Casualty", "Number")
        assert armenian + azerbaijani == pooled
        assert (armenian.total(), azerbaijani.total()) == (104, 82)
        july = [date(2020, 7, day) for day in range(12, 17)]
        assert (sum(armenian[d] for d in july), sum(azerbaijani[d] for d in july)) == (4, 13)
        text = (CASE / "SOURCES.md").read_text(encoding="utf-8")
        for told in (
            "| 104 (6 civilians) | 82 (4 civilians) |",
            "| 4 (no civilian) | 13 (1 civilian) |",
            "| 100 | 69 |",
        ):
            assert told in text

    def test_strain_is_the_published_cases(self) -> None:
        cases = {row["date"]: row["ARM_confirmed_ulklc"] for row in source("data/covid/covid_south_caucasus_daily.csv")}
        peak, now = (
            math.log1p((float(cases[a]) - float(cases[b])) / 7 / 2.96)
            for a, b in (("2020-06-29", "2020-06-22"), ("2020-07-21", "2020-07-14"))
        )
        assert float(rows("pandemic")[-1]["strain_arm"]) == pytest.approx(100 * now / peak, abs=0.005)

    def test_digests_of_the_inputs(self) -> None:
        text = (CASE / "SOURCES.md").read_text(encoding="utf-8")
        told = re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", text)
        assert len(told) == 15
        for name, digest in told:
            assert hashlib.sha256((SHARED / name).read_bytes()).hexdigest() == digest, name

    def test_no_sentence_of_the_timeline_is_copied(self) -> None:
        ours = "".join(path.read_text(encoding="utf-8") for path in (SCRIPT, *MODULES, *CASE.glob("*.*")))
        ours = " ".join(ours.split()).lower()
        for row in source("data/crisisgroup_nk/nk-timeline_to_2020-07-21.csv"):
            for text in (row["Headline"], *re.split(r"[.!?]", row["Text"])):
                sentence = " ".join(text.split()).lower()
                assert len(sentence) < 25 or sentence not in ours, sentence


class TestTheScripts:
    @pytest.mark.parametrize("file", [SCRIPT, *MODULES], ids=lambda file: file.name)
    def test_the_house_measure(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or node.lineno) - node.lineno < 60, node.name


class TestRefusals:
    def test_a_missing_folder_is_said_in_words(self, tmp_path: Path) -> None:
        done = derive(str(tmp_path / "nowhere"), "--out", str(tmp_path))
        assert done.returncode == 4
        assert "cannot read" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_row_inside_the_missing_window_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "data/crisisgroup_nk"
        folder.mkdir(parents=True)
        (folder / "pre2020_all.csv").write_text("Date,Type of Casualty,Number\n4/3/2016,Military Killed,30\n")
        done = derive(str(tmp_path), "--out", str(tmp_path / "out"))
        assert done.returncode == 4
        assert "2016-04-03" in done.stderr
        assert "not covered" in done.stderr


def weekly_rung(row: dict[str, str]) -> int:
    """Rung of a week as the reference case's notes code it (SOURCES.md, cross-checks)."""
    if row["week"] in {"2016-03-28", "2016-04-04"}:
        return 4
    if int(row["most_killed_in_a_day"]) >= 5 or int(row["killed"]) >= 10:
        return 3
    if int(row["heavy"]):
        return 2
    return int(int(row["killed"]) + int(row["special"]) > 0)


def summed(found: list[dict[str, str]]) -> Counter[str]:
    """Counts by stream."""
    out: Counter[str] = Counter()
    for row in found:
        out[row["stream"]] += int(row["count"])
    return out


def source(name: str) -> list[dict[str, str]]:
    """Rows of one file of the shared development data."""
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def dead(name: str, kind: str, number: str) -> Counter[date]:
    """Killed by day in one of the publisher's files of casualties."""
    out: Counter[date] = Counter()
    for row in source(f"data/crisisgroup_nk/{name}"):
        if row[kind].endswith("Killed"):
            out[datetime.strptime(row["Date"], "%m/%d/%Y").date()] += int(float(row[number]))
    return out

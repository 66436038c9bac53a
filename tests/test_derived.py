"""The South Caucasus case's derived series: complete, honest about what is missing, rebuilt exactly."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SCRIPT = ROOT / "scripts/derive_south_caucasus.py"
CASE = ROOT / "src/fissures/cases/south-caucasus-2020"
FILES = ("weekly", "deaths_by_rung", "spells", "events", "state_events", "pandemic", "flare_ups")
AS_OF = date(2020, 7, 21)
RUNGS = ("quiet", "harassing_fire", "heavy_weapons", "clash", "limited_offensive", "war", "regional_war")
WOUNDS = ("killed", "wounded")
STREAMS = {
    "tangible_steps": 9,
    "disavowals": 2,
    "russian_diplomacy": 29,
    "us_diplomacy": 7,
    "turkish_backing": 1,
}

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
        assert list(rows("spells")[0]) == [
            *("front", "start", "end", "rung", "killed_low", "killed_high", "means", "basis", "source"),
        ]
        assert list(rows("events")[0]) == ["date", "stream", "count", "source_row"]
        assert list(rows("state_events")[0]) == ["date", "stream", "count", "para"]
        assert list(rows("pandemic")[0]) == [
            "date",
            *(f"stringency_{s}" for s in ("aze", "geo", "irn", "rus", "tur")),
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

    def test_spells(self) -> None:
        found = rows("spells")
        assert len(found) == 24
        assert [row["start"] for row in found] == sorted(row["start"] for row in found)
        for row in found:
            assert row["front"] in {"loc", "tavush", "nakhchivan"}
            assert row["rung"] in RUNGS
            assert row["start"] <= row["end"]
            assert int(row["killed_low"]) <= int(row["killed_high"])
            assert row["basis"] == "M" or row["source"]

    def test_events_are_dated_counts_of_known_streams(self) -> None:
        found = rows("events")
        assert Counter(row["stream"] for row in found) == STREAMS
        assert len({(row["date"], row["stream"]) for row in found}) == len(found)
        assert all(row["count"] == "1" and 2 <= int(row["source_row"]) <= 261 for row in found)
        assert [row["date"] for row in found] == sorted(row["date"] for row in found)
        steps = [row["date"] for row in found if row["stream"] == "tangible_steps"]
        assert {"2016-04-05", "2018-09-28", "2019-01-16"} <= set(steps)

    def test_the_articles_events_are_of_july_and_counted_once(self) -> None:
        found = rows("state_events")
        assert all("2020-07-01" <= row["date"] <= "2020-07-21" for row in found)
        assert all(row["date"] < "2020-07-01" for row in rows("events"))
        assert summed(found) == {
            "disavowals": 1,
            "protest_aze": 1,
            "russian_diplomacy": 2,
            "turkish_backing": 4,
            "us_diplomacy": 1,
        }

    def test_stringency_is_daily_and_within_bounds(self) -> None:
        found = rows("pandemic")
        days = [date.fromisoformat(row["date"]) for row in found]
        assert days == [date(2020, 1, 1) + timedelta(days=i) for i in range(203)]
        values = [float(value) for row in found for name, value in row.items() if name != "date"]
        assert min(values) == 0.0
        assert max(values) <= 100.0

    @pytest.mark.parametrize("name", FILES)
    def test_nothing_is_later_than_the_as_of_date(self, name: str) -> None:
        text = (CASE / f"{name}.csv").read_text(encoding="utf-8")
        found = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", text)]
        assert max(found, default=AS_OF) <= AS_OF

    @pytest.mark.parametrize("name", FILES)
    def test_every_file_is_told_in_the_sources(self, name: str) -> None:
        assert f"## `{name}.csv`" in (CASE / "SOURCES.md").read_text(encoding="utf-8")


class TestRebuilt:
    pytestmark = shared

    def test_the_same_bytes(self, tmp_path: Path) -> None:
        done = derive(str(SHARED), "--out", str(tmp_path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.csv" for name in FILES)
        for name in FILES:
            assert (tmp_path / f"{name}.csv").read_bytes() == (CASE / f"{name}.csv").read_bytes(), name

    def test_sums_are_the_sources_sums(self) -> None:
        casualties = source("data/crisisgroup_nk/pre2020_all.csv")
        weapons = source("data/crisisgroup_nk/pre2020_weapon.csv")
        expected: Counter[str] = Counter()
        for row in casualties:
            expected[row["Type of Casualty"].split()[-1].lower()] += int(row["Number"])
        for row in weapons:
            expected[row["Type of Weapon"].split()[0].lower()] += int(row["Number"])
        assert expected == {kind: total("weekly", kind) for kind in (*WOUNDS, "heavy", "special", "drones")}

    def test_digests_of_the_inputs(self) -> None:
        text = (CASE / "SOURCES.md").read_text(encoding="utf-8")
        told = re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", text)
        assert len(told) == 6
        for name, digest in told:
            assert hashlib.sha256((SHARED / name).read_bytes()).hexdigest() == digest, name

    def test_no_sentence_of_the_timeline_is_copied(self) -> None:
        ours = "".join(path.read_text(encoding="utf-8") for path in (SCRIPT, *CASE.glob("*.*")))
        ours = " ".join(ours.split()).lower()
        for row in source("data/crisisgroup_nk/nk-timeline_to_2020-07-21.csv"):
            for text in (row["Headline"], *re.split(r"[.!?]", row["Text"])):
                sentence = " ".join(text.split()).lower()
                assert len(sentence) < 25 or sentence not in ours, sentence


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

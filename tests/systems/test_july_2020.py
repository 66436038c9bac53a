"""July 2020 read from Crisis Group's daily rows by the ladder's own rules, not from spells that were coded by hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from fissures import api
from fissures.events.rungs import Rules, activity, rules_of, week_interval

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "crisisgroup_nk"
KINDS = {"Heavy Weaponry": "heavy", "Special Operations": "special", "Drones": "drones"}
FIRST, LAST = date(2020, 7, 12), date(2020, 7, 21)
FRONTS = {"loc": ("Karabakh", "Line of Contact"), "tavush": ("Tavush", "Tovuz", "Armenian, Azerbaijani border")}

pytestmark = pytest.mark.shared


def rows() -> Iterator[tuple[date, str, float]]:
    """Dated counts of the two daily files, under the names that the ladder's rules use."""
    for name, column in (("pre2020_all.csv", "Type of Casualty"), ("pre2020_weapon.csv", "Type of Weapon")):
        with (SHARED / name).open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                kind = KINDS.get(row[column]) or row[column].split()[1].lower()
                yield datetime.strptime(row["Date"], "%m/%d/%Y").date(), kind, float(row["Number"])


@pytest.fixture(scope="module")
def record() -> dict[date, Counter[str]]:
    """What was reported by day, all fronts together."""
    out: dict[date, Counter[str]] = {}
    for when, kind, number in rows():
        out.setdefault(when, Counter())[kind] += number  # type: ignore[assignment]
    return out


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules of the border ladder, as the shipped case writes them."""
    return rules_of(api.load("south-caucasus-2020").record.ladders["border"])


def episode() -> tuple[date, date, str]:
    """The clashes of July in the timeline: first and last day, and the headline that says where."""
    with (SHARED / "nk-timeline_to_2020-07-21.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Year"] == "2020" and "killed in clashes" in row["Headline"]:
                month, day, end = (int(float(row[key])) for key in ("Month", "Day", "End Day"))
                return date(2020, month, day), date(2020, month, end), row["Headline"]
    raise AssertionError("the timeline has no clashes of July 2020")


def placed(front: str) -> bool:
    """Whether the timeline puts the episode on a front."""
    return any(name in episode()[2] for name in FRONTS[front])


def reported(record: dict[date, Counter[str]], day: date, inside: bool) -> dict[str, float]:
    """A day as a week of its own; within the episode the dead of the seven days to it, as the rule on a week counts."""
    own = record.get(day, Counter())
    week = [record.get(day - timedelta(days=n), Counter())["killed"] for n in range(7)]
    names = ("wounded", "heavy", "special", "drones")
    killed = float(sum(week)) if inside else float(own["killed"])
    other = {"most_killed_in_a_day": float(own["killed"]), "drone_days": float(own["drones"] > 0)}
    return {name: float(own[name]) for name in names} | {"killed": killed} | other


def rungs(front: str, record: dict[date, Counter[str]], rules: Rules, whole_week: bool = True) -> list[int]:
    """A front's rung by day, as the rules prove it; above quiet until nothing was reported for the waiting time."""
    first, last, _ = episode()
    out, waits = [], 0
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        seen = reported(record, day, first <= day <= last and whole_week) if placed(front) else reported({}, day, False)
        waits = int(rules.quiet_days) if activity(seen) else waits - 1
        out.append(max(week_interval(seen, rules)[0], int(waits > 0)))
    return out


def test_s11_the_daily_record_puts_the_border_on_the_ladder_as_the_spells_do(
    record: dict[date, Counter[str]], rules: Rules
) -> None:
    assert episode()[:2] == (FIRST, FIRST + timedelta(days=4)) and placed("tavush")
    assert rungs("tavush", record, rules) == [2, 2, 3, 3, 3, 1, 1, 1, 1, 1]


def test_s11_the_daily_record_leaves_the_line_of_contact_alone(record: dict[date, Counter[str]], rules: Rules) -> None:
    assert not placed("loc")
    assert rungs("loc", record, rules) == [0] * 10


def test_s11_without_the_rule_on_a_week_two_days_of_the_clash_read_lower(
    record: dict[date, Counter[str]], rules: Rules
) -> None:
    """Known: of the 15th the record says nothing, and of the 16th one dead and heavy weapons; the spells call both
    a clash."""
    assert rungs("tavush", record, rules, whole_week=False) == [2, 2, 3, 1, 2, 1, 1, 1, 1, 1]

"""The daily record of the killed and of incidents: weeks, and days by rung with their deaths and means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from derive.tables import AS_OF, DAY, RUNGS, Row, SourceProblem, days, read

COVERED_FROM = date(2015, 1, 3)
MISSING = frozenset(date(2016, 4, day) for day in range(1, 6))  # left out by the publisher: not zero
FIRST_WEEK, LAST_WEEK = date(2014, 12, 29), date(2020, 7, 20)
CLASH_DEATHS = 5
QUIET_AFTER = 14

CASUALTIES = {
    "Military Killed": "killed",
    "Civilians Killed": "killed",
    "Military Wounded": "wounded",
    "Civilians Wounded": "wounded",
}
WEAPONS = {"Heavy Weaponry": "heavy", "Special Operations": "special", "Drones": "drones"}
KILLED = ("killed", "most_killed_in_a_day", "killed_days")
WEEKLY = ("week", "days_covered", *KILLED, "wounded", "heavy", "special", "drones", "drone_days")

Record = Mapping[date, Counter[str]]


def covered(day: date) -> bool:
    """Whether the daily record speaks of this day at all."""
    return COVERED_FROM <= day <= AS_OF and day not in MISSING


def daily_record(folder: Path) -> Record:
    """Killed, wounded and incidents by weapon for each covered day, summed over fronts and sides."""
    record = {day: Counter[str]() for day in days(COVERED_FROM, AS_OF) if covered(day)}
    for name, column, kinds in (
        ("pre2020_all.csv", "Type of Casualty", CASUALTIES),
        ("pre2020_weapon.csv", "Type of Weapon", WEAPONS),
    ):
        for row in read(folder / name):
            add_row(record, row, column, kinds, name)
    return record


def add_row(record: Record, row: Row, column: str, kinds: Mapping[str, str], name: str) -> None:
    """Add one dated count; days after the as-of date are passed over, days not covered refused."""
    day = datetime.strptime(row["Date"], "%m/%d/%Y").date()
    if day > AS_OF:
        return
    if row[column] not in kinds:
        raise SourceProblem(f"{name}: unknown {column.lower()} {row[column]!r} on {day}")
    if day not in record:
        raise SourceProblem(f"{name}: {day} has a row, but this script takes that day as not covered")
    record[day][kinds[row[column]]] += int(float(row["Number"]))


def weekly(record: Record) -> Iterator[tuple[object, ...]]:
    """One row a Monday-started week, zero weeks included, over the covered days only."""
    for monday in days(FIRST_WEEK, LAST_WEEK):
        if monday.weekday():
            continue
        week = [record[day] for day in days(monday, monday + 6 * DAY) if day in record]
        killed, drones = [day["killed"] for day in week], [day["drones"] for day in week]
        others = (sum(day[kind] for day in week) for kind in ("wounded", "heavy", "special"))
        yield (
            monday,
            len(week),
            sum(killed),
            max(killed),
            sum(k > 0 for k in killed),
            *others,
            sum(drones),
            sum(d > 0 for d in drones),
        )


def rung_of(day: date, record: Record, violent: frozenset[date], clashes: frozenset[date]) -> str:
    """The rung of one covered day, all fronts pooled, from the daily record and the spells of clashes."""
    if record[day]["killed"] >= CLASH_DEATHS or day in clashes:
        return "clash"
    if record[day]["heavy"]:
        return "heavy_weapons"
    recent = violent.intersection(days(day - QUIET_AFTER * DAY, day))
    return "harassing_fire" if recent else "quiet"


def rungs(record: Record, spells: Iterable[Row]) -> dict[date, str]:
    """The rung of each covered day; `spells` are the coded spells, of which the clashes count here."""
    clashes = frozenset(
        day
        for row in spells
        if row["rung"] == "3"
        for day in days(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
    )
    # the missing days were an offensive, hence violent; an empty Counter is a day without reports
    violent = MISSING.union(day for day, counts in record.items() if counts)
    return {day: rung_of(day, record, violent, clashes) for day in record}


def deaths_by_rung(record: Record, rung: Mapping[date, str]) -> Iterator[tuple[object, ...]]:
    """How many covered days of each rung had how many deaths."""
    found = Counter((rung[day], counts["killed"]) for day, counts in record.items())
    for name, deaths in sorted(found, key=lambda key: (RUNGS.index(key[0]), key[1])):
        yield name, deaths, found[name, deaths]


def means_by_rung(record: Record, rung: Mapping[date, str]) -> Iterator[tuple[object, ...]]:
    """On how many covered days of each rung drones were reported, and how many days it had."""
    all_days = Counter(rung.values())
    used = Counter(rung[day] for day, counts in record.items() if counts["drones"])
    for name in sorted(all_days, key=RUNGS.index):
        yield name, "drones", used[name], all_days[name]

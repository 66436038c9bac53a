"""Derive the South Caucasus case's small series (counts, spells) from the development data.

Run from the checkout's root: `python scripts/derive_south_caucasus.py ../shared`. Standard library only;
the same inputs always give the same bytes. Every rule used here is told in the case's SOURCES.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

CASE = Path(__file__).resolve().parent.parent / "src/fissures/cases/south-caucasus-2020"
AS_OF = date(2020, 7, 21)
COVERED_FROM = date(2015, 1, 3)
MISSING = frozenset(date(2016, 4, day) for day in range(1, 6))  # left out by the publisher: not zero
FIRST_WEEK, LAST_WEEK = date(2014, 12, 29), date(2020, 7, 20)
PANDEMIC_FROM = date(2020, 1, 1)
DAY = timedelta(days=1)
CLASH_DEATHS = 5
QUIET_AFTER = 14

RUNGS = ("quiet", "harassing_fire", "heavy_weapons", "clash", "limited_offensive", "war", "regional_war")
FRONTS = {"LOC": "loc", "TAV": "tavush", "NAX": "nakhchivan"}
CASUALTIES = {
    "Military Killed": "killed",
    "Civilians Killed": "killed",
    "Military Wounded": "wounded",
    "Civilians Wounded": "wounded",
}
WEAPONS = {"Heavy Weaponry": "heavy", "Special Operations": "special", "Drones": "drones"}
KILLED = ("killed", "most_killed_in_a_day", "killed_days")
WEEKLY = ("week", "days_covered", *KILLED, "wounded", "heavy", "special", "drones", "drone_days")
SPELLS = ("front", "start", "end", "rung", "killed_low", "killed_high", "means", "basis", "source")
COUNTED = ("date", "stream", "count")
STRINGENCY = ("AZE", "GEO", "IRN", "RUS", "TUR")

# Which rows of the dated timeline count for which stream: (start date of the row, words in its headline).
# All 262 rows were read; the rows that were weighed and left out are in SOURCES.md with the reason.
CODED: Mapping[str, Sequence[tuple[str, str]]] = {
    # a named measure that the two parties agreed on or carried out
    "tangible_steps": (
        ("2016-04-02", "before ceasefire"),  # ceasefire
        ("2016-05-16", "Vienna"),  # full ceasefire, monitors, investigation of violations
        ("2016-06-20", "Putin hosts"),  # St Petersburg: more observers
        ("2018-09-28", "communication channel"),  # Dushanbe: direct channel
        ("2019-01-16", "ready their people"),  # prepare populations
        ("2019-03-29", "Vienna"),  # ceasefire and direct channel strengthened
        ("2019-04-15", "trust-building"),  # access to detainees, visits of journalists
        ("2019-06-28", "swap prisoners"),
        ("2019-11-18", "reporters trade"),  # visits of journalists carried out
    ),
    # a head of state or government or foreign minister of a party rejects the mediation or the talks,
    # or calls them failed or pointless
    "disavowals": (
        ("2016-04-22", "talks have failed"),
        ("2017-02-20", "questions peace talks"),
    ),
    # Russian president, prime minister or foreign minister meets, calls or publicly urges the parties
    "russian_diplomacy": (
        ("2015-04-08", "urges compromise"),
        ("2015-05-25", "strengthening optimism"),
        ("2015-07-17", "room for progress"),
        ("2015-09-01", "common ground"),
        ("2015-09-03", "thanks Putin"),
        ("2015-11-09", "Lavrov visits"),
        ("2016-03-10", "Putin talks"),
        ("2016-04-05", "Putin"),
        ("2016-04-06", "Lavrov holds"),
        ("2016-04-07", "Medvedev"),
        ("2016-04-22", "Lavrov"),
        ("2016-06-20", "Putin hosts"),
        ("2016-07-04", "Lavrov"),
        ("2016-07-12", "Lavrov"),
        ("2016-08-08", "Russia urged"),
        ("2016-12-08", "Lavrov meets"),
        ("2017-01-24", "Lavrov"),
        ("2017-03-06", "Lavrov"),
        ("2017-03-15", "Putin"),
        ("2017-04-28", "2016 accords"),
        ("2017-07-21", "Putin hosts"),
        ("2017-09-23", "ahead of peace summit"),
        ("2017-11-20", "Lavrov visits"),
        ("2018-01-15", "Lavrov"),
        ("2018-04-26", "Lavrov"),
        ("2018-06-13", "Putin meets"),
        ("2019-04-15", "trust-building"),
        ("2019-11-10", "Lavrov"),
        ("2020-04-21", "Lavrov"),
    ),
    # United States at cabinet level or above, or its own co-chair acting alone
    "us_diplomacy": (
        ("2015-05-05", "U.S. Co-Chair"),
        ("2015-06-10", "U.S. Co-Chair"),
        ("2016-03-31", "U.S. officials"),
        ("2016-07-07", "NATO summit"),
        ("2017-03-24", "U.S. Co-Chair"),
        ("2017-07-09", "Tillerson"),
        ("2018-10-24", "Bolton"),
    ),
    # an act of the Turkish government for Azerbaijan, not a party's allegation of one
    "turkish_backing": (("2017-10-31", "open wound"),),
}
# Rows whose text dates the counted act itself: it stands on that day, not on the row's first day.
COUNTED_ON = {
    ("2016-04-02", "before ceasefire"): "2016-04-05",
    ("2017-09-23", "ahead of peace summit"): "2017-09-21",
}
# The article's own events of July 2020 (ids of its event list) by stream; windows count on their first day.
ARTICLE: Mapping[str, Sequence[str]] = {
    "disavowals": ("E042",),
    "protest_aze": ("E077",),
    "russian_diplomacy": ("E051", "E066"),
    "turkish_backing": ("E053", "E054", "E057", "E058"),
    "us_diplomacy": ("E089",),
}

Row = dict[str, str]
Record = Mapping[date, Counter[str]]


class SourceProblem(Exception):
    """The shared data are absent or are not what this script was written for."""


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + DAY * i for i in range((last - first).days + 1))


def read(path: Path) -> list[Row]:
    """All rows of a CSV file as dictionaries; SourceProblem if it is absent or has no rows."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SourceProblem(f"cannot read {path.as_posix()}: {error.strerror}") from error
    if not rows:
        raise SourceProblem(f"{path.as_posix()} has no rows")
    return rows


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as UTF-8 CSV with plain line feeds, so that every platform gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


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


def deaths_by_rung(record: Record, spells: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """How many covered days of each rung had how many deaths."""
    clashes = frozenset(
        day
        for row in spells
        if row["rung"] == "3"
        for day in days(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
    )
    # the missing days were an offensive, hence violent; an empty Counter is a day without reports
    violent = MISSING.union(day for day, counts in record.items() if counts)
    found = Counter((rung_of(day, record, violent, clashes), record[day]["killed"]) for day in record)
    for rung, deaths in sorted(found, key=lambda key: (RUNGS.index(key[0]), key[1])):
        yield rung, deaths, found[rung, deaths]


def spell_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The coded spells with the case's names of fronts and rungs, by start date and front."""
    out: list[tuple[object, ...]] = []
    source = ""
    for row in rows:
        source = source if row["source"] == "same" else row["source"].replace("seed ", "article ")
        front, rung = FRONTS[row["front"]], RUNGS[int(row["rung"])]
        rest = (row["killed_low"], row["killed_high"], row["means"], row["basis"], source)
        out.append((front, row["start"], row["end"], rung, *rest))
    return sorted(out, key=lambda spell: (str(spell[1]), str(spell[0])))


def timeline(rows: Iterable[Row]) -> list[tuple[int, str, str]]:
    """Row number (the header is 1), ISO start date and headline of each row that names a day."""
    return [
        (number, f"{int(row['Year'])}-{int(row['Month']):02d}-{float(row['Day']):02.0f}", row["Headline"])
        for number, row in enumerate(rows, start=2)
        if row["Day"]
    ]


def event_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The coded rows of the timeline as dated counts; each must match exactly one row."""
    dated = timeline(rows)
    out: list[tuple[object, ...]] = []
    for stream, keys in CODED.items():
        for start, words in keys:
            found = [number for number, day, headline in dated if day == start and words in headline]
            if len(found) != 1:
                raise SourceProblem(f"timeline: {len(found)} rows of {start} have {words!r} in the headline")
            out.append((COUNTED_ON.get((start, words), start), stream, 1, found[0]))
    return sorted(out, key=lambda event: (str(event[0]), str(event[1])))


def state_rows(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The article's own events of July 2020 as dated counts, with the paragraph they stand in."""
    by_id = {row["id"]: row for row in rows}
    found: Counter[tuple[str, str, str]] = Counter()
    for stream, ids in ARTICLE.items():
        for event in (by_id.get(name) for name in ids):
            if event is None or not "2020-07-01" <= event["date_start"] <= AS_OF.isoformat():
                raise SourceProblem(f"article events: one of {', '.join(ids)} is absent or not of July 2020")
            found[event["date_start"], stream, event["source_para"]] += 1
    return [(day, stream, found[day, stream, para], para) for day, stream, para in sorted(found)]


def pandemic(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Daily stringency of the containment measures (0 to 100) of each state, to the as-of date."""
    by_day = {row["date"]: row for row in rows}
    for day in days(PANDEMIC_FROM, AS_OF):
        row = by_day.get(day.isoformat(), {})
        values = [row.get(f"{state}_stringency", "") for state in STRINGENCY]
        if not all(values):
            raise SourceProblem(f"stringency: no value on {day} for one of {', '.join(STRINGENCY)}")
        yield day, *values


def flare_ups(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Country-months of 50 to 999 state-based deaths after twelve months each below 25, and the worst of the next six.

    Only months before July 2020 count. A month without a value (the state did not exist) is missing, not zero, and an
    origin needs all twelve months before it and all six after it.
    """
    deaths: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["deaths_sb"] and row["month"] < "2020-07":
            deaths.setdefault(row["country"], {})[row["month"]] = float(row["deaths_sb"])
    calendar = [f"{year}-{month:02d}" for year in range(1990, 2021) for month in range(1, 13)]
    for country in sorted(deaths):
        series = deaths[country]
        for at in range(12, len(calendar) - 6):
            before, after = calendar[at - 12 : at], calendar[at + 1 : at + 7]
            if not all(month in series for month in (*before, calendar[at], *after)):
                continue
            if 50 <= series[calendar[at]] < 1000 and all(series[month] < 25 for month in before):
                worst = [series[month] for month in after]
                yield country, calendar[at], f"{series[calendar[at]]:g}", f"{max(worst):g}"


def derive(shared: Path, out: Path) -> None:
    """Write all derived files of the case into `out`; SourceProblem if an input is not as expected."""
    crisis_group, reference = shared / "data/crisisgroup_nk", shared / "reference-case"
    record = daily_record(crisis_group)
    spells = read(reference / "rung_spells_before.csv")
    out.mkdir(parents=True, exist_ok=True)
    write(out / "weekly.csv", WEEKLY, weekly(record))
    write(out / "deaths_by_rung.csv", ("rung", "deaths", "days"), deaths_by_rung(record, spells))
    write(out / "spells.csv", SPELLS, spell_rows(spells))
    events = event_rows(read(crisis_group / "nk-timeline_to_2020-07-21.csv"))
    write(out / "events.csv", (*COUNTED, "source_row"), events)
    write(out / "state_events.csv", (*COUNTED, "para"), state_rows(read(reference / "seed_events.csv")))
    world = read(shared / "data/ged/country_month_sb_by_end_date_1990_2020.csv")
    write(out / "flare_ups.csv", ("country", "month", "deaths", "worst_of_next_six"), flare_ups(world))
    stringency = pandemic(read(shared / "data/covid/covid_south_caucasus_daily.csv"))
    write(out / "pandemic.csv", ("date", *(f"stringency_{s.lower()}" for s in STRINGENCY)), stringency)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: 0 written, 2 wrong usage, 4 shared data missing or changed."""
    parser = argparse.ArgumentParser(description="Derive the South Caucasus case's small series.")
    parser.add_argument("shared", type=Path, help="the shared folder beside the checkout, usually ../shared")
    parser.add_argument("--out", type=Path, default=CASE, help="where to write (default: the shipped case)")
    chosen = parser.parse_args(arguments)
    try:
        derive(chosen.shared, chosen.out)
    except (SourceProblem, KeyError, ValueError) as problem:
        print(f"{problem}\nthe shared data are absent or not as this script expects them", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

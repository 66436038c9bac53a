"""Derive the South Caucasus case's small series (counts, spells) and its map from the development data.

Run from the checkout's root, with the package installed: `python scripts/derive_south_caucasus.py ../shared`. The same
inputs always give the same bytes. Every rule used here is told in the case's SOURCES.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from derive import counted, dated, geography, record, series
from derive.tables import SourceProblem, read, write

CASE = Path(__file__).resolve().parent.parent / "src/fissures/cases/south-caucasus-2020"


def derive_fronts(shared: Path, out: Path) -> None:
    """Write what happened on the fronts: weeks, spells, deaths and means by rung."""
    daily = record.daily_record(shared / "data/crisisgroup_nk")
    spells = read(shared / "reference-case/rung_spells_before.csv")
    out.mkdir(parents=True, exist_ok=True)
    write(out / "weekly.csv", record.WEEKLY, record.weekly(daily))
    rungs = record.rungs(daily, spells)
    write(out / "deaths_by_rung.csv", ("rung", "deaths", "days"), record.deaths_by_rung(daily, rungs))
    write(out / "means_by_rung.csv", ("rung", "means", "days_used", "days"), record.means_by_rung(daily, rungs))
    write(out / "spells.csv", dated.SPELLS, dated.spell_rows(spells))


def derive_dated(shared: Path, out: Path) -> None:
    """Write the dated counts: the timeline's acts and the article's own events."""
    acts = dated.event_rows(read(shared / "data/crisisgroup_nk/nk-timeline_to_2020-07-21.csv"))
    write(out / "events.csv", (*dated.COUNTED, "source_row"), acts)
    own = dated.state_rows(read(shared / "reference-case/seed_events.csv"))
    write(out / "state_events.csv", (*dated.COUNTED, "para"), own)


def derive_series(shared: Path, out: Path) -> None:
    """Write the series from outside: flare-ups elsewhere, the pandemic, oil and the calendar."""
    world = read(shared / "data/ged/country_month_sb_by_end_date_1990_2020.csv")
    write(out / "flare_ups.csv", ("country", "month", "deaths", "worst_of_next_six"), series.flare_ups(world))
    covid = read(shared / "data/covid/covid_south_caucasus_daily.csv")
    write(out / "pandemic.csv", series.PANDEMIC, series.pandemic(covid))
    write(out / "oil.csv", ("date", "below_53"), series.oil(read(shared / "data/oil/brent-daily.csv")))
    write(out / "calendar.csv", ("date", "us_election", "season"), series.calendar())
    write(out / "monitoring.csv", ("date", "osce_monitoring"), series.monitoring())


def derive_counts(shared: Path, out: Path) -> None:
    """Write what the case counts from event data, through the package's own readers."""
    counted.count(shared, CASE, out)


def derive_map(shared: Path, out: Path) -> None:
    """Write the map: states, boundaries, and the line of contact."""
    geo = shared / "data/geo"
    countries, lines = geo / "ne_50m_admin_0_countries.json", geo / "ne_10m_admin_0_boundary_lines_disputed_areas.json"
    geography.write(out / "map.geojson", geography.features(countries, lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: 0 written, 2 wrong usage, 4 shared data missing or changed."""
    parser = argparse.ArgumentParser(description="Derive the South Caucasus case's small series.")
    parser.add_argument("shared", type=Path, help="the shared folder beside the checkout, usually ../shared")
    parser.add_argument("--out", type=Path, default=CASE, help="where to write (default: the shipped case)")
    chosen = parser.parse_args(arguments)
    try:
        for step in (derive_fronts, derive_dated, derive_series, derive_map, derive_counts):
            step(chosen.shared, chosen.out)
    except (SourceProblem, KeyError, ValueError) as problem:
        print(f"{problem}\nthe shared data are absent or not as this script expects them", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

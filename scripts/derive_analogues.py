"""Derive the table of flare-ups from which analogues are named, from the development data.

Run from the checkout's root, with the package installed: `python scripts/derive_analogues.py ../shared`. The same
inputs always give the same bytes. Every rule used here is told in `study/flare_ups.SOURCES.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
from derive import flare_ups as rules
from derive.dyads import Disputes, cow_codes, words_of
from derive.flare_ups import Conflict, Event
from derive.tables import SourceProblem, read, write

from fissures.terms import state

OUT = Path(__file__).resolve().parent.parent / "src/fissures/study/flare_ups.csv"
GOVERNMENT = "Government of "


def events(file: Path) -> tuple[list[Event], dict[str, tuple[str, str]]]:
    """State-based deaths by conflict, country and day to the cut-off, and the sides of each conflict."""
    if not file.is_file():
        raise SourceProblem(f"cannot read {file.as_posix()}")
    where = f"type_of_violence LIKE 'State%' AND date <= '{rules.CUTOFF}'"
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT conflict_name, country, date::DATE, sum(best_death)::INT FROM '{file}' WHERE {where}"
            " GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        sides = connection.execute(
            f"SELECT conflict_name, side_a, side_b, count(*) n FROM '{file}' WHERE {where}"
            " GROUP BY ALL ORDER BY conflict_name, n DESC, side_a, side_b"
        ).fetchall()
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, a, b, _ in sides:
        named[name].append((a, b))
    told = {name: (first_of(pairs, 0), first_of(pairs, 1)) for name, pairs in named.items()}
    return [Event(n, state(c) or c, day.toordinal(), deaths) for n, c, day, deaths in found], told


def first_of(pairs: Sequence[tuple[str, str]], at: int) -> str:
    """The side with most events, and how many others there were."""
    names = list(dict.fromkeys(pair[at] for pair in pairs))
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} other{'s' * (len(names) > 2)}"


def totals(file: Path) -> dict[tuple[str, str], float]:
    """State-based deaths by country (ISO code) and month, for whole months before the cut-off."""
    last, out = rules.CUTOFF.isoformat()[:7], Counter[tuple[str, str]]()
    for row in read(file):
        if row["deaths_sb"] and row["month"] < last:
            out[state(row["country"]) or row["country"], row["month"]] += float(row["deaths_sb"])  # type: ignore[assignment]
    return dict(out)


def conflicts(shared: Path) -> Iterator[Conflict]:
    """Every conflict with its deaths by day: those that GED places, and its part of what it does not."""
    placed, sides = events(shared / "data/ged/ged_world.parquet")
    months = totals(shared / "data/ged/country_month_sb_by_end_date_1990_2020.csv")
    killed = rules.completed(placed, months)
    for name in sorted(killed):
        dated: Counter[int] = Counter()
        where: dict[int, Counter[str]] = defaultdict(Counter)
        for event in placed:
            if event.conflict == name:
                dated[event.day] += event.deaths
                where[event.day][event.country] += event.deaths
        yield Conflict(name, sides[name], killed[name], dict(dated), where)


def dressed(row: dict[str, object], known: Disputes) -> dict[str, object]:
    """A row with the kind of its dyad, what is at stake, and what the dispute data say of two states."""
    name, start = str(row["conflict"]), datetime.combine(date.fromisoformat(str(row["start"])), datetime.min.time())
    sides = [states_of(side) for side in str(row["sides"]).split(" | ")]
    between = all(sides)
    pairs = [frozenset((a, b)) for x in sides[0] for y in sides[1] for a in cow_codes(x) for b in cow_codes(y)]
    words = words_of(f"{row['sides']}" if between else name.partition(":")[2])
    kind = known.kind(name, between, start.year)
    at_stake = "no" if name.replace(" ", "").endswith(":Government") else "yes"
    return {
        **row,
        "states": " | ".join([*sides[0], *(sides[1] if between else [])]),
        "kind": kind,
        "territory": known.territory(pairs, start.year) if between else at_stake,
        "patron": "" if between else known.patron(name, start.year),
        "rivals": ("no", "yes")[known.rivals(pairs, start.year)] if between else "",
        "contiguous": ("no", "yes")[known.contiguous(pairs, start.year)] if between else "",
        "crisis": known.crisis(start, words) if kind != "internal" else "",
    }


def states_of(side: str) -> list[str]:
    """The ISO codes of the governments that a side is made of, in order; none for an organisation."""
    parts = side.removeprefix(GOVERNMENT).replace(GOVERNMENT, "").split(", ") if side.startswith(GOVERNMENT) else []
    return sorted({code for part in parts if (code := state(part.split(" and ")[0] if " other" in part else part))})


def table(shared: Path) -> list[dict[str, object]]:
    """Every flare-up, by start, then by conflict."""
    known = Disputes(shared / "data/disputes")
    found = [dressed(row, known) for conflict in conflicts(shared) for row in rules.rows_of(conflict)]
    return sorted(found, key=lambda row: (str(row["start"]), str(row["conflict"])))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: 0 written, 2 wrong usage, 4 shared data missing or changed."""
    parser = argparse.ArgumentParser(description="Derive the table of flare-ups.")
    parser.add_argument("shared", type=Path, help="the shared folder beside the checkout, usually ../shared")
    parser.add_argument("--out", type=Path, default=OUT, help="where to write (default: the shipped table)")
    chosen = parser.parse_args(arguments)
    try:
        found = table(chosen.shared)
    except (SourceProblem, KeyError, ValueError) as problem:
        print(f"{problem}\nthe shared data are absent or not as this script expects them", file=sys.stderr)
        return 4
    write(chosen.out, rules.COLUMNS, ([row[name] for name in rules.COLUMNS] for row in found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

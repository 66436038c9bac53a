"""Which rows of the store a case may use: its datasets side by side, nothing after the as-of date, each event once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import UsageError
from fissures.events.database import rows, value
from fissures.events.store import Holding, held
from fissures.events.table import COLUMNS, literal, quoted

if TYPE_CHECKING:
    from fissures.events.database import Connection

DATES = ("start", "end", "spread")
DUPLICATES = ("none", "one_a_day", "same_place")
SAME_PLACE = 0.25  # degrees: about 28 km of latitude, the distance within which UCDP calls a place known
_UNREAD = ("article", "place", "reports")  # no count asks for them, and texts take most of the time to read

# Rows with equal keys are one event: the filter of the literature (one a day for a source, a target and a kind of act),
# and the same kind of act at one place on one day, whoever of the two is called the actor.
_KEYS = {
    "one_a_day": (
        "start_date",
        "end_date",
        "lower(actor)",
        "lower(recipient)",
        "coalesce(category, code)",
        "CASE WHEN actor IS NULL OR recipient IS NULL THEN row_id END",  # who is not named is nobody's like
    ),
    "same_place": (
        "start_date",
        "end_date",
        "list_sort([coalesce(actor_state, lower(actor), ''), coalesce(recipient_state, lower(recipient), '')])",
        "coalesce(category, code)",
        f"round(lat / {SAME_PLACE})",
        f"round(lon / {SAME_PLACE})",
        "CASE WHEN lat IS NULL THEN row_id END",  # without a place nothing is the same place
    ),
}


@dataclass(frozen=True)
class Selected:
    """What was selected: rows at hand, rows after the as-of date, rows published after it, and rows that are one
    event with another row (within one dataset, and across datasets). The rows are in the table `selected`.
    """

    names: tuple[str, ...]
    rows: int
    later: int
    published_later: int
    same_within: int
    same_across: int


def named(store: Path, names: Sequence[str], duplicates: str) -> tuple[Holding, ...]:
    """The holdings of several datasets; two datasets may only stand together under a rule for duplicates."""
    if len(names) > 1 and duplicates == "none":
        raise UsageError(
            f"{' and '.join(names)} together, and no rule for duplicates",
            where="counted_from",
            why="what both report would count twice",
            remedy="write duplicates: one_a_day (or same_place), or count from one of them",
        )
    found = {h.folder: h for name in names for h in held(store, name)}
    versions: dict[str, set[str]] = {}
    for holding in found.values():
        versions.setdefault(holding.dataset, set()).add(holding.version)
    if mixed := next((dataset for dataset, told in versions.items() if len(told) > 1), None):
        raise UsageError(
            f"two versions of {mixed} together: {', '.join(sorted(versions[mixed]))}",
            where="counted_from",
            why="versions are revisions of the same events; an event that was revised would count twice",
            remedy="name one of them",
        )
    return tuple(found.values())


def union(holdings: Iterable[Holding]) -> str:
    """The rows that count of several holdings, with `origin` (dataset@version) and `rank`, the order of datasets."""
    columns = ", ".join(quoted(name) for name in COLUMNS)
    by_name: dict[str, list[Path]] = {}
    for holding in holdings:
        by_name.setdefault(holding.name, []).append(holding.events)
    parts = []
    for rank, (name, files) in enumerate(by_name.items()):
        listed = ", ".join(literal(str(path)) for path in files)
        parts.append(
            f"SELECT {columns}, {literal(name)} AS origin, {rank} AS rank "
            f"FROM read_parquet([{listed}]) WHERE reason IS NULL"
        )
    return " UNION ALL ".join(parts)


def select(
    connection: Connection,
    holdings: Sequence[Holding],
    where: str,
    as_of: date,
    duplicates: str = "none",
    roughly: str = "true",
) -> Selected:
    """Put the rows that satisfy `where` into the table `selected`, each event once and none after the as-of date.

    `roughly` holds wherever `where` does and is quick to judge: few rows are then left for the long condition.
    """
    source = f"(SELECT * EXCLUDE ({', '.join(_UNREAD)}) FROM ({union(holdings)}))"
    if roughly != "true":
        # A statement of its own: in one the database would judge the long condition on rows that it need not.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE near AS SELECT * FROM {source} WHERE {roughly}")
        source = "near"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE selected AS SELECT * FROM {source} WHERE {where}")
    connection.execute("DROP TABLE IF EXISTS near")
    # A row that ends after the as-of date could not be written before it.
    later = value(connection, f"SELECT count(*) FROM selected WHERE end_date > DATE '{as_of}'")
    connection.execute(f"DELETE FROM selected WHERE end_date > DATE '{as_of}'")
    late = {h.name for h in holdings if h.published and h.published > as_of}
    listed = ", ".join(map(literal, late)) or "''"
    published = f"SELECT count(*) FROM selected WHERE published > DATE '{as_of}' OR origin IN ({listed})"
    published_later = value(connection, published)
    within, across = _once(connection, duplicates)
    left = value(connection, "SELECT count(*) FROM selected")
    return Selected(tuple(dict.fromkeys(h.name for h in holdings)), left, later, published_later, within, across)


def only(codes: Sequence[str], dyads: Sequence[str]) -> str:
    """Whether a row has one of these codes and one of these names of the conflict, as SQL; no list wants all."""
    told = [
        f"{column} IN ({', '.join(map(literal, wanted))})"
        for column, wanted in (("code", codes), ("dyad", dyads))
        if wanted
    ]
    return " AND ".join(told) or "true"


def _once(connection: Connection, rule: str) -> tuple[int, int]:
    """Keep one row of each event, from the dataset named first; how many went within a dataset, and across.

    At one place on one day a dataset may tell of several events, which it keeps apart itself: there only rows of other
    datasets go.
    """
    if rule == "none":
        return 0, 0
    again = "turn > 1" if rule == "one_a_day" else "rank <> kept_rank"
    key = ", ".join(_KEYS[rule])
    order = "rank, deaths_best DESC NULLS LAST, row_id"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ordered AS SELECT *,
            row_number() OVER event AS turn, first_value(rank) OVER event AS kept_rank FROM selected
        WINDOW event AS (PARTITION BY {key} ORDER BY {order})"""
    )
    counted = "SELECT count(*) FILTER (rank = kept_rank), count(*) FILTER (rank <> kept_rank) FROM ordered WHERE"
    within, across = rows(connection, f"{counted} {again}")[0]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE selected AS SELECT * EXCLUDE (turn, kept_rank) FROM ordered WHERE NOT ({again})"
    )
    return int(within), int(across)


def by_day(rule: str) -> str:
    """Rows of `selected` with the `day` on which they count and their `share` there; shares of a row add up to 1.

    `spread` lays a row evenly over its days; `start` and `end` put it wholly on its first or last one. The trap: most
    of the dead of a war may stand in rows that cross the end of a month.
    """
    if rule == "spread":
        days = "unnest(generate_series(start_date, end_date, INTERVAL 1 DAY))::DATE"
        return f"(SELECT *, {days} AS day, CAST(1 AS DOUBLE) / (end_date - start_date + 1) AS share FROM selected)"
    day = "start_date" if rule == "start" else "end_date"
    return f"(SELECT *, {day} AS day, CAST(1 AS DOUBLE) AS share FROM selected)"

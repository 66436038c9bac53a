"""What a dataset of the store holds: rows by category and year, its dead, and what was set apart, with examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from fissures.events import database
from fissures.events.database import rows
from fissures.events.reading import UNSPLIT
from fissures.events.selection import union
from fissures.events.store import Holding
from fissures.events.table import literal

if TYPE_CHECKING:
    from fissures.events.database import Connection

EXAMPLES = 2  # lines shown for each reason


@dataclass(frozen=True)
class Described:
    """A dataset as the store holds it.

    `by_category` counts rows by PLOVER category ("" where there is none), `by_year` by year of the first day, `deaths`
    are sums of low, best and high; `unmapped` are shares of rows that lack something; `apart` gives for each reason how
    many rows were set apart and a few of them.
    """

    holdings: tuple[Holding, ...]
    rows: int
    first: date | None
    last: date | None
    by_category: dict[str, int]
    by_year: dict[int, int]
    deaths: tuple[int, int, int]
    unmapped: dict[str, float]
    apart: dict[str, tuple[int, tuple[str, ...]]]


def describe(holdings: Sequence[Holding]) -> Described:
    """Describe the holdings of one dataset and version."""
    with TemporaryDirectory(prefix="fissures-") as scratch, database.connected(Path(scratch)) as connection:
        connection.execute(f"CREATE TEMP VIEW held AS {union(holdings)}")
        return Described(
            holdings=tuple(holdings),
            rows=sum(h.rows for h in holdings),
            first=min((h.first for h in holdings if h.first), default=None),
            last=max((h.last for h in holdings if h.last), default=None),
            by_category=dict(
                rows(connection, "SELECT coalesce(category, ''), count(*) FROM held GROUP BY 1 ORDER BY 2 DESC, 1")
            ),
            by_year=dict(rows(connection, "SELECT year(start_date), count(*) FROM held GROUP BY 1 ORDER BY 1")),
            deaths=_deaths(connection),
            unmapped=_unmapped(connection),
            apart=_apart(connection, holdings),
        )


def _deaths(connection: Connection) -> tuple[int, int, int]:
    sums = ", ".join(f"coalesce(sum(coalesce(deaths_{name}, deaths_best)), 0)" for name in ("low", "best", "high"))
    low, best, high = rows(connection, f"SELECT {sums} FROM held")[0]
    return int(low), int(best), int(high)


def _unmapped(connection: Connection) -> dict[str, float]:
    """Shares of rows without something that a case may ask for."""
    lacks = {
        "no PLOVER category": "category IS NULL",
        "no state of the actor": "actor_state IS NULL",
        "no state of the recipient": "recipient_state IS NULL",
        "no coordinates": "lat IS NULL",
    }
    shares = ", ".join(f"coalesce(avg(CASE WHEN {sql} THEN 1.0 ELSE 0.0 END), 0.0)" for sql in lacks.values())
    return dict(zip(lacks, map(float, rows(connection, f"SELECT {shares} FROM held")[0]), strict=True))


def _apart(connection: Connection, holdings: Sequence[Holding]) -> dict[str, tuple[int, tuple[str, ...]]]:
    parts = []
    for holding in holdings:
        typed, unsplit = (literal(str(holding.folder / name)) for name in (holding.events.name, UNSPLIT))
        parts.append(f"SELECT reason, coalesce(row_id, '') || '  ' || coalesce(line, '') AS shown FROM {typed}")
        parts.append(f"SELECT reason, 'line ' || line_number || '  ' || line FROM {unsplit}")
    found = rows(
        connection,
        f"""SELECT reason, count(*), list(left(shown, 160) ORDER BY shown)[1:{EXAMPLES}]
        FROM ({" UNION ALL ".join(parts)}) WHERE reason IS NOT NULL GROUP BY reason ORDER BY 2 DESC, 1""",
    )
    return {reason: (count, tuple(shown)) for reason, count, shown in found}

"""An embedded database for one piece of work: in memory, spilling to its own folder, with the vocabulary loaded."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures import terms
from fissures.events.table import literal

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

Progress = Callable[[str], None]

MEMORY = "1GB"  # beyond it the database spills into its folder
SECONDS_BETWEEN_REPORTS = 2.0

_log = logging.getLogger(__name__)


@contextmanager
def connected(scratch: Path) -> Iterator[Connection]:
    """A database that lives as long as the block, and spills into `scratch`."""
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute(
            f"SET threads = {max(1, len(os.sched_getaffinity(0)) if _affinity() else os.cpu_count() or 1)}"
        )
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {literal(str(scratch))}")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        # Original on the left, vocabulary on the right: the database must not hold the original in memory to join it.
        connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        yield connection
    finally:
        connection.close()


def _affinity() -> bool:
    return hasattr(os, "sched_getaffinity")


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return connection.execute(sql).fetchall()


def value(connection: Connection, sql: str) -> Any:
    """The one value of a query."""
    return rows(connection, sql)[0][0]


def patiently(connection: Connection, sql: str, told: str, progress: Progress | None) -> None:
    """Run a long statement, telling now and then how far it is; an interrupt from the keyboard ends it."""
    if progress is None:
        connection.execute(sql)
        return
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(connection.execute, sql)
        try:
            while True:
                try:
                    running.result(timeout=SECONDS_BETWEEN_REPORTS)
                    return
                except NotYet:
                    done = connection.query_progress()
                    progress(told if done < 0 else f"{told}: {done:.0f} %")
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def could_not_write(error: Exception) -> bool:
    """Whether an error of the database is about room and not about what it read: a full disk, or memory."""
    import duckdb

    written = re.search(r"writ|creat|temp|No space", str(error)) is not None
    return isinstance(error, duckdb.OutOfMemoryException) or (isinstance(error, duckdb.IOException) and written)


def with_vocabulary(connection: Connection) -> None:
    """Load the vocabulary that readers join against: `cameo`, `plover_modes`, `acled`, `ucdp_*`, `state_names`, ...."""
    for table, file in _TABLES.items():
        connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {_file(file)}")
    _with_states(connection)
    sides = ", ".join(f"CAST({side} AS DOUBLE) AS {side}" for side in ("south", "north", "west", "east"))
    connection.execute(f"CREATE TEMP TABLE boxes AS SELECT iso3, {sides} FROM {_file('boxes.csv')}")
    connection.execute(
        """CREATE TEMP TABLE sector_roles AS
        SELECT DISTINCT lower(trim(sector)) AS sector, role FROM (
            SELECT role, unnest(string_split(coalesce(icews_sectors, ''), '|')) AS sector FROM roles
            UNION ALL SELECT role, unnest(string_split(coalesce(polecat_sectors, ''), '|')) FROM roles)
        WHERE trim(sector) <> ''"""
    )
    connection.execute("CREATE TEMP TABLE role_of AS SELECT map(list(sector), list(role)) AS role FROM sector_roles")


_TABLES = {
    "cameo": "cameo.csv",
    "plover_modes": "plover_modes.csv",
    "acled": "acled.csv",
    "roles": "roles.csv",
    "icews_agents": "icews_agents.csv",
    "fips": "fips.csv",
    "ucdp_violence": "ucdp.csv",
    "ucdp_date_precision": "ucdp_date_precision.csv",
    "ucdp_place_precision": "ucdp_place_precision.csv",
}


def _file(name: str) -> str:
    """A table of the vocabulary, as SQL."""
    return f"read_csv({literal(str(terms.path(name)))}, header = true, all_varchar = true)"


def _with_states(connection: Connection) -> None:
    """`state_names`: every name, code and Gleditsch-Ward number, in lower case, with the state it means today or last.

    Where it meant other states before, `earlier` lists them with their last days, and `state_on(earlier, iso3, day)` is
    the state that it meant on a day, so that a dissolved state keeps its own.
    """
    connection.execute(
        f"""CREATE TEMP TABLE state_names AS
        SELECT name, arg_max(iso3, until) AS iso3,
            CASE WHEN count(DISTINCT iso3) > 1 THEN list({{'iso3': iso3, 'until': until}} ORDER BY until) END AS earlier
        FROM (
            SELECT lower(trim(unnest(list_concat([name, iso3, gw], string_split(coalesce(names, ''), '|'))))) AS name,
                iso3, coalesce(CAST("to" AS DATE), DATE '9999-12-31') AS until FROM {_file("states.csv")})
        WHERE name <> '' GROUP BY name"""
    )
    connection.execute(
        """CREATE TEMP MACRO state_on(earlier, latest, at_day) AS CASE
        WHEN earlier IS NULL OR at_day IS NULL THEN latest
        ELSE coalesce(list_filter(earlier, lambda one: at_day <= one.until)[1].iso3, latest) END"""
    )

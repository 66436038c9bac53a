"""From an original to rows of the event table: typed, checked, and what fails a check marked with its reason.

Every line of an original ends in exactly one place: a row of `events.parquet`, where `reason` is NULL for what counts
and says why for what does not, or a row of `unsplit.parquet`, for lines that do not split into columns. Nothing is
dropped, and a reader that meets nonsense counts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import DataError
from fissures.events.database import Progress, could_not_write, patiently, rows, value
from fissures.events.formats.format import Checks, Format, Native
from fissures.events.originals import Opened, in_plain_lines, refused
from fissures.events.table import COLUMNS, cast, literal, quoted

if TYPE_CHECKING:
    from fissures.events.database import Connection

EVENTS, UNSPLIT = "events.parquet", "unsplit.parquet"
EARLIEST = "1800-01-01"
DUPLICATED = "duplicated id"
HELD = "id already held from another file"
MARGIN = 1.0  # degrees by which a place may lie outside its country's box: coasts, rivers, a border village
_PEOPLE = ("best", "low", "high", "deaths", "fatalities")  # how columns begin that count people
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"

# What the database says of a line that does not split into columns, and what we call it.
_UNSPLIT = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "unclosed quotation mark",
    "LINE SIZE OVER MAXIMUM": "line too long",
    "INVALID ENCODING": "letters in another encoding",
    "INVALID STATE": "quotation marks that make no sense",
}


@dataclass(frozen=True)
class Reading:
    """What came of reading one original: rows kept, rows set apart by reason, first and last day of the kept."""

    rows: int
    quarantined: dict[str, int]
    first: date | None
    last: date | None


def read(
    connection: Connection,
    opened: Opened,
    form: Format,
    folder: Path,
    today: date,
    held: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> Reading:
    """Read an original into `folder` as `events.parquet` and `unsplit.parquet`, on a connection with the vocabulary.

    `held` are event files of the same version: a row whose id is in one of them does not count again. Raises DataError
    where the file cannot be split into rows, or where not a single row can be used.
    """
    import duckdb

    try:
        _type(connection, opened, form, folder, today, progress)
    except duckdb.Error as error:
        if could_not_write(error):
            raise
        if not opened.text:
            raise _no_table(opened, error) from error
        try:
            _type(connection, in_plain_lines(opened, folder), form, folder, today, progress)
        except duckdb.InvalidInputException as again:
            raise _no_table(opened, again) from again
    _keep_unsplit(connection, folder)
    try:
        _mark_duplicates(connection, folder, held)
    except duckdb.InvalidInputException as error:
        raise _spoilt(held, error) from error
    return _counted(connection, opened, form, folder)


def names_of(opened: Opened, form: Format) -> tuple[str, ...]:
    """Names of the file's columns, each different from all others.

    A header that names more columns than the rows have is not believed where the rows are as wide as the format's own.
    """
    excessive = len(opened.header) > len(form.names) and {len(row) for row in opened.first_rows} == {len(form.names)}
    given = opened.header if opened.has_header and not excessive else form.names[: len(opened.header)]
    out: list[str] = []
    for k, name in enumerate(given):
        known = {other.lower() for other in out}
        out.append(name if name and name.lower() not in known else f"{name or 'column'}_{k + 1}")
    return tuple(out)


def _type(
    connection: Connection, opened: Opened, form: Format, folder: Path, today: date, progress: Progress | None
) -> None:
    """One pass over the original: native columns to those of the event table, and a reason where a check fails."""
    native = Native(names_of(opened, form), form.missing)
    delimiter, quote = (opened.delimiter, '"') if form.delimiter == "any" else (form.delimiter, form.quote)
    made = form.columns(native)
    columns = ", ".join(cast(name, made.get(name, "NULL")) for name in COLUMNS)
    raw = ", ".join(f"{quoted(name)} := r.{quoted(name)}" for name in native.header)
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    sql = f"""COPY (
        SELECT * EXCLUDE (raw), CASE WHEN reason IS NOT NULL THEN CAST(to_json(raw) AS VARCHAR) END AS line
        FROM (
            SELECT typed.* EXCLUDE (doubt), coalesce(doubt, {_case(_of_rows(today))}) AS reason
            FROM (
                SELECT {columns}, {_case(_of_text(form, native))} AS doubt, struct_pack({raw}) AS raw
                FROM {opened.sql(native.header, delimiter, quote)} r {form.joins(native)}
            ) typed LEFT JOIN boxes ON boxes.iso3 = typed.country
        )
    ) TO {literal(str(folder / EVENTS))} {_PARQUET}"""
    patiently(connection, sql, f"reading {opened.name}", progress)


def _case(checks: Checks) -> str:
    """The reason of the first check that holds, as SQL; NULL where none does."""
    told = " ".join(f"WHEN {holds} THEN {literal(reason)}" for reason, holds in checks)
    return f"CASE {told} END" if told else "NULL"


def _of_text(form: Format, native: Native) -> Checks:
    """Checks on the native columns: what cannot be read as what it should be."""
    nul = " OR ".join(f"contains(r.{quoted(name)}, chr(0))" for name in native.header)
    out = [("NUL byte", nul)]
    for names in form.numbers:
        spelled = names.split("|")
        if native.has(*spelled):
            number = native.number(*spelled)
            readable = f"coalesce(isfinite({number}) AND abs({number}) < 1e9, false)"
            if spelled[0].startswith(_PEOPLE):  # nobody is killed in part, and nothing is rounded for the analyst
                readable = f"({readable} AND {number} = floor({number}))"
            out.append(("unreadable number", f"{native.text(*spelled)} IS NOT NULL AND NOT {readable}"))
    return (*out, *form.checks(native))


def _of_rows(today: date) -> Checks:
    """Checks on the columns of the event table: what cannot be so."""
    dead = [name for name in COLUMNS if name.startswith("deaths_")]
    inside = f"lat BETWEEN south - {MARGIN} AND north + {MARGIN} AND lon BETWEEN west - {MARGIN} AND east + {MARGIN}"
    turned = f"lon BETWEEN south - {MARGIN} AND north + {MARGIN} AND lat BETWEEN west - {MARGIN} AND east + {MARGIN}"
    return (
        ("no id", "row_id IS NULL"),
        ("impossible date", f"start_date IS NULL OR end_date IS NULL OR start_date < DATE '{EARLIEST}'"),
        ("date in the future", f"start_date > DATE '{today}'"),
        ("dates out of order", "end_date < start_date"),
        ("negative deaths", f"least({', '.join(dead)}) < 0"),
        ("swapped coordinates", f"(abs(lat) > 90 AND abs(lon) <= 90) OR (NOT ({inside}) AND ({turned}))"),
        ("impossible coordinates", "abs(lat) > 90 OR abs(lon) > 180 OR (lat IS NULL) <> (lon IS NULL)"),
    )


def _keep_unsplit(connection: Connection, folder: Path) -> None:
    """Write the lines that do not split into columns, each once, with its number and its reason."""
    known = rows(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'")
    names = " ".join(f"WHEN {literal(theirs)} THEN {literal(ours)}" for theirs, ours in _UNSPLIT.items())
    source = f"""SELECT line AS line_number, min(CASE error_type {names} ELSE lower(error_type) END) AS reason,
        any_value(ltrim(csv_line, chr(10) || chr(13))) AS line FROM reject_errors GROUP BY line"""
    none = "SELECT 0 AS line_number, '' AS reason, '' AS line WHERE false"
    connection.execute(f"COPY ({source if known else none}) TO {literal(str(folder / UNSPLIT))} {_PARQUET}")


def _mark_duplicates(connection: Connection, folder: Path, held: tuple[Path, ...]) -> None:
    """Let a row whose id occurs before not count again; of rows with one id the one published last counts."""
    file = literal(str(folder / EVENTS))
    twice = f"SELECT row_id FROM {file} WHERE reason IS NULL GROUP BY row_id HAVING count(*) > 1"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE repeated AS {twice}")
    connection.execute("CREATE OR REPLACE TEMP TABLE known (row_id VARCHAR)")
    if held:
        # The store may be large: its ids run past those of this file, which are the ones kept in memory.
        listed = ", ".join(literal(str(path)) for path in held)
        connection.execute(
            f"""INSERT INTO known SELECT DISTINCT row_id FROM read_parquet([{listed}]) WHERE reason IS NULL
            AND row_id IN (SELECT row_id FROM {file} WHERE reason IS NULL)"""
        )
    if not value(connection, "SELECT (SELECT count(*) FROM repeated) + (SELECT count(*) FROM known)"):
        return
    order = f"published DESC NULLS LAST, {', '.join(quoted(name) for name in COLUMNS if name != 'published')}"
    marked = folder / "marked.parquet"
    again = f"WHEN row_id IN (FROM known) THEN {literal(HELD)} WHEN turn > 1 THEN {literal(DUPLICATED)}"
    connection.execute(
        f"""COPY (
            SELECT * EXCLUDE (reason, line, turn),
                CASE WHEN reason IS NOT NULL THEN reason {again} END AS reason, line
            FROM (
                SELECT *, 1 AS turn FROM {file} WHERE reason IS NOT NULL OR row_id NOT IN (FROM repeated)
                UNION ALL BY NAME
                SELECT *, row_number() OVER (PARTITION BY row_id ORDER BY {order}) AS turn
                FROM {file} WHERE reason IS NULL AND row_id IN (FROM repeated))
        ) TO {literal(str(marked))} {_PARQUET}"""
    )
    marked.replace(folder / EVENTS)


def _counted(connection: Connection, opened: Opened, form: Format, folder: Path) -> Reading:
    events, unsplit = (literal(str(folder / name)) for name in (EVENTS, UNSPLIT))
    apart = f"""SELECT reason, count(*) FROM (
        SELECT reason FROM {events} WHERE reason IS NOT NULL UNION ALL SELECT reason FROM {unsplit}
    ) GROUP BY reason ORDER BY count(*) DESC, reason"""
    quarantined = dict(rows(connection, apart))
    kept, first, last = rows(
        connection, f"SELECT count(*), min(start_date), max(end_date) FROM {events} WHERE reason IS NULL"
    )[0]
    if not kept and quarantined.get(HELD, 0) == 0:
        told = ", ".join(f"{reason}: {n:,}" for reason, n in list(quarantined.items())[:4]) or "it has no rows"
        message = f"holds no row that can be used as {form.title} ({told})"
        raise refused(opened.name, message, "nothing would be added", "see that the file is whole and of this format")
    return Reading(kept, quarantined, first, last)


def _no_table(opened: Opened, error: Exception) -> DataError:
    told = (str(error) or "no reason given").splitlines()[0].removeprefix("Invalid Input Error: ")
    return refused(
        opened.name, f"cannot be split into rows ({told[:160]})", "nothing of it would be sure", "download it again"
    )


def _spoilt(held: tuple[Path, ...], error: Exception) -> DataError:
    """The refusal to add to rows that cannot be read any more."""
    spoilt = next((path for path in held if str(path) in str(error)), None)
    return DataError(
        "rows that were added before cannot be read any more",
        where=str(spoilt or "store"),
        why="whether this file repeats them is not known",
        remedy="delete that folder and add its file again",
    )

"""The event table: one row says who did what to whom, where and when, and where the row came from.

Every format of the world is read into these columns. What a source does not say stays NULL: missing is not zero.
"""

from __future__ import annotations

from typing import NamedTuple

PRECISIONS = ("day", "days", "week", "month", "year")
PLACE_PRECISIONS = ("point", "near", "district", "province", "region", "country", "international")


class Column(NamedTuple):
    """One column of the event table: its SQL type and what it holds."""

    type: str
    holds: str


COLUMNS: dict[str, Column] = {
    "row_id": Column("VARCHAR", "the source's own id of the row, unique within a version of a dataset"),
    "start_date": Column("DATE", "first day on which it can have happened"),
    "end_date": Column("DATE", "last day on which it can have happened; equal to start_date where the day is known"),
    "date_precision": Column("VARCHAR", f"how finely the day is known: {', '.join(PRECISIONS)}"),
    "published": Column("DATE", "day on which the source put the row out, where it says so"),
    "actor": Column("VARCHAR", "who acted, in the source's words"),
    "actor_state": Column("VARCHAR", "ISO 3166 alpha-3 code of the state that the actor belongs to"),
    "actor_roles": Column(
        "VARCHAR[]", "CAMEO role codes of the actor: GOV, MIL, OPP and so on; NULL: the state itself, []: not known"
    ),
    "recipient": Column("VARCHAR", "to whom, in the source's words"),
    "recipient_state": Column("VARCHAR", "ISO 3166 alpha-3 code of the recipient's state"),
    "recipient_roles": Column("VARCHAR[]", "CAMEO role codes of the recipient"),
    "category": Column("VARCHAR", "PLOVER category; NULL for a statement that PLOVER does not count"),
    "code": Column("VARCHAR", "the source's own code, verbatim"),
    "mode": Column("VARCHAR", "PLOVER mode: how it was done"),
    "context": Column("VARCHAR", "PLOVER context: what it was about"),
    "intensity": Column("DOUBLE", "cooperation (+10) to conflict (-10), as the source's vocabulary gives it"),
    "place": Column("VARCHAR", "name of the place"),
    "country": Column("VARCHAR", "ISO 3166 alpha-3 code of the country where it happened"),
    "lat": Column("DOUBLE", "latitude in degrees north"),
    "lon": Column("DOUBLE", "longitude in degrees east"),
    "place_precision": Column("VARCHAR", f"how finely the place is known: {', '.join(PLACE_PRECISIONS)}"),
    "deaths_low": Column("INTEGER", "lowest credible number of dead"),
    "deaths_best": Column("INTEGER", "best estimate of the dead"),
    "deaths_high": Column("INTEGER", "highest credible number of dead"),
    "deaths_actor": Column("INTEGER", "dead on the actor's side"),
    "deaths_recipient": Column("INTEGER", "dead on the recipient's side"),
    "deaths_civilians": Column("INTEGER", "civilian dead"),
    "dyad": Column("VARCHAR", "the source's own name of the conflict or pair of parties"),
    "article": Column("VARCHAR", "the report that the row was coded from, as the source cites it"),
    "reports": Column("INTEGER", "number of reports behind the row"),
}


def quoted(name: str) -> str:
    """A column or table name as SQL text.

    >>> quoted('side "a"')
    '"side ""a\"""'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL text.

    >>> literal("Côte d'Ivoire")
    "'Côte d''Ivoire'"
    """
    return "'" + text.replace("'", "''") + "'"


def cast(column: str, expression: str) -> str:
    """An expression cast to the column's type: unreadable text becomes NULL, and a check elsewhere says so."""
    return f"TRY_CAST({expression} AS {COLUMNS[column].type}) AS {quoted(column)}"

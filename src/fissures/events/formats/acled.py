"""ACLED exports, in the event types since 2019; older ones have `data_id` and `iso3` and numbers for kinds of actors.

What ACLED does not say stays empty here:

- Deaths are one number a row, the most conservative one that is reported. It is the best estimate; there is no lowest
  and no highest, and 0 means that no death was reported.
- Actor 1 and actor 2 are no attacker and no target: ACLED says expressly that their order has no meaning.
- A week is coded as its middle day and a month as its middle, first or last day (codebook, section on time precision).
  So precision 2 is read as three days to either side of the date, and precision 3 as the calendar month around it.
- `timestamp` is the day of the row's last revision, not of its first appearance: the latter is unknown.

Raleigh, Linke, Hegre and Karlsen (2010), Journal of Peace Research 47(5).
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats.format import Checks, Format, Native
from fissures.events.table import literal

DATES = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y", "%d/%m/%Y", "%d-%m-%Y")
_LAST_SECOND = 4_102_444_800  # 2100-01-01: a later timestamp is no number of seconds


def _columns(native: Native) -> Mapping[str, str]:
    day, precision = _day(native), _precision(native)
    seconds = native.number("timestamp")
    revised = f"make_timestamp(CAST({seconds} AS BIGINT) * 1000000)"
    first, last = f"date_trunc('month', {day})", f"last_day({day})"
    places = "WHEN '1' THEN 'point' WHEN '2' THEN 'district' WHEN '3' THEN 'province'"
    return {
        "row_id": native.text("event_id_cnty", "data_id"),
        "start_date": f"CASE {precision} WHEN '2' THEN {day} - 3 WHEN '3' THEN {first} ELSE {day} END",
        "end_date": f"CASE {precision} WHEN '2' THEN {day} + 3 WHEN '3' THEN {last} ELSE {day} END",
        "date_precision": f"CASE {precision} WHEN '1' THEN 'day' WHEN '2' THEN 'week' WHEN '3' THEN 'month' END",
        "published": f"CASE WHEN {seconds} BETWEEN 0 AND {_LAST_SECOND} THEN {revised} END",
        "actor": native.text("actor1"),
        "actor_state": "state1.iso3",
        "actor_roles": _roles(native.text("inter1"), native.text("actor1")),
        "recipient": native.text("actor2"),
        "recipient_state": "state2.iso3",
        "recipient_roles": _roles(native.text("inter2"), native.text("actor2")),
        "category": "acled.category",
        "code": native.text("sub_event_type"),
        "mode": "acled.mode",
        "place": native.text("location"),
        "country": f"coalesce({native.text('iso3')}, place_country.iso3)",
        "lat": native.number("latitude"),
        "lon": native.number("longitude"),
        "place_precision": f"CASE {native.text('geo_precision')} {places} END",
        "deaths_best": native.whole("fatalities"),
        "article": native.text("source"),
        "reports": f"len(string_split({native.text('source')}, ';'))",
    }


def _day(native: Native) -> str:
    return native.day("event_date", forms=DATES)


def _precision(native: Native) -> str:
    return f"coalesce({native.text('time_precision')}, '1')" if native.has("time_precision") else "'1'"


def _roles(inter: str, actor: str) -> str:
    """Role codes from the type of the actor, a number in older exports and words in newer ones, and from its name.

    Militias are armed people whose side the type does not tell; protesters and rioters stand where ICEWS has them.
    """
    return f"""CASE
        WHEN starts_with({actor}, 'Police Forces of ') THEN ['COP']
        WHEN starts_with({actor}, 'Military Forces of ') THEN ['MIL']
        WHEN starts_with({actor}, 'Government of ') THEN ['GOV']
        WHEN {inter} IN ('1', 'State forces', 'State Forces') THEN ['MIL']
        WHEN {inter} = '2' OR starts_with({inter}, 'Rebel') THEN ['REB']
        WHEN {inter} IN ('3', '4') OR contains(lower({inter}), 'militia') THEN ['UAF']
        WHEN {inter} IN ('5', '6') OR starts_with({inter}, 'Riot') OR starts_with({inter}, 'Protest') THEN ['OPP']
        WHEN {inter} = '7' OR starts_with({inter}, 'Civilian') THEN ['CVL'] END"""


def _state(actor: str) -> str:
    """The state in an actor's name: 'Military Forces of X (2003-) Y', 'Government of X', 'Civilians (X)'."""
    of = f"regexp_extract({actor}, '^(?:Military Forces|Police Forces|Government) of (?:the )?([^(]+)', 1)"
    bracketed = f"regexp_extract({actor}, '\\(([^()]*)\\)$', 1)"
    return f"lower(trim(coalesce(nullif({of}, ''), {bracketed})))"


def _joins(native: Native) -> str:
    kind = f"replace(lower({native.text('sub_event_type')}), 'protestors', 'protesters')"  # until 2022
    return f"""
    LEFT JOIN acled ON lower(acled.event_type) = lower({native.text("event_type")})
        AND lower(acled.sub_event_type) = {kind}
    LEFT JOIN state_names state1 ON state1.name = {_state(native.text("actor1"))}
    LEFT JOIN state_names state2 ON state2.name = {_state(native.text("actor2"))}
    LEFT JOIN state_names place_country ON place_country.name = lower({native.text("country")})"""


def _checks(native: Native) -> Checks:
    legal = ", ".join(literal(code) for code in ("1", "2", "3"))
    stamp, seconds = native.text("timestamp"), native.number("timestamp")
    return (
        ("unreadable number", f"{stamp} IS NOT NULL AND NOT coalesce({seconds} BETWEEN 0 AND {_LAST_SECOND}, false)"),
        ("unknown code", f"acled.event_type IS NULL OR {_precision(native)} NOT IN ({legal})"),
        ("no actor", f"{native.text('actor1')} IS NULL"),
    )


ACLED = Format(
    name="acled",
    title="an ACLED export",
    cite="Raleigh, Linke, Hegre and Karlsen (2010), Journal of Peace Research 47(5); acleddata.com, terms of use",
    columns=_columns,
    needs=(
        "event_id_cnty|data_id",
        "event_date",
        "event_type",
        "sub_event_type",
        "actor1",
        "latitude",
        "longitude",
        "fatalities",
    ),
    delimiter="any",
    joins=_joins,
    numbers=("latitude", "longitude", "fatalities"),
    checks=_checks,
    weapons=True,
)

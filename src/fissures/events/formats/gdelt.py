"""GDELT event exports, 1.0 (1979 on; with a link since April 2013) and 2.0 (every 15 minutes since February 2015).

Files have no header and are never revised, so the version is that of the layout. Coded by machine from the world's
news, each event once for all reports; counts of reports grow with the news, not with the events. Countries of places
are FIPS 10-4, those of actors CAMEO's. Leetaru and Schrodt (2013), ISA.
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats import codes
from fissures.events.formats.format import Checks, Format, Native

_ADDED = "DATEADDED"


def _columns(native: Native) -> Mapping[str, str]:
    day = _day(native, "SQLDATE")
    return {
        "row_id": native.text("GLOBALEVENTID"),
        "start_date": day,
        "end_date": day,
        "date_precision": "'day'",
        "published": _day(native, _ADDED),
        "actor": f"coalesce({native.text('Actor1Name')}, {native.text('Actor1Code')})",
        "actor_state": "actor_state.iso3",
        "actor_roles": _roles(native, "Actor1", "actor_state.iso3"),
        "recipient": f"coalesce({native.text('Actor2Name')}, {native.text('Actor2Code')})",
        "recipient_state": "recipient_state.iso3",
        "recipient_roles": _roles(native, "Actor2", "recipient_state.iso3"),
        "category": "cameo.category",
        "code": native.text("EventCode"),
        "mode": "cameo.mode",
        "context": "cameo.context",
        "intensity": native.number("GoldsteinScale"),
        "place": native.text("ActionGeo_FullName"),
        "country": "fips.iso3",
        "lat": native.number("ActionGeo_Lat"),
        "lon": native.number("ActionGeo_Long"),
        "place_precision": _place_precision(native),
        "article": native.text("SOURCEURL"),
        "reports": native.whole("NumSources"),
    }


def _day(native: Native, column: str) -> str:
    """A day written without marks, behind which the time may stand."""
    text = native.text(column)
    return f"TRY_CAST(left({text}, 4) || '-' || {text}[5:6] || '-' || {text}[7:8] AS DATE)"


def _roles(native: Native, side: str, state: str) -> str:
    """The types of an actor; an actor whose code is its country's alone is the state."""
    types = ", ".join(native.text(f"{side}Type{k}Code") for k in (1, 2, 3))
    said = f"nullif({codes.distinct(f'[{types}]')}, [])"
    is_state = f"coalesce({native.text(f'{side}Code')} = {native.text(f'{side}CountryCode')}, true)"
    return codes.roles(said, state, is_state)


def _place_precision(native: Native) -> str:
    """Country, state of the USA, city of the USA, city of the world, or province of the world."""
    kinds = (("1", "country"), ("2", "province"), ("3", "near"), ("4", "near"), ("5", "province"))
    told = " ".join(f"WHEN '{kind}' THEN '{word}'" for kind, word in kinds)
    return f"CASE {native.text('ActionGeo_Type')} {told} END"


def _joins(native: Native) -> str:
    return f"""
    {codes.cameo(native.text("EventCode"))}
    {codes.state("actor_state", native.text("Actor1CountryCode"))}
    {codes.state("recipient_state", native.text("Actor2CountryCode"))}
    LEFT JOIN fips ON fips.fips = {native.text("ActionGeo_CountryCode")}"""


def _checks(native: Native) -> Checks:
    return (("unknown code", "cameo.code IS NULL"),)


def _actor(side: str) -> tuple[str, ...]:
    parts = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code")
    return tuple(f"{side}{part}" for part in (*parts, "Type1Code", "Type2Code", "Type3Code"))


def _place(of: str, districts: bool) -> tuple[str, ...]:
    parts = ("Type", "FullName", "CountryCode", "ADM1Code", *(("ADM2Code",) if districts else ()))
    return tuple(f"{of}Geo_{part}" for part in (*parts, "Lat", "Long", "FeatureID"))


def _names(districts: bool) -> tuple[str, ...]:
    event = ("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale")
    news = ("NumMentions", "NumSources", "NumArticles", "AvgTone")
    places = (name for of in ("Actor1", "Actor2", "Action") for name in _place(of, districts))
    days = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")
    return (*days, *_actor("Actor1"), *_actor("Actor2"), *event, *news, *places, _ADDED, "SOURCEURL")


_SHARED = {
    "columns": _columns,
    "joins": _joins,
    "checks": _checks,
    "cite": "GDELT Project, gdeltproject.org; free for any use with citation and link",
    "first_row": ((0, r"\d+"), (1, r"\d{8}"), (2, r"\d{6}"), (3, r"\d{4}")),
    "delimiter": "\t",
    "quote": "",
    "missing": ("---",),
    "numbers": ("GoldsteinScale", "NumSources", "ActionGeo_Lat", "ActionGeo_Long"),
    "dataset": "gdelt",
    "feed": True,
}

GDELT_1 = Format(
    name="gdelt-1",
    title="GDELT 1.0 Event Database",
    names=_names(districts=False),
    widths=(57, 58),
    fixed_version="1.0",
    **_SHARED,  # type: ignore[arg-type]
)
GDELT_2 = Format(
    name="gdelt-2",
    title="GDELT 2.0 Event Database",
    names=_names(districts=True),
    widths=(61,),
    fixed_version="2.0",
    **_SHARED,  # type: ignore[arg-type]
)

"""POLECAT, the successor of ICEWS since 2018, coded by NGEC in PLOVER's own categories, modes and contexts.

Cells may hold several actors, divided by ';'. The name stays as it is; state and roles are those of the first. Some
files have a header with more columns than their rows (Beger, "POLECAT event data", 2024): the rows are believed.
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats import codes
from fissures.events.formats.format import Checks, Format, Native

_INTENSITY = ("Intensity", "Event Intensity")
_CATEGORIES = "(SELECT DISTINCT category FROM plover_modes)"

# GeoNames feature codes, as patterns, and how finely they place an event.
_FEATURES = (
    ("PPL%", "near"),
    ("PCL%", "country"),
    ("ADM1%", "province"),
    ("ADM2%", "district"),
    ("ADM3%", "district"),
    ("ADM4%", "district"),
    ("RGN%", "region"),
    ("CONT", "international"),
    ("OCN", "international"),
    ("SEA", "international"),
)


def _columns(native: Native) -> Mapping[str, str]:
    day = native.day("Event Date")
    return {
        "row_id": native.text("Event ID"),
        "start_date": day,
        "end_date": day,
        "date_precision": "'day'",
        "published": native.day("Publication Date"),
        "actor": f"coalesce({native.text('Actor Name')}, {native.text('Actor Name Raw')})",
        "actor_state": "actor_state.iso3",
        "actor_roles": _roles(native, "Actor"),
        "recipient": f"coalesce({native.text('Recipient Name')}, {native.text('Recipient Name Raw')})",
        "recipient_state": "recipient_state.iso3",
        "recipient_roles": _roles(native, "Recipient"),
        "category": "plover.category",
        "code": native.text("Event Type"),
        "mode": _mode(native),
        "context": _contexts(native),
        "intensity": native.number(*_INTENSITY),
        "place": f"coalesce({', '.join(native.text(n) for n in ('Placename', 'City', 'District', 'Province'))})",
        "country": "place_country.iso3",
        "lat": native.number("Latitude"),
        "lon": native.number("Longitude"),
        "place_precision": _place_precision(native),
        "article": f"nullif(concat_ws(': ', {native.text('Source')}, {native.text('Headline')}), '')",
    }


def _first(text: str) -> str:
    """What is said of the first of several actors."""
    return f"trim(string_split({text}, ';')[1])"


def _roles(native: Native, side: str) -> str:
    parts = ", ".join(_first(native.text(name)) for name in (f"Primary {side} Sector", f"{side} Sectors"))
    each = f"regexp_split_to_array(lower(nullif(concat_ws('|', {parts}), '')), '[|,]')"
    said = codes.distinct(f"list_transform({each}, lambda s: role_of.role[trim(s)])")
    return codes.roles(said, f"{side}_state.iso3", f"{side}_self.iso3 IS NOT NULL")


def _mode(native: Native) -> str:
    """The mode in lower case, without the category that some files write before it: PROTEST-riot."""
    mode, category = native.text("Event Mode"), native.text("Event Type")
    return f"replace(lower({mode}), lower({category}) || '-', '')"


def _contexts(native: Native) -> str:
    """The contexts in lower case, divided by '|' as in the vocabulary."""
    return f"nullif(regexp_replace(lower({native.text('Contexts')}), '\\s*[;|,]\\s*', '|', 'g'), '')"


def _place_precision(native: Native) -> str:
    feature = native.text("Feature Type")
    told = " ".join(f"WHEN {feature} LIKE '{pattern}' THEN '{word}'" for pattern, word in _FEATURES)
    finest = (("City", "near"), ("District", "district"), ("Province", "province"), ("Country", "country"))
    told += "".join(f" WHEN {native.text(column)} IS NOT NULL THEN '{word}'" for column, word in finest)
    return f"CASE {told} END"


def _joins(native: Native) -> str:
    return f"""
    LEFT JOIN {_CATEGORIES} plover ON plover.category = upper({native.text("Event Type")})
    {codes.state("actor_state", _first(native.text("Actor Country")))}
    {codes.state("recipient_state", _first(native.text("Recipient Country")))}
    {codes.named_state("actor_self", _first(native.text("Actor Name")))}
    {codes.named_state("recipient_self", _first(native.text("Recipient Name")))}
    {codes.state("place_country", native.text("Country"))}
    CROSS JOIN role_of"""


def _checks(native: Native) -> Checks:
    return (("unknown code", "plover.category IS NULL"),)


def _side(side: str) -> tuple[str, ...]:
    told = tuple(f"{side} {name}" for name in ("Name", "Country", "COW"))
    more = (f"{side} Sectors", f"{side} Title", f"{side} Name Raw", f"Wikipedia {side} ID")
    return (*told, f"Primary {side} Sector", *more)


_EVENT = ("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts")
_PLACE = ("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID")
_STORY = ("Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version")

POLECAT = Format(
    name="polecat",
    title="POLECAT",
    cite="Halterman and others (2023), Harvard Dataverse, doi:10.7910/DVN/AJGVIT; terms of use there",
    columns=_columns,
    joins=_joins,
    checks=_checks,
    needs=("Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Recipient Name", "Actor Sectors"),
    names=(*_EVENT, *_side("Actor"), *_side("Recipient"), *_PLACE, "Raw Placename", "Feature Type", *_STORY),
    delimiter="\t",
    quote="",
    missing=("None",),
    numbers=("|".join(_INTENSITY), "Latitude", "Longitude"),
    feed=True,
)

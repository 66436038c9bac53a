"""ICEWS coded event data: who did what to whom, from news stories of 1995 to April 2023, in CAMEO codes.

Event IDs were used twice: 145,312 of the 17 million up to September 2018 stand for two events of different days (Beger,
documentation of the R package icews, 2019). The id of a row is therefore the event's with its day. Which release a file
is from its name does not tell: the stamp in it is the file's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats import codes
from fissures.events.formats.format import Checks, Format, Native


def _columns(native: Native) -> Mapping[str, str]:
    day = native.day("Event Date")
    return {
        "row_id": f"{native.text('Event ID')} || '/' || left({native.text('Event Date')}, 10)",
        "start_date": day,
        "end_date": day,
        "date_precision": "'day'",
        "actor": native.text("Source Name"),
        "actor_state": "source_state.iso3",
        "actor_roles": _roles(native, "source", "Source Sectors"),
        "recipient": native.text("Target Name"),
        "recipient_state": "target_state.iso3",
        "recipient_roles": _roles(native, "target", "Target Sectors"),
        "category": "cameo.category",
        "code": native.text("CAMEO Code"),
        "mode": "cameo.mode",
        "context": "cameo.context",
        "intensity": native.number("Intensity"),
        "place": f"coalesce({', '.join(native.text(name) for name in ('City', 'District', 'Province', 'Country'))})",
        "country": "place_country.iso3",
        "lat": native.number("Latitude"),
        "lon": native.number("Longitude"),
        "place_precision": _place_precision(native),
        "article": f"concat_ws(', ', {native.text('Publisher')}, 'story ' || {native.text('Story ID')})",
    }


def _roles(native: Native, side: str, column: str) -> str:
    sectors = native.text(column)
    said = f"CASE WHEN {sectors} IS NOT NULL THEN {codes.icews_roles(sectors)} END"
    return codes.roles(said, f"{side}_state.iso3", f"{side}_self.iso3 IS NOT NULL")


def _place_precision(native: Native) -> str:
    finest = (("City", "near"), ("District", "district"), ("Province", "province"), ("Country", "country"))
    told = " ".join(f"WHEN {native.text(column)} IS NOT NULL THEN '{word}'" for column, word in finest)
    return f"CASE {told} END"


def _joins(native: Native) -> str:
    return f"""
    {codes.cameo(native.text("CAMEO Code"))}
    {codes.named_state("source_state", native.text("Source Country"))}
    {codes.named_state("target_state", native.text("Target Country"))}
    {codes.named_state("source_self", native.text("Source Name"))}
    {codes.named_state("target_self", native.text("Target Name"))}
    {codes.named_state("place_country", native.text("Country"))}
    {codes.icews_sectors()}"""


def _checks(native: Native) -> Checks:
    return (
        ("unknown code", "cameo.code IS NULL"),
        ("no actor", f"{native.text('Source Name')} IS NULL"),
    )


ICEWS = Format(
    name="icews",
    title="ICEWS Coded Event Data",
    cite="Boschee and others (2015), Harvard Dataverse, doi:10.7910/DVN/28075; terms of use there",
    columns=_columns,
    joins=_joins,
    checks=_checks,
    needs=("Event ID", "Event Date", "Source Name", "Source Country", "CAMEO Code", "Target Name", "Story ID"),
    delimiter="\t",
    quote="",
    numbers=("Intensity", "Latitude", "Longitude"),
    feed=True,
)

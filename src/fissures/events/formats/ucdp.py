"""UCDP Georeferenced Event Dataset (GED) and UCDP Candidate, in the column names of every version since 1.0.

Only events with at least one dead are recorded, and not by what weapon. Sundberg and Melander (2013), JPR 50(4).
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats.format import Checks, Format, Native

_BEST, _LOW, _HIGH = ("best", "best_est"), ("low", "low_est"), ("high", "high_est")
_DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def _columns(native: Native) -> Mapping[str, str]:
    start = native.day("date_start")
    return {
        "row_id": native.text("id"),
        "start_date": start,
        "end_date": f"coalesce({native.day('date_end')}, {start})",
        "date_precision": "date_precision.precision",
        "actor": native.text("side_a"),
        "actor_state": _state("side_a_state", start),
        "recipient": native.text("side_b"),
        "recipient_state": _state("side_b_state", start),
        "category": "violence.category",
        "code": native.text("type_of_violence"),
        "mode": "violence.mode",
        "context": "violence.context",
        "place": f"coalesce({native.text('where_coordinates')}, {native.text('where_description')})",
        "country": _state("place_country", start),
        "lat": native.number("latitude"),
        "lon": native.number("longitude"),
        "place_precision": "place_precision.precision",
        "deaths_low": native.whole(*_LOW),
        "deaths_best": native.whole(*_BEST),
        "deaths_high": native.whole(*_HIGH),
        "deaths_actor": native.whole("deaths_a"),
        "deaths_recipient": native.whole("deaths_b"),
        "deaths_civilians": native.whole("deaths_civilians"),
        "dyad": native.text("dyad_name"),
        "article": native.text("source_article"),
        "reports": native.whole("number_of_sources"),
    }


def _state(table: str, day: str) -> str:
    """The state that a name meant on a day: before its end a dissolved state keeps what it was called."""
    return f"state_on({table}.earlier, {table}.iso3, {day})"


def _joins(native: Native) -> str:
    government = "lower(regexp_replace({}, '^Government of ', ''))"
    return f"""
    LEFT JOIN ucdp_violence violence ON violence.type_of_violence = {native.text("type_of_violence")}
    LEFT JOIN ucdp_date_precision date_precision ON date_precision.code = {native.text("date_prec")}
    LEFT JOIN ucdp_place_precision place_precision ON place_precision.code = {native.text("where_prec")}
    LEFT JOIN state_names side_a_state ON side_a_state.name = {government.format(native.text("side_a"))}
        AND starts_with({native.text("side_a")}, 'Government of ')
    LEFT JOIN state_names side_b_state ON side_b_state.name = {government.format(native.text("side_b"))}
        AND starts_with({native.text("side_b")}, 'Government of ')
    LEFT JOIN state_names place_country ON place_country.name = lower({native.text("country")})"""


def _checks(native: Native) -> Checks:
    return (
        ("unknown code", "violence.type_of_violence IS NULL"),
        ("impossible date", f"{native.text('date_end')} IS NOT NULL AND {native.day('date_end')} IS NULL"),
        ("no actor", f"{native.text('side_a')} IS NULL"),
    )


_SHARED = {
    "columns": _columns,
    "joins": _joins,
    "checks": _checks,
    "numbers": ("latitude", "longitude", "|".join(_BEST), "|".join(_LOW), "|".join(_HIGH), *_DEATHS),
    "fatal_only": True,
}
_NEEDS = ("id", "type_of_violence", "side_a", "side_b", "date_start", "latitude", "longitude", "|".join(_BEST))

GED = Format(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset",
    cite="Sundberg and Melander (2013), Journal of Peace Research 50(4); CC BY 4.0",
    needs=_NEEDS,
    version=r"ged(?:event)?[_-]?v?[_-]?(\d{1,2})[._]?(\d)(?![._]?\d)",
    **_SHARED,  # type: ignore[arg-type]
)
CANDIDATE = Format(
    name="ucdp-candidate",
    title="UCDP Candidate Events Dataset",
    cite="Hegre et al. (2020), Research & Politics 7(3); CC BY 4.0",
    needs=_NEEDS,
    version=r"gedevent[_-]?v?(\d{2})[._](?:(0)[._]\d+|(\d{2})[._]\d{2}[._](\d{2}))",  # a month, or months of a year
    **_SHARED,  # type: ignore[arg-type]
)

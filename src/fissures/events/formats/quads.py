"""ICEWS as dated quadruples: the benchmarks ICEWS14, ICEWS18 and ICEWS05-15 of research on temporal knowledge graphs.

A line is source, relation, target and day, some with a label behind. The relation is a CAMEO event by its name. Generic
actors ('Police (India)') tell their state and, through `icews_agents.csv`, their role; of others the state is unknown
unless they are one. Each quadruple stands once a day: these are not ICEWS's volumes.
"""

from __future__ import annotations

from collections.abc import Mapping

from fissures.events.formats import codes
from fissures.events.formats.format import Checks, Format, Native

_FIELDS = ("source", "relation", "target", "day")
_STRAY = "'-'' (),./\"'"  # the benchmarks differ in these marks: 'non-military', 'non military'
_RELATIONS = f"""(
    SELECT translate(lower(name), {_STRAY}, '') AS relation, any_value(code) AS code,
        any_value(category) AS category, any_value(mode) AS mode, any_value(context) AS context,
        any_value(intensity) AS intensity
    FROM cameo WHERE length(code) > 2 GROUP BY ALL)"""
_BRACKETS = r"'^(.*) \(([^()]*(?:\([^()]*\))?)\)$'"  # brackets within: Christian (Holy See (Vatican City State))
_AGENTS = "(SELECT name, list_sort(list(role)) AS roles FROM icews_agents GROUP BY name)"


def _columns(native: Native) -> Mapping[str, str]:
    day = native.day("day")
    fields = ", ".join(f"coalesce({native.text(name)}, '')" for name in _FIELDS)
    return {
        "row_id": f"md5(concat_ws(chr(9), {fields}))",
        "start_date": day,
        "end_date": day,
        "date_precision": "'day'",
        "actor": native.text("source"),
        "actor_state": _state("source"),
        "actor_roles": _roles("source"),
        "recipient": native.text("target"),
        "recipient_state": _state("target"),
        "recipient_roles": _roles("target"),
        "category": "relations.category",
        "code": "relations.code",
        "mode": "relations.mode",
        "context": "relations.context",
        "intensity": "relations.intensity",
    }


def _state(side: str) -> str:
    return f"coalesce({side}_self.iso3, {side}_state.iso3)"


def _roles(side: str) -> str:
    return codes.roles(f"{side}_agent.roles", _state(side), f"{side}_self.iso3 IS NOT NULL")


def _joins(native: Native) -> str:
    sides = "\n".join(_side(native, side) for side in ("source", "target"))
    return f"""
    LEFT JOIN {_RELATIONS} relations ON relations.relation = translate(lower({native.text("relation")}), {_STRAY}, '')
    {sides}"""


def _side(native: Native, side: str) -> str:
    """Joins for 'Police (India)': the actor as a state, what stands in its last brackets as one, and what before."""
    name = native.text(side)
    return f"""
    {codes.named_state(f"{side}_self", name)}
    {codes.named_state(f"{side}_state", f"regexp_extract({name}, {_BRACKETS}, 2)")}
    LEFT JOIN {_AGENTS} {side}_agent ON {side}_agent.name = regexp_extract({name}, {_BRACKETS}, 1)"""


def _checks(native: Native) -> Checks:
    return (
        ("unknown code", "relations.code IS NULL"),
        ("no actor", f"{native.text('source')} IS NULL"),
    )


QUADS = Format(
    name="icews-quads",
    title="ICEWS quadruples",
    cite="García-Durán and others (2018), EMNLP; Jin and others (2020), EMNLP; from ICEWS, doi:10.7910/DVN/28075",
    columns=_columns,
    joins=_joins,
    checks=_checks,
    names=(*_FIELDS, "label"),
    widths=(4, 5),
    first_row=((0, r".*\D.*"), (1, r"[A-Za-z].*"), (2, r".*\D.*"), (3, r"\d{4}-\d\d-\d\d")),
    delimiter="\t",
    quote="",
    version=r"icews[_-]?(05-15|14|18)(?!\d)",
    feed=True,
)

"""A JSON Schema (draft 7) of the case file, for editors: keys offered, wrong ones underlined, phrases explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fissures.case.records import Case

DIALECT = "http://json-schema.org/draft-07/schema#"
_NUMBER = r"\d+(\.\d+)?"
_UNIT = r"(day|week|month|year)s?"
_DURATION = rf"^\s*{_NUMBER}\s+{_UNIT}\s*$"
_EFFECT = r"^\s*(raises|lowers)\s+(climbing|falling|violence|move|by|means|advance|stream|pressure)\b"

# What the phrases look like: the record and key, then pattern, examples and a word of help.
_PHRASES: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = {
    ("Stream", "base_rate"): (
        rf"^\s*{_NUMBER}\s+per\s+({_NUMBER}\s+)?{_UNIT}\s*$",
        ("2 per month", "1 per 30 years"),
        "How often it happens where nothing pushes it.",
    ),
    ("Stream", "memory"): (_DURATION, ("14 days",), "How long the stream remembers its own events."),
    ("Stream", "read_from"): (
        "",
        ("use of drones on any front", "north reaches war", "talks at summit or above"),
        "Counts the days on which this holds; such a stream has no rate of its own.",
    ),
    ("Pressure", "half_life"): (_DURATION, ("6 weeks",), "After this time half of the pressure is gone."),
    ("Pressure", "builds_up"): (_DURATION, ("36 weeks",), "Grows by itself at this pace until relieved."),
    ("Pressure", "reference_surge"): (
        rf"^\s*({_NUMBER}\s+events?\s+in\s+{_NUMBER}\s+{_UNIT}|{_NUMBER}\s+{_UNIT}|{_NUMBER})\s*$",
        ("3 events in 14 days", "7 days", "80"),
        "The level that reads as 1; every prior is stated per surge.",
    ),
    ("Commitment", "when"): (
        "",
        ("fire on A soil at clash or above", "north at war or above"),
        "What triggers the commitment.",
    ),
    ("Commitment", "lasts"): (_DURATION, ("14 days",), "How long it is in force after its trigger."),
    ("Claim", "cause"): (
        "",
        (
            "stall",
            "north at heavy_weapons or above",
            "within 6 weeks of disavowals",
            "stall and crowds",
            "pact in force",
        ),
        "One factor, or two joined by 'and'.",
    ),
    ("Claim", "effect"): (
        _EFFECT,
        (
            "raises climbing of north, south",
            "lowers falling of north",
            "lowers climbing past clash of north",
            "raises move clash to war of north",
            "lowers violence of north",
            "raises stream protests",
            "raises means drones of north",
        ),
        "raises or lowers, then what moves.",
    ),
    ("Claim", "when"): (
        "",
        ("stall above 0.5", "within 6 weeks of disavowals", "talks at summit or above"),
        "The claim speaks only where this holds.",
    ),
    ("Claim", "strength"): (
        "",
        ("may", "appears", "likely", "plain", "vital"),
        "A word with a stated prior: how strongly the source puts it.",
    ),
    ("Claim", "same_as"): ("", ("other_claim", "break new_channel"), "Shares that one's coefficient."),
    ("Claim", "general"): (
        "",
        ("threats", "talks", "home_protest", "patron_support"),
        "The portable claim of which this is an instance.",
    ),
    ("Break", "effect"): (_EFFECT, ("lowers violence of north, south",), "What the break moved."),
    ("Question", "asks"): (
        "",
        (
            "north reaches war",
            "any front reaches war",
            "at least 1 death on north",
            "at least 1 of stream protests",
            "none of stream protests",
            "use of drones on any front",
            "deaths on all fronts",
        ),
        "What is counted along each simulated path.",
    ),
    ("Question", "void_when"): ("", ("any front reaches war",), "Paths on which this happens are left out."),
}

_ITEMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Rung", "observed_when"): ("killed per week >= 10", "heavy per week >= 1", "summits in 28 days >= 1"),
    ("Rung", "possible_when"): ("drones per week >= 3",),
    ("System", "elements"): ("claim NAME", "pressure NAME", "stream NAME", "means NAME"),
    ("System", "moves"): ("stream NAME", "rung RUNG of FRONT", "question CODE"),
    ("System", "still"): ("stream NAME", "rung RUNG of FRONT", "question CODE"),
}

_VALUES: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("Lever", "inject"): (
        rf"^\s*{_NUMBER}\s+(once|every\s+\d+\s+days?)\s*$",
        ("1 once", "1 every 3 days"),
    ),
}


def schema() -> dict[str, Any]:
    """The JSON Schema of a case file; the same bytes every time when written with sorted keys or without."""
    plain = Case.model_json_schema(by_alias=True, mode="validation")
    definitions = {name: _record(name, body) for name, body in sorted(plain.pop("$defs").items())}
    case = _record("Case", plain)
    # An overlay says only what it changes, and a key with nothing removes what its base says.
    case["properties"] = {
        "base": {
            "type": "string",
            "pattern": r"\.ya?ml$",
            "description": "A case file beside this one that this one is laid over; maps merge key by key.",
        },
        **case["properties"],
    }
    required = case.pop("required")
    return {
        "$schema": DIALECT,
        "title": "A case of fissures",
        **case,
        "anyOf": [{"required": ["base"]}, {"required": required}],
        "definitions": definitions,
    }


def _record(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """One record in draft 7, its phrases explained; titles that only repeat the key are left out."""
    body.pop("title", None)
    properties = body.get("properties", {})
    made = {**_draft_7(body), "properties": {key: _property(name, key, part) for key, part in properties.items()}}
    if isinstance(text := made.get("description"), str):
        made["description"] = " ".join(text.split())
    return made


def _property(record: str, key: str, part: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = _draft_7({k: v for k, v in part.items() if k != "title"})
    if told := _PHRASES.get((record, key)):
        pattern, examples, help_text = told
        _text_part(made).update({"pattern": pattern} if pattern else {})
        made |= {"description": help_text, "examples": list(examples)}
    if items := _ITEMS.get((record, key)):
        made["items"] = {**made.get("items", {}), "examples": list(items)}
    if values := _VALUES.get((record, key)):
        inner = {**made.get("additionalProperties", {}), "pattern": values[0], "examples": list(values[1])}
        made["additionalProperties"] = inner
    return made


def _text_part(made: dict[str, Any]) -> dict[str, Any]:
    """Where the pattern of a text goes: beside its type, also where the text may be left out."""
    choices = made.get("anyOf", [])
    return next((choice for choice in choices if choice.get("type") == "string"), made)


def _draft_7(part: Any) -> Any:
    """A part of a newer schema in the words of draft 7."""
    if isinstance(part, list):
        return [_draft_7(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    made = {key: _draft_7(value) for key, value in part.items() if key not in ("title", "prefixItems", "$ref")}
    if "title" in part and isinstance(part["title"], dict):  # a key that happens to be called so
        made["title"] = _draft_7(part["title"])
    if "prefixItems" in part:
        made["items"] = _draft_7(part["prefixItems"])
        made["additionalItems"] = False
    if "$ref" in part:
        reference = {"$ref": str(part["$ref"]).replace("#/$defs/", "#/definitions/")}
        # In draft 7 nothing beside a reference counts.
        return {**made, "allOf": [reference]} if made else reference
    return made

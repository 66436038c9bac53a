"""The JSON Schema for editors: draft 7, the same every time, and in agreement with the records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator  # comes with altair

from fissures.case.records import Case
from fissures.case.schema import DIALECT, schema
from fissures.case.shape import legal_keys
from fissures.case.tree import read_tree

EXAMPLES_OF = ("effect", "base_rate", "half_life", "builds_up", "reference_surge", "memory", "lasts")


def parts(inside: Any) -> list[dict[str, Any]]:
    """Every map in a document."""
    if isinstance(inside, list):
        return [part for item in inside for part in parts(item)]
    return [inside, *(p for value in inside.values() for p in parts(value))] if isinstance(inside, dict) else []


def test_it_is_draft_7_and_the_same_every_time() -> None:
    made = schema()
    assert made["$schema"] == DIALECT
    assert json.dumps(made) == json.dumps(schema())
    text = json.dumps(made)
    assert "$defs" not in text and "prefixItems" not in text
    named = set(re.findall(r'"#/definitions/(\w+)"', text))
    assert named and named <= set(made["definitions"])
    Draft7Validator.check_schema(made)


def test_it_knows_the_keys_of_the_records_and_base() -> None:
    made = schema()
    assert set(made["properties"]) == {*legal_keys(Case), "base"}
    assert "from" in made["definitions"]["Lever"]["properties"], "as the file says it"
    assert all(part.get("additionalProperties") is False for part in made["definitions"].values())
    assert all(part.get("description") for part in made["definitions"].values())


def test_every_example_fits_its_pattern() -> None:
    for name, record in schema()["definitions"].items():
        for key, part in record["properties"].items():
            patterns = [p["pattern"] for p in parts(part) if "pattern" in p]
            for example in part.get("examples", []) if patterns else []:
                assert any(re.search(pattern, example) for pattern in patterns), (key, example)
            assert key not in EXAMPLES_OF or name == "Question" or part.get("examples"), key


def test_a_valid_case_fits_and_a_misspelt_one_does_not(two_valleys: Path) -> None:
    validator = Draft7Validator(schema())
    text = (two_valleys / "case.yaml").read_text(encoding="utf-8")
    assert not list(validator.iter_errors(read_tree(text, "a").root))
    assert not list(validator.iter_errors(read_tree("base: case.yaml\nclaims: {}\n", "a").root))
    for old, new in (
        ("cause: grief", "casue: grief"),
        ("strength: plain", "strength: 3"),
        ("raises climbing of", "climbs"),
    ):
        wrong = read_tree(text.replace(old, new, 1), "a").root
        assert list(validator.iter_errors(wrong)), new

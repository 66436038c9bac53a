"""What several formats share: CAMEO codes, the roles of actors and the names of states, as SQL over the vocabulary.

A state under its own name has no roles (NULL). An actor of a state of which no role is known has the empty list: it is
not the state.
"""

from __future__ import annotations

# CAMEO codes as files spell them. Some published files were saved as numbers and have lost the leading zero. Root codes
# (two digits) occur in no published event file, so 20 is 020 without its zero and not the root 20.
_GIVEN = """(
    SELECT code AS given, * FROM cameo WHERE length(code) > 2
    UNION ALL SELECT substr(code, 2) AS given, * FROM cameo WHERE length(code) > 2 AND starts_with(code, '0'))"""

# Every code and name by which files know a state, in lower case: ISO 3166, CAMEO's own, names in English.
_STATES = """(
    SELECT name, arg_min(iso3, turn) AS iso3 FROM (
        SELECT lower(iso3) AS name, iso3, 1 AS turn FROM state_names
        UNION ALL SELECT name, iso3, 2 FROM state_names
        UNION ALL VALUES ('gzs', 'PSE', 3), ('wsb', 'PSE', 3))
    GROUP BY name)"""

# Sectors of ICEWS with their roles, those that only name a branch ('Government', 'Social') apart.
_SECTORS = """(
    SELECT map(list(sector) FILTER (NOT broad), list(role) FILTER (NOT broad)) AS fine,
        map(list(sector) FILTER (broad), list(role) FILTER (broad)) AS broad
    FROM (
        SELECT role, sector, list_contains(string_split(lower(coalesce(icews_broad, '')), '|'), sector) AS broad
        FROM (SELECT *, unnest(string_split(lower(icews_sectors), '|')) AS sector FROM roles)))"""


def cameo(code: str) -> str:
    """The join that finds a code in `cameo`."""
    return f"LEFT JOIN {_GIVEN} cameo ON cameo.given = {code}"


def state(alias: str, name: str) -> str:
    """The join that finds a state by its code or name in `alias`."""
    return f"LEFT JOIN {_STATES} {alias} ON {alias}.name = lower({name})"


def named_state(alias: str, name: str) -> str:
    """The join that finds a state by its name only, so that an actor called 'Can' is not Canada."""
    return f"LEFT JOIN state_names {alias} ON {alias}.name = lower({name})"


def icews_sectors() -> str:
    """The join that makes the sectors of ICEWS known, as `sectors`."""
    return f"CROSS JOIN {_SECTORS} sectors"


def icews_roles(said: str) -> str:
    """Roles of ICEWS sectors, divided by commas; those that only name a branch count if nothing finer is said."""
    each = f"string_split(lower({said}), ',')"
    fine, broad = (distinct(f"list_transform({each}, lambda s: sectors.{kind}[trim(s)])") for kind in ("fine", "broad"))
    return f"coalesce(nullif({fine}, []), {broad})"


def distinct(roles: str) -> str:
    """A list of roles in order, each once, without NULL."""
    return f"list_sort(list_distinct({roles}))"


def roles(said: str, state: str, is_state: str) -> str:
    """The roles that are said; where none are, NULL for the state itself and no role for another actor of it."""
    return f"CASE WHEN {said} IS NOT NULL THEN {said} WHEN {state} IS NOT NULL AND NOT ({is_state}) THEN [] END"

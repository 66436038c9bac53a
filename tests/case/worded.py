"""A made-up case that uses every form of the language, to be read back in words."""

from __future__ import annotations

from typing import Any

from fissures.case.records import Case

PASSAGE = {"source": "letter", "para": 1, "reading": "stated"}


def claim(code: str, reading: str = "stated", **keys: Any) -> dict[str, Any]:
    """One claim; a coupling gets a strength."""
    strength = {} if "kind" in keys or "same_as" in keys else {"strength": "likely"}
    return {
        "code": code,
        "paraphrase": f"What {code} says",
        "says": {**PASSAGE, "reading": reading},
        **strength,
        **keys,
    }


WORLD: dict[str, Any] = {
    "fissures": 2,
    "case": "Two valleys, winter 2020",
    "as_of": "2019-12-31",
    "horizon": "2020-06-30",
    "purpose": "Teaching.",
    "sources": {"letter": {"cite": "A letter to the council"}, "ledger": {"cite": "The ledger of the toll house"}},
    "actors": {
        "ARD": {"name": "Ardel", "iso3": "ARD", "role": "upstream"},
        "BRO": {"name": "Brome", "iso3": "BRO"},
        "KIN": {"name": "the hill kin", "recognised": False, "stands_with": "ARD"},
        "LEA": {"name": "the League", "role": "mediator"},
        "MKT": {"name": "Market crowds", "within": "BRO"},
    },
    "ladders": {
        "river": {
            "active_from": "scuffles",
            "rungs": {
                "calm": {"described_as": "no blow struck"},
                "scuffles": {"described_as": "fists and stones", "means": {"horses": 0.1, "hired_men": 0.2}},
                "raids": {"described_as": "armed parties cross", "advance": 0.1},
                "feud": {"described_as": "three killed in a day"},
            },
        },
        "council": {
            "active_from": "session",
            "rungs": {
                "silence": {"described_as": "nobody meets"},
                "session": {"described_as": "the council sits"},
                "oath": {"described_as": "an oath is sworn"},
            },
        },
    },
    "fronts": {
        "weir": {
            "name": "Upper Weir",
            "ladder": "river",
            "between": ["ARD", "BRO"],
            "recognised": {"north": "ARD", "south": "BRO"},
            "held": {"north": "ARD", "south": "BRO"},
        },
        "ford": {
            "name": "The lower ford",
            "ladder": "river",
            "between": ["BRO", "KIN"],
            "recognised": {"north": "BRO", "south": "BRO"},
            "held": {"north": "KIN", "south": "BRO"},
            "retires_after": 3,
        },
    },
    "tracks": {"talks": {"name": "Council talks", "ladder": "council", "between": ["ARD", "BRO"]}},
    "streams": {
        "marches": {"name": "Marches for water in Market Town", "base_rate": "2 per month", "actor": ["MKT"]},
        "pleas": {"name": "League pleas for calm", "base_rate": "1 per month", "actor": ["LEA"]},
        "cuts": {"name": "Water cuts (sluices shut)", "base_rate": "1 per month", "actor": ["ARD"]},
        "fights": {"name": "Days of fighting", "read_from": "any front at raids or above"},
    },
    "pressures": {
        "thirst": {"name": "Thirst (water withheld)", "fed_by": {"cuts": 1}, "half_life": "2 weeks",
                   "reference_surge": "3 events in 14 days"},
        "distrust": {"name": "Time without a council", "builds_up": "3 months", "relieved_by": {"pleas": 0.5},
                     "reference_surge": "26 weeks"},
        "fury": {"name": "Brome's fury", "fed_by": {"marches": 1, "own front at raids or above": 1},
                 "half_life": "1 week", "reference_surge": "7 days"},
    },
    "commitments": {
        "pact": {
            "name": "The Pact of Ardel",
            "parties": ["ARD", "LEA"],
            "guarantor": "LEA",
            "protects": "ARD",
            "when": "fire on ARD soil at raids or above",
            "lasts": "3 weeks",
            "obliges": "pleas",
            "binds": 0.5,
            "contested_readings": ["only on the weir"],
        },
    },
    "breaks": {
        "bridge": {"date": "2018-10-01", "effect": "lowers violence of weir, ford",
                   "prior": {"mean": 0.7, "sd": 0.4, "says": "ours"}},
    },
    "claims": {
        "thirst_climbs": claim("V1", cause="thirst", effect="raises climbing of weir, ford", when="thirst above 0.2"),
        "distrust_climbs": claim("V2", "implied", cause="distrust", effect="raises climbing of weir, ford"),
        "thirst_again": claim("V3", same_as="thirst_climbs"),
        "weir_at_war": claim("V4", "ours", cause="weir at raids or above", effect="lowers climbing of weir, ford"),
        "bridge_calmed": claim("V5", same_as="break bridge"),
        "old_border": claim("V6", kind="level", about="Where the border was drawn", testable="no",
                            how="constant within the record"),
        "mirror": claim("V7", "implied", kind="perception", about="each side sees weakness in the other",
                        testable="no", how="not observable"),
        "thirst_marches": claim("V8", cause="thirst", effect="raises stream marches", shape="square_root"),
    },
    "levers": {
        "council": {"code": "L1", "name": "The League calls the council", "inject": {"pleas": "1 every 14 days"},
                    "from": "2020-01-06", "to": "2020-06-30"},
        "sluices": {"code": "L2", "name": "Ardel shuts every sluice", "hold": {"thirst": 1}, "escalatory": True,
                    "from": "2020-01-06", "to": "2020-06-30"},
    },
    "questions": {
        "feud": {"code": "V-Q1", "title": "A feud on the river", "asks": "any front reaches feud", "by": "2020-06-30",
                 "resolves": "the ledger"},
        "deaths": {"code": "V-Q2", "title": "How many are killed on the river", "asks": "deaths on all fronts",
                   "by": "2020-03-31", "resolves": "the ledger"},
    },
    "facts": {"first_blow": {"title": "Who struck first", "values": {"Ardel": "Brome", "Brome": "the hill kin"}}},
    "reporters": {},
    "evidence": {
        "weekly": {"kind": "weekly_record", "file": "weekly.csv", "source": "ledger", "fronts": ["weir", "ford"],
                   "covers": [["2018-01-01", "2019-12-29"]]},
        "events": {"kind": "dated_counts", "file": "events.csv", "source": "ledger", "streams": ["cuts"],
                   "covers": [["2018-01-01", "2019-12-29"]]},
    },
}  # fmt: skip


def world(**changes: Any) -> Case:
    """The case, with whole parts of it replaced."""
    return Case.model_validate({**WORLD, **changes})


def with_claim(**keys: Any) -> Case:
    """The case with one more claim, named `asked`."""
    return world(claims={**WORLD["claims"], "asked": claim("V9", **keys)})

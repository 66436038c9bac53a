"""The whole case told in words: what every claim does, grouped, and nothing else."""

from __future__ import annotations

import re

import pytest

from fissures.case.prose import WIDTH, prose
from fissures.case.prose_claims import told_claims
from fissures.case.records import Case

from .worded import WORLD, claim, with_claim, world


def part(text: str, heading: str) -> str:
    """One part of the prose as a single line, without its heading."""
    found = re.search(rf"^{heading}\n-+\n(.*?)(?=\n\n[^\n]+\n-+\n|\Z)", text, re.S | re.M)
    assert found, f"no part '{heading}' in:\n{text}"
    return " ".join(found[1].split())


@pytest.fixture(scope="module")
def told() -> str:
    """The prose of the made-up case."""
    return prose(world())


def test_it_is_wrapped_and_the_same_each_time(told: str) -> None:
    assert max(len(line) for line in told.splitlines()) <= WIDTH == 88
    assert told == prose(world()) and told.endswith("\n")


def test_no_id_is_left_in_it(told: str) -> None:
    assert "_" not in told
    assert not re.search(r"\b(ARD|BRO|KIN|LEA|MKT|thirst_climbs|pact)\b", told)


def test_it_opens_with_title_dates_and_purpose(told: str) -> None:
    assert told.splitlines()[0] == "Two valleys, winter 2020"
    assert "As of 31 December 2019, looking ahead day by day to 30 June 2020." in " ".join(told.split())
    assert "It reads A letter to the council. Teaching." in " ".join(told.split())


def test_who(told: str) -> None:
    assert part(told, "Who") == (
        "The parties are Ardel; Brome; and the hill kin (not recognised, standing with Ardel). Within Brome: Market "
        "crowds. Around them: the League."
    )


def test_where_and_whose(told: str) -> None:
    assert part(told, "Where") == (
        "The Upper Weir lies between Ardel and Brome, each side holding its own recognised ground. The lower ford lies "
        "between Brome and the hill kin, on ground recognised as that of Brome, of which the north is held by the hill "
        "kin; after 3 net advances by one side it is no longer a front."
    )


def test_ladders(told: str) -> None:
    assert part(told, "The ladders") == (
        "Each day everything stands on one rung of its ladder, low to high. The Upper Weir and the lower ford: calm "
        "(no blow struck); scuffles (fists and stones); raids (armed parties cross); feud (three killed in a day). "
        "The council talks: silence, session and oath."
    )


def test_claims_are_grouped_by_effect_and_merged(told: str) -> None:
    said = part(told, "What the argument says")
    assert said.startswith("The argument is read as 8 claims (5 stated, 2 implied and 1 ours). Of these, 6 couple a ")
    assert "cause with an effect, through 5 coefficients: what is said twice counts once." in said
    assert "Where no place is named, a claim acts on the Upper Weir and the lower ford." in said
    assert (
        "What drives violence up. A climb is likelier with thirst above 0.2 (said twice) and time without a council "
        "(implied)." in said
    )
    assert "What holds it down. A climb is rarer with the Upper Weir at raids or above (ours)." in said
    drop = "The record shows the drop of 1 October 2018 in violence on the Upper Weir and the lower ford; one claim "
    assert f"{drop}reads it, through one coefficient." in said
    assert (
        "In the streets and offices of the sides. Marches for water in Market Town: more often with thirst (with "
        "diminishing returns)." in said
    )


@pytest.mark.parametrize(
    ("cause", "effect", "keys", "said"),
    [
        ("thirst", "lowers falling of ford", {}, "A fall on the lower ford is rarer with thirst."),
        (
            "thirst",
            "lowers falling of ford",
            {"when": "distrust above 0.5"},
            "A fall on the lower ford is rarer with thirst while time without a council is above 0.5.",
        ),
        (
            "fire by ARD on weir",
            "raises by BRO of ford",
            {"reading": "ours"},
            "Who moves, and by what means. That it is Brome that moves on the lower ford is likelier with fire by "
            "Ardel on the Upper Weir (ours).",
        ),
        ("thirst", "raises means hired_men of weir, ford", {}, "Use of hired men is likelier with thirst."),
        ("thirst", "lowers advance of ford", {}, "That ground changes hands on the lower ford is rarer with thirst."),
        ("thirst", "raises violence of weir, ford", {}, "Violence as a whole rises with thirst."),
        ("thirst", "lowers pressure fury", {}, "Brome's fury: lower with thirst."),
        (
            "pact in force",
            "raises stream pleas",
            {},
            "What outsiders do. League pleas for calm: more often with the Pact of Ardel in force.",
        ),
        (
            "within 6 weeks of cuts",
            "lowers climbing to oath of talks",
            {},
            "What moves the council talks. A step up to oath is rarer with water cuts in the last 6 weeks.",
        ),
        (
            "pact",
            "lowers climbing past scuffles of weir, ford",
            {},
            "A climb past scuffles on the Upper Weir is rarer with the Pact of Ardel where it binds.",
        ),
    ],
)
def test_every_kind_of_effect_is_told(cause: str, effect: str, keys: dict[str, str], said: str) -> None:
    assert said in part(prose(with_claim(cause=cause, effect=effect, **keys)), "What the argument says")


def test_both_directions_share_a_sentence() -> None:
    claims = {
        **WORLD["claims"],
        "a": claim("A", cause="thirst", effect="lowers falling of weir, ford"),
        "b": claim("B", cause="fury", effect="raises falling of weir, ford"),
        "c": claim("C", cause="fury", effect="lowers stream marches"),
    }
    said = part(prose(world(claims=claims)), "What the argument says")
    assert "A fall is likelier with Brome's fury; it is rarer with thirst." in said
    assert "Market Town: more often with thirst (with diminishing returns); less often with Brome's fury." in said


def test_a_restatement_of_another_effect_is_told_and_not_counted_again() -> None:
    case = with_claim(same_as="thirst_climbs", cause="thirst", effect="raises stream pleas")
    said = part(prose(case), "What the argument says")
    assert "League pleas for calm: more often with thirst (shared coefficient)." in said
    assert "through 5 coefficients" in said


def test_loops_are_named_with_their_sign() -> None:
    claims = {**WORLD["claims"], "z": claim("Z", cause="fury", effect="raises stream marches")}
    assert part(prose(world(claims=claims)), "Loops").startswith(
        "The argument leads back to itself in five ways: two feeding on what they bring about, three checking it. The "
        "shortest: the Upper Weir and back (checks itself); Brome's fury to marches for water in Market Town and back "
        "(feeds itself);"
    )


def test_commitments_and_facts(told: str) -> None:
    assert part(told, "Commitments") == (
        "Each is in force for a time after its trigger, and makes likelier what it calls for. With fire on the "
        "recognised soil of Ardel at raids or above: the Pact of Ardel (the League for Ardel, calls for: League pleas "
        "for calm, contested)."
    )
    assert part(told, "Disputed facts") == (
        "Sources differ on: who struck first (two versions). Every version is kept and none averaged."
    )


def test_questions_and_levers(told: str) -> None:
    assert part(told, "What is asked") == (
        "By 30 June 2020, unless another date is given: a feud on the river; how many are killed on the river (by 31 "
        "March 2020)."
    )
    assert part(told, "What somebody could do") == (
        "What-ifs that can be tried: the League calls the council. Escalatory, and run only on an explicit flag: Ardel "
        "shuts every sluice."
    )


def test_what_carries_no_coefficient_and_why(told: str) -> None:
    assert part(told, "Statements without a coefficient") == (
        "Two statements carry none. Of level (how things stood, to be held against the record): where the border was "
        "drawn. Of perception (what people believe, which no event shows): each side sees weakness in the other."
    )


def test_what_the_record_covers_and_does_not(told: str) -> None:
    said = part(told, "What the record covers")
    assert "on the Upper Weir and the lower ford from 1 January 2018 to 29 December 2019" in said
    assert said.endswith("Of 3 kinds of events, 2 have no count at hand: how often they happen is a prior only.")
    assert "Days outside these windows are unknown, not quiet." in said


def test_how_to_misread_it(told: str) -> None:
    assert "not a proof of cause" in part(told, "How to misread it")


def test_a_claim_that_cannot_be_read_is_left_out() -> None:
    case = with_claim(cause="sorrow", effect="raises climbing of weir")
    assert len(told_claims(case)) == len(told_claims(world()))
    assert "sorrow" not in prose(case)


def test_a_case_of_hardly_anything_is_told() -> None:
    bare = {key: WORLD[key] for key in ("fissures", "case", "as_of", "horizon", "purpose", "actors", "questions")}
    ladders = {"river": WORLD["ladders"]["river"]}
    case = Case.model_validate({**bare, "sources": {}, "ladders": ladders, "fronts": {"ford": WORLD["fronts"]["ford"]}})
    told = prose(case)
    assert "Loops" not in told and "Commitments" not in told and "Disputed facts" not in told
    assert "The argument is read as 0 claims" in told


def test_streams_with_one_and_the_same_cause_share_a_sentence() -> None:
    claims = {
        "a": claim("A", cause="any front at raids or above", effect="raises stream marches"),
        "b": claim("B", "ours", cause="any front at raids or above", effect="raises stream cuts"),
        "c": claim("C", cause="any front at raids or above", effect="raises stream pleas"),
    }
    said = part(prose(world(claims=claims)), "What the argument says")
    assert (
        "More often with any front at raids or above: marches for water in Market Town and water cuts (ours)." in said
    )
    assert "What outsiders do. League pleas for calm: more often with any front at raids or above." in said

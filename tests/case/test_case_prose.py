"""The whole case told in words: what every claim does, grouped, and nothing else."""

from __future__ import annotations

import re

import pytest

import fissures as fs
from fissures.case.prose import WIDTH, prose
from fissures.case.prose_claims import in_short, subject, weighty
from fissures.case.prose_reading import told_claims
from fissures.case.records import Case
from fissures.case.wording import in_words, spoken

from .worded import WORLD, claim, with_claim, world


def part(text: str, heading: str) -> str:
    """One part of the prose as a single line, without its heading."""
    found = re.search(rf"^{heading.upper()}\n(.*?)(?=\n\n[A-Z ]+\n|\Z)", text, re.S | re.M)
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
    assert "As of 31 December 2019, day by day to 30 June 2020." in " ".join(told.split())
    assert "It reads A letter to the council. Teaching." in " ".join(told.split())


def test_who(told: str) -> None:
    assert part(told, "Who") == (
        "The parties are Ardel; Brome; and the hill kin (not recognised, standing with Ardel). Around them: the League "
        "(mediator)."
    )


def test_who_stands_behind_a_party_and_who_is_left_uncounted() -> None:
    more = {
        "SOU": {"name": "Southland", "iso3": "SOU", "stands_with": "BRO", "role": "ally of BRO"},
        "NOR": {"name": "Norland", "iso3": "NOR", "role": "mediator, neighbour"},
        "WES": {"name": "Westland", "iso3": "WES", "role": "mediator"},
    }
    assert part(prose(world(actors={**WORLD["actors"], **more})), "Who") == (
        "The parties are Ardel; Brome (with Southland behind it); and the hill kin (not recognised, standing with "
        "Ardel). Around them: Norland and Westland (mediators) and one more."
    )


def test_where_and_whose(told: str) -> None:
    assert part(told, "Where") == (
        "The Upper Weir lies between Ardel and Brome, each side holding its own ground. The lower ford lies between "
        "Brome and the hill kin, on ground recognised as Brome's, of which the other side holds the north."
    )


def test_ladders(told: str) -> None:
    assert part(told, "The ladders") == (
        "Each day everything stands on one rung of its ladder, low to high. The Upper Weir and the lower ford: calm "
        "(no blow struck), scuffles (fists and stones), raids (armed parties cross) and feud (three killed in a day). "
        "The council talks: silence, session and oath."
    )


def test_a_long_description_of_a_rung_is_cut_at_its_first_clause() -> None:
    rungs = {
        "calm": {"described_as": "quiet, dull, or both; no blow struck"},
        "scuffles": {"described_as": "fists and stones, no blades; nobody dies"},
        "raids": {"described_as": "armed parties cross"},
        "feud": {"described_as": "three killed in a day"},
    }
    ladders = {**WORLD["ladders"], "river": {"active_from": "scuffles", "rungs": rungs}}
    bare = {"claims": {}, "levers": {}, "questions": {"feud": WORLD["questions"]["feud"]}}
    said = part(prose(world(ladders=ladders, **bare)), "The ladders")
    assert "calm (quiet, dull, or both); scuffles (fists and stones); raids" in said


def test_claims_are_grouped_by_effect_and_merged(told: str) -> None:
    assert part(told, "What the argument says") == (
        "The argument is read as 8 claims (5 stated, 2 implied* and 1 ours**, so marked below). Of these, 6 couple a "
        "cause with an effect, through 5 coefficients; one only repeats another. 'At' a rung means there or above. A "
        "pressure is a level that its events or series feed and that fades; it is 1 at its reference surge, a size "
        "seen before. Unless a place is named, claims act on the Upper Weir and the lower "
        "ford. What drives violence up. A climb is likelier with time without a council* and thirst above 0.2. What "
        "holds it down. A climb is rarer with the Upper Weir at raids**. On 1 October 2018 the record has violence "
        "drop; one claim reads it. Within the sides. Likelier: marches for water in Market Town with thirst (with "
        "diminishing returns)."
    )


@pytest.mark.parametrize(
    ("cause", "effect", "keys", "said"),
    [
        (
            "thirst",
            "lowers falling of ford",
            {},
            "The way down. A fall on the lower ford is rarer with thirst.",
        ),
        (
            "thirst",
            "lowers falling of ford",
            {"when": "distrust above 0.5"},
            "A fall on the lower ford is rarer with thirst while time without a council is above 0.5.",
        ),
        (
            "thirst",
            "raises climbing up to raids of ford",
            {"when": "distrust below 0.5"},
            "on the lower ford with thirst (up to raids) while time without a council is below 0.5.",
        ),
        (
            "fire by ARD on weir",
            "raises by BRO of ford",
            {"reading": "ours"},
            "Who moves, and how. A move by Brome on the lower ford is likelier with fire by Ardel on the Upper Weir**.",
        ),
        ("thirst", "raises means hired_men of weir, ford", {}, "Use of hired men is likelier with thirst."),
        ("thirst", "lowers advance of ford", {}, "A change of ground on the lower ford is rarer with thirst."),
        ("thirst", "raises violence of weir, ford", {}, "Violence as a whole rises with thirst."),
        ("thirst", "lowers pressure fury", {}, "Also lower: Brome's fury with thirst."),
        (
            "pact in force",
            "raises stream pleas",
            {},
            "What outsiders do. Likelier: League pleas for calm with the Pact of Ardel in force.",
        ),
        (
            "ford at feud or above",
            "raises stream pleas",
            {},
            "What fighting sets off. Likelier: League pleas for calm with the lower ford at feud.",
        ),
        (
            "within 6 weeks of cuts",
            "lowers climbing to oath of talks",
            {},
            "What moves the council talks. A step up to oath is rarer with recent water cuts.",
        ),
        (
            "pact",
            "lowers climbing past scuffles of weir, ford",
            {},
            "Rarer too: a climb past scuffles on the Upper Weir with the Pact of Ardel.",
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
    assert (
        "Marches for water in Market Town: likelier with thirst (with diminishing returns); rarer with Brome's fury."
        in said
    )


def test_a_restatement_of_another_effect_is_told_and_not_counted_again() -> None:
    case = with_claim(same_as="thirst_climbs", cause="thirst", effect="raises stream pleas")
    said = part(prose(case), "What the argument says")
    assert "What outsiders do. Likelier: League pleas for calm with thirst." in said
    assert "through 5 coefficients; one only repeats another." in said


def test_two_places_that_act_on_one_another_share_a_clause() -> None:
    claims = {
        **WORLD["claims"],
        "a": claim("A", cause="weir at raids or above", effect="raises climbing of ford"),
        "b": claim("B", "implied", cause="ford at raids or above", effect="raises climbing of weir"),
    }
    said = part(prose(world(claims=claims)), "What the argument says")
    assert "; on the lower ford with the Upper Weir at raids, and the other way round*." in said


def test_loops_are_named_with_their_sign() -> None:
    claims = {**WORLD["claims"], "z": claim("Z", cause="fury", effect="raises stream marches")}
    assert part(prose(world(claims=claims)), "Loops").startswith(
        "The argument leads back to itself in five ways, two feeding it and three checking it. The shortest: the Upper "
        "Weir with itself (a check); Brome's fury with marches for water in Market Town;"
    )


def test_commitments_and_facts(told: str) -> None:
    assert part(told, "Commitments") == "One commitment (contested) obliges nothing that is asked below."
    assert part(told, "Disputed facts") == (
        "Sources differ on who struck first (two versions); every version is kept, none averaged."
    )


def test_a_commitment_that_a_question_hangs_on_is_told_with_its_trigger() -> None:
    asked = {**WORLD["questions"]["feud"], "asks": "at least 2 of stream pleas"}
    case = world(questions={**WORLD["questions"], "pleas": asked})
    assert part(prose(case), "Commitments") == (
        "Fire on the recognised soil of Ardel at raids triggers the Pact of Ardel (the League for Ardel, contested), "
        "obliging League pleas for calm."
    )
    assert part(prose(case), "What is asked").endswith("Of outsiders: at least two of: League pleas for calm.")


def test_how_reporters_tell_of_the_dead() -> None:
    prior = {"mean": -0.7, "sd": 0.5, "says": "ours"}
    own = {"own": prior, "enemy": {**prior, "mean": 0.7}}
    ardel = {"name": "Ardel's criers", "side": "ARD", **own}
    brome = {"name": "Brome's criers", "side": "BRO", **own}
    said = part(prose(world(reporters={"ardel": ardel, "brome": brome})), "Disputed facts")
    assert said.endswith("Reporters are taken to tell of 0.5 times their own dead and 2 times the other side's.")
    said = part(prose(world(reporters={"ardel": ardel})), "Disputed facts")
    assert "Ardel's criers are taken to tell of" in said


def test_questions_and_levers(told: str) -> None:
    assert part(told, "What is asked") == (
        "The case puts two questions, for 30 June 2020 where no date is named. Of the fighting: any front reaching "
        "feud. Of the dead: how many deaths (by 31 March)."
    )
    assert part(told, "What somebody could do") == (
        "What-ifs to try: the League calls the council. Escalatory, on an explicit flag only: Ardel shuts every sluice."
    )


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ("weir reaches raids", "Of the fighting: the Upper Weir reaching raids."),
        ("talks reaches oath", "Of the talks: reaching oath."),
        ("ground changes hands on ford", "Of the fighting: ground taken on the lower ford."),
        ("use of hired_men on any front", "Of the fighting: use of hired men."),
        ("weeks with use of hired_men on any front", "Of the fighting: weeks with use of hired men."),
        ("at least 1 death on ford", "Of the dead: any deaths on the lower ford."),
        ("at least 9 deaths on all fronts in a calendar month", "Of the dead: 9 or more deaths in a month."),
        ("none of stream marches", "Of the sides: no marches for water in Market Town."),
    ],
)
def test_every_kind_of_question_is_told(asks: str, said: str) -> None:
    asked = {**WORLD["questions"]["feud"], "asks": asks}
    assert part(prose(world(questions={"asked": asked})), "What is asked").endswith(said)


def test_a_question_put_for_several_dates_is_told_once() -> None:
    feud = WORLD["questions"]["feud"]
    dates = {f"by_{month}": {**feud, "by": f"2020-{month}-28"} for month in ("02", "04", "06")}
    assert part(prose(world(questions=dates)), "What is asked").endswith("any front reaching feud (by three dates).")


def test_what_carries_no_coefficient_and_why(told: str) -> None:
    assert part(told, "Without a coefficient") == (
        "Two statements carry none: how things stood (one) and what people believe (one)."
    )


def test_what_the_record_covers_and_does_not(told: str) -> None:
    assert part(told, "The record") == (
        "The record holds weekly reports and counts of events, on the fronts from 1 January 2018 to 29 December 2019; "
        "other days are unknown, not quiet. Of 3 kinds of events, 2 have no count: their rate is a prior only."
    )


def test_a_stream_that_only_a_state_file_holds_has_no_count() -> None:
    """State events say where things stand; they are no evidence and no count, whatever days they hold."""
    state = {"kind": "dated_counts", "file": "now.csv", "source": "letter", "role": "state", "streams": ["pleas"]}
    said = part(prose(world(evidence={**WORLD["evidence"], "now": state})), "The record")
    assert said == part(prose(world()), "The record")
    both = {**state, "role": "evidence", "covers": [["2018-01-01", "2019-12-29"]]}
    counted = part(prose(world(evidence={**WORLD["evidence"], "now": both})), "The record")
    assert "Of 3 kinds of events, one has no count" in counted


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
    assert "LOOPS" not in told and "COMMITMENTS" not in told and "DISPUTED FACTS" not in told
    assert "The argument is read as 0 claims." in told


def test_events_with_one_and_the_same_cause_share_a_sentence() -> None:
    claims = {
        "a": claim("A", cause="any front at raids or above", effect="raises stream marches"),
        "b": claim("B", "ours", cause="any front at raids or above", effect="raises stream cuts"),
        "c": claim("C", cause="any front at raids or above", effect="lowers stream pleas"),
        "d": claim("D", cause="any front at feud or above", effect="raises stream marches"),
        "e": claim("E", cause="any front at feud or above", effect="raises pressure thirst"),
    }
    assert part(prose(world(claims=claims)), "What the argument says").endswith(
        "What fighting sets off. With any front at raids, likelier: marches for water in Market Town and water cuts**; "
        "rarer: League pleas for calm. At feud, likelier or higher: marches for water in Market Town and thirst."
    )


# --- the shipped case ---------------------------------------------------------------------------------------

MOST_WORDS = 1_290  # two pages of 66 lines


@pytest.fixture(scope="module")
def shipped() -> Case:
    return fs.load("south-caucasus-2020").record


def test_the_shipped_case_owns_how_few_streams_are_counted(shipped: Case) -> None:
    """What only the article tells of the crisis is no count: most streams have none."""
    own = {name for name, stream in shipped.streams.items() if stream.read_from is None}
    fitted = [one for one in shipped.evidence.values() if one.role == "evidence"]
    counted = own & {name for one in fitted for name in (*one.streams, *one.columns)}
    state = own & {name for one in shipped.evidence.values() if one.role == "state" for name in one.streams}
    assert len(state - counted) > 15 and {"volunteers", "senior_officer_deaths"} <= state - counted
    told = part(prose(shipped), "The record")
    assert f"Of {len(own)} kinds of events, {len(own - counted)} have no count" in told


def test_the_shipped_case_takes_two_pages_and_a_small_one_less(shipped: Case, told: str) -> None:
    assert len(prose(shipped).split()) <= MOST_WORDS
    assert len(prose(shipped).splitlines()) <= 2 * 67
    assert len(told.split()) <= 550


UP, DOWN = ("likelier or higher", "likelier", "higher", "rises"), ("rarer or lower", "rarer", "lower", "ebbs")


def stretches(sentence: str) -> list[tuple[int, str]]:
    """What stands after each word of direction in a sentence, up to the next such word, with its sign."""
    _, *rest = re.split(rf"\b({'|'.join(UP + DOWN)})\b", sentence)
    return [(1 if way in UP else -1, words) for way, words in zip(rest[::2], rest[1::2], strict=True)]


def test_the_shipped_case_tells_every_coupling_with_its_direction(shipped: Case) -> None:
    """The cause by its short name and the effect by its group stand in one sentence, about its direction.

    All of the article on fronts and tracks, and on what these start from, but for what it only allows for; the others
    are counted.
    """
    text = " ".join(prose(shipped).split()).lower()
    sentences = re.split(r"(?<=[^0-9])\. ", text)
    claims = told_claims(shipped)
    told = weighty(claims, shipped)
    on_places = [one for one in claims if one.effect.kind not in ("stream", "pressure")]
    left = [one for one in on_places if one not in told]
    assert len(on_places) > 40 and all(one.strength == "may" or one.claim.says.reading == "ours" for one in left)
    assert f"{in_words(len(claims) - len(told))} more are ours" in text
    for one in told:
        assert not one.strength or f"({one.strength})" in text
        causes = [
            f"at {spoken(factor.rung)}" if factor.rung else in_short(factor, shipped).lower()
            for factor in one.cause.factors
        ]
        moved = subject(one.effect, shipped).lower()
        assert any(
            moved in sentence
            and all(cause in sentence for cause in causes)
            and any(
                sign == one.effect.sign and (moved in words or all(cause in words for cause in causes))
                for sign, words in stretches(sentence)
            )
            for sentence in sentences
        ), f"{one.claim.code}: {causes} -> {one.effect.sign} {moved}"

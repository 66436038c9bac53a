"""Claims read back, and the passages they point at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fissures.case.check import check_passages, examine
from fissures.case.grammar import PhraseError
from fissures.case.passages import main_source, passage, passage_digest
from fissures.case.read import read_case
from fissures.case.sentences import sentence, sentences
from fissures.case.wording import mid

from .worded import WORLD, claim, with_claim, world

Altered = Callable[..., Path]


def test_claims_are_read_back(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    told = sentences(case)
    assert told.keys() == case.claims.keys()
    expected = {
        "thirst_raises_climbing": "Water withheld: a level above 0.2 raises the chance of a climb on the upper weir "
        "and the lower ford.",
        "distrust_raises_climbing": "Time without a council in earnest: more of it raises the chance of a climb from "
        "scuffles on the lower ford.",
        "grief_slows_falling": "Days since blood was shed here: more of it lowers the chance of a fall on the upper "
        "weir and the lower ford.",
        "thirst_brings_marches": "Water withheld: more of it raises the rate of: marches for water in the market "
        "towns.",
    }
    assert {name: told[name] for name in expected} == expected


COUPLINGS = [
    # causes
    (
        "thirst",
        "raises climbing of weir",
        "",
        "Thirst (water withheld): more of it raises the chance of a climb on the Upper Weir.",
    ),
    (
        "weir at raids or above",
        "lowers climbing of ford",
        "",
        "The Upper Weir at raids or above: every such day lowers the chance of a climb on the lower ford.",
    ),
    (
        "any front at raids or above",
        "raises stream pleas",
        "",
        "Any front at raids or above: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "weir, ford at feud or above",
        "raises stream pleas",
        "",
        "Any front at feud or above: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "own front at raids or above",
        "lowers falling of ford",
        "",
        "The same front at raids or above: every such day lowers the chance of a fall on the lower ford.",
    ),
    (
        "any front reaches raids",
        "raises stream pleas",
        "",
        "Any front reaching raids: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "talks at session or above",
        "lowers climbing of weir",
        "",
        "The council talks at session or above: every such day lowers the chance of a climb on the Upper Weir.",
    ),
    (
        "within 6 weeks of cuts",
        "raises climbing of weir",
        "",
        "The 6 weeks after water cuts (sluices shut): every such day raises the chance of a climb on the Upper Weir.",
    ),
    (
        "pact",
        "lowers climbing past scuffles of weir, ford",
        "",
        "The Pact of Ardel: where it binds it lowers the chance of a climb past scuffles on the Upper Weir.",
    ),
    (
        "pact in force",
        "raises stream pleas",
        "",
        "The Pact of Ardel in force: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "fire by ARD on weir",
        "raises pressure fury",
        "",
        "Fire by Ardel on the Upper Weir: every such day raises the level of: Brome's fury.",
    ),
    (
        "fire on ARD soil at raids or above",
        "raises pressure fury",
        "",
        "Fire on the recognised soil of Ardel at raids or above: every such day raises the level of: Brome's fury.",
    ),
    (
        "fire on ARD soil of weir",
        "raises pressure fury",
        "",
        "Fire on the recognised soil of Ardel on the Upper Weir: every such day raises the level of: Brome's fury.",
    ),
    (
        "use of hired_men on any front",
        "raises stream pleas",
        "",
        "Use of hired men on any front: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "advance on any front",
        "raises stream pleas",
        "",
        "Ground taken on any front: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "advance by KIN on ford",
        "raises stream pleas",
        "",
        "Ground taken by the hill kin on the lower ford: every such day raises the rate of: League pleas for calm.",
    ),
    (
        "dead of ARD",
        "raises stream marches",
        "",
        "The dead of Ardel: more of them raises the rate of: marches for water in Market Town.",
    ),
    (
        "deaths on weir",
        "raises stream marches",
        "",
        "Deaths on the Upper Weir: more of them raises the rate of: marches for water in Market Town.",
    ),
    (
        "thirst and fury",
        "raises climbing of ford",
        "",
        "Thirst (water withheld) together with Brome's fury: more of both raises the chance of a climb on "
        "the lower ford.",
    ),
    (
        "thirst and weir at feud or above",
        "raises climbing of ford",
        "",
        "Thirst (water withheld) together with the Upper Weir at feud or above: both at once raises the "
        "chance of a climb on the lower ford.",
    ),
    # conditions
    (
        "thirst",
        "raises climbing of ford",
        "thirst above 0.5",
        "Thirst (water withheld): a level above 0.5 raises the chance of a climb on the lower ford.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "thirst below 0.2",
        "Thirst (water withheld): a level below 0.2 raises the chance of a climb on the lower ford.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "fury above 0.5",
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford, only while "
        "Brome's fury is above 0.5.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "within 2 weeks of pleas",
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford, only within 2 "
        "weeks of League pleas for calm.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "talks at session or above",
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford, only with the "
        "council talks at session or above.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "pact in force",
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford, only while the "
        "Pact of Ardel is in force.",
    ),
    (
        "thirst",
        "raises climbing of ford",
        "fire by ARD on weir",
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford, only on days of "
        "fire by Ardel on the Upper Weir.",
    ),
    # effects
    (
        "thirst",
        "raises climbing from calm to raids of ford",
        "",
        "Thirst (water withheld): more of it raises the chance of a climb from calm to raids on the lower ford.",
    ),
    (
        "thirst",
        "lowers falling from feud of ford",
        "",
        "Thirst (water withheld): more of it lowers the chance of a fall from feud on the lower ford.",
    ),
    (
        "thirst",
        "raises move calm to raids of ford",
        "",
        "Thirst (water withheld): more of it raises the chance of a move from calm to raids on the lower ford.",
    ),
    (
        "thirst",
        "raises violence of weir, ford",
        "",
        "Thirst (water withheld): more of it raises violence on the Upper Weir and the lower ford (climbs "
        "likelier, falls rarer).",
    ),
    (
        "thirst",
        "lowers violence of ford",
        "",
        "Thirst (water withheld): more of it lowers violence on the lower ford (climbs rarer, falls likelier).",
    ),
    (
        "thirst",
        "lowers violence of talks",
        "",
        "Thirst (water withheld): more of it lowers movement in the council talks (steps up rarer, steps "
        "down likelier).",
    ),
    (
        "thirst",
        "lowers climbing to oath of talks",
        "",
        "Thirst (water withheld): more of it lowers the chance of a step up to oath in the council talks.",
    ),
    (
        "thirst",
        "raises falling of ford, talks",
        "",
        "Thirst (water withheld): more of it raises the chance of a fall on the lower ford and the chance of "
        "a step down in the council talks.",
    ),
    (
        "thirst",
        "raises by BRO of ford",
        "",
        "Thirst (water withheld): more of it raises the chance that it is Brome that moves on the lower ford.",
    ),
    (
        "thirst",
        "raises means hired_men of ford",
        "",
        "Thirst (water withheld): more of it raises the use of hired men on the lower ford.",
    ),
    (
        "thirst",
        "raises advance of ford",
        "",
        "Thirst (water withheld): more of it raises the chance that ground changes hands on the lower ford.",
    ),
]


@pytest.mark.parametrize(("cause", "effect", "when", "told"), COUPLINGS, ids=lambda text: text[:40])
def test_every_form_of_the_language_reads_as_english(cause: str, effect: str, when: str, told: str) -> None:
    case = with_claim(cause=cause, effect=effect, **({"when": when} if when else {}))
    assert sentence(case.claims["asked"], case) == told


SHAPES = [
    (
        {"cause": "thirst", "effect": "lowers climbing of ford", "shape": "square_root"},
        "Thirst (water withheld): more of it, with diminishing returns, lowers the chance of a climb on the "
        "lower ford.",
    ),
    (
        {"cause": "thirst", "effect": "raises climbing of ford", "prior": {"mean": -0.3, "sd": 0.4, "says": "ours"}},
        "Thirst (water withheld): more of it raises the chance of a climb on the lower ford; its stated "
        "prior leans the other way.",
    ),
    (
        {"same_as": "thirst_climbs"},
        "Restates V1 (Thirst (water withheld): a level above 0.2 raises the chance of a climb on the Upper "
        "Weir and the lower ford); one coefficient with it.",
    ),
    (
        {"same_as": "thirst_climbs", "cause": "thirst", "effect": "raises stream pleas"},
        "Thirst (water withheld): more of it raises the rate of: League pleas for calm; restates V1; one "
        "coefficient with it.",
    ),
    (
        {"same_as": "break bridge"},
        "Reads the drop of 1 October 2018 in violence on the Upper Weir and the lower ford (climbs rarer, "
        "falls likelier); one coefficient with it.",
    ),
    ({"kind": "level"}, "A statement of level; no coefficient."),
    (
        {"kind": "perception", "about": "How one sees the other."},
        "A statement of perception: how one sees the other; no coefficient.",
    ),
    (
        {"kind": "importance", "about": "what weighs most"},
        "A statement of importance: what weighs most; no coefficient.",
    ),
    (
        {"kind": "measurement", "about": "how ARD counts its dead"},
        "A statement of measurement: how Ardel counts its dead; no coefficient.",
    ),
    ({"kind": "context"}, "A statement of context; no coefficient."),
]


@pytest.mark.parametrize(("keys", "told"), SHAPES, ids=lambda value: str(value)[:40])
def test_shapes_restatements_and_statements(keys: dict[str, Any], told: str) -> None:
    case = with_claim(**keys)
    assert sentence(case.claims["asked"], case) == told


def test_a_ring_of_restatements_ends() -> None:
    rings = {"a": claim("A", same_as="b"), "b": claim("B", same_as="a")}
    case = world(claims={**WORLD["claims"], **rings})
    assert sentences(case)["a"] == "Restates B; one coefficient with it."


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"cause": "thirst"}, "this coupling has no cause or no effect"),
        ({"same_as": "break brigde"}, "no break 'brigde'"),
        ({"same_as": "thirst_climb"}, "no claim 'thirst_climb'"),
    ],
)
def test_what_cannot_be_read_says_why(keys: dict[str, Any], wrong: str) -> None:
    case = with_claim(**keys)
    with pytest.raises(PhraseError, match=wrong):
        sentence(case.claims["asked"], case)


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Ardelian backing", "Ardelian backing"),
        ("Backing by Ardel", "backing by Ardel"),
        ("Market unrest", "Market unrest"),
        ("CSTO requests", "CSTO requests"),
        ("United Valleys engagement", "United Valleys engagement"),
        ("A United Valleys election", "a United Valleys election"),
        ("The drought", "the drought"),
        ("drought", "drought"),
    ],
)
def test_names_within_a_sentence(name: str, within: str) -> None:
    assert mid(name, world()) == within


def test_a_claim_that_cannot_be_read_has_no_sentence(altered: Altered) -> None:
    case, _ = read_case(altered(("cause: grief", "cause: sorrow")))
    assert "grief_slows_falling" not in sentences(case)
    with pytest.raises(PhraseError):
        sentence(case.claims["grief_slows_falling"], case)


def test_passages_stand_where_the_claims_say(two_valleys: Path) -> None:
    case, positions = read_case(two_valleys)
    text = (two_valleys / "source.txt").read_text(encoding="utf-8")
    assert check_passages(case, {"letter": text}, positions) == []
    assert check_passages(case, {"ledger": "not asked for"}) == []
    words = passage(case.claims["thirst_brings_marches"].says, text)
    assert words == "In the market towns people have begun to march for water."
    assert passage_digest(words) == case.claims["thirst_brings_marches"].says.sha256
    assert main_source(case) == "letter"


def test_blank_lines_and_line_ends_do_not_move_a_passage(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    text = (two_valleys / "source.txt").read_text(encoding="utf-8")
    assert check_passages(case, {"letter": text.replace("\n", "\r\n\r\n   ")}) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("para: 5", "para: 9", "there is no paragraph 9 in 'letter': it has 5"),
        ("span: [0, 57]", "span: [0, 999]", "the span [0, 999] leaves paragraph 5 of 'letter' (0 to 106)"),
        ("span: [0, 57]", "span: [0, 56]", "paragraph 5 [0, 56] of 'letter' holds other words than were meant"),
    ],
)
def test_a_passage_that_moved_is_found(altered: Altered, old: str, new: str, message: str) -> None:
    folder = altered((old, new))
    text = (folder / "source.txt").read_text(encoding="utf-8")
    found = examine(folder, {"letter": text}).findings
    assert [f.message for f in found] == [message]
    assert found[0].why and found[0].remedy and found[0].where.startswith("case.yaml:")
    assert examine(folder).findings == ()

"""Claims read back, and the passages they point at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fissures.case.check import check_passages, examine
from fissures.case.grammar import PhraseError
from fissures.case.passages import main_source, passage, passage_digest
from fissures.case.read import read_case
from fissures.case.sentences import sentence, sentences

Altered = Callable[..., Path]


def test_claims_are_read_back(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    assert sentences(case) == {
        "thirst_raises_climbing": "Water withheld: a level above 0.2 raises the chance of a climb on the upper weir "
        "and the lower ford.",
        "distrust_raises_climbing": "Time without a council in earnest: more of it raises the chance of a climb from "
        "scuffles on the lower ford.",
        "grief_slows_falling": "Days since blood was shed here: more of it lowers the chance of a fall on the upper "
        "weir and the lower ford.",
        "thirst_brings_marches": "Water withheld: more of it raises the rate of: marches for water in the market "
        "towns.",
    }


@pytest.mark.parametrize(
    ("cause", "effect", "told"),
    [
        (
            "thirst",
            "lowers falling of ford",
            "Water withheld: more of it lowers the chance of a fall on the lower ford.",
        ),
        (
            "ford at raids or above",
            "raises climbing from scuffles to raids of weir",
            "The lower ford at raids or above: every such day raises the chance of a climb from scuffles to raids on "
            "the upper weir.",
        ),
        (
            "oath",
            "lowers climbing past raids of weir, ford",
            "The oath: where it binds it lowers the chance of a climb past raids on the upper weir and the lower ford.",
        ),
        (
            "thirst",
            "raises move calm to raids of ford",
            "Water withheld: more of it raises the chance of a move from calm to raids on the lower ford.",
        ),
    ],
)
def test_every_kind_of_claim_reads_as_english(altered: Altered, cause: str, effect: str, told: str) -> None:
    oath = "commitments:\n  oath: {name: The oath, guarantor: LEA, protects: BRO, when: ford at feud or above}\n"
    case, _ = read_case(
        altered(
            ("levers:", f"{oath}levers:"), ("cause: grief", f"cause: {cause}"), ("lowers falling of weir, ford", effect)
        )
    )
    assert sentence(case.claims["grief_slows_falling"], case) == told


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

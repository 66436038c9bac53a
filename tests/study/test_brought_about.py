"""What a lever settles by itself is marked, and is no effect: not in numbers, not in words, not as main lever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

import fissures as fs
from fissures.brief import front, whatifs
from fissures.case.records import Case, Lever, Question
from fissures.model.simulate import Run
from fissures.study.brought_about import BROUGHT, RULED_OUT, SCALED, brought_about
from fissures.study.compare import compare
from fissures.study.difference import Difference
from fissures.study.pairing import Control
from fissures.study.records import Answer, Arm


def lever(since: str = "2020-02-01", until: str = "2020-03-01", **does: object) -> Lever:
    """A lever with two dates."""
    return Lever.model_validate({"name": "a lever", "from": since, "to": until, **does})


def asking(case: Case, asks: str, by: str = "2020-06-30") -> Case:
    """The small case with one question."""
    one = Question(code="Q", title="?", asks=asks, by=date.fromisoformat(by), resolves="so")
    return case.model_copy(update={"questions": {"one": one}})


@pytest.mark.parametrize(
    ("asks", "does", "how"),
    [
        ("at least 1 of stream market_marches", {"inject": {"market_marches": "1 once"}}, BROUGHT),
        ("at least 2 of stream water_cuts, market_marches", {"inject": {"market_marches": "1 once"}}, BROUGHT),
        ("none of stream market_marches", {"inject": {"market_marches": "1 once"}}, RULED_OUT),
        ("at least 1 of stream market_marches", {"scale": {"market_marches": 0.2}}, SCALED),
        ("at least 1 of stream market_marches", {"scale": {"market_marches": 1.0}}, ""),
        ("at least 1 of stream market_marches", {"inject": {"water_cuts": "1 once"}}, ""),
        ("deaths on all fronts", {"inject": {"water_cuts": "1 once"}}, ""),
        ("any front reaches feud", {"inject": {"council_meetings": "1 once"}}, ""),
    ],
)
def test_a_lever_that_adds_or_scales_what_is_asked(case: Case, asks: str, does: dict[str, object], how: str) -> None:
    made = asking(case, asks).model_copy(update={"levers": {"l": lever(**does)}})
    assert brought_about(made, ("l",)) == ({"Q": how} if how else {})


def test_a_lever_that_lifts_a_track_settles_every_rung_up_to_there(case: Case) -> None:
    rungs = list(case.ladders[case.tracks["council"].ladder].rungs)
    for lifted in rungs[1:]:
        own = case.streams["burnings"].model_copy(update={"read_from": f"council just at {lifted}"})
        more = {"streams": {**case.streams, "sittings": own}, "levers": {"l": lever(inject={"sittings": "1 once"})}}
        for rung in rungs[1:]:
            told = brought_about(asking(case, f"council reaches {rung}").model_copy(update=more), ("l",))
            assert told == ({"Q": BROUGHT} if rungs.index(rung) <= rungs.index(lifted) else {})


def test_together_with_another_and_only_while_the_question_is_open(case: Case) -> None:
    levers = {"a": lever(inject={"market_marches": "1 once"}), "b": lever(inject={"water_cuts": "1 once"})}
    asked = asking(case, "at least 1 of stream market_marches", by="2020-03-31")
    assert brought_about(asked.model_copy(update={"levers": levers}), ("b", "a")) == {"Q": BROUGHT}
    late = {"a": lever(since="2020-04-01", until="2020-05-01", inject={"market_marches": "1 once"})}
    assert brought_about(asked.model_copy(update={"levers": late}), ("a",)) == {}


def test_the_shipped_case_marks_what_its_summits_and_ministers_do() -> None:
    case = fs.load("south-caucasus-2020").record
    told = {case.levers[name].code: brought_about(case, (name,)) for name in case.levers}
    assert {code: found for code, found in told.items() if found} == {
        "L1": {"Q12": BROUGHT},
        "L2": {"Q12": BROUGHT},
        "L18": {"Q10": SCALED},
    }


def test_compare_marks_the_difference(case: Case, made: Callable[..., Run]) -> None:
    marching = {"levers": {**case.levers, "march": lever(inject={"market_marches": "1 once"})}}
    run = made(2048)
    arm = compare(Control(case.model_copy(update=marching), run, run), run, ("march",), ())
    assert {code for code, found in arm.differences.items() if found.itself} == {"V-Q3"}


def arms() -> tuple[Arm, ...]:
    """Two levers that settle a question by themselves, and one with a smaller effect."""
    big = Difference(0.7, 1.0, 0.3, (0.25, 0.35), 0.01, (), (), itself=BROUGHT)
    small = Difference(0.7, 0.72, 0.02, (0.01, 0.03), 0.001, ("C1",), ())
    return (
        Arm("s", "A summit", "", False, {"Q12": big}, "L1"),
        Arm("m", "Ministers", "", False, {"Q12": big}, "L2"),
        Arm("x", "Shuttles", "", False, {"Q12": small}, "L3"),
    )


def question() -> Answer:
    """The question that they settle."""
    return Answer(
        "q", "Q12", "Do they meet?", date(2020, 9, 30), "event", 0.7, 0.01, (0.5, 0.9), {}, {}, "likely", None, 0.7,
        0.7, None, "", "",
    )  # fmt: skip


def test_it_is_no_effect_in_the_words_of_the_brief() -> None:
    asked, tried = question(), arms()
    assert front.lever(asked, tried)[0] == "L3 Shuttles"
    assert "“Shuttles” would change it most of 1 lever tried" in whatifs.lever_sentence(asked, tried)
    assert whatifs.whatif_title(asked, tried) == (
        "Q12 in the model: none of 1 lowers it and 1 raises it with an 80 % range clear of zero"
    )
    assert whatifs.settled("Q12", tried) == f"Not counted: L1 and L2 ({BROUGHT})."
    assert [arm.code for arm in whatifs.ordered(tried, "Q12")] == ["L3", "L1", "L2"]
    assert not arms()[0].differences["Q12"].clear_effect and arms()[0].differences["Q12"].clear


def test_where_nothing_else_was_tried_no_lever_is_named() -> None:
    assert front.lever(question(), arms()[:2]) == ("", "none but what brings it about")
    assert whatifs.lever_sentence(question(), arms()[:2]).startswith("No what-if was run for this question but those")


def test_most_moved_looks_past_it() -> None:
    other = replace(question(), code="Q1")
    moved = Difference(0.5, 0.6, 0.1, (0.05, 0.15), 0.01, (), ())
    tried = (*arms(), Arm("y", "Relief", "", False, {"Q1": moved}, "L9"))
    assert [q.code for q in whatifs.most_moved([question(), other], tried, 2)] == ["Q1", "Q12"]

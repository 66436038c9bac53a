"""The grammar: what each phrase means, and that no text makes it raise anything but its own error."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fissures.case import grammar, systems
from fissures.case.grammar import Ask, Cause, Effect, Factor, PhraseError, When
from fissures.case.read import read_case
from fissures.case.records import Case

CASE: Case = read_case(Path(__file__).resolve().parents[1] / "cases" / "two_valleys")[0]
BOTH = ("weir", "ford")

FACTORS = {
    "thirst": Factor("pressure", ("thirst",)),
    "water_cuts": Factor("stream", ("water_cuts",)),
    "oath": Factor("commitment", ("oath",)),
    "oath in force": Factor("in_force", ("oath",)),
    "within 6 weeks of water_cuts": Factor("within", ("water_cuts",), days=42.0),
    "weir at raids or above": Factor("rung", ("weir",), rung="raids"),
    "weir, ford at raids or above": Factor("rung", BOTH, rung="raids"),
    "any front at raids or above": Factor("rung", BOTH, rung="raids"),
    "council at session or above": Factor("rung", ("council",), rung="session"),
    "own front at raids or above": Factor("rung", BOTH, rung="raids", own=True),
    "weir just at raids": Factor("just", ("weir",), rung="raids"),
    "weir, ford just at raids": Factor("just", BOTH, rung="raids"),
    "any front just at raids": Factor("just", BOTH, rung="raids"),
    "council just at session": Factor("just", ("council",), rung="session"),
    "any front reaches feud": Factor("reaches", BOTH, rung="feud"),
    "council reaches accord": Factor("reaches", ("council",), rung="accord"),
    "fire by ARD on ford": Factor("by", ("ford",), who="ARD"),
    "fire on BRO soil": Factor("hits", BOTH, who="BRO"),
    "fire on BRO soil at feud or above": Factor("hits", BOTH, rung="feud", who="BRO"),
    "fire on BRO soil of ford": Factor("hits", ("ford",), who="BRO"),
    "fire on BRO soil of ford at feud or above": Factor("hits", ("ford",), rung="feud", who="BRO"),
    "use of arson on any front": Factor("means", BOTH, who="arson"),
    "advance on weir": Factor("advance", ("weir",)),
    "advance by ARD on weir": Factor("advance", ("weir",), who="ARD"),
    "dead of BRO": Factor("dead", BOTH, who="BRO"),
    "deaths on weir": Factor("deaths", ("weir",)),
}
EFFECTS = {
    "raises climbing of weir, ford": Effect(1, "climbing", BOTH),
    "lowers falling of weir": Effect(-1, "falling", ("weir",)),
    "raises climbing from raids of weir": Effect(1, "climbing", ("weir",), "raids"),
    "raises climbing to feud of weir": Effect(1, "climbing", ("weir",), None, "feud"),
    "raises climbing from raids to feud of weir": Effect(1, "climbing", ("weir",), "raids", "feud"),
    "lowers climbing past raids of weir": Effect(-1, "ceiling", ("weir",), None, "raids"),
    "raises move raids to scuffles of weir": Effect(1, "move", ("weir",), "raids", "scuffles"),
    "lowers violence of any front": Effect(-1, "violence", BOTH),
    "raises climbing of council": Effect(1, "climbing", ("council",)),
    "raises stream wardens": Effect(1, "stream", name="wardens"),
    "lowers pressure fear": Effect(-1, "pressure", name="fear"),
    "raises by ARD of weir": Effect(1, "by", ("weir",), name="ARD"),
    "raises means arson of weir": Effect(1, "means", ("weir",), name="arson"),
    "lowers advance of weir": Effect(-1, "advance", ("weir",)),
}
ASKS = {
    "weir reaches feud": Ask("reaches", ("weir",), "feud"),
    "any front reaches feud": Ask("reaches", BOTH, "feud"),
    "council reaches accord": Ask("reaches", ("council",), "accord"),
    "at least 1 death on weir": Ask("deaths", ("weir",), at_least=1.0),
    "at least 100 deaths on all fronts in a calendar month": Ask("month", BOTH, at_least=100.0),
    "at least 2 of stream wardens, water_cuts": Ask("events", at_least=2.0, streams=("wardens", "water_cuts")),
    "none of stream wardens": Ask("none", streams=("wardens",)),
    "use of arson on any front": Ask("means", BOTH, who="arson"),
    "weeks with use of arson on any front": Ask("weeks", BOTH, who="arson"),
    "ground changes hands on weir": Ask("advance", ("weir",)),
    "deaths on all fronts": Ask("total", BOTH),
    "deaths on all fronts as told by criers": Ask("total", BOTH, who="criers"),
}
WHENS = {
    "thirst above 0.5": When(Factor("pressure", ("thirst",)), above=0.5),
    "thirst below 0.2": When(Factor("pressure", ("thirst",)), below=0.2),
    "within 2 weeks of wardens": When(Factor("within", ("wardens",), days=14.0)),
    "oath in force": When(Factor("in_force", ("oath",))),
    "council at session or above": When(Factor("rung", ("council",), rung="session")),
}
CAUSES = {
    "thirst": Cause((Factor("pressure", ("thirst",)),)),
    "thirst and distrust": Cause((Factor("pressure", ("thirst",)), Factor("pressure", ("distrust",)))),
}
READERS: dict[str, Callable[[str], Any]] = {
    "factor": lambda text: grammar.factor(text, CASE),
    "effect": lambda text: grammar.effect(text, CASE),
    "asks": lambda text: grammar.asks(text, CASE),
    "when": lambda text: grammar.when(text, CASE),
    "cause": lambda text: grammar.cause(text, CASE),
    "condition": lambda text: grammar.condition(text, CASE.streams),
    "duration": grammar.duration,
    "rate": grammar.rate,
    "surge": grammar.surge,
    "injection": grammar.injection,
    "element": lambda text: systems.element(text, CASE),
    "measure": lambda text: systems.measure(text, CASE),
}
MEANT = [
    *[("factor", text, value) for text, value in FACTORS.items()],
    *[("effect", text, value) for text, value in EFFECTS.items()],
    *[("asks", text, value) for text, value in ASKS.items()],
    *[("when", text, value) for text, value in WHENS.items()],
    *[("cause", text, value) for text, value in CAUSES.items()],
]
PLAIN = [
    *[(kind, text) for kind, text, _ in MEANT],
    *[("condition", text) for text in ("killed per week >= 10", "nothing for 14 days", "wardens in 28 days >= 1")],
    *[("duration", "3 weeks"), ("rate", "1 per 30 years"), ("injection", "2 every 3 days"), ("injection", "1 once")],
    *[("surge", text) for text in ("3 events in 14 days", "7 days", "80")],
    *[("element", "claim V1"), ("measure", "rung raids of weir")],
]


@pytest.mark.parametrize(("kind", "text", "value"), MEANT, ids=[f"{kind}: {text}" for kind, text, _ in MEANT])
def test_what_a_phrase_means(kind: str, text: str, value: object) -> None:
    assert READERS[kind](text) == value


@settings(max_examples=200, deadline=None)
@given(
    phrase=st.sampled_from(PLAIN),
    gaps=st.lists(st.sampled_from([" ", "  ", "\t", "\n", " \n  "]), min_size=30, max_size=30),
    ends=st.booleans(),
)
def test_white_space_never_changes_what_is_read(phrase: tuple[str, str], gaps: list[str], ends: bool) -> None:
    kind, text = phrase
    words = text.split(" ")
    wide = "".join(word + gap for word, gap in zip(words, gaps, strict=False)).rstrip()
    wide = f"  {wide}\n" if ends else wide
    assert READERS[kind](wide) == READERS[kind](text)


WORDS = sorted(
    {word for _, text in PLAIN for word in re.split(r"[ ,]+", text)}
    | {"9" * 5000, ",", "-1", "1e9", "٣", "²", "", "and"}
)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(READERS)),
    text=st.text(max_size=40) | st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=9).map(" ".join),
)
def test_no_text_raises_anything_but_a_phrase_error(kind: str, text: str) -> None:
    try:
        READERS[kind](text)
    except PhraseError as error:
        assert error.message and error.remedy
        assert len(error.message) < 400


WRONG = [
    ("cause", "thirst and distrust and fear", "joins more than two causes"),
    ("cause", "water_cuts", "is a stream; a cause lasts longer than its events"),
    ("when", "water_cuts", "is not a condition"),
    ("effect", "raises climbing from feud to raids of weir", "is not climbing"),
    ("effect", "raises climbing from feud to feud of weir", "is not climbing"),
    ("effect", "lowers climbing past uprising of weir", "nothing lies past uprising"),
    ("effect", "raises climbing past feud of council", "no rung on the ladder of council: 'feud'"),
    ("effect", "raises by LEA of weir", "no side of weir: 'LEA'"),
    ("effect", "raises means arson of council", "no front 'council'"),
    ("factor", "weir, council at raids or above", "no rung on the ladder"),
    ("factor", "fire on BRO soil of ford at session or above", "no rung on the ladder"),
    ("asks", "deaths on all fronts as told by liars", "no reporter 'liars'"),
    ("asks", "will there be war", "is not a question the record can answer"),
    ("condition", "marches in 28 days >= 1", "no stream 'marches'"),
]


@pytest.mark.parametrize(("kind", "text", "says"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_with_a_phrase(kind: str, text: str, says: str) -> None:
    with pytest.raises(PhraseError) as caught:
        READERS[kind](text)
    assert says in caught.value.message and caught.value.remedy

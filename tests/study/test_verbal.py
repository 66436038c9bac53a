"""One number is printed and one word follows from it, whether in a terminal, in a document or on the page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fissures.brief import units
from fissures.cli import _answers
from fissures.study.records import Answer
from fissures.study.verbal import printed, word, worded


def answer(p: float, low: float, high: float) -> Answer:
    """An event at a probability, with its range."""
    return Answer(
        "q", "Q1", "Does it rain?", date(2020, 12, 31), "event", p, 0.001, (low, high), {}, {},
        worded(p, (low, high)), None, p, p, None, "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "term"),
    [
        (0.0, "almost no chance"),
        (0.03, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.8, "likely"),
        (0.95, "very likely"),
        (1.0, "almost certain"),
    ],
)
def test_probabilities_have_words_and_a_boundary_the_milder(probability: float, term: str) -> None:
    assert word(probability) == term


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_has_no_word(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        word(wrong)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_terminal_and_page_say_the_same_word_and_number(p: float, a: float, b: float) -> None:
    told = answer(p, min(a, b, p), max(a, b, p))
    assert told.word == units.worded(told, "icd203")
    there, here = _answers.headline(told), units.shown(told).replace("\u00a0", " ")
    if 0.01 <= p <= 0.99:
        assert there == here
    number = re.search(r"[\d.]+", there)
    assert number is not None and told.word == word(float(number[0]) / 100)


@pytest.mark.parametrize(("p", "term"), [(0.0451, "very unlikely"), (0.1949, "very unlikely"), (0.1951, "unlikely")])
def test_near_a_boundary_the_printed_number_decides(p: float, term: str) -> None:
    assert answer(p, 0.0, 0.3).word == term and printed(p, (0.0, 0.3)) in (0.05, 0.19, 0.2)

"""The first page, word for word: three sentences, graded confidence, the key questions, reasons, signs, changes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fissures.brief import Context, argument, confidence, front, render, units
from fissures.brief.numbers import SPACE
from fissures.errors import UsageError
from fissures.study.first_page import FirstPage, LastIssue
from fissures.study.records import Answer, Study
from fissures.study.verbal import known_scale

from .test_page import Page


def spaced(text: str) -> str:
    """The text with plain spaces."""
    return text.replace(SPACE, " ")


def asked(study: Study, code: str) -> Answer:
    """One question of a study, with the word that the brief gives it."""
    found = next(q for q in study.answers.questions if q.code == code)
    return replace(found, word=units.worded(found, "icd203"))


def test_the_bottom_line_has_three_sentences(study: Study, context: Context, first: FirstPage) -> None:
    said = [spaced(s) for s in front.bottom_line(study.answers.questions, study.arms, context.lead, first)]
    assert said == [
        "The most consequential question, “Does the Line of Contact see a limited offensive or worse by "
        "31 December 2020?”, stands at 13 % (very unlikely) in the model; its 80 % range is 7 % to 23 %, and its "
        "reference class says 11 %.",
        "At the far end, “How many are killed in fighting on both fronts from 22 July to 31 December 2020?” has a "
        "median of 12 (80 % range 2 to 140), and the chance of 400 or more is 5 %.",
        "In the model, if the Line of Contact reaches “clash” or worse by 31 August 2020, 13 % becomes 41 %; if not, "
        "7 %; of 4 levers tried, “Turkey holds back its backing until the end of the year” moves it most, by "
        "−3 points.",
    ]


def test_reasons_say_what_they_carry(study: Study, first: FirstPage) -> None:
    lead = asked(study, "Q3c")
    assert [spaced(front.carries(lead, reason, 2000)) for reason in first.reasons] == [
        "Without this sentence 13 % becomes 10 %.",
        "Without this change 13 % becomes 19 %.",
        "Without this sentence 13 % stays 13 %, less than a point apart (not beyond chance on 2,000 paired paths).",
    ]
    wide = replace(lead, range80=(0.0, 0.6))
    assert spaced(units.becomes(wide, -0.034)) == "15 % changes by −3 points"


def test_signs_are_sentences_with_a_date(study: Study, first: FirstPage) -> None:
    lead = asked(study, "Q3c")
    assert [spaced(front.sentence(lead, sign)) for sign in first.signs] == [
        "if the record shows 6 or more of “Threats of force” by 31 August 2020, 13 % becomes 20 %; if not, 11 %",
        "if the Line of Contact reaches “clash” or worse by 31 August 2020, 13 % becomes 41 %; if not, 7 %",
        "if no front reaches “limited offensive” or worse by 30 November 2020, 13 % becomes 4 %; if one does, 50 %",
    ]
    assert spaced(front.odds(first.signs[0])) == "in 30 % of futures; the case watches for it"


def test_numbers_are_whole_and_wide_ranges_go_by_fives(study: Study) -> None:
    lead = asked(study, "Q3c")
    assert (spaced(units.shown(lead)), spaced(units.span(lead))) == ("13 %", "7 % to 23 %")
    wide = replace(lead, range80=(0.02, 0.47))
    assert (spaced(units.shown(wide)), spaced(units.span(wide))) == ("15 %", "2 % to 45 %")
    assert units.worded(replace(wide, probability=0.19), "icd203") == "unlikely", "19 % is printed as 20 %"
    assert units.worded(asked(study, "Q6"), "icd203") == "almost no chance"
    assert units.worded(replace(lead, probability=0.07), "phia") == ""


def test_the_page_shows_numbers_words_ranges_levers_in_each_row(page: str) -> None:
    table = page[page.index('<table class="cards page-one"') :]
    rows = [
        Page(row).words.strip() for row in re.findall(r"<tr role=\"row\">\s*<th scope=\"row\".*?</tr>", table, re.S)[:7]
    ]
    assert rows[0].startswith("Q3c Does the Line of Contact see a limited offensive or worse by 31 December 2020? 13 %")
    assert rows[0].endswith(
        "very unlikely 7 % to 23 % 11 % 11 % −3 points L5 Turkey holds back its backing until the end of the year"
    )
    assert rows[-1].startswith("Q15") and "median; 50 or more: 17 %; 400 or more: 5 % 2 to 140 10 11" in rows[-1]


def test_few_of_many_questions_stand_on_the_first_page(study: Study, context: Context) -> None:
    more = tuple(replace(asked(study, "Q3a"), id=f"x{k}", code=f"X{k}", bounds=None) for k in range(9))
    found = front.key((*study.answers.questions, *more), context)
    assert [q.code for q in found] == ["Q3c", "Q15", "Q1", "Q4", "Q6", "Q3a", "Q5"]
    assert front.key((), context) == ()


# --- confidence -------------------------------------------------------------------------------------------------------


def graded(study: Study, context: Context, untested: float | None) -> tuple[confidence.Part, ...]:
    entries = argument.folded(study.claims)
    return confidence.rubric(entries, asked(study, "Q3c"), study.answers.questions, context.base_rates, untested)


def test_confidence_is_one_sentence_by_a_printed_rubric(study: Study, context: Context, page: str) -> None:
    parts = graded(study, context, 0.72)
    assert [part.grade for part in parts] == ["moderate", "low", "low", "high", "low"]
    assert confidence.sentence(parts) == (
        "Confidence is low: no backtest of this version exists yet, seven tenths of what claims add to the "
        "leading answer falls away without the untested ones, 2 answers lie outside bounds from base rates, and the "
        "data give a direction to 3 of 7 couplings."
    )
    words = Page(page).words
    for part in parts:
        assert part.name in words and part.rule[1:] in words
    assert confidence.RULE in words


def test_the_whole_follows_its_rule() -> None:
    def whole(*grades: str) -> str:
        return confidence.overall([confidence.Part("", "", "", grade) for grade in grades])

    assert whole("high", "low", "high", "high", "high") == "moderate"
    assert whole("high", "low", "high", "low", "high") == "low"
    assert whole("high", "moderate", "high", "high", "moderate") == "high"
    assert whole("high", "moderate", "moderate", "moderate", "high") == "moderate"


def test_what_is_not_known_counts_as_low(study: Study, context: Context) -> None:
    parts = graded(study, context, None)
    assert parts[2].grade == "low" and "not taken apart" in parts[2].found
    assert confidence.spread(asked(study, "Q15")) is None and confidence.spread(None) is None


# --- since the last issue ---------------------------------------------------------------------------------------------


def test_a_last_issue_opens_the_page_with_what_changed_and_why(
    study: Study, context: Context, first: FirstPage, last: LastIssue
) -> None:
    words = Page(render(study, context, replace(first, last=last))).words
    assert (
        "Since the last issue Q3c went from 9 % in the issue as of 14 July 2020 (0ld10ld1) to 13 %, which is beyond "
        "the simulation's own chance. What changed since: 2 claims changed (C04, C09) and 1 data file changed "
        "(weekly.csv). What each of these did is not told apart: the claims and the data changed together."
    ) in words
    assert "Last issue" in words and words.count(" new ") >= 4
    assert "Last issue" not in Page(render(study, context, first)).words


def test_an_issue_that_differs_in_nothing_says_so(study: Study, last: LastIssue) -> None:
    same = replace(last, changes=())
    said = front.changed(asked(study, "Q4"), same)
    assert spaced(said[0]) == "Q4 stays at 17 %, as in the issue as of 14 July 2020 (0ld10ld1)."
    assert said[1].startswith("Claims, data, questions, settings and model are those of the issue")
    claims_only = replace(last, changes=last.changes[:1])
    assert front.changed(None, claims_only)[-1].startswith("Whatever moved, it moved with the claims")
    assert front.changed(asked(study, "Q1"), last)[0].startswith("Q1 was not asked in the issue")


def test_an_unknown_scale_of_words_is_refused() -> None:
    with pytest.raises(UsageError, match="no scale of words called 'loud'"):
        known_scale("loud")

"""Earlier flare-ups in the brief: beside each answer, in a section of their own, and safe whatever a table holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import fissures as fs
from fissures.brief import Context, render
from fissures.brief.alike import began, beside, cell, own, title
from fissures.study.analogue_records import Analogue, Analogues, Variant
from fissures.study.records import Study

from .conftest import HARM, event
from .test_browser import WIDTHS, measured
from .test_page import Page


@pytest.fixture(scope="module")
def found() -> Analogues:
    """The analogues of the reference case."""
    return fs.analogues(fs.load("south-caucasus-2020"))


def joined(study: Study, found: Analogues) -> Study:
    """The made-up study with analogues, and with a question for each of theirs."""
    asked = tuple(replace(q, analogues=found.questions.get(q.code)) for q in study.answers.questions)
    missing = [code for code in found.questions if code not in {q.code for q in asked}]
    more = (event(code, f"Question {code}?", 0.2, 0.2, "unlikely", analogues=found.questions[code]) for code in missing)
    return replace(study, answers=replace(study.answers, questions=(*asked, *more), analogues=found))


@pytest.fixture(scope="module")
def page(study: Study, context: Context, found: Analogues) -> str:
    """The brief of the made-up study, with analogues."""
    return render(joined(study, found), context)


def section(page: str) -> str:
    return page[
        page.index('<section aria-labelledby="analogues">') : page.index('<section aria-labelledby="argument">')
    ]


def test_every_answer_that_deaths_speak_to_links_to_the_list(page: str, found: Analogues) -> None:
    assert page.count('<a href="#analogues">') == len(found.questions) + 2  # and the way there, twice
    assert 'id="analogues"' in page
    words = Page(page).words
    assert "of 20 analogues, 3; of all, 23 %" in words
    assert "of 20 analogues, 6 with 50 or more; of all, 37 %" in words
    assert "of 20 analogues, 7; of all, 53 %; too few dead for this to help" in words
    assert "Named analogues" not in words


def test_each_is_named_dated_and_followed(page: str, found: Analogues) -> None:
    words = Page(section(page)).words
    for one in found:
        assert f"{one.flare_up.conflict} , {began(one.flare_up)}".replace("\u00a0", " ") in words
    assert "Georgia: South Ossetia , 12 May 1992" in words
    assert "Government of Georgia, Republic of South Ossetia ; yes to Q1" in words
    assert "18 1,227 61 116 116 0.13" in words
    assert words.count("not over") == 2
    assert "All 17 earlier flare-ups of this conflict, near or not" in words


def test_what_the_distance_does_is_shown(page: str, found: Analogues) -> None:
    words = Page(section(page)).words
    for tried in found.questions["Q4"].sensitivity:
        assert tried.name in words
    assert "deaths 2, quiet before 2, the year before 1, kind of dyad 2, territory 1, patron 1" in words
    assert "with other distances it is 2 to 7 of 20" in words
    assert "told no more than every flare-up together" in words


def test_a_case_without_a_flare_up_says_why(study: Study, context: Context, found: Analogues) -> None:
    none = replace(found, traits=None, why="no flare-up now: 0 killed", nearest=(), own=(), questions={})
    words = Page(section(render(joined(study, none), context))).words
    assert "no flare-up now: 0 killed, so no earlier flare-up is set beside it" in words


def test_words(study: Study, found: Analogues) -> None:
    q4 = found.questions["Q4"]
    assert (
        title(found, "Q4")
        == "Earlier flare-ups: of 20 like this one, 3 saw 100 or more killed in a week within 163 days"
    )
    assert "17 killed in the weeks from 6 July 2020".replace(" ", "") in own(found).replace("\u00a0", "").replace(
        " ", ""
    )
    assert [cell(q4.sensitivity[at], q4) for at in (0, 1, 2, -1)] == ["3", "1", "5", "14"]
    assert cell(Variant("dated to the day", 12, 2), q4) == "2 of 12"
    assert beside(study.answers.questions[0]) == ""
    april = next(one.flare_up for one in found.own if one.flare_up.start == date(2016, 4, 2))
    assert began(april).replace("\u00a0", " ") == "April 2016"


def test_a_table_that_means_harm_is_shown_as_text(study: Study, context: Context, found: Analogues) -> None:
    bad = replace(found.nearest[0].flare_up, conflict=HARM, sides=(HARM, HARM), crisis=HARM)
    changed = replace(found, nearest=(Analogue(bad, 0.1, True), *found.nearest[1:]), own=(Analogue(bad, 0.1, True),))
    page = render(joined(study, changed), context)
    assert "<script" not in page and "onload=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert "\u202e" not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(page: str, width: int, tmp_path: Path) -> None:
    found = measured(page.replace("<details>", "<details open>"), width, tmp_path)
    assert found["scroll"] <= found["window"] == width, found["wide"]
    assert not found["wide"]

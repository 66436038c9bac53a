"""Short names, captions, provenance and thresholds of the brief."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from fissures.brief import Context, phrases, render
from fissures.errors import Finding
from fissures.study.records import Study

WEEK = date(2020, 7, 13)


def test_a_caption_names_only_what_is_drawn() -> None:
    assert "Bars" not in phrases.fan_caption([(WEEK, 2.0, 2.0), (WEEK, None, None)])
    assert "Shaded" in phrases.fan_caption([(WEEK, None, None)])
    assert "Bars" in phrases.fan_caption([(WEEK, 2.0, 5.0)])


def test_provenance_names_each_part_once(study: Study) -> None:
    parts = {"run": study.answers.parent, "case": study.answers.case_digest, "seed": "1"}
    assert phrases.provenance(study.answers, parts) == (
        ("issue", study.answers.digest),
        ("case", study.answers.case_digest),
        ("run", study.answers.parent),
        ("seed", "1"),
    )


def test_a_threshold_moved_by_a_lever_stands_among_the_other_questions(study: Study, context: Context) -> None:
    arms = tuple(replace(arm, differences={**arm.differences, "Q15>=50": arm.differences["Q3c"]}) for arm in study.arms)
    page = render(replace(study, arms=arms), context)
    assert "Q15, chance of 50 or more in the model: 2 of 4 lower it" in page
    assert [q.code for q in phrases.exceedances(study.answers.questions, arms)] == ["Q15>=50"]
    odd = (replace(arms[0], differences={"Q15>=x": arms[0].differences["Q1"], "Q99>=5": arms[0].differences["Q1"]}),)
    assert phrases.exceedances(study.answers.questions, odd) == ()


def test_words_of_the_page_are_defined_on_it(study: Study, context: Context) -> None:
    page = render(study, context)
    assert page.index('id="ladder"') < page.index('id="surges"') < page.index('id="method"')
    assert 'href="#surges">reference surge' in page and 'href="#ladder">ladder\'s rule' in page
    assert page.index(">Line of Contact and Tavush/Tovuz border</bdi>") < page.index(">Talks</bdi>")
    bare = render(study, replace(context, ladders=(), pressures=()))
    assert "#terms" not in bare and "#surges" not in bare and "#ladder" not in bare


def test_notes_that_differ_only_in_a_name_stand_once() -> None:
    notes = [Finding("a", "note", f"nothing reads '{name}'", "why", f"remove '{name}'") for name in ("x", "y", "x")]
    warning = Finding("Q1", "warning", "outside", "why", "compare")
    told = phrases.told([*notes, warning])
    assert [(f.message, f.remedy, count, names) for f, count, names in told] == [
        ("outside", "compare", 1, ()),
        ("nothing reads 'x'", "", 3, ("x", "y")),
    ]


def test_pressures_come_with_the_most_raised_first() -> None:
    rows = [("a", "1", 0.2, 0.2), ("b", "1", math.nan, 0.1), ("c", "1", 1.5, 0.2), ("d", "1", 0.0, 0.9)]
    assert [row[0] for row in phrases.raised(rows)] == ["c", "a", "d", "b"]
    assert phrases.halves(rows) == [rows]


def test_nothing_is_put_in_the_authors_mouth(study: Study, context: Context) -> None:
    page = render(study, context)
    assert "author gave" not in page and "author assumed" not in page and "author's" not in page

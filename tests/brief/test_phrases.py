"""Short names, captions, provenance and thresholds of the brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fissures.brief import Context, phrases, render
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
    bare = render(study, replace(context, rungs=(), pressures=()))
    assert "#terms" not in bare and "#surges" not in bare and "#ladder" not in bare


def test_nothing_is_put_in_the_authors_mouth(study: Study, context: Context) -> None:
    page = render(study, context)
    assert "author gave" not in page and "author assumed" not in page and "author's" not in page

"""The sentences of the brief, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fissures.brief import Context, argument, units, whatifs, words
from fissures.brief.numbers import SPACE
from fissures.study.first_page import Bearing
from fissures.study.records import Answer, Study


def spaced(text: str) -> str:
    """The text with plain spaces."""
    return text.replace(SPACE, " ")


def asked(study: Study, code: str) -> Answer:
    """One question of a study."""
    return next(q for q in study.answers.questions if q.code == code)


def test_without_a_named_lead_the_first_event_question_opens(study: Study) -> None:
    deaths_first = (study.answers.questions[-1], *study.answers.questions[:-1])
    leading = words.leading(deaths_first)
    assert leading is not None and leading.code == "Q1"
    assert words.leading(()) is None
    assert leading is not None and words.opening(leading).startswith("The first question asked, “Is anyone killed")


def test_a_question_without_date_in_its_title_gets_its_window(study: Study) -> None:
    assert "stands at > 99 % (almost certain), window to 31 December 2020, in the model; its" in spaced(
        words.opening(asked(study, "Q5"))
    )


def test_without_a_reference_class_the_opening_says_so(study: Study) -> None:
    assert words.opening(asked(study, "Q4")).endswith("and it has no reference class.")


def test_without_number_questions_the_tail_is_the_least_likely_event(study: Study) -> None:
    events = [q for q in study.answers.questions if q.kind == "event"]
    assert spaced(words.tail(events)).endswith("by 31 December 2020?”, stands at < 1 %.")
    assert spaced(words.tail(events, asked(study, "Q6"))).endswith("by 20 August 2020?”, stands at 3 %.")
    assert words.tail(events[:1], events[0]) == "This study asks about no other tail."
    assert words.tail([]) == "This study asks about no tail."


def test_levers_that_move_nothing_are_said_to_move_nothing(study: Study) -> None:
    null = [arm for arm in study.arms if arm.id == "null"]
    answer = asked(study, "Q3c")
    assert spaced(whatifs.lever_sentence(answer, null)) == (
        "In the model the one lever tried does not move it clear of zero; its middle difference is 0.0 points "
        "(80 % range 0.0 to 0.0 points)."
    )
    assert whatifs.lever_sentence(answer, ()).startswith("No what-if was run for this question")


def test_what_if_titles_count_what_is_clear_of_zero(study: Study) -> None:
    said = whatifs.whatif_title(asked(study, "Q3c"), study.arms)
    assert said == "Q3c in the model: 2 of 4 lower it and none raises it with an 80 % range clear of zero"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Q3c", ["2 % to 35 %: inside"]),
        ("Q4", ["< 1 % to 15 %: the answer lies above it"]),
        ("Q6", ["< 1 % to 5 %: inside"]),
        ("Q15", ["50 or more: 5 % to 35 %: inside", "400 or more: 1 % to 5 %: the answer lies above it"]),
        ("Q3a", []),
    ],
)
def test_bounds_are_remarked_on(study: Study, context: Context, code: str, said: list[str]) -> None:
    limits = context.base_rates.get(code, {})
    assert [spaced(remark) for remark in units.bounds_remarks(asked(study, code), limits)] == said
    assert units.strays(asked(study, code), limits) == any("lies" in remark for remark in said)


def test_an_answer_below_its_bounds_is_remarked_on(study: Study) -> None:
    low = replace(asked(study, "Q3c"), probability=0.01)
    assert "the answer lies below it" in units.bounds_remarks(low, {})[0]


def test_a_question_that_may_be_void_says_on_how_many_paths(study: Study) -> None:
    answer = asked(study, "Q3c")
    assert units.voided(answer) == ""
    assert spaced(units.voided(replace(answer, void=0.045))) == "void on 5 % of paths, which are left out"


def test_levers_are_sorted_by_what_they_change(study: Study) -> None:
    ranked = whatifs.ordered(study.arms, "Q3c")
    assert [arm.code for arm in ranked] == ["L5", "L1", "L3", "L21"]
    sizes = [abs(arm.differences["Q3c"].difference) for arm in ranked]
    assert sizes == sorted(sizes, reverse=True)
    assert [arm.code for arm in whatifs.ordered(study.arms, "Q99")] == ["L1", "L3", "L5", "L21"]
    moved = whatifs.most_moved([asked(study, code) for code in ("Q6", "Q1", "Q5", "Q4")], study.arms, 2)
    assert [answer.code for answer in moved] == ["Q5", "Q1"]


def test_fewer_paths_behind_the_what_ifs_are_said(study: Study) -> None:
    assert "on 4,000 paired paths, each told from the answer of all 10,000." in whatifs.paired(study.arms, 10_000)
    assert whatifs.paired(study.arms, 4_000) == "What-ifs on 4,000 paired paths."


def test_a_question_without_a_base_rate_range_says_so(study: Study) -> None:
    """In words, beside the strip that has no pale box; what is stated is not hidden, and nothing is made up."""
    bare = replace(asked(study, "Q4"), bounds=None)
    assert units.unbounded(bare, {}) == "no base-rate range stated"
    assert units.unbounded(bare, {"50": (0.1, 0.2)}) == "" == units.unbounded(replace(bare, bounds=(0.0, 0.1)), {})


def test_the_course_in_words(study: Study) -> None:
    course = study.course
    assert spaced(words.fan_title(course)) == (
        "A typical week has 1 death; in the week of 21 December 2020, 5 % of paths have 77 or more"
    )
    assert spaced(words.fan_text(course)) == (
        "The median lies between 1 and 2 deaths a week. In the last week, that of 21 December 2020, 90 % of paths have "
        "0 to 77 deaths. Of 40 weeks before the as-of date 3 have no record: they are gaps, not zeros. "
        "The last week may be partial."
    )
    said = spaced(words.ladder_title("Line of Contact", course.rungs, course.ladder["loc"]))
    assert said == (
        "Line of Contact: harassing fire is the likeliest top rung of the last week; the chance of a higher one is 37 %"
    )


def test_verdicts_are_counted(study: Study) -> None:
    said = argument.verdicts(argument.folded(study.claims))
    assert said == "4 could not be tested, 1 supported, 1 leans to and 1 contradicted"
    assert argument.verdicts(()) == "no claim"


def test_a_restatement_stands_with_what_it_restates(study: Study) -> None:
    own = study.claims[0]
    rows = [
        replace(own, code="C64", shares="C04"),  # before the claim that it restates
        *study.claims,
        replace(own, code="C11", shares="break dushanbe"),
        replace(own, code="C86", shares="C04"),
        replace(own, code="C14", shares="break dushanbe"),
    ]
    entries = argument.folded(rows)
    assert [one.row.code for one in entries] == [*(row.code for row in study.claims), "C11"]
    assert {one.row.code: one.again for one in entries if one.also} == {
        "C04": "also said in C64 (paragraph 4) and C86 (paragraph 4)",
        "C11": "also said in C14 (paragraph 4)",
    }


def test_the_argument_is_told_by_verdict_and_the_untested_last(study: Study) -> None:
    entries = argument.folded(study.claims)
    groups = [(verdict, [one.row.code for one in group]) for verdict, group in argument.by_verdict(entries)]
    assert groups == [("supported", ["C04"]), ("contradicted", ["C71"]), ("leans to", ["C40"])]
    assert [one.row.code for one in argument.untested(entries)] == ["C09", "C45a", "C45b", "C77"]


def test_the_figure_draws_what_the_data_could_test_and_then_the_largest(study: Study) -> None:
    entries = argument.folded(study.claims)
    assert [row.code for row in argument.strongest(entries, 5)] == ["C40", "C04", "C71", "C77", "C45a"]
    assert argument.drawn_caption(entries, 5).endswith(
        "Drawn of 7 couplings: the 3 that the data could test and of the others the 2 largest."
    )
    bearing = {"C09": Bearing(-0.03), "C45b": Bearing(0.01), "C77": Bearing(None)}
    assert [row.code for row in argument.strongest(entries, 5, bearing)] == ["C40", "C04", "C71", "C09", "C45b"]
    assert "the 2 with most bearing on the leading answer" in argument.drawn_caption(entries, 5, True)
    assert "Drawn" not in argument.drawn_caption(entries, 7)


def test_no_lever_clear_of_zero_is_said_with_the_largest_difference(study: Study) -> None:
    unclear = [arm for arm in study.arms if arm.id in ("us", "null")]
    assert spaced(whatifs.lever_sentence(asked(study, "Q3c"), unclear)) == (
        "In the model none of the 2 levers moves it clear of zero; the largest middle difference is −1.3 points "
        "(“Six weeks of United States shuttle diplomacy”, 80 % range −2.9 to +0.3 points)."
    )


def test_one_median_is_not_a_range(study: Study) -> None:
    flat = replace(study.course, deaths=((0.0, 0.0, 0.0, 0.2, 1.0, 2.0, 9.2),) * len(study.course.weeks))
    assert words.fan_text(flat).startswith("The median is 0 deaths in every week.")
    assert spaced(words.fan_title(flat)).endswith("5 % of paths have 9 or more")


def test_small_simulation_errors_and_counts_are_whole(study: Study) -> None:
    assert spaced(units.error(asked(study, "Q15"), 0.02)) == "< 1"
    assert units.error(asked(study, "Q15"), 2.4) == "± 2"

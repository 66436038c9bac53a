"""The lint over generated text: planted violations are found, and the briefs that we render hold none."""

from __future__ import annotations

import pytest

from fissures.brief import Context, render
from fissures.brief.lint import blocks, lint
from fissures.study.first_page import FirstPage, LastIssue
from fissures.study.records import Study
from fissures.study.verbal import SCALES, legend, word

PLANTED = [
    ("The chance is 0 %.", "certainty is never printed"),
    ("It is 100 % sure.", "certainty is never printed"),
    ("The chance is 4.7 %.", "per cent in whole points"),
    ("It stands at < 0.1 %.", "per cent in whole points"),
    ("It stands at < 5 %.", "the ends are < 1 % and > 99 %"),
    ("War is unlikely this year.", "a term only beside its number"),
    ("It stands at 20 % (very unlikely).", "the term of another number"),
    ("It stands at 80 % (very likely).", "the term of another number"),
    ("Confidence is low, and at 3 % it is rare.", "likelihood and confidence in one sentence"),
    ("We are confident that it is likely (60 %).", "likelihood and confidence in one sentence"),
    ("The talks caused the calm.", "in the model, never caused"),
    ("The lever “a summit” would change it most.", "what a lever does is in the model"),
    ("The author believes that talks help.", "the article argues, nobody's mind is read"),
    ("Forces liberated the town.", "a word that takes sides"),
    ("War is near!", "calm"),
]


@pytest.mark.parametrize(("text", "rule"), PLANTED)
def test_a_planted_violation_is_found(text: str, rule: str) -> None:
    assert rule in {slip.rule for slip in lint(f"<p>{text}</p>")}
    assert rule in {slip.rule for slip in lint(text)}, "plain text is read too"


@pytest.mark.parametrize(
    "text",
    [
        "It stands at 20 % (unlikely) in the model.",
        "It stands at < 1 % (almost no chance), or > 99 % (almost certain).",
        "Confidence is low: the data give a direction to 3 of 7 couplings.",
        "In the model, of 4 levers tried, “a summit caused by 4.5 %!” moves it most, by −3 points.",
        "<bdi>The author caused 0 %!</bdi> stands as the case has it.",
        "The cause rises from nothing to one surge; 2.5 deaths a day.",
    ],
)
def test_what_is_well_said_passes(text: str) -> None:
    assert lint(f"<p>{text}</p>") == ()


def test_place_names_stand_together_in_alphabetical_order_at_first_use() -> None:
    front = ("Aru/Bel border",)
    assert lint("<p>On the Aru/Bel border.</p><p>Later only Bel.</p>", front) == ()
    for text in ("Bel comes first.", "On the Bel/Aru border.", "In Aru and Bel."):
        assert [slip.rule for slip in lint(f"<p>{text}</p>", front)] == [
            "both names at first use, in alphabetical order"
        ]
    assert lint("<p><bdi>Bel</bdi></p>", front), "names from the case are read as well"


def test_blocks_keep_sentences_apart() -> None:
    page = "<table><tr><td>13 %<small>very unlikely</small></td><td>Confidence is low</td></tr></table>"
    assert [ours for ours, _ in blocks(page)] == ["13 % very unlikely", "Confidence is low"]
    assert lint(page) == ()


@pytest.mark.parametrize("scale", SCALES)
def test_the_rendered_brief_passes(
    study: Study, context: Context, first: FirstPage, last: LastIssue, scale: str
) -> None:
    from dataclasses import replace

    page = render(study, context, replace(first, last=last), scale)
    assert lint(page, [front.name for front in context.fronts], scale) == ()
    assert legend(scale).split(":")[0] in page


def test_a_boundary_goes_to_the_milder_word() -> None:
    told = {0.05: "very unlikely", 0.2: "unlikely", 0.45: "roughly even chance", 0.55: "roughly even chance"}
    told |= {0.8: "likely", 0.95: "very likely", 0.0: "almost no chance", 1.0: "almost certain"}
    assert {p: word(p) for p in told} == told


def test_the_gaps_of_phia_are_left_as_gaps() -> None:
    gaps = [p for p in range(101) if not word(p / 100, "phia")]
    assert gaps == [*range(6, 10), *range(21, 25), *range(36, 40), *range(50, 55), *range(76, 80), *range(91, 95)]
    with pytest.raises(ValueError, match="between 0 and 1"):
        word(1.2)


def test_every_point_has_its_word_in_icd_203() -> None:
    assert all(word(p / 100) for p in range(101))

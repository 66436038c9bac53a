"""The brief as a document: self-contained, in order, labelled, inert, and honest about small numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import html5lib
import pytest

from fissures.brief import Context, render
from fissures.study.first_page import FirstPage
from fissures.study.records import Answers, Course, Study

FRONT = ["bottom-line", "key", "reasons", "signs"]
SECTIONS = [
    "questions",
    "course",
    "argument",
    "what-ifs",
    "rival",
    "track",
    "where",
    "facts",
    "terms",
    "method",
    "sources",
]
VOID = {"meta", "col", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Every element with its attributes and the text inside it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.unclosed: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.unclosed), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        """What a reader sees, with plain spaces."""
        seen = (text for inside, text in self.texts if "style" not in inside)
        return re.sub(r"\s+", " ", " ".join(seen).replace("\u00a0", " "))


@pytest.fixture(scope="module", params=["page", "hostile_page"])
def html(request: pytest.FixtureRequest) -> str:
    """The ordinary and the hostile brief in turn."""
    return str(request.getfixturevalue(request.param))


def test_it_is_one_well_formed_document_below_600_kb(html: str) -> None:
    assert html.startswith("<!doctype html>")
    assert len(html.encode("utf-8")) < 600_000
    assert Page(html).unclosed == []


def test_a_strict_parser_finds_no_error(html: str) -> None:
    """Valid HTML: nested, closed and named as the standard asks."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    # html5lib knows neither custom policy nor SVG errors; what is left is markup
    assert [(where, what) for where, what, _ in parser.errors] == []


def test_it_holds_no_script_and_asks_nothing_of_the_network(html: str) -> None:
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    for tag, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name == "src"}, tag
        address = attributes.get("href") or "#"
        assert address.startswith(("#", "https://", "http://")), address
    assert all(a.get("class") == "url" for a in page.all("a") if not str(a["href"]).startswith("#"))
    assert "@import" not in html
    assert set(re.findall(r"url\(([^)]{1,2})", html)) <= {"#f", "#c"}  # patterns of its own figures
    policy = next(m for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_headings_are_in_order_and_no_level_is_skipped(html: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(html).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_sections_come_in_the_promised_order(page: str) -> None:
    ids = [a.get("id") for tag, a in Page(page).elements if tag == "h2"]
    assert ids == [*FRONT, *SECTIONS]


def test_ids_are_unique_and_links_within_the_page_arrive(html: str) -> None:
    page = Page(html)
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    inner = {str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")}
    assert inner <= set(ids)


def test_every_drawing_has_a_role_a_label_and_a_table(html: str) -> None:
    page = Page(html)
    drawings = page.all("svg")
    assert drawings
    for svg in drawings:
        # the graph of the argument is no picture: its lines are links
        assert svg.get("role") == ("group" if svg.get("class") == "claims" else "img") and svg.get("aria-label")
    for figure in re.findall(r"<figure>.*?</figure>", html, re.S):
        assert figure.count("<svg") == 2
        assert re.search(r"<details>.*<table>.*<th scope=\"col\">.*</details>", figure, re.S)


def test_no_probability_is_printed_as_nothing_or_all(html: str) -> None:
    # how much a prior was narrowed is a share, and may be nothing
    words = Page(re.sub(r'data-label="Narrowed">[^<]*', ">", html)).words
    assert not re.search(r"(?<![\d.,])(0|0\.0|100|100\.0) %", words)
    assert "nan" not in words.lower().split()


def test_the_ordinary_brief_prints_both_ends(page: str) -> None:
    words = Page(page).words
    assert "< 1 %" in words and "> 99 %" in words


def test_key_questions_carry_three_numbers_bounds_and_error(page: str) -> None:
    table = page[page.index('<table class="cards key"') : page.index("Words follow")]
    rows = [
        Page(row).words.strip() for row in re.findall(r"<tr role=\"row\">\s*<th scope=\"row\".*?</tr>", table, re.S)
    ]
    offensive = next(row for row in rows if row.startswith("Q3c"))
    for part in (
        "13 % very unlikely",
        "7 % to 23 %",
        "11 % pooled ladder and own record",
        "6 of 72 flare-ups",
        "2 % to 35 %: inside",
    ):
        assert part in offensive
    assert "argument: +2 points" in offensive and "± 0.3 points" in offensive
    war = next(row for row in rows if row.startswith("Q4"))
    assert "17 % very unlikely" in war and " none 16 % " in war
    assert "< 1 % to 15 %: the answer lies above it" in war
    deaths = next(row for row in rows if row.startswith("Q15"))
    assert "12 median 50 or more: 17 % 400 or more: 5 % 2 to 140" in deaths
    assert "50 or more: 5 % to 35 %: inside 400 or more: 1 % to 5 %: the answer lies above it" in deaths


def codes(page: str, start: str, end: str) -> list[str]:
    """The codes of questions or claims between two places of a page, in order."""
    part = page[page.index(start) : page.index(end, page.index(start))]
    return re.findall(r'<th scope="row" role="rowheader"><span class="code"><bdi>([^<]+)', part)


def test_few_questions_stand_in_one_table_the_leading_one_first(page: str) -> None:
    assert codes(page, 'id="questions"', 'id="course"') == ["Q3c", "Q1", "Q3a", "Q4", "Q6", "Q5", "Q15"]
    assert "Also asked" not in page


def test_many_questions_are_parted_by_weight(study: Study, context: Context) -> None:
    asked = study.answers.questions
    more = tuple(replace(asked[1], id=f"q{k}", code=f"Q3x{k}", void=0.04) for k in range(4))
    many = render(replace(study, answers=replace(study.answers, questions=(*asked, *more))), context)
    assert codes(many, 'id="questions"', 'id="also"') == ["Q3c", "Q15", "Q1", "Q4", "Q6"]
    assert codes(many, 'id="also"', 'id="course"') == ["Q3a", "Q5", "Q3x0", "Q3x1", "Q3x2", "Q3x3"]
    assert Page(many).words.count("void on 4 % of paths, which are left out") == 4


def test_claims_are_grouped_and_restatements_folded(study: Study, context: Context) -> None:
    again = replace(study.claims[0], code="C64", shares="C04")
    page = render(replace(study, claims=(*study.claims, again)), context)
    assert codes(page, 'id="argument"', 'id="what-ifs"') == ["C04", "C71", "C40", "C09", "C45a", "C45b", "C77"]
    words = Page(page).words
    assert "Supported: 1" in words and "Contradicted: 1" in words and "also said in C64" in words
    assert "What the data could not test: 4 couplings that stand as the case codes them" in words
    assert "shares the coefficient of C04" in words
    assert "1 further claim carries no coefficient. Level: C06 (paragraph 4) Hostility stands higher" in words


def test_levers_are_sorted_and_say_on_how_many_paths(page: str) -> None:
    table = page[page.index('<table class="levers"') :]
    found = re.findall(r'<th scope="row"><b><bdi>(L\d+)', table)
    assert found == ["L5", "L1", "L3", "L21"]
    assert "What-ifs on 4,000 paired paths" in Page(page).words
    assert "<b>−3.0</b><small>−5.4 to −0.7</small>" in table and ">−1.3<small>" in table, "bold is clear of zero"


def test_likelihood_and_confidence_never_share_a_sentence(page: str) -> None:
    words = Page(page).words
    sentences = [s for s in re.split(r"(?<=[.:;]) ", words) if "onfidence" in s]
    assert sentences[0].startswith("Confidence is low")
    for sentence in sentences:
        assert not re.search(r"\d %|likely|almost no chance|almost certain|roughly even", sentence), sentence


def test_the_argument_says_how_many_couplings_the_data_moved(page: str) -> None:
    words = Page(page).words
    assert "The argument tested: the data moved 3 of 7 couplings" in words
    assert "Source: Ringler, N. (2020) , paragraph 4 · reading: implied" in words
    assert "3 of 7 couplings, 3 of them in a clear direction" in words
    assert "As coded Where it stands Q3c without it C09" in words and "paragraph 7, implied" in words
    untested = page[page.index('<table class="assumed"') :]
    assert re.search(r'data-label="Where it stands">ours</td>', untested), "what is ours stands in no paragraph"


def test_each_claim_says_what_the_leading_answer_is_without_it(page: str) -> None:
    told = dict(
        re.findall(r'<span class="code"><bdi>(C\d+[ab]?)</bdi>.*?data-label="Q3c without it">([^<]*)</td>', page, re.S)
    )
    said = {code: value.replace("\u00a0", " ") for code, value in told.items()}
    assert said["C09"] == "−0.1", "counted where it was taken out"
    assert said["C04"] == "≈ +1.2" and said["C71"] == "≈ 0.0", "read off the draws"
    assert said["C77"] == said["C45a"] == "", "empty where nobody can tell"


def test_rival_readings_stand_beside_each_other_with_their_ranges(page: str) -> None:
    words = Page(page).words.replace("\u00a0", " ")
    assert "Rival readings: 13 % becomes 4 % in the strongest" in words
    assert (
        "Only what the record could test 4 % < 1 % to 12 % Four claims that the data could not test stand idle."
        in words
    )
    assert "Outsiders hardly steer it 15 % 3 % to 40 % What patrons do moves no front. Ringler, N. (2020)" in words
    assert "The key questions, read as “Only what the record could test”" in words


def test_the_track_record_is_missing_and_that_of_the_class_is_not_called_the_models(
    page: str, hostile_page: str
) -> None:
    words = Page(page).words.replace("\u00a0", " ")
    assert "Track record: no answer of this version has been scored" in words
    assert "The record below is not this model's." in words
    assert re.search(
        r"On 4 windows of 22 weeks, the last over by 1 December 2019, on which no choice of its was made", words
    )
    assert "The reference class" not in Page(hostile_page).words[Page(hostile_page).words.index("Track record") :], (
        "no record of a class that stands beside no answer"
    )


def test_what_a_lever_does_is_in_the_model_and_never_caused(page: str) -> None:
    words = Page(page).words
    assert "What-ifs, in the model" in words
    assert not re.search(r"\bcaus(ed|es|ing)\b", words)


def test_a_disputed_fact_keeps_one_value_a_source(page: str) -> None:
    facts = Page(page[page.index('<h2 id="facts"') : page.index('<h2 id="terms"')].rpartition("</section>")[0]).words
    assert facts.count("Azerbaijan, own losses") == 1
    for said in ("Azerbaijan, own losses 31 killed", "Armenia, own losses 90 killed", "United States, both sides 350"):
        assert said in facts
    assert "never averaged" in facts


def section(page: str, name: str) -> str:
    """One section of a page, as a reader sees it."""
    start = page.index(f'<section aria-labelledby="{name}">')
    return Page(page[start : page.index("</section>", start)]).words


def test_the_map_states_its_finding_and_what_its_lines_mean(page: str) -> None:
    words = section(page, "where")
    assert "Chance of war by 31 December 2020: highest on Line of Contact , 5 %" in words
    assert "Solid lines are boundaries as the world recognises them. Dashed lines are held on 21 July 2020:" in words
    assert "Line of contact of 1994 (since 12 May 1994)" in words
    assert "nothing smaller is drawn" in words and "because the case gives no place: Strategic Targets" in words
    assert "Drawn from UCDP Georeferenced Event Dataset" in words and "Boundaries are coarse." in words
    assert re.search(
        r"By 31 December 2020 clash or worse war Line of Contact 38 % 5 % Tavush/Tovuz border 28 % < 1 %", words
    )
    assert "By 31 December 2020 struck Strategic Targets 6 %" in words


def test_the_timeline_says_what_is_no_record_and_what_is_due(page: str) -> None:
    words = section(page, "where")
    assert "Highest on record since 2015: limited offensive , Line of Contact , 1 to 5 April 2016" in words
    assert "A dotted line is no record, which is not quiet." in words
    assert "a 28 September 2018: Direct line. b 1 October 2018: violence fell." in words
    assert "Line of Contact harassing fire 1 October 2018 to 21 July 2020" in words
    assert "Tavush/Tovuz border no record" in words and "The talks summit 29 March 2019" in words
    assert "Known in advance 22 July to 3 November 2020: An election" in words
    assert "Questions close 31 December 2020: Q3c, Q4" in words


def test_a_case_without_a_map_says_so_in_a_sentence(study: Study, context: Context) -> None:
    bare = replace(context, where=None, timeline=None, coverage=None)
    page = render(study, bare)
    assert section(page, "where").strip() == "Where and when The case comes with no map."
    undrawn = replace(context, where=replace(context.where, outlines=()) if context.where else None)
    assert "The case comes with no map." in section(render(study, undrawn), "where")


def test_a_record_of_nothing_above_the_lowest_rung_has_a_plain_title(study: Study, context: Context) -> None:
    assert context.timeline is not None and context.where is not None
    calm = replace(context.timeline, lanes=(context.timeline.lanes[0], context.timeline.lanes[2]), turns=(), due=())
    alone = replace(context.where, fronts=context.where.fronts[:1])
    words = section(render(study, replace(context, timeline=calm, where=alone)), "where")
    assert "The record, and what is due" in words and "The fronts on 21 July 2020" in words


def test_purpose_misuse_and_what_is_missing_are_said(page: str) -> None:
    words = Page(page).words
    for said in (
        "For early warning, prevention, teaching and testing arguments.",
        "Not for targeting",
        "asylum, lending or insurance",
        "is not a failure of the forecast",
        "no answer of this version has been scored",
        "fissures run south-caucasus-2020 --paths 10000 --seed 1",
    ):
        assert said in words
    assert len(re.findall(r"<li>", page[page.index("Method in eight lines") : page.index(">Limits<")])) == 8


def test_findings_are_shown_and_announced_at_the_top(page: str) -> None:
    words = Page(page).words
    assert "1 warning and 1 note from the check and the fit" in words
    assert "4 claims could not be tested" in words


def test_a_gap_in_the_record_is_said_to_be_a_gap(page: str) -> None:
    words = Page(page).words
    assert "3 have no record: they are gaps, not zeros" in words
    assert words.count("no record") >= 4


def test_hostile_text_stays_text(hostile_page: str) -> None:
    page = Page(hostile_page)
    assert "<script>alert(1)</script>" in page.words, "the name is still readable"
    assert "{{ 7*7 }}" in page.words, "no template inside a name is run"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", hostile_page)
    assert not [a for a in page.all("a") if "javascript" in str(a["href"])]
    assert max(len(text) for inside, text in page.texts if "style" not in inside) <= 2_100


def test_right_to_left_names_are_isolated(hostile_page: str) -> None:
    assert "<bdi>\u062e\u0637 \u0627\u0644\u062a\u0645\u0627\u0633" in hostile_page


def test_deaths_are_never_red_and_no_flag_is_shown(page: str) -> None:
    for colour in set(re.findall(r"#[0-9a-fA-F]{6}\b", page)):
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        assert red <= max(green, blue) + 8, colour
    assert not re.search("[\U0001f1e6-\U0001f1ff\U0001f3f3\U0001f3f4]", page)


def test_the_same_study_gives_the_same_page(study: Study, context: Context, first: FirstPage, page: str) -> None:
    assert render(study, context, first) == page


def test_a_study_of_nothing_still_renders(study: Study, context: Context) -> None:
    nothing = Course((), (), (), (), {}, ())
    empty = replace(study, claims=(), statements=(), moved=0, couplings=0, course=nothing, arms=(), provenance={})
    empty = replace(empty, answers=replace(study.answers, questions=(), findings=()))
    bare = Context(context.title, context.as_of, context.horizon, context.purpose, context.information_cutoff)
    words = Page(render(empty, bare)).words
    for said in (
        "answers no question",
        "no simulated week",
        "makes no claim",
        "No what-if was run",
        "no disputed fact",
    ):
        assert said in words


def test_escalatory_levers_carry_a_notice(study: Study, context: Context) -> None:
    arms = (replace(study.arms[0], escalatory=True), *study.arms[1:])
    assert "Some levers below are escalatory" in Page(render(replace(study, arms=arms), context)).words


def test_numbers_that_are_missing_are_not_guessed(study: Study, context: Context) -> None:
    answers: Answers = study.answers
    number = replace(answers.questions[-1], mc_error=float("nan"), reference_class=None)
    page = render(replace(study, answers=replace(answers, questions=(number,)), arms=()), context)
    assert "not known" in Page(page).words

"""The argument as a graph on the page: words for loops and lines, links that arrive, and what is left out."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from fissures.brief import Context, render
from fissures.brief.argument import anchors, folded
from fissures.brief.graph import graphic, left_out, lines
from fissures.brief.lint import blocks
from fissures.study.graph_records import Arc, Circle, Graph
from fissures.study.records import Study

from .conftest import argued


def part_of(page: str) -> str:
    """What the page says of the graph."""
    start = page.index('<div class="graph">')
    return page[start : page.index('<table class="cards tested"', start)]


def test_the_title_says_how_much_comes_back(page: str) -> None:
    told = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", part_of(page))))
    assert "2 of the 6 things said to act on violence on the fronts are moved by it in turn" in told
    assert "the argument runs in loops" in told
    assert "Not drawn: 1 line that leads elsewhere." in told


def test_loops_are_told_in_plain_words_with_their_claims(page: str) -> None:
    told = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", part_of(page))))
    assert (
        "A. Reinforcing. More violence on the fronts brings more recent heavy fire; that brings more violence on the "
        "fronts (C40). The data could test each of its claims." in told
    )
    assert (
        "B. Reinforcing. More violence on the fronts brings less talks; that brings more stalled talks; that brings "
        "more violence on the fronts (C04)." in told
    )
    assert "The argument holds 2 loops; the data could test every claim of 2." in told


def test_lines_are_told_with_what_the_data_left_of_them(study: Study) -> None:
    assert study.graph is not None
    told = lines(study.graph, study.claims, folded(study.claims))
    assert told[3].spoken == "C04: stalled talks, raising violence on the fronts; times 1.52, supported"
    assert (told[3].codes, told[3].factor, told[3].tested, told[3].href) == ("C04", "×1.52", True, "#claim-C04")
    assert told[8].spoken == "C71: russian engagement, lowering violence on the fronts; times 0.81, contradicted"
    assert not told[7].tested


def test_a_line_of_several_claims_bears_the_strongest(study: Study) -> None:
    graph = replace(argued(), arcs=(Arc(0, 1, 0, 1, (1, 0, 6)),), loops=())
    told = lines(graph, study.claims, folded(study.claims))[0]
    assert told.codes == "C77 +2" and told.href == "#claim-C77"
    assert (
        told.spoken.startswith("C77, C04, C09: stalled talks, raising") and "C04 times 1.52, supported" in told.spoken
    )


def test_a_restatement_leads_to_the_row_it_stands_with(study: Study) -> None:
    again = (*study.claims, replace(study.claims[0], id="again", code="C64", shares="C04"))
    graph = replace(argued(), arcs=(Arc(0, 1, 0, 1, (7,)),), loops=())
    assert lines(graph, again, folded(again))[0].href == "#claim-C04"


def test_every_line_leads_to_a_row_of_its_own_page(page: str, hostile_page: str) -> None:
    for html in (page, hostile_page):
        drawn = re.findall(r'<svg[^>]*class="claims".*?</svg>', html, re.S)
        assert len(drawn) == 2
        led = set(re.findall(r'<a href="#(claim-[^"]+)"', "".join(drawn)))
        assert led and led <= set(re.findall(r'<tr role="row" id="(claim-[^"]+)"', html))


def test_the_table_has_every_line(page: str, study: Study) -> None:
    table = part_of(page)[part_of(page).index("<table>") :]
    assert study.graph is not None
    for arc in study.graph.arcs:
        assert study.graph.parts[arc.source].said in unescape(table)
    assert table.count("no claim: made of it") == 3 and "by way of A summit" not in table


def test_anchors_differ_whatever_the_codes_are() -> None:
    codes = ["C04", "C04", "", "<b>", "-3", "3", "a" * 40]
    made = anchors(codes)
    assert len(set(made)) == len(codes) and all(re.fullmatch(r"claim-[A-Za-z0-9-]+", name) for name in made)


def test_what_is_left_out_is_counted() -> None:
    assert left_out(0, 0, 0) == ""
    assert left_out(1, 0, 2) == "Not drawn: 1 weaker part that leads there, and 2 lines that lead elsewhere."


def test_an_argument_without_loops_says_so(study: Study, context: Context) -> None:
    graph = replace(argued(), arcs=(Arc(0, 1, 0, 1, (0,)),), loops=())
    told = unescape(re.sub(r"<[^>]+>", "", part_of(render(replace(study, graph=graph), context))))
    assert "1 thing said to act on violence on the fronts, and no loop" in told and "Reinforcing" not in told


def test_a_balancing_loop_brings_less_in_the_end(study: Study) -> None:
    graph = replace(argued(), loops=(Circle((9, 0), -1, 0.3),))
    told = graphic(graph, study.claims, folded(study.claims))
    assert told is not None and told.loops[0].kind == "Balancing"
    assert told.badges and all(letters == "A" for letters in told.badges.values())


def test_without_a_graph_or_claims_the_page_has_none(study: Study, context: Context) -> None:
    for other in (replace(study, graph=None), replace(study, graph=Graph()), replace(study, claims=(), graph=Graph())):
        assert 'class="graph"' not in render(other, context)


def test_names_of_the_case_stand_apart_from_our_words(hostile_page: str) -> None:
    ours = " ".join(told for told, _ in blocks(part_of(hostile_page)))
    assert "alert(1)" not in ours

"""The argument as a graph: every claim on a line, ladders as one part, loops with their sign, nothing invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fissures as fs
from fissures.case.graph import circles, links
from fissures.case.records import Case
from fissures.study.graph import graph
from fissures.study.graph_records import Arc, Graph, reached
from fissures.study.records import Belief, ClaimRow

SHIPPED = "south-caucasus-2020"


def rows_of(case: Case, mean: float = 0.5) -> tuple[ClaimRow, ...]:
    """A row for every coupling, all with the same coefficient."""
    belief = Belief(mean, 0.4)
    return tuple(
        ClaimRow(name, c.code, "", c.paraphrase, "s", 1, "stated", belief, belief, belief, 0.5, 0.0, 0, "mixed", 1)
        for name, c in case.claims.items()
        if c.kind == "coupling"
    )


@pytest.fixture(scope="module")
def valleys(case: Case) -> Graph:
    """The graph of the small case."""
    return graph(case, rows_of(case))


@pytest.fixture(scope="module")
def shipped() -> tuple[Case, Graph]:
    """The shipped case and its graph."""
    record = fs.load(SHIPPED).record
    return record, graph(record, rows_of(record))


def names(found: Graph) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """Every arc as source, target, sign and what it goes by way of."""
    return [(found.parts[a.source].name, found.parts[a.target].name, a.sign, a.via) for a in found.arcs]


def test_fronts_on_one_ladder_are_one_part_and_the_one_asked_about(valleys: Graph) -> None:
    assert valleys.hub is not None
    hub = valleys.parts[valleys.hub]
    assert hub.kind == "fronts" and hub.name.count(" and ") == 1 and hub.said == "violence on the fronts"
    assert [part.kind for part in valleys.parts].count("fronts") == 1


def test_every_claim_with_a_cause_and_an_effect_is_on_a_line(shipped: tuple[Case, Graph]) -> None:
    case, found = shipped
    couplings = [c for c in case.claims.values() if c.kind == "coupling"]
    drawn = {k for arc in found.arcs for k in arc.claims}
    assert {couplings[k].code for k in drawn} == {c.code for c in couplings if c.moves_something}


def test_what_only_passes_on_is_told_by_the_way(valleys: Graph, case: Case) -> None:
    """Arson follows from the fronts and feeds fear; no claim starts from it, so it is no part of its own."""
    arson = next(name for name in (part.name for part in valleys.parts) if "fear" in name)
    assert not any("arson" in part.name for part in valleys.parts)
    assert any(target == arson and "days with arson at the crossings" in via for _, target, _, via in names(valleys))


def test_what_no_claim_touches_is_left_out(valleys: Graph) -> None:
    touched = {end for arc in valleys.arcs for end in (arc.source, arc.target)}
    assert touched == set(range(len(valleys.parts)))
    for part in valleys.parts:
        mine = [a for a in valleys.arcs if part.id in (a.source, a.target)]
        both = any(a.source == part.id for a in mine) and any(a.target == part.id for a in mine)
        assert both or any(a.claims for a in mine)


def test_loops_come_back_and_their_sign_is_the_product(shipped: tuple[Case, Graph]) -> None:
    _, found = shipped
    assert len(found.loops) > 20
    for loop in found.loops:
        arcs = [found.arcs[k] for k in loop.arcs]
        assert [a.target for a in arcs] == [a.source for a in (*arcs[1:], arcs[0])]
        sign = 1
        for arc in arcs:
            sign *= arc.sign
        assert loop.sign == sign and loop.gain == pytest.approx(0.5 ** sum(bool(a.claims) for a in arcs))
    assert [loop.gain for loop in found.loops] == sorted((loop.gain for loop in found.loops), reverse=True)


def test_merging_loses_no_way_to_what_is_asked_about(shipped: tuple[Case, Graph]) -> None:
    """Whatever acts on the fronts in the case, by claims or not, still does in the graph, if it is a part there."""
    case, found = shipped
    assert found.hub is not None
    onward: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for link in links(case):
        if link.source[0] != "stream" or link.share >= 0.02:
            onward.setdefault(link.target, set()).add(link.source)
    seen: set[tuple[str, str]] = set()
    waiting = [("front", name) for name, front in case.fronts.items() if front.ladder == "border"]
    while waiting:
        new = onward.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    acting = {case.pressures[name].name.split(" (")[0] for kind, name in seen if kind == "pressure"}
    ours = {
        found.parts[k].name for k in reached(found.arcs, found.hub, against=True) if found.parts[k].kind == "pressure"
    }
    assert ours <= acting
    told = {part.name for part in found.parts}
    assert acting & told == ours


def test_the_order_of_the_case_does_not_matter(case: Case, valleys: Graph) -> None:
    turned = case.model_copy(
        update={
            "pressures": dict(reversed(case.pressures.items())),
            "streams": dict(reversed(case.streams.items())),
            "commitments": dict(reversed(case.commitments.items())),
        }
    )
    again = graph(turned, rows_of(turned))
    assert again.parts == valleys.parts
    assert {replace(a, via=()) for a in again.arcs} == {replace(a, via=()) for a in valleys.arcs}


def test_a_case_without_claims_has_an_empty_graph(case: Case) -> None:
    bare = case.model_copy(update={"claims": {}})
    found = graph(bare, ())
    assert found.arcs == () and found.loops == ()


def test_circles_are_told_once_and_stop_in_time(case: Case) -> None:
    every = list(circles(links(case), 200))
    keys = [frozenset((s.source, s.target, s.sign) for s in around) for around in every]
    assert len(keys) == len(set(keys)) > 1
    assert len(list(circles(links(case), 1))) == 1


def test_reached_follows_or_goes_against_the_arrows() -> None:
    arcs = (Arc(0, 1, 2, 1), Arc(1, 2, 1, 1), Arc(2, 2, 3, -1))
    assert reached(arcs, 1) == {1, 2, 3} and reached(arcs, 3, against=True) == {1, 2}

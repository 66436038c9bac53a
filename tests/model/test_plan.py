"""From words to moves: what a claim touches, where a commitment binds, which pressure a front feels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from fissures.case.records import Case, Commitment
from fissures.model import plan as layout

from .conftest import Prepared, invented

Moves = set[tuple[str, str]]
CLIMBS_ABOVE_CLASH: Moves = {
    ("clash", "limited_offensive"),
    ("clash", "war"),
    ("clash", "regional_war"),
    ("limited_offensive", "war"),
    ("limited_offensive", "regional_war"),
    ("war", "regional_war"),
}


def term(made: Prepared, claim: str, front: str) -> layout.Term:
    """A claim at work on one front."""
    at = made.plan.fronts.index(front)
    (found,) = [t for t in made.plan.ladder_terms if t.name == f"claim:{claim}" and t.target == at]
    return found


def touched(made: Prepared, claim: str, front: str) -> Moves:
    """The moves that a claim touches on a front, by name."""
    found = term(made, claim, front)
    rungs = made.plan.rungs[made.plan.ladder_of[found.target]]
    assert found.moves is not None
    return {(a, b) for r, a in enumerate(rungs) for j, b in enumerate(rungs) if found.moves[r, j]}


def every(made: Prepared, up: bool) -> Moves:
    rungs = made.plan.rungs[0]
    pairs = [(a, b) for r, a in enumerate(rungs) for b in rungs[r + 1 :]]
    return set(pairs) if up else {(b, a) for a, b in pairs}


def altered(case: Case, claim: str, **changes: object) -> Case:
    """The case with one claim's words changed."""
    return case.model_copy(update={"claims": {**case.claims, claim: case.claims[claim].model_copy(update=changes)}})


def laid_out(case: Case, made: Prepared) -> Prepared:
    """The case laid out anew on the same panel."""
    return Prepared(case, made.panel, layout.build(case, made.panel), made.history)


def test_climbing_touches_every_climb(caucasus: Prepared) -> None:
    assert touched(caucasus, "stall_raises_climbing", "loc") == every(caucasus, up=True)


def test_falling_touches_every_fall(caucasus: Prepared) -> None:
    assert touched(caucasus, "russia_brings_it_down", "tavush") == every(caucasus, up=False)
    assert term(caucasus, "russia_brings_it_down", "tavush").sign == 1
    assert term(caucasus, "crowds_slow_the_way_down", "tavush").sign == -1


def test_climbing_from_a_rung_touches_climbs_from_it_alone(caucasus: Prepared) -> None:
    expected = {move for move in CLIMBS_ABOVE_CLASH if move[0] == "clash"}
    assert touched(caucasus, "turkish_backing_raises_the_top", "loc") == expected
    assert term(caucasus, "drones_stop_short_of_ground_war", "loc").sign == -1


def test_a_named_move_touches_itself(caucasus: Prepared) -> None:
    assert touched(caucasus, "shelling_that_lasts_climbs", "loc") == {("heavy_weapons", "clash")}


def test_a_named_move_may_lead_down(valleys: Prepared) -> None:
    case = altered(valleys.case, "thirst_raises_climbing", effect="raises move feud to scuffles of ford")
    assert touched(laid_out(case, valleys), "thirst_raises_climbing", "ford") == {("feud", "scuffles")}


def test_a_ceiling_touches_what_breaks_it_from_at_or_below(caucasus: Prepared) -> None:
    above = {"limited_offensive", "war", "regional_war"}
    expected = {(a, b) for a, b in every(caucasus, up=True) if a not in above and b in above}
    assert touched(caucasus, "us_leadership_is_a_ceiling", "loc") == expected
    assert touched(caucasus, "csto_caps_the_border", "tavush") == expected


def test_a_commitment_binds_only_where_its_soil_is_recognised(caucasus: Prepared) -> None:
    on_line, on_border = (term(caucasus, "csto_caps_the_border", f).column for f in ("loc", "tavush"))
    assert (on_line.kind, on_line.level) == ("constant", 0.0)
    assert (on_border.kind, on_border.level) == ("constant", 1.0)


def test_the_same_pact_for_the_other_side_binds_on_both_fronts(caucasus: Prepared) -> None:
    other = caucasus.case.commitments["csto"].model_copy(update={"protects": "AZE"})
    made = laid_out(caucasus.case.model_copy(update={"commitments": {"csto": other}}), caucasus)
    assert [term(made, "csto_caps_the_border", f).column.level for f in ("loc", "tavush")] == [1.0, 1.0]


def test_what_a_commitment_obliges_waits_for_its_trigger(caucasus: Prepared) -> None:
    (stream,) = [s for s in caucasus.plan.streams if s.name == "csto_assistance"]
    ((name, column, mean, sd),) = stream.obliged
    tavush, offensive = caucasus.plan.fronts.index("tavush"), caucasus.plan.rungs[0].index("limited_offensive")
    assert (name, mean, sd) == ("commitment:csto", 3.0, 1.0)
    assert column == layout.Column("rung", tavush, float(offensive))


def test_a_pressure_that_counts_days_is_each_fronts_own(caucasus: Prepared) -> None:
    names = [p.name for p in caucasus.plan.pressures]
    for front in caucasus.plan.fronts:
        column = term(caucasus, "shelling_that_lasts_climbs", front).column
        assert names[column.index] == f"dwell@{front}"
        assert caucasus.plan.pressures[column.index].front == caucasus.plan.fronts.index(front)


def test_any_other_pressure_is_felt_on_every_front(caucasus: Prepared) -> None:
    columns = {term(caucasus, "stall_raises_climbing", front).column for front in caucasus.plan.fronts}
    assert len(columns) == 1
    assert {t.above for t in caucasus.plan.ladder_terms if t.name == "claim:stall_raises_climbing"} == {0.5}


def test_a_front_may_be_the_cause_on_another(caucasus: Prepared) -> None:
    column = term(caucasus, "border_leaves_the_line_alone", "loc").column
    assert column == layout.Column("rung", caucasus.plan.fronts.index("tavush"), 2.0)


def test_a_commitment_that_a_stream_reads_follows_its_trigger(valleys: Prepared) -> None:
    oath = Commitment(name="oath", guarantor="LEA", protects="BRO", when="ford at feud or above")
    case = valleys.case.model_copy(update={"commitments": {"oath": oath}})
    made = laid_out(altered(case, "thirst_brings_marches", cause="oath"), valleys)
    assert made.plan.stream_terms[0].column == layout.Column("rung", made.plan.fronts.index("ford"), 3.0)


def test_fronts_on_two_ladders_have_moves_of_their_own_size(valleys: Prepared) -> None:
    rungs = valleys.case.ladders["river"].rungs
    brook = valleys.case.ladders["river"].model_copy(
        update={"rungs": {name: rungs[name] for name in ("calm", "scuffles", "raids")}, "moves": {}}
    )
    ford = valleys.case.fronts["ford"].model_copy(update={"ladder": "brook"})
    case = valleys.case.model_copy(
        update={"ladders": {**valleys.case.ladders, "brook": brook}, "fronts": {**valleys.case.fronts, "ford": ford}}
    )
    made = laid_out(case, valleys)
    assert made.plan.ladder_of == (0, 1)
    moves = [term(made, "thirst_raises_climbing", front).moves for front in ("weir", "ford")]
    assert [np.asarray(mask).shape for mask in moves] == [(5, 5), (3, 3)]
    assert touched(made, "grief_slows_falling", "ford") == {
        ("scuffles", "calm"),
        ("raids", "calm"),
        ("raids", "scuffles"),
    }


def test_day_nought_is_the_day_after_the_as_of_date(caucasus: Prepared) -> None:
    assert caucasus.plan.date_of(0) == date(2020, 7, 22) and caucasus.plan.day(date(2020, 7, 22)) == 0
    assert caucasus.plan.date_of(caucasus.plan.horizon_days - 1) == date(2020, 12, 31)


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("thirst_raises_climbing", {"effect": "lowers climbing of weir, ford"}),
        ("distrust_raises_climbing", {"cause": "thirst"}),
    ],
)
def test_the_digest_covers_the_argument(valleys: Prepared, claim: str, changes: dict[str, str]) -> None:
    changed = altered(valleys.case, claim, **changes)
    assert layout.build(changed, valleys.panel).digest != valleys.plan.digest
    assert layout.build(valleys.case, valleys.panel).digest == valleys.plan.digest


def test_the_digest_covers_the_evidence(valleys: Prepared) -> None:
    evidence = valleys.case.evidence
    as_state = {**evidence, "events": evidence["events"].model_copy(update={"role": "state"})}
    case = valleys.case.model_copy(update={"evidence": as_state})
    assert layout.build(case, invented(case)).digest != valleys.plan.digest

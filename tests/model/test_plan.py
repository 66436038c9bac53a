"""From words to moves: what a claim touches, where a commitment binds, which pressure a front feels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from fissures.case.records import Case, Commitment
from fissures.kernel import world
from fissures.kernel.world import Factor
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
    at = made.plan.places.index(front)
    (found,) = [t for t in made.plan.terms_on("ladder", at) if t.origin == claim]
    return found


def touched(made: Prepared, claim: str, front: str) -> Moves:
    """The moves that a claim touches on a front, by name."""
    found = term(made, claim, front)
    rungs = made.plan.rungs(found.target)
    assert found.moves is not None
    return {(a, b) for r, a in enumerate(rungs) for j, b in enumerate(rungs) if found.moves[r, j]}


def every(made: Prepared, up: bool) -> Moves:
    rungs = made.plan.rungs(0)
    pairs = [(a, b) for r, a in enumerate(rungs) for b in rungs[r + 1 :]]
    return set(pairs) if up else {(b, a) for a, b in pairs}


def altered(case: Case, claim: str, **changes: object) -> Case:
    """The case with one claim's words changed."""
    return case.model_copy(update={"claims": {**case.claims, claim: case.claims[claim].model_copy(update=changes)}})


def laid_out(case: Case, made: Prepared) -> Prepared:
    """The case laid out anew on the same panel."""
    return Prepared(case, made.panel, layout.build(case, made.panel), made.history)


def test_climbing_touches_every_climb(caucasus: Prepared) -> None:
    assert touched(caucasus, "patrons_back_their_sides", "loc") == every(caucasus, up=True)


def test_climbing_up_to_a_rung_touches_climbs_that_end_at_it_or_below(caucasus: Prepared) -> None:
    above = {"war", "regional_war"}
    expected = {(a, b) for a, b in every(caucasus, up=True) if b not in above}
    assert touched(caucasus, "stall_raises_climbing", "loc") == expected
    assert {b for _, b in expected} == {"harassing_fire", "heavy_weapons", "clash", "limited_offensive"}


def test_climbing_to_a_rung_touches_climbs_that_end_there(caucasus: Prepared) -> None:
    below = ("quiet", "harassing_fire", "heavy_weapons", "clash")
    assert touched(caucasus, "gain_teaches_limited_force", "loc") == {(r, "limited_offensive") for r in below}


def test_violence_is_raised_on_climbs_and_lowered_on_falls(valleys: Prepared) -> None:
    """One coefficient, signed by move; `lowers` turns it round."""
    found = term(valleys, "council_holds_them", "ford")
    assert touched(valleys, "council_holds_them", "ford") == every(valleys, True) | every(valleys, False)
    r, j = np.indices(np.asarray(found.moves).shape)
    assert np.array_equal(found.moves, np.sign(j - r)) and found.sign == -1 and not found.root


def test_a_track_has_moves_of_its_own(caucasus: Prepared) -> None:
    assert {end for _, end in touched(caucasus, "settlement_may_have_been_near", "talks")} == {"tangible_step"}
    assert touched(caucasus, "pandemic_crowds_out_talks", "talks") == {
        (a, b) for k, a in enumerate(caucasus.plan.rungs(4)) for b in caucasus.plan.rungs(4)[k + 1 :]
    }


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
    case = altered(caucasus.case, "csto_caps_the_border", effect="lowers climbing past clash of loc, tavush")
    made = laid_out(case, caucasus)
    on_line, on_border = (term(made, "csto_caps_the_border", f).factors for f in ("loc", "tavush"))
    csto = list(case.commitments).index("csto")
    assert on_line == (Factor(world.STANDING, (csto,), level=0.0),)
    assert on_border == (Factor(world.STANDING, (csto,), level=1.0),)


def test_the_same_pact_for_the_other_side_binds_on_both_fronts(caucasus: Prepared) -> None:
    other = caucasus.case.commitments["csto"].model_copy(update={"protects": "AZE"})
    case = caucasus.case.model_copy(update={"commitments": {**caucasus.case.commitments, "csto": other}})
    made = laid_out(altered(case, "csto_caps_the_border", effect="lowers climbing past clash of loc, tavush"), caucasus)
    assert [term(made, "csto_caps_the_border", f).factors[0].level for f in ("loc", "tavush")] == [1.0, 1.0]


def test_what_a_commitment_obliges_waits_for_its_trigger(caucasus: Prepared) -> None:
    (stream,) = [s for s in caucasus.plan.streams if s.name == "csto_assistance"]
    ((name, factor, mean, sd),) = stream.obliged
    csto = list(caucasus.case.commitments).index("csto")
    assert (name, mean, sd) == ("commitment:csto", 3.0, 1.0)
    assert factor == Factor(world.IN_FORCE, (csto,))
    owed = caucasus.plan.commitments[csto]
    requests = [s.name for s in caucasus.plan.streams].index("csto_requests")
    assert (owed.lasts, owed.requested, owed.binds) == (28.0, requests, 0.5)
    assert owed.trigger.kind == world.MOVED and owed.trigger.level == caucasus.plan.rungs(0).index("clash")


def test_a_pressure_that_counts_days_is_each_fronts_own(caucasus: Prepared) -> None:
    names = [p.name for p in caucasus.plan.pressures]
    for front in caucasus.plan.fronts:
        if front not in ("loc", "tavush"):
            continue
        (factor,) = term(caucasus, "shelling_that_lasts_climbs", front).factors
        assert names[factor.places[0]] == f"dwell@{front}"
        pressure = caucasus.plan.pressures[factor.places[0]]
        assert factor.scale == pressure.scale
        ((fed, weight),) = pressure.feeds
        assert (fed.kind, fed.places, weight) == (world.RUNG, (caucasus.plan.fronts.index(front),), 1.0)


def test_any_other_pressure_is_felt_on_every_front(caucasus: Prepared) -> None:
    causes = {term(caucasus, "stall_raises_climbing", front).factors for front in ("loc", "tavush")}
    ((switch,),) = causes
    assert switch.kind == world.PRESSURE and switch.above == 0.5 and switch.below != switch.below


def test_a_front_may_be_the_cause_on_another(caucasus: Prepared) -> None:
    (factor,) = term(caucasus, "border_leaves_the_line_alone", "loc").factors
    assert factor == Factor(world.RUNG, (caucasus.plan.fronts.index("tavush"),), (2,))


def test_a_commitment_that_moves_a_stream_does_so_in_force(valleys: Prepared) -> None:
    oath = Commitment(name="oath", guarantor="LEA", protects="BRO", when="ford at feud or above", lasts="5 days")
    case = valleys.case.model_copy(update={"commitments": {"oath": oath}})
    made = laid_out(altered(case, "thirst_brings_marches", cause="oath in force"), valleys)
    (found,) = [t for t in made.plan.terms_on("stream") if t.origin == "thirst_brings_marches"]
    assert found.factors == (Factor(world.IN_FORCE, (0,)),)
    (owed,) = made.plan.commitments
    assert owed.trigger == Factor(world.RUNG, (made.plan.fronts.index("ford"),), (3,))
    assert (owed.lasts, owed.requested, owed.binds) == (5.0, -1, 1.0)


def test_fronts_on_two_ladders_have_moves_of_their_own_size(valleys: Prepared) -> None:
    rungs = valleys.case.ladders["river"].rungs
    brook = valleys.case.ladders["river"].model_copy(
        update={"rungs": {name: rungs[name] for name in ("calm", "scuffles", "raids")}, "moves": {}}
    )
    ford = valleys.case.fronts["ford"].model_copy(update={"ladder": "brook"})
    weir_alone = {"effect": "lowers climbing past feud of weir"}
    case = valleys.case.model_copy(
        update={"ladders": {**valleys.case.ladders, "brook": brook}, "fronts": {**valleys.case.fronts, "ford": ford}}
    )
    made = laid_out(altered(case, "oath_caps_the_feud", **weir_alone), valleys)
    assert made.plan.ladder_of == (0, 2, 1)
    assert made.plan.rungs(1) == ("calm", "scuffles", "raids")
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

"""From words to factors: whose fire it is and on whose soil, who stands with whom, what a condition does."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.case import grammar
from fissures.case.records import Case, Commitment, Front
from fissures.kernel import world
from fissures.kernel.factors import Day, value
from fissures.kernel.paths import run
from fissures.kernel.world import BOTH, FIRST, LONG_AGO, NOBODY, SECOND, UNCLEAR, Factor
from fissures.model import fit as fitting
from fissures.model import plan as layout
from fissures.model import simulate as simulation
from fissures.model.wording import Names, cause, factor

from .conftest import Prepared, fit, prepare

WEIR, FORD = 0, 1


def two_states(case: Case) -> Case:
    """The invented case with a front whose two halves are recognised as one state's: Ardel holds half of Brome."""
    line = Front(
        name="A line through Brome",
        ladder="river",
        between=("BRO", "ARD"),
        recognised={"north": "BRO", "south": "BRO"},
        held={"north": "ARD", "south": "BRO"},
    )
    return case.model_copy(update={"fronts": {**case.fronts, "line": line}})


def read(case: Case, phrase: str, place: str | None = None) -> Factor:
    """A phrase as the kernel reads it."""
    return factor(Names(case, [(p, 1.0) for p in case.pressures]), grammar.factor(phrase, case), place)


def fires(factor: Factor, place: int, who: int, rung: int = 4, places: int = 5) -> bool:
    """Whether a factor fires on a day on which somebody moved on one place alone."""
    by = np.full((places, 1), NOBODY, np.uint8)
    by[place] = who
    rungs = np.zeros((places, 1), np.int64)
    rungs[place] = rung
    nothing = np.zeros((places, 1))
    day = Day(
        nothing, rungs, rungs, by, nothing.astype(np.uint8), nothing.astype(np.int8), nothing, nothing, nothing,
        np.zeros((1, 1), bool), np.zeros((1, 1)),
    )  # fmt: skip
    return bool(value(factor, day)[0])


HITS = [
    # front, actor whose soil it is, who moved, does it hit
    ("weir", "BRO", FIRST, True),  # Ardel fires: on what Brome holds, which is Brome's
    ("weir", "BRO", SECOND, False),
    ("weir", "BRO", BOTH, True),
    ("weir", "BRO", UNCLEAR, False),
    ("weir", "ARD", FIRST, False),
    ("weir", "ARD", SECOND, True),
    ("weir", "LEA", BOTH, False),  # the League has no soil here
    ("line", "BRO", FIRST, True),  # Brome fires on what Ardel holds, which the world calls Brome's
    ("line", "BRO", SECOND, True),
    ("line", "ARD", FIRST, False),  # and no fire on this line is fire on Ardel's soil, whoever began
    ("line", "ARD", SECOND, False),
    ("line", "ARD", BOTH, False),
]


@pytest.mark.parametrize(("front", "soil", "who", "hits"), HITS)
def test_fire_hits_the_soil_of_whom_the_world_names(
    valleys: Prepared, front: str, soil: str, who: int, hits: bool
) -> None:
    case = two_states(valleys.case)
    place = list(case.fronts).index(front)
    assert fires(read(case, f"fire on {soil} soil of {front}"), place, who) is hits


def test_soil_is_hit_only_at_the_rung_that_is_named(valleys: Prepared) -> None:
    phrase = read(valleys.case, "fire on BRO soil at feud or above")
    assert [fires(phrase, WEIR, FIRST, rung) for rung in range(5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("actor", "who", "moved"),
    [("ARD", FIRST, True), ("ARD", SECOND, False), ("ARD", BOTH, True), ("BRO", SECOND, True), ("ARD", UNCLEAR, False)],
)
def test_fire_by_somebody_is_theirs_or_both(valleys: Prepared, actor: str, who: int, moved: bool) -> None:
    assert fires(read(valleys.case, f"fire by {actor} on weir"), WEIR, who) is moved
    assert not fires(read(valleys.case, f"fire by {actor} on ford"), WEIR, who)


def test_a_side_that_stands_with_somebody_fires_for_them(valleys: Prepared) -> None:
    ard = valleys.case.actors["ARD"].model_copy(update={"within": None, "stands_with": "LEA"})
    bro = valleys.case.actors["BRO"].model_copy(update={"within": None})
    case = valleys.case.model_copy(update={"actors": {**valleys.case.actors, "ARD": ard, "BRO": bro}})
    phrase = read(case, "fire by LEA on weir")
    assert [fires(phrase, WEIR, who) for who in (FIRST, SECOND, BOTH, UNCLEAR)] == [True, False, True, False]


def test_nobody_who_is_not_there_takes_ground_or_dies(valleys: Prepared) -> None:
    """An actor on no side of any front: the phrase can be read, and nothing ever fires it."""
    actors = {**valleys.case.actors, "SEA": valleys.case.actors["LEA"].model_copy(update={"name": "the sea"})}
    case = valleys.case.model_copy(update={"actors": actors})
    for phrase in ("advance by SEA on weir", "dead of SEA", "fire by SEA on weir", "fire on SEA soil of weir"):
        assert not any(fires(read(case, phrase), WEIR, who) for who in range(5)), phrase


def test_ground_is_taken_by_the_side_that_is_named(valleys: Prepared) -> None:
    assert read(valleys.case, "advance by ARD on any front").codes == (1, 1)
    assert read(valleys.case, "advance by BRO on any front").codes == (-1, -1)
    assert read(valleys.case, "advance on any front").codes == (0, 0)
    assert read(valleys.case, "dead of BRO").codes == (1, 1)
    assert read(two_states(valleys.case), "dead of BRO").codes == (1, 1, 0)


# --- a condition -------------------------------------------------------------------------------------------------


def joined(made: Prepared, text: str, condition: str | None) -> tuple[Factor, ...]:
    return cause(Names(made.case, [(p.name, p.scale) for p in made.plan.pressures]), text, condition, "ford")


def test_a_condition_on_the_cause_itself_makes_it_a_switch(valleys: Prepared) -> None:
    (switch,) = joined(valleys, "thirst", "thirst above 0.2")
    assert (switch.kind, switch.above) == (world.PRESSURE, 0.2)
    assert switch.below != switch.below


def test_any_other_condition_is_a_further_factor(valleys: Prepared) -> None:
    first, second = joined(valleys, "thirst", "distrust below 0.5")
    assert first.above != first.above and first.below != first.below
    assert second.below == 0.5 and second.places != first.places
    assert [f.kind for f in joined(valleys, "thirst", "within 2 weeks of wardens")] == [world.PRESSURE, world.WITHIN]
    assert [f.kind for f in joined(valleys, "thirst and distrust", "oath in force")] == [0, 0, world.IN_FORCE]


def test_an_own_fronts_pressure_is_that_fronts_in_a_condition_too(valleys: Prepared) -> None:
    names = [p.name for p in valleys.plan.pressures]
    (_, own) = joined(valleys, "thirst", "grief above 0.5")
    assert names[own.places[0]] == "grief@ford"


# --- what it means for commitments -------------------------------------------------------------------------------


def test_fire_on_a_line_inside_one_state_never_fires_the_others_commitment(valleys: Prepared) -> None:
    """Months of fighting on a line between two halves of Brome: Ardel's pact is never in force, Brome's is."""
    case = two_states(valleys.case)
    pact = {"lasts": "3 days", "binds": 1.0}
    commitments = {
        "for_ardel": Commitment(name="a", protects="ARD", when="fire on ARD soil of line", **pact),  # type: ignore[arg-type]
        "for_brome": Commitment(name="b", protects="BRO", when="fire on BRO soil of line", **pact),  # type: ignore[arg-type]
    }
    case = case.model_copy(
        update={"commitments": commitments, "claims": {}, "levers": {}, "systems": {}, "questions": case.questions}
    )
    panel = valleys.panel
    line = panel.day_high[:1] * 0 + 4
    wider = type(panel)(
        **{
            **vars(panel),
            "recorded": np.array([True, True, False, False]),
            "quiet_days": np.array([14.0, 14.0, 14.0, 0.0]),
            "split": np.array([0.6, 0.4, 0.0]),
            "day_low": np.concatenate([panel.day_low[:2], 0 * line, panel.day_low[2:]]),
            "day_high": np.concatenate([panel.day_high[:2], line, panel.day_high[2:]]),
        }
    )
    made = prepare(case, wider)
    built = simulation.world(made.plan, fit(made), 1)
    feud = {"start_rungs": np.where(np.arange(4) == 2, 3, built.start_rungs)}
    out = run(type(built)(**{**vars(built), **feud}), 60, 0, 200)
    assert (out.by[2] < UNCLEAR).sum() > 300
    ardel, brome = out.in_force
    assert not ardel.any() and brome.any()
    fired = out.by[2] <= BOTH
    expected = fired.copy()
    expected[1:] |= fired[:-1]
    expected[2:] |= fired[:-2]
    assert np.array_equal(brome, expected)


def test_a_front_opens_closes_and_retires_on_the_days_its_words_say(valleys: Prepared) -> None:
    changes = {"since": "2020-01-15", "until": "2020-03-01", "retires_after": 4}
    weir = Front.model_validate({**valleys.case.fronts["weir"].model_dump(by_alias=False), **changes})
    case = valleys.case.model_copy(update={"fronts": {**valleys.case.fronts, "weir": weir}})
    plan = layout.build(case, valleys.panel)
    opened, always = plan.front_plans
    assert plan.date_of(int(opened.opens)).isoformat() == "2020-01-15"
    assert plan.date_of(int(opened.closes)).isoformat() == "2020-03-01"
    assert opened.retires_after == 4
    assert (always.opens, always.closes, always.retires_after) == (-LONG_AGO, LONG_AGO, LONG_AGO)


def test_a_front_that_opened_before_the_as_of_date_is_open(valleys: Prepared) -> None:
    weir = valleys.case.fronts["weir"].model_copy(update={"since": valleys.case.as_of})
    case = valleys.case.model_copy(update={"fronts": {**valleys.case.fronts, "weir": weir}})
    assert layout.build(case, valleys.panel).front_plans[0].opens == -LONG_AGO


def test_only_a_stream_that_a_track_reaches_lifts_it(valleys: Prepared) -> None:
    reads = {
        "accords": "council reaches accord",
        "fights": "any front reaches raids",
        "talks": "council at session or above",
    }
    burnings = valleys.case.streams["burnings"]
    more = {name: burnings.model_copy(update={"read_from": text}) for name, text in reads.items()}
    case = valleys.case.model_copy(update={"streams": {**valleys.case.streams, **more}})
    lifts = {s.name: s.lifts for s in layout.build(case, valleys.panel).streams}
    council = list(grammar.standing(case)).index("council")
    assert lifts["accords"] == (council, 3)
    assert [name for name, lifted in lifts.items() if lifted] == ["accords"]


def test_fits_keep_whose_pact_binds(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    """A commitment binds in as many draws as its contested reading is believed."""
    binds = valleys_fit.draws["oath:binds"]
    assert set(np.unique(binds)) == {0.0, 1.0} and binds.mean() == pytest.approx(0.8, abs=0.05)
    assert valleys.plan.commitments[0].binds == 0.8

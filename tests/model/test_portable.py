"""Portable claims: what was planted is found, what was not is never supported, and what is left out is nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from fissures.case.portable import portable_claims, portable_rungs
from fissures.events.acts import Acts, acts_of, without
from fissures.model import portable_fit as fitting
from fissures.model.portable_fit import Reading
from fissures.model.portable_panel import Panel, rivals
from fissures.model.portable_verdicts import SUPPORTED, verdict

MONDAY = date(2018, 1, 1)
STATES = [f"S{n:02d}" for n in range(14)]
PLAIN = Reading()


def world(seed: int, weeks: int = 60, threat_tells: float = 0.0) -> Acts:
    """Acts between all pairs of a made-up world; a threat makes fighting likelier in the two weeks after it."""
    random = np.random.default_rng(seed)
    rows: list[tuple[int, str, str, str]] = []

    def told(week: int, one: str, other: str, kind: str) -> None:
        sides = (one, other) if random.random() < 0.5 else (other, one)
        rows.append((7 * week + int(random.integers(7)), *sides, kind))

    for a, one in enumerate(STATES):
        for other in STATES[a + 1 :]:
            heat = 0.0
            for week in range(weeks):
                if random.random() < 1.0 / (1.0 + np.exp(1.6 - threat_tells * heat)):
                    told(week, one, other, "19")
                heat *= 0.5
                if random.random() < 0.25:
                    told(week, one, other, "13")
                    heat += 1.0
                for kind, chance in (("11", 0.3), ("04", 0.5), ("05", 0.3), ("16", 0.1), ("15", 0.1)):
                    if random.random() < chance:
                        told(week, one, other, kind)
        for week in range(weeks):
            if random.random() < 0.2:
                rows.append((7 * week, one, one, "14"))
    return acts_of(*(np.array(column) for column in zip(*rows, strict=True)), MONDAY, weeks)


def same(one: Panel, other: Panel) -> bool:
    """Whether two panels are equal to the bit."""
    return (
        one.units == other.units
        and all(
            np.array_equal(getattr(one, name), getattr(other, name)) for name in ("rungs", "own", "volume", "around")
        )
        and all(np.array_equal(one.causes[name], other.causes[name]) for name in one.causes)
    )


# --- the catalogue ------------------------------------------------------------------------------------------


def test_there_are_at_least_ten_claims_each_with_its_literature() -> None:
    claims = portable_claims()
    assert len(claims) >= 10
    assert {"threats", "accusation", "own_mobilisation", "sanctions", "talks", "cooperation", "home_protest"} < set(
        claims
    )
    assert all(one.literature and {abs(one.climb), abs(one.fall)} == {1} for one in claims.values())
    assert all(one.sentence.endswith(".") for one in claims.values())


def test_a_kind_stands_on_one_rung_alone() -> None:
    kinds = [kind for rung in portable_rungs() for kind in rung.kinds]
    assert len(kinds) == len(set(kinds))


# --- panels -------------------------------------------------------------------------------------------------


def test_a_panel_counts_what_was_reported() -> None:
    rows = [
        *((week * 7, "A", "B", "13") for week in range(6)),
        *((week * 7, "A", "C", "19") for week in range(6)),
        *((week * 7, "C", "D", "11") for week in range(5)),
        (1, "B", "A", "13"),  # answers the threat of the day before
        (2, "C", "A", "04"),
        (3, "C", "B", "04"),  # C met both A and B in the first week
        (4, "C", "B", "07"),
        (8, "B", "B", "14"),
        (8, "B", "B", "14"),  # told twice
    ]
    panel = rivals(acts_of(*(np.array(column) for column in zip(*rows, strict=True)), MONDAY, 6))
    at = panel.units.index("A-B")
    assert panel.units == ("A-B", "A-C", "C-D")
    assert panel.rungs[at].tolist() == [1] * 6
    assert panel.rungs[panel.units.index("A-C")].tolist() == [3] * 6
    assert panel.causes["threats"][at].tolist() == [2, 1, 1, 1, 1, 1]
    assert panel.causes["reciprocity"][at].tolist() == [1, 0, 0, 0, 0, 0]
    assert panel.causes["outsiders_in_contact"][at].tolist() == [1, 0, 0, 0, 0, 0]
    assert panel.causes["other_fronts"][at].tolist() == [1] * 6
    assert panel.causes["patron_support"][at].tolist() == [1, 0, 0, 0, 0, 0]
    assert panel.causes["home_protest"][at].tolist() == [0, 1, 0, 0, 0, 0]


def test_the_order_and_the_number_of_reports_do_not_matter() -> None:
    acts = world(1, weeks=20)
    order = np.random.default_rng(0).permutation(acts.day.size)
    twice = np.concatenate([order, order[:500]])
    names = np.array(acts.states), np.array(acts.kinds)
    again = acts_of(
        acts.day[twice],
        names[0][acts.actor[twice]],
        names[0][acts.recipient[twice]],
        names[1][acts.kind[twice]],
        MONDAY,
        acts.weeks,
    )
    assert same(rivals(acts), rivals(again))


def test_a_pair_left_out_is_nowhere() -> None:
    """Whatever the two did to one another, no number of any other pair's changes."""
    acts = world(2, weeks=20)
    one, other = acts.states.index("S03"), acts.states.index("S08")
    theirs = ((acts.actor == one) & (acts.recipient == other)) | ((acts.actor == other) & (acts.recipient == one))
    assert theirs.sum() > 10
    worse = replace(acts, kind=np.where(theirs, acts.kinds.index("19"), acts.kind))
    left = rivals(without(acts, [("S08", "S03")]))
    assert "S03-S08" not in left.units
    assert same(left, rivals(without(worse, [("S03", "S08")])))


def test_events_a_week_later_make_the_same_panel_a_week_later() -> None:
    acts = world(3, weeks=20)
    early, late = rivals(replace(acts, weeks=21)), rivals(replace(acts, weeks=21, day=acts.day + 7))
    assert early.units == late.units
    np.testing.assert_array_equal(early.rungs[:, :-1], late.rungs[:, 1:])
    for name, counts in early.causes.items():
        np.testing.assert_array_equal(counts[:, :-1], late.causes[name][:, 1:])


def test_a_cause_shifted_goes_round_and_its_memory_never_looks_ahead() -> None:
    counts = np.random.default_rng(4).poisson(1.0, (3, 30)).astype(float)
    level, surge = fitting.cause_level(counts, PLAIN)
    assert surge > 0
    np.testing.assert_array_equal(fitting.cause_level(counts, PLAIN, shift=7)[0], np.roll(level, 7, axis=1))
    changed = counts.copy()
    changed[:, 20:] += 1.0
    later, other = fitting.cause_level(changed, PLAIN)
    np.testing.assert_allclose(level[:, :20] * surge, later[:, :20] * other)
    ahead, scale = fitting.cause_level(counts, PLAIN, future=True)
    earlier = counts.copy()
    earlier[:, :12] += 1.0  # weeks up to the one after the move began are no part of the future
    again, unit = fitting.cause_level(earlier, PLAIN, future=True)
    np.testing.assert_allclose(ahead[:, 10:] * scale, again[:, 10:] * unit)


# --- answers ------------------------------------------------------------------------------------------------


def test_a_planted_effect_is_found_and_stands_every_gate() -> None:
    panel, repeated = (rivals(world(seed, threat_tells=1.6)) for seed in (11, 12))
    told, again = (fitting.estimate(one, PLAIN, placebos=(0.5,)) for one in (panel, repeated))
    lead = fitting.leads(panel, PLAIN)["threats"]
    judged = verdict(told.claims["threats"], again.claims["threats"], lead, 0, 1)
    assert judged.word == SUPPORTED, (judged, told.claims["threats"].gain, lead)
    assert told.claims["threats"].pooled.mean[0] > 0.5
    assert told.together.low > 0.0 > told.placebos[0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_where_nothing_was_planted_nothing_is_supported(seed: int) -> None:
    panel, repeated = rivals(world(seed)), rivals(world(seed + 100))
    told, again = (fitting.estimate(one, PLAIN, placebos=()) for one in (panel, repeated))
    ahead = fitting.leads(panel, PLAIN)
    for name, claim in portable_claims().items():
        if name in told.claims:
            for way, sign in enumerate((claim.climb, claim.fall)):
                word = verdict(told.claims[name], again.claims.get(name), ahead[name], way, sign).word
                assert word != SUPPORTED, name
    assert told.together.low < 0.0


def test_a_gate_that_could_not_be_tried_is_not_passed() -> None:
    told = fitting.estimate(rivals(world(11, threat_tells=1.6)), PLAIN, placebos=()).claims["threats"]
    judged = verdict(told, None, None, 0, 1)
    assert judged.word == "leans to"
    assert judged.gates == {"sign": True, "gain": True, "second panel": None, "lead": None}
    assert verdict(None, None, None, 0, 1).word == "could not test"

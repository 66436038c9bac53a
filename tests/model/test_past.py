"""What the past showed of every kind of factor, against the meaning of the words worked out day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import nan

import numpy as np
import pytest

from fissures.case import grammar
from fissures.kernel import world as naming
from fissures.kernel.world import Factor
from fissures.model import past
from fissures.model.causes import cause_path, usual_causes
from fissures.model.history import _triggers
from fissures.model.past import shown, switched
from fissures.model.plan import Term
from fissures.model.wording import Names, factor

from . import by_hand
from .conftest import Prepared, prepare

LATE = date(2019, 3, 1)
PHRASES = [
    "any front at raids or above",
    "weir at feud or above",
    "council at session or above",
    "weir just at raids",
    "any front just at raids",
    "council just at session",
    "any front reaches raids",
    "council reaches session",
    "fire by ARD on weir",
    "fire by BRO on any front",
    "fire by LEA on any front",
    "fire on BRO soil",
    "fire on ARD soil of weir at feud or above",
    "use of arson on any front",
    "advance on any front",
    "advance by BRO on any front",
    "advance by LEA on weir",
    "dead of BRO",
    "dead of ARD",
    "dead of LEA",
    "deaths on weir, ford",
    "within 3 weeks of water_cuts",
    "within 1 month of council_meetings",
    "within 2 weeks of burnings",
    "within 10 days of letters",
    "oath",
    "oath in force",
    "pact in force",
    "blame in force",
    "late in force",
]


@pytest.fixture(scope="module")
def unsure(valleys: Prepared) -> Prepared:
    """The invented case with commitments more, one that only marks can trigger, one that nobody owed at first; and a
    stream nobody counted."""
    oath = valleys.case.commitments["oath"]
    free = {"requested_by": None, "obliges": None, "raises": None}
    pact = oath.model_copy(update={**free, "when": "ford at raids or above", "lasts": "10 days", "binds": 0.7})
    blame = oath.model_copy(update={**free, "when": "fire on BRO soil", "lasts": "1 month", "binds": 0.5})
    late = pact.model_copy(update={"lasts": "3 months", "since": LATE})
    letters = valleys.case.streams["wardens"].model_copy(update={"base_rate": "2 per month"})
    case = valleys.case.model_copy(
        update={
            "commitments": {**valleys.case.commitments, "pact": pact, "blame": blame, "late": late},
            "streams": {**valleys.case.streams, "letters": letters},
        }
    )
    panel = valleys.panel
    wide = {name: np.concatenate([getattr(panel, name), np.zeros((1, panel.days))]) for name in ("evidence", "state")}
    return prepare(case, type(panel)(**{**vars(panel), **wide}))


def test_a_commitment_obliges_nobody_before_it_stands(unsure: Prepared) -> None:
    """What would have triggered it earlier, had it stood, triggers nothing: neither on that day nor later."""
    owed, since = unsure.plan.commitments[3], unsure.day(str(LATE))
    assert owed.since == LATE and unsure.history.seen.owed_from[3] == since
    found = shown(unsure.plan, Factor(naming.IN_FORCE, (3,)), unsure.history.seen)
    always = replace(unsure.history.seen, owed_from=np.full(4, -unsure.panel.days))
    owing = shown(unsure.plan, Factor(naming.IN_FORCE, (3,)), always)
    assert not found[:, :since].any() and owing[:, :since].any()
    assert (owing[:, since] > found[:, since]).any()  # triggered lately, when nobody owed it yet
    window = past.days_in(owed.lasts)
    assert np.allclose(found[:, since + window :], owing[:, since + window :])


def test_a_trigger_of_the_last_days_is_remembered_at_the_start(unsure: Prepared) -> None:
    """In days at the end of the as-of date; none that the commitment's own time has outlasted, or from before it."""
    plan, history, days = unsure.plan, unsure.history, unsure.panel.days
    assert history.start_triggers.shape == (past_completions(unsure), 4)
    for k, owed in enumerate(plan.commitments):
        chance = past.triggered(plan, owed, history.seen)
        for c, age in enumerate(history.start_triggers[:, k]):
            lately = chance[c, days - past.days_in(owed.lasts) :]
            if age == naming.LONG_AGO:
                assert (lately < 1).all()
            else:
                assert age < owed.lasts and chance[c, days - 1 - int(age)] > 0
                assert (chance[c, days - int(age) :] < 1).all() or age == 0
    ended = replace(history.seen, owed_from=np.full(4, days))
    assert (_triggers(plan, ended, 1) == naming.LONG_AGO).all()


@pytest.mark.parametrize("phrase", PHRASES)
def test_what_was_shown_is_what_the_words_mean(unsure: Prepared, phrase: str) -> None:
    names = Names(unsure.case, [(p.name, p.scale) for p in unsure.plan.pressures])
    meant = factor(names, grammar.factor(phrase, unsure.case), "ford")
    found = shown(unsure.plan, meant, unsure.history.seen)
    assert found.shape == (past_completions(unsure), unsure.panel.days)
    for c in (0, found.shape[0] - 1):
        assert np.allclose(found[c], by_hand.chance(unsure, meant, c), rtol=1e-7, atol=1e-8)
    assert (found >= 0).all() and np.isfinite(np.sqrt(found)).all()


def past_completions(made: Prepared) -> int:
    return int(made.history.rungs.shape[0])


def test_a_break_shows_from_its_day_on(valleys: Prepared) -> None:
    found = shown(valleys.plan, Factor(naming.BREAK, (0,), level=1.0), valleys.history.seen)
    since = valleys.day("2019-05-01")
    assert not found[:, :since].any() and (found[:, since:] == 1).all()


def test_a_stream_that_nobody_counted_is_expected_at_its_usual_rate(unsure: Prepared) -> None:
    """Missing is not zero: ten days at two a month leave a chance of an event, and no day is sure to have had one."""
    s = list(unsure.case.streams).index("letters")
    found = shown(unsure.plan, Factor(naming.WITHIN, (s,), level=10.0), unsure.history.seen)
    assert found[:, 20:] == pytest.approx(1 - np.exp(-10 * 2 / 30.4375), rel=1e-9)


def test_a_chance_that_something_burnt_is_no_event(unsure: Prepared) -> None:
    """Days with arson are read from the fronts, on which it is a chance of .3 at a raid: a week of it is not sure."""
    s = list(unsure.case.streams).index("burnings")
    counts = unsure.history.seen.counts[:, s]
    assert set(np.unique(counts.round(6))) <= {0.0, 0.3, 0.5, 0.51, 0.65, 0.75}
    found = shown(unsure.plan, Factor(naming.WITHIN, (s,), level=2.0), unsure.history.seen)
    assert 0 < found.max() < 1


@pytest.mark.parametrize(("duration", "window"), [(14.0, 14), (30.4375, 31), (0.5, 1), (1.0, 1), (60.875, 61)])
def test_a_window_is_as_many_days_as_the_kernel_sees(duration: float, window: int) -> None:
    """The kernel compares whole days since an event with the duration; the past must count as many."""
    assert past.days_in(duration) == window == max(sum(age < duration for age in range(100)), 1)


def test_a_level_turns_a_cause_into_a_switch() -> None:
    values = np.array([0.1, 0.5, 0.9])
    assert switched(Factor(0, above=0.5), values).tolist() == [0, 0, 1]
    assert switched(Factor(0, below=0.5), values).tolist() == [1, 0, 0]
    assert switched(Factor(0, above=nan), values) is values


def test_a_product_is_held_at_two_surges_after_its_root(valleys: Prepared) -> None:
    """Root first, then the limit, as the simulator does."""
    pressure = Factor(naming.PRESSURE, (0,), scale=valleys.plan.pressures[0].scale / 10)
    plain, root = (Term("c", "c", 1, (pressure, pressure), "ladder", 0, root=r) for r in (False, True))
    x = valleys.history.pressures[0, 0, 1:] / pressure.scale
    assert x.max() > 2
    assert np.allclose(cause_path(valleys.plan, valleys.history, plain, 0), np.minimum(x * x, 2.0))
    assert np.allclose(cause_path(valleys.plan, valleys.history, root, 0), np.minimum(x, 2.0))


def test_what_was_usual_is_the_mean_over_days_and_completions(valleys: Prepared) -> None:
    usual = usual_causes(valleys.plan, valleys.history)
    for term in valleys.plan.terms:
        pressure = any(f.kind in (naming.PRESSURE, naming.WITHIN, naming.IN_FORCE) for f in term.factors)
        assert (term.key in usual) == (pressure or term.factors[0].kind == naming.STANDING)
        if pressure:
            paths = [cause_path(valleys.plan, valleys.history, term, c) for c in range(past_completions(valleys))]
            assert usual[term.key] == pytest.approx(np.mean(paths))

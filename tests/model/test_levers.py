"""Levers: known by name, never escalatory without leave, and the same in any order where they do not meet."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from fissures.case.records import Case, Lever
from fissures.errors import UsageError
from fissures.model import fit as fitting
from fissures.model import simulate as simulation
from fissures.model.levers import pull
from fissures.model.plan import Plan

from .conftest import Prepared

FROM, TO = date(2020, 2, 1), date(2020, 5, 31)


@pytest.fixture(scope="module")
def case(valleys: Prepared) -> Case:
    """The invented case with three levers more, one of them escalatory."""
    more = {
        "open_the_weir": Lever(name="The weir stays open", hold={"thirst": 0.0}, since=FROM, until=TO),
        "no_funerals": Lever(name="Nobody carries a grudge", hold={"grief": 0.0}, since=FROM, until=TO),
        "close_the_weir": Lever(
            name="The weir is closed", inject={"water_cuts": "1 every 2 days"}, since=FROM, until=TO, escalatory=True
        ),
    }
    return valleys.case.model_copy(update={"levers": {**valleys.case.levers, **more}})


def run(plan: Plan, fit: fitting.Fit) -> simulation.Run:
    return simulation.simulate(plan, fit, 300, days=80)


def same(one: simulation.Run, other: simulation.Run) -> bool:
    return all(np.array_equal(getattr(one, k), getattr(other, k)) for k in ("rungs", "deaths", "counts"))


def test_an_unknown_lever_brings_the_nearest_name(case: Case, valleys: Prepared) -> None:
    with pytest.raises(UsageError) as caught:
        pull(case, valleys.plan, "open_the_wier")
    assert "did you mean 'open_the_weir'" in str(caught.value)


def test_an_escalatory_lever_is_refused_without_leave(case: Case, valleys: Prepared) -> None:
    with pytest.raises(UsageError, match="escalatory"):
        pull(case, valleys.plan, "close_the_weir")
    assert pull(case, valleys.plan, "close_the_weir", allow_escalatory=True).levers[0].id == "close_the_weir"


def test_a_lever_is_laid_out_in_days_after_the_as_of_date(case: Case, valleys: Prepared) -> None:
    (lever,) = pull(case, valleys.plan, "council_every_fortnight").levers
    at = [s.name for s in valleys.plan.streams].index("council_meetings")
    assert lever.inject == ((at, 1.0, 14),)
    assert (lever.start, lever.end) == (7, 183)  # 6 January and 30 June; day 0 is 30 December


def test_a_held_pressure_of_each_front_is_held_on_every_front(case: Case, valleys: Prepared) -> None:
    (lever,) = pull(case, valleys.plan, "no_funerals").levers
    names = [p.name for p in valleys.plan.pressures]
    assert {names[p] for p, _ in lever.hold} == {"grief@weir", "grief@ford"}


def test_pulling_changes_the_plans_digest_and_not_the_plan(case: Case, valleys: Prepared) -> None:
    pulled = pull(case, valleys.plan, "open_the_weir")
    assert pulled.digest != valleys.plan.digest and pulled.parent == valleys.plan.parent
    assert valleys.plan.levers == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("open_the_weir", "council_every_fortnight"), ("open_the_weir", "no_funerals")],
)
def test_levers_that_do_not_meet_commute(
    case: Case, valleys: Prepared, valleys_fit: fitting.Fit, one: str, other: str
) -> None:
    first, second = (pull(case, pull(case, valleys.plan, a), b) for a, b in ((one, other), (other, one)))
    assert same(run(first, valleys_fit), run(second, valleys_fit))
    assert not same(run(first, valleys_fit), run(pull(case, valleys.plan, one), valleys_fit))


def test_a_lever_leaves_the_days_before_it_alone(case: Case, valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    start = valleys.plan.day(FROM)
    pulled = run(pull(case, valleys.plan, "close_the_weir", allow_escalatory=True), valleys_fit)
    left = run(valleys.plan, valleys_fit)
    for name in ("rungs", "deaths", "counts"):
        assert np.array_equal(getattr(pulled, name)[:, :start], getattr(left, name)[:, :start]), name
    assert not same(pulled, left)


def test_events_are_injected_on_their_days(case: Case, valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    at = [s.name for s in valleys.plan.streams].index("council_meetings")
    pulled = run(pull(case, valleys.plan, "council_every_fortnight"), valleys_fit)
    assert (pulled.counts[at, 7::14] >= 1).all()
    before = run(valleys.plan, valleys_fit).counts[at, :7]
    assert np.array_equal(pulled.counts[at, :7], before)


def test_a_lever_acts_the_way_its_claim_says(case: Case, valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    """Water withheld raises climbing in every draw's mean claim, so closing the weir must not calm the river."""
    closed = run(pull(case, valleys.plan, "close_the_weir", allow_escalatory=True), valleys_fit)
    opened = run(pull(case, valleys.plan, "open_the_weir"), valleys_fit)
    assert closed.rungs.mean() > opened.rungs.mean()

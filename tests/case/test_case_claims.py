"""Claims by kind, shared coefficients, evidence against state: what the argument cannot say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fissures.case.check import examine, load_case
from fissures.case.read import read_case
from fissures.case.strength import claim_prior, coefficient, prior_says
from fissures.case.systems import Element, Measure, element, measure

Altered = Callable[..., Path]

V4 = "    effect: raises stream market_marches\n    strength: likely\n"
V10 = "    kind: context\n"

FAULTS = [
    # kinds
    (V10, V10 + "    cause: thirst\n", "a claim of kind context has no cause"),
    (V10, V10 + "    strength: plain\n", "a claim of kind context has no strength"),
    (V10, V10 + "    prior: {mean: 1, sd: 1, says: ours}\n", "a claim of kind context has no prior"),
    (V10, V10 + "    same_as: oath_caps_the_feud\n", "a claim of kind context has no same_as"),
    (V10, "", "claims.water_is_what_it_is_about has no 'cause'"),
    ("    cause: thirst and distrust\n", "", "claims.thirst_and_distrust_together has no 'cause'"),
    # shared coefficients
    (V10, "    same_as: nothing_known\n", "no claim 'nothing_known'"),
    (V10, "    same_as: break wet_year\n", "no break 'wet_year'"),
    (V10, "    same_as: break dry_year\n", "the break dry_year has no effect and prior, so no coefficient"),
    (V10, "    same_as: water_is_what_it_is_about\n", "the claim is the same as itself"),
    (V4, V4 + "    same_as: closures_are_answered\n", None),
    # portable claims
    (V4, V4 + "    general: taks\n", "no portable claim 'taks'"),
    (
        V4,
        V4 + "    general: talks\n",
        "portable claims are about climbing or falling of fronts, and this claim moves something else",
    ),
    (
        V10,
        V10 + "    general: talks\n",
        "an instance of a portable claim needs a cause, an effect and a coefficient of its own",
    ),
    # what cannot be moved
    ("raises stream market_marches", "raises stream burnings", None),
    ("raises stream market_marches", "raises pressure thirst", "the pressure 'thirst' would move itself"),
    ("cause: fear\n", "cause: oath\n", "the standing deterrence of 'oath' acts on fronts only"),
    ("    protects: BRO\n", "", "'oath' protects nobody"),
    ("obliges: wardens", "obliges: burnings", None),
    ("requested_by: market_marches", "requested_by: wardens", "'wardens' is both the request and what is obliged"),
    ("    read_from: use of arson on any front\n", "", "the stream 'burnings' has neither base_rate nor read_from"),
    (
        "    read_from: use of arson",
        "    base_rate: 1 per week\n    read_from: use of arson",
        "the stream 'burnings' has both base_rate and read_from",
    ),
    ("    inject:", "    scale: {burnings: 2}\n    inject:", None),
    # breaks and dates
    ("{date: 2019-05-01,", "{date: 2019-12-29,", None),
    ("{date: 2019-05-01,", "{date: 2019-05-01, effect: lowers violence of weir,", None),
    ("    lasts: 3 weeks\n", "    lasts: 3 weeks\n    since: 2021-01-01\n", None),
    ("    builds_up: 3 months\n", "    builds_up: 3 months\n    begins: 2020-01-01\n", None),
    # evidence and state
    (
        "  wardens:\n    kind: dated_counts\n    file: wardens.csv\n",
        "  wardens:\n    kind: dated_counts\n    role: state\n    file: wardens.csv\n",
        "'wardens' has role: state and yet covers days, as only evidence does",
    ),
    (
        "    file: wardens.csv\n    source: ledger\n    covers: [[2018-01-01, 2019-12-29]]\n",
        "    file: events.csv\n    source: ledger\n    role: state\n",
        "the state events of 'wardens' stand in 'events.csv', which is evidence of 'events'",
    ),
    ("    streams: [wardens]\n", "    streams: [wardens, water_cuts]\n", "'water_cuts' is already counted by 'events'"),
    (
        "  ford: {name: The lower ford, ladder: river",
        "  ford: {name: The lower ford, ladder: parley",
        "the fronts of 'weekly' stand on 2 ladders: parley, river",
    ),
    # questions
    (
        "    exceed: [10, 50]\n",
        '    exceed: [10, 50]\n    exceed_base_rates: {"20": {low: 0, high: 1, says: x}}\n',
        None,
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "message"), FAULTS, ids=[f"{n}-{row[2] or row[1]}"[:60] for n, row in enumerate(FAULTS)]
)
def test_what_the_argument_cannot_say(altered: Altered, old: str, new: str, message: str | None) -> None:
    found = [f for f in examine(altered((old, new))).findings if f.level == "error"]
    assert found
    assert all(f.message and f.why and f.remedy and f.where.count(":") == 2 for f in found)
    assert message is None or message in [f.message for f in found], [f.message for f in found]


def test_chains_of_shared_coefficients_are_refused(altered: Altered) -> None:
    shared = "    cause: fear\n    effect: raises means arson of weir, ford\n    strength: may\n"
    folder = altered((shared, "    same_as: grief_slows_falling\n"), (V10, "    same_as: fear_brings_fire\n"))
    found = [f for f in examine(folder).findings if f.level == "error"]
    assert [f.message for f in found] == ["'fear_brings_fire' is itself the same as another claim"]
    assert found[0].remedy == "write same_as: grief_slows_falling"


def test_a_claim_may_share_the_coefficient_of_another_or_of_a_break(altered: Altered) -> None:
    folder = altered(
        (V10, "    same_as: grief_slows_falling\n"),
        (
            "strength: may\n    says: {source: letter, para: 4",
            "same_as: break dry_year\n    says: {source: letter, para: 4",
        ),
        (
            "{date: 2019-05-01,",
            "{date: 2019-05-01, effect: raises violence of weir, prior: {mean: 0.3, sd: 0.2, says: ours},",
        ),
    )
    case, _ = load_case(folder)
    restated, burnt = case.claims["water_is_what_it_is_about"], case.claims["fear_brings_fire"]
    assert claim_prior(case, restated) == claim_prior(case, case.claims["grief_slows_falling"]) == (0.25, 0.4)
    assert claim_prior(case, burnt) == (0.3, 0.2)
    assert coefficient(case, "fear_brings_fire") == "break dry_year"
    assert coefficient(case, "water_is_what_it_is_about") == "grief_slows_falling"
    assert coefficient(case, "grief_slows_falling") == "grief_slows_falling"
    assert prior_says(case, burnt) == "shared with break dry_year"


def test_a_statement_has_no_coefficient(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    with pytest.raises(ValueError, match="kind context has no coefficient"):
        claim_prior(case, case.claims["water_is_what_it_is_about"])


def test_a_pressure_may_say_why_nothing_raises_it(altered: Altered) -> None:
    folder = altered(
        ("    fed_by: {water_cuts: 1.0}\n    half_life: 4 weeks\n", "    says: only the League's levers move it\n"),
    )
    assert [f for f in examine(folder).findings if f.level == "error"] == []


def test_systems_name_elements_and_measures(two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    assert element("claim V1", case) == element("claim thirst_raises_climbing", case)
    assert element("means arson", case) == Element("means", "arson")
    assert element("claims letter", case) == Element("claims", "letter")
    assert measure("rung raids of weir", case) == Measure("rung", "raids", "weir")
    assert measure("rung session of council", case) == Measure("rung", "session", "council")
    assert measure("by ARD of ford", case) == Measure("by", "ARD", "ford")
    assert measure("dead of BRO", case) == Measure("dead", "BRO")
    assert measure("advance of ford", case) == Measure("advance", where="ford")
    assert measure("question V-Q1", case) == Measure("question", "V-Q1")
    assert measure("commitment oath", case) == Measure("commitment", "oath")

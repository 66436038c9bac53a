"""What other rivals show of a case's claims: found by its name, counted in its direction, never silently in force."""

from __future__ import annotations

from typing import Any

import pytest

from fissures import api
from fissures.case.portable import instance_of
from fissures.case.records import Case
from fissures.case.strength import claim_prior
from fissures.errors import UsageError
from fissures.model.portable_priors import combined, knows_the_case, own_pairs, portable_priors, with_priors


@pytest.fixture(scope="module")
def case() -> Case:
    return api.load("south-caucasus-2020").record


def results(pair: str, **said: dict[str, Any]) -> dict[str, Any]:
    """Results made up for a few claims, with one pair left out."""
    return {"without": [pair], "claims": said}


def both(climb: float, fall: float, sd: float = 0.2) -> dict[str, Any]:
    """What results say of one claim."""
    return {way: {"mean": mean, "sd": sd, "verdict": "leans to"} for way, mean in (("climb", climb), ("fall", fall))}


def test_some_claims_of_the_shipped_case_are_instances(case: Case) -> None:
    found = {name: instance_of(case, name) for name in case.claims}
    named = {name: (one.claim.name, one.way, one.sign) for name, one in found.items() if one}
    assert len(named) >= 5
    assert all(case.claims[name].general == told[0] for name, told in named.items())
    assert {way for _, way, _ in named.values()} == {"climb", "fall"}
    assert {sign for _, _, sign in named.values()} == {1, -1}


def test_a_distribution_counts_in_the_direction_of_the_case(case: Case) -> None:
    made = results(own_pairs(case)[0], **{name: both(-0.3, 0.1) for name in ("talks", "home_protest")})
    beside = portable_priors(case, made)
    lowering = next(n for n, c in case.claims.items() if c.general == "talks")
    raising = next(
        n for n, c in case.claims.items() if c.general == "home_protest" and "raises climbing" in str(c.effect)
    )
    assert beside[lowering] is not None and beside[raising] is not None
    assert beside[lowering]["mean"] == 0.3
    assert beside[raising]["mean"] == -0.3
    mean, sd = combined(claim_prior(case, case.claims[lowering]), (0.3, 0.2))
    assert beside[lowering]["combined"] == {"mean": mean, "sd": sd}
    assert sum(one is not None for one in beside.values()) == sum(
        c.general in ("talks", "home_protest") for c in case.claims.values()
    )


def test_the_shipped_results_have_not_seen_the_shipped_case(case: Case) -> None:
    assert own_pairs(case)
    assert knows_the_case(case) == ()
    assert sum(one is not None for one in portable_priors(case).values()) >= 5


def test_results_that_have_seen_the_case_are_not_used(case: Case) -> None:
    seen = results("AAA-BBB", talks=both(-0.3, 0.1))
    assert set(portable_priors(case, seen).values()) == {None}
    with pytest.raises(UsageError, match="among the pairs") as told:
        with_priors(case, "portable", seen)
    assert "fissures portable fit --without" in str(told.value.findings[0])


def test_priors_are_replaced_only_where_asked(case: Case) -> None:
    assert with_priors(case, "analyst") is case
    vague, portable = with_priors(case, "vague"), with_priors(case, "portable")
    beside = portable_priors(case)
    for name, claim in case.claims.items():
        if not claim.moves_something or claim.same_as is not None:
            assert vague.claims[name] == portable.claims[name] == claim
            continue
        assert claim_prior(vague, vague.claims[name]) == (0.0, 0.4)
        told = beside[name]
        if told is None:
            assert portable.claims[name] == claim
        else:
            prior = portable.claims[name].prior
            assert prior is not None
            assert (prior.mean, prior.sd) == (told["combined"]["mean"], told["combined"]["sd"])
            assert claim_prior(portable, portable.claims[name]) == (prior.mean, prior.sd)
            assert prior.sd < claim_prior(case, claim)[1]
            assert f"portable claim {told['claim']}" in prior.says

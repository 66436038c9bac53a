"""What other rivals show of a case's claims, beside the analyst's priors, and a case with those priors replaced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from math import sqrt
from typing import Any, Literal

from fissures.case.portable import RESULTS, instance_of
from fissures.case.records import Case, Claim, Prior
from fissures.case.strength import claim_prior, prior_says
from fissures.errors import UsageError
from fissures.model.prior import VAGUE

Which = Literal["analyst", "portable", "vague"]
Beside = dict[str, Any]


@cache
def _shipped() -> dict[str, Any]:
    return dict(json.loads(RESULTS.read_text(encoding="utf-8")))


def combined(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Two normal beliefs taken together, each weighed by its precision; mean and sd.

    >>> combined((0.5, 1.0), (0.0, 1.0))[0]
    0.25
    """
    weights = one[1] ** -2.0, other[1] ** -2.0
    total = sum(weights)
    return (weights[0] * one[0] + weights[1] * other[0]) / total, 1.0 / sqrt(total)


def own_pairs(case: Case) -> tuple[str, ...]:
    """The pairs of states that face one another on a case's fronts, by ISO code: `AAA-BBB`."""
    found = set()
    for front in case.fronts.values():
        states = sorted({iso for side in front.between if side in case.actors and (iso := case.actors[side].iso3)})
        found |= {f"{one}-{other}" for n, one in enumerate(states) for other in states[n + 1 :]}
    return tuple(sorted(found))


def knows_the_case(case: Case, results: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Pairs of the case's own that the results have seen; its record would count twice with them."""
    seen = _shipped() if results is None else results
    return tuple(pair for pair in own_pairs(case) if pair not in seen["without"])


def portable_priors(case: Case, results: Mapping[str, Any] | None = None) -> dict[str, Beside | None]:
    """What a new pair's slope may be, for every claim with a coefficient of its own: None where nothing is known.

    `{"claim", "mean", "sd", "combined": {"mean", "sd"}, "verdict"}`, positive in the direction that the case's claim
    states; combined with the analyst's prior. `results` are those of the study, the shipped ones where none are given.
    All are None where the results have seen the pair that the case is about.
    """
    told = _shipped() if results is None else results
    own = [name for name, claim in case.claims.items() if claim.moves_something and claim.same_as is None]
    if knows_the_case(case, told):
        return dict.fromkeys(own)
    return {name: _beside(case, name, told) for name in own}


def _beside(case: Case, name: str, results: Mapping[str, Any]) -> Beside | None:
    found = instance_of(case, name)
    said = results["claims"].get(found.claim.name, {}).get(found.way) if found else None
    if found is None or said is None or "sd" not in said:
        return None
    mean, sd = found.sign * said["mean"], said["sd"]
    both = combined(claim_prior(case, case.claims[name]), (mean, sd))
    return {
        "claim": found.claim.name,
        "mean": mean,
        "sd": sd,
        "combined": {"mean": both[0], "sd": both[1]},
        "verdict": said["verdict"],
    }


def with_priors(case: Case, priors: Which, results: Mapping[str, Any] | None = None) -> Case:
    """A case whose claims have other priors: `analyst` as it stands, `portable` the analyst's combined with what other
    rivals show, where they show something, `vague` N(0, .4) for all.

    Raises UsageError where the results have seen the pair that the case is about.
    """
    if priors == "analyst":
        return case
    if priors == "portable" and (seen := knows_the_case(case, results)):
        raise UsageError(
            f"the results of the portable claims were made with {', '.join(seen)} among the pairs",
            where="priors",
            why="the case's own record would count twice",
            remedy=f"make them without: fissures portable fit --without {seen[0].replace('-', ',')}",
        )
    beside = portable_priors(case, results) if priors == "portable" else {}
    claims = {name: _replaced(case, name, priors, beside.get(name)) for name in case.claims}
    return case.model_copy(update={"claims": claims})


def _replaced(case: Case, name: str, priors: Which, beside: Beside | None) -> Claim:
    claim = case.claims[name]
    if not claim.moves_something or claim.same_as is not None:
        return claim
    if priors == "vague":
        return _with(claim, VAGUE, "vague, the same for every claim")
    if beside is None:
        return claim
    both = beside["combined"]
    says = f"portable claim {beside['claim']}, {beside['mean']:+.2f} (sd {beside['sd']:.2f}), taken together with"
    return _with(claim, (both["mean"], both["sd"]), f"{says}: {prior_says(case, claim)}")


def _with(claim: Claim, prior: tuple[float, float], says: str) -> Claim:
    """A claim with another prior, which stands in its own right: nothing of the old one's reasons to fall back."""
    stated = Prior(mean=prior[0], sd=prior[1], says=says)
    return claim.model_copy(update={"prior": stated, "prior_uses_fit_data": False, "published": None})

"""How strongly a claim is believed before the data: its stated prior, or its strength word."""

from __future__ import annotations

from fissures.case.records import Case, Claim
from fissures.terms import strength_words


def claim_prior(case: Case, claim: Claim) -> tuple[float, float]:
    """Mean and sd of a claim's coefficient, positive in the direction that the claim states.

    A stated prior that uses data of the fit, or a study published after the as-of date, falls back to the strength
    word: otherwise the data would be counted twice, or the future would be known.
    """
    late = claim.published is not None and claim.published > case.as_of
    if claim.prior is not None and not claim.prior_uses_fit_data and not late:
        return claim.prior.mean, claim.prior.sd
    return strength_words()[claim.strength]

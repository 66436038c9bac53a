"""How strongly a claim is believed before the data: its stated prior, or its strength word."""

from __future__ import annotations

from fissures.case.records import Case, Claim
from fissures.terms import strength_words


def claim_prior(case: Case, claim: Claim) -> tuple[float, float]:
    """Mean and sd of a claim's coefficient, positive in the direction that the claim states.

    A stated prior that uses data of the fit, or a study published after the as-of date, falls back to the strength
    word: otherwise the data would be counted twice, or the future would be known.
    """
    if claim.prior is not None and not _falls_back(case, claim):
        return claim.prior.mean, claim.prior.sd
    return strength_words()[claim.strength]


def prior_says(case: Case, claim: Claim) -> str:
    """Where a claim's prior comes from, in words; also what was set aside, and why."""
    word = f"strength word '{claim.strength}'"
    if claim.prior is None:
        return word
    if why := _falls_back(case, claim):
        return f"{word}; set aside, as {why}: {claim.prior.says}"
    return claim.prior.says


def _falls_back(case: Case, claim: Claim) -> str:
    if claim.prior_uses_fit_data:
        return "it uses data of the fit"
    if claim.published is not None and claim.published > case.as_of:
        return "it was published after the as-of date"
    return ""

"""How strongly a claim is believed before the data: its stated prior, or its strength word."""

from __future__ import annotations

from fissures.case.records import Case, Claim
from fissures.terms import strength_words


def coefficient(case: Case, name: str) -> str:
    """The name of the coefficient that a claim moves by: its own, or that of what it is the `same_as`.

    A break's coefficient is called "break NAME".
    """
    shared = case.claims[name].same_as
    return name if shared is None else " ".join(shared.split())


def claim_prior(case: Case, claim: Claim) -> tuple[float, float]:
    """Mean and sd of a claim's coefficient, positive in the direction that the claim states.

    A stated prior that uses data of the fit, or a study published after the as-of date, falls back to the strength
    word: otherwise the data would be counted twice, or the future would be known. A claim that is the `same_as`
    another has that one's prior. Raises ValueError for a claim that has no coefficient.
    """
    if claim.same_as is not None:
        return _shared_prior(case, claim.same_as)
    if claim.prior is not None and not _falls_back(case, claim):
        return claim.prior.mean, claim.prior.sd
    if claim.strength is None:
        raise ValueError(f"a claim of kind {claim.kind} has no coefficient")
    return strength_words()[claim.strength]


def _shared_prior(case: Case, same_as: str) -> tuple[float, float]:
    words = same_as.split()
    if words[0] == "break" and len(words) == 2:
        prior = case.breaks[words[1]].prior
        if prior is None:
            raise ValueError(f"the break {words[1]} has no coefficient")
        return prior.mean, prior.sd
    other = case.claims[same_as.strip()]
    if other.same_as is not None:
        raise ValueError(f"{same_as.strip()} itself shares the coefficient of another claim")
    return claim_prior(case, other)


def prior_says(case: Case, claim: Claim) -> str:
    """Where a claim's prior comes from, in words; also what was set aside, and why."""
    if claim.same_as is not None:
        return f"shared with {' '.join(claim.same_as.split())}"
    word = f"strength word '{claim.strength}'"
    if claim.prior is None:
        return word if claim.strength is not None else ""
    if why := _falls_back(case, claim):
        return f"{word}; set aside, as {why}: {claim.prior.says}"
    return claim.prior.says


def _falls_back(case: Case, claim: Claim) -> str:
    if claim.prior_uses_fit_data:
        return "it uses data of the fit"
    if claim.published is not None and claim.published > case.as_of:
        return "it was published after the as-of date"
    return ""

"""What a panel of rivals lets be said of a general claim: a verdict with every gate that it passed or failed."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

from fissures.model.portable_fit import CLAIM_SD, Estimate, Lead

SUPPORTED, LEANS, MIXED, CONTRADICTED, UNTESTED = "supported", "leans to", "mixed", "contradicted", "could not test"
SURE, LIKELY, AGAINST = 0.9, 0.75, 0.1  # chance of the expected sign
NARROWED, LEAST_NARROWED = 0.25, 0.1  # of the vague prior's sd
LEADS = 0.82  # nats: what a lead must gain, with the cause and beyond it, for the claim to move with it


@dataclass(frozen=True)
class Verdict:
    """A word, the chance of the expected sign, and the gates: each with whether it was passed (None: not to be had)."""

    word: str
    chance: float
    gates: dict[str, bool | None]


def sign_chance(mean: float, sd: float, sign: int) -> float:
    """Chance that a slope has the expected sign.

    >>> sign_chance(0.0, 1.0, 1)
    0.5
    """
    return 0.5 * (1.0 + erf(sign * mean / (sd * sqrt(2.0))))


def moves_with(lead: Lead, way: int) -> bool:
    """Whether the cause in the future fits as well as the cause in the past, and adds to it."""
    return lead.lead[way] >= lead.own[way] and min(lead.lead[way], lead.beyond[way]) > LEADS


def verdict(first: Estimate | None, second: Estimate | None, lead: Lead | None, way: int, sign: int) -> Verdict:
    """The verdict on one way (0: climbs, 1: falls) of a claim, from a complete panel, a second one, and the lead test.

    *Supported* needs every gate: the sign rule, a gain on pairs not seen whose interval leaves out zero, the same sign
    in a second panel, and the fair lead test. A gate that could not be tried is not passed. *Contradicted* needs as
    much the other way.
    """
    if first is None:
        return Verdict(UNTESTED, 0.5, {})
    mean, sd = float(first.pooled.mean[way]), float(first.pooled.sd[way])
    chance, narrowed = sign_chance(mean, sd, sign), 1.0 - sd / CLAIM_SD
    again = None if second is None else float(second.pooled.mean[way]) * sign
    fair = None if lead is None else not moves_with(lead, way)
    gains = first.gain.low > 0.0
    gates: dict[str, bool | None] = {
        "sign": chance > SURE and narrowed >= NARROWED,
        "gain": gains,
        "second panel": None if again is None else again > 0.0,
        "lead": fair,
    }
    contrary = chance < AGAINST and narrowed >= NARROWED and gains and again is not None and again < 0.0 and fair
    if narrowed < LEAST_NARROWED:
        return Verdict(UNTESTED, chance, gates)
    if all(gates.values()):
        return Verdict(SUPPORTED, chance, gates)
    if contrary:
        return Verdict(CONTRADICTED, chance, gates)
    return Verdict(LEANS if chance > LIKELY else MIXED, chance, gates)

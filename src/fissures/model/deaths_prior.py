"""What is believed of a day's deaths at a rung before the record: priors, where the tail begins, and the most of a day.

The zero part and the size have no stated prior in a case: they are what other conflicts show, at rungs that bring as
many dead. Measured on UCDP GED 21.1, state-based, events before 21 July 2020, seven days of a dyad's week together, by
maximum likelihood (the table stands in tests/kernel/test_deaths.py):

- 10 to 49 killed in the week (a clash): territory 24,661 days, zero part .66 and size .98; state against state 735
  days, .68 and 1.0. So logit zero .7, log size 0. Both sds .7: a conflict is not the mean of all.
- 50 and more (an offensive, war): a zero part adds hardly anything, so there is none unless days on record have one.
  Size .23 at 50 to 99 a week, .25 at 100 to 199, .27 at 200 to 399; by the ladder's rules .15 for offensives, .33 for
  wars (state against state .26). So log size log(.25), sd .5.
- fewer than 10: weeks in which nobody died are on no such record. Ours: logit zero -1, sd 1.5; size .5, log sd 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Deaths
from fissures.events.panel import Panel
from fissures.kernel.deaths import join

Floats = NDArray[np.float64]
Prior = tuple[float, float]

WEEK = 7.0
LOG_RATIO: Prior = (0.0, 0.5)  # of the tail's scale over the one at which the mass runs on smoothly: ours
ONE_IN = 10.0  # the tail begins where one day in so many goes beyond


@dataclass(frozen=True)
class Band:
    """Priors of logit zero and log size at rungs that bring from so many killed a week; `zero_part` as `fit` has it."""

    killed_per_week: float
    logit_zero: Prior
    log_size: Prior
    zero_part: bool | None


BANDS = (
    Band(50.0, (-1.0, 1.5), (float(np.log(0.25)), 0.5), None),
    Band(10.0, (0.7, 0.7), (0.0, 0.7), True),
    Band(0.0, (-1.0, 1.5), (float(np.log(0.5)), 1.0), None),
)


def band(stated: Deaths) -> Band:
    """The band in which a rung's stated mean lies."""
    return next(one for one in BANDS if WEEK * stated.mean >= one.killed_per_week)


def deaths_prior(stated: Deaths) -> tuple[Floats, Floats]:
    """Prior means and sds (4,) of log mean, log size, logit zero and log ratio."""
    one = band(stated)
    rows = ((float(np.log(stated.mean)), stated.spread), one.log_size, one.logit_zero, LOG_RATIO)
    return np.array([mean for mean, _ in rows]), np.array([sd for _, sd in rows])


def day_limits(case: Case, panel: Panel) -> dict[str, Floats]:
    """By ladder where the tail of each rung begins and the most dead of a day, shape (2, R); 0 and 1 without deaths.

    A stated cap stands. One that is not stated is the record's worst day where that exceeds what the mean allows.
    """
    out: dict[str, Floats] = {}
    for name, ladder in case.ladders.items():
        out[name] = np.array([[0.0] * len(ladder.rungs), [1.0] * len(ladder.rungs)])
        for r, rung in enumerate(ladder.rungs.values()):
            if (stated := rung.deaths_per_day) is not None:
                worst = np.ceil(max(worst_days(case, panel, name, r)))
                cap = stated.most if stated.cap else max(stated.most, float(worst))
                out[name][:, r] = _threshold(stated, cap), cap
    return out


def _threshold(stated: Deaths, cap: float) -> float:
    """The stated threshold, or the point that one day in ten goes beyond by the prior's middle."""
    if stated.threshold is not None:
        return min(float(stated.threshold), cap - 1.0)
    one = band(stated)
    none = 1.0 / (1.0 + float(np.exp(-one.logit_zero[0]))) if one.zero_part else 0.0
    body = stated.mean / (1.0 - none)
    return join(body, float(np.exp(one.log_size[0])), cap, 1.0 - 1.0 / (ONE_IN * (1.0 - none)))


def worst_days(case: Case, panel: Panel, ladder: str, rung: int) -> tuple[float, float]:
    """The most dead that the record has on a day at a rung, fronts pooled, and that some day of a spell must have had
    on its front; 0 where it tells of none."""
    standing = list(grammar.standing(case).values())
    seen = [deaths for which, deaths, days in panel.deaths_by_rung.get(ladder, ()) if which == rung and days > 0]
    needed = [
        (spell.killed_low or 0.0) / (spell.end - spell.start + 1)
        for spell in panel.spells
        if standing[spell.front].ladder == ladder and spell.rung == rung
    ]
    return float(max(seen, default=0.0)), float(max(needed, default=0.0))

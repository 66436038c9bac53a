"""The marks of violence and what else is fitted or drawn one by one: deaths at each rung, means used, whose dead they
are, whether contested commitments bind, and claims on marks and pressures, on which nothing is on record."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import DataError
from fissures.events.panel import Panel
from fissures.kernel import deaths_fit
from fissures.kernel.deaths_likelihood import Record
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import DRAWS, Block, Priors, normals
from fissures.model.deaths_prior import band, deaths_prior, worst_days
from fissures.model.past import first_share
from fissures.model.plan import Plan

Floats = NDArray[np.float64]

TINY = 1e-12
DEATHS = ("log_deaths", "log_size", "zero", "log_tail", "shape")  # as `deaths_fit` draws them
UNSEEN = ("by", "means", "advance", "pressure")  # kinds of targets that no record speaks of


def draw_marks(plan: Plan, panel: Panel, history: past.History, seed: int) -> dict[str, Floats]:
    """Draws of the logit of each means by rung, of the first side's share of the dead, of what binds; (D,) each.

    A stated chance weighs as ten days of record, and as no less than half a day on which the means was used.
    """
    out: dict[str, Floats] = {}
    for ladder in plan.ladders:
        for b, name in enumerate(plan.means):
            for r, rung in enumerate(ladder.rungs):
                if (chance := ladder.means[b, r]) > 0:
                    used, days = panel.means_by_rung.get((ladder.name, r, name), (0.0, 0.0))
                    used /= _fronts_at(plan, panel, history, ladder.name, r)
                    weight = max(belief.MEANS_DAYS, 0.5 / chance)
                    key = f"{ladder.name}:{rung}:means_{name}"
                    out[key] = log_odds(
                        weight * chance + used, weight * (1.0 - chance) + days - used, _uniform(seed, key)
                    )
    for name, front in zip(plan.fronts, plan.front_plans, strict=True):
        share = first_share(front.dead, belief.DEAD_DOUBT)
        total = sum(front.dead) + belief.DEAD_DOUBT
        odds = log_odds(share * total, (1.0 - share) * total, _uniform(seed, f"{name}:first_share"))
        out[f"{name}:first_share"] = 1.0 / (1.0 + np.exp(-odds))
    for owed in plan.commitments:
        out[f"{owed.name}:binds"] = (_uniform(seed, f"{owed.name}:binds") < owed.binds).astype(np.float64)
    return out


def _fronts_at(plan: Plan, panel: Panel, history: past.History, ladder: str, rung: int) -> float:
    """How many recorded fronts stood at a rung on days on which it was the highest of them; 1 where none ever did.

    The record's days are pooled over fronts and told by the highest rung.
    """
    mine = [f for f in range(len(plan.fronts)) if panel.recorded[f] and plan.ladders[plan.ladder_of[f]].name == ladder]
    if not mine:
        return 1.0
    rungs = history.rungs[:, mine]
    there = (rungs == rung).sum(axis=1)[rungs.max(axis=1) == rung]
    return float(there.mean()) if there.size else 1.0


def _uniform(seed: int, name: str) -> Floats:
    """One uniform for each draw."""
    return uniforms(name_key(seed, name, "draw"), 0, path_numbers(0, DRAWS))


def log_odds(yes: float, no: float, uniform: Floats) -> Floats:
    """Log odds of a chance that is Beta(yes, no), by inverse CDF; shape of `uniform`.

    >>> float(log_odds(5.0, 5.0, np.full(1, 0.5))[0])
    0.0
    """
    from scipy.special import betaincinv

    # Where a chance is stated as sure, the other side weighs nothing, and no beta has a weight of nothing.
    chance = np.clip(betaincinv(max(yes, TINY), max(no, TINY), uniform), TINY, 1.0 - TINY)
    return np.asarray(np.log(chance / (1.0 - chance)), np.float64)


def unseen(plan: Plan, priors: Priors) -> list[str]:
    """Coefficients of claims on marks and pressures, of which no record speaks: their priors stand."""
    return list(dict.fromkeys(t.name for kind in UNSEEN for t in plan.terms_on(kind) if t.name in priors))


def fit_deaths(
    case: Case, plan: Plan, panel: Panel, history: past.History, seed: int
) -> tuple[dict[str, Floats], list[Block]]:
    """Deaths on a day at each rung; rungs without a prior have none."""
    draws: dict[str, Floats] = {}
    blocks = []
    for number, (ladder, rungs) in enumerate((one.name, one.rungs) for one in plan.ladders):
        for r, rung in enumerate(rungs):
            stated = case.ladders[ladder].rungs[rung].deaths_per_day
            if stated is None:
                continue
            seen = [(deaths, days) for which, deaths, days in panel.deaths_by_rung[ladder] if which == r]
            table = np.array(seen, float).reshape(-1, 2)
            fronts = _fronts_at(plan, panel, history, ladder, r)
            record = Record(table[:, 0], table[:, 1], _open_spans(plan, panel, number, r), fronts)
            threshold, cap = plan.ladders[number].limits[:, r].tolist()
            pooled, alone = worst_days(case, panel, ladder, r)
            _refuse_more_than(cap, max(alone, pooled / np.ceil(fronts)), ladder, rung)
            prior = deaths_fit.Prior(*deaths_prior(stated), threshold, cap)
            fitted = deaths_fit.fit(record, prior, band(stated).zero_part)
            names = [f"{ladder}:{rung}:{part}" for part in DEATHS]
            drawn = fitted.draw(np.stack([normals(seed, name) for name in names], axis=1))
            draws |= {name: drawn[:, k].copy() for k, name in enumerate(names)}
            count = len(DEATHS) - (fitted.zero is None)
            blocks.append(Block(f"deaths at {rung}", "grids + Laplace", fitted.converged, count))
    return draws, blocks


def _refuse_more_than(cap: float, most: float, ladder: str, rung: str) -> None:
    """Refuse a stated cap that the record contradicts."""
    if most > cap:
        raise DataError(
            f"{most:g} dead on one front on a day at '{rung}' are on record, and the cap is {cap:g}",
            where=f"ladders.{ladder}.rungs.{rung}.deaths_per_day.cap",
            why="the cap is the most dead of one day on one front, so the record could not have happened",
            remedy="raise the cap, or look at the rung on which the record puts that day",
        )


def _open_spans(plan: Plan, panel: Panel, ladder: int, rung: int) -> Floats:
    """Spells at a rung whose deaths are known only as a range, on days that the record leaves out."""
    rows = [
        (spell.end - spell.start + 1, spell.killed_low, spell.killed_high)
        for spell in panel.spells
        if plan.ladder_of[spell.front] == ladder and spell.rung == rung
        if spell.killed_low is not None and spell.killed_high is not None
        if not panel.covered[spell.start : spell.end + 1].any()
    ]
    return np.array(rows, float).reshape(-1, 3)

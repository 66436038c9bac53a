"""What the past showed, worked out day by day from the record; and the invented case with its marks made certain."""

from __future__ import annotations

from datetime import timedelta
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Break, Case, Claim, Commitment, Prior
from fissures.kernel import world as naming
from fissures.kernel.factors import Day
from fissures.kernel.world import BOTH, FIRST, LONG_AGO, NOBODY, SECOND, UNCLEAR, Factor

from .conftest import Prepared

Floats = NDArray[np.float64]


def chance(made: Prepared, factor: Factor, c: int = 0) -> Floats:
    """What a factor came to at the end of each day of a completion, by the meaning of its words; shape (T,)."""
    if factor.kind == naming.IN_FORCE:
        owed = made.plan.commitments[factor.places[0]]
        if owed.requested >= 0:
            return np.zeros(made.panel.days)
        spared = 1.0 - chance(made, owed.trigger, c)
        if owed.since is not None:  # nobody owed anything before
            spared[: max((owed.since - made.panel.first).days, 0)] = 1.0
        days = next(n for n in range(1, 10_000) if n >= owed.lasts)  # so many whole ages lie below
        return np.array([owed.binds * (1 - np.prod(spared[max(t + 1 - days, 0) : t + 1])) for t in range(len(spared))])
    return np.array([_on(made, factor, c, t) for t in range(made.panel.days)])


def _on(made: Prepared, factor: Factor, c: int, t: int) -> float:
    plan, seen = made.plan, made.history.seen
    if factor.kind == naming.BREAK:
        when = list(made.case.breaks.values())[factor.places[0]].date
        return factor.level * float(made.panel.first + timedelta(days=t) >= when)
    if factor.kind == naming.STANDING:
        return factor.level * plan.commitments[factor.places[0]].binds
    if factor.kind == naming.WITHIN:
        s = factor.places[0]
        lately = [u for u in range(t + 1) if t - u < factor.level]
        none = exp(-sum(seen.usual[s, u] for u in lately))
        for u in lately:
            none *= 1.0 - min(seen.counts[c, s, u], 1.0)
        return 1.0 - none
    return _marked(made, factor, c, t)


def _marked(made: Prepared, factor: Factor, c: int, t: int) -> float:
    """What fronts and tracks show: certain where they stand, a chance where only marks would tell."""
    plan, seen, none, dead = made.plan, made.history.seen, 1.0, 0.0
    for place, code in zip(factor.places, factor.codes or [0] * len(factor.places), strict=True):
        rung, ladder = int(seen.rungs[c, place, t]), plan.ladders[plan.ladder_of[place]]
        if factor.kind == naming.RUNG:
            none *= float(rung < code)
        elif factor.kind == naming.JUST:
            none *= float(rung != code)
        elif factor.kind == naming.REACHES:
            none *= float(not (t > 0 and rung >= code > seen.rungs[c, place, t - 1]))
        elif factor.kind == naming.MOVED:
            by = plan.front_plans[place].by
            moved = sum(by[who] for who in (FIRST, SECOND, BOTH) if code & (1 << who))
            none *= 1.0 - moved * float(rung >= max(ladder.active, factor.level))
        elif factor.kind == naming.MEANS:
            none *= 1.0 - float(ladder.means[code.bit_length() - 1][rung])
        elif factor.kind == naming.ADVANCE:
            by = plan.front_plans[place].by
            takes = {1: by[FIRST], -1: by[SECOND], 0: by[FIRST] + by[SECOND]}[code]
            takes += (by[BOTH] + by[UNCLEAR]) * (0.5 if code else 1.0)
            none *= 1.0 - ladder.advance[rung] * takes
        elif factor.kind == naming.DEAD:
            mine, other = plan.front_plans[place].dead[code], plan.front_plans[place].dead[1 - code]
            dead += seen.deaths[c, place, t] * (mine + 5.0) / (mine + other + 10.0)
        elif factor.kind == naming.DEATHS:
            dead += seen.deaths[c, place, t]
    return log1p(dead) if factor.kind in (naming.DEAD, naming.DEATHS) else 1.0 - none


def morning(made: Prepared, c: int, moved: bool) -> Day:
    """Every day of the record but the first as one path each: as it begins, or as it stands once fronts have moved."""
    plan, history, seen = made.plan, made.history, made.history.seen
    days, fronts = made.panel.days, len(plan.fronts)
    rungs = seen.rungs[c]
    active = np.array([rungs[f] >= plan.ladders[plan.ladder_of[f]].active for f in range(fronts)])
    means = np.zeros((fronts, days), np.uint8)
    advances = np.zeros((fronts, days), np.int8)
    first = np.zeros((fronts, days))
    for f in range(fronts):
        ladder, dead = plan.ladders[plan.ladder_of[f]], plan.front_plans[f].dead
        for b in range(len(plan.means)):
            means[f] |= (ladder.means[b][rungs[f]] == 1.0).astype(np.uint8) << np.uint8(b)
        advances[f] = ladder.advance[rungs[f]] == 1.0
        first[f] = seen.deaths[c, f] * (dead[0] + 5.0) / (sum(dead) + 10.0)
    since = np.full(seen.counts[c].shape, LONG_AGO)
    for t in range(days):
        since[:, t] = np.where(seen.counts[c, :, t] >= 1, 0.0, since[:, t - 1] + 1.0 if t else LONG_AGO)
    owed = [chance(made, Factor(naming.IN_FORCE, (k,)), c) for k in range(len(plan.commitments))]
    at = np.s_[..., 1:] if moved else np.s_[..., :-1]
    return Day(
        pressures=history.pressures[c, :, 1:],
        rungs=rungs[at],
        before=np.concatenate([rungs[:, :1], rungs[:, :-1]], axis=1)[at],
        by=np.where(active, FIRST, NOBODY).astype(np.uint8)[at],
        means=means[at],
        advances=advances[at],
        deaths=seen.deaths[c][at],
        first=first[at],
        since=since[:, :-1],
        in_force=np.array(owed).reshape(len(owed), days)[at],
        binding=np.array([[c.binds] * (days - 1) for c in plan.commitments]).reshape(-1, days - 1),
    )


# --- the invented case, certain of its marks and with a claim of every kind ---------------------------------------

SAYS: dict[str, object] = {"source": "letter", "para": 3, "reading": "ours"}
ALL = "weir, ford"
CLAIMS = {
    "window": ("within 3 weeks of water_cuts", f"raises climbing of {ALL}", {}),
    "month": ("within 1 month of council_meetings", "lowers climbing of weir", {}),
    "in_force": ("pact in force", "raises falling of weir", {}),
    "reaches": ("any front reaches raids", "lowers violence of weir, council", {}),
    "just": ("weir just at raids", "lowers climbing of ford, council", {}),
    "joined": ("thirst and distrust", "raises climbing to feud of ford", {}),
    "below": ("thirst", f"raises violence of {ALL}", {"when": "distrust below 0.7"}),
    "above": ("grief", f"lowers falling of {ALL}", {"when": "grief above 0.3"}),
    "root": ("distrust", "lowers climbing up to raids of ford", {"shape": "square_root"}),
    "rooted_switch": (
        "thirst",
        "raises climbing from scuffles of ford",
        {"shape": "square_root", "when": "fear above 0.1"},
    ),
    "talks_hold": ("council at session or above", "lowers climbing of weir", {}),
    "arms_talk": ("weir at raids or above", "raises climbing of council", {}),
    "thirst_talks": ("thirst", "raises falling of council", {}),
    "fire_by": ("fire by ARD on weir", "raises climbing of ford", {}),
    "fire_on": ("fire on BRO soil at raids or above", "raises move scuffles to raids of ford", {}),
    "arson": ("use of arson on any front", "raises climbing of ford", {}),
    "ground": ("advance by ARD on any front", "raises climbing past raids of weir", {}),
    "their_dead": ("dead of BRO", "raises climbing of weir", {}),
    "the_dead": (f"deaths on {ALL}", "raises falling of ford", {}),
    "standing": ("oath", f"lowers climbing past feud of {ALL}", {}),
    "while_in_force": ("thirst", "raises climbing of ford", {"when": "pact in force"}),
    "after_burning": ("within 2 weeks of burnings", "raises climbing of weir", {}),
    "again": ("fear", "raises climbing of ford", {"same_as": "thirst_raises_climbing"}),
    "of_the_break": ("distrust", "raises violence of council", {"same_as": "break frost"}),
    "march_now": ("any front at raids or above", "raises stream market_marches", {}),
    "march_just": ("ford just at scuffles", "raises stream market_marches", {}),
    "march_reach": ("any front reaches raids", "lowers stream market_marches", {}),
    "march_fire": ("use of arson on any front", "raises stream market_marches", {}),
    "march_pact": ("pact in force", "raises stream market_marches", {}),
    "march_window": ("within 2 weeks of council_meetings", "lowers stream market_marches", {}),
    "march_both": ("thirst and weir at raids or above", "raises stream market_marches", {"shape": "square_root"}),
    "meet_dead": ("dead of BRO", "raises stream council_meetings", {}),
    "meet_ground": ("advance on any front", "raises stream council_meetings", {"when": "distrust below 0.9"}),
    "march_again": ("fear", "lowers stream market_marches", {"same_as": "thirst_brings_marches"}),
    "cut_again": ("fear", "raises stream water_cuts", {"same_as": "thirst_brings_marches"}),
    "shared_by_both": ("grief_of_all", "raises stream wardens", {"same_as": "joined"}),
}


def certain(case: Case) -> Case:
    """The invented case where marks leave no doubt (the first side moves, with arson; feuds take ground), a pact
    without a request, a break that is one coefficient, and a claim of every kind."""
    river = case.ladders["river"]
    burn = {"raids", "feud", "uprising"}
    rungs = {
        name: rung.model_copy(
            update={"means": {"arson": 1.0} if name in burn else {}, "advance": float(name in ("feud", "uprising"))}
        )
        for name, rung in river.rungs.items()
    }
    fronts = {name: f.model_copy(update={"by": {"ARD": 1.0}}) for name, f in case.fronts.items()}
    pact = Commitment(
        name="pact", when="ford at raids or above", lasts="10 days", binds=0.7, obliges="council_meetings",
        raises=Prior(mean=0.8, sd=0.3, says="ours"),
    )  # fmt: skip
    frost = Break(date="2018-11-01", effect="lowers violence of weir, ford", prior=Prior(mean=0.4, sd=0.3, says="ours"))  # type: ignore[arg-type]
    everyone = case.pressures["grief"].model_copy(update={"fed_by": {"any front at raids or above": 1.0}})
    made = case.model_copy(
        update={
            "ladders": {**case.ladders, "river": river.model_copy(update={"rungs": rungs})},
            "fronts": fronts,
            "commitments": {**case.commitments, "pact": pact},
            "breaks": {**case.breaks, "frost": frost},
            "pressures": {**case.pressures, "grief_of_all": everyone},
        }
    )
    return made.model_copy(update={"claims": {**made.claims, **{name: _claim(name, *CLAIMS[name]) for name in CLAIMS}}})


def _claim(name: str, cause: str, effect: str, more: dict[str, str]) -> Claim:
    strength = {} if "same_as" in more else {"strength": "likely"}
    body = {"code": name, "paraphrase": name, "cause": cause, "effect": effect, "says": SAYS, **strength, **more}
    return Claim.model_validate(body)

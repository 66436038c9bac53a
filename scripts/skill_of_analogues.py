"""How well analogues predict: Brier scores of k of N against the base rate of all flare-ups, before 2018.

Run from the checkout's root, with the package installed: `python scripts/skill_of_analogues.py`. The shipped table is
all that it reads; `docs/analogues.md` holds what it prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.study.analogues import CALLED, VIOLENCE
from fissures.study.flare_ups import FlareUp, table
from fissures.study.likeness import PARTS, WEIGHTS, Weights, parts

Floats = NDArray[np.float64]

BEFORE = date(2018, 1, 1)
APART = 365  # days: flare-ups of one conflict closer than this are no independent witnesses, and are left out
MOST, FEWEST, BLOCKS = 20, 100, 2000
EVENTS: dict[str, tuple[int, Callable[[FlareUp], bool]]] = {
    "anybody killed within 30 days": (30, lambda one: (one.after(30) or 0) >= 1),
    "anybody killed within 90 days": (90, lambda one: (one.after(90) or 0) >= 1),
    "10 or more killed within 90 days": (90, lambda one: (one.after(90) or 0) >= 10),
    "25 or more killed within 90 days": (90, lambda one: (one.after(90) or 0) >= 25),
    "50 or more killed in a week within 160 days": (160, lambda one: one.worst(160, 1) >= 50),
    "100 or more killed within 160 days": (160, lambda one: (one.after(160) or 0) >= 100),
    "400 or more killed within 160 days": (160, lambda one: (one.after(160) or 0) >= 400),
}


def scored(
    known_then: bool, days: int, event: Callable[[FlareUp], bool], weigh: Weights = WEIGHTS
) -> tuple[Floats, Floats, list[str]]:
    """Brier scores of analogues and of the base rate by flare-up (n,), and the conflict of each.

    Both from the same other flare-ups: all of them (leave one out), or with `known_then` those over by that day.
    """
    rows = [one for one in table() if over(one, days)]
    happened = np.array([event(one) for one in rows], np.float64)
    weights = np.array([weigh.get(name, 0.0) for name in PARTS]) / sum(weigh.values())
    near, base, named = [], [], []
    for i, one in enumerate(rows):
        may = np.array([usable(one, other, days, known_then) for other in rows])
        if may.sum() < FEWEST:
            continue
        chosen = np.flatnonzero(may)
        apart = np.array([[p[name] for name in PARTS] for j in chosen if (p := parts(one.traits, rows[j].traits))])
        close = chosen[np.argsort(apart @ weights, kind="stable")[:MOST]]
        near.append((happened[close].sum() + 0.5) / (MOST + 1) - happened[i])
        base.append(happened[may].mean() - happened[i])
        named.append(one.conflict)
    return np.square(near), np.square(base), named


def over(one: FlareUp, days: int) -> bool:
    """Whether all that followed within so many days was over before 2018."""
    return one.until(BEFORE).after(days) is not None


def usable(one: FlareUp, other: FlareUp, days: int, known_then: bool) -> bool:
    """Whether one flare-up may speak for another."""
    if one.conflict == other.conflict and abs((one.start - other.start).days) < APART:
        return False
    return not known_then or other.seen + timedelta(days=days) <= one.seen


def interval(gain: Floats, named: list[str]) -> tuple[float, float]:
    """Central 95 % of a mean difference, conflicts drawn anew (bootstrap by conflict)."""
    groups = [gain[np.array(named) == name] for name in sorted(set(named))]
    rng = np.random.default_rng(1)
    sums, sizes = np.array([g.sum() for g in groups]), np.array([g.size for g in groups])
    drawn = rng.integers(len(groups), size=(BLOCKS, len(groups)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def lines() -> Iterator[str]:
    """A row of a Markdown table for each event and each way of choosing who may speak."""
    yield "| event | others | flare-ups | happened | analogues | base rate | skill | gain, 95 % by conflict |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, (days, event) in EVENTS.items():
        for known_then, others in ((False, "all"), (True, "over by then")):
            near, base, named = scored(known_then, days, event)
            share = np.mean([event(one) for one in table() if over(one, days)])
            low, high = interval(base - near, named)
            yield (
                f"| {name} | {others} | {near.size} | {100 * share:.1f} % | {near.mean():.4f} | {base.mean():.4f} "
                f"| {100 * (1 - near.mean() / base.mean()):.1f} % | {low:.4f} to {high:.4f} |"
            )


def by_distance(name: str) -> Iterator[str]:
    """The skill for one event under other weights, from flare-ups over by then."""
    days, event = EVENTS[name]
    yield f"\n| distance, for {name} | skill |\n|---|---|"
    alone = {part: {part: 1.0} for part in PARTS}
    without = {part: {**WEIGHTS, part: 0.0} for part in PARTS}
    groups = {"violence": VIOLENCE, "dyad": tuple(part for part in PARTS if part not in VIOLENCE)}
    tried: dict[str, Weights] = {"as stated": WEIGHTS}
    tried |= {f"without {CALLED[part]}": weights for part, weights in without.items()}
    tried |= {f"{called} alone": {part: WEIGHTS[part] for part in chosen} for called, chosen in groups.items()}
    tried |= {f"{CALLED[part]} alone": alone[part] for part in ("deaths", "quiet", "year_before")}
    for called, weights in tried.items():
        near, base, _ = scored(True, days, event, weights)
        yield f"| {called} | {100 * (1 - near.mean() / base.mean()):.1f} % |"


if __name__ == "__main__":
    print("\n".join((*lines(), *by_distance("100 or more killed within 160 days"))))

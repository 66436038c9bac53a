"""What common random numbers are worth: the spread of a paired difference against that of independent runs.

`python -m benchmarks.paired [--json] [--seeds N] [--paths N]` from the checkout. Over replicate seeds of the shipped
case, one front's climbs are cut by 5 % and by 30 %, and a stream that feeds a pressure is halved; each arm runs on the
base's numbers and is also held against the base of another seed. A row goes to `benchmarks/results/paired.jsonl`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import numpy as np

import fissures as fs
from benchmarks import measure
from benchmarks.measure import Row
from fissures.kernel import ladder as law
from fissures.kernel import world
from fissures.model.plan import LeverPlan, Plan, Term
from fissures.model.simulate import Fit, Run, simulate

CASE, FRONT, STREAM = "south-caucasus-2020", "loc", "turkish_backing"
TARGETS = {"cut 5 %": 20.0, "cut 30 %": 5.0}  # times lower, at least


def cut(plan: Plan, fit: Fit, share: float) -> tuple[Plan, Fit]:
    """One front's odds of every climb lowered by a share, for good."""
    f = plan.places.index(FRONT)
    moves = law.climbing(len(plan.rungs(f))).astype(float)
    always = world.Factor(world.BREAK, (0,), level=1.0)
    name = f"claim:benchmark {share}"
    term = Term(name, name, 1, (always,), "ladder", f, moves=moves)
    draws = {**fit.draws, name: np.full(len(next(iter(fit.draws.values()))), np.log1p(-share))}
    return replace(plan, terms=(*plan.terms, term)), replace(fit, draws=draws)


def halved(plan: Plan) -> Plan:
    """A stream that feeds a pressure at half its rate, for good."""
    s = [stream.name for stream in plan.streams].index(STREAM)
    lever = LeverPlan("half", (), (), 0, plan.horizon_days, scale=((s, 0.5),))
    return replace(plan, levers=(*plan.levers, lever))


def active(run: Run) -> np.ndarray:
    """Days on which the front exchanges fire or worse, by path."""
    f = run.plan.places.index(FRONT)
    return (run.rungs[f] >= run.plan.ladders[run.plan.ladder_of[f]].active).sum(axis=0).astype(float)


def replicate(plan: Plan, fit: Fit, seed: int, paths: int) -> dict[str, np.ndarray]:
    """The front's active days on one seed, base and arms."""
    arms = {"base": (plan, fit), "cut 5 %": cut(plan, fit, 0.05), "cut 30 %": cut(plan, fit, 0.3)}
    arms["half a stream"] = (halved(plan), fit)
    return {name: active(simulate(*arm, paths=paths, seed=seed)) for name, arm in arms.items()}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--paths", type=int, default=2_000)
    asked = parser.parse_args()
    fitted = fs.fit(fs.load(CASE))
    told, cost = measure.timed(
        lambda: [replicate(fitted.plan, fitted.on, seed, asked.paths) for seed in range(1, asked.seeds + 1)]
    )
    means = {name: np.array([one[name].mean() for one in told]) for name in told[0]}
    row: Row = {"machine": measure.machine(), "case": CASE, "seeds": asked.seeds, "paths": asked.paths, **cost}
    for name in ("cut 5 %", "cut 30 %", "half a stream"):
        paired = float(np.var(means[name] - means["base"], ddof=1))
        apart = float(np.var(means[name] - np.roll(means["base"], 1), ddof=1))
        row[name] = {
            "difference": round(float((means[name] - means["base"]).mean()), 4),
            "sd_paired": round(paired**0.5, 5),
            "sd_independent": round(apart**0.5, 5),
            "variance_ratio": round(apart / paired, 1) if paired else None,
            "errors_at_10000_paths": round(
                abs(float((means[name] - means["base"]).mean())) / (paired * asked.paths / 10_000) ** 0.5, 1
            ),
        }
    path = measure.keep("paired", row)
    print(json.dumps(row, indent=None if asked.json else 2))
    if not asked.json:
        print(f"kept in {path.name}")


if __name__ == "__main__":
    main()

"""Simulation-based calibration (Talts et al. 2018): truths drawn from the prior lie where the posterior says.

Forty streams and three ladders at a time, which share nothing but the doubt; every kind of coefficient has a band of
its own.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.model import prior as belief
from fissures.model.blocks import STATED, TAUS, Joint, Part, draw, solve, spread, weigh
from fissures.model.causes import DRAWS

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]

DATA_SETS, STREAMS, LADDERS, DAYS, RUNGS = 25, 40, 3, 400, 4
CLAIM = (0.35, 0.4)
INSIDE = 0.8


def cause(g: np.random.Generator, days: int) -> Floats:
    """Something that comes and goes, in reference surges."""
    out, level = np.zeros(days), 0.0
    for t in range(days):
        level = 0.93 * level + 0.5 * (g.uniform() < 0.08)
        out[t] = min(level, 2.0)
    return out - out.mean()


def _counted(g: np.random.Generator, paths: Floats, true: Floats) -> tuple[Floats, Floats]:
    """Counts of a stream that answers to its own memory, day by day."""
    design, counts, memory = np.zeros((DAYS, 5)), np.zeros(DAYS), 0.0
    for t in range(DAYS):
        design[t] = [1.0, np.log1p(memory), *paths[t]]
        mu, size = np.exp(min(design[t] @ true[:-1], counting.LOG_MEAN_CAP)), np.exp(true[-1])
        counts[t] = g.negative_binomial(size, size / (size + mu))
        memory = 0.9 * memory + counts[t]
    return design, counts


def stream(g: np.random.Generator, name: str, tau: float) -> tuple[Joint, Floats]:
    """A block of one stream with two claims, and its true coefficients."""
    rows = [("rate", np.log(0.15), 0.5), ("own_memory", *belief.OWN_MEMORY), ("rung", *belief.RUNG_RESPONSE)]
    rows += [("claim:a", *CLAIM), ("claim:b", *CLAIM), ("log_size", *belief.LOG_SIZE)]
    mean, sd = (np.array([row[k] for row in rows]) for k in (1, 2))
    claims = np.array([row[0].startswith("claim") for row in rows])
    paths = np.stack([np.minimum(np.abs(cause(g, DAYS)), 1.0), cause(g, DAYS), cause(g, DAYS)], axis=1)
    busiest = np.inf
    while busiest >= counting.LOG_MEAN_CAP:  # a stream that runs away stands at the guard, where nothing is to learn
        true = g.normal(mean, np.where(claims, sd * tau / STATED, sd))
        design, counts = _counted(g, paths, true)
        busiest = float((design @ true[:-1]).max())
    told = {"design": design, "counts": counts, "days": np.ones(DAYS)}
    part = Part(np.arange(6), counting, told)
    names = tuple(
        f"{row[0].replace('claim:', f'claim:{name}:')}" if claims[k] else f"{name}:{row[0]}"
        for k, row in enumerate(rows)
    )
    return Joint(name, names, mean, sd, claims, ((part,),)), true


def ladder(g: np.random.Generator, name: str, tau: float) -> tuple[Joint, Floats]:
    """A block of one ladder with a memory and two claims on climbing, and its true coefficients."""
    base, climb = belief.base_logits(RUNGS), law.climbing(RUNGS).astype(float)
    width = law.BASIS + RUNGS
    rows = [(f"rung{r}:{k}", 0.0, belief.ROW_SD) for r in range(RUNGS) for k in range(law.BASIS)]
    rows = [row for r in range(RUNGS) for row in (
        *((f"row{r}b{k}", 0.0, belief.ROW_SD) for k in range(law.BASIS)),
        *((f"row{r}to{j}", float(base[r, j]), belief.SINGLE_SD) for j in range(RUNGS)),
    )]  # fmt: skip
    rows += [(f"memory{k}", 0.0, belief.MEMORY_SD) for k in range(law.BASIS)] + [
        ("claim:a", *CLAIM),
        ("claim:b", *CLAIM),
    ]
    mean, sd = (np.array([row[k] for row in rows]) for k in (1, 2))
    claims = np.array([row[0].startswith("claim") for row in rows])
    true = g.normal(mean, np.where(claims, sd * tau / STATED, sd))
    shape, first = law.basis(RUNGS), np.concatenate([law.basis(RUNGS), np.eye(RUNGS)]).T
    phi = np.stack([cause(g, 2 * DAYS), cause(g, 2 * DAYS)], axis=1)
    start, reached = np.zeros(2 * DAYS, np.int64), np.zeros(2 * DAYS, np.int64)
    design, rung, memory = np.zeros((2 * DAYS, RUNGS, len(rows))), 0, 0.0
    for t in range(2 * DAYS):
        x = design[t]
        x[:, rung * width : (rung + 1) * width] = first
        x[:, RUNGS * width : RUNGS * width + law.BASIS] = memory * shape.T
        x[:, -2:] = climb[rung][:, None] * phi[t]
        eta = x @ true
        chance = np.exp(eta - eta.max())
        start[t], rung = rung, int(g.choice(RUNGS, p=chance / chance.sum()))
        reached[t] = rung
        memory = 0.9 * memory + 0.1 * (rung >= 2)
    told = {"design": design, "reached": reached, "weights": np.ones(2 * DAYS)}
    part = Part(np.arange(len(rows)), law, told)
    names = tuple(f"claim:{name}:{row[0]}" if claims[k] else f"{name}:{row[0]}" for k, row in enumerate(rows))
    return Joint(name, names, mean, sd, claims, ((part,),)), true


def kind(name: str) -> str:
    """What sort of coefficient a name is."""
    if name.startswith("claim:"):
        return "claim on a stream" if ":s" in name else "claim on a ladder"
    what = name.split(":")[1]
    if name.startswith("s"):
        return f"stream {what}"
    return "ladder memory" if what.startswith("memory") else "ladder destination" if "to" in what else "ladder shape"


@pytest.fixture(scope="module")
def ranks() -> tuple[dict[str, list[float]], list[float]]:
    """By kind of coefficient, the share of draws below the truth; and the share of doubts below the true one."""
    out: dict[str, list[float]] = defaultdict(list)
    doubts = []
    for number in range(DATA_SETS):
        g = np.random.default_rng(number)
        t = int(g.integers(len(TAUS)))
        made = [stream(g, f"s{k}", TAUS[t]) for k in range(STREAMS)] + [
            ladder(g, f"l{k}", TAUS[t]) for k in range(LADDERS)
        ]
        solved = [solve(block) for block, _ in made]
        assert all(one.converged for one in solved)
        weights = weigh(solved)
        doubts.append(float(weights[:t].sum() + 0.5 * weights[t]))
        taus = spread(weights, number)
        for one, (block, true) in zip(solved, made, strict=True):
            drawn, _ = draw(one, taus, np.zeros(DRAWS, np.int64), number)
            for name, truth in zip(block.names, true, strict=True):
                out[kind(name)].append(float((drawn[name] < truth).mean()))
    return dict(out), doubts


KINDS = ("stream rate", "stream own_memory", "stream rung", "stream log_size", "claim on a stream")
KINDS += ("ladder shape", "ladder destination", "ladder memory", "claim on a ladder")


@pytest.mark.parametrize("which", KINDS)
def test_truths_lie_inside_as_often_as_the_interval_says(
    ranks: tuple[dict[str, list[float]], list[float]], which: str
) -> None:
    """Four in five inside the middle 80 %, within a binomial band of one in a thousand; and no lean to a side."""
    found = np.array(ranks[0][which])
    # Coefficients of one ladder go together, so its rows count for less than their number.
    independent = found.size if which.startswith(("stream", "claim")) else DATA_SETS * LADDERS * 3
    inside = float(((found > (1 - INSIDE) / 2) & (found < (1 + INSIDE) / 2)).mean())
    low, high = binom.ppf([0.0005, 0.9995], independent, INSIDE) / independent
    assert low <= inside <= high, f"{which}: {inside:.3f} of {found.size}, band {low:.3f} to {high:.3f}"
    assert abs(found.mean() - 0.5) < 3.3 * np.sqrt(1 / 12 / independent), f"{which}: mean rank {found.mean():.3f}"


def test_the_doubt_is_found_where_it_is(ranks: tuple[dict[str, list[float]], list[float]]) -> None:
    """Its cumulative posterior at the truth averages one half."""
    assert abs(np.mean(ranks[1]) - 0.5) < 3.3 * np.sqrt(1 / 12 / DATA_SETS)

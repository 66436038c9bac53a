"""The reference class as a fitted table: what a conflict like this does next, before anyone argues.

A table is fitted on the panel of many units before a cut-off and holds no unit's record: the pooled ladder's kernel,
the counts that stand on its rungs, and how often units moved. Forecasts mix it with a unit's own record (model P).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError
from fissures.events.unit_panel import UnitPanel
from fissures.kernel import mixture, pooled, pooled_fit, pooled_paths, record
from fissures.model.moves import Tally, day_moves, step_moves

Floats = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

DIGITS = 4  # of a table's numbers: finer differences are those of a machine's arithmetic
RECORD = 7  # keeps the random numbers of the own record apart from the ladder's


@dataclass(frozen=True)
class Recipe:
    """How a table is fitted and used, times in steps; the two recipes below were chosen on windows before 2018.

    `record_lags` steps of its own record speak for a unit, `own_steps` for the counts that it repeats with chance
    `trust`; a move weighs 2^(-age / age_half_life). The ladder takes share_most / (1 + m / share_scale) of the paths, m
    the unit's mean at half-life `share_half_life`. The search takes at most `turns`, a third of them where it begins at
    an earlier fit.
    """

    shape: pooled.Shape
    half_lives: tuple[float, ...]
    size: float
    record_lags: int
    own_steps: int
    trust: float
    age_half_life: float
    share_most: float
    share_scale: float
    share_half_life: float
    start: int
    ridge: pooled_fit.Ridge = field(default_factory=pooled_fit.Ridge)
    turns: int = 300


EDGES = (1.0, 2.0, 3.0, 6.0, 11.0, 26.0, 51.0, 101.0, 176.0, 301.0, 501.0, 1001.0, 1801.0, 3201.0, 6001.0)
MONTHLY = Recipe(
    shape=pooled.Shape(EDGES, (1.0, 3.0, 12.0), (3.0, 12.0, 60.0)),
    half_lives=(1.0, 4.0, 16.0),
    size=6.0,
    record_lags=60,
    own_steps=60,
    trust=0.8,
    age_half_life=60.0,
    share_most=0.5,
    share_scale=100.0,
    share_half_life=6.0,
    start=12,
)
WEEKLY = Recipe(
    shape=pooled.Shape(EDGES[:-3], (2.0, 8.0, 52.0), (4.0, 16.0, 104.0), doubt=52.0, longest=1040.0, long_quiet=520.0),
    half_lives=(1.0, 4.0, 16.0, 64.0),
    size=3.0,
    record_lags=260,
    own_steps=260,
    trust=0.8,
    age_half_life=260.0,
    share_most=0.4,
    share_scale=100.0,
    share_half_life=8.0,
    start=52,
)
RECIPES = {"month": MONTHLY, "week": WEEKLY}


@dataclass(frozen=True)
class ReferenceTable:
    """A fitted class: what it was fitted on, to when, and the numbers.

    `unit` is what a unit is, `cutoff` the last day it knows; `parent` the digest of the file it was fitted on,
    `vintage` that file's name. `kernel` (features, rungs) and `marks` (rungs, K) are the ladder's; `usual` is the
    world's share of violent steps; `moves` tells how units moved from step to step, `days` from day to day where days
    were known.
    """

    name: str
    unit: str
    step: str
    first: date
    cutoff: date
    vintage: str
    parent: str
    digest: str
    units: int
    recipe: Recipe
    usual: float
    kernel: Floats
    marks: Floats
    moves: Tally
    days: Tally | None
    coefficients: Floats | None = None  # where a fit of a longer record may begin; not stored


def fit(
    panel: UnitPanel, before: date, name: str, recipe: Recipe | None = None, start: Floats | None = None
) -> ReferenceTable:
    """Fit a table on what a panel knew before a date; the same panel and date give the same table.

    `start` is where the search begins (an earlier table's `coefficients`). Raises DataError where the panel has no
    whole step before the date.
    """
    recipe = RECIPES[panel.step] if recipe is None else recipe
    known = panel.before(before)
    memories = pooled.walk(known.counts, recipe.shape)
    usual = round(float((known.counts[~np.isnan(known.counts)] > 0).mean()), DIGITS)
    observed = pooled_fit.merged(_observed(known.counts, memories, recipe, usual))
    turns = recipe.turns if start is None else recipe.turns // 3
    found = pooled_fit.fit(observed, recipe.shape, recipe.ridge, start, turns)
    ages = recipe.age_half_life
    table = ReferenceTable(
        name=name,
        unit=panel.kind,
        step=panel.step,
        first=panel.first,
        cutoff=known.last,
        vintage=panel.vintage,
        parent=panel.digest,
        digest="",
        units=len(known.units),
        recipe=recipe,
        usual=usual,
        kernel=np.round(pooled_fit.kernel(found, recipe.shape), DIGITS),
        marks=pooled_paths.pooled_marks(known.counts, recipe.shape.edges),
        moves=step_moves(known.counts, recipe.shape.edges, ages),
        days=None if known.days is None else day_moves(known.days, known.counts, recipe.shape.edges, ages),
        coefficients=found,
    )
    return replace(table, digest=_digest(table))


def _observed(counts: Floats, memories: list[pooled.Memory], recipe: Recipe, usual: float) -> pooled_fit.Moves:
    """Every observed move of the panel from `recipe.start` on, those of long ago with less weight."""
    design, reached, weights = [], [], []
    last = len(counts) - 1
    for t in range(recipe.start, last):
        both = ~np.isnan(counts[t]) & ~np.isnan(counts[t + 1])
        here = memories[t]
        mine = pooled.Memory(*(getattr(here, part)[..., both] for part in here.__annotations__))
        design.append(pooled.design(mine, recipe.shape, usual))
        reached.append(pooled.rung_of(counts[t + 1, both], recipe.shape.edges))
        weights.append(np.full(both.sum(), 2.0 ** (-(last - t) / recipe.age_half_life), np.float32))
    return pooled_fit.Moves(np.concatenate(design), np.concatenate(reached).astype(np.int64), np.concatenate(weights))


def parts(
    table: ReferenceTable, counts: Floats, steps: int, paths: int = 1000, seed: int = 1
) -> tuple[Floats, Floats, Floats]:
    """The ladder's paths and the own record's, (steps, N, paths) each, and the ladder's share in their mixture (N,).

    counts (T, N) in the table's step, the last step last, NaN where a unit was not observed.
    """
    recipe, shape = table.recipe, table.recipe.shape
    past = np.nan_to_num(counts[-recipe.record_lags :][::-1])
    rng = np.random.default_rng([seed, RECORD])
    own = record.simulate(past, steps, paths, recipe.half_lives, recipe.size, rng)
    repeated = pooled_paths.own_marks(counts[-recipe.own_steps - 1 :], shape.edges)
    marks = pooled_paths.Marks(table.marks, *repeated, recipe.trust)
    memory = pooled.walk(counts, shape)[-1]
    climbed = pooled_paths.simulate(table.kernel, marks, memory, shape, table.usual, steps, paths, seed)
    recent = record.recent_mean(past, recipe.share_half_life)
    return climbed, own, mixture.ladder_share(recent, recipe.share_most, recipe.share_scale)


def forecast(table: ReferenceTable, counts: Floats, steps: int, paths: int = 1000, seed: int = 1) -> Floats:
    """What a table expects of units, given their own records up to now (model P); shape (steps, N, paths).

    counts (T, N) in the table's step, NaN where a unit was not observed. The same seed gives the same paths.
    """
    return mixture.mixed(*parts(table, counts, steps, paths, seed))


def admit(table: ReferenceTable, as_of: date) -> ReferenceTable:
    """The table, if it knows nothing later than a case's as-of date; raises DataError otherwise."""
    if table.cutoff <= as_of:
        return table
    raise DataError(
        f"'{table.name}' was fitted on data to {table.cutoff}, and the case stands at {as_of}",
        where="reference class",
        why="what happened after the as-of date would decide what was to be expected at it",
        remedy=f"fissures reference fit FILE --before {as_of}, or a shipped table with an earlier cut-off",
    )


def arrays(table: ReferenceTable) -> Arrays:
    """The numbers of a table by name, as a bundle stores them."""
    out: Arrays = {"kernel": table.kernel, "marks": table.marks}
    for name, tally in (("moves", table.moves), ("days", table.days)):
        if tally is not None:
            out |= {f"{name} places": tally.places, f"{name} values": tally.values}
    return out


def plain(table: ReferenceTable) -> dict[str, Any]:
    """The rest of a table, as values that JSON can hold."""
    words = ("name", "unit", "step", "vintage", "parent", "digest", "units", "usual")
    dates = {"first": table.first.isoformat(), "cutoff": table.cutoff.isoformat()}
    return {word: getattr(table, word) for word in words} | dates | {"recipe": asdict(table.recipe)}


def restored(values: Mapping[str, Any], stored: Mapping[str, NDArray[Any]]) -> ReferenceTable:
    """The table that `plain` and `arrays` took apart; raises DataError where its digest is not that of its numbers."""
    recipe = dict(values["recipe"])
    shape: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in recipe.pop("shape").items()}
    ridge, lives = pooled_fit.Ridge(**recipe.pop("ridge")), tuple(recipe.pop("half_lives"))
    days = Tally(stored["days places"], stored["days values"]) if "days places" in stored else None
    words = ("name", "unit", "step", "vintage", "parent", "digest", "units", "usual")
    table = ReferenceTable(
        **{word: values[word] for word in words},
        first=date.fromisoformat(values["first"]),
        cutoff=date.fromisoformat(values["cutoff"]),
        recipe=Recipe(shape=pooled.Shape(**shape), ridge=ridge, half_lives=lives, **recipe),
        kernel=stored["kernel"],
        marks=stored["marks"],
        moves=Tally(stored["moves places"], stored["moves values"]),
        days=days,
    )
    if _digest(table) != table.digest:
        raise DataError(
            f"the numbers of '{table.name}' are not those that it was sealed with",
            where="reference class",
            why="a number must be walked back to exactly what made it",
            remedy="fit the table again: fissures reference fit",
        )
    return table


def _digest(table: ReferenceTable) -> str:
    """SHA-256 of all that a table says, but for its own digest."""
    told = {key: value for key, value in plain(table).items() if key != "digest"}
    body = repr(sorted(told.items())).encode()
    for name, values in sorted(arrays(table).items()):
        body += name.encode() + np.ascontiguousarray(values).tobytes()
    return hashlib.sha256(body).hexdigest()

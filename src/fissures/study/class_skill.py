"""How well a reference class forecasts: its models and plain baselines, scored on windows that the fit has not seen.

Every window is fitted on what was known before its origin, on the same vintage for all models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError
from fissures.events.unit_panel import UnitPanel
from fissures.kernel import mixture, scores
from fissures.model import reference

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

MODELS = ("mixture", "record", "ladder", "own last year", "last observed", "nothing")
THRESHOLDS = (25.0, 100.0, 1000.0)
SCORES = ("crps", "ignorance", "interval", "log crps", *(f"crps above {t:g}" for t in THRESHOLDS))


@dataclass(frozen=True)
class Window:
    """What one model scored on one window: by unit (N,) each score, and by threshold the chance given and what came.

    `chances`, `came` and `fresh` (thresholds, N): the chance that some step reaches the threshold, whether one did, and
    whether none of the last year had.
    """

    model: str
    origin: date
    units: tuple[str, ...]
    by_unit: dict[str, Floats]
    chances: Floats
    came: Floats
    fresh: NDArray[np.bool_]


def score(
    panel: UnitPanel,
    origins: Sequence[date],
    steps: tuple[int, int],
    paths: int = 1000,
    seeds: int = 1,
    recipe: reference.Recipe | None = None,
    progress: Progress | None = None,
) -> list[Window]:
    """Score every model of MODELS on the window of `steps` (first and last) after each origin, seeds averaged.

    An origin is the first day that is not known. Raises DataError where the panel ends inside a window.
    """
    out, start = [], None
    for origin in origins:
        known = panel.before(origin)
        truth = _truth(panel, known, steps)
        table = reference.fit(panel, origin, "scored", recipe, start)
        start = table.coefficients
        for seed in range(seeds):
            out += [
                _window(name, origin, known, draws[steps[0] - 1 :], truth)
                for name, draws in _draws(table, known, steps[1], paths, seed).items()
            ]
        if progress:
            progress(f"scored the window from {origin}")
    return out


def _truth(panel: UnitPanel, known: UnitPanel, steps: tuple[int, int]) -> Floats:
    """What came, by step and unit that was known; 0 where it was not observed."""
    begin, end = len(known.counts) + steps[0] - 1, len(known.counts) + steps[1]
    if end > len(panel.counts):
        raise DataError(
            f"the panel ends on {panel.last}, inside the window after {known.last}",
            where="reference class",
            why="a window is scored whole",
            remedy="name earlier origins, or fewer steps",
        )
    columns = [panel.units.index(unit) for unit in known.units]
    return np.nan_to_num(panel.counts[begin:end][:, columns])


def _draws(table: reference.ReferenceTable, known: UnitPanel, steps: int, paths: int, seed: int) -> dict[str, Floats]:
    """The models' paths of one window by name."""
    ladder, own, share = reference.parts(table, known.counts, steps, paths, seed)
    year = np.nan_to_num(known.counts[-(12 if known.step == "month" else 52) :])
    rng = np.random.default_rng([seed, 3])
    shape = (steps, len(known.units), paths)
    again = rng.integers(0, len(year), shape)
    return {
        "mixture": mixture.mixed(ladder, own, share),
        "record": own,
        "ladder": ladder,
        "own last year": year[again, np.arange(shape[1])[:, None]],
        "last observed": rng.poisson(year[-1][:, None], shape).astype(np.float64),
        "nothing": np.zeros(shape),
    }


def _window(name: str, origin: date, known: UnitPanel, draws: Floats, truth: Floats) -> Window:
    cells = draws
    if name == "own last year":  # scored as the twelve values that it is, not as a sample of them
        year = np.nan_to_num(known.counts[-(12 if known.step == "month" else 52) :])
        cells = np.broadcast_to(scores.thinned(year.T, draws.shape[-1]), draws.shape)
    each = {
        "crps": scores.crps(cells, truth),
        "ignorance": scores.ignorance(cells, truth),
        "interval": scores.interval_score(cells, truth),
        "log crps": scores.log_crps(cells, truth),
    } | {f"crps above {t:g}": scores.threshold_crps(cells, truth, t) for t in THRESHOLDS}
    highest, recent = truth.max(axis=0), np.nan_to_num(known.counts[-(12 if known.step == "month" else 52) :])
    limits = np.asarray(THRESHOLDS)[:, None]
    return Window(
        model=name,
        origin=origin,
        units=known.units,
        by_unit={key: value.mean(axis=0) for key, value in each.items()},
        chances=scores.chance(draws.max(axis=0)[None] >= limits[..., None]),
        came=(highest[None] >= limits).astype(np.float64),
        fresh=recent.max(axis=0)[None] < limits,
    )


def mean(windows: Sequence[Window], model: str, what: str) -> float:
    """A model's mean score over windows and units, each window alike."""
    return float(np.mean([window.by_unit[what].mean() for window in windows if window.model == model]))


def log_losses(windows: Sequence[Window], model: str) -> Floats:
    """A model's mean log2 loss on "does any step reach the threshold", by threshold."""
    mine = [window for window in windows if window.model == model]
    return np.mean([scores.log_loss(window.chances, window.came).mean(axis=1) for window in mine], axis=0)


def flare_ups(windows: Sequence[Window], model: str) -> tuple[Floats, Floats]:
    """By threshold, how many units that had not reached it within a year are expected to, and how many did.

    Summed over windows; several seeds of one window count once together.
    """
    mine = [window for window in windows if window.model == model]
    again = len(mine) / len({window.origin for window in mine})
    expected = sum((window.chances * window.fresh).sum(axis=1) for window in mine)
    came = sum((window.came * window.fresh).sum(axis=1) for window in mine)
    return np.asarray(expected / again), np.asarray(came / again)


def difference(windows: Sequence[Window], ours: str, theirs: str, what: str) -> tuple[float, float, float]:
    """Mean score of one model less another's, with a 90 % interval by a bootstrap over units, which come whole.

    Only units that stand in every window are drawn.
    """
    found = {}
    everywhere = set.intersection(*(set(window.units) for window in windows))
    for model in (ours, theirs):
        rows = [
            [window.by_unit[what][window.units.index(unit)] for unit in sorted(everywhere)]
            for window in windows
            if window.model == model
        ]
        found[model] = np.asarray(rows).T
    return scores.paired_difference(found[ours], found[theirs])

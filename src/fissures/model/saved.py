"""Fits and runs as arrays and plain values, and put together again, so that a saved run needs no refit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import Finding
from fissures.kernel.world import Paths
from fissures.model.blocks import STATED, TAUS
from fissures.model.causes import DRAWS, Block, Learnt
from fissures.model.fit import Fit, Start
from fissures.model.fit_streams import draw_claims
from fissures.model.half_lives import HalfLife
from fissures.model.plan import Plan
from fissures.model.scrutiny import Scrutiny
from fissures.model.simulate import Run

Arrays = dict[str, NDArray[Any]]

_DRAW, _START, _USUAL = "draw ", "start ", "usual "


def arrays(fit: Fit) -> Arrays:
    """Draws, usual causes and start state by name."""
    draws = {f"{_DRAW}{name}": values for name, values in fit.draws.items()}
    usual = {f"{_USUAL}{key}": np.asarray(value, np.float64) for key, value in fit.usual.items()}
    return draws | usual | {f"{_START}{f.name}": getattr(fit.start, f.name) for f in fields(Start)}


def plain(fit: Fit) -> dict[str, Any]:
    """Everything else, as values that JSON can hold."""
    return {
        "parent": fit.parent,
        "digest": fit.digest,
        "seed": fit.seed,
        "claims": fit.claims,
        "priors": {name: list(prior) for name, prior in fit.priors.items()},
        "learnt": {name: asdict(one) for name, one in fit.learnt.items()},
        "vague": {name: asdict(one) for name, one in fit.vague.items()},
        "scrutiny": {name: asdict(one) for name, one in fit.scrutiny.items()},
        "doubt": list(fit.doubt),
        "blocks": [asdict(block) for block in fit.blocks],
        "findings": [asdict(finding) for finding in fit.findings],
        "half_lives": [asdict(one) for one in fit.half_lives],
    }


def labelled(fit: Fit) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Draws by kind (claim, break, pressure, or the name of a ladder, front, stream or commitment), then by the rest of
    their name."""
    out: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, values in sorted(fit.draws.items()):
        kind, _, label = name.partition(":")
        out.setdefault(kind, {})[label or kind] = values
    return out


def believed(fit: Fit) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Draws of claims and breaks from their priors, as `labelled`: c = m + tau (s / .4) z over the grid of tau."""
    doubt = np.resize(np.array(TAUS) / STATED, DRAWS)
    drawn = draw_claims(sorted(fit.priors), fit.priors, doubt, fit.seed)
    out: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, values in drawn.items():
        kind, _, label = name.partition(":")
        out.setdefault(kind, {})[label] = values
    return out


def restored(values: Mapping[str, Any], stored: Mapping[str, NDArray[Any]]) -> Fit:
    """The fit that `plain` and `arrays` took apart; raises KeyError or TypeError where a part is missing."""
    draws, usual = (
        {name.removeprefix(kind): array for name, array in stored.items() if name.startswith(kind)}
        for kind in (_DRAW, _USUAL)
    )
    return Fit(
        parent=values["parent"],
        digest=values["digest"],
        seed=int(values["seed"]),
        claims=values["claims"],
        draws={name: np.asarray(array, np.float64) for name, array in draws.items()},
        usual={name: _number(array) for name, array in usual.items()},
        start=Start(**{f.name: stored[f"{_START}{f.name}"] for f in fields(Start)}),
        priors={name: (float(mean), float(sd)) for name, (mean, sd) in values["priors"].items()},
        learnt={name: Learnt(**one) for name, one in values["learnt"].items()},
        vague={name: Learnt(**one) for name, one in values["vague"].items()},
        scrutiny={name: Scrutiny(**one) for name, one in values["scrutiny"].items()},
        doubt=tuple(float(weight) for weight in values["doubt"]),
        blocks=tuple(Block(**block) for block in values["blocks"]),
        findings=tuple(Finding(**finding) for finding in values["findings"]),
        half_lives=tuple(
            HalfLife(one["name"], one["days"], tuple(one["weights"]), one["told"]) for one in values["half_lives"]
        ),
    )


def _number(array: NDArray[Any]) -> float | NDArray[np.float64]:
    """One number for all draws, or one for each."""
    return float(array) if array.ndim == 0 else np.asarray(array, np.float64)


def path_arrays(run: Run) -> Arrays:
    """What happened on every path, by name."""
    return {f.name: getattr(run.out, f.name) for f in fields(Paths)}


def plain_run(run: Run) -> dict[str, Any]:
    """The rest of a run and of its fit, as values that JSON can hold."""
    return {"digest": run.digest, "seed": run.seed, "paths": run.paths, "fit": plain(run.fit)}


def restored_run(plan: Plan, values: Mapping[str, Any], fit: Mapping[str, Any], paths: Mapping[str, Any]) -> Run:
    """The run that was taken apart; raises KeyError, TypeError or ValueError where its parts do not fit together."""
    made, count = restored(values["fit"], fit), int(values["paths"])
    out = Paths(**{f.name: paths[f.name] for f in fields(Paths)})
    rows = dict.fromkeys(("deaths", "first", "by", "means", "advances"), len(plan.fronts))
    rows |= {"rungs": len(plan.places), "counts": len(plan.streams), "in_force": len(plan.commitments)}
    shapes = {name: (number, plan.horizon_days, count) for name, number in rows.items()}
    for name, shape in {**shapes, "levels": (len(plan.pressures), count)}.items():
        if getattr(out, name).shape != shape:
            raise ValueError(f"{name} has the shape {getattr(out, name).shape}")
    return Run(made.digest, values["digest"], plan, made, int(values["seed"]), count, out)

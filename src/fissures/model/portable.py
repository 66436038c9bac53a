"""The study of portable claims: panels from a store of event data, and one plain document of what they say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from fissures.case.portable import portable_claims, portable_rungs
from fissures.events.acts import Acts, Pair, read_acts, without
from fissures.events.store import Holding, held
from fissures.model import portable_fit as fitting
from fissures.model.portable_fit import Estimate, Gain, Lead, Reading, Told
from fissures.model.portable_panel import Panel, rivals
from fissures.model.portable_verdicts import sign_chance, verdict
from fissures.model.portable_wars import wars

FORMAT = 1
WAYS = ("climb", "fall")
SURGE, LEVEL, LEVEL_ACTS = Reading(), Reading(over_usual=False), Reading(over_usual=False, words=False)
MOST_RIVALS = {"complete": 400, "second": 150}
SHOWN = 12  # units of a forest plot: those that the panel is surest of
FAILS = 5

Document = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """Datasets of the store, taken together, over the whole weeks between two days."""

    datasets: tuple[str, ...]
    first: date
    last: date


def study(
    store: Path,
    complete: Window,
    second: Window | None = None,
    dead: Sequence[str] = (),
    left_out: Sequence[Pair] = (),
    progress: Callable[[str], None] | None = None,
) -> Document:
    """Try every general claim on rivals in one or two windows, and on internal wars where `dead` names datasets.

    Pairs of states `left_out` are absent from every panel, also as somebody's third state. Raises DataError where the
    store lacks a dataset or a window holds too little.
    """
    tell = progress or (lambda text: None)
    acts, sources = _acts(store, complete, left_out)
    panel = rivals(acts, MOST_RIVALS["complete"])
    tell(f"{len(panel.units)} pairs of states over {acts.weeks} weeks")
    told = {name: fitting.estimate(panel, reading) for name, reading in _readings().items()}
    ahead = fitting.leads(panel, SURGE)
    panels = {"complete": _panel(panel, acts, sources, told, "complete")}
    again = None
    if second is not None:
        more, others = _acts(store, second, left_out)
        repeated = rivals(more, MOST_RIVALS["second"])
        tell(f"{len(repeated.units)} pairs of states over {more.weeks} weeks, to see whether it comes again")
        both = {name: fitting.estimate(repeated, reading) for name, reading in _readings().items() if name != "acts"}
        again = both["surge"]
        panels["second"] = _panel(repeated, more, others, both, "second")
    if dead:
        counted = [one for name in dead for one in held(store, name)]
        fought = wars(acts, counted)
        tell(f"{len(fought.units)} internal wars over {acts.weeks} weeks")
        inside = {name: fitting.estimate(fought, reading) for name, reading in _readings().items() if name != "acts"}
        panels["wars"] = _panel(fought, acts, [*sources, *counted], inside, "wars")
    claims = {name: _claim(name, told["surge"], again, ahead, panel) for name in portable_claims()}
    body: Document = {
        "fissures_portable": FORMAT,
        "without": ["-".join(sorted(pair)) for pair in left_out],
        "settings": _settings(),
        "panels": panels,
        "claims": claims,
    }
    body = rounded(body)
    return {**body, "digest": digest(body)}


def _readings() -> dict[str, Reading]:
    """How the claims are read: as surges, which decide; as levels; and as levels with less in the base."""
    return {"surge": SURGE, "level": LEVEL, "acts": LEVEL_ACTS}


def digest(document: Mapping[str, Any]) -> str:
    """The digest of a document without its own digest."""
    plain = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def rounded(value: Any) -> Any:
    """A document with its numbers to three digits, so that it is the same on every processor.

    >>> rounded({"a": [0.123456, 7]})
    {'a': [0.123, 7]}
    """
    if isinstance(value, Mapping):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return float(f"{value:.3g}") + 0.0 if isinstance(value, float) else value


def written(document: Document) -> str:
    """A document as text, the same bytes for the same document."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _acts(store: Path, window: Window, left_out: Sequence[Pair]) -> tuple[Acts, list[Holding]]:
    holdings = [one for name in window.datasets for one in held(store, name)]
    return without(read_acts(holdings, window.first, window.last), left_out), holdings


def _settings() -> Document:
    return {
        "rungs": [rung.name for rung in portable_rungs()],
        "memory_half_lives_weeks": list(fitting.MEMORY_WEEKS),
        "cause_half_life_weeks": fitting.CAUSE_WEEKS,
        "usual_half_life_weeks": fitting.USUAL_WEEKS,
        "surge_quantile": fitting.SURGE,
        "claim_prior_sd": fitting.CLAIM_SD,
        "folds": fitting.FOLDS,
        "bootstrap_draws": fitting.DRAWS,
    }


def _panel(panel: Panel, acts: Acts, sources: Sequence[Holding], told: Mapping[str, Told], kind: str) -> Document:
    last = acts.first + timedelta(days=7 * acts.weeks - 1)
    listed = {one.folder: {"name": one.name, "file": one.original, "digest": one.digest[:16]} for one in sources}
    return {
        "kind": "internal wars" if kind == "wars" else "pairs of states",
        "datasets": list(listed.values()),
        "first": acts.first.isoformat(),
        "last": last.isoformat(),
        "weeks": acts.weeks,
        "units": len(panel.units),
        "states": panel.nodes,
        "climbed_to_the_top": panel.climbs,
        "weeks_on_rungs": np.bincount(panel.rungs.ravel(), minlength=panel.steps).tolist(),
        "readings": {name: _reading(one) for name, one in told.items()},
    }


def _reading(told: Told) -> Document:
    return {
        "together": _gain(told.together),
        "volume": _gain(told.volume),
        "placebos": list(told.placebos),
        "claims": {name: _estimate(one) for name, one in told.claims.items()},
    }


def _estimate(one: Estimate) -> Document:
    ways = {
        way: {
            "mean": float(one.pooled.mean[w]),
            "sd": float(one.pooled.sd[w]),
            "tau": float(one.pooled.tau[w]),
            "together": one.together[w],
        }
        for w, way in enumerate(WAYS)
    }
    return {"surge": one.surge, "gain": _gain(one.gain), **ways}


def _gain(gain: Gain) -> list[float]:
    return [gain.nats, gain.low, gain.high]


def _claim(name: str, told: Told, again: Told | None, ahead: Mapping[str, Lead], panel: Panel) -> Document:
    """What the surge reading says of a claim, each way: what a new pair's slope may be, verdict, leads, pairs."""
    claim, one = portable_claims()[name], told.claims.get(name)
    out: Document = {}
    for w, way in enumerate(WAYS):
        sign = (claim.climb, claim.fall)[w]
        repeated = again.claims.get(name) if again else None
        judged = verdict(one, repeated, ahead.get(name), w, sign)
        out[way] = {"expected": sign, "verdict": judged.word, "chance": judged.chance, "gates": judged.gates}
        if one is not None:
            out[way] |= {"mean": float(one.pooled.mean[w]), "sd": float(one.pooled.new_sd[w])}
            lead = ahead[name]
            out[way]["lead"] = {"own": lead.own[w], "lead": lead.lead[w], "beyond": lead.beyond[w]}
            out[way] |= _units(one, panel, w, sign)
    return out


def _units(one: Estimate, panel: Panel, way: int, sign: int) -> Document:
    """The pairs that tell most of a claim, and those that speak most against it."""
    mean, sd = one.pooled.units[:, 0, way], one.pooled.units[:, 1, way]
    named = [[unit, float(m), float(s)] for unit, m, s in zip(panel.units, mean, sd, strict=True)]
    surest = np.lexsort((np.arange(sd.size), sd.round(6)))[:SHOWN]
    against = [sign_chance(float(m), float(s), sign) for m, s in zip(mean, sd, strict=True)]
    worst = np.lexsort((np.arange(sd.size), np.round(against, 6)))[:FAILS]
    return {"surest": [named[d] for d in surest], "fails": [named[d] for d in worst if mean[d] * sign < 0]}

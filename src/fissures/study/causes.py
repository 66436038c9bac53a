"""The claims' part of an explanation divided by cause: by pressure, and by the streams that fed it on the way.

A pressure that a claim reads in a straight line is a sum of what was there at the as-of date and of what each stream
has fed it since, every part decayed; so the claim's part divides the same way. Where a claim reads a switch, a root or
a product, its part stays with the pressure, or the pressures together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.kernel import trace
from fissures.kernel import world as shown
from fissures.kernel.trace import Trace
from fissures.kernel.world import Link, World
from fissures.model.plan import Term
from fissures.model.simulate import Run

if TYPE_CHECKING:
    from fissures.study.moments import Moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Parts = dict[tuple[str, str], float]

START = "where it stood at the as-of date, and all else that feeds it"


@dataclass(frozen=True)
class Sample:
    """Days read off on paths, each with a weight: path, day, rung before and after (places), or neither (streams)."""

    path: Ints
    day: Ints
    start: Ints
    end: Ints
    weight: Floats


def by_cause(
    case: Case,
    run: Run,
    made: World,
    noted: Trace,
    terms: Sequence[Term],
    when: Moments,
    k: int,
    hits: Sample,
    rest: Sample,
) -> Parts:
    """By pressure, or whatever else a claim reads, and by stream: what the claims' parts come to."""
    out: Parts = {}
    links = made.streams[when.streams[k]].links if when.streams else made.ladders[when.places[k]].links
    skipped = len(links) - len(terms)
    for number, (link, term) in enumerate(zip(links[skipped:], terms, strict=True), skipped):
        whole = _apart(link, noted.pushes[number], hits, rest)
        name = _read(case, run, term)
        _add(out, name, whole)
        p = link.factors[0].places[0] if link.factors[0].kind == shown.PRESSURE else -1
        if p < 0 or not _straight(link):
            continue
        left = whole
        for s in np.flatnonzero(made.pressures[p].weights).tolist():
            fed = _fed(run, made, p, s, noted) / link.factors[0].scale * link.coefficient[noted.draw]
            amount = _apart(link, fed, hits, rest)
            left -= amount
            _add(out, ("stream", run.plan.streams[s].name), amount)
        _add(out, ("start", START), left)
    return out


def _add(out: Parts, name: tuple[str, str], amount: float) -> None:
    out[name] = out.get(name, 0.0) + amount


def _straight(link: Link) -> bool:
    """Whether a link reads one pressure and nothing else, in a straight line."""
    only = link.factors[0]
    return len(link.factors) == 1 and not link.root and np.isnan(only.above) and np.isnan(only.below)


def _apart(link: Link, push: NDArray[np.floating], hits: Sample, rest: Sample) -> float:
    """Weighted mean of a push on hits less that on the rest, as it enters the moves; push (T, M)."""
    means = []
    for sample in (hits, rest):
        values = np.asarray(push[sample.day, sample.path], np.float64)
        if link.moves is not None:
            values = values * trace.gap(link, sample.start, sample.end)
        means.append(float(sample.weight @ values))
    return means[0] - means[1]


def _read(case: Case, run: Run, term: Term) -> tuple[str, str]:
    """What a claim reads: the pressure or pressures, the stream of a window, or what fronts show."""
    pressures = [run.plan.pressures[f.places[0]].record for f in term.factors if f.kind == shown.PRESSURE]
    windows = [run.plan.streams[f.places[0]].name for f in term.factors if f.kind == shown.WITHIN]
    if pressures:
        return "pressure", " x ".join(dict.fromkeys([*pressures, *windows]))
    return ("pressure", f"window after {windows[0]}") if windows else ("pressure", "what fronts and tracks show")


def _fed(run: Run, made: World, p: int, s: int, noted: Trace) -> Floats:
    """What a stream has fed a pressure since the as-of date, decayed, each morning; (T, M)."""
    pressure, counts = made.pressures[p], run.counts[s]
    decay, gain = (np.broadcast_to(x, made.draws)[noted.draw] for x in (pressure.decay, pressure.gain))
    out, now = np.zeros((noted.start.shape[0], noted.draw.size)), np.zeros(noted.draw.size)
    for t in range(out.shape[0]):
        out[t] = now
        now = decay * now + gain * pressure.weights[s] * np.log1p(counts[t].astype(np.float64))
    return out

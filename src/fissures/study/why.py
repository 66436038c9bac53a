"""Why a question came about, in the model: an exact decomposition along paths, loops, and stories.

The log odds of a move against staying are a sum: the kernel, the memories of violence, and every claim's coefficient
times how far its cause stands from usual. On the paths where the question came about, that sum is read off on every
climb of the spell that led to it; on the others, on the days a place stood on the same rungs, whether it moved or not.
The difference of the two means is divided without remainder. For questions about events the log rate takes the place of
the log odds. It says what was different when it happened, not what caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case.feedback import loops
from fissures.case.records import Case
from fissures.kernel import trace
from fissures.kernel.trace import Trace, Traces
from fissures.kernel.world import Link, World
from fissures.model.plan import Term
from fissures.model.simulate import Run, world
from fissures.study.causes import Sample, by_cause
from fissures.study.claims import COULD_NOT_TEST
from fissures.study.moments import Moments, moments
from fissures.study.records import ClaimRow
from fissures.study.stories import stories
from fissures.study.why_records import FoundLoop, Share, Why

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST = 20  # paths on either side; fewer tell nothing


def why(case: Case, run: Run, code: str, rows: Sequence[ClaimRow]) -> Why:
    """Why a question came about on the paths of a run; `rows` are the claims as the fit left them."""
    question = next(q for q in case.questions.values() if q.code == code)
    when = moments(case, run, question)
    parts = _Sums()
    made = world(run.plan, run.fit, run.seed)
    if min(when.happened.sum(), (~when.happened).sum()) >= FEWEST:
        days = run.plan.day(question.by) + 1
        noted = trace.follow(made, when.places, when.streams, days, run.paths)
        for k in range(len(when.places) + len(when.streams)):
            _through(case, run, made, noted, when, k, days, parts)
    shares = _shares(case, parts, rows)
    few = f"it came about on {int(when.happened.sum())} of {run.paths} paths: too few, or too many, to tell why"
    return Why(
        case=case.case,
        as_of=case.as_of,
        digest=run.digest,
        seed=run.seed,
        code=code,
        title=question.title,
        happened=int(when.happened.sum()),
        paths=run.paths,
        what="log rate of the events" if when.streams else "log odds of the climbs",
        total=float(sum(share.amount for share in shares)),
        shares=shares,
        causes=_causes(case, parts),
        loops=_loops(case, rows),
        stories=stories(case, run, when) if when.happened.any() else (),
        note="" if parts.weight else few,
    )


class _Sums:
    """Weighted sums over the places or streams through which it came about, with what is needed for their errors."""

    def __init__(self) -> None:
        self.weight = 0.0
        self.amounts: dict[tuple[str, str], float] = {}
        self.errors: dict[tuple[str, str], float] = {}
        self.causes: dict[tuple[str, str], float] = {}

    def add(self, kind: str, name: str, weight: float, amount: float, error: float) -> None:
        """One part's difference on one place or stream, which weighs as often as it came about there."""
        key = (kind, name)
        self.amounts[key] = self.amounts.get(key, 0.0) + weight * amount
        self.errors[key] = self.errors.get(key, 0.0) + (weight * error) ** 2


def _through(case: Case, run: Run, made: World, traces: Traces, when: Moments, k: int, days: int, parts: _Sums) -> None:
    """What differs on one place or stream, added to the sums."""
    led = when.happened & (when.through == k)
    if led.sum() == 0:
        return
    if when.streams:
        s = when.streams[k]
        noted = traces.streams[s]
        hits, rest = _events(run, s, led, when, days)
        terms = [term for term in run.plan.terms_on("stream", s) if term.name in run.fit.draws]
        offset = len(made.streams[s].links) - len(terms)  # commitments that oblige the stream come first
        pieces = list(_of_stream(run, made, s, noted, terms, offset))
    else:
        f = when.places[k]
        noted = traces.places[f]
        hits, rest = _climbs(noted, run, f, led, when, days)
        terms = [term for term in run.plan.terms_on("ladder", f) if term.name in run.fit.draws]
        pieces = list(_of_place(run, made, f, noted, terms))
    if hits.path.size == 0 or rest.path.size == 0:
        return
    weight = float(led.sum() / when.happened.sum())
    parts.weight += weight
    for kind, name, values in pieces:
        parts.add(kind, name, weight, *_difference(values, hits, rest))
    for cause, amount in by_cause(case, run, made, noted, terms, when, k, hits, rest).items():
        parts.causes[cause] = parts.causes.get(cause, 0.0) + weight * amount


def _climbs(noted: Trace, run: Run, f: int, led: NDArray[np.bool_], when: Moments, days: int) -> tuple[Sample, Sample]:
    """Climbs of the spells that led to it, and the same moves weighed on ordinary days of other paths."""
    start, end = noted.start, run.rungs[f, :days].astype(np.int64)
    day = np.arange(days)[:, None]
    last_calm = np.maximum.accumulate(np.where(start == 0, day, -1), axis=0)
    since = np.take_along_axis(last_calm, np.maximum(when.day, 0)[None], axis=0)
    climbs = (end > start) & led & (day >= since) & (day <= when.day)
    t, m = np.nonzero(climbs)
    hits = Sample(m, t, start[t, m], end[t, m], np.full(t.size, 1.0 / max(t.size, 1)))
    other = ~when.happened
    moves, counts = np.unique(np.stack([hits.start, hits.end]), axis=1, return_counts=True)
    chunks = []
    for (r, j), count in zip(moves.T.tolist(), counts.tolist(), strict=True):
        t, m = np.nonzero((start == r) & other)
        if t.size == 0:  # nobody else ever stood there: what led to it is compared with its own days on that rung
            t, m = np.nonzero((start == r) & led)
        weight = np.full(t.size, count / max(hits.path.size, 1) / max(t.size, 1))
        chunks.append(Sample(m, t, np.full(t.size, r), np.full(t.size, j), weight))
    return hits, _joined(chunks)


def _events(run: Run, s: int, led: NDArray[np.bool_], when: Moments, days: int) -> tuple[Sample, Sample]:
    """Days with events on the paths where it came about, and all days of the others."""
    counted = run.counts[s, :days] > 0
    t, m = np.nonzero(counted & led & (np.arange(days)[:, None] <= when.day))
    none = np.zeros(t.size, np.int64)
    hits = Sample(m, t, none, none, np.full(t.size, 1.0 / max(t.size, 1)))
    t, m = np.nonzero(np.broadcast_to(~when.happened, counted.shape))
    none = np.zeros(t.size, np.int64)
    return hits, Sample(m, t, none, none, np.full(t.size, 1.0 / max(t.size, 1)))


def _joined(chunks: Sequence[Sample]) -> Sample:
    fields = ("path", "day", "start", "end", "weight")
    if not chunks:
        none = np.zeros(0, np.int64)
        return Sample(none, none, none, none, none.astype(float))
    return Sample(*(np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in fields))


Reader = Callable[[Sample], NDArray[Any]]  # one part's contribution on each day of a sample
Piece = tuple[str, str, Reader]


def _of_place(run: Run, made: World, f: int, noted: Trace, terms: Sequence[Term]) -> Iterator[Piece]:
    count = len(run.plan.rungs(f))
    yield (
        "kernel",
        "the ladder itself",
        lambda s: trace.kernel_gap(made, f, noted.draw[s.path], s.start, s.end),
    )
    yield (
        "memory",
        "memories of violence",
        lambda s: trace.memory_gap(count, noted.memory[:, s.day, s.path].astype(float), s.start, s.end),
    )
    for number, (link, term) in enumerate(zip(made.ladders[f].links, terms, strict=True)):
        kind = "break" if term.name == f"break:{term.origin}" else "claim"
        yield (kind, term.origin, partial(_pushed, noted, number, link))


def _pushed(noted: Trace, number: int, link: Link, sample: Sample) -> Floats:
    """What a link adds on the days of a sample, as it enters their moves."""
    push = np.asarray(noted.pushes[number, sample.day, sample.path], np.float64)
    return push if link.moves is None else push * trace.gap(link, sample.start, sample.end)


def _of_stream(run: Run, made: World, s: int, noted: Trace, terms: Sequence[Term], offset: int) -> Iterator[Piece]:
    yield ("kernel", "the stream's own rate", lambda x: made.streams[s].rate[noted.draw[x.path]])
    yield ("own", "its own recent events", lambda x: noted.memory[0, x.day, x.path])
    yield ("rung", "where the fronts stand", lambda x: noted.height[x.day, x.path])
    for number, link in enumerate(made.streams[s].links):
        origin = "a commitment that obliges it" if number < offset else terms[number - offset].origin
        kind = "other" if number < offset else "claim"
        yield (kind, origin, partial(_pushed, noted, number, link))


def _difference(read: Reader, hits: Sample, rest: Sample) -> tuple[float, float]:
    """Weighted mean on hits less that on the rest, and its Monte Carlo error with paths as clusters."""
    means, variance = [], 0.0
    for sample in (hits, rest):
        values = np.asarray(read(sample), np.float64)
        mean = float(sample.weight @ values)
        by_path = np.bincount(sample.path, sample.weight * (values - mean))
        means.append(mean)
        variance += float(by_path @ by_path)
    return means[0] - means[1], float(np.sqrt(variance))


def _shares(case: Case, parts: _Sums, rows: Sequence[ClaimRow]) -> tuple[Share, ...]:
    """Every part, restatements of one claim apart, largest first; nothing that adds nothing."""
    told = {row.id: row for row in rows}
    scale = parts.weight or 1.0
    out = []
    for (kind, name), amount in parts.amounts.items():
        row = told.get(name)
        error = float(np.sqrt(parts.errors[kind, name])) / scale
        if amount == 0.0 and error == 0.0:
            continue
        code, says = (row.code, row.paraphrase or row.sentence) if row else ("", "")
        if kind == "break":
            says = f"the declared break {name}: {case.breaks[name].says}"
        tested = None if row is None else row.verdict != COULD_NOT_TEST
        out.append(Share(kind, name, code, says, amount / scale, error, tested))
    return tuple(sorted(out, key=lambda share: -abs(share.amount)))


def _causes(case: Case, parts: _Sums) -> tuple[Share, ...]:
    scale = parts.weight or 1.0
    out = [
        Share(kind, name, "", _called(case, kind, name), amount / scale, 0.0)
        for (kind, name), amount in parts.causes.items()
        if abs(amount) > 1e-9
    ]
    return tuple(sorted(out, key=lambda share: -abs(share.amount)))


def _called(case: Case, kind: str, name: str) -> str:
    if kind == "stream":
        return case.streams[name.split(" by way of ")[0]].name
    return case.pressures[name].name if kind == "pressure" and name in case.pressures else ""


def _loops(case: Case, rows: Sequence[ClaimRow]) -> tuple[FoundLoop, ...]:
    """Loops of the argument, strongest first; one that several fronts share is told once."""
    told = {row.id: row for row in rows}
    out = []
    found = {(loop.claims, loop.sign): loop for loop in reversed(loops(case))}
    for loop in found.values():
        mine = [told[name] for name in loop.claims if name in told]
        gain = float(np.prod([row.after.mean for row in mine])) if mine else 0.0
        out.append(FoundLoop(loop.names, loop.sign, tuple(row.code for row in mine), gain))
    return tuple(sorted(out, key=lambda loop: -abs(loop.gain)))

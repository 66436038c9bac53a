"""History: the record completed several times over, and what every memory and pressure stood at on each day.

The record leaves rungs open (which day of the week, which front). Each completion fills them in one consistent way;
the spread between completions is data uncertainty, and every draw of parameters starts from one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import complete
from fissures.kernel.memory import BUILDING, DECAYING, blend, decay, relief, standing, step_pressure
from fissures.kernel.rng import name_key, path_numbers, uniforms, uniforms_by_day
from fissures.kernel.world import LONG_AGO, Factor
from fissures.model import prior as belief
from fissures.model.past import Seen, shown, triggered
from fissures.model.plan import (
    DEATH_MEMORIES,
    DEATH_SCALE,
    STANDING,
    VIOLENCE_MEMORIES,
    Plan,
)
from fissures.model.pressures import PressurePlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPLETIONS = 5
TURNS = 8  # complete, count, complete again
FIRST_STRETCH = 365  # days: memories start from the record's own first year, not from zero
FLOOR = 0.02  # pseudo-days of every move, so that no row of the chain is empty


@dataclass(frozen=True)
class History:
    """C completions of the record over T days, of F places (fronts, then tracks).

    `seen` holds rungs, deaths and counts by day, `known` the same with state records added. memories (C, F, T, Q) and
    pressures (C, P, T) as they stood at the start of each day, from evidence alone; stream_memory (C, S, T).
    `start_*` is where things stand after the as-of date, with state records added: rungs (C, F), memories (C, F, Q),
    pressures (C, P), stream memories (C, S), days since the last event of each stream (C, S) and the last trigger of
    each commitment (C, K). `shown` keeps what factors came to, and `usual` what causes usually are under a plan, once
    somebody has asked.
    """

    seen: Seen
    known: Seen
    memories: Floats
    pressures: Floats
    stream_memory: Floats
    start_rungs: Ints
    start_memories: Floats
    start_pressures: Floats
    start_streams: Floats
    start_since: Floats
    start_triggers: Floats
    shown: dict[Factor, Floats] = field(default_factory=dict, compare=False)
    usual: dict[str, dict[str, float]] = field(default_factory=dict, compare=False)

    @property
    def rungs(self) -> Ints:
        """Daily rungs by completion and place, (C, F, T)."""
        return self.seen.rungs

    @property
    def deaths(self) -> Floats:
        """Daily deaths by completion and front, (C, N, T)."""
        return self.seen.deaths


def build(case: Case, plan: Plan, panel: Panel, seed: int) -> History:
    """Complete the record and run every memory over it; the same seed gives the same history."""
    owners = _owners(panel, seed)
    rungs = _rungs(case, plan, panel, owners, seed)
    deaths = _deaths(panel, owners, rungs[:, : len(plan.fronts)], seed)
    memories, after = _memories(plan, panel, rungs, deaths)
    usual = _usual(plan, panel)
    seen = _seen(plan, panel, rungs, deaths, panel.evidence, usual)
    known = _seen(plan, panel, rungs, deaths, panel.evidence + panel.state, usual)
    pressures, _ = _pressures(plan, panel, seen)
    _, pressures_after = _pressures(plan, panel, known)
    stream_memory, _ = _stream_memory(plan, seen)
    _, streams_after = _stream_memory(plan, known)
    return History(
        seen=seen,
        known=known,
        memories=memories,
        pressures=pressures,
        stream_memory=stream_memory,
        start_rungs=rungs[:, :, -1],
        start_memories=after,
        start_pressures=pressures_after,
        start_streams=streams_after,
        start_since=_since(plan, panel, known, seed),
        start_triggers=_triggers(plan, known, seed),
    )


def _seen(plan: Plan, panel: Panel, rungs: Ints, deaths: Floats, events: Floats, usual: Floats) -> Seen:
    """What every factor is read from; a stream that is read from fronts or tracks and was not counted is read here."""
    dates = [panel.date_of(t) for t in range(panel.days)]
    breaks = np.array([[when >= b.when for when in dates] for b in plan.breaks], float).reshape(-1, panel.days)
    counts = np.repeat(events[None], len(rungs), axis=0)
    owed_from = np.array([(c.since - panel.first).days if c.since else -panel.days for c in plan.commitments], np.int64)
    seen = Seen(rungs, deaths, counts, usual, breaks, owed_from)
    for s, stream in enumerate(plan.streams):
        if stream.read is not None and stream.lifts is not None:  # a track tells it, as it will in the simulation
            told = events[s] - panel.evidence[s]  # what state records add
            counts[:, s] = np.maximum(shown(plan, stream.read, seen), told)
        elif stream.read is not None and stream.name not in panel.observed:
            counts[:, s] += shown(plan, stream.read, seen)
    return seen


def _draw(seed: int, name: str, purpose: str, number: int) -> Floats:
    """One uniform for each completion."""
    return uniforms(name_key(seed, name, purpose), number, path_numbers(0, COMPLETIONS))


def _owners(panel: Panel, seed: int) -> Ints:
    """Which front carries each week of the pooled record: named by a spell, else drawn by the stated split.

    The draw is among fronts whose spells allow the rung that the week proves.
    """
    weeks, fronts = len(panel.low), len(panel.split)
    out = np.zeros((COMPLETIONS, weeks), np.int64)
    for w in range(weeks):
        if panel.named[w] >= 0:
            out[:, w] = panel.named[w]
            continue
        days = (panel.week_of == w) & panel.covered
        high = panel.day_high[:fronts]
        able = (high[:, days].max(axis=1) if days.any() else high[:, 0] * 0) >= panel.low[w]
        share = panel.split * (able if (panel.split * able).any() else 1.0)
        running = np.cumsum(share) / max(share.sum(), 1e-12)
        out[:, w] = np.searchsorted(running, _draw(seed, "record", "front", w), side="right").clip(0, fronts - 1)
    return out


def _rungs(case: Case, plan: Plan, panel: Panel, owners: Ints, seed: int) -> Ints:
    """Daily rungs of every place and completion, ladder by ladder; shape (C, F, T)."""
    out = np.zeros((COMPLETIONS, len(plan.places), panel.days), np.int64)
    for number, ladder in enumerate(plan.ladders):
        places = [f for f, which in enumerate(plan.ladder_of) if which == number]
        if not places:
            continue
        prior = belief.pseudo_days(case, ladder.name) + FLOOR
        bounds = [_week_bounds(panel, owners, f, len(ladder.rungs)) for f in places]
        low = np.concatenate([np.repeat(panel.day_low[f][None], COMPLETIONS, 0) for f in places])
        high = np.concatenate([np.repeat(panel.day_high[f][None], COMPLETIONS, 0) for f in places])
        week_low = np.concatenate([b[0] for b in bounds])
        week_high = np.concatenate([b[1] for b in bounds])
        if np.array_equal(low, high):  # every day is known
            paths = low
        else:
            paths = _completed(plan, panel, places, prior, (low, high, week_low, week_high), seed)
        for k, f in enumerate(places):
            mine = paths[k * COMPLETIONS : (k + 1) * COMPLETIONS]
            out[:, f] = wait(mine, int(panel.quiet_days[f])) if panel.quiet_days[f] else mine
    return out


def _completed(
    plan: Plan, panel: Panel, places: list[int], prior: Floats, bounds: tuple[Ints, Ints, Ints, Ints], seed: int
) -> Ints:
    """Completions of the places on one ladder, the chain learnt from them by turns."""
    chain, numbers = complete.normalise(prior), path_numbers(0, COMPLETIONS)
    for turn in range(TURNS):
        keys = [name_key(seed, plan.places[f], f"rung of turn {turn}") for f in places]
        chance = np.concatenate([uniforms_by_day(key, panel.days, numbers) for key in keys], axis=1)
        paths = complete.sample(chain, *bounds, panel.week_of, panel.covered, chance)
        chain = complete.normalise(prior + complete.count_moves(paths, len(chain)) / COMPLETIONS)
    return paths


def wait(active: Ints, days: int) -> Ints:
    """Rungs by the waiting rule: a front is above quiet until nothing has happened for so many days.

    active (C, T) is the rung of each day's own events; shape (C, T).

    >>> wait(np.array([[2, 0, 0, 0]]), 2).tolist()
    [[2, 1, 1, 0]]
    """
    out, since = active.copy(), np.full(active.shape[0], days + 1)
    for t in range(active.shape[1]):
        since = np.where(active[:, t] > 0, 0, since + 1)
        out[:, t] = np.maximum(active[:, t], since <= days)
    return out


def _week_bounds(panel: Panel, owners: Ints, place: int, rungs: int) -> tuple[Ints, Ints]:
    """Bounds on a place's highest rung by week: the record's where it carries the week, else low.

    A place of which the record does not speak is bounded by its own days alone.
    """
    if not panel.recorded[place]:
        return np.zeros_like(owners), np.full_like(owners, rungs - 1)
    mine = owners == place
    low = np.where(mine, panel.low, 0)
    high = np.where(mine, panel.high, np.minimum(panel.high, 1))
    return low, high


def _deaths(panel: Panel, owners: Ints, rungs: Ints, seed: int) -> Floats:
    """Recorded deaths laid on days of the front that carries the week; shape (C, F, T).

    Each death falls on a day above quiet with a chance that grows with the day's rung; the day with most deaths is kept
    whole, and no other day gets more while there is room elsewhere.
    Deaths that a spell gives as a range, for days that the record leaves out, take their geometric middle.
    """
    out = np.zeros(rungs.shape)
    weight = 20.0 ** np.maximum(np.arange(rungs.max() + 1) - 1, 0) * (np.arange(rungs.max() + 1) > 0)
    for w in np.flatnonzero(panel.killed > 0):
        days = np.flatnonzero((panel.week_of == w) & panel.covered)
        together = [int(panel.most_in_a_day[w])] + [1] * int(panel.killed[w] - panel.most_in_a_day[w])
        for c in range(COMPLETIONS):
            mine = (c, owners[c, w], days)
            for k, number in enumerate(together):
                likely = weight[rungs[mine]]
                for able in (likely * (out[mine] + number <= together[0]), likely, np.ones(days.size)):
                    if able.any():
                        break
                chance = np.cumsum(able)
                u = _draw(seed, "record", f"death {k}", int(w))[c]
                out[c, owners[c, w], days[np.searchsorted(chance, u * chance[-1])]] += number
    for spell in panel.spells:
        days = np.arange(spell.start, spell.end + 1)
        open_days = days[~panel.covered[days]]
        if open_days.size and spell.killed_low and spell.killed_high:
            share = open_days.size / days.size
            out[:, spell.front, open_days] = np.sqrt(spell.killed_low * spell.killed_high) * share / open_days.size
    return out


def violence(deaths: Floats, rungs: Ints, active: Ints | int) -> tuple[Floats, Floats]:
    """What a ladder's memories take in on a day: scaled log deaths, and whether the day was active."""
    return np.log1p(deaths) / DEATH_SCALE, (rungs >= active).astype(np.float64)


def _memories(plan: Plan, panel: Panel, rungs: Ints, deaths: Floats) -> tuple[Floats, Floats]:
    """Ladder memories, raw, at the start of each day (C, F, T, Q), and after the last day (C, F, Q)."""
    active = np.array([plan.ladders[which].active for which in plan.ladder_of])
    whole = np.zeros(rungs.shape)
    whole[:, : len(plan.fronts)] = deaths
    lost, violent = violence(whole, rungs, active[:, None])
    inputs = [(lost, h) for h in DEATH_MEMORIES] + [(violent, h) for h in VIOLENCE_MEMORIES]
    out = np.zeros((*rungs.shape, plan.memories))
    after = np.zeros((*rungs.shape[:2], plan.memories))
    for q, (values, half_life) in enumerate(inputs):
        d = decay(half_life)
        now = values[:, :, :FIRST_STRETCH].mean(axis=2)
        for t in range(panel.days):
            out[:, :, t, q] = now
            now = blend(now, d, values[:, :, t])
        after[:, :, q] = now
    smooth = [b for b in plan.breaks if b.smooth]
    for b, declared in enumerate(smooth):
        since = (declared.when - panel.first).days
        out[:, :, max(since, 0) :, len(inputs) + b] = 1.0
        after[:, :, len(inputs) + b] = 1.0
    return out, after


def felt(memories: Floats) -> Floats:
    """Memories as the ladder law feels them, last axis Q: raw, but for the longest, which enters as standing."""
    out = memories.copy()
    longest = len(DEATH_MEMORIES) + len(VIOLENCE_MEMORIES) - 1
    out[..., longest] = standing(memories[..., longest], *STANDING)
    return out


def _usual(plan: Plan, panel: Panel) -> Floats:
    """Events to expect, at the prior rate, of a stream on days when nobody counted it: missing is not zero (S, T).

    So a claim whose cause was never counted acts on what is unusual about the as-of date, not on a false silence. A
    stream that is read from fronts or tracks is read on every day.
    """
    rows = [
        np.zeros(panel.days) if stream.read is not None else np.exp(stream.log_rate) * ~panel.seen(stream.name)
        for stream in plan.streams
    ]
    return np.array(rows).reshape(len(plan.streams), panel.days)


def _pressures(plan: Plan, panel: Panel, seen: Seen, multiple: int | None = None) -> tuple[Floats, Floats]:
    """Pressures in raw units at the start of each day (C, P, T), and after the last day (C, P).

    `multiple` numbers one of MULTIPLES by which every half-life is taken; None for the half-lives as stated.
    """
    shape = (len(plan.pressures), COMPLETIONS, panel.days)
    out, added, left = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    logs = {int(s): np.log1p(seen.counts[:, s]) for p in plan.pressures for s in np.flatnonzero(p.weights)}
    now, halving = np.zeros(shape[:2]), [_halving(p, multiple) for p in plan.pressures]
    for p, (pressure, (d, gain)) in enumerate(zip(plan.pressures, halving, strict=True)):
        added[p], left[p] = _inputs(plan, pressure, panel, seen, logs, d, gain)
        now[p] = _first(pressure, panel, added[p], d, gain)
    decays, tops = np.array(halving).reshape(-1, 2, 1).transpose(1, 0, 2)
    floors = np.array([p.floor for p in plan.pressures]).reshape(-1, 1)
    builds = np.array([p.kind == BUILDING for p in plan.pressures], bool)
    kinds = [(kind, mine) for kind, mine in ((BUILDING, builds), (DECAYING, ~builds)) if mine.any()]
    for t in range(panel.days):
        out[:, :, t] = now
        for kind, mine in kinds:
            inputs = (decays[mine], floors[mine], added[mine, :, t], left[mine, :, t], tops[mine])
            now[mine] = step_pressure(kind, now[mine], *inputs)
    return out.transpose(1, 0, 2), now.T


def under(plan: Plan, panel: Panel, history: History, multiple: int) -> tuple[Floats, Floats]:
    """`pressures` (C, P, T) and `start_pressures` (C, P) of a history, had every half-life been so many times longer.

    Raw levels are those at which the stated reference surge reads as 1, whatever the half-life.
    """
    return _pressures(plan, panel, history.seen, multiple)[0], _pressures(plan, panel, history.known, multiple)[1]


def _halving(pressure: PressurePlan, multiple: int | None) -> tuple[float, float]:
    """A pressure's decay and gain, as stated or under a multiple of its half-life."""
    return (pressure.decay, 1.0) if multiple is None or not pressure.halving else pressure.halving[multiple]


def _inputs(
    plan: Plan, pressure: PressurePlan, panel: Panel, seen: Seen, logs: dict[int, Floats], d: float, gain: float
) -> tuple[Floats, Floats]:
    """What a pressure takes in by day, and the factor that relief leaves; (C, T) each.

    Streams are summed one by one, so that a bystander changes no bit.
    """
    added = np.zeros((COMPLETIONS, panel.days))
    for s in np.flatnonzero(pressure.weights):
        added = added + pressure.weights[s] * (logs[int(s)] + np.log(2.0) * seen.usual[s])
    for factor, weight in pressure.feeds:
        added = added + weight * shown(plan, factor, seen)
    added = added * gain
    if pressure.series is not None:
        added = added + (1.0 - d) * panel.series[pressure.series]
    left = np.stack([relief(counts, pressure.relief) for counts in seen.counts])
    return added, left * np.prod(1.0 - pressure.relief[:, None] * seen.usual, axis=0)


def _first(pressure: PressurePlan, panel: Panel, added: Floats, d: float, gain: float) -> float:
    """Raw level on the panel's first day: what has built up since `begins`, the series' value, or the usual level."""
    if pressure.kind == BUILDING:
        begins = pressure.begins or panel.first
        return gain * (1.0 - d ** max((panel.first - begins).days, 0))
    if pressure.series is not None:
        return float(panel.series[pressure.series][0])
    usual = float(added[:, :FIRST_STRETCH].mean())
    return max(usual / (1.0 - d), pressure.floor)


def _stream_memory(plan: Plan, seen: Seen) -> tuple[Floats, Floats]:
    """Each stream's own decaying count at the start of each day (C, S, T), and after the last day (C, S)."""
    out = np.zeros(seen.counts.shape)
    decays = np.array([stream.decay for stream in plan.streams])
    now = np.repeat(np.array([[np.expm1(stream.usual) for stream in plan.streams]]), COMPLETIONS, axis=0)
    for t in range(seen.counts.shape[2]):
        out[:, :, t] = now
        now = decays * now + seen.counts[:, :, t] + seen.usual[:, t]
    return out, now


def _since(plan: Plan, panel: Panel, known: Seen, seed: int) -> Floats:
    """Days since each stream's last event at the end of the as-of date, (C, S).

    A stream of which no event is known at all had its last one when its usual rate lets expect.
    """
    out = np.zeros(known.counts.shape[:2])
    for s, stream in enumerate(plan.streams):
        lengths = -np.log(_draw(seed, stream.name, "last event", 0)) / np.exp(stream.log_rate)
        for c in range(COMPLETIONS):
            events = np.flatnonzero(known.counts[c, s] > 0)
            out[c, s] = panel.days - 1 - events[-1] if events.size else np.floor(lengths[c])
    return out


def _triggers(plan: Plan, known: Seen, seed: int) -> Floats:
    """Days since each commitment's last trigger at the end of the as-of date, (C, K); long ago beyond its own time.

    Where a day's trigger is only a chance (nobody coded who fired), a draw of each completion decides.
    """
    out = np.full((COMPLETIONS, len(plan.commitments)), LONG_AGO)
    for k, owed in enumerate(plan.commitments):
        chance = triggered(plan, owed, known)
        for age in reversed(range(min(int(np.ceil(owed.lasts)), chance.shape[1]))):
            out[_draw(seed, owed.name, "trigger", age) < chance[:, -1 - age], k] = age
    return out

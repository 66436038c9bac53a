"""History: the record completed several times over, and what every memory and pressure stood at on each day.

The record leaves rungs open (which day of the week, which front). Each completion fills them in one consistent way;
the spread between completions is data uncertainty, and every draw of parameters starts from one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import complete
from fissures.kernel.memory import BUILDING, SERIES, blend, decay, feed, relief, standing, step_pressure
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import prior as belief
from fissures.model.plan import (
    DEATH_MEMORIES,
    DEATH_SCALE,
    STANDING,
    VIOLENCE_MEMORIES,
    VIOLENT_RUNG,
    Plan,
    PressurePlan,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPLETIONS = 5
TURNS = 8  # complete, count, complete again
FIRST_STRETCH = 365  # days: memories start from the record's own first year, not from zero
FLOOR = 0.02  # pseudo-days of every move, so that no row of the chain is empty


@dataclass(frozen=True)
class History:
    """C completions of the record over T days and F fronts.

    rungs, deaths (C, F, T). memories (C, F, T, Q) and pressures (C, P, T) as they stood at the start of each day,
    from evidence alone. `start_*` is where things stand after the as-of date, with state records added:
    rungs (C, F), memories (C, F, Q), pressures (C, P), stream memories (C, S). stream_memory (S, T).
    """

    rungs: Ints
    deaths: Floats
    memories: Floats
    pressures: Floats
    stream_memory: Floats
    start_rungs: Ints
    start_memories: Floats
    start_pressures: Floats
    start_streams: Floats


def build(case: Case, plan: Plan, panel: Panel, seed: int) -> History:
    """Complete the record and run every memory over it; the same seed gives the same history."""
    owners = _owners(panel, len(plan.fronts), seed)
    rungs = _rungs(case, plan, panel, owners, seed)
    deaths = _deaths(panel, owners, rungs, seed)
    memories, after = _memories(plan, panel, rungs, deaths)
    usual = _usual(plan, panel)
    pressures, _ = _pressures(plan, panel, panel.evidence, usual, rungs)
    _, pressures_after = _pressures(plan, panel, panel.evidence + panel.state, usual, rungs)
    stream_memory, _ = _stream_memory(plan, panel.evidence + usual)
    _, streams_after = _stream_memory(plan, panel.evidence + panel.state + usual)
    return History(
        rungs=rungs,
        deaths=deaths,
        memories=memories,
        pressures=pressures,
        stream_memory=stream_memory,
        start_rungs=rungs[:, :, -1],
        start_memories=after,
        start_pressures=pressures_after,
        start_streams=np.repeat(streams_after[None], COMPLETIONS, 0),
    )


def _draw(seed: int, name: str, purpose: str, number: int) -> Floats:
    """One uniform for each completion."""
    return uniforms(name_key(seed, name, purpose), number, path_numbers(0, COMPLETIONS))


def _owners(panel: Panel, fronts: int, seed: int) -> Ints:
    """Which front carries each week of the pooled record: named by a spell, else drawn by the stated split.

    The draw is among fronts whose spells allow the rung that the week proves.
    """
    weeks = len(panel.low)
    out = np.zeros((COMPLETIONS, weeks), np.int64)
    for w in range(weeks):
        if panel.named[w] >= 0:
            out[:, w] = panel.named[w]
            continue
        days = (panel.week_of == w) & panel.covered
        able = (panel.day_high[:, days].max(axis=1) if days.any() else panel.day_high[:, 0] * 0) >= panel.low[w]
        share = panel.split * (able if (panel.split * able).any() else 1.0)
        running = np.cumsum(share) / max(share.sum(), 1e-12)
        out[:, w] = np.searchsorted(running, _draw(seed, "record", "front", w), side="right").clip(0, fronts - 1)
    return out


def _rungs(case: Case, plan: Plan, panel: Panel, owners: Ints, seed: int) -> Ints:
    """Daily rungs of every front and completion, ladder by ladder; shape (C, F, T)."""
    out = np.zeros((COMPLETIONS, len(plan.fronts), panel.days), np.int64)
    for number, name in enumerate(plan.ladders):
        fronts = [f for f, which in enumerate(plan.ladder_of) if which == number]
        prior = belief.pseudo_days(case, name) + FLOOR
        bounds = [_week_bounds(panel, owners, f) for f in fronts]
        low = np.concatenate([np.repeat(panel.day_low[f][None], COMPLETIONS, 0) for f in fronts])
        high = np.concatenate([np.repeat(panel.day_high[f][None], COMPLETIONS, 0) for f in fronts])
        week_low = np.concatenate([b[0] for b in bounds])
        week_high = np.concatenate([b[1] for b in bounds])
        chain = complete.normalise(prior)
        for turn in range(TURNS):

            def draw(day: int, turn: int = turn, fronts: list[int] = fronts) -> Floats:
                return np.concatenate([_draw(seed, plan.fronts[f], f"rung of turn {turn}", day) for f in fronts])

            paths = complete.sample(chain, low, high, week_low, week_high, panel.week_of, panel.covered, draw)
            chain = complete.normalise(prior + complete.count_moves(paths, len(chain)) / COMPLETIONS)
        for k, f in enumerate(fronts):
            out[:, f] = wait(paths[k * COMPLETIONS : (k + 1) * COMPLETIONS], int(panel.quiet_days))
    return out


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


def _week_bounds(panel: Panel, owners: Ints, front: int) -> tuple[Ints, Ints]:
    """Bounds on a front's highest rung by week: the record's where the front carries the week, else low."""
    mine = owners == front
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


def violence(deaths: Floats, rungs: Ints) -> tuple[Floats, Floats]:
    """What the ladder's memories take in on a day: scaled log deaths, and whether the day was violent."""
    return np.log1p(deaths) / DEATH_SCALE, (rungs >= VIOLENT_RUNG).astype(np.float64)


def _memories(plan: Plan, panel: Panel, rungs: Ints, deaths: Floats) -> tuple[Floats, Floats]:
    """Ladder memories, raw, at the start of each day (C, F, T, Q), and after the last day (C, F, Q)."""
    lost, violent = violence(deaths, rungs)
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
    for b, when in enumerate(plan.breaks):
        since = (when - panel.first).days
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

    So a claim whose cause was never counted acts on what is unusual about the as-of date, not on a false silence.
    """
    rows = [np.exp(stream.log_rate) * ~panel.seen(stream.name) for stream in plan.streams]
    return np.array(rows).reshape(len(plan.streams), panel.days)


def _pressures(plan: Plan, panel: Panel, counts: Floats, usual: Floats, rungs: Ints) -> tuple[Floats, Floats]:
    """Pressures in raw units at the start of each day (C, P, T), and after the last day (C, P)."""
    out = np.zeros((COMPLETIONS, len(plan.pressures), panel.days))
    after = np.zeros((COMPLETIONS, len(plan.pressures)))
    for p, pressure in enumerate(plan.pressures):
        added, left = _inputs(pressure, panel, counts, usual, rungs)
        now = np.full(COMPLETIONS, _first(pressure, panel, usual))
        for t in range(panel.days):
            out[:, p, t] = now
            now = step_pressure(pressure.kind, now, pressure.decay, pressure.floor, added[:, t], left[t])
        after[:, p] = now
    return out, after


def _inputs(pressure: PressurePlan, panel: Panel, counts: Floats, usual: Floats, rungs: Ints) -> tuple[Floats, Floats]:
    """What a pressure takes in by day, (C, T), and the factor that relief leaves, (T,)."""
    added = np.zeros((COMPLETIONS, panel.days))
    if pressure.kind == SERIES and pressure.series is not None:
        added = added + panel.series[pressure.series]
    elif pressure.front >= 0:
        added = (rungs[:, pressure.front] >= pressure.rung).astype(np.float64)
    else:
        added = added + feed(counts, pressure.weights) + _expected_feed(pressure, usual)
    return added, relief(counts, pressure.relief) * np.prod(1.0 - pressure.relief[:, None] * usual, axis=0)


def _expected_feed(pressure: PressurePlan, usual: Floats) -> Floats:
    """What expected single events add by day, (T,); summed stream by stream, so that a bystander changes no bit."""
    total = np.zeros(usual.shape[1])
    for s in np.flatnonzero(pressure.weights):
        total = total + pressure.weights[s] * np.log(2.0) * usual[s]
    return total


def _first(pressure: PressurePlan, panel: Panel, usual: Floats) -> float:
    """Raw level on the panel's first day: what has built up since `begins`, the series' value, or the usual level."""
    if pressure.kind == BUILDING and pressure.begins is not None:
        return 1.0 - float(pressure.decay) ** max((panel.first - pressure.begins).days, 0)
    if pressure.kind == SERIES and pressure.series is not None:
        return float(panel.series[pressure.series][0])
    fed = float(_expected_feed(pressure, usual)[0])
    return max(fed / (1.0 - pressure.decay), pressure.floor)


def _stream_memory(plan: Plan, counts: Floats) -> tuple[Floats, Floats]:
    """Each stream's own decaying count at the start of each day (S, T), and after the last day (S,)."""
    out = np.zeros(counts.shape)
    after = np.zeros(len(plan.streams))
    for s, stream in enumerate(plan.streams):
        now = float(np.expm1(stream.usual))
        for t in range(counts.shape[1]):
            out[s, t] = now
            now = stream.decay * now + counts[s, t]
        after[s] = now
    return out, after

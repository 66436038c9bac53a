"""Packing: a world of records into flat arrays. What is read together by one path lies together under its draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from math import inf
from typing import Any

import numpy as np

from fissures.kernel.arith import log
from fissures.kernel.compiled.packed import (
    Commitments,
    Days,
    Floats,
    Ints,
    Links,
    Marks,
    Packed,
    Places,
    Pressures,
    Start,
    Streams,
    starts,
)
from fissures.kernel.compiled.packing_causes import EVENING, MORNING, MOVED, Book
from fissures.kernel.deaths import Deaths
from fissures.kernel.ladder import levels
from fissures.kernel.paths import due, partly, watched
from fissures.kernel.world import LONG_AGO, Ladder, Lever, Link, World


def pack(world: World, days: int) -> Packed:
    """The flat arrays of a world over so many days."""
    book = Book()
    return Packed(
        places=_places(world, book),
        marks=_marks(world, book),
        streams=_streams(world, book),
        pressures=_pressures(world, book),
        commitments=_commitments(world, book),
        start=_start(world),
        causes=book.causes(),
        links=_links(world, book.links),
        days=_days(world, days, book.links),
    )


def _by_draw(values: Sequence[Any], draws: int) -> Floats:
    """One column for each value, which is one for all draws or by draw; (D, n)."""
    out = np.empty((draws, len(values)))
    for column, value in enumerate(values):
        out[:, column] = value
    return out


def _ints(values: Any) -> Ints:
    return np.array(values, np.int64).reshape(-1)


def _floats(values: Any) -> Floats:
    return np.array(values, np.float64).reshape(-1)


def _flat(parts: Sequence[Sequence[Any]]) -> list[Any]:
    return [item for part in parts for item in part]


def _links(world: World, links: Sequence[tuple[Link, int, int]]) -> Links:
    """Every link that was entered in the book, with the number of its cause and its code."""
    groups = _groups(links)
    return Links(
        product=_ints([product for _, product, _ in links]),
        group=_ints([groups[link.group] for link, _, _ in links]),
        code=_ints([code for _, _, code in links]),
        coefficient=_by_draw([link.coefficient for link, _, _ in links], world.draws),
        usual=_by_draw([link.usual for link, _, _ in links], world.draws),
    )


def _groups(links: Sequence[tuple[Link, int, int]]) -> dict[int, int]:
    """Groups of links, numbered from 0."""
    return {group: k for k, group in enumerate(sorted({link.group for link, _, _ in links}))}


def _places(world: World, book: Book) -> Places:
    ladders, draws = world.ladders, world.draws
    count = [ladder.logits.shape[0] for ladder in ladders]
    rungs = max(count)
    logits = np.zeros((len(ladders), draws, rungs, rungs))
    deaths = np.zeros((len(ladders), draws, rungs, len(fields(Deaths))))
    level = np.zeros((len(ladders), rungs))
    for f, (ladder, n) in enumerate(zip(ladders, count, strict=True)):
        logits[f, :, :n, :n] = ladder.logits.reshape(n, draws, n).transpose(1, 2, 0)
        for k, part in enumerate(fields(Deaths)):
            deaths[f, :, :n, k] = getattr(ladder.deaths, part.name).reshape(draws, n)
        level[f, :n] = levels(n)
    memory = np.stack([ladder.memory for ladder in ladders])
    pattern, pattern_start, patterns = _patterns(world, rungs)
    return Places(
        rungs=_ints(count),
        active=_ints([ladder.active for ladder in ladders]),
        opens=_floats([ladder.opens for ladder in ladders]),
        closes=_floats([ladder.closes for ladder in ladders]),
        retires=_floats([_retires(ladder, f < world.fronts) for f, ladder in enumerate(ladders)]),
        keys=np.array([(ladder.move_key, ladder.death_key) for ladder in ladders], np.uint64),
        logits=logits,
        levels=level,
        memory=_own(memory.transpose(3, 0, 1, 2).reshape(draws, -1), np.float64),
        deaths=deaths,
        link_start=_entered(book, MORNING, [_plain(ladder.links) for ladder in ladders]),
        pattern=pattern,
        pattern_start=pattern_start,
        patterns=patterns,
    )


def _patterns(world: World, rungs: int) -> tuple[Ints, Ints, Floats]:
    """Which moves each link of a ladder touches: the number of its pattern, where each ladder's begin, and patterns."""
    number: list[int] = []
    begins, found = [0], list[Floats]()
    for ladder in world.ladders:
        known: dict[bytes, int] = {}
        for link in ladder.links:
            assert link.moves is not None
            moves, n = np.zeros((rungs, rungs)), link.moves.shape[0]
            moves[:n, :n] = link.moves.T
            if moves.tobytes() not in known:
                known[moves.tobytes()] = len(found)
                found.append(moves)
            number.append(known[moves.tobytes()])
        begins.append(len(found))
    return _ints(number), _ints(begins), np.array(found).reshape(-1, rungs, rungs)


def _retires(ladder: Ladder, front: bool) -> float:
    return ladder.retires_after if front and ladder.retires_after < LONG_AGO else inf


def _marks(world: World, book: Book) -> Marks:
    places = world.ladders[: world.fronts]
    each = [ladder.marks for ladder in places]
    means = max((m.means.shape[0] for m in each if m is not None), default=0)
    rungs = max(ladder.logits.shape[0] for ladder in world.ladders)
    out = Marks(
        has=np.array([m is not None for m in each], np.bool_),
        quiet=np.ones((world.fronts, rungs), np.bool_),
        by=np.zeros((world.fronts, 4)),
        advance=np.zeros((world.fronts, rungs)),
        able=np.zeros((world.fronts, rungs, means), np.bool_),
        means=np.zeros((world.fronts, world.draws, rungs, means)),
        first_share=np.zeros((world.draws, world.fronts)),
        keys=np.zeros((world.fronts, 4 + means), np.uint64),
        by_start=_entered(book, MOVED, [() if m is None else m.by_links for m in each]),
        means_start=_entered(book, MOVED, [() if m is None else m.means_links for m in each]),
        advance_start=_entered(book, MOVED, [() if m is None else _plain(m.advance_links) for m in each]),
    )
    for f, marks in enumerate(each):
        if marks is None:
            continue
        n, b = world.ladders[f].logits.shape[0], marks.means.shape[0]
        out.by[f], out.advance[f, :n], out.able[f, :n, :b] = marks.by, marks.advance, marks.able.T
        out.quiet[f, :n] = ~(marks.able.any(axis=0) | (marks.advance > 0) | (np.arange(n) >= world.ladders[f].active))
        out.means[f, :, :n, :b] = marks.means.reshape(b, world.draws, n).transpose(1, 2, 0)
        out.first_share[:, f], out.keys[f, : 4 + b] = marks.first_share, marks.keys
    return out


def _plain(links: Sequence[Link]) -> list[tuple[int, Link]]:
    """Links that need no code."""
    return [(0, link) for link in links]


def _entered(book: Book, part: int, lists: Sequence[Sequence[tuple[int, Link]]]) -> Ints:
    """Enter links with their codes; where those of each list begin."""
    first = len(book.links)
    return first + starts([[book.enter(link, part, code) for code, link in links] for links in lists])


def _streams(world: World, book: Book) -> Streams:
    streams = world.streams
    lifts = [stream.lifts or (-1, 0) for stream in streams]
    return Streams(
        **{
            name: _by_draw([getattr(s, name) for s in streams], world.draws) for name in ("rate", "own", "rung", "size")
        },
        decay=_floats([s.decay for s in streams]),
        usual=_floats([s.usual for s in streams]),
        bounds=np.array([lines(s.usual) for s in streams]).reshape(-1, 4),
        key=np.array([s.key for s in streams], np.uint64),
        read=_ints([-1 if s.read is None else book.factor(s.read, EVENING) for s in streams]),
        lifts_place=_ints([place for place, _ in lifts]),
        lifts_rung=_ints([rung for _, rung in lifts]),
        watched=_ints(watched(world)),
        link_start=_entered(book, EVENING, [_plain(stream.links) for stream in streams]),
    )


def lines(usual: float) -> list[float]:
    """Two tangents of log1p, (height at 0, slope) each: at what the prior rate sustains, and at eight times as much."""
    out = []
    for times in (1.0, 8.0):
        at = times * np.exp(usual)
        out += [np.log(at) - (at - 1.0) / at + 1e-9, 1.0 / at + 1e-12]
    return out


def _pressures(world: World, book: Book) -> Pressures:
    pressures = world.pressures
    fed = [[(s, p.weights[s]) for s in np.flatnonzero(p.weights)] for p in pressures]
    relieved = [[(s, p.relief[s]) for s in np.flatnonzero(p.relief)] for p in pressures]
    shown = [[(book.factor(factor, EVENING), weight) for factor, weight in p.feeds] for p in pressures]
    series = [[] if p.series is None else p.series.tolist() for p in pressures]
    return Pressures(
        kind=_ints([p.kind for p in pressures]),
        floor=_floats([p.floor for p in pressures]),
        scale=_floats([p.scale for p in pressures]),
        decay=_by_draw([p.decay for p in pressures], world.draws),
        gain=_by_draw([p.gain for p in pressures], world.draws),
        fed_start=starts(fed),
        fed_stream=_ints([s for s, _ in _flat(fed)]),
        fed_weight=_floats([weight for _, weight in _flat(fed)]),
        relieved_start=starts(relieved),
        relieved_stream=_ints([s for s, _ in _flat(relieved)]),
        relieved_share=_floats([share for _, share in _flat(relieved)]),
        relieved_log=_floats([log(1.0 - share) if share < 1.0 else 0.0 for _, share in _flat(relieved)]),
        shown_start=starts(shown),
        shown_factor=_ints([factor for factor, _ in _flat(shown)]),
        shown_weight=_floats([weight for _, weight in _flat(shown)]),
        series_start=starts(series),
        series=_floats(_flat(series)),
        link_start=_entered(book, EVENING, [_plain(p.links) for p in pressures]),
    )


def _commitments(world: World, book: Book) -> Commitments:
    owed = world.commitments
    return Commitments(
        trigger=_ints([book.trigger(c.trigger) for c in owed]),
        lasts=_floats([c.lasts for c in owed]),
        requested=_ints([c.requested for c in owed]),
        binds=_by_draw([c.binds for c in owed], world.draws),
    )


def _own(values: Any, kind: type[Any]) -> Any:
    """A copy of our own: one that may be written to, and in order, is of the type that `step` was compiled for."""
    return np.array(values, kind, order="C")


def _start(world: World) -> Start:
    weight, usual, doubt = world.standing
    decays = [*world.death_decays, *world.violence_decays]
    still = [1.0] * (world.start_memories.shape[2] - len(decays))
    return Start(
        rungs=_own(world.start_rungs, np.int64),
        memories=_own(world.start_memories, np.float64).reshape(world.draws, -1),
        pressures=_own(world.start_pressures, np.float64),
        streams=_own(world.start_streams, np.float64),
        since=_own(world.start_since, np.float64),
        triggers=_own(world.start_triggers, np.float64),
        memory_decays=_floats([*decays, *still]),
        dead_memories=len(world.death_decays),
        longest=len(decays) - 1,
        death_scale=float(world.death_scale),
        long_run=_floats([weight, usual * doubt, weight + doubt, log(usual / (1.0 - usual))]),
    )


def _days(world: World, days: int, links: Sequence[tuple[Link, int, int]]) -> Days:
    groups = _groups(links)
    scale, pressed = np.ones((days, len(world.streams))), np.ones((days, len(world.pressures)))
    edited = np.ones((days, len(groups)))
    hold: list[list[Any]] = [[] for _ in range(days)]
    bind: list[list[Any]] = [[] for _ in range(days)]
    add: list[list[Any]] = [[] for _ in range(days)]
    for lever in world.levers:
        for t in range(days):
            add[t] += [(stream, count) for stream, count, every in lever.inject if due(lever, t, every)]
            if (share := lever.share(t)) == 0.0:
                continue
            hold[t] += [(index, level, share) for index, level in lever.hold]
            bind[t] += [(index, level, share) for index, level in lever.bind]
            _multiply(lever, share, scale[t], pressed[t], edited[t], groups)
    return Days(
        scale,
        pressed,
        edited,
        *_held(hold),
        *_held(bind),
        starts(add),
        _ints([stream for stream, _ in _flat(add)]),
        _floats([count for _, count in _flat(add)]),
    )


def _multiply(
    lever: Lever, share: float, scale: Floats, pressed: Floats, edited: Floats, groups: dict[int, int]
) -> None:
    """Multiply a day's factors by those of a lever."""
    for index, factor in lever.scale:
        scale[index] *= partly(1.0, factor, share)
    for index, factor in lever.press:
        pressed[index] *= partly(1.0, factor, share)
    for group, factor in lever.links:
        if group in groups:
            edited[groups[group]] *= partly(1.0, factor, share)


def _held(parts: list[list[Any]]) -> tuple[Ints, Ints, Floats, Floats]:
    flat = _flat(parts)
    columns = ([item[k] for item in flat] for k in range(3))
    return starts(parts), _ints(next(columns)), _floats(next(columns)), _floats(next(columns))

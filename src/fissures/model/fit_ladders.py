"""The ladders' part of the fit: every front's moves and the claims on them, on each completion of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import ladder as law
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.blocks import Part
from fissures.model.causes import VARIES, cause_path, usual_causes
from fissures.model.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRESENT = 0.1  # surges from which a cause counts as present
ENOUGH = 30.0  # days of a cause's presence below which nothing is said of separation
HALF_LIFE_OF_EVIDENCE = 5 * 365.25  # days: a day five years back counts half


def ladder_parts(
    case: Case, plan: Plan, panel: Panel, history: past.History, names: Sequence[str], ladder: int, completion: int
) -> list[Part]:
    """The likelihood of one ladder's moves on a completion, by the rung they start from, over a block's `names`."""
    return [
        Part(rows.columns, law, {"design": rows.design, "reached": rows.reached, "weights": rows.weights})
        for rows in ladder_rows(case, plan, panel, history, list(names), ladder, completion)
    ]


def claims_on(plan: Plan, ladder: int) -> list[str]:
    """Coefficients of claims and breaks that act on a ladder's places, each once."""
    return list(dict.fromkeys(t.name for t in plan.terms_on("ladder") if plan.ladder_of[t.target] == ladder))


@dataclass(frozen=True)
class Rows:
    """Moves from one rung as rows of the multinomial logit: design (n, R, k) over the block's `columns` (k,), rung
    reached (n,), weights (n,)."""

    columns: Ints
    design: Floats
    reached: Ints
    weights: Floats


def ladder_rows(
    case: Case, plan: Plan, panel: Panel, history: past.History, names: list[str], ladder: int, completion: int
) -> list[Rows]:
    """Observed moves of a ladder's fronts and its pseudo-days, by the rung they start from.

    A row touches only its own rung's coefficients, the memories', and those of claims that speak of its moves; so the
    rungs are kept apart, each with the few columns it needs.
    """
    fronts = [f for f, which in enumerate(plan.ladder_of) if which == ladder]
    rungs = history.rungs[completion][fronts]
    start, reached = rungs[:, :-1].ravel(), rungs[:, 1:].ravel()
    memories = past.felt(history.memories[completion][fronts][:, 1:]).reshape(-1, plan.memories)
    age = np.tile(np.arange(panel.days - 1)[::-1], len(fronts))
    extra = _pseudo_rows(case, plan, ladder, start, memories)
    claims = _claims(plan, history, names, fronts, completion)
    none = np.zeros(extra[0].size)
    whole = _Moves(
        np.concatenate([start, extra[0]]),
        np.concatenate([reached, extra[1]]),
        np.concatenate([2.0 ** (-age / HALF_LIFE_OF_EVIDENCE), extra[3]]),
        np.concatenate([memories, extra[2]]),
        [_Push(push.name, np.concatenate([push.phi, none]), push.moves) for push in claims],
    )
    at = {name: k for k, name in enumerate(names)}
    return [_from_rung(plan, ladder, whole, r, at) for r in np.unique(whole.start)]


@dataclass(frozen=True)
class _Push:
    """What one claim adds: its coefficient, signed phi of each row, the moves it touches."""

    name: str
    phi: Floats
    moves: Floats


@dataclass(frozen=True)
class _Moves:
    start: Ints
    reached: Ints
    weights: Floats
    memories: Floats
    claims: list[_Push]


def _claims(plan: Plan, history: past.History, names: list[str], places: list[int], completion: int) -> list[_Push]:
    """For each claim on these places: its signed, centred phi on every row, and the moves it touches."""
    usual, days = usual_causes(plan, history), history.rungs.shape[2] - 1
    out: dict[str, _Push] = {}
    for term in plan.terms_on("ladder"):
        if term.name not in names or term.target not in places or term.moves is None:
            continue
        push = out.setdefault(term.origin, _Push(term.name, np.zeros(days * len(places)), term.moves))
        first = places.index(term.target) * days
        cause = cause_path(plan, history, term, completion)
        push.phi[first : first + days] = term.sign * (cause - usual.get(term.key, 0.0))
    return list(out.values())


def _from_rung(plan: Plan, ladder: int, moves: _Moves, rung: int, at: dict[str, int]) -> Rows:
    """The rows that start from one rung, with the columns that they touch."""
    mine, count = moves.start == rung, len(plan.ladders[ladder].rungs)
    shape, name = law.basis(count), plan.ladders[ladder].name
    row = np.concatenate([shape, np.eye(count)]).T  # (R, 3 + R)
    first = at[f"{name}:{plan.ladders[ladder].rungs[rung]}:b0"]
    columns = [first + np.arange(row.shape[1]), at[f"{name}:memory0:b0"] + np.arange(law.BASIS * plan.memories)]
    pull = moves.memories[mine][:, None, :, None] * shape.T[None, :, None, :]  # (n, R, Q, 3)
    blocks = [np.broadcast_to(row, (mine.sum(), *row.shape)), pull.reshape(mine.sum(), count, -1)]
    added: dict[str, Floats] = {}
    for push in moves.claims:
        if push.moves[rung].any():
            more = push.phi[mine][:, None] * push.moves[rung]
            added[push.name] = added[push.name] + more if push.name in added else more
    for claim, values in added.items():
        columns.append(np.array([at[claim]]))
        blocks.append(values[:, :, None])
    design = np.concatenate(blocks, axis=2)
    return Rows(np.concatenate(columns), design, moves.reached[mine], moves.weights[mine])


def _pseudo_rows(
    case: Case, plan: Plan, ladder: int, start: NDArray[np.int64], memories: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Pseudo-days as rows: start, reached, memories typical of the rung (or of the highest seen), weights."""
    days = belief.pseudo_days(case, plan.ladders[ladder].name)
    begin, end = np.nonzero(days)
    seen = [r for r in range(len(days)) if np.any(start == r)]
    typical = np.zeros((begin.size, memories.shape[1]))
    for row, rung in enumerate(begin):
        likest = max((r for r in seen if r <= rung), default=seen[0])
        typical[row] = memories[start == likest].mean(axis=0)
    return begin, end, typical, days[begin, end]


def separated(plan: Plan, history: past.History, name: str) -> bool:
    """Whether the moves that a claim speaks of never happened while its cause was present, or never without it.

    The record alone would then push its coefficient without end; the prior holds it (Albert & Anderson 1984). Nothing
    is said where there was no such move, or the cause was present on fewer days than ENOUGH.
    """
    days, present, every = 0.0, 0.0, 0.0
    for term in plan.terms_on("ladder"):
        if term.name != name or term.moves is None:
            continue
        for completion in range(past.COMPLETIONS):
            here = cause_path(plan, history, term, completion) > PRESENT
            rungs = history.rungs[completion, term.target]
            could = (term.moves[rungs[:-1]] != 0).any(axis=1)
            did = term.moves[rungs[:-1], rungs[1:]] != 0
            days += float(np.sum(here & could))
            present, every = present + float(np.sum(did & here)), every + float(np.sum(did))
    days, present, every = (total / past.COMPLETIONS for total in (days, present, every))
    return every >= 1.0 and days >= ENOUGH and (present < 0.5 or every - present < 0.5)


def informed(plan: Plan, history: past.History, name: str) -> tuple[int, bool]:
    """How many moves that a claim speaks of happened while its cause was present, and whether its cause varied."""
    moves, lowest, highest = 0.0, np.inf, -np.inf
    for term in plan.terms_on("ladder"):
        if term.name != name or term.moves is None:
            continue
        for completion in range(past.COMPLETIONS):
            x = cause_path(plan, history, term, completion)
            rungs = history.rungs[completion, term.target]
            moves += float(np.sum((term.moves[rungs[:-1], rungs[1:]] != 0) & (x > PRESENT)))
            lowest, highest = min(lowest, float(x.min())), max(highest, float(x.max()))
    return round(moves / past.COMPLETIONS), highest - lowest > VARIES

"""Causes of L lanes: factors and their products, as in `kernel/factors.py`. Each is worked out once where due."""

from __future__ import annotations

import numpy as np

from fissures.kernel import world
from fissures.kernel.compiled.arith import inline, log1p_count
from fissures.kernel.compiled.packed import ABOVE, BELOW, Causes, Floats, State
from fissures.kernel.factors import MOST_SURGES
from fissures.kernel.world import (
    ADVANCE,
    DEAD,
    DEATHS,
    IN_FORCE,
    JUST,
    MEANS,
    PRESSURE,
    REACHES,
    RUNG,
    STANDING,
    WITHIN,
)


@inline
def _stands(c: Causes, i: int, s: State, out: Floats) -> None:
    """Whether any place stands on a rung, or has just come to it."""
    kind = c.kind[i]
    for m in range(out.shape[1]):
        out[i, m] = 0.0
    for k in range(c.place_start[i], c.place_start[i + 1]):
        f, rung = c.place[k], c.code[k]
        for m in range(out.shape[1]):
            now = s.rungs[f, m]
            if kind == JUST:
                so = now == rung
            elif kind == RUNG:
                so = now >= rung
            else:
                so = now >= rung and s.before[f, m] < rung
            out[i, m] = 1.0 if so else out[i, m]


@inline
def _marked(c: Causes, i: int, s: State, out: Floats) -> None:
    """Whether any front's day carries a mark."""
    kind, level = c.kind[i], c.level[i]
    for m in range(out.shape[1]):
        out[i, m] = 0.0
    for k in range(c.place_start[i], c.place_start[i + 1]):
        f, code = c.place[k], c.code[k]
        for m in range(out.shape[1]):
            if kind == MEANS:
                so = s.means[f, m] & code > 0
            elif kind == ADVANCE:
                so = s.advances[f, m] == code if code != 0 else s.advances[f, m] != 0
            else:
                so = (code >> s.by[f, m]) & 1 > 0 and s.rungs[f, m] >= level
            out[i, m] = 1.0 if so else out[i, m]


@inline
def _dead(c: Causes, i: int, s: State, out: Floats) -> None:
    """log1p of the dead, all of them or those of a side, summed over fronts."""
    kind = c.kind[i]
    for m in range(out.shape[1]):
        total = 0.0
        for k in range(c.place_start[i], c.place_start[i + 1]):
            f = c.place[k]
            if kind == DEATHS:
                total += s.deaths[f, m]
            else:
                total += s.first[f, m] if c.code[k] == 0 else s.deaths[f, m] - s.first[f, m]
        out[i, m] = log1p_count(total)


@inline
def _level(c: Causes, i: int, s: State, out: Floats) -> None:
    """What one pressure, stream or commitment comes to, or a constant."""
    kind, level, scale = c.kind[i], c.level[i], c.scale[i]
    k = c.place[c.place_start[i]]
    if kind == PRESSURE:
        for m in range(out.shape[1]):
            out[i, m] = s.pressures[k, m] / scale
    elif kind == WITHIN:
        for m in range(out.shape[1]):
            out[i, m] = 1.0 if s.since[k, m] < level else 0.0
    elif kind == STANDING:
        for m in range(out.shape[1]):
            out[i, m] = s.binding[k, m] * level
    elif kind == IN_FORCE:
        for m in range(out.shape[1]):
            out[i, m] = s.in_force[k, m]
    else:
        for m in range(out.shape[1]):
            out[i, m] = level


@inline
def read(c: Causes, i: int, s: State, out: Floats) -> None:
    """`factors.value` of factor i, into row i of `out`."""
    kind = c.kind[i]
    if kind in (RUNG, JUST, REACHES):
        _stands(c, i, s, out)
    elif kind in (world.MOVED, MEANS, ADVANCE):
        _marked(c, i, s, out)
    elif kind in (DEAD, DEATHS):
        _dead(c, i, s, out)
    else:
        _level(c, i, s, out)
    if c.switch[i] == ABOVE:
        for m in range(out.shape[1]):
            out[i, m] = 1.0 if out[i, m] > c.bar[i] else 0.0
    elif c.switch[i] == BELOW:
        for m in range(out.shape[1]):
            out[i, m] = 1.0 if out[i, m] < c.bar[i] else 0.0


@inline
def _multiply(c: Causes, p: int, factor: Floats, out: Floats) -> None:
    """`factors.product` of product p, into row p of `out`."""
    begin, end = c.product_start[p], c.product_start[p + 1]
    first, root = c.product_factor[begin], c.root[p]
    for m in range(out.shape[1]):
        out[p, m] = factor[first, m]
    for k in range(begin + 1, end):
        i = c.product_factor[k]
        for m in range(out.shape[1]):
            out[p, m] = out[p, m] * factor[i, m]
    if root:
        for m in range(out.shape[1]):
            out[p, m] = np.sqrt(out[p, m])
    for m in range(out.shape[1]):
        out[p, m] = MOST_SURGES if out[p, m] > MOST_SURGES else out[p, m]


@inline
def read_due(c: Causes, when: int, s: State, factor: Floats, product: Floats) -> None:
    """Work out every factor and product that a part of the day asks for."""
    for k in range(c.factors_start[when], c.factors_start[when + 1]):
        read(c, c.factors_due[k], s, factor)
    for k in range(c.products_start[when], c.products_start[when + 1]):
        _multiply(c, c.products_due[k], factor, product)


@inline
def pushed(coefficient: float, cause: float, usual: float, edit: float) -> float:
    """`paths.State.push` of one lane; `edit` is 1 where no lever edits the coefficient."""
    return coefficient * (cause - usual) * edit

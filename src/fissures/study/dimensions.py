"""What tells one future from another before anything is decided: one number for each path, in words a reader knows.

Coefficients and starts belong to a path's draw; early events happened on the path itself. What a question asks about
is never among them, nor what is read from a front.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case
from fissures.model.causes import DRAWS
from fissures.model.simulate import Run
from fissures.study.asking import Asked
from fissures.study.inputs import BREAK, CLAIM, HALF_LIFE, STREAM, Node, inputs, ladder_odds, memory_push, reach

Floats = NDArray[np.float64]

START, EARLY, MOVES = "start", "early", "moves"
UP, DOWN = "climbed", "come down"
WINDOW = 28  # days in which early events count, or a quarter of the question's time where that is shorter
UNITS = {HALF_LIFE: "times the stated half-life", START: "surges", MOVES: "log odds", STREAM: "log a day"}


@dataclass(frozen=True)
class Dimension:
    """One number by path (M,): its code, what it is in words, its kind and its unit ("" for a coefficient)."""

    code: str
    label: str
    kind: str
    unit: str
    values: Floats


def window(run: Run, one: Asked) -> int:
    """Days in which early events count."""
    return max(1, min(WINDOW, (run.plan.day(one.question.by) + 1) // 4))


def dimensions(case: Case, run: Run, one: Asked) -> tuple[Dimension, ...]:
    """Every dimension along which paths differ and from which something leads to the question in the model."""
    near = reach(case, run.plan, one.question)
    of = np.arange(run.paths) % DRAWS
    found = [*_coefficients(case, run, one, of), *_moves(run, near, of), *_starts(case, run, near, of)]
    found += _early(case, run, one, near)
    return tuple(one_of for one_of in found if np.ptp(one_of.values) > 0)


def _coefficients(case: Case, run: Run, one: Asked, of: NDArray[np.int64]) -> Iterator[Dimension]:
    """Claims, half-lives, and how often each stream happens by itself."""
    for each in inputs(case, run, one.question):
        if each.kind in (CLAIM, BREAK, HALF_LIFE, STREAM):
            yield Dimension(each.code, each.label, each.kind, UNITS.get(each.kind, ""), each.columns[of, 0])


def _moves(run: Run, near: frozenset[Node], of: NDArray[np.int64]) -> Iterator[Dimension]:
    """What each ladder remembers at the start, and how readily each rung is left, upwards and downwards."""
    for n, ladder in enumerate(run.plan.ladders):
        if not any(("place", f) in near for f, on in enumerate(run.plan.ladder_of) if on == n):
            continue
        push = memory_push(run.plan, run.fit, n)[of]
        told = f"how much what it remembers pushes the {ladder.name} ladder towards {ladder.rungs[ladder.active]}"
        yield Dimension(f"{ladder.name} memory".replace("_", " "), told.replace("_", " "), MOVES, UNITS[MOVES], push)
        odds, top, column = ladder_odds(run.plan, run.fit, n), len(ladder.rungs) - 1, 0
        for r, rung in enumerate(ladder.rungs):
            for way in (UP,) * (r < top) + (DOWN,) * (r > 0):
                told = f"how readily the {ladder.name} ladder is {way} from {rung}".replace("_", " ")
                code = f"{ladder.name} {way} from {rung}".replace("_", " ")
                yield Dimension(code, told, MOVES, UNITS[MOVES], odds[of, column])
                column += 1


def _starts(case: Case, run: Run, near: frozenset[Node], of: NDArray[np.int64]) -> Iterator[Dimension]:
    """Where each pressure stands at the as-of date, in surges."""
    for p, pressure in enumerate(run.plan.pressures):
        if ("pressure", p) in near:
            name, _, front = pressure.name.partition("@")
            shown = case.pressures[name].name + (f" ({case.fronts[front].name})" if front else "")
            level = run.fit.start.pressures[of, p] / pressure.scale
            yield Dimension(f"{pressure.name} start", f"at the start: {shown}", START, UNITS[START], level)


def _early(case: Case, run: Run, one: Asked, near: frozenset[Node]) -> Iterator[Dimension]:
    """Events of the first days, by stream, but for those that the question is about or that are read from a front."""
    days = window(run, one)
    asked = {name for text in (one.question.asks, one.question.void_when) if text for name in _streams(text, case)}
    for s, stream in enumerate(run.plan.streams):
        if ("stream", s) in near and stream.read is None and stream.name not in asked:
            counts = run.counts[s, :days].sum(axis=0, dtype=np.int64).astype(np.float64)
            told = f"in the first {days} days: {case.streams[stream.name].name}"
            yield Dimension(f"{stream.name} early", told, EARLY, "events", counts)


def _streams(text: str, case: Case) -> tuple[str, ...]:
    return tuple(grammar.asks(text, case).streams)

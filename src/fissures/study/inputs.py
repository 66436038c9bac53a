"""The inputs of an answer, grouped so that a person can read them: claims, half-lives, what places and streams do by
themselves, deaths, and how the gaps of the record were filled. Inputs that cannot reach a question are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Question
from fissures.kernel import world
from fissures.kernel.ladder import BASIS, basis
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.kernel.world import Factor
from fissures.model.causes import DRAWS
from fissures.model.fit import Fit
from fissures.model.half_lives import name_of
from fissures.model.history import COMPLETIONS
from fissures.model.plan import Plan, coefficient
from fissures.model.simulate import Run

Floats = NDArray[np.float64]
Node = tuple[str, int]  # ("place" | "stream" | "pressure" | "commitment", its number in the plan)

CLAIM, BREAK, HALF_LIFE, MOVES, MEMORY, STREAM, DEATHS, MARKS, COMMITMENT, GAPS = (
    "claim", "break", "half-life", "moves", "memory", "stream", "deaths", "marks", "commitment", "gaps",
)  # fmt: skip
STREAM_PARTS = ("rate", "own_memory", "rung", "log_size")
DEATH_PARTS = ("log_deaths", "zero", "shape")
MOST_SAID = 90  # characters of a claim's paraphrase


@dataclass(frozen=True)
class Input:
    """One input: `code` as tables name it, `label` in words, its kind, its columns by draw (D, k), and the names of
    the coefficients behind them (one, for a claim, a break and a half-life)."""

    code: str
    label: str
    kind: str
    columns: Floats
    coefficients: tuple[str, ...]


def inputs(case: Case, run: Run, question: Question | None = None) -> tuple[Input, ...]:
    """Every input whose draws differ and from which, in the model, something leads to the question (None: all)."""
    plan, fit = run.plan, run.fit
    near = None if question is None else reach(case, plan, question)
    found = [
        *_claims(case, plan, fit, near),
        *_half_lives(case, plan, fit, near),
        *_ladders(plan, fit, near),
        *_streams(case, plan, fit, near),
        *_commitments(case, plan, fit, near),
        Input("record", "how the gaps in the record were filled, and so the start", GAPS, _completions(fit.seed), ()),
    ]
    return tuple(one for one in found if np.any(np.ptp(one.columns, axis=0) > 0))


# --- what leads to what -----------------------------------------------------------------------------------------------


def reach(case: Case, plan: Plan, question: Question) -> frozenset[Node]:
    """The places, streams, pressures and commitments from which something leads to a question, through any chain."""
    feeds = _feeds(plan)
    open_, done = _asked(case, plan, question), set[Node]()
    while open_:
        node = open_.pop()
        if node not in done:
            done.add(node)
            open_ |= feeds.get(node, set()) - done
    return frozenset(done)


def _asked(case: Case, plan: Plan, question: Question) -> set[Node]:
    streams, out = [stream.name for stream in plan.streams], set[Node]()
    for text in (question.asks, question.void_when):
        if text:
            ask = grammar.asks(text, case)
            out |= {("place", plan.places.index(name)) for name in ask.fronts}
            out |= {("stream", streams.index(name)) for name in ask.streams}
    return out


def _feeds(plan: Plan) -> dict[Node, set[Node]]:
    """What each node takes in directly."""
    out: dict[Node, set[Node]] = {}
    for term in plan.terms:
        node: Node = (term.on if term.on in ("stream", "pressure") else "place", term.target)
        out.setdefault(node, set()).update(*(_read(f) for f in term.factors))
    for s, stream in enumerate(plan.streams):
        into = out.setdefault(("stream", s), set())
        into |= {("place", f) for f in range(len(plan.fronts))} if stream.read is None else _read(stream.read)
        into.update(*(_read(factor) for _, factor, _, _ in stream.obliged))
    for p, pressure in enumerate(plan.pressures):
        into = out.setdefault(("pressure", p), set())
        into |= {("stream", int(s)) for s in np.flatnonzero((pressure.weights != 0) | (pressure.relief != 0))}
        into.update(*(_read(factor) for factor, _ in pressure.feeds))
    for k, owed in enumerate(plan.commitments):
        asked: set[Node] = {("stream", owed.requested)} if owed.requested >= 0 else set()
        out[("commitment", k)] = _read(owed.trigger) | asked
    return out


def _read(factor: Factor) -> set[Node]:
    kinds = {world.PRESSURE: "pressure", world.WITHIN: "stream", world.STANDING: "commitment"}
    kind = kinds.get(factor.kind, "commitment" if factor.kind == world.IN_FORCE else "place")
    return {(kind, place) for place in factor.places} if factor.kind != world.BREAK else set()


# --- the inputs, by kind ----------------------------------------------------------------------------------------------


def _claims(case: Case, plan: Plan, fit: Fit, near: frozenset[Node] | None) -> Iterator[Input]:
    """One input for each coefficient of the argument, under the code of the claim, or the break, that owns it."""
    acting = {
        term.name
        for term in plan.terms
        if near is None or (term.on if term.on in ("stream", "pressure") else "place", term.target) in near
    }
    owners: dict[str, str] = {}
    for name, claim in case.claims.items():
        if claim.kind == "coupling":
            owners.setdefault(coefficient(case, name), name)
    for key in fit.priors:
        if key in acting and key in fit.draws:
            if key.startswith("break:"):
                record = case.breaks[key.removeprefix("break:")]
                yield Input(
                    key.replace(":", " "),
                    _short(f"from {record.date}: {record.says}"),
                    BREAK,
                    _column(fit, key),
                    (key,),
                )
            elif key in owners:
                claim = case.claims[owners[key]]
                yield Input(claim.code, _short(claim.paraphrase), CLAIM, _column(fit, key), (key,))


def _short(text: str) -> str:
    line = " ".join(text.split()).removesuffix(".")
    return line if len(line) <= MOST_SAID else line[: MOST_SAID - 1].rstrip(" ,;:") + "…"


def _column(fit: Fit, *names: str) -> Floats:
    return np.stack([fit.draws[name] for name in names if name in fit.draws], axis=1)


def _half_lives(case: Case, plan: Plan, fit: Fit, near: frozenset[Node] | None) -> Iterator[Input]:
    done = set()
    for p, pressure in enumerate(plan.pressures):
        key = name_of(pressure.record)
        if key in fit.draws and key not in done and (near is None or ("pressure", p) in near):
            done.add(key)
            told = f"how long it lasts: {case.pressures[pressure.record].name}"
            yield Input(f"{pressure.record} half-life", _short(told), HALF_LIFE, _column(fit, key), (key,))


def _ladders(plan: Plan, fit: Fit, near: frozenset[Node] | None) -> Iterator[Input]:
    """What the places on a ladder do by themselves: how they move, what they remember, deaths and marks."""
    for n, ladder in enumerate(plan.ladders):
        places = [f for f, on in enumerate(plan.ladder_of) if on == n and (near is None or ("place", f) in near)]
        if not places:
            continue
        name, shown = ladder.name, ladder.name.replace("_", " ")
        mine = [key for key in fit.draws if key.startswith(f"{name}:")]
        moves = [k for k in mine if ":to_" in k or (":b" in k and ":memory" not in k)]
        memory = [k for k in mine if k.startswith(f"{name}:memory")]
        said = f"how readily the {shown} ladder is climbed and left, rung by rung"
        yield Input(f"{shown} moves", said, MOVES, ladder_odds(plan, fit, n), tuple(moves))
        told = f"what the {shown} ladder remembers of earlier violence"
        yield Input(f"{shown} memory", told, MEMORY, _column(fit, *memory), tuple(memory))
        deaths = [f"{name}:{rung}:{part}" for rung in ladder.rungs for part in DEATH_PARTS]
        if deaths := [key for key in deaths if key in fit.draws]:
            yield Input(
                f"{shown} deaths", f"how many a day kills, {shown} ladder", DEATHS, _column(fit, *deaths), tuple(deaths)
            )
        if marks := [key for key in mine if ":means_" in key]:
            yield Input(f"{shown} means", "which weapons are used", MARKS, _means(plan, fit, marks), tuple(marks))
    if sides := [f"{place}:first_share" for place in plan.fronts if f"{place}:first_share" in fit.draws]:
        yield Input("dead by side", "how the dead divide between the sides", MARKS, _column(fit, *sides), tuple(sides))


def ladder_odds(plan: Plan, fit: Fit, n: int) -> Floats:
    """Log odds of climbing and of falling from each rung of ladder `n`, without memory or claims; (D, at most 2 R)."""
    ladder = plan.ladders[n]
    shape, out = basis(len(ladder.rungs)), []
    for r, rung in enumerate(ladder.rungs):
        logits = np.stack([fit.draws[f"{ladder.name}:{rung}:to_{end}"] for end in ladder.rungs], axis=1)
        for b in range(BASIS):
            logits = logits + fit.draws[f"{ladder.name}:{rung}:b{b}"][:, None] * shape[b]
        weight = np.exp(logits - logits.max(axis=1, keepdims=True))
        out += [np.log(part) - np.log(weight[:, r]) for part in _sides(weight, r)]
    return np.stack(out, axis=1)


def memory_push(plan: Plan, fit: Fit, n: int) -> Floats:
    """Log odds that memories, as they stand at the start, add to the lowest active rung of ladder `n`; shape (D,)."""
    ladder, out = plan.ladders[n], np.zeros(DRAWS)
    shape = basis(len(ladder.rungs))[:, ladder.active]
    memories = fit.start.memories[:, [f for f, on in enumerate(plan.ladder_of) if on == n]].mean(axis=1)
    for q in range(memories.shape[1]):
        for b in range(BASIS):
            out += memories[:, q] * fit.draws[f"{ladder.name}:memory{q}:b{b}"] * shape[b]
    return out


def _sides(weight: Floats, r: int) -> list[Floats]:
    sides = (weight[:, r + 1 :], weight[:, :r])
    return [side.sum(axis=1) for side in sides if side.shape[1]]


def _means(plan: Plan, fit: Fit, names: list[str]) -> Floats:
    """Log odds of each means, a mean over rungs."""
    each = {m: [fit.draws[k] for k in names if k.endswith(f":means_{m}")] for m in plan.means}
    return np.stack([np.mean(found, axis=0) for found in each.values() if found], axis=1)


def _streams(case: Case, plan: Plan, fit: Fit, near: frozenset[Node] | None) -> Iterator[Input]:
    for s, stream in enumerate(plan.streams):
        names = [key for part in STREAM_PARTS if (key := f"{stream.name}:{part}") in fit.draws]
        if names and (near is None or ("stream", s) in near):
            told = f"how often by itself: {case.streams[stream.name].name}"
            yield Input(f"{stream.name} rate", _short(told), STREAM, _column(fit, *names), tuple(names))


def _commitments(case: Case, plan: Plan, fit: Fit, near: frozenset[Node] | None) -> Iterator[Input]:
    for k, owed in enumerate(plan.commitments):
        names = [key for key in (f"{owed.name}:binds", f"commitment:{owed.name}") if key in fit.draws]
        if names and (near is None or ("commitment", k) in near):
            told = f"whether and how much it binds: {case.commitments[owed.name].name}"
            yield Input(f"{owed.name} binds", _short(told), COMMITMENT, _column(fit, *names), tuple(names))


def _completions(seed: int) -> Floats:
    """By draw, which completion of the record it stands on, as one column for all but one of them; as `fit` deals."""
    share = uniforms(name_key(seed, "completion", "draw"), 0, path_numbers(0, DRAWS))
    which = np.minimum((share * COMPLETIONS).astype(np.int64), COMPLETIONS - 1)
    return (which[:, None] == np.arange(1, COMPLETIONS)).astype(np.float64)

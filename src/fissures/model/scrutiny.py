"""What the record could say of each claim at all, and whether its cause precedes what it is said to bring about.

Three things are told of every claim's coefficient, by score tests at the mode of a base fit without claims (Rao 1948),
so that no claim needs a refit. The base is the ladder's kernel, its memories and declared breaks; of a stream its rate,
own memory, response to the rung, obligations and size.

- *Possible* is the narrowing of N(0, .4) that the information of the cause's variation allows, beside the base and
  with the base's own priors (the Schur complement of the base in the joint information), this claim alone. What is
  small here is a fact about the record, with what it leaves open. Claims together narrow one another less.
- *Confounded* is how far the cause goes with fighting: the share of its variation, each day weighed by what it tells of
  the claim and constants apart, that a straight line in the memories of violence explains (of a stream: in its own
  memory, the rung and obligations). Priors are left out here, as a memory believed to be weak goes along no less.
- The *lead test* (Sims 1972, after Granger 1969) sets the cause against the same cause shifted into the future by its
  own time scale: the longest half-life of its pressures and length of its windows, at least two weeks. A plain test is
  unfair, since the past must beat past memories and the future has no rival; so here past and future memories both
  stand in the base, the future ones being those of the record read backwards. The lead must gain as much as the
  cause, and more than chance both by itself and beyond the cause: a cause that changes slowly resembles its own lead.

Honest limits. Score tests are local: far from zero, where a likelihood is not quadratic, a refit gains more or less.
Information at high rungs comes from few days. A lead that fits is no proof that outcomes bring the cause about: both
may follow a third thing, or people may act on what they expect; and with a dozen climbs half of what follows them goes
unmarked. Leads are told only of causes that do not themselves hold the outcome: what a front's own rungs or deaths feed
is a memory of it, and its future holds the day in question. A lead against the claim's sign (mediators who come when it
burns, said to calm) sets no mark; `confounded` speaks of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Counts, Panel
from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.posterior import fit_mode
from fissures.model import fit_ladders as ladders
from fissures.model import fit_streams as streams
from fissures.model import history as past
from fissures.model import joint
from fissures.model import prior as belief
from fissures.model.blocks import Joint
from fissures.model.causes import cause_path, usual_causes
from fissures.model.leads import Ahead, left_over, read_backwards, shifted, shifts
from fissures.model.plan import DEATH_MEMORIES, VIOLENCE_MEMORIES, Plan, Term

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CONFOUNDED = 0.5  # of a claim's information: from here on the base knows more of the cause than is left to test
# Nats that a lead must gain, by itself and beyond what the cause gains: half the square of 1.28, which a standard
# normal passes one time in ten. So at most a tenth of empty claims get the mark by chance, however long the record.
LEADS = 0.82
# sd of memories' coefficients where only their course counts, not how strong a memory is believed to be.
_FREE = 1e3
_NOTHING = 0.01  # information that narrows N(0, .4) by less than a thousandth
_PRECISION = belief.VAGUE[1] ** -2.0

# What a column is: the base's constants, what the base knows of fighting, the same of the future, the cause on all
# days, the cause on days whose lead is on record, and that lead.
_CONSTANT, _MEMORY, _FUTURE, _CAUSE, _NOW, _LEAD = range(6)


@dataclass(frozen=True)
class Scrutiny:
    """What the record could say of a claim's coefficient.

    `possible`: the narrowing of N(0, .4) that was possible, in [0, 1). `confounded`: the share of its cause's
    information that the memories of fighting hold, in [0, 1]; by indication from CONFOUNDED up. `own` and `lead`: what
    the cause, and the cause shifted into the future, gain in nats over a base with past and future memories under
    N(0, .4), negative where they point against the claim; `lead` is None where nothing can be shifted. `moves_with`:
    the lead fits as well, so the claim "moves with, does not precede".
    """

    possible: float
    confounded: float
    own: float
    lead: float | None
    moves_with: bool

    @property
    def by_indication(self) -> bool:
        """Whether the claim is confounded by indication."""
        return self.confounded >= CONFOUNDED


def scrutinise(case: Case, plan: Plan, panel: Panel, history: past.History) -> dict[str, Scrutiny]:
    """Every claim's coefficient, by name, under scrutiny; one that meets no data could not be tested at all.

    Information adds up over all ladders and streams on which a coefficient acts, completion by completion.
    """
    names = tuple(belief.claim_priors(case))
    usual_causes(plan, history)
    base = replace(plan, terms=tuple(term for term in plan.terms if term.name.startswith("break:")))
    breaks = belief.break_priors(case)
    groups = joint.together(joint.units(base, panel, breaks))
    by = {name: shifts(plan, name) for name in names}
    table = _Record(case, plan, base, panel, history, read_backwards(plan, panel, history), by)
    sums = {name: np.zeros((past.COMPLETIONS, 4, 4)) for name in names}
    for block, group in zip(joint.blocks(case, base, panel, history, breaks), groups, strict=True):
        told = _of_group(table, block, group)
        for name, more in told.items():
            sums[name] += more
    return {name: judge(sums[name], by[name] is not None) for name in names}


def judge(told: Floats, shifted: bool) -> Scrutiny:
    """What scores and information say, by completion (C, 4, 4), averaged over them.

    Row 0 holds the information of the cause beside the base, beside its constants alone, and beside the base with
    memories of any strength, and its score; row 1 scores of cause and lead in the fair base, rows 2 and 3 their joint
    information there. Where completions disagree on the coefficient, the record leaves it as open (Rubin 1987).
    """
    precision = np.maximum(told[:, 0, 0], 0.0) + _PRECISION
    spread = float(np.sqrt(np.mean(1.0 / precision) + np.var(told[:, 0, 3] / precision)))
    told = told.mean(axis=0)
    alone, free = np.maximum(told[0, 1:3], 0.0).tolist()
    now, lead = told[1, :2]
    own_info, across, lead_info = told[2, 0], told[2, 1], told[3, 1]
    own, ahead = gain(now, own_info), gain(lead, lead_info)
    share = across / own_info if own_info > 1e-9 else 0.0
    beyond = gain(lead - share * now, lead_info - share * across)
    return Scrutiny(
        possible=max(1.0 - spread / belief.VAGUE[1], 0.0),
        confounded=1.0 - min(free / alone, 1.0) if alone > _NOTHING else 0.0,
        own=own,
        lead=ahead if shifted else None,
        moves_with=shifted and ahead >= own and min(ahead, beyond) > LEADS,
    )


def gain(score: float, information: float) -> float:
    """What a coefficient gains over zero in nats, where the log posterior under N(0, .4) is quadratic; with the score's
    sign. Half the squared score over the posterior's precision (Rao 1948).

    >>> gain(-5.0, 6.25), gain(0.0, 3.0)
    (-1.0, 0.0)
    """
    return float(np.sign(score) * 0.5 * score**2 / (max(information, 0.0) + _PRECISION))


# The likelihood with its tested columns


@dataclass(frozen=True)
class _Record:
    """Everything that columns are made of; `shifts` by claim and term."""

    case: Case
    plan: Plan
    base: Plan
    panel: Panel
    history: past.History
    ahead: Ahead
    shifts: Mapping[str, dict[str, int] | None]

    def three(self, term: Term, path: Floats) -> Floats:
        """A term's signed, centred cause, the same where its lead is known, and that lead; (3, T)."""
        path = term.sign * (path - usual_causes(self.plan, self.history).get(term.key, 0.0))
        days = self.shifts[term.name]
        lead = shifted(path, days[term.key]) if days is not None else np.stack([path, np.zeros_like(path)])
        return np.concatenate([path[None], lead])


@dataclass(frozen=True)
class _Piece:
    """One likelihood: its law, what it takes beside a design, the design (..., k) and its columns among all; a size
    that follows the design is the last of `columns`. Of a ladder also its observed days' memories (n, Q), and claims on
    them: name, cause (n,), what it adds to each destination."""

    law: Callable[..., tuple[float, Floats, Floats]]
    given: dict[str, NDArray[Any]]
    columns: Ints
    design: Floats
    memories: Floats | None = None
    pushes: tuple[tuple[str, Floats, Floats], ...] = ()

    def kept(self, allowed: Bools) -> _Piece:
        """The piece with some columns alone."""
        mine = allowed[self.columns]
        design = np.ascontiguousarray(self.design[..., mine[: self.design.shape[-1]]])
        return replace(self, columns=self.columns[mine], design=design)


def _curve(pieces: Sequence[_Piece], theta: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, gradient and negative Hessian over all columns."""
    value, slope, bend = 0.0, np.zeros(theta.size), np.zeros((theta.size, theta.size))
    for piece in pieces:
        own = piece.law(theta[piece.columns], design=piece.design, **piece.given)
        value += own[0]
        slope[piece.columns] += own[1]
        bend[np.ix_(piece.columns, piece.columns)] += own[2]
    return value, slope, bend


@dataclass(frozen=True)
class _Layout:
    """Columns of a group: names, what each is, prior mean and sd."""

    names: tuple[str, ...]
    kinds: Ints
    mean: Floats
    sd: Floats

    def at(self, name: str) -> int:
        return self.names.index(name)

    def among(self, *kinds: int) -> Bools:
        return np.isin(self.kinds, kinds)


def _layout(table: _Record, block: Joint, group: Sequence[joint.Unit], claims: Sequence[str]) -> _Layout:
    future: list[tuple[str, float, float]] = []
    fighting: set[str] = set()
    for unit in group:
        if unit.kind == "ladder":
            ends = [f"memory{q}:b{b}" for q in range(_memories()) for b in range(law.BASIS)]
            name = table.plan.ladders[unit.number].name
            fighting |= {f"{name}:{end}" for end in ends}
            future += [(f"{name}:future {end}", 0.0, belief.MEMORY_SD) for end in ends]
        else:
            stream = table.plan.streams[unit.number]
            fighting |= {f"{stream.name}:{what}" for what in ("own_memory", "rung")} | {o[0] for o in stream.obliged}
            future.append((f"{stream.name}:future own_memory", *belief.OWN_MEMORY))
    tested = [f"{kind} {name}" for kind in (_CAUSE, _NOW, _LEAD) for name in claims]
    kinds = [_MEMORY if name in fighting else _CONSTANT for name in block.names] + [_FUTURE] * len(future)
    kinds += [kind for kind in (_CAUSE, _NOW, _LEAD) for _ in claims]
    vague = np.full(len(tested), belief.VAGUE[1])
    return _Layout(
        (*block.names, *(name for name, _, _ in future), *tested),
        np.array(kinds),
        np.concatenate([block.mean, [mean for _, mean, _ in future], np.zeros(len(tested))]),
        np.concatenate([block.sd, [sd for _, _, sd in future], vague]),
    )


def _memories() -> int:
    return len(DEATH_MEMORIES) + len(VIOLENCE_MEMORIES)


def _on_ladder(table: _Record, layout: _Layout, ladder: int, completion: int) -> Iterator[_Piece]:
    """A ladder's moves on one completion, by the rung they start from."""
    plan, history = table.plan, table.history
    places = [f for f, which in enumerate(plan.ladder_of) if which == ladder]
    start, days = history.rungs[completion][places][:, :-1].ravel(), history.rungs.shape[2] - 1
    future = table.ahead.ladders[completion][places][:, 1:].reshape(start.size, -1)
    memories = past.felt(history.memories[completion][places][:, 1:]).reshape(start.size, -1)[:, : _memories()]
    shape, name = law.basis(len(plan.ladders[ladder].rungs)), plan.ladders[ladder].name
    first = layout.at(f"{name}:future memory0:b0")
    pushes: dict[str, tuple[str, Floats, Floats]] = {}
    for term in plan.terms_on("ladder"):
        if term.target in places and term.name in table.shifts and term.moves is not None:
            _, phi, _ = pushes.setdefault(term.origin, (term.name, np.zeros((3, start.size)), term.moves))
            begin = places.index(term.target) * days
            phi[:, begin : begin + days] = table.three(term, cause_path(plan, history, term, completion))
    rows = ladders.ladder_rows(table.case, table.base, table.panel, history, list(layout.names), ladder, completion)
    rungs = np.unique(np.concatenate([start, np.flatnonzero(_pseudo(table, ladder))]))
    for rung, row in zip(rungs.tolist(), rows, strict=True):
        mine = np.flatnonzero(start == rung)
        more = np.zeros((len(row.reached), *shape.T.shape, future.shape[1]))
        more[: mine.size] = shape.T[None, :, :, None] * future[mine][:, None, None, :]
        blocks = [row.design, more.transpose(0, 1, 3, 2).reshape(*row.design.shape[:2], -1)]
        columns = [row.columns, first + np.arange(blocks[1].shape[2])]
        tested: dict[str, Floats] = {}
        for claim, phi, moves in pushes.values():
            if moves[rung].any():
                design = tested.setdefault(claim, np.zeros((*row.design.shape[:2], 3)))
                design[: mine.size] += phi[:, mine].T[:, None, :] * moves[rung][None, :, None]
        blocks += list(tested.values())
        columns += [np.array([layout.at(f"{k} {claim}") for k in (_CAUSE, _NOW, _LEAD)]) for claim in tested]
        given = {"reached": row.reached, "weights": row.weights}
        yield _Piece(
            law.log_likelihood,
            given,
            np.concatenate(columns),
            np.concatenate(blocks, axis=2),
            memories[mine],
            tuple((name, phi[0, mine], moves[rung]) for name, phi, moves in pushes.values() if moves[rung].any()),
        )


def _pseudo(table: _Record, ladder: int) -> Bools:
    """Rungs from which the case states moves."""
    return np.asarray(belief.pseudo_days(table.case, table.plan.ladders[ladder].name).any(axis=1), bool)


def _on_stream(table: _Record, layout: _Layout, s: int) -> _Piece:
    """A stream's counts, completions averaged."""
    plan, history, stream = table.plan, table.history, table.plan.streams[s]
    observed = table.panel.observed[stream.name]
    own = [name for name, _, _ in streams.own_coefficients(plan, s, observed)][:-1]
    paths: dict[str, Floats] = {f"{stream.name}:future own_memory": table.ahead.streams[:, s] - stream.usual}
    for term in plan.terms_on("stream", s):
        if term.name in table.shifts:
            x = np.mean([cause_path(plan, history, term, c, moved=True) for c in range(past.COMPLETIONS)], axis=0)
            for kind, path in zip((_CAUSE, _NOW, _LEAD), table.three(term, np.append(x[:1], x)), strict=True):
                paths[f"{kind} {term.name}"] = paths.get(f"{kind} {term.name}", 0.0) + path
    base = streams.stream_design(plan, history, s, [], own, observed)
    design = np.concatenate([base, _by_span(np.stack(list(paths.values()), axis=1), observed)], axis=1)
    columns = np.array([layout.at(name) for name in (*own, *paths, f"{stream.name}:log_size")])
    given = {"counts": observed.count, "days": (observed.end - observed.start).astype(float)}
    return _Piece(counting.log_likelihood, given, columns, design)


def _by_span(paths: Floats, observed: Counts) -> Floats:
    """Means of daily paths (T, k) over the spans that were counted, (n, k)."""
    running = np.concatenate([np.zeros((1, paths.shape[1])), np.cumsum(paths, axis=0)])
    return (running[observed.end] - running[observed.start]) / (observed.end - observed.start)[:, None]


# Scores and information


def _of_group(table: _Record, block: Joint, group: Sequence[joint.Unit]) -> dict[str, Floats]:
    """What the ladders and streams of one base fit say of each claim on them, (C or 1, 4, 4) as `judge` reads it."""
    acts: list[str] = []
    for unit in group:
        on = ladders.claims_on if unit.kind == "ladder" else streams.claims_on
        acts += [name for name in on(table.plan, unit.number) if name in table.shifts and name not in acts]
    if not acts:
        return {}
    layout = _layout(table, block, group, acts)
    fixed = [_on_stream(table, layout, unit.number) for unit in group if unit.kind == "stream"]
    standing = [unit.number for unit in group if unit.kind == "ladder"]
    plain, fair = layout.mean, layout.mean
    out = []
    for c in range(past.COMPLETIONS if standing else 1):
        pieces = [*fixed, *(piece for ladder in standing for piece in _on_ladder(table, layout, ladder, c))]
        plain = _mode(layout, pieces, plain, (_CONSTANT, _MEMORY))
        fair = _mode(layout, pieces, fair if c else plain, (_CONSTANT, _MEMORY, _FUTURE))
        out.append(_told(layout, pieces, plain, fair, len(acts)))
    return dict(zip(acts, np.stack(out, axis=1), strict=True))


def _mode(layout: _Layout, pieces: Sequence[_Piece], start: Floats, kinds: tuple[int, ...]) -> Floats:
    """The mode over columns of these kinds, all others at zero."""
    allowed = layout.among(*kinds)
    kept = [piece.kept(allowed) for piece in pieces]
    return fit_mode(partial(_curve, kept), np.where(allowed, layout.mean, 0.0), layout.sd, start=start * allowed).mode


def _told(layout: _Layout, pieces: Sequence[_Piece], plain: Floats, fair: Floats, claims: int) -> Floats:
    """Scores and information of each claim, (m, 4, 4) as `judge` reads them."""
    out = np.zeros((claims, 4, 4))
    kept = [piece.kept(layout.among(_CONSTANT, _MEMORY, _CAUSE)) for piece in pieces]
    _, slope, bend = _curve(kept, plain)
    out[:, 0, 3] = slope[layout.among(_CAUSE)]
    free = replace(layout, sd=np.where(layout.among(_MEMORY), _FREE, layout.sd))
    whole = (_CONSTANT, _MEMORY)
    out[:, 0, 0] = np.diag(_left(layout, bend, whole, (_CAUSE,)))
    out[:, 0, 1] = np.diag(_left(layout, bend, (_CONSTANT,), (_CAUSE,)))
    out[:, 0, 2] = np.diag(_left(free, bend, whole, (_CAUSE,)))
    for claim, alike in _alike(layout, pieces, plain).items():
        out[claim, 0, 1:3] = alike[0, 0], left_over(alike)
    kept = [piece.kept(layout.among(_CONSTANT, _MEMORY, _FUTURE, _NOW, _LEAD)) for piece in pieces]
    _, slope, bend = _curve(kept, fair)
    out[:, 1, 0], out[:, 1, 1] = slope[layout.among(_NOW)], slope[layout.among(_LEAD)]
    both = _left(layout, bend, (_CONSTANT, _MEMORY, _FUTURE), (_NOW, _LEAD)).reshape(2, claims, 2, claims)
    every = np.arange(claims)
    out[:, 2:, :2] = both[:, every, :, every]
    return out


def _left(layout: _Layout, bend: Floats, base: tuple[int, ...], tested: tuple[int, ...]) -> Floats:
    """Information of the tested columns that is left beside a base with its priors: the Schur complement."""
    known, asked = layout.among(*base), layout.among(*tested)
    across = bend[np.ix_(known, asked)]
    return bend[np.ix_(asked, asked)] - across.T @ np.linalg.solve(
        bend[np.ix_(known, known)] + np.diag(layout.sd[known] ** -2.0), across
    )


def _alike(layout: _Layout, pieces: Sequence[_Piece], theta: Floats) -> dict[int, Floats]:
    """For each claim on ladders, by number, products of its cause and the ladder's memories, summed over the days that
    it acts on and weighed by what a day tells of it, less their means by rung; (1 + Q, 1 + Q)."""
    out: dict[int, Floats] = {}
    first = layout.at(layout.names[int(np.flatnonzero(layout.among(_CAUSE))[0])])
    for piece in pieces:
        if piece.memories is None or not piece.pushes:
            continue
        days = len(piece.memories)
        chance = law.probabilities((piece.design[:days] @ theta[piece.columns]).T)
        for name, phi, adds in piece.pushes:
            weight = piece.given["weights"][:days] * (adds**2 @ chance - (adds @ chance) ** 2)
            paths = np.column_stack([phi, piece.memories])
            paths = paths - weight @ paths / max(weight.sum(), 1e-300)
            claim = layout.at(f"{_CAUSE} {name}") - first
            out[claim] = out.get(claim, 0.0) + (paths * weight[:, None]).T @ paths
    return out

"""Can a case run away with itself? How strongly events bring about more events, and through which loops.

The elasticity of stream B to stream A is read off the claims at their prior means and at the reference surge: a
claim by which a pressure moves B counts by the share of A in what feeds that pressure; a claim that speaks of so
many days after A counts in full; a stream's own memory counts `OWN_MEMORY`. Where the largest eigenvalue of that
matrix reaches one, events breed events without end. Ladders are bounded, so what goes through them is listed as a
loop and not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fissures.case.grammar import Cause, Effect
from fissures.case.graph import Link, Node, called, circles, links, read_claims
from fissures.case.places import Positions
from fissures.case.records import Case
from fissures.errors import Finding

OWN_MEMORY = 0.2
WARN, REFUSE = 0.8, 1.0
MOST_LOOPS = 200
_STEPS = 500

Gains = dict[Node, dict[Node, float]]  # what moves a node, and by how much


@dataclass(frozen=True)
class Loop:
    """A way back from a part of the argument to itself: +1 where it reinforces itself, -1 where it balances itself.

    `nodes` are kinds and names in the order of what moves what, `names` what people call them; `claims` are the
    claims on the way.
    """

    nodes: tuple[Node, ...]
    names: tuple[str, ...]
    sign: int
    claims: tuple[str, ...]


# --- the guard ----------------------------------------------------------------------------------------------


def check_feedback(case: Case, positions: Positions) -> Iterator[Finding]:
    """A warning where events nearly keep themselves going, an error where they grow without end."""
    radius, names = feedback(case)
    if radius < WARN or not names:
        return
    level = "error" if radius >= REFUSE else "warning"
    told = " -> ".join((*names, names[0]))
    yield positions.finding(
        ("streams", names[0]),
        f"events feed on themselves with a factor of {radius:.2f}: {told}",
        "at one or more every event brings at least one further event, and the counts grow without end"
        if level == "error"
        else "close to one, a single event is followed by long cascades, which no record bears out",
        "weaken a claim on this loop, or shorten the half-life of a pressure in it",
        level=level,
    )


def feedback(case: Case) -> tuple[float, tuple[str, ...]]:
    """The spectral radius of the streams' elasticities, and the streams (or pressures) of the strongest loop in order.

    Without a loop between streams the radius is that of their own memory, and no names are given.
    """
    best: tuple[float, tuple[str, ...]] = (OWN_MEMORY if case.streams else 0.0, ())
    pressures = _pressure_gains(case)
    for gains in (pressures, elasticities(case)):
        for part in _parts(gains):
            radius, weights = _radius(gains, part)
            if (len(part) > 1 or gains[part[0]].get(part[0], 0.0) > OWN_MEMORY) and radius > best[0]:
                best = radius, _strongest(gains, weights)
    return best


def elasticities(case: Case) -> Gains:
    """How much each stream moves each other one: `out[B][A]` for B moved by A, both ("stream", name)."""
    out: Gains = {("stream", name): {("stream", name): OWN_MEMORY} for name in case.streams}
    shares = {name: _feed_shares(case, name) for name in case.pressures}
    chained = _chained(_pressure_gains(case))
    for cause, effect, strength in _couplings(case):
        if effect.kind != "stream":
            continue
        row = out[("stream", effect.name or "")]
        for factor in cause.factors:
            if factor.kind == "within":
                _add(row, ("stream", factor.names[0]), strength)
            elif factor.kind == "pressure":
                for source, gain in chained[("pressure", factor.names[0])].items():
                    for stream, share in shares[source[1]].items():
                        _add(row, ("stream", stream), strength * gain * share)
    return out


def _add(row: dict[Node, float], node: Node, amount: float) -> None:
    row[node] = row.get(node, 0.0) + amount


def _feed_shares(case: Case, name: str) -> dict[str, float]:
    """The share of each stream in what feeds a pressure upwards."""
    weights = case.pressures[name].fed_by
    total = sum(abs(weight) for weight in weights.values()) or 1.0
    feeds = ((" ".join(text.split()), weight) for text, weight in weights.items())
    return {stream: weight / total for stream, weight in feeds if weight > 0 and stream in case.streams}


def _couplings(case: Case) -> Iterator[tuple[Cause, Effect, float]]:
    """Every claim that can be read, with the size of its prior mean."""
    for _, cause, effect, mean in read_claims(case):
        yield cause, effect, abs(mean)


def _pressure_gains(case: Case) -> Gains:
    """How much pressures move each other by claims: `out[Q][P]` for Q moved by P."""
    out: Gains = {("pressure", name): {} for name in case.pressures}
    for cause, effect, strength in _couplings(case):
        if effect.kind == "pressure":
            for factor in cause.factors:
                if factor.kind == "pressure":
                    _add(out[("pressure", effect.name or "")], ("pressure", factor.names[0]), strength)
    return out


def _chained(gains: Gains) -> Gains:
    """What every pressure gets from every other along chains of claims; a chain ends after as many steps as there
    are pressures, so that a loop among them (which is told by itself) cannot grow without end."""
    out: Gains = {}
    for start in gains:
        reached: dict[Node, float] = {start: 1.0}
        step: dict[Node, float] = {start: 1.0}
        for _ in range(min(len(gains), 20)):
            further: dict[Node, float] = {}
            for node, gain in step.items():
                for source, strength in gains[node].items():
                    _add(further, source, gain * strength)
            for node, gain in further.items():
                _add(reached, node, gain)
            if not (step := {node: gain for node, gain in further.items() if gain > 1e-9}):
                break
        out[start] = reached
    return out


# --- the largest eigenvalue ---------------------------------------------------------------------------------


def _parts(gains: Gains) -> Iterator[list[Node]]:
    """Sets of nodes that all move one another: the strongly connected parts (Kosaraju, without recursion)."""
    order = _finished(gains)
    back: dict[Node, list[Node]] = {node: [] for node in gains}
    for node, sources in gains.items():
        for source in sources:
            back[source].append(node)
    seen: set[Node] = set()
    for node in reversed(order):
        part, waiting = [], [node]
        while waiting:
            if (here := waiting.pop()) not in seen:
                seen.add(here)
                part.append(here)
                waiting.extend(back[here])
        if part:
            yield part


def _finished(gains: Gains) -> list[Node]:
    """Nodes in the order in which a walk along their sources leaves them."""
    order: list[Node] = []
    seen: set[Node] = set()
    for start in gains:
        if start in seen:
            continue
        seen.add(start)
        walk = [(start, iter(gains[start]))]
        while walk:
            node, sources = walk[-1]
            further = next((s for s in sources if s not in seen), None)
            if further is None:
                order.append(node)
                walk.pop()
            else:
                seen.add(further)
                walk.append((further, iter(gains[further])))
    return order


def _radius(gains: Gains, part: list[Node]) -> tuple[float, dict[Node, float]]:
    """The largest eigenvalue of one connected part, by power iteration on the matrix plus one, and its vector."""
    inside = set(part)
    rows = {node: [(s, gain) for s, gain in gains[node].items() if s in inside] for node in part}
    vector, radius = dict.fromkeys(part, 1.0), 0.0
    for _ in range(_STEPS):
        moved = {node: vector[node] + sum(gain * vector[s] for s, gain in row) for node, row in rows.items()}
        size = max(moved.values())
        before, radius = radius, size - 1.0
        vector = {node: value / size for node, value in moved.items()}
        if abs(radius - before) < 1e-12:
            break
    return radius, vector


def _strongest(gains: Gains, vector: Mapping[Node, float]) -> tuple[str, ...]:
    """The loop that carries most: from the node that grows most, back along its largest sources until one repeats."""
    path = [max(vector, key=lambda node: vector[node])]
    while True:
        row = gains[path[-1]]
        alone = len(vector) == 1
        sources = [s for s in row if s in vector and (alone or s != path[-1])]
        source = max(sources, key=lambda s: row[s] * vector[s])
        if source in path:
            loop = path[path.index(source) :]
            break
        path.append(source)
    names = [name for _, name in reversed(loop)]
    first = names.index(min(names))
    return tuple(names[first:] + names[:first])


# --- loops, also those that pass through ladders ------------------------------------------------------------


def loops(case: Case) -> tuple[Loop, ...]:
    """The shortest way back for every link that a claim makes, each loop once, reinforcing ones first.

    Loops pass through streams, pressures, commitments, fronts and tracks; at most `MOST_LOOPS` are given.
    """
    found = [_loop(around, case) for around in circles(links(case), MOST_LOOPS)]
    return tuple(sorted(found, key=lambda loop: (-loop.sign, len(loop.nodes), loop.nodes)))


def _loop(around: tuple[Link, ...], case: Case) -> Loop:
    sign = 1
    for link in around:
        sign *= link.sign
    nodes = [link.source for link in around]
    first = nodes.index(min(nodes))
    turned = (*around[first:], *around[:first])
    claims = tuple(link.claim for link in turned if link.claim is not None)
    found = tuple(link.source for link in turned)
    return Loop(found, tuple(called(node, case) for node in found), sign, claims)

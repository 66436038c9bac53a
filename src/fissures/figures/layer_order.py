"""The order of places within the columns of a layered drawing: as few lines cross as can be found in short time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

STARTS, SWEEPS = 8, 6
ROUNDS = 6  # of moving each place to where it crosses least, at most


@dataclass(frozen=True)
class Joined:
    """What each place is joined to in the columns beside it."""

    left: dict[int, list[int]]
    right: dict[int, list[int]]


def joined_by(chains: Mapping[int, tuple[int, ...]]) -> Joined:
    """What chains of places join, one column to the next."""
    left: dict[int, list[int]] = {}
    right: dict[int, list[int]] = {}
    for chain in chains.values():
        for a, b in pairwise(chain):
            right.setdefault(a, []).append(b)
            left.setdefault(b, []).append(a)
    return Joined(left, right)


def crossings(rows: Sequence[Sequence[int]], right: Mapping[int, Sequence[int]]) -> int:
    """How many pairs of links cross between neighbouring columns; `right` lists what each place is joined to.

    >>> crossings([[1, 2], [3, 4]], {1: [4], 2: [3]}), crossings([[1, 2], [4, 3]], {1: [4], 2: [3]})
    (1, 0)
    """
    total = 0
    for row, after in pairwise(rows):
        place = {node: k for k, node in enumerate(after)}
        ends: list[int] = []
        for node in row:
            mine = sorted(place[other] for other in right.get(node, ()))
            total += sum(len(ends) - bisect_right(ends, at) for at in mine)
            for at in mine:
                insort(ends, at)
    return total


def uncrossed(rows: Sequence[Sequence[int]], joined: Joined) -> list[list[int]]:
    """The columns in an order with fewer crossings: the best of sweeps by barycentres, each sifted.

    It starts several times, every time from other columns turned upside down.
    """
    best = [list(row) for row in rows]
    fewest = crossings(best, joined.right)
    for start in range(STARTS):
        now = [list(row[::-1]) if (start >> (k % 3)) & 1 else list(row) for k, row in enumerate(rows)]
        for sweep in range(SWEEPS):
            now = _swept(now, joined, to_right=sweep % 2 == 0)
            if sweep % 2:
                now = _sifted(now, joined)
            if (count := crossings(now, joined.right)) < fewest:
                best, fewest = [list(row) for row in now], count
            if not fewest:
                return best
    return best


def _swept(rows: list[list[int]], joined: Joined, to_right: bool) -> list[list[int]]:
    """Each column in turn sorted by the mean place of what its places are joined to in the column before."""
    sides = joined.left if to_right else joined.right
    order = range(1, len(rows)) if to_right else range(len(rows) - 2, -1, -1)
    for k in order:
        before = {node: (at + 0.5) for at, node in enumerate(rows[k - 1 if to_right else k + 1])}
        mine = {node: (at + 0.5) / len(rows[k]) * len(before) for at, node in enumerate(rows[k])}
        for node in rows[k]:
            if others := sides.get(node):
                mine[node] = sum(before[other] for other in others) / len(others)
        rows[k] = sorted(rows[k], key=lambda node: mine[node])
    return rows


def _sifted(rows: list[list[int]], joined: Joined) -> list[list[int]]:
    """The columns after each place has moved to where in its column it crosses least, as long as that spares any.

    Source: sifting, Matuszewski, Schönfeld and Molitor (1999).
    """
    for _ in range(ROUNDS):
        spared = 0
        for k, row in enumerate(rows):
            beside = [
                _places(row, rows[other], sides)
                for other, sides in ((k - 1, joined.left), (k + 1, joined.right))
                if 0 <= other < len(rows)
            ]
            for node in sorted(row):
                spared += _moved(node, row, beside)
        if not spared:
            break
    return rows


def _places(row: Sequence[int], other: Sequence[int], sides: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Where in the other column lies what each place of a column is joined to, from the top."""
    place = {node: at for at, node in enumerate(other)}
    return {node: sorted(place[end] for end in sides.get(node, ())) for node in row}


def _moved(node: int, row: list[int], beside: Sequence[Mapping[int, Sequence[int]]]) -> int:
    """Move one place to where it crosses least, and say how many crossings that spares."""
    start = row.index(node)
    best, most = start, 0
    for way in (-1, 1):
        gain, at = 0, start
        while 0 <= at + way < len(row):
            at += way
            pair = (row[at], node) if way < 0 else (node, row[at])
            for ends in beside:
                gain += _gain(ends[pair[0]], ends[pair[1]])
            if gain > most:
                best, most = at, gain
    if most:
        row.insert(best, row.pop(start))
    return most


def _gain(upper: Sequence[int], lower: Sequence[int]) -> int:
    """How many crossings two neighbours spare on one side by changing places; where their lines end, from the top."""
    return sum(bisect_left(lower, end) - len(lower) + bisect_right(lower, end) for end in upper) if lower else 0

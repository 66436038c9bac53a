"""The argument on the page: one entry a coefficient, what the data moved first, what they could not test after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fissures.brief.numbers import SPACE, between, count, points, times
from fissures.brief.phrases import listed
from fissures.figures.labels import plain
from fissures.study.first_page import Bearing
from fissures.study.records import Belief, ClaimRow, Statement

DIRECTED = ("supported", "leans to", "contradicted")
TESTED = ("supported", "contradicted", "leans to", "mixed")
UNTESTED = "could not test"


@dataclass(frozen=True)
class Told:
    """A coefficient: the claim that states it, those that say it again, each as code and paragraph, and the name by
    which other places of the page lead to it."""

    row: ClaimRow
    also: tuple[str, ...] = ()
    anchor: str = ""

    @property
    def again(self) -> str:
        """Where else it is said, or nothing."""
        return f"also said in {listed([plain(where, 30) for where in self.also])}" if self.also else ""


def found_at(code: str, para: int | None) -> str:
    """A claim's code, with its paragraph where it has one.

    >>> found_at("C64", 20), found_at("X10", None)
    ('C64 (paragraph 20)', 'X10')
    """
    return code if para is None else f"{code} (paragraph {para})"


def folded(rows: Sequence[ClaimRow]) -> tuple[Told, ...]:
    """One entry a coefficient, in the order given; restatements under the claim (or the break) they restate."""
    codes = {row.code for row in rows if not row.shares}
    heads: dict[str, ClaimRow] = {}
    also: dict[str, list[str]] = {}
    for place, row in enumerate(rows):
        if not row.shares:
            heads[f"{place}"] = row
        elif row.shares in codes or row.shares in heads:
            also.setdefault(row.shares, []).append(found_at(row.code, row.para))
        else:  # the first claim that states a break stands for it
            heads[row.shares] = row
    names = anchors([row.code for row in heads.values()])
    return tuple(
        Told(row, tuple(also.pop(row.shares or row.code, ())), name)
        for row, name in zip(heads.values(), names, strict=True)
    )


def anchors(codes: Sequence[str]) -> tuple[str, ...]:
    """A name on the page for every code, all different; a code that is no plain word, or not the first, has a number.

    >>> anchors(["C04", "C04", "<b>"])
    ('claim-C04', 'claim--1', 'claim--2')
    """
    simple = [re.fullmatch(r"[A-Za-z0-9]{1,12}", code) and code not in codes[:k] for k, code in enumerate(codes)]
    return tuple(f"claim-{code if simple[k] else f'-{k}'}" for k, code in enumerate(codes))


def by_verdict(entries: Sequence[Told]) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """The entries that the data could test, by verdict: those with a direction first."""
    found = dict.fromkeys([*TESTED, *(one.row.verdict for one in entries)])
    groups = ((verdict, tuple(e for e in entries if e.row.verdict == verdict)) for verdict in found)
    return tuple((verdict, group) for verdict, group in groups if group and verdict != UNTESTED)


def untested(entries: Sequence[Told]) -> tuple[Told, ...]:
    """The entries that stand as the case codes them."""
    return tuple(one for one in entries if one.row.verdict == UNTESTED)


def strongest(entries: Sequence[Told], most: int, bearing: Mapping[str, Bearing] | None = None) -> tuple[ClaimRow, ...]:
    """The claims that the data could test, then those with most bearing on the leading answer among the others.

    Where nobody can tell what bears on it, those with the largest coefficients.
    """
    weight = {owner: abs(one.change) for owner, one in (bearing or {}).items()}

    def rank(one: Told) -> tuple[float, float]:
        return (-weight.get(one.row.shares or one.row.code, 0.0), -abs(one.row.after.mean))

    tested = sorted((one for one in entries if one.row.verdict != UNTESTED), key=lambda one: -abs(one.row.after.mean))
    others = sorted(untested(entries), key=rank)
    return tuple(one.row for one in (*tested, *others)[:most])


def drawn_caption(entries: Sequence[Told], most: int, weighed: bool = False) -> str:
    """What the figure of the argument shows, and what it leaves out; `weighed` by bearing on the leading answer."""
    axis = "80 % ranges; the line at ×1 is no effect."
    if len(entries) <= most:
        return axis
    moved = min(len(entries) - len(untested(entries)), most)
    parts = [f"the {moved} that the data could test"] if moved else []
    others = "with most bearing on the leading answer" if weighed else "largest"
    parts += [f"of the others the {most - moved} {others}"] if moved < most else []
    return f"{axis} Drawn of {len(entries)} couplings: {listed(parts)}."


def moved(k: int, n: int, directed: int) -> str:
    """The headline of the argument; `directed` counts the couplings that the data gave a direction.

    >>> moved(5, 42, 2)
    'The data moved 5 of 42 couplings, 2 of them in a clear direction'
    """
    clear = f"{directed} of them in a clear direction" if directed else "none clearly"
    return f"The data moved {k} of {n} couplings{f', {clear}' if k else ''}"


def directed(entries: Sequence[Told]) -> int:
    """How many couplings the data gave a direction."""
    return sum(one.row.verdict in DIRECTED for one in entries)


def without(row: ClaimRow, bearing: Mapping[str, Bearing]) -> str:
    """What the leading answer changes by without a claim: counted where it was taken out, else as the draws have it.

    "" where nobody can tell.
    """
    one = bearing.get(row.shares or row.code)
    if one is None or (one.without is None and one.about is None):
        return ""
    told = points(one.change).removesuffix(" points")
    return told if one.without else f"≈{SPACE}{told}"


def verdicts(entries: Sequence[Told]) -> str:
    """How many coefficients met which verdict, most frequent first."""
    tally = Counter("could not be tested" if (v := one.row.verdict) == UNTESTED else plain(v, 40) for one in entries)
    return listed([f"{n} {verdict}" for verdict, n in tally.most_common()]) if tally else "no claim"


def kinds(statements: Sequence[Statement]) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    """Claims without a coefficient, by kind, in the order in which the kinds first occur."""
    found = dict.fromkeys(one.kind for one in statements)
    return tuple((kind, tuple(one for one in statements if one.kind == kind)) for kind in found)


def factors(belief: Belief) -> str:
    """The 80 % range of a coefficient as factors on the odds."""
    return between(*(times(end) for end in belief.range80))


def informed(n: int) -> str:
    """How many climbs (or events, where a claim is about a stream) speak to a claim.

    >>> informed(12), informed(0)
    ('12', '0')
    """
    return count(n)


def stands(row: ClaimRow) -> str:
    """Where a claim stands and how it is read, in few words."""
    return f"{passage(row)}, {plain(row.reading, 20)}" if row.para is not None else plain(row.reading, 20)


def passage(row: ClaimRow) -> str:
    """Where a claim stands in its source."""
    return f"paragraph {row.para}" if row.para is not None else "no paragraph given"

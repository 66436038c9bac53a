"""What a reference class says of a case's ladder before its record: moves between bands of deaths, and their marks.

A case's rungs are means and aims as well as deaths; a class knows deaths alone. So rungs are collapsed to the bands
that their own rules on the dead of a week draw, and what deaths cannot tell apart stays with the case's record.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.errors import DataError
from fissures.events.rungs import rules_of
from fissures.model.moves import Tally
from fissures.model.reference import ReferenceTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF = 0.5  # Jeffreys' half a move, so that what was never seen is rare and not impossible
FEWEST_DAYS = 7.0  # weighted days on a band from which a unit has a mean of its own
ALONE = 0.7  # sd of a log where too few units were seen to know it: the deaths' own default


@dataclass(frozen=True)
class BandPrior:
    """Moves between K bands of deaths in a week, and deaths a day on each, over the units of a class.

    `edges` (K - 1,) is the least killed in a week of every band above the lowest, as the class can draw it. `mean` and
    `sd` (K, K), row the band before, are of the log odds of the move against staying, 0 on the diagonal; sd joins the
    spread between units with what is not known of the mean. `weight` (K,) is days (or steps) seen on a band, those of
    long ago for less. `log_deaths` and `log_deaths_sd` (K,) are of the mean deaths on one day (step); -inf where none.
    """

    edges: tuple[float, ...]
    mean: Floats
    sd: Floats
    weight: Floats
    log_deaths: Floats
    log_deaths_sd: Floats


@dataclass(frozen=True)
class Bands:
    """What a class says of a case's ladder: the band of each rung (R,), and the log odds of a day's move from band to
    band against staying (K, K). `table` names the class and its cut-off."""

    of_rung: tuple[int, ...]
    log_odds: Floats
    table: str


def ladder_bands(case: Case, ladder: str, table: ReferenceTable | None) -> Bands | None:
    """The bands of a ladder as a class sees them; None where its rules draw fewer than two, or the class cannot.

    A rung without a rule on deaths stands in the band of the rung below it.
    """
    least = death_bands(case, ladder)
    edges = tuple(sorted(set(least.values())))
    if table is None or not edges:
        return None
    try:
        told = band_prior(table, edges)
    except DataError:
        return None
    band, bands = 0, []
    for rung in case.ladders[ladder].rungs:
        band = max(band, edges.index(least[rung]) + 1) if rung in least else band
        bands.append(band)
    return Bands(tuple(bands), told.mean, f"{table.name} to {table.cutoff}")


def centred_on(bands: Bands, chance: Floats) -> Floats:
    """Chances of moves (R, R), rows from, with each band's share set to the class's and none of the shares inside a
    band changed.

    >>> flat = np.full((2, 2), 0.5)
    >>> centred_on(Bands((0, 1), np.log([[1.0, 0.25], [1.0, 1.0]]), ""), flat)[0].tolist()
    [0.8, 0.2]
    """
    band = np.array(bands.of_rung)
    same = band[None, :] == np.arange(len(bands.log_odds))[:, None]  # (K, R)
    inside = chance[:, None, :] * same[None]  # (R, K, R)
    inside = inside / np.maximum(inside.sum(axis=2, keepdims=True), 1e-12)
    share = np.exp(bands.log_odds[band])  # (R, K)
    reached = same.any(axis=1)
    share = np.where(reached, share, 0.0)
    share = share / share.sum(axis=1, keepdims=True)
    return np.asarray((share[:, :, None] * inside).sum(axis=1), np.float64)


def death_bands(case: Case, ladder: str) -> dict[str, float]:
    """The least killed in a week at which a rung is observed, by its ladder's rules; rungs without one are left out."""
    rungs = list(case.ladders[ladder].rungs)
    found: dict[str, float] = {}
    for number, rule in rules_of(case.ladders[ladder], case.streams).proves:
        if rule.measure == "killed":
            name = rungs[number]
            found[name] = min(rule.at_least, found.get(name, np.inf))
    return found


def band_prior(table: ReferenceTable, killed_per_week: tuple[float, ...], by: str = "day") -> BandPrior:
    """The prior of moves between bands, from the units of a class; `by` "day" or "step".

    killed_per_week are the least dead of each band above the lowest, rising; each is taken to the class's nearest rung.
    By day, the band is that of the last seven days' dead. Units are held to differ by a gamma factor on their rates,
    whose variance v is found by moments; its log is taken to have variance log(1 + v). Raises DataError where the class
    knows no days, or cannot tell two bands apart.
    """
    tally = table.days if by == "day" else table.moves
    if tally is None or (by != "day" and table.step != "week"):
        raise _refuse(table, f"does not know moves from {by} to {by} between bands of a week's dead")
    edges, band = _bands(table, killed_per_week)
    counts, deaths = _collapsed(tally, band, table.units)
    mean, sd = _moves(counts)
    log_deaths, log_deaths_sd = _marks(counts, deaths)
    return BandPrior(edges, mean, sd, counts.sum(axis=(0, 2)), log_deaths, log_deaths_sd)


def _refuse(table: ReferenceTable, what: str) -> DataError:
    return DataError(
        f"the class '{table.name}' {what}",
        where="reference class",
        why="a prior is read off a class or not at all",
        remedy="a class fitted on single events by week, and bands a factor of two apart",
    )


def _bands(table: ReferenceTable, killed: tuple[float, ...]) -> tuple[tuple[float, ...], Ints]:
    """The edges as the class can draw them, and the band of each of its rungs."""
    own = np.asarray(table.recipe.shape.edges)
    nearest = [int(np.argmin(np.abs(np.log(own / edge)))) for edge in killed]
    if sorted(set(nearest)) != nearest:
        raise _refuse(table, f"cannot tell bands from {', '.join(f'{edge:g}' for edge in killed)} killed a week apart")
    edges = own[nearest]
    return tuple(float(edge) for edge in edges), np.searchsorted(edges, np.append(0.0, own), side="right")


def _collapsed(tally: Tally, band: Ints, units: int) -> tuple[Floats, Floats]:
    """Weight and deaths by unit, band before and band after; (N, K, K) each."""
    size = int(band.max()) + 1
    unit, before, after = tally.places.astype(np.int64).T
    where = (unit * size + band[before]) * size + band[after]
    weight, dead = (np.bincount(where, values, units * size**2).astype(np.float64) for values in tally.values.T)
    return weight.reshape(-1, size, size), dead.reshape(-1, size, size)


def _moves(counts: Floats) -> tuple[Floats, Floats]:
    """Mean and sd of the log odds of every move against staying; counts (N, K, K)."""
    size = counts.shape[1]
    total = counts.sum(axis=0)
    stay = np.diagonal(total)[:, None]
    mean = np.log(total + HALF) - np.log(stay + HALF)
    exposure = np.diagonal(counts, axis1=1, axis2=2)[:, :, None]
    expected = exposure * (total / np.maximum(stay, 1e-12))
    over = ((counts - expected) ** 2).sum(axis=0) - expected.sum(axis=0)
    factor = np.maximum(over, 0.0) / np.maximum((expected**2).sum(axis=0), 1e-12)
    sd = np.sqrt(np.log1p(factor) + 1.0 / (total + HALF))
    off = ~np.eye(size, dtype=bool)
    return np.where(off, mean, 0.0), np.where(off, sd, 0.0)


def _marks(counts: Floats, deaths: Floats) -> tuple[Floats, Floats]:
    """Mean and sd over units of the log of mean deaths on a day, by the band that the day stands on."""
    days, dead = counts.sum(axis=1), deaths.sum(axis=1)
    with np.errstate(divide="ignore"):
        pooled = np.log(dead.sum(axis=0) / np.maximum(days.sum(axis=0), 1e-12))
    known = (days >= FEWEST_DAYS) & (dead > 0)
    spread = np.full(pooled.size, ALONE)
    for k in np.flatnonzero(known.sum(axis=0) > 2):
        mine = known[:, k]
        logs, weight = np.log(dead[mine, k] / days[mine, k]), days[mine, k]
        spread[k] = np.sqrt(np.average((logs - np.average(logs, weights=weight)) ** 2, weights=weight))
    return pooled, spread

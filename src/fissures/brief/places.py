"""Where and when in words: what stands beside the map and the timeline, and the tables that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fissures.brief import numbers
from fissures.figures.timeline import EACH, MOST_LANES, evened, letter
from fissures.study.place_records import FrontAhead, Lane, Outline, Stretch, Timeline, Where

MOST_SPANS = 40  # dates in one cell of the table; the data folder has them all


def highest(where: Where) -> FrontAhead | None:
    """The front whose chance of the rung asked is highest, of those that are not there already.

    None where two or more cannot be compared.
    """
    asked = [front for front in where.fronts if front.asked is not None and not front.holds(where.rung)]
    best = max(asked, key=lambda front: front.asked or 0.0, default=None)
    return best if len(asked) > 1 else None


def there(where: Where) -> list[FrontAhead]:
    """The fronts that stand at the rung asked already."""
    return [front for front in where.fronts if front.holds(where.rung)]


def cell(front: FrontAhead, rung: str, chance: float) -> tuple[str, str]:
    """What the table says of a front and a rung, and a remark: that it stands there already is no news and no chance.

    >>> one = FrontAhead("n", "North", (("clash", 0.99), ("siege", 0.5), ("war", 0.1)), 0.1, (), (1.0, 0.4, 0.0))
    >>> [tuple(part.replace(numbers.SPACE, " ") for part in cell(one, rung, p)) for rung, p in one.reaches]
    [('there already', ''), ('50 %', '40 % there already'), ('10 %', '')]
    """
    if front.holds(rung):
        return "there already", ""
    now = front.already(rung)
    return numbers.chance(chance), f"{numbers.chance(now)} there already" if now >= 0.005 else ""


def unplaced(where: Where) -> list[FrontAhead]:
    """The fronts to which the case gives no place, so that the map cannot show them."""
    return [front for front in where.fronts if not front.area]


def held(where: Where) -> list[Outline]:
    """The lines that are held on the as-of date."""
    return [one for one in where.outlines if one.kind == "held"]


def by_ladder(where: Where) -> list[tuple[tuple[str, ...], list[FrontAhead]]]:
    """The fronts of each ladder together, under the rungs above its lowest."""
    out: dict[tuple[str, ...], list[FrontAhead]] = {}
    for front in where.fronts:
        out.setdefault(tuple(rung for rung, _ in front.reaches), []).append(front)
    return list(out.items())


def worst(told: Timeline) -> tuple[Lane, Stretch] | None:
    """The highest stretch on record of a front of the first ladder, the latest of equals; None where there is none."""
    ladder = told.lanes[0].rungs if told.lanes else ()
    found = [
        (lane, one)
        for lane in told.lanes
        if lane.kind == "front" and lane.rungs == ladder
        for one in lane.stretches
        if one.height > 0
    ]
    return max(found, key=lambda pair: (pair[1].height, pair[1].start), default=None)


def turns(told: Timeline) -> list[tuple[str, date, str]]:
    """The turning points by the letters of the figure: letter, day, what it was."""
    return [(letter(k), turn.when, turn.name) for k, turn in enumerate(told.turns)]


def by_rung(lane: Lane) -> list[tuple[str, str]]:
    """Each rung that the record shows of a lane, highest first, with its dates; the pooled record as it is drawn."""
    stretches = evened(lane.stretches) if lane.kind == "record" else lane.stretches
    found: dict[str, list[Stretch]] = {}
    for one in stretches:
        found.setdefault(one.rung, []).append(one)
    ordered = sorted(found, key=lambda rung: -found[rung][0].height)
    return [(rung, _dates(found[rung])) for rung in ordered]


def _dates(stretches: Sequence[Stretch]) -> str:
    told = [days(one.start, one.end) for one in stretches[:MOST_SPANS]]
    rest = len(stretches) - len(told)
    return "; ".join(told) + (f"; and {rest} more" if rest else "")


def days(start: date, end: date) -> str:
    """Some days in words, with no month or year said twice.

    >>> days(date(2016, 4, 1), date(2016, 4, 5)).replace(numbers.SPACE, " ")
    '1 to 5 April 2016'
    >>> days(date(2017, 1, 1), date(2017, 2, 23)).replace(numbers.SPACE, " ")
    '1 January to 23 February 2017'
    >>> days(date(2020, 7, 14), date(2020, 7, 14)).replace(numbers.SPACE, " ")
    '14 July 2020'
    """
    last, first = numbers.day(end), numbers.day(start)
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        first = str(start.day)
    elif start.year == end.year:
        first = first.removesuffix(f"{numbers.SPACE}{start.year}")
    return f"{first} to {last}"


def undrawn(told: Timeline) -> int:
    """How many lanes the figure leaves out."""
    return max(len(told.lanes) - MOST_LANES, 0)


def weeks() -> int:
    """How many weeks of the pooled record are drawn as one."""
    return EACH.days // 7

"""The expected course: the fan of weekly deaths, and the chance of each rung of a front's ladder."""

from __future__ import annotations

import math
from datetime import date, timedelta

import altair as alt

from fissures.figures.drawing import NARROW, WIDE, Spec
from fissures.figures.labels import plain, spoken
from fissures.figures.look import GAP, GREY, INK, NAVY, Rows, chart, finish
from fissures.study.records import Course

PAST_WEEKS = 26
COLUMNS = 26
BOUNDS = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8)
SHADES = ("#ffffff", "#e6ecf4", "#c6d3e5", "#98b0cf", "#6284b2", "#33558a", NAVY)
_STEPS = alt.Scale(type="threshold", domain=list(BOUNDS), range=list(SHADES))
_EDGE = "#c9ced6"
_BANDS = ("#d6e0ee", "#a3b8d6", "#6a8aba")
_TICKS = (0, *(10**k for k in range(10)))
_WEEK = timedelta(days=7)

Past = tuple[date, float | None, float | None]


def shown_past(course: Course) -> tuple[Past, ...]:
    """The recorded weeks that the fan draws: the last `PAST_WEEKS`."""
    return course.past[-PAST_WEEKS:]


def bands(levels: tuple[float, ...]) -> tuple[tuple[int, int, int], ...]:
    """Pairs of columns around the middle, widest first: (share in percent, low column, high column).

    >>> bands((0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95))
    ((90, 0, 6), (80, 1, 5), (50, 2, 4))
    """
    found = []
    for low, level in enumerate(levels):
        high = next((k for k, other in enumerate(levels) if abs(level + other - 1) < 1e-9), None)
        if level < 0.5 and high is not None:
            found.append((round(100 * (1 - 2 * level)), low, high))
    return tuple(sorted(found, reverse=True))[:3]


def fan(course: Course, width: int = WIDE) -> Spec:
    """Weekly deaths: a symmetric-log axis, recorded weeks, simulated bands and the median.

    A week without a record is shaded, so that missing is not read as zero.
    """
    pairs = bands(course.levels)
    names = [f"{share} % of paths" for share, _, _ in pairs] + ["median", "recorded"]
    colours = [*_BANDS[3 - len(pairs) :], NAVY, INK]
    legend = alt.Legend(title=None, orient="top", columns=5 if width > NARROW else 2)
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=colours), legend=legend)
    layers = [
        chart(_unrecorded(course)).mark_rect(color=GAP).encode(x2="end:T", y2=alt.value(0)),
        chart(_band_rows(course, pairs)).mark_area().encode(y2="high:Q", color=colour),
        chart(_median(course)).mark_line(strokeWidth=2).encode(color=colour),
        chart(_recorded(course, exact=True)).mark_circle(size=30, opacity=1).encode(color=colour),
        chart(_recorded(course, exact=False)).mark_rule(strokeWidth=4).encode(y2="high:Q", color=colour),
        chart(_as_of(course)).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y2=alt.value(0)),
    ]
    placed = [layer.encode(x=_weeks(course, width), y=_deaths(course)) for layer in layers]
    told = "Weekly deaths: recorded weeks, then the bands of the simulated paths. The table below has the numbers."
    return finish(placed, width, 300 if width > NARROW else 270, told)


def _weeks(course: Course, width: int) -> alt.X:
    days = [week for week, _, _ in shown_past(course)] + list(course.weeks)
    scale = alt.Scale(type="utc", domain=[str(min(days)), str(max(days) + _WEEK)]) if days else alt.Undefined
    axis = alt.Axis(format="%b %Y", tickCount=6 if width > NARROW else 3, grid=False, title=None)
    return alt.X("week:T", scale=scale, axis=axis)


def _deaths(course: Course) -> alt.Y:
    highs = [max(row) for row in course.deaths if row] + [high or 0 for _, _, high in shown_past(course)]
    top = _top(max([1.0, *highs]))
    axis = alt.Axis(values=[t for t in _TICKS if t <= top], format=",d", title="deaths in a week (log-like axis)")
    return alt.Y("low:Q", scale=alt.Scale(type="symlog", constant=1, domain=[0, top], nice=False), axis=axis)


def _top(high: float) -> float:
    """Where the axis ends: a little above the highest value, at a power of ten where one is near."""
    power = next((float(t) for t in _TICKS[2:] if t >= high), math.inf)
    return power if power == 10 or 0.25 * power < high else 1.15 * high


def _unrecorded(course: Course) -> Rows:
    for week, low, high in shown_past(course):
        if low is None or high is None:
            yield {"week": str(week), "end": str(week + _WEEK), "low": 0}


def _recorded(course: Course, exact: bool) -> Rows:
    for week, low, high in shown_past(course):
        if low is not None and high is not None and (low == high) == exact:
            yield {"week": str(week), "low": low, "high": high, "name": "recorded"}


def _band_rows(course: Course, pairs: tuple[tuple[int, int, int], ...]) -> Rows:
    for share, low, high in pairs:
        for week, row in zip(course.weeks, course.deaths, strict=True):
            yield {"week": str(week), "low": row[low], "high": row[high], "name": f"{share} % of paths"}


def _median(course: Course) -> Rows:
    if 0.5 in course.levels:
        middle = course.levels.index(0.5)
        for week, row in zip(course.weeks, course.deaths, strict=True):
            yield {"week": str(week), "low": row[middle], "name": "median"}


def _as_of(course: Course) -> Rows:
    return [{"week": str(course.weeks[0]), "low": 0}] if course.weeks else []


def drawn_every(course: Course) -> int:
    """How many weeks stand between two drawn columns of the ladder figure: 1 unless the course is long."""
    return -(-len(course.weeks) // COLUMNS) or 1


def ladder(course: Course, front: str, width: int = WIDE, *, name: str = "") -> Spec:
    """The chance of each highest rung by week for one front: white to navy, in steps that survive a grey printer."""
    rungs = [spoken(rung, 24) for rung in reversed(course.rungs)]
    every = drawn_every(course)
    weeks = [_day(week) for week in course.weeks[::every]]
    marked = weeks[:: max(1, len(weeks) // (6 if width > NARROW else 3))]
    dates = alt.Axis(title="week of", values=marked, labelExpr="slice(datum.label, 0, -5)", labelAngle=0)
    cells = chart(_cells(course, front, every)).mark_rect(stroke=_EDGE, strokeWidth=0.5)
    coloured = cells.encode(
        x=alt.X("week:O", sort=None, scale=alt.Scale(domain=weeks), axis=dates),
        y=alt.Y("rung:O", sort=None, scale=alt.Scale(domain=rungs), axis=alt.Axis(title=None, ticks=False)),
        color=alt.Color("chance:Q", scale=_STEPS, legend=None),
    )
    told = f"Chance of each highest rung by week, {plain(name or front, 80)}. The table below has the numbers."
    return finish([coloured, *_key(width)], width, 90 + 24 * len(rungs), told)


def _key(width: int) -> list[alt.Chart]:
    """The steps of the chance as a bar above the plot; on a phone it starts left of the plot, which is narrow."""
    left, size = (0, 44) if width > NARROW else (-96, 38)
    one = chart([{}])
    bars = [
        one.mark_rect(x=left + k * size, x2=left + (k + 1) * size, y=-34, y2=-24, stroke=_EDGE, color=shade)
        for k, shade in enumerate(SHADES)
    ]
    bounds = [
        one.mark_text(x=left + (k + 1) * size, y=-14, text=f"{100 * bound:g} %") for k, bound in enumerate(BOUNDS)
    ]
    return bars + bounds


def _cells(course: Course, front: str, every: int) -> Rows:
    for week, row in list(zip(course.weeks, course.ladder[front], strict=True))[::every]:
        for rung, chance in zip(course.rungs, row, strict=True):
            yield {"week": _day(week), "rung": spoken(rung, 24), "chance": round(chance, 5)}


def _day(week: date) -> str:
    return f"{week.day} {'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * week.month - 3 : 3 * week.month]} {week.year}"

"""The timeline: what the record says of each front by date, and what is due after the as-of date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fissures.figures.course import SHADES
from fissures.figures.drawing import WIDE, Spec
from fissures.figures.labels import plain, spoken
from fissures.figures.look import INK, NAVY, RULE
from fissures.figures.sheet import Sheet
from fissures.study.place_records import Due, Lane, Stretch, Timeline

MOST_LANES = 8
MOST_TURNS = 12
MOST_CALENDARS = 4
EACH = timedelta(days=28)  # the pooled record is drawn by four weeks: single weeks are a barcode and no picture
_AHEAD = 0.27  # share of the width that the days after the as-of date have, which are few
_EDGE, _ROW, _SHORT, _BAR, _LEAST = 8, 34, 20, 12, 2.0  # pixels
_OUTLINE, _GAP = "#8b95a5", "#9aa1ac"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_DAY = timedelta(days=1)


def timeline_chart(told: Timeline, width: int = WIDE) -> Spec:
    """One lane a front: the rung of each stretch on record, white to navy; a dotted line where there is no record.

    Time runs on two scales: the days after the as-of date, in which things are due, are drawn wider. Turning points
    have the letters of `letter`, in order of time.
    """
    axis, lanes = _Axis(told, width), told.lanes[:MOST_LANES]
    key = _key(lanes, width)
    top = key.bottom + 28
    turns, coming = told.turns[:MOST_TURNS], list(_coming(told.due))
    below = top + _ROW * len(lanes) + (_ROW if turns else 0)
    bottom = below + _SHORT * len(coming)
    rows = [_title(lane, told, width) for lane in lanes] + (["Turning points"] if turns else [])
    names = key.names + [{"name": name, "x": _EDGE, "y": top + _ROW * k + 8} for k, name in enumerate(rows)]
    names += [
        {"name": plain(name, width // 9), "x": _EDGE, "y": below + _SHORT * k + 10}
        for k, (name, _) in enumerate(coming)
    ]
    ys = [top + _ROW * k + 17 for k in range(len(lanes))]
    sheet = Sheet(width, round(bottom + 22))
    ticks = axis.ticks(top, bottom)
    gaps = [*key.gaps, *({"x": axis.left, "x2": axis.now, "y": at + _BAR / 2} for at in ys)]
    bars = [bar for lane, at in zip(lanes, ys, strict=True) for bar in _bars(lane, at, axis)]
    edges = [edge for lane, at in zip(lanes, ys, strict=True) for edge in _outlines(lane, at, axis)]
    layers = [
        sheet.marks("rule", ticks, at="x y y2", color=RULE),
        sheet.marks("text", ticks, at="x y=y2", baseline="top"),
        sheet.marks("rule", gaps, at="x x2 y", color=_GAP, strokeDash=[1, 4]),
        sheet.marks("rect", key.boxes, at="x x2 y y2"),
        sheet.marks("rect", bars, at="x x2 y y2"),
        sheet.marks("rect", [*key.boxes, *edges], at="x x2 y y2", filled=False, stroke=_OUTLINE, strokeWidth=0.7),
        *_now(axis, top, bottom, sheet),
        *_ahead(coming, below, axis, sheet),
        *_turning([turn.when for turn in turns], below - 12, axis, sheet),
        sheet.marks("text", names, align="left"),
    ]
    heard = f"Timeline of {len(lanes)} lanes from {told.first} to {told.as_of}, and what is due to {told.horizon}."
    return sheet.spec(layers, f"{heard} The table below has the dates.")


def letter(k: int) -> str:
    """The letter of the k-th turning point, 0 first.

    >>> letter(0), letter(11)
    ('a', 'l')
    """
    return "abcdefghijklmnopqrstuvwxyz"[k % 26]


@dataclass(frozen=True)
class _Axis:
    """Days laid on pixels: the record, then what is ahead, each on a scale of its own."""

    told: Timeline
    width: int

    @property
    def left(self) -> float:
        return float(_EDGE)

    @property
    def now(self) -> float:
        """Where the as-of date ends."""
        whole = self.width - 2 * _EDGE
        return round(_EDGE + whole * (1 - _AHEAD if self.told.horizon > self.told.as_of else 1), 1)

    def at(self, day: date) -> float:
        """Where a day begins; held to the ends of the axis."""
        told = self.told
        if day <= told.as_of:
            share = (day - told.first) / max(told.as_of + _DAY - told.first, _DAY)
            return round(self.left + (self.now - self.left) * min(max(share, 0.0), 1.0), 1)
        share = (day - told.as_of - _DAY) / max(told.horizon - told.as_of, _DAY)
        return round(self.now + (self.width - _EDGE - self.now) * min(max(share, 0.0), 1.0), 1)

    def ticks(self, top: float, bottom: float) -> list[dict[str, Any]]:
        """The first days of years in the record, and of months ahead, as many as have room."""
        told = self.told
        years = [date(year, 1, 1) for year in range(told.first.year + 1, told.as_of.year + 1)]
        months = [
            date(year, month, 1)
            for year in range(told.as_of.year, told.horizon.year + 1)
            for month in range(1, 13)
            if told.as_of < date(year, month, 1) <= told.horizon
        ]
        kept = [*_apart([(self.at(day), day, str(day.year)) for day in years], 44)]
        names = [(self.at(day), day, _MONTHS[3 * day.month - 3 : 3 * day.month]) for day in months]
        kept += _apart([one for one in names if one[0] > self.now + 14], 28)
        return [{"x": x, "date": str(day), "name": name, "y": top - 2, "y2": bottom + 4} for x, day, name in kept]


def _apart(marks: Sequence[tuple[float, date, str]], room: float) -> Iterator[tuple[float, date, str]]:
    """Every n-th mark, so that their names have room."""
    step = 1
    while step < len(marks) and any(b[0] - a[0] < room for a, b in zip(marks[::step], marks[step::step], strict=False)):
        step += 1
    return iter(marks[::step])


def shade(height: float) -> str:
    """White to navy by how high on its ladder a rung stands; any rung above the lowest is seen.

    >>> shade(0.0), shade(0.01), shade(1.0)
    ('#ffffff', '#e6ecf4', '#12284c')
    """
    last = len(SHADES) - 1
    return SHADES[min(max(round(height * last), int(height > 0)), last)]


def _title(lane: Lane, told: Timeline, width: int) -> str:
    """The name of a lane; of a ladder other than the first lane's also which way its shades run."""
    name = "All fronts together" if lane.kind == "record" else plain(lane.name, 60)
    if lane.rungs != told.lanes[0].rungs and lane.rungs:
        name += f": {spoken(lane.rungs[0], 24)} to {spoken(lane.rungs[-1], 24)}"
    return plain(name, int(width / 8.5))


def _bars(lane: Lane, y: float, axis: _Axis) -> Iterator[dict[str, Any]]:
    stretches = evened(lane.stretches) if lane.kind == "record" else lane.stretches
    for one in sorted(stretches, key=lambda stretch: stretch.height):
        x, x2 = _span(one.start, one.end, axis)
        told = {"lane": plain(lane.name or "all fronts", 80), "rung": spoken(one.rung, 40)}
        dates = {"start": str(one.start), "until": str(one.end)}
        yield {**told, **dates, "x": x, "x2": x2, "y": y, "y2": y + _BAR, "shade": shade(one.height)}


def evened(stretches: Sequence[Stretch], each: timedelta = EACH) -> tuple[Stretch, ...]:
    """The highest rung of every `each` days on record, equal neighbours as one; days without a record stay out."""
    out: list[Stretch] = []
    for start, end in runs(stretches):
        while start <= end:
            last = min(start + each - _DAY, end)
            seen = [one for one in stretches if one.start <= last and one.end >= start]
            top = max(seen, key=lambda one: one.height)
            if out and out[-1].rung == top.rung and out[-1].end + _DAY == start:
                out[-1] = replace(out[-1], end=last)
            else:
                out.append(replace(top, start=start, end=last))
            start = last + _DAY
    return tuple(out)


def runs(stretches: Sequence[Stretch]) -> list[tuple[date, date]]:
    """First and last days on record without a gap between them."""
    out: list[tuple[date, date]] = []
    for one in sorted(stretches, key=lambda stretch: stretch.start):
        if out and one.start <= out[-1][1] + _DAY:
            out[-1] = (out[-1][0], max(out[-1][1], one.end))
        else:
            out.append((one.start, one.end))
    return out


def _outlines(lane: Lane, y: float, axis: _Axis) -> Iterator[dict[str, Any]]:
    for start, end in runs(lane.stretches):
        x, x2 = _span(start, end, axis)
        yield {"x": x, "x2": x2, "y": y, "y2": y + _BAR}


def _span(start: date, end: date, axis: _Axis) -> tuple[float, float]:
    """The pixels of some days; a day is never too thin to be seen."""
    x, x2 = axis.at(start), min(axis.at(end + _DAY), axis.now)
    return (x, x2) if x2 - x >= _LEAST else (max(round(x2 - _LEAST, 1), axis.left), x2)


def _turning(days: Sequence[date], y: float, axis: _Axis, sheet: Sheet) -> list[Spec]:
    """A mark a turning point; letters that would lie on each other move to the right."""
    marks, free = [], axis.left
    for k, day in enumerate(days):
        x = axis.at(day)
        label = round(max(min(x, axis.now - 6), free), 1)
        free = label + 11
        marks.append({"name": letter(k), "date": str(day), "x": x, "label": label, "y": y, "top": y - 8})
    return [
        sheet.marks("rule", marks, at="x y=top y2=y", color=NAVY, strokeWidth=1.5),
        sheet.marks("text", marks, at="x=label y", color=NAVY, fontWeight="bold", dy=7),
    ]


def _now(axis: _Axis, top: float, bottom: float, sheet: Sheet) -> list[Spec]:
    as_of = axis.told.as_of
    name = f"as of {as_of.day} {_MONTHS[3 * as_of.month - 3 : 3 * as_of.month]} {as_of.year}"
    rule = {"x": axis.now, "y": top - 2, "y2": bottom + 4}
    return [
        sheet.marks("rule", [rule], at="x y y2", color=INK, strokeWidth=1.2, strokeDash=[4, 3]),
        sheet.marks("text", [{"x": axis.now, "y": top - 9, "name": name}]),
    ]


def _coming(due: Sequence[Due]) -> Iterator[tuple[str, list[Due]]]:
    """The lanes of what is due: each calendar by itself, and the days on which questions close."""
    for one in [one for one in due if one.kind == "calendar"][:MOST_CALENDARS]:
        yield one.name, [one]
    if closing := [one for one in due if one.kind == "question"]:
        yield "Questions close", closing


def _ahead(coming: Sequence[tuple[str, list[Due]]], top: float, axis: _Axis, sheet: Sheet) -> list[Spec]:
    """Calendars as bars, and a diamond for each day on which questions close, in the part ahead."""
    rows = [
        {
            "kind": one.kind,
            "name": plain(one.name, 200),
            "start": str(one.start),
            "until": str(one.end),
            "x": axis.at(one.start),
            "x2": axis.at(one.end + _DAY) - (4 if one.kind == "question" else 0),
            "y": top + _SHORT * k + 10,
        }
        for k, (_, mine) in enumerate(coming)
        for one in mine
    ]
    bars, spots = ([row for row in rows if row["kind"] == kind] for kind in ("calendar", "question"))
    return [
        sheet.marks("rule", bars, at="x x2 y", color=NAVY, strokeWidth=4),
        sheet.marks("point", spots, at="x=x2 y", shape="diamond", color=NAVY, fill="#fff", size=60, opacity=1),
    ]


@dataclass(frozen=True)
class _Key:
    """What the shades mean, as rows of the layers that draw them; `bottom` is where it ends, in pixels."""

    boxes: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    names: list[dict[str, Any]]
    bottom: float


def _key(lanes: Sequence[Lane], width: int) -> _Key:
    """The rungs of the first lane's ladder that the record shows, and days without a record."""
    ladder = lanes[0].rungs if lanes else ()
    shown = {stretch.rung: stretch.height for lane in lanes if lane.rungs == ladder for stretch in lane.stretches}
    entries = [(spoken(rung, 20), shade(shown[rung])) for rung in ladder if rung in shown]
    key, left, y = _Key([], [], [], 0), _EDGE, 8
    for name, colour in [*entries, ("no record", "")]:
        wide = 22 + round(6.5 * len(name)) + 14
        if left + wide > width:
            left, y = _EDGE, y + 17
        if colour:
            key.boxes.append({"x": left, "x2": left + 16, "y": y - 5, "y2": y + 5, "shade": colour})
        else:
            key.gaps.append({"x": left, "x2": left + 16, "y": y})
        key.names.append({"name": name, "x": left + 21, "y": y})
        left += wide
    return replace(key, bottom=y + 8)

"""The record of the reference class: what chances it gave of many dead in a week, and how often they came.

Counted by `scripts/derive_class_record.py` on windows that the class's fit had not seen, and shipped beside the
classes. A case may be told only of windows that were over by its as-of date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby

from fissures.study.records import Range

KEPT_APART = "no choice was made on it"  # the span may have been seen before the last choice, and was


@dataclass(frozen=True)
class Told:
    """Chances between two bounds: how many were given, their mean, how many came true."""

    low: float
    high: float
    chances: int
    mean: float
    came: int

    @property
    def share(self) -> float:
        """The share that came true."""
        return self.came / self.chances

    @property
    def range80(self) -> Range:
        """Central 80 % of that share by Jeffreys' rule (Jeffreys 1946); fronts are taken one by one, as if they were
        independent, which they are not quite."""
        from scipy.special import betaincinv

        low, high = betaincinv(self.came + 0.5, self.chances - self.came + 0.5, [0.1, 0.9])
        return float(low), float(high)


@dataclass(frozen=True)
class Record:
    """One span of windows: on which data, over by when, how many windows, so many dead in a week or more, by chance."""

    span: str
    vintage: str
    known_by: date
    windows: int
    least: float
    told: tuple[Told, ...]

    @property
    def chosen_on(self) -> bool:
        """Whether the class's choices were made on this span."""
        return self.span != KEPT_APART

    @property
    def expected(self) -> float:
        """How many were to come true, by the chances given."""
        return sum(one.mean * one.chances for one in self.told)

    @property
    def came(self) -> int:
        """How many came true."""
        return sum(one.came for one in self.told)

    @property
    def chances(self) -> int:
        """How many chances were given."""
        return sum(one.chances for one in self.told)


def class_record(as_of: date) -> tuple[Record, ...]:
    """The spans that were over by a date, those kept apart from choices last; () where none was.

    >>> [(one.windows, one.chosen_on) for one in class_record(date(2020, 7, 21))]
    [(10, True), (4, False)]
    >>> class_record(date(2010, 1, 1))
    ()
    """
    return tuple(one for one in _records() if one.known_by <= as_of)


@cache
def _records() -> tuple[Record, ...]:
    text = files("fissures").joinpath("classes", "record.csv").read_text(encoding="utf-8")
    return tuple(_spans(csv.DictReader(text.splitlines())))


def _spans(rows: Iterator[dict[str, str]]) -> Iterator[Record]:
    for span, group in groupby(rows, key=lambda row: row["span"]):
        held = list(group)
        told = tuple(
            Told(float(row["from"]), float(row["to"]), int(row["chances"]), float(row["mean"]), int(row["came"]))
            for row in held
            if int(row["chances"])
        )
        one = held[0]
        yield Record(
            span, one["vintage"], date.fromisoformat(one["known_by"]), int(one["windows"]), float(one["least"]), told
        )

"""The panel's calendar: day and week numbers of dates, and the refusal of what lies after the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fissures.errors import DataError


@dataclass(frozen=True)
class Clock:
    """Days from `first` to `last`, the as-of date, both included."""

    first: date
    last: date
    days: int

    def day(self, when: date, where: str) -> int:
        """Day number of a date; refuses what lies after the as-of date."""
        if when > self.last:
            raise DataError(
                f"a row is dated {when}, after the as-of date {self.last}",
                where=where,
                why="nothing later than the as-of date may inform a fit",
                remedy="remove the row, or move as_of if the case is meant to know it",
            )
        return (when - self.first).days

    def week(self, when: date) -> int:
        """Number of the Monday-started week of a date, counted from the week of the first day."""
        monday = self.first - timedelta(days=self.first.weekday())
        return (when - monday).days // 7


def wrong(file: str, message: str, remedy: str) -> DataError:
    """The refusal of evidence that contradicts itself."""
    return DataError(
        message, where=file, why="evidence that contradicts itself is refused, never guessed", remedy=remedy
    )

"""What the evidence covers, in words: a title, names of strips, and the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fissures.brief.numbers import SPACE, count
from fissures.brief.phrases import keeper, listed
from fissures.figures.labels import plain
from fissures.study.coverage import Coverage, Covered

KINDS = (("full", "covered"), ("part", "covered in part"), ("none", "no record"))


def title(told: Coverage) -> str:
    """How many of the sources cover every month."""
    every = sum(row.full == len(told.starts) for row in told.rows)
    many = f"of {len(told.rows)} sources {count(every)}" if len(told.rows) > 1 else "the one source"
    which = f"{many} cover{'s' * (every == 1)}" if every else "no source covers"
    return f"What was recorded when: {which} all {count(len(told.starts))} months"


def text(told: Coverage) -> str:
    """What the strips mean, and how many streams nobody counted."""
    never = (
        f" Of {count(told.streams)} kinds of event that happen by a chance of their own, {count(told.uncounted)} are "
        "counted by no source: their rates are stated in the case."
        if told.uncounted
        else ""
    )
    return (
        "A full bar is a month that a source covers, a half one a month that it covers in part (in days, or in some of "
        f"the fronts), and a hatched one has no record: that is missing, not zero.{never}"
    )


def name(row: Covered, cites: Mapping[str, str]) -> str:
    """A strip's name: who keeps the source, and what it tells of."""
    return f"{keeper(row.source, cites)}: {plain(row.what, 200)}"


def heard(told: Coverage, cites: Mapping[str, str]) -> str:
    """What a reader of the figure hears."""
    rows = [
        f"{plain(name(row, cites), 120)}, {row.full} of {len(row.months)} months covered, "
        f"{len(row.months) - row.full - row.none} in part, {row.none} without a record"
        for row in told.rows
    ]
    return f"What each source covers by month. {'; '.join(rows)}. The table has the months."


def months(row: Covered, told: Coverage, kind: str) -> str:
    """The months of one kind as stretches: "January 2015 to March 2016"; "none" where there is none."""
    spans = [_span(told.starts[a], told.starts[b]) for one, a, b in row.runs if one == kind]
    return listed(spans) if spans else "none"


def _span(first: date, last: date) -> str:
    """A stretch of months in words.

    >>> _span(date(2015, 1, 1), date(2016, 3, 1)).replace(SPACE, " "), _span(date(2020, 7, 1), date(2020, 7, 1))[:4]
    ('January 2015 to March 2016', 'July')
    """
    begins, ends = (f"{day:%B}{SPACE}{day.year}" for day in (first, last))
    return begins if begins == ends else f"{begins} to {ends}"

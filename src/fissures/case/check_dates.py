"""Dates in order: what may inform the fit lies before the as-of date, what is asked lies after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from fissures.case.places import Place, Positions
from fissures.case.records import Case
from fissures.errors import Finding


def check_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    """The as-of date divides what may inform the fit from what is asked."""
    limit = _years_later(case.as_of, 3)
    if case.horizon <= case.as_of:
        yield positions.finding(
            ("horizon",),
            f"the horizon {case.horizon} is not after the as-of date {case.as_of}",
            "there would be no day to simulate",
            f"write a later date, at most {limit}",
        )
    elif case.horizon > limit:
        yield positions.finding(
            ("horizon",),
            f"the horizon {case.horizon} is more than three years after the as-of date {case.as_of}",
            "so far ahead the model only repeats its assumptions",
            f"write {limit} or earlier",
        )
    yield from _question_dates(case, positions)
    yield from _lever_dates(case, positions)
    yield from _evidence_dates(case, positions)
    yield from _front_dates(case, positions)
    yield from _past_dates(case, positions)


def _years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 February, and the calendar ends in 9999."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28) if day.year + years < 9999 else date.max


def _question_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    for name, question in case.questions.items():
        if not case.as_of < question.by <= case.horizon:
            yield positions.finding(
                ("questions", name, "by"),
                f"{question.by} does not lie after {case.as_of} and by the horizon {case.horizon}",
                "paths run from the as-of date to the horizon; outside it nothing is counted",
                f"write a date up to {case.horizon}, or move the horizon",
            )


def _lever_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    for name, lever in case.levers.items():
        if lever.since <= case.as_of:
            yield positions.finding(
                ("levers", name, "from"),
                f"the lever begins on {lever.since}, not after the as-of date {case.as_of}",
                "what has happened cannot be changed",
                f"begin on {case.as_of + timedelta(days=1)} or later" if case.as_of < date.max else "begin later",
            )
        if lever.until < lever.since:
            yield positions.finding(
                ("levers", name, "to"),
                f"the lever ends on {lever.until}, before it begins on {lever.since}",
                "it would do nothing",
                "exchange the two dates",
            )
        elif lever.until > case.horizon:
            yield positions.finding(
                ("levers", name, "to"),
                f"the lever ends on {lever.until}, after the horizon {case.horizon}",
                "its last days are not simulated",
                f"end it by {case.horizon}",
                level="warning",
            )


def _evidence_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    for name, record in case.evidence.items():
        for n, (start, end) in enumerate(record.covers):
            path: Place = ("evidence", name, "covers", n)
            if end < start:
                yield positions.finding(
                    path,
                    f"the window ends on {end}, before {start}",
                    "it covers no day",
                    "exchange the two dates",
                )
            if max(start, end) > case.as_of:
                yield positions.finding(
                    (*path, 1),
                    f"the window reaches {max(start, end)}, past the as-of date {case.as_of}",
                    "nothing later than the as-of date may inform the fit",
                    f"end the window by {case.as_of}",
                )
        source = case.sources.get(record.source)
        if source and source.published and source.published > case.as_of and not record.retrospective:
            yield positions.finding(
                ("evidence", name, "source"),
                f"'{record.source}' was published on {source.published}, after the as-of date {case.as_of}",
                "a reader on the as-of date could not have known it, and every output must say so",
                "write retrospective: true",
                level="warning",
            )


def _front_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    for name, front in case.fronts.items():
        if front.since and front.until and front.until < front.since:
            yield positions.finding(
                ("fronts", name, "to"),
                f"the front closes on {front.until}, before it opens on {front.since}",
                "nothing could happen on it",
                "exchange the two dates",
            )


def _past_dates(case: Case, positions: Positions) -> Iterator[Finding]:
    """Breaks and the beginnings of pressures lie in the past; a commitment holds by the horizon at the latest."""
    for name, broken in case.breaks.items():
        if broken.date >= case.as_of:
            yield positions.finding(
                ("breaks", name, "date"),
                f"the break of {broken.date} does not lie before the as-of date {case.as_of}",
                "a break splits the record, and nothing later than the as-of date may inform the fit",
                "write an earlier date; what might still happen is a lever",
            )
    for name, pressure in case.pressures.items():
        if pressure.begins is not None and pressure.begins > case.as_of:
            yield positions.finding(
                ("pressures", name, "begins"),
                f"the pressure begins on {pressure.begins}, after the as-of date {case.as_of}",
                "where it stands at the as-of date would be unknown",
                f"begin by {case.as_of}",
            )
    for name, owed in case.commitments.items():
        if owed.since is not None and owed.since > case.horizon:
            yield positions.finding(
                ("commitments", name, "since"),
                f"the commitment begins on {owed.since}, after the horizon {case.horizon}",
                "it would never be in force",
                f"write a date by {case.horizon}, or remove the commitment",
            )
        elif owed.since is not None and owed.since > case.as_of:
            yield positions.finding(
                ("commitments", name, "since"),
                f"the commitment begins on {owed.since}, after the as-of date {case.as_of}",
                "on the as-of date nobody was bound by it yet",
                f"write a date by {case.as_of}, or make it a lever",
                level="warning",
            )

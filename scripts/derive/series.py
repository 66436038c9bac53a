"""Series from outside the front: the pandemic, oil, the calendar, and flare-ups elsewhere."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import accumulate

from derive.tables import AS_OF, DAY, Row, SourceProblem, days

PANDEMIC_FROM = date(2020, 1, 1)
STRINGENCY = ("AZE", "GEO", "IRN", "RUS", "TUR")
ARMENIANS_IN_MILLIONS = 2.96
STRAIN_OVER_DAYS = 7
OIL_FROM = date(2015, 1, 1)
BUDGET_OIL_PRICE = 53.0  # dollars a barrel in Azerbaijan's budget of 2020
OIL_MEAN_OVER_DAYS = 30
CALENDAR_FROM, CALENDAR_TO = date(2014, 12, 29), date(2020, 12, 31)
CAMPAIGNS = ((date(2016, 2, 8), date(2016, 11, 8)), (date(2020, 2, 3), date(2020, 11, 3)))  # nine months each
MONITORS_STOPPED = date(2020, 3, 18)  # Crisis Group; nothing later than the as-of date is known of them
SEASON = range(4, 12)  # April to November: the mountain roads are open

ONSET, ONSET_DAYS = date(2020, 3, 1), 56  # the first eight weeks
NEWS_RISE, NEWS_DAYS = 5.0, 7  # a rise of so many points in a day is news for a week

PANDEMIC = (
    "date",
    *(f"stringency_{state.lower()}" for state in STRINGENCY),
    "strain_arm",
    "onset",
    "lockdown_news",
)


def pandemic(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Daily stringency (0 to 100) of each state and Armenia's strain from cases (0 to 100), to the as-of date.

    Then whether the day lies in the first eight weeks, and in the week after new measures in Azerbaijan.
    """
    by_day = {row["date"]: row for row in rows if row["date"] <= AS_OF.isoformat()}
    strain = strain_of_armenia(by_day)
    before, announced = 0.0, PANDEMIC_FROM - NEWS_DAYS * DAY
    for day in days(PANDEMIC_FROM, AS_OF):
        row = by_day.get(day.isoformat(), {})
        values = [row.get(f"{state}_stringency", "") for state in STRINGENCY]
        if not all(values):
            raise SourceProblem(f"stringency: no value on {day} for one of {', '.join(STRINGENCY)}")
        now = float(row[f"{STRINGENCY[0]}_stringency"])
        before, announced = now, day if now - before >= NEWS_RISE else announced
        onset, news = 0 <= (day - ONSET).days < ONSET_DAYS, (day - announced).days < NEWS_DAYS
        yield day, *values, f"{strain[day]:.2f}", int(onset), int(news)


def strain_of_armenia(by_day: dict[str, Row]) -> dict[date, float]:
    """log(1 + new cases a day per million, mean of seven days), scaled so that its highest value is 100."""
    dates = list(days(PANDEMIC_FROM, AS_OF))
    told = [by_day.get(day.isoformat(), {}).get("ARM_confirmed_ulklc", "") for day in dates]
    if not told[-1]:
        raise SourceProblem(f"cases: no value for Armenia on {AS_OF}")
    # cumulative counts: days before the first report are zero, and a later correction downwards adds no cases
    cases = list(accumulate((float(value or 0) for value in told), max))
    before = [0.0] * STRAIN_OVER_DAYS + cases[:-STRAIN_OVER_DAYS]
    person_days = STRAIN_OVER_DAYS * ARMENIANS_IN_MILLIONS
    logs = [math.log1p((now - then) / person_days) for now, then in zip(cases, before, strict=True)]
    return {day: 100 * value / max(logs) for day, value in zip(dates, logs, strict=True)}


def oil(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Dollars by which Brent, mean of the prices of the last 30 days, stands below the budget's price (0 if above)."""
    prices = sorted((date.fromisoformat(row["Date"]), float(row["Price"])) for row in rows)
    quoted = [day for day, _ in prices]
    for day in days(OIL_FROM, AS_OF):
        last = [p for _, p in prices[bisect_right(quoted, day - OIL_MEAN_OVER_DAYS * DAY) : bisect_right(quoted, day)]]
        if len(last) < 15:
            raise SourceProblem(f"oil: only {len(last)} prices in the {OIL_MEAN_OVER_DAYS} days to {day}")
        yield day, f"{max(0.0, BUDGET_OIL_PRICE - math.fsum(last) / len(last)):.2f}"


def calendar() -> Iterator[tuple[object, ...]]:
    """What the calendar says in advance: nearness of an American presidential election (0 to 1), and the season."""
    for day in days(CALENDAR_FROM, CALENDAR_TO):
        yield day, f"{us_election(day):.4f}", int(day.month in SEASON)


def monitoring() -> Iterator[tuple[object, ...]]:
    """Whether the OSCE's monitors went out to the line, by day, to the as-of date."""
    for day in days(CALENDAR_FROM, AS_OF):
        yield day, int(day < MONITORS_STOPPED)


def us_election(day: date) -> float:
    """0 to 1, rising in a straight line over the nine months before an American presidential election; else 0.

    >>> us_election(date(2020, 11, 3)), us_election(date(2020, 11, 4)), us_election(date(2020, 2, 3))
    (1.0, 0.0, 0.0)
    """
    return max(((day - start) / (end - start) for start, end in CAMPAIGNS if start <= day <= end), default=0.0)


def flare_ups(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Country-months of 50 to 999 state-based deaths after twelve months each below 25, and the worst of the next six.

    Only months before July 2020 count. A month without a value (the state did not exist) is missing, not zero, and an
    origin needs all twelve months before it and all six after it.
    """
    deaths: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["deaths_sb"] and row["month"] < "2020-07":
            deaths.setdefault(row["country"], {})[row["month"]] = float(row["deaths_sb"])
    calendar = [f"{year}-{month:02d}" for year in range(1990, 2021) for month in range(1, 13)]
    for country in sorted(deaths):
        series = deaths[country]
        for at in range(12, len(calendar) - 6):
            before, after = calendar[at - 12 : at], calendar[at + 1 : at + 7]
            if not all(month in series for month in (*before, calendar[at], *after)):
                continue
            if 50 <= series[calendar[at]] < 1000 and all(series[month] < 25 for month in before):
                worst = [series[month] for month in after]
                yield country, calendar[at], f"{series[calendar[at]]:g}", f"{max(worst):g}"

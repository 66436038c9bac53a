"""The questions as a forecasting platform takes them: title, criteria, dates, and a probability or points of a CDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from fissures.brief.context import Context
from fissures.brief.units import central
from fissures.study.records import Answer, Study

LEAST = 0.001  # a platform takes no certainty, and a share of simulated paths is none


def document(study: Study, context: Context) -> dict[str, Any]:
    """Every question in the fields of Metaculus (title, type, resolution_criteria, open, close and resolve times).

    Probabilities are kept between .001 and .999. A number has its chances as points of a cumulative distribution,
    from its quantiles and thresholds; nothing is interpolated between them.
    """
    answers = study.answers
    return {
        "format": "fissures-questions",
        "version": 1,
        "source": f"Fissures, issue {answers.digest}",
        "case": answers.case,
        "questions": [_question(q, answers.as_of, context) for q in answers.questions],
    }


def _question(q: Answer, as_of: date, context: Context) -> dict[str, Any]:
    void = " The question is annulled where what it supposes does not happen." if q.void > 0 else ""
    told = {
        "slug": q.id,
        "code": q.code,
        "title": q.title,
        "type": "binary" if q.kind == "event" else "numeric",
        "description": f"{context.title}, as of {as_of.isoformat()}. {context.purpose}",
        "resolution_criteria": q.resolves,
        "fine_print": f"The smallest place is a front and the smallest time a day.{void}",
        "open_time": f"{as_of.isoformat()}T00:00:00Z",
        "scheduled_close_time": f"{q.by.isoformat()}T23:59:59Z",
        "scheduled_resolve_time": f"{q.by.isoformat()}T23:59:59Z",
    }
    if q.kind == "event":
        return {**told, "forecast": {"probability_yes": bounded(central(q))}}
    points = cdf(q)
    top = max([value for value, _ in points], default=0.0)
    scaling = {"range_min": 0.0, "range_max": top, "zero_point": None}
    forecast = {"median": central(q), "cdf": [[value, chance] for value, chance in points]}
    return {**told, "scaling": scaling, "open_lower_bound": False, "open_upper_bound": True, "forecast": forecast}


def bounded(p: float) -> float:
    """A probability that a platform takes.

    >>> bounded(0.0), bounded(0.3), bounded(1.0)
    (0.001, 0.3, 0.999)
    """
    return min(max(p, LEAST), 1 - LEAST)


def cdf(q: Answer) -> list[tuple[float, float]]:
    """Points (value, chance of that value or less) from quantiles, and (just below a threshold, chance of less)."""
    points = {float(x): float(level) for level, x in sorted(q.quantiles.items(), key=lambda pair: float(pair[0]))}
    for bound, chance in q.exceed.items():
        points.setdefault(float(bound) - 1, 1 - chance)
    rising: list[tuple[float, float]] = []
    for value, chance in sorted(points.items()):
        known = max(bounded(chance), rising[-1][1] if rising else 0.0)
        rising.append((value, known))
    return rising

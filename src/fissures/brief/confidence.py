"""Confidence by a stated rubric: five parts, each graded by a rule that is printed, and a rule for the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fissures.brief.argument import DIRECTED, Told
from fissures.brief.units import Limits, strays
from fissures.study.records import Answer

LEVELS = ("low", "moderate", "high")


@dataclass(frozen=True)
class Part:
    """One part of the rubric: what it looks at, its rule in words, what was found, and the grade."""

    name: str
    rule: str
    found: str
    grade: str


RULE = "High needs three parts at high and none at low; two parts at low make the whole low; else it is moderate."


def rubric(
    entries: Sequence[Told],
    answer: Answer | None,
    questions: Sequence[Answer],
    limits: Mapping[str, Limits],
    untested: float | None,
) -> tuple[Part, ...]:
    """Every part graded, for the leading answer and the argument behind it."""
    k, n = sum(one.row.verdict in DIRECTED for one in entries), len(entries)
    outside = sum(strays(q, limits.get(q.code, {})) for q in questions)
    apart = spread(answer)
    return (
        Part(
            "Amount of data",
            "share of couplings to which the data give a direction: from two thirds high, from one third moderate",
            f"the data give a direction to {k} of {n} couplings",
            _grade(k / n if n else 0.0, 1 / 3, 2 / 3),
        ),
        Part(
            "Skill",
            "scores against named baselines in rolling backtests; missing counts as low",
            "no backtest of this version exists yet",
            "low",
        ),
        Part(
            "What the answer rests on",
            "part of what claims add to the leading answer that falls away once all untested ones are idle: up to a "
            "quarter high, up to half moderate; not known counts as low",
            "what the leading answer rests on was not taken apart"
            if untested is None
            else f"{tenths(untested)} of what claims add to the leading answer falls away without the untested ones",
            "low" if untested is None else _grade(1.0 - untested, 0.5, 0.75),
        ),
        Part(
            "Rival readings",
            "largest ratio of odds between reference class, claims off and claims on: up to 1.5 high, up to 3 moderate",
            "no rival reading stands beside the leading answer"
            if apart is None
            else f"rival readings lie a factor of {apart:.1f} apart in the odds",
            "low" if apart is None else _grade(-apart, -3.0, -1.5),
        ),
        Part(
            "Bounds",
            "answers outside the bounds that were stated from base rates: none high, else low",
            f"{outside or 'no'} answer{'s' * (outside > 1)} lie{'s' * (outside <= 1)} outside bounds from base rates",
            "low" if outside else "high",
        ),
    )


def _grade(value: float, moderate: float, high: float) -> str:
    return LEVELS[(value >= moderate - 1e-9) + (value >= high - 1e-9)]


def spread(answer: Answer | None) -> float | None:
    """The largest ratio of odds between the readings of an event; None for a number, or where nothing can be set apart.

    Shares below half a per cent, or above all but that, are taken as that: nobody can tell them apart on few paths.
    """
    if answer is None or answer.kind != "event":
        return None
    told = [answer.with_claims, answer.claims_off]
    told += [answer.reference_class.value] if answer.reference_class else []
    odds = [math.log(p / (1.0 - p)) for p in (min(max(x, 0.005), 0.995) for x in told)]
    return math.exp(max(odds) - min(odds))


def overall(parts: Sequence[Part]) -> str:
    """The grade of the whole, by the stated rule."""
    grades = [part.grade for part in parts]
    if grades.count("low") >= 2:
        return "low"
    return "high" if "low" not in grades and grades.count("high") >= 3 else "moderate"


def sentence(parts: Sequence[Part]) -> str:
    """Confidence in one sentence, with what holds it down first; never beside a likelihood."""
    ranked = sorted(parts, key=lambda part: LEVELS.index(part.grade))
    reasons = [part.found for part in ranked[:4]]
    return f"Confidence is {overall(parts)}: {', '.join(reasons[:-1])}, and {reasons[-1]}."


def tenths(share: float) -> str:
    """A share of an argument in words, so that it is not read as a likelihood.

    >>> tenths(0.72), tenths(0.02), tenths(0.98)
    ('seven tenths', 'next to nothing', 'nearly all')
    """
    whole = round(10 * share)
    words = ("next to nothing", "one tenth", "two tenths", "three tenths", "four tenths", "half", "six tenths")
    return (*words, "seven tenths", "eight tenths", "nine tenths", "nearly all")[min(max(whole, 0), 10)]

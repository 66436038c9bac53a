"""Triggers: what a desk asked to be told of, where it stands, and whether its threshold is passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from fissures.case.amounts import PhraseError
from fissures.case.records import Case
from fissures.case.triggers import Threshold, threshold
from fissures.errors import UsageError
from fissures.events.panel import Panel
from fissures.model.simulate import Run
from fissures.study.records import Answers


@dataclass(frozen=True)
class Watched:
    """One trigger: its name, phrase, where the number stands, the level at which it fires, and whether it does.

    A number that nobody counted is None, and fires nothing: missing is not zero.
    """

    name: str
    when: str
    says: str
    value: float | None
    level: float
    share: bool
    fired: bool


@dataclass(frozen=True)
class Watch:
    """All triggers of a case at its as-of date; iterates over them, `fired` are those past their threshold."""

    case: str
    as_of: date
    digest: str
    triggers: tuple[Watched, ...]

    @property
    def fired(self) -> tuple[Watched, ...]:
        """Triggers whose threshold is passed."""
        return tuple(one for one in self.triggers if one.fired)

    def __iter__(self) -> Iterator[Watched]:
        return iter(self.triggers)

    def __len__(self) -> int:
        return len(self.triggers)

    def __str__(self) -> str:
        """One line a trigger."""
        return "\n".join(f"{'FIRED' if one.fired else 'quiet'}  {one.name}: {one.when}" for one in self)


def watch(case: Case, panel: Panel, run: Run, answers: Answers, more: Mapping[str, str]) -> Watch:
    """Where every trigger of a case stands, and those of `more` (name and phrase).

    Raises UsageError for a phrase that cannot be read, or where there is nothing to watch.
    """
    asked = {name: (one.when, one.says) for name, one in case.triggers.items()}
    asked |= {name: (phrase, "") for name, phrase in more.items()}
    if not asked:
        raise UsageError(
            "nothing to watch",
            where="triggers",
            why="a watch needs a number and a threshold",
            remedy='write triggers: in the case, or --when "Q4 above 10 %"',
        )
    told = tuple(_watched(case, panel, run, answers, name, *one) for name, one in asked.items())
    return Watch(case.case, case.as_of, answers.digest, told)


def _watched(case: Case, panel: Panel, run: Run, answers: Answers, name: str, when: str, says: str) -> Watched:
    try:
        asked = threshold(when, case)
    except PhraseError as error:
        raise UsageError(
            error.message, where=f"triggers: {name}", why="nobody can be told when this is so", remedy=error.remedy
        ) from error
    value = _value(case, panel, run, answers, asked)
    fired = value is not None and (value >= asked.level if asked.kind == "place" else _passed(value, asked))
    share = asked.kind == "place" or (asked.kind == "question" and _is_event(answers, asked.name))
    return Watched(name, when, says, value, asked.level, share, fired)


def _passed(value: float, asked: Threshold) -> bool:
    return value > asked.level if asked.above else value < asked.level


def _is_event(answers: Answers, code: str) -> bool:
    return next(one.kind for one in answers.questions if one.code == code) == "event"


def _value(case: Case, panel: Panel, run: Run, answers: Answers, asked: Threshold) -> float | None:
    """The number that is watched, at the as-of date."""
    if asked.kind == "question":
        return float(next(one.with_claims for one in answers.questions if one.code == asked.name))
    if asked.kind == "pressure":
        mine = [p for p, one in enumerate(run.plan.pressures) if one.record == asked.name]
        return float(np.mean([run.fit.start.pressures[:, p].mean() / run.plan.pressures[p].scale for p in mine]))
    if asked.kind == "place":
        f = run.plan.places.index(asked.name)
        return float((run.fit.start.rungs[:, f] >= run.plan.rungs(f).index(asked.rung)).mean())
    days = max(int(asked.days), 1)
    s = list(case.streams).index(asked.name)
    told = float(panel.evidence[s, -days:].sum() + panel.state[s, -days:].sum())
    # A stream that nobody counted up to the as-of date may still be known by some events: that many at least.
    return told if told > 0 or panel.seen(asked.name)[-days:].all() else None

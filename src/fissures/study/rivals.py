"""Rival readings: the same fit and random numbers, the argument read as somebody else would read it.

Two readings any argument has: that only what the record could test holds, and that what it could not test runs the
other way. The case adds its own, each with its source. Nothing is refitted: what the record says of one claim may lean
on another, so an arm tells what the reading holds of the future and not how well it fits the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from fissures.case.records import Case
from fissures.case.systems import Element
from fissures.model.plan import coefficient
from fissures.model.simulate import Run
from fissures.study.ahead import ahead
from fissures.study.answers import between_draws, monte_carlo_error, share_range
from fissures.study.claims import COULD_NOT_TEST, coefficients
from fissures.study.outcomes import every
from fissures.study.pairing import Control
from fissures.study.records import ClaimRow, Rival
from fissures.study.systems import taken_out

TESTED_ONLY = "Only what the record could test"
REVERSED = "The untested claims the other way round"


def rivals(
    control: Control,
    rows: Sequence[ClaimRow],
    progress: Callable[[str], None] | None = None,
    most: int | None = None,
) -> tuple[Rival, ...]:
    """Rival readings (all, or so many) as arms of their own; first the two of any argument."""
    told = (*_of_any_argument(rows), *_of_the_case(control.case))[:most]

    def tasks() -> Iterator[Callable[[], Run]]:
        for rival in told:
            if progress:
                progress(f"read as: {rival.name}")
            yield partial(_read_so, control, rival)

    out = []
    for rival, arm in zip(told, ahead(tasks()), strict=True):
        differences = control.differences(arm)
        ranges = {
            code: share_range(differences[code].arm, between_draws(y, arm.draws), monte_carlo_error(y, arm.draws))
            for code, y in every(control.case, arm).items()
        }
        out.append(replace(rival, differences=differences, ranges=ranges, paths=arm.paths))
    return tuple(out)


def _of_any_argument(rows: Sequence[ClaimRow]) -> Iterable[Rival]:
    untested = tuple(dict.fromkeys(row.id for row in rows if row.verdict == COULD_NOT_TEST and not row.shares))
    if not untested:
        return
    many = f"{len(untested)} claims" if len(untested) > 1 else "the one claim"
    yield Rival(TESTED_ONLY, f"{many} that the data could not test stand idle", idle=untested)
    yield Rival(REVERSED, f"{many} that the data could not test run against what they say", turned=untested)


def _of_the_case(case: Case) -> Iterable[Rival]:
    for one in case.rivals.values():
        yield Rival(one.name, one.says, one.source or "", idle=one.idle, turned=one.reversed)


def _read_so(control: Control, rival: Rival) -> Run:
    """The run under a reading: coefficients idle with all that restate them, or their draws with the other sign."""
    case, plan, fit = control.case, control.run.plan, control.run.fit
    groups = {part.name: group for group in coefficients(case).values() for part in group}
    for name in rival.idle:
        for part in groups.get(name, [Element("claim", name)]):
            plan, fit = taken_out(plan, fit, part)
    names = dict.fromkeys(coefficient(case, name) for name in rival.turned)
    turned = {name: -fit.draws[name] for name in names if name in fit.draws}
    return control.simulate(plan, replace(fit, draws={**fit.draws, **turned}))

"""Comparing futures: a lever on one arm, the same random numbers on both."""

from __future__ import annotations

from dataclasses import replace

from fissures.case import grammar
from fissures.case.records import Case
from fissures.model.simulate import Run
from fissures.study.brought_about import brought_about
from fissures.study.claims import COULD_NOT_TEST
from fissures.study.pairing import Control, active
from fissures.study.records import Arm, ClaimRow, WeekDifference


def compare(control: Control, arm: Run, levers: tuple[str, ...], claims: tuple[ClaimRow, ...]) -> Arm:
    """What one lever, or several pulled together, change in every question, path by path, and what the change rides on.

    A number question stands as the chance of reaching each of its thresholds, under codes such as "Q15>=50".
    """
    case = control.case
    fitted, assumed = rides_on(case, levers, claims)
    itself = brought_about(case, levers)
    differences = {
        code: replace(found, itself=itself.get(code.partition(">=")[0], ""))
        for code, found in control.differences(arm, None, fitted, assumed).items()
    }
    pulled = [case.levers[name] for name in levers]
    return Arm(
        id="+".join(levers),
        name=" and ".join(one.name for one in pulled),
        says="; ".join(one.says for one in pulled if one.says),
        escalatory=any(one.escalatory for one in pulled),
        differences=differences,
        code="+".join(one.code for one in pulled if one.code),
        paths=control.run.paths,
        weeks=_weeks(control, arm, fitted, assumed),
        levers=levers,
    )


def _weeks(
    control: Control, arm: Run, fitted: tuple[str, ...], assumed: tuple[str, ...]
) -> dict[str, tuple[WeekDifference, ...]]:
    """By front and week, what changes in the chance that the front is active."""
    date_of = control.run.plan.date_of
    return {
        front: tuple(
            WeekDifference(date_of(7 * week), control.difference(*shares, fitted, assumed))
            for week, shares in enumerate(zip(whole, x, active(arm, front), strict=True))
        )
        for front, (whole, x) in control.active.items()
    }


def rides_on(
    case: Case, levers: tuple[str, ...], claims: tuple[ClaimRow, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The claims that carry the levers' effect, by code: those the data spoke to, and those that are assumed."""
    pulled = [case.levers[name] for name in levers]
    touched = {name for one in pulled for name in (*one.hold, *one.inject, *one.scale)}
    riding = [row for row in claims if any(row.id in one.edit for one in pulled)]
    touched |= {name for row in riding for name in _moves(case, row.id)}
    takes_in = _downstream(case)
    while True:  # a lever moves streams, they feed pressures, claims on those move further streams and tracks
        while grown := {name for name, inputs in takes_in.items() if name not in touched and inputs & touched}:
            touched |= grown
        more = [row for row in claims if row not in riding and _reads(case, row.id) & touched]
        if not more:
            break
        riding += more
        touched |= {name for row in more for name in _moves(case, row.id)}
    riding.sort(key=claims.index)
    fitted = tuple(row.code for row in riding if row.verdict != COULD_NOT_TEST)
    return fitted, tuple(row.code for row in riding if row.verdict == COULD_NOT_TEST)


def _downstream(case: Case) -> dict[str, set[str]]:
    """What each pressure, stream, track and commitment in force takes in, by name.

    A stream takes in what it is read from and the commitment that obliges it; a track the streams that are read from
    it, since an event brought about puts it there; a commitment in force its reading, its trigger and its request.
    """
    out: dict[str, set[str]] = {}
    for name, pressure in case.pressures.items():
        fed = (_named(case, grammar.factor(text, case)) for text in pressure.fed_by)
        out[name] = set(pressure.relieved_by).union(*fed)
    for name, stream in case.streams.items():
        out[name] = _named(case, grammar.factor(stream.read_from, case)) if stream.read_from else set()
        for track in out[name] & set(case.tracks):
            out.setdefault(track, set()).add(name)
    for name, owed in case.commitments.items():
        asked = {owed.requested_by} if owed.requested_by else set()
        out[_in_force(name)] = {name, *asked, *_named(case, grammar.factor(owed.when, case))}
        if owed.obliges and owed.raises:
            out[owed.obliges] |= {_in_force(name)}
    return out


def _in_force(commitment: str) -> str:
    """A commitment in force is another thing than its standing deterrence, which no request changes."""
    return f"{commitment} in force"


def _named(case: Case, factor: grammar.Factor) -> set[str]:
    """The names that a factor reads, without fronts: everything rides on those."""
    if factor.kind == "in_force":
        return {_in_force(name) for name in factor.names}
    return set(factor.names) - set(case.fronts)


def _reads(case: Case, claim: str) -> set[str]:
    record = case.claims[claim]
    if record.cause is None:
        return set()
    factors = list(grammar.cause(record.cause, case).factors)
    factors += [grammar.when(record.when, case).factor] if record.when else []
    return {name for factor in factors for name in _named(case, factor)}


def _moves(case: Case, claim: str) -> set[str]:
    if case.claims[claim].effect is None:  # it restates another, which says what it moves
        return set()
    effect = grammar.effect(str(case.claims[claim].effect), case)
    if effect.kind in ("stream", "pressure"):
        return {str(effect.name)}
    return {name for name in effect.fronts if name in case.tracks}

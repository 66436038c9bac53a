"""Levers: what somebody could do, as a step from plan to plan."""

from __future__ import annotations

from dataclasses import replace

from fissures.case import grammar
from fissures.case.records import Case
from fissures.errors import UsageError
from fissures.model.plan import LeverPlan, Plan, coefficient, digest_with

ESCALATORY = "an escalatory what-if asks how a party could raise the odds of violence"


def permit(case: Case, name: str, allow_escalatory: bool = False) -> None:
    """Raise UsageError for a lever that the case does not hold, or an escalatory one without leave."""
    if name not in case.levers:
        raise UsageError(
            f"no lever '{name}'",
            where="levers",
            why="a what-if changes one named thing, so that its effect can be read",
            remedy=grammar.nearest(name, case.levers),
        )
    lever = case.levers[name]
    if lever.escalatory and not allow_escalatory:
        raise UsageError(
            f"lever '{name}' is escalatory",
            where="levers",
            why=f"{ESCALATORY}; this tool is for prevention",
            remedy="--allow-escalatory, if that is what you need to know",
        )


def pull(case: Case, plan: Plan, name: str, allow_escalatory: bool = False) -> Plan:
    """The plan with one lever of the case pulled; levers stack in the order they are pulled. Raises as `permit`."""
    permit(case, name, allow_escalatory)
    lever = case.levers[name]
    streams, pressures, owed = list(case.streams), [p.name for p in plan.pressures], list(case.commitments)
    dose = {stream: grammar.injection(text) for stream, text in lever.inject.items()}
    pulled = LeverPlan(
        name,
        tuple((streams.index(s), d.count, d.every) for s, d in dose.items()),
        tuple((p, level) for held, level in lever.hold.items() for p in _instances(pressures, held)),
        plan.day(lever.since),
        plan.day(lever.until),
        tuple((owed.index(held), level) for held, level in lever.hold.items() if held in owed),
        tuple((streams.index(s), factor) for s, factor in lever.scale.items() if s in streams),
        tuple((p, factor) for s, factor in lever.scale.items() if s not in streams for p in _instances(pressures, s)),
        tuple((coefficient(case, claim), factor) for claim, factor in lever.edit.items()),
        grammar.duration(lever.ramp) if lever.ramp else 0.0,
    )
    return replace(plan, levers=(*plan.levers, pulled), digest=digest_with(plan, pulled))


def _instances(pressures: list[str], name: str) -> list[int]:
    """The pressure itself, or its instance on every front."""
    return [k for k, p in enumerate(pressures) if p == name or p.startswith(f"{name}@")]

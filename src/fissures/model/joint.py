"""Which ladders and streams are fitted together: those whose claims share a coefficient, and no others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.model import fit_ladders as ladders
from fissures.model import fit_streams as streams
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.blocks import Joint, Part
from fissures.model.causes import Priors
from fissures.model.plan import Plan


@dataclass(frozen=True)
class Unit:
    """One ladder, or one counted stream, by number, and the coefficients of claims and breaks that act on it."""

    kind: str
    number: int
    claims: tuple[str, ...]


def counted(plan: Plan, panel: Panel) -> list[int]:
    """Streams that are a chance of their own and that somebody counted."""
    return [s for s, one in enumerate(plan.streams) if one.read is None and one.name in panel.observed]


def units(plan: Plan, panel: Panel, priors: Priors) -> list[Unit]:
    """Everything that has a likelihood with claims in it."""

    def known(names: list[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in priors)

    out = [Unit("ladder", n, known(ladders.claims_on(plan, n))) for n in sorted(set(plan.ladder_of))]
    return out + [Unit("stream", s, known(streams.claims_on(plan, s))) for s in counted(plan, panel)]


def together(all_units: list[Unit]) -> list[list[Unit]]:
    """Units that share coefficients, directly or through others, in the order of their first."""
    groups: list[list[Unit]] = []
    for unit in all_units:
        mine = [group for group in groups if any(set(unit.claims) & set(other.claims) for other in group)]
        for group in mine:
            groups.remove(group)
        groups.append([other for group in mine for other in group] + [unit])
    return sorted(groups, key=lambda group: min(all_units.index(unit) for unit in group))


def blocks(case: Case, plan: Plan, panel: Panel, history: past.History, priors: Priors) -> list[Joint]:
    """The blocks of the posterior that claims act on."""
    return [block(case, plan, panel, history, priors, group) for group in together(units(plan, panel, priors))]


def block(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    priors: Priors,
    group: list[Unit],
    completions: int | None = None,
) -> Joint:
    """The block of the posterior that a group of units makes, on the first so many completions of the record (all)."""
    completions = past.COMPLETIONS if completions is None else completions
    rows: list[tuple[str, float, float]] = []
    for unit in group:
        rows += _own(case, plan, panel, unit)
    claims = list(dict.fromkeys(name for unit in group for name in unit.claims))
    rows += [(name, *priors[name]) for name in claims]
    names = [name for name, _, _ in rows]
    fixed = [_stream(plan, panel, history, names, unit, priors) for unit in group if unit.kind == "stream"]
    standing = [unit.number for unit in group if unit.kind == "ladder"]
    parts = tuple(
        (
            *(
                part
                for number in standing
                for part in ladders.ladder_parts(case, plan, panel, history, names, number, completion)
            ),
            *fixed,
        )
        for completion in range(completions if standing else 1)
    )
    return Joint(
        name=_name(plan, group),
        names=tuple(names),
        mean=np.array([mean for _, mean, _ in rows]),
        sd=np.array([sd for _, _, sd in rows]),
        claims=np.array([name.startswith("claim:") for name in names]),
        parts=parts,
    )


def _own(case: Case, plan: Plan, panel: Panel, unit: Unit) -> list[tuple[str, float, float]]:
    if unit.kind == "stream":
        return streams.own_coefficients(plan, unit.number, panel.observed[plan.streams[unit.number].name])
    mean, sd = belief.ladder_prior(case, plan, unit.number)
    return list(zip(belief.ladder_names(plan, unit.number), mean.tolist(), sd.tolist(), strict=True))


def _stream(plan: Plan, panel: Panel, history: past.History, names: list[str], unit: Unit, priors: Priors) -> Part:
    return streams.stream_part(plan, panel, history, names, unit.number, priors)


def _name(plan: Plan, group: list[Unit]) -> str:
    """What a reader calls the block."""
    told = [
        f"ladder {plan.ladders[u.number].name}" if u.kind == "ladder" else f"stream {plan.streams[u.number].name}"
        for u in group
    ]
    return " + ".join(told)

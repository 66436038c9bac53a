"""A case's own flare-up at its as-of date, deduced from its record, its fronts and its actors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Actor, Case
from fissures.events.panel import Panel
from fissures.study.flare_ups import KILLED, QUIET, WINDOW, FlareUp, Traits
from fissures.terms import state

Floats = NDArray[np.float64]

# Words that tell no party or place from another.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        armed army authorities border command council democratic east eastern facto fighters
        forces from front government group islamic liberation local military militia ministry
        movement name national north northern official organisation organization party people peoples
        popular region regional republic revolutionary self south southern state states union
        united west western with
        """,
    )
)


@dataclass(frozen=True)
class Now:
    """Where a case stands: its flare-up's first and last day and traits; or `why` it has none, and no traits."""

    start: date
    seen: date
    traits: Traits | None
    why: str = ""


def now(case: Case, panel: Panel) -> Now:
    """The case's flare-up in the weeks that touch its last fourteen days, its fronts pooled as in the record."""
    killed = recorded(panel)
    last = panel.days - 1
    first_week = int(panel.week_of[max(last - WINDOW + 1, 0)])
    start_week = first_week + int(np.argmax(killed[first_week:] > 0))
    deaths, start = int(killed[first_week:].sum()), _day(panel, start_week)
    before = float(killed[max(start_week - round(QUIET / 7), 0) : start_week].sum())
    told = f"{deaths} killed in the weeks of the last {WINDOW} days"
    if deaths < KILLED:
        return Now(start, case.as_of, None, f"no flare-up now: {told}, fewer than {KILLED}")
    if before >= KILLED:
        return Now(start, case.as_of, None, f"no flare-up after quiet: {before:.0f} killed in the {QUIET} days before")
    year = int(killed[max(start_week - 52, 0) : start_week].sum())
    quiet = max((start - _last_fighting(panel, killed, start_week)).days, 1)
    traits = Traits(deaths, quiet, year, kinds(case, panel), at_stake(case), patron(case))
    return Now(start, case.as_of, traits)


def recorded(panel: Panel) -> Floats:
    """Deaths by week (weeks,); where the record has a gap, the middle of what a spell says of it, else nothing."""
    killed = np.nan_to_num(panel.killed)
    for spell in panel.spells:
        if not panel.covered[spell.start : spell.end + 1].any() and spell.killed_low and spell.killed_high:
            killed[panel.week_of[spell.start]] += np.sqrt(spell.killed_low * spell.killed_high)
    return killed


def _day(panel: Panel, week: int) -> date:
    return panel.date_of(int(np.flatnonzero(panel.week_of == week)[0]))


def _last_fighting(panel: Panel, killed: Floats, start: int) -> date:
    """When five were last killed within two weeks before a week; the record's first day where they never were."""
    for week in range(start - 1, 0, -1):
        if killed[week - 1 : week + 1].sum() >= KILLED:
            return _day(panel, week) + timedelta(days=6)
    return panel.first


def kinds(case: Case, panel: Panel) -> tuple[str, ...]:
    """The kinds of dyad on the fronts that the record speaks of, each once."""
    found = [_kind(case, f.between[:2]) for f, told in zip(case.fronts.values(), panel.recorded, strict=False) if told]
    return tuple(dict.fromkeys(found)) or ("internal",)


def _kind(case: Case, sides: tuple[str, ...]) -> str:
    """Interstate between states; contested where one side is a state and the other is declared not recognised."""
    actors = [case.actors[side] for side in sides]
    if all(map(is_state, actors)):
        return "interstate"
    return "contested" if any(map(is_state, actors)) and not all(a.recognised for a in actors) else "internal"


def is_state(actor: Actor) -> bool:
    """Whether an actor is a state, and not a body within one."""
    return actor.recognised and actor.within is None and (actor.iso3 is not None or actor.gw is not None)


def at_stake(case: Case) -> str:
    """ "yes" where a place on some front is held by another than its recognised owner, or has none; else ""."""
    fronts = case.fronts.values()
    held_apart = any(f.recognised.get(place) != who for f in fronts for place, who in f.held.items())
    return "yes" if held_apart else ""


def patron(case: Case) -> str:
    """ "yes" where a state that is no side stands with one, is called its patron, or guarantees it; else ""."""
    sides = {side for front in case.fronts.values() for side in front.between}
    others = {key for key, actor in case.actors.items() if is_state(actor) and key not in sides}
    backs = any(
        case.actors[key].stands_with in sides or re.search(r"\bpatron\b", case.actors[key].role or "") for key in others
    )
    guards = any(c.guarantor in others and c.protects in sides for c in case.commitments.values())
    return "yes" if backs or guards else ""


def own(case: Case, one: FlareUp) -> bool:
    """Whether a flare-up is an earlier one of the case's own conflict.

    Between states: both sides of a front. Else a telling word of a side that is no state stands in the conflict's name,
    or in that of its second side.
    """
    for front in case.fronts.values():
        sides = [case.actors[side] for side in front.between[:2]]
        codes = {_code(side) for side in sides if is_state(side)}
        if len(codes) == 2 and codes <= set(one.states):
            return True
        words = set().union(*(_words(" ".join((s.name, *s.known_as))) for s in sides if not is_state(s)))
        if words & _words(" ".join((one.conflict, *one.sides[1:]))):
            return True
    return False


def _code(actor: Actor) -> str:
    return actor.iso3 or state(str(actor.gw)) or ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.lower())) - _COMMON

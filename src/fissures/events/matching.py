"""Which stream of a case a row belongs to: who (by state and role, or by name), what (PLOVER category), to whom."""

from __future__ import annotations

from collections.abc import Iterable

from fissures.case.records import Actor, Case, Stream
from fissures.events.table import literal

STATE_ORGANS = ("GOV", "MIL", "COP", "SPY", "JUD", "LEG")  # a state acts through these, or under its bare name
_AGAINST_THE_STATE = ("OPP", "REB", "SEP", "INS")
_STATE = 3  # letters of a CAMEO code that name the state; what follows are roles, three letters each


def who(actor: Actor, side: str) -> str:
    """Whether a row's `actor` or `recipient` (the side) is this actor, as SQL.

    An actor with the code of a state alone is the state and its organs; letters after the state's are a role
    (AZEOPP); an actor without a state is known by its names only.
    """
    told = [f"lower({side}) IN ({', '.join(map(literal, _names(actor)))})"]
    code, state = actor.cameo or actor.iso3 or "", _state(actor)
    roles = [code[k : k + 3] for k in range(_STATE, len(code), 3)] if code.startswith(state) and state else []
    if state and roles:
        told.append(f"({side}_state = {literal(state)} AND list_has_any({side}_roles, {_listed(roles)}))")
    elif state and not actor.within:
        organs = f"{side}_roles IS NULL OR (list_has_any({side}_roles, {_listed(STATE_ORGANS)})"
        organs += f" AND NOT list_has_any({side}_roles, {_listed(_AGAINST_THE_STATE)}))"
        told.append(f"({side}_state = {literal(state)} AND ({organs}))")
    return f"({' OR '.join(told)})"


def _names(actor: Actor) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.lower() for name in (actor.name, *actor.known_as)))


def _state(actor: Actor) -> str:
    """The state by which an actor is known; empty where it is known by its names only."""
    code = actor.cameo or actor.iso3 or ""
    return actor.iso3 or (code[:_STATE] if actor.within or len(code) == _STATE else "")


def _listed(roles: Iterable[str]) -> str:
    return "[" + ", ".join(literal(role) for role in roles) + "]"


def what(stream: Stream) -> str:
    """Whether a row's category (and mode, where the stream names one: ASSAULT/drone) is the stream's, as SQL."""
    told = []
    for named in stream.count:
        category, _, mode = named.partition("/")
        told.append(f"category = {literal(category)}" + (f" AND mode = {literal(mode)}" if mode else ""))
    return " OR ".join(f"({text})" for text in told) or "true"


def marks(case: Case, streams: Iterable[str]) -> dict[str, str]:
    """Columns to add to a row: whether its actor, and its recipient, is each actor that the streams name."""
    sides = {"actor": "actor", "recipient": "recipient"}
    named = {(side, name) for stream in streams for side in sides for name in getattr(case.streams[stream], side)}
    return {f"{side}_is_{name}": who(case.actors[name], side) for side, name in sorted(named)}


def belongs(stream: Stream) -> str:
    """Whether a row with its `marks` belongs to a stream, as SQL: an act of one actor upon another one.

    Where a stream names the same actors on both sides, what an actor does to itself is no part of it.
    """
    told = [f"({what(stream)})"]
    if stream.actor and stream.recipient and set(stream.actor) & set(stream.recipient):
        pairs = [(a, b) for a in stream.actor for b in stream.recipient if a != b]
        told.append(
            "(" + " OR ".join(f"(actor_is_{a} AND recipient_is_{b})" for a, b in pairs) + ")" if pairs else "false"
        )
        return " AND ".join(told)
    for side in ("actor", "recipient"):
        if names := getattr(stream, side):
            told.append("(" + " OR ".join(f"{side}_is_{name}" for name in names) + ")")
    return " AND ".join(told)


def concerned(case: Case, streams: Iterable[str]) -> str:
    """Whether a row can belong to any of the streams, as SQL that needs no marks: to select few rows of many."""
    return " OR ".join(f"({_full(case, case.streams[name])})" for name in streams) or "false"


def _full(case: Case, stream: Stream) -> str:
    told = [f"({what(stream)})"]
    for side in ("actor", "recipient"):
        if names := getattr(stream, side):
            told.append("(" + " OR ".join(who(case.actors[name], side) for name in names) + ")")
    return " AND ".join(told)


def roughly(case: Case, streams: Iterable[str]) -> str:
    """What holds of every row that is `concerned`, and of some more, as SQL that is quick to judge."""
    alike: dict[tuple[bool, bool, bool], list[Stream]] = {}
    for stream in (case.streams[name] for name in streams):
        alike.setdefault((bool(stream.count), bool(stream.actor), bool(stream.recipient)), []).append(stream)
    told = []
    for group in alike.values():
        kinds = dict.fromkeys(named.partition("/")[0] for stream in group for named in stream.count)
        parts = [f"category IN ({', '.join(map(literal, kinds))})"] if kinds else []
        for side in ("actor", "recipient"):
            if names := dict.fromkeys(name for stream in group for name in getattr(stream, side)):
                parts.append(_known(case, names, side))
        told.append(" AND ".join(parts) or "true")
    return " OR ".join(f"({text})" for text in told) or "false"


def _known(case: Case, actors: Iterable[str], side: str) -> str:
    """Whether a side bears the name or the state of one of the actors."""
    found = [case.actors[name] for name in actors]
    names = dict.fromkeys(name for actor in found for name in _names(actor))
    states = dict.fromkeys(_state(actor) for actor in found if _state(actor))
    told = f"lower({side}) IN ({', '.join(map(literal, names))})"
    return f"({told} OR {side}_state IN ({', '.join(map(literal, states))}))" if states else told

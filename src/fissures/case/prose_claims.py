"""What the claims of a case do, told in groups: one sentence for each effect, its causes merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fissures.case import grammar
from fissures.case.grammar import Cause, Effect, Factor, When
from fissures.case.records import Case, Claim
from fissures.case.sentences import broken_at, factor_words, places, read_effect, when_words
from fissures.case.wording import capital, counted, in_words, listed, mid, named, short, span, spoken

READINGS: tuple[Literal["stated", "implied", "ours"], ...] = ("stated", "implied", "ours")
_LABELS = ("stream", "pressure")
SECTIONS = {
    "up": "What drives violence up.",
    "down": "What holds it down.",
    "back": "What eases or slows the way down.",
    "marks": "Who moves, and by what means.",
    "home": "In the streets and offices of the sides.",
    "abroad": "What outsiders do.",
    "talks": "What moves what is no front.",
}
_WAYS = {
    "stream": ("more often", "less often"),
    "pressure": ("higher", "lower"),
    "violence": ("rises", "ebbs"),
}
_WITHOUT = {
    "level": "how things stood, to be held against the record",
    "perception": "what people believe, which no event shows",
    "importance": "what weighs most, which only finished runs can show",
    "measurement": "how the record was made",
    "context": "a setting, of which no effect is named",
}


@dataclass(frozen=True)
class Told:
    """One claim that has an effect: what it says, how it was read, and how often the text says it again."""

    claim: Claim
    cause: Cause
    effect: Effect
    when: When | None
    again: int


def brief_name(name: str, case: Case) -> str:
    """A name within a sentence, without what it explains in brackets."""
    return mid(short(name), case)


def told_claims(case: Case) -> list[Told]:
    """Every claim with a cause and an effect that can be read; a plain restatement is counted with the first."""
    again = Counter(root(name, case) for name, claim in case.claims.items() if _repeats(claim, case))
    told = []
    for name, claim in case.claims.items():
        if claim.kind != "coupling" or _repeats(claim, case) or not claim.moves_something:
            continue
        try:
            cause, effect = grammar.cause(str(claim.cause), case), read_effect(claim, case)
            when = grammar.when(claim.when, case) if claim.when else None
        except ValueError:  # check_case says what is wrong with it
            continue
        told.append(Told(claim, cause, effect, when, again[name]))
    return told


def root(name: str, case: Case) -> str:
    """The claim (or "break NAME") whose coefficient a claim has; its own name where it restates nobody.

    A ring of restatements ends where it began.
    """
    seen: list[str] = []
    while name in case.claims and name not in seen:
        seen.append(name)
        name = case.claims[name].same_as or name
    return name


def _repeats(claim: Claim, case: Case) -> bool:
    """Whether a claim only says again what the one says whose coefficient it shares."""
    if claim.kind != "coupling" or (other := case.claims.get(claim.same_as or "")) is None:
        return False
    return not claim.moves_something or (claim.cause, claim.effect, claim.when) == (
        other.cause,
        other.effect,
        other.when,
    )


def section(effect: Effect, case: Case) -> str:
    """Under which heading an effect belongs."""
    if effect.kind in ("by", "means", "advance"):
        return "marks"
    if effect.fronts:
        if all(name in case.tracks for name in effect.fronts):
            return "talks"
        if effect.kind == "falling":
            return "back"
        return "up" if effect.sign > 0 else "down"
    if effect.kind == "stream" and _outside(case.streams[str(effect.name)].actor, case):
        return "abroad"
    return "home"


def _outside(actors: Sequence[str], case: Case) -> bool:
    """Whether any of these actors is neither a side of a front nor within one."""
    sides = {name for front in case.fronts.values() for name in front.between}
    return any(name in case.actors and name not in sides and case.actors[name].within not in sides for name in actors)


# --- paragraphs ---------------------------------------------------------------------------------------------


def paragraphs(case: Case) -> Iterator[str]:
    """What the claims do, a paragraph for each kind of effect."""
    claims = told_claims(case)
    usual = usual_places(claims, case)
    yield _counts(case, usual)
    for key, heading in SECTIONS.items():
        grouped: dict[tuple[str | None, ...], list[Told]] = {}
        for one in claims:
            if section(one.effect, case) == key:
                effect = one.effect
                grouped.setdefault((effect.kind, effect.start, effect.end, effect.name), []).append(one)
        said = _sentences(list(grouped.values()), usual, case)
        said += list(_breaks(case)) if key == "down" else []
        if key == "talks" and len(case.tracks) == 1:
            heading = f"What moves {places(tuple(case.tracks), case, brief_name)}."
        if said:
            yield " ".join([heading, *said])


def usual_places(claims: Iterable[Told], case: Case) -> tuple[str, ...]:
    """The fronts on which most of the claims act that act on fronts."""
    seen = Counter(one.effect.fronts for one in claims if one.effect.fronts and one.effect.fronts[0] in case.fronts)
    return seen.most_common(1)[0][0] if seen else ()


def _alike(usual: tuple[str, ...], case: Case) -> tuple[str, ...]:
    """All fronts that stand on the ladder of the usual ones."""
    return tuple(name for name, front in case.fronts.items() if usual and front.ladder == case.fronts[usual[0]].ladder)


def _counts(case: Case, usual: tuple[str, ...]) -> str:
    couplings = [name for name, claim in case.claims.items() if claim.kind == "coupling"]
    readings = Counter(claim.says.reading for claim in case.claims.values())
    read = listed([f"{readings[key]} {key}" for key in READINGS if readings[key]])
    coefficients = len({root(name, case) for name in couplings})
    told = (
        f"The argument is read as {counted(len(case.claims), 'claim')} ({read}). Of these, {len(couplings)} couple a "
        f"cause with an effect, through {counted(coefficients, 'coefficient')}: what is said twice counts once. "
        "A cause is stated in the text unless it is marked as implied, or as ours. A pressure stands at 1 at its "
        "reference surge."
    )
    if usual:
        told += f" Where no place is named, a claim acts on {places(usual, case)}"
        rest = [name for name in _alike(usual, case) if name not in usual]
        told += f"; '{_all(usual, case)}' takes in {places(rest, case)} as well." if rest else "."
    return told


def _all(usual: tuple[str, ...], case: Case) -> str:
    return f"on all {in_words(len(_alike(usual, case)))}"


def _sentences(groups: Sequence[Sequence[Told]], usual: tuple[str, ...], case: Case) -> list[str]:
    """A sentence for each effect; streams that have one and the same cause, and no other, share theirs."""
    lone: dict[str, list[Told]] = {}
    for group in groups:
        if len(group) == 1 and group[0].effect.kind == "stream":
            lone.setdefault(_shared_by(group[0], case), []).append(group[0])
    told: dict[str, str] = {}
    for group in groups:
        together = lone.get(_shared_by(group[0], case), []) if len(group) == 1 else []
        key = _shared_by(group[0], case) if len(together) > 1 and group[0] in together else str(id(group))
        told.setdefault(key, _cause_sentence(together, case) if key in lone else _effect_sentence(group, usual, case))
    return list(told.values())


def _shared_by(one: Told, case: Case) -> str:
    """What streams must have alike to share a sentence: "More often with any front at raids or above"."""
    return f"{capital(_WAYS['stream'][0 if one.effect.sign > 0 else 1])} with {_words(one, case)}"


def _cause_sentence(group: Sequence[Told], case: Case) -> str:
    """One cause with all it brings: "More often with thirst: marches and pleas (ours)."."""
    return f"{_shared_by(group[0], case)}: {listed([_noted(_subject(one.effect, case), one) for one in group])}."


def _effect_sentence(group: Sequence[Told], usual: tuple[str, ...], case: Case) -> str:
    """One effect with all its causes: "A climb is likelier with thirst and pride (implied)."."""
    kind = group[0].effect.kind
    where = _places_of(group, usual, case)
    alone = next(iter(where.values())) if len(where) == 1 else ""
    clauses: list[str] = []
    for sign, way in zip((1, -1), _WAYS.get(kind, ("is likelier", "is rarer")), strict=True):
        before = way if not clauses or kind in _LABELS else f"it {way}"
        for fronts, told in where.items():
            there = [one for one in group if one.effect.sign == sign and one.effect.fronts == fronts]
            items = [_item(one, case) for reading in READINGS for one in there if one.claim.says.reading == reading]
            if items:
                at = f"{told if told != alone else ''} with {listed(list(dict.fromkeys(items)))}"
                clauses.append(f"{before} {at.strip()}".strip())
                before = ""
    subject = _subject(group[0].effect, case) + (f" {alone}" if alone else "") + (":" if kind in _LABELS else "")
    return f"{capital(subject)} {'; '.join(clauses)}."


def _places_of(group: Sequence[Told], usual: tuple[str, ...], case: Case) -> dict[tuple[str, ...], str]:
    """Where the claims of a group act, in words: the usual places, which need no word, come first."""
    order = [usual, _alike(usual, case)]
    fronts = dict.fromkeys(one.effect.fronts for one in group)
    first = sorted(fronts, key=lambda f: order.index(f) if f in order else len(order))
    plain = (usual, (), tuple(case.tracks) if len(case.tracks) == 1 else ())  # its heading names a lone track
    return {f: "" if f in plain else _where(f, usual, case) for f in first}


def _item(one: Told, case: Case) -> str:
    """A cause as it stands in a list: its level, its condition, and how it was read."""
    return _noted(_words(one, case), one)


def _words(one: Told, case: Case) -> str:
    words = " together with ".join(_recent(factor, case) for factor in one.cause.factors)
    if one.when is None:
        return words
    if one.cause.factors == (one.when.factor,):
        above = one.when.above is not None
        return f"{words} {'above' if above else 'below'} {one.when.above if above else one.when.below:g}"
    condition = when_words(one.when, case, brief_name)
    return f"{words} {condition.replace('with ', 'given ', 1) if one.when.factor.kind == 'rung' else condition}"


def _noted(words: str, one: Told) -> str:
    """Words with what is to be known of the claim: that it is implied or ours, repeated, or shares a coefficient."""
    notes: list[str] = [one.claim.says.reading] if one.claim.says.reading != "stated" else []
    notes += ["with diminishing returns"] if one.claim.shape == "square_root" else []
    notes += [f"said {_TIMES.get(one.again + 1, f'{one.again + 1} times')}"] if one.again else []
    notes += ["shared coefficient"] if one.claim.same_as is not None else []
    return f"{words} ({' and '.join(notes)})" if notes else words


_TIMES = {2: "twice"}


def _recent(factor: Factor, case: Case) -> str:
    told = factor_words(factor, case, brief_name)
    if factor.kind == "within":
        return f"{brief_name(case.streams[factor.names[0]].name, case)} in the last {span(factor.days)}"
    return f"{told} where it binds" if factor.kind == "commitment" else told


def _where(fronts: tuple[str, ...], usual: tuple[str, ...], case: Case) -> str:
    if len(fronts) > 1 and fronts == _alike(usual, case):
        return _all(usual, case)
    return f"{'in' if all(name in case.tracks for name in fronts) else 'on'} {places(fronts, case, brief_name)}"


def _subject(effect: Effect, case: Case) -> str:
    """What is moved, as the subject of a sentence."""
    match effect.kind:
        case "stream":
            return brief_name(case.streams[str(effect.name)].name, case)
        case "pressure":
            return brief_name(case.pressures[str(effect.name)].name, case)
        case "by":
            return f"that it is {case.actors[str(effect.name)].name} that moves"
        case "means":
            return f"use of {spoken(effect.name)}"
        case "advance":
            return "that ground changes hands"
        case "violence":
            return "violence as a whole"
    return _move(effect, case)


def _move(effect: Effect, case: Case) -> str:
    track = all(name in case.tracks for name in effect.fronts)
    up, down = ("a step up", "a step down") if track else ("a climb", "a fall")
    way = {"falling": down, "move": "a move"}.get(effect.kind, up)
    if effect.kind == "ceiling":
        return f"{way} past {spoken(effect.end)}"
    start = f" from {spoken(effect.start)}" if effect.start else ""
    return f"{way}{start}" + (f" to {spoken(effect.end)}" if effect.end else "")


def _breaks(case: Case) -> Iterator[str]:
    """Dated changes of regime, and how many claims read them."""
    for name, change in case.breaks.items():
        read = sum(root(claim, case) == f"break {name}" for claim in case.claims)
        told = broken_at(change, case).split(" (")[0]
        yield f"The record shows {told}" + (
            f"; {in_words(read)} {'claim reads' if read == 1 else 'claims read'} it, through one coefficient."
            if read
            else "."
        )


# --- what carries no coefficient ----------------------------------------------------------------------------


def without_coefficient(case: Case) -> str:
    """The statements that carry no coefficient, by kind, and why; empty where there are none."""
    said = []
    for kind, why in _WITHOUT.items():
        told = [_about(claim, case) for claim in case.claims.values() if claim.kind == kind]
        if told:
            said.append(f"of {kind} ({why}): {'; '.join(told)}")
    if not said:
        return ""
    total = sum(claim.kind != "coupling" for claim in case.claims.values())
    return f"{capital(in_words(total))} {'statement carries' if total == 1 else 'statements carry'} none. " + " ".join(
        f"{capital(one)}." for one in said
    )


def _about(claim: Claim, case: Case) -> str:
    return mid(named(" ".join((claim.about or claim.paraphrase).split()), case), case).removesuffix(".")

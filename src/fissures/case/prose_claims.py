"""What the claims of a case do, told in groups: what is moved with all its causes, or a cause with all it brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fissures.case import grammar
from fissures.case.grammar import Cause, Effect, Factor, When
from fissures.case.records import Case, Claim
from fissures.case.sentences import factor_words, places, read_effect, when_words
from fissures.case.wording import capital, counted, day, in_words, listed, mid, recently, short, spoken

READINGS: tuple[Literal["stated", "implied", "ours"], ...] = ("stated", "implied", "ours")
_MARKS = {"stated": "", "implied": "by implication", "ours": "in our view"}
_LABELS = ("stream", "pressure")
_FIGHTING = ("rung", "reaches", "by", "hits", "means", "advance", "dead", "deaths")
SECTIONS = {
    "up": "What drives violence up.",
    "down": "What holds it down.",
    "back": "What eases or slows the way down.",
    "marks": "Who moves, and by what means.",
    "fighting": "What fighting sets off.",
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
    "level": "how things stood",
    "perception": "what people believe",
    "importance": "what weighs most",
    "measurement": "how the record was made",
    "context": "a setting without an effect",
}


@dataclass(frozen=True)
class Told:
    """One claim that has an effect: what it says, and what it was read to mean."""

    claim: Claim
    cause: Cause
    effect: Effect
    when: When | None


def brief_name(name: str, case: Case) -> str:
    """A name within a sentence, without what it explains in brackets."""
    return mid(short(name), case)


def told_claims(case: Case) -> list[Told]:
    """Every claim with a cause and an effect that can be read; a plain restatement is left to the first."""
    told = []
    for claim in case.claims.values():
        if claim.kind != "coupling" or _repeats(claim, case) or not claim.moves_something:
            continue
        try:
            cause, effect = grammar.cause(str(claim.cause), case), read_effect(claim, case)
            when = grammar.when(claim.when, case) if claim.when else None
        except ValueError:  # check_case says what is wrong with it
            continue
        told.append(Told(claim, cause, effect, when))
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


def section(one: Told, case: Case) -> str:
    """Under which heading a claim belongs, by what it moves and, for events, whether fighting moves it."""
    effect = one.effect
    if effect.kind in ("by", "means", "advance"):
        return "marks"
    if effect.fronts:
        if all(name in case.tracks for name in effect.fronts):
            return "talks"
        if effect.kind == "falling":
            return "back"
        return "up" if effect.sign > 0 else "down"
    if all(factor.kind in _FIGHTING and not set(factor.names) & set(case.tracks) for factor in one.cause.factors):
        return "fighting"
    abroad = effect.kind == "stream" and outside(case.streams[str(effect.name)].actor, case)
    return "abroad" if abroad else "home"


def outside(actors: Sequence[str], case: Case) -> bool:
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
        here = [one for one in claims if section(one, case) == key]
        said = _events(here, case) if key in ("fighting", "home", "abroad") else _moves(here, usual, case)
        said += list(_breaks(case, usual)) if key == "down" else []
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
    """How many claims there are, how they were read, and what goes without saying below."""
    couplings = [name for name, claim in case.claims.items() if claim.kind == "coupling"]
    readings = Counter(claim.says.reading for claim in case.claims.values())
    read = listed([f"{readings[key]} {key}" for key in READINGS if readings[key]])
    told = f"The argument is read as {counted(len(case.claims), 'claim')}" + (f" ({read})." if read else ".")
    if not couplings:
        return told
    again = sum(_repeats(case.claims[name], case) for name in couplings)
    coefficients = len({root(name, case) for name in couplings})
    told += f" Of these, {len(couplings)} couple a cause with an effect, through {counted(coefficients, 'coefficient')}"
    told += f"; {in_words(again)} only {'repeats' if again == 1 else 'repeat'} another." if again else "."
    told += (
        " What the text states comes first; 'by implication' and 'in our view' mark what follows them. 'At' a rung "
        "means that rung or above; a pressure stands at 1 at its reference surge."
    )
    if usual:
        told += f" Unless a place is named, a claim acts on {places(usual, case)}"
        rest = [name for name in _alike(usual, case) if name not in usual]
        told += f"; '{_all(usual, case)}' takes in {places(rest, case)}." if rest else "."
    return told


def _all(usual: tuple[str, ...], case: Case) -> str:
    return f"on all {in_words(len(_alike(usual, case)))}"


# --- ladders and marks: one sentence for each effect --------------------------------------------------------


def _moves(claims: Sequence[Told], usual: tuple[str, ...], case: Case) -> list[str]:
    grouped: dict[tuple[str | None, ...], list[Told]] = {}
    for one in claims:
        effect = one.effect
        grouped.setdefault((effect.kind, effect.start, effect.end, effect.name), []).append(one)
    return [_move_sentence(group, usual, case) for group in grouped.values()]


def _move_sentence(group: Sequence[Told], usual: tuple[str, ...], case: Case) -> str:
    """One effect with all its causes: "A climb is likelier with thirst and, by implication, pride."."""
    where = _places_of(group, usual, case)
    alone = next(iter(where.values())) if len(where) == 1 else ""
    clauses: list[str] = []
    for sign, way in zip((1, -1), _WAYS.get(group[0].effect.kind, ("is likelier", "is rarer")), strict=True):
        before = f"it {way}" if clauses else way
        for fronts, told in where.items():
            if there := [one for one in group if one.effect.sign == sign and one.effect.fronts == fronts]:
                at = told if told != alone else ""
                clauses.append(f"{before} {at}".strip() + _with_causes(there, case))
                before = ""
    return f"{capital(_subject(group[0].effect, case))}{f' {alone}' if alone else ''} {'; '.join(clauses)}."


def _places_of(group: Sequence[Told], usual: tuple[str, ...], case: Case) -> dict[tuple[str, ...], str]:
    """Where the claims of a group act, in words: the usual places, which need no word, come first."""
    order = [usual, _alike(usual, case)]
    fronts = dict.fromkeys(one.effect.fronts for one in group)
    first = sorted(fronts, key=lambda f: order.index(f) if f in order else len(order))
    plain = (usual, (), tuple(case.tracks) if len(case.tracks) == 1 else ())  # its heading names a lone track
    return {f: "" if f in plain else _where(f, usual, case) for f in first}


def _where(fronts: tuple[str, ...], usual: tuple[str, ...], case: Case) -> str:
    if len(fronts) > 1 and fronts == _alike(usual, case):
        return _all(usual, case)
    return f"{'in' if all(name in case.tracks for name in fronts) else 'on'} {places(fronts, case, brief_name)}"


# --- events and pressures: whichever of cause and effect binds most claims together --------------------------

_Key = tuple[str, ...]


def _events(claims: Sequence[Told], case: Case) -> list[str]:
    """A sentence for each effect with several causes and each cause with several effects; the rest share two."""
    left, said = list(claims), []
    while stars := _stars(left, case):
        key, group = max(stars.items(), key=lambda star: len(star[1]))  # the first of the largest
        said.append(_star_sentence(group, key[0] == "cause", case))
        left = [one for one in left if one not in group]
    for sign, way in ((1, "More often or higher"), (-1, "Less often or lower")):
        if rest := [one for one in left if one.effect.sign == sign]:
            way = _way(rest, way)
            told = [f"{_subject(one.effect, case)} with {_words(one, case)}" for one in _by_reading(rest)]
            said.append(f"{'Also ' + way.lower() if said else way}: {_marked(_by_reading(rest), told, '; ')}.")
    return said


def _stars(claims: Sequence[Told], case: Case) -> dict[_Key, list[Told]]:
    """Claims that have an effect, or a cause, in common with another one."""
    stars: dict[_Key, list[Told]] = {}
    for one in claims:
        stars.setdefault(("effect", one.effect.kind, str(one.effect.name)), []).append(one)
    for one in claims:
        stars.setdefault(("cause", _words(one, case)), []).append(one)
    return {key: group for key, group in stars.items() if len(group) > 1}


def _star_sentence(group: Sequence[Told], by_cause: bool, case: Case) -> str:
    """ "Marches: more often with thirst; less often with rain.", or "More often with thirst: marches and pleas."."""
    clauses = []
    for sign, mixed in ((1, "more often or higher"), (-1, "less often or lower")):
        if there := [one for one in group if one.effect.sign == sign]:
            way = _way(there, mixed)
            if by_cause:
                told = [_subject(one.effect, case) for one in _by_reading(there)]
                way += f" with {_words(there[0], case)}" if not clauses else ""
                clauses.append(f"{way}: {_marked(_by_reading(there), told)}")
            else:
                clauses.append(way + _with_causes(there, case))
    subject = "" if by_cause else f"{_subject(group[0].effect, case)}: "
    return f"{capital(subject + '; '.join(clauses))}."


def _way(group: Sequence[Told], mixed: str) -> str:
    """ "More often" of events, "higher" of pressures, both where both are moved."""
    often, _, high = mixed.partition(" or ")
    kinds = {one.effect.kind for one in group}
    way = {("stream",): often, ("pressure",): high}.get(tuple(kinds), mixed)
    return capital(way) if mixed[:1].isupper() else way


# --- causes -------------------------------------------------------------------------------------------------


def _by_reading(group: Sequence[Told]) -> list[Told]:
    return sorted(group, key=lambda one: READINGS.index(one.claim.says.reading))


def _with_causes(group: Sequence[Told], case: Case) -> str:
    """The causes of a clause: " with thirst and, by implication, pride"; ", by implication, with pride"."""
    ordered = _by_reading(group)
    first = _MARKS[ordered[0].claim.says.reading]
    told = _marked(ordered, [_words(one, case) for one in ordered])
    return f", {first}, with {told.removeprefix(f'{first}, ')}" if first else f" with {told}"


def _marked(ordered: Sequence[Told], told: Sequence[str], between: str = "") -> str:
    """Words in the order of how they were read, each reading marked once."""
    parts = []
    for reading in READINGS:
        words = [text for one, text in zip(ordered, told, strict=True) if one.claim.says.reading == reading]
        words = list(dict.fromkeys(words))
        if words:
            mark = f"{_MARKS[reading]}, " if _MARKS[reading] else ""
            parts.append(mark + (between.join(words) if between else listed(words)))
    return between.join(parts) if between else " and, ".join(parts)


def _words(one: Told, case: Case) -> str:
    """A cause as it stands in a list, with its level and its condition."""
    notes = [f"up to {spoken(one.effect.most)}"] if one.effect.most else []
    notes += ["with diminishing returns"] if one.claim.shape == "square_root" else []
    told = _conditioned(one, case)
    return f"{told} ({', '.join(notes)})" if notes else told


def _conditioned(one: Told, case: Case) -> str:
    words = " together with ".join(in_short(factor, case) for factor in one.cause.factors)
    if one.when is None:
        return words
    level = one.when.above if one.when.above is not None else one.when.below
    if one.cause.factors == (one.when.factor,):
        return f"{words} {'above' if one.when.above is not None else 'below'} {level:g}"
    if one.when.factor.kind == "rung":
        return f"{words} given {in_short(one.when.factor, case)}"
    return f"{words} {when_words(one.when, case, brief_name)}"


def in_short(factor: Factor, case: Case) -> str:
    """A factor without what goes without saying: "any front at raids", "recent pleas", "the Pact where it binds"."""
    if factor.kind == "within":
        return recently(brief_name(case.streams[factor.names[0]].name, case))
    told = factor_words(factor, case, brief_name)
    if factor.rung is not None:
        return told.removesuffix(" or above")
    return f"{told} where it binds" if factor.kind == "commitment" else told


# --- effects ------------------------------------------------------------------------------------------------


def _subject(effect: Effect, case: Case) -> str:
    """What is moved, as the subject of a sentence."""
    match effect.kind:
        case "stream":
            return brief_name(case.streams[str(effect.name)].name, case)
        case "pressure":
            return brief_name(case.pressures[str(effect.name)].name, case)
        case "by":
            return f"a move by {case.actors[str(effect.name)].name}"
        case "means":
            return f"use of {spoken(effect.name)}"
        case "advance":
            return "a change of ground"
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


def _breaks(case: Case, usual: tuple[str, ...]) -> Iterator[str]:
    """Dated changes of regime, and how many claims read them."""
    for name, change in case.breaks.items():
        read = sum(root(claim, case) == f"break {name}" for claim in case.claims)
        told = f"The record changes on {day(change.date)}"
        if change.effect is not None:
            effect = grammar.effect(change.effect, case)
            what = _subject(effect, case) if effect.kind in ("violence", *_LABELS) else "the chance of " + _subject(
                effect, case
            )
            where = f" {_where(effect.fronts, usual, case)}" if effect.fronts not in ((), usual) else ""
            told = f"The record shows {what}{where} {'rise' if effect.sign > 0 else 'drop'} on {day(change.date)}"
        yield told + (f", and {in_words(read)} {'claim reads' if read == 1 else 'claims read'} it." if read else ".")


# --- what carries no coefficient ----------------------------------------------------------------------------


def without_coefficient(case: Case) -> str:
    """The statements that carry no coefficient, by kind; empty where there are none."""
    kinds = Counter(claim.kind for claim in case.claims.values() if claim.kind != "coupling")
    if not kinds:
        return ""
    said = listed([f"{in_words(kinds[kind])} of {kind} ({why})" for kind, why in _WITHOUT.items() if kinds[kind]])
    total = sum(kinds.values())
    return (
        f"{capital(in_words(total))} {'statement carries' if total == 1 else 'statements carry'} none: {said}. "
        f"{'It is' if total == 1 else 'They are'} kept beside the text and {'moves' if total == 1 else 'move'} no front."
    )

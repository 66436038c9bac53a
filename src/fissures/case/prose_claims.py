"""What the claims of a case do, told in groups: what is moved with all its causes, or a cause with all it brings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from fissures.case import grammar
from fissures.case.grammar import Effect, Factor
from fissures.case.prose_reading import (
    Told,
    brief_name,
    near_fronts,
    repeats,
    root,
    section,
    strength,
    told_claims,
    usual_strength,
)
from fissures.case.records import Case
from fissures.case.sentences import factor_words, places, when_words
from fissures.case.wording import capital, counted, day, in_words, listed, recently, spoken, the
from fissures.terms import strength_words

WEAK = ("may", "appears")
FEW = 30  # claims; all of so few are told one by one
READINGS: tuple[Literal["stated", "implied", "ours"], ...] = ("stated", "implied", "ours")
_MARKS = {"stated": "", "implied": "*", "ours": "**"}
_LABELS = ("stream", "pressure")
SECTIONS = {
    "up": "What drives violence up.",
    "down": "What holds it down.",
    "back": "The way down.",
    "marks": "Who moves, and how.",
    "fighting": "What fighting sets off.",
    "home": "Within the sides.",
    "abroad": "What outsiders do.",
    "talks": "What moves what is no front.",
}
_WAYS = {
    "stream": ("likelier", "rarer"),
    "pressure": ("higher", "lower"),
    "violence": ("rises", "ebbs"),
}
_WITHOUT = {
    "level": "how things stood",
    "perception": "what people believe",
    "importance": "what weighs most",
    "measurement": "how the record was made",
    "context": "what surrounds it",
}


# --- paragraphs ---------------------------------------------------------------------------------------------


def paragraphs(case: Case) -> Iterator[str]:
    """What the claims do, a paragraph for each kind of effect."""
    claims = told_claims(case)
    usual = usual_places(claims, case)
    yield _counts(case, usual)
    told = weighty(claims, case)
    for key, heading in SECTIONS.items():
        here = [one for one in told if section(one, case) == key]
        said = _events(here, case) if key in ("fighting", "home", "abroad") else _moves(here, usual, case)
        said += list(_breaks(case, usual)) if key == "down" else []
        if key == "talks" and len(case.tracks) == 1:
            heading = f"What moves {places(tuple(case.tracks), case, brief_name)}."
        if said:
            yield " ".join([heading, *said])
    if more := len(claims) - len(told):
        yield _left(more)


def weighty(claims: Sequence[Told], case: Case) -> list[Told]:
    """The claims told one by one: of many, the source's own on fronts and tracks, unless it only allows for them, and
    the firmer ones on what claims on fronts start from."""
    if len(claims) <= FEW:
        return list(claims)
    near = near_fronts(claims, case)

    def weighs(one: Told) -> bool:
        if one.effect.kind not in _LABELS:
            return one.strength != WEAK[0]
        onwards = (one.effect.kind, str(one.effect.name)) in near
        return onwards and one.strength not in WEAK and one.claim.same_as is None

    return [one for one in claims if one.claim.says.reading != "ours" and weighs(one)]


def _left(more: int) -> str:
    """How many claims were not told one by one, and where to read them."""
    return f"{in_words(more).capitalize()} more are ours, weaker, or on other events and moods; --sentences reads all."


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
    read = listed([f"{readings[key]} {key}{_MARKS[key]}" for key in READINGS if readings[key]])
    told = f"The argument is read as {counted(len(case.claims), 'claim')}" + (
        f" ({read}, so marked below)." if read else "."
    )
    if not couplings:
        return told
    again = sum(repeats(case.claims[name], case) for name in couplings)
    coefficients = len({root(name, case) for name in couplings})
    told += f" Of these, {len(couplings)} couple a cause with an effect, through {counted(coefficients, 'coefficient')}"
    told += f"; {in_words(again)} only {'repeats' if again == 1 else 'repeat'} another." if again else "."
    told += " 'At' a rung means there or above. A pressure is a level that its events or series feed and that fades; it"
    told += " is 1 at its reference surge, a size seen before."
    words = Counter(strength(case.claims[name], case) for name in couplings)
    if len([word for word in words if word]) > 1:
        told += f" Strengths run {listed([word for word in strength_words() if word in words])}; "
        told += f"'{usual_strength(case)}' goes without saying."
    if usual:
        told += f" Unless a place is named, claims act on {places(usual, case)}"
        rest = [name for name in _alike(usual, case) if name not in usual]
        told += f"; '{_all(usual, case)}' adds {places(rest, case)}." if rest else "."
    return told


def _all(usual: tuple[str, ...], case: Case) -> str:
    return f"on all {in_words(len(_alike(usual, case)))}"


# --- ladders and marks: one sentence for each effect --------------------------------------------------------


def _moves(claims: Sequence[Told], usual: tuple[str, ...], case: Case) -> list[str]:
    """A sentence for each effect; after the first, those that go one way in one place share a sentence."""
    grouped: dict[tuple[str | None, ...], list[Told]] = {}
    for one in claims:
        effect = one.effect
        grouped.setdefault((effect.kind, effect.start, effect.end, effect.name), []).append(one)
    said: list[str] = []
    plain: dict[str, list[str]] = {}
    for group in grouped.values():
        subject, clauses = _clauses(group, usual, case)
        way, _, causes = clauses[0].partition(" with ")
        if said and len(clauses) == 1 and way in ("is likelier", "is rarer"):
            plain.setdefault(way.removeprefix("is "), []).append(f"{subject} with {causes}")
        else:
            said.append(f"{capital(subject)} {'; '.join(clauses)}.")
    return said + [f"{capital(way)} too: {'; '.join(told)}." for way, told in plain.items()]


def _clauses(group: Sequence[Told], usual: tuple[str, ...], case: Case) -> tuple[str, list[str]]:
    """One effect, and what its causes do to it: "a climb", ["is likelier with thirst and pride*"]."""
    where = _places_of(group, usual, case)
    alone = next(iter(where.values())) if len(where) == 1 else ""
    clauses: list[str] = []
    for sign, way in zip((1, -1), _WAYS.get(group[0].effect.kind, ("is likelier", "is rarer")), strict=True):
        before = f"it {way}" if clauses else way
        turned: list[Told] = []
        for fronts, told in where.items():
            there = [one for one in group if one.effect.sign == sign and one.effect.fronts == fronts]
            if there and there != turned:
                turned = [one for one in group if len(there) == 1 and _mirrored(one, there[0])]
                round_ = f", and the other way round{_mark(turned[0])}" if turned else ""
                at = told if told != alone else ""
                clauses.append(f"{before} {at}".strip() + _with_causes(there, case) + round_)
                before = ""
    return subject(group[0].effect, case) + (f" {alone}" if alone else ""), clauses


def _mirrored(one: Told, other: Told) -> bool:
    """Whether two claims say the same of two places, each of the other: fire here brings fire there."""
    mine, yours = one.cause.factors, other.cause.factors
    return (
        one.when == other.when
        and len(mine) == len(yours) == 1
        and (mine[0].kind, mine[0].rung, one.effect.sign) == (yours[0].kind, yours[0].rung, other.effect.sign)
        and mine[0].names == other.effect.fronts != one.effect.fronts == yours[0].names
    )


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
    left, told = list(claims), []
    while stars := _stars(left, case):
        key, group = max(stars.items(), key=lambda star: len(star[1]))  # the first of the largest
        told.append((key[0] == "cause", group))
        left = [one for one in left if one not in group]
    told.sort(key=lambda star: (_height(star[1][0], case), claims.index(star[1][0])))
    said = [_cause_sentence(group, case) if by_cause else _effect_sentence(group, case) for by_cause, group in told]
    said = _shorn(said)
    for sign, way in ((1, "Likelier or higher"), (-1, "Rarer or lower")):
        if rest := [one for one in left if one.effect.sign == sign]:
            way = _way(rest, way)
            lone = [f"{subject(one.effect, case)} with {_words(one, case)}{_mark(one)}" for one in _by_reading(rest)]
            said.append(f"{'Also ' + way.lower() if said else way}: {'; '.join(lone)}.")
    return said


def _height(one: Told, case: Case) -> int:
    """How high a front must stand for a cause that is a rung and nothing else: the lower, the earlier it is told."""
    first, *more = one.cause.factors
    if more or first.kind != "rung" or first.rung is None:
        return 0
    return grammar.rungs_of(case, first.names[0]).index(first.rung)


def _shorn(said: Sequence[str]) -> list[str]:
    """Sentences without a beginning that the one before has: "With any front at raids, ... At feud, ..."."""
    told: list[str] = []
    before = ""
    for sentence in said:
        beginning = re.match(r"With [^,:;]*? at (?=[^,:;]*, )", sentence)
        lead = beginning[0] if beginning else ""
        told.append(f"At {sentence.removeprefix(lead)}" if lead and lead == before else sentence)
        before = lead
    return told


def _stars(claims: Sequence[Told], case: Case) -> dict[_Key, list[Told]]:
    """Claims that have an effect, or a cause, in common with another one."""
    stars: dict[_Key, list[Told]] = {}
    for one in claims:
        stars.setdefault(("effect", one.effect.kind, str(one.effect.name)), []).append(one)
    for one in claims:
        stars.setdefault(("cause", _words(one, case)), []).append(one)
    return {key: group for key, group in stars.items() if len(group) > 1}


def _effect_sentence(group: Sequence[Told], case: Case) -> str:
    """What is moved, with its causes: "Marches: likelier with thirst; rarer with rain."."""
    clauses = [_way(there, mixed) + _with_causes(there, case) for mixed, there in _both_ways(group)]
    return f"{capital(subject(group[0].effect, case))}: {'; '.join(clauses)}."


def _cause_sentence(group: Sequence[Told], case: Case) -> str:
    """A cause, with what it moves: "With thirst, likelier: marches and pleas*; rarer: feasts."."""
    clauses = [
        f"{_way(there, mixed)}: {listed([subject(one.effect, case) + _mark(one) for one in _by_reading(there)])}"
        for mixed, there in _both_ways(group)
    ]
    return f"With {_words(group[0], case)}, {'; '.join(clauses)}."


def _both_ways(group: Sequence[Told]) -> Iterator[tuple[str, list[Told]]]:
    for sign, mixed in ((1, "likelier or higher"), (-1, "rarer or lower")):
        if there := [one for one in group if one.effect.sign == sign]:
            yield mixed, there


def _way(group: Sequence[Told], mixed: str) -> str:
    """ "Likelier" of events, "higher" of pressures, both where both are moved."""
    often, _, high = mixed.partition(" or ")
    kinds = {one.effect.kind for one in group}
    way = mixed if len(kinds) > 1 else often if kinds == {"stream"} else high
    return capital(way) if mixed[:1].isupper() else way


# --- causes -------------------------------------------------------------------------------------------------


def _by_reading(group: Sequence[Told]) -> list[Told]:
    """What has no condition first, so that a condition is not taken to bear on what follows."""
    return sorted(group, key=lambda one: (one.when is not None, READINGS.index(one.claim.says.reading)))


def _with_causes(group: Sequence[Told], case: Case) -> str:
    """The causes of a clause, each with the mark of how it was read: " with thirst and pride*"."""
    return f" with {listed(list(dict.fromkeys(_words(one, case) + _mark(one) for one in _by_reading(group))))}"


def _mark(one: Told) -> str:
    """Nothing where the text states it, one star where it implies it, two where it is ours; an unusual strength."""
    return _MARKS[one.claim.says.reading] + (f" ({one.strength})" if one.strength else "")


def _words(one: Told, case: Case) -> str:
    """A cause as it stands in a list, with its level, how far it reaches, and its condition."""
    notes = [f"up to {spoken(one.effect.most)}"] if one.effect.most else []
    notes += ["with diminishing returns"] if one.claim.shape == "square_root" else []
    cause = " together with ".join(in_short(factor, case) for factor in one.cause.factors)
    noted = f" ({', '.join(notes)})" if notes else ""
    if one.when is None:
        return cause + noted
    level = one.when.above if one.when.above is not None else one.when.below
    if one.cause.factors == (one.when.factor,):
        return f"{cause} {'above' if one.when.above is not None else 'below'} {level:g}{noted}"
    if one.when.factor.kind == "rung":
        return f"{cause}{noted} given {in_short(one.when.factor, case)}"
    return f"{cause}{noted} {when_words(one.when, case, brief_name)}"


def in_short(factor: Factor, case: Case) -> str:
    """A factor without what goes without saying: "any front at raids", "recent pleas"."""
    if factor.kind == "within":
        return recently(brief_name(case.streams[factor.names[0]].name, case))
    told = factor_words(factor, case, brief_name)
    told = the(told) if factor.kind == "commitment" else told
    return told if factor.rung is None else told.removesuffix(" or above")


# --- effects ------------------------------------------------------------------------------------------------


def subject(effect: Effect, case: Case) -> str:
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
        told = "the record changes"
        if change.effect is not None:
            effect = grammar.effect(change.effect, case)
            what = "violence" if effect.kind == "violence" else subject(effect, case)
            what = what if effect.kind in ("violence", *_LABELS) else f"the chance of {what}"
            where = f" {_where(effect.fronts, usual, case)}" if effect.fronts not in ((), usual) else ""
            told = f"the record has {what} {'rise' if effect.sign > 0 else 'drop'}{where}"
        read_by = f"; {in_words(read)} {'claim reads' if read == 1 else 'claims read'} it" if read else ""
        yield f"On {day(change.date)} {told}{read_by}."


# --- what carries no coefficient ----------------------------------------------------------------------------


def without_coefficient(case: Case) -> str:
    """The statements that carry no coefficient, by kind; empty where there are none."""
    kinds = Counter(str(claim.kind) for claim in case.claims.values() if claim.kind != "coupling")
    if not kinds:
        return ""
    said = listed([f"{why} ({in_words(kinds[kind])})" for kind, why in _WITHOUT.items() if kinds[kind]])
    total = sum(kinds.values())
    return f"{capital(in_words(total))} {'statement carries' if total == 1 else 'statements carry'} none: {said}."

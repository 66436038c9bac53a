"""The whole case as continuous text, for a reader who has never seen the format."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fissures.case import grammar
from fissures.case.feedback import Loop, loops
from fissures.case.graph import Node
from fissures.case.prose_claims import in_short, paragraphs, without_coefficient
from fissures.case.prose_questions import asked_streams, levers, questions
from fissures.case.prose_reading import brief_name
from fissures.case.records import Actor, Case, Commitment, Front, Pressure, Rung, Stream
from fissures.case.sentences import places
from fissures.case.wording import capital, counted, day, in_words, listed, mid, named, short, spoken, the

WIDTH = 88
MOST_LOOPS = 3
FEWEST_WORDS = 2  # of a rung's description, for its beginning to stand for it
_KINDS = {
    "weekly_record": "weekly reports",
    "spells": "dated spells",
    "deaths_by_rung": "deaths by rung",
    "means_by_rung": "means by rung",
    "dated_counts": "counts of events",
    "rung_bounds": "bounds on rungs",
}


def prose(case: Case) -> str:
    """The case as about two pages of plain text, wrapped at 88 columns; the same case gives the same text."""
    parts: list[tuple[str, Iterable[str]]] = [
        ("Who", _who(case)),
        ("Where", _where(case)),
        ("The ladders", _ladders(case)),
        ("What the argument says", paragraphs(case)),
        ("Loops", _loops(case)),
        ("Commitments", _commitments(case)),
        ("Disputed facts", _facts(case)),
        ("What is asked", questions(case)),
        ("What somebody could do", levers(case)),
        ("Without a coefficient", [without_coefficient(case)]),
        ("The record", _record(case)),
        ("How to misread it", _misread(case)),
    ]
    blocks = [case.case, *map(_wrapped, _opening(case))]
    for heading, told in parts:
        if kept := [_wrapped(text) for text in told if text]:
            blocks.append(f"{heading.upper()}\n" + "\n\n".join(kept))
    return "\n\n".join(blocks) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _opening(case: Case) -> Iterator[str]:
    main = next(iter(case.sources.values())).cite.removesuffix(".") if case.sources else "no source"
    yield (
        f"As of {day(case.as_of)}, day by day to {day(case.horizon)}. It reads {main}. "
        f"{case.purpose.strip().split('. ')[0].removesuffix('.')}."
    )


# --- the world ----------------------------------------------------------------------------------------------


def _who(case: Case) -> Iterator[str]:
    """The parties with those who stand with them, and the other states by role."""
    sides = dict.fromkeys(name for front in case.fronts.values() for name in front.between if name in case.actors)
    backers = {name: a for name, a in case.actors.items() if a.stands_with in sides and name not in sides}
    parties = [_party(name, backers, case) for name in sides]
    text = f"The {'parties are' if len(parties) > 1 else 'party is'} {listed(parties)}." if parties else ""
    rest = [a for name, a in case.actors.items() if name not in sides and name not in backers and a.within is None]
    by_role: dict[str, list[str]] = {}
    for actor in rest:
        if actor.role and (actor.iso3 or not any(one.iso3 for one in rest)):
            by_role.setdefault(named(actor.role.split(",")[0], case), []).append(short(actor.name))
    told = [
        f"{listed(names)} ({role}{'s' if len(names) > 1 and ' ' not in role else ''})"
        for role, names in by_role.items()
    ]
    others = len(rest) - sum(len(names) for names in by_role.values())
    told += [f"{in_words(others)} more"] if others else []
    yield text + (f" Around them: {listed(told)}." if told else "")


def _party(name: str, backers: Mapping[str, Actor], case: Case) -> str:
    actor = case.actors[name]
    notes = [] if actor.recognised else ["not recognised"]
    if actor.stands_with in case.actors:
        notes.append(f"standing with {case.actors[str(actor.stands_with)].name}")
    behind = [short(one.name) for one in backers.values() if one.stands_with == name]
    notes += [f"with {listed(behind)} behind it"] if behind else []
    told = the(actor.name) if actor.name[:1].islower() else actor.name
    return f"{told} ({', '.join(notes)})".replace(") (", ", ") if notes else told


def _where(case: Case) -> Iterator[str]:
    """Where it is fought, and who holds what by whose recognition; fronts alike in this share a sentence."""
    alike: dict[str, list[str]] = {}
    for name, front in case.fronts.items():
        alike.setdefault(_ground(front, case), []).append(name)
    yield " ".join(
        f"{capital(places(names, case))} {'lies' if len(names) == 1 else 'lie'} {ground}."
        for ground, names in alike.items()
    )


def _ground(front: Front, case: Case) -> str:
    """Between whom a front lies, on whose recognised ground, and who holds it."""
    told = f"between {listed(sorted(_name(one, case) for one in front.between))}"
    owners = dict.fromkeys(_name(who, case) for who in front.recognised.values())
    other = [
        f"the other side holds the {part}" if who in front.between else f"{_name(who, case)} holds the {part}"
        for part, who in front.held.items()
        if front.recognised.get(part) != who
    ]
    if len(owners) == 1:
        told += f", on ground recognised as {next(iter(owners))}'s"
    if other:
        told += f", of which {listed(other)}"
    elif owners:
        told += ", each side holding its own ground"
    return told


def _name(actor: str, case: Case) -> str:
    """An actor within a sentence; one that is no proper name has its article."""
    name = short(case.actors[actor].name) if actor in case.actors else actor
    return the(name) if name[:1].islower() else name


def _ladders(case: Case) -> Iterator[str]:
    """What stands on which rungs; the fronts' own ladder with what each rung is."""
    users = {name: [o for o, one in grammar.standing(case).items() if one.ladder == name] for name in case.ladders}
    main = max(users, key=lambda name: len(users[name]))
    told = []
    for name, ladder in case.ladders.items():
        rungs = [spoken(rung) + (f" ({_gloss(one)})" if name == main else "") for rung, one in ladder.rungs.items()]
        if users[name]:
            told.append(f"{capital(places(users[name], case, brief_name))}: {listed(rungs)}.")
    yield " ".join(["Each day everything stands on one rung of its ladder, low to high.", *told])


def _gloss(rung: Rung) -> str:
    """The beginning of a rung's description, if it says enough; else its first clause."""
    clause = rung.described_as.strip().removesuffix(".").split(";")[0]
    first = clause.split(",")[0]
    return first if len(first.split()) >= FEWEST_WORDS else clause


# --- commitments, loops, facts ------------------------------------------------------------------------------


def _commitments(case: Case) -> Iterator[str]:
    """What triggers the commitments that a question hangs on; the others are counted."""
    told_of = _asked_for(case)
    by: dict[str, list[Commitment]] = {}
    for one in told_of:
        by.setdefault(one.when, []).append(one)
    told = [f"{capital(_trigger(when, case))} triggers {listed(_owed(group, case))}." for when, group in by.items()]
    rest = [one for one in case.commitments.values() if one not in told_of]
    if rest:
        contested = sum(bool(one.contested_readings) for one in rest)
        told.append(
            f"{capital(in_words(len(rest)))} {'more' if told else counted(len(rest), 'commitment').split(' ')[1]}"
            f"{_contested(contested, len(rest))} "
            f"{'obliges' if len(rest) == 1 else 'oblige'} nothing that is asked below."
        )
    yield " ".join(told)


def _contested(some: int, of: int) -> str:
    if not some:
        return ""
    return " (contested)" if some == of else f" ({in_words(some)} contested)"


def _asked_for(case: Case) -> list[Commitment]:
    asked = asked_streams(case)
    return [one for one in case.commitments.values() if one.obliges in asked]


def _owed(group: Sequence[Commitment], case: Case) -> list[str]:
    """Each commitment with who owes it, and what it obliges."""
    told = []
    for one in group:
        notes = []
        if one.guarantor:
            notes.append(_name(one.guarantor, case) + (f" for {_name(one.protects, case)}" if one.protects else ""))
        notes += ["only once asked"] if one.requested_by in case.streams else []
        notes += ["contested"] if one.contested_readings else []
        obliges = f", obliging {brief_name(case.streams[str(one.obliges)].name, case)}"
        bracket = f" ({', '.join(notes)})" if notes else ""
        told.append(the(brief_name(one.name, case)) + bracket + obliges)
    return told


def _trigger(text: str, case: Case) -> str:
    try:
        return in_short(grammar.factor(text, case), case)
    except ValueError:  # check_case says what is wrong with it
        return named(text, case)


def _loops(case: Case) -> Iterator[str]:
    """How many ways the argument leads back to where it began, and the shortest of them."""
    found = loops(case)
    if not found:
        return
    grow = sum(loop.sign > 0 for loop in found)
    # A commitment that answers the fire it deters leads back at once; the other ways say more.
    told_of = sorted(found, key=lambda loop: (_pledged(loop), len(loop.nodes), loop.nodes))
    short_ones = list({frozenset(loop.nodes): loop for loop in reversed(told_of)}.values())[::-1][:MOST_LOOPS]
    by: dict[Node, list[str]] = {}
    for loop in short_ones:
        onwards = " then ".join(_node(node, case) for node in loop.nodes[1:]) or "itself"
        by.setdefault(loop.nodes[0], []).append(f"{onwards}{'' if loop.sign > 0 else ' (a check)'}")
    told = [f"{_node(first, case)} with {listed(others)}" for first, others in by.items()]
    ways = "one way" if len(found) == 1 else f"{in_words(len(found))} ways"
    yield (
        f"The argument leads back to itself in {ways}, {in_words(grow)} feeding it and "
        f"{in_words(len(found) - grow)} checking it. The shortest: {'; '.join(told)}."
    )


def _pledged(loop: Loop) -> bool:
    return any(kind == "commitment" for kind, _ in loop.nodes)


def _node(node: Node, case: Case) -> str:
    kind, name = node
    if kind in ("front", "track"):
        return places([name], case, brief_name)
    known: dict[str, Mapping[str, Stream | Pressure | Commitment]] = {
        "stream": case.streams,
        "pressure": case.pressures,
        "commitment": case.commitments,
    }
    return brief_name(known[kind][name].name, case)


def _facts(case: Case) -> Iterator[str]:
    """On how much sources differ, on what most, and how each side tells of the dead."""
    text = ""
    if case.facts:
        most = max(case.facts.values(), key=lambda fact: len(fact.values))
        number = "" if len(case.facts) == 1 else f"{in_words(len(case.facts))} facts, most on "
        text = (
            f"Sources differ on {number}{mid(most.title.rstrip('?. '), case)} ({in_words(len(most.values))} versions); "
            "every version is kept, none averaged."
        )
    by: dict[tuple[float, float], list[str]] = {}
    for reporter in case.reporters.values():
        by.setdefault((reporter.own.mean, reporter.enemy.mean), []).append(short(reporter.name))
    for (own, enemy), names in by.items():
        who = "Reporters" if len(by) == 1 and len(names) > 1 else capital(listed(names))
        text += (
            f" {who} are taken to tell of {math.exp(own):.2g} times their own dead and {math.exp(enemy):.2g} times the "
            "other side's."
        )
    yield text


# --- the record ---------------------------------------------------------------------------------------------


def _record(case: Case) -> Iterator[str]:
    """What kinds of evidence there are, where and when they look, and what has no count."""
    evidence = [one for one in case.evidence.values() if one.role == "evidence"]
    kinds = dict.fromkeys(_KINDS[one.kind] for one in evidence)
    counted_streams = {name for one in evidence for name in (*one.streams, *one.columns, *one.columns.values())}
    own = [name for name, stream in case.streams.items() if stream.read_from is None]
    bare = [name for name in own if name not in counted_streams]
    text = ""
    if kinds:
        looked = [days for one in evidence if one.fronts for days in one.covers]
        text = f"The record holds {listed(list(kinds))}"
        if looked:
            first, last = min(start for start, _ in looked), max(end for _, end in looked)
            text += f", on the fronts from {day(first)} to {day(last)}"
        text += "; other days are unknown, not quiet."
    if bare:
        text += f" Of {counted(len(own), 'kind')} of events, {_none(len(bare))}: their rate is a prior only."
    yield text


def _none(bare: int) -> str:
    return "one has no count" if bare == 1 else f"{bare} have no count"


def _misread(case: Case) -> Iterator[str]:
    yield (
        "A claim is an association in the model, not a proof of cause; a lever is a what-if, not advice; most "
        "coefficients rest on beliefs that the record hardly moves. Odds of one in ten that come true are no failure; "
        "nothing here serves targeting."
    )

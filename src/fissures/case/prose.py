"""The whole case as continuous text, for a reader who has never seen the format."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from fissures.case import grammar
from fissures.case.feedback import Loop, Node, loops
from fissures.case.prose_claims import brief_name, paragraphs, without_coefficient
from fissures.case.records import Actor, Case, Commitment, Evidence, Front, Pressure, Rung, Stream
from fissures.case.sentences import factor_words, places
from fissures.case.wording import capital, counted, day, in_words, listed, mid, named, short, spoken, the

WIDTH = 88
MOST_LOOPS = 5
MOST_FACTS = 8  # named one by one; the brief shows all of them, version by version
_KINDS = {
    "weekly_record": "a weekly record of what was reported",
    "spells": "dated spells at each rung",
    "deaths_by_rung": "deaths by rung",
    "means_by_rung": "means by rung",
    "dated_counts": "dated counts of events",
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
        ("What is asked", _questions(case)),
        ("What somebody could do", _levers(case)),
        ("Statements without a coefficient", [without_coefficient(case)]),
        ("What the record covers", _record(case)),
        ("How to misread it", _misread(case)),
    ]
    blocks = [case.case, *map(_wrapped, _opening(case))]
    for heading, told in parts:
        if kept := [_wrapped(text) for text in told if text]:
            blocks.append(f"{heading}\n{'-' * len(heading)}\n" + "\n\n".join(kept))
    return "\n\n".join(blocks) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _opening(case: Case) -> Iterator[str]:
    main = next(iter(case.sources.values())).cite.removesuffix(".") if case.sources else "no source"
    yield (
        f"As of {day(case.as_of)}, looking ahead day by day to {day(case.horizon)}. It reads {main}. "
        f"{case.purpose.strip().removesuffix('.')}."
    )


# --- the world ----------------------------------------------------------------------------------------------


def _who(case: Case) -> Iterator[str]:
    """The parties, who acts inside them, and who stands around them."""
    sides = dict.fromkeys(name for front in case.fronts.values() for name in front.between if name in case.actors)
    parties = [_party(case.actors[name], case) for name in sides]
    text = f"The {'parties are' if len(parties) > 1 else 'party is'} {listed(parties)}." if parties else ""
    for side in sides:
        inside = [mid(short(actor.name), case) for actor in case.actors.values() if actor.within == side]
        if inside:
            text += f" Within {case.actors[side].name}: {listed(inside)}."
    rest = [_outsider(a, case) for name, a in case.actors.items() if name not in sides and a.within not in sides]
    yield text + (f" Around them: {listed(rest)}." if rest else "")


def _party(actor: Actor, case: Case) -> str:
    notes = [] if actor.recognised else ["not recognised"]
    if actor.stands_with in case.actors:
        notes.append(f"standing with {case.actors[str(actor.stands_with)].name}")
    return f"{actor.name} ({', '.join(notes)})".replace(") (", ", ") if notes else actor.name


def _outsider(actor: Actor, case: Case) -> str:
    """Somebody outside; a state with its role."""
    role = f" ({named(actor.role, case)})" if actor.role and actor.iso3 else ""
    return f"{short(actor.name)}{role}"


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
        f"the {part} is held by {_name(w, case)}" for part, w in front.held.items() if front.recognised.get(part) != w
    ]
    if len(owners) == 1:
        told += f", on ground recognised as that of {next(iter(owners))}"
    if other:
        told += f", of which {listed(other)}"
    elif owners:
        told += ", each side holding its own recognised ground"
    if front.retires_after:
        told += f"; after {front.retires_after} net advances by one side it is no longer a front"
    return told


def _name(actor: str, case: Case) -> str:
    return short(case.actors[actor].name) if actor in case.actors else actor


def _ladders(case: Case) -> Iterator[str]:
    """What stands on which rungs; the fronts' own ladder with what each rung is."""
    users = {name: [o for o, one in grammar.standing(case).items() if one.ladder == name] for name in case.ladders}
    main = max(users, key=lambda name: len(users[name]))
    told = []
    for name, ladder in case.ladders.items():
        rungs = [f"{spoken(rung)} ({_described(value)})" for rung, value in ladder.rungs.items()]
        steps = "; ".join(rungs) if name == main else listed([spoken(rung) for rung in ladder.rungs])
        if users[name]:
            told.append(f"{capital(places(users[name], case, brief_name))}: {steps}.")
    yield " ".join(["Each day everything stands on one rung of its ladder, low to high.", *told])


def _described(rung: Rung) -> str:
    return rung.described_as.strip().removesuffix(".")


# --- commitments, loops, facts ------------------------------------------------------------------------------


def _commitments(case: Case) -> Iterator[str]:
    """Who owes what, grouped by what brings it into force."""
    by: dict[str, list[Commitment]] = {}
    for one in case.commitments.values():
        by.setdefault(one.when, []).append(one)
    told = [
        f"With {_trigger(when, case)}: {'; '.join(_owed(one, case) for one in group)}." for when, group in by.items()
    ]
    if told:
        yield " ".join(["Each is in force for a time after its trigger, and makes likelier what it calls for.", *told])


def _owed(one: Commitment, case: Case) -> str:
    notes = []
    if one.guarantor:
        notes.append(_name(one.guarantor, case) + (f" for {_name(one.protects, case)}" if one.protects else ""))
    if one.requested_by in case.streams:
        notes.append("only once asked")
    if one.obliges in case.streams:
        notes.append(f"calls for: {brief_name(case.streams[str(one.obliges)].name, case)}")
    if one.contested_readings:
        notes.append("contested")
    return f"{the(brief_name(one.name, case))}" + (f" ({', '.join(notes)})" if notes else "")


def _trigger(text: str, case: Case) -> str:
    try:
        return factor_words(grammar.factor(text, case), case, brief_name)
    except ValueError:  # check_case says what is wrong with it
        return named(text, case)


def _loops(case: Case) -> Iterator[str]:
    """The shortest ways by which the argument leads back to where it began, and how many there are."""
    found = loops(case)
    if not found:
        return
    grow = sum(loop.sign > 0 for loop in found)
    # A commitment that answers the fire it deters leads back at once; the other ways say more.
    told_of = sorted(found, key=lambda loop: (_pledged(loop), len(loop.nodes), loop.nodes))
    short_ones = list({frozenset(loop.nodes): loop for loop in reversed(told_of)}.values())[::-1][:MOST_LOOPS]
    told = "; ".join(_loop(loop, case) for loop in short_ones)
    ways = "one way" if len(found) == 1 else f"{in_words(len(found))} ways"
    yield (
        f"The argument leads back to itself in {ways}: {in_words(grow)} feeding on what they bring about, "
        f"{in_words(len(found) - grow)} checking it. The shortest: {told}."
    )


def _pledged(loop: Loop) -> bool:
    return any(kind == "commitment" for kind, _ in loop.nodes)


def _loop(loop: Loop, case: Case) -> str:
    names = " to ".join(_node(node, case) for node in loop.nodes)
    return f"{names} and back ({'feeds' if loop.sign > 0 else 'checks'} itself)"


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
    """What sources dispute, and how the dead are told by each side, in one paragraph."""
    facts = sorted(case.facts.values(), key=lambda fact: -len(fact.values))
    told = [f"{_asked(fact.title, case)} ({in_words(len(fact.values))} versions)" for fact in facts[:MOST_FACTS]]
    text = "Sources differ on: " + "; ".join(told) if told else ""
    rest = len(facts) - len(told)
    text += f"; and on {in_words(rest)} more." if rest else "." if told else ""
    text += " Every version is kept and none averaged." if told else ""
    by: dict[tuple[float, float], list[str]] = {}
    for reporter in case.reporters.values():
        by.setdefault((reporter.own.mean, reporter.enemy.mean), []).append(short(reporter.name))
    for (own, enemy), names in by.items():
        text += (
            f" {capital(listed(names))} are taken to report {_factor(own)} number of their own dead and "
            f"{_factor(enemy)} number of the other side's."
        )
    yield text


def _factor(log: float) -> str:
    return f"{math.exp(log):.2g} times the"


# --- what is asked, what could be done ----------------------------------------------------------------------


def _questions(case: Case) -> Iterator[str]:
    """What is asked, with every date by which it is; a title need not say its date again."""
    dates: dict[str, list[date]] = {}
    for question in case.questions.values():
        title = re.sub(rf" (by|on|from [^?]* to) {day(question.by)}", "", _asked(question.title, case))
        dates.setdefault(title, []).append(question.by)
    last = max(question.by for question in case.questions.values())
    told = [
        title + ("" if by == [last] else f" (by {listed([day(one) for one in sorted(by)])})")
        for title, by in dates.items()
    ]
    yield f"By {day(last)}, unless another date is given: {'; '.join(told)}."


def _asked(title: str, case: Case) -> str:
    """A title as it stands within a list; a question begins small."""
    small = title[:1].lower() + title[1:] if title.endswith("?") else mid(title, case)
    return small.rstrip("?. ")


def _levers(case: Case) -> Iterator[str]:
    calm = [mid(lever.name, case) for lever in case.levers.values() if not lever.escalatory]
    sharp = [mid(lever.name, case) for lever in case.levers.values() if lever.escalatory]
    told = f"What-ifs that can be tried: {'; '.join(calm)}." if calm else ""
    if sharp:
        told += f" Escalatory, and run only on an explicit flag: {'; '.join(sharp)}."
    yield told


# --- the record ---------------------------------------------------------------------------------------------


def _record(case: Case) -> Iterator[str]:
    told = [_evidence(one, case) for one in case.evidence.values()]
    counted_streams = {
        name for one in case.evidence.values() for name in (*one.streams, *one.columns, *one.columns.values())
    }
    own = [name for name, stream in case.streams.items() if stream.read_from is None]
    bare = [name for name in own if name not in counted_streams]
    text = f"The record holds {listed(told)}. Days outside these windows are unknown, not quiet." if told else ""
    if bare:
        text += (
            f" Of {counted(len(own), 'kind')} of events, {len(bare)} have no count at hand: "
            "how often they happen is a prior only."
        )
    yield text


def _evidence(one: Evidence, case: Case) -> str:
    where = f" on {places([f for f in one.fronts if f in case.fronts], case)}" if one.fronts else ""
    what = f" of {counted(len(one.streams), 'stream')}" if one.streams else ""
    spans = [f"from {day(first)} to {day(last)}" for first, last in one.covers]
    notes = " (the state at the start only)" if one.role == "state" else ""
    return f"{_KINDS[one.kind]}{what}{where}{' ' + listed(spans) if spans else ''}{notes}"


def _misread(case: Case) -> Iterator[str]:
    yield (
        "A claim is an association in the model, not a proof of cause, and a lever is a what-if within it, not advice. "
        "Most coefficients rest on stated beliefs that the record hardly moves. No passage supports a claim merely "
        "because it is quoted; 'ours' means that the text does not say it. A chance of one in ten that "
        "comes true is no failure. Places are fronts and times are days: nothing here serves targeting."
    )

"""The words of the first page: what stands beside each key question, reasons, signs, and what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fissures.brief import resolved
from fissures.brief.context import Context
from fissures.brief.numbers import SPACE, chance, count, day, people, whole_points
from fissures.brief.phrases import cited, listed
from fissures.brief.units import becomes, central, clear_of_zero, moved_by, shown, step, thresholds, titled
from fissures.brief.whatifs import called, effects, settled
from fissures.brief.words import leading, opening, tail
from fissures.figures.labels import plain, spoken
from fissures.study.first_page import Change, FirstPage, LastIssue, Reason, Sign
from fissures.study.records import Answer, Arm, Difference

MOST = 7  # key questions; more do not fit on a page with their reasons
NAMED = 2  # analogues by name in a cell
CHANCE = 2.0  # errors of the simulation within which two issues do not differ


def key(questions: Sequence[Answer], context: Context) -> tuple[Answer, ...]:
    """The questions of the first page: the leading one, numbers, then those that base rates and a class speak to."""
    first = leading(questions, context.lead)
    if first is None or len(questions) <= MOST:
        return tuple([first, *(q for q in questions if q is not first)] if first else [])

    def rank(answer: Answer) -> tuple[bool, bool, bool]:
        based = answer.bounds is not None or bool(context.base_rates.get(answer.code))
        return (not based, answer.kind != "number", answer.reference_class is None)

    rest = sorted((q for q in questions if q is not first), key=rank)
    return (first, *rest[: MOST - 1])


def bottom_line(questions: Sequence[Answer], arms: Sequence[Arm], lead: str, first: FirstPage) -> tuple[str, ...]:
    """Three sentences: the most consequential question, the tail, and what would change it."""
    answer = leading(questions, lead)
    if answer is None:
        return ("This study answers no question.",)
    return opening(answer, lead), tail(questions, answer), turning(answer, arms, first)


def turning(answer: Answer, arms: Sequence[Arm], first: FirstPage) -> str:
    """What would change an answer: the sign that is worth most, and the lever that moves it most, in the model."""
    lever = _lever_words(answer, arms)
    seen = [sign for sign in first.signs if first.asked == answer.code]
    if not seen:
        return f"In the model, {lever}."
    # calm to a late day says the answer with other words; something to watch for says more
    sign = max([one for one in seen if one.kind != "calm"] or seen, key=lambda one: one.worth)
    return f"In the model, {sentence(answer, sign)}; {lever}."


def _lever_words(answer: Answer, arms: Sequence[Arm]) -> str:
    tried = effects(answer.code, arms)
    if not tried:
        return "no lever was tried on it"
    clear = [pair for pair in tried if clear_of_zero(pair[1])]
    if not clear:
        many = len(tried) > 1
        return (
            f"none of {len(tried)} levers tried has a clear effect"
            if many
            else "the one lever tried has no clear effect"
        )
    arm, found = max(clear, key=lambda pair: abs(pair[1].difference))
    lever = f"lever{'s' * (len(tried) > 1)}"
    return f"of {len(tried)} {lever} tried, {titled(arm.name)} moves it most, by {moved_by(answer, found.difference)}"


# --- the table of key questions ---------------------------------------------------------------------------------------


def alike(answer: Answer) -> str:
    """Of how many named flare-ups how many saw it, with the nearest of those by name; "" where none is counted."""
    found = answer.analogues
    if found is None:
        return ""
    saw = [one.flare_up for one, did in zip(found.named, found.happened, strict=True) if did][:NAMED]
    names = [f"{plain(one.conflict, 60)} {one.start.year}" for one in saw]
    names += [f"{found.k - len(saw)} more"] if names and found.k > len(saw) else []
    least = f" with {count(min(map(float, found.exceed)))} or more" if answer.kind == "number" and found.exceed else ""
    return f"of {found.n} like it, {found.k}{least}{': ' * bool(names)}{', '.join(names)}"


def lever(answer: Answer, arms: Sequence[Arm]) -> tuple[str, str]:
    """The lever that moves a question most, and by how much; a number by the chance of its lowest threshold.

    ("", why not) where none moves it clear of zero.
    """
    least = f"{answer.code}>={thresholds(answer)[0][0]:g}" if answer.kind == "number" and answer.exceed else ""
    code = answer.code if any(answer.code in arm.differences for arm in arms) else least
    tried = effects(code, arms)
    clear = [pair for pair in tried if clear_of_zero(pair[1])]
    if not clear:
        none = "none but what brings it about" if settled(code, arms) else "none tried"
        return "", "none has a clear effect" if tried else none
    arm, found = max(clear, key=lambda pair: abs(pair[1].difference))
    return called(arm, 80), _size(answer, found, code)


def _size(answer: Answer, found: Difference, code: str) -> str:
    if code == answer.code:
        return moved_by(answer, found.difference)
    bound = count(float(code.partition(">=")[2]))
    return f"{whole_points(found.difference)} on {bound} or more"


def before(answer: Answer, last: LastIssue | None) -> str:
    """The last issue's number of a question; "new" where it did not ask it."""
    if last is None or answer.code not in last.numbers:
        return "new"
    told = last.numbers[answer.code]
    return chance(told.value, step(answer)) if told.kind == "event" else people(told.value)


# --- reasons and signs ------------------------------------------------------------------------------------------------


def chip(reason: Reason, cites: dict[str, str]) -> str:
    """Where a reason stands, and what the data said of it, in few words.

    A declared break is a change of level that the record shows: why it came is the case's reading, and untested.
    """
    if reason.code.startswith("break "):
        return f"the record shows the change; its cause is the case's reading · {plain(reason.verdict, 20)}"
    where = f"{cited(reason.source, cites)}, paragraph {reason.para}" if reason.para else cited(reason.source, cites)
    return f"{where} · {'could not be tested' if not reason.tested else plain(reason.verdict, 20)}"


def carries(answer: Answer, reason: Reason, paths: int) -> str:
    """What the answer becomes without a sentence; said where that is no more than the simulation's chance."""
    told = becomes(answer, reason.without.difference)
    doubt = "" if reason.beyond_chance else f" (not beyond chance on {count(paths)} paired paths)"
    without = "Without this change" if reason.code.startswith("break ") else "Without this sentence"
    return f"{without} {told}{doubt}."


def seen(sign: Sign) -> str:
    """What would be seen, as the beginning of a sentence without its "if"."""
    if sign.kind == "rung":
        return f"{the(sign.name)} reaches “{spoken(sign.rung)}” or worse"
    if sign.kind == "calm":
        return f"no front reaches “{spoken(sign.rung)}” or worse"
    name = plain(sign.name.partition(" (")[0], 70)
    return f"the record shows {f'{sign.count} or more of ' if sign.count > 1 else ''}“{name}”"


def sentence(answer: Answer, sign: Sign) -> str:
    """A sign with its date, and the answer with and without it."""
    base, there, absent = (chance(p, step(answer)) for p in (sign.base, sign.given, sign.otherwise))
    stays = f"it stays {absent}" if absent == base else f"{absent}"
    turns = f"stays {there}" if there == base else f"becomes {there}"
    other = "if one does" if sign.kind == "calm" else "if not"
    return f"if {seen(sign)} by {day(sign.by)}, {base} {turns}; {other}, {stays}"


def odds(sign: Sign) -> str:
    """How often the sign is seen along the paths."""
    watched = "; the case watches for it" if sign.watched else ""
    return f"in {chance(sign.chance)} of futures{watched}"


def the(name: str) -> str:
    """A front's name in a sentence.

    >>> the("Long Ridge"), the("Northmark"), the("The upper weir")
    ('the Long Ridge', 'Northmark', 'the upper weir')
    """
    told = plain(name, 80)
    if told.startswith(("The ", "A ", "An ")):
        return told[0].lower() + told[1:]
    return told if " " not in told else f"the {told}"


# --- from issue to issue ----------------------------------------------------------------------------------------------


def changed(answer: Answer | None, last: LastIssue) -> tuple[str, ...]:
    """What changed since the last issue, and why: the leading number first, then what differs and what that leaves."""
    issue = f"the issue as of {day(last.as_of)} ({last.digest[:8]})"
    told = [_moved(answer, last, issue)] if answer is not None else []
    told += [resolved.opening(last.resolved)] if last.resolved else []
    if not last.changes:
        return (*told, f"Claims, data, questions, settings and model are those of {issue}.")
    parts = tuple(dict.fromkeys(change.part for change in last.changes))
    return (*told, f"What changed since: {listed([difference(one) for one in last.changes])}.", _why(parts))


def _moved(answer: Answer, last: LastIssue, issue: str) -> str:
    told = last.numbers.get(answer.code)
    if told is None:
        return f"{answer.code} was not asked in {issue}."
    was, now = before(answer, last), shown(answer)
    error = (told.mc_error**2 + answer.mc_error**2) ** 0.5
    same = abs(central(answer) - told.value) <= CHANCE * error
    luck = (
        "which is no more than the simulation's own chance" if same else "which is beyond the simulation's own chance"
    )
    if was == now:
        return f"{answer.code} stays at {now}, as in {issue}."
    return f"{answer.code} went from {was} in {issue} to {now}, {luck}."


def difference(change: Change) -> str:
    """One difference between issues, with up to six names."""
    names = [plain(name, 40) for name in change.items[:6]]
    more = f" and {len(change.items) - 6} more" if len(change.items) > 6 else ""
    inside = f" ({', '.join(names)}{more})" if names else ""
    return f"{plain(change.says, 160)}{inside}"


def _why(parts: Sequence[str]) -> str:
    called = {
        "date": "the as-of date",
        "claims": "the claims",
        "data": "the data",
        "questions": "the questions",
        "case": "the rest of the case",
        "settings": "the settings of the run",
        "model": "the model",
    }
    if len(parts) == 1:
        return f"Whatever moved, it moved with {called.get(parts[0], parts[0])}; the rest is as it was."
    told = listed([called.get(part, part) for part in parts])
    return f"What each of these did is not told apart: {told} changed together."


def vintages(first: FirstPage, cites: dict[str, str]) -> str:
    """Each source of the record with the digest of its files."""
    names = {source: plain(re.split(r"[,;:(]", cites.get(source, source))[0], 40) for source, _ in first.vintages}
    return ", ".join(f"{names[source]}{SPACE}{digest}" for source, digest in first.vintages)

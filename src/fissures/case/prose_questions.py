"""What a case asks and what somebody could do about it, by theme rather than one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fissures.case import grammar
from fissures.case.grammar import Ask, Factor
from fissures.case.prose_reading import brief_name, outside
from fissures.case.records import Case
from fissures.case.sentences import factor_words
from fissures.case.wording import day, in_words, listed, mid, short, spoken

MOST = 4  # what-ifs, and questions of one theme, that are named one by one
ANYWHERE = " on any front"  # goes without saying in a question
_THEMES = {
    "fighting": "Of the fighting",
    "dead": "Of the dead",
    "sides": "Of the sides",
    "outsiders": "Of outsiders",
    "talks": "Of the talks",
}


def questions(case: Case) -> Iterator[str]:
    """What is asked, by theme, in one paragraph; a question asked for several dates is named once with all of them."""
    last = max(question.by for question in case.questions.values())
    asked: dict[str, dict[str, list[date]]] = {theme: {} for theme in _THEMES}
    told_by: dict[str, str] = {}
    for question in case.questions.values():
        try:
            ask = grammar.asks(question.asks, case)
        except ValueError:  # check_case says what is wrong with it
            continue
        if ask.who in case.reporters:
            told_by[f"how many {_deaths(ask, case)}"] = ", also as reporters tell of them"
        asked[_theme(ask, case)].setdefault(_words(ask, case), []).append(question.by)
    told = []
    for theme, items in asked.items():
        words = [f"{what}{_dated(by, last)}{told_by.get(what, '')}" for what, by in items.items()]
        if len(words) > MOST:
            words[MOST - 1 :] = [f"{in_words(len(words) - MOST + 1)} more"]
        told += [f"{_THEMES[theme]}: {listed(words)}."] if words else []
    number = f"{in_words(len(case.questions))} question{'' if len(case.questions) == 1 else 's'}"
    yield " ".join([f"The case puts {number}, for {day(last)} where no date is named.", *told])


def asked_streams(case: Case) -> set[str]:
    """The streams that some question asks about."""
    named: set[str] = set()
    for question in case.questions.values():
        try:
            named.update(grammar.asks(question.asks, case).streams)
        except ValueError:  # check_case says what is wrong with it
            continue
    return named


def _theme(ask: Ask, case: Case) -> str:
    if ask.streams:
        return "outsiders" if any(outside(case.streams[name].actor, case) for name in ask.streams) else "sides"
    if ask.kind in ("deaths", "month", "total"):
        return "dead"
    return "talks" if ask.fronts and all(name in case.tracks for name in ask.fronts) else "fighting"


def _words(ask: Ask, case: Case) -> str:
    """What a question asks, as a noun phrase."""
    match ask.kind:
        case "events" | "none":
            names = listed([brief_name(case.streams[name].name, case) for name in ask.streams], "or")
            some = f"at least {in_words(int(ask.at_least))} of: " if ask.at_least > 1 else ""
            return f"no {names.removeprefix('a ').removeprefix('an ')}" if ask.kind == "none" else some + names
        case "reaches" if len(case.tracks) == 1 and ask.fronts == tuple(case.tracks):
            return f"reaching {spoken(ask.rung)}"
        case "reaches":
            return factor_words(Factor("reaches", ask.fronts, ask.rung), case, brief_name)
        case "means" | "weeks":
            used = factor_words(Factor("means", ask.fronts, who=ask.who), case, brief_name).removesuffix(ANYWHERE)
            return f"weeks with {used}" if ask.kind == "weeks" else used
        case "advance":
            return factor_words(Factor("advance", ask.fronts), case, brief_name).removesuffix(ANYWHERE)
        case "total":
            return f"how many {_deaths(ask, case)}"
    number = "any" if ask.at_least <= 1 else f"{ask.at_least:g} or more"
    return f"{number} {_deaths(ask, case)}" + (" in a month" if ask.kind == "month" else "")


def _deaths(ask: Ask, case: Case) -> str:
    return factor_words(Factor("deaths", ask.fronts), case, brief_name).removesuffix(ANYWHERE)


def _dated(by: list[date], last: date) -> str:
    """The dates by which something is asked, unless that is the last of all; the year only where it is another."""
    dates = sorted(set(by))
    if dates == [last]:
        return ""
    if len(dates) > 1:
        return f" (by {in_words(len(dates))} dates)"
    return f" (by {day(dates[0]).removesuffix(f' {last.year}')})"


def levers(case: Case) -> Iterator[str]:
    """What-ifs by name; those that escalate apart from the others."""
    calm = [mid(short(lever.name), case) for lever in case.levers.values() if not lever.escalatory]
    if len(calm) > MOST + 1:
        calm[MOST:] = [f"{in_words(len(calm) - MOST)} more"]
    sharp = [mid(short(lever.name), case) for lever in case.levers.values() if lever.escalatory]
    told = f"What-ifs to try: {listed(calm)}." if calm else ""
    if sharp:
        told += f" Escalatory, on an explicit flag only: {listed(sharp)}."
    yield told

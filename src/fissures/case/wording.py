"""Names and amounts as prose has them: small pieces that sentences are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from fissures.case.records import Case

_STEM = 4  # letters by which "Norwegian" is known to belong to "Norway"
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names as prose lists them; semicolons where a name holds a comma itself.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed(["a, b", "c"])
    ('a', 'a and b', 'a, b and c', 'a, b; and c')
    """
    if len(names) < 2:
        return "".join(names)
    if any("," in name or ";" in name for name in names):
        return f"{'; '.join(names[:-1])}; {last} {names[-1]}"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def the(name: str) -> str:
    """A name with its article, once; none where somebody owns it.

    >>> the("Line of Contact"), the("The lower ford"), the("Brome's oath")
    ('the Line of Contact', 'the lower ford', "Brome's oath")
    """
    if name.split(" ")[0].endswith(("'s", "’s")):
        return name
    return f"the {name.removeprefix('The ').removeprefix('the ')}"


def recently(name: str) -> str:
    """Events as the recent past has them.

    >>> recently("pleas for calm"), recently("a proposal"), recently("the first frost")
    ('recent pleas for calm', 'a recent proposal', 'the recent first frost')
    """
    article, _, rest = name.partition(" ")
    if article in ("a", "an", "the") and rest:
        return f"{'the' if article == 'the' else 'a'} recent {rest}"
    return f"recent {name}"


def spoken(word: str | None) -> str:
    """A rung or means as it is said.

    >>> spoken("limited_offensive")
    'limited offensive'
    """
    return str(word).replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital to begin with.

    >>> capital("the lower ford")
    'The lower ford'
    """
    return text[:1].upper() + text[1:]


def short(name: str) -> str:
    """A name without what it explains in brackets.

    >>> short("Stalled talks (time since a tangible step)")
    'Stalled talks'
    """
    return re.sub(r"\s*\([^()]*\)", "", name).strip() or name


def day(when: date) -> str:
    """A date without abbreviations, the same in every locale.

    >>> day(date(2018, 10, 1))
    '1 October 2018'
    """
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def span(days: float) -> str:
    """So many days in the unit in which people say it.

    >>> span(42), span(7), span(60), span(365.25), span(91.3125)
    ('6 weeks', '7 days', '60 days', '1 year', '3 months')
    """
    for unit, length in (("year", 365.25), ("month", 30.4375), ("week", 7.0)):
        if days >= (14 if unit == "week" else length) and (days / length).is_integer():
            return counted(int(days / length), unit)
    return counted(days, "day")


def counted(amount: float, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "claim"), counted(3, "claim")
    ('1 claim', '3 claims')
    """
    return f"{amount:g} {thing}{'' if amount == 1 else 's'}"


def mid(name: str, case: Case) -> str:
    """A name as it stands within a sentence: a small first letter, unless its first word is a proper name.

    Proper is a word that the case's own names write with a capital in mid-phrase and never without, and a word that
    begins as a country among the actors does ("Norwegian", of Norway). A phrase in title case stays as it is.
    """
    for article in ("The ", "A ", "An "):
        if name.startswith(article):
            return article.lower() + name.removeprefix(article)
    words = name.split()
    first = words[0] if words else ""
    if not first[:1].isupper() or first[1:] != first[1:].lower() or (words[1:] and words[1][:1].isupper()):
        return name
    plain = first.removesuffix("'s").removesuffix("’s")
    return name if len(plain) > 1 and _proper(plain, case) else name[:1].lower() + name[1:]


def _proper(word: str, case: Case) -> bool:
    countries = [actor.name for actor in case.actors.values() if actor.iso3 and " " not in actor.name]
    if any(word[:_STEM] == country[:_STEM] for country in countries):
        return True
    inside = set(_inside(case))
    return word in inside and word.lower() not in inside


def _inside(case: Case) -> Iterator[str]:
    """Every word of the case's names that does not begin its name, as written."""
    kinds: tuple[Iterable[str], ...] = (
        (actor.name for actor in case.actors.values()),
        (front.name for front in case.fronts.values()),
        (stream.name for stream in case.streams.values()),
        (pressure.name for pressure in case.pressures.values()),
        (commitment.name for commitment in case.commitments.values()),
    )
    for names in kinds:
        for name in names:
            yield from re.split(r"[^\w]+", name)[1:]


def named(text: str, case: Case) -> str:
    """A free text of the case with ids replaced by names: "how ARD reads BRO" speaks of the two valleys."""
    rungs = {rung for ladder in case.ladders.values() for rung in ladder.rungs if "_" in rung}

    def name(word: str) -> str:
        if word in case.actors:
            return short(case.actors[word].name)
        if word in case.fronts:
            return the(case.fronts[word].name)
        if "_" in word and (known := case.streams.get(word) or case.pressures.get(word)):
            return mid(short(known.name), case)
        return spoken(word) if word in rungs else word

    return re.sub(r"\w+", lambda found: name(found[0]), text)


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_words(amount: int) -> str:
    """A small number in words.

    >>> in_words(7), in_words(13)
    ('seven', '13')
    """
    return _SMALL[amount] if 0 <= amount < len(_SMALL) else str(amount)

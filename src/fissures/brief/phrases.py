"""Short names and lists for the page: who is cited, what is drawn, where every part came from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from fissures.brief.numbers import count
from fissures.errors import Finding
from fissures.figures.labels import plain, spoken
from fissures.study.records import Answer, Answers, Arm

PURPOSE = (
    "For early warning, prevention, teaching and testing arguments. Not for targeting: the smallest place "
    "that the model knows is a front, the smallest time a day."
)
FEW_ROWS = 12

Level = tuple[str, str, float, float]  # a pressure's name, its reference surge, its level now, its usual level

_FIGURE = re.compile(r"([a-z]+ ){0,3}[\d.,]{1,20}( [bm]illion)?")
_LEVELS = {"error": 0, "warning": 1, "note": 2}
_QUOTED = re.compile(r"'([^']*)'")
_YEAR = re.compile(r"^[^()]{1,100}\([^()]*\b\d{4}\)")


def cited(source: str, cites: dict[str, str]) -> str:
    """The first words of a citation, up to its year or its first comma; the identifier in words if there is none.

    >>> cited("a", {"a": "Author, A. (2019). Two Valleys."}), cited("b_c", {})
    ('Author, A. (2019)', 'b c')
    >>> cited("s", {"s": "Spells by front, own coding (see SOURCES.md)"})
    'Spells by front'
    """
    cite = plain(cites.get(source, ""), 400)
    found = _YEAR.match(cite)
    return found.group() if found else plain(re.split(r"[,;:(]", cite)[0], 80) or spoken(source)


def keeper(source: str, cites: Mapping[str, str]) -> str:
    """Who keeps a source: the first words of its citation; the identifier in words if there is none.

    >>> keeper("a", {"a": "Author Institute, weekly data (2015-2020)"}), keeper("b_c", {})
    ('Author Institute', 'b c')
    """
    return plain(re.split(r"[,;:(]", plain(cites.get(source, ""), 400))[0], 60) or spoken(source)


def own_purpose(purpose: str) -> str:
    """What a case says of its purpose beyond what every brief says, or nothing.

    >>> own_purpose("Early warning. Not for targeting; smallest place a front."), own_purpose("A seminar on mediation.")
    ('', 'A seminar on mediation.')
    """
    said, known = (set(re.findall(r"\w+", text.lower())) for text in (purpose, PURPOSE))
    return plain(purpose, 600) if len(said - known) > len(said) / 4 else ""


def fan_caption(past: Sequence[tuple[date, float | None, float | None]]) -> str:
    """What the drawing of deaths shows, naming only the marks that occur in it.

    >>> fan_caption([(date(2020, 7, 13), 2.0, 2.0)])
    'Deaths a week on all fronts. Dashed: the first simulated week.'
    """
    bars = any(low != high for _, low, high in past)
    gaps = any(low is None or high is None for _, low, high in past)
    said = [
        "Deaths a week on all fronts.",
        "Bars: sources or days disagree, low to high." if bars else "",
        "Shaded weeks have no record, which is not zero." if gaps else "",
        "Dashed: the first simulated week.",
    ]
    return " ".join(part for part in said if part)


def provenance(answers: Answers, parts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Where every part came from as (name, digest or value), each named once; the issue is that of the answers."""
    listed = {"issue": answers.digest, "case": answers.case_digest, **parts}
    if answers.parent not in listed.values():
        listed["made from"] = answers.parent
    return tuple((spoken(name), value) for name, value in listed.items())


def exceedances(questions: Iterable[Answer], arms: Sequence[Arm]) -> tuple[Answer, ...]:
    """The chances of passing a threshold that what-ifs speak of, as questions of their own (code "Q15>=50")."""
    codes = dict.fromkeys(code for arm in arms for code in arm.differences if ">=" in code)
    numbers = {q.code: q for q in questions if q.kind == "number"}
    found = []
    for code in codes:
        base, _, bound = code.partition(">=")
        if base in numbers and _is_number(bound):
            title = f"{numbers[base].title.rstrip('?')}: {count(float(bound))} or more"
            found.append(replace(numbers[base], code=code, title=title, kind="event", bounds=None, exceed={}))
    return tuple(found)


def told(findings: Sequence[Finding]) -> tuple[tuple[Finding, int, tuple[str, ...]], ...]:
    """Findings, gravest first; notes that differ only in the name they quote stand once, with their number and names.

    >>> same = [Finding("a", "note", f"no evidence counts the stream '{name}'") for name in ("raids", "arrests")]
    >>> [(f.message, count, names) for f, count, names in told(same)]
    [("no evidence counts the stream 'raids'", 2, ('raids', 'arrests'))]
    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike = _QUOTED.sub("", finding.message) if finding.level == "note" else f"{finding.where} {finding.message}"
        groups.setdefault((finding.level, alike, finding.why), []).append(finding)
    ordered = sorted(groups.values(), key=lambda found: _LEVELS.get(found[0].level, len(_LEVELS)))
    return tuple((_alike(found), len(found), _quoted(found)) for found in ordered)


def _alike(findings: Sequence[Finding]) -> Finding:
    """The first finding for all; what to try only where they agree."""
    agree = len({finding.remedy for finding in findings}) == 1
    return findings[0] if agree else replace(findings[0], remedy="")


def _quoted(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in findings for name in _QUOTED.findall(finding.message)))


def unquoted(message: str) -> str:
    """A message without the names that it quotes; a name in the middle leaves a mark.

    >>> unquoted("no evidence counts the stream 'raids'"), unquoted("the word 'may': it is weak")
    ('no evidence counts the stream', 'the word …: it is weak')
    """
    return _QUOTED.sub("…", message).removesuffix("…").strip()


def raised(pressures: Sequence[Level]) -> list[Level]:
    """Pressures, the one furthest above its usual level first; those without a level last."""
    return sorted(pressures, key=lambda p: p[3] - p[2] if math.isfinite(p[2] - p[3]) else math.inf)


def halves(rows: Sequence[Level]) -> list[Sequence[Level]]:
    """Rows in two halves where they are many, to stand side by side.

    >>> [len(half) for half in halves([("a", "1 event", 0.0, 0.0)] * 21)]
    [11, 10]
    """
    middle = (len(rows) + 1) // 2
    return [rows] if len(rows) <= FEW_ROWS else [rows[:middle], rows[middle:]]


def measured(value: str, unit: str) -> str:
    """A value with its unit, where it is no more than a figure; words say themselves what they count.

    >>> measured("more than 500", "killed"), measured("658,000 displaced", "people"), measured("", "people")
    ('more than 500 killed', '658,000 displaced', '')
    """
    return f"{value} {unit}".rstrip() if _FIGURE.fullmatch(value) else value


def figure(value: str) -> float | None:
    """The number that a source gives, where it gives one and no more; None for words, a range, or several numbers.

    >>> figure("1,144"), figure("more than 500"), figure("two or three"), figure("4 by 16 July, 5 later")
    (1144.0, 500.0, None, None)
    """
    found = re.fullmatch(
        r"(?:(?:more than|at least|up to|about|perhaps|over) )?(\d{1,3}(?:,\d{3})+|\d{1,9})", value.strip()
    )
    return float(found[1].replace(",", "")) if found else None


def listed(parts: Sequence[str]) -> str:
    """A list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def asked_code(code: str) -> str:
    """The code of a question for readers.

    >>> asked_code("Q4"), asked_code("Q15>=50")
    ('Q4', 'Q15, chance of 50 or more')
    """
    base, _, bound = code.partition(">=")
    return f"{plain(base, 12)}, chance of {count(float(bound))} or more" if _is_number(bound) else plain(code, 12)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text) is not None

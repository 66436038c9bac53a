"""How the answers of an earlier issue did: what a later record says of each question, and the scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fissures.case.wording import day
from fissures.study.difference import Range

FEW = 10  # settled questions; fewer tell nothing about skill

CAME, DID_NOT, KNOWN = "came true", "did not", "known"
OPEN, VOID, UNTOLD, OTHERWISE = "open", "void", "cannot be told", "asked otherwise"
LEANS = (
    "While questions are open, scores lean to what came true: what happens settles at once, what does not only on its "
    "date."
)
AS_WELL = " that a reference class speaks to"
SETTLED = (CAME, DID_NOT, KNOWN)


@dataclass(frozen=True)
class Gap:
    """What a record lacks to tell a question: so many `days`, between two dates.

    `kind` is "record" (the weekly record was not kept), "stood" and "cost" (nothing says how the front or track `what`
    stood, or how many died there), "rungs" (the rungs named lie on both sides of the one asked for), "where" (weeks
    whose front is not known), "edge" (a week that lies partly outside the window), "stream" (nobody counted `what`),
    "once" (a track tells a day once, at its highest, and `what` was not all of it), "sources" (they disagree) or
    "never" (`what` says why no record of this kind could tell).
    """

    kind: str
    what: str = ""
    days: int = 0
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        """The gap in words.

        >>> str(Gap("stream", "marches", 3, date(2020, 3, 1), date(2020, 3, 9)))
        'nobody counted “marches” on 3 days, 1 March 2020 to 9 March 2020'
        """
        when = "" if self.first is None or self.last is None else _when(self.first, self.last)
        many = f"{self.days:,} day{'s' * (self.days != 1)}"
        return {
            "record": f"no record of {many}, {when}",
            "stood": f"nothing says how “{self.what}” stood on {many}, {when}",
            "cost": f"nothing says how many died on “{self.what}” on {many}, {when}",
            "rungs": f"the record leaves open how high it stood on {many}, {when}",
            "where": f"the record does not say on which front it was on {many}, {when}",
            "edge": f"a week of the record lies partly outside the window, {when}",
            "stream": f"nobody counted “{self.what}” on {many}, {when}",
            "once": f"“{self.what}” was not all that its track saw, and a day counts once, at its highest, {when}",
            "sources": "the sources of the record disagree",
        }.get(self.kind, self.what)


def _when(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} to {day(last)}"


@dataclass(frozen=True)
class Said:
    """What an issue said of a question: its number with claims, with claims off, and that of the reference class.

    Probabilities for an event; medians for a number, with draws (S,) of the number where the issue kept them. None
    where it gave or kept none.
    """

    with_claims: float
    claims_off: float | None = None
    reference: float | None = None
    range80: Range | None = None
    draws: tuple[float, ...] = ()
    draws_off: tuple[float, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question as an issue asked it (by its name in the case) and answered it; `exceed` holds its thresholds."""

    name: str
    said: Said
    exceed: dict[float, Said] = field(default_factory=dict)


@dataclass(frozen=True)
class Issued:
    """An issue as far as it can be scored: its digest, what it said, the levers pulled, and the paths behind it."""

    digest: str
    asked: tuple[Asked, ...]
    paths: int
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marks:
    """One score for each of the three numbers; None where there is none. Lower is better."""

    with_claims: float | None = None
    claims_off: float | None = None
    reference: float | None = None


@dataclass(frozen=True)
class Resolved:
    """One question of the earlier issue, and what the later record says of it.

    `kind` is "event", "number", or "threshold" (a number of so many or more). `status` is "came true" or "did not" (an
    event), "known" (a number), "open" (never scored), "void", "cannot be told", or "asked otherwise". `on` is the day
    by which the record leaves no doubt; `least` and `most` are what the record proves and leaves possible, in the
    question's unit, `fell` where that lies against the 80 % range ("inside", "above", "below", "" where it may be
    either); `missing` is what the record lacks and `why` says what else there is to say.
    """

    code: str
    title: str
    by: date
    kind: str
    status: str
    said: Said
    on: date | None = None
    least: float = 0.0
    most: float | None = None
    fell: str = ""
    brier: Marks = Marks()
    log: Marks = Marks()
    crps: Marks = Marks()
    missing: tuple[Gap, ...] = ()
    why: str = ""

    @property
    def settled(self) -> bool:
        """Whether the record says how the question came out."""
        return self.status in SETTLED

    @property
    def outcome(self) -> str:
        """What came of the question, in few words."""
        number = f"{self.least:,.0f}"
        ends = f"{number} or more" if self.most is None else f"between {number} and {self.most:,.0f}"
        sofar = (
            f", {ends if self.most != self.least else number} so far" if self.kind == "number" and self.least else ""
        )
        return {
            CAME: f"came true by {day(self.on)}" if self.on else "came true",
            DID_NOT: f"did not come true, settled {day(self.on)}" if self.on else "did not come true",
            KNOWN: number,
            OPEN: f"open until {day(self.by)}{sofar}",
            UNTOLD: "cannot be told" + (f": {ends}" * (self.kind == "number")),
            OTHERWISE: "asked otherwise now, not scored",
        }.get(self.status, self.status)

    @property
    def lacking(self) -> str:
        """What stands in the way of telling, and what else there is to say; "" where nothing does."""
        return "; ".join([*([self.why] if self.why else []), *map(str, self.missing)])


@dataclass(frozen=True)
class Total:
    """Mean scores over so many settled questions of yes or no, the same questions for each number shown."""

    questions: int
    brier: Marks
    log: Marks


@dataclass(frozen=True)
class Resolution:
    """How the answers of an issue (its `digest`) did, by the record of a later issue of the case; iterates over them.

    `total` is over all settled questions of yes or no, `beside` over those that a reference class speaks to as well.
    `levers` are those that were pulled in the earlier run: then nothing is scored.
    """

    case: str
    digest: str
    since: date
    until: date
    questions: tuple[Resolved, ...]
    total: Total | None = None
    beside: Total | None = None
    levers: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Resolved]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def asked(self) -> tuple[Resolved, ...]:
        """The questions themselves, without the thresholds of numbers."""
        return tuple(one for one in self.questions if one.kind != "threshold")

    @property
    def ordered(self) -> tuple[Resolved, ...]:
        """Settled first, then void, what cannot be told, and what is open; thresholds of numbers once settled."""
        ranks = (*SETTLED, VOID, UNTOLD, OTHERWISE, OPEN)
        shown = (one for one in self.questions if one.kind != "threshold" or one.settled)
        return tuple(sorted(shown, key=lambda one: max(ranks.index(one.status), len(SETTLED) - 1)))

    @property
    def settled(self) -> tuple[Resolved, ...]:
        """The questions of which the record says how they came out."""
        return tuple(one for one in self.asked if one.settled)

    def __str__(self) -> str:
        """What has settled, then one line a question: code, what came of it, title."""
        head = (
            f"{self.case}, said on {self.since}, read on {self.until}: {len(self.settled)} of {len(self.asked)} settled"
        )
        return "\n".join([head, *(f"{one.code:8} {one.outcome:34} {one.title}" for one in self), *self.sentences])

    @property
    def sentences(self) -> tuple[str, ...]:
        """The mean scores, and what they can and cannot say."""
        if self.levers:
            return tuple(f"{notice[0].upper()}{notice[1:]}." for notice in self.notices)
        if self.total is None:
            return ("No question of yes or no has settled, so nothing is scored.",)
        if self.beside is not None and self.beside.questions == self.total.questions:
            told = [_means(self.beside)]
        else:
            told = [_means(self.total), *([_means(self.beside, AS_WELL)] if self.beside else [])]
        skill = (
            f"So few settled questions ({self.total.questions}) tell nothing about skill."
            if self.total.questions < FEW
            else f"Skill is told only against another forecast on the same {self.total.questions} questions."
        )
        told += [skill, "Questions that settle together are not independent: one event may settle several."]
        if any(one.status == OPEN for one in self.asked):
            told.append(LEANS)
        return (*told, *(f"{notice[0].upper()}{notice[1:]}." for notice in self.notices))


def _means(total: Total, which: str = "") -> str:
    """Mean scores of so many questions, the numbers beside each other."""
    one = total.questions == 1
    over = f"{total.questions} settled question{'s' * (not one)} of yes or no{which}"
    brier, log = (_three(marks) for marks in (total.brier, total.log))
    mean = "The" if one else "Mean"
    return (
        f"{mean} Brier score of {over}: {brier} (lower is better; a coin scores 0.25). "
        f"{mean} log score: {log} bits (a coin scores 1)."
    )


def _three(marks: Marks) -> str:
    names = {"with claims": marks.with_claims, "claims off": marks.claims_off, "reference class": marks.reference}
    return ", ".join(f"{name} {value:.2f}" for name, value in names.items() if value is not None)


def document(told: Resolution) -> dict[str, Any]:
    """A resolution as plain values that JSON can hold; keys may be added, never renamed."""
    return {
        "case": told.case,
        "digest": told.digest,
        "since": told.since.isoformat(),
        "until": told.until.isoformat(),
        "levers": list(told.levers),
        "settled": len(told.settled),
        "asked": len(told.asked),
        "total": _total(told.total),
        "beside_reference_class": _total(told.beside),
        "questions": [_question(one) for one in told],
        "notices": list(told.notices),
    }


def _total(one: Total | None) -> dict[str, Any] | None:
    return None if one is None else {"questions": one.questions, "brier": vars(one.brier), "log": vars(one.log)}


def _question(one: Resolved) -> dict[str, Any]:
    said = one.said
    return {
        "code": one.code,
        "title": one.title,
        "by": one.by.isoformat(),
        "kind": one.kind,
        "status": one.status,
        "on": None if one.on is None else one.on.isoformat(),
        "least": one.least,
        "most": one.most,
        "with_claims": said.with_claims,
        "claims_off": said.claims_off,
        "reference_class": said.reference,
        "range80": None if said.range80 is None else list(said.range80),
        "fell": one.fell,
        "brier": vars(one.brier),
        "log": vars(one.log),
        "crps": vars(one.crps),
        "missing": [str(gap) for gap in one.missing],
        "why": one.why,
    }

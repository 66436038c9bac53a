"""What event data say about the streams and fronts of a case, in words: by which rules, with what gaps, and what not.

The values are plain: `api` hands them over from what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from fissures.brief import numbers
from fissures.brief.phrases import listed
from fissures.figures.labels import plain, spoken

Days = tuple[tuple[date, date], ...]

DAYS_IN_A_MONTH = 365.2425 / 12
MOST_GAPS = 6  # stretches of missing days that are named one by one
_DAY = timedelta(days=1)
_MARGIN = timedelta(days=31)  # a record may begin or end with a quiet month
_DATES = {
    "start": "An event of several days counts on its first day.",
    "end": "An event of several days counts on its last day.",
    "spread": "An event of several days is spread evenly over them.",
}
_DUPLICATES = {
    "one_a_day": "Of rows with the same day, sides and kind of event one counts",
    "same_place": "Of rows with the same day, sides, kind of event and place (within about 25 km) one counts",
}
_BESIDE = {
    "same": "The file {file} beside the case says the same.",
    "differs": "The file {file} beside the case differs from these counts; --write replaces it.",
    "absent": "The file {file} does not lie beside the case yet; --write puts it there.",
    "written": "Written beside the case: {file} and {provenance}.",
}


@dataclass(frozen=True)
class Dataset:
    """A dataset as it was counted: what its format can see, its first and last day, when it was added and put out."""

    name: str
    fatal_only: bool
    weapons: bool
    feed: bool
    first: date | None
    last: date | None
    added: date
    published: date | None


@dataclass(frozen=True)
class Strand:
    """A stream (or a front) as counted: events in all, first and last day, by week (None where no day is covered).

    A front has its dead (low, best, high), its weeks by dead instead of events, and how many weeks are known to lie
    between which rungs of its `ladder`.
    """

    id: str
    name: str
    count: float
    first: date | None
    last: date | None
    weeks: tuple[float | None, ...]
    killed: tuple[float, float, float] | None = None
    rungs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ladder: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """The first and the last day, in words."""
        if self.first is None or self.last is None:
            return "on no day"
        first, last = numbers.day(self.first), numbers.day(self.last)
        return f"on {first}" if first == last else f"{first} to {last}"

    @property
    def busiest(self) -> float:
        """The most in one week."""
        return max((week for week in self.weeks if week is not None), default=0.0)

    @property
    def known(self) -> tuple[str, ...]:
        """What is known of a front's weeks, in words: 'in 12 weeks at least clash'."""
        at = {name: k for k, name in enumerate(self.ladder)}
        ordered = sorted(self.rungs.items(), key=lambda item: (at.get(item[0][0], 0), at.get(item[0][1], 0)))
        return tuple(f"in {_weeks(n)} {_rungs(low, high, self.ladder)}" for (low, high), n in ordered)

    @property
    def heard(self) -> str:
        """What a reader of the figure hears."""
        seen, blank = [week for week in self.weeks if week is not None], self.weeks.count(None)
        some = sum(week > 0 for week in seen)
        what = "events" if self.killed is None else "killed"
        told = f"{self.name}, {what} by week: something in {some} of {len(seen)} weeks"
        told += f", at most {numbers.count(self.busiest)} in one week" if some else ""
        return told + (f"; {_weeks(blank)} without data." if blank else ".")


@dataclass(frozen=True)
class Counts:
    """What the store says for one entry of a case's evidence, or in preview (`evidence` is empty).

    `beside` tells how the file beside the case compares: same, differs, absent, written, or "" in preview.
    `retrospective` is what the entry says of itself.
    """

    case: str
    as_of: date
    evidence: str
    file: str
    beside: str
    datasets: tuple[Dataset, ...]
    dates: str
    duplicates: str
    rows: int
    later: int
    published_later: int
    within: int
    across: int
    windows: Days
    missing: Days
    streams: tuple[Strand, ...]
    fronts: tuple[Strand, ...]
    unmapped: Mapping[str, float]
    retrospective: bool = False
    provenance: str = ""

    @property
    def title(self) -> str:
        """The entry of the evidence and the datasets it was counted from."""
        named = listed([plain(one.name) for one in self.datasets])
        return f"{plain(self.evidence)}, counted from {named}" if self.evidence else f"preview of {named}"

    @property
    def span(self) -> tuple[date, date]:
        """First and last day of all, covered or not."""
        ends = (*self.windows, *self.missing) or ((self.as_of, self.as_of),)
        return min(first for first, _ in ends), max(last for _, last in ends)

    @property
    def monday(self) -> date:
        """The Monday of the first week."""
        return self.span[0] - timedelta(days=self.span[0].weekday())

    @property
    def seen(self) -> tuple[bool, ...]:
        """Of each week from that Monday, whether any of its days is covered."""
        out = [False] * ((self.span[1] - self.monday).days // 7 + 1)
        for first, last in self.windows:
            begin, end = ((day - self.monday).days // 7 for day in (first, last))
            out[begin : end + 1] = [True] * (end - begin + 1)
        return tuple(out)

    @property
    def covered(self) -> int:
        """How many days are covered."""
        return sum((last - first).days + 1 for first, last in self.windows)

    @property
    def blank(self) -> Days:
        """Stretches of the span without data: not covered, or missing from a feed."""
        out, after = [], self.span[0]
        for first, last in (*sorted(self.windows), (self.span[1] + _DAY, self.span[1])):
            if first > after:
                out.append((after, first - _DAY))
            after = max(after, last + _DAY)
        return tuple(out)

    @property
    def covers(self) -> str:
        """The line of the case that says which days are covered."""
        return f"covers: [{', '.join(f'[{first}, {last}]' for first, last in self.windows)}]"

    @property
    def to_paste(self) -> bool:
        """Whether the case needs that line: days are missing, or there is no entry yet."""
        return bool(self.windows) and bool(self.missing or not self.evidence)

    def a_month(self, strand: Strand) -> float | None:
        """Events a month on covered days; None where no day is covered."""
        return DAYS_IN_A_MONTH * strand.count / self.covered if self.covered else None

    @property
    def rules(self) -> tuple[str, ...]:
        """How the counts were made, and what was left out, in sentences."""
        out = [f"Rows at hand that concern the case: {numbers.count(self.rows)}.", self._window(), _DATES[self.dates]]
        if self.duplicates == "none":
            out.append("Duplicates are not looked for: every row counts.")
        else:
            found = f"{numbers.count(self.within)} within a dataset and {numbers.count(self.across)} across datasets"
            out.append(f"{_DUPLICATES[self.duplicates]}: {found} did not count again.")
        if self.later:
            out.append(f"After the as-of date, {numbers.day(self.as_of)}, {_rows(self.later)} left out.")
        out += self._vintage()
        if self.beside:
            out.append(_BESIDE[self.beside].format(file=plain(self.file), provenance=plain(self.provenance)))
        return tuple(out)

    def _window(self) -> str:
        if not self.windows:
            return "No day is covered." if self.missing else "The entry does not say which days it covers."
        first, last = (numbers.day(day) for day in self.span)
        every = (self.span[1] - self.span[0]).days + 1
        told = f"Covered: {first} to {last}, {numbers.count(self.covered)} of {numbers.count(every)} days."
        return told + (f" {_gaps(self.missing)}" if self.missing else "")

    def _vintage(self) -> list[str]:
        """What was known when: rows put out later, and datasets of which nobody said when they were put out."""
        out = []
        if self.published_later:
            many = "1 row was" if self.published_later == 1 else f"{numbers.count(self.published_later)} rows were"
            write = "" if self.retrospective or not self.evidence else " Write retrospective: true in the entry."
            out.append(f"Retrospective: {many} published after the as-of date.{write}")
        unsaid = [plain(one.name) for one in self.datasets if one.published is None and one.added > self.as_of]
        if unsaid:
            out.append(
                f"The day of publication of {listed(unsaid)} was not said (data add --published): "
                "whether these rows were known on the as-of date cannot be told."
            )
        return out

    @property
    def cannot(self) -> tuple[str, ...]:
        """What these data cannot say, in sentences."""
        out = [*self._elsewhere(), *_limits(self.datasets, bool(self.fronts))]
        if any(share > 0 and "statement" in name for name, share in self.unmapped.items()):
            out.append("Statements have no PLOVER category: no stream of the case can count them.")
        if self.silent:
            out.append("Where nothing was counted, it did not happen or these data do not record it; they cannot tell.")
        return tuple(out)

    def _elsewhere(self) -> list[str]:
        """Datasets that end long before the covered days do, or begin long after: elsewhere they were not looking."""
        first, last = self.span
        return [
            f"{plain(one.name)} has rows only from {numbers.day(one.first)} to {numbers.day(one.last)}; on the other "
            "covered days it was not looking, and what only it records is counted there as nothing."
            for one in self.datasets
            if one.first and one.last and (one.first - first > _MARGIN or last - one.last > _MARGIN)
        ]

    @property
    def heard(self) -> tuple[Strand, ...]:
        """Streams of which something was counted."""
        return tuple(strand for strand in self.streams if strand.count)

    @property
    def silent(self) -> tuple[Strand, ...]:
        """Streams of which nothing at all was counted."""
        return tuple(strand for strand in self.streams if not strand.count)

    @property
    def shares(self) -> tuple[tuple[str, str], ...]:
        """What could not be mapped: what it is, and its share in words."""
        return tuple((name, share(part)) for name, part in self.unmapped.items())


def rate(a_month: float) -> str:
    """A number of events a month; two digits where it is small.

    >>> rate(0.0432), rate(0.5), rate(3.14), rate(1200.3)
    ('0.043', '0.5', '3.1', '1,200')
    """
    return f"{a_month:.2g}" if a_month < 1 else numbers.count(a_month)


def share(part: float) -> str:
    """A share of rows, which may be none or all.

    >>> [share(part).replace(numbers.SPACE, " ") for part in (0, 0.123, 1)]
    ['none', '12 %', 'all']
    """
    return "none" if part <= 0 else "all" if part >= 1 else numbers.percent(part)


def _limits(datasets: Iterable[Dataset], fronts: bool) -> Iterable[str]:
    every = tuple(datasets)
    if fatal := [plain(one.name) for one in every if one.fatal_only]:
        who = "These data list" if len(fatal) == len(every) else f"{listed(fatal)} list{'s' * (len(fatal) == 1)}"
        yield (
            f"{who} only events in which somebody was killed: "
            "a week without a row may have had any violence that killed nobody."
        )
    if fronts and not any(one.weapons for one in every):
        yield "They do not say by what weapon: a rung that rests on a weapon is neither seen nor ruled out."
    if any(one.feed for one in every):
        yield (
            "A news feed counts what was reported: a rise may be a rise of reporting, "
            "and silence does not say that a front was quiet."
        )


def _rows(n: int) -> str:
    return "1 row is" if n == 1 else f"{numbers.count(n)} rows are"


def _weeks(n: int) -> str:
    return "1 week" if n == 1 else f"{numbers.count(n)} weeks"


def _gaps(missing: Days) -> str:
    """The missing days in a sentence, the first few by name."""
    days = sum((last - first).days + 1 for first, last in missing)
    named = [numbers.day(a) if a == b else f"{numbers.day(a)} to {numbers.day(b)}" for a, b in missing[:MOST_GAPS]]
    more = len(missing) - len(named)
    told = ", ".join(named) + (f" and {more} more stretches" if more > 1 else " and one more stretch" if more else "")
    many = "On 1 day" if days == 1 else f"On {numbers.count(days)} days"
    return f"{many} the feed holds nothing at all, of anybody; missing is not zero: {told}."


def _rungs(low: str, high: str, ladder: tuple[str, ...]) -> str:
    """What is known of a week that lies between two rungs."""
    bottom, top = (ladder[0], ladder[-1]) if ladder else ("", "")
    if low == high:
        return f"{spoken(low)} alone fits"
    if (low, high) == (bottom, top):
        return "any rung fits"
    if low == bottom:
        return f"anything up to {spoken(high)} fits"
    return f"at least {spoken(low)}" if high == top else f"{spoken(low)} to {spoken(high)} fits"

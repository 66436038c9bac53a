"""What the `data` verbs print: sparklines, tables, JSON documents; text from files without control characters."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from fissures.cli._shared import aligned, count, day, people, percent

if TYPE_CHECKING:
    from fissures.api.data import Added, Counts, Described, Holding, Strand

BLOCKS, DIGITS = "▁▂▃▄▅▆▇█", "0123456789"
SPARK = 48  # signs of a sparkline where nobody says how wide the window is
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_UNSEEN = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")


def printable(text: object) -> str:
    """Text from a file as one line that does nothing to a terminal: no control and no direction characters.

    >>> printable("a\\x1b[31m\\nb\\u202e")
    'a [31m b'
    """
    kept = (" " if unicodedata.category(c) in _UNSEEN else "" if c in _DIRECTION else c for c in str(text))
    return "".join(kept).replace("\u00a0", " ").strip()


def shown_blocks() -> bool:
    """Whether the output can show block characters: a terminal that speaks UTF-8."""
    return sys.stdout.isatty() and (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def sparkline(values: Sequence[float | None], most: int = SPARK, blocks: bool = False) -> str:
    """Values as signs, at most `most` of them: each shows the greatest of its values, on a log-like scale.

    The lowest sign is nothing counted; a dot is no data.

    >>> sparkline([0, 1, None, 8]), sparkline([0, 1, None, 8], blocks=True), sparkline([0, 3, 0, 1], most=2)
    ('03.9', '▁▄·█', '95')
    """
    signs, blank = (BLOCKS, "·") if blocks else (DIGITS, ".")
    each = per_sign(len(values), most)
    top = math.log1p(max((value for value in values if value is not None), default=0.0))
    out = ""
    for k in range(0, len(values), each):
        seen = [value for value in values[k : k + each] if value is not None]
        share = math.log1p(max(seen, default=0.0)) / top if top else 0.0
        out += signs[math.ceil(share * (len(signs) - 1))] if seen else blank
    return out


def per_sign(values: int, most: int) -> int:
    """How many values one sign stands for.

    >>> per_sign(48, 48), per_sign(49, 48), per_sign(0, 48)
    (1, 2, 1)
    """
    return max(1, -(-values // most))


def room(beside: int) -> int:
    """How many signs fit on a line beside so many other characters."""
    if not sys.stdout.isatty():
        return SPARK
    return min(max(shutil.get_terminal_size().columns - beside - 1, 16), 60)


def days(first: date | None, last: date | None) -> str:
    """Two days in words."""
    return f"{day(first)} to {day(last)}" if first and last else "no day"


def rows_of(n: int) -> str:
    """A number of rows in words.

    >>> rows_of(1), rows_of(2391)
    ('1 row', '2,391 rows')
    """
    return "1 row" if n == 1 else f"{n:,} rows"


# --- add, list, show ----------------------------------------------------------------------------------------


def added_lines(added: Added, shown: str) -> Iterator[str]:
    """What adding a file did; `shown` is the file as the user names it."""
    held = added.holding
    if added.already_present:
        yield f"{held.name}: {printable(shown)} is already in the store, nothing changed."
        return
    yield f"{held.name}: {rows_of(held.rows)} kept, {days(held.first, held.last)} ({printable(shown)})"
    if apart := sum(held.quarantined.values()):
        yield f"    set apart: {rows_of(apart)}"
        for line in aligned([[f"{n:,}", printable(reason)] for reason, n in held.quarantined.items()]):
            yield f"      {line}"
        yield f"    to see some of them: fissures data show {held.name}"


def added_document(added: Added, shown: str) -> dict[str, Any]:
    """The document of one file that was added."""
    held = added.holding
    return {
        "file": printable(shown),
        "dataset": held.dataset,
        "version": held.version,
        "format": held.format,
        "rows": held.rows,
        "quarantined": dict(held.quarantined),
        "first": iso(held.first),
        "last": iso(held.last),
        "published": iso(held.published),
        "digest": held.digest,
        "already_present": added.already_present,
    }


def iso(when: date | None) -> str | None:
    """A date as other programs read it."""
    return when.isoformat() if when else None


def datasets(holdings: Iterable[Holding]) -> list[dict[str, Any]]:
    """The store's holdings by dataset and version, as one document each."""
    grouped: dict[str, list[Holding]] = {}
    for holding in holdings:
        grouped.setdefault(holding.name, []).append(holding)
    return [_dataset(files) for files in grouped.values()]


def _dataset(files: list[Holding]) -> dict[str, Any]:
    return {
        "dataset": files[0].dataset,
        "version": files[0].version,
        "rows": sum(h.rows for h in files),
        "first": iso(min((h.first for h in files if h.first), default=None)),
        "last": iso(max((h.last for h in files if h.last), default=None)),
        "set_apart": sum(sum(h.quarantined.values()) for h in files),
        "added": iso(max(h.accessed for h in files)),
        "files": [
            {
                "original": printable(h.original),
                "format": h.format,
                "digest": h.digest,
                "bytes": h.bytes,
                "rows": h.rows,
                "quarantined": dict(h.quarantined),
                "first": iso(h.first),
                "last": iso(h.last),
                "published": iso(h.published),
                "added": iso(h.accessed),
            }
            for h in files
        ],
    }


HEADINGS = ["dataset@version", "files", "rows", "first", "last", "set apart", "added on"]


def dataset_row(told: Mapping[str, Any]) -> list[str]:
    """One line of the list of datasets."""
    name, files = f"{told['dataset']}@{told['version']}", str(len(told["files"]))
    return [
        name,
        files,
        f"{told['rows']:,}",
        told["first"] or "-",
        told["last"] or "-",
        f"{told['set_apart']:,}",
        told["added"],
    ]


def described_lines(told: Described) -> Iterator[str]:
    """What a dataset holds, for people."""
    files = told.holdings
    yield f"{files[0].name}: {rows_of(told.rows)}, {days(told.first, told.last)}"
    for held in files:
        out = f"published {day(held.published)}" if held.published else "day of publication not said"
        yield f"  {printable(held.original)}: {rows_of(held.rows)}, added {day(held.accessed)}, {out}"
    yield from _categories(told)
    yield from _years(told)
    low, best, high = told.deaths
    yield f"Dead: {best:,} (low {low:,}, high {high:,})"
    if told.rows:
        yield "Rows that lack something:"
        yield from _indented([[printable(what), part(share)] for what, share in told.unmapped.items()])
    yield from _apart(told)


def _categories(told: Described) -> Iterator[str]:
    if told.by_category:
        yield "By category:"
        yield from _indented([[printable(name) or "none", f"{n:,}"] for name, n in told.by_category.items()])


def _years(told: Described) -> Iterator[str]:
    if told.by_year:
        first, last = min(told.by_year), max(told.by_year)
        every = [float(told.by_year.get(year, 0)) for year in range(first, last + 1)]
        busiest = max(told.by_year, key=lambda year: told.by_year[year])
        line = sparkline(every, 80, shown_blocks())
        yield f"By year, {first} to {last}: {line} (most in {busiest}: {told.by_year[busiest]:,})"


def _apart(told: Described) -> Iterator[str]:
    if not told.apart:
        yield "Nothing was set apart."
        return
    yield f"Set apart: {rows_of(sum(n for n, _ in told.apart.values()))}, with examples"
    for reason, (n, examples) in told.apart.items():
        yield f"  {printable(reason)}: {n:,}"
        yield from (f"    | {printable(line)}" for line in examples)


def _indented(rows: list[list[str]]) -> list[str]:
    return [f"  {line}" for line in aligned(rows)] if rows else []


def part(share: float) -> str:
    """A share of rows, which may be none or all.

    >>> part(0), part(0.123), part(1), part(0.0001)
    ('none', '12 %', 'all', '< 0.1 %')
    """
    return "none" if share <= 0 else "all" if share >= 1 else percent(share)


def described_document(told: Described) -> dict[str, Any]:
    """The document of a dataset."""
    low, best, high = told.deaths
    return datasets(told.holdings)[0] | {
        "by_category": {name or "none": n for name, n in told.by_category.items()},
        "by_year": {str(year): n for year, n in told.by_year.items()},
        "deaths": {"low": low, "best": best, "high": high},
        "unmapped": dict(told.unmapped),
        "quarantined": {
            printable(reason): {"rows": n, "examples": [printable(line) for line in examples]}
            for reason, (n, examples) in told.apart.items()
        },
    }


# --- panel --------------------------------------------------------------------------------------------------


def panel_lines(counts: Counts) -> Iterator[str]:
    """What the data say about one entry of the evidence, and what they cannot say."""
    yield from wrapped(counts.title, 0)
    for rule in counts.rules:
        yield from wrapped(rule, 2)
    if counts.to_paste:
        yield "  To paste into the case:"
        yield f"    {counts.covers}"
    yield from _streams(counts)
    yield from _fronts(counts)
    if counts.shares:
        yield ""
        yield "What could not be mapped, as shares of the rows at hand:"
        yield from _indented([[printable(what), printable(share)] for what, share in counts.shares])
    yield ""
    yield "What these data cannot say:"
    for line in counts.cannot or ("Nothing that is known of their format.",):
        yield from wrapped(line, 2)


def wrapped(text: str, indent: int) -> list[str]:
    """A sentence as lines: wrapped on a terminal, whole elsewhere."""
    line = " " * indent + printable(text)
    if not sys.stdout.isatty():
        return [line]
    width = max(shutil.get_terminal_size().columns, indent + 40)
    return textwrap.wrap(line, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def _streams(counts: Counts) -> Iterator[str]:
    heard = [strand for strand in counts.streams if strand.count]
    if heard:
        rows = [[*_numbers(strand), rate_of(strand, counts)] for strand in heard]
        yield ""
        yield from _table(["stream", "count", "first", "last", "a month"], rows, heard, "events")
    if counts.silent:
        named = ", ".join(strand.id for strand in counts.silent)
        yield ""
        yield from wrapped(f"Nothing counted of {len(counts.silent)} of {len(counts.streams)} streams: {named}", 0)


def _numbers(strand: Strand) -> list[str]:
    return [strand.id, count(strand.count), iso(strand.first) or "-", iso(strand.last) or "-"]


def rate_of(strand: Strand, counts: Counts) -> str:
    """How many a month; two digits where it is small."""
    rate = counts.a_month(strand)
    return "-" if rate is None else f"{rate:.2g}" if rate < 1 else count(rate)


def _fronts(counts: Counts) -> Iterator[str]:
    if not counts.fronts:
        return
    yield ""
    rows = [[*_numbers(strand), _dead(strand)] for strand in counts.fronts]
    yield from _table(["front", "events", "first", "last", "killed (low to high)"], rows, counts.fronts, "killed")
    yield ""
    yield "The rungs that fit, by front:"
    known = [(strand.id, strand.known or ("no week is covered",)) for strand in counts.fronts]
    yield from _indented([["" if k else front, line] for front, lines in known for k, line in enumerate(lines)])


def _dead(strand: Strand) -> str:
    if not strand.count or strand.killed is None:
        return "nothing counted"
    low, best, high = map(people, strand.killed)
    return f"{best} ({low} to {high})"


def _table(headings: list[str], rows: list[list[str]], strands: Sequence[Strand], unit: str) -> Iterator[str]:
    """Numbers and, beside them, the weeks as signs; one line says how to read the signs."""
    width = max(len(line) for line in aligned([headings, *rows])) + 2
    most, blocks = room(width), shown_blocks()
    each = per_sign(max((len(strand.weeks) for strand in strands), default=1), most)
    drawn = [sparkline(strand.weeks, most, blocks) if any(strand.weeks) else "" for strand in strands]
    yield from aligned([[*headings, f"{unit} by week"], *([*row, line] for row, line in zip(rows, drawn, strict=True))])
    signs, blank = (BLOCKS, "·") if blocks else (DIGITS, ".")
    column = "a week" if each == 1 else f"the busiest of {each} weeks"
    yield f"Each sign is {column}: {signs[0]} none, {signs[-1]} the most of its line (log-like), {blank} no data."


def panel_document(counts: Counts, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The document of one entry: its provenance as it is kept beside the case, and what was counted."""
    return {
        "evidence": counts.evidence or None,
        "file": counts.file or None,
        "beside": counts.beside or None,
        **provenance,
        "retrospective": counts.published_later > 0,
        "covers": counts.covers,
        "first_week": iso(counts.monday),
        "streams": [_strand(strand) | {"per_month": counts.a_month(strand)} for strand in counts.streams],
        "fronts": [_strand(strand) | _of_front(strand) for strand in counts.fronts],
        "rules": [printable(rule) for rule in counts.rules],
        "cannot_say": [printable(line) for line in counts.cannot],
    }


def _strand(strand: Strand) -> dict[str, Any]:
    return {
        "id": strand.id,
        "count": strand.count,
        "first": iso(strand.first),
        "last": iso(strand.last),
        "weeks": list(strand.weeks),
    }


def _of_front(strand: Strand) -> dict[str, Any]:
    low, best, high = strand.killed or (0.0, 0.0, 0.0)
    rungs = [{"lowest": lowest, "highest": highest, "weeks": n} for (lowest, highest), n in strand.rungs.items()]
    return {"killed": {"low": low, "best": best, "high": high}, "rungs": rungs, "known": list(strand.known)}

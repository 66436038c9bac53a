"""Event data: adding files to the store, seeing what it holds, and counting it for a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import CaseError, UsageError

if TYPE_CHECKING:
    from fissures.brief.panel import Counts as Counts
    from fissures.brief.panel import Dataset
    from fissures.brief.panel import Strand as Strand
    from fissures.case.records import Case, Evidence
    from fissures.events.describe import Described as Described
    from fissures.events.recount import FrontSaid, StreamSaid
    from fissures.events.recount import Said as Said
    from fissures.events.store import Added as Added
    from fissures.events.store import Holding as Holding

Progress = Callable[[str], None]


def add_data(
    file: str | Path,
    dataset: str | None = None,
    version: str | None = None,
    format: str | None = None,
    mapping: str | Path | None = None,
    published: date | None = None,
    accessed: date | None = None,
    encoding: str | None = None,
    store: str | Path | None = None,
    progress: Progress | None = None,
) -> Added:
    """Add a file of event data to the store; a file that it holds already changes nothing.

    Format and version are seen from the file where they can be. `published` is the day on which the provider put the
    file out, `accessed` that of your download (today, where it is not said). Raises DataError for a file that is not
    what it claims, UsageError where the version must be named.
    """
    from fissures.events import store as held

    return held.add(
        held.location(store),
        Path(file),
        date.today() if accessed is None else accessed,
        dataset=dataset,
        version=version,
        form=format,
        mapping=None if mapping is None else Path(mapping),
        published=published,
        encoding=encoding,
        progress=progress,
    )


def held_data(store: str | Path | None = None) -> tuple[Holding, ...]:
    """Everything that the store holds, one entry for each file that was added."""
    from fissures.events import store as held

    return held.holdings(held.location(store))


def show_data(name: str, store: str | Path | None = None) -> Described:
    """What a dataset of the store holds; `name` is dataset@version, or a dataset held in one version only."""
    from fissures.events import store as held
    from fissures.events.describe import describe

    return describe(held.held(held.location(store), name))


def remove_data(name: str, store: str | Path | None = None, progress: Progress | None = None) -> tuple[Holding, ...]:
    """Remove a dataset of one version from the store, and return what was removed."""
    from fissures.events import store as held

    return held.remove(held.location(store), name, progress)


def panel(
    case: str | Path,
    datasets: Sequence[str] = (),
    dates: str = "start",
    duplicates: str = "none",
    write: bool = False,
    store: str | Path | None = None,
) -> tuple[Said, ...]:
    """What event data say about the streams and fronts of a case, and what they cannot say.

    Without `datasets` these are the entries of the case's evidence that are counted from the store, counted again; with
    `write` their files are written beside the case. With `datasets` (dataset@version) it is a preview over all streams
    and fronts, under the date rule `dates` (start, end, spread) and the rule for `duplicates`.
    """
    from fissures.case.records import CountedFrom
    from fissures.events import recount
    from fissures.events import store as held

    (record, folder), place = _counting(case), held.location(store)
    if datasets:
        rule = CountedFrom.model_validate({"datasets": tuple(datasets), "dates": dates, "duplicates": duplicates})
        return (recount.preview(record, folder, place, rule),)
    counted = [name for name, entry in record.evidence.items() if entry.counted_from]
    said = tuple(recount.said(record, folder, place, name) for name in counted)
    for one in said if write else ():
        recount.write(one, record.evidence[one.evidence], folder)
    return said


def panel_counts(said: Sequence[Said], case: str | Path, written: bool = False) -> tuple[Counts, ...]:
    """What was said about a case as plain values that tell themselves in words; `written`: its files were just written.

    An entry's file is compared with the one beside the case.
    """
    record, folder = _counting(case)
    return tuple(_counts(one, record, folder, written) for one in said)


def panel_page(said: Sequence[Said], case: str | Path, out: str | Path, written: bool = False) -> Path:
    """Write what was said about a case as one self-contained HTML page and return its path.

    Raises UsageError where the page cannot be written.
    """
    from fissures.brief.panel_page import render_panel

    (record, folder), path = _counting(case), Path(out)
    page = render_panel(record.case, [_counts(one, record, folder, written) for one in said])
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write '{path}': {error.strerror or error}",
            where="--html",
            why="the page was made and could not be saved",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    return path


def _counts(said: Said, case: Case, folder: Path, written: bool) -> Counts:
    """What was said, as plain values: the brief does not know the records of events."""
    from fissures.brief.panel import Counts
    from fissures.case.files import provenance_file

    entry, got = case.evidence.get(said.evidence), said.selected
    entry = entry if entry and entry.counted_from == said.rule else None  # else it is a preview
    file = entry.file if entry else ""
    plain = Counts(
        case=case.case,
        as_of=case.as_of,
        evidence=said.evidence if entry else "",
        file=file,
        beside=_beside(said, entry, folder, written) if entry else "",
        datasets=_datasets(said.holdings),
        dates=said.rule.dates,
        duplicates=said.rule.duplicates,
        rows=got.rows,
        later=got.later,
        published_later=got.published_later,
        within=got.same_within,
        across=got.same_across,
        windows=said.windows,
        missing=said.missing,
        streams=(),
        fronts=(),
        unmapped=said.unmapped,
        retrospective=bool(entry and entry.retrospective),
        provenance=provenance_file(file) if file else "",
    )
    streams = tuple(_stream(one, case, plain) for one in said.streams)
    return replace(plain, streams=streams, fronts=tuple(_front(one, case, plain) for one in said.fronts))


def _datasets(holdings: Sequence[Holding]) -> tuple[Dataset, ...]:
    """The holdings by dataset and version, as plain values; published is the latest day, where all of them have one."""
    from fissures.brief.panel import Dataset

    grouped: dict[str, list[Holding]] = {}
    for holding in holdings:
        grouped.setdefault(holding.name, []).append(holding)
    return tuple(
        Dataset(
            name=name,
            fatal_only=all(h.fatal_only for h in files),
            weapons=any(h.weapons for h in files),
            feed=any(h.feed for h in files),
            first=min((h.first for h in files if h.first), default=None),
            last=max((h.last for h in files if h.last), default=None),
            added=max(h.accessed for h in files),
            published=None
            if any(h.published is None for h in files)
            else max(h.published for h in files if h.published),
        )
        for name, files in grouped.items()
    )


def _beside(said: Said, entry: Evidence, folder: Path, written: bool) -> str:
    """How the file beside the case compares with what was counted."""
    from fissures.events.recount import differs

    if written:
        return "written"
    if not (folder / entry.file).is_file():
        return "absent"
    return "differs" if differs(said, entry, folder) else "same"


def _stream(said: StreamSaid, case: Case, counts: Counts) -> Strand:
    """A stream as plain values; a week of which no day is covered is None."""
    from fissures.brief.panel import Strand

    pairs = zip(said.weeks, counts.seen, strict=False)
    weeks = tuple(week if seen else None for week, seen in pairs)
    name = case.streams[said.name].name
    return Strand(said.name, name, float(said.count), said.first, said.last, weeks)


def _front(said: FrontSaid, case: Case, counts: Counts) -> Strand:
    """A front as plain values; its weeks are told for covered weeks only, and are laid on all of them."""
    from fissures.brief.panel import Strand

    told = iter(said.weeks)
    weeks = tuple(next(told, None) if seen else None for seen in counts.seen)
    front = case.fronts[said.name]
    return Strand(
        id=said.name,
        name=front.name,
        count=said.events,
        first=said.first,
        last=said.last,
        weeks=weeks,
        killed=said.killed,
        rungs=said.rungs,
        ladder=tuple(case.ladders[front.ladder].rungs),
    )


def _counting(case: str | Path) -> tuple[Case, Path]:
    """A case and its folder, checked but for the files that are still to be counted."""
    from fissures.case.check import examine
    from fissures.case.read import case_file
    from fissures.case.shelf import find

    file = case_file(find(case))
    reading = examine(file)
    errors = [finding for finding in reading.findings if finding.level == "error"]
    if reading.case is None or errors:
        raise CaseError(errors)
    return reading.case, file.parent

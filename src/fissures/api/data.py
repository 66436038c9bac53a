"""Event data: adding files to the store, seeing what it holds, and counting it for a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import CaseError

if TYPE_CHECKING:
    from fissures.case.records import Case
    from fissures.events.describe import Described
    from fissures.events.recount import Said
    from fissures.events.store import Added, Holding

Progress = Callable[[str], None]


def add_data(
    file: str | Path,
    dataset: str | None = None,
    version: str | None = None,
    format: str | None = None,
    mapping: str | Path | None = None,
    published: date | None = None,
    encoding: str | None = None,
    store: str | Path | None = None,
    progress: Progress | None = None,
) -> Added:
    """Add a file of event data to the store; a file that it holds already changes nothing.

    Format and version are seen from the file where they can be. `published` is the day on which the provider put the
    file out. Raises DataError for a file that is not what it claims, UsageError where the version must be named.
    """
    from fissures.events import store as held

    return held.add(
        held.location(store),
        Path(file),
        date.today(),
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

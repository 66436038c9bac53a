"""Portable claims: tried on a store of event data, read from the shipped results, written as pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.errors import DataError, UsageError

if TYPE_CHECKING:
    from fissures.model.portable import Window

Document = dict[str, Any]


def fit_portable(
    complete: str,
    second: str | None = None,
    wars: Sequence[str] = (),
    without: Sequence[str] = (),
    store: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Document:
    """Try every general claim on the rivals of a window, and give the results as one plain document.

    `complete` and `second` name datasets and days: `icews+icews-quads:2018-01-01..2019-03-26`. `wars` names datasets of
    the dead by conflict, `without` pairs of states that are left out: `"IND,PAK"`. Raises UsageError for a window or
    pair that cannot be read, DataError where the store lacks what is named.
    """
    from fissures.events import store as held
    from fissures.model.portable import study

    first, again = _window(complete, "--complete"), second and _window(second, "--second")
    pairs = [_pair(text) for text in without]
    return study(held.location(store), first, again or None, tuple(wars), pairs, progress)


def portable_results(file: str | Path | None = None) -> Document:
    """The results that come with the package, or those in a file; raises DataError for a file that holds none."""
    from fissures.case.portable import RESULTS

    path = RESULTS if file is None else Path(file)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["fissures_portable"] != 1 or not isinstance(told["claims"], dict):
            raise ValueError("not this version's results")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"no results of portable claims can be read here: {error}",
            where=str(path),
            why="what it would say could be misread",
            remedy="make them: fissures portable fit --complete DATASETS:FIRST..LAST --out FILE",
        ) from error
    return dict(told)


def write_portable(document: Document, file: str | Path) -> Path:
    """Write results as JSON, the same bytes for the same results; raises UsageError where it cannot be written."""
    from fissures.model.portable import written

    return _write(Path(file), written(document), "--out")


def portable_pages(document: Document, folder: str | Path) -> list[Path]:
    """Write `portable-claims.md` and a folder `portable-claims` of pages and figures, and return their paths.

    Raises UsageError where they cannot be written.
    """
    from fissures.brief.portable_pages import pages

    top, out = Path(folder), []
    for name, text in pages(document).items():
        path = top / "portable-claims.md" if name == "index.md" else top / "portable-claims" / name
        out.append(_write(path, text, "--pages"))
    return out


def _write(path: Path, text: str, option: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"cannot write '{path}': {error.strerror or error}",
            where=option,
            why="the results were made and could not be saved",
            remedy="name a place that you may write to",
        ) from error
    return path


def _window(text: str, option: str) -> Window:
    from fissures.model.portable import Window

    names, _, days = text.rpartition(":")
    first, _, last = days.partition("..")
    try:
        window = Window(tuple(filter(None, names.split("+"))), date.fromisoformat(first), date.fromisoformat(last))
        if not window.datasets or window.last < window.first:
            raise ValueError
    except ValueError:
        raise UsageError(
            f"'{text[:80]}' names no datasets and days",
            where=option,
            why="claims are fitted on the whole weeks that the data cover",
            remedy="write DATASET+DATASET:FIRST..LAST, such as icews:2018-01-01..2019-03-26",
        ) from None
    return window


def _pair(text: str) -> tuple[str, str]:
    parts = [part.strip().upper() for part in text.split(",")]
    if len(parts) != 2 or not all(len(part) == 3 for part in parts):
        raise UsageError(
            f"'{text[:40]}' is no pair of states",
            where="--without",
            why="the pair that a case is about must not inform what stands beside its priors",
            remedy="write two ISO codes of three letters: IND,PAK",
        )
    return parts[0], parts[1]

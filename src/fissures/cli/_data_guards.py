"""Before and around the `data` verbs: places and files looked at first, progress, and errors in harmless words."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from fissures.cli._shared import note, progress


def look_at_the_store() -> None:
    """Refuse a place for the store that is a file, or that holds other work."""
    named = os.environ.get("FISSURES_STORE")
    if not named:
        return
    place = Path(named)
    foreign = place.is_dir() and not (place / "store.json").exists() and any(_visible(place))
    if not foreign and (place.is_dir() or not place.exists()):
        return
    from fissures.api import UsageError

    raise UsageError(
        f"'{place}' " + ("holds something other than a store" if foreign else "is a file"),
        where="FISSURES_STORE",
        why="the store is a folder of its own",
        remedy="name a new folder, or leave FISSURES_STORE unset",
    )


def _visible(place: Path) -> Iterator[Path]:
    return (item for item in place.iterdir() if not item.name.startswith("."))


@contextmanager
def plainly() -> Iterator[None]:
    """Errors whose words do nothing to a terminal, whatever the files hold that they speak of."""
    from fissures.api import FissuresError
    from fissures.cli._data_words import printable

    try:
        yield
    except FissuresError as error:
        error.findings = tuple(
            replace(
                finding,
                where=printable(finding.where),
                message=printable(finding.message),
                why=printable(finding.why),
                remedy=printable(finding.remedy),
            )
            for finding in error.findings
        )
        raise
    finally:
        if sys.stderr.isatty():
            progress()


def look_at_the_file(file: str) -> None:
    """Refuse what is no file before the store is touched."""
    from fissures.api import DataError
    from fissures.cli._data_words import printable

    try:
        if Path(file).is_file():
            return
        folder = bool(file) and Path(file).is_dir()
    except (OSError, ValueError):  # a name too long, or one that no file system takes
        folder = False
    what = f"'{printable(file)[:200]}'"
    raise DataError(
        f"{what} is a folder" if folder else f"there is no file {what}",
        where="data add",
        why="there is nothing to add",
        remedy=f"name the files in it: fissures data add {printable(file)}/*" if folder else "check the path",
    )


def published_day(text: str | None) -> date | None:
    """The day of publication; refused where it is no day, or lies ahead."""
    from fissures.api import UsageError

    if text is None:
        return None
    try:
        if (day := date.fromisoformat(text)) <= date.today():
            return day
        wrong = f"{day} lies ahead"
    except ValueError:
        wrong = f"'{text[:40]}' is no date"
    raise UsageError(
        wrong,
        where="--published",
        why="it decides what was known on the as-of date of a case",
        remedy="write year-month-day, such as 2020-07-21",
    )


def teller() -> Callable[[str], None]:
    """How far a file is: on a terminal one line that is rewritten, elsewhere only each quarter of the way."""
    from fissures.cli._data_words import printable

    told: set[str] = set()

    def tell(said: str) -> None:
        line = printable(said)
        if sys.stderr.isatty():
            progress(line[: shutil.get_terminal_size().columns - 1])
            return
        if far := re.search(r": (\d+) %$", line):
            quarter = int(far[1]) // 25 * 25
            line = line[: far.start()] + (f": {quarter} %" if quarter else "")
        if line not in told:
            told.add(line)
            note(line)

    return tell

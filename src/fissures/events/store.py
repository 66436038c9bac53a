"""The store: what an analyst has added, each original once, each version of a dataset by itself.

A folder `dataset/version/digest` holds the rows of one original as Parquet and a manifest that says where they came
from. A folder is filled under another name and renamed when it is whole, so that a crash or a full disk leaves the
store as it was; a lock lets one process add or remove at a time. Reading needs no lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fissures.errors import DataError, UsageError
from fissures.events import database, originals, reading
from fissures.events.database import Progress
from fissures.events.formats import registry
from fissures.events.formats.format import Format
from fissures.events.formats.mapping import beside

if TYPE_CHECKING:
    from filelock import FileLock

FORMAT = 1
MARK = "store.json"
MANIFEST = "manifest.json"
MAPPING = "mapping.yaml"
_LOCK = ".lock"
_OURS = re.compile(r"\.lock|\.work-.*")  # what a store may hold before it is marked as one
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_SECONDS_TO_WAIT = 600


@dataclass(frozen=True)
class Holding:
    """One original in the store: what it is, where it came from, what reading it gave, and what its format can see."""

    dataset: str
    version: str
    format: str
    original: str
    digest: str
    bytes: int
    accessed: date
    published: date | None
    rows: int
    quarantined: dict[str, int]
    first: date | None
    last: date | None
    fatal_only: bool
    weapons: bool
    feed: bool
    folder: Path

    @property
    def name(self) -> str:
        """Dataset and version, as they are named on the command line."""
        return f"{self.dataset}@{self.version}"

    @property
    def events(self) -> Path:
        """The file of its rows."""
        return self.folder / reading.EVENTS


@dataclass(frozen=True)
class Added:
    """What adding a file did: the holding, and whether it was there before."""

    holding: Holding
    already_present: bool


def location(given: str | Path | None = None) -> Path:
    """Where the store is: as given, else FISSURES_STORE, else the user's own folder for data."""
    if given or os.environ.get("FISSURES_STORE"):
        return Path(given or os.environ["FISSURES_STORE"])
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "fissures" / "store"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fissures" / "store"


def add(
    store: Path,
    file: Path,
    today: date,
    dataset: str | None = None,
    version: str | None = None,
    form: str | None = None,
    mapping: Path | None = None,
    published: date | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Added:
    """Add a file; a file that the store holds already changes nothing.

    What is not said is seen from the file: its format, and where the name tells it the version. Raises DataError for a
    file that is not what it claims, UsageError where a version must be named.
    """
    if mapping is None and form in (None, "mapped"):
        mapping = beside(file)
    with _writing(store, progress) as scratch:
        opened = originals.open_original(file, scratch, encoding)
        known = registry.recognise(opened, file.name, form, mapping)
        into = _named(dataset or known.dataset or known.name, "dataset")
        of = _named(version or known.version_of(file.name) or _no_version(known, file), "version")
        if progress:
            progress(f"{file.name} is {known.title}, {into}@{of}")
        digest = _digest(file)
        present = [h for h in holdings(store) if h.digest == digest]
        if same := [h for h in present if (h.dataset, h.version) == (into, of)]:
            _same_mapping(mapping, same[0])
            return Added(same[0], True)
        if present:
            raise _held_elsewhere(file, present[0])
        made = scratch / "made"
        made.mkdir()
        with database.connected(scratch) as connection:
            database.with_vocabulary(connection)
            before = tuple(h.events for h in holdings(store) if (h.dataset, h.version) == (into, of))
            got = reading.read(connection, opened, known, made, today, before, progress)
        if mapping is not None:
            shutil.copyfile(mapping, made / MAPPING)
        target = store / into / of / digest[:16]
        holding = Holding(
            dataset=into,
            version=of,
            format=known.name,
            original=file.name,
            digest=digest,
            bytes=file.stat().st_size,
            accessed=today,
            published=published,
            **asdict(got),
            fatal_only=known.fatal_only,
            weapons=known.weapons,
            feed=known.feed,
            folder=target,
        )
        _settle(made, target, holding)
        return Added(holding, False)


def holdings(store: Path) -> tuple[Holding, ...]:
    """Everything the store holds, by dataset, version and first day; an empty tuple where there is no store."""
    if not _is_folder(store):
        return ()
    _check_format(store)
    # What begins with a dot is being worked on.
    found = [_holding(path) for path in store.glob(f"[!.]*/*/*/{MANIFEST}")]
    return tuple(sorted(found, key=lambda h: (h.dataset, h.version, h.first or date.min, h.digest)))


def held(store: Path, name: str) -> tuple[Holding, ...]:
    """The holdings of `dataset@version`, or of a dataset of which the store has one version only.

    Raises DataError where there is none, and UsageError where there are several versions, which are never mixed.
    """
    dataset, _, version = name.partition("@")
    found = [h for h in holdings(store) if h.dataset == dataset and version in ("", h.version)]
    if not found:
        every = ", ".join(dict.fromkeys(h.name for h in holdings(store))) or "nothing"
        raise DataError(
            f"the store does not hold {name}",
            where=str(store),
            why="what it does not hold cannot be counted",
            remedy=f"fissures data add FILE; the store holds {every}",
        )
    if len(versions := dict.fromkeys(h.name for h in found)) > 1:
        raise UsageError(
            f"the store holds several versions of {dataset}: {', '.join(versions)}",
            where=name,
            why="versions are revisions of the same events; together they would count twice",
            remedy=f"name one of them, such as {next(reversed(versions))}",
        )
    return tuple(found)


def remove(store: Path, name: str, progress: Progress | None = None) -> tuple[Holding, ...]:
    """Remove `dataset@version` (or the only version of a dataset) from the store, and return what was removed."""
    with _writing(store, progress) as scratch:
        gone = held(store, name)
        version = gone[0].folder.parent  # of all of them, so that they go in one step
        version.replace(scratch / "gone")
        if not any(version.parent.iterdir()):
            version.parent.rmdir()
    return gone


@contextmanager
def _writing(store: Path, progress: Progress | None) -> Iterator[Path]:
    """The store's one writer: a folder for its work, which is gone afterwards whatever happens."""
    from filelock import FileLock, Timeout

    try:
        if _is_folder(store):
            _refuse_other_work(store)
        store.mkdir(parents=True, exist_ok=True)
        lock = FileLock(store / _LOCK)
        _acquire(lock, progress)
        try:
            _mark(store)
            for left in store.glob(".work-*"):  # a crash left it; nobody else works here now
                shutil.rmtree(left, ignore_errors=True)
            scratch = Path(tempfile.mkdtemp(prefix=".work-", dir=store))
            try:
                yield scratch
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        finally:
            lock.release()
    except Timeout as error:
        raise DataError(
            "another process has been writing to the store for ten minutes",
            where=str(store),
            why="two writers at once could spoil it; nothing was changed",
            remedy="wait for it to end, or end it",
        ) from error
    except OSError as error:
        raise _unwritable(store, error) from error
    except Exception as error:
        if _no_room(error):
            raise _unwritable(store, error) from error
        raise


def _acquire(lock: FileLock, progress: Progress | None) -> None:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        if progress:
            progress("another process is writing to the store; waiting for it")
        lock.acquire(timeout=_SECONDS_TO_WAIT)


def _no_room(error: Exception) -> bool:
    """Whether the database could not write, as on a full disk."""
    import duckdb

    return isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException)


def _unwritable(store: Path, error: Exception) -> DataError:
    return DataError(
        f"cannot write to the store: {_reason(error)}",
        where=str(store),
        why="nothing was added; what was there before is unchanged",
        remedy="make room, or name another place with FISSURES_STORE",
    )


def _reason(error: Exception) -> str:
    """What the system says of an error, out of what the database says of it."""
    said = str(error).splitlines()[0]
    number = re.search(r'errno"?: ?"?(\d+)', said)
    return getattr(error, "strerror", None) or (os.strerror(int(number[1])) if number else said[:200])


def _is_folder(store: Path) -> bool:
    """Whether there is a folder in the place of the store; raises DataError for anything else that is there."""
    if store.exists() and not store.is_dir():
        raise DataError(
            f"'{store}' is a file, not a folder",
            where="store",
            why="a store is a folder",
            remedy="name another place with FISSURES_STORE, or unset it",
        )
    return store.is_dir()


def _refuse_other_work(store: Path) -> None:
    strange = [item.name for item in store.iterdir() if not _OURS.fullmatch(item.name)]
    if strange and not (store / MARK).exists():  # looked for last: another process may just have made it
        raise UsageError(
            f"'{store}' is not empty and is no store",
            where="store",
            why="other work in that folder could be lost",
            remedy="name an empty folder, or a new one",
        )


def _mark(store: Path) -> None:
    _refuse_other_work(store)
    if not (store / MARK).exists():
        made = store / ".work-mark"  # renamed when it is whole: half a mark would spoil the store
        made.write_text(json.dumps({"fissures_store": FORMAT}) + "\n", encoding="utf-8")
        made.replace(store / MARK)
    _check_format(store)


def _check_format(store: Path) -> None:
    try:
        found = json.loads((store / MARK).read_text(encoding="utf-8"))["fissures_store"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "the store's own file cannot be read",
            where=str(store / MARK),
            why="its format is not known",
            remedy="add the data to a new store",
        ) from error
    if found != FORMAT:
        raise DataError(
            f"the store has format {found}, this version reads {FORMAT}",
            where=str(store),
            why="it could be misread",
            remedy="use the version of fissures that made it, or add the data to a new store",
        )


def _named(name: str, what: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:60]}' cannot be the name of a {what}",
            where=what,
            why="it becomes the name of a folder",
            remedy="use letters, digits, dots, dashes and underscores",
        )
    return name


def _no_version(form: Format, file: Path) -> str:
    raise UsageError(
        f"which version of {form.title} is {file.name}?"
        if file.name not in form.title
        else f"which version is {file.name}?",
        where="--version",
        why="datasets are revised, and a number without its version means nothing",
        remedy="--version with what the provider calls the release, or the day of your download: --version 2020-07-21",
    )


def _held_elsewhere(file: Path, other: Holding) -> UsageError:
    return UsageError(
        f"{file.name} is held already, as {other.name}",
        where=file.name,
        why="one file cannot be two versions",
        remedy=f"nothing to do if {other.name} is right; else first: fissures data remove {other.name}",
    )


def _same_mapping(mapping: Path | None, held: Holding) -> None:
    """Refuse a file that is held as another mapping read it: its columns would go on meaning what they meant."""
    kept = held.folder / MAPPING
    if mapping is not None and not (kept.is_file() and kept.read_bytes() == mapping.read_bytes()):
        raise UsageError(
            f"{held.original} is held already as {held.name}, read by another mapping",
            where=mapping.name,
            why="what is in the store would not be what this mapping says",
            remedy=f"first: fissures data remove {held.name}",
        )


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _settle(made: Path, target: Path, holding: Holding) -> None:
    """Write the manifest, see the files onto the disk, and put the folder in its place in one step."""
    told = {key: value for key, value in asdict(holding).items() if key != "folder"}
    body = json.dumps({"fissures_store": FORMAT, **told}, indent=2, default=str) + "\n"
    (made / MANIFEST).write_text(body, encoding="utf-8")
    for file in made.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(made, target)


def _holding(manifest: Path) -> Holding:
    try:
        told: dict[str, Any] = dict(json.loads(manifest.read_text(encoding="utf-8")))
        told.pop("fissures_store")
        days = {key: told[key] and date.fromisoformat(told[key]) for key in ("accessed", "published", "first", "last")}
        holding = Holding(**{**told, **days}, folder=manifest.parent)
        if not (isinstance(holding.accessed, date) and isinstance(holding.rows, int)):
            raise TypeError("it says no day of access, or no number of rows")
        return replace(holding, quarantined=dict(holding.quarantined))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"the manifest of a holding cannot be read ({error})",
            where=str(manifest),
            why="where its rows came from is not known any more",
            remedy="delete that folder and add the file again",
        ) from error

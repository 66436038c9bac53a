"""A bundle is a folder: `manifest.json`, arrays in npz files, and copies of the text files it was made from.

The manifest names every file with its SHA-256. A bundle is written under a temporary name and renamed, so that a
crash leaves either the whole bundle or none. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import DataError

FORMAT = 1
MANIFEST = "manifest.json"
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Bundle:
    """A bundle as read: its folder, what the manifest says, and its arrays by group and name."""

    folder: Path
    manifest: dict[str, Any]
    groups: dict[str, dict[str, NDArray[Any]]]


def write(folder: Path, manifest: Mapping[str, Any], groups: Mapping[str, Arrays], copies: Mapping[str, Path]) -> Path:
    """Write a bundle; replaces an older bundle at the same place, and refuses any other folder that is not empty.

    `groups` become npz files; `copies` maps a path inside the bundle to a file that is copied there.
    """
    folder = Path(folder)
    if folder.exists() and not _replaceable(folder):
        raise DataError(
            f"'{folder}' exists and is not a bundle",
            where="bundle",
            why="a bundle replaces only a bundle, so that no other work is lost",
            remedy="name a new folder",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _fill(made, manifest, groups, copies)
        _swap(made, folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _replaceable(folder: Path) -> bool:
    """Whether a folder is empty, or holds a bundle and nothing else: a bundle never replaces other work."""
    if not folder.is_dir():
        return False
    inside = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    try:
        return inside <= {MANIFEST, *_manifest(folder)["files"]} if inside else True
    except DataError:
        return False


def _unwritable(folder: Path, error: OSError) -> DataError:
    return DataError(
        f"cannot write '{folder}': {error.strerror or error}",
        where="bundle",
        why="nothing was saved; what was there before is unchanged",
        remedy="name a folder that you may write to, on a disk with room",
    )


def _fill(made: Path, manifest: Mapping[str, Any], groups: Mapping[str, Arrays], copies: Mapping[str, Path]) -> None:
    for name, arrays in groups.items():
        with (made / f"{name}.npz").open("wb") as handle:
            np.savez_compressed(handle, **_plain(arrays))  # type: ignore[arg-type]
    for inside, source in copies.items():
        target = made / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    names = sorted(p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file())
    body = {"format": FORMAT, **manifest, "files": {name: file_digest(made / name) for name in names}}
    body["seal"] = _seal(body)
    (made / MANIFEST).write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    made.chmod(0o755)


def _plain(arrays: Arrays) -> dict[str, NDArray[Any]]:
    held = {name: np.asarray(array) for name, array in arrays.items()}
    if objects := [name for name, array in held.items() if array.dtype.hasobject]:
        raise TypeError(f"not arrays of numbers or text, so they would be pickled: {', '.join(objects)}")
    return held


def _swap(made: Path, folder: Path) -> None:
    """Put the new bundle in the old one's place; if that fails, the old one comes back."""
    if not folder.exists():
        os.replace(made, folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        os.replace(folder, aside / "old")
        try:
            os.replace(made, folder)
        except BaseException:
            os.replace(aside / "old", folder)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _seal(body: Mapping[str, Any]) -> str:
    """SHA-256 of a manifest without its seal, so that a changed manifest is seen as a changed file is."""
    told = json.dumps({key: value for key, value in body.items() if key != "seal"}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_bundle(path: Path) -> bool:
    """Whether a path is a folder that holds a manifest."""
    return (Path(path) / MANIFEST).is_file()


def read(folder: Path) -> Bundle:
    """Read a bundle and verify every digest; raises DataError naming each file that changed or is missing."""
    folder = Path(folder)
    manifest = _manifest(folder)
    files = manifest["files"]
    changed = [name for name, digest in files.items() if not _intact(folder, name, digest)]
    if manifest.get("seal") != _seal(manifest):
        changed.append(MANIFEST)
    if changed:
        raise _refuse(folder, f"was changed after it was written: {', '.join(changed)}", "run the case again")
    return Bundle(folder, manifest, {Path(n).stem: _arrays(folder / n) for n in files if n.endswith(".npz")})


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle of this format; raises DataError for any other folder."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        number, files = int(manifest["format"]), dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refuse(folder, "is not a bundle", "name a folder that 'fissures run --out' wrote") from error
    if number != FORMAT:
        raise _refuse(folder, f"has format {number}, this version reads {FORMAT}", "use the version that wrote it")
    return {**manifest, "files": files}


def _intact(folder: Path, name: str, digest: str) -> bool:
    try:
        inside = (folder / name).resolve()
        return inside.is_relative_to(folder.resolve()) and inside.is_file() and file_digest(inside) == digest
    except (OSError, ValueError):  # a name that no file system takes
        return False


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as data:
            return {name: data[name] for name in data.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise _refuse(path, "does not hold plain arrays", "run the case again") from error


def _refuse(path: Path, what: str, remedy: str) -> DataError:
    return DataError(
        f"'{path.name}' {what}",
        where=str(path),
        why="a number must be walked back to exactly what made it",
        remedy=remedy,
    )

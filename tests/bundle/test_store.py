"""Bundles: whole or not at all, every byte vouched for, nothing unpickled, nobody else's folder touched."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fissures.bundle import store
from fissures.errors import DataError

ARRAYS = {
    "paths": {"rungs": np.arange(24, dtype=np.uint8).reshape(2, 3, 4), "deaths": np.full((2, 2), 7, np.int32)},
    "draws": {"river:calm:b0": np.linspace(-1, 1, 5), "empty": np.zeros((0, 3))},
}


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A text file to be copied into bundles."""
    file = tmp_path / "elsewhere" / "case.yaml"
    file.parent.mkdir()
    file.write_text("case: Überfall\n", encoding="utf-8")
    return file


@pytest.fixture
def bundle(tmp_path: Path, text: Path) -> Path:
    """A good bundle."""
    return store.write(tmp_path / "runs" / "first", {"seed": 1}, ARRAYS, {"case/case.yaml": text})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def vouch(bundle: Path, *names: str, **more: object) -> None:
    """Rewrite the manifest so that it vouches for these files as they are now, as a forger would."""
    manifest = json.loads((bundle / store.MANIFEST).read_text(encoding="utf-8")) | more
    for name in names:
        manifest["files"][name] = store.file_digest(bundle / name)
    manifest["seal"] = store._seal(manifest)
    (bundle / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


# --- there and back -----------------------------------------------------------------------------------------


def test_what_is_written_is_read(bundle: Path, text: Path) -> None:
    read = store.read(bundle)
    assert {name: set(group) for name, group in read.groups.items()} == {n: set(g) for n, g in ARRAYS.items()}
    for name, group in ARRAYS.items():
        for key, array in group.items():
            assert read.groups[name][key].dtype == array.dtype
            np.testing.assert_array_equal(read.groups[name][key], array)
    assert (bundle / "case" / "case.yaml").read_bytes() == text.read_bytes()
    assert read.manifest["seed"] == 1 and read.manifest["format"] == store.FORMAT
    assert set(read.manifest["files"]) == set(contents(bundle)) - {store.MANIFEST}
    assert store.is_bundle(bundle) and not store.is_bundle(text.parent)


def test_the_same_arrays_give_the_same_digests(bundle: Path, tmp_path: Path, text: Path) -> None:
    again = store.write(tmp_path / "again", {"seed": 1}, ARRAYS, {"case/case.yaml": text})
    assert (again / store.MANIFEST).read_bytes() == (bundle / store.MANIFEST).read_bytes()


# --- what is not as it was written --------------------------------------------------------------------------

FILES = ["paths.npz", "draws.npz", "case/case.yaml"]


def _flip(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


SPOILT: dict[str, Callable[[Path], None]] = {"one bit": _flip, "cut short": _truncate, "missing": Path.unlink}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_changed_file_is_found_and_named(bundle: Path, name: str, spoil: Callable[[Path], None]) -> None:
    spoil(bundle / name)
    with pytest.raises(DataError) as refusal:
        store.read(bundle)
    assert refusal.value.findings[0].message == f"'first' was changed after it was written: {name}"
    assert refusal.value.exit_code == 4


def test_every_changed_file_is_named_at_once(bundle: Path) -> None:
    for name in FILES:
        _flip(bundle / name)
    with pytest.raises(DataError, match=r"written: (\S+, ){2}\S+"):
        store.read(bundle)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "'first' is not a bundle"),
        ("", "'first' is not a bundle"),
        ("[1, 2]", "'first' is not a bundle"),
        ('{"format": 1}', "'first' is not a bundle"),
        ('{"format": "one", "files": {}}', "'first' is not a bundle"),
        ('{"format": 1, "files": 3}', "'first' is not a bundle"),
        ('{"format": 2, "files": {}}', "'first' has format 2, this version reads 1"),
        ('{"format": 0, "files": {}}', "'first' has format 0, this version reads 1"),
    ],
)
def test_a_manifest_that_says_nothing_of_use_is_refused(bundle: Path, manifest: str | None, said: str) -> None:
    (bundle / store.MANIFEST).unlink()
    if manifest is not None:
        (bundle / store.MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        store.read(bundle)
    assert refusal.value.findings[0].message == said


# --- what a forger might try --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["relative", "absolute", "link"])
def test_a_manifest_cannot_reach_out_of_its_folder(bundle: Path, text: Path, kind: str) -> None:
    name = {"relative": "../../elsewhere/case.yaml", "absolute": str(text), "link": "case/linked.yaml"}[kind]
    if kind == "link":
        (bundle / name).symlink_to(text)
    vouch(bundle, name)
    with pytest.raises(DataError, match="was changed after it was written"):
        store.read(bundle)


def test_a_name_that_is_no_name_is_refused(bundle: Path) -> None:
    manifest = json.loads((bundle / store.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["case\0.yaml"] = "0" * 64
    vouch(bundle, files=manifest["files"])
    with pytest.raises(DataError):
        store.read(bundle)


def test_nothing_is_ever_unpickled(bundle: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "sprung",)

    np.savez(bundle / "paths.npz", rungs=np.array([Trap()], dtype=object))
    vouch(bundle, "paths.npz")
    with pytest.raises(DataError, match="does not hold plain arrays"):
        store.read(bundle)
    assert not (tmp_path / "sprung").exists()


def test_objects_are_not_written_either(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="would be pickled: rungs"):
        store.write(tmp_path / "b", {}, {"paths": {"rungs": np.array([{}], dtype=object)}}, {})
    assert list(tmp_path.iterdir()) == []


BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"PK\x03\x04 broken", id="zip"),
    pytest.param(None, id="cut short"),
    pytest.param(b"not an archive", id="text"),
]


@pytest.mark.parametrize("raw", BROKEN)
def test_an_archive_that_cannot_be_read_is_refused_in_words(bundle: Path, raw: bytes | None) -> None:
    file = bundle / "paths.npz"
    file.write_bytes(file.read_bytes()[:-9] if raw is None else raw)
    vouch(bundle, "paths.npz")
    with pytest.raises(DataError, match="does not hold plain arrays"):
        store.read(bundle)


# --- writing where something stands -------------------------------------------------------------------------


def test_a_bundle_is_replaced_as_a_whole(bundle: Path) -> None:
    store.write(bundle, {"seed": 2}, {"other": {"x": np.ones(2)}}, {})
    assert set(contents(bundle)) == {store.MANIFEST, "other.npz"}
    assert store.read(bundle).manifest["seed"] == 2
    assert os.listdir(bundle.parent) == ["first"], "nothing temporary is left behind"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert store.is_bundle(store.write(tmp_path / "new", {}, ARRAYS, {}))


@pytest.mark.parametrize("name", ["thesis.docx", ".git", "manifest.json"])
def test_a_folder_of_someone_elses_is_refused_and_untouched(tmp_path: Path, name: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / name).write_text('{"name": "my extension", "version": "1.0"}', encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(DataError) as refusal:
        store.write(mine, {}, ARRAYS, {})
    assert refusal.value.findings[0].message == f"'{mine}' exists and is not a bundle"
    assert contents(tmp_path) == before


def test_a_file_in_the_way_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    for target in ("b", "b/inside"):
        with pytest.raises(DataError):
            store.write(tmp_path / target, {}, ARRAYS, {})
    assert contents(tmp_path) == {"b": b"mine"}


def test_a_place_that_cannot_be_written_is_told(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    before = contents(bundle)
    monkeypatch.setattr(store.tempfile, "mkdtemp", refuse)
    with pytest.raises(DataError) as refusal:
        store.write(bundle, {"seed": 2}, ARRAYS, {})
    assert refusal.value.findings[0].message == f"cannot write '{bundle}': Permission denied"
    assert contents(bundle) == before


# --- crashes ------------------------------------------------------------------------------------------------


def _fails_at(call: int, error: BaseException, real: Callable[..., Any]) -> Callable[..., Any]:
    """A function that works until its n-th call, which raises."""
    calls = []

    def step(*given: Any, **named: Any) -> Any:
        calls.append(given)
        if len(calls) == call:
            raise error
        return real(*given, **named)

    return step


CRASHES = [
    pytest.param(np, "savez_compressed", 1, id="first arrays"),
    pytest.param(np, "savez_compressed", 2, id="second arrays"),
    pytest.param(shutil, "copyfile", 1, id="copies"),
    pytest.param(store.json, "dumps", 1, id="manifest"),
    pytest.param(store.os, "replace", 1, id="old one out"),
    pytest.param(store.os, "replace", 2, id="new one in"),
]
ERRORS = [OSError(28, "No space left on device"), KeyboardInterrupt(), RuntimeError("a fault")]


@pytest.mark.parametrize(("module", "name", "call"), CRASHES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_crash_while_writing_leaves_the_old_bundle_whole(
    bundle: Path, text: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, error: BaseException
) -> None:
    before = contents(bundle)
    monkeypatch.setattr(module, name, _fails_at(call, error, getattr(module, name)))
    with pytest.raises(DataError if isinstance(error, OSError) else type(error)):
        store.write(bundle, {"seed": 2}, ARRAYS, {"case/case.yaml": text})
    monkeypatch.undo()
    assert contents(bundle) == before
    assert os.listdir(bundle.parent) == ["first"]
    assert store.read(bundle).manifest["seed"] == 1


def test_what_a_killed_writer_left_is_no_hindrance(bundle: Path) -> None:
    left = bundle.parent / ".first-abcdef"
    left.mkdir()
    (left / "paths.npz").write_bytes(b"half")
    store.write(bundle, {"seed": 2}, ARRAYS, {})
    assert store.read(bundle).manifest["seed"] == 2

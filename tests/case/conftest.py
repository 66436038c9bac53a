"""A valid small case in a folder of its own, to be broken in one place at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
Altered = Callable[..., Path]


@pytest.fixture(scope="session")
def two_valleys() -> Path:
    """The folder of the valid case; nobody writes to it."""
    return TWO_VALLEYS


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """Write the case anew with pieces of its text replaced, each pair (old, new) once; gives the folder."""
    folder = tmp_path / "case"
    shutil.copytree(TWO_VALLEYS, folder)

    def write(*pairs: tuple[str, str], text: str | bytes | None = None) -> Path:
        told = (TWO_VALLEYS / "case.yaml").read_text(encoding="utf-8") if text is None else text
        for old, new in pairs:
            assert isinstance(told, str) and old in told, f"the case does not say {old!r}"
            told = told.replace(old, new, 1)
        (folder / "case.yaml").write_bytes(told.encode() if isinstance(told, str) else told)
        return folder

    return write

"""Nothing of one person's machine is in the repository: no home path, no download address in a lock file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In two parts, so that this file does not find itself.
HOMES = re.compile(rb"(?<![\w.~])/(?:ho" + rb"me|Us" + rb"ers)/\w+|(?<![\w.~])/ro" + rb"ot/\w*|[A-Z]:\\\\?Us" + rb"ers")
LOCKS = re.compile(
    r"(\.lock|-lock\.json|lock\.ya?ml|requirements[\w-]*\.txt|constraints[\w-]*\.txt|pylock[\w.]*\.toml)$"
)


def tracked() -> list[Path]:
    """The files under version control, and those that would be with the next commit."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_home_folder() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group().decode(errors='replace')}"
        for file in tracked()
        for match in HOMES.finditer(file.read_bytes())
    ]
    assert not found


def test_no_lock_file_names_where_packages_were_fetched() -> None:
    found = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if LOCKS.search(file.name) and re.search(rb"https?://|file://", file.read_bytes())
    ]
    assert not found


@pytest.mark.parametrize("path", ["/ho" + "me/ada/case.yaml", "/ro" + "ot/.cache", "C:\\Us" + "ers\\ada"])
def test_a_home_path_would_be_seen(path: str) -> None:
    assert HOMES.search(f"see {path}".encode())
    assert not HOMES.search(b"https://example.org/research/ and ~/.cache and ./scripts")

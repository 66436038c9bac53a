"""What the README says is what the tree does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import fissures

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(marker: str) -> list[str]:
    """The lines of shell between two markers of the README."""
    inside = README.split(f"<!-- {marker} -->\n")[1].split(f"<!-- /{marker} -->")[0]
    return [line for line in inside.splitlines() if line and not line.startswith("```")]


def test_the_two_commands_are_one_line_each() -> None:
    assert command("main-job") == ["pip install . && fissures demo"]
    assert command("tests") == ["pip install -e '.[test]' && scripts/test"]
    for script in ("scripts/test", "scripts/check", ".ci/run"):
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} cannot be executed"


def test_every_verb_named_exists() -> None:
    from fissures.cli import app

    named = set(re.findall(r"`fissures (\w+)", README))
    assert named == {info.name for info in (*app.registered_commands, *app.registered_groups)}


def test_every_name_of_the_python_example_is_public() -> None:
    example = README.split("```python")[1].split("```")[0]
    assert set(re.findall(r"\bfs\.(\w+)\(", example)) <= set(fissures.__all__)


def test_every_folder_drawn_exists() -> None:
    drawn = README.split("## The house")[1].split("## Honest limits")[0]
    parts = set(re.findall(r"\b(\w+)/", drawn))
    assert parts
    assert {part for part in parts if not (ROOT / "src" / "fissures" / part).is_dir()} == set()


def test_no_placeholder_is_left() -> None:
    assert not re.findall(r"\b[A-Z]+_[A-Z_]+\b", README.replace("FISSURES_DEBUG", ""))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><a href='https://example.org'>source</a><img src='data:image/png;base64,AA'></html>", 0),
        ("<svg><use href='#mark'/></svg><style>a { background: url(data:x) }</style>", 0),
        ("<script src='https://example.org/a.js'></script>", 1),
        ("<link rel=stylesheet href=style.css>", 1),
        ("<style>@import 'https://example.org/a.css';</style>", 1),
        ("<style>a { background: url(https://example.org/a.png) }</style>", 1),
        ("", 1),
    ],
)
def test_a_page_that_fetches_something_is_seen(page: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    checker = [sys.executable, str(ROOT / ".ci" / "self_contained.py"), str(tmp_path / "page.html")]
    assert subprocess.run(checker, capture_output=True, check=False).returncode == code


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_in_ci_and_is_named(ci: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_made_up.py").write_text(
        "import pytest\ndef test_a(): pass\n@pytest.mark.skip(reason='too cold')\ndef test_b(): pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(tmp_path)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "test_b: Skipped: too cold" in done.stdout

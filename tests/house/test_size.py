"""The house measure: small functions in small modules."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "fissures"
FILES = sorted(SRC.rglob("*.py"))
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_MODULE = 400


def functions(file: Path) -> dict[str, int]:
    """Every function of a file and its number of lines, docstring included."""
    return {
        f"{node.name} (line {node.lineno})": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_functions_and_modules_stay_small(file: Path) -> None:
    long = {name: lines for name, lines in functions(file).items() if lines > MOST_LINES_OF_A_FUNCTION}
    assert not long
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_A_MODULE


def test_the_median_function_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = [lines for file in FILES for lines in functions(file).values()]
    median = statistics.median(lengths)
    with capsys.disabled():
        print(f"\n{len(lengths)} functions, median {median:g} lines, longest {max(lengths)}")
    assert median <= 15


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_every_module_and_public_function_says_what_it_is(file: Path) -> None:
    module = ast.parse(file.read_text(encoding="utf-8"))
    silent = [
        f"{file.relative_to(SRC)}:{node.lineno}  {node.name}"
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert ast.get_docstring(module), f"{file.relative_to(SRC)} has no docstring"
    assert not silent

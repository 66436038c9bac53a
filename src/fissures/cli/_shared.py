"""What every verb uses: JSON and text on stdout, progress on stderr, and numbers as people read them."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fissures.api import Run

SHIPPED = "south-caucasus-2020"
SCHEMA = 1

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
DEFAULT_PATHS, DEFAULT_SEED = 10_000, 1
Paths = Annotated[
    int | None, typer.Option(min=100, max=1_000_000, help=f"How many futures to simulate [default: {DEFAULT_PATHS}].")
]
Seed = Annotated[
    int | None, typer.Option(min=0, help=f"The same seed gives the same numbers [default: {DEFAULT_SEED}].")
]
Levers = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Pull this lever; may be given several times.")]
Leave = Annotated[bool, typer.Option("--allow-escalatory", help="Permit levers that are marked escalatory.")]
CaseOrRun = Annotated[
    str, typer.Argument(metavar="CASE", help="A shipped case's name, a case folder, or a saved run's folder.")
]


# --- output -------------------------------------------------------------------------------------------------


def say(text: str = "") -> None:
    """Print a part of the result on stdout."""
    print(text)


def note(text: str) -> None:
    """Print what is not the result on stderr."""
    print(text, file=sys.stderr)


def emit(document: dict[str, Any]) -> None:
    """Print one JSON document, numbered with its schema; a value that is not finite becomes null."""
    print(json.dumps(_finite({"schema": SCHEMA, **document}), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value


def table(headings: list[str], rows: list[list[str]]) -> None:
    """Print a table: ruled on a terminal, aligned columns elsewhere; a cell may hold several lines."""
    if sys.stdout.isatty():
        _ruled(headings, rows)
    else:
        for line in aligned([headings, *rows]):
            say(line)


def aligned(rows: list[list[str]]) -> list[str]:
    """Lay out rows of cells in columns of text, two spaces apart.

    >>> aligned([["a", "long"], ["bb", "x"]])
    ['a   long', 'bb  x']
    """
    flat = [[" ".join(cell.split("\n")) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in flat) for i in range(len(flat[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in flat]


def _ruled(headings: list[str], rows: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    ruled = Table(box=box.SIMPLE_HEAD, show_lines=True, pad_edge=False)
    for heading in headings:
        ruled.add_column(heading, overflow="fold")
    for row in rows:
        ruled.add_row(*[_literal(cell) for cell in row])
    Console().print(ruled)


def _literal(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


# --- progress -----------------------------------------------------------------------------------------------


@contextmanager
def step(name: str) -> Iterator[None]:
    """Time one step of the work and say on stderr how long it took."""
    began = time.perf_counter()
    if sys.stderr.isatty():
        print(f"\r{name} ...", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        if sys.stderr.isatty():
            note("")
        raise
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    note(f"{clear}{name:<28} {time.perf_counter() - began:6.1f} s")


def progress(*said: object) -> None:
    """Show how far a step is, on a terminal only; handed to the library as its callback."""
    if sys.stderr.isatty():
        words = " ".join(f"{word:.0%}" if isinstance(word, float) else str(word) for word in said)
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


# --- numbers and dates as people read them ------------------------------------------------------------------


def percent(share: float) -> str:
    """A probability that never claims certainty; written as in the brief.

    >>> [percent(p) for p in (0.0, 0.0042, 0.0312, 0.123, 0.996, 1.0)]
    ['< 0.1 %', '0.4 %', '3.1 %', '12 %', '99.6 %', '> 99.9 %']
    """
    if not isfinite(share):
        return "not known"
    if share < 0.001:
        return "< 0.1 %"
    if share > 0.999:
        return "> 99.9 %"
    value = 100 * share
    return f"{_short(value) if value < 9.95 or value > 98.95 else f'{value:.0f}'} %"


def count(value: float) -> str:
    """A count, such as deaths, with thousands separated; one decimal below ten.

    >>> count(5840.2), count(3.25), count(0)
    ('5,840', '3.2', '0')
    """
    if not isfinite(value):
        return "not known"
    return _short(value) if abs(value) < 9.95 else f"{value:,.0f}"


def people(value: float) -> str:
    """A number of people (or of weeks), whole; halves round up, as in the brief.

    >>> people(9.5), people(1834.5)
    ('10', '1,835')
    """
    return count(math.floor(value + 0.5)) if isfinite(value) else "not known"


def _short(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def day(when: date) -> str:
    """A date without abbreviations.

    >>> day(date(2020, 7, 21))
    '21 July 2020'
    """
    return f"{when.day} {when:%B %Y}"


# --- where the output goes, looked at before any work is done -----------------------------------------------


def writable_file(path: Path, option: str = "--out") -> None:
    """Refuse, before any work is done, a file that could not be written; `option` names it."""
    if path.is_dir():
        raise _no_output(f"'{path}' is a folder", "name a file in it, such as brief.html", option)
    if not path.parent.is_dir():
        raise _no_output(f"there is no folder '{path.parent}'", "make that folder first, or name another", option)
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _no_output(f"'{path}' may not be written", "name a file in a folder that you may write to", option)


def writable_folder(path: Path) -> None:
    """Refuse, before any work is done, a folder that could not be made or that holds other work."""
    if path.exists() and not path.is_dir():
        raise _no_output(f"'{path}' is a file", "a saved run is a folder: name a new one")
    if path.is_dir() and not is_bundle(str(path)) and any(not inside.is_dir() for inside in path.rglob("*")):
        raise _no_output(f"'{path}' holds something other than a saved run", "name a new folder")
    # The bundle is made beside its place and then renamed, so what counts is the nearest folder above.
    above = next((folder for folder in path.absolute().parents if folder.exists()), path)
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise _no_output(f"'{path}' cannot be made in '{above}'", "name a folder where you may write")


def _no_output(message: str, remedy: str, option: str = "--out") -> Exception:
    from fissures.api import UsageError

    return UsageError(message, where=option, why="the work would be done and then not saved", remedy=remedy)


# --- from an argument to a run ------------------------------------------------------------------------------


def is_bundle(argument: str) -> bool:
    """Whether the argument is the folder of a saved run."""
    try:
        return (Path(argument) / "manifest.json").is_file()
    except (OSError, ValueError):  # a name too long, or one that no file system takes
        return False


def walk(
    argument: str,
    paths: int | None,
    seed: int | None,
    levers: tuple[str, ...] = (),
    allow_escalatory: bool = False,
) -> Run:
    """Load, fit and simulate a case, or open a saved run, timing each step."""
    from fissures import api

    _each_once(levers)
    if is_bundle(argument):
        _settled(paths=paths, seed=seed, lever=levers or None)
        with step("open the saved run"):
            return api.open_run(argument)
    with step("read the case"):
        case = api.load(argument)
        for notice in api.permit_levers(case, levers, allow_escalatory):
            note(notice)
    paths, seed = DEFAULT_PATHS if paths is None else paths, DEFAULT_SEED if seed is None else seed
    with step("fit the claims to the data"):
        fit = api.fit(case, seed=seed, progress=progress)
    with step("simulate"):
        return api.simulate(case, fit, paths, seed, levers, allow_escalatory, progress)


def _each_once(levers: tuple[str, ...]) -> None:
    """Refuse a lever that is named twice."""
    from fissures.api import UsageError

    for name in dict.fromkeys(levers):
        if levers.count(name) > 1:
            raise UsageError(
                f"the lever '{name}' is named {levers.count(name)} times",
                where="--lever",
                why="a lever is pulled or not; pulled twice it would be another what-if than the case describes",
                remedy="name it once",
            )


def _settled(**asked: object) -> None:
    """Refuse options that a saved run has already settled."""
    from fissures.api import UsageError

    for name, value in asked.items():
        if value is not None:
            raise UsageError(
                "a saved run already has its paths, seed and levers",
                where=f"--{name}",
                why="its numbers would no longer be those of its digest",
                remedy="name the case instead of the saved run, or leave the option out",
            )

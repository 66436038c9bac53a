"""A small invented case as it leaves the house, and the same with names that mean harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import fissures as fs
from fissures.api import Run
from fissures.api.handover import context_of
from fissures.brief.context import Context, FactNote, SourceNote
from fissures.export import folder
from fissures.study.place_records import FrontAhead, Outline, Where
from fissures.study.records import Study
from fissures.study.tidy import PlacePaths, by_place

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
PATHS = 500

HARM = (
    "<script>alert(1)</script>\"'&",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202eevil\u2066\u200f",
    "a\x00b\x1f\r\nc",
    "{{ 7*7 }}{% raw %}]]><svg onload=alert(1)>",
    "../../../up/and/away",
    "\t=1+1",
    "\uff1d1+1",
    "#meta+fake",
    "x" * 10_000,
)


@pytest.fixture(scope="session")
def run() -> Run:
    """The two valleys on few paths."""
    case = fs.load(TWO_VALLEYS)
    return fs.simulate(case, fs.fit(case, seed=1), PATHS, seed=1)


@pytest.fixture(scope="session")
def study(run: Run) -> Study:
    """Its answers, claims, course and what-ifs."""
    return fs.study(run)


def mapped(where: Where | None) -> Where:
    """The small case's fronts on a made-up map: two valleys, a boundary, a line held."""
    assert where is not None and not where.drawn
    corners = ((8.0, 46.0), (8.0, 48.0), (9.0, 48.0), (9.0, 46.0), (8.0, 46.0))
    across = (((8.0, 47.0), (9.0, 47.1)),)
    outlines = (
        Outline("land", "Upper valley", (corners,), (1,)),
        Outline("land", "Lower valley", (tuple((x + 1.0, y) for x, y in corners),), (1,)),
        Outline("recognised", "Lower valley, Upper valley", (((9.0, 46.0), (9.0, 48.0)),)),
        Outline("held", "The fence", across, since=where.as_of),
    )
    area = ((8.6, 46.8), (8.6, 47.3), (9.3, 47.3), (9.3, 46.8), (8.6, 46.8))
    fronts: tuple[FrontAhead, ...] = (replace(where.fronts[0], area=(area,)), *where.fronts[1:])
    return replace(where, outlines=outlines, fronts=fronts, source="ledger", says="Drawn by hand")


@pytest.fixture(scope="session")
def context(run: Run, study: Study) -> Context:
    """The case beside the study, with a disputed fact, a source without terms and a map."""
    fact = FactNote("Dead of the spring of 2018", "people", {"letter": "9", "ledger": "14 to 20"}, "counted apart")
    found = context_of(run, study, "--data data")
    return replace(
        found,
        where=mapped(found.where),
        facts=(fact,),
        sources=(*found.sources, SourceNote("hearsay", "What travellers tell")),
    )


@pytest.fixture(scope="session")
def places(run: Run) -> tuple[PlacePaths, ...]:
    """Its paths by place."""
    return tuple(by_place(run.on))


@pytest.fixture(scope="session")
def handed(
    study: Study, context: Context, places: tuple[PlacePaths, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The data folder of the two valleys."""
    return folder.write(tmp_path_factory.mktemp("handed") / "data", study, context, "<!doctype html>\n", places)


def harmed(value: Any, words: Iterator[str], keep: bool = False) -> Any:
    """A value with every text made hostile, except kinds and numbers; keys of a mapping stay apart."""
    if is_dataclass(value) and not isinstance(value, type):
        held = {
            f.name: harmed(getattr(value, f.name), words, f.name in ("kind", "shares", "lead")) for f in fields(value)
        }
        return type(value)(**held)
    if isinstance(value, dict):
        return {harmed_key(key, k, words): harmed(one, words) for k, (key, one) in enumerate(value.items())}
    if isinstance(value, tuple | list):
        return type(value)(harmed(one, words) for one in value)
    return next(words) if isinstance(value, str) and not keep else value


def harmed_key(key: Any, k: int, words: Iterator[str]) -> Any:
    """A key made hostile; a level or threshold ("0.5", "50") stays."""
    if not isinstance(key, str) or key.replace(".", "").isdigit():
        return key
    return f"{next(words)}{k}"


@pytest.fixture(scope="session")
def hostile(
    study: Study, context: Context, places: tuple[PlacePaths, ...]
) -> tuple[Study, Context, tuple[PlacePaths, ...]]:
    """The same study, case and paths with a hostile text wherever a text stands."""
    words = cycle(HARM)
    bad = tuple(replace(one, place=next(words), names=tuple(next(words) for _ in one.names)) for one in places)
    return harmed(study, words), harmed(context, words), bad


def rounded(value: Any) -> Any:
    """A value with every number to two decimals and every digest the same, so that machines agree on it."""
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: rounded(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(rounded(one) for one in value)
    if isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"):
        return "d" * 64
    return round(value, 2) + 0.0 if isinstance(value, float) and not isinstance(value, date) else value

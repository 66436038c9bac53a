"""The public surface: from a case to answers and a brief. The command line uses this and nothing else of ours."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from fissures.api.data import add_data, held_data, panel, remove_data, show_data
from fissures.api.documents import brief, open_run, save, save_draws
from fissures.api.looking import cases, check, doctor, explain, format_case, load, schema
from fissures.api.records import Case, CheckReport, Fit, Run
from fissures.api.running import analogues, answer, claims, fit, permit_levers, simulate, study
from fissures.api.sensing import discover, sense
from fissures.errors import CaseError, DataError, FissuresError, FitError, UsageError

if TYPE_CHECKING:
    from fissures.study.analogue_records import Analogues
    from fissures.study.discover_records import Discovery
    from fissures.study.records import Answer, Answers, Claims, Study
    from fissures.study.sense_records import Sense

__all__ = [
    "Analogues",
    "Answer",
    "Answers",
    "Case",
    "CaseError",
    "CheckReport",
    "Claims",
    "DataError",
    "Discovery",
    "FissuresError",
    "Fit",
    "FitError",
    "Run",
    "Sense",
    "Study",
    "UsageError",
    "add_data",
    "analogues",
    "answer",
    "brief",
    "cases",
    "check",
    "claims",
    "discover",
    "doctor",
    "explain",
    "fit",
    "format_case",
    "held_data",
    "load",
    "open_run",
    "panel",
    "permit_levers",
    "remove_data",
    "save",
    "save_draws",
    "schema",
    "sense",
    "show_data",
    "simulate",
    "study",
]

_LATER = {"Discovery": "discover_records", "Sense": "sense_records"}


def __getattr__(name: str) -> object:
    """Fetch the records of a study only when somebody names them."""
    if name in {"Analogues", "Answer", "Answers", "Claims", "Study"}:
        return getattr(importlib.import_module("fissures.study.records"), name)
    if name in {"Discovery", "Sense"}:
        return getattr(importlib.import_module(f"fissures.study.{_LATER[name]}"), name)
    raise AttributeError(f"module 'fissures.api' has no attribute {name!r}")

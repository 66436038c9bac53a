"""The public surface: from a case to answers and a brief. The command line uses this and nothing else of ours."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from fissures.api.data import add_data, held_data, panel, remove_data, show_data
from fissures.api.documents import brief, open_run, save
from fissures.api.looking import cases, check, doctor, explain, format_case, load, schema
from fissures.api.records import Case, CheckReport, Fit, Run
from fissures.api.reference import classes, fit_class, open_class, score_class
from fissures.api.running import answer, claims, fit, permit_levers, simulate, study
from fissures.errors import CaseError, DataError, FissuresError, FitError, UsageError

if TYPE_CHECKING:
    from fissures.study.records import Answer, Answers, Claims, Study

__all__ = [
    "Answer",
    "Answers",
    "Case",
    "CaseError",
    "CheckReport",
    "Claims",
    "DataError",
    "FissuresError",
    "Fit",
    "FitError",
    "Run",
    "Study",
    "UsageError",
    "add_data",
    "answer",
    "brief",
    "cases",
    "check",
    "claims",
    "classes",
    "doctor",
    "explain",
    "fit",
    "fit_class",
    "format_case",
    "held_data",
    "load",
    "open_class",
    "open_run",
    "panel",
    "permit_levers",
    "remove_data",
    "save",
    "schema",
    "score_class",
    "show_data",
    "simulate",
    "study",
]


def __getattr__(name: str) -> object:
    """Fetch the records of a study only when somebody names them."""
    if name in {"Answer", "Answers", "Claims", "Study"}:
        return getattr(importlib.import_module("fissures.study.records"), name)
    raise AttributeError(f"module 'fissures.api' has no attribute {name!r}")

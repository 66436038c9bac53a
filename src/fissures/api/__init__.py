"""The public surface: from a case to answers and a brief. The command line uses this and nothing else of ours."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from fissures.api.briefing import briefed
from fissures.api.data import add_data, held_data, panel, remove_data, show_data
from fissures.api.documents import brief
from fissures.api.handover import brief_docx, brief_pdf, data_folder, one_page
from fissures.api.looking import cases, check, doctor, explain, format_case, load, schema
from fissures.api.records import Case, CheckReport, Fit, Run
from fissures.api.reference import classes, fit_class, open_class, score_class
from fissures.api.resolving import resolve
from fissures.api.running import (
    analogues,
    answer,
    claims,
    compare,
    fit,
    given,
    permit_levers,
    simulate,
    study,
    watch,
    why,
)
from fissures.api.saved import open_run, save, save_draws
from fissures.api.sensing import discover, sense
from fissures.errors import CaseError, DataError, FissuresError, FitError, UsageError

if TYPE_CHECKING:
    from fissures.study.analogue_records import Analogues
    from fissures.study.discover_records import Discovery
    from fissures.study.given import Given
    from fissures.study.records import Answer, Answers, Claims, Comparison, Study
    from fissures.study.resolve_records import Resolution
    from fissures.study.sense_records import Sense
    from fissures.study.watch import Watch
    from fissures.study.why_records import Why

__all__ = [
    "Analogues",
    "Answer",
    "Answers",
    "Case",
    "CaseError",
    "CheckReport",
    "Claims",
    "Comparison",
    "DataError",
    "Discovery",
    "FissuresError",
    "Fit",
    "FitError",
    "Given",
    "Resolution",
    "Run",
    "Sense",
    "Study",
    "UsageError",
    "Watch",
    "Why",
    "add_data",
    "analogues",
    "answer",
    "brief",
    "brief_docx",
    "brief_pdf",
    "briefed",
    "cases",
    "check",
    "claims",
    "classes",
    "compare",
    "data_folder",
    "discover",
    "doctor",
    "explain",
    "fit",
    "fit_class",
    "format_case",
    "given",
    "held_data",
    "load",
    "one_page",
    "open_class",
    "open_run",
    "panel",
    "permit_levers",
    "remove_data",
    "resolve",
    "save",
    "save_draws",
    "schema",
    "score_class",
    "sense",
    "show_data",
    "simulate",
    "study",
    "watch",
    "why",
]


_RECORDS = {
    "Analogues": "analogue_records",
    "Answer": "records",
    "Answers": "records",
    "Claims": "records",
    "Comparison": "records",
    "Discovery": "discover_records",
    "Given": "given",
    "Resolution": "resolve_records",
    "Sense": "sense_records",
    "Study": "records",
    "Watch": "watch",
    "Why": "why_records",
}


def __getattr__(name: str) -> object:
    """Fetch the records of a study only when somebody names them."""
    if name in _RECORDS:
        return getattr(importlib.import_module(f"fissures.study.{_RECORDS[name]}"), name)
    raise AttributeError(f"module 'fissures.api' has no attribute {name!r}")

"""Fissures: a written argument about a conflict as a model that runs and is tested on data.

Five lines from a case to a brief: `import fissures as fs`; `case = fs.load("south-caucasus-2020")`;
`fit = fs.fit(case, seed=1)`; `run = fs.simulate(case, fit, paths=10_000, seed=1)`;
`fs.brief(run, out="brief.html")`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fissures.api import (
        CaseError,
        DataError,
        FissuresError,
        FitError,
        UsageError,
        add_data,
        analogues,
        answer,
        brief,
        brief_docx,
        brief_pdf,
        briefed,
        cases,
        check,
        claims,
        classes,
        compare,
        data_folder,
        discover,
        doctor,
        explain,
        fit,
        fit_class,
        format_case,
        given,
        held_data,
        load,
        one_page,
        open_class,
        open_run,
        panel,
        remove_data,
        resolve,
        save,
        save_draws,
        schema,
        score_class,
        sense,
        show_data,
        simulate,
        study,
        watch,
        why,
    )

    __version__: str

__all__ = [
    "CaseError",
    "DataError",
    "FissuresError",
    "FitError",
    "UsageError",
    "__version__",
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


def __getattr__(name: str) -> object:
    """Fetch a public name on first use, so that importing the package costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'fissures' has no attribute {name!r}")
    found = _version() if name == "__version__" else _from_api(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, also those not fetched yet."""
    return sorted({*globals(), *__all__})


def _from_api(name: str) -> object:
    from importlib import import_module

    return getattr(import_module("fissures.api"), name)


def _version() -> str:
    from importlib.metadata import version

    return version("fissures")


class _House(ModuleType):
    """The package as a module on which a verb keeps its name.

    `fs.brief`, `fs.study` and `fs.cases` are verbs, and folders of the house as well. Importing such a folder
    would set the attribute of the same name on this module, and `fs.brief(run)` would then call a folder.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _House

"""The public names, stored: adding or taking one away is a decision, and this list is where it shows."""

from __future__ import annotations

import importlib

import pytest

import fissures

VERBS = (
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
)
ERRORS = ("CaseError", "DataError", "FissuresError", "FitError", "UsageError")


def test_the_public_names_are_these() -> None:
    assert sorted(fissures.__all__) == sorted([*VERBS, *ERRORS, "__version__"])
    assert set(fissures.__all__) <= set(dir(fissures))


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_a_function_with_a_docstring(name: str) -> None:
    verb = getattr(fissures, name)
    assert callable(verb)
    assert verb.__doc__, f"{name} says nothing of itself"


def test_the_surface_offers_every_public_verb_and_the_records_that_they_hand_out() -> None:
    from fissures import api

    records = {"Analogues", "Answer", "Answers", "Case", "CheckReport", "Claims", "Comparison", "Fit"}
    records |= {"Discovery", "Given", "Resolution", "Run", "Sense", "Study", "Watch", "Why"}
    assert set(api.__all__) == {*VERBS, *ERRORS, *records, "permit_levers"}
    assert all(isinstance(getattr(api, name), type) for name in records)
    with pytest.raises(AttributeError, match="no attribute 'Question'"):
        api.Question  # noqa: B018


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_belongs_to_the_one_tree(name: str) -> None:
    assert issubclass(getattr(fissures, name), fissures.FissuresError)


@pytest.mark.parametrize("name", ["brief", "study", "cases"])
def test_a_verb_keeps_its_name_when_the_folder_of_that_name_is_imported(name: str) -> None:
    importlib.import_module(f"fissures.{name}")
    assert callable(getattr(fissures, name))


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import version

    assert fissures.__version__ == version("fissures")


def test_an_unknown_name_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        fissures.predict  # noqa: B018

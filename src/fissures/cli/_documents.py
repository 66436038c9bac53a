"""The JSON documents that other programs rely on; keys may be added, never renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fissures.api import CheckReport, Given, Study

COUNTED = (
    "actors",
    "ladders",
    "fronts",
    "streams",
    "pressures",
    "commitments",
    "claims",
    "couplings",
    "levers",
    "questions",
    "facts",
)


def checked(report: CheckReport) -> dict[str, Any]:
    """The document of `check`."""
    return {
        "valid": report.valid,
        "findings": [finding.as_json() for finding in report.findings],
        "counts": {name: report.counts.get(name, 0) for name in COUNTED},
        "sentences": dict(report.sentences),
        "systems": {},
        "passages_verified": report.passages if report.valid else 0,
    }


def answered(study: Study, brief: str | None = None) -> dict[str, Any]:
    """The document of `run` and `demo`."""
    from fissures.api.handover import document

    return {**document(study), "brief": brief}


def given(told: Given | None) -> dict[str, Any] | None:
    """Answers given a condition; None where none was given."""
    if told is None:
        return None
    return {
        "condition": told.condition,
        "by": told.by.isoformat(),
        "kept": told.kept,
        "effective_draws": told.draws,
        "questions": {
            one.code: {"base": one.base, "given": one.given, "range80": list(one.range80), "mc_error": one.mc_error}
            for one in told
        },
    }

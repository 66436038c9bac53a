"""The JSON documents that other programs rely on; keys may be added, never renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fissures.api import Answer, CheckReport, Study

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
    answers = study.answers
    return {
        "case": answers.case,
        "as_of": answers.as_of.isoformat(),
        "digest": answers.digest,
        "case_digest": answers.case_digest,
        "seed": answers.seed,
        "paths": answers.paths,
        "moved": study.moved,
        "couplings": study.couplings,
        "what_ifs": [
            {"id": arm.id, "code": arm.code, "name": arm.name, "escalatory": arm.escalatory, "paths": arm.paths}
            for arm in study.arms
        ],
        "questions": [question(answer) for answer in answers.questions],
        "findings": [finding.as_json() for finding in answers.findings],
        "brief": brief,
    }


def question(answer: Answer) -> dict[str, Any]:
    """One question: its number, range and word, and the three numbers beside each other."""
    document: dict[str, Any] = {
        "id": answer.id,
        "code": answer.code,
        "title": answer.title,
        "by": answer.by.isoformat(),
        "kind": answer.kind,
        "probability": answer.probability,
        "mc_error": answer.mc_error,
        "range80": list(answer.range80),
        "quantiles": dict(answer.quantiles),
        "word": answer.word,
        "reference_class": _reference_class(answer),
        "claims_off": answer.claims_off,
        "with_claims": answer.with_claims,
        "analogues": None,
        "bounds": None if answer.bounds is None else list(answer.bounds),
        "bounds_say": answer.bounds_say,
        "resolves": answer.resolves,
        "void": answer.void,
    }
    if answer.kind == "number":
        document["exceed"] = dict(answer.exceed)
    return document


def _reference_class(answer: Answer) -> dict[str, Any] | None:
    known = answer.reference_class
    if known is None:
        return None
    return {
        "value": known.value,
        "method": known.method,
        "cutoff": known.cutoff.isoformat(),
        "counted": known.counted,
    }

"""A study as plain values that JSON can hold; other programs rely on the keys, which are added to and never renamed."""

from __future__ import annotations

from typing import Any

from fissures.study.records import Answer, Study
from fissures.study.resolve_records import document as resolution


def answered(study: Study) -> dict[str, Any]:
    """Answers, findings and the names of what-ifs of a study."""
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
        "rivals": [
            {
                "name": rival.name,
                "says": rival.says,
                "paths": rival.paths,
                "questions": {
                    code: {"base": d.base, "arm": d.arm, "difference": d.difference, "range80": rival.ranges.get(code)}
                    for code, d in rival.differences.items()
                },
            }
            for rival in study.rivals
        ],
        "flare_up": _flare_up(answers.analogues),
        "questions": [question(answer) for answer in answers.questions],
        "findings": [finding.as_json() for finding in answers.findings],
        **_last(study),
    }


def _last(study: Study) -> dict[str, Any]:
    """How the last issue's answers did, where the study was set beside one."""
    last = study.first.last if study.first else None
    return {} if last is None or last.resolved is None else {"last_issue": resolution(last.resolved)}


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
        "analogues": _analogues(answer),
        "bounds": None if answer.bounds is None else list(answer.bounds),
        "bounds_say": answer.bounds_say,
        "resolves": answer.resolves,
        "void": answer.void,
    }
    if answer.kind == "number":
        document["exceed"] = dict(answer.exceed)
    return document


def _flare_up(own: Any) -> dict[str, Any] | None:
    """The case's own flare-up, by which its analogues were found; where it has none, `why`."""
    if own is None:
        return None
    traits = {} if own.traits is None else {**vars(own.traits), "kinds": list(own.traits.kinds)}
    return {"start": own.start.isoformat(), "why": own.why, "known": own.known, **traits}


def _analogues(answer: Answer) -> dict[str, Any] | None:
    """In k of the n flare-ups most like the case's own it happened; each by name, and the count by other choices."""
    found = answer.analogues
    if found is None:
        return None
    return {
        "n": found.n,
        "k": found.k,
        "days": found.days,
        "asked": found.asked,
        "scope": found.scope,
        "remark": found.remark,
        "median": found.median,
        "exceed": dict(found.exceed),
        "named": [_analogue(one, happened) for one, happened in zip(found.named, found.happened, strict=True)],
        "sensitivity": [{"name": tried.name, "n": tried.n, "k": tried.k} for tried in found.sensitivity],
    }


def _analogue(one: Any, happened: bool) -> dict[str, Any]:
    flare_up = one.flare_up
    return {
        "name": one.name,
        "sides": list(flare_up.sides),
        "start": flare_up.start.isoformat(),
        "deaths": flare_up.traits.deaths,
        "quiet_days": flare_up.traits.quiet,
        "followed": {"30": flare_up.after(30), "90": flare_up.after(90), "160": flare_up.after(160)},
        "distance": round(one.distance, 4),
        "own": one.own,
        "happened": happened,
    }


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

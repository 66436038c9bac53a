"""Where every part came from, as PROV-JSON (W3C): what was made from what, by which step of which version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fissures.brief.context import Context
from fissures.export.inert import slug, unique
from fissures.study.records import Study

CHAIN = (  # a part, the step that made it, and what the step used
    ("panel", "count", ("case",)),
    ("plan", "plan", ("case", "panel")),
    ("fit", "fit", ("plan", "panel")),
    ("fit-off", "fit-off", ("plan", "panel")),
    ("run", "simulate", ("plan", "fit")),
    ("answers", "answer", ("run", "fit-off", "panel")),
    ("brief", "write", ("answers",)),
)
_TITLES = {
    "case": "The case file with all its evidence",
    "panel": "Counts by stream and day, with what is missing left missing",
    "plan": "The case laid out for the model",
    "fit": "The fit with claims",
    "fit-off": "The fit with all claims off",
    "run": "Simulated paths",
    "answers": "Answers to the case's questions",
    "brief": "The brief as an HTML page",
}
_NAMES = {"fit-off": "fit with claims off"}


def document(study: Study, context: Context, brief_digest: str, files: Mapping[str, str]) -> dict[str, Any]:
    """The provenance of a study and of the `files` made from it (name and SHA-256), as PROV-JSON without any time.

    The format: https://www.w3.org/submissions/prov-json/.
    """
    held = {**study.provenance, "answers": study.answers.digest, "brief": brief_digest}
    entities = {_id(part): _entity(part, held.get(_NAMES.get(part, part), "")) for part in _TITLES}
    entities |= {_id(f"file-{name}"): _file(path, digest) for (path, digest), name in _numbered(files)}
    keys = unique([slug(source.id) for source in context.sources])
    for key, source in zip(keys, context.sources, strict=True):
        entities[_id(f"source-{key}")] = _source(source.cite, source.url, source.licence)
    made: dict[str, Any] = {
        "prefix": {"fissures": "urn:fissures:", "dcterms": "http://purl.org/dc/terms/"},
        "entity": entities,
        "activity": {_id(f"do-{step}"): {"prov:label": step.replace("-", " with claims ")} for _, step, _ in CHAIN},
        "agent": {_id("software"): _software(study.provenance.get("fissures", ""))},
    }
    made["activity"][_id("do-write")] |= {"fissures:command": context.reproduce}
    made["activity"][_id("do-simulate")] |= {"fissures:seed": study.answers.seed, "fissures:paths": study.answers.paths}
    return made | _relations([name for _, name in _numbered(files)], keys)


def _id(name: str) -> str:
    return f"fissures:{name}"


def _numbered(files: Mapping[str, str]) -> list[tuple[tuple[str, str], str]]:
    return list(zip(files.items(), unique([slug(name, 80) for name in files]), strict=True))


def _entity(part: str, digest: str) -> dict[str, Any]:
    return {"prov:label": _TITLES[part], "fissures:sha256": digest}


def _file(path: str, digest: str) -> dict[str, Any]:
    return {"prov:label": path, "fissures:sha256": digest}


def _source(cite: str, url: str | None, licence: str | None) -> dict[str, Any]:
    told = {"prov:label": cite, "dcterms:license": licence, "dcterms:identifier": url}
    return {key: value for key, value in told.items() if value}


def _software(version: str) -> dict[str, Any]:
    kind = {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"}
    return {"prov:type": kind, "prov:label": "Fissures", "fissures:version": version}


def _relations(files: list[str], sources: list[str]) -> dict[str, Any]:
    """Who used what, what came of it, and who is answerable."""
    used, made, derived = [], [], []
    for part, step, inputs in CHAIN:
        made.append({"prov:entity": _id(part), "prov:activity": _id(f"do-{step}")})
        used += [{"prov:activity": _id(f"do-{step}"), "prov:entity": _id(one)} for one in inputs]
        derived += [{"prov:generatedEntity": _id(part), "prov:usedEntity": _id(one)} for one in inputs]
    derived += [{"prov:generatedEntity": _id("case"), "prov:usedEntity": _id(f"source-{key}")} for key in sources]
    made += [{"prov:entity": _id(f"file-{name}"), "prov:activity": _id("do-write")} for name in files]
    by = [{"prov:activity": _id(f"do-{step}"), "prov:agent": _id("software")} for _, step, _ in CHAIN]
    relations = {"used": used, "wasGeneratedBy": made, "wasDerivedFrom": derived, "wasAssociatedWith": by}
    return {kind: {f"_:{kind}{k}": one for k, one in enumerate(rows, 1)} for kind, rows in relations.items()}

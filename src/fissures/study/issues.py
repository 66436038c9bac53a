"""From one issue to the next: what differs in claims, data, questions, settings or the model, told from digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fissures.case.records import Case
from fissures.case.wording import day
from fissures.study.first_page import Change

ARGUMENT = {"claims", "breaks"}
DATED = {"as_of", "horizon"}
ASKED = {"questions", "triggers"}
RECORD = {"evidence", "sources"}


@dataclass(frozen=True)
class Issue:
    """An issue as far as another can be compared with it: its case, the digest of each of the case's other files, the
    digests of what was made from it, and how it was run."""

    case: Case
    files: Mapping[str, str]
    digests: Mapping[str, str]
    version: str
    seed: int
    paths: int
    levers: tuple[str, ...]


def changes(old: Issue, new: Issue) -> tuple[Change, ...]:
    """What differs between two issues, in the order in which a reader asks: date, claims, data, questions, the rest of
    the case, settings, model. The model is said to differ where case, files and settings are alike and the fit is not,
    or where the versions differ."""
    found = [
        *_dates(old.case, new.case),
        *_claims(old.case, new.case),
        *_data(old, new),
        *_entries("questions", "questions", old.case.questions, new.case.questions),
        *_rest(old.case, new.case),
        *_settings(old, new),
    ]
    return (*found, *_model(old, new, bool(found)))


def _dates(old: Case, new: Case) -> list[Change]:
    dates = {"the as-of date": (old.as_of, new.as_of), "the horizon": (old.horizon, new.horizon)}
    moved = {called: pair for called, pair in dates.items() if pair[0] != pair[1]}
    return [Change("date", f"{called} moved from {day(a)} to {day(b)}") for called, (a, b) in moved.items()]


def _claims(old: Case, new: Case) -> list[Change]:
    codes = {f"{name}": claim.code for case in (old, new) for name, claim in case.claims.items()}
    return [
        *_entries("claims", "claims", old.claims, new.claims, codes),
        *_entries("claims", "declared breaks", old.breaks, new.breaks),
    ]


def _entries(
    part: str, called: str, old: Mapping[str, Any], new: Mapping[str, Any], codes: Mapping[str, str] | None = None
) -> list[Change]:
    codes = codes or {name: getattr(one, "code", name) for name, one in {**old, **new}.items()}
    kinds = {
        "new": [name for name in new if name not in old],
        "dropped": [name for name in old if name not in new],
        "changed": [name for name in new if name in old and new[name] != old[name]],
    }
    return [
        Change(
            part, f"{len(names)} {called if len(names) > 1 else called.removesuffix('s')} {kind}", _named(names, codes)
        )
        for kind, names in kinds.items()
        if names
    ]


def _named(names: list[str], codes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(codes.get(name) or name for name in names)


def _data(old: Issue, new: Issue) -> list[Change]:
    names = sorted({*old.files, *new.files})
    differ = tuple(name for name in names if old.files.get(name) != new.files.get(name))
    many = f"{len(differ)} data file{'s' * (len(differ) > 1)} changed"
    out = [Change("data", many, differ)] if differ else []
    told = [name for name in sorted(RECORD) if getattr(old.case, name) != getattr(new.case, name)]
    return [*out, *([Change("data", f"what the case takes from its {' and '.join(told)} changed")] if told else [])]


def _rest(old: Case, new: Case) -> list[Change]:
    """Sections of the case beside those told above."""
    told = {*ARGUMENT, *DATED, *RECORD, "questions", "case", "purpose", "fissures"}
    names = [name for name in type(new).model_fields if name not in told]
    differ = tuple(name for name in names if getattr(old, name) != getattr(new, name))
    return [Change("case", "other parts of the case changed", differ)] if differ else []


def _settings(old: Issue, new: Issue) -> list[Change]:
    out = []
    if old.seed != new.seed:
        out.append(Change("settings", f"the seed changed from {old.seed} to {new.seed}"))
    if old.paths != new.paths:
        out.append(Change("settings", f"{new.paths:,} paths instead of {old.paths:,}"))
    if old.levers != new.levers:
        out.append(Change("settings", "other levers are pulled", new.levers))
    return out


def _model(old: Issue, new: Issue, otherwise: bool) -> list[Change]:
    if old.version != new.version:
        return [Change("model", f"version {new.version} instead of {old.version}")]
    alike = all(old.digests.get(name) == new.digests.get(name) for name in ("plan", "fit", "run"))
    if alike or otherwise:
        return []
    return [Change("model", "the model's code or the reference class changed: the same case and data give another fit")]

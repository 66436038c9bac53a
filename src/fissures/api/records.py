"""The values that the public surface hands out: a case, what a check found, a fit, a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fissures.errors import Finding

if TYPE_CHECKING:
    from fissures.case.records import Case as CaseRecord
    from fissures.events.panel import Panel
    from fissures.model.fit import Fit as ModelFit
    from fissures.model.plan import Plan
    from fissures.model.simulate import Run as ModelRun
    from fissures.study.systems import SystemState


@dataclass(frozen=True)
class Case:
    """A case read and checked: record, file, digest of both with all evidence, and what the check noted."""

    record: CaseRecord
    file: Path
    digest: str
    notes: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that holds the case and its evidence."""
        return self.file.parent

    @property
    def title(self) -> str:
        """The case's own title."""
        return self.record.case


@dataclass(frozen=True)
class CheckReport:
    """What a check found; `sentences` reads each claim back in words, `systems` says what each system moves."""

    valid: bool
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    sentences: dict[str, str]
    passages: int = 0
    systems: dict[str, SystemState] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """A case fitted twice to the same panel: with its claims, and with all claims off."""

    case: Case
    panel: Panel
    plan: Plan
    on: ModelFit
    off: ModelFit

    @property
    def digest(self) -> str:
        """Digest of the fit with claims."""
        return self.on.digest


@dataclass(frozen=True)
class Run:
    """A fit simulated twice on the same random numbers: with claims, and with all claims off."""

    fit: Fit
    on: ModelRun
    off: ModelRun
    levers: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of the run with claims."""
        return self.on.digest

    @property
    def case(self) -> Case:
        """The case that was run."""
        return self.fit.case

"""What a brief says about the case itself, beside the results of a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fissures.errors import Finding


@dataclass(frozen=True)
class FrontNote:
    """A front for readers: its name, its two sides, who is recognised where and who holds what."""

    id: str
    name: str
    sides: tuple[str, ...]
    recognised: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceNote:
    """A source for readers; `id` is the name under which claims cite it."""

    id: str
    cite: str
    url: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class FactNote:
    """A disputed fact: `values` maps a source to what that source says."""

    title: str
    unit: str
    values: dict[str, str]
    says: str = ""


@dataclass(frozen=True)
class Context:
    """The case as a brief needs it.

    `lead` is the code of the question that the bottom line opens with (the first event question if empty);
    `figure_notes` maps fan, ladder, claims or arms to a note under that figure; `reproduce` is a command line.
    """

    title: str
    as_of: date
    horizon: date
    purpose: str
    information_cutoff: date
    fronts: tuple[FrontNote, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    facts: tuple[FactNote, ...] = ()
    actors: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    figure_notes: dict[str, str] = field(default_factory=dict)
    lead: str = ""
    reproduce: str = ""

    def front_name(self, front: str) -> str:
        """The name of a front, or its identifier in words if the case does not name it."""
        names = {note.id: note.name for note in self.fronts}
        return names.get(front, front.replace("_", " "))

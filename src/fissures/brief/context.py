"""What a brief says about the case itself, beside the results of a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fissures.brief.phrases import listed
from fissures.case.records import Case
from fissures.errors import Finding
from fissures.study.coverage import Coverage
from fissures.study.place_records import Timeline, Where
from fissures.study.records import Range
from fissures.study.two_counts import TwoCounts


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
    `retrospective` says that some of its records were published after the as-of date.
    `base_rates` holds what base rates allow for the thresholds of a number question, by its code and threshold.
    `ladders` holds (what stands on it, its rungs from low to high as (name, what it is for people)); `pressures` holds
    (name, reference surge in words, level at the as-of date, usual level in the record), levels in reference surges.
    `where` is what the map shows, `timeline` what the record says by date. `record` is the source of the weekly record
    ("" where it was counted from event data), `counts` its dead beside those of another source, `coverage` what each
    source covers by month.
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
    ladders: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    pressures: tuple[tuple[str, str, float, float], ...] = ()
    retrospective: bool = False
    base_rates: dict[str, dict[str, Range]] = field(default_factory=dict)
    where: Where | None = None
    timeline: Timeline | None = None
    record: str = ""
    counts: TwoCounts | None = None
    coverage: Coverage | None = None

    def front_name(self, front: str) -> str:
        """The name of a front, or its identifier in words if the case does not name it."""
        names = {note.id: note.name for note in self.fronts}
        return names.get(front, front.replace("_", " "))


LIMITS = (
    "Few climbs and many claims: most claims stand as the case codes them. Their effect on an answer is an assumption.",
    "Every pressure fades evenly; its half-life is drawn from five multiples of the stated one, and no other shape is "
    "tried.",
    "Rungs that the record never reached stand on what the case states, and on the pooled class of fronts elsewhere.",
    "Who moves first and by what means was counted by nobody; those shares stand as the case codes them.",
)


def from_case(
    case: Case,
    findings: tuple[Finding, ...],
    lead: str,
    reproduce: str,
    pressures: tuple[tuple[str, str, float, float], ...] = (),
    where: Where | None = None,
    timeline: Timeline | None = None,
    counts: TwoCounts | None = None,
    coverage: Coverage | None = None,
) -> Context:
    """What the brief needs of a case: actors by name, fronts with both sides, sources, disputed facts, limits.

    What the case says of evidence that does not tell its fronts apart stands first among the limits.
    """
    names = {key: actor.name for key, actor in case.actors.items()}

    def named(values: dict[str, str]) -> dict[str, str]:
        return {side: names.get(actor, actor) for side, actor in values.items()}

    return Context(
        title=case.case,
        as_of=case.as_of,
        horizon=case.horizon,
        purpose=case.purpose,
        information_cutoff=case.as_of,
        retrospective=any(one.retrospective for one in case.evidence.values()),
        fronts=tuple(
            FrontNote(key, f.name, tuple(names.get(a, a) for a in f.between), named(f.recognised), named(f.held))
            for key, f in case.fronts.items()
        ),
        sources=tuple(SourceNote(key, s.cite, s.url, s.licence) for key, s in case.sources.items()),
        facts=tuple(FactNote(f.title, f.unit, dict(f.values), f.says) for f in case.facts.values()),
        actors=tuple(names.values()),
        limits=tuple(dict.fromkeys([*(e.says for e in case.evidence.values() if e.split and e.says), *LIMITS])),
        findings=findings,
        lead=lead,
        reproduce=reproduce,
        ladders=_ladders(case),
        pressures=pressures,
        base_rates={
            q.code: {level: (rate.low, rate.high) for level, rate in q.exceed_base_rates.items()}
            for q in case.questions.values()
            if q.exceed_base_rates
        },
        where=where,
        timeline=timeline,
        record=next((e.source for e in case.evidence.values() if e.kind == "weekly_record" and not e.counted_from), ""),
        counts=counts,
        coverage=coverage,
    )


def _ladders(case: Case) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Each ladder under the names of what stands on it."""
    stand = [(front.ladder, front.name) for front in case.fronts.values()]
    stand += [(track.ladder, track.name) for track in case.tracks.values()]
    return tuple(
        (
            listed([name for at, name in stand if at == key]) or key,
            tuple((name, rung.described_as) for name, rung in ladder.rungs.items()),
        )
        for key, ladder in case.ladders.items()
    )
